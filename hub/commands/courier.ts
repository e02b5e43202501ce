import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { nodeHashing, nodeVerifying } from '../../protocol/node/crypto.ts';
import { writeDurably } from '../../protocol/node/key-file.ts';
import { EXIT, fail } from '../../protocol/node/program.ts';
import { answerNames, BUNDLES_MAX, bundleNames } from '../../protocol/sync/courier.ts';
import { SYNC_SENTENCES } from '../api/sync-sentences.ts';
import { createCore } from '../core.ts';
import { syncBundle } from '../ingest/bundle.ts';
import { createSignIn, SIGN_IN_SENTENCES } from '../operators/sign-in.ts';
import type { HubParts } from '../parts.ts';

/** `hub courier`: takes what a kiosk without a network put on a stick, and writes the answers beside it. */

export interface CourierAsked {
  /** Holds `bundle.json` and `bundle.sig`, perhaps `bundle-2.json` …; the answers are written beside them. */
  readonly folder: string;
  readonly user: string;
  readonly passwordFile: string;
  readonly code?: string;
}
export interface BundleTaken {
  readonly tid: string;
  /** File of the answer. */
  readonly answer: string;
  readonly bytes: number;
}

/** In the order in which the kiosk wrote them. One that is refused ends it: what came before stands, with its answer. */
export async function takeBundles(parts: HubParts, asked: CourierAsked): Promise<BundleTaken[]> {
  const folder = resolve(asked.folder);
  const by = await signedIn(parts, asked);
  const { store, seal, hub, config } = parts;
  const core = createCore({
    ...{ books: store.books, seal, hub, crypto: { ...nodeHashing, ...nodeVerifying }, nowMs: Date.now, randomBytes },
    ...{ receiptBase: config.publicUrl, pollMs: config.pollMs },
    onFault: (what, error) => process.stderr.write(`${what}: ${String(error)}\n`),
  });
  const taken: BundleTaken[] = [];
  for (let n = 1; n === 1 || (n <= BUNDLES_MAX && existsSync(join(folder, bundleNames(n).body))); n++) {
    const names = bundleNames(n);
    for (const name of Object.values(names))
      if (!existsSync(join(folder, name))) fail(EXIT.usage, `${name} is not in ${folder}.`, 'Name a courier’s folder.');
    const carried = {
      body: readFileSync(join(folder, names.body)),
      signature: readFileSync(join(folder, names.signature), 'utf8').trim(),
    };
    const outcome = await syncBundle(core.sync, carried, by);
    if (!outcome.ok) {
      const [, error, whatToDo] = SYNC_SENTENCES[outcome.code];
      fail(EXIT.finding, `${names.body}: ${error}`, whatToDo);
    }
    const answer = answerNames(n);
    writeDurably(join(folder, answer.signature), Buffer.from(`${outcome.signature}\n`), 0o600);
    writeDurably(join(folder, answer.body), outcome.body, 0o600);
    taken.push({ tid: outcome.response.tid, answer: answer.body, bytes: outcome.body.length });
  }
  return taken;
}

/** Who finds a stick must not get a roster out of the hub: a person stands for it. */
async function signedIn({ store, seal }: HubParts, { user, passwordFile, code }: CourierAsked): Promise<string> {
  const [password = ''] = readFileSync(passwordFile, 'utf8').split('\n');
  const signIn = createSignIn({ store: store.operators, seal, nowMs: Date.now });
  const outcome = await signIn({ user, password, ...(code === undefined ? {} : { code }) });
  if (!outcome.ok) fail(EXIT.finding, ...SIGN_IN_SENTENCES[outcome.code]);
  if (outcome.operator.role === 'auditor') fail(EXIT.finding, 'Auditors only read.', 'Let an operator bring it.');
  return user;
}
