"""The hash of a bill's lines: in the event of its drawing, of exactly what the lines say, in two levels."""

import hashlib
from itertools import groupby

import pytest
from django.db import transaction

import world
from database import as_loader, fetched
from lindung.access.models import AuditEvent
from lindung.contributions.line_hash import lines_digest
from lindung.contributions.models import Bill

LINES = """
SELECT l.work_id, l.person_id, l.membership_id, l.sponsor_id, t.digest, l.amount
  FROM contributions_billline l JOIN contributions_tariffdecision t ON t.id = l.tariff_id
 WHERE l.bill_id = %s ORDER BY l.work_id
"""


def computed(bill: Bill) -> str:
    """The same by hand: lines of a thousand works together, and the hashes of those."""
    parts = [
        hashlib.sha256("\n".join(",".join(map(str, line)) for line in lines).encode()).digest()
        for _, lines in groupby(fetched(LINES, bill.pk), key=lambda line: line[0] >> 10)
    ]
    return hashlib.sha256(b"".join(parts)).hexdigest()


@pytest.mark.django_db
def test_the_event_of_a_bill_holds_the_hash_of_its_lines() -> None:
    jambi = world.city()
    rentan = world.agreement(jambi)
    world.enrol(jambi, rentan, world.SITI, world.STRANGER)
    june = world.bill(jambi, rentan, world.FIRST_MONTH)
    with jambi.acting():
        event = AuditEvent.objects.get(pk=june.event_id)
        assert event.action == "bill.drawn"
        assert (
            event.detail["lines_digest"] == lines_digest(bill_id=june.pk, month=june.month) == computed(june)
        )


@pytest.mark.django_db
def test_lines_of_more_than_a_thousand_works_are_hashed_in_two_levels() -> None:
    jambi = world.city()
    rentan = world.agreement(jambi)
    world.enrol(jambi, rentan, world.SITI)
    with transaction.atomic(), as_loader():
        fetched(
            "SELECT nextval(pg_get_serial_sequence('membership_work', 'id')) FROM generate_series(1, 1024)"
        )
    world.enrol(jambi, rentan, world.BUDI)
    june = world.bill(jambi, rentan, world.FIRST_MONTH)
    with jambi.acting():
        assert len({line[0] >> 10 for line in fetched(LINES, june.pk)}) == 2
        assert lines_digest(bill_id=june.pk, month=june.month) == computed(june)
