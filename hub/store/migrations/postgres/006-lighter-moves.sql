-- Balances move by one statement more seldom, and in place.

-- An account's balance changes with each of its sales: room is left on its page, so that no index is written for it.
ALTER TABLE balances SET (fillfactor = 70);
ALTER TABLE allowances SET (fillfactor = 70);

-- As in 001, without taking the rows' locks in a statement of its own: whoever posts holds the county's lock, so that two never
-- wait for each other in a ring. A row is made first and moved second: an upsert would check the sign of the row it offers,
-- not of the sum.
CREATE OR REPLACE FUNCTION move_balances() RETURNS trigger LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  INSERT INTO balances (county_id, account, amount)
    SELECT sides.county_id, sides.account, 0 FROM (
      SELECT county_id, debit AS account FROM new_rows UNION SELECT county_id, credit FROM new_rows
    ) sides
    WHERE NOT EXISTS (SELECT FROM balances b WHERE b.county_id = sides.county_id AND b.account = sides.account)
    ORDER BY 1, 2
    ON CONFLICT DO NOTHING;
  UPDATE balances b SET amount = b.amount + moved.amount
    FROM (
      SELECT county_id, account, sum(amount)::BIGINT AS amount FROM (
        SELECT county_id, debit AS account, -amount AS amount FROM new_rows
        UNION ALL SELECT county_id, credit, amount FROM new_rows
      ) sides GROUP BY county_id, account
    ) moved
    WHERE b.county_id = moved.county_id AND b.account = moved.account;
  RETURN NULL;
END $$;
