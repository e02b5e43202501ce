import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyExport } from '../../hub/export/verify.ts';
import { memoryAdapter } from './memory-adapter.ts';
import { processAdapter } from './process-adapter.ts';
import { openRun, type Run } from './run.ts';
import { postgresAdapter, postgresSkipped, sqliteAdapter } from './sql-adapter.ts';
import { STORIES } from './stories.ts';

/** The invariants of docs/protocol.md, told of every kind of hub there is: docs/proof.md. */

const ADAPTERS = [
  { make: () => memoryAdapter(), skip: false, name: 'the simulator’s hub' },
  { make: sqliteAdapter, skip: false, name: 'SQLite' },
  { make: postgresAdapter, skip: postgresSkipped, name: 'PostgreSQL' },
  { make: processAdapter, skip: false, name: 'the real processes' },
];

it('has a story for each of the 21 invariants', () => {
  expect([...new Set(STORIES.map(({ n }) => n))].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 21 }, (_, n) => n + 1),
  );
});

for (const { make, skip, name } of ADAPTERS) {
  describe.skipIf(skip)(name, () => {
    const adapter = make();
    let run: Run;
    beforeAll(async () => {
      run = await openRun(adapter);
    });
    afterAll(async () => {
      await run?.close();
      await adapter.close();
    });
    it.each(STORIES)('invariant $n: $says', ({ tell }) => tell(run));
    it('leaves books in which an auditor finds nothing', async () => {
      expect((await verifyExport((await run.books()).dir)).findings).toEqual([]);
    });
  });
}
