import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Jwk } from '../../protocol/audit/keys.ts';
import { EXPORT_FILES, type ExportFile, type Manifest } from '../../protocol/audit/manifest.ts';
import type { Signer } from '../../protocol/crypto.ts';
import { signDetached } from '../../protocol/jws/compact.ts';
import { toBase64url } from '../../protocol/primitives/base64url.ts';
import type { ExportSnapshot, ExportStore } from './port.ts';

/** Writes an export that anybody can check without the hub: docs/surfaces.md, "Hub export". */

export interface ExportResult {
  readonly manifest: Manifest;
  readonly manifestSha256: string;
}
export type ExportRefusal = { readonly ok: false; readonly error: string; readonly whatToDo: string };

export async function writeExport(
  store: ExportStore,
  out: string,
  hub: Signer,
  about: { readonly county: string; readonly inc: string; readonly at: number },
): Promise<{ readonly ok: true; readonly value: ExportResult } | ExportRefusal> {
  if (existsSync(out) && readdirSync(out).length > 0) {
    return {
      ok: false,
      error: `${out} is not empty.`,
      whatToDo: 'Name a new folder, so that no earlier export is lost.',
    };
  }
  mkdirSync(out, { recursive: true });
  const { files, previous } = await store.snapshot(async (snapshot) => ({
    files: await writeFiles(snapshot, out, hub),
    previous: await snapshot.previousManifest(),
  }));
  const manifest: Manifest = {
    ...{ v: 1, county: about.county, inc: about.inc, at: about.at, range: { from: 0, to: about.at } },
    ...{ hubKid: hub.kid, files, previous },
  };
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  // The manifest comes last: a folder without one is an export that was cut short, and verify says so.
  writeFileSync(join(out, 'manifest.jws'), signDetached('tally-manifest', bytes, hub));
  writeFileSync(join(out, 'manifest.json'), bytes);
  const manifestSha256 = createHash('sha256').update(bytes).digest('hex');
  await store.noteExport(manifestSha256, about.at);
  return { ok: true, value: { manifest, manifestSha256 } };
}

async function writeFiles(snapshot: ExportSnapshot, out: string, hub: Signer): Promise<Manifest['files']> {
  const epochs = await snapshot.epochs();
  const jwk = (kid: string, publicKey: Uint8Array): Jwk => ({
    ...{ kty: 'OKP', crv: 'Ed25519', alg: 'Ed25519', use: 'sig', kid },
    x: toBase64url(publicKey),
  });
  const keys = [jwk(hub.kid, hub.publicKey), ...epochs.map((e) => jwk(`${e.tid}.${e.ep}`, e.publicKey))];
  const contents: Readonly<Record<ExportFile, Iterable<unknown> | AsyncIterable<unknown>>> = {
    'records.jsonl': snapshot.records(),
    'transfers.jsonl': snapshot.transfers(),
    'enrolments.jsonl': epochs.map((e) => ({ tid: e.tid, ep: e.ep, jws: e.enrolmentJws })),
    'closes.jsonl': snapshot.closes(),
    'statements.jsonl': [],
    'keys.json': [{ keys }],
  };
  const files: Manifest['files'] = {};
  for (const name of EXPORT_FILES) files[name] = await writeLines(join(out, name), contents[name]);
  return files;
}

async function writeLines(
  path: string,
  values: Iterable<unknown> | AsyncIterable<unknown>,
): Promise<{ lines: number; sha256: string }> {
  const file = openSync(path, 'wx');
  const hash = createHash('sha256');
  let lines = 0;
  for await (const value of values) {
    const line = `${JSON.stringify(value)}\n`;
    writeSync(file, line);
    hash.update(line);
    lines += 1;
  }
  fsyncSync(file);
  closeSync(file);
  return { lines, sha256: hash.digest('hex') };
}
