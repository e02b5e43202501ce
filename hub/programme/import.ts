import type { Signer } from '../../protocol/crypto.ts';
import { catalogueDocument } from '../../protocol/documents/kinds.ts';
import { fromHex, utf8 } from '../../protocol/primitives/bytes.ts';
import { ledgerAccount } from '../ledger/accounts.ts';
import { type Transfer, transfer } from '../ledger/transfers.ts';
import { hashPassword, hashPin } from '../operators/passwords.ts';
import type { CountyFile } from './county-file.ts';
import type { Seal } from './seal.ts';

/** Makes a county file ready to be stored: secrets hashed and sealed, catalogue signed, credits as transfers. */

export interface SealedCard {
  readonly kind: string;
  readonly uidIndex: Uint8Array;
  readonly uidSealed: Uint8Array;
  readonly last4: string;
  readonly state: 'good' | 'blocked';
  readonly pinSalt: string | null;
  readonly pinSealed: Uint8Array | null;
}
export interface PreparedCounty {
  readonly file: CountyFile;
  readonly inc: string;
  readonly catalogueJws: string;
  readonly peppers: ReadonlyMap<string, Uint8Array>;
  /** By acct or clerk. */
  readonly cards: ReadonlyMap<string, readonly SealedCard[]>;
  readonly operators: readonly { user: string; salt: string; hash: string; totpSealed: Uint8Array | null }[];
  readonly transfers: readonly { readonly transfer: Transfer; readonly at: number }[];
}
export interface PrepareDeps {
  readonly county: string;
  readonly seal: Seal;
  readonly hub: Signer;
  readonly randomBytes: (n: number) => Uint8Array;
  /** Called now and then: hashing thousands of PINs takes a while. */
  readonly onProgress: (done: number, of: number) => void;
}

export async function prepareCounty(file: CountyFile, deps: PrepareDeps): Promise<PreparedCounty> {
  const { seal } = deps;
  const inc = Buffer.from(deps.randomBytes(9)).toString('base64url');
  const owners = [
    ...file.residents.map((r) => ({ id: r.acct, cards: r.cards })),
    ...file.clerks.map((c) => ({ id: c.clerk, cards: c.cards })),
  ];
  const cards: Map<string, SealedCard[]> = new Map();
  let done = 0;
  for (const batch of batches(owners, 4)) {
    await Promise.all(
      batch.map(async (o) => cards.set(o.id, await Promise.all(o.cards.map((c) => sealCard(c, seal))))),
    );
    done += batch.length;
    deps.onProgress(done, owners.length);
  }
  const operators = await Promise.all(
    file.operators.map(async (o) => {
      const totpSealed = o.totpSecret === undefined ? null : seal.seal(utf8(o.totpSecret), `totp:${o.user}`);
      return { user: o.user, ...(await hashPassword(o.password)), totpSealed };
    }),
  );
  const peppers = new Map(
    file.villages.map((v) => [v.village, seal.seal(deps.randomBytes(32), `pepper:${v.village}.1`)]),
  );
  return {
    file,
    inc,
    catalogueJws: signCatalogue(file, inc, deps),
    peppers,
    cards,
    operators,
    transfers: opening(file),
  };
}

async function sealCard(card: CountyFile['clerks'][number]['cards'][number], seal: Seal): Promise<SealedCard> {
  const uid = fromHex(card.uid) ?? new Uint8Array();
  const pin = card.pin === undefined ? null : await hashPin(card.pin);
  return {
    kind: card.kind,
    uidIndex: seal.index(uid),
    uidSealed: seal.seal(uid, 'uid'),
    last4: card.last4,
    state: card.state,
    pinSalt: pin?.salt ?? null,
    pinSealed: pin === null ? null : seal.seal(pin.scrypt, 'pin'),
  };
}

function signCatalogue(file: CountyFile, inc: string, deps: PrepareDeps): string {
  const items = file.items.map(({ sku, rev, category, name, unit, pts, barcode }) => ({
    ...{ sku, rev, category, name, unit, pts, from: 0 },
    ...(barcode === undefined ? {} : { barcode }),
  }));
  return catalogueDocument.sign(
    { v: 1, county: deps.county, inc, version: 1, categories: file.categories, items },
    deps.hub,
  );
}

/** An opening credit was agreed before the hub began, so it does not wait out an objection period here. */
function opening(file: CountyFile): { transfer: Transfer; at: number }[] {
  return file.residents.flatMap((resident) =>
    resident.credits.flatMap(({ credit, pts, at }) => {
      const pending = ledgerAccount.pending(resident.acct);
      const account = ledgerAccount.account(resident.acct);
      return [
        { transfer: transfer('earn', `earn:${credit}`, ledgerAccount.programme, pending, pts, credit), at },
        { transfer: transfer('post', `post:${credit}`, pending, account, pts, credit), at },
      ];
    }),
  );
}

function* batches<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let i = 0; i < all.length; i += size) yield all.slice(i, i + size);
}
