import type { CounterRemark, CounterView, FindView, FoundView, VoidableView } from '../../protocol/api/counter.ts';
import type { KioskView, NoticeCode, Screen } from '../../protocol/api/kiosk.ts';
import type { Fixture } from './fixture.ts';

/** Made-up views of the clerk's counter, and of a resident's screens while a clerk helps. */

const PEOPLE: readonly FoundView[] = [
  { acct: 'a1', name: '欧阳*㙓', initials: 'oycm', last4: '0427' },
  ...['张*芳', '王*国', '李*英', '赵*柱', '陈*生'].map((name, nth) => ({
    ...{ acct: `a${nth + 2}`, name, initials: 'zgf' },
    last4: nth === 4 ? '' : `610${nth}`,
  })),
];
const find: FindView = { by: 'initials', keys: 'zg', count: 6, more: false, people: [], page: 0, pages: 1 };

const ROWS: readonly VoidableView[] = [0, 1, 2, 3, 4, 5].map((nth) => ({
  ...{ seq: 10_421 - nth, number: `k1.12.${10_421 - nth}`, time: `14:0${8 - nth}` },
  ...{ name: nth === 0 ? '欧阳*㙓' : '张*芳', pts: 1_465 - nth * 30, own: nth === 2 },
}));
const ROW = ROWS[0] as VoidableView;

const SERVED = { name: '欧阳*㙓', last4: '0427', hasPin: true, triesLeft: 3, again: false, present: true };

const REMARKS: readonly CounterRemark[] = [
  ...(['voided', 'void-closed', 'void-twice', 'void-nothing', 'void-own', 'void-stopped'] as const),
];
const ALL_NOTICES: readonly NoticeCode[] = ['reader-absent', 'printer-absent', 'paper-out'];

/** The screens that a helped resident sees, by the fixtures that are the fullest of each. */
const HELPED: readonly string[] = [
  ...['balance-held', 'choose-basket', 'choose-refused', 'choose-remark', 'quantity-most', 'confirm', 'confirm-many'],
  ...['confirm-six', 'confirm-committing', 'pin-last-try', 'idle', 'done-unknown', 'error-in-session', 'help'],
];

export function counterFixtures(others: readonly Fixture[]): readonly Fixture[] {
  const fixture = (name: string) => others.find((each) => each.name === name)?.view as KioskView;
  const plain = fixture('clerk-card');
  const { served: _, ...base } = plain;
  const at = (screen: Screen, counter: CounterView): KioskView => ({ ...base, screen, counter });
  const named = (name: string, view: KioskView): Fixture => ({ name, view });
  const { lines } = fixture('confirm').basket ?? { lines: [] };
  const many = fixture('confirm-many').basket?.lines ?? [];
  const print = fixture('clerk-prints').clerk?.prints[0] ?? null;
  const list = at('clerk-void', { voidable: { rows: ROWS, page: 0, pages: 3 } });
  return [
    named('clerk-home', at('clerk-home', { unsurePrints: 0 })),
    named('clerk-home-attention', { ...at('clerk-home', { unsurePrints: 2 }), notices: ['paper-near-end'] }),
    named('clerk-home-much', { ...at('clerk-home', { unsurePrints: 12 }), notices: ALL_NOTICES, offline: true }),
    named('clerk-find', at('clerk-find', { find: { ...find, keys: '', count: 0 } })),
    named('clerk-find-typed', at('clerk-find', { find })),
    named('clerk-find-many', at('clerk-find', { find: { ...find, keys: 'zgfabcde', count: 60, more: true } })),
    named('clerk-find-nobody', at('clerk-find', { find: { ...find, keys: 'zgx', count: 0 } })),
    named('clerk-find-last4', at('clerk-find', { find: { ...find, by: 'last4', keys: '0427', count: 1 } })),
    named('clerk-found', at('clerk-found', { find: { ...find, people: PEOPLE, pages: 3, page: 1 } })),
    named('clerk-found-one', at('clerk-found', { find: { ...find, people: PEOPLE.slice(0, 1), count: 1 } })),
    named(
      'clerk-found-many',
      at('clerk-found', { find: { ...find, people: PEOPLE, pages: 10, count: 60, more: true } }),
    ),
    named('clerk-found-nobody', at('clerk-found', { find: { ...find, count: 0 } })),
    named('clerk-card-none', { ...base, screen: 'clerk-card' }),
    named('clerk-card-looked-up', { ...plain, served: { ...SERVED, present: false, triesLeft: 1 } }),
    named('clerk-card-visitor', { ...plain, remark: { id: 1, code: 'help-visitor' } }),
    named('clerk-void', list),
    named('clerk-void-none', at('clerk-void', { voidable: { rows: [], page: 0, pages: 1 } })),
    ...REMARKS.map((code) => named(`clerk-void-${code}`, { ...list, remark: { id: 1, code } })),
    named('clerk-void-one', at('clerk-void-one', { undoing: { row: ROW, lines, reason: null } })),
    named('clerk-void-one-many', at('clerk-void-one', { undoing: { row: ROW, lines: many, reason: 'wrong-person' } })),
    named('clerk-slip', at('clerk-slip', { slip: { keys: '', print: null } })),
    named('clerk-slip-found', at('clerk-slip', { slip: { keys: '0131', print } })),
    named('clerk-slip-none', at('clerk-slip', { slip: { keys: '99999999', print: null } })),
    ...HELPED.map((name) =>
      named(`helped-${name}`, { ...fixture(name), helper: { clerk: '欧阳*国', resident: '欧阳*㙓' } }),
    ),
  ];
}
