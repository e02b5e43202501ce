import { describe, expect, it } from 'vitest';
import { nodeHashing } from '../../protocol/node/crypto.ts';
import { entry, epochRow, kioskFixture, NOON, roster, TOKEN } from '../../test/support/kiosk-fixture.ts';
import { clerkTrail } from '../journal/clerk-trail.ts';
import { memoryStore } from '../journal/memory-store.ts';
import { checkPin } from './check-pin.ts';
import { setCardPin, unlockCard } from './serve-card.ts';

/** PINs at the kiosk: usable at once, kept for the hub, and what the hub says of them later. */

function shop(store = memoryStore()) {
  const kiosk = kioskFixture({ store }).stocked();
  let n = 0;
  const randomBytes = (count: number) => new Uint8Array(count).fill(++n);
  const pepper = epochRow(1).pepper;
  const serving = {
    store,
    book: kiosk.book,
    terminalPepper: pepper,
    hashing: nodeHashing,
    nowAt: () => NOON,
    randomBytes,
  };
  return {
    kiosk,
    set: (pin: string, clerk = 'c1') => setCardPin(TOKEN, pin, clerk, serving),
    unlock: (clerk = 'c1') => unlockCard(TOKEN, 'saw-papers', clerk, serving),
    check: (pin: string) => checkPin(TOKEN, pin, kiosk.book, pepper, nodeHashing),
    card: (change: object) => entry('a1', { cards: [{ token: TOKEN, last4: '1', state: 'good', ...change }] }),
  };
}
const OLD = { salt: 'b2xk', verifier: 'x'.repeat(43) };

describe('a PIN set in a clerk’s presence', () => {
  it('is good at once, waits for the hub, and is never kept itself', async () => {
    const { kiosk, set, check } = shop();
    expect(await set('4711')).toEqual({ ok: true, code: 'pin-set' });
    expect([(await check('4711')).ok, (await check('4712')).ok]).toEqual([true, false]);
    expect(kiosk.outbox.request().pins).toMatchObject([{ token: TOKEN, clerk: 'c1', at: NOON }]);
    expect(clerkTrail(kiosk.store)).toEqual([{ at: NOON, deed: 'set-pin', clerk: 'c1', token: TOKEN }]);
    expect(JSON.stringify(kiosk.outbox.request())).not.toContain('4711');
  });

  it.each([
    ['a weak one', '1234', {}, 'pin-weak'],
    ['a blocked card', '4711', { state: 'blocked' }, 'card-blocked'],
  ])('is refused: %s', async (_what, pin, change, code) => {
    const { kiosk, set, card } = shop();
    kiosk.told({ roster: roster(2, card(change)) });
    expect(await set(pin)).toEqual({ ok: false, code });
    expect(kiosk.outbox.request().pins).toEqual([]);
  });

  it('is refused for the clerk’s own account, where the county knows it; and so is the unlocking', async () => {
    const { kiosk, set, unlock } = shop();
    const clerks = [{ clerk: 'c1', name: '李*', cards: [], acct: 'a1' }];
    kiosk.told({ roster: { ...roster(2), clerks } });
    expect([await set('4711'), unlock()]).toEqual([
      { ok: false, code: 'own-card' },
      { ok: false, code: 'own-card' },
    ]);
    expect(await set('4711', 'c2')).toMatchObject({ ok: true });
  });

  it('stands against a roster that has not heard of it, until the hub has', async () => {
    const { kiosk, set, check, card } = shop();
    const asked = kiosk.outbox.request();
    await set('4711');
    kiosk.outbox.accept(kiosk.answer(asked, { roster: roster(2, card({ pin: OLD })) }));
    expect((await check('4711')).ok).toBe(true);
    kiosk.told({ roster: roster(3, card({ pin: OLD })) });
    expect((await check('4711')).ok, 'the hub has it, and says another').toBe(false);
    expect(kiosk.outbox.request().pins).toEqual([]);
  });

  it('is kept where the hub takes nothing of this epoch just now', async () => {
    const { kiosk, set } = shop();
    await set('4711');
    kiosk.told({ state: 'frozen' });
    expect(kiosk.outbox.request().pins).toEqual([]);
    kiosk.told({ state: 'open' });
    expect(kiosk.outbox.request().pins).toHaveLength(1);
  });

  it('is wholly there or not at all', async () => {
    let full = false;
    const { kiosk, set } = shop(memoryStore(() => full));
    full = true;
    await expect(set('4711')).rejects.toThrow('disk full');
    full = false;
    expect([kiosk.outbox.request().pins, kiosk.book.card(TOKEN)?.pinSalt, clerkTrail(kiosk.store)]).toEqual([
      [],
      null,
      [],
    ]);
  });
});

describe('three wrong tries', () => {
  const locked = async () => {
    const s = shop();
    await s.set('4711');
    s.kiosk.told();
    for (let n = 0; n < 3; n++) await s.check('9999');
    expect(await s.check('4711')).toEqual({ ok: false, triesLeft: 0 });
    return s;
  };

  it('lock the card, over a restart too, until a clerk unlocks it with a reason', async () => {
    const { kiosk, unlock, check } = await locked();
    expect(shop(kiosk.store as ReturnType<typeof memoryStore>).kiosk.book.pinTries(TOKEN)).toBe(3);
    expect(unlock()).toEqual({ ok: true, code: 'pin-unlocked' });
    expect((await check('4711')).ok).toBe(true);
    expect(clerkTrail(kiosk.store).at(-1)).toEqual({
      ...{ at: NOON, deed: 'unlock-card', clerk: 'c1', token: TOKEN, reason: 'saw-papers' },
    });
  });

  it('are unlocked by the hub, once for each time it says so', async () => {
    const { kiosk, check, card } = await locked();
    const mine = kiosk.book.card(TOKEN);
    const pin = { salt: mine?.pinSalt ?? '', verifier: mine?.pinVerifier ?? '' };
    kiosk.told({ roster: roster(5, card({ pin })) });
    expect((await check('4711')).ok, 'a roster alone unlocks nothing').toBe(false);
    kiosk.told({ roster: roster(6, card({ pin, unlocked: 7 })) });
    expect((await check('4711')).ok).toBe(true);
    for (let n = 0; n < 3; n++) await check('9999');
    kiosk.told({ roster: roster(7, card({ pin, unlocked: 7 })) });
    expect((await check('4711')).ok, 'told again').toBe(false);
    kiosk.told({ roster: roster(8, card({ pin, unlocked: 8 })) });
    expect((await check('4711')).ok).toBe(true);
  });
});
