"""Blocks: what has ended is closed once, in order, and never over a transaction that still runs."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction

import world
from database import at_once, execute, fetched, forbidden
from ledger import books
from lindung.access.models import AuditEvent
from lindung.access.scope import NOBODY, SystemScope, system_scope
from lindung.engine.refusals import constraint_of
from lindung.ledger import blocks
from lindung.ledger.models import Chain, Entry, Instruction
from stages import Stages, administrator

SAY = "INSERT INTO access_auditevent (actor_name, action, subject, detail) VALUES ('uji', 'test', %s, '{}') RETURNING id"
Plain = psycopg.Connection[Any]


@pytest.fixture
def starting_point(stages: Stages) -> str:
    """Months paid: events and entries, all committed."""
    return stages.of(books.paid, now=world.at(world.TODAY)).database


@pytest.fixture
def jambi(stages: Stages, fresh_database: str) -> world.City:
    return stages.of(books.paid, now=world.at(world.TODAY)).found()


@pytest.fixture
def root(fresh_database: str) -> Iterator[Plain]:
    """Whoever may do everything in the database."""
    with administrator(fresh_database) as connection:
        yield connection


def misfits(chain: Chain = Chain.EVENTS) -> list[str]:
    with system_scope(SystemScope.MAINTENANCE, actor=NOBODY):
        return [str(what) for (what,) in fetched(blocks.misfits(chain))]


def closed(chain: str = "events") -> list[tuple[int, int, int, int]]:
    """Number, first transaction, transaction where it ends, rows."""
    found = (
        "SELECT number, from_txid::text, until_txid::text, rows FROM ledger_block WHERE chain = %s ORDER BY 1"
    )
    return [(n, int(a), int(b), rows) for n, a, b, rows in fetched(found, chain)]


def said(root: Plain, what: str) -> int:
    row = root.execute(SAY, [what]).fetchone()
    assert row is not None
    return int(row[0])


class TestClosing:
    def test_it_closes_everything_that_is_there_and_then_nothing(self, jambi: world.City) -> None:
        assert blocks.close() == {"entries": 1, "events": 1}
        with system_scope(SystemScope.MAINTENANCE, actor=NOBODY):
            assert closed()[0][3] == AuditEvent.objects.count()
            assert closed("entries")[0][3] == Entry.objects.count() == 4
        assert blocks.close() == {"entries": 0, "events": 0}
        assert misfits() == misfits(Chain.ENTRIES) == []

    def test_it_goes_on_where_the_last_block_ended(self, jambi: world.City, root: Plain) -> None:
        blocks.close()
        said(root, "later")
        assert blocks.close() == {"entries": 0, "events": 1}
        (_, begin, end, _), (number, begun, _, rows) = closed()
        assert (begin, number, begun, rows) == (0, 2, end, 1)
        assert misfits() == []
        tip = blocks.tips()["events"]
        assert (tip.number, tip.rows) == (2, closed()[0][3] + 1)
        assert blocks.block_at("events", 2) == tip
        assert blocks.block_at("events", 3) is None

    def test_it_makes_no_block_of_nothing(self, root: Plain) -> None:
        root.execute("TRUNCATE ledger_entry, access_auditevent CASCADE")
        assert blocks.close() == {"entries": 0, "events": 0}
        assert blocks.tips() == {}

    def test_two_who_close_at_once_make_one_block(self, jambi: world.City) -> None:
        made = at_once(blocks.close, blocks.close, blocks.close)
        assert sorted(each["events"] for each in made if isinstance(each, dict)) == [0, 0, 1]
        assert misfits() == misfits(Chain.ENTRIES) == []

    def test_it_divides_much_into_blocks_of_whole_transactions(self, root: Plain) -> None:
        """One that has written more than a block likes is not cut; what comes after begins the next block."""
        blocks.close()
        many = (
            "INSERT INTO access_auditevent (actor_name, action, subject, detail)"
            " SELECT 'uji', 'test', 's', '{}' FROM generate_series(1, %s)"
        )
        root.execute(many, [100_002])
        root.execute(many, [3])
        assert blocks.close()["events"] == 2
        assert [rows for *_, rows in closed()][1:] == [100_002, 3]
        assert misfits() == []


class TestWhatStillRuns:
    def test_it_never_closes_over_it(self, jambi: world.City, fresh_database: str, root: Plain) -> None:
        """The slow one began first and took the lower id; it commits last, and nothing of it is lost."""
        blocks.close()
        with administrator(fresh_database) as slow:
            slow.execute("BEGIN")
            first = said(slow, "slow")
            second = said(root, "quick")
            assert first < second
            assert blocks.close()["events"] == 0
            slow.execute("COMMIT")
        assert blocks.close()["events"] == 1
        assert closed()[1][3] == 2
        assert misfits() == []

    def test_it_closes_what_came_before_it(self, jambi: world.City, fresh_database: str, root: Plain) -> None:
        with administrator(fresh_database) as slow:
            slow.execute("BEGIN")
            said(slow, "slow")
            before = closed()
            assert blocks.close() == {"entries": 1, "events": 1}
            assert before == []
            said(root, "quick")
            assert blocks.close()["events"] == 0
            slow.execute("ROLLBACK")
        assert blocks.close()["events"] == 1
        assert closed()[1][3] == 1
        assert misfits() == []

    def test_it_leaves_what_its_own_transaction_has_written(self, jambi: world.City) -> None:
        blocks.close()
        with jambi.acting():
            world.event(jambi)
            assert blocks.close()["events"] == 0
        assert blocks.close()["events"] == 1

    def test_it_finds_ids_in_any_order(self, jambi: world.City, root: Plain) -> None:
        """A later transaction with lower ids: ids are drawn ahead where rows need them first."""
        for number in (9_000, 5_000, 7_000):
            root.execute(
                "INSERT INTO access_auditevent (id, actor_name, action, subject, detail)"
                " OVERRIDING SYSTEM VALUE VALUES (%s, 'uji', 'test', 's', '{}')",
                [number],
            )
            blocks.close()
        assert len(closed()) == 3
        assert misfits() == []


class TestWalls:
    def test_the_app_can_only_have_blocks_closed(self, jambi: world.City) -> None:
        blocks.close()
        with system_scope(SystemScope.MAINTENANCE, actor=NOBODY):
            for statement in (
                "INSERT INTO ledger_block (chain, number) SELECT chain, number FROM ledger_block",
                "UPDATE ledger_block SET rows = rows",
                "DELETE FROM ledger_block",
                "SELECT lindung_block_digest('events', '0', '5')",
            ):
                with forbidden():
                    execute(statement)

    def test_the_app_cannot_say_which_transaction_wrote_an_entry(self, jambi: world.City) -> None:
        with jambi.acting():
            known = Entry.objects.earliest("pk")
            asked = Instruction.objects.create(
                kind="payment", reference="x", amount=1, sponsor=jambi.sponsor, event_id=world.event(jambi)
            )
            made = Entry.objects.create(
                instruction=asked, sponsor=jambi.sponsor, month=known.month, on=known.on, txid=7
            )
            assert fetched("SELECT txid::text FROM ledger_entry WHERE id = %s", made.pk) == fetched(
                "SELECT pg_current_xact_id()::text"
            )
            transaction.set_rollback(True)

    def test_it_knows_no_other_chain(self, db: None) -> None:
        with pytest.raises(IntegrityError) as caught:
            fetched("SELECT lindung_close_block('workers')")
        assert constraint_of(caught.value) == "block_chain_known"

    def test_it_closes_nothing_in_a_database_filled_from_a_dump(self, jambi: world.City, root: Plain) -> None:
        """There transactions count anew: what is written now would lie in blocks that are closed already."""
        root.execute(
            "INSERT INTO ledger_block (chain, number, from_txid, until_txid, rows, digest, previous, closed_at, hash)"
            " SELECT 'events', 1, '0', u, 1, z, z, m, sha256(convert_to(jsonb_build_array('events', 1, '0', u::text, 1,"
            "        encode(z, 'hex'), encode(z, 'hex'), (extract(epoch FROM m) * 1000000)::bigint)::text, 'UTF8'))"
            "   FROM (SELECT decode(repeat('00', 32), 'hex') AS z, '4000000000'::xid8 AS u, now() AS m) x"
        )
        with pytest.raises(IntegrityError) as caught:
            blocks.close()
        assert constraint_of(caught.value) == "block_goes_forward"

    def test_it_is_said_when_a_row_is_of_a_transaction_to_come(self, jambi: world.City, root: Plain) -> None:
        root.execute("ALTER TABLE access_auditevent DISABLE TRIGGER audit_of_this_transaction")
        root.execute("UPDATE access_auditevent SET txid = '4000000000' WHERE id = 1")
        assert [what for what in misfits() if "has not begun yet" in what] != []
