import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { closeLineCheck, createClosesAudit } from '../../protocol/audit/closes-audit.ts';
import type { Finding, Report } from '../../protocol/audit/finding.ts';
import { type Keys, readKeys } from '../../protocol/audit/keys.ts';
import { createLedgerAudit } from '../../protocol/audit/ledger-audit.ts';
import { EXPORT_FILES, type Manifest, manifestCheck } from '../../protocol/audit/manifest.ts';
import { createRecordsAudit, recordLineCheck } from '../../protocol/audit/records-audit.ts';
import { transferLineCheck } from '../../protocol/audit/transfer-line.ts';
import { parseDetached, verifyCompact } from '../../protocol/jws/compact.ts';
import { nodeHashing, nodeVerifying } from '../../protocol/node/crypto.ts';
import { normaliseCode } from '../../protocol/primitives/crockford.ts';
import { checkCode, recordNumber } from '../../protocol/records/number.ts';
import { hashOf } from '../../protocol/records/record.ts';
import { Compile, Type } from '../../protocol/schema.ts';

/** Checks an export without the hub: every signature, chain, sum and transfer. */

export interface Verification {
  readonly findings: readonly Finding[];
  readonly records: number;
  readonly transfers: number;
  readonly epochs: number;
  /** Numbers of the records that have the receipt's check code; only where one was asked for. */
  readonly receipts: readonly string[];
}
const enrolmentLineCheck = Compile(Type.Object({ jws: Type.String() }));
const MAX_FINDINGS = 1_000;
const crypto = { ...nodeHashing, ...nodeVerifying };

export interface VerifyOptions {
  /** A check code, or `<record number>.<check code>` as the QR has it. */
  readonly receipt?: string;
  /** Raw Ed25519 keys the hub is known by, from elsewhere: without them an export vouches for its own hub key. */
  readonly hubKeys?: readonly Uint8Array[];
}

export async function verifyExport(dir: string, { receipt, hubKeys }: VerifyOptions = {}): Promise<Verification> {
  const findings: Finding[] = [];
  const report: Report = (code, where, says) => {
    if (findings.length < MAX_FINDINGS) findings.push({ code, where, says });
  };
  const nothing = { findings, records: 0, transfers: 0, epochs: 0, receipts: [] };
  const missing = ['manifest.json', 'manifest.jws', ...EXPORT_FILES].filter((name) => !existsSync(join(dir, name)));
  for (const name of missing) report('missing-file', name, 'The file is not in this folder.');
  if (missing.length > 0) return nothing;
  const listed = readKeys(parse(readFileSync(join(dir, 'keys.json'), 'utf8')));
  if (listed === null) {
    report('keys', 'keys.json', 'It is not a set of Ed25519 keys.');
    return nothing;
  }
  const keys = hubKeys === undefined ? listed : pinned(listed, hubKeys, report);
  checkManifest(dir, keys, report);
  const closes = createClosesAudit(report);
  for await (const entry of lines(dir, 'closes.jsonl', closeLineCheck, report)) closes.line(entry);
  const records = createRecordsAudit(keys, crypto, closes, report);
  let epochs = 0;
  for await (const entry of lines(dir, 'enrolments.jsonl', enrolmentLineCheck, report)) {
    records.enrolment(entry.jws);
    epochs += 1;
  }
  const wanted = receipt === undefined ? null : wantedReceipt(receipt);
  const receipts: string[] = [];
  for await (const entry of lines(dir, 'records.jsonl', recordLineCheck, report)) {
    records.line(entry);
    if (wanted === null || entry.seq === null) continue;
    const number = recordNumber({ ...entry, seq: entry.seq });
    const same = checkCode(hashOf(entry.jws, crypto)) === wanted.code;
    if (same && (wanted.number === null || wanted.number === number)) receipts.push(number);
  }
  const ledger = createLedgerAudit(records, closes, report);
  for await (const entry of lines(dir, 'transfers.jsonl', transferLineCheck, report)) ledger.line(entry);
  ledger.finish();
  if (wanted !== null && receipts.length === 0) {
    report('no-such-receipt', receipt ?? '', 'No record here has this check code. The kiosk may not have sent it yet.');
  }
  return { findings, records: records.count(), transfers: ledger.transfers(), epochs, receipts };
}

/** Only keys that are known from elsewhere count; whoever signed with another is not this county's hub. */
function pinned(keys: Keys, hubKeys: readonly Uint8Array[], report: Report): Keys {
  const known = (key: Uint8Array) => hubKeys.some((each) => Buffer.compare(each, key) === 0);
  for (const { kid, publicKey } of keys.hub) {
    if (!known(publicKey)) report('other-hub-key', kid, 'keys.json has a hub key that is not the one you gave.');
  }
  return { ...keys, hub: keys.hub.filter(({ publicKey }) => known(publicKey)) };
}

function checkManifest(dir: string, keys: Keys, report: Report): void {
  const bytes = readFileSync(join(dir, 'manifest.json'));
  const manifest = parse(bytes.toString('utf8'));
  if (!manifestCheck.Check(manifest)) return report('manifest', 'manifest.json', 'It is not a manifest.');
  const signature = parseDetached('tally-manifest', readFileSync(join(dir, 'manifest.jws'), 'utf8').trim(), bytes);
  const key = keys.hub.find((each) => each.kid === manifest.hubKid);
  if (signature === null || !key || signature.kid !== key.kid || !verifyCompact(signature, key.publicKey, crypto)) {
    report('manifest-signature', 'manifest.json', 'It is not signed by the hub key it names.');
  }
  for (const name of EXPORT_FILES) checkFile(dir, name, manifest, report);
}

function checkFile(dir: string, name: string, manifest: Manifest, report: Report): void {
  const expected = manifest.files[name];
  const sha256 = createHash('sha256')
    .update(readFileSync(join(dir, name)))
    .digest('hex');
  if (expected === undefined) report('manifest', name, 'The manifest does not name this file.');
  else if (expected.sha256 !== sha256) report('file-changed', name, 'The file is not the one the hub signed for.');
}

/** Lines that are as they must be; the others are findings, and never reach what reads their fields. */
async function* lines<T>(
  dir: string,
  name: string,
  check: { Check(value: unknown): value is T },
  report: Report,
): AsyncGenerator<T> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(join(dir, name)), crlfDelay: Infinity })) {
    number += 1;
    const value = parse(line);
    if (check.Check(value)) yield value;
    else if (value === null) report('not-json', `${name}:${number}`, 'This line is not JSON.');
    else report('bad-line', `${name}:${number}`, 'This line lacks a field, or one is not as it must be.');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // each caller reports what it expected instead
  }
}

function wantedReceipt(receipt: string): { number: string | null; code: string } {
  const dot = receipt.lastIndexOf('.');
  const number = dot < 0 ? null : receipt.slice(0, dot).replace(/^.*\/r\//, '');
  return { number, code: normaliseCode(receipt.slice(dot + 1)) };
}
