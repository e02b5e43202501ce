import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { card, credit, csv, type ProgrammeConsole, programmeConsole } from '../../test/support/programme-console.ts';

/** The programme's routes against the wrong role, nobody signed in, another site's page, and bad input. */

let console: ProgrammeConsole;
const ask: ProgrammeConsole['ask'] = (...asked) => console.ask(...asked);
const post: ProgrammeConsole['post'] = (...asked) => console.post(...asked);

beforeAll(async () => {
  console = await programmeConsole();
});
afterAll(() => console.close());

const WRITES: readonly [path: string, body: object][] = [
  ['/acts', { kind: 'end-epoch', detail: { tid: 'k3', ep: 1 } }],
  ['/acts/x/approve', {}],
  ['/acts/x/decline', {}],
  ['/exceptions/x/owner', { mine: true }],
  ['/exceptions/x/notes', { text: 'x' }],
  ['/exceptions/x/close', { text: 'x' }],
  ['/residents/r1/cards', card],
  ['/cards/1/block', { reason: 'lost' }],
  ['/cards/1/replace', { ...card, reason: 'lost' }],
  ['/credits', credit],
  ['/credits/x/approve', {}],
  ['/credits/x/withdraw', {}],
  ['/credit-batches/check', { name: 'june', csv }],
  ['/credit-batches', { name: 'june', csv }],
  ['/requests/k3.1.3/answer', { granted: false, answer: 'no' }],
];
const READS = ['/acts', '/exceptions', '/exceptions/x', '/residents/r1', '/credits', '/requests', '/shelves?shop=s1'];

describe('nobody gets by', () => {
  it.each(READS)('signed out: GET %s', async (path) => {
    expect(await ask(null, 'GET', path)).toMatchObject({ status: 401, body: { code: 'signed-out' } });
  });
  it.each(WRITES)('POST %s: signed out, as auditor, or from another site’s page', async (path, body) => {
    expect(await ask(null, 'POST', path, body)).toMatchObject({ status: 401, body: { code: 'signed-out' } });
    expect(await ask('eve', 'POST', path, body)).toMatchObject({ status: 403, body: { code: 'not-your-right' } });
    const elsewhere = { 'sec-fetch-site': 'cross-site' };
    expect(await ask('ann', 'POST', path, body, elsewhere)).toMatchObject({
      status: 403,
      body: { code: 'another-page' },
    });
    const origin = { origin: 'https://evil.example' };
    expect(await ask('ann', 'POST', path, body, origin)).toMatchObject({ status: 403, body: { code: 'another-page' } });
  });
  it.each([
    '/acts',
    '/residents/r1/cards',
    '/cards/1/replace',
    '/credits',
    '/credit-batches',
    '/requests/k3.1.3/answer',
  ])('a reviewer begins nothing: POST %s', async (path) => {
    const body = WRITES.find(([each]) => each === path)?.[1] ?? {};
    expect(await post('bob', path, body)).toMatchObject({ status: 403, body: { code: 'not-your-right' } });
  });
});

describe('bad input is refused, with a sentence', () => {
  const bad: readonly [string, string, object][] = [
    ['no such kind of act', '/acts', { kind: 'fine', detail: {} }],
    ['a field that is missing', '/acts', { kind: 'end-epoch', detail: { tid: 'k3' } }],
    ['a field too many', '/acts', { kind: 'end-epoch', detail: { tid: 'k3', ep: 1, also: 1 } }],
    ['a field of another kind', '/acts', { kind: 'end-epoch', detail: { tid: 'k3', ep: 'one' } }],
    [
      'an activity without points',
      '/acts',
      { kind: 'set-activity', detail: { activity: 'a', name: 'a', unit: 'h', pts: 0, state: 'active' } },
    ],
    ['a batch without its file', '/acts', { kind: 'credit-batch', detail: { rows: [credit] } }],
    ['no body', '/acts', {}],
    ['nobody’s exception', '/exceptions/x/owner', {}],
    ['an empty note', '/exceptions/x/notes', { text: '' }],
    ['a note of spaces', '/exceptions/x/notes', { text: '  ' }],
    ['a note without end', '/exceptions/x/notes', { text: 'x'.repeat(1_001) }],
    ['a UID that is none', '/residents/r1/cards', { ...card, uid: '04' }],
    ['another kind of card', '/residents/r1/cards', { ...card, kind: 'magnet' }],
    ['a card that is no number', '/cards/one/block', { reason: 'x' }],
    ['no reason', '/cards/1/block', {}],
    ['points of nothing', '/credits', { ...credit, pts: 0 }],
    ['half a point', '/credits', { ...credit, pts: 1.5 }],
    ['too many points', '/credits', { ...credit, pts: 10_000_001 }],
    ['no reason for a credit', '/credits', { ...credit, reason: ' ' }],
    ['a field of its own', '/credits', { ...credit, state: 'posted' }],
    ['an empty file', '/credit-batches/check', { name: 'x', csv: '' }],
    ['an answer without words', '/requests/k3.1.3/answer', { granted: true, answer: '' }],
    ['an answer that decides nothing', '/requests/k3.1.3/answer', { answer: 'x' }],
  ];
  it.each(bad)('%s: POST %s', async (_what, path, body) => {
    const answer = await ask<{ error: string; whatToDo: string }>('ann', 'POST', path, body);
    expect([answer.status, answer.body.error.length > 9, answer.body.whatToDo.length > 9]).toEqual([400, true, true]);
  });
  it.each([
    '/acts?state=done',
    '/exceptions?kind=none',
    '/exceptions?state=none',
    '/exceptions?limit=0',
    '/exceptions?cursor=x',
    '/credits?state=none',
    '/credits?limit=201',
    '/requests?kind=none',
    '/shelves',
  ])('GET %s', async (path) => {
    expect((await ask('eve', 'GET', path)).status).toBe(400);
  });
  it.each([
    ['POST', '/acts/none/approve', 'not-open'],
    ['POST', '/exceptions/none/notes', 'no-exception'],
    ['POST', '/residents/none/cards', 'no-account'],
    ['POST', '/cards/9/block', 'no-card'],
    ['POST', '/credits/none/approve', 'not-open'],
    ['POST', '/requests/none/answer', 'no-request'],
    ['GET', '/exceptions/none', 'no-exception'],
    ['GET', '/residents/none', 'no-account'],
  ] as const)('what is not there: %s %s', async (method, path, code) => {
    const body = WRITES.find(([each]) => each.split('/').at(-1) === path.split('/').at(-1))?.[1];
    const answer = await ask('ann', method, path, method === 'POST' ? body : undefined);
    expect(answer).toMatchObject({ status: code === 'not-open' ? 409 : 404, body: { code } });
  });
});
