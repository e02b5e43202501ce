-- The clerk's own account as a resident, where the county knows it: no clerk approves for themselves.
ALTER TABLE clerks ADD COLUMN acct TEXT;
