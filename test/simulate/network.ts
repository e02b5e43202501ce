import { signDetached } from '../../protocol/jws/compact.ts';
import { utf8 } from '../../protocol/primitives/bytes.ts';
import type { SyncResponse } from '../../protocol/sync/messages.ts';
import { HubDied } from './hub-node.ts';
import type { KioskNode } from './kiosk-node.ts';
import { DAY_MS, type World } from './world.ts';

/** Messages between kiosks and hub: dropped, doubled, delayed, out of order, and with dirt between the records. */

export function send(world: World, kiosk: KioskNode): void {
  const asked = kiosk.ask();
  if (asked === null || !kiosk.online) return;
  const dirty = world.chance(0.05) ? withDirt(world, kiosk, asked) : asked;
  post(world, { to: 'hub', from: kiosk, ...dirty });
}

function post(world: World, message: Omit<World['messages'][number], 'dueMs'>): void {
  const { chance, random, messages, time } = world;
  if (chance(0.08)) return world.fault();
  const late = chance(0.12);
  if (late) world.fault();
  messages.push({ ...message, dueMs: time.ms + (late ? random() * 2 * DAY_MS : 0) });
  if (!chance(0.06)) return;
  world.fault();
  messages.push({ ...message, dueMs: time.ms + random() * DAY_MS });
}

/** Other spellings of good records, records of others, and rubbish: none of it may count. */
function withDirt(world: World, kiosk: KioskNode, asked: { body: Uint8Array; signature: string }) {
  const signer = kiosk.running?.signer;
  if (signer === undefined) return asked;
  world.fault();
  const request = JSON.parse(Buffer.from(asked.body).toString()) as { records: string[] };
  const own = kiosk.store.epochs().flatMap(({ ep }) => kiosk.store.after(ep, 0, 1_000));
  const other = world.pick(world.kiosks);
  const foreign = other === kiosk ? [] : other.store.after(1, 0, 5);
  const good = own.length === 0 ? '' : world.pick(own).jws;
  const dirt = [respelt(good), `${good}=`, 'rubbish', foreign[0]?.jws ?? ''];
  request.records = [...dirt.slice(0, 1 + Math.floor(world.random() * dirt.length)), ...request.records];
  const body = utf8(JSON.stringify(request));
  return { body, signature: signDetached('tally-sync', body, signer) };
}

/** The last character of 64 bytes carries four bits that decode to nothing: another spelling of one signature. */
function respelt(jws: string): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const at = digits.indexOf(jws.at(-1) ?? '');
  return at < 0 ? jws : `${jws.slice(0, -1)}${digits[at ^ 1]}`;
}

export async function deliver(world: World): Promise<void> {
  for (;;) {
    const due = world.messages.findIndex((message) => message.dueMs <= world.time.ms);
    if (due < 0) return;
    const [message] = world.messages.splice(due, 1);
    if (message === undefined) return;
    world.counts.events += 1;
    if (message.to === 'hub') await toHub(world, message);
    else toKiosk(world, message.to, message);
    world.model.check();
  }
}

async function toHub(world: World, { from, body, signature }: World['messages'][number]): Promise<void> {
  const { hub } = world;
  if (!hub.isUp()) return;
  try {
    const outcome = await hub.core.sync(from.tid, body, signature);
    if (outcome.ok) {
      const answer = world.chance(0.05) ? withOldGrants(world, from, outcome) : outcome;
      post(world, { to: from, from, body: answer.body, signature: answer.signature });
      if (world.chance(0.7)) hub.sync();
    }
  } catch (error) {
    if (!(error instanceof HubDied)) throw error;
  }
}

/** A hub that says too much: grants of epochs that are over, and of other kiosks, are none of this one's. */
function withOldGrants(world: World, kiosk: KioskNode, answered: { body: Uint8Array; signature: string }) {
  const { hub } = world.hub;
  const rows = [...world.kiosks].flatMap(({ tid, store }) => store.epochs().map(({ ep }) => ({ tid, ep })));
  const allowances = world.hub.memory.state().tables.get('allowances');
  const grants = rows
    .filter(({ tid, ep }) => tid !== kiosk.tid || ep !== kiosk.store.epochs().at(-1)?.ep)
    .flatMap(({ tid, ep }) => allowances?.list('ofChain', { tid, ep }) ?? [])
    .flatMap(({ grantJws }) => (typeof grantJws === 'string' ? [grantJws] : []));
  if (grants.length === 0) return answered;
  world.fault();
  const response = JSON.parse(Buffer.from(answered.body).toString()) as SyncResponse;
  const body = utf8(JSON.stringify({ ...response, grants: [...grants.slice(-3), ...response.grants] }));
  return { body, signature: signDetached('tally-sync', body, hub) };
}

function toKiosk(world: World, kiosk: KioskNode, { body, signature }: World['messages'][number]): void {
  if (!kiosk.online || kiosk.lost) return;
  const latest = kiosk.isLatest(body);
  const incBefore = kiosk.running?.outbox.inc();
  const response = kiosk.hear(body, signature, (returning) => {
    // With the bug of sending first, the return is on its way before anything of it is on the disk.
    const asked = returning.ask();
    if (asked !== null) world.messages.push({ to: 'hub', from: returning, ...asked, dueMs: world.time.ms });
  });
  if (response !== null && response.inc === incBefore) noteContact(world, kiosk, response, latest);
}

/** Invariant 16: the answer to its latest request shows that it is an old copy; from here on it may not sell. */
function noteContact(world: World, kiosk: KioskNode, { stored, resendFrom }: SyncResponse, latest: boolean): void {
  const { running } = kiosk;
  if (running === null) return;
  const ahead = stored.seq > running.journal.head().seq;
  if (latest && (ahead || resendFrom !== undefined) && !running.outbox.rolledBack()) {
    world.model.fail('16', `${kiosk.tid} was told that it is an old copy, and goes on`);
  }
  if (running.outbox.rolledBack()) kiosk.caught = true;
  if (kiosk.caught && !kiosk.tainted) world.model.fail('16', `${kiosk.tid} is no old copy, and stopped as one`);
}
