import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkCode } from '../../protocol/records/number.ts';
import { enrol } from '../../test/support/signing-terminal.ts';
import { ADA, BEN, type HubFixture, hubFixture, RESIDENT } from '../../test/support/tiny-hub.ts';
import { verifyExport } from './verify.ts';
import { writeExport } from './write-export.ts';

/** An export is checked without the hub; every change shows, also to who could redo every digest. */

let hub: HubFixture;
let code = '';
const dir = mkdtempSync(join(tmpdir(), 'tally-verify-'));
const clean = join(dir, 'clean');

beforeAll(async () => {
  hub = await hubFixture();
  const issuer = await hub.signIn(ADA, new TOTP({ secret: ADA.totpSecret }).generate());
  const terminal = await enrol(hub, 'k1', 1, { issuer, confirmer: await hub.signIn(BEN) });
  await terminal.send(terminal.body([terminal.open().jws]));
  const records = ['rice', 'salt', 'salt', 'rice'].map((sku) => terminal.redeem('a1', sku, sku === 'rice' ? 45 : 6));
  await terminal.send(terminal.body([...records.map((record) => record.jws), 'rubbish']));
  code = checkCode(records[1]?.hash ?? '');
  const county = await hub.parts.store.books.read((books) => books.get('counties', {}));
  const written = await writeExport(hub.parts.store.exports, clean, hub.parts.hub, {
    county: 'test',
    inc: county?.inc ?? '',
    at: 1,
  });
  expect(written.ok).toBe(true);
});
afterAll(async () => {
  await hub.close();
  rmSync(dir, { recursive: true, force: true });
});

type Lines = string[];
const swap = (lines: Lines, a: number, b: number) => {
  const [first = '', second = ''] = [lines[a], lines[b]];
  lines[a] = second;
  lines[b] = first;
};
const edit = (lines: Lines, at: number, from: string | RegExp, to: string) => {
  const before = lines[at] ?? '';
  lines[at] = before.replace(from, to);
  expect(lines[at]).not.toBe(before);
};

/** What was changed, in which file, how, and what must be found. */
const CHANGES: readonly (readonly [string, string, (lines: Lines) => void, string])[] = [
  [
    'a changed byte of a record',
    'records.jsonl',
    (l) => edit(l, 2, /"jws":"([^.]+\.[^.]{40})./, '"jws":"$1X'),
    'signature',
  ],
  ['a missing record', 'records.jsonl', (l) => void l.splice(2, 1), 'gap'],
  ['two records swapped', 'records.jsonl', (l) => swap(l, 1, 2), 'order'],
  [
    'two signatures swapped',
    'records.jsonl',
    (l) => {
      const jws = (at: number) => (JSON.parse(l[at] ?? '{}') as { jws: string }).jws;
      const [a, b] = [jws(1), jws(2)];
      edit(l, 1, a, b);
      edit(l, 2, b, a);
    },
    'wrong-place',
  ],
  ['a doubled record', 'records.jsonl', (l) => void l.splice(2, 0, l[2] ?? ''), 'doubled'],
  ['the last record cut off', 'records.jsonl', (l) => void l.splice(4, 1), 'unexplained-transfer'],
  ['a stage raised', 'records.jsonl', (l) => edit(l, 3, '"stage":"matched"', '"stage":"received"'), 'ledger-differs'],
  ['good bytes called junk', 'records.jsonl', (l) => edit(l, 4, '"stage":"matched"', '"stage":"junk"'), 'not-junk'],
  [
    'a transfer too many',
    'transfers.jsonl',
    (l) => void l.push((l.find((line) => line.includes('"redeem"')) ?? '').replace(/"id":"[^"]+"/, '"id":"more"')),
    'ledger-differs',
  ],
  [
    'a doubled transfer',
    'transfers.jsonl',
    (l) => void l.push(l.find((line) => line.includes('"redeem"')) ?? ''),
    'doubled-transfer',
  ],
  [
    'a missing transfer',
    'transfers.jsonl',
    (l) =>
      void l.splice(
        l.findIndex((line) => line.includes('redeem:k1.1.3')),
        1,
      ),
    'ledger-differs',
  ],
  [
    'a changed amount',
    'transfers.jsonl',
    (l) =>
      edit(
        l,
        l.findIndex((line) => line.includes('redeem:k1.1.3')),
        '"amount":6',
        '"amount":5',
      ),
    'ledger-differs',
  ],
  [
    'a transfer to another shop',
    'transfers.jsonl',
    (l) =>
      edit(
        l,
        l.findIndex((line) => line.includes('redeem:k1.1.3')),
        'shop:s1',
        'shop:s9',
      ),
    'ledger-differs',
  ],
  ['points from nowhere', 'transfers.jsonl', (l) => void l.splice(0, 1), 'overdrawn'],
  [
    'an enrolment by another hub',
    'enrolments.jsonl',
    (l) => edit(l, 0, /.{10}"}$/, 'AAAAAAAAAA"}'),
    'enrolment-signature',
  ],
  ['a line that is not JSON', 'records.jsonl', (l) => void l.splice(1, 0, '{'), 'not-json'],
];

describe('verify', () => {
  it('finds nothing in what the hub wrote, and nothing personal is in it', async () => {
    const result = await verifyExport(clean);
    expect(result).toMatchObject({ findings: [], records: 6, epochs: 1 });
    const all = ['records.jsonl', 'transfers.jsonl', 'keys.json', 'manifest.json']
      .map((name) => readFileSync(join(clean, name), 'utf8'))
      .join('');
    for (const secret of [RESIDENT.name, '桂', RESIDENT.uid]) expect(all).not.toContain(secret);
  });

  it.each(CHANGES)('finds %s', async (name, file, change, expected) => {
    const broken = join(dir, name.replaceAll(' ', '-'));
    cpSync(clean, broken, { recursive: true });
    const path = join(broken, file);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    change(lines);
    writeFileSync(path, `${lines.join('\n')}\n`);
    const codes = async () => (await verifyExport(broken)).findings.map((finding) => finding.code);
    expect(await codes()).toEqual(expect.arrayContaining(['file-changed', expected]));
    // Whoever redoes the digests still cannot sign the manifest, and what it says is still wrong.
    const manifest = JSON.parse(readFileSync(join(broken, 'manifest.json'), 'utf8')) as {
      files: Record<string, { sha256: string }>;
    };
    for (const [each, entry] of Object.entries(manifest.files)) {
      entry.sha256 = createHash('sha256')
        .update(readFileSync(join(broken, each)))
        .digest('hex');
    }
    writeFileSync(join(broken, 'manifest.json'), JSON.stringify(manifest));
    const redone = await codes();
    expect(redone).not.toContain('file-changed');
    expect(redone).toEqual(expect.arrayContaining(['manifest-signature', expected]));
  });

  it('finds a missing file and a key that is not a key', async () => {
    const broken = join(dir, 'incomplete');
    cpSync(clean, broken, { recursive: true });
    writeFileSync(join(broken, 'keys.json'), '{"keys":[{"kty":"RSA"}]}');
    expect((await verifyExport(broken)).findings.map((finding) => finding.code)).toEqual(['keys']);
    rmSync(join(broken, 'transfers.jsonl'));
    expect((await verifyExport(broken)).findings).toMatchObject([{ code: 'missing-file', where: 'transfers.jsonl' }]);
  });

  it('finds the record behind a receipt, however it is typed, and says when there is none', async () => {
    for (const typed of [
      code,
      code.toLowerCase().replaceAll('-', ''),
      `k1.1.3.${code}`,
      `http://hub.test/r/k1.1.3.${code}`,
    ]) {
      expect(await verifyExport(clean, { receipt: typed })).toMatchObject({ findings: [], receipts: ['k1.1.3'] });
    }
    for (const wrong of ['0000-0000-0000', `k1.1.2.${code}`]) {
      expect((await verifyExport(clean, { receipt: wrong })).findings).toMatchObject([{ code: 'no-such-receipt' }]);
    }
  });
});
