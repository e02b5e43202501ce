import { ptySocket } from '../pty/index.ts';
import type { IdCard } from './id-card.ts';
import { type UnitOptions, unit } from './unit.ts';

/** A certified ID reader on a serial cable, and what can go wrong between it and the kiosk. */

export const ID_READER_FAULTS = ['peer-death', 'stall', 'noise', 'half-frames', 'wrong-checksum'] as const;
export type IdReaderFaultName = (typeof ID_READER_FAULTS)[number];

export interface SimulatedIdReader {
  readonly path: string;
  /** Lays a card on, in the place of any other. */
  lay(card: IdCard): void;
  lift(): void;
  /** How often the text of a card was asked for. */
  textsRead(): number;
  setFault(name: IdReaderFaultName, on: boolean): Promise<void>;
  faults(): readonly { readonly name: IdReaderFaultName; readonly on: boolean }[];
  close(): Promise<void>;
}

const HALF_AFTER_MS = 40;
/** The beginning of a frame that never comes, as a plug that slides in gives it. */
const NOISE = Uint8Array.of(0xff, 0x00, 0xaa, 0xaa, 0xaa, 0x96, 0x69, 0x00, 0x04, 0x13);
const LONGEST_WITHOUT_TEXT = 40;

export async function startIdReader(path: string, options: Partial<UnitOptions> = {}): Promise<SimulatedIdReader> {
  const on: Set<IdReaderFaultName> = new Set();
  const sam = unit({ givesSerial: true, findsAgain: true, ...options });
  const halves: Set<NodeJS.Timeout> = new Set();
  let texts = 0;

  function answer(frame: Uint8Array): void {
    const sent = Uint8Array.from(frame);
    if (frame.length > LONGEST_WITHOUT_TEXT) texts += 1;
    if (on.has('wrong-checksum')) sent[sent.length - 1] = (sent.at(-1) ?? 0) ^ 0x01;
    if (on.has('noise')) socket.send(NOISE);
    if (!on.has('half-frames')) return socket.send(sent);
    const middle = Math.floor(sent.length / 2);
    socket.send(sent.subarray(0, middle));
    const rest = setTimeout(() => {
      halves.delete(rest);
      socket.send(sent.subarray(middle));
    }, HALF_AFTER_MS);
    halves.add(rest);
  }
  const socket = ptySocket(path, (bytes) => {
    for (const frame of sam.take(bytes)) answer(frame);
  });
  await socket.plug();

  return {
    path,
    lay: (card) => sam.lay(card),
    lift: () => sam.lay(null),
    textsRead: () => texts,
    async setFault(name, isOn) {
      if (isOn) on.add(name);
      else on.delete(name);
      if (name === 'stall') socket.pty()?.stall(isOn);
      if (name === 'peer-death') await (isOn ? socket.unplug() : socket.plug());
    },
    faults: () => ID_READER_FAULTS.map((name) => ({ name, on: on.has(name) })),
    async close() {
      for (const rest of halves) clearTimeout(rest);
      await socket.unplug();
    },
  };
}
