-- The kiosk's journal, and beside it what the hub told it. One file, so that a grant and the roster it belongs to, or a
-- record and the counters it moves, are never half there.

CREATE TABLE epoch (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  tid TEXT NOT NULL, ep INTEGER NOT NULL,
  enrolment_jws TEXT NOT NULL, enrolment_hash TEXT NOT NULL,
  hub_kid TEXT NOT NULL, hub_key BLOB NOT NULL, pepper BLOB NOT NULL
) STRICT;

CREATE TABLE records (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  jws TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, type TEXT NOT NULL, at INTEGER NOT NULL, acct TEXT
) STRICT;
CREATE TRIGGER records_no_update BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'a record never changes'); END;
CREATE TRIGGER records_no_delete BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'a record stays'); END;
CREATE TRIGGER records_no_hole BEFORE INSERT ON records
  WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM records)
  BEGIN SELECT RAISE(ABORT, 'records are numbered without holes'); END;

CREATE TABLE allowances (
  acct TEXT PRIMARY KEY,
  g INTEGER NOT NULL DEFAULT 0, s INTEGER NOT NULL DEFAULT 0, v INTEGER NOT NULL DEFAULT 0, r INTEGER NOT NULL DEFAULT 0,
  not_after INTEGER NOT NULL DEFAULT 0,
  -- The last grant as the hub signed it: evidence, should the hub lose its memory.
  grant_jws TEXT,
  CHECK (v <= s AND s - v + r <= g)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER allowances_only_grow BEFORE UPDATE ON allowances
  WHEN NEW.g < OLD.g OR NEW.s < OLD.s OR NEW.v < OLD.v OR NEW.r < OLD.r
  BEGIN SELECT RAISE(ABORT, 'the four numbers of an allowance never fall'); END;

CREATE TABLE roster (
  acct TEXT PRIMARY KEY, name TEXT NOT NULL, initials TEXT NOT NULL, elsewhere INTEGER NOT NULL, language TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE clerks (clerk TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE cards (
  token TEXT PRIMARY KEY, acct TEXT, clerk TEXT, last4 TEXT NOT NULL, state TEXT NOT NULL,
  pin_salt TEXT, pin_verifier TEXT,
  CHECK ((acct IS NULL) <> (clerk IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX cards_by_acct ON cards (acct);
CREATE INDEX cards_by_clerk ON cards (clerk);

-- Tries of a PIN, counted durably before they are checked: pulling the plug gives nobody another one.
CREATE TABLE pin_tries (token TEXT PRIMARY KEY, tries INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE print_jobs (
  job INTEGER PRIMARY KEY, seq INTEGER NOT NULL REFERENCES records, copy INTEGER NOT NULL CHECK (copy >= 0),
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'confirmed', 'unknown', 'expired')),
  made_at INTEGER NOT NULL,
  -- What the paper says beside the record: masked name, last 4, points before and after, as they were then.
  slip_json TEXT NOT NULL
) STRICT;
-- At most one original (copy 0) of a record, whatever the code above this line believes.
CREATE UNIQUE INDEX print_jobs_one_each ON print_jobs (seq, copy);

CREATE TABLE judged (seq INTEGER PRIMARY KEY, stage TEXT NOT NULL, code TEXT) STRICT;

-- Small facts by name: what the hub has, versions of what it sent, the last trusted time.
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
