import { expect, it } from 'vitest';
import { readFromChild, readToChild } from './child-messages.ts';

/** What the card process and its supervisor take from each other: nothing that is not exactly a message. */

const signature = { outcome: 'signed', tmc: 7, tmv: '0123456789abcdef' };
const said = (change: object) =>
  readFromChild({ type: 'signature', request: 1, signature: { ...signature, ...change } });

it('takes a signature, and why there is none', () => {
  expect(said({})).toEqual({ type: 'signature', request: 1, signature });
  expect(said({ outcome: 'torn' })).toEqual({ type: 'signature', request: 1, signature: { outcome: 'torn' } });
});

it.each([
  { outcome: 'maybe' },
  { tmc: -1 },
  { tmc: 0x1_0000_0000 },
  { tmc: 1.5 },
  { tmc: '7' },
  { tmv: '0123456789ABCDEF' },
  { tmv: '0123' },
])('takes no signature with %j', (change) => {
  expect(said(change)).toBeNull();
});

it.each(['desfire', 'uid'])('takes a card of kind %s, and of no other', (kind) => {
  const card = { type: 'card', presenceId: 'p1', ageMs: 5, card: { kind, uid: '04a1b2c3d4e5f6' } };
  expect(readFromChild(card)).toEqual(card);
  expect(readFromChild({ ...card, card: { ...card.card, kind: 'id-card' } })).toBeNull();
});

const ask = { type: 'sign', request: 2, presenceId: 'p1', digest: '00'.repeat(32) };
it('is asked for a signature of 32 bytes', () => {
  expect(readToChild(ask)).toEqual(ask);
});

it.each([{ digest: '00'.repeat(31) }, { digest: 'zz'.repeat(32) }, { request: '2' }, { presenceId: 5 }])(
  'is asked for none with %j',
  (change) => {
    expect(readToChild({ ...ask, ...change })).toBeNull();
  },
);
