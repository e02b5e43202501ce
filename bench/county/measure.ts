import type { Page } from '../../protocol/api/console.ts';
import type { SignedRecord } from '../../protocol/records/record.ts';
import type { SyncResponse } from '../../protocol/sync/messages.ts';
import { stopped } from '../support/demo.ts';
import { type Answer, type Asking, asking, isSlow } from './asking.ts';
import { enrolByHttp, syncByHttp, type Talk } from './kiosk.ts';
import type { MonthJob } from './month.ts';
import { peopleOf } from './people.ts';
import { OPERATORS, passwordOf } from './places.ts';
import type { CountyPlan, VillagePlan } from './plan.ts';
import { startHub } from './real-hub.ts';
import { signHere } from './sign-threads.ts';

/** What kiosks and people ask of a county of full size, each answer with its time. */

export interface Measuring {
  readonly plan: CountyPlan;
  readonly configFile: string;
  readonly address: string;
  readonly inc: string;
  /** A village whose first terminal is enrolled now. */
  readonly joining: VillagePlan;
  /** How the busy terminal's month was made, to sign the day that comes next. */
  readonly busy: MonthJob;
  readonly say: (line: string) => void;
}

/** Three answers must come within this: a first roster, a day close, the list of exceptions. */
const WITHIN_MS = 1_000;
const ROSTER_PAGES_MAX = 1_000;
const LIST_PAGES_MAX = 200;

/** Answers those that came too late. */
export async function measureCounty(measuring: Measuring): Promise<readonly Answer[]> {
  const { plan, configFile, address, inc, say } = measuring;
  const hub = await startHub(configFile, address);
  say(`${String(Math.round(hub.startMs)).padStart(7)} ms  the hub starts, until it is ready`);
  try {
    const ask = asking(address, say);
    const talk: Talk = { address, seed: plan.seed, inc };
    await firstRoster(ask, talk, measuring.joining);
    await dayClose(ask, talk, measuring.busy);
    await ask.signIn(OPERATORS[0], passwordOf(plan.seed, OPERATORS[0]));
    await exceptionsList(ask);
    await otherPages(ask, plan, measuring.busy.place);
    return ask.answers.filter(isSlow);
  } finally {
    await stopped(hub.child);
  }
}

async function firstRoster(ask: Asking, talk: Talk, { tid, village, shop, residents }: VillagePlan): Promise<void> {
  const head = await enrolByHttp(ask, talk, tid, shop);
  const have = { seq: 0, head };
  const first = await ask.timed(
    `the first roster of a new home terminal in ${village} (${residents} residents), first answer`,
    () => syncByHttp(talk, tid, have, []),
    (answer) => `${answer.roster?.entries.length} entries, ${answer.grants.length} grants, ${hotlistOf(answer)}`,
    WITHIN_MS,
  );
  await ask.timed(
    'the whole of that roster',
    () => restOfRoster(talk, tid, have, first),
    ({ pages, entries, slowestMs }) => `${pages} answers, ${entries} entries, the slowest ${Math.round(slowestMs)} ms`,
  );
}

const hotlistOf = ({ hotlist }: SyncResponse) => `${hotlist?.tokens.length ?? 0} blocked cards`;

async function restOfRoster(talk: Talk, tid: string, have: { seq: number; head: string }, first: SyncResponse) {
  const accounts = new Set(first.roster?.entries.map(({ acct }) => acct));
  const known = { hotlist: first.hotlist?.version ?? 0, policy: first.policy?.version ?? 0, catalogue: 1 };
  let roster = first.roster?.version ?? 0;
  let [pages, slowestMs, wait] = [1, 0, first.retryAfter];
  while (wait === 0 && pages < ROSTER_PAGES_MAX) {
    const began = performance.now();
    const answer = await syncByHttp(talk, tid, have, [], { ...known, roster });
    slowestMs = Math.max(slowestMs, performance.now() - began);
    for (const { acct } of answer.roster?.entries ?? []) accounts.add(acct);
    roster = answer.roster?.version ?? roster;
    wait = answer.retryAfter;
    pages += 1;
  }
  return { pages, entries: accounts.size, slowestMs };
}

/** A day of the busy terminal comes in two syncs: what it sold, and the close of it. */
async function dayClose(ask: Asking, talk: Talk, job: MonthJob): Promise<void> {
  const { tid } = job.place;
  const { records } = await signHere.sign({ ...job, days: job.days + 1 });
  const sold = 1 + job.days * job.recordsADay;
  const today = records.slice(sold);
  const close = today.at(-1);
  if (close?.type !== 'close') throw new Error(`the day of ${tid} does not end in a close`);
  const have = ({ seq, hash }: SignedRecord) => ({ seq, head: hash });
  const want = { judged: sold, roster: Number.MAX_SAFE_INTEGER, catalogue: 1, hotlist: 99, policy: 1 };
  const before = today.at(-2) ?? close;
  await ask.timed(
    `a day of ${tid} by sync`,
    () => syncByHttp(talk, tid, have(before), today.slice(0, -1), want),
    (answer) => `${today.length - 1} records sent, ${answer.judged.length} judged`,
  );
  const closed = await ask.timed(
    'the close of that day by sync',
    () => syncByHttp(talk, tid, have(close), [close], { ...want, judged: close.seq - 1 }),
    (answer) => answer.judged.map(({ seq, stage }) => `${seq} ${stage}`).join(', '),
    WITHIN_MS,
  );
  if (closed.judged[0]?.stage !== 'closed') throw new Error(`the close of ${tid} was not matched`);
}

async function exceptionsList(ask: Asking): Promise<void> {
  const rows = ({ rows: list, next }: Page<unknown>) => `${list.length} rows${next === null ? '' : ', more behind'}`;
  await ask.look('the exceptions list, first page', '/exceptions', rows, WITHIN_MS);
  await ask.look(
    'the exceptions list, overdue and nobody’s',
    '/exceptions?overdue=true&owner=nobody&limit=200',
    rows,
    WITHIN_MS,
  );
  await ask.look('the exceptions list, of one kind', '/exceptions?kind=over-allowance&limit=200', rows, WITHIN_MS);
  await ask.look('closed exceptions', '/exceptions?state=closed', rows);
  await ask.timed(
    'the whole exceptions list',
    () => allPages(ask),
    (told) => told,
  );
}

async function allPages(ask: Asking): Promise<string> {
  let [pages, rows, cursor] = [0, 0, ''];
  while (pages < LIST_PAGES_MAX) {
    const path = `/exceptions?limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const page = (await ask.get(path)) as Page<unknown>;
    pages += 1;
    rows += page.rows.length;
    if (page.next === null) break;
    cursor = page.next;
  }
  return `${rows} open in ${pages} pages`;
}

async function otherPages(ask: Asking, plan: CountyPlan, place: VillagePlan): Promise<void> {
  const people = peopleOf(plan.seed, place);
  const person = people[Math.floor(people.length / 2)];
  if (person === undefined) throw new Error('a village of nobody');
  const { acct, name } = person;
  const last4 = person.cards[0]?.last4 ?? '';
  const rows = ({ rows: list }: { rows: unknown[] }) => `${list.length} rows`;
  const { tid, shop } = place;
  const home = ({ records }: { records: Record<string, number> }) => `${records.closed} records closed`;
  await ask.look('the home page', '/home', home);
  await ask.look('the home page again', '/home', home);
  for (const [what, path] of [
    ['residents, first page', '/balances'],
    ['residents by name', `/balances?q=${encodeURIComponent(name)}`],
    ['residents by a name nobody has', `/balances?q=${encodeURIComponent('龘龘')}`],
    ['residents by account', `/balances?q=${acct}`],
    ['residents by a card’s last four', `/balances?q=${last4}`],
    ['records, newest first', '/records'],
    ['records of one terminal', `/records?tid=${tid}`],
    ['records by number', `/records?q=${tid}.1.100`],
    ['records by account', `/records?q=${acct}`],
    ['records by name', `/records?q=${encodeURIComponent(name)}`],
    ['records in quarantine', '/records?stage=quarantined'],
    ['records behind a gap', '/records?stage=gap'],
    ['terminals', '/terminals'],
    ['credits that nobody approved yet', '/credits?state=made'],
    ['credits of one account', `/credits?acct=${acct}`],
    ['requests that are open', '/requests?state=open'],
    ['one shop’s shelves', `/shelves?shop=${shop}`],
    ['one record as evidence', `/records/${tid}.1.100`],
  ] as const)
    await ask.look(what, path, rows);
  await ask.look('one resident', `/residents/${acct}`, ({ cards }: { cards: unknown[] }) => `${cards.length} cards`);
}
