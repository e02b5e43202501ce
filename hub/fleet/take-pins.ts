import { cardToken } from '../../protocol/cards/token.ts';
import type { Hashing } from '../../protocol/crypto.ts';
import { fromBase64url } from '../../protocol/primitives/base64url.ts';
import { toHex } from '../../protocol/primitives/bytes.ts';
import type { PinSet, SyncAsk } from '../../protocol/sync/messages.ts';
import type { Books, Reading } from '../ledger/books.ts';
import type { CardRow, EpochRow, PinRow } from '../ledger/tables.ts';
import { bumpOwner } from '../programme/cards.ts';
import { isNewest, putPin } from '../programme/pins.ts';
import type { Seal } from '../programme/seal.ts';

/**
 * PINs that were set at a kiosk in a clerk's presence: sealed with their cards, told to every kiosk of the village, and
 * written into the trail with the clerk. Nothing in an entry can fail the sync that brought it: what is not one, or is not
 * this terminal's to set, is noted and left.
 */
export interface TakingPins {
  readonly seal: Seal;
  readonly hashing: Hashing;
  readonly at: number;
}

const ID = /^[A-Za-z0-9_-]{1,64}$/;
const TOKEN = /^[0-9]{1,6}\.[A-Za-z0-9_-]{22}$/;
const SCRYPT_BYTES = 32;

/** An epoch that may not sell sets no PIN either; its kiosk keeps them until it may. */
export async function takePins(books: Books, epoch: EpochRow, request: SyncAsk, taking: TakingPins): Promise<void> {
  const { tid, ep, pins } = request;
  if (pins.length === 0 || epoch.state !== 'open') return;
  const refused = (why: string, count: number) =>
    books.audit({ at: taking.at, user: tid, act: 'refuse-pin', subject: `${tid}.${ep}`, detail: { why, count } });
  // A stick may be lost, and read by who finds it: no honest kiosk puts a PIN on one.
  if (request.via === 'courier') return refused('courier', pins.length);
  const sound = pins.filter(isSound);
  if (sound.length < pins.length) await refused('not-a-pin', pins.length - sound.length);
  const fresh = await notYetTaken(books, tid, sound);
  if (fresh.length === 0) return;
  const cards = await cardsOf(books, epoch, new Set(fresh.map((pin) => pin.token)), taking);
  for (const pin of fresh.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))) {
    await takeOne(books, epoch, pin, cards.get(pin.token) ?? null, taking);
  }
}

/** Looked at before any query: a database refuses some texts, and then the whole transaction. */
function isSound({ id, token, salt, scrypt, clerk }: PinSet): boolean {
  const texts = [id, salt, clerk].every((text) => ID.test(text)) && TOKEN.test(token);
  return texts && fromBase64url(scrypt)?.length === SCRYPT_BYTES;
}

async function notYetTaken(books: Reading, tid: string, pins: readonly PinSet[]): Promise<PinSet[]> {
  const once = [...new Map(pins.map((pin) => [pin.id, pin])).values()];
  const known = await books.many(
    'pins',
    once.map((pin) => ({ tid, pin: pin.id })),
  );
  return once.filter((_, n) => known[n] === undefined);
}

async function takeOne(
  books: Books,
  { tid, ep, village }: EpochRow,
  pin: PinSet,
  card: CardRow | null,
  { seal, at: takenAt }: TakingPins,
): Promise<void> {
  // A clock that is ahead must not keep a later PIN out.
  const at = Math.min(pin.at, takenAt);
  const known = await books.get('clerks', { clerk: pin.clerk });
  const clerk = known?.village === village ? known : null;
  const row = { tid, pin: pin.id, card: card?.card ?? null, at, setBy: pin.clerk, takenAt };
  const outcome = await outcomeOf(books, row, card, clerk);
  await books.add('pins', [{ ...row, outcome }]);
  const detail = { tid, ep, at, outcome };
  const act = outcome === 'set' ? 'set-pin' : 'refuse-pin';
  await books.audit({ at: takenAt, user: pin.clerk, act, subject: String(card?.card ?? `${tid}.${ep}`), detail });
  if (card === null) return;
  // The card as it is now: an earlier entry of this batch may have set its PIN.
  const now = (await books.get('cards', { card: card.card })) ?? card;
  if (outcome === 'set') await putPin(books, now, { salt: pin.salt, scrypt: fromBase64url(pin.scrypt) }, seal);
  // The kiosk believes its own until it hears otherwise: it is told the one that holds.
  else await bumpOwner(books, now);
}

async function outcomeOf(
  books: Reading,
  row: Omit<PinRow, 'outcome'>,
  card: CardRow | null,
  clerk: { readonly clerk: string; readonly acct: string | null } | null,
): Promise<PinRow['outcome']> {
  if (clerk === null) return 'unknown-clerk';
  if (card === null) return 'unknown-card';
  if (card.state !== 'good') return 'card-blocked';
  if (card.clerk === clerk.clerk || (card.acct !== null && card.acct === clerk.acct)) return 'own-card';
  return (await isNewest(books, card.card, row)) ? 'set' : 'older';
}

/** Cards of this terminal's village, its clerks', and those of visitors it served; by token, only those asked for. */
async function cardsOf(
  books: Reading,
  epoch: EpochRow,
  wanted: ReadonlySet<string>,
  { seal, hashing }: TakingPins,
): Promise<ReadonlyMap<string, CardRow>> {
  const found: Map<string, CardRow> = new Map();
  const village = await books.get('villages', { village: epoch.village });
  if (village === undefined) return found;
  const key = seal.open(village.pepperSealed, `pepper:${village.village}.${village.pepperVersion}`);
  const pepper = { version: village.pepperVersion, key };
  for await (const cards of ownersCards(books, epoch)) {
    for (const card of cards) {
      const token = cardToken(pepper, card.kind, toHex(seal.open(card.uidSealed, 'uid')), hashing);
      if (wanted.has(token)) found.set(token, card);
    }
    if (found.size === wanted.size) break;
  }
  return found;
}

async function* ownersCards(books: Reading, { tid, ep, village }: EpochRow): AsyncGenerator<readonly CardRow[]> {
  for (const { clerk } of await books.list('clerks', 'ofVillage', { village })) {
    yield await books.list('cards', 'ofClerk', { clerk });
  }
  const visitors = new Set((await books.list('visits', 'ofChain', { tid, ep })).flatMap(({ acct }) => acct ?? []));
  for (const acct of visitors) yield await books.list('cards', 'ofAccount', { acct });
  for (const { acct } of await books.list('residents', 'ofVillage', { village })) {
    yield await books.list('cards', 'ofAccount', { acct });
  }
}
