import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXPORT_FILES } from '../../protocol/audit/manifest.ts';
import { signDetached } from '../../protocol/jws/compact.ts';
import { nodeSigner } from '../../protocol/node/crypto.ts';
import { toBase64url } from '../../protocol/primitives/base64url.ts';
import { checkCode } from '../../protocol/records/number.ts';
import { enrolTerminal } from '../../test/support/fake-terminal.ts';
import { COUNTY, hubSigner, openTestHub } from '../../test/support/hub-fixture.ts';
import { verifyExport } from './verify.ts';
import { writeExport } from './write-export.ts';

/** Somebody with the hub’s disk, a hub key of their own in keys.json, and time. What they change still does not add up. */

const dir = mkdtempSync(join(tmpdir(), 'tally-hostile-'));
const clean = join(dir, 'clean');
const attacker = nodeSigner('hub.2', new Uint8Array(32).fill(99));
let code = '';
let copies = 0;

beforeAll(async () => {
  const hub = await openTestHub();
  const k1 = await enrolTerminal(hub);
  await k1.sync([]);
  const [open, one, held, last] = [k1.open(), k1.redeem('r1', 2), k1.redeem('r2', 9), k1.redeem('r1')];
  await k1.sync([open, one, held, last]);
  code = checkCode(one.hash);
  const about = { county: COUNTY, inc: hub.now.inc, at: hub.clock.ms };
  expect((await writeExport(hub.now.store.exports, clean, hubSigner, about)).ok).toBe(true);
  await hub.close();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A copy with one file changed line by line, everything after that signed anew by the attacker. */
function changed(file: (typeof EXPORT_FILES)[number], change: (lines: string[]) => void): string {
  const copy = join(dir, `copy-${++copies}`);
  cpSync(clean, copy, { recursive: true });
  const read = (name: string) => readFileSync(join(copy, name), 'utf8');
  const keys = JSON.parse(read('keys.json')) as { keys: object[] };
  const x = toBase64url(attacker.publicKey);
  keys.keys.push({ kty: 'OKP', crv: 'Ed25519', alg: 'Ed25519', use: 'sig', kid: 'hub.2', x });
  writeFileSync(join(copy, 'keys.json'), JSON.stringify(keys));
  const lines = read(file).trimEnd().split('\n');
  change(lines);
  writeFileSync(join(copy, file), `${lines.join('\n')}\n`);
  const manifest = JSON.parse(read('manifest.json')) as { hubKid: string; files: Record<string, { sha256: string }> };
  manifest.hubKid = 'hub.2';
  for (const name of EXPORT_FILES) {
    const entry = manifest.files[name];
    if (entry) entry.sha256 = createHash('sha256').update(read(name)).digest('hex');
  }
  const bytes = Buffer.from(JSON.stringify(manifest));
  writeFileSync(join(copy, 'manifest.json'), bytes);
  writeFileSync(join(copy, 'manifest.jws'), signDetached('tally-manifest', bytes, attacker));
  return copy;
}
const codesOf = async (path: string) => [...new Set((await verifyExport(path)).findings.map((f) => f.code))];
const at = (lines: readonly string[], part: string) => {
  const found = lines.findIndex((line) => line.includes(part));
  expect(found, part).toBeGreaterThanOrEqual(0);
  return found;
};
const replace = (part: string, from: string, to: string) => (lines: string[]) => {
  const n = at(lines, part);
  const before = lines[n] ?? '';
  lines[n] = before.replace(from, to);
  expect(lines[n]).not.toBe(before);
};
const remove = (part: string) => (lines: string[]) => void lines.splice(at(lines, part), 1);
const add = (line: object) => (lines: string[]) => void lines.push(JSON.stringify(line));
const move = (debit: string, credit: string, kind: string, ref = 'x') => ({
  id: 'new',
  at: 1,
  debit,
  credit,
  amount: 1,
  kind,
  ref,
});

describe('with the manifest signed anew by a key that stands in keys.json', () => {
  it('a change of nothing is no finding: what follows is found in the books alone', async () => {
    expect(await codesOf(changed('records.jsonl', () => undefined))).toEqual([]);
  });

  it.each<[string, (typeof EXPORT_FILES)[number], (lines: string[]) => void, string]>([
    ['a record taken out', 'records.jsonl', remove('"seq":2'), 'gap'],
    ['the last record taken out', 'records.jsonl', remove('"seq":4'), 'unexplained-transfer'],
    ['the last record cut short', 'records.jsonl', (l) => void l.push((l.pop() ?? '').slice(0, -30)), 'not-json'],
    ['a line twice', 'records.jsonl', (l) => void l.splice(1, 0, l[1] ?? ''), 'doubled'],
    ['two lines swapped', 'records.jsonl', (l) => void l.splice(1, 0, ...l.splice(2, 1)), 'order'],
    ['a held record called matched', 'records.jsonl', replace('"seq":3', 'quarantined', 'matched'), 'ledger-differs'],
    ['a matched record called held', 'records.jsonl', replace('"seq":2', 'matched', 'quarantined'), 'ledger-differs'],
    ['a matched record called waiting', 'records.jsonl', replace('"seq":2', 'matched', 'received'), 'judged-gap'],
    ['a stage nobody knows', 'records.jsonl', replace('"seq":2', 'matched', 'fine'), 'bad-line'],
    ['a transfer taken out', 'transfers.jsonl', remove('redeem:k1.1.2'), 'ledger-differs'],
    ['a transfer twice', 'transfers.jsonl', (l) => void l.push(l[at(l, 'redeem:k1.1.2')] ?? ''), 'doubled-transfer'],
    ['a smaller amount', 'transfers.jsonl', replace('redeem:k1.1.2', '"amount":20', '"amount":19'), 'ledger-differs'],
    ['an amount below zero', 'transfers.jsonl', replace('redeem:k1.1.2', '"amount":20', '"amount":-20'), 'amount'],
    ['half a point', 'transfers.jsonl', replace('redeem:k1.1.2', '"amount":20', '"amount":20.5'), 'amount'],
    [
      'points held from somebody else',
      'transfers.jsonl',
      replace('hold:k1.1.3', 'allowance:r2', 'allowance:r1'),
      'ledger-differs',
    ],
    [
      'a sale paid by somebody else',
      'transfers.jsonl',
      replace('redeem:k1.1.2', 'allowance:r1', 'allowance:r2'),
      'ledger-differs',
    ],
    [
      'a sale for nobody’s record',
      'transfers.jsonl',
      add(move('allowance:r1:k1:1', 'shop:s1', 'redeem', 'k1.1.99')),
      'unexplained-transfer',
    ],
    [
      'a second transfer for one sale',
      'transfers.jsonl',
      add(move('allowance:r1:k1:1', 'shop:s1', 'redeem', 'k1.1.2')),
      'ledger-differs',
    ],
    [
      'points from shop to resident',
      'transfers.jsonl',
      add(move('shop:s1', 'account:r1', 'refund')),
      'unexplained-transfer',
    ],
    [
      'points from one resident to another',
      'transfers.jsonl',
      add(move('account:r1', 'account:r3', 'post')),
      'unexplained-kind',
    ],
    ['a penalty', 'transfers.jsonl', add(move('account:r1', 'programme', 'penalty')), 'unexplained-kind'],
    [
      'another terminal’s key',
      'keys.json',
      (l) =>
        void l.splice(0, 1, (l[0] ?? '').replace(/("kid":"k1\.1","x":")[^"]+/, `$1${toBase64url(attacker.publicKey)}`)),
      'key-differs',
    ],
    ['an enrolment taken out', 'enrolments.jsonl', (l) => void l.splice(0, 1), 'no-enrolment'],
  ])('%s is found', async (_what, file, change, expected) => {
    expect(await codesOf(changed(file, change))).toContain(expected);
  });

  it.each<[string, (typeof EXPORT_FILES)[number], string]>([
    ['an empty object', 'records.jsonl', '{}'],
    ['a list', 'records.jsonl', '[]'],
    ['a number for a signature', 'records.jsonl', '{"tid":"k1","ep":1,"seq":9,"jws":1,"stage":"matched","flags":[]}'],
    ['no accounts', 'transfers.jsonl', '{"id":"x","amount":1}'],
    ['null', 'transfers.jsonl', 'null'],
    ['an enrolment that is a number', 'enrolments.jsonl', '{"jws":7}'],
    ['brackets without end', 'records.jsonl', '['.repeat(50_000)],
  ])('a line with %s is a finding, and stops nothing', async (_what, file, line) => {
    const result = await verifyExport(changed(file, (lines) => void lines.unshift(line)));
    expect(result.findings.some((finding) => /^(bad-line|not-json)$/.test(finding.code))).toBe(true);
    expect(result).toMatchObject({ records: 4, epochs: 1 });
  });

  it.each(['{"keys":[null]}', '{"keys":[1]}', '{"keys":{}}', 'null', '[]', '{"keys":[{"kid":"hub.1"}]}'])(
    'keys.json of %s is a finding',
    async (text) => {
      const copy = changed('keys.json', (lines) => void lines.splice(0, 1, text));
      expect(await codesOf(copy)).toEqual(['keys']);
    },
  );
});

describe('the command', () => {
  const run = (...args: string[]) => {
    const program = fileURLToPath(new URL('../../dist/hub/export/verify-main.js', import.meta.url));
    const done = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', timeout: 20_000 });
    return { status: done.status, out: done.stdout };
  };

  it('exits 0 without findings and 1 with some, and says the same as JSON', () => {
    expect(run(clean)).toEqual({ status: 0, out: '4 records of 1 terminal epochs, 12 transfers, 0 findings\n' });
    const broken = changed('transfers.jsonl', remove('redeem:k1.1.2'));
    expect(run(broken)).toMatchObject({ status: 1, out: expect.stringMatching(/^ledger-differs {2}k1\.1\.2/) });
    const json = run(broken, '--json');
    expect(json.status).toBe(1);
    const findings = [{ code: 'ledger-differs', where: 'k1.1.2' }, { code: 'allowance-differs' }];
    expect(JSON.parse(json.out)).toMatchObject({ records: 4, findings });
  });

  it('finds the record of a receipt, or does not', () => {
    expect(run(clean, '--receipt', code)).toMatchObject({ status: 0, out: expect.stringContaining('receipt  k1.1.2') });
    expect(run(clean, '--receipt', '0000-0000-0000').status).toBe(1);
  });

  it('takes the hub’s key from whoever asks, as characters or in a file, and trusts no other', () => {
    const file = join(dir, 'hub.pub');
    writeFileSync(file, `${toBase64url(hubSigner.publicKey)}\n`);
    for (const key of [toBase64url(hubSigner.publicKey), file, join(clean, 'keys.json')]) {
      expect(run(clean, '--hub-key', key).status, key).toBe(0);
    }
    const other = run(clean, '--hub-key', toBase64url(attacker.publicKey));
    expect(other).toMatchObject({ status: 1, out: expect.stringContaining('other-hub-key  hub.1') });
    expect(run(clean, '--hub-key', 'nonsense').status).toBe(2);
  });
});
