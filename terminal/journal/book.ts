import type { Language } from '../../protocol/api/kiosk.ts';
import type { Verifying } from '../../protocol/crypto.ts';
import { type Catalogue, catalogueDocument, type Grant, grantDocument } from '../../protocol/documents/kinds.ts';
import type { Db } from '../../protocol/node/durable-sqlite.ts';
import { fromBase64url } from '../../protocol/primitives/base64url.ts';
import type { Policy, Roster, SyncResponse } from '../../protocol/sync/messages.ts';
import type { EpochRow } from './journal.ts';

/** What the hub told this terminal: roster, grants, catalogue, policy. Stored before anything is sold on it. */

export interface BookCard {
  readonly token: string;
  readonly acct: string | null;
  readonly clerk: string | null;
  readonly last4: string;
  readonly state: string;
  readonly pinSalt: string | null;
  readonly pinVerifier: string | null;
}
export interface BookAccount {
  readonly acct: string;
  readonly name: string;
  readonly elsewhere: number;
  readonly language: Language | null;
}

const VERSIONS = ['roster', 'catalogue', 'hotlist', 'policy'] as const;

export function createBook(db: Db, epoch: EpochRow, verifying: Verifying) {
  const fact = db.prepare('SELECT value FROM facts WHERE name = ?').pluck();
  const setFact = db.prepare('INSERT INTO facts VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value');
  const read = (name: string) => (fact.get(name) as string | undefined) ?? null;
  const version = (name: string) => Number(read(`${name}-version`) ?? 0);
  let catalogue: Catalogue | null = readCatalogue(read('catalogue'));
  let policy: Policy | null = JSON.parse(read('policy') ?? 'null');

  function readCatalogue(jws: string | null): Catalogue | null {
    return jws === null ? null : catalogueDocument.open(jws, epoch.hubKid, epoch.hubKey, verifying);
  }

  /** The whole answer in one transaction: a grant never stands without its account, nor half a roster. */
  function apply(response: SyncResponse): void {
    db.transaction(() => {
      // Versions grow only within one incarnation of the hub: an answer of an earlier one changes nothing.
      for (const jws of response.grants)
        applyGrant(db, grantDocument.open(jws, epoch.hubKid, epoch.hubKey, verifying), jws, epoch);
      if (response.roster && response.roster.version > version('roster')) applyRoster(db, response.roster);
      if (response.roster) {
        const peppers = JSON.stringify(response.roster.peppers);
        if (peppers !== read('peppers')) setFact.run('peppers', peppers);
      }
      if (response.catalogue) applyCatalogue(response.catalogue);
      if (response.policy && response.policy.version > version('policy')) {
        setFact.run('policy', JSON.stringify(response.policy));
        policy = response.policy;
      }
      for (const name of VERSIONS) {
        const next = name === 'catalogue' ? catalogue?.version : response[name]?.version;
        if (next !== undefined && next > version(name)) setFact.run(`${name}-version`, String(next));
      }
      const judged = db.prepare(
        'INSERT INTO judged VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET stage = excluded.stage, code = excluded.code WHERE stage <> excluded.stage',
      );
      for (const one of response.judged) if (one.ep === epoch.ep) judged.run(one.seq, one.stage, one.code ?? null);
    }).immediate();
  }

  function applyCatalogue(jws: string): void {
    const next = readCatalogue(jws);
    if (next === null || next.version <= version('catalogue')) return; // not signed by our hub, or older than ours
    setFact.run('catalogue', jws);
    catalogue = next;
  }

  return {
    apply,
    want: () => ({
      visits: [],
      judged: 0,
      roster: version('roster'),
      catalogue: version('catalogue'),
      hotlist: version('hotlist'),
      policy: version('policy'),
    }),
    catalogue: () => catalogue,
    policy: () => policy,
    /** Newest first; a card made under an older pepper is still found. */
    peppers: () =>
      (JSON.parse(read('peppers') ?? '[]') as Roster['peppers'])
        .map((pepper) => ({ version: pepper.version, key: fromBase64url(pepper.key) ?? new Uint8Array() }))
        .sort((a, b) => b.version - a.version),
    card(token: string): BookCard | null {
      const select = `SELECT token, acct, clerk, last4, state, pin_salt AS pinSalt, pin_verifier AS pinVerifier FROM cards WHERE token = ?`;
      return (db.prepare(select).get(token) as BookCard | undefined) ?? null;
    },
    account(acct: string): BookAccount | null {
      const select = 'SELECT acct, name, elsewhere, language FROM roster WHERE acct = ?';
      return (db.prepare(select).get(acct) as BookAccount | undefined) ?? null;
    },
    clerkName: (clerk: string) =>
      (db.prepare('SELECT name FROM clerks WHERE clerk = ?').pluck().get(clerk) as string | undefined) ?? null,
    /** Durable before the PIN is looked at: pulling the plug gives nobody another try. Returns tries so far. */
    countPinTry(token: string): number {
      const count = 'INSERT INTO pin_tries VALUES (?, 1) ON CONFLICT DO UPDATE SET tries = tries + 1 RETURNING tries';
      return db.prepare(count).pluck().get(token) as number;
    },
    pinTries: (token: string) =>
      (db.prepare('SELECT tries FROM pin_tries WHERE token = ?').pluck().get(token) as number | undefined) ?? 0,
    clearPinTries(token: string): void {
      db.prepare('DELETE FROM pin_tries WHERE token = ?').run(token);
    },
  };
}
export type Book = ReturnType<typeof createBook>;

/** Merged by max: a lost, doubled or old grant hurts nothing. One for another terminal or epoch is ignored. */
function applyGrant(db: Db, grant: Grant | null, jws: string, epoch: EpochRow): void {
  if (grant === null || grant.tid !== epoch.tid || grant.ep !== epoch.ep) return;
  db.prepare(
    `INSERT INTO allowances (acct, g, not_after, grant_jws) VALUES (@acct, @G, @notAfter, @jws)
     ON CONFLICT DO UPDATE SET g = @G, not_after = @notAfter, grant_jws = @jws WHERE @G > g`,
  ).run({ acct: grant.acct, G: grant.G, notAfter: grant.notAfter, jws });
}

function applyRoster(db: Db, roster: Roster): void {
  const entry = db.prepare(
    `INSERT INTO roster VALUES (@acct, @name, @initials, @elsewhere, @language)
     ON CONFLICT DO UPDATE SET name = @name, initials = @initials, elsewhere = @elsewhere, language = @language`,
  );
  const clerk = db.prepare('INSERT INTO clerks VALUES (?, ?) ON CONFLICT DO UPDATE SET name = excluded.name');
  const card = db.prepare('INSERT OR REPLACE INTO cards VALUES (?, ?, ?, ?, ?, ?, ?)');
  const dropAcct = db.prepare('DELETE FROM cards WHERE acct = ?');
  const dropClerk = db.prepare('DELETE FROM cards WHERE clerk = ?');
  type Cards = Roster['entries'][number]['cards'];
  const put = (cards: Cards, acct: string | null, clerkId: string | null) => {
    for (const c of cards) {
      card.run(c.token, acct, clerkId, c.last4, c.state, c.pin?.salt ?? null, c.pin?.verifier ?? null);
    }
  };
  for (const one of roster.entries) {
    const { acct, name, initials, elsewhere } = one;
    entry.run({ acct, name, initials, elsewhere, language: one.language ?? null });
    dropAcct.run(acct);
    put(one.cards, acct, null);
  }
  for (const one of roster.clerks) {
    clerk.run(one.clerk, one.name);
    dropClerk.run(one.clerk);
    put(one.cards, null, one.clerk);
  }
}
