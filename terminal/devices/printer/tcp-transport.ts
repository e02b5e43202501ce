import { connect } from 'node:net';
import { pieces, reasonOf, type Transport } from './transport.ts';

/** How often the system looks after a peer that says nothing, ms. */
const KEEP_ALIVE_MS = 10_000;

/** A printer on TCP port 9100, or behind a serial-to-network box. */
export function tcpTransport({ host, port }: { readonly host: string; readonly port: number }): Transport {
  return {
    open(events) {
      let over = false;
      let reason = 'closed';
      const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
      socket.once('connect', () => over || events.opened());
      socket.on('data', (bytes) => over || events.bytes(bytes));
      socket.on('error', (error: NodeJS.ErrnoException) => {
        reason = reasonOf(error);
      });
      socket.once('close', () => over || events.closed(reason));
      const write = pieces(
        // A write that fails closes the socket, which is told there.
        (piece, taken) => socket.write(piece, (error) => error || over || taken()),
        (pendingBytes) => events.progress(pendingBytes),
      );
      return {
        write,
        close() {
          over = true;
          socket.destroy();
        },
      };
    },
  };
}
