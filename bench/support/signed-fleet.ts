import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { emptyEpoch } from '../../hub/fleet/enrolment.ts';
import { ledgerAccount } from '../../hub/ledger/accounts.ts';
import type { Books } from '../../hub/ledger/books.ts';
import type { AllowanceRow, EpochRow } from '../../hub/ledger/tables.ts';
import { type Transfer, transfer } from '../../hub/ledger/transfers.ts';
import type { Signer } from '../../protocol/crypto.ts';
import { enrolmentDocument } from '../../protocol/documents/kinds.ts';
import { signDetached } from '../../protocol/jws/compact.ts';
import { nodeHashing, nodeSigner } from '../../protocol/node/crypto.ts';
import { toBase64url } from '../../protocol/primitives/base64url.ts';
import { utf8 } from '../../protocol/primitives/bytes.ts';
import type { Payload } from '../../protocol/records/payload.ts';
import { encodeRecord, hashOf, type SignedRecord } from '../../protocol/records/record.ts';
import type { SyncRequest } from '../../protocol/sync/messages.ts';

/** A county of kiosks whose records were signed beforehand: what the ingest benchmarks send. */

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
}

const ACCOUNTS = 20;
const PTS = 10;
const SALES_A_DAY = 48;
const VOID_EVERY = 24;
const DAY_MS = 86_400_000;

export function signFleet({ terminals, records }: FleetSize, hub: Signer, inc: string): Fleet {
  const from = Date.now() - 30 * DAY_MS;
  const each = Math.ceil(records / terminals);
  return {
    inc,
    accountsPerTerminal: ACCOUNTS,
    terminals: Array.from({ length: terminals }, (_, n) => {
      const tid = `t${n + 1}`;
      const signer = nodeSigner(`${tid}.1`, randomBytes(32));
      const place = { county: 'bench', tid, ep: 1, village: `v${n + 1}`, shop: `s${n + 1}` };
      const keys = { key: toBase64url(signer.publicKey), hubKid: hub.kid, hubKey: toBase64url(hub.publicKey) };
      const enrolment = enrolmentDocument.sign({ v: 1, ...place, ...keys, at: from, inc }, hub);
      return { tid, signer, enrolment, records: signChain(tid, signer, enrolment, from, each) };
    }),
  };
}

/** An honest month: it opens, sells, undoes a sale now and then, and closes its days. */
function signChain(tid: string, signer: Signer, enrolment: string, from: number, count: number): SignedRecord[] {
  const records: SignedRecord[] = [];
  const sums = Array.from({ length: ACCOUNTS }, () => ({ S: 0, V: 0, R: 0 }));
  let day = { from: 1, sold: 0, undone: 0 };
  let tot = 0;
  const write = (fields: object) => {
    const seq = records.length + 1;
    const prev = records.at(-1)?.hash ?? hashOf(enrolment, nodeHashing);
    const at = from + seq * 60_000;
    const common = { v: 1, tid, ep: 1, seq, prev, at, up: seq * 60_000, boot: 'bench', day: '2026-03-01', tot };
    records.push(encodeRecord({ ...common, ...fields } as Payload, signer, nodeHashing));
  };
  const close = () => {
    const units = day.sold - day.undone;
    const byItem = units === 0 ? {} : { rice: { count: units, pts: units * PTS } };
    const redeemed = { count: day.sold, pts: day.sold * PTS };
    const voided = { count: day.undone, pts: day.undone * PTS };
    const span = { from: day.from, to: records.length };
    write({ type: 'close', ...span, redeemed, voided, byItem, auto: false, unresolved: [] });
    day = { from: records.length + 1, sold: 0, undone: 0 };
  };
  write({ type: 'open', reason: 'enrol', sw: '0' });
  while (records.length < count) {
    const n = records.length % ACCOUNTS;
    const acct = accountOf(tid, n);
    const mine = sums[n] ?? { S: 0, V: 0, R: 0 };
    mine.S += PTS;
    tot += PTS;
    day.sold += 1;
    const lines = [{ sku: 'rice', rev: 1, qty: 1, pts: PTS }];
    const auth = { level: 'uid', pin: false, hotlist: 0 };
    write({ type: 'redeem', acct, card: `1.${'A'.repeat(22)}`, lines, pts: PTS, ...mine, auth, tot });
    if (records.length % VOID_EVERY === 0) {
      mine.V += PTS;
      tot -= PTS;
      day.undone += 1;
      write({ type: 'void', ref: records.length, acct, pts: PTS, ...mine, reason: 'mistake', tot });
    }
    if (day.sold === SALES_A_DAY) close();
  }
  return records.slice(0, count);
}

function accountOf(tid: string, n: number): string {
  return `${tid}a${n}`;
}

/** The county as it stands before the kiosks come: enrolled, their residents' points granted. */
export async function storeFleet(books: Books, fleet: Fleet, seal: (what: string) => Uint8Array): Promise<void> {
  const { inc } = fleet;
  await books.add('counties', [
    {
      ...{ id: 'bench', name: '县', nameEn: 'Bench', timeZone: 'Asia/Shanghai', inc, downlinkVersion: 1, restoring: 0 },
      ...{ policyJson: '{"capPts":300,"pinAbovePts":50,"objectionDays":7,"lifeDays":365}', policyVersion: 1 },
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
export function envelopesOf({ tid, signer, records }: FleetTerminal, inc: string, batch: number): Envelope[] {
  const envelopes: Envelope[] = [];
  for (let at = 0; at < records.length; at += batch) {
    const part = records.slice(at, at + batch);
    const last = part.at(-1);
    const request: SyncRequest = {
      ...{ v: 1, tid, ep: 1, via: 'net', id: randomBytes(12).toString('base64url'), inc },
      have: { seq: last?.seq ?? 0, head: last?.hash ?? '' },
      records: part.map((record) => record.jws),
      want: { visits: [], judged: at, roster: 1, catalogue: 0, hotlist: 0, policy: 1 },
      ...{ texts: [], pins: [] },
    };
    const body = utf8(JSON.stringify(request));
    const packed = gzipSync(body, { level: 1 });
    envelopes.push({ tid, count: part.length, body: packed, signature: signDetached('tally-sync', body, signer) });
  }
  return envelopes;
}
