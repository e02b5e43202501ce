import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUGS } from '../simulate/bugs.ts';
import { memoryAdapter } from './memory-adapter.ts';
import { openRun, type Run } from './run.ts';
import { STORIES } from './stories.ts';

/** The suite's silence means something only because a broken hub, or a broken kiosk, makes the right story fail. */

const CAUGHT_BY: readonly (readonly [bug: string, invariant: number])[] = [
  ['ack-before-durable', 1],
  ['dedupe-by-id', 9],
  ['print-before-fence', 2],
  ['void-twice', 3],
  ['held-void-posted-alone', 4],
  ['quarantine-unmoved', 4],
  ['grant-set-not-max', 5],
  ['fork-not-frozen', 9],
  ['sloppy-signature-is-a-fork', 9],
  ['judging-past-a-gap', 10],
  ['judges-before-the-report', 21],
  ['restored-hub-forgets-grants', 21],
];
const storyOf = (invariant: number) => STORIES.find(({ n }) => n === invariant) ?? expect.fail('no such story');

describe('a fault that was put in', () => {
  let sound: Run;
  beforeAll(async () => {
    sound = await openRun(memoryAdapter());
  });
  afterAll(() => sound.close());

  it.each(CAUGHT_BY)('%s makes invariant %i fail', async (name, invariant) => {
    const bug = BUGS.find((each) => each.name === name) ?? expect.fail(`no bug ${name}`);
    const { tell } = storyOf(invariant);
    await tell(sound);
    const broken = await openRun(memoryAdapter(bug), { bugs: new Set([name]) });
    try {
      await expect(tell(broken)).rejects.toThrow();
    } finally {
      await broken.close();
    }
  });
});
