import type { ClerkTask } from '../../protocol/api/counter.ts';
import type { IconName } from '../shared/components/icons.ts';
import type { Word } from './words.ts';

/** A tile of the clerk's home: what there is to do, in a word and a sentence. A further task is a further line here. */
export interface TaskTile {
  readonly task: ClerkTask;
  readonly icon: IconName;
  readonly title: Word;
  readonly says: Word;
}

export const TASK_TILES: readonly TaskTile[] = [
  { task: 'find', icon: 'find', title: 'taskFind', says: 'taskFindSays' },
  { task: 'card', icon: 'card', title: 'taskCard', says: 'taskCardSays' },
  { task: 'prints', icon: 'paper', title: 'taskPrints', says: 'taskPrintsSays' },
  { task: 'void', icon: 'undo', title: 'taskVoid', says: 'taskVoidSays' },
];
