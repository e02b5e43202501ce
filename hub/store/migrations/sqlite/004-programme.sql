-- The programme’s daily work: cards lost, activities, warnings of expiry, notes, items with a period, shelves.

CREATE TABLE blocks (
  county_id TEXT NOT NULL,
  card INTEGER NOT NULL,
  acct TEXT,
  at INTEGER NOT NULL,
  blocked_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  replaced_by INTEGER,
  replaced_at INTEGER,
  PRIMARY KEY (county_id, card),
  CHECK ((replaced_by IS NULL) = (replaced_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE activities (
  county_id TEXT NOT NULL,
  activity TEXT NOT NULL,
  name TEXT NOT NULL,
  unit TEXT NOT NULL,
  pts INTEGER NOT NULL CHECK (pts > 0),
  state TEXT NOT NULL CHECK (state IN ('active', 'retired')),
  PRIMARY KEY (county_id, activity),
  FOREIGN KEY (county_id) REFERENCES counties
) STRICT, WITHOUT ROWID;

CREATE TABLE warnings (
  county_id TEXT NOT NULL,
  lot TEXT NOT NULL,
  acct TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (county_id, lot),
  FOREIGN KEY (county_id, lot) REFERENCES lots
) STRICT, WITHOUT ROWID;
CREATE TRIGGER warnings_no_update BEFORE UPDATE ON warnings BEGIN SELECT RAISE(ABORT, 'a warning stays'); END;
CREATE TRIGGER warnings_no_delete BEFORE DELETE ON warnings BEGIN SELECT RAISE(ABORT, 'a warning stays'); END;

CREATE TABLE notes (
  county_id TEXT NOT NULL,
  note TEXT NOT NULL,
  exception TEXT NOT NULL,
  at INTEGER NOT NULL,
  noted_by TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (county_id, note),
  FOREIGN KEY (county_id, exception) REFERENCES exceptions
) STRICT, WITHOUT ROWID;
CREATE TRIGGER notes_no_update BEFORE UPDATE ON notes BEGIN SELECT RAISE(ABORT, 'a note stays'); END;
CREATE TRIGGER notes_no_delete BEFORE DELETE ON notes BEGIN SELECT RAISE(ABORT, 'a note stays'); END;

CREATE TABLE uses (
  county_id TEXT NOT NULL,
  tid TEXT NOT NULL,
  ep INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  sku TEXT NOT NULL,
  acct TEXT NOT NULL,
  qty INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (county_id, tid, ep, seq, sku)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER uses_no_update BEFORE UPDATE ON uses BEGIN SELECT RAISE(ABORT, 'what was used stays'); END;
CREATE TRIGGER uses_no_delete BEFORE DELETE ON uses BEGIN SELECT RAISE(ABORT, 'what was used stays'); END;

CREATE TABLE shelves (
  county_id TEXT NOT NULL,
  shop TEXT NOT NULL,
  sku TEXT NOT NULL,
  qty INTEGER NOT NULL,
  counted_at INTEGER,
  counted_in TEXT,
  difference INTEGER NOT NULL,
  PRIMARY KEY (county_id, shop, sku)
) STRICT, WITHOUT ROWID;

CREATE INDEX blocks_by_time ON blocks (county_id, at);
CREATE INDEX blocks_by_account ON blocks (county_id, acct, at);
CREATE INDEX notes_of_exception ON notes (county_id, exception, at);
CREATE INDEX uses_by_account ON uses (county_id, acct, at);
CREATE INDEX waits_by_time ON waits (county_id, at);
CREATE INDEX requests_by_time ON requests (county_id, at);
CREATE INDEX credits_by_time ON credits (county_id, at);
