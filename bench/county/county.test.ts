import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordQuery } from '../../hub/api/console-port.ts';
import type { HubConfig } from '../../hub/config.ts';
import { readRecords } from '../../hub/ingest/envelope.ts';
import { type HubParts, openHubParts } from '../../hub/parts.ts';
import type { Page, RecordRow } from '../../protocol/api/console.ts';
import { nodeHashing, nodeVerifying } from '../../protocol/node/crypto.ts';
import { diskFault } from './disk.ts';
import { joinVillage } from './join-village.ts';
import { type Made, makeCounty } from './make-county.ts';
import { monthJob } from './month-job.ts';
import { peopleOf } from './people.ts';
import { FULL, joiningVillage, planCounty } from './plan.ts';
import { progress } from './progress.ts';
import { signerOf, signHere } from './sign-threads.ts';

/** A slice of the county of full size: its records are real ones, judged by the hub's own rules, and made to a plan. */

const NOW_MS = Date.UTC(2026, 3, 1, 9);
const plan = planCounty({ scale: 0.0001, seed: 7, days: 9, recordsADay: 20 });
const dir = mkdtempSync(join(tmpdir(), 'tally-made-county-'));
const config: HubConfig = {
  ...{ county: 'made', store: 'sqlite:hub.sqlite', keys: 'keys', publicUrl: 'http://hub.test', pollMs: 1_000 },
  ...{ log: 'silent', listen: { host: '127.0.0.1', port: 0 } },
};
let parts: HubParts;
let made: Made;
const told: Made[] = [];

beforeAll(async () => {
  parts = await openHubParts(config, dir);
  made = await makeCounty(plan, { parts, signing: signHere, nowMs: NOW_MS, say: (so) => told.push(so) });
});
afterAll(async () => {
  await parts.store.close();
  rmSync(dir, { recursive: true, force: true });
});

const sql = <Row>(text: string) => parts.store.engine.read((read) => read.all<Row>(text));

/** All pages of the console's list of records. */
async function listed(query: Partial<RecordQuery>): Promise<RecordRow[]> {
  const rows: RecordRow[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<RecordRow> = await parts.store.console.records({
      ...{ limit: 200, ...query },
      ...(cursor === null ? {} : { cursor }),
    });
    rows.push(...page.rows);
    cursor = page.next;
  } while (cursor !== null);
  return rows;
}

describe('the plan of a full county', () => {
  const full = planCounty({ scale: 1, seed: 1, days: FULL.days, recordsADay: FULL.recordsADay });

  it('is of the size it says, the same for the same seed, and another for another', () => {
    expect(full.villages).toHaveLength(305);
    expect(full.villages.reduce((sum, village) => sum + village.residents, 0)).toBe(590_000);
    expect(new Set(full.villages.map(({ town }) => town)).size).toBe(21);
    expect(planCounty({ ...full, scale: 1 })).toEqual(full);
    expect(planCounty({ ...full, seed: 2 }).villages).not.toEqual(full.villages);
  });

  it('has households with several cards, and no card twice, in one village or two', () => {
    const people = full.villages.slice(0, 2).flatMap((village) => peopleOf(full.seed, village));
    const uids = people.flatMap(({ cards }) => cards.map(({ uid }) => uid));
    expect(new Set(uids).size).toBe(uids.length);
    expect(new Set(people.map(({ acct }) => acct)).size).toBe(people.length);
    expect(people.filter(({ cards }) => cards.length > 1).length).toBeGreaterThan(people.length / 20);
  });

  it('is refused with a sentence where the disk is short', () => {
    expect(diskFault(full, '/data', 1_000_000_000)).toEqual([
      'This county takes about 9.1 GB, and /data has 1.0 GB left.',
      'Name a folder with more room with --data, or make a smaller one with --scale.',
    ]);
    expect(diskFault(full, '/data', 100_000_000_000)).toBeNull();
  });
});

describe('a made county', () => {
  it('holds the people, cards and points that were planned, and sums to nothing', async () => {
    const [residents] = await sql<{ n: number }>('SELECT count(*) AS n FROM residents');
    expect([residents?.n, made.residents, plan.residents]).toEqual([360, 360, 360]);
    expect(await sql('SELECT CAST(sum(amount) AS BIGINT) AS sum FROM balances')).toEqual([{ sum: 0 }]);
    const [cards] = await sql<{ several: number }>(
      'SELECT count(*) AS several FROM (SELECT acct FROM cards GROUP BY acct HAVING count(*) > 1) AS s',
    );
    expect(cards?.several).toBeGreaterThan(10);
  });

  it('holds records that each verify under its terminal’s enrolled key', async () => {
    const rows = await sql<{ tid: string; jws: string }>('SELECT tid, jws FROM records ORDER BY arrival');
    expect(rows).toHaveLength(made.records);
    for (const { tid } of plan.villages) {
      const theirs = rows.filter((row) => row.tid === tid).map(({ jws }) => jws);
      const keys = new Map([[1, signerOf(plan.seed, tid).publicKey]]);
      const read = readRecords(theirs, tid, keys, { ...nodeHashing, ...nodeVerifying });
      expect(read.filter(({ record }) => record === null)).toEqual([]);
    }
  });

  it('was judged by the rules: what has no trouble is matched to its end, and every allowance is the kiosk’s own', async () => {
    const quiet = plan.villages.filter(({ trouble }) => trouble === 'none').map(({ tid }) => tid);
    const rows = await sql<{ tid: string; stored: number; judged: number; closed: number }>(
      'SELECT tid, stored_seq AS stored, judged_seq AS judged, closed_seq AS closed FROM epochs',
    );
    const all = 1 + plan.days * plan.recordsADay;
    for (const { stored, judged, closed } of rows.filter(({ tid }) => quiet.includes(tid)))
      expect([stored, judged, closed]).toEqual([all, all, all]);
    const wrong = await sql(`SELECT a.acct FROM allowances a JOIN balances b ON b.account =
      'allowance:' || a.acct || ':' || a.tid || ':' || a.ep WHERE b.amount <> a.g - a.r - (a.s - a.v) AND a.s - a.v + a.r <= a.g`);
    expect(wrong).toEqual([]);
    const types = await sql<{ type: string }>('SELECT DISTINCT type FROM judgements ORDER BY type');
    expect(types.map(({ type }) => type)).toEqual(expect.arrayContaining(['close', 'open', 'redeem', 'stock', 'void']));
  });

  it('shows an operator each of the troubles', async () => {
    const rows = await sql<{ kind: string; n: number }>(
      'SELECT kind, count(*) AS n FROM exceptions WHERE closed_at IS NULL GROUP BY kind ORDER BY kind',
    );
    const open = new Map(rows.map(({ kind, n }) => [kind, n]));
    expect([open.get('fork'), open.get('gap'), open.get('long-unseen'), open.get('close-mismatch')]).toEqual([
      1, 1, 1, 1,
    ]);
    expect(open.get('over-allowance')).toBeGreaterThan(10);
    expect(open.get('stock-difference')).toBeGreaterThan(1);
    const unclosed = plan.villages.find(({ trouble }) => trouble === 'unclosed')?.tid;
    const [row] = await sql<{ open: number }>(
      `SELECT judged_seq - closed_seq AS open FROM epochs WHERE tid = '${unclosed}'`,
    );
    expect(row?.open).toBe(3 * plan.recordsADay);
  });

  it('lists each stage’s records: as many as the home page counts, and no other', async () => {
    const { records } = await parts.store.console.home(NOW_MS);
    expect(records).toMatchObject({ junk: 0, settled: 0 });
    expect(
      Math.min(records.gap, records.received, records.quarantined, records.matched, records.closed),
    ).toBeGreaterThan(0);
    for (const stage of ['received', 'gap', 'matched', 'quarantined', 'closed', 'junk'] as const) {
      const rows = await listed({ stage });
      expect([stage, new Set(rows.map((row) => row.hash)).size]).toEqual([stage, records[stage]]);
      expect(rows.filter((row) => row.stage !== stage)).toEqual([]);
    }
    expect(Object.values(records).reduce((sum, n) => sum + n, 0)).toBe(made.records);
  });

  it('finds records by terminal, number, account and name', async () => {
    const [person] = peopleOf(plan.seed, plan.villages[0] ?? { n: 0, residents: 1 });
    const tid = plan.villages[0]?.tid ?? '';
    expect(await listed({ tid })).toHaveLength(1 + plan.days * plan.recordsADay);
    expect((await listed({ q: `${tid}.1.7` })).map(({ number }) => number)).toEqual([`${tid}.1.7`]);
    const theirs = await listed({ q: person?.acct ?? '' });
    expect(theirs.length).toBeGreaterThan(0);
    expect(theirs.filter(({ acct }) => acct !== person?.acct)).toEqual([]);
    const named = await listed({ q: person?.name ?? '' });
    expect(named.length).toBeGreaterThanOrEqual(theirs.length);
    expect(named.filter(({ residentName }) => residentName !== person?.name)).toEqual([]);
    const last4 = person?.cards[0]?.last4 ?? '';
    const { rows } = await parts.store.console.balances({ q: last4, limit: 50 });
    expect(rows.map(({ acct }) => acct)).toContain(person?.acct);
    expect(rows.filter((row) => !row.last4.includes(last4))).toEqual([]);
  });

  it('goes on where the month ended: the next day is signed onto the same chain', async () => {
    const place = plan.villages.find(({ trouble }) => trouble === 'none');
    if (place === undefined) throw new Error('no quiet village');
    const job = await monthJob(parts, plan, place, NOW_MS);
    const month = await signHere.sign(job);
    const longer = await signHere.sign({ ...job, days: job.days + 1 });
    const heads = month.records.map(({ hash }) => hash);
    expect(longer.records.slice(0, heads.length).map(({ hash }) => hash)).toEqual(heads);
    const stored = await sql<{ hash: string }>(`SELECT hash FROM records WHERE tid = '${place.tid}' ORDER BY seq`);
    expect(stored.map(({ hash }) => hash)).toEqual(heads);
    expect(longer.records.at(-1)?.type).toBe('close');
  });

  it('takes in one more village, whose people wait for their first terminal', async () => {
    const joining = joiningVillage(plan, 0);
    await joinVillage(parts, plan.seed, joining, NOW_MS);
    const where = `village = '${joining.village}'`;
    expect(await sql(`SELECT count(*) AS n FROM residents WHERE ${where}`)).toEqual([{ n: joining.residents }]);
    expect(await sql(`SELECT shop FROM shops WHERE ${where}`)).toEqual([{ shop: joining.shop }]);
  });

  it('says how far it is, how fast, and how long still', () => {
    expect(told.map(({ terminals }) => terminals)).toEqual(plan.villages.map((_, i) => i + 1));
    const lines: string[] = [];
    let ms = 0;
    const say = progress(
      plan,
      (line) => lines.push(line),
      () => ms,
    );
    for (const [terminals, at] of [
      [1, 1_000],
      [3, 6_000],
      [12, 12_000],
    ] as const) {
      ms = at;
      say({ terminals, residents: terminals * 30, records: terminals * 180 });
    }
    expect(lines).toEqual([
      'county: terminal 3 of 12, 90 residents, 540 records; 90 records/s, 18 s left',
      'county: terminal 12 of 12, 360 residents, 2160 records; 180 records/s, 0 s left',
    ]);
  });
});
