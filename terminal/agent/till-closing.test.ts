import { describe, expect, it } from 'vitest';
import { DAY_MS, epochRow, HOUR_MS, type KioskFixture, kioskFixture, NOON } from '../../test/support/kiosk-fixture.ts';
import { memoryStore } from '../journal/memory-store.ts';
import type { Written } from './till.ts';

/** How a day and an epoch end in the chain. */

const seqOf = (written: Written | null) => (written?.ok ? written.record.seq : 0);
const lastOf = (kiosk: KioskFixture) => kiosk.store.last(kiosk.epoch.ep)?.payload;

describe('close', () => {
  it('covers everything since the last one, with what the hub holds of it', () => {
    const kiosk = kioskFixture().stocked();
    const sale = seqOf(kiosk.sell(2));
    kiosk.sell(1, { sku: 'salt', pts: 3 });
    kiosk.till.void(sale, 'm', 'c1');
    kiosk.told({ judged: [{ ep: 1, seq: 3, stage: 'quarantined', flags: [], code: 'price' }] });
    expect(kiosk.till.close(false, 'c1')).toMatchObject({
      ok: true,
      record: {
        payload: {
          ...{
            from: 1,
            to: 4,
            redeemed: { count: 2, pts: 23 },
            voided: { count: 1, pts: 20 },
            auto: false,
            clerk: 'c1',
          },
          ...{ byItem: { salt: { count: 1, pts: 3 } }, unresolved: [3] },
        },
      },
    });
    kiosk.sell();
    expect(kiosk.till.close(false, 'c1')).toMatchObject({
      record: { payload: { from: 6, to: 6, redeemed: { count: 1, pts: 10 } } },
    });
  });

  it('refuses where nothing is written', () => {
    expect(kioskFixture().stocked().till.close(false, 'c1')).toEqual({ ok: false, code: 'nothing-to-close' });
  });

  it('by itself at the county’s hour, once; a sale behind the hour can still be undone', () => {
    const kiosk = kioskFixture().stocked();
    kiosk.sell();
    expect(kiosk.till.closeIfDue()).toBeNull();
    kiosk.clock.at = NOON + 10 * HOUR_MS;
    expect(kiosk.till.closeIfDue()).toMatchObject({ record: { payload: { auto: true } } });
    expect(kiosk.till.closeIfDue()).toBeNull();
    const late = seqOf(kiosk.sell());
    expect(kiosk.till.closeIfDue()).toBeNull();
    expect(kiosk.till.void(late, 'm', 'c1').ok).toBe(true);
    kiosk.clock.at = NOON + 12 * HOUR_MS;
    expect(kiosk.till.closeIfDue()?.ok).toBe(true);
  });

  it('by itself at the next start, of a day long gone; not for what is no sale', () => {
    const kiosk = kioskFixture().stocked();
    kiosk.till.stock('restock', [{ sku: 'rice', qty: 9 }], 'c1');
    kiosk.clock.at += 3 * DAY_MS;
    expect(kiosk.till.closeIfDue()).toBeNull();
    kiosk.sell();
    kiosk.clock.at += 3 * DAY_MS;
    expect(kiosk.till.closeIfDue()?.ok).toBe(true);
  });
});

describe('the ends of an epoch', () => {
  it('ends only when all was given back, and directly behind a close', () => {
    const kiosk = kioskFixture().stocked();
    kiosk.sell();
    expect(kiosk.till.end('c1')).toEqual({ ok: false, code: 'not-returned' });
    kiosk.till.giveBack('a1', 0);
    expect(kiosk.till.end('c1')).toEqual({ ok: false, code: 'not-closed' });
    kiosk.till.close(false, 'c1');
    expect(kiosk.till.end('c1').ok).toBe(true);
    expect(kiosk.types()).toEqual(['open', 'redeem', 'return', 'close', 'end']);
    expect(kiosk.outbox.hubState()).toBe('ended');
  });

  it('begins once', () => {
    const kiosk = kioskFixture().stocked();
    expect([kiosk.till.open()?.ok, kiosk.till.open()]).toEqual([true, null]);
  });

  it.each([
    ['enrol: the first', 1, {}, null, 'enrol'],
    ['replace: another disk', 2, {}, null, 'replace'],
    ['restore: the one before never ended', 2, {}, 'open', 'restore'],
    ['rotate: the one before ended as planned', 2, {}, 'end', 'rotate'],
    ['move: another shop', 2, { shop: 's2' }, 'end', 'move'],
  ] as const)('%s', (_what, ep, change, before, reason) => {
    const store = memoryStore();
    if (before !== null) {
      const old = kioskFixture({ store }).stocked();
      if (before === 'end') {
        old.till.giveBack('a1', 0);
        old.till.close(false, 'c1');
        old.till.end('c1');
      } else old.sell();
    }
    const kiosk = kioskFixture({ store, epoch: epochRow(ep, change) });
    kiosk.till.open();
    expect(lastOf(kiosk)).toMatchObject({ type: 'open', ep, seq: 1, reason, prev: kiosk.epoch.enrolmentHash });
  });
});
