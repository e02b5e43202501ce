import type { PERFORMERS } from '../../hub/acts.ts';
import type { RowOf, TableName } from '../../hub/ledger/tables.ts';
import type { Action } from './actions.ts';
import { HubDied } from './hub-node.ts';
import { DAY_MS, type World } from './world.ts';

/** What operators do at the hub, always as two; and the hub's own calendar. */

const rows = <T extends TableName>(world: World, table: T, list: string, by: object): RowOf<T>[] =>
  (world.hub.memory
    .state()
    .tables.get(table)
    ?.list(list, by as Readonly<Record<string, unknown>>) ?? []) as unknown as RowOf<T>[];
const epochs = (world: World) => rows(world, 'epochs', 'all', {});

async function two(world: World, kind: keyof typeof PERFORMERS, detail: object): Promise<boolean> {
  const { acts } = world.hub.core;
  const act = await acts.propose(kind as never, 'sim', detail as never, 'ann');
  const alone = await acts.approve(act, 'ann');
  if (alone.ok) world.model.fail('17', `ann approved her own ${kind}`);
  const outcome = await acts.approve(act, 'ben');
  if (!outcome.ok) await acts.decline(act, 'ann');
  return outcome.ok;
}

async function giveCredit(world: World): Promise<void> {
  const { acts } = world.hub.core;
  const { acct } = world.pick(world.residents);
  const credit = world.newId();
  const pts = 10 + Math.floor(world.random() * 60);
  const made = await acts.makeCredit({ credit, acct, activity: 'sweep', reason: 'swept', pts }, 'ann');
  if (!made.ok) return;
  world.credits.set(credit, { acct, pts });
  await acts.approveCredit(credit, 'ben');
  if (world.chance(0.05)) {
    const outcome = await acts.withdrawCredit(credit, 'eve');
    if (outcome.ok) world.credits.delete(credit);
  }
}

async function calendar(world: World): Promise<void> {
  const { acts } = world.hub.core;
  await acts.postDue();
  if (world.chance(0.3)) await acts.expireDue(world.pick(world.residents).acct);
  if (world.options.bug?.name === 'reclaim-by-clock') await reclaim(world);
}

/** The bug of freeing by clock: what a model once overdrew by in 19,250 of 20,000 seeds. */
async function reclaim(world: World): Promise<void> {
  const { grantDocument } = await import('../../protocol/documents/kinds.ts');
  const { ledgerAccount } = await import('../../hub/ledger/accounts.ts');
  const { transfer } = await import('../../hub/ledger/transfers.ts');
  await world.hub.books.write(async (books) => {
    for (const { tid, ep } of await books.list('epochs', 'all', {})) {
      for (const row of await books.list('allowances', 'ofChain', { tid, ep })) {
        const grant = row.grantJws === null ? null : grantDocument.readTrusted(row.grantJws);
        const allowance = ledgerAccount.allowance(row.acct, tid, ep);
        const [open = 0] = await books.balances([allowance]);
        if (grant === null || open <= 0 || grant.notAfter - 25 * DAY_MS > world.time.ms) continue;
        const id = `reclaim:${row.acct}.${tid}.${ep}.${world.newId()}`;
        await books.post(
          [transfer('return', id, allowance, ledgerAccount.account(row.acct), open, tid)],
          world.time.ms,
        );
      }
    }
  });
}

async function decideHeld(world: World): Promise<void> {
  const held = epochs(world).flatMap(({ tid, ep }) =>
    rows(world, 'holds', 'ofChain', { tid, ep }).filter((row) => row.state === 'held'),
  );
  if (held.length === 0) return;
  const { tid, ep, seq, acct } = world.pick(held);
  await two(world, world.chance(0.5) ? 'release' : 'reject', { tid, ep, seq, acct });
}

async function refundOne(world: World): Promise<void> {
  const { tid, ep } = world.pick(epochs(world));
  const sold = rows(world, 'judgements', 'ofChain', { tid, ep }).filter((row) => row.type === 'redeem');
  if (sold.length === 0) return;
  const row = world.pick(sold);
  const epoch = epochs(world).find((each) => each.tid === tid && each.ep === ep);
  const closed = (epoch?.closedSeq ?? 0) >= row.seq;
  const dead = epoch?.state === 'revoked' || (epoch?.state === 'ended' && epoch.endSeq === null);
  const done = await two(world, 'refund', { tid, ep, seq: row.seq });
  if (done && !closed && !dead) world.model.fail('15', `${tid}.${ep}.${row.seq} was refunded before its close`);
}

/** A kiosk that is gone: ended or revoked by two, covered by two; or one that is only stopped, let go on. */
async function lostKiosk(world: World): Promise<void> {
  const lost = world.kiosks.filter((kiosk) => kiosk.lost);
  const dead = epochs(world).filter((row) => row.state === 'ended' || row.state === 'revoked');
  if (lost.length > 0 && world.chance(0.6)) {
    const kiosk = world.pick(lost);
    const ep = kiosk.store.epochs().at(-1)?.ep ?? 1;
    await two(world, world.chance(0.7) ? 'end-epoch' : 'revoke-epoch', { tid: kiosk.tid, ep });
    return;
  }
  if (dead.length === 0) return;
  const { tid, ep } = world.pick(dead);
  if (world.chance(0.3)) await two(world, 'final-close', { tid, ep });
  else await two(world, 'cover', { tid, ep, acct: world.chance(0.5) ? null : world.pick(world.residents).acct });
}

async function stoppedKiosk(world: World): Promise<void> {
  const frozen = epochs(world).filter((row) => row.state === 'frozen');
  if (frozen.length === 0) {
    if (world.chance(0.05)) await world.hub.core.acts.freeze(world.pick(world.kiosks).tid, 1, 'ann');
    return;
  }
  const { tid, ep, forkedSeq } = world.pick(frozen);
  if (forkedSeq === null) await two(world, 'unfreeze', { tid, ep });
  else await forkedKiosk(world, tid, ep, forkedSeq);
}

async function forkedKiosk(world: World, tid: string, ep: number, forkedSeq: number): Promise<void> {
  const branches = rows(world, 'records', 'bySeq', { tid, ep }).filter((row) => (row.seq ?? 0) >= forkedSeq);
  if (branches.length > 0 && world.chance(0.7)) {
    const { hash } = world.pick(branches);
    await two(world, 'decide-forked', { tid, ep, hash, as: world.chance(0.7) ? 'sale' : 'nothing' });
  } else if (world.chance(0.3)) await two(world, 'end-epoch', { tid, ep });
}

async function missingRecords(world: World): Promise<void> {
  const holed = epochs(world).filter((row) => row.topSeq > row.storedSeq);
  const gone = holed.filter((row) => world.kiosks.some((kiosk) => kiosk.tid === row.tid && kiosk.tainted));
  if (gone.length === 0 || world.chance(0.7)) return;
  const { tid, ep, storedSeq } = world.pick(gone);
  const next = rows(world, 'records', 'bySeq', { tid, ep }).find((row) => (row.seq ?? 0) > storedSeq);
  if (next?.seq) await two(world, 'accept-hole', { tid, ep, to: next.seq - 1 });
}

async function correct(world: World): Promise<void> {
  const credits = [...world.credits];
  if (credits.length === 0) return;
  const [credit] = world.pick(credits);
  if (world.chance(0.5)) {
    if (await two(world, 'reverse-credit', { credit })) world.credits.delete(credit);
  } else await two(world, 'charge-reversal', { credit });
}

async function merge(world: World): Promise<void> {
  if (world.chance(0.8)) return;
  const [from, to] = [world.pick(world.residents), world.pick(world.residents)];
  await two(world, 'move', { from: from.acct, to: to.acct });
}

async function backUp(world: World): Promise<void> {
  world.backups.push(world.hub.backup());
}

async function restoreHub(world: World): Promise<void> {
  const from = world.backups[Math.floor(world.random() * world.backups.length)];
  if (from === undefined) return;
  world.fault();
  world.restores += 1;
  world.hub.kill();
  world.hub.memory.restore(from);
  world.model.hubRestored();
  await world.hub.restore(from, `inc-${world.newId()}`);
}

function isRestoring(world: World): boolean {
  const county = world.hub.memory.state().tables.get('counties')?.get({}) as RowOf<'counties'> | undefined;
  return county?.restoring === 1;
}

/** Kiosks that never came back are waited for no longer. */
async function stopWaiting(world: World): Promise<void> {
  if (!isRestoring(world) || !world.hub.isUp()) return;
  world.model.goBlind();
  await two(world, 'end-restore', { early: true });
}

async function afterRestore(world: World): Promise<void> {
  if (!isRestoring(world)) return;
  await enterAgain(world);
  let done = false;
  try {
    done = await two(world, 'end-restore', { early: false });
  } finally {
    // Also where the hub died behind that commit and told nobody.
    if (!isRestoring(world)) forgetUnheard(world);
  }
  if (!done && world.chance(0.02)) {
    world.model.goBlind();
    await two(world, 'end-restore', { early: true });
  }
}

/** Dead epochs are not waited for: what a lost kiosk was granted after the backup nobody knows, and `loss` bears it. */
function forgetUnheard(world: World): void {
  const inc = world.hub.memory.state().tables.get('counties')?.get({})?.inc;
  for (const kiosk of world.kiosks) {
    for (const { tid, ep } of kiosk.store.epochs()) {
      const row = world.hub.memory.state().tables.get('epochs')?.get({ tid, ep });
      if (row?.reportedInc !== inc) kiosk.tainted = true;
    }
  }
}

/** Credits that people gave after the backup are entered again, under their numbers. */
async function enterAgain(world: World): Promise<void> {
  const { acts } = world.hub.core;
  for (const [credit, { acct, pts }] of world.credits) {
    const known = world.hub.memory.state().tables.get('credits')?.get({ credit });
    if (known !== undefined) continue;
    await acts.makeCredit({ credit, acct, activity: 'sweep', reason: 'swept', pts, again: true }, 'ann');
    await acts.approveCredit(credit, 'ben');
  }
}

/** At the hub: nothing where it is down but the start. */
const atHub =
  (action: Action): Action =>
  async (world) => {
    if (!world.hub.isUp()) return world.hub.start();
    try {
      await action(world);
    } catch (error) {
      if (!(error instanceof HubDied)) throw error;
    }
  };

export const PEOPLE_ACTIONS: readonly (readonly [weight: number, action: Action])[] = [
  [14, atHub(giveCredit)],
  [8, atHub(calendar)],
  [3, atHub(decideHeld)],
  [3, atHub(refundOne)],
  [4, atHub(lostKiosk)],
  [3, atHub(stoppedKiosk)],
  [1, atHub(missingRecords)],
  [1, atHub(correct)],
  [1, atHub(merge)],
  [2, atHub(backUp)],
  [0.5, atHub(restoreHub)],
  [5, atHub(afterRestore)],
];
export { afterRestore, isRestoring, stopWaiting };
