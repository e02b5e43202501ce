-- Only the last close is ever asked for by its type; an index of every record cost each sale a page of its commit.
DROP INDEX records_by_type;
CREATE INDEX records_closes ON records (ep, seq) WHERE type = 'close';
