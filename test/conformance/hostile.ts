import { signCompact, signDetached } from '../../protocol/jws/compact.ts';
import { nodeHashing, nodeSigner } from '../../protocol/node/crypto.ts';
import { utf8 } from '../../protocol/primitives/bytes.ts';
import { hashOf } from '../../protocol/records/record.ts';
import type { Place } from './county.ts';

/** Who holds a kiosk's key, and signs with it whatever a story wants signed. */

export interface Signed {
  readonly jws: string;
  readonly hash: string;
  readonly seq: number;
}
export type Fields = Readonly<Record<string, unknown>>;
interface Sums {
  readonly S: number;
  readonly V: number;
  readonly R: number;
}

const TOKEN = `1.${'A'.repeat(22)}`;
const NO_DAY = { redeemed: { count: 0, pts: 0 }, voided: { count: 0, pts: 0 }, units: 0 };
const RICE_PTS = 10;

/** An honest chain; `patch` overwrites any field after it was filled in. */
export function createChain(place: Place, seed: Uint8Array, genesis: string, atMs: number) {
  const { tid } = place;
  const signer = nodeSigner(`${tid}.1`, seed);
  const sums: Map<string, Sums> = new Map();
  const sales: Map<number, { acct: string; pts: number; qty: number }> = new Map();
  let [seq, head, tot, from] = [0, genesis, 0, 1];
  let day = NO_DAY;
  const of = (acct: string) => sums.get(acct) ?? { S: 0, V: 0, R: 0 };

  function sign(payload: Fields): Signed {
    const jws = signCompact('tally-record', utf8(JSON.stringify(payload)), signer);
    return { jws, hash: hashOf(jws, nodeHashing), seq: Number(payload.seq) };
  }
  function append(fields: Fields, patch: Fields = {}): Signed {
    seq += 1;
    const at = atMs + seq * 1_000;
    const common = { v: 1, tid, ep: 1, seq, prev: head, at, up: seq, boot: 'b', day: '2027-01-15', tot };
    const signed = sign({ ...common, ...fields, ...patch });
    head = signed.hash;
    return signed;
  }
  return {
    ...{ tid, signer, sign, append },
    head: () => ({ seq, head }),
    open: () => append({ type: 'open', reason: 'enrol', sw: '0' }),
    redeem(acct: string, qty = 1, patch: Fields = {}): Signed {
      const pts = qty * RICE_PTS;
      const now = { ...of(acct), S: of(acct).S + pts };
      sums.set(acct, now);
      tot += pts;
      const redeemed = { count: day.redeemed.count + 1, pts: day.redeemed.pts + pts };
      day = { ...day, redeemed, units: day.units + qty };
      const lines = [{ sku: 'rice', rev: 1, qty, pts: RICE_PTS }];
      const auth = { level: 'uid', pin: false, hotlist: 0 };
      const record = append({ type: 'redeem', acct, card: TOKEN, lines, pts, ...now, auth }, patch);
      sales.set(record.seq, { acct, pts, qty });
      return record;
    },
    /** Without asking whether it was voided before. */
    void(ref: number, patch: Fields = {}): Signed {
      const sale = sales.get(ref);
      if (sale === undefined) throw new Error(`no sale ${ref}`);
      const { acct, pts, qty } = sale;
      const now = { ...of(acct), V: of(acct).V + pts };
      sums.set(acct, now);
      tot -= pts;
      const voided = { count: day.voided.count + 1, pts: day.voided.pts + pts };
      day = { ...day, voided, units: day.units - qty };
      return append({ type: 'void', ref, acct, pts, ...now, reason: 'mistake', clerk: 'c1' }, patch);
    },
    giveBack(acct: string, pts: number): Signed {
      const now = { ...of(acct), R: of(acct).R + pts };
      sums.set(acct, now);
      return append({ type: 'return', acct, pts, ...now });
    },
    close(patch: Fields = {}): Signed {
      const { redeemed, voided, units } = day;
      const byItem = units === 0 ? {} : { rice: { count: units, pts: units * RICE_PTS } };
      const fields = { type: 'close', from, to: seq, redeemed, voided, byItem, auto: false, unresolved: [] };
      day = NO_DAY;
      const record = append(fields, patch);
      from = record.seq + 1;
      return record;
    },
    /** Another record in the place of that one, by the same key. */
    forkOf(record: Signed, patch: Fields = { boot: 'other' }): Signed {
      const payload = JSON.parse(Buffer.from(record.jws.split('.')[1] ?? '', 'base64url').toString()) as Fields;
      return sign({ ...payload, ...patch });
    },
    /** The bytes and signature of a request that brings these. */
    envelope(records: readonly string[], id: string, inc: string, patch: Fields = {}) {
      const want = { visits: [], judged: 0, roster: 0, catalogue: 0, hotlist: 0, policy: 0 };
      const common = { v: 1, tid, ep: 1, via: 'net', id, inc, have: { seq, head }, records, want, texts: [], pins: [] };
      const body = utf8(JSON.stringify({ ...common, ...patch }));
      return { body, signature: signDetached('tally-sync', body, signer) };
    },
  };
}
export type Chain = ReturnType<typeof createChain>;

/** The last character of 64 bytes carries four bits that decode to nothing: another spelling of one signature. */
export function respelt(jws: string): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return `${jws.slice(0, -1)}${digits[digits.indexOf(jws.at(-1) ?? '') ^ 1]}`;
}
