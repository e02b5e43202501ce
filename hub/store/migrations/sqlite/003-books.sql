-- The county's books whole: visits, holds, closes, holes, decisions, exceptions, credits with their lives, two-person acts.

ALTER TABLE counties ADD COLUMN id TEXT;
UPDATE counties SET id = county_id;
ALTER TABLE counties ADD COLUMN restoring INTEGER NOT NULL DEFAULT 0 CHECK (restoring IN (0, 1));

ALTER TABLE records ADD COLUMN prev TEXT;
ALTER TABLE residents ADD COLUMN preferences_json TEXT;
ALTER TABLE residents ADD COLUMN left_at INTEGER;
CREATE INDEX cards_by_clerk ON cards (county_id, clerk);
CREATE INDEX cards_by_state ON cards (county_id, state) WHERE state <> 'good';

-- A hub restored from an older backup may learn of a revision from a kiosk, and not what the shop is paid for it.
CREATE TABLE items_next (
  county_id TEXT NOT NULL, sku TEXT NOT NULL, rev INTEGER NOT NULL, pts INTEGER NOT NULL CHECK (pts > 0),
  name TEXT NOT NULL, reimburse_fen INTEGER CHECK (reimburse_fen >= 0), from_at INTEGER NOT NULL,
  PRIMARY KEY (county_id, sku, rev), FOREIGN KEY (county_id) REFERENCES counties
) STRICT, WITHOUT ROWID;
INSERT INTO items_next SELECT county_id, sku, rev, pts, name, reimburse_fen, from_at FROM items;
DROP TRIGGER items_no_delete;
DROP TABLE items;
ALTER TABLE items_next RENAME TO items;
CREATE TRIGGER items_no_update BEFORE UPDATE ON items BEGIN SELECT RAISE(ABORT, 'a published revision never changes'); END;
CREATE TRIGGER items_no_delete BEFORE DELETE ON items BEGIN SELECT RAISE(ABORT, 'a published revision stays'); END;

CREATE TABLE epochs_next (
  county_id TEXT NOT NULL, tid TEXT NOT NULL, ep INTEGER NOT NULL CHECK (ep > 0),
  shop TEXT NOT NULL, village TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('awaiting-device', 'awaiting-confirmation', 'open', 'frozen', 'ended', 'revoked')),
  code_hash BLOB NOT NULL, code_expires_at INTEGER NOT NULL, issued_by TEXT NOT NULL,
  public_key BLOB, fingerprint TEXT, confirmed_by TEXT,
  pepper_sealed BLOB NOT NULL, enrolment_jws TEXT, enrolment_hash TEXT,
  -- How far the chain is stored without a hole (accepted ones aside), and judged: always a contiguous prefix.
  stored_seq INTEGER NOT NULL DEFAULT 0, stored_head TEXT, top_seq INTEGER NOT NULL DEFAULT 0,
  judged_seq INTEGER NOT NULL DEFAULT 0, judged_head TEXT, judged_tot INTEGER DEFAULT 0, judged_at INTEGER NOT NULL DEFAULT 0,
  forked_seq INTEGER, broken_seq INTEGER, revoked_seq INTEGER, end_seq INTEGER,
  close_seq INTEGER NOT NULL DEFAULT 0, closed_seq INTEGER NOT NULL DEFAULT 0,
  day TEXT NOT NULL, waits_code TEXT, reported_inc TEXT,
  PRIMARY KEY (county_id, tid, ep), UNIQUE (county_id, code_hash),
  FOREIGN KEY (county_id, tid) REFERENCES terminals,
  -- What takes two people cannot be done by one.
  CHECK (confirmed_by IS NULL OR confirmed_by <> issued_by),
  CHECK (judged_seq <= stored_seq)
) STRICT, WITHOUT ROWID;
INSERT INTO epochs_next (county_id, tid, ep, shop, village, state, code_hash, code_expires_at, issued_by, public_key,
    fingerprint, confirmed_by, pepper_sealed, enrolment_jws, enrolment_hash, stored_seq, stored_head, top_seq,
    judged_seq, judged_head, judged_tot, forked_seq, day, waits_code, reported_inc)
  SELECT e.county_id, e.tid, e.ep, e.shop, s.village, e.state, e.code_hash, e.code_expires_at, e.issued_by, e.public_key,
    e.fingerprint, e.confirmed_by, e.pepper_sealed, e.enrolment_jws, e.enrolment_hash, e.stored_seq, e.stored_head,
    coalesce((SELECT max(seq) FROM records r WHERE r.county_id = e.county_id AND r.tid = e.tid AND r.ep = e.ep), 0),
    e.judged_seq, e.judged_head, e.judged_tot, e.forked_seq,
    '{"redeemed":{"count":0,"pts":0},"voided":{"count":0,"pts":0},"byItem":{},"holed":true}', e.waits_code, c.inc
  FROM epochs e JOIN shops s ON s.county_id = e.county_id AND s.shop = e.shop JOIN counties c ON c.county_id = e.county_id;
DROP TABLE epochs;
ALTER TABLE epochs_next RENAME TO epochs;
CREATE UNIQUE INDEX epochs_one_key ON epochs (county_id, public_key) WHERE public_key IS NOT NULL;

CREATE TABLE judgements_next (
  county_id TEXT NOT NULL, tid TEXT NOT NULL, ep INTEGER NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL,
  stage TEXT NOT NULL CHECK (stage IN ('matched', 'quarantined')),
  flags TEXT NOT NULL, code TEXT, judged_at INTEGER NOT NULL,
  type TEXT NOT NULL, acct TEXT, card TEXT, pts INTEGER, at INTEGER NOT NULL, day TEXT NOT NULL,
  -- The allowance's counters after this record, as its terminal signed them.
  s INTEGER, v INTEGER, r INTEGER, g INTEGER,
  undone_by TEXT,
  PRIMARY KEY (county_id, tid, ep, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO judgements_next SELECT county_id, tid, ep, seq, hash, stage, flags_json, code, judged_at, type, acct, card, pts, at,
  date(at / 1000, 'unixepoch'), s, v, r, g, NULL FROM judgements;
DROP TABLE judgements;
ALTER TABLE judgements_next RENAME TO judgements;
CREATE INDEX judgements_by_acct ON judgements (county_id, acct, at) WHERE acct IS NOT NULL;
CREATE INDEX judgements_held ON judgements (county_id, stage, tid) WHERE stage = 'quarantined';

ALTER TABLE allowances ADD COLUMN said TEXT;
ALTER TABLE allowances ADD COLUMN covered INTEGER NOT NULL DEFAULT 0 CHECK (covered >= 0);
ALTER TABLE allowances ADD COLUMN at_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE allowances ADD COLUMN keep INTEGER;
CREATE INDEX allowances_by_account ON allowances (county_id, acct);
CREATE INDEX allowances_recalled ON allowances (county_id, tid, ep, keep) WHERE keep IS NOT NULL;

-- What takes two people: made by one, decided by another.
CREATE TABLE proposals (
  county_id TEXT NOT NULL, act TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, detail_json TEXT NOT NULL,
  maker TEXT NOT NULL, made_at INTEGER NOT NULL, checker TEXT, decided_at INTEGER,
  state TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'refused', 'withdrawn')),
  PRIMARY KEY (county_id, act), FOREIGN KEY (county_id) REFERENCES counties,
  CHECK (state <> 'approved' OR (checker IS NOT NULL AND checker <> maker))
) STRICT, WITHOUT ROWID;
CREATE INDEX proposals_by_state ON proposals (county_id, state, made_at);
CREATE TRIGGER proposals_decided_once BEFORE UPDATE ON proposals
  WHEN OLD.state <> 'proposed' OR NEW.maker <> OLD.maker OR NEW.detail_json <> OLD.detail_json OR NEW.kind <> OLD.kind
  BEGIN SELECT RAISE(ABORT, 'a decided proposal never changes'); END;
CREATE TRIGGER proposals_no_delete BEFORE DELETE ON proposals BEGIN SELECT RAISE(ABORT, 'a proposal stays'); END;

ALTER TABLE transfers ADD COLUMN act TEXT;
CREATE TRIGGER transfers_take_two BEFORE INSERT ON transfers
  WHEN NEW.kind IN ('release', 'reject', 'refund', 'reverse', 'move', 'cover', 'loss') AND NOT EXISTS (
    SELECT 1 FROM proposals p WHERE p.county_id = NEW.county_id AND p.act = NEW.act AND p.state = 'approved')
  BEGIN SELECT RAISE(ABORT, 'this kind of transfer takes two people'); END;
CREATE TRIGGER transfers_known_kinds BEFORE INSERT ON transfers
  WHEN NEW.kind NOT IN ('earn', 'post', 'withdraw', 'grant', 'return', 'sweep', 'redeem', 'void', 'hold', 'unhold', 'release',
    'reject', 'refund', 'reverse', 'expire', 'move', 'cover', 'repay', 'lend', 'repay-loan', 'loss', 'settle')
  BEGIN SELECT RAISE(ABORT, 'there is no such kind of transfer'); END;

CREATE TABLE holds (
  county_id TEXT NOT NULL, tid TEXT NOT NULL, ep INTEGER NOT NULL, seq INTEGER NOT NULL, acct TEXT NOT NULL,
  left_pts INTEGER NOT NULL CHECK (left_pts >= 0), lent_pts INTEGER NOT NULL CHECK (lent_pts BETWEEN 0 AND left_pts),
  back_pts INTEGER NOT NULL CHECK (back_pts BETWEEN 0 AND left_pts),
  source TEXT NOT NULL CHECK (source IN ('record', 'hole')),
  state TEXT NOT NULL CHECK (state IN ('held', 'undone', 'released', 'rejected')),
  PRIMARY KEY (county_id, tid, ep, seq, acct)
) STRICT, WITHOUT ROWID;
CREATE INDEX holds_by_account ON holds (county_id, acct);

CREATE TABLE closes (
  county_id TEXT NOT NULL, tid TEXT NOT NULL, ep INTEGER NOT NULL, seq INTEGER NOT NULL,
  from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL, at INTEGER NOT NULL,
  redeemed_count INTEGER NOT NULL, redeemed_pts INTEGER NOT NULL, voided_count INTEGER NOT NULL, voided_pts INTEGER NOT NULL,
  by_item TEXT NOT NULL, auto INTEGER NOT NULL, holed INTEGER NOT NULL,
  PRIMARY KEY (county_id, tid, ep, seq), UNIQUE (county_id, tid, ep, from_seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER closes_no_update BEFORE UPDATE ON closes BEGIN SELECT RAISE(ABORT, 'a close never changes'); END;
CREATE TRIGGER closes_no_delete BEFORE DELETE ON closes BEGIN SELECT RAISE(ABORT, 'a close stays'); END;

CREATE TABLE holes (
  county_id TEXT NOT NULL, tid TEXT NOT NULL, ep INTEGER NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL,
  act TEXT NOT NULL,
  PRIMARY KEY (county_id, tid, ep, from_seq), FOREIGN KEY (county_id, act) REFERENCES proposals,
  CHECK (from_seq <= to_seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE decisions (
  county_id TEXT NOT NULL, tid TEXT NOT NULL, ep INTEGER NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('overrule', 'sale', 'nothing')), act TEXT NOT NULL,
  PRIMARY KEY (county_id, tid, ep, hash), FOREIGN KEY (county_id, act) REFERENCES proposals
) STRICT, WITHOUT ROWID;
CREATE INDEX decisions_by_seq ON decisions (county_id, tid, ep, seq);

CREATE TABLE exceptions (
  county_id TEXT NOT NULL, exception TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, tid TEXT,
  opened_at INTEGER NOT NULL, due_at INTEGER NOT NULL, owner TEXT, closed_at INTEGER, closed_by TEXT, detail_json TEXT NOT NULL,
  PRIMARY KEY (county_id, exception)
) STRICT, WITHOUT ROWID;
CREATE INDEX exceptions_by_terminal ON exceptions (county_id, tid, opened_at);
CREATE INDEX exceptions_open ON exceptions (county_id, due_at) WHERE closed_at IS NULL;

CREATE TABLE visits (
  county_id TEXT NOT NULL, tid TEXT NOT NULL, ep INTEGER NOT NULL, rid TEXT NOT NULL, acct TEXT,
  reason TEXT NOT NULL, granted_pts INTEGER NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (county_id, tid, ep, rid)
) STRICT, WITHOUT ROWID;
CREATE INDEX visits_by_time ON visits (county_id, tid, ep, at);
CREATE TABLE waits (
  county_id TEXT NOT NULL, tid TEXT NOT NULL, ep INTEGER NOT NULL, acct TEXT NOT NULL, pts INTEGER NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (county_id, tid, ep, acct)
) STRICT, WITHOUT ROWID;
CREATE INDEX waits_by_account ON waits (county_id, acct);
CREATE TABLE dues (
  county_id TEXT NOT NULL, village TEXT NOT NULL, acct TEXT NOT NULL, PRIMARY KEY (county_id, village, acct)
) STRICT, WITHOUT ROWID;
INSERT INTO dues SELECT county_id, village, acct FROM residents;

CREATE TABLE credits_next (
  county_id TEXT NOT NULL, credit TEXT NOT NULL, acct TEXT NOT NULL, activity TEXT NOT NULL, reason TEXT NOT NULL,
  pts INTEGER NOT NULL CHECK (pts > 0), at INTEGER NOT NULL, made_by TEXT NOT NULL,
  approved_by TEXT, approved_at INTEGER, posts_at INTEGER,
  state TEXT NOT NULL CHECK (state IN ('made', 'pending', 'posted', 'withdrawn', 'refused', 'reversed', 'reversing')),
  again INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (county_id, credit), FOREIGN KEY (county_id, acct) REFERENCES residents,
  CHECK (approved_by IS NULL OR approved_by <> made_by),
  CHECK (made_by = 'import' OR state IN ('made', 'refused') OR approved_by IS NOT NULL)
) STRICT, WITHOUT ROWID;
INSERT INTO credits_next SELECT county_id, credit, acct, activity, activity, pts, at, made_by, approved_by, NULL, at, 'posted', 0
  FROM credits;
DROP TABLE credits;
ALTER TABLE credits_next RENAME TO credits;
CREATE INDEX credits_by_account ON credits (county_id, acct, at);
CREATE INDEX credits_by_state ON credits (county_id, state, posts_at) WHERE state IN ('made', 'pending', 'reversing');
CREATE TABLE lots (
  county_id TEXT NOT NULL, lot TEXT NOT NULL, acct TEXT NOT NULL, pts INTEGER NOT NULL CHECK (pts >= 0),
  expired INTEGER NOT NULL CHECK (expired BETWEEN 0 AND pts), expires_at INTEGER,
  PRIMARY KEY (county_id, lot)
) STRICT, WITHOUT ROWID;
INSERT INTO lots SELECT county_id, credit, acct, pts, 0, NULL FROM credits;
CREATE INDEX lots_by_account ON lots (county_id, acct, expires_at);
CREATE INDEX lots_expiring ON lots (county_id, expires_at) WHERE expires_at IS NOT NULL;
CREATE TABLE loans (
  county_id TEXT NOT NULL, acct TEXT NOT NULL, owed INTEGER NOT NULL CHECK (owed >= 0), PRIMARY KEY (county_id, acct)
) STRICT, WITHOUT ROWID;

CREATE TABLE stock (
  county_id TEXT NOT NULL, tid TEXT NOT NULL, ep INTEGER NOT NULL, seq INTEGER NOT NULL, shop TEXT NOT NULL,
  kind TEXT NOT NULL, sku TEXT NOT NULL, qty INTEGER NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (county_id, tid, ep, seq, sku)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_of_shop ON stock (county_id, shop, sku, at);
CREATE TABLE requests (
  county_id TEXT NOT NULL, number TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('claim', 'case')), tid TEXT NOT NULL,
  acct TEXT NOT NULL, code TEXT NOT NULL, units INTEGER NOT NULL, ref TEXT, at INTEGER NOT NULL, due_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'granted', 'refused')), answer TEXT,
  PRIMARY KEY (county_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX requests_by_state ON requests (county_id, kind, state, at);
CREATE INDEX requests_by_account ON requests (county_id, acct, at);
CREATE TABLE texts (
  county_id TEXT NOT NULL, hash TEXT NOT NULL, tid TEXT NOT NULL, salt TEXT NOT NULL, text TEXT,
  PRIMARY KEY (county_id, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_expiring ON sessions (county_id, expires_at);
