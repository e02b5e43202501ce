import { describe, expect, it } from 'vitest';
import { type IdCard, type SimulatedIdReader, startIdReader } from '../../../firmware-sim/id-reader/index.ts';
import { nodeHashing } from '../../../protocol/node/crypto.ts';
import { closing, noPty, pause, saysWhatIsMissing, socketPath, until } from '../../../test/support/pty-tests.ts';
import type { IdReaderEvent, IdReaderPort } from './port.ts';
import { serialIdReader } from './serial-id-reader.ts';

/** The real driver on serialport against a unit that speaks the wire; each fault under its own name. */

saysWhatIsMissing('ID reader');

const CARD: IdCard = { serial: '10e4100102030405', name: '张桂芳', number: '999999195001010013' };
const OTHER: IdCard = { serial: '10e4100102030406', name: '李国强', number: '99999919500101001X' };

async function bench(options: Parameters<typeof startIdReader>[1] = {}) {
  const unit: SimulatedIdReader = await startIdReader(socketPath(), options);
  closing.push(() => unit.close());
  const port: IdReaderPort = serialIdReader({
    ...{ path: unit.path, baudRate: 115_200, hashing: nodeHashing, nowMs: () => performance.now() },
    ...{ answerMs: 400, random: () => 0 },
  });
  const told: IdReaderEvent[] = [];
  port.onEvent((event) => event.type !== 'status' && told.push(event));
  closing.push(() => port.stop());
  port.start();
  await until(port.status, ({ state }) => state === 'ready');
  const types = () => told.map(({ type }) => type);
  const uids = () => told.flatMap((event) => (event.type === 'card' ? [event.card] : []));
  return { unit, port, told, types, uids, toldSo: (n: number) => until(types, ({ length }) => length >= n) };
}

describe.skipIf(noPty !== null)('a certified ID reader', () => {
  it('gives the serial of the card that is laid on, once, and says when it is lifted', async () => {
    const { unit, types, uids, toldSo } = await bench();
    unit.lay(CARD);
    await toldSo(1);
    await pause(800);
    unit.lift();
    await toldSo(2);
    expect(types()).toEqual(['card', 'removed']);
    expect(uids()).toEqual([{ kind: 'id-card', uid: CARD.serial }]);
    expect(unit.textsRead()).toBe(0);
  });

  it('a unit that finds no card twice ends the stay, and begins no other until it is lifted', async () => {
    const { unit, types, toldSo } = await bench({ findsAgain: false });
    unit.lay(CARD);
    await toldSo(2);
    await pause(700);
    expect(types()).toEqual(['card', 'removed']);
    unit.lift();
    unit.lay(CARD);
    await toldSo(3);
  });

  it('swapped between two rounds: each card has a stay of its own', async () => {
    const { unit, types, uids, toldSo } = await bench();
    unit.lay(CARD);
    await toldSo(1);
    unit.lay(OTHER);
    await toldSo(3);
    expect(types()).toEqual(['card', 'removed', 'card']);
    expect(uids().map(({ uid }) => uid)).toEqual([CARD.serial, OTHER.serial]);
  });

  it('nothing of name or number leaves the driver of a unit without serials', async () => {
    const { unit, port, told, toldSo } = await bench({ givesSerial: false });
    unit.lay(CARD);
    await toldSo(1);
    unit.lay(OTHER);
    await pause(400);
    unit.lift();
    await toldSo(2);
    expect(unit.textsRead()).toBeGreaterThan(0);
    const all = JSON.stringify([told, port.status()]);
    for (const { name, number } of [CARD, OTHER]) {
      for (const said of [
        name,
        number,
        Buffer.from(number).toString('hex'),
        Buffer.from(number, 'utf16le').toString('hex'),
      ])
        expect(all).not.toContain(said);
    }
    expect(told[0]).toMatchObject({
      type: 'card',
      card: { kind: 'id-card', uid: expect.stringMatching(/^[0-9a-f]{20}$/) },
    });
  });

  it.each(['noise', 'half-frames'] as const)('%s: the card is read all the same', async (fault) => {
    const { unit, types, uids, toldSo } = await bench({ givesSerial: false });
    await unit.setFault(fault, true);
    unit.lay(CARD);
    await toldSo(1);
    expect([types(), uids()]).toEqual([['card'], [{ kind: 'id-card', uid: expect.stringMatching(/^[0-9a-f]{20}$/) }]]);
  });

  it('wrong checksum: no card is read from it, and the unit counts as silent until it mends', async () => {
    const { unit, port, types, toldSo } = await bench();
    await unit.setFault('wrong-checksum', true);
    unit.lay(CARD);
    await until(port.status, ({ reason }) => reason === 'no-answer');
    expect(types()).toEqual([]);
    await unit.setFault('wrong-checksum', false);
    await toldSo(1);
    expect([types(), port.status().state]).toEqual([['card'], 'ready']);
  });

  it('stall: says no answer, ends the stay, and reads again when it goes on', async () => {
    const { unit, port, types, toldSo } = await bench();
    unit.lay(CARD);
    await toldSo(1);
    await unit.setFault('stall', true);
    await until(port.status, ({ reason }) => reason === 'no-answer');
    expect(types()).toEqual(['card', 'removed']);
    await unit.setFault('stall', false);
    await toldSo(3);
    expect([types(), port.status()]).toEqual([['card', 'removed', 'card'], { state: 'ready', reason: null }]);
  });

  it('peer death: the stay ends, and the card is seen again when the unit is back', async () => {
    const { unit, port, types, toldSo } = await bench();
    unit.lay(CARD);
    await toldSo(1);
    await unit.setFault('peer-death', true);
    await until(port.status, ({ state }) => state !== 'ready');
    expect(types()).toEqual(['card', 'removed']);
    await unit.setFault('peer-death', false);
    await toldSo(3);
    expect(types()).toEqual(['card', 'removed', 'card']);
  });

  it('stops in the middle of a question, ends the stay, and tells nothing afterwards', async () => {
    const { unit, port, types, toldSo } = await bench();
    unit.lay(CARD);
    await toldSo(1);
    await unit.setFault('stall', true);
    await port.stop();
    const then = types();
    await unit.setFault('stall', false);
    await pause(900);
    expect([then, types()]).toEqual([
      ['card', 'removed'],
      ['card', 'removed'],
    ]);
  });
});
