import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../../bench/support/demo.ts';
import { hands } from '../support/hands.ts';
import { type KillOutcome, killLoop, redeems, slipsOf } from '../support/kill-loop.ts';
import { seeded } from '../support/seeded.ts';

/** kill -9 of the agent at random moments: a seeded slice here, a hundred rounds with `npm run test:long -- kills`. */

const ROUNDS = Number(process.env.TALLY_KILL_ROUNDS ?? 8);
const SEED = Number(process.env.TALLY_KILL_SEED ?? 20261123);

describe('the agent killed at random moments', () => {
  let demo: Demo;
  let outcome: KillOutcome;

  beforeAll(
    async () => {
      demo = await startDemo();
      const onRound = (round: number) => {
        if (round % 10 === 0) process.stderr.write(`kills: ${round} of ${ROUNDS} rounds\n`);
      };
      outcome = await killLoop(demo, { rounds: ROUNDS, random: seeded(SEED), onRound });
      process.stderr.write(`kills: ${JSON.stringify(outcome)}\n`);
    },
    60_000 + ROUNDS * 15_000,
  );
  afterAll(() => demo?.stop());

  it('leaves journal and hub with the same records, each in effect once', () => {
    const hub = new Database(join(demo.data, 'hub', 'hub.sqlite'), { readonly: true });
    const journal = redeems(demo);
    const stored = hub
      .prepare(`SELECT seq, hash FROM judgements WHERE type = 'redeem' AND stage = 'matched' ORDER BY seq`)
      .all();
    expect(stored).toEqual(journal.map(({ seq, hash }) => ({ seq, hash })));
    const moved = hub
      .prepare(`SELECT count(*) AS n, coalesce(sum(amount), 0) AS pts FROM transfers WHERE kind = 'redeem'`)
      .get();
    expect(moved).toEqual({ n: journal.length, pts: journal.length * 6 });
    expect(hub.prepare('SELECT sum(amount) AS sum FROM balances').get()).toEqual({ sum: 0 });
    hub.close();
  });

  it('loses no redemption whose result was shown, and cuts some short', () => {
    expect(outcome.redeemsInJournal).toBeGreaterThanOrEqual(outcome.screensDone);
    expect(outcome.redeemsInJournal).toBeGreaterThan(0);
    // Otherwise every kill fell after the end, and this proved nothing.
    expect(outcome.redeemsInJournal).toBeLessThanOrEqual(ROUNDS);
  });

  it('printed at most one original of each, and none of a record that is not there', async () => {
    const paper = slipsOf(await demo.text('api/printer/paper?format=txt'));
    const known = new Map(redeems(demo).map((record) => [`k1.1.${record.seq}`, record]));
    for (const [number, slips] of paper) {
      expect(known.has(number), number).toBe(true);
      expect(slips.originals, number).toBeLessThanOrEqual(1);
      expect(slips.copies, number).toBe(0);
    }
    for (const [number, record] of known) {
      expect(record.jobs.length, number).toBe(1);
      expect(['confirmed', 'unknown', 'expired'], number).toContain(record.jobs[0]?.state);
      if (record.jobs[0]?.state === 'confirmed') expect(paper.get(number)?.originals, number).toBe(1);
    }
  });

  it('lists the prints that were cut short, and a clerk prints them as copies', async () => {
    const unknown = redeems(demo).filter((record) => record.jobs[0]?.state === 'unknown');
    const kiosk = hands(demo.ready.kiosk);
    const clerk = (await demo.cards()).find((card) => card.role === 'clerk');
    await kiosk.screen('attract', 15_000);
    await demo.post(`api/cards/${clerk?.id}/tap`);
    const { session } = await kiosk.screen('clerk-pin', 5_000);
    for (const digit of clerk?.pin ?? '') await kiosk.act(session, { type: 'pin-digit', digit: Number(digit) });
    await kiosk.act(session, { type: 'pin-ok' });
    await kiosk.screen('clerk-home', 5_000);
    await kiosk.act(session, { type: 'clerk-task', task: 'prints' });
    const list = await kiosk.screen('clerk-prints', 5_000);
    const last = redeems(demo).at(-1);
    const asked = [...new Set([...unknown.slice(-3).map((record) => record.seq), last?.seq ?? 0])];
    for (const record of unknown.slice(-3)) {
      expect(list.clerk?.prints.find((print) => print.seq === record.seq)?.state).toBe('unknown');
    }
    const since = Number((await demo.text('api/printer/paper?format=txt')).split('8<').length - 1);
    for (const seq of asked) await kiosk.act(session, { type: 'reprint', seq });
    await demo.until(
      (s) => (s.printer.jobs.queued ?? 0) + (s.printer.jobs.sending ?? 0) + (s.printer.jobs.sent ?? 0) === 0,
      'copies printed',
    );
    const paper = slipsOf(await demo.text(`api/printer/paper?format=txt&since=${since}`));
    for (const seq of asked) expect(paper.get(`k1.1.${seq}`)).toEqual({ originals: 0, copies: 1 });
  });
});
