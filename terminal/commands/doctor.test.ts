import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodeHashing } from '../../protocol/node/crypto.ts';
import type { TerminalConfig } from '../config.ts';
import { createFence } from '../journal/fence.ts';
import { fenceFile } from '../journal/fence-file.ts';
import { examine, type Finding } from './doctor.ts';

/** A kiosk whose agent and hub are both away: what its doctor says of the rest. Ports above the ephemeral ones are nobody's here. */
const config: TerminalConfig = {
  ...{ hub: 'http://127.0.0.1:65533', data: '.', fence: 'fence/fence.bin', runtime: 'run', listenPort: 65534 },
  ...{ reader: { driver: 'none' }, printer: { driver: 'none' }, panel: { inch: 10, widthPx: 1280, heightPx: 800 } },
};
let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tally-doctor-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const of = (findings: readonly Finding[], what: string) => findings.find((each) => each.what === what);

it('says what is away and what is missing, each with what to do', async () => {
  const findings = await examine(config, dir);
  expect(findings.map(({ what, ok }) => [what, ok])).toEqual([
    ['agent', false],
    ['disk', true],
    ['journal', false],
    ['fence', false],
    ['hub', false],
  ]);
  expect(of(findings, 'hub')?.says).toContain('ECONNREFUSED');
});

it('names the newest mark of the fence, also where an epoch before went further', async () => {
  const storage = fenceFile(join(dir, config.fence));
  const fence = createFence(storage, nodeHashing);
  fence.raise({ ep: 1, seq: 50, head: 'A'.repeat(43) });
  fence.raise({ ep: 2, seq: 0, head: 'B'.repeat(43) });
  storage.close();
  expect(of(await examine(config, dir), 'fence')).toEqual({
    ...{ what: 'fence', ok: true, says: 'It stands at record 2.0.' },
  });
});

it('says of the file of card keys whether it can be used, and nothing that stands in it', async () => {
  const path = join(dir, 'card-keys.json');
  const key = '22'.repeat(16);
  writeFileSync(path, JSON.stringify({ keys: [{ version: 2, key, accepted: true }] }));
  const says = async () => of(await examine({ ...config, cardKeys: 'card-keys.json' }, dir), 'cards');
  chmodSync(path, 0o644);
  const open = await says();
  expect(open).toEqual({ what: 'cards', ok: false, says: expect.stringContaining(`chmod 600 ${path}`) });
  chmodSync(path, 0o600);
  expect(await says()).toMatchObject({ ok: true });
  writeFileSync(path, `{"keys": "${key}"}`);
  expect(await says()).toMatchObject({ ok: false, says: expect.not.stringContaining(key) });
  rmSync(path);
  expect(await says()).toMatchObject({ ok: false, says: expect.stringContaining('does not exist') });
});
