"""The proofs about self-payers: silent where all is well, and naming what was tampered with."""

from datetime import date
from typing import Any

import psycopg

import selfpay
import world
from contributions.conftest import Place
from contributions.test_handing_over import alone_from, stopped
from lindung.access.models import AuditEvent
from lindung.contributions import own_bills
from lindung.contributions.bill_proofs import OF_BILLS
from lindung.contributions.own_proofs import PROOFS
from lindung.law.months import Month
from lindung.partnership.models import Agreement
from stages import administrator

TAMPERS = {
    "own.bills_are_of_their_payer": (
        "ALTER TABLE contributions_bill DISABLE TRIGGER USER",
        "UPDATE contributions_bill SET people = 2 WHERE membership_id IS NOT NULL",
    ),
    "own.lines_are_of_their_member": (
        "ALTER TABLE contributions_bill DISABLE TRIGGER USER",
        (
            "UPDATE contributions_bill b SET membership_id = (SELECT max(m.id) FROM membership_membership m"
            " WHERE m.agreement_id = b.agreement_id AND m.id <> b.membership_id) WHERE b.membership_id IS NOT NULL"
        ),
    ),
    "own.members_have_codes": ("DELETE FROM membership_owncode",),
    "own.cover_goes_on_without_a_gap": (
        "UPDATE membership_membership SET since = since + interval '1 month' WHERE cover_since IS NOT NULL",
    ),
}


AS_DRAWN = "bills.lines_are_as_drawn"


def found(connection: psycopg.Connection[Any], code: str) -> list[Any]:
    (sql,) = (proof.sql for proof in (*PROOFS, *OF_BILLS) if proof.code == code)
    return connection.execute(sql.encode()).fetchall()


def test_each_finds_its_tamper_and_nothing_else(
    fresh_database: str, as_owner: psycopg.Connection[Any]
) -> None:
    city = world.city()
    agreement = world.agreement(city)
    siti, budi = world.enrol(city, agreement, world.SITI, world.BUDI)
    place = Place(city, agreement, siti, budi)
    wadah = selfpay.independent(city)
    stopped(place, date(2025, 9, 1))
    own = alone_from(place, siti, wadah, date(2025, 9, 3), told=True).membership
    alone_from(place, budi, wadah, date(2025, 9, 3), told=True)
    selfpay.own_bill(city, own, Month(2025, 9))
    assert {proof.code for proof in PROOFS} == set(TAMPERS)
    for code, steps in TAMPERS.items():
        assert found(as_owner, code) == [], code
        with as_owner.transaction(force_rollback=True):
            for step in steps:
                as_owner.execute(step.encode())
            assert found(as_owner, code), code
    with administrator(fresh_database) as root:
        _finds_an_exchanged_line(city, wadah, root)


def _finds_an_exchanged_line(city: world.City, wadah: Agreement, root: psycopg.Connection[Any]) -> None:
    """Bills of one person and of all at once: one event, one hash; a line that was exchanged since is found."""
    with city.acting(on=date(2025, 10, 1)) as officer:
        drawn = own_bills.draw_all_own(
            agreement_id=wadah.pk, month=Month(2025, 10), by=officer, today=date(2025, 10, 1)
        )
        events = AuditEvent.objects.filter(action__in=["bill.own_drawn", "bill.all_own_drawn"])
        assert [len(event.detail["lines_digest_of_all"]) for event in events] == [64, 64]
        assert drawn.drawn == 2
    for month in ("2025-09-01", "2025-10-01"):
        with root.transaction(force_rollback=True):
            assert found(root, AS_DRAWN) == []
            root.execute("SET LOCAL session_replication_role = replica")
            root.execute(
                "UPDATE contributions_billline SET person_id = person_id + 1000 WHERE bill_id ="
                " (SELECT max(l.bill_id) FROM contributions_billline l WHERE l.month = %s)",
                [month],
            )
            assert len(found(root, AS_DRAWN)) == 1
