import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyExport } from '../hub/export/verify.ts';
import { writeExport } from '../hub/export/write-export.ts';
import { TRANSFER_KINDS, type TransferKind } from '../hub/ledger/transfers.ts';
import { openSqliteStore } from '../hub/store/open.ts';
import { signDetached } from '../protocol/jws/compact.ts';
import { nodeSigner } from '../protocol/node/crypto.ts';
import { runSeed } from './simulate/run-seed.ts';
import { simCrypto } from './simulate/sim-crypto.ts';
import type { World } from './simulate/world.ts';
import { copyBooks } from './support/copied-books.ts';

/** Months with everything going wrong leave books that an auditor finds nothing in; what is changed in them is found. */

const dir = mkdtempSync(join(tmpdir(), 'tally-month-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Together these months have every kind of transfer; where the simulator has changed, more are looked for. */
const SEEDS = [1, 2, 4, 6, 14, 31, 95, 97, 99, 110, 193];
const MAX_SEEDS = 1_000;
const hub = simCrypto('real').signer('hub.1', 'hub');
const pinned = { hubKeys: [hub.publicKey] };

interface Line {
  readonly id: string;
  readonly debit: string;
  readonly credit: string;
  readonly amount: number;
  readonly kind: string;
  readonly ref: string;
}
const read = <T>(path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);

async function monthOf(seed: number, crypto: 'keyed' | 'real'): Promise<World> {
  let world: World | undefined;
  const onWorld = (made: unknown) => {
    world = made as World;
  };
  await runSeed({ seed, bug: null, crypto, onWorld });
  return world ?? expect.fail('no world');
}

async function exportOf(seed: number): Promise<string> {
  const world = await monthOf(seed, 'real');
  const store = openSqliteStore(':memory:', 'c');
  await copyBooks(world.hub.memory.state(), store.books);
  const out = join(dir, String(seed));
  const county = await store.books.read((books) => books.get('counties', {}));
  const about = { county: 'c', inc: county?.inc ?? '', at: 1 };
  expect(await writeExport(store.exports, out, world.hub.hub, about)).toMatchObject({ ok: true });
  await store.close();
  return out;
}

/** Who holds the hub's key signs what was changed: the books alone must show it. */
function changed(from: string, file: string, change: (lines: Line[]) => Line[]): string {
  const to = mkdtempSync(join(dir, 'changed-'));
  cpSync(from, to, { recursive: true });
  const text = change(read<Line>(join(from, file)))
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
  writeFileSync(join(to, file), text);
  const manifest = JSON.parse(readFileSync(join(to, 'manifest.json'), 'utf8'));
  manifest.files[file] = {
    lines: text.split('\n').length - 1,
    sha256: createHash('sha256').update(text).digest('hex'),
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  writeFileSync(join(to, 'manifest.json'), bytes);
  writeFileSync(join(to, 'manifest.jws'), signDetached('tally-manifest', bytes, hub));
  return to;
}

/** Nothing pays a shop out yet, so no month can have one. */
const KINDS = (Object.keys(TRANSFER_KINDS) as TransferKind[]).filter((kind) => kind !== 'settle');
/** Nothing in an export says how often points expire, are moved, or go into a kiosk's keeping: only their accounts do. */
const UNBOUNDED: ReadonlySet<string> = new Set(['expire', 'move', 'grant', 'lend']);
const REPEATED = KINDS.filter((kind) => !UNBOUNDED.has(kind));

describe('the export of a simulated month', () => {
  const months: string[] = [];
  const having: Map<string, string> = new Map();
  beforeAll(async () => {
    const add = async (seed: number) => {
      const out = await exportOf(seed);
      months.push(out);
      for (const { kind } of read<Line>(join(out, 'transfers.jsonl'))) having.set(kind, out);
    };
    for (const seed of SEEDS) await add(seed);
    for (let seed = 1; seed <= MAX_SEEDS && KINDS.some((kind) => !having.has(kind)); seed++) {
      const { transfers } = (await monthOf(seed, 'keyed')).hub.memory.state();
      if ([...transfers.values()].some(({ kind }) => !having.has(kind))) await add(seed);
    }
  }, 240_000);
  const monthWith = (kind: string) => having.get(kind) ?? expect.fail(`no month of ${MAX_SEEDS} has a ${kind}`);

  it('has no findings', async () => {
    let records = 0;
    for (const [n, out] of months.entries()) {
      const verified = await verifyExport(out, pinned);
      expect(verified.findings, `month ${n + 1}`).toEqual([]);
      records += verified.records;
    }
    expect(records).toBeGreaterThan(months.length * 20);
  }, 120_000);

  const tampered = (kind: string, change: (line: Line) => readonly Line[]) => {
    let done = false;
    return changed(monthWith(kind), 'transfers.jsonl', (lines) =>
      lines.flatMap((line) => {
        if (done || line.kind !== kind) return [line];
        done = true;
        return change(line);
      }),
    );
  };
  const found = async (path: string) => (await verifyExport(path, pinned)).findings;

  it('changed in nothing is no finding', async () => {
    expect(await found(tampered('redeem', (line) => [line]))).toEqual([]);
  });
  it.each(KINDS)('with a %s turned round has one', async (kind) => {
    const turned = (line: Line) => [{ ...line, debit: line.credit, credit: line.debit }];
    const codes = (await found(tampered(kind, turned))).map(({ code }) => code);
    expect(codes).toContain(kind === 'move' ? 'ledger-differs' : 'unexplained-kind');
  });
  it.each(KINDS)('with a %s for something that is not there has one', async (kind) => {
    const says = (await found(tampered(kind, (line) => [{ ...line, ref: 'k9.1.999' }]))).map((finding) => finding.says);
    expect(says).not.toEqual([]);
    for (const sentence of says) expect(sentence).toMatch(/^.{12,}\.$/);
  });
  it.each(REPEATED)('with a %s once more has one', async (kind) => {
    expect(await found(tampered(kind, (line) => [line, { ...line, id: `${line.id}.again` }]))).not.toEqual([]);
  });
  it('with points from nowhere has one', async () => {
    const path = tampered('post', () => []);
    expect((await found(path)).map(({ code }) => code)).toContain('overdrawn');
  });

  it.each([
    ['taken out', 'close-missing', (lines: object[]) => lines.slice(0, -1)],
    ['twice', 'closed-twice', (lines: object[]) => [...lines, lines.at(-1) ?? {}]],
    ['with other points', 'close-sums', (lines: object[]) => lines.map((line) => ({ ...line, redeemedPts: 1 }))],
    ['that begins later', 'close-gap', (lines: object[]) => lines.map((line) => ({ ...line, from: 2 }))],
    ['that ends elsewhere', 'close-range', (lines: object[]) => lines.map((line) => ({ ...line, to: 999_999 }))],
  ] as const)('with a close %s has one', async (_how, code, change) => {
    const month = months.find((out) => (read<{ seq: number }>(join(out, 'closes.jsonl')).at(-1)?.seq ?? 0) > 0);
    const path = changed(
      month ?? expect.fail('no month has a close'),
      'closes.jsonl',
      (lines) => change(lines) as unknown as Line[],
    );
    expect((await found(path)).map((finding) => finding.code)).toContain(code);
  });

  it('signed by another hub than the one we know has one', async () => {
    const other = nodeSigner('hub.1', new Uint8Array(32).fill(9));
    const codes = (await verifyExport(months[0] ?? '', { hubKeys: [other.publicKey] })).findings.map(
      ({ code }) => code,
    );
    expect(codes).toEqual(expect.arrayContaining(['other-hub-key', 'manifest-signature', 'enrolment-signature']));
  });
});
