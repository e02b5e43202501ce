import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeDurably } from '../../protocol/node/key-file.ts';
import { EXIT, fail } from '../../protocol/node/program.ts';
import { answerNames, BUNDLES_MAX, bundleNames, type Carried } from '../../protocol/sync/courier.ts';
import type { TerminalConfig } from '../config.ts';
import { NOT_TAKEN } from '../sync/courier.ts';
import { openDesk } from './courier-desk.ts';

/** `terminal courier out|in <folder>`: what a kiosk without a network carries to the hub, and what it gets back. */

export async function carryOut(config: TerminalConfig, dir: string, to: string) {
  const folder = resolve(to);
  const desk = await openDesk(config, dir);
  try {
    const { bundles, left } = await desk.out();
    mkdirSync(folder, { recursive: true });
    for (const [i, { body, signature }] of bundles.entries()) {
      const names = bundleNames(i + 1);
      writeDurably(join(folder, names.body), body, 0o600);
      writeDurably(join(folder, names.signature), Buffer.from(`${signature}\n`), 0o600);
    }
    // Of an earlier, larger errand: the hub would only find again what it has. Answers stay, they may not be taken yet.
    for (let n = bundles.length + 1; n <= BUNDLES_MAX; n++)
      for (const name of Object.values(bundleNames(n))) rmSync(join(folder, name), { force: true });
    const rest = left === 0 ? '' : ` ${left} records are left: bring the answers back, then write the next stick.`;
    const says = `${bundles.length} ${bundles.length === 1 ? 'bundle' : 'bundles'} in ${folder}.${rest}`;
    return { bundles: bundles.length, left, says };
  } finally {
    await desk.close();
  }
}

export async function carryIn(config: TerminalConfig, dir: string, from: string) {
  const folder = resolve(from);
  const answers = read(folder);
  if (answers.length === 0)
    fail(EXIT.usage, `There is no ${answerNames(1).body} in ${folder}.`, 'Take the stick to the hub first.');
  const desk = await openDesk(config, dir);
  try {
    let taken = 0;
    let unsent = 0;
    let refused: readonly [string, string] | null = null;
    for (const answer of answers) {
      const outcome = await desk.in(answer);
      if (outcome.ok) {
        taken += 1;
        unsent = outcome.unsent;
      } else refused = NOT_TAKEN[outcome.code];
    }
    if (taken === 0 && refused !== null) {
      await desk.close();
      fail(EXIT.finding, ...refused);
    }
    const also = refused === null ? '' : ` ${answers.length - taken} not: ${refused[0]}`;
    const says = `${taken} ${taken === 1 ? 'answer' : 'answers'} taken; ${unsent} records wait for the hub.${also}`;
    return { taken, notTaken: answers.length - taken, unsent, says };
  } finally {
    await desk.close();
  }
}

/** Those that stand there with their signatures, in order. */
function read(folder: string): Carried[] {
  const found: Carried[] = [];
  for (let n = 1; n <= BUNDLES_MAX; n++) {
    const { body, signature } = answerNames(n);
    const paths = [join(folder, body), join(folder, signature)] as const;
    if (!paths.every((path) => existsSync(path))) continue;
    found.push({ body: readFileSync(paths[0]), signature: readFileSync(paths[1], 'utf8').trim() });
  }
  return found;
}
