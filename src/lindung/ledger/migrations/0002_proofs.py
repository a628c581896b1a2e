"""What the book promises: partitions by month, entries that sum to zero, one entry for one instruction."""

from django.db import migrations

from lindung.access.row_security import WHOLE_CITY, protected

OPEN_MONTH = """
-- Makes the partitions of a month before the first row of that month comes. The app may not create tables, so
-- the function runs as the owner; it accepts nothing but our own tables that are partitioned by month.
-- A partition brings the foreign keys of its table, so it locks the tables they point at against writers. They
-- are locked one by one in the order in which they were made, which is the order in which every transaction
-- writes to them: so two who write at once wait for each other in turn and never in a circle.
CREATE FUNCTION lindung_open_month(first_day date, VARIADIC parents regclass[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    suffix text := to_char(first_day, '_YYYY_MM');
    missing regclass[] := ARRAY(SELECT p FROM unnest(parents) AS p WHERE to_regclass(p || suffix) IS NULL);
    parent regclass;
    target regclass;
    key record;
BEGIN
    IF extract(day FROM first_day) <> 1 OR EXISTS (
        SELECT 1 FROM unnest(parents) AS p WHERE NOT EXISTS (
            SELECT 1 FROM pg_partitioned_table t JOIN pg_class c ON c.oid = t.partrelid
             WHERE t.partrelid = p AND c.relowner = 'lindung_owner'::regrole)) THEN
        RAISE EXCEPTION 'no month % of %', first_day, parents USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF cardinality(missing) = 0 THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(hashtext('lindung_open_month'));
    FOR target IN SELECT DISTINCT k.confrelid FROM pg_constraint k
                   WHERE k.contype = 'f' AND k.conrelid = ANY (missing) ORDER BY 1 LOOP
        EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', target);
    END LOOP;
    FOREACH parent IN ARRAY missing LOOP
        CONTINUE WHEN to_regclass(parent || suffix) IS NOT NULL;  -- made while this one waited
        -- Made apart and then attached: so nobody who reads or writes the other months is held up.
        EXECUTE format('CREATE TABLE %I (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', parent || suffix, parent);
        -- Its keys are called as the table's own with the month behind, so that a refusal can be explained.
        FOR key IN SELECT k.conname || suffix AS name, pg_get_constraintdef(k.oid) AS definition
                     FROM pg_constraint k WHERE k.conrelid = parent AND k.contype IN ('p', 'u') LOOP
            EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I %s', parent || suffix, key.name, key.definition);
        END LOOP;
        EXECUTE format('ALTER TABLE %s ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                       parent, parent || suffix, first_day, (first_day + interval '1 month')::date);
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION lindung_open_month(date, regclass[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lindung_open_month(date, regclass[]) TO lindung_app;
"""

POSTING = """
CREATE UNIQUE INDEX entry_and_sponsor ON ledger_entry (id, sponsor_id);
CREATE UNIQUE INDEX entry_and_month ON ledger_entry (id, month);
DROP TABLE ledger_posting;
CREATE TABLE ledger_posting (
    month date NOT NULL,
    entry_id bigint NOT NULL,
    line smallint NOT NULL,
    account_id bigint NOT NULL REFERENCES ledger_account (id),
    sponsor_id bigint,
    amount bigint NOT NULL CONSTRAINT posting_is_not_zero CHECK (amount <> 0),
    CONSTRAINT posting_month_is_a_first_day CHECK (extract(day FROM month) = 1),
    CONSTRAINT posting_of_its_entrys_sponsor
        FOREIGN KEY (entry_id, sponsor_id) REFERENCES ledger_entry (id, sponsor_id),
    -- All postings of an entry lie in its month, so that no check has to search the other partitions.
    CONSTRAINT posting_in_its_entrys_month
        FOREIGN KEY (entry_id, month) REFERENCES ledger_entry (id, month),
    PRIMARY KEY (month, entry_id, line)
) PARTITION BY RANGE (month);
CREATE INDEX posting_by_account ON ledger_posting (account_id, month);
"""

PROOFS = """
-- Every statement leaves every entry it touches at zero and worth its instruction; so nobody adds to an entry
-- later either, balanced or not.
CREATE FUNCTION ledger_postings_balance() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_posting p
                 JOIN ledger_entry e ON e.id = p.entry_id AND e.month = p.month JOIN ledger_instruction i ON i.id = e.instruction_id
                WHERE (p.month, p.entry_id) IN (SELECT month, entry_id FROM added)
                GROUP BY p.entry_id, i.amount
               HAVING sum(p.amount) <> 0 OR sum(p.amount) FILTER (WHERE p.amount > 0) <> i.amount) THEN
        RAISE EXCEPTION 'the entry does not sum to zero, or is not worth its instruction'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_sums_to_zero';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER postings_balance AFTER INSERT ON ledger_posting
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_postings_balance();

-- An entry without postings does not survive the transaction.
CREATE FUNCTION ledger_entry_has_postings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_posting p WHERE p.month = NEW.month AND p.entry_id = NEW.id) THEN
        RAISE EXCEPTION 'the entry has no postings'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_sums_to_zero';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_has_postings AFTER INSERT ON ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_has_postings();

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
DROP TRIGGER entry_has_postings ON ledger_entry;
DROP TRIGGER postings_balance ON ledger_posting;
DROP FUNCTION ledger_instruction_has_entry();
DROP FUNCTION ledger_entry_has_postings();
DROP FUNCTION ledger_postings_balance();
"""


# The funds' control accounts belong to nobody; a sponsor's account is his own.
ACCOUNT = "sponsor_id IS NULL OR lindung_sees(sponsor_id)"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_tables")]

    operations = [
        migrations.RunSQL(OPEN_MONTH, "DROP FUNCTION lindung_open_month(date, regclass[])"),
        # The way back leaves a partitioned table that Django drops as it would its own.
        migrations.RunSQL(POSTING, migrations.RunSQL.noop),
        migrations.RunSQL(PROOFS, UNDO),
        protected("ledger_account", app="SELECT, INSERT", visible=ACCOUNT),
        protected("ledger_instruction", app="SELECT, INSERT", adding=WHOLE_CITY),
        protected("ledger_entry", app="SELECT, INSERT", adding=WHOLE_CITY),
        protected("ledger_posting", app="SELECT, INSERT", adding=WHOLE_CITY),
    ]
