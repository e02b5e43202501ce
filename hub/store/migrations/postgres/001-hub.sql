-- The hub's books on PostgreSQL: the same tables, names and refusals as migrations/sqlite/001 and 002, and one test for both.
-- Every key begins with county_id: no transaction crosses a county, so the schema shards by county.
-- Text compares by its bytes (COLLATE "C"), as on SQLite: order does not depend on a server's locale, and an upgrade of
-- the operating system's locales cannot break an index.
-- "user" stands in quotes: PostgreSQL takes the bare word for the role that is connected.

-- Refusals stand here, not in code: a bug above this line cannot overdraw an account or change what was signed.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0];
END $$;

CREATE TABLE counties (
  county_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL, name_en TEXT COLLATE "C" NOT NULL, time_zone TEXT COLLATE "C" NOT NULL,
  inc TEXT COLLATE "C" NOT NULL,
  -- One number for all that goes down to terminals (roster entries, grants): it only grows within one inc.
  downlink_version BIGINT NOT NULL DEFAULT 0,
  policy_json TEXT COLLATE "C" NOT NULL, policy_version BIGINT NOT NULL,
  catalogue_jws TEXT COLLATE "C", catalogue_version BIGINT NOT NULL DEFAULT 0,
  hotlist_version BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE villages (
  county_id TEXT COLLATE "C" NOT NULL, village TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL, name_en TEXT COLLATE "C" NOT NULL,
  pepper_version BIGINT NOT NULL, pepper_sealed BYTEA NOT NULL,
  PRIMARY KEY (county_id, village), FOREIGN KEY (county_id) REFERENCES counties
);

CREATE TABLE shops (
  county_id TEXT COLLATE "C" NOT NULL, shop TEXT COLLATE "C" NOT NULL, village TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL, name_en TEXT COLLATE "C" NOT NULL, phone TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (county_id, shop), FOREIGN KEY (county_id, village) REFERENCES villages
);

CREATE TABLE items (
  county_id TEXT COLLATE "C" NOT NULL, sku TEXT COLLATE "C" NOT NULL, rev BIGINT NOT NULL, pts BIGINT NOT NULL CHECK (pts > 0),
  name TEXT COLLATE "C" NOT NULL, reimburse_fen BIGINT NOT NULL CHECK (reimburse_fen >= 0), from_at BIGINT NOT NULL,
  PRIMARY KEY (county_id, sku, rev), FOREIGN KEY (county_id) REFERENCES counties
);
CREATE TRIGGER items_no_update BEFORE UPDATE ON items FOR EACH ROW EXECUTE FUNCTION refuse('a published revision never changes');
CREATE TRIGGER items_no_delete BEFORE DELETE ON items FOR EACH ROW EXECUTE FUNCTION refuse('a published revision stays');
CREATE TRIGGER items_no_truncate BEFORE TRUNCATE ON items EXECUTE FUNCTION refuse('a published revision stays');

CREATE TABLE residents (
  county_id TEXT COLLATE "C" NOT NULL, acct TEXT COLLATE "C" NOT NULL, village TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL, initials TEXT COLLATE "C" NOT NULL,
  roster_version BIGINT NOT NULL,
  PRIMARY KEY (county_id, acct), FOREIGN KEY (county_id, village) REFERENCES villages
);
CREATE INDEX residents_by_roster ON residents (county_id, village, roster_version);

CREATE TABLE clerks (
  county_id TEXT COLLATE "C" NOT NULL, clerk TEXT COLLATE "C" NOT NULL, village TEXT COLLATE "C" NOT NULL, name TEXT COLLATE "C" NOT NULL,
  roster_version BIGINT NOT NULL,
  PRIMARY KEY (county_id, clerk), FOREIGN KEY (county_id, village) REFERENCES villages
);

CREATE TABLE cards (
  county_id TEXT COLLATE "C" NOT NULL, card BIGINT NOT NULL, kind TEXT COLLATE "C" NOT NULL,
  -- HMAC of the UID under the hub's seal key: finds a card again, tells nothing without the key.
  uid_index BYTEA NOT NULL, uid_sealed BYTEA NOT NULL, last4 TEXT COLLATE "C" NOT NULL,
  acct TEXT COLLATE "C", clerk TEXT COLLATE "C", state TEXT COLLATE "C" NOT NULL CHECK (state IN ('good', 'blocked')),
  pin_salt TEXT COLLATE "C", pin_sealed BYTEA,
  PRIMARY KEY (county_id, card), UNIQUE (county_id, uid_index),
  CHECK ((acct IS NULL) <> (clerk IS NULL)),
  FOREIGN KEY (county_id, acct) REFERENCES residents, FOREIGN KEY (county_id, clerk) REFERENCES clerks
);
CREATE INDEX cards_by_acct ON cards (county_id, acct);

CREATE TABLE terminals (
  county_id TEXT COLLATE "C" NOT NULL, tid TEXT COLLATE "C" NOT NULL, shop TEXT COLLATE "C" NOT NULL,
  last_sync_at BIGINT, health_json TEXT COLLATE "C",
  PRIMARY KEY (county_id, tid), FOREIGN KEY (county_id, shop) REFERENCES shops
);

CREATE TABLE epochs (
  county_id TEXT COLLATE "C" NOT NULL, tid TEXT COLLATE "C" NOT NULL, ep BIGINT NOT NULL CHECK (ep > 0), shop TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('awaiting-device', 'awaiting-confirmation', 'open', 'frozen', 'ended', 'revoked')),
  code_hash BYTEA NOT NULL, code_expires_at BIGINT NOT NULL, issued_by TEXT COLLATE "C" NOT NULL,
  public_key BYTEA, fingerprint TEXT COLLATE "C", confirmed_by TEXT COLLATE "C",
  pepper_sealed BYTEA NOT NULL, enrolment_jws TEXT COLLATE "C", enrolment_hash TEXT COLLATE "C",
  -- How far the chain is stored without a hole, and judged. The judged records are a contiguous prefix.
  stored_seq BIGINT NOT NULL DEFAULT 0, stored_head TEXT COLLATE "C",
  judged_seq BIGINT NOT NULL DEFAULT 0, judged_head TEXT COLLATE "C", judged_tot BIGINT NOT NULL DEFAULT 0,
  waits_code TEXT COLLATE "C",
  -- The lowest seq at which two records stand: from there on neither branch has an effect until two people decide.
  forked_seq BIGINT,
  PRIMARY KEY (county_id, tid, ep), UNIQUE (county_id, code_hash),
  FOREIGN KEY (county_id, tid) REFERENCES terminals,
  -- What takes two people cannot be done by one.
  CHECK (confirmed_by IS NULL OR confirmed_by <> issued_by),
  CHECK (judged_seq <= stored_seq)
);
CREATE UNIQUE INDEX epochs_one_key ON epochs (county_id, public_key) WHERE public_key IS NOT NULL;

-- Custody: the bytes as they came. A second row with one (tid, ep, seq) is a fork; junk has no seq.
CREATE TABLE records (
  county_id TEXT COLLATE "C" NOT NULL, arrival BIGINT GENERATED ALWAYS AS IDENTITY,
  tid TEXT COLLATE "C" NOT NULL, ep BIGINT NOT NULL, seq BIGINT,
  hash TEXT COLLATE "C" NOT NULL, jws TEXT COLLATE "C" NOT NULL, received_at BIGINT NOT NULL,
  PRIMARY KEY (county_id, arrival),
  FOREIGN KEY (county_id, tid) REFERENCES terminals
);
CREATE UNIQUE INDEX records_by_hash ON records (county_id, tid, ep, hash);
-- 60 bits of the hash: what a check code on paper says.
CREATE INDEX records_by_code ON records (county_id, substr(hash, 1, 10));
CREATE INDEX records_by_seq ON records (county_id, tid, ep, seq);
CREATE TRIGGER records_no_update BEFORE UPDATE ON records FOR EACH ROW EXECUTE FUNCTION refuse('a record never changes');
CREATE TRIGGER records_no_delete BEFORE DELETE ON records FOR EACH ROW EXECUTE FUNCTION refuse('a record stays');
CREATE TRIGGER records_no_truncate BEFORE TRUNCATE ON records EXECUTE FUNCTION refuse('a record stays');

CREATE TABLE judgements (
  county_id TEXT COLLATE "C" NOT NULL, tid TEXT COLLATE "C" NOT NULL, ep BIGINT NOT NULL, seq BIGINT NOT NULL, hash TEXT COLLATE "C" NOT NULL,
  stage TEXT COLLATE "C" NOT NULL CHECK (stage IN ('matched', 'quarantined', 'closed', 'settled')),
  flags_json TEXT COLLATE "C" NOT NULL DEFAULT '[]', code TEXT COLLATE "C", judged_at BIGINT NOT NULL,
  type TEXT COLLATE "C" NOT NULL, acct TEXT COLLATE "C", card TEXT COLLATE "C", pts BIGINT, at BIGINT NOT NULL,
  -- The allowance's counters after this record, as its terminal signed them.
  s BIGINT, v BIGINT, r BIGINT, g BIGINT,
  PRIMARY KEY (county_id, tid, ep, seq)
);
CREATE INDEX judgements_by_acct ON judgements (county_id, acct, at) WHERE acct IS NOT NULL;

CREATE TABLE allowances (
  county_id TEXT COLLATE "C" NOT NULL, tid TEXT COLLATE "C" NOT NULL, ep BIGINT NOT NULL, acct TEXT COLLATE "C" NOT NULL,
  g BIGINT NOT NULL DEFAULT 0, s BIGINT NOT NULL DEFAULT 0, v BIGINT NOT NULL DEFAULT 0, r BIGINT NOT NULL DEFAULT 0,
  grant_jws TEXT COLLATE "C", grant_version BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (county_id, tid, ep, acct)
);
CREATE INDEX allowances_by_version ON allowances (county_id, tid, ep, grant_version);
CREATE TRIGGER allowances_only_grow BEFORE UPDATE ON allowances FOR EACH ROW
  WHEN (NEW.g < OLD.g OR NEW.s < OLD.s OR NEW.v < OLD.v OR NEW.r < OLD.r)
  EXECUTE FUNCTION refuse('the four numbers of an allowance never fall');
-- Numbers that never fall do not fall by being forgotten either.
CREATE TRIGGER allowances_no_delete BEFORE DELETE ON allowances FOR EACH ROW EXECUTE FUNCTION refuse('the four numbers of an allowance never fall');
CREATE TRIGGER allowances_no_truncate BEFORE TRUNCATE ON allowances EXECUTE FUNCTION refuse('the four numbers of an allowance never fall');

-- The ledger: immutable transfers, and balances that only they can move.
CREATE TABLE transfers (
  county_id TEXT COLLATE "C" NOT NULL, pos BIGINT GENERATED ALWAYS AS IDENTITY,
  id TEXT COLLATE "C" NOT NULL, at BIGINT NOT NULL,
  debit TEXT COLLATE "C" NOT NULL, credit TEXT COLLATE "C" NOT NULL, amount BIGINT NOT NULL CHECK (amount > 0),
  kind TEXT COLLATE "C" NOT NULL, ref TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (county_id, pos),
  CHECK (debit <> credit)
);
CREATE UNIQUE INDEX transfers_by_id ON transfers (county_id, id);
CREATE INDEX transfers_by_ref ON transfers (county_id, ref);
CREATE TRIGGER transfers_no_update BEFORE UPDATE ON transfers FOR EACH ROW EXECUTE FUNCTION refuse('a transfer never changes');
CREATE TRIGGER transfers_no_delete BEFORE DELETE ON transfers FOR EACH ROW EXECUTE FUNCTION refuse('a transfer stays');
CREATE TRIGGER transfers_no_truncate BEFORE TRUNCATE ON transfers EXECUTE FUNCTION refuse('a transfer stays');

CREATE TABLE balances (
  county_id TEXT COLLATE "C" NOT NULL, account TEXT COLLATE "C" NOT NULL, amount BIGINT NOT NULL,
  PRIMARY KEY (county_id, account),
  CHECK (amount >= 0 OR split_part(account, ':', 1) NOT IN ('account', 'pending', 'allowance', 'suspense'))
);
-- Once per statement, for all its transfers together, in account order: two statements never wait for each other in a ring.
-- The row is made first and moved second: an upsert would check the sign of the row it offers, not of the sum.
-- A plan made for a county's import would be kept for single sales and read all balances each time: so none but the key's.
CREATE FUNCTION move_balances() RETURNS trigger LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  INSERT INTO balances (county_id, account, amount)
    SELECT county_id, debit, 0 FROM new_rows UNION SELECT county_id, credit, 0 FROM new_rows ORDER BY 1, 2
    ON CONFLICT DO NOTHING;
  PERFORM 1 FROM balances b
    WHERE (b.county_id, b.account) IN (SELECT county_id, debit FROM new_rows UNION SELECT county_id, credit FROM new_rows)
    ORDER BY b.county_id, b.account FOR UPDATE;
  UPDATE balances b SET amount = b.amount + moved.amount
    FROM (
      SELECT county_id, account, sum(amount)::BIGINT AS amount FROM (
        SELECT county_id, debit AS account, -amount AS amount FROM new_rows
        UNION ALL SELECT county_id, credit, amount FROM new_rows
      ) sides GROUP BY county_id, account
    ) moved
    WHERE b.county_id = moved.county_id AND b.account = moved.account;
  RETURN NULL;
END $$;
CREATE TRIGGER transfers_move_balances AFTER INSERT ON transfers
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION move_balances();

CREATE TABLE credits (
  county_id TEXT COLLATE "C" NOT NULL, credit TEXT COLLATE "C" NOT NULL, acct TEXT COLLATE "C" NOT NULL, activity TEXT COLLATE "C" NOT NULL,
  pts BIGINT NOT NULL CHECK (pts > 0), at BIGINT NOT NULL, made_by TEXT COLLATE "C" NOT NULL, approved_by TEXT COLLATE "C",
  PRIMARY KEY (county_id, credit), FOREIGN KEY (county_id, acct) REFERENCES residents,
  CHECK (approved_by IS NULL OR approved_by <> made_by)
);

CREATE TABLE operators (
  county_id TEXT COLLATE "C" NOT NULL, "user" TEXT COLLATE "C" NOT NULL, name TEXT COLLATE "C" NOT NULL,
  role TEXT COLLATE "C" NOT NULL CHECK (role IN ('operator', 'reviewer', 'auditor', 'admin')),
  password_salt TEXT COLLATE "C" NOT NULL, password_hash TEXT COLLATE "C" NOT NULL,
  totp_sealed BYTEA, totp_last_step BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (county_id, "user"), FOREIGN KEY (county_id) REFERENCES counties
);
CREATE TABLE sessions (
  county_id TEXT COLLATE "C" NOT NULL, token_hash BYTEA NOT NULL, "user" TEXT COLLATE "C" NOT NULL, expires_at BIGINT NOT NULL,
  PRIMARY KEY (county_id, token_hash), FOREIGN KEY (county_id, "user") REFERENCES operators
);
CREATE TABLE audit (
  county_id TEXT COLLATE "C" NOT NULL, pos BIGINT GENERATED ALWAYS AS IDENTITY, at BIGINT NOT NULL, "user" TEXT COLLATE "C" NOT NULL,
  act TEXT COLLATE "C" NOT NULL, subject TEXT COLLATE "C" NOT NULL, detail_json TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (county_id, pos)
);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION refuse('the audit trail never changes');
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse('the audit trail stays');
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit EXECUTE FUNCTION refuse('the audit trail stays');

CREATE TABLE exports (
  county_id TEXT COLLATE "C" NOT NULL, n BIGINT NOT NULL, at BIGINT NOT NULL, manifest_sha256 TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (county_id, n)
);
