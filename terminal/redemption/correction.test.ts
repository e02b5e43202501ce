import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CASE_CODES } from '../../protocol/api/aside.ts';
import type { Act } from '../../protocol/api/kiosk.ts';
import { ABOUT, person, resident, sessionStand } from '../../test/support/session-stand.ts';
import { CASES_A_DAY } from './correction.ts';
import { IDLE_END_MS } from './timers.ts';

/** A resident files a correction, told event by event. */

const about = (code: (typeof CASE_CODES)[number]): Act => ({ type: 'case-about', code });
const ref = (number: string | null): Act => ({ type: 'case-ref', number });
const file = (code: (typeof CASE_CODES)[number], number: string | null): Act => ({
  type: 'case-file',
  code,
  ref: number,
});

function tapped() {
  const k = sessionStand();
  k.tap(resident);
  const aside = () => {
    const state = k.state();
    return state.at === 'resident' ? state.aside : null;
  };
  const ended = (paper: 'printed' | 'unknown' | 'expired', session = k.session() ?? '') =>
    k.send({ type: 'paper-ended', session, paper });
  const filed = (number: string, session = k.session() ?? '') =>
    k.send({ type: 'case-filed', session, outcome: { ok: true, number } });
  return { k, aside, ended, filed, report: () => aside()?.report };
}

describe('a correction', () => {
  it.each([
    ['goods-missing', true],
    ['goods-damaged', true],
    ['card-misused', true],
    ['points-missing', false],
    ['other', false],
  ] as const)('about %s asks which redemption: %s', (code, asks) => {
    const { k, report } = tapped();
    k.touch('case', about(code));
    expect(report()).toMatchObject({ step: asks ? 'which' : 'sure', code });
  });

  it('files one record, for a double touch and for a second tab, and shows its number', () => {
    const { k, report, filed } = tapped();
    k.touch(
      'case',
      about('goods-damaged'),
      ref('k1.1.6'),
      file('goods-damaged', 'k1.1.6'),
      file('goods-damaged', 'k1.1.6'),
    );
    expect(k.effects('file-case')).toEqual([
      { type: 'file-case', session: k.session(), acct: person.acct, code: 'goods-damaged', ref: 'k1.1.6' },
    ]);
    filed('k1.1.9');
    k.touch(file('goods-damaged', 'k1.1.6'));
    filed('k1.1.10');
    expect(report()).toEqual({ step: 'filed', code: 'goods-damaged', number: 'k1.1.9', again: false });
    expect(k.effects('file-case')).toHaveLength(1);
    k.touch('print');
    expect(k.effects('print-paper')).toMatchObject([{ paper: { caseNumber: 'k1.1.9' } }]);
    k.touch('finish');
    expect(k.screen()).toBe('balance');
  });

  it('is about none where nothing was redeemed here, or where it was none of these', () => {
    const { k, report } = tapped();
    k.touch('case', about('card-misused'), ref(null));
    expect(report()).toEqual({ step: 'sure', code: 'card-misused', sale: null });
    k.world.about = { ...ABOUT, redemptions: [] };
    k.touch('back', 'back', 'back', 'case', about('goods-missing'));
    expect(report()).toEqual({ step: 'sure', code: 'goods-missing', sale: null });
  });

  it('goes back one question at a time', () => {
    const { k, report } = tapped();
    k.touch('case', about('goods-missing'), 'page-next', ref('k1.1.3'));
    const steps = [0, 1, 2].map(() => {
      k.touch('back');
      return [k.screen(), report()?.step];
    });
    expect(steps.slice(0, 2)).toEqual([
      ['case', 'which'],
      ['case', 'what'],
    ]);
    expect(k.screen()).toBe('balance');
    k.touch('case', about('other'), 'back');
    expect(report()).toEqual({ step: 'what' });
  });

  it('files nothing that did not stand beside the button, and no redemption of somebody else', () => {
    const { k, report } = tapped();
    k.touch('case', file('other', null), about('goods-missing'), ref('k9.1.2'));
    expect(report()).toMatchObject({ step: 'which' });
    k.touch(ref('k1.1.6'), file('goods-missing', 'k1.1.5'), file('goods-damaged', 'k1.1.6'));
    expect([report()?.step, k.effects('file-case')]).toEqual(['sure', []]);
  });

  it('that could not be committed says so, and the question stands again', () => {
    const { k, report } = tapped();
    k.touch('case', about('other'), file('other', null));
    k.wait(10 * IDLE_END_MS);
    k.send({ type: 'case-filed', session: k.session() ?? '', outcome: { ok: false, code: 'disk-low' } });
    expect(k.state()).toMatchObject({ at: 'error', code: 'disk-low' });
    k.touch('back');
    expect(report()).toMatchObject({ step: 'sure' });
    k.touch(file('other', null));
    expect(k.effects('file-case')).toHaveLength(2);
  });

  const filedToday = (count: number, day = ABOUT.day) =>
    Array.from({ length: count }, (_, n) => ({
      number: `k1.1.${20 + n}`,
      code: 'goods-missing',
      ref: `k1.1.${2 + n}`,
      day,
    }));

  it('that was filed today already shows that number again', () => {
    const { k, report } = tapped();
    k.world.about = { ...ABOUT, cases: filedToday(1) };
    k.touch('case', about('goods-missing'), ref('k1.1.2'), file('goods-missing', 'k1.1.2'));
    expect(report()).toMatchObject({ step: 'filed', number: 'k1.1.20', again: true });
    expect(k.effects('file-case')).toEqual([]);
  });

  it('has a limit a day; yesterday’s do not count', () => {
    const { k } = tapped();
    k.world.about = { ...ABOUT, cases: filedToday(CASES_A_DAY) };
    k.touch('case', about('other'), file('other', null));
    expect([k.effects('file-case'), k.state()]).toMatchObject([[], { remark: { code: 'cases-used-up' } }]);
    k.world.about = { ...ABOUT, cases: filedToday(CASES_A_DAY, '2027-01-14') };
    k.touch('back', 'back', 'case', about('goods-missing'), ref('k1.1.2'), file('goods-missing', 'k1.1.2'));
    expect(k.effects('file-case')).toHaveLength(1);
  });

  it('never asks for two records without an answer between them, nor for a sale, whatever is touched', () => {
    const touches = fc.oneof(
      fc.constantFrom<Act>(
        ...(['case', 'back', 'cancel', 'help', 'print', 'finish', 'page-next', 'statement', 'confirm'] as const).map(
          (type) => ({ type }),
        ),
      ),
      fc
        .constantFrom(...CASE_CODES)
        .chain((code) =>
          fc.constantFrom<Act>(about(code), ref('k1.1.6'), ref(null), file(code, 'k1.1.6'), file(code, null)),
        ),
      fc.constant('answer' as const),
    );
    fc.assert(
      fc.property(fc.array(touches, { maxLength: 60 }), (all) => {
        const { k, filed } = tapped();
        let open = 0;
        for (const touch of all) {
          const before = k.effects('file-case').length;
          const session = k.session();
          if (touch === 'answer') filed('k1.1.9');
          else k.touch(touch);
          if (touch === 'answer' || k.session() !== session) open = 0;
          open += k.effects('file-case').length - before;
          expect(open).toBeLessThanOrEqual(1);
        }
        expect(k.effects('commit')).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
