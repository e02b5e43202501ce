import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { enrolmentDocument } from '../../protocol/documents/kinds.ts';
import { nodeHashing, nodeSigner, nodeVerifying } from '../../protocol/node/crypto.ts';
import { EXIT, fail } from '../../protocol/node/program.ts';
import { programVersion } from '../../protocol/node/version.ts';
import type { Carried } from '../../protocol/sync/courier.ts';
import type { TakenIn } from '../agent/courier-routes.ts';
import { checkFenceAtStart } from '../agent/start-check.ts';
import { journalPath, type TerminalConfig } from '../config.ts';
import { seedOf } from '../device-keys.ts';
import { createBook } from '../journal/book.ts';
import { createFence } from '../journal/fence.ts';
import { fenceFile } from '../journal/fence-file.ts';
import { hubKeysOf } from '../journal/hub-keys.ts';
import { createJournal } from '../journal/journal.ts';
import { openJournal, sqliteStore } from '../journal/sqlite-store.ts';
import { type Bundles, NOT_TAKEN, type NotTaken, takeAnswer, writeBundles } from '../sync/courier.ts';
import { createOutbox } from '../sync/outbox.ts';

/**
 * Where a courier's command gets its bundles and leaves its answers. A journal has one writer, and who holds the kiosk's
 * port is it: where the port is free this command holds it until it is done, and no agent starts meanwhile; where it is
 * not, the agent that runs there does the work.
 */
export interface Desk {
  out(): Promise<Bundles>;
  in(carried: Carried): Promise<TakenIn>;
  close(): Promise<void>;
}

const ANSWER_MS = 60_000;

export async function openDesk(config: TerminalConfig, dir: string): Promise<Desk> {
  const release = await holdPort(config.listenPort);
  if (release === null) return agentDesk(config, dir);
  try {
    return journalDesk(config, dir, release);
  } catch (error) {
    await release();
    throw error;
  }
}

/** Null where somebody else has it. */
export function holdPort(port: number): Promise<(() => Promise<void>) | null> {
  return new Promise((done, failed) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? done(null) : failed(error)));
    server.listen(port, '127.0.0.1', () => done(() => new Promise((closed) => server.close(() => closed()))));
  });
}

function journalDesk(config: TerminalConfig, dir: string, release: () => Promise<void>): Desk {
  const data = resolve(dir, config.data);
  const path = journalPath(config, dir);
  if (!existsSync(path)) fail(EXIT.finding, `There is no journal at ${path}.`, 'Start and enrol the kiosk first.');
  const db = openJournal(path);
  const store = sqliteStore(db);
  const epoch = store.epochs().at(-1);
  if (epoch === undefined)
    fail(EXIT.finding, 'This kiosk is not enrolled yet.', 'Enrol it first; that takes a network.');
  const signer = nodeSigner(`${epoch.tid}.${epoch.ep}`, seedOf(data, epoch));
  const storage = fenceFile(resolve(dir, config.fence));
  const fence = createFence(storage, nodeHashing);
  const clock = { monotonicMs: () => performance.now(), boot: 'courier' };
  const journal = createJournal({ store, epoch, signer, hashing: nodeHashing, fence, ...clock });
  // Commit, then fence, then anything leaves: also where the agent crashed between the two and has not started since.
  checkFenceAtStart(journal, fence, epoch);
  const hubKeys = () => hubKeysOf(store, epoch);
  const outbox = createOutbox({
    ...{ store, journal, book: createBook({ store, epoch, verifying: nodeVerifying, hubKeys }) },
    enrolledInc: enrolmentDocument.readTrusted(epoch.enrolmentJws)?.inc ?? '',
    newId: () => randomBytes(9).toString('base64url'),
    health: () => ({ sw: programVersion(), unsent: outbox.unsent(), clock: Date.now() }),
  });
  let closed = false;
  return {
    out: async () => writeBundles(outbox, signer),
    /** What the hub asks back is not answered here, as only the agent writes records: it asks again at every sync. */
    async in(carried) {
      const taken = takeAnswer(carried, epoch, outbox, hubKeys(), nodeVerifying);
      return taken.ok ? { ok: true, unsent: outbox.unsent() } : taken;
    },
    async close() {
      if (closed) return;
      closed = true;
      storage.close();
      db.close();
      await release();
    },
  };
}

function agentDesk(config: TerminalConfig, dir: string): Desk {
  const token = resolve(dir, config.runtime, 'page.token');
  if (!existsSync(token)) notTheAgent(config);
  const bearer = `Bearer ${readFileSync(token, 'utf8').trim()}`;

  async function ask(path: string, body: unknown): Promise<{ status: number; answer: Record<string, unknown> }> {
    try {
      const response = await fetch(`http://127.0.0.1:${config.listenPort}/api/courier/${path}`, {
        method: 'POST',
        headers: { authorization: bearer, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
    } catch {
      return notTheAgent(config);
    }
  }
  function otherwise({ error, whatToDo }: Record<string, unknown>): never {
    if (typeof error !== 'string') notTheAgent(config);
    return fail(EXIT.finding, error, String(whatToDo));
  }
  return {
    async out() {
      const { status, answer } = await ask('out', {});
      if (status !== 200) otherwise(answer);
      const { bundles, left } = answer as unknown as { bundles: { body: string; signature: string }[]; left: number };
      return { bundles: bundles.map((each) => ({ ...each, body: Buffer.from(each.body, 'base64') })), left };
    },
    async in({ body, signature }) {
      const { status, answer } = await ask('in', { body: Buffer.from(body).toString('base64'), signature });
      if (status === 200) return answer as unknown as TakenIn;
      if (String(answer.code) in NOT_TAKEN) return { ok: false, code: answer.code as NotTaken };
      return otherwise(answer);
    },
    close: async () => undefined,
  };
}

function notTheAgent({ listenPort }: TerminalConfig): never {
  return fail(
    EXIT.environment,
    `Something listens on 127.0.0.1:${listenPort}, but it does not answer as this kiosk’s agent.`,
    'A journal has one writer: run this as the agent’s own user, or stop what is there and try again.',
  );
}
