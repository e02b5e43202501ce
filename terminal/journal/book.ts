import type { Verifying } from '../../protocol/crypto.ts';
import { type Catalogue, catalogueDocument, grantDocument } from '../../protocol/documents/kinds.ts';
import { fromBase64url } from '../../protocol/primitives/base64url.ts';
import type { Policy, Roster, RosterEntry, SyncResponse } from '../../protocol/sync/messages.ts';
import type { BookCard, EpochRow, JournalStore, PeopleQuery } from './port.ts';

/** What the hub told this terminal: roster, grants, catalogue, policy. Stored before anything is sold on it. */

const VERSIONS = ['roster', 'catalogue', 'hotlist', 'policy'] as const;
type Version = (typeof VERSIONS)[number];

/** More PINs than this never wait for the hub in one village. */
const MOST_PENDING = 10_000;

/** Merged by max: a lost, doubled or old grant hurts nothing. The simulator puts a broken one here to see it found. */
export type MergeGrant = (known: number, arriving: number) => number;

export interface BookDeps {
  readonly store: JournalStore;
  readonly epoch: EpochRow;
  readonly verifying: Verifying;
  /** The hub's keys by kid: the one pinned at enrolment, and the next one it announced. */
  readonly hubKeys: () => ReadonlyMap<string, Uint8Array>;
  readonly mergeGrant?: MergeGrant;
  /** Whether a grant is meant for this epoch; as above. */
  readonly isOurs?: (grant: Pick<EpochRow, 'tid' | 'ep'>) => boolean;
}

export function createBook(deps: BookDeps) {
  const { store, epoch } = deps;
  const merge = deps.mergeGrant ?? Math.max;
  const isOurs = deps.isOurs ?? (({ tid, ep }) => tid === epoch.tid && ep === epoch.ep);
  const version = (name: Version) => Number(store.fact(`${name}-version`) ?? 0);
  let catalogue: Catalogue | null = null;
  let policy: Policy | null = null;
  let hotlist: ReadonlySet<string> = new Set();
  let peppers: { version: number; key: Uint8Array }[] | null = null;
  beginEpoch();
  reload();

  /** PINs are verified under the epoch's own pepper, and a moved kiosk serves other people: all is asked for anew. */
  function beginEpoch(): void {
    const told = Number(store.fact('told-epoch') ?? store.epochs().at(0)?.ep ?? epoch.ep);
    if (store.fact('told-epoch') === String(epoch.ep)) return;
    store.transact(() => {
      store.setFact('told-epoch', String(epoch.ep));
      if (told === epoch.ep) return;
      store.forgetPeople();
      forgetVersions();
    });
  }
  /** What is held in memory, from what is durable. */
  function reload(): void {
    catalogue = readCatalogue(store.fact('catalogue'));
    policy = JSON.parse(store.fact('policy') ?? 'null');
    hotlist = new Set(JSON.parse(store.fact('hotlist') ?? '[]') as string[]);
    peppers = null;
  }
  function forgetVersions(): void {
    for (const name of VERSIONS) store.setFact(`${name}-version`, '0');
    store.setFact(`judged:${epoch.ep}`, '0');
  }

  function open<T>(kind: { open(jws: string, kid: string, key: Uint8Array, by: Verifying): T | null }, jws: string) {
    for (const [kid, key] of deps.hubKeys()) {
      const value = kind.open(jws, kid, key, deps.verifying);
      if (value !== null) return value;
    }
    return null;
  }
  function readCatalogue(jws: string | null): Catalogue | null {
    return jws === null ? null : open(catalogueDocument, jws);
  }

  /** The whole answer in one transaction: a grant never stands without its account, nor half a roster. */
  function apply(response: SyncResponse): void {
    store.transact(() => {
      for (const jws of response.grants) applyGrant(jws);
      if (response.roster !== undefined && response.roster.version > version('roster')) applyRoster(response.roster);
      for (const { entry } of response.visits) if (entry !== undefined) putEntry(entry);
      if (response.catalogue !== undefined) applyCatalogue(response.catalogue);
      if (response.policy !== undefined && response.policy.version > version('policy')) {
        store.setFact('policy', JSON.stringify(response.policy));
        store.setFact('policy-version', String(response.policy.version));
        policy = response.policy;
      }
      if (response.hotlist !== undefined && response.hotlist.version > version('hotlist')) {
        store.setFact('hotlist', JSON.stringify(response.hotlist.tokens));
        store.setFact('hotlist-version', String(response.hotlist.version));
        hotlist = new Set(response.hotlist.tokens);
      }
      applyVerdicts(response.judged);
    });
  }

  /** One for another terminal or epoch, or that no hub of ours signed, is ignored. */
  function applyGrant(jws: string): void {
    const grant = open(grantDocument, jws);
    if (grant === null || !isOurs(grant)) return;
    const known = store.allowance(epoch.ep, grant.acct);
    const none = { acct: grant.acct, G: 0, S: 0, V: 0, R: 0, notAfter: 0, grantJws: null };
    const row = known ?? none;
    const G = merge(row.G, grant.G);
    if (G === row.G) return;
    store.putAllowance(epoch.ep, { ...row, G, notAfter: grant.notAfter, grantJws: jws });
  }

  function applyCatalogue(jws: string): void {
    const next = readCatalogue(jws);
    if (next === null || next.version <= version('catalogue')) return; // not signed by our hub, or older than ours
    store.setFact('catalogue', jws);
    store.setFact('catalogue-version', String(next.version));
    catalogue = next;
  }

  function applyRoster(roster: Roster): void {
    for (const entry of roster.entries) putEntry(entry);
    for (const { clerk, name, cards, acct = null } of roster.clerks) {
      store.putClerk(clerk, name, acct);
      putCards({ clerk }, cards);
    }
    store.setFact('peppers', JSON.stringify(roster.peppers));
    store.setFact('roster-version', String(roster.version));
    peppers = null;
  }

  function putEntry(entry: RosterEntry): void {
    const { acct, name, initials, elsewhere, cards } = entry;
    const rest = { language: entry.language ?? null, visitor: entry.visitor ?? false, used: entry.used ?? null };
    store.putAccount({ acct, name, initials, elsewhere, ...rest });
    putCards({ acct }, cards);
  }

  function putCards(owner: { acct: string } | { clerk: string }, cards: RosterEntry['cards']): void {
    for (const card of cards) noteUnlocked(card);
    const acct = 'acct' in owner ? owner.acct : null;
    const clerk = 'clerk' in owner ? owner.clerk : null;
    store.putCards(
      owner,
      cards.map((card) => withPending(bookCard(card, acct, clerk))),
    );
  }

  /** A PIN that was set here holds until the hub has heard of it: what it says meanwhile is the one before. */
  function withPending(card: BookCard): BookCard {
    const pending = store.pins(MOST_PENDING).some((pin) => pin.token === card.token);
    const mine = pending ? store.card(card.token) : null;
    return mine === null ? card : { ...card, pinSalt: mine.pinSalt, pinVerifier: mine.pinVerifier };
  }

  /** Another PIN than the one that was tried: set at the hub, or here in a clerk's presence. */
  function noteUnlocked({ token, pin, unlocked = 0 }: RosterEntry['cards'][number]): void {
    // Each unlocking of the hub counts once: told again, it gives nobody three more tries.
    if (unlocked > Number(store.fact(`unlocked:${token}`) ?? 0)) {
      store.setFact(`unlocked:${token}`, String(unlocked));
      store.setPinTries(token, 0);
    }
    if (store.pinTries(token) === 0) return;
    if ((store.card(token)?.pinSalt ?? null) !== (pin?.salt ?? null)) store.setPinTries(token, 0);
  }

  function applyVerdicts(judged: SyncResponse['judged']): void {
    let known = Number(store.fact(`judged:${epoch.ep}`) ?? 0);
    for (const { ep, seq, stage, code } of judged) {
      // A stick may bring an older word than the one that came by net meanwhile.
      if (ep !== epoch.ep || seq <= known) continue;
      store.putVerdict(ep, seq, { stage, code: code ?? null });
      // The hub tells them in order and leaves none out but those of a hole that people accepted: nothing comes before.
      known = seq;
    }
    if (judged.length > 0) store.setFact(`judged:${epoch.ep}`, String(known));
  }

  return {
    apply,
    /** Versions count within one incarnation of the hub: all of it is asked for anew in the next one. */
    forgetVersions,
    /** After a transaction that failed: memory must not run ahead of the disk. */
    reload,
    versions: () => ({
      judged: Number(store.fact(`judged:${epoch.ep}`) ?? 0),
      roster: version('roster'),
      catalogue: version('catalogue'),
      hotlist: version('hotlist'),
      policy: version('policy'),
    }),
    catalogue: () => catalogue,
    catalogueJws: () => store.fact('catalogue'),
    policy: () => policy,
    hotlisted: (token: string) => hotlist.has(token),
    /** Newest first; a card made under an older pepper is still found. */
    peppers() {
      peppers ??= (JSON.parse(store.fact('peppers') ?? '[]') as Roster['peppers'])
        .map((pepper) => ({ version: pepper.version, key: fromBase64url(pepper.key) ?? new Uint8Array() }))
        .sort((a, b) => b.version - a.version);
      return peppers;
    },
    card: (token: string) => store.card(token),
    account: (acct: string) => store.account(acct),
    findPeople: (by: PeopleQuery, limit: number) => store.findPeople(by, limit),
    cardsOf: (acct: string) => store.cardsOf(acct),
    clerkName: (clerk: string) => store.clerkName(clerk),
    clerkAcct: (clerk: string) => store.clerkAcct(clerk),
    /** Durable before the PIN is looked at: pulling the plug gives nobody another try. Returns tries so far. */
    countPinTry(token: string): number {
      const tries = store.pinTries(token) + 1;
      store.setPinTries(token, tries);
      return tries;
    },
    pinTries: (token: string) => store.pinTries(token),
    clearPinTries: (token: string) => store.setPinTries(token, 0),
  };
}
export type Book = ReturnType<typeof createBook>;

function bookCard(card: RosterEntry['cards'][number], acct: string | null, clerk: string | null): BookCard {
  const { token, last4, state, pin } = card;
  return { token, acct, clerk, last4, state, pinSalt: pin?.salt ?? null, pinVerifier: pin?.verifier ?? null };
}
