"""Decisions of this house on people: filed where the person is a member now, so that the city sees and obeys them."""

from datetime import date
from threading import Event
from time import sleep
from typing import NamedTuple

import pytest

import employers
import world
from database import at_once, refused
from lindung.access.models import AuditEvent, Role
from lindung.access.scope import Actor
from lindung.claims import branch_word, determined
from lindung.claims.models import Determination, Estimate, Programme
from lindung.contributions import cancelling
from lindung.contributions.branch_records import ContributionCode
from lindung.contributions.branch_word import BillCancelled, balances_of, give_code, state_balance
from lindung.contributions.cancelling import CancelReason
from lindung.law.months import Month
from lindung.membership import changes
from lindung.membership.branch_word import give_number, set_status, word_on
from lindung.membership.employment import LeaveReason
from lindung.membership.models import Membership
from lindung.partnership.deciders import Function
from lindung.partnership.models import Agreement
from stages import Stage as Saved
from stages import stage_of

MOVED, DIED, DECIDED = date(2025, 7, 1), date(2025, 8, 10), date(2025, 8, 20)
NOW = world.at(world.TODAY)


class Stage(NamedTuple):
    """Two cities of one branch; Ibu Siti moved from Jambi to Bungo with July 2025."""

    jambi: world.City
    bungo: world.City
    bungos: Agreement
    siti: int


def built() -> Stage:
    jambi = world.city()
    bungo = world.city("bungo", branch=jambi.branch)
    rentan, bungos = world.agreement(jambi), world.agreement(bungo)
    (siti,) = world.enrol(jambi, rentan, world.SITI)
    with jambi.acting() as officer:
        held = Membership.objects.get(person_id=siti)
        changes.leave(
            membership_id=held.pk,
            last_month=Month(2025, 6),
            reason=LeaveReason.MOVED,
            by=officer,
            now=world.at(MOVED),
        )
    world.enrol(bungo, bungos, world.SITI, since=Month(2025, 7), registered_on=MOVED)
    world.authority(jambi, *Function)
    return Stage(jambi, bungo, bungos, siti)


saved_stage = stage_of(built, now=world.at(world.TODAY))


@pytest.fixture
def stage(saved_stage: Saved[Stage], db: None) -> Stage:
    return saved_stage.found()


def died(stage: Stage, by: Actor, *, number: str = "P/1") -> tuple[Determination, ...]:
    return branch_word.determine(
        person_id=stage.siti,
        programme=Programme.JKM,
        event_date=DIED,
        amount=42_000_000,
        number=number,
        by=by,
        on=DECIDED,
        now=NOW,
    )


@pytest.mark.usefixtures("fresh_database")
def test_a_bill_that_is_being_cancelled_gets_no_code() -> None:
    jambi = world.city()
    promised = world.agreement(jambi)
    world.enrol(jambi, promised, world.SITI)
    world.authority(jambi, Function.CONTRIBUTION_CODE)
    bill = world.bill(jambi, promised, Month(2025, 6))
    begun = Event()

    def cancels() -> object:
        with jambi.acting() as by:
            cancelling.cancel(bill_id=bill.pk, reason=CancelReason.MISTAKE, by=by, now=NOW)
            begun.set()
            sleep(0.5)

    def gives() -> object:
        begun.wait(timeout=20)
        with jambi.acting(Role.BRANCH_OFFICER) as by:
            return give_code(bill_id=bill.pk, code="2506-001", by=by, on=DECIDED, now=NOW)

    _, outcome = at_once(cancels, gives)
    assert isinstance(outcome, BillCancelled)
    with jambi.acting():
        assert not ContributionCode.objects.exists()


class TestWhoseCity:
    """The branch sees both cities; the former one has the lower number."""

    def test_her_death_reaches_the_city_that_goes_on_paying(self, stage: Stage) -> None:
        bill = world.bill(stage.bungo, stage.bungos, Month(2025, 9))
        with stage.bungo.acting(Role.BRANCH_OFFICER) as officer:
            assert [each.sponsor_id for each in died(stage, officer)] == [stage.bungo.sponsor.pk]
        with stage.bungo.acting():
            (dead,) = determined.dead_in_bill(bill.pk, month=Month(2025, 9), on=world.TODAY)
            assert (dead.person_id, dead.died_on) == (stage.siti, DIED)
            assert AuditEvent.objects.filter(action="benefit.determined").count() == 1
        with stage.jambi.acting():
            assert not Determination.objects.exists()

    def test_her_number_her_status_and_her_balance_are_known_there(self, stage: Stage) -> None:
        with stage.bungo.acting(Role.BRANCH_OFFICER) as by:
            give_number(person_id=stage.siti, number="19015012347", by=by, on=DECIDED, now=NOW)
            set_status(person_id=stage.siti, active=True, since=MOVED, reason="", by=by, on=DECIDED, now=NOW)
            state_balance(person_id=stage.siti, balance=5, as_of=DECIDED, by=by, on=DECIDED, now=NOW)
        with stage.bungo.acting():
            said = word_on(stage.siti, on=world.TODAY)
            assert (said.kpj_masked, said.active) == ("190••••••47", True)
            assert [each.balance for each in balances_of(stage.siti, on=world.TODAY)] == [5]

    def test_our_estimate_beside_a_word_of_bpjs_stands_in_the_city_of_the_file(self, stage: Stage) -> None:
        headings = "NIK,Program,Tanggal Kejadian,Jumlah,Nomor Penetapan,Tanggal Penetapan"
        line = f"'{world.SITI.nik},JKM,10-08-2025,1000000,PJ/1,20-08-2025\r\n"
        with stage.bungo.acting(Role.BRANCH_OFFICER) as by:
            branch_word.receive(
                kind=branch_word.WordKind.DETERMINATION,
                name="penetapan.csv",
                content=f"{headings}\r\n{line}".encode(),
                sponsor_id=stage.bungo.sponsor.pk,
                said_on=world.TODAY,
                by=by,
                now=NOW,
            )
        with stage.bungo.acting():
            assert Estimate.objects.get().sponsor_id == stage.bungo.sponsor.pk

    def test_one_number_determines_one_benefit_once(self, stage: Stage) -> None:
        with stage.bungo.acting(Role.BRANCH_OFFICER) as officer:
            died(stage, officer)
            with refused("determination_here_once"):
                died(stage, officer)
            died(stage, officer, number="P/2")

    def test_her_death_is_told_to_both_cities_that_pay_for_her_and_shown_once(self, stage: Stage) -> None:
        ojek = world.SITI._replace(occupation="Tukang ojek")
        second = world.agreement(stage.jambi, "kedua")
        employers.join(stage.jambi, second.pk, ojek, beside=True, since=Month(2025, 8), on=date(2025, 7, 20))
        with stage.bungo.acting(Role.BRANCH_OFFICER) as officer:
            died(stage, officer)
            assert len(determined.of_person(stage.siti, on=world.TODAY)) == 1
        for city in (stage.jambi, stage.bungo):
            with city.acting():
                assert Determination.objects.get().sponsor_id == city.sponsor.pk
