import { randomBytes } from 'node:crypto';
import type { ClosedCode } from '../../protocol/api/kiosk.ts';
import type { RigState } from '../../protocol/api/rig.ts';
import type { Hashing, Signer, Verifying } from '../../protocol/crypto.ts';
import type { Db } from '../../protocol/node/durable-sqlite.ts';
import type { Reason } from '../../protocol/node/status-routes.ts';
import { checkPin } from '../cards/check-pin.ts';
import { identifyHolder, pointsOf } from '../cards/identify-holder.ts';
import { createPreferences } from '../cards/preferences.ts';
import { setCardPin, unlockCard } from '../cards/serve-card.ts';
import type { PrinterPort } from '../devices/printer/port.ts';
import type { ReaderEvent, ReaderPort } from '../devices/reader/port.ts';
import { createBook } from '../journal/book.ts';
import { noteDeed } from '../journal/clerk-trail.ts';
import { createClock } from '../journal/clock.ts';
import type { DiskWatch } from '../journal/disk-space.ts';
import type { Fence } from '../journal/fence.ts';
import { hubKeysOf } from '../journal/hub-keys.ts';
import { createJournal } from '../journal/journal.ts';
import type { EpochRow, JournalStore } from '../journal/port.ts';
import { createPrintJobs } from '../journal/print-jobs.ts';
import type { PaperWidth } from '../receipts/encode.ts';
import { type SaleStop, saleStop } from '../redemption/sale-stop.ts';
import { takeAnswer, writeBundles } from '../sync/courier.ts';
import { exchange } from '../sync/exchange.ts';
import { ownAddresses, watchLink } from '../sync/link-watch.ts';
import { createListener } from '../sync/listener.ts';
import { type Accepted, createOutbox } from '../sync/outbox.ts';
import { createSyncLoop } from '../sync/sync-loop.ts';
import { createAsideDesk } from './aside-desk.ts';
import { CLOSED_SENTENCES } from './closed-sentences.ts';
import { createCounter } from './counter.ts';
import type { CourierDesk } from './courier-routes.ts';
import { watchDevices } from './device-watch.ts';
import { createKiosk } from './kiosk.ts';
import type { StationFacts } from './metrics.ts';
import { createPapers } from './papers.ts';
import { joinPeripherals, type Peripherals } from './peripherals.ts';
import { createPrintRunner, hangingIn } from './print-runner.ts';
import { redeem } from './redeem.ts';
import { REFUSED_CARDS } from './refused-cards.ts';
import { checkFenceAtStart } from './start-check.ts';
import { createTill } from './till.ts';
import { noticesOf, type Trouble, troublesOf } from './troubles.ts';
import { createVisits } from './visits.ts';

/** An enrolled kiosk at work: journal, devices, sync and session joined. Concrete drivers come from main. */

export interface StationDeps {
  readonly db: Db;
  /** Of `db`, and the only one in this process. */
  readonly store: JournalStore;
  readonly epoch: EpochRow;
  readonly inc: string;
  readonly signer: Signer;
  readonly crypto: Hashing & Verifying;
  readonly fence: Fence;
  readonly hubUrl: string;
  readonly maxBackoffMs: number;
  readonly reader: ReaderPort;
  readonly readerKind: 'pcsc' | 'virtual';
  readonly printer: PrinterPort;
  /** What the check at the start found; 'checking' until it has. */
  readonly journalState: () => 'checking' | 'good' | 'damaged';
  readonly disk: DiskWatch;
  /** The fence could not be raised behind a commit: nothing may leave, and only a new start can bring it up. */
  readonly onFenceLost: (error: Error) => void;
  /** A slip has begun and its job cannot say so: only a new start may look at it. */
  readonly onBegunLost: (error: Error) => void;
  readonly onCommit: (ms: number) => void;
  /** Shown while a second person must confirm this device's next epoch; null otherwise. */
  readonly fingerprint: () => string | null;
  readonly peripherals: Peripherals;
  readonly widthColumns: PaperWidth;
  readonly mmPx: number;
  readonly version: string;
  readonly log: (says: string) => void;
}

/** The page comes first: what it asks for and a sync's thousand records are work of one thread. */
const FIRST_SYNC_AFTER_MS = 300;

export function createStation(deps: StationDeps) {
  const { db, epoch, fence, printer, reader, crypto } = deps;
  const monotonicMs = () => performance.now();
  const store = deps.disk.guarded(deps.store);
  const boot = randomBytes(6).toString('base64url');
  const { signer, onFenceLost, onCommit } = deps;
  const printsNow = () => runner.printsNow();
  const journal = createJournal({
    ...{ store, epoch, signer, hashing: crypto, fence, monotonicMs, boot, printsNow, onFenceLost, onCommit },
  });
  const hubKeys = () => hubKeysOf(store, epoch);
  const book = createBook({ store, epoch, verifying: crypto, hubKeys });
  const jobs = deps.disk.guarded(createPrintJobs(db, epoch.ep));
  const start = checkFenceAtStart(journal, fence, epoch);
  const devices = watchDevices({ reader, printer, ...deps.peripherals });
  let lying: string | null = null;
  const lastRecordAt = () => journal.head().at;
  const clock = createClock({ store, epoch, lastRecordAt, monotonicMs, wallMs: Date.now });
  const { nowAt } = clock;
  const newId = () => randomBytes(9).toString('base64url');
  const outbox = createOutbox({ store, journal, book, enrolledInc: deps.inc, newId, health: () => health() });
  const till = createTill({
    store,
    journal,
    book,
    nowAt,
    version: deps.version,
    saleStop: () => stopNow(),
    offline: () => !sync.online(),
  });

  const pace = { random: Math.random, maxBackoffMs: deps.maxBackoffMs };
  const listener = createListener({
    ...{ url: deps.hubUrl, tid: epoch.tid, ep: epoch.ep, signer: deps.signer, ...pace },
    hubNowMs: nowAt,
    onNudge: () => sync.heed(),
  });
  const sync = createSyncLoop({
    ...{ outbox, listener, monotonicMs, ...pace },
    ask: (request) => exchange(request, deps.signer, { url: deps.hubUrl, keys: hubKeys }, crypto),
    onAnswer(response, accepted) {
      // Of a net's answer only: what a stick brings may be days old.
      clock.heard(response.at);
      took(accepted);
    },
    onChange: () => kiosk.publish(),
    log: deps.log,
  });
  const preferences = createPreferences(store);
  const identify = (uid: string, kind: string) => preferences.known(identifyHolder(uid, kind, book, journal, crypto));
  const visits = createVisits({
    ...{ outbox, nudge: () => sync.nudge(), identify },
    ...{ state: () => kiosk.state(), onAnswer: (answer) => kiosk.visitAnswered(answer) },
  });
  const serving = { store, book, terminalPepper: epoch.pepper, hashing: crypto, nowAt, randomBytes };
  let link: { stop(): void } | null = null;
  let firstSync: NodeJS.Timeout | undefined;
  const runner = createPrintRunner({
    ...{ jobs, printer, journal, book, widthColumns: deps.widthColumns, nowAt, log: deps.log },
    ...{ onPaper: (seq, paper) => kiosk.printed(seq, paper), onBegunLost: deps.onBegunLost, hanging: hangingIn(store) },
  });
  const papers = createPapers({ book, journal, tid: epoch.tid, nowAt, print: (elements) => runner.paper(elements) });
  const counter = createCounter({ store, book, journal, till, jobs, tid: epoch.tid, nowAt });
  const kiosk = createKiosk({
    ...{ book, printer, counter, mmPx: deps.mmPx, nowMs: monotonicMs },
    redeem: (draft) => redeem(draft, till),
    checkPin: (token, pin) => checkPin(token, pin, book, epoch.pepper, crypto),
    ...{ askVisit: visits.ask, dropVisit: visits.drop },
    aside: createAsideDesk({ papers, till, onRecord: () => sync.nudge(), log: deps.log }),
    setPin: (token, pin, clerk) => setCardPin(token, pin, clerk, serving),
    unlockCard: (token, reason, clerk) => unlockCard(token, reason, clerk, serving),
    ...{ keptOf: preferences.keptOf, keep: preferences.keep },
    confirmDate: (at, clerk) => clock.confirm(at, () => noteDeed(store, { at, deed: 'confirm-date', clerk })).ok,
    clock: () => ({ sure: clock.sure(), wallAt: clock.wallAt(), knownAt: clock.nowAt() }),
    closed: () => closedBy(),
    notices: () => noticesOf(printer.status(), reader.status()),
    offline: () => !sync.online(),
    onPrintJob: () => runner.wake(),
    onRecord: () => sync.nudge(),
    log: deps.log,
  });

  const peripherals = joinPeripherals({ ...deps.peripherals, tapped: visits.tapped, kiosk, log: deps.log });

  /** The epoch's first record, once the hub has told us what there is to sell. */
  function begin(): void {
    if (journal.head().seq > 0 || start === 'rolled-back' || outbox.rolledBack()) return;
    till.open();
    sync.nudge();
  }

  function took(accepted: Accepted): void {
    raiseLostFence();
    begin();
    // What the hub asks back is committed and fenced here; the next request carries it.
    const returned = accepted.recalls.map((recall) => till.answerRecall(recall)).some((each) => each?.ok);
    const written = [...till.returnExpired(), till.closeIfDue()].some((each) => each?.ok);
    if (returned || written) sync.nudge();
    for (const answer of accepted.visits) visits.answered(answer);
    refreshPoints();
    kiosk.publish();
  }

  /** A lost fence is raised again only on a head that the hub itself has. */
  function raiseLostFence(): void {
    const head = journal.head();
    if (fence.mark() === null && outbox.headConfirmed() && outbox.hub().seq === head.seq) {
      fence.raise({ ep: epoch.ep, seq: head.seq, head: head.head });
    }
  }

  function stopNow(): SaleStop | null {
    return saleStop({
      ...{ rolledBack: start === 'rolled-back' || outbox.rolledBack(), resent: outbox.resent() },
      ...{ fencePresent: fence.mark() !== null, headConfirmed: outbox.headConfirmed(), hubState: outbox.hubState() },
      informed: book.catalogue() !== null && book.policy() !== null && book.versions().roster > 0,
      ...{ clockSure: clock.sure(), diskLow: deps.disk.low(), journal: deps.journalState() },
    });
  }

  function closedBy(): { code: ClosedCode; fingerprint?: string } | null {
    const fingerprint = deps.fingerprint();
    if (fingerprint !== null) return { code: 'waiting-for-confirmation', fingerprint };
    const code = stopNow();
    return code === null ? null : { code };
  }

  function refreshPoints(): void {
    const state = kiosk.state();
    const person = state.at === 'resident' ? state.person : state.at === 'visit' ? state.known?.person : undefined;
    const account = person === undefined ? null : book.account(person.acct);
    if (account === null) return;
    const { spendablePts, elsewherePts } = pointsOf(account.acct, account.elsewhere, journal);
    kiosk.points(account.acct, spendablePts, elsewherePts);
  }

  function onReader(event: ReaderEvent): void {
    if (event.type === 'card') {
      lying = event.presenceId;
      return kiosk.card(visits.tapped(event.card.uid, event.card.kind));
    }
    if (event.type === 'card-refused') return kiosk.cardRefused(REFUSED_CARDS[event.reason]);
    if (event.type === 'removed' && lying === event.presenceId) lying = null;
    kiosk.publish();
  }

  function health() {
    const paper = printer.status();
    const stop = stopNow();
    return {
      // An old copy of a journal looks to the hub like an old request: only the kiosk itself can say which it is.
      ...(stop === null ? {} : { stop }),
      ...{ sw: deps.version, unsent: outbox.unsent(), reader: reader.status().state, printer: paper.state },
      ...peripherals.health(),
      ...{ paper: paper.paper, printsUnknown: jobs.unknown(), clock: Date.now() },
    };
  }

  const courier: CourierDesk = {
    out: () => writeBundles(outbox, deps.signer),
    in(carried) {
      const taken = takeAnswer(carried, epoch, outbox, hubKeys(), crypto);
      if (taken.ok) took(taken.accepted);
      return taken.ok ? { ok: true, unsent: outbox.unsent() } : taken;
    },
  };

  return {
    ...{ kiosk, courier, papers },
    start(): void {
      reader.onEvent(onReader);
      printer.onStatus(() => kiosk.publish());
      printer.start(runner.start());
      reader.start();
      peripherals.start();
      firstSync = setTimeout(() => sync.start(), FIRST_SYNC_AFTER_MS);
      visits.start();
      link = watchLink(ownAddresses, () => sync.nudge());
    },
    async stop(): Promise<void> {
      clearTimeout(firstSync);
      sync.stop();
      visits.stop();
      link?.stop();
      kiosk.stop();
      runner.stop();
      await Promise.all([reader.stop(), printer.stop(), peripherals.stop()]);
    },
    /** From here on what the hub asked meanwhile can be answered. */
    journalChecked(): void {
      begin();
      sync.nudge();
      kiosk.publish();
    },
    /** Only another epoch may sell here, and all that this one wrote has reached the hub once. */
    isOver(): boolean {
      const stop = stopNow();
      return stop === 'needs-new-epoch' || stop === 'ended' || stop === 'revoked';
    },
    notReady(): Reason[] {
      const closed = closedBy();
      return closed === null ? [] : [{ code: closed.code, says: CLOSED_SENTENCES[closed.code] }];
    },
    /** What is amiss though it sells, for whoever looks after the kiosk. */
    troubles: (): Trouble[] =>
      troublesOf({
        ...{ devices: devices(), reader: reader.status(), paper: printer.status().paper },
        ...{ sync: sync.health(), unsent: outbox.unsent() },
      }),
    facts(): StationFacts {
      const oldestAt = outbox.oldestUnsentAt();
      return {
        ...{ devices: devices(), reader: reader.status(), sync: sync.health() },
        ...{ seq: journal.head().seq, unsent: outbox.unsent() },
        queueAgeMs: oldestAt === null ? 0 : Math.max(0, nowAt() - oldestAt),
      };
    },
    state(): RigState {
      const head = journal.head();
      const state = kiosk.state();
      const paper = printer.status();
      return {
        session: { screen: kiosk.view().screen, id: 'session' in state ? state.session : null },
        journal: { seq: head.seq, head: head.head, unsent: outbox.unsent() },
        hub: outbox.hub(),
        printer: { state: paper.state, paper: paper.paper, jobs: jobs.counts() },
        reader: { ...reader.status(), kind: deps.readerKind, card: lying },
        ...peripherals.states(),
      };
    },
  };
}
export type Station = ReturnType<typeof createStation>;
