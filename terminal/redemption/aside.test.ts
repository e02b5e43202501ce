import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CASE_CODES } from '../../protocol/api/aside.ts';
import type { Act } from '../../protocol/api/kiosk.ts';
import { ABOUT, clerk, other, person, resident, sessionStand } from '../../test/support/session-stand.ts';
import { CASE_ROWS, CASES_A_DAY, pageOf, pagesOf, STATEMENT_ROWS, USED_ROWS } from './aside.ts';
import { IDLE } from './state.ts';
import { IDLE_END_MS, IDLE_WARNING_MS, idleSecondsLeft } from './timers.ts';

/** The side ways from the balance, told event by event. */

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

describe('a resident’s statement and what is held', () => {
  it.each(['statement', 'mydata', 'case'] as const)(
    '%s opens from the balance alone, and leads back to it',
    (screen) => {
      const { k } = tapped();
      k.touch('choose', screen);
      expect(k.screen()).toBe('choose');
      k.touch('back', screen);
      expect(k.screen()).toBe(screen);
      k.touch('choose', { type: 'item', sku: 'salt' }, 'basket', 'confirm');
      expect(k.screen()).toBe(screen);
      k.touch('back');
      expect(k.screen()).toBe('balance');
    },
  );

  it('shows a page at a time, and the pages go round', () => {
    const { k, aside } = tapped();
    k.touch('statement');
    const shown = () => pageOf(aside() ?? never(), STATEMENT_ROWS).map(({ number }) => number);
    expect(shown()).toEqual(['k1.1.8', 'k1.1.7', 'k1.1.6', 'k1.1.5']);
    k.touch('page-next');
    expect(shown()).toEqual(['k1.1.4', 'k1.1.3', 'k1.1.2']);
    k.touch('page-next');
    expect(aside()?.page).toBe(0);
    k.touch('page-back');
    expect(aside()?.page).toBe(1);
  });

  it.each([
    ['statement', 0, 1],
    ['statement', STATEMENT_ROWS, 1],
    ['statement', STATEMENT_ROWS + 1, 2],
    ['case', CASE_ROWS + 1, 2],
  ] as const)('%s of %i redemptions has %i pages', (screen, count, pages) => {
    const redemptions = Array.from({ length: count }, () => ABOUT.redemptions[0] ?? never());
    const report = { step: 'which', code: 'other' } as const;
    expect(pagesOf(screen, { about: { ...ABOUT, redemptions }, page: 0, paper: 'none', report })).toBe(pages);
  });

  it('gives what was used elsewhere pages of its own', () => {
    const { k, aside } = tapped();
    const items = Array.from({ length: USED_ROWS + 1 }, (_, n) => ({ sku: `s${n}`, qty: 1 }));
    k.world.about = { ...ABOUT, used: { day: '2027-01-15', pts: 9, items } };
    k.touch('mydata', 'page-back');
    expect(aside()?.page).toBe(2);
  });

  it('is of the moment it was opened: a card that left the roster meanwhile is told so', () => {
    const { k } = tapped();
    k.world.about = null;
    k.touch('statement');
    expect(k.state()).toMatchObject({ at: 'error', code: 'unknown-card', back: null });
  });

  it('keeps its screen and page over language and help, and refuses another card', () => {
    const { k, aside } = tapped();
    k.touch('statement', 'page-next', { type: 'language', language: 'en' }, 'help');
    expect(k.screen()).toBe('help');
    k.touch('back');
    for (const card of [other, clerk]) {
      k.tap(card);
      expect(k.state()).toMatchObject({ screen: 'statement', language: 'en', remark: { code: 'other-card' } });
    }
    expect(aside()?.page).toBe(1);
    k.scan('salt');
    expect(k.screen()).toBe('statement');
  });

  it('ends with the session: left, or nobody there', () => {
    const { k } = tapped();
    k.touch('mydata', 'cancel');
    expect(k.state()).toEqual(IDLE);
    k.tap(resident);
    k.touch('statement');
    k.wait(IDLE_WARNING_MS);
    const state = k.state();
    expect(state.at === 'resident' && idleSecondsLeft(state, IDLE_WARNING_MS)).toBe(30);
    k.wait(IDLE_END_MS - IDLE_WARNING_MS);
    expect(k.state()).toEqual(IDLE);
  });
});

describe('its paper', () => {
  it('is printed once for a double touch, and again only when the screen is opened anew', () => {
    const { k, aside, ended } = tapped();
    k.touch('statement', 'print', 'print');
    expect(k.effects('print-paper')).toEqual([
      { type: 'print-paper', session: k.session(), token: person.token, paper: 'statement' },
    ]);
    ended('printed');
    k.touch('print');
    expect([aside()?.paper, k.effects('print-paper').length]).toEqual(['printed', 1]);
    k.touch('back', 'mydata', 'print');
    expect(k.effects('print-paper')[1]).toMatchObject({ paper: 'held' });
  });

  it.each(['unknown', 'expired'] as const)('that ended %s may be asked for again', (outcome) => {
    const { k, ended } = tapped();
    k.touch('mydata', 'print');
    ended(outcome);
    k.touch('print');
    expect(k.effects('print-paper')).toHaveLength(2);
  });

  it('goes on printing while another screen is opened; there a second one waits for it', () => {
    const { k, ended } = tapped();
    k.touch('statement', 'print', 'back', 'mydata', 'print');
    expect(k.effects('print-paper')).toHaveLength(1);
    ended('printed');
    k.touch('back', 'mydata', 'print');
    expect(k.effects('print-paper')).toHaveLength(2);
  });

  it.each(['paper-out', 'printer-absent', 'printer-fault'] as const)('is not asked for with %s', (notice) => {
    const { k, aside } = tapped();
    k.world.notices = [notice];
    k.touch('statement', 'print');
    expect([aside()?.paper, k.effects('print-paper')]).toEqual(['none', []]);
  });

  it('keeps the session waiting while it prints, and its end begins the wait anew', () => {
    const { k, ended } = tapped();
    k.touch('statement', 'print');
    k.wait(10 * IDLE_END_MS);
    expect(k.screen()).toBe('statement');
    ended('printed');
    k.wait(IDLE_END_MS - 1);
    expect(k.screen()).toBe('statement');
    k.wait(1);
    expect(k.state()).toEqual(IDLE);
  });

  it('of a session that is over tells the next person nothing', () => {
    const { k, aside, ended } = tapped();
    k.touch('statement', 'print');
    const before = k.session() ?? '';
    k.touch('cancel');
    k.tap(other);
    k.touch('statement', 'print');
    ended('printed', before);
    expect(aside()?.paper).toBe('printing');
  });
});

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

function never(): never {
  throw new Error('there is nothing');
}
