"""What is given here is nobody else's: a member number that another person holds, a kode iuran of another bill."""

from datetime import date, timedelta

import pytest

import world
from claims import test_branch_word as words
from claims.test_branch_word import KPJ
from claims.test_branch_word import Stage as Built
from database import at_once, refused
from lindung.contributions.branch_word import BillPaid, give_code
from lindung.law.months import Month
from lindung.membership.branch_records import MemberNumber, WordKind
from lindung.membership.branch_word import NotANumber, give_number
from lindung.partnership.deciders import Function
from stages import Stage as Saved
from stages import stage_of

OTHER = "19015012354"
saved_stage = stage_of(words.built, now=world.at(world.TODAY))


@pytest.fixture
def stage(saved_stage: Saved[Built], db: None) -> Built:
    """Numbers and codes are ours to give."""
    stage = saved_stage.found()
    world.authority(stage.jambi, Function.MEMBER_NUMBER, Function.CONTRIBUTION_CODE)
    return stage


def give(stage: Built, person_id: int, number: str = KPJ, *, on: date = world.TODAY) -> None:
    with stage.jambi.acting() as officer:
        give_number(person_id=person_id, number=number, by=officer, on=on, now=world.at(on))


def budi(stage: Built) -> int:
    with stage.jambi.acting():
        return world.person_id(world.BUDI)


class TestNumbers:
    def test_it_gives_nobody_the_number_that_somebody_else_got_here(self, stage: Built) -> None:
        give(stage, stage.siti)
        give(stage, stage.siti)
        with refused("member_number_held_by_one"):
            give(stage, budi(stage))

    def test_it_gives_nobody_the_number_that_bpjs_gave_somebody_else(self, stage: Built) -> None:
        words.numbers(stage, words.SITI)
        with refused("member_number_held_by_one"):
            give(stage, budi(stage))

    def test_it_gives_nobody_a_number_of_another_city(self, stage: Built) -> None:
        bungo = world.city("bungo", branch=stage.jambi.branch)
        world.enrol(bungo, world.agreement(bungo), world.STRANGER)
        line = f"{KPJ},'{world.STRANGER.nik}"
        assert world.word(bungo, WordKind.MEMBER_NUMBER, "KPJ,NIK", line).accepted == 1
        with refused("member_number_held_by_one"):
            give(stage, stage.siti)

    def test_a_number_is_free_when_its_holder_got_another(self, stage: Built) -> None:
        give(stage, stage.siti, on=world.TODAY - timedelta(days=3))
        give(stage, stage.siti, OTHER)
        give(stage, budi(stage))
        with refused("member_number_held_by_one"):
            give(stage, stage.siti)

    def test_it_stores_what_bpjs_says_all_the_same(self, stage: Built) -> None:
        give(stage, stage.siti)
        line = f"{KPJ},'{world.BUDI.nik}"
        assert world.word(stage.jambi, WordKind.MEMBER_NUMBER, "KPJ,NIK", line).accepted == 1

    def test_one_of_two_gets_it_who_ask_at_once(self, fresh_database: str) -> None:
        stage = words.built()
        world.authority(stage.jambi, Function.MEMBER_NUMBER)
        other = budi(stage)
        outcomes = at_once(lambda: give(stage, stage.siti), lambda: give(stage, other))
        assert [outcome is None for outcome in outcomes].count(True) == 1, outcomes
        with stage.jambi.acting():
            assert MemberNumber.objects.count() == 1

    @pytest.mark.parametrize("number", ["00000000000", "1111 1111 111"])
    def test_it_takes_no_number_filled_in_for_want_of_one(self, stage: Built, number: str) -> None:
        with pytest.raises(NotANumber):
            give(stage, stage.siti, number)
        line = f"{number},'{world.SITI.nik}"
        assert world.word(stage.jambi, WordKind.MEMBER_NUMBER, "KPJ,NIK", line).faulty == 1


class TestCodes:
    def test_it_gives_no_bill_the_code_of_another(self, stage: Built) -> None:
        august = world.bill(stage.jambi, stage.agreement, Month(2025, 8))
        with stage.jambi.acting() as officer:
            give_code(
                bill_id=stage.bill_id, code="2507-a", by=officer, on=world.TODAY, now=world.at(world.TODAY)
            )
            give_code(
                bill_id=stage.bill_id, code="2507-a", by=officer, on=world.TODAY, now=world.at(world.TODAY)
            )
        with refused("contribution_code_for_one_bill"), stage.jambi.acting() as officer:
            give_code(bill_id=august.pk, code="2507-A", by=officer, on=world.TODAY, now=world.at(world.TODAY))

    def test_it_gives_a_paid_bill_none(self, stage: Built) -> None:
        with stage.jambi.acting():
            paid = stage.agreement.bills.get(month=words.JUNE.first_day())
        with stage.jambi.acting() as officer, pytest.raises(BillPaid):
            give_code(bill_id=paid.pk, code="2506-a", by=officer, on=world.TODAY, now=world.at(world.TODAY))
