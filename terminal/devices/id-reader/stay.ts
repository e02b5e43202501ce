import type { IdReaderEvent, ReadIdCard } from './port.ts';

/** One stay of a card on the unit: what each round of asking makes of it. Pure. */

/** What a round found. `same`: a card lies there whose serial this unit does not give, so it is taken for the same. */
export type Round =
  | { readonly type: 'card'; readonly card: ReadIdCard; readonly atMs: number }
  | { readonly type: 'same' }
  | { readonly type: 'failed' }
  | { readonly type: 'none' };

export interface Stay {
  readonly presenceId: string | null;
  /** Whose stay it is; null where it was refused. */
  readonly uid: string | null;
  /** Rounds in a row that failed to read, before the stay has begun. */
  readonly failures: number;
  /** Rounds in a row that found nothing, since. */
  readonly misses: number;
}
export const NOBODY: Stay = { presenceId: null, uid: null, failures: 0, misses: 0 };

/** A card that is being laid down fails once or twice. */
const MOST_FAILURES = 4;
/** The field flickers: one miss is no goodbye. */
const MISSES_AWAY = 2;

type Told = Exclude<IdReaderEvent, { readonly type: 'status' }>;

export function takeRound(stay: Stay, round: Round, newId: () => string): { stay: Stay; told: Told[] } {
  switch (round.type) {
    case 'card':
      return cameCard(stay, round, newId);
    case 'same':
      return { stay: { ...stay, misses: 0 }, told: [] };
    case 'failed':
      if (stay.presenceId !== null) return { stay: { ...stay, misses: 0 }, told: [] };
      if (stay.failures + 1 < MOST_FAILURES) return { stay: { ...stay, failures: stay.failures + 1 }, told: [] };
      return refused(newId());
    case 'none':
      return foundNone(stay, newId);
  }
}

function cameCard(stay: Stay, { card, atMs }: Extract<Round, { type: 'card' }>, newId: () => string) {
  if (stay.presenceId !== null && stay.uid === card.uid) return { stay: { ...stay, misses: 0 }, told: [] };
  // Another one between two rounds: the first has left, whatever the unit says.
  const presenceId = newId();
  const told: Told[] = [...left(stay), { type: 'card', presenceId, card, atMs }];
  return { stay: { presenceId, uid: card.uid, failures: 0, misses: 0 }, told };
}

function foundNone(stay: Stay, newId: () => string): { stay: Stay; told: Told[] } {
  if (stay.presenceId === null) {
    if (stay.failures === 0) return { stay: NOBODY, told: [] };
    const { stay: torn, told } = refused(newId());
    return { stay: NOBODY, told: [...told, ...left(torn)] };
  }
  if (stay.misses + 1 < MISSES_AWAY) return { stay: { ...stay, misses: stay.misses + 1 }, told: [] };
  return { stay: NOBODY, told: left(stay) };
}

function refused(presenceId: string): { stay: Stay; told: Told[] } {
  return {
    stay: { presenceId, uid: null, failures: 0, misses: 0 },
    told: [{ type: 'card-refused', presenceId, reason: 'torn' }],
  };
}

/** The end of a stay, where there is one. */
export function left({ presenceId }: Stay): Told[] {
  return presenceId === null ? [] : [{ type: 'removed', presenceId }];
}
