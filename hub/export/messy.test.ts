import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64url } from '../../protocol/primitives/base64url.ts';
import { enrolTerminal, seedOf } from '../../test/support/fake-terminal.ts';
import { COUNTY, hubSigner, openTestHub, type TestHub } from '../../test/support/hub-fixture.ts';
import { SECRETS } from '../../test/support/tiny-county.ts';
import { verifyExport } from './verify.ts';
import { writeExport } from './write-export.ts';

/** Books as a bad month leaves them are no finding: what is held, forked, missing or unread is said, and adds up. */

let hub: TestHub;
const exportTo = async (name: string) => {
  const dir = join(hub.dir, name);
  const meta = { county: COUNTY, inc: hub.now.inc, at: hub.clock.ms };
  expect(await writeExport(hub.now.store.exports, dir, hubSigner, meta)).toMatchObject({ ok: true });
  return dir;
};
const stagesOf = (dir: string, tid: string) =>
  readFileSync(join(dir, 'records.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { tid: string; seq: number | null; stage: string; flags: string[] })
    .filter((line) => line.tid === tid)
    .map((line) => [line.seq, line.stage, line.flags.includes('forked')]);

beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

describe('an export', () => {
  it('of a hub that nobody has used has no findings', async () => {
    expect(await verifyExport(await exportTo('empty'))).toMatchObject({ findings: [], records: 0, epochs: 0 });
  });

  it('with held, forked, missing, unread records and dirt has no findings', async () => {
    const one = await enrolTerminal(hub, 'k1', 's1');
    await one.sync([one.open()]);
    const sales = [one.redeem('r1', 2), one.redeem('r2', 5), one.redeem('r1', 1, { pts: 11 })];
    await one.sync([...sales.map((record) => record.jws), 'dirt']);
    const two = await enrolTerminal(hub, 'k2', 's2');
    const unread = [two.open(), two.append({ type: 'barter', goods: 'eggs' }), two.redeem('r3')] as const;
    const other = two.forkOf(unread[2]);
    await two.sync([...unread, other, two.redeem('r3', 1, { prev: other.hash })]);
    const three = await enrolTerminal(hub, 'k3', 's1');
    await three.sync([three.open()]);
    const [sold, lost, late] = [three.redeem('r1'), three.redeem('r1'), three.redeem('r1')];
    await three.sync([sold, three.forkOf(sold), late]);
    expect(lost.seq).toBe(3);
    await hub.now.enrolment.issue('k4', 's1', 'ann');

    const dir = await exportTo('messy');
    expect(stagesOf(dir, 'k1')).toEqual([
      ...[1, 2].map((seq) => [seq, 'matched', false]),
      ...[3, 4].map((seq) => [seq, 'quarantined', false]),
      [null, 'junk', false],
    ]);
    expect(stagesOf(dir, 'k2').map(([seq, , forked]) => [seq, forked])).toEqual([
      ...[
        [1, false],
        [2, false],
        [3, true],
        [3, true],
        [4, false],
      ],
    ]);
    expect(stagesOf(dir, 'k2').map(([, stage]) => stage)).toEqual(['matched', ...Array(4).fill('received')]);
    expect(stagesOf(dir, 'k3').map(([seq, stage]) => [seq, stage])).toEqual([
      ...[
        [1, 'matched'],
        [2, expect.any(String)],
        [2, expect.any(String)],
        [4, 'gap'],
      ],
    ]);
    expect(stagesOf(dir, 'k3').some(([, , forked]) => forked)).toBe(true);
    expect(await verifyExport(dir)).toMatchObject({ findings: [], records: 14, epochs: 3 });
  });

  it('holds no name, UID or PIN, and no secret key', async () => {
    const dir = await exportTo('private');
    const all = readdirSync(dir).map((name) => readFileSync(join(dir, name), 'utf8'));
    const keys = [seedOf('k1'), new Uint8Array(32).fill(77)].map(toBase64url);
    for (const text of all) for (const secret of [...SECRETS, ...keys]) expect(text).not.toContain(secret);
  });

  it('names the one before it, so that none can be left out unseen', async () => {
    const [first, second] = [await exportTo('first'), await exportTo('second')];
    const digest = createHash('sha256')
      .update(readFileSync(join(first, 'manifest.json')))
      .digest('hex');
    const manifest = JSON.parse(readFileSync(join(second, 'manifest.json'), 'utf8')) as { previous: string };
    expect(manifest.previous).toBe(digest);
  });

  it('writes into no folder that holds one already', async () => {
    const meta = { county: COUNTY, inc: hub.now.inc, at: 1 };
    const again = await writeExport(hub.now.store.exports, join(hub.dir, 'first'), hubSigner, meta);
    expect(again).toMatchObject({ ok: false });
  });
});
