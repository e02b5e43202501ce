import { describe, expect, it } from 'vitest';
import { createAdmission } from './ingest/admission.ts';
import { type BookStore, BooksUnavailable } from './ledger/books.ts';
import { createReadiness, DISK_LOW_BYTES } from './readiness.ts';
import { memoryBooks } from './store/memory/memory-books.ts';

function hub() {
  const state = { fails: null as Error | null, free: null as number | null, faults: 0 };
  const memory = memoryBooks();
  const books: BookStore = {
    ...memory,
    read: (work) => (state.fails === null ? memory.read(work) : Promise.reject(state.fails)),
  };
  const admission = createAdmission({ requestsMax: 1, bytesMax: 10 });
  const onFault = () => {
    state.faults += 1;
  };
  const readiness = createReadiness({ books, admission, freeBytes: () => state.free, onFault });
  return { state, admission, readiness, codes: () => readiness.notReady().map((reason) => reason.code) };
}

describe('readiness', () => {
  it('says no until the database has answered, and again while it does not', async () => {
    const { state, readiness, codes } = hub();
    expect(codes()).toEqual(['starting']);
    await readiness.look();
    expect(codes()).toEqual([]);
    state.fails = new BooksUnavailable('gone');
    await readiness.look();
    await readiness.look();
    expect([codes(), state.faults]).toEqual([['store-unavailable'], 1]);
    state.fails = null;
    await readiness.look();
    expect(codes()).toEqual([]);
  });

  it('does not take a bug for a database that is away', async () => {
    const { state, readiness } = hub();
    state.fails = new TypeError('ours');
    await expect(readiness.look()).rejects.toThrow('ours');
  });

  it('says no while the house is full, and while the disk nearly is', async () => {
    const { state, admission, readiness, codes } = hub();
    await readiness.look();
    const leave = admission.enter(1);
    expect(codes()).toEqual(['busy']);
    leave?.();
    state.free = DISK_LOW_BYTES - 1;
    expect(codes()).toEqual(['disk-low']);
    for (const reason of readiness.notReady()) expect(reason.says).toMatch(/\. .+\.$/);
  });
});
