/** Rows of the programme's daily work: cards lost, activities, warnings, notes, limits, shelves. See tables.ts. */

/** A card that was blocked: who, when, why, and the card that took its place. The history of a household's cards. */
export interface BlockRow {
  readonly card: number;
  readonly acct: string | null;
  readonly at: number;
  readonly blockedBy: string;
  readonly reason: string;
  readonly replacedBy: number | null;
  readonly replacedAt: number | null;
}

/** A PIN that was set, or refused, and who set it: at a kiosk in a clerk's presence, or at the hub by an operator. */
export interface PinRow {
  /** The kiosk; empty where it was set at the hub. */
  readonly tid: string;
  readonly pin: string;
  /** Null where no card of that terminal's people was meant. */
  readonly card: number | null;
  /** When it was set; never later than the hub heard of it. */
  readonly at: number;
  readonly setBy: string;
  readonly takenAt: number;
  readonly outcome: 'set' | 'older' | 'unknown-card' | 'card-blocked' | 'unknown-clerk' | 'own-card';
}

/** What points are given for. A kiosk's claim names one; credits made by hand may name others. */
export interface ActivityRow {
  readonly activity: string;
  readonly name: string;
  readonly unit: string;
  /** Points of one unit. */
  readonly pts: number;
  readonly state: 'active' | 'retired';
}

/** A resident was told that this lot will expire. */
export interface WarningRow {
  readonly lot: string;
  readonly acct: string;
  readonly at: number;
}

export interface NoteRow {
  readonly note: string;
  readonly exception: string;
  readonly at: number;
  readonly notedBy: string;
  readonly text: string;
}

/** Units of an item with a period limit that one redeem took. */
export interface UseRow {
  readonly tid: string;
  readonly ep: number;
  readonly seq: number;
  readonly sku: string;
  readonly acct: string;
  readonly qty: number;
  readonly at: number;
}

/** What should lie in a shop of one item, by its records. */
export interface ShelfRow {
  readonly shop: string;
  readonly sku: string;
  readonly qty: number;
  /** The last count: when, by which chain (`<tid>.<ep>`), and how far it was from what was expected. Null before it. */
  readonly countedAt: number | null;
  readonly countedIn: string | null;
  readonly difference: number;
}
