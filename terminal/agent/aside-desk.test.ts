import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TOKEN } from '../../test/support/kiosk-fixture.ts';
import { obedient } from '../../test/support/obedient-printer.ts';
import { type PrintDesk, printDesk } from '../../test/support/print-desk.ts';
import type { AsideAnswered } from '../redemption/aside.ts';
import { createAsideDesk } from './aside-desk.ts';

/** A resident’s paper and correction, from the session’s wish to what came of it, on a journal on the disk. */

let disk: PrintDesk;
beforeEach(() => {
  disk = printDesk();
});
afterEach(() => disk.close());

function desk() {
  const printer = obedient();
  const kiosk = disk.kioskWith(printer.port);
  const told: AsideAnswered[] = [];
  const seen: string[] = [];
  const log: string[] = [];
  const onRecord = () => seen.push(`${told.length} told, fence at ${kiosk.fence.mark()?.seq}`);
  const { papers, till } = kiosk;
  const of = (with_: { readonly till: Pick<typeof till, 'case'> }) =>
    createAsideDesk({ papers, onRecord, log: (says) => log.push(says), ...with_ });
  const tell = (answer: AsideAnswered) => told.push(answer);
  return { ...kiosk, printer, told, seen, log, tell, of, desk: of({ till }) };
}
const filing = { type: 'file-case', session: 's1', acct: 'a1', code: 'goods-missing', ref: 'k1.1.2' } as const;
const printing = { type: 'print-paper', session: 's1', token: TOKEN, paper: 'statement' } as const;
const turn = () => new Promise((done) => setImmediate(done));

describe('a correction', () => {
  it('is one record that names the redemption; told and sent on when it is committed and fenced', () => {
    const { desk: at, told, tell, seen, journal, sell } = desk();
    sell();
    at.file(filing, tell);
    expect(told).toEqual([{ type: 'case-filed', session: 's1', outcome: { ok: true, number: 'k1.1.3' } }]);
    expect(seen).toEqual(['1 told, fence at 3']);
    expect(journal.record(3)?.payload).toMatchObject({
      type: 'case',
      acct: 'a1',
      code: 'goods-missing',
      ref: 'k1.1.2',
    });
  });

  it('is refused where nothing may be written, and nothing is sent', () => {
    const { desk: at, told, tell, seen, clock, types } = desk();
    clock.stop = 'ended';
    at.file(filing, tell);
    expect(told).toMatchObject([{ outcome: { ok: false, code: 'commit-failed' } }]);
    expect([seen, types()]).toEqual([[], []]);
  });

  it.each([
    ['SQLITE_FULL', 'disk-low'],
    ['SQLITE_CONSTRAINT', 'commit-failed'],
  ])('that meets %s says %s, and the log says why', (sqlite, code) => {
    const { of, told, tell, seen, log } = desk();
    const broken = () => {
      throw Object.assign(new Error('the disk'), { code: sqlite });
    };
    of({ till: { case: broken } }).file(filing, tell);
    expect(told).toEqual([{ type: 'case-filed', session: 's1', outcome: { ok: false, code } }]);
    expect([seen, log.length]).toEqual([[], 1]);
  });
});

describe('a paper', () => {
  it.each([
    ['confirmed', 'printed'],
    ['unknown', 'unknown'],
  ] as const)('%s is told as %s', async (outcome, paper) => {
    const { desk: at, printer, told, tell } = desk();
    at.print(printing, tell);
    await turn();
    printer.begun[0]?.end(outcome);
    await turn();
    expect(told).toEqual([{ type: 'paper-ended', session: 's1', paper }]);
  });

  it('of a card that just left the roster was not printed, and the person is not kept waiting', async () => {
    const { desk: at, printer, told, tell } = desk();
    at.print({ ...printing, token: '1.nobody' }, tell);
    await turn();
    expect([printer.begun, told]).toEqual([[], [{ type: 'paper-ended', session: 's1', paper: 'expired' }]]);
  });
});

describe('what is looked up', () => {
  it('is what the journal and the roster have of them, newest first', () => {
    const { desk: at, sell, till, clock } = desk();
    sell();
    sell();
    till.void(2, 'mistake', 'c1');
    till.claim('a1', 'sweeping', 1, 'c1');
    till.case('a1', 'other', null, null);
    clock.at += 1;
    expect(at.about(TOKEN)).toEqual({
      ...{ initials: 'zf', language: 'zh-CN', visitor: false, hasPin: false, claims: 1, day: '2027-01-15' },
      used: { day: '2027-01-15', pts: 12, items: [{ sku: 'rice', qty: 2 }] },
      redemptions: [
        expect.objectContaining({ number: 'k1.1.3', pts: 10, undone: false }),
        expect.objectContaining({ number: 'k1.1.2', pts: 10, undone: true }),
      ],
      cases: [{ number: 'k1.1.6', code: 'other', ref: null, day: '2027-01-15' }],
    });
    expect(at.about('1.nobody')).toBeNull();
  });
});
