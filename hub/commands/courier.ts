import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { nodeHashing, nodeVerifying } from '../../protocol/node/crypto.ts';
import { writeDurably } from '../../protocol/node/key-file.ts';
import { EXIT, fail } from '../../protocol/node/program.ts';
import { SYNC_SENTENCES } from '../api/sync-sentences.ts';
import { createCore } from '../core.ts';
import { createSignIn, SIGN_IN_SENTENCES } from '../operators/sign-in.ts';
import type { HubParts } from '../parts.ts';

/** `hub courier`: takes what a kiosk without a network put on a stick, and writes the answer beside it. */

export const BUNDLE = { body: 'bundle.json', signature: 'bundle.sig' } as const;
export const ANSWER = { body: 'answer.json', signature: 'answer.sig' } as const;

export interface CourierAsked {
  /** Holds `bundle.json` and `bundle.sig`; the answer is written beside them. */
  readonly folder: string;
  readonly user: string;
  readonly passwordFile: string;
  readonly code?: string;
}

export async function takeBundle(parts: HubParts, asked: CourierAsked): Promise<{ tid: string; bytes: number }> {
  const folder = resolve(asked.folder);
  const by = await signedIn(parts, asked);
  for (const name of Object.values(BUNDLE))
    if (!existsSync(join(folder, name))) fail(EXIT.usage, `${name} is not in ${folder}.`, 'Name a courier’s folder.');
  const body = readFileSync(join(folder, BUNDLE.body));
  const signature = readFileSync(join(folder, BUNDLE.signature), 'utf8').trim();
  const tid = tidIn(body);
  const { store, seal, hub, config } = parts;
  const core = createCore({
    ...{ books: store.books, seal, hub, crypto: { ...nodeHashing, ...nodeVerifying }, nowMs: Date.now, randomBytes },
    ...{ receiptBase: config.publicUrl, pollMs: config.pollMs },
    onFault: (what, error) => process.stderr.write(`${what}: ${String(error)}\n`),
  });
  const outcome = await core.sync(tid, body, signature, by);
  if (!outcome.ok) {
    const [, error, whatToDo] = SYNC_SENTENCES[outcome.code];
    fail(EXIT.finding, error, whatToDo);
  }
  mkdirSync(folder, { recursive: true });
  writeDurably(join(folder, ANSWER.signature), Buffer.from(`${outcome.signature}\n`), 0o600);
  writeDurably(join(folder, ANSWER.body), outcome.body, 0o600);
  return { tid, bytes: outcome.body.length };
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

/** Only says which terminal’s keys to look at; the signature decides. */
function tidIn(body: Uint8Array): string {
  const tid = /"tid":"([a-z0-9-]{1,32})"/.exec(Buffer.from(body.subarray(0, 400)).toString('latin1'))?.[1];
  if (tid === undefined) fail(EXIT.finding, 'That is no courier’s bundle.', 'Let the kiosk write it again.');
  return tid;
}
