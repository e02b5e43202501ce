import type { Payload } from '../../protocol/records/payload.ts';

/** Journal, hub, ledger, stock and paper side by side: each way in which they may not differ, as a sentence. Pure. */

export interface SeenKiosk {
  readonly tid: string;
  readonly shop: string;
  readonly records: readonly JournalRow[];
  readonly jobs: readonly {
    readonly ep: number;
    readonly seq: number;
    readonly copy: number;
    readonly state: string;
  }[];
  /** Account -> what the kiosk may still spend. */
  readonly spendable: ReadonlyMap<string, number>;
  readonly slips: ReadonlyMap<string, { readonly originals: number; readonly copies: number }>;
  /** Record numbers that the screen called done. */
  readonly done: readonly string[];
  /** Touches of confirm. */
  readonly touched: number;
}
export interface JournalRow {
  readonly ep: number;
  readonly seq: number;
  readonly jws: string;
  readonly hash: string;
  readonly payload: Payload | null;
}
export interface Seen {
  readonly kiosks: readonly SeenKiosk[];
  readonly hub: {
    readonly records: readonly { readonly number: string; readonly jws: string }[];
    readonly judgements: readonly { readonly number: string; readonly hash: string; readonly stage: string }[];
    readonly balances: ReadonlyMap<string, number>;
    /** `<shop>.<sku>` -> pieces. */
    readonly shelves: ReadonlyMap<string, number>;
    readonly transfers: Readonly<Record<string, number>>;
  };
  /** Account -> all the points it ever had. */
  readonly credited: ReadonlyMap<string, number>;
}

export function levelFaults(seen: Seen): string[] {
  return [
    ...seen.kiosks.flatMap((kiosk) => [...toldFaults(kiosk), ...paperFaults(kiosk)]),
    ...hubFaults(seen),
    ...pointsFaults(seen),
    ...stockFaults(seen),
  ];
}

const numberOf = ({ tid }: SeenKiosk, { ep, seq }: { readonly ep: number; readonly seq: number }) =>
  `${tid}.${ep}.${seq}`;

/** What the screen said, against the journal. */
function toldFaults(kiosk: SeenKiosk): string[] {
  const redeems = new Set(kiosk.records.flatMap((row) => (row.payload?.type === 'redeem' ? numberOf(kiosk, row) : [])));
  const faults = kiosk.done
    .filter((number) => !redeems.has(number))
    .map((number) => `${number} was done on the screen and is no redeem of the journal`);
  if (new Set(kiosk.done).size !== kiosk.done.length) faults.push(`${kiosk.tid} called one record done twice`);
  if (redeems.size > kiosk.touched)
    faults.push(`${kiosk.tid} has ${redeems.size} redeems of ${kiosk.touched} touches of confirm`);
  return faults;
}

/** At most one original of each record, and one at least where the printer confirmed it. */
function paperFaults(kiosk: SeenKiosk): string[] {
  const faults: string[] = [];
  const known = new Map(kiosk.records.map((row) => [numberOf(kiosk, row), row.payload?.type] as const));
  for (const [number, { originals, copies }] of kiosk.slips) {
    if (known.get(number) !== 'redeem') faults.push(`${number} is on paper and is no redeem of the journal`);
    if (originals > 1) faults.push(`${number} has ${originals} originals on paper`);
    if (copies > 0) faults.push(`${number} has copies that nobody asked for`);
  }
  for (const job of kiosk.jobs) {
    const number = numberOf(kiosk, job);
    if (!OVER.includes(job.state)) faults.push(`the slip of ${number} is still ${job.state}`);
    if (job.state === 'confirmed' && kiosk.slips.get(number)?.originals !== 1)
      faults.push(`${number} counts as printed and is not on paper`);
  }
  return faults;
}
const OVER = ['confirmed', 'unknown', 'expired'];

/** Byte for byte the same records, each once and in effect. */
function hubFaults({ kiosks, hub }: Seen): string[] {
  const faults: string[] = [];
  const stored: Map<string, string> = new Map();
  for (const { number, jws } of hub.records) {
    if (stored.has(number)) faults.push(`${number} is at the hub twice`);
    stored.set(number, jws);
  }
  const judged = new Map(hub.judgements.map((row) => [row.number, row] as const));
  for (const kiosk of kiosks) {
    for (const row of kiosk.records) {
      const number = numberOf(kiosk, row);
      const jws = stored.get(number);
      if (jws === undefined) faults.push(`${number} is not at the hub`);
      else if (jws !== row.jws) faults.push(`${number} is another at the hub`);
      stored.delete(number);
      const { stage = 'not judged', hash } = judged.get(number) ?? {};
      if (stage !== 'matched' || hash !== row.hash) faults.push(`${number} is ${stage} at the hub`);
    }
  }
  for (const number of stored.keys()) faults.push(`${number} is at the hub and in no journal`);
  return faults;
}

/** Each account has what it had, less what it redeemed; each shop has that; kiosk and hub count the same allowance. */
function pointsFaults({ kiosks, hub: { balances, transfers }, credited }: Seen): string[] {
  const should: Map<string, number> = new Map(credited);
  const faults: string[] = [];
  const counts = { redeem: 0, void: 0 };
  for (const kiosk of kiosks) {
    let sold = 0;
    for (const { payload } of kiosk.records) {
      if (payload?.type !== 'redeem' && payload?.type !== 'void') continue;
      const pts = payload.type === 'redeem' ? payload.pts : -payload.pts;
      counts[payload.type] += 1;
      sold += pts;
      should.set(payload.acct, (should.get(payload.acct) ?? 0) - pts);
    }
    const shop = balances.get(`shop:${kiosk.shop}`) ?? 0;
    if (shop !== sold) faults.push(`${kiosk.shop} has ${shop} points at the hub, its kiosk sold ${sold}`);
    for (const [acct, pts] of kiosk.spendable) {
      const at = balances.get(`allowance:${acct}:${kiosk.tid}:1`) ?? 0;
      if (at !== pts) faults.push(`${acct} may spend ${pts} at ${kiosk.tid}, the hub counts ${at}`);
    }
  }
  const has: Map<string, number> = new Map();
  let total = 0;
  for (const [account, amount] of balances) {
    const [kind = '', acct = ''] = account.split(':');
    total += amount;
    if (OF_PERSON.has(kind)) has.set(acct, (has.get(acct) ?? 0) + amount);
  }
  for (const [acct, pts] of should) {
    if ((has.get(acct) ?? 0) !== pts) faults.push(`${acct} should have ${pts} points and has ${has.get(acct) ?? 0}`);
  }
  if (total !== 0) faults.push(`all accounts together hold ${total}`);
  for (const [kind, count] of Object.entries(counts)) {
    if ((transfers[kind] ?? 0) !== count)
      faults.push(`the hub has ${transfers[kind] ?? 0} transfers of ${count} records: ${kind}`);
  }
  return faults;
}
const OF_PERSON = new Set(['account', 'pending', 'allowance']);

/** Each shelf holds what was counted, less what was sold since, plus what was voided of that. */
function stockFaults({ kiosks, hub: { shelves } }: Seen): string[] {
  const faults: string[] = [];
  for (const kiosk of kiosks) {
    const should: Map<string, number> = new Map();
    const move = (sku: string, qty: number) => should.has(sku) && should.set(sku, (should.get(sku) ?? 0) + qty);
    const sales = new Map(kiosk.records.map((row) => [row.seq, row.payload] as const));
    for (const { payload } of kiosk.records) {
      if (payload?.type === 'stock') for (const { sku, qty } of payload.lines) should.set(sku, qty);
      if (payload?.type === 'redeem') for (const { sku, qty } of payload.lines) move(sku, -qty);
      const undone = payload?.type === 'void' ? sales.get(payload.ref) : null;
      if (undone?.type === 'redeem') for (const { sku, qty } of undone.lines) move(sku, qty);
    }
    if (should.size === 0) faults.push(`${kiosk.shop} never counted its stock`);
    for (const [sku, qty] of should) {
      const is = shelves.get(`${kiosk.shop}.${sku}`);
      if (is !== qty) faults.push(`the shelf of ${sku} at ${kiosk.shop} should hold ${qty}, the hub says ${is}`);
    }
  }
  return faults;
}
