-- A transfer looked each of its accounts up twice. The credited side may be made and moved at once, as it only grows; the
-- debited one is moved where it stands, and made only where it does not: an upsert would have its sign checked on the row
-- that is offered, not on the sum.
DROP TRIGGER transfers_move_balances;
CREATE TRIGGER transfers_move_balances AFTER INSERT ON transfers BEGIN
  INSERT INTO balances (county_id, account, amount) VALUES (NEW.county_id, NEW.credit, NEW.amount)
    ON CONFLICT DO UPDATE SET amount = amount + NEW.amount;
  UPDATE balances SET amount = amount - NEW.amount WHERE county_id = NEW.county_id AND account = NEW.debit;
  INSERT INTO balances (county_id, account, amount)
    SELECT NEW.county_id, NEW.debit, -NEW.amount WHERE changes() = 0;
END;
