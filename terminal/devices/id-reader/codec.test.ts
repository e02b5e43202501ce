import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeHashing } from '../../../protocol/node/crypto.ts';
import { FIND, READ, readFind, readSelect, readText, SELECT } from './commands.ts';
import { type Answer, NO_FRAME, takeBytes } from './frames.ts';
import { NOBODY, type Round, takeRound } from './stay.ts';

const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
/** As published for these units. */
const FOUND = hex('AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97');
const SELECTED = hex('AA AA AA 96 69 00 0C 00 00 90 00 00 00 00 00 00 00 00 9C');
const NONE = hex('AA AA AA 96 69 00 04 00 00 80 84');

function read(...chunks: Uint8Array[]): Answer[] {
  let state = NO_FRAME;
  return chunks.flatMap((chunk) => {
    const taken = takeBytes(state, chunk);
    state = taken.state;
    return taken.answers;
  });
}
const statuses = (...chunks: Uint8Array[]) => read(...chunks).map(({ status }) => status);
const cut = (bytes: Uint8Array, at: number) => [bytes.subarray(0, at), bytes.subarray(at)];

describe('frames', () => {
  it('are commands as published', () => {
    expect([FIND, SELECT, READ].map((each) => Buffer.from(each).toString('hex').toUpperCase())).toEqual([
      'AAAAAA96690003200122',
      'AAAAAA96690003200221',
      'AAAAAA96690003300132',
    ]);
  });

  it('are read whole, one after another', () => {
    expect(statuses(FOUND, SELECTED, NONE)).toEqual([0x9f, 0x90, 0x80]);
    expect(statuses(Uint8Array.of(...FOUND, ...SELECTED, ...NONE))).toEqual([0x9f, 0x90, 0x80]);
  });

  it('half frames: cut anywhere they read the same', () => {
    const all = Uint8Array.of(...FOUND, ...SELECTED);
    for (let at = 0; at <= all.length; at++) expect(statuses(...cut(all, at))).toEqual([0x9f, 0x90]);
  });

  it('half frames: one whose rest never comes is given up as soon as more has come than it claims', () => {
    const more = Array<Uint8Array>(20).fill(NONE);
    for (let at = 1; at < FOUND.length; at++) expect(statuses(FOUND.subarray(0, at), ...more).at(-1)).toBe(0x80);
  });

  it('noise before, between and within the preamble is skipped', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        // Noise that could begin a frame may eat what follows; what comes after that is read.
        const noise = bytes.filter((byte) => byte !== 0xaa);
        expect(statuses(noise, FOUND, noise, Uint8Array.of(0xaa, 0xaa), SELECTED)).toEqual([0x9f, 0x90]);
      }),
    );
  });

  it('a wrong checksum drops the frame and nothing else', () => {
    for (let at = 5; at < FOUND.length; at++) {
      const spoilt = Uint8Array.from(FOUND);
      spoilt[at] = (spoilt[at] ?? 0) ^ 0x04;
      expect(statuses(spoilt, NONE, NONE, NONE)).not.toContain(0x9f);
    }
    const spoilt = Uint8Array.from(FOUND);
    spoilt[14] = 0x96;
    expect(statuses(spoilt, SELECTED)).toEqual([0x90]);
  });

  it('holds a bounded frame, whatever comes', () => {
    let state = takeBytes(NO_FRAME, hex('AA AA AA 96 69 09 60')).state;
    for (let n = 0; n < 100; n++) state = takeBytes(state, new Uint8Array(100).fill(0xaa)).state;
    expect(state.length).toBeLessThan(2_500);
    expect(takeBytes(NO_FRAME, hex('AA AA AA 96 69 FF FF 00')).state.length).toBeLessThan(8);
  });
});

describe('what an answer says', () => {
  const answer = (status: number, data = ''): Answer => ({ status, data: hex(data) });
  it('find: a card lies there, or none; an answer to something else is none of it', () => {
    expect([answer(0x9f, '00000000'), answer(0x80), answer(0x90, '00')].map(readFind)).toEqual(['lies', 'none', null]);
  });
  it('select: the serial, or that the unit gives none', () => {
    expect(readSelect(answer(0x90, '10e4100102030405'))).toEqual({ serial: '10e4100102030405' });
    expect(readSelect(answer(0x90, '0000000000000000'))).toEqual({ serial: null });
    expect(readSelect(answer(0x90, 'ffffffffffffffff'))).toEqual({ serial: null });
    expect([readSelect(answer(0x81)), readSelect(answer(0x9f, '00000000'))]).toEqual(['failed', null]);
  });

  const text = (number: string): Answer => {
    const data = Buffer.alloc(4 + 256 + 1_024, 0x20);
    data.set([1, 0, 4, 0]);
    data.write('张桂芳', 4, 'utf16le');
    data.write(number, 4 + 122, 'utf16le');
    return { status: 0x90, data };
  };
  it('read: a digest of the number, the same each time, another for another, and nothing is left of the text', () => {
    const said = text('999999195001010013');
    const first = readText(said, nodeHashing);
    expect(first).toEqual({ uid: expect.stringMatching(/^[0-9a-f]{20}$/) });
    expect(said.data.every((byte) => byte === 0)).toBe(true);
    expect(readText(text('999999195001010013'), nodeHashing)).toEqual(first);
    expect(readText(text('99999919500101001X'), nodeHashing)).not.toEqual(first);
  });
  it.each(['', '99999919500101001', '99999919500101001A', '9999991950X1010013'])('read: %s is no number', (number) => {
    const said = text(number);
    expect(readText(said, nodeHashing)).toBe('failed');
    expect(said.data.every((byte) => byte === 0)).toBe(true);
  });
});

describe('a stay', () => {
  const card = (uid: string): Round => ({ type: 'card', card: { kind: 'id-card', uid }, atMs: 0 });
  const none: Round = { type: 'none' };
  const failed: Round = { type: 'failed' };
  const story = (...rounds: Round[]) => {
    let stay = NOBODY;
    let ids = 0;
    return rounds.flatMap((round) => {
      const taken = takeRound(stay, round, () => `p${++ids}`);
      stay = taken.stay;
      return taken.told.map((event) => `${event.type} ${event.presenceId}`);
    });
  };
  const A = card('a1');
  const B = card('b2');

  it.each<[string, Round[], string[]]>([
    ['begins once and ends once', [none, A, A, A, none, none, none], ['card p1', 'removed p1']],
    ['a flicker is no goodbye', [A, none, A, none, none], ['card p1', 'removed p1']],
    ['a card laid again is another stay', [A, none, none, A], ['card p1', 'removed p1', 'card p2']],
    ['swapped between two rounds', [A, B], ['card p1', 'removed p1', 'card p2']],
    ['without a serial it is the same', [A, { type: 'same' }, { type: 'same' }], ['card p1']],
    ['fails while it is laid down', [failed, failed, A], ['card p1']],
    ['torn: lifted before it was read', [failed, none], ['card-refused p1', 'removed p1']],
    [
      'cannot be read: refused once, until it is lifted',
      [failed, failed, failed, failed, failed, none, none],
      ['card-refused p1', 'removed p1'],
    ],
    ['a failure later is no matter', [A, failed, failed, failed, failed, A], ['card p1']],
  ])('%s', (_, rounds, told) => {
    expect(story(...rounds)).toEqual(told);
  });
});
