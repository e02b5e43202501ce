-- What a county of full size is asked: each of these lists read all cards or credits before.

CREATE INDEX cards_by_last4 ON cards (county_id, last4);
CREATE INDEX exceptions_closed ON exceptions (county_id, closed_at) WHERE closed_at IS NOT NULL;
-- A part of a table is of no use to a state that is a parameter: the planner cannot know that it lies inside.
DROP INDEX cards_by_state;
CREATE INDEX cards_by_state ON cards (county_id, state);
DROP INDEX credits_by_state;
CREATE INDEX credits_by_state ON credits (county_id, state, posts_at);
