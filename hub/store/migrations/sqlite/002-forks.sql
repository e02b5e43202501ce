-- The lowest seq at which two records stand: from there on neither branch has an effect until two people decide.
ALTER TABLE epochs ADD COLUMN forked_seq INTEGER;
UPDATE epochs SET forked_seq = (
  SELECT min(seq) FROM (
    SELECT seq FROM records r WHERE r.county_id = epochs.county_id AND r.tid = epochs.tid AND r.ep = epochs.ep
      AND seq IS NOT NULL GROUP BY seq HAVING count(*) > 1
  )
);

-- Numbers that never fall do not fall by being forgotten either.
CREATE TRIGGER allowances_no_delete BEFORE DELETE ON allowances
  BEGIN SELECT RAISE(ABORT, 'the four numbers of an allowance never fall'); END;
