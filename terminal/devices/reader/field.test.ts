import { expect, test } from 'vitest';
import type { Identified } from './apdu.ts';
import { type CardEvent, field } from './field.ts';

/** What cards do to one another, told without a wire. */

const is = (uid: string): Identified => ({ ok: true, card: { kind: 'uid', uid } });
const torn: Identified = { ok: false, reason: 'torn' };
const [left, right, third] = [{}, {}, {}];

function stand(heldId?: string) {
  const told: CardEvent[] = [];
  let made = 0;
  const newId = () => {
    made += 1;
    return `stay-${made}`;
  };
  const stays = field(newId, (event) => told.push(event), heldId);
  const words = () => told.map((event) => (event.type === 'card-refused' ? event.reason : event.type));
  return { ...stays, told, words };
}

test('a card that left before it was read is told all the same, and leaves at once', () => {
  const { arrive, leave, words } = stand();
  const found = arrive(left, 1);
  leave(left);
  found(torn);
  expect(words()).toEqual(['torn', 'removed']);
});

test('a slow answer of the first card is not told when the second lies there', () => {
  const { arrive, leave, told } = stand();
  const first = arrive(left, 1);
  leave(left);
  const second = arrive(left, 2);
  first(is('04000001'));
  second(is('04000002'));
  expect(told).toEqual([{ type: 'card', presenceId: 'stay-1', card: { kind: 'uid', uid: '04000002' }, atMs: 2 }]);
});

test('a card at a spot whose last one nobody saw leave: that one has left', () => {
  const { arrive, words } = stand();
  arrive(left, 1)(is('04000001'));
  arrive(left, 2)(is('04000002'));
  expect(words()).toEqual(['card', 'removed', 'card']);
});

test.each([
  ['two', is('04000002'), 'two-cards'],
  ['doubled', is('04000001'), 'doubled-uid'],
  ['one of them torn', torn, 'two-cards'],
])('cards that are %s are judged once both are read, in either order', (_, other, expected) => {
  for (const order of [0, 1]) {
    const { arrive, words } = stand();
    const founds = [arrive(left, 1), arrive(right, 2)];
    const answers = [is('04000001'), other];
    founds[order]?.(answers[order] ?? torn);
    expect(words()).toEqual([]);
    founds[1 - order]?.(answers[1 - order] ?? torn);
    expect(words()).toEqual([expected]);
  }
});

test('a third card changes nothing, and all must leave', () => {
  const { arrive, leave, words } = stand();
  arrive(left, 1)(is('04000001'));
  arrive(right, 2)(is('04000002'));
  arrive(third, 3)(is('04000001'));
  leave(left);
  leave(third);
  expect(words()).toEqual(['card', 'removed', 'two-cards']);
  leave(right);
  expect(words()).toEqual(['card', 'removed', 'two-cards', 'removed']);
  arrive(right, 4)(is('04000002'));
  expect(words().at(-1)).toBe('card');
});

test('two that left before either was read were two', () => {
  const { arrive, leave, words } = stand();
  const [one, other] = [arrive(left, 1), arrive(right, 2)];
  leave(left);
  leave(right);
  expect(words()).toEqual(['two-cards', 'removed']);
  one(is('04000001'));
  other(is('04000001'));
  expect(words()).toEqual(['two-cards', 'removed']);
});

test('a held stay goes on until the reader is empty', () => {
  const { arrive, leave, told, words } = stand('held');
  arrive(left, 1)(is('04000001'));
  arrive(left, 2);
  expect(words()).toEqual([]);
  leave(left);
  expect(told).toEqual([{ type: 'removed', presenceId: 'held' }]);
  arrive(left, 3)(is('04000001'));
  expect(words()).toEqual(['removed', 'card']);
});

test('clear ends the stay, and what is still read is not told', () => {
  const { arrive, clear, words } = stand();
  arrive(left, 1)(is('04000001'));
  clear();
  arrive(left, 2);
  const late = arrive(right, 3);
  clear();
  late(is('04000002'));
  expect(words()).toEqual(['card', 'removed']);
});

test('a signature is asked of the card of that very stay, and of none behind it', async () => {
  const stays = stand();
  const asked: number[] = [];
  const signing = (uid: string): Identified => ({
    ...{ ok: true, card: { kind: 'desfire', uid } },
    async sign(digest) {
      asked.push(digest[0] ?? 0);
      return { outcome: 'signed', tmc: 1, tmv: '00'.repeat(8) };
    },
  });
  const outcome = async (stay: string, first: number) => (await stays.sign(stay, Uint8Array.of(first))).outcome;
  expect(await outcome('stay-1', 1)).toBe('gone');
  stays.arrive(left, 0)(signing('04000000000001'));
  expect(await outcome('stay-1', 2)).toBe('signed');
  // A second card beside it: neither can be meant any more.
  stays.arrive(right, 0)(signing('04000000000002'));
  expect(await outcome('stay-1', 3)).toBe('gone');
  expect(await outcome('stay-2', 4)).toBe('refused');
  stays.leave(left);
  stays.leave(right);
  stays.arrive(third, 0)(is('04a1b2c3'));
  expect(stays.words().at(-1)).toBe('card');
  expect(await outcome('stay-3', 5)).toBe('refused');
  stays.leave(third);
  expect(await outcome('stay-3', 6)).toBe('gone');
  expect(asked).toEqual([2]);
});
