import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { CardFault, SimulatedCard } from './applet.ts';
import { type LaidCard, layCard } from './lay-card.ts';
import { storageCardAtr, uidCard } from './uid-card.ts';

const open: { server: Server; sockets: Socket[] }[] = [];

/** A reader as vpcd is: it speaks first. `heard` is every byte of the card. */
async function fakeReader(
  speak: (socket: Socket) => void,
): Promise<{ port: number; heard: number[]; sockets: Socket[] }> {
  const heard: number[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('data', (chunk) => heard.push(...chunk));
    socket.on('error', () => socket.destroy());
    speak(socket);
  });
  open.push({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, heard, sockets };
}

afterEach(() => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});

const card = (fault?: CardFault): SimulatedCard => ({ kind: 'uid', uid: '04a1b2c3', ...(fault && { fault }) });
const lay = (port: number, laid = card()): Promise<LaidCard> => layCard(laid, { host: '127.0.0.1', port });

test('the ATR of a storage card is the one PC/SC part 3 prints for MIFARE Standard 1K', () => {
  expect(Buffer.from(storageCardAtr(0x03, 0x0001)).toString('hex')).toBe('3b8f8001804f0ca000000306030001000000006a');
});

test.each([
  ['04a1b2c3', 'ffca000000', '04a1b2c39000'],
  ['04112233445566', 'ffca000000', '041122334455669000'],
  ['04112233445566778899', 'ffca000000', '041122334455667788999000'],
  ['04a1b2c3', 'ffca010000', '6a81'],
  ['04a1b2c3', '00a4040000', '6d00'],
])('a card %s answers %s with %s', (uid, apdu, answer) => {
  expect(Buffer.from(uidCard(uid).process(Buffer.from(apdu, 'hex'))).toString('hex')).toBe(answer);
});

test('a UID of another length or in capitals is refused with a sentence', () => {
  expect(() => uidCard('04A1B2C3')).toThrow(/lower-case hex/);
  expect(() => uidCard('04a1b2')).toThrow(/lower-case hex/);
});

test('power and reset are not answered, ATR and APDU are, in frames however cut', async () => {
  const reader = await fakeReader(async (socket) => {
    for (const byte of [0, 1, 1, 0, 1, 2, 0, 1, 4, 0, 5, 0xff, 0xca, 0, 0, 0]) {
      socket.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
  const laid = await lay(reader.port);
  await expect.poll(() => reader.heard.length).toBe(22 + 8);
  expect(reader.heard.slice(0, 4)).toEqual([0, 20, 0x3b, 0x8f]);
  expect(reader.heard.slice(22)).toEqual([0, 6, 4, 0xa1, 0xb2, 0xc3, 0x90, 0]);
  expect(laid.closed).toBe(false);
  await laid.remove();
  await laid.remove();
  expect(laid.closed).toBe(true);
});

const getUid = [0, 5, 0xff, 0xca, 0, 0, 0];

test('faults: mute says nothing, empty-answer an empty frame, torn closes the wire', async () => {
  const speak = (socket: Socket): void => void socket.write(Uint8Array.from(getUid));
  const mute = await fakeReader(speak);
  await (await lay(mute.port, card('mute'))).remove();
  expect(mute.heard).toEqual([]);
  const empty = await fakeReader(speak);
  await (await lay(empty.port, card('empty-answer'))).remove();
  await expect.poll(() => empty.heard).toEqual([0, 0]);
  const torn = await fakeReader(speak);
  const laid = await lay(torn.port, card('torn'));
  await expect.poll(() => laid.closed).toBe(true);
});

test('nobody listens, a reader that turns away, a reader that never takes the card: sentences', async () => {
  const gone = await fakeReader((socket) => void socket.destroy());
  await expect(lay(gone.port)).rejects.toThrow(/turned it away|ECONNRESET/);
  const silent = await fakeReader(() => {});
  await expect(lay(silent.port)).rejects.toThrow(/no reader took it within 3000 ms/);
  await expect(lay(1)).rejects.toThrow(/ECONNREFUSED/);
});
