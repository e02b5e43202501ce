-- What a county of full size is asked: each of these lists read all records, cards or credits before.

CREATE INDEX records_by_arrival ON records (county_id, arrival);
CREATE INDEX cards_by_last4 ON cards (county_id, last4);
CREATE INDEX exceptions_closed ON exceptions (county_id, closed_at) WHERE closed_at IS NOT NULL;
-- A part of a table is of no use to a state that is a parameter: the planner cannot know that it lies inside.
DROP INDEX cards_by_state;
CREATE INDEX cards_by_state ON cards (county_id, state, card);
DROP INDEX credits_by_state;
CREATE INDEX credits_by_state ON credits (county_id, state, posts_at);
-- With the order they are listed in: rather than sort one account's cards a planner walked all of the county's in order.
DROP INDEX cards_by_acct;
CREATE INDEX cards_by_acct ON cards (county_id, acct, card);
DROP INDEX cards_by_clerk;
CREATE INDEX cards_by_clerk ON cards (county_id, clerk, card);
DROP INDEX waits_by_account;
CREATE INDEX waits_by_account ON waits (county_id, acct, at);
