-- SQLite makes a table of its own for a list of more than two values, and in a trigger makes it anew for each row: with these
-- two lists a transfer took twice as long. A text is looked through at once. No kind has a comma in it.
DROP TRIGGER transfers_take_two;
CREATE TRIGGER transfers_take_two BEFORE INSERT ON transfers
  WHEN instr(',release,reject,refund,reverse,move,cover,loss,', ',' || NEW.kind || ',') > 0 AND NOT EXISTS (
    SELECT 1 FROM proposals p WHERE p.county_id = NEW.county_id AND p.act = NEW.act AND p.state = 'approved')
  BEGIN SELECT RAISE(ABORT, 'this kind of transfer takes two people'); END;
DROP TRIGGER transfers_known_kinds;
CREATE TRIGGER transfers_known_kinds BEFORE INSERT ON transfers
  WHEN instr(NEW.kind, ',') > 0 OR instr(',earn,post,withdraw,grant,return,sweep,redeem,void,hold,unhold,release,reject,refund,reverse,'
    || 'expire,move,cover,repay,lend,repay-loan,loss,settle,', ',' || NEW.kind || ',') = 0
  BEGIN SELECT RAISE(ABORT, 'there is no such kind of transfer'); END;
