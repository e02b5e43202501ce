import type { MemoryState } from '../../hub/store/memory/memory-books.ts';
import type { Role } from '../../protocol/api/console.ts';
import {
  catalogueDocument,
  ENROL_KID,
  enrolmentDocument,
  enrolRequestDocument,
} from '../../protocol/documents/kinds.ts';
import { toBase64url } from '../../protocol/primitives/base64url.ts';
import { fromHex } from '../../protocol/primitives/bytes.ts';
import { hashOf } from '../../protocol/records/record.ts';
import { seeded } from '../support/seeded.ts';
import type { Bug } from './bugs.ts';
import { createHubNode } from './hub-node.ts';
import { KioskNode, seedOf } from './kiosk-node.ts';
import { createModel } from './model.ts';
import { simCrypto } from './sim-crypto.ts';

/** A county of three villages, three kiosks and twenty accounts, with a clock that only the simulation moves. */

export const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2027, 0, 1);
const ACCOUNTS = 20;
export const VILLAGES = ['v1', 'v2', 'v3'] as const;
export const PEOPLE = ['ann', 'ben', 'eve'] as const;

export interface Message {
  readonly to: 'hub' | KioskNode;
  readonly from: KioskNode;
  readonly body: Uint8Array;
  readonly signature: string;
  readonly dueMs: number;
}

export interface Options {
  readonly seed: number;
  readonly bug: Bug | null;
  readonly crypto: 'keyed' | 'real';
  /** For looking into a seed by hand. */
  readonly onWorld?: (world: unknown) => void;
}

export type World = Awaited<ReturnType<typeof createWorld>>;

export async function createWorld(options: Options) {
  const random = seeded(options.seed);
  const crypto = simCrypto(options.crypto);
  const time = { ms: START_MS };
  const counts = { events: 0, faults: 0 };
  const kiosks: KioskNode[] = [];
  let ids = 0;
  const newId = () => `i${++ids}`;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const chance = (p: number) => random() < p;
  const randomBytes = (n: number) => Uint8Array.from({ length: n }, () => Math.floor(random() * 256));
  const skew = { hubMs: 0, wallMs: 0 };
  const disk = { full: false };
  const messages: Message[] = [];
  const backups: MemoryState[] = [];
  const images: Map<KioskNode, ReturnType<KioskNode['image']>> = new Map();
  const credits: Map<string, { acct: string; pts: number }> = new Map();

  const hub = createHubNode({
    ...{ crypto, randomBytes, bug: options.bug, nowMs: () => time.ms + skew.hubMs },
    oneWriter: options.seed % 2 === 0 && options.bug?.name !== 'ack-before-durable',
    onCommit: (committed) => model.committed(committed),
    onFault: (what, error) => model.fail('fault', `${what}: ${String(error)}`),
  });
  const model = createModel({ kiosks: () => kiosks, state: () => hub.memory.state() });
  const kioskWorld = {
    ...{ crypto, newId, random, diskFull: () => disk.full && chance(0.5) },
    monotonicMs: () => time.ms - START_MS,
    wallMs: () => time.ms + skew.wallMs,
    bugs: new Set(options.bug === null ? [] : [options.bug.name]),
    signed: model.signed,
    printed: model.printed,
  };

  const residents = Array.from({ length: ACCOUNTS }, (_, n) => {
    return { acct: `a${n}`, village: VILLAGES[n % 3] as string, uid: `04${String(n).padStart(12, '0')}` };
  });
  await hub.books.write(async (books) => {
    const items = [['rice', 12] as const, ['salt', 3] as const].map(([sku, pts]) => {
      const said = { zh: sku, en: sku };
      return { sku, rev: 1, category: 'food', name: said, unit: said, pts, from: 0 };
    });
    const catalogue = { v: 1, county: 'c', inc: 'inc-0', version: 1, categories: [], items } as const;
    await books.add('counties', [
      {
        ...{
          id: 'c',
          name: '县',
          nameEn: 'C',
          timeZone: 'Asia/Shanghai',
          inc: 'inc-0',
          downlinkVersion: 0,
          restoring: 0,
        },
        policyJson: '{"capPts":60,"pinAbovePts":50,"objectionDays":1,"lifeDays":20,"visitPts":20}',
        ...{ policyVersion: 1, catalogueJws: catalogueDocument.sign({ ...catalogue, categories: [] }, hub.hub) },
        ...{ catalogueVersion: 1, hotlistVersion: 0 },
      },
    ]);
    for (const village of VILLAGES) {
      const place = { village, name: village, nameEn: village };
      await books.add('villages', [{ ...place, pepperVersion: 1, pepperSealed: randomBytes(32) }]);
      await books.add('shops', [{ ...place, shop: `s-${village}`, phone: '' }]);
    }
    await books.add(
      'items',
      items.map(({ sku, rev, pts }) => ({ sku, rev, pts, name: sku, reimburseFen: 100, fromAt: 0 })),
    );
    for (const [n, { acct, village, uid }] of residents.entries()) {
      const rosterVersion = await books.nextVersion();
      const person = { name: '某人', initials: 'mr', preferencesJson: null, leftAt: null };
      await books.add('residents', [{ acct, village, rosterVersion, ...person }]);
      const bytes = fromHex(uid) ?? new Uint8Array();
      const card = { card: n + 1, kind: 'uid', uidIndex: bytes, uidSealed: bytes, last4: '0000', acct, clerk: null };
      await books.add('cards', [{ ...card, state: 'good', pinSalt: null, pinSealed: null, unlockedAt: null }]);
    }
    const operator = {
      passwordSalt: '',
      passwordHash: '',
      totpSealed: null,
      totpLastStep: 0,
      role: 'operator' as Role,
    };
    await books.add(
      'operators',
      PEOPLE.map((user) => ({ user, name: user, ...operator })),
    );
  });

  /** One-time code, key made on the device, fingerprint confirmed by a second person. */
  async function enrol(kiosk: KioskNode, village: string): Promise<boolean> {
    const { enrolment } = hub.core;
    const known = hub.memory.state().tables.get('terminals')?.get({ tid: kiosk.tid }) !== undefined;
    const shop = `s-${village}`;
    const issued = known
      ? await enrolment.issueNext(kiosk.tid, shop, 'ann')
      : await enrolment.issue(kiosk.tid, shop, 'ann');
    if (!issued.ok) return false;
    const { ep, code } = issued.value;
    const seed = seedOf(kiosk.tid, ep);
    const device = crypto.signer(ENROL_KID, seed);
    const jws = enrolRequestDocument.sign({ v: 1, code, key: toBase64url(device.publicKey) }, device);
    const asked = await enrolment.request(jws);
    if (!asked.ok || asked.value.state !== 'pending') return false;
    const confirmed = await enrolment.confirm(kiosk.tid, ep, asked.value.fingerprint, 'ben');
    const answer = await enrolment.request(jws);
    if (!confirmed.ok || !answer.ok || answer.value.state !== 'enrolled') return false;
    const enrolmentJws = answer.value.enrolment;
    const document = enrolmentDocument.readTrusted(enrolmentJws);
    if (document === null) return false;
    disk.full = false; // it asks again until its disk has taken the answer
    kiosk.enrolled({
      ...{ tid: kiosk.tid, ep, enrolmentJws, enrolmentHash: hashOf(enrolmentJws, crypto.crypto), hubKid: hub.hub.kid },
      ...{ hubKey: hub.hub.publicKey, pepper: new Uint8Array(32) },
    });
    return true;
  }

  for (const [n, village] of VILLAGES.entries()) {
    const kiosk = new KioskNode(`k${n + 1}`, kioskWorld);
    kiosks.push(kiosk);
    await enrol(kiosk, village);
  }

  return {
    ...{ options, random, pick, chance, randomBytes, newId, time, skew, disk, counts, kiosks, messages, backups },
    ...{ hub, model, residents, enrol, crypto, images, credits, restores: 0 },
    newKiosk: (tid: string) => new KioskNode(tid, kioskWorld),
    /** Something went wrong on purpose. */
    fault(): void {
      counts.faults += 1;
    },
  };
}
