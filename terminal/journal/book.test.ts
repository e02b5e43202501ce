import { describe, expect, it } from 'vitest';
import { grantDocument } from '../../protocol/documents/kinds.ts';
import { nodeSigner } from '../../protocol/node/crypto.ts';
import {
  catalogue,
  entry,
  epochRow,
  grant,
  hubSigner,
  kioskFixture,
  policy,
  roster,
  TOKEN,
} from '../../test/support/kiosk-fixture.ts';
import { memoryStore } from './memory-store.ts';

/** What the hub told: newer replaces older, nothing else replaces anything. */

const withPin = (salt: string) =>
  entry('a1', { cards: [{ token: TOKEN, last4: '1', state: 'good', pin: { salt, verifier: 'v' } }] });

describe('the book', () => {
  it.each([
    ['of another terminal', grant('a1', 900, { tid: 'k2' })],
    ['of another epoch', grant('a1', 900, { ep: 2 })],
    ['smaller than what is known', grant('a1', 50)],
    [
      'the hub did not sign',
      grantDocument.sign(
        { v: 1, tid: 'k1', ep: 1, acct: 'a1', G: 900, notAfter: 9, inc: 'inc-1' },
        nodeSigner('hub.1', new Uint8Array(32).fill(9)),
      ),
    ],
    [
      'signed under another name',
      grantDocument.sign(
        { v: 1, tid: 'k1', ep: 1, acct: 'a1', G: 900, notAfter: 9, inc: 'inc-1' },
        nodeSigner('hub.9', new Uint8Array(32).fill(7)),
      ),
    ],
    ['that is no grant', 'x.y.z'],
  ])('ignores a grant %s', (_what, jws) => {
    const kiosk = kioskFixture().stocked();
    const before = kiosk.store.allowance(1, 'a1');
    kiosk.told({ grants: [jws] });
    expect(kiosk.store.allowance(1, 'a1')).toEqual(before);
  });

  it('believes a grant under the next key only after the hub announced it', () => {
    const next = nodeSigner('hub.2', new Uint8Array(32).fill(8));
    const jws = grantDocument.sign({ v: 1, tid: 'k1', ep: 1, acct: 'a1', G: 200, notAfter: 9, inc: 'inc-1' }, next);
    const kiosk = kioskFixture().stocked();
    kiosk.told({ grants: [jws] });
    expect(kiosk.journal.allowance('a1').G).toBe(100);
    const key = Buffer.from(next.publicKey).toString('base64url');
    kiosk.told({ nextKey: { kid: 'hub.2', key }, grants: [jws] });
    expect(kiosk.journal.allowance('a1').G).toBe(200);
    expect(hubSigner.kid).toBe('hub.1');
  });

  it('keeps the newer of what carries a version, also where an old answer is played again', () => {
    const kiosk = kioskFixture().stocked();
    const newer = {
      ...{ roster: roster(5, entry('a1', { name: '新' })), catalogue: catalogue(5, [['rice', 12, 2]]) },
      ...{ policy: policy({ version: 5, capPts: 7 }), hotlist: { version: 5, tokens: ['t'] } },
    };
    kiosk.told(newer);
    kiosk.stocked(0, { hotlist: { version: 4, tokens: [] } });
    expect(kiosk.book.versions()).toMatchObject({ roster: 5, catalogue: 5, policy: 5, hotlist: 5 });
    expect([kiosk.book.account('a1')?.name, kiosk.book.policy()?.capPts, kiosk.book.hotlisted('t')]).toEqual([
      '新',
      7,
      true,
    ]);
    expect(kiosk.book.catalogue()?.items[0]?.pts).toBe(12);
  });

  it('is told what was judged once, in order, also behind a hole that people accepted', () => {
    const kiosk = kioskFixture().stocked();
    const judged = (seq: number, stage = 'matched') => ({ ep: 1, seq, stage, flags: [] });
    kiosk.told({ judged: [judged(1), judged(2), judged(7)] });
    expect(kiosk.book.versions().judged).toBe(7);
    kiosk.told({ judged: [judged(2, 'quarantined')] });
    expect([kiosk.store.verdict(1, 2)?.stage, kiosk.store.verdict(1, 3)]).toEqual(['matched', null]);
  });

  it('is whole again after a restart', () => {
    const kiosk = kioskFixture().stocked();
    const again = kioskFixture({ store: kiosk.store });
    expect([again.book.catalogue(), again.book.policy()]).toEqual([kiosk.book.catalogue(), kiosk.book.policy()]);
    expect(again.book.peppers()).toHaveLength(1);
  });

  it('does not run ahead of a disk that refused the answer', () => {
    let full = false;
    const store = memoryStore();
    const guarded = {
      ...store,
      transact: <T>(work: () => T) =>
        store.transact(() => {
          const done = work();
          if (full) throw new Error('disk full');
          return done;
        }),
    };
    const kiosk = kioskFixture({ store: guarded }).stocked();
    full = true;
    expect(() =>
      kiosk.told({ catalogue: catalogue(2, [['rice', 99, 2]]), policy: policy({ version: 2, capPts: 1 }) }),
    ).toThrow('disk full');
    full = false;
    expect([kiosk.book.catalogue()?.version, kiosk.book.policy()?.capPts]).toEqual([1, 100]);
    expect(kiosk.sell().ok).toBe(true);
  });

  it('opens a locked card when its PIN was replaced, and not before', () => {
    const kiosk = kioskFixture().stocked(100, { roster: roster(1, withPin('one')) });
    for (let i = 0; i < 3; i++) kiosk.book.countPinTry(TOKEN);
    kiosk.told({ roster: roster(2, withPin('one')) });
    expect(kiosk.book.pinTries(TOKEN)).toBe(3);
    kiosk.told({ roster: roster(3, withPin('two')) });
    expect(kiosk.book.pinTries(TOKEN)).toBe(0);
  });

  it('of a new epoch knows nobody until it is told anew: PINs and people were the other one’s', () => {
    const store = memoryStore();
    kioskFixture({ store })
      .stocked(100, { roster: roster(9, withPin('one')) })
      .book.countPinTry(TOKEN);
    const next = kioskFixture({ store, epoch: epochRow(2) });
    expect([next.book.account('a1'), next.book.card(TOKEN), next.book.versions().roster]).toEqual([null, null, 0]);
    expect(next.book.pinTries(TOKEN)).toBe(1);
    next.stocked();
    expect(kioskFixture({ store, epoch: epochRow(2) }).book.account('a1')).not.toBeNull();
  });
});
