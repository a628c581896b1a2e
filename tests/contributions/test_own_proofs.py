"""The proofs about self-payers: silent where all is well, and naming what was tampered with."""

from datetime import date
from typing import Any

import psycopg

import selfpay
import world
from contributions.conftest import Place
from contributions.test_handing_over import alone_from, stopped
from lindung.contributions.own_proofs import PROOFS
from lindung.law.months import Month

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


def found(connection: psycopg.Connection[Any], code: str) -> list[Any]:
    (sql,) = (proof.sql for proof in PROOFS if proof.code == code)
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
