import { POINT_STORIES } from './stories-points.ts';
import { RECORD_STORIES } from './stories-records.ts';
import { SAFETY_STORIES } from './stories-safety.ts';
import type { Story } from './story.ts';

/** All invariants, in their order. */
export const STORIES: readonly Story[] = [...RECORD_STORIES, ...POINT_STORIES, ...SAFETY_STORIES].sort(
  (one, other) => one.n - other.n,
);
