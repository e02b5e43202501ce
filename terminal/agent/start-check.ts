import type { Fence } from '../journal/fence.ts';
import { judgeFence } from '../journal/fence.ts';
import type { Journal } from '../journal/journal.ts';
import type { EpochRow } from '../journal/port.ts';

export type StartVerdict = 'good' | 'rolled-back' | 'fence-missing';

/** Journal against fence, once at each start, before anything is sold. */
export function checkFenceAtStart(journal: Journal, fence: Fence, epoch: EpochRow): StartVerdict {
  const head = journal.head();
  const verdict = judgeFence(fence.mark(), { ep: epoch.ep, seq: head.seq }, journal.hashAt);
  switch (verdict) {
    case 'level':
      return 'good';
    case 'bring-up':
      // We crashed between a commit and its fence; nothing of that record had left, and now it may.
      fence.raise({ ep: epoch.ep, seq: head.seq, head: head.head });
      return 'good';
    case 'rolled-back':
      return 'rolled-back';
    case 'missing':
      return 'fence-missing';
  }
}
