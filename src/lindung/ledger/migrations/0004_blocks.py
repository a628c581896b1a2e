"""The book and the trail are closed in blocks by transaction: each block holds its rows' hash and the one before."""

from django.db import migrations, models
from django.db.models import Func

import lindung.access.models
from lindung.access.row_security import unprotected

ENTRIES = """
-- Which transaction wrote the entry; nobody slips one into a block that is closed. Rows there are get this one's.
CREATE TRIGGER entry_of_this_transaction BEFORE INSERT ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION audit_of_this_transaction();
CREATE INDEX entries_by_transaction ON ledger_entry (txid);
CREATE INDEX events_by_transaction ON access_auditevent (txid);
"""
UNDO_ENTRIES = """
DROP INDEX events_by_transaction;
DROP INDEX entries_by_transaction;
DROP TRIGGER entry_of_this_transaction ON ledger_entry;
"""

BLOCKS = """
CREATE UNIQUE INDEX block_to_follow ON ledger_block (chain, number, hash, until_txid);
ALTER TABLE ledger_block
    ADD COLUMN follows integer GENERATED ALWAYS AS (nullif(number - 1, 0)) STORED,
    ADD CONSTRAINT block_goes_forward CHECK (number > 0 AND until_txid > from_txid),
    ADD CONSTRAINT block_begins_at_nothing CHECK (
        number > 1 OR (from_txid = '0'::xid8 AND previous = decode(repeat('00', 32), 'hex'))),
    -- The one before is there, ends where this one begins, and its hash is what this one says it is.
    ADD CONSTRAINT block_follows_the_one_before FOREIGN KEY (chain, follows, previous, from_txid)
        REFERENCES ledger_block (chain, number, hash, until_txid),
    ADD CONSTRAINT block_hash_of_what_it_says CHECK (hash = sha256(convert_to(jsonb_build_array(
        chain, number, from_txid::text, until_txid::text, rows, encode(digest, 'hex'), encode(previous, 'hex'),
        (extract(epoch FROM closed_at) * 1000000)::bigint)::text, 'UTF8')));
"""

DIGEST = """
-- The rows that a range of transactions wrote, each as canonical JSON, hashed by the thousand and those hashes again:
-- however many rows there are, no text grows large. lindung/ledger/blocks.py computes the same without asking here.
CREATE FUNCTION lindung_block_digest(
    of_chain text, begins xid8, ends xid8, OUT rows bigint, OUT digest bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF of_chain = 'events' THEN
        SELECT sum(part.n), sha256(string_agg(part.hash, ''::bytea ORDER BY part.bucket)) INTO rows, digest FROM (
            SELECT v.id >> 10 AS bucket, count(*) AS n, sha256(convert_to(string_agg(json_build_array(
                       v.id, v.txid::text, (extract(epoch FROM v.at) * 1000000)::bigint, v.actor_id, v.actor_name,
                       v.action, v.subject, v.sponsor_id, v.detail)::text, E'\\n' ORDER BY v.id), 'UTF8')) AS hash
              FROM access_auditevent v WHERE v.txid >= begins AND v.txid < ends GROUP BY 1) part;
    ELSE
        SELECT sum(part.n), sha256(string_agg(part.hash, ''::bytea ORDER BY part.bucket)) INTO rows, digest FROM (
            SELECT e.id >> 10 AS bucket, count(*) AS n, sha256(convert_to(string_agg(json_build_array(
                       e.id, e.txid::text, e.sponsor_id, e.month, e."on", e.reverses_id, i.id, i.kind, i.reference,
                       i.amount, i.sponsor_id, i.event_id, p.lines)::text, E'\\n' ORDER BY e.id), 'UTF8')) AS hash
              FROM ledger_entry e
              LEFT JOIN ledger_instruction i ON i.id = e.instruction_id
              LEFT JOIN LATERAL (
                   SELECT json_agg(json_build_array(l.line, a.code, l.amount, l.sponsor_id) ORDER BY l.line) AS lines
                     FROM ledger_posting l LEFT JOIN ledger_account a ON a.id = l.account_id
                    WHERE l.month = e.month AND l.entry_id = e.id) p ON true
             WHERE e.txid >= begins AND e.txid < ends GROUP BY 1) part;
    END IF;
END $$;
REVOKE ALL ON FUNCTION lindung_block_digest(text, xid8, xid8) FROM PUBLIC;
"""

CLOSING = """
-- Closes the oldest rows of a chain that no block holds: at least 100,000 of them where there are so many, whole
-- transactions always, and never one that still runs or came after one that runs. Gives the block's number; null
-- when there is nothing to close. Two who close at once wait for each other.
CREATE FUNCTION lindung_close_block(of_chain text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    source regclass := CASE of_chain WHEN 'events' THEN 'access_auditevent'::regclass
                                     WHEN 'entries' THEN 'ledger_entry'::regclass END;
    before ledger_block;
    begins xid8;
    ends xid8;
    enough xid8;
    beyond xid8;
    found record;
    zeros bytea := decode(repeat('00', 32), 'hex');
    moment timestamptz := clock_timestamp();
BEGIN
    IF source IS NULL THEN
        RAISE EXCEPTION 'no chain %', of_chain USING ERRCODE = 'check_violation', CONSTRAINT = 'block_chain_known';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('lindung_close_block ' || of_chain));
    SELECT * INTO before FROM ledger_block WHERE chain = of_chain ORDER BY number DESC LIMIT 1;
    begins := coalesce(before.until_txid, '0'::xid8);
    ends := pg_snapshot_xmin(pg_current_snapshot());
    IF begins > pg_snapshot_xmax(pg_current_snapshot()) THEN
        RAISE EXCEPTION 'the blocks are ahead of this server: it was filled from a dump'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'block_goes_forward';
    END IF;
    EXECUTE format('SELECT txid FROM %s WHERE txid >= $1 AND txid < $2 ORDER BY txid OFFSET 100000 LIMIT 1', source)
        INTO enough USING begins, ends;
    IF enough IS NOT NULL THEN
        EXECUTE format('SELECT txid FROM %s WHERE txid > $1 AND txid < $2 ORDER BY txid LIMIT 1', source)
            INTO beyond USING enough, ends;
        ends := coalesce(beyond, ends);
    END IF;
    SELECT * INTO found FROM lindung_block_digest(of_chain, begins, ends);
    IF coalesce(found.rows, 0) = 0 THEN RETURN NULL; END IF;
    INSERT INTO ledger_block (chain, number, from_txid, until_txid, rows, digest, previous, closed_at, hash)
    SELECT of_chain, b.number, begins, ends, found.rows, found.digest, b.previous, moment,
           sha256(convert_to(jsonb_build_array(
               of_chain, b.number, begins::text, ends::text, found.rows, encode(found.digest, 'hex'),
               encode(b.previous, 'hex'), (extract(epoch FROM moment) * 1000000)::bigint)::text, 'UTF8'))
      FROM (SELECT coalesce(before.number, 0) + 1 AS number, coalesce(before.hash, zeros) AS previous) b;
    RETURN coalesce(before.number, 0) + 1;
END $$;
REVOKE ALL ON FUNCTION lindung_close_block(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lindung_close_block(text) TO lindung_app;
"""
UNDO = """
DROP FUNCTION lindung_close_block(text);
DROP FUNCTION lindung_block_digest(text, xid8, xid8);
"""


def txid(**more: object) -> lindung.access.models.TransactionIdField:
    """The number of a transaction."""
    return lindung.access.models.TransactionIdField(**more)  # type: ignore[arg-type]  # options of any field


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_balances"), ("access", "0013_cut_off")]

    operations = [
        migrations.AddField(
            "entry",
            "txid",
            txid(db_default=Func(function="pg_current_xact_id", output_field=txid()), editable=False),
        ),
        migrations.RunSQL(ENTRIES, UNDO_ENTRIES),
        migrations.CreateModel(
            name="Block",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "chain", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "chain",
                    models.CharField(
                        choices=[("entries", "Jurnal"), ("events", "Jejak audit")], max_length=10
                    ),
                ),
                ("number", models.IntegerField(help_text="from 1 on, without gaps")),
                ("from_txid", txid(help_text="where the block before ends; 0 for the first")),
                ("until_txid", txid()),
                ("rows", models.BigIntegerField()),
                ("digest", models.BinaryField(help_text="sha256 over the rows")),
                (
                    "previous",
                    models.BinaryField(help_text="hash of the block before; 32 zero bytes for the first"),
                ),
                ("hash", models.BinaryField(help_text="sha256 over all the others")),
                ("closed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("chain__in", ["entries", "events"])), name="block_chain_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("rows__gt", 0)), name="block_holds_rows"),
                ]
            },
        ),
        migrations.RunSQL(BLOCKS, migrations.RunSQL.noop),
        migrations.RunSQL(DIGEST + CLOSING, UNDO),
        unprotected("ledger_block", app="SELECT", auditor=True),
    ]
