import { describe, expect, it } from 'vitest';
import { ABOUT, clerk, other, person, resident, sessionStand } from '../../test/support/session-stand.ts';
import { CASE_ROWS, pageOf, pagesOf, paperSaid, STATEMENT_ROWS, USED_ROWS } from './aside.ts';
import { IDLE } from './state.ts';
import { IDLE_END_MS, IDLE_WARNING_MS, idleSecondsLeft } from './timers.ts';

/** The side ways from the balance, told event by event. */

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

  it.each([
    ['none', [], null],
    ['none', ['paper-near-end', 'printer-degraded'], null],
    ['none', ['printer-absent', 'paper-out'], 'no-paper'],
    ['printing', [], 'printing'],
    ['printing', ['printer-fault'], 'no-printer'],
    ['printed', ['paper-out'], 'printed'],
    ['unknown', ['printer-fault'], 'unknown'],
    ['expired', ['paper-out'], 'no-paper'],
    ['expired', [], 'expired'],
  ] as const)('%s with %o is said as %s', (paper, notices, said) => {
    expect(paperSaid({ about: ABOUT, page: 0, paper, report: { step: 'what' } }, notices)).toBe(said);
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

function never(): never {
  throw new Error('there is nothing');
}
