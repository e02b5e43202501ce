import type { RigCard, RigSetup } from '../../protocol/api/rig.ts';
import type { CardFault, DesfireChip, DesfireFault, SimulatedCard } from '../card/index.ts';
import type { DemoCard, DemoCounty, DemoIdCard, DemoResident } from '../demo/county/types.ts';
import type { IdCard } from '../id-reader/index.ts';
import type { CardIssuer } from './card-issuer.ts';

/** The cards of the demo county, as somebody's hand would find them beside a kiosk. */
export interface WalletCard {
  readonly shown: RigCard;
  readonly card: DemoCard;
  /** Reported lost. */
  readonly blocked: boolean;
  /** As a card that authenticates: this very one, which keeps what it has signed, or one that only seems to be it. */
  readonly chip: (as: 'own' | 'old' | 'clone') => DesfireChip;
  /** Of an ID card: what the ID reader meets. */
  readonly idCard?: IdCard;
}

/** The kiosk's own village first, and in it somebody with points for many redemptions. */
export function walletFor(county: DemoCounty, villageId: string, issuer: CardIssuer): WalletCard[] {
  const own = county.residents.filter((r) => r.villageId === villageId);
  const others = county.residents.filter((r) => r.villageId !== villageId);
  const richest = own.filter((r) => !r.blocked).sort((a, b) => b.points - a.points);
  const first = own.find((r) => !r.blocked && r.points >= FIRST_HAS_PTS) ?? richest[0];
  const residents = [...(first ? [first] : []), ...own.filter((r) => r !== first), ...others];
  const at = (id: string): Place => ({ id, name: county.villages.find((each) => each.id === id)?.name ?? id, issuer });
  return [
    ...residents.map((r) => entry(r.card, r.name, at(r.villageId), r.blocked === true)),
    ...county.clerks.map((c) => entry(c.card, c.name, at(c.villageId), false)),
    ...residents.flatMap((r) => (r.idCard === undefined ? [] : [idEntry(r, r.idCard, at(r.villageId))])),
  ];
}

interface Place {
  readonly id: string;
  readonly name: string;
  readonly issuer: CardIssuer;
}

/** On a card reader every ID card looks alike: through PC/SC its UID is zeros. */
function idEntry({ name }: DemoResident, { id, serial, last4, pin }: DemoIdCard, place: Place): WalletCard {
  const card: DemoCard = { id, kind: 'uid', uid: '00000000', last4, pin, role: 'resident' };
  const whole = entry(card, name, place, false);
  // No such area and no such day: a number that nobody can have.
  const number = `99999919000100${id.slice(1)}X`;
  return { ...whole, shown: { ...whole.shown, kind: 'id-card' }, idCard: { serial, name, number } };
}
const FIRST_HAS_PTS: DemoResident['points'] = 900;

function entry(
  card: DemoCard,
  holder: string,
  { id: villageId, name: village, issuer }: Place,
  blocked: boolean,
): WalletCard {
  let own: DesfireChip | null = null;
  return {
    ...{ card, blocked },
    chip(as) {
      if (as !== 'own') return issuer.chip(card.uid, villageId, as);
      own ??= issuer.chip(card.uid, villageId, as);
      return own;
    },
    shown: { id: card.id, kind: card.kind, holder, role: card.role, village, pin: card.pin },
  };
}

/** Faults a card itself can have; set by name, they hold for every tap until they are cleared. */
export const CARD_FAULTS = {
  'card-mute': { fault: 'mute' },
  'card-empty-answer': { fault: 'empty-answer' },
  'card-torn-before': { fault: 'torn-before' },
  'card-torn': { fault: 'torn' },
  'card-torn-after': { fault: 'torn-after' },
  'random-uid': { uid: '08a1b2c3' },
  'zero-uid': { uid: '00000000' },
  'four-byte-uid': { uid: 'a1b2c3d4' },
  'card-hotlisted': { as: 'blocked' },
  'card-swapped': { next: 'another' },
  'two-at-once': { beside: 'another' },
  'doubled-uid': { beside: 'copy' },
  'card-wrong-mac': { chip: 'own', asChip: 'wrong-mac' },
  'card-clone': { chip: 'clone' },
  'card-old-key': { chip: 'old' },
  'card-torn-before-signing': { chip: 'own', asChip: 'torn-before-signing' },
  'card-torn-in-signing': { chip: 'own', asChip: 'torn-in-signing-done' },
  'card-torn-after-signing': { chip: 'own', asChip: 'torn-after-signing' },
  'card-repeated-apdu': { chip: 'own', asChip: 'repeated-apdu' },
} as const satisfies Record<string, CardFaultPlay>;
export type CardFaultName = keyof typeof CARD_FAULTS;

interface CardFaultPlay {
  readonly fault?: CardFault;
  readonly uid?: string;
  /** The card is one that authenticates, whatever its holder has else, and fails at that. */
  readonly chip?: 'own' | 'old' | 'clone';
  readonly asChip?: DesfireFault;
  /** The card is one that was reported lost. */
  readonly as?: 'blocked';
  /** What is laid in its stead within 100 ms. */
  readonly next?: 'another';
  /** What lies beside it. */
  readonly beside?: 'another' | 'copy';
}

/** What a hand lays on the reader in one tap. */
export interface Laying {
  readonly card: SimulatedCard;
  readonly beside?: SimulatedCard;
  readonly next?: SimulatedCard;
}

export function laying(card: DemoCard, names: Iterable<CardFaultName>, wallet: readonly WalletCard[]): Laying {
  let play: CardFaultPlay = {};
  for (const name of names) play = { ...play, ...CARD_FAULTS[name] };
  const uidOf = (fits: (each: WalletCard) => boolean): string => wallet.find(fits)?.card.uid ?? card.uid;
  const uid = play.uid ?? (play.as === 'blocked' ? uidOf((each) => each.blocked) : card.uid);
  const whole = simulated(uid, wallet);
  const another = simulated(
    uidOf((each) => !each.blocked && each.card.uid !== uid),
    wallet,
  );
  return {
    card: atFault(
      whole,
      play,
      wallet.find((each) => each.card.uid === uid),
    ),
    ...(play.beside === undefined ? {} : { beside: play.beside === 'copy' ? whole : another }),
    ...(play.next === undefined ? {} : { next: another }),
  };
}

/** Of its holder's kind; a UID that nobody has is a storage card's. */
function simulated(uid: string, wallet: readonly WalletCard[]): SimulatedCard {
  const found = wallet.find((each) => each.card.uid === uid);
  return found?.card.kind === 'desfire' ? { kind: 'desfire', chip: found.chip('own') } : { kind: 'uid', uid };
}

function atFault(
  whole: SimulatedCard,
  { fault, chip, asChip }: CardFaultPlay,
  of: WalletCard | undefined,
): SimulatedCard {
  if (chip !== undefined && of !== undefined)
    return { kind: 'desfire', chip: of.chip(chip), ...(asChip && { fault: asChip }) };
  return fault === undefined ? whole : { ...whole, fault };
}

const POOR_PTS = 5;
/** Written with characters that few fonts have: the demo's two, and 𠮷. */
const RARE = /[㐀-䶿]|[\u{20000}-\u{3ffff}]/u;

/** What somebody should know of a card before tapping it at a kiosk of that village. */
export function cardNotes(county: DemoCounty, villageId: string): NonNullable<RigSetup['cardNotes']> {
  const notes: Record<string, 'poor' | 'blocked' | 'visiting' | 'rare-name'> = {};
  for (const resident of county.residents) {
    if (RARE.test(resident.name)) notes[resident.card.id] = 'rare-name';
    if (resident.points <= POOR_PTS) notes[resident.card.id] = 'poor';
    if (resident.blocked) notes[resident.card.id] = 'blocked';
    if (resident.villageId !== villageId) notes[resident.card.id] = 'visiting';
  }
  return notes;
}
