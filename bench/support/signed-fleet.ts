import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { emptyEpoch } from '../../hub/fleet/enrolment.ts';
import { ledgerAccount } from '../../hub/ledger/accounts.ts';
import type { Books } from '../../hub/ledger/books.ts';
import type { AllowanceRow, EpochRow } from '../../hub/ledger/tables.ts';
import { type Transfer, transfer } from '../../hub/ledger/transfers.ts';
import type { CountyPolicy } from '../../hub/programme/policy.ts';
import type { Signer } from '../../protocol/crypto.ts';
import { enrolmentDocument } from '../../protocol/documents/kinds.ts';
import { signDetached } from '../../protocol/jws/compact.ts';
import { nodeHashing, nodeSigner } from '../../protocol/node/crypto.ts';
import { toBase64url } from '../../protocol/primitives/base64url.ts';
import { utf8 } from '../../protocol/primitives/bytes.ts';
import type { Payload } from '../../protocol/records/payload.ts';
import { encodeRecord, hashOf, type SignedRecord } from '../../protocol/records/record.ts';
import type { SyncRequest } from '../../protocol/sync/messages.ts';

/** A county of kiosks whose records were signed beforehand: what the ingest benchmarks and the crash tests send. */

export interface Fleet {
  readonly terminals: readonly FleetTerminal[];
  readonly accountsPerTerminal: number;
  readonly inc: string;
}
export interface FleetTerminal {
  readonly tid: string;
  readonly signer: Signer;
  readonly enrolment: string;
  readonly records: readonly SignedRecord[];
}
export interface FleetSize {
  readonly terminals: number;
  readonly records: number;
  /** Every so many records a sale at a price that is not the county's: it will be held for two people. */
  readonly wrongPriceEvery?: number;
}

export const FLEET_COUNTY = 'bench';
const ACCOUNTS = 20;
const PTS = 10;
const WRONG_PTS = 12;
const SALES_A_DAY = 48;
const VOID_EVERY = 24;
const DAY_MS = 86_400_000;

export function signFleet(size: FleetSize, hub: Signer, inc: string): Fleet {
  const { terminals, records } = size;
  const from = Date.now() - 30 * DAY_MS;
  const chain = { from, count: Math.ceil(records / terminals), wrongPriceEvery: size.wrongPriceEvery ?? 0 };
  return {
    inc,
    accountsPerTerminal: ACCOUNTS,
    terminals: Array.from({ length: terminals }, (_, n) => {
      const tid = `t${n + 1}`;
      const signer = nodeSigner(`${tid}.1`, randomBytes(32));
      const place = { county: FLEET_COUNTY, tid, ep: 1, village: `v${n + 1}`, shop: `s${n + 1}` };
      const keys = { key: toBase64url(signer.publicKey), hubKid: hub.kid, hubKey: toBase64url(hub.publicKey) };
      const enrolment = enrolmentDocument.sign({ v: 1, ...place, ...keys, at: from, inc }, hub);
      return { tid, signer, enrolment, records: signChain(tid, signer, enrolment, chain) };
    }),
  };
}

interface ChainSize {
  readonly from: number;
  readonly count: number;
  readonly wrongPriceEvery: number;
}

/** A month: it opens, sells, undoes a sale now and then, and closes its days. */
function signChain(tid: string, signer: Signer, enrolment: string, size: ChainSize): SignedRecord[] {
  const { from, count, wrongPriceEvery } = size;
  const records: SignedRecord[] = [];
  const sums = Array.from({ length: ACCOUNTS }, () => ({ S: 0, V: 0, R: 0 }));
  let day = newDay(1);
  let tot = 0;
  const write = (fields: object) => {
    const seq = records.length + 1;
    const prev = records.at(-1)?.hash ?? hashOf(enrolment, nodeHashing);
    const at = from + seq * 60_000;
    const common = { v: 1, tid, ep: 1, seq, prev, at, up: seq * 60_000, boot: 'bench', day: '2026-03-01', tot };
    records.push(encodeRecord({ ...common, ...fields } as Payload, signer, nodeHashing));
  };
  const close = () => {
    const { redeemed, voided } = day;
    const units = redeemed.count - voided.count;
    const byItem = units === 0 ? {} : { rice: { count: units, pts: redeemed.pts - voided.pts } };
    const span = { from: day.from, to: records.length };
    write({ type: 'close', ...span, redeemed, voided, byItem, auto: false, unresolved: [] });
    day = newDay(records.length + 1);
  };
  const tally = (sum: { count: number; pts: number }, pts: number) => {
    sum.count += 1;
    sum.pts += pts;
  };
  write({ type: 'open', reason: 'enrol', sw: '0' });
  while (records.length < count) {
    const n = records.length % ACCOUNTS;
    const acct = accountOf(tid, n);
    const pts = wrongPriceEvery > 0 && records.length % wrongPriceEvery === 0 ? WRONG_PTS : PTS;
    const mine = sums[n] ?? { S: 0, V: 0, R: 0 };
    mine.S += pts;
    tot += pts;
    tally(day.redeemed, pts);
    const lines = [{ sku: 'rice', rev: 1, qty: 1, pts }];
    const auth = { level: 'uid', pin: false, hotlist: 0 };
    write({ type: 'redeem', acct, card: `1.${'A'.repeat(22)}`, lines, pts, ...mine, auth, tot });
    if (records.length % VOID_EVERY === 0) {
      mine.V += pts;
      tot -= pts;
      tally(day.voided, pts);
      write({ type: 'void', ref: records.length, acct, pts, ...mine, reason: 'mistake', tot });
    }
    if (day.redeemed.count === SALES_A_DAY) close();
  }
  return records.slice(0, count);
}

function newDay(from: number) {
  return { from, redeemed: { count: 0, pts: 0 }, voided: { count: 0, pts: 0 } };
}

function accountOf(tid: string, n: number): string {
  return `${tid}a${n}`;
}

const POLICY: CountyPolicy = { capPts: 300, pinAbovePts: 50, objectionDays: 7, lifeDays: 365 };

/** The county as it stands before the kiosks come: enrolled, their residents' points granted. */
export async function storeFleet(
  books: Books,
  fleet: Fleet,
  seal: (what: string) => Uint8Array,
  policy: CountyPolicy = POLICY,
): Promise<void> {
  const { inc } = fleet;
  await books.add('counties', [
    {
      ...{
        id: FLEET_COUNTY,
        name: '县',
        nameEn: 'Bench',
        timeZone: 'Asia/Shanghai',
        inc,
        downlinkVersion: 1,
        restoring: 0,
      },
      ...{ policyJson: JSON.stringify(policy), policyVersion: 1 },
      ...{ catalogueJws: null, catalogueVersion: 0, hotlistVersion: 0 },
    },
  ]);
  await books.add('items', [{ sku: 'rice', rev: 1, pts: PTS, name: 'rice', reimburseFen: 100, fromAt: 0 }]);
  for (const { tid, signer, enrolment, records } of fleet.terminals) {
    const n = tid.slice(1);
    const [village, shop] = [`v${n}`, `s${n}`];
    const pepperSealed = seal(`pepper:${village}.1`);
    await books.add('villages', [{ village, name: '村', nameEn: 'V', pepperVersion: 1, pepperSealed }]);
    await books.add('shops', [{ shop, village, name: '店', nameEn: 'S', phone: '' }]);
    await books.add('terminals', [{ tid, shop, lastSyncAt: null, healthJson: null }]);
    const opened: EpochRow = {
      ...emptyEpoch(tid, 1, shop, village),
      ...{ state: 'open', codeHash: utf8(tid), issuedBy: 'ann', confirmedBy: 'ben', publicKey: signer.publicKey },
      ...{ enrolmentJws: enrolment, enrolmentHash: hashOf(enrolment, nodeHashing), reportedInc: inc },
      pepperSealed: seal(`terminal-pepper:${tid}.1`),
    };
    await books.add('epochs', [opened]);
    await storeAccounts(books, tid, village, records.length * PTS);
  }
}

async function storeAccounts(books: Books, tid: string, village: string, pts: number): Promise<void> {
  const accts = Array.from({ length: ACCOUNTS }, (_, n) => accountOf(tid, n));
  const person = { village, name: '人', initials: 'r', rosterVersion: 1, preferencesJson: null, leftAt: null };
  await books.add(
    'residents',
    accts.map((acct) => ({ acct, ...person })),
  );
  const { programme, pending, account, allowance } = ledgerAccount;
  const moves = accts.flatMap((acct): Transfer[] => [
    transfer('earn', `earn:${acct}`, programme, pending(acct), pts, acct),
    transfer('post', `post:${acct}`, pending(acct), account(acct), pts, acct),
    transfer('grant', `grant:${acct}`, account(acct), allowance(acct, tid, 1), pts, `${tid}.1`),
  ]);
  await books.post(moves, Date.now());
  const rest = { s: 0, v: 0, r: 0, said: null, covered: 0, atSeq: 0, grantJws: null, grantVersion: 1, keep: null };
  await books.put(
    'allowances',
    accts.map((acct): AllowanceRow => ({ tid, ep: 1, acct, g: pts, ...rest })),
  );
}

export interface Envelope {
  readonly tid: string;
  readonly count: number;
  /** As it goes over the wire: gzip. */
  readonly body: Buffer;
  readonly signature: string;
}

/** A terminal's requests, in the order it sends them, at most `batch` records each. */
export function envelopesOf(terminal: FleetTerminal, inc: string, batch: number): Envelope[] {
  const envelopes: Envelope[] = [];
  for (let at = 0; at < terminal.records.length; at += batch) {
    envelopes.push(envelopeOf(terminal, inc, { after: at, records: terminal.records.slice(at, at + batch) }));
  }
  return envelopes;
}

/** One request. `after`: the seq that the terminal knows to be stored, whatever else it sends along. */
export function envelopeOf(
  { tid, signer, records: chain }: Pick<FleetTerminal, 'tid' | 'signer' | 'records'>,
  inc: string,
  { after, records }: { readonly after: number; readonly records: readonly SignedRecord[] },
): Envelope {
  const head = records.at(-1) ?? chain[after - 1];
  const request: SyncRequest = {
    ...{ v: 1, tid, ep: 1, via: 'net', id: randomBytes(12).toString('base64url'), inc },
    have: { seq: head?.seq ?? 0, head: head?.hash ?? '' },
    records: records.map((record) => record.jws),
    want: { visits: [], judged: after, roster: 1, catalogue: 0, hotlist: 0, policy: 1 },
    ...{ texts: [], pins: [] },
  };
  const body = utf8(JSON.stringify(request));
  const packed = gzipSync(body, { level: 1 });
  return { tid, count: records.length, body: packed, signature: signDetached('tally-sync', body, signer) };
}
