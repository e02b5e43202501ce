-- The programme’s daily work: cards lost, activities, warnings of expiry, notes, items with a period, shelves.

CREATE TABLE blocks (
  county_id TEXT COLLATE "C" NOT NULL,
  card BIGINT NOT NULL,
  acct TEXT COLLATE "C",
  at BIGINT NOT NULL,
  blocked_by TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  replaced_by BIGINT,
  replaced_at BIGINT,
  PRIMARY KEY (county_id, card),
  CHECK ((replaced_by IS NULL) = (replaced_at IS NULL))
);

CREATE TABLE activities (
  county_id TEXT COLLATE "C" NOT NULL,
  activity TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  unit TEXT COLLATE "C" NOT NULL,
  pts BIGINT NOT NULL CHECK (pts > 0),
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('active', 'retired')),
  PRIMARY KEY (county_id, activity),
  FOREIGN KEY (county_id) REFERENCES counties
);

CREATE TABLE warnings (
  county_id TEXT COLLATE "C" NOT NULL,
  lot TEXT COLLATE "C" NOT NULL,
  acct TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (county_id, lot),
  FOREIGN KEY (county_id, lot) REFERENCES lots
);
CREATE TRIGGER warnings_no_update BEFORE UPDATE ON warnings FOR EACH ROW EXECUTE FUNCTION refuse('a warning stays');
CREATE TRIGGER warnings_no_delete BEFORE DELETE ON warnings FOR EACH ROW EXECUTE FUNCTION refuse('a warning stays');
CREATE TRIGGER warnings_no_truncate BEFORE TRUNCATE ON warnings EXECUTE FUNCTION refuse('a warning stays');

CREATE TABLE notes (
  county_id TEXT COLLATE "C" NOT NULL,
  note TEXT COLLATE "C" NOT NULL,
  exception TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  noted_by TEXT COLLATE "C" NOT NULL,
  text TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (county_id, note),
  FOREIGN KEY (county_id, exception) REFERENCES exceptions
);
CREATE TRIGGER notes_no_update BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION refuse('a note stays');
CREATE TRIGGER notes_no_delete BEFORE DELETE ON notes FOR EACH ROW EXECUTE FUNCTION refuse('a note stays');
CREATE TRIGGER notes_no_truncate BEFORE TRUNCATE ON notes EXECUTE FUNCTION refuse('a note stays');

CREATE TABLE uses (
  county_id TEXT COLLATE "C" NOT NULL,
  tid TEXT COLLATE "C" NOT NULL,
  ep BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  sku TEXT COLLATE "C" NOT NULL,
  acct TEXT COLLATE "C" NOT NULL,
  qty BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (county_id, tid, ep, seq, sku)
);
CREATE TRIGGER uses_no_update BEFORE UPDATE ON uses FOR EACH ROW EXECUTE FUNCTION refuse('what was used stays');
CREATE TRIGGER uses_no_delete BEFORE DELETE ON uses FOR EACH ROW EXECUTE FUNCTION refuse('what was used stays');
CREATE TRIGGER uses_no_truncate BEFORE TRUNCATE ON uses EXECUTE FUNCTION refuse('what was used stays');

CREATE TABLE shelves (
  county_id TEXT COLLATE "C" NOT NULL,
  shop TEXT COLLATE "C" NOT NULL,
  sku TEXT COLLATE "C" NOT NULL,
  qty BIGINT NOT NULL,
  counted_at BIGINT,
  counted_in TEXT COLLATE "C",
  difference BIGINT NOT NULL,
  PRIMARY KEY (county_id, shop, sku)
);

CREATE INDEX blocks_by_time ON blocks (county_id, at);
CREATE INDEX blocks_by_account ON blocks (county_id, acct, at);
CREATE INDEX notes_of_exception ON notes (county_id, exception, at);
CREATE INDEX uses_by_account ON uses (county_id, acct, at);
CREATE INDEX waits_by_time ON waits (county_id, at);
CREATE INDEX requests_by_time ON requests (county_id, at);
CREATE INDEX credits_by_time ON credits (county_id, at);
