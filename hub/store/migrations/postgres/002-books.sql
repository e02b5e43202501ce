-- The county's books whole; the same as migrations/sqlite/003.

ALTER TABLE counties ADD COLUMN id TEXT COLLATE "C";
UPDATE counties SET id = county_id;
ALTER TABLE counties ADD COLUMN restoring BIGINT NOT NULL DEFAULT 0 CHECK (restoring IN (0, 1));

ALTER TABLE records ADD COLUMN prev TEXT COLLATE "C";
ALTER TABLE residents ADD COLUMN preferences_json TEXT COLLATE "C";
ALTER TABLE residents ADD COLUMN left_at BIGINT;
CREATE INDEX cards_by_clerk ON cards (county_id, clerk);
CREATE INDEX cards_by_state ON cards (county_id, state) WHERE state <> 'good';

-- A hub restored from an older backup may learn of a revision from a kiosk, and not what the shop is paid for it.
ALTER TABLE items ALTER COLUMN reimburse_fen DROP NOT NULL;

ALTER TABLE epochs
  ADD COLUMN village TEXT COLLATE "C", ADD COLUMN top_seq BIGINT NOT NULL DEFAULT 0, ADD COLUMN judged_at BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN broken_seq BIGINT, ADD COLUMN revoked_seq BIGINT, ADD COLUMN end_seq BIGINT,
  ADD COLUMN close_seq BIGINT NOT NULL DEFAULT 0, ADD COLUMN closed_seq BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN day TEXT COLLATE "C", ADD COLUMN reported_inc TEXT COLLATE "C",
  ALTER COLUMN judged_tot DROP NOT NULL;
UPDATE epochs e SET village = s.village, reported_inc = c.inc,
    top_seq = coalesce((SELECT max(seq) FROM records r WHERE r.county_id = e.county_id AND r.tid = e.tid AND r.ep = e.ep), 0),
    day = '{"redeemed":{"count":0,"pts":0},"voided":{"count":0,"pts":0},"byItem":{},"holed":true}'
  FROM shops s, counties c WHERE s.county_id = e.county_id AND s.shop = e.shop AND c.county_id = e.county_id;
ALTER TABLE epochs ALTER COLUMN village SET NOT NULL, ALTER COLUMN day SET NOT NULL;

ALTER TABLE judgements RENAME COLUMN flags_json TO flags;
ALTER TABLE judgements ADD COLUMN day TEXT COLLATE "C", ADD COLUMN undone_by TEXT COLLATE "C",
  ADD CONSTRAINT judgements_two_stages CHECK (stage IN ('matched', 'quarantined'));
UPDATE judgements SET day = to_char(to_timestamp(at / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD');
ALTER TABLE judgements ALTER COLUMN day SET NOT NULL;
CREATE INDEX judgements_held ON judgements (county_id, stage, tid) WHERE stage = 'quarantined';

ALTER TABLE allowances ADD COLUMN said TEXT COLLATE "C", ADD COLUMN covered BIGINT NOT NULL DEFAULT 0 CHECK (covered >= 0),
  ADD COLUMN at_seq BIGINT NOT NULL DEFAULT 0, ADD COLUMN keep BIGINT;
CREATE INDEX allowances_by_account ON allowances (county_id, acct);
CREATE INDEX allowances_recalled ON allowances (county_id, tid, ep, keep) WHERE keep IS NOT NULL;

ALTER TABLE credits ADD COLUMN reason TEXT COLLATE "C", ADD COLUMN approved_at BIGINT, ADD COLUMN posts_at BIGINT,
  ADD COLUMN state TEXT COLLATE "C" NOT NULL DEFAULT 'posted'
    CHECK (state IN ('made', 'pending', 'posted', 'withdrawn', 'refused', 'reversed', 'reversing')),
  ADD COLUMN again BIGINT NOT NULL DEFAULT 0,
  ADD CONSTRAINT credits_take_two CHECK (made_by = 'import' OR state IN ('made', 'refused') OR approved_by IS NOT NULL);
UPDATE credits SET reason = activity, posts_at = at;
ALTER TABLE credits ALTER COLUMN reason SET NOT NULL, ALTER COLUMN state DROP DEFAULT;
CREATE INDEX credits_by_account ON credits (county_id, acct, at);
CREATE INDEX credits_by_state ON credits (county_id, state, posts_at) WHERE state IN ('made', 'pending', 'reversing');
CREATE INDEX sessions_expiring ON sessions (county_id, expires_at);

CREATE TABLE proposals (
  county_id TEXT COLLATE "C" NOT NULL, act TEXT COLLATE "C" NOT NULL, kind TEXT COLLATE "C" NOT NULL, subject TEXT COLLATE "C" NOT NULL, detail_json TEXT COLLATE "C" NOT NULL,
  maker TEXT COLLATE "C" NOT NULL, made_at BIGINT NOT NULL, checker TEXT COLLATE "C", decided_at BIGINT,
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('proposed', 'approved', 'refused', 'withdrawn')),
  PRIMARY KEY (county_id, act), FOREIGN KEY (county_id) REFERENCES counties,
  CHECK (state <> 'approved' OR (checker IS NOT NULL AND checker <> maker))
);
CREATE INDEX proposals_by_state ON proposals (county_id, state, made_at);
CREATE TABLE holds (
  county_id TEXT COLLATE "C" NOT NULL, tid TEXT COLLATE "C" NOT NULL, ep BIGINT NOT NULL, seq BIGINT NOT NULL, acct TEXT COLLATE "C" NOT NULL,
  left_pts BIGINT NOT NULL CHECK (left_pts >= 0), lent_pts BIGINT NOT NULL CHECK (lent_pts BETWEEN 0 AND left_pts),
  back_pts BIGINT NOT NULL CHECK (back_pts BETWEEN 0 AND left_pts),
  source TEXT COLLATE "C" NOT NULL CHECK (source IN ('record', 'hole')),
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('held', 'undone', 'released', 'rejected')),
  PRIMARY KEY (county_id, tid, ep, seq, acct)
);
CREATE INDEX holds_by_account ON holds (county_id, acct);
CREATE TABLE closes (
  county_id TEXT COLLATE "C" NOT NULL, tid TEXT COLLATE "C" NOT NULL, ep BIGINT NOT NULL, seq BIGINT NOT NULL,
  from_seq BIGINT NOT NULL, to_seq BIGINT NOT NULL, at BIGINT NOT NULL,
  redeemed_count BIGINT NOT NULL, redeemed_pts BIGINT NOT NULL, voided_count BIGINT NOT NULL, voided_pts BIGINT NOT NULL,
  by_item TEXT COLLATE "C" NOT NULL, auto BIGINT NOT NULL, holed BIGINT NOT NULL,
  PRIMARY KEY (county_id, tid, ep, seq), UNIQUE (county_id, tid, ep, from_seq)
);
CREATE TABLE holes (
  county_id TEXT COLLATE "C" NOT NULL, tid TEXT COLLATE "C" NOT NULL, ep BIGINT NOT NULL, from_seq BIGINT NOT NULL, to_seq BIGINT NOT NULL,
  act TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (county_id, tid, ep, from_seq), FOREIGN KEY (county_id, act) REFERENCES proposals,
  CHECK (from_seq <= to_seq)
);
CREATE TABLE decisions (
  county_id TEXT COLLATE "C" NOT NULL, tid TEXT COLLATE "C" NOT NULL, ep BIGINT NOT NULL, seq BIGINT NOT NULL, hash TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('overrule', 'sale', 'nothing')), act TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (county_id, tid, ep, hash), FOREIGN KEY (county_id, act) REFERENCES proposals
);
CREATE INDEX decisions_by_seq ON decisions (county_id, tid, ep, seq);
CREATE TABLE exceptions (
  county_id TEXT COLLATE "C" NOT NULL, exception TEXT COLLATE "C" NOT NULL, kind TEXT COLLATE "C" NOT NULL, subject TEXT COLLATE "C" NOT NULL, tid TEXT COLLATE "C",
  opened_at BIGINT NOT NULL, due_at BIGINT NOT NULL, owner TEXT COLLATE "C", closed_at BIGINT, closed_by TEXT COLLATE "C", detail_json TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (county_id, exception)
);
CREATE INDEX exceptions_by_terminal ON exceptions (county_id, tid, opened_at);
CREATE INDEX exceptions_open ON exceptions (county_id, due_at) WHERE closed_at IS NULL;
CREATE TABLE visits (
  county_id TEXT COLLATE "C" NOT NULL, tid TEXT COLLATE "C" NOT NULL, ep BIGINT NOT NULL, rid TEXT COLLATE "C" NOT NULL, acct TEXT COLLATE "C",
  reason TEXT COLLATE "C" NOT NULL, granted_pts BIGINT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (county_id, tid, ep, rid)
);
CREATE INDEX visits_by_time ON visits (county_id, tid, ep, at);
CREATE TABLE waits (
  county_id TEXT COLLATE "C" NOT NULL, tid TEXT COLLATE "C" NOT NULL, ep BIGINT NOT NULL, acct TEXT COLLATE "C" NOT NULL, pts BIGINT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (county_id, tid, ep, acct)
);
CREATE INDEX waits_by_account ON waits (county_id, acct);
CREATE TABLE dues (
  county_id TEXT COLLATE "C" NOT NULL, village TEXT COLLATE "C" NOT NULL, acct TEXT COLLATE "C" NOT NULL, PRIMARY KEY (county_id, village, acct)
);
CREATE TABLE lots (
  county_id TEXT COLLATE "C" NOT NULL, lot TEXT COLLATE "C" NOT NULL, acct TEXT COLLATE "C" NOT NULL, pts BIGINT NOT NULL CHECK (pts >= 0),
  expired BIGINT NOT NULL CHECK (expired BETWEEN 0 AND pts), expires_at BIGINT,
  PRIMARY KEY (county_id, lot)
);
CREATE INDEX lots_by_account ON lots (county_id, acct, expires_at);
CREATE INDEX lots_expiring ON lots (county_id, expires_at) WHERE expires_at IS NOT NULL;
CREATE TABLE loans (
  county_id TEXT COLLATE "C" NOT NULL, acct TEXT COLLATE "C" NOT NULL, owed BIGINT NOT NULL CHECK (owed >= 0), PRIMARY KEY (county_id, acct)
);
CREATE TABLE stock (
  county_id TEXT COLLATE "C" NOT NULL, tid TEXT COLLATE "C" NOT NULL, ep BIGINT NOT NULL, seq BIGINT NOT NULL, shop TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL, sku TEXT COLLATE "C" NOT NULL, qty BIGINT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (county_id, tid, ep, seq, sku)
);
CREATE INDEX stock_of_shop ON stock (county_id, shop, sku, at);
CREATE TABLE requests (
  county_id TEXT COLLATE "C" NOT NULL, number TEXT COLLATE "C" NOT NULL, kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('claim', 'case')), tid TEXT COLLATE "C" NOT NULL,
  acct TEXT COLLATE "C" NOT NULL, code TEXT COLLATE "C" NOT NULL, units BIGINT NOT NULL, ref TEXT COLLATE "C", at BIGINT NOT NULL, due_at BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('open', 'granted', 'refused')), answer TEXT COLLATE "C",
  PRIMARY KEY (county_id, number)
);
CREATE INDEX requests_by_state ON requests (county_id, kind, state, at);
CREATE INDEX requests_by_account ON requests (county_id, acct, at);
CREATE TABLE texts (
  county_id TEXT COLLATE "C" NOT NULL, hash TEXT COLLATE "C" NOT NULL, tid TEXT COLLATE "C" NOT NULL, salt TEXT COLLATE "C" NOT NULL, text TEXT COLLATE "C",
  PRIMARY KEY (county_id, hash)
);
INSERT INTO dues SELECT county_id, village, acct FROM residents;
INSERT INTO lots SELECT county_id, credit, acct, pts, 0, NULL FROM credits;

-- What takes two people: made by one, decided by another.
CREATE TRIGGER proposals_decided_once BEFORE UPDATE ON proposals FOR EACH ROW
  WHEN (OLD.state <> 'proposed' OR NEW.maker <> OLD.maker OR NEW.detail_json <> OLD.detail_json OR NEW.kind <> OLD.kind)
  EXECUTE FUNCTION refuse('a decided proposal never changes');
CREATE TRIGGER proposals_no_delete BEFORE DELETE ON proposals FOR EACH ROW EXECUTE FUNCTION refuse('a proposal stays');
CREATE TRIGGER proposals_no_truncate BEFORE TRUNCATE ON proposals EXECUTE FUNCTION refuse('a proposal stays');
CREATE TRIGGER closes_no_update BEFORE UPDATE ON closes FOR EACH ROW EXECUTE FUNCTION refuse('a close never changes');
CREATE TRIGGER closes_no_delete BEFORE DELETE ON closes FOR EACH ROW EXECUTE FUNCTION refuse('a close stays');

ALTER TABLE transfers ADD COLUMN act TEXT COLLATE "C";
ALTER TABLE transfers ADD CONSTRAINT transfers_known_kinds CHECK (kind IN ('earn', 'post', 'withdraw', 'grant', 'return', 'sweep',
  'redeem', 'void', 'hold', 'unhold', 'release', 'reject', 'refund', 'reverse', 'expire', 'move', 'cover', 'repay', 'lend',
  'repay-loan', 'loss', 'settle'));
-- A constraint where it can be: such a kind names an act, and the foreign key says that there is one. That it is approved
-- is looked up once a statement, only for rows of these kinds.
ALTER TABLE transfers ADD FOREIGN KEY (county_id, act) REFERENCES proposals;
ALTER TABLE transfers ADD CONSTRAINT transfers_take_two CHECK (
  kind NOT IN ('release', 'reject', 'refund', 'reverse', 'move', 'cover', 'loss') OR act IS NOT NULL);
CREATE FUNCTION refuse_unapproved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM new_rows n JOIN proposals p ON p.county_id = n.county_id AND p.act = n.act
      WHERE n.act IS NOT NULL AND p.state <> 'approved') THEN
    RAISE EXCEPTION 'this kind of transfer takes two people';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER transfers_approved AFTER INSERT ON transfers
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION refuse_unapproved();
