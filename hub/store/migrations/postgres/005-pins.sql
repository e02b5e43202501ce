-- PINs set at kiosks and at the hub: which came first, and who set each. The PIN itself is only sealed with its card.
ALTER TABLE cards ADD COLUMN unlocked_at BIGINT;
-- The clerk's own account as a resident, where the county knows it: no clerk approves for themselves.
ALTER TABLE clerks ADD COLUMN acct TEXT COLLATE "C";

CREATE TABLE pins (
  county_id TEXT COLLATE "C" NOT NULL,
  -- The kiosk it was set at; empty for the hub.
  tid TEXT COLLATE "C" NOT NULL,
  pin TEXT COLLATE "C" NOT NULL,
  card BIGINT,
  at BIGINT NOT NULL,
  set_by TEXT COLLATE "C" NOT NULL,
  taken_at BIGINT NOT NULL,
  outcome TEXT COLLATE "C" NOT NULL
    CHECK (outcome IN ('set', 'older', 'unknown-card', 'card-blocked', 'unknown-clerk', 'own-card')),
  PRIMARY KEY (county_id, tid, pin),
  FOREIGN KEY (county_id) REFERENCES counties
);
CREATE INDEX pins_of_card ON pins (county_id, card, at) WHERE card IS NOT NULL;
CREATE TRIGGER pins_no_update BEFORE UPDATE ON pins FOR EACH ROW EXECUTE FUNCTION refuse('who set a PIN stays');
CREATE TRIGGER pins_no_delete BEFORE DELETE ON pins FOR EACH ROW EXECUTE FUNCTION refuse('who set a PIN stays');
CREATE TRIGGER pins_no_truncate BEFORE TRUNCATE ON pins EXECUTE FUNCTION refuse('who set a PIN stays');
