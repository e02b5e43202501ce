import { beforeEach, describe, expect, it } from 'vitest';
import { nudgesDocument } from '../../protocol/documents/kinds.ts';
import { nodeSigner } from '../../protocol/node/crypto.ts';
import type { SyncResponse } from '../../protocol/sync/messages.ts';
import { type BooksFixture, booksFixture, crypto } from '../../test/support/books-fixture.ts';
import { describeEngines, type OpenBooks } from '../../test/support/engines.ts';
import type { Books } from '../ledger/books.ts';
import { memoryBooks } from '../store/memory/memory-books.ts';
import { createNudges, NUDGE_LIMITS } from './nudges.ts';
import { recallElsewhere } from './visits.ts';

/** Who is woken, by what, and by nothing else: on every engine, with two hub processes on one store. */

const signer = (tid: string) => nodeSigner(`${tid}.1`, new Uint8Array(32).fill(tid.charCodeAt(1)));

/** A hub with two kiosks of one village; to be called once in a describe. */
function stage(open: () => Promise<OpenBooks>) {
  let store: OpenBooks;
  let hub: BooksFixture;
  const heard: string[] = [];
  beforeEach(async () => {
    store = await open();
    hub = await booksFixture(store.books);
    for (const tid of ['k1', 'k2']) {
      await hub.kiosk(tid);
      await change('epochs', { tid, ep: 1 }, { publicKey: signer(tid).publicKey, enrolmentJws: 'jws' });
    }
    heard.splice(0);
    return () => store.close();
  });

  const write = (work: (books: Books) => Promise<unknown>) => store.books.write(work);
  async function change(table: 'epochs' | 'counties' | 'residents', key: object, patch: object): Promise<void> {
    await write(async (books) => {
      const row = await books.get(table, key as never);
      await books.put(table, [{ ...row, ...patch } as never]);
    });
  }
  const asking = (tid: string, at = hub.clock.ms, by = signer(tid)) =>
    nudgesDocument.sign({ v: 1, tid, ep: 1, at }, by);
  const listener = (name: string) => ({
    ask: () => heard.push(name),
    end: () => heard.push(`${name} ended`),
  });
  const listen = (name: string, at?: number, nudges = hub.core.nudges) =>
    nudges.open(name.slice(0, 2), asking(name.slice(0, 2), at), listener(name));
  /** What is heard at the next look. */
  async function news(nudges = hub.core.nudges): Promise<string[]> {
    for (let i = 0; i < NUDGE_LIMITS.rosterEvery; i++) await nudges.look();
    return heard.splice(0);
  }
  async function quiet(): Promise<void> {
    await listen('k1');
    await listen('k2');
    expect(await news(), 'each new stream is told to ask, once').toEqual(['k1', 'k2']);
    expect(await news()).toEqual([]);
  }

  return {
    ...{ write, change, listen, news, quiet },
    get hub() {
      return hub;
    },
  };
}

describeEngines('nudges', (open) => {
  const on = stage(open);

  it('a recall wakes the kiosk that holds the points, and again only when more is asked back', async () => {
    await on.hub.give('a1', 90, 60, 'k1');
    await on.quiet();
    await on.write((books) => recallElsewhere(books, { tid: 'k2', ep: 1 }, 'a1', 20));
    expect([await on.news(), await on.news()]).toEqual([['k1'], []]);
    await on.write((books) => recallElsewhere(books, { tid: 'k2', ep: 1 }, 'a1', 50));
    expect([await on.news(), await on.news()]).toEqual([['k1'], []]);
  });

  it('a visitor whose points came back wakes the kiosk where they wait, not before', async () => {
    await on.hub.give('a1', 60, 60, 'k1');
    await on.write((books) => books.put('waits', [{ tid: 'k2', ep: 1, acct: 'a1', pts: 20, at: on.hub.clock.ms }]));
    await on.quiet();
    await on.hub.give('a1', 20);
    expect([await on.news(), await on.news()]).toEqual([['k2'], []]);
  });

  it('a change of the roster wakes its own village only: of a resident, of a clerk', async () => {
    await on.write(async (books) => {
      const place = { village: 'v2', name: '村', nameEn: 'V', pepperVersion: 1, pepperSealed: new Uint8Array(1) };
      await books.add('villages', [place]);
      await books.put('shops', [{ shop: 's2', village: 'v2', name: '店', nameEn: 'S', phone: '' }]);
    });
    await on.change('epochs', { tid: 'k2', ep: 1 }, { village: 'v2', shop: 's2' });
    await on.quiet();
    await on.write(async (books) => {
      const row = await books.get('residents', { acct: 'a1' });
      if (row !== undefined) await books.put('residents', [{ ...row, rosterVersion: await books.nextVersion() }]);
    });
    expect([await on.news(), await on.news()]).toEqual([['k1'], []]);
    await on.write(async (books) => {
      const clerk = { clerk: 'c1', village: 'v2', name: '李', rosterVersion: await books.nextVersion(), acct: null };
      await books.put('clerks', [clerk]);
    });
    expect([await on.news(), await on.news()]).toEqual([['k2'], []]);
  });

  it('two hub processes on one store: what one writes wakes who listens at the other', async () => {
    const { verifying, nowMs } = { verifying: crypto, nowMs: () => on.hub.clock.ms };
    const other = createNudges({ store: on.hub.store, verifying, nowMs, onFault: () => undefined });
    await on.listen('k1', undefined, other);
    expect(await on.news(other)).toEqual(['k1']);
    await on.hub.core.acts.freeze('k1', 1, 'ann');
    expect([await on.news(), await on.news(other)]).toEqual([[], ['k1']]);
  });
});

describe('nudges of', () => {
  const on = stage(async () => ({ books: memoryBooks(), close: async () => undefined }));

  it.each([
    ['a new policy', () => on.change('counties', {}, { policyVersion: 2 }), ['k1', 'k2']],
    ['a new catalogue', () => on.change('counties', {}, { catalogueVersion: 9 }), ['k1', 'k2']],
    ['a blocked card', () => on.change('counties', {}, { hotlistVersion: 5 }), ['k1', 'k2']],
    ['a freeze', () => on.change('epochs', { tid: 'k1', ep: 1 }, { state: 'frozen' }), ['k1']],
    ['a revocation', () => on.change('epochs', { tid: 'k1', ep: 1 }, { state: 'revoked' }), ['k1', 'k1 ended']],
    ['an end', () => on.change('epochs', { tid: 'k2', ep: 1 }, { state: 'ended' }), ['k2', 'k2 ended']],
    ['a custody', () => on.change('epochs', { tid: 'k2', ep: 1 }, { topSeq: 7 }), []],
  ])('%s', async (_what, happen, expected) => {
    await on.quiet();
    await happen();
    expect([await on.news(), await on.news()]).toEqual([expected, []]);
  });

  it('what the answer told already is no news', async () => {
    await on.quiet();
    const version = await on.hub.store.write((books) => books.nextVersion());
    await on.change('residents', { acct: 'a1' }, { rosterVersion: version });
    on.hub.core.nudges.answered({ tid: 'k1', ep: 1, roster: { version } } as SyncResponse);
    expect(await on.news(), 'k2 was told nothing yet').toEqual(['k2']);
  });
});

describe('a stream', () => {
  let hub: BooksFixture;
  beforeEach(async () => {
    hub = await booksFixture();
    await hub.kiosk('k1');
    await put({});
  });
  async function put(patch: object): Promise<void> {
    await hub.store.write(async (books) => {
      const row = await books.get('epochs', { tid: 'k1', ep: 1 });
      if (row === undefined) throw new Error('no epoch');
      await books.put('epochs', [{ ...row, publicKey: signer('k1').publicKey, enrolmentJws: 'jws', ...patch }]);
    });
  }
  const nobody = { ask: () => undefined, end: () => undefined };
  const asking = (patch: object = {}, by = signer('k1')) =>
    nudgesDocument.sign({ v: 1, tid: 'k1', ep: 1, at: hub.clock.ms, ...patch }, by);
  const code = async (asked: string, tid = 'k1', nudges = hub.core.nudges) => {
    const opened = await nudges.open(tid, asked, nobody);
    return opened.ok ? 'open' : opened.code;
  };

  it.each([
    ['its own key', () => code(asking()), 'open'],
    [
      'another key under its name',
      () => code(asking({}, nodeSigner('k1.1', new Uint8Array(32).fill(9)))),
      'bad-signature',
    ],
    ['its key for another terminal', () => code(asking(), 'k2'), 'bad-signature'],
    ['its key under an epoch that is not', () => code(asking({ ep: 2 })), 'unknown-terminal'],
    ['nothing', () => code(''), 'bad-signature'],
    ['a sentence of five minutes and more ago', () => code(asking({ at: hub.clock.ms - 300_001 })), 'stale'],
    ['a sentence of five minutes ahead', () => code(asking({ at: hub.clock.ms + 300_001 })), 'stale'],
  ])('asked for with %s', async (_what, ask, expected) => {
    hub.clock.ms = 1_000_000_000;
    expect(await ask()).toBe(expected);
  });

  it.each(['revoked', 'ended', 'awaiting-confirmation'])('of an epoch that is %s: refused', async (state) => {
    await put({ state });
    expect(await code(asking())).toBe('epoch-over');
  });

  it('asked for with an overheard sentence: does not push its owner out', async () => {
    let ended = 0;
    const asked = asking();
    await hub.core.nudges.open('k1', asked, { ...nobody, end: () => (ended += 1) });
    expect([await code(asked), ended, hub.core.nudges.size()]).toEqual(['replayed', 0, 1]);
    hub.clock.ms += 1;
    expect([await code(asking()), ended, hub.core.nudges.size()], 'its owner, come back').toEqual(['open', 1, 1]);
  });

  it('is left once: a stream that took its place stays', async () => {
    const first = await hub.core.nudges.open('k1', asking(), nobody);
    hub.clock.ms += 1;
    const second = await hub.core.nudges.open('k1', asking(), nobody);
    if (!first.ok || !second.ok) throw new Error('refused');
    first.leave();
    expect(hub.core.nudges.size()).toBe(1);
    second.leave();
    expect(hub.core.nudges.size()).toBe(0);
  });

  it('beyond what the hub holds: sent away; news for many is told to some at a time', async () => {
    const deps = { store: hub.store, verifying: crypto, nowMs: () => hub.clock.ms, onFault: () => undefined };
    const nudges = createNudges(deps, { streamsMax: 3, newsALook: 2, rosterEvery: 1 });
    const heard: string[] = [];
    for (const tid of ['k2', 'k3', 'k4']) {
      await hub.kiosk(tid);
      await hub.store.write(async (books) => {
        const row = await books.get('epochs', { tid, ep: 1 });
        if (row !== undefined)
          await books.put('epochs', [{ ...row, publicKey: signer(tid).publicKey, enrolmentJws: 'jws' }]);
      });
      await nudges.open(tid, asking({ tid }, signer(tid)), { ...nobody, ask: () => heard.push(tid) });
    }
    expect(await code(asking(), 'k1', nudges)).toBe('busy');
    await nudges.look();
    await hub.store.write(async (books) => {
      const county = await books.get('counties', {});
      if (county !== undefined) await books.put('counties', [{ ...county, policyVersion: 8 }]);
    });
    heard.splice(0);
    await nudges.look();
    expect(heard.splice(0)).toEqual(['k2', 'k3']);
    await nudges.look();
    expect(heard.splice(0)).toEqual(['k4']);
  });

  it('outlives a store that does not answer, which is told once', async () => {
    const faults: string[] = [];
    let broken = true;
    const store: typeof hub.store = {
      ...hub.store,
      read: (work) => (broken ? Promise.reject(new Error('gone')) : hub.store.read(work)),
    };
    const nudges = createNudges({
      store,
      verifying: crypto,
      nowMs: () => hub.clock.ms,
      onFault: (what) => faults.push(what),
    });
    broken = false;
    let asked = 0;
    await nudges.open('k1', asking(), { ...nobody, ask: () => (asked += 1) });
    broken = true;
    for (let i = 0; i < 3; i++) await nudges.look();
    broken = false;
    await nudges.look();
    expect([faults.length, asked]).toEqual([1, 1]);
  });
});
