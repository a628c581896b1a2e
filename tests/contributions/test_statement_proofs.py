"""The proofs of bank statements find nothing where all is well, and what is wrong where it is not."""

from django.db import connection, transaction

import world
from contributions.banking import accepted, brought_in, proposed, the_line, wire
from contributions.conftest import Place, jambi_stage
from lindung.contributions.matching import pay_code
from lindung.contributions.matching_records import LineMatch
from lindung.contributions.proofs import PROOFS as ALL
from lindung.contributions.statement_proofs import PROOFS
from lindung.law.months import Month

__all__ = ["jambi_stage"]
TWO = 2 * world.PRICE


def found() -> dict[str, int]:
    """How many rows each proof names."""
    counts = {}
    with connection.cursor() as cursor:
        for proof in PROOFS:
            cursor.execute(proof.sql)
            counts[proof.code] = len(cursor.fetchall())
    return {code: count for code, count in counts.items() if count}


def test_they_find_a_match_that_was_taken_away_by_hand(jambi: Place) -> None:
    bill = world.bill(jambi.city, jambi.agreement, Month(2025, 6))
    came = brought_in(jambi, wire(TWO, pay_code(bill.pk)), wire(-5, bank="B"), wire(7, bank="C"))
    with jambi.city.acting():
        line = the_line(came)
        each = proposed(line)[0]
    accepted(jambi, line, each)
    with jambi.city.acting():
        assert found() == {}
        undone = transaction.savepoint()
        LineMatch.objects.update(undone_event=world.event(jambi.city))
        assert found() == {"statement.unmatched": 1, "statement.matches": 1}
        transaction.savepoint_rollback(undone)
        assert found() == {}


def test_they_are_asked_with_all_others() -> None:
    assert set(PROOFS) <= set(ALL)
    assert len({proof.code for proof in ALL}) == len(ALL)
