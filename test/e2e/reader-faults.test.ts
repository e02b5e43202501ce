import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CI, type Demo, startDemo } from '../../bench/support/demo.ts';
import type { KioskView } from '../../protocol/api/kiosk.ts';
import type { RigFault } from '../../protocol/api/rig.ts';

/** The rig's faults of card and reader at a whole kiosk: what the person is told, and that the reader comes back by itself. */

/** The promise, what pcscd itself takes, and an agent that is started anew on a busy machine. */
const BACK_MS = 12_000;
let demo: Demo;
let kind: string;
let faults: RigFault[];

beforeAll(async () => {
  demo = await startDemo();
  kind = (await demo.until(() => true, 'a state')).reader.kind;
  faults = await demo.get<RigFault[]>('api/faults');
});
afterAll(() => demo?.stop());

const PCSCD_LOOKS_MS = 400;
const set = (name: string, on: boolean) => demo.post('api/faults', { name, on });
const first = async () => (await demo.cards())[0]?.id ?? '';
const agent = (path: string, init: RequestInit = {}) => {
  const { origin, searchParams } = new URL(demo.ready.kiosk);
  const headers = { authorization: `Bearer ${searchParams.get('token')}`, 'content-type': 'application/json' };
  return fetch(origin + path, { ...init, headers });
};
const view = async () => (await (await agent('/api/view')).json()) as KioskView;

/** Ends whatever session there is, as a person would who walks away. */
async function walkAway(): Promise<void> {
  const { session } = await view();
  await agent('/api/act', { method: 'POST', body: JSON.stringify({ session, act: { type: 'cancel' } }) });
}

async function withFault(name: string, told: (view: KioskView) => string | undefined, expected: string): Promise<void> {
  await walkAway();
  const id = await first();
  expect((await set(name, true)).status).toBe(200);
  // Looked at meanwhile: a remark is gone again soon.
  const tapped = demo.post(`api/cards/${id}/tap`, { holdMs: 0 });
  try {
    await expect.poll(async () => told(await view()), { timeout: BACK_MS }).toBe(expected);
  } finally {
    await tapped;
    await set(name, false);
    await demo.post(`api/cards/${id}/remove`);
  }
  await demo.until((s) => s.reader.state === 'ready' && s.reader.card === null, `the reader to be empty after ${name}`);
  // A refused card is never named as lying there; pcscd looks every 400 ms, and would take the next one for it.
  await new Promise((done) => setTimeout(done, 2 * PCSCD_LOOKS_MS));
}

/** Two programs want the card, and now and then ours is the quicker one: then nobody holds it against us. */
async function layUntilHeld(id: string): Promise<void> {
  for (let tries = 0; tries < 5; tries += 1) {
    await demo.post(`api/cards/${id}/tap`, { holdMs: 0 });
    const { reader } = await demo.until((s) => s.reader.reason === 'reader-held' || s.reader.card !== null, 'a card');
    if (reader.reason === 'reader-held') return;
    await demo.post(`api/cards/${id}/remove`);
  }
}

const journalSeq = async () => (await demo.until(() => true, 'a state')).journal.seq;

it('a card that shows its key is its holder’s', async () => {
  await walkAway();
  const own = (await demo.cards()).find(({ kind }) => kind === 'desfire');
  await demo.post(`api/cards/${own?.id}/tap`, { holdMs: 0 });
  await expect.poll(async () => (await view()).screen, { timeout: BACK_MS }).toBe('balance');
  expect((await view()).person?.name.at(-1)).toBe(own?.holder.at(-1));
  await demo.post(`api/cards/${own?.id}/remove`);
  await demo.until((s) => s.reader.card === null, 'the reader to be empty');
});

describe('a card at fault', () => {
  it.each([
    ['mute', 'card-mute', 'card-mute'],
    ['0 bytes', 'card-empty-answer', 'card-torn'],
    ['torn before identification', 'card-torn-before', 'card-torn'],
    ['torn during identification', 'card-torn', 'card-torn'],
    ['random UID', 'random-uid', 'random-uid'],
    ['zero UID', 'zero-uid', 'zero-uid'],
    ['4-byte UID', 'four-byte-uid', 'unknown-card'],
    ['hotlisted', 'card-hotlisted', 'card-blocked'],
    ['wrong MAC', 'card-wrong-mac', 'card-bad-mac'],
    ['clone with another key', 'card-clone', 'card-wrong-key'],
    ['old key version', 'card-old-key', 'card-old-key'],
  ] as const)('%s: is said by its own name, and is nobody', async (_, name, code) => {
    // Through vpcd nothing comes instead of an empty answer.
    const expected = name === 'card-empty-answer' && kind === 'pcsc' ? 'card-mute' : code;
    await withFault(name, ({ error }) => error?.code, expected);
  });

  it('torn after identification: it has done its part', async () => {
    await withFault('card-torn-after', ({ screen }) => screen, 'balance');
  });

  it.each([
    ['swapped', 'card-swapped', 'other-card'],
    ['two at once', 'two-at-once', 'two-cards'],
    ['doubled UID', 'doubled-uid', 'doubled-uid'],
  ] as const)('%s: is remarked, and nothing is charged', async (_, name, code) => {
    const before = await journalSeq();
    await withFault(name, ({ remark, error }) => remark?.code ?? error?.code, code);
    expect(await journalSeq()).toBe(before);
  });
});

it('on CI the rig has a real pcscd', () => {
  if (CI) expect(kind).toBe('pcsc');
});

describe('a reader at fault', () => {
  it('says which, and comes back by itself', async () => {
    const names = faults.filter(({ device }) => device === 'reader').map(({ name }) => name);
    expect(names).toHaveLength(kind === 'pcsc' ? READER_FAULTS.length : 0);
    for (const [name, reason, lasts] of kind === 'pcsc' ? READER_FAULTS : []) {
      await walkAway();
      const id = await first();
      const { restarts } = (await demo.until(() => true, 'a state')).reader;
      expect(await set(name, true), name).toMatchObject({ status: 200 });
      if (name === 'reader-held') await layUntilHeld(id);
      if (!lasts) {
        const passed = await demo.until((s) => s.reader.restarts > restarts, `${name} to be noticed`, BACK_MS);
        expect(`${name}: ${passed.reader.lastFault}`).toMatch(new RegExp(`: (${reason})$`));
      } else {
        await demo.until((s) => s.reader.reason === reason, `${name} to be said as ${reason}`, BACK_MS);
        const noticed = await (await agent('/readyz')).json();
        expect(noticed).toMatchObject({ notices: [{ code: reason, says: expect.stringMatching(/^[A-Zpa].+\.$/) }] });
        expect((await view()).notices).toContain('reader-absent');
      }
      await set(name, false);
      await demo.until((s) => s.reader.state === 'ready', `${name} to be over`, BACK_MS);
      if (name !== 'reader-held') await demo.post(`api/cards/${id}/tap`, { holdMs: 0 });
      await demo.until((s) => s.reader.card !== null, `a card to be read after ${name}`, BACK_MS);
      await demo.post(`api/cards/${id}/remove`);
      await demo.until((s) => s.reader.card === null, `the reader to be empty after ${name}`, BACK_MS);
    }
    const metrics = await (await agent('/metrics')).text();
    if (kind === 'pcsc') expect(metrics).toMatch(/^tallystick_terminal_reader_last_fault\{fault="[a-z-]+"\} 1$/m);
    expect(metrics).toMatch(/^tallystick_terminal_reader_usable 1$/m);
  });
});

/** Name, what it is said as, and whether it lasts until it is taken back. A SAM slot is no fault: it shows no more than that pcscd was started anew. */
const READER_FAULTS: readonly (readonly [name: string, reason: string, lasts: boolean])[] = [
  ['card-process-killed', 'child-ended', false],
  ['pcscd-killed', 'no-pcscd', true],
  ['card-process-stopped', 'silent-child', false],
  ['pcscd-terminated', 'no-pcscd', true],
  ['reader-unplugged', 'no-reader', true],
  ['reader-held', 'reader-held', true],
  ['sam-slot', 'no-pcscd|reader-error', false],
  ['pcscd-absent-at-start', 'no-pcscd', true],
];
