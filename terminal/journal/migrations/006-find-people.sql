-- A clerk looks residents up by the beginning of their initials, or by the last four of a card; visitors are not looked up.
CREATE INDEX roster_by_initials ON roster (initials COLLATE NOCASE, acct) WHERE visitor = 0;
CREATE INDEX cards_by_last4 ON cards (last4, acct) WHERE acct IS NOT NULL;
