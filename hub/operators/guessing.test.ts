import { Secret, TOTP } from 'otpauth';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { utf8 } from '../../protocol/primitives/bytes.ts';
import { createSeal } from '../programme/seal.ts';
import { hashPassword } from './passwords.ts';
import type { Operator, OperatorStore } from './port.ts';
import { createSignIn, SIGN_IN_SENTENCES, type SignIn } from './sign-in.ts';

/** Guessing at passwords and one-time codes: ten tries in five minutes, one after another or all at once. */

const WINDOW_MS = 5 * 60_000;
const SECRET = 'JBSWY3DPEHPK3PXP';
const seal = createSeal(new Uint8Array(32).fill(1));
let stored: { salt: string; hash: string };
let now: number;
let signIn: ReturnType<typeof createSignIn>;
const spent: Set<string> = new Set();

beforeAll(async () => {
  stored = await hashPassword('ann-password-123');
});
beforeEach(() => {
  now = Date.UTC(2026, 2, 1);
  spent.clear();
  const operator = (user: string, totpSealed: Uint8Array | null): Operator => ({
    ...{ user, name: user, role: 'operator', passwordSalt: stored.salt, passwordHash: stored.hash, totpSealed },
    totpLastStep: 0,
  });
  const known = new Map([
    ['ann', operator('ann', null)],
    ['tom', operator('tom', seal.seal(utf8(SECRET), 'totp:tom'))],
  ]);
  const store: OperatorStore = {
    operator: async (user) => known.get(user) ?? null,
    spendTotpStep: async (user, step) => spent.size < spent.add(`${user}.${step}`).size,
    openSession: async () => undefined,
    session: async () => null,
    closeSession: async () => undefined,
    noteFailure: async () => undefined,
  };
  signIn = createSignIn({ store, seal, nowMs: () => now });
});

const right = { user: 'ann', password: 'ann-password-123' };
const wrong = { user: 'ann', password: 'wrong' };
const codeAt = (ms: number) => new TOTP({ secret: Secret.fromBase32(SECRET) }).generate({ timestamp: ms });
const tom = (code: string) => signIn({ user: 'tom', password: 'ann-password-123', code });
const times = <T>(n: number, act: () => Promise<T>) => Promise.all(Array.from({ length: n }, act));

const codes = (outcomes: readonly SignIn[]) => outcomes.map((outcome) => (outcome.ok ? 'in' : outcome.code));

describe('guessing a password', () => {
  it('stops after ten, all at once too, also for who then guesses right; five minutes later it goes on', async () => {
    const guesses = codes(await times(14, () => signIn(wrong)));
    expect(guesses.filter((code) => code === 'wrong-password')).toHaveLength(10);
    expect(guesses.filter((code) => code === 'too-many-tries')).toHaveLength(4);
    expect(await signIn(right)).toEqual({ ok: false, code: 'too-many-tries' });
    now += WINDOW_MS + 1;
    expect(await signIn(right)).toMatchObject({ ok: true });
  });

  it('begins anew after a right one, and locks nobody else out', async () => {
    await times(9, () => signIn(wrong));
    expect(await signIn(right)).toMatchObject({ ok: true });
    expect(codes(await times(2, () => signIn(wrong)))).toEqual(['wrong-password', 'wrong-password']);
    expect(await tom(codeAt(now))).toMatchObject({ ok: true });
  });
});

describe('a one-time code', () => {
  it.each([
    ['of now', 0, true],
    ['a step old', -30_000, true],
    ['a step early', 30_000, true],
    ['two steps old', -60_000, false],
    ['two steps early', 60_000, false],
  ])('%s (%i ms) is good: %s', async (_what, shift, good) => {
    const outcome = await tom(codeAt(now + shift));
    expect(outcome).toMatchObject(good ? { ok: true } : { ok: false, code: 'wrong-code' });
  });

  it('is good once, also when it comes twice at once', async () => {
    const outcomes = await times(2, () => tom(codeAt(now)));
    expect(outcomes.map((outcome) => (outcome.ok ? 'in' : outcome.code)).sort()).toEqual(['code-used', 'in']);
  });

  it('guessed all at once stops after ten too; one that was forgotten is asked for', async () => {
    expect(await tom('')).toEqual({ ok: false, code: 'code-needed' });
    now += WINDOW_MS + 1;
    const guesses = codes(await times(12, () => tom('000000')));
    expect(guesses.filter((code) => code === 'wrong-code')).toHaveLength(10);
    expect(await tom(codeAt(now))).toEqual({ ok: false, code: 'too-many-tries' });
  });
});

it('every refusal has a sentence and what to do', () => {
  for (const says of Object.values(SIGN_IN_SENTENCES)) for (const text of says) expect(text).toMatch(/^[A-Z].*[.]$/);
});
