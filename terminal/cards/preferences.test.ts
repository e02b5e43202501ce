import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openJournal, sqliteStore } from '../journal/sqlite-store.ts';
import { createPreferences } from './preferences.ts';

it('what a card is remembered by outlives the agent, and is newer than the roster’s language', () => {
  const folder = mkdtempSync(join(tmpdir(), 'preferences-'));
  const path = join(folder, 'journal.sqlite');
  const first = openJournal(path);
  createPreferences(sqliteStore(first)).keep('t1', { language: 'en', large: true, aloud: false });
  first.close();
  const second = openJournal(path);
  const { keptOf, known } = createPreferences(sqliteStore(second));
  expect([keptOf('t1'), keptOf('t2')]).toEqual([{ language: 'en', large: true, aloud: false }, null]);
  const person = { acct: 'a', name: '', last4: '', spendablePts: 0, elsewherePts: 0, hasPin: false };
  const holder = (token: string) =>
    known({ kind: 'resident', person: { ...person, token }, language: 'zh-CN', pinTriesLeft: 3, visitor: false });
  expect([holder('t1'), holder('t2')]).toMatchObject([{ language: 'en' }, { language: 'zh-CN' }]);
  second.close();
  rmSync(folder, { recursive: true });
});
