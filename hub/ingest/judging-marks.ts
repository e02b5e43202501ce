import { cardToken } from '../../protocol/cards/token.ts';
import type { Hashing } from '../../protocol/crypto.ts';
import { toHex } from '../../protocol/primitives/bytes.ts';
import { recordNumber } from '../../protocol/records/number.ts';
import type { RedeemPayload } from '../../protocol/records/payload.ts';
import type { SignedRecord } from '../../protocol/records/record.ts';
import type { Limits } from '../../protocol/sync/messages.ts';
import { usedNear } from '../fleet/used.ts';
import type { Books } from '../ledger/books.ts';
import type { Flag } from '../ledger/judgement.ts';
import { beyondLimit, hasLimits, type Redeemed, type Used, unitsOf } from '../ledger/limits.ts';
import type { BlockRow, CountyRow, EpochRow } from '../ledger/tables.ts';
import { readPolicy } from '../programme/policy.ts';
import type { Seal } from '../programme/seal.ts';
import { openException, settleException } from '../reconcile/exceptions.ts';
import type { Judged } from './judging-write.ts';

/**
 * What the hub notices beside a verdict, knowing more than the kiosk could: a limit passed across kiosks, a card that had
 * been reported lost, a clock ahead of ours. Marked, with an exception where somebody should look; no point moves by it.
 */
export interface MarkDeps {
  readonly seal: Seal;
  readonly hashing: Hashing;
}

/** A kiosk's clock may be so far ahead of the hub's before it is called wrong. */
const CLOCK_SLACK_MS = 10 * 60_000;

export type Marker = (books: Books, run: Marking, at: number) => Promise<readonly Judged[]>;
interface Marking {
  readonly epoch: EpochRow;
  readonly county: CountyRow;
  readonly judged: readonly Judged[];
}

export function createMarker(deps: MarkDeps): Marker {
  const blocked = blockedCards();
  return async (books, run, at) => {
    const marks: Map<string, Flag[]> = new Map();
    const mark = (hash: string, flag: Flag) => marks.set(hash, [...(marks.get(hash) ?? []), flag]);
    const { limits } = readPolicy(run.county.policyJson);
    for (const { record } of run.judged)
      if ((record.payload?.at ?? 0) > at + CLOCK_SLACK_MS) mark(record.hash, 'clock');
    if (hasLimits(limits)) for (const hash of await beyond(books, run, limits)) mark(hash, 'limit');
    if (run.county.hotlistVersion > 1) {
      for (const hash of await withLostCards(books, run, await blocked(books, run.county), deps))
        mark(hash, 'lost-card');
    }
    await raise(books, run, marks, at);
    return marks.size === 0 ? run.judged : run.judged.map((each) => marked(each, marks.get(each.record.hash) ?? []));
  };
}

function marked({ record, judgement }: Judged, flags: readonly Flag[]): Judged {
  return { record, judgement: { ...judgement, flags: [...new Set([...judgement.flags, ...flags])] } };
}

async function raise(books: Books, { epoch, judged }: Marking, marks: ReadonlyMap<string, Flag[]>, at: number) {
  const chain = `${epoch.tid}.${epoch.ep}`;
  for (const { record, judgement } of judged) {
    const flags = [...judgement.flags, ...(marks.get(record.hash) ?? [])];
    const number = recordNumber(record);
    if (flags.includes('limit')) await openException(books, 'limit', number, at, {}, record.tid);
    if (flags.includes('lost-card')) await openException(books, 'blocked-card', number, at, {}, record.tid);
    if (flags.includes('clock')) await openException(books, 'clock', chain, at, { seq: record.seq }, record.tid);
  }
  const last = judged.at(-1);
  const wrong =
    last !== undefined && [...last.judgement.flags, ...(marks.get(last.record.hash) ?? [])].includes('clock');
  // Its newest record has a time that can be: the clock is right again.
  if (last !== undefined && !wrong) await settleException(books, 'clock', chain, at);
}

const redeemOf = (record: SignedRecord): RedeemPayload | null =>
  record.payload?.type === 'redeem' ? record.payload : null;

/** Hashes of redeems beyond a limit; counts what earlier records of the same run took. Keeps what limited items took. */
async function beyond(books: Books, { epoch, judged }: Marking, limits: Limits): Promise<string[]> {
  const undone = new Set(judged.flatMap(({ judgement }) => judgement.undoes ?? []));
  const whens = judged.flatMap(({ record }) => redeemOf(record)?.at ?? []);
  const times = { first: Math.min(...whens), last: Math.max(...whens) };
  const near: Map<string, { redeemed: Redeemed[]; used: Used[] }> = new Map();
  const found: string[] = [];
  for (const { record } of judged) {
    const sale = redeemOf(record);
    if (sale === null) continue;
    const { acct, at, day, pts, lines } = sale;
    let known = near.get(acct);
    if (known === undefined) {
      const { redeemed, used } = await usedNear(books, acct, times, limits);
      known = { redeemed: [...redeemed], used: [...used] };
      near.set(acct, known);
    }
    const skus = [...new Set(limits.items.map((limit) => limit.sku))];
    const taken = skus.map((sku) => ({ sku, qty: unitsOf(lines, sku), at })).filter((use) => use.qty > 0);
    const { tid, ep, seq } = record;
    await books.add(
      'uses',
      taken.map((use) => ({ tid, ep, seq, acct, ...use })),
    );
    if (undone.has(seq)) continue;
    if (beyondLimit(limits, sale, known.redeemed, known.used)) found.push(record.hash);
    known.redeemed.push({ day, at, pts });
    known.used.push(...taken);
  }
  await tellHome(books, epoch, [...near.keys()]);
  return found;
}

/** What was used here counts at home too: the entry is sent there again. */
async function tellHome(books: Books, epoch: EpochRow, accts: readonly string[]): Promise<void> {
  const residents = await books.many(
    'residents',
    accts.map((acct) => ({ acct })),
  );
  for (const row of residents) {
    if (row === undefined || row.village === epoch.village) continue;
    await books.put('residents', [{ ...row, rosterVersion: await books.nextVersion() }]);
  }
}

/** Blocked cards by account. Read once a version of the hotlist, which grows with each. */
function blockedCards() {
  let known: { readonly key: string; readonly byAcct: ReadonlyMap<string, readonly BlockRow[]> } | null = null;
  return async (books: Books, { inc, hotlistVersion }: CountyRow) => {
    const key = `${inc} ${hotlistVersion}`;
    if (known?.key === key) return known.byAcct;
    const byAcct: Map<string, BlockRow[]> = new Map();
    for (const row of await books.list('blocks', 'all', {})) {
      if (row.acct !== null) byAcct.set(row.acct, [...(byAcct.get(row.acct) ?? []), row]);
    }
    known = { key, byAcct };
    return byAcct;
  };
}

/** Redeems by a card after it was blocked: the kiosk did not know yet, and the record is honest. */
async function withLostCards(
  books: Books,
  { epoch, judged }: Marking,
  byAcct: ReadonlyMap<string, readonly BlockRow[]>,
  { seal, hashing }: MarkDeps,
): Promise<string[]> {
  const suspects = judged.flatMap(({ record }) => {
    const sale = redeemOf(record);
    const blocks = sale === null ? [] : (byAcct.get(sale.acct) ?? []).filter((block) => block.at <= sale.at);
    return sale === null || blocks.length === 0 ? [] : [{ hash: record.hash, sale, blocks }];
  });
  if (suspects.length === 0) return [];
  const village = await books.get('villages', { village: epoch.village });
  if (village === undefined) return [];
  const key = seal.open(village.pepperSealed, `pepper:${village.village}.${village.pepperVersion}`);
  const pepper = { version: village.pepperVersion, key };
  const found: string[] = [];
  for (const { hash, sale, blocks } of suspects) {
    const cards = await books.many('cards', blocks);
    const tokens = cards.flatMap((card) =>
      card === undefined ? [] : [cardToken(pepper, card.kind, toHex(seal.open(card.uidSealed, 'uid')), hashing)],
    );
    if (tokens.includes(sale.card)) found.push(hash);
  }
  return found;
}
