import { openPort } from '../serial/open-port.ts';
import { pieces, type Transport } from './transport.ts';

/** A printer on a serial line. A dead peer may show only at the next write. */
export function serialTransport(at: { readonly path: string; readonly baudRate: number }): Transport {
  return {
    open(events) {
      const port = openPort(at, events);
      const write = pieces(
        (piece, taken) => port.write(piece, (ok) => ok && taken()),
        (pendingBytes) => events.progress(pendingBytes),
      );
      return { write, close: () => void port.close() };
    },
  };
}
