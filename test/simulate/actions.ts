import type { Written } from '../../terminal/agent/till.ts';
import type { Journal } from '../../terminal/journal/journal.ts';
import { HubDied } from './hub-node.ts';
import type { KioskNode } from './kiosk-node.ts';
import { send } from './network.ts';
import { DAY_MS, VILLAGES, type World } from './world.ts';

/** What kiosks, people and bad luck do; each is one event. */

export type Action = (world: World) => Promise<void> | void;

const TOKEN = `1.${'A'.repeat(22)}`;
const alive = (world: World) => world.kiosks.filter((kiosk) => !kiosk.lost);
const anyKiosk = (world: World) => world.pick(alive(world).length > 0 ? alive(world) : world.kiosks);

function sell(world: World): void {
  sellAt(world, anyKiosk(world));
}

function sellAt(world: World, kiosk: KioskNode): void {
  if (kiosk.running === null) kiosk.start();
  // Most clerks look at the calendar before they say that the date is right.
  if (kiosk.stop() === 'clock-unsure') kiosk.clerkConfirmsDate(world.time.ms, world.chance(0.2));
  const village = VILLAGES[Number(kiosk.tid[1]) - 1];
  const home = world.residents.filter((resident) => resident.village === village);
  const { acct } = world.chance(0.85) ? world.pick(home) : world.pick(world.residents);
  const items = kiosk.running?.book.catalogue()?.items ?? [];
  if (items.length === 0) return;
  const item = world.pick(items);
  const lines = [{ sku: item.sku, rev: item.rev, qty: 1 + Math.floor(world.random() * 3), pts: item.pts }];
  const sold = kiosk.sell({ acct, token: TOKEN, lines, pinChecked: true });
  if (sold?.ok && kiosk.caught) world.model.fail('16', `${kiosk.tid} sold after it was shown to be an old copy`);
  world.model.touch(acct);
}

function busyHour(world: World): void {
  for (let n = 0; n < 4; n++) sell(world);
}

function undo(world: World): void {
  const kiosk = anyKiosk(world);
  kiosk.act((till, journal) => {
    const { seq } = journal.head();
    const ref = Math.max(1, seq - Math.floor(world.random() * 4));
    return till.void(ref, 'mistake', 'c1');
  });
}

function clerkDay(world: World): void {
  const kiosk = anyKiosk(world);
  kiosk.act((till) => {
    if (world.chance(0.5)) return till.close(false, 'c1');
    return till.stock(world.pick(['restock', 'count', 'waste'] as const), [{ sku: 'rice', qty: 5 }], 'c1');
  });
}

function sync(world: World): void {
  const kiosk = anyKiosk(world);
  if (kiosk.running === null) kiosk.start();
  send(world, kiosk);
}

function everybodySyncs(world: World): void {
  for (const kiosk of alive(world)) {
    if (kiosk.running === null) kiosk.start();
    send(world, kiosk);
  }
}

function visit(world: World): void {
  const kiosk = anyKiosk(world);
  kiosk.running?.outbox.visit('uid', world.pick(world.residents).uid);
  send(world, kiosk);
}

function linkTurns(world: World): void {
  const kiosk = anyKiosk(world);
  kiosk.online = !kiosk.online;
  world.fault();
}

function kioskDies(world: World): void {
  const kiosk = anyKiosk(world);
  world.fault();
  if (world.chance(0.3)) return kiosk.crash();
  kiosk.cutAt(world.pick(['before-commit', 'before-fence', 'torn-fence', 'after-fence'] as const));
  sellAt(world, kiosk);
}

async function hubDies(world: World): Promise<void> {
  world.fault();
  if (world.chance(0.3)) world.hub.kill();
  else world.hub.dieSoon(Math.floor(world.random() * 5), world.chance(0.5));
  everybodySyncs(world);
}

function clocksJump(world: World): void {
  world.fault();
  if (world.chance(0.5)) world.skew.wallMs = Math.round((world.random() - 0.5) * 20 * DAY_MS);
  else world.skew.hubMs = Math.round(world.random() * 5 * DAY_MS);
}

function diskFills(world: World): void {
  world.fault();
  world.disk.full = !world.disk.full;
}

/** The key's holder signs what no honest till would write: a sale at another price, a second void. */
function misbehave(world: World): void {
  const kiosk = anyKiosk(world);
  const { running } = kiosk;
  if (running === null || kiosk.stop() !== null) return;
  world.fault();
  kiosk.dishonest = true;
  kiosk.act((_till, journal) => (world.chance(0.5) ? secondVoid(journal) : wrongPrice(world, journal)));
}

function wrongPrice(world: World, journal: Journal): Written | null {
  const { acct } = world.pick(world.residents);
  const { G, S, V, R } = journal.allowance(acct);
  if (G - R - (S - V) < 9 || journal.head().seq === 0) return null;
  const auth = { level: 'uid', pin: true, hotlist: 0 };
  const lines = [{ sku: 'rice', rev: 1, qty: 1, pts: 9 }];
  const sale = { acct, card: TOKEN, lines, pts: 9, S: S + 9, V, R, auth };
  world.model.touch(acct);
  return { ok: true, record: journal.append({ type: 'redeem', at: journal.head().at, day: '2027-01-01', ...sale }) };
}

function secondVoid(journal: Journal): Written | null {
  const records = journal.after(0, 1_000).map((record) => record.payload);
  const first = records.findLast((payload) => payload.type === 'void');
  if (first?.type !== 'void') return null;
  const { acct, pts, ref } = first;
  const { S, V, R } = journal.counters(acct);
  if (V + pts > S || (records.at(-1)?.tot ?? 0) < pts) return null;
  const again = { ref, acct, pts, S, V: V + pts, R, reason: 'again', clerk: 'c1' };
  return { ok: true, record: journal.append({ type: 'void', at: journal.head().at, day: '2027-01-01', ...again }) };
}

/** A disk put back from an older copy, with or without its fence; or copied into a second kiosk. */
function takeImage(world: World): void {
  const kiosk = anyKiosk(world);
  world.images.set(kiosk, kiosk.image(true));
}
function rollBack(world: World): void {
  const [kiosk, image] = world.pick([...world.images]) ?? [];
  if (kiosk === undefined || image === undefined || kiosk.lost) return;
  world.fault();
  kiosk.tainted = true;
  kiosk.caught = false;
  const fenced = world.chance(0.5);
  const before = kiosk.store.last(kiosk.store.epochs().at(-1)?.ep ?? 0);
  kiosk.putBack(fenced ? { ...image, slots: null } : image);
  kiosk.start();
  const now = kiosk.store.last(kiosk.store.epochs().at(-1)?.ep ?? 0);
  const older = (before?.seq ?? 0) > (now?.seq ?? 0) + 1;
  if (fenced && older && kiosk.stop() === null) world.model.fail('16', `${kiosk.tid} sells behind its fence`);
}
function clone(world: World): void {
  const kiosk = anyKiosk(world);
  if (kiosk.running === null || world.kiosks.length > 5) return;
  world.fault();
  const copy = world.newKiosk(kiosk.tid);
  copy.putBack(kiosk.image(true));
  kiosk.tainted = true;
  copy.tainted = true;
  copy.dishonest = kiosk.dishonest;
  copy.start();
  world.kiosks.push(copy);
}

function loseKiosk(world: World): void {
  const kiosk = anyKiosk(world);
  world.fault();
  kiosk.lost = true;
  kiosk.crash();
}
function findKiosk(world: World): void {
  const lost = world.kiosks.filter((kiosk) => kiosk.lost);
  if (lost.length === 0) return;
  const kiosk = world.pick(lost);
  kiosk.lost = false;
  kiosk.start();
}

/** Everything back to its accounts, the day closed, the epoch ended: as before a planned replacement. */
function plannedEnd(world: World): void {
  const kiosk = anyKiosk(world);
  const rows = kiosk.running?.journal.allowances() ?? [];
  for (const { acct } of rows) kiosk.act((till) => till.giveBack(acct, 0));
  kiosk.act((till) => till.close(false, 'c1'));
  kiosk.act((till) => till.end('c1'));
}

async function newEpoch(world: World): Promise<void> {
  const stopped = alive(world).filter((kiosk) => {
    const stop = kiosk.running === null ? null : kiosk.stop();
    return stop === 'needs-new-epoch' || stop === 'ended' || stop === 'revoked';
  });
  if (stopped.length > 0 && world.hub.isUp()) await replace(world, world.pick(stopped));
}
async function replace(world: World, kiosk: KioskNode): Promise<void> {
  const village = VILLAGES[Number(kiosk.tid[1]) - 1] as string;
  const enrolled = await world.enrol(kiosk, village).catch((error: unknown) => {
    if (error instanceof HubDied) return false;
    throw error;
  });
  if (enrolled) {
    kiosk.caught = false;
    // An enrolment is answered only after it stands where the backups are.
    world.backups.length = 0;
    world.backups.push(world.hub.backup());
  }
}

export const KIOSK_ACTIONS: readonly (readonly [weight: number, action: Action])[] = [
  [30, sell],
  [14, busyHour],
  [8, undo],
  [6, clerkDay],
  [30, sync],
  [14, everybodySyncs],
  [5, visit],
  [5, linkTurns],
  [5, kioskDies],
  [3, hubDies],
  [2, clocksJump],
  [1, diskFills],
  [2, misbehave],
  [2, takeImage],
  [0.5, rollBack],
  [0.3, clone],
  [0.7, loseKiosk],
  [1, findKiosk],
  [0.6, plannedEnd],
  [3, newEpoch],
];
