"""What the book promises: partitions by month, entries that sum to zero, one entry for one instruction."""

from django.db import migrations

from lindung.access.row_security import protected, unprotected

OPEN_MONTH = """
-- Makes the partition of a month when the first row of that month comes. The app may not create tables, so
-- the function runs as the owner; it accepts nothing but our own tables that are partitioned by month.
CREATE FUNCTION lindung_open_month(parent regclass, first_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    part text := format('%s_%s', parent, to_char(first_day, 'YYYY_MM'));
BEGIN
    IF extract(day FROM first_day) <> 1 OR NOT EXISTS (
        SELECT 1 FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
         WHERE p.partrelid = parent AND c.relowner = 'lindung_owner'::regrole) THEN
        RAISE EXCEPTION 'no month % of %', first_day, parent USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF to_regclass(part) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext(part));
        EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %s FOR VALUES FROM (%L) TO (%L)',
                       part, parent, first_day, (first_day + interval '1 month')::date);
    END IF;
END $$;
REVOKE ALL ON FUNCTION lindung_open_month(regclass, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lindung_open_month(regclass, date) TO lindung_app;
"""

POSTING = """
DROP TABLE ledger_posting;
CREATE TABLE ledger_posting (
    month date NOT NULL,
    entry_id bigint NOT NULL REFERENCES ledger_entry (id),
    line smallint NOT NULL,
    account_id bigint NOT NULL REFERENCES ledger_account (id),
    sponsor_id bigint REFERENCES access_organisation (id),
    amount bigint NOT NULL CONSTRAINT posting_is_not_zero CHECK (amount <> 0),
    CONSTRAINT posting_month_is_a_first_day CHECK (extract(day FROM month) = 1),
    PRIMARY KEY (month, entry_id, line)
) PARTITION BY RANGE (month);
CREATE INDEX posting_by_account ON ledger_posting (account_id, month);
CREATE INDEX posting_by_entry ON ledger_posting (entry_id);
"""

PROOFS = """
-- Every statement leaves every entry it touches at zero; so nobody unbalances an entry later either.
CREATE FUNCTION ledger_postings_balance() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_posting p
                WHERE p.entry_id IN (SELECT entry_id FROM added)
                GROUP BY p.entry_id HAVING sum(p.amount) <> 0) THEN
        RAISE EXCEPTION 'the entry does not sum to zero'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_sums_to_zero';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER postings_balance AFTER INSERT ON ledger_posting
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_postings_balance();

-- An entry without postings, or worth something else than its instruction, does not survive the transaction.
CREATE FUNCTION ledger_entry_is_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF coalesce((SELECT sum(p.amount) FILTER (WHERE p.amount > 0) FROM ledger_posting p
                  WHERE p.entry_id = NEW.id), 0)
       <> (SELECT i.amount FROM ledger_instruction i WHERE i.id = NEW.instruction_id) THEN
        RAISE EXCEPTION 'the entry is not worth its instruction'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_sums_to_zero';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_is_whole AFTER INSERT ON ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_is_whole();

CREATE FUNCTION ledger_instruction_has_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.instruction_id = NEW.id) THEN
        RAISE EXCEPTION 'the instruction has no entry'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'instruction_has_one_entry';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER instruction_has_entry AFTER INSERT ON ledger_instruction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_instruction_has_entry();
"""

UNDO = """
DROP TRIGGER instruction_has_entry ON ledger_instruction;
DROP TRIGGER entry_is_whole ON ledger_entry;
DROP TRIGGER postings_balance ON ledger_posting;
DROP FUNCTION ledger_instruction_has_entry();
DROP FUNCTION ledger_entry_is_whole();
DROP FUNCTION ledger_postings_balance();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_tables")]

    operations = [
        migrations.RunSQL(OPEN_MONTH, "DROP FUNCTION lindung_open_month(regclass, date)"),
        # The way back leaves a partitioned table that Django drops as it would its own.
        migrations.RunSQL(POSTING, migrations.RunSQL.noop),
        migrations.RunSQL(PROOFS, UNDO),
        unprotected("ledger_account", app="SELECT, INSERT"),
        protected("ledger_instruction", app="SELECT, INSERT"),
        protected("ledger_entry", app="SELECT, INSERT"),
        protected("ledger_posting", app="SELECT, INSERT"),
    ]
