import { createCore } from '../../hub/core.ts';
import { topUp } from '../../hub/fleet/grants.ts';
import { hashPin } from '../../hub/operators/passwords.ts';
import type { HubParts } from '../../hub/parts.ts';
import { prepareCounty } from '../../hub/programme/import.ts';
import { storeCounty } from '../../hub/programme/store-county.ts';
import { nodeHashing, nodeVerifying } from '../../protocol/node/crypto.ts';
import { enrolTerminal } from './enrol-terminal.ts';
import type { Month } from './month.ts';
import { monthBegins, monthJob } from './month-job.ts';
import { CAP_PTS, peopleOf } from './people.ts';
import { placesOf } from './places.ts';
import { type CountyPlan, randomOf, type VillagePlan } from './plan.ts';
import type { MonthSigning } from './sign-threads.ts';
import { storePeople } from './store-people.ts';
import { takeMonth } from './take-month.ts';

/**
 * Makes a county in an empty hub store: its places and people as an import leaves them, each terminal enrolled and its
 * allowances granted, and a month of signed records taken into custody, judged and posted by the hub's own rules.
 */

export interface MakeDeps {
  readonly parts: HubParts;
  readonly signing: MonthSigning;
  /** When the making is said to happen; the month ends before it. */
  readonly nowMs: number;
  readonly say: (done: Made) => void;
}
export interface Made {
  readonly terminals: number;
  readonly residents: number;
  readonly records: number;
}

/** A village that is stored, and its month, which is being signed. */
interface Begun {
  readonly place: VillagePlan;
  readonly month: Promise<Month>;
}

/** Months signed ahead of the one that is stored: each is some megabytes. */
const AHEAD = 3;
/** Of hundreds of accounts each: more than any village has. */
const GRANT_ROUNDS_MAX = 100;

export async function makeCounty(plan: CountyPlan, deps: MakeDeps): Promise<Made> {
  const { parts, signing, nowMs, say } = deps;
  const { store, seal, hub, config } = parts;
  const fromMs = monthBegins(nowMs, plan.days);
  const clock = { ms: fromMs - 3_600_000 };
  const random = randomOf(plan.seed, 'secrets');
  const randomBytes = (n: number) => Uint8Array.from({ length: n }, () => Math.floor(random() * 256));
  const core = createCore({
    ...{ books: store.books, seal, hub, crypto: { ...nodeHashing, ...nodeVerifying }, randomBytes },
    ...{ receiptBase: config.publicUrl, pollMs: config.pollMs, nowMs: () => clock.ms },
    onFault(what, error) {
      throw new Error(`making the county: ${what}`, { cause: error });
    },
  });
  const county = { county: config.county, seal, hub, randomBytes, onProgress: () => undefined };
  const prepared = await prepareCounty(placesOf(plan), county);
  if (!(await store.books.write((books) => storeCounty(books, config.county, prepared, clock.ms))))
    throw new Error('this store holds a county already');
  const pin = await hashPin('1357');
  let cards = 0;
  let made: Made = { terminals: 0, residents: 0, records: 0 };

  async function begin(place: VillagePlan): Promise<Begun> {
    const people = peopleOf(plan.seed, place);
    clock.ms = fromMs - 3_600_000;
    cards = await store.books.write((books) =>
      storePeople(books, place.village, people, { seal, pin, nowMs, cardsBefore: cards }),
    );
    await enrolTerminal(core.enrolment, plan.seed, place);
    await grantAllowances(place);
    const month = signing.sign(await monthJob(parts, plan, place, nowMs));
    // It is waited for some villages later; a failure until then is not an unhandled one.
    month.catch(() => undefined);
    return { place, month };
  }
  /** What each sync would have given, until nobody is due more. */
  async function grantAllowances({ tid, village }: VillagePlan): Promise<void> {
    for (let round = 0; round < GRANT_ROUNDS_MAX; round++) {
      const left = await store.books.write(async (books) => {
        const epoch = await books.get('epochs', { tid, ep: 1 });
        const row = await books.get('counties', {});
        if (epoch === undefined || row === undefined) throw new Error(`${tid} was not enrolled`);
        await topUp(books, epoch, CAP_PTS, { hub, county: row, at: clock.ms });
        return epoch.state === 'open' && (await books.list('dues', 'ofVillage', { village }, { limit: 1 })).length > 0;
      });
      if (!left) return;
    }
    throw new Error(`${tid} is still due points after ${GRANT_ROUNDS_MAX} rounds`);
  }
  async function finish({ place, month }: Begun): Promise<void> {
    const { residents } = place;
    const taken = { place, month: await month, nowMs, days: plan.days, fromMs };
    const records = await takeMonth(store.books, core.judging, clock, taken);
    await grantAllowances(place);
    made = { terminals: made.terminals + 1, residents: made.residents + residents, records: made.records + records };
    say(made);
  }

  const waiting: Begun[] = [];
  for (const place of plan.villages) {
    waiting.push(await begin(place));
    const next = waiting.length > AHEAD ? waiting.shift() : undefined;
    if (next !== undefined) await finish(next);
  }
  for (const next of waiting) await finish(next);
  clock.ms = nowMs;
  await core.jobs.runOnce();
  return made;
}
