-- The hub's books. Every key begins with county_id: no transaction crosses a county, so the schema shards by county.
-- Refusals stand here, not in code: a bug above this line cannot overdraw an account or change what was signed.

CREATE TABLE counties (
  county_id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL, name_en TEXT NOT NULL, time_zone TEXT NOT NULL,
  inc TEXT NOT NULL,
  -- One number for all that goes down to terminals (roster entries, grants): it only grows within one inc.
  downlink_version INTEGER NOT NULL DEFAULT 0,
  policy_json TEXT NOT NULL, policy_version INTEGER NOT NULL,
  catalogue_jws TEXT, catalogue_version INTEGER NOT NULL DEFAULT 0,
  hotlist_version INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE villages (
  county_id TEXT NOT NULL, village TEXT NOT NULL,
  name TEXT NOT NULL, name_en TEXT NOT NULL,
  pepper_version INTEGER NOT NULL, pepper_sealed BLOB NOT NULL,
  PRIMARY KEY (county_id, village), FOREIGN KEY (county_id) REFERENCES counties
) STRICT, WITHOUT ROWID;

CREATE TABLE shops (
  county_id TEXT NOT NULL, shop TEXT NOT NULL, village TEXT NOT NULL,
  name TEXT NOT NULL, name_en TEXT NOT NULL, phone TEXT NOT NULL,
  PRIMARY KEY (county_id, shop), FOREIGN KEY (county_id, village) REFERENCES villages
) STRICT, WITHOUT ROWID;

CREATE TABLE items (
  county_id TEXT NOT NULL, sku TEXT NOT NULL, rev INTEGER NOT NULL, pts INTEGER NOT NULL CHECK (pts > 0),
  name TEXT NOT NULL, reimburse_fen INTEGER NOT NULL CHECK (reimburse_fen >= 0), from_at INTEGER NOT NULL,
  PRIMARY KEY (county_id, sku, rev), FOREIGN KEY (county_id) REFERENCES counties
) STRICT, WITHOUT ROWID;
CREATE TRIGGER items_no_update BEFORE UPDATE ON items BEGIN SELECT RAISE(ABORT, 'a published revision never changes'); END;
CREATE TRIGGER items_no_delete BEFORE DELETE ON items BEGIN SELECT RAISE(ABORT, 'a published revision stays'); END;

CREATE TABLE residents (
  county_id TEXT NOT NULL, acct TEXT NOT NULL, village TEXT NOT NULL,
  name TEXT NOT NULL, initials TEXT NOT NULL,
  roster_version INTEGER NOT NULL,
  PRIMARY KEY (county_id, acct), FOREIGN KEY (county_id, village) REFERENCES villages
) STRICT, WITHOUT ROWID;
CREATE INDEX residents_by_roster ON residents (county_id, village, roster_version);

CREATE TABLE clerks (
  county_id TEXT NOT NULL, clerk TEXT NOT NULL, village TEXT NOT NULL, name TEXT NOT NULL,
  roster_version INTEGER NOT NULL,
  PRIMARY KEY (county_id, clerk), FOREIGN KEY (county_id, village) REFERENCES villages
) STRICT, WITHOUT ROWID;

CREATE TABLE cards (
  county_id TEXT NOT NULL, card INTEGER NOT NULL, kind TEXT NOT NULL,
  -- HMAC of the UID under the hub's seal key: finds a card again, tells nothing without the key.
  uid_index BLOB NOT NULL, uid_sealed BLOB NOT NULL, last4 TEXT NOT NULL,
  acct TEXT, clerk TEXT, state TEXT NOT NULL CHECK (state IN ('good', 'blocked')),
  pin_salt TEXT, pin_sealed BLOB,
  PRIMARY KEY (county_id, card), UNIQUE (county_id, uid_index),
  CHECK ((acct IS NULL) <> (clerk IS NULL)),
  FOREIGN KEY (county_id, acct) REFERENCES residents, FOREIGN KEY (county_id, clerk) REFERENCES clerks
) STRICT;
CREATE INDEX cards_by_acct ON cards (county_id, acct);

CREATE TABLE terminals (
  county_id TEXT NOT NULL, tid TEXT NOT NULL, shop TEXT NOT NULL,
  last_sync_at INTEGER, health_json TEXT,
  PRIMARY KEY (county_id, tid), FOREIGN KEY (county_id, shop) REFERENCES shops
) STRICT, WITHOUT ROWID;

CREATE TABLE epochs (
  county_id TEXT NOT NULL, tid TEXT NOT NULL, ep INTEGER NOT NULL CHECK (ep > 0), shop TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('awaiting-device', 'awaiting-confirmation', 'open', 'frozen', 'ended', 'revoked')),
  code_hash BLOB NOT NULL, code_expires_at INTEGER NOT NULL, issued_by TEXT NOT NULL,
  public_key BLOB, fingerprint TEXT, confirmed_by TEXT,
  pepper_sealed BLOB NOT NULL, enrolment_jws TEXT, enrolment_hash TEXT,
  -- How far the chain is stored without a hole, and judged. The judged records are a contiguous prefix.
  stored_seq INTEGER NOT NULL DEFAULT 0, stored_head TEXT,
  judged_seq INTEGER NOT NULL DEFAULT 0, judged_head TEXT, judged_tot INTEGER NOT NULL DEFAULT 0,
  waits_code TEXT,
  PRIMARY KEY (county_id, tid, ep), UNIQUE (county_id, code_hash),
  FOREIGN KEY (county_id, tid) REFERENCES terminals,
  -- What takes two people cannot be done by one.
  CHECK (confirmed_by IS NULL OR confirmed_by <> issued_by),
  CHECK (judged_seq <= stored_seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX epochs_one_key ON epochs (county_id, public_key) WHERE public_key IS NOT NULL;

-- Custody: the bytes as they came. A second row with one (tid, ep, seq) is a fork; junk has no seq.
CREATE TABLE records (
  arrival INTEGER PRIMARY KEY,
  county_id TEXT NOT NULL, tid TEXT NOT NULL, ep INTEGER NOT NULL, seq INTEGER,
  hash TEXT NOT NULL, jws TEXT NOT NULL, received_at INTEGER NOT NULL,
  FOREIGN KEY (county_id, tid) REFERENCES terminals
) STRICT;
CREATE UNIQUE INDEX records_by_hash ON records (county_id, tid, ep, hash);
-- 60 bits of the hash: what a check code on paper says.
CREATE INDEX records_by_code ON records (county_id, substr(hash, 1, 10));
CREATE INDEX records_by_seq ON records (county_id, tid, ep, seq);
CREATE TRIGGER records_no_update BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'a record never changes'); END;
CREATE TRIGGER records_no_delete BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'a record stays'); END;

CREATE TABLE judgements (
  county_id TEXT NOT NULL, tid TEXT NOT NULL, ep INTEGER NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL,
  stage TEXT NOT NULL CHECK (stage IN ('matched', 'quarantined', 'closed', 'settled')),
  flags_json TEXT NOT NULL DEFAULT '[]', code TEXT, judged_at INTEGER NOT NULL,
  type TEXT NOT NULL, acct TEXT, card TEXT, pts INTEGER, at INTEGER NOT NULL,
  -- The allowance's counters after this record, as its terminal signed them.
  s INTEGER, v INTEGER, r INTEGER, g INTEGER,
  PRIMARY KEY (county_id, tid, ep, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX judgements_by_acct ON judgements (county_id, acct, at) WHERE acct IS NOT NULL;

CREATE TABLE allowances (
  county_id TEXT NOT NULL, tid TEXT NOT NULL, ep INTEGER NOT NULL, acct TEXT NOT NULL,
  g INTEGER NOT NULL DEFAULT 0, s INTEGER NOT NULL DEFAULT 0, v INTEGER NOT NULL DEFAULT 0, r INTEGER NOT NULL DEFAULT 0,
  grant_jws TEXT, grant_version INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (county_id, tid, ep, acct)
) STRICT, WITHOUT ROWID;
CREATE INDEX allowances_by_version ON allowances (county_id, tid, ep, grant_version);
CREATE TRIGGER allowances_only_grow BEFORE UPDATE ON allowances
  WHEN NEW.g < OLD.g OR NEW.s < OLD.s OR NEW.v < OLD.v OR NEW.r < OLD.r
  BEGIN SELECT RAISE(ABORT, 'the four numbers of an allowance never fall'); END;

-- The ledger: immutable transfers, and balances that only they can move.
CREATE TABLE transfers (
  pos INTEGER PRIMARY KEY,
  county_id TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL,
  debit TEXT NOT NULL, credit TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0),
  kind TEXT NOT NULL, ref TEXT NOT NULL,
  CHECK (debit <> credit)
) STRICT;
CREATE UNIQUE INDEX transfers_by_id ON transfers (county_id, id);
CREATE INDEX transfers_by_ref ON transfers (county_id, ref);
CREATE TRIGGER transfers_no_update BEFORE UPDATE ON transfers BEGIN SELECT RAISE(ABORT, 'a transfer never changes'); END;
CREATE TRIGGER transfers_no_delete BEFORE DELETE ON transfers BEGIN SELECT RAISE(ABORT, 'a transfer stays'); END;

CREATE TABLE balances (
  county_id TEXT NOT NULL, account TEXT NOT NULL, amount INTEGER NOT NULL,
  PRIMARY KEY (county_id, account),
  CHECK (amount >= 0 OR substr(account, 1, instr(account || ':', ':') - 1) NOT IN ('account', 'pending', 'allowance', 'suspense'))
) STRICT, WITHOUT ROWID;
-- The row is made first and moved second: an upsert would check the sign of the row it offers, not of the sum.
CREATE TRIGGER transfers_move_balances AFTER INSERT ON transfers BEGIN
  INSERT INTO balances (county_id, account, amount) VALUES (NEW.county_id, NEW.debit, 0) ON CONFLICT DO NOTHING;
  INSERT INTO balances (county_id, account, amount) VALUES (NEW.county_id, NEW.credit, 0) ON CONFLICT DO NOTHING;
  UPDATE balances SET amount = amount - NEW.amount WHERE county_id = NEW.county_id AND account = NEW.debit;
  UPDATE balances SET amount = amount + NEW.amount WHERE county_id = NEW.county_id AND account = NEW.credit;
END;

CREATE TABLE credits (
  county_id TEXT NOT NULL, credit TEXT NOT NULL, acct TEXT NOT NULL, activity TEXT NOT NULL,
  pts INTEGER NOT NULL CHECK (pts > 0), at INTEGER NOT NULL, made_by TEXT NOT NULL, approved_by TEXT,
  PRIMARY KEY (county_id, credit), FOREIGN KEY (county_id, acct) REFERENCES residents,
  CHECK (approved_by IS NULL OR approved_by <> made_by)
) STRICT, WITHOUT ROWID;

CREATE TABLE operators (
  county_id TEXT NOT NULL, user TEXT NOT NULL, name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('operator', 'reviewer', 'auditor', 'admin')),
  password_salt TEXT NOT NULL, password_hash TEXT NOT NULL,
  totp_sealed BLOB, totp_last_step INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (county_id, user), FOREIGN KEY (county_id) REFERENCES counties
) STRICT, WITHOUT ROWID;
CREATE TABLE sessions (
  county_id TEXT NOT NULL, token_hash BLOB NOT NULL, user TEXT NOT NULL, expires_at INTEGER NOT NULL,
  PRIMARY KEY (county_id, token_hash), FOREIGN KEY (county_id, user) REFERENCES operators
) STRICT, WITHOUT ROWID;
CREATE TABLE audit (
  pos INTEGER PRIMARY KEY, county_id TEXT NOT NULL, at INTEGER NOT NULL, user TEXT NOT NULL,
  act TEXT NOT NULL, subject TEXT NOT NULL, detail_json TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail never changes'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail stays'); END;

CREATE TABLE exports (
  county_id TEXT NOT NULL, n INTEGER NOT NULL, at INTEGER NOT NULL, manifest_sha256 TEXT NOT NULL,
  PRIMARY KEY (county_id, n)
) STRICT, WITHOUT ROWID;
