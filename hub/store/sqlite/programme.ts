import type { PreparedCounty, ProgrammeStore, SealedCard } from '../../programme/import.ts';
import { type Context, nextDownlinkVersion, postTransfers, transaction } from './context.ts';

/** A county's beginning on SQLite: all of it, or nothing. */
export function sqliteProgrammeStore(context: Context): ProgrammeStore {
  return {
    async importCounty(prepared, at) {
      return transaction(context, () => {
        const { db, county } = context;
        if (db.prepare('SELECT 1 FROM counties WHERE county_id = ?').get(county)) return false;
        insertCounty(context, prepared);
        insertPlaces(context, prepared);
        insertPeople(context, prepared);
        insertOperators(context, prepared);
        for (const { transfer, at: creditedAt } of prepared.transfers) postTransfers(context, [transfer], creditedAt);
        insertCredits(context, prepared);
        db.prepare('INSERT INTO audit (county_id, at, user, act, subject, detail_json) VALUES (?, ?, ?, ?, ?, ?)').run(
          ...[county, at, 'import', 'county-imported', county],
          JSON.stringify({ residents: prepared.file.residents.length, items: prepared.file.items.length }),
        );
        return true;
      });
    },
  };
}

function insertCounty({ db, county }: Context, { file, inc, catalogueJws }: PreparedCounty): void {
  db.prepare(
    `INSERT INTO counties (county_id, name, name_en, time_zone, inc, policy_json, policy_version, catalogue_jws, catalogue_version)
     VALUES (?, ?, ?, ?, ?, ?, 1, ?, 1)`,
  ).run(county, file.name, file.nameEn, file.timeZone, inc, JSON.stringify(file.policy), catalogueJws);
}

function insertPlaces({ db, county }: Context, { file, peppers }: PreparedCounty): void {
  const village = db.prepare('INSERT INTO villages VALUES (?, ?, ?, ?, 1, ?)');
  for (const v of file.villages) village.run(county, v.village, v.name, v.nameEn, peppers.get(v.village));
  const shop = db.prepare('INSERT INTO shops VALUES (?, ?, ?, ?, ?, ?)');
  for (const s of file.shops) shop.run(county, s.shop, s.village, s.name, s.nameEn, s.phone);
  const item = db.prepare('INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, 0)');
  for (const i of file.items) item.run(county, i.sku, i.rev, i.pts, i.name.zh, i.reimburseFen);
}

function insertPeople(context: Context, { file, cards }: PreparedCounty): void {
  const { db, county } = context;
  const resident = db.prepare('INSERT INTO residents VALUES (?, ?, ?, ?, ?, ?)');
  const clerk = db.prepare('INSERT INTO clerks VALUES (?, ?, ?, ?, ?)');
  for (const r of file.residents) {
    resident.run(county, r.acct, r.village, r.name, r.initials, nextDownlinkVersion(context));
    insertCards(context, cards.get(r.acct) ?? [], r.acct, null);
  }
  for (const c of file.clerks) {
    clerk.run(county, c.clerk, c.village, c.name, nextDownlinkVersion(context));
    insertCards(context, cards.get(c.clerk) ?? [], null, c.clerk);
  }
}

function insertCards({ db, county }: Context, cards: readonly SealedCard[], acct: string | null, clerk: string | null) {
  const next = db.prepare('SELECT coalesce(max(card), 0) + 1 FROM cards WHERE county_id = ?').pluck();
  const insert = db.prepare('INSERT INTO cards VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  for (const c of cards) {
    const id = next.get(county);
    insert.run(county, id, c.kind, c.uidIndex, c.uidSealed, c.last4, acct, clerk, c.state, c.pinSalt, c.pinSealed);
  }
}

function insertCredits({ db, county }: Context, { file }: PreparedCounty): void {
  const credit = db.prepare(`INSERT INTO credits VALUES (?, ?, ?, ?, ?, ?, 'import', NULL)`);
  for (const r of file.residents) {
    for (const c of r.credits) credit.run(county, c.credit, r.acct, c.activity, c.pts, c.at);
  }
}

function insertOperators({ db, county }: Context, { file, operators }: PreparedCounty): void {
  const insert = db.prepare(
    'INSERT INTO operators (county_id, user, name, role, password_salt, password_hash, totp_sealed) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  for (const o of file.operators) {
    const hashed = operators.find((each) => each.user === o.user);
    if (hashed === undefined) throw new Error(`operator ${o.user} was not prepared`);
    insert.run(county, o.user, o.name, o.role, hashed.salt, hashed.hash, hashed.totpSealed);
  }
}
