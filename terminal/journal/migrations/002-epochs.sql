-- A journal holds every epoch of its terminal: a restored or replaced kiosk begins the next one, and the records of the
-- one before travel until the hub has them.

CREATE TABLE epochs (
  ep INTEGER PRIMARY KEY CHECK (ep > 0), tid TEXT NOT NULL,
  enrolment_jws TEXT NOT NULL, enrolment_hash TEXT NOT NULL,
  hub_kid TEXT NOT NULL, hub_key BLOB NOT NULL, pepper BLOB NOT NULL
) STRICT;
INSERT INTO epochs SELECT ep, tid, enrolment_jws, enrolment_hash, hub_kid, hub_key, pepper FROM epoch;

CREATE TABLE records_next (
  ep INTEGER NOT NULL, seq INTEGER NOT NULL CHECK (seq > 0),
  jws TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, type TEXT NOT NULL, at INTEGER NOT NULL, acct TEXT,
  PRIMARY KEY (ep, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO records_next SELECT (SELECT ep FROM epoch), seq, jws, hash, type, at, acct FROM records WHERE (SELECT ep FROM epoch) IS NOT NULL;
CREATE TABLE print_jobs_next (
  job INTEGER PRIMARY KEY, ep INTEGER NOT NULL, seq INTEGER NOT NULL, copy INTEGER NOT NULL CHECK (copy >= 0),
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'confirmed', 'unknown', 'expired')),
  made_at INTEGER NOT NULL,
  -- What the paper says beside the record: masked name, last 4, points before and after, as they were then.
  slip_json TEXT NOT NULL,
  FOREIGN KEY (ep, seq) REFERENCES records_next (ep, seq)
) STRICT;
INSERT INTO print_jobs_next SELECT job, (SELECT ep FROM epoch), seq, copy, state, made_at, slip_json FROM print_jobs;
DROP TABLE print_jobs;
DROP TRIGGER records_no_delete;
DROP TABLE records;
ALTER TABLE records_next RENAME TO records;
ALTER TABLE print_jobs_next RENAME TO print_jobs;
CREATE TRIGGER records_no_update BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'a record never changes'); END;
CREATE TRIGGER records_no_delete BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'a record stays'); END;
CREATE TRIGGER records_no_hole BEFORE INSERT ON records
  WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM records WHERE ep = NEW.ep)
  BEGIN SELECT RAISE(ABORT, 'records are numbered without holes'); END;
CREATE INDEX records_by_account ON records (acct, at) WHERE acct IS NOT NULL;
CREATE INDEX records_by_type ON records (ep, type, seq);
-- At most one original (copy 0) of a record, whatever the code above this line believes.
CREATE UNIQUE INDEX print_jobs_one_each ON print_jobs (ep, seq, copy);

CREATE TABLE allowances_next (
  ep INTEGER NOT NULL, acct TEXT NOT NULL,
  g INTEGER NOT NULL DEFAULT 0, s INTEGER NOT NULL DEFAULT 0, v INTEGER NOT NULL DEFAULT 0, r INTEGER NOT NULL DEFAULT 0,
  not_after INTEGER NOT NULL DEFAULT 0,
  -- The last grant as the hub signed it: evidence, should the hub lose its memory.
  grant_jws TEXT,
  PRIMARY KEY (ep, acct),
  CHECK (v >= 0 AND r >= 0 AND v <= s AND s - v + r <= g)
) STRICT, WITHOUT ROWID;
INSERT INTO allowances_next SELECT (SELECT ep FROM epoch), acct, g, s, v, r, not_after, grant_jws FROM allowances
  WHERE (SELECT ep FROM epoch) IS NOT NULL;
DROP TABLE allowances;
ALTER TABLE allowances_next RENAME TO allowances;
CREATE TRIGGER allowances_only_grow BEFORE UPDATE ON allowances
  WHEN NEW.g < OLD.g OR NEW.s < OLD.s OR NEW.v < OLD.v OR NEW.r < OLD.r
  BEGIN SELECT RAISE(ABORT, 'the four numbers of an allowance never fall'); END;

CREATE TABLE judged_next (
  ep INTEGER NOT NULL, seq INTEGER NOT NULL, stage TEXT NOT NULL, code TEXT, PRIMARY KEY (ep, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO judged_next SELECT (SELECT ep FROM epoch), seq, stage, code FROM judged WHERE (SELECT ep FROM epoch) IS NOT NULL;
DROP TABLE judged;
ALTER TABLE judged_next RENAME TO judged;

ALTER TABLE roster ADD COLUMN visitor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE roster ADD COLUMN used_json TEXT;
DROP TABLE epoch;

-- Beside the chain, until a sync that carried them was answered.
CREATE TABLE texts (hash TEXT PRIMARY KEY, salt TEXT NOT NULL, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE pins (id TEXT PRIMARY KEY, pin_json TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO facts (name, value) SELECT 'sent:' || ep, '0' FROM epochs WHERE true ON CONFLICT DO NOTHING;
DELETE FROM facts WHERE name = 'tot';
