-- PINs set at kiosks and at the hub: which came first, and who set each. The PIN itself is only sealed with its card.
ALTER TABLE cards ADD COLUMN unlocked_at INTEGER;
-- The clerk's own account as a resident, where the county knows it: no clerk approves for themselves.
ALTER TABLE clerks ADD COLUMN acct TEXT;

CREATE TABLE pins (
  county_id TEXT NOT NULL,
  -- The kiosk it was set at; empty for the hub.
  tid TEXT NOT NULL,
  pin TEXT NOT NULL,
  card INTEGER,
  at INTEGER NOT NULL,
  set_by TEXT NOT NULL,
  taken_at INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('set', 'older', 'unknown-card', 'card-blocked', 'unknown-clerk', 'own-card')),
  PRIMARY KEY (county_id, tid, pin),
  FOREIGN KEY (county_id) REFERENCES counties
) STRICT, WITHOUT ROWID;
CREATE INDEX pins_of_card ON pins (county_id, card, at) WHERE card IS NOT NULL;
CREATE TRIGGER pins_no_update BEFORE UPDATE ON pins BEGIN SELECT RAISE(ABORT, 'who set a PIN stays'); END;
CREATE TRIGGER pins_no_delete BEFORE DELETE ON pins BEGIN SELECT RAISE(ABORT, 'who set a PIN stays'); END;
