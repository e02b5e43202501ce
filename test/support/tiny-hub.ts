import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { HubConfig } from '../../hub/config.ts';
import { type HubParts, openHubParts } from '../../hub/parts.ts';
import { prepareCounty } from '../../hub/programme/import.ts';
import { readCountyFile } from '../../hub/programme/read-county-file.ts';
import { storeCounty } from '../../hub/programme/store-county.ts';
import { composeHub } from '../../hub/serve.ts';

/** A hub with a tiny county, in a folder of its own: no network, the real store. */

export const ADA = { user: 'ada', password: 'ada-password-123', totpSecret: 'JBSWY3DPEHPK3PXP' };
export const BEN = { user: 'ben', password: 'ben-password-123' };
export const EVE = { user: 'eve', password: 'eve-password-123' };
const card = (uid: string, last4: string) => ({ kind: 'uid', uid, last4, pin: '1234', state: 'good' });
export const RESIDENT = { acct: 'a1', name: '张桂芳', uid: '04000000000001', pts: 500 };

export const COUNTY = {
  ...{ name: '测试县', nameEn: 'Test County', timeZone: 'Asia/Shanghai', policy: { capPts: 300, pinAbovePts: 50 } },
  villages: [{ village: 'v1', name: '一村', nameEn: 'One' }],
  shops: [{ shop: 's1', village: 'v1', name: '一店', nameEn: 'Shop one', phone: '' }],
  categories: [{ id: 'food', name: { zh: '食品', en: 'Food' } }],
  items: [['rice', 45] as const, ['salt', 6] as const].map(([sku, pts]) => ({
    ...{
      sku,
      rev: 1,
      category: 'food',
      pts,
      reimburseFen: 100,
      name: { zh: sku, en: sku },
      unit: { zh: '袋', en: 'bag' },
    },
  })),
  residents: [
    {
      ...{
        acct: RESIDENT.acct,
        name: RESIDENT.name,
        initials: 'zgf',
        village: 'v1',
        cards: [card(RESIDENT.uid, '6105')],
      },
      credits: [{ credit: 'o1', activity: '植树', pts: RESIDENT.pts, at: 1_700_000_000_000 }],
    },
    {
      acct: 'a2',
      name: '何家䶮',
      initials: 'hjy',
      village: 'v1',
      cards: [card('04000000000002', '0002')],
      credits: [],
    },
  ],
  clerks: [{ clerk: 'c1', name: '李店', village: 'v1', cards: [card('04000000000003', '0003')] }],
  operators: [
    { ...ADA, name: '艾达', role: 'operator' },
    { ...BEN, name: '本', role: 'reviewer' },
    { ...EVE, name: '伊娃', role: 'auditor' },
  ],
};

export interface HubFixture {
  readonly dir: string;
  readonly config: HubConfig;
  parts: HubParts;
  app: FastifyInstance;
  /** Closes and opens everything again, as a restart does. */
  restart(): Promise<void>;
  signIn(who: { user: string; password: string }, code?: string): Promise<string>;
  close(): Promise<void>;
}

export async function hubFixture(): Promise<HubFixture> {
  const dir = mkdtempSync(join(tmpdir(), 'tally-hub-'));
  const config: HubConfig = {
    ...{
      county: 'test',
      store: 'sqlite:hub.sqlite',
      keys: 'keys',
      publicUrl: 'http://hub.test',
      pollMs: 1_000,
      log: 'silent',
    },
    listen: { host: '127.0.0.1', port: 0 },
  };
  const read = readCountyFile(COUNTY);
  if (!read.ok) throw new Error(read.faults.join('\n'));
  const parts = await openHubParts(config, dir);
  const deps = { county: config.county, seal: parts.seal, hub: parts.hub, randomBytes, onProgress: () => undefined };
  const prepared = await prepareCounty(read.county, deps);
  await parts.store.books.write((books) => storeCounty(books, config.county, prepared, 1_700_000_000_000));
  const fixture: HubFixture = {
    ...{ dir, config, parts, app: await composeHub(parts) },
    async restart() {
      await fixture.app.close();
      await fixture.parts.store.close();
      fixture.parts = await openHubParts(config, dir);
      fixture.app = await composeHub(fixture.parts);
    },
    async signIn(who, code) {
      const payload = { user: who.user, password: who.password, ...(code === undefined ? {} : { code }) };
      const answer = await fixture.app.inject({ method: 'POST', url: '/api/console/session', payload });
      if (answer.statusCode !== 200) throw new Error(`${who.user}: ${answer.body}`);
      return answer.cookies.map((cookie) => `${cookie.name}=${cookie.value}`).join('; ');
    },
    async close() {
      await fixture.app.close();
      await fixture.parts.store.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return fixture;
}
