"""Our estimate beside a determination: the whole beside the whole, known from the day it was made."""

from datetime import date
from typing import NamedTuple

import pytest

import world
from lindung.access.models import Role
from lindung.claims import branch_word, determined
from lindung.claims.models import Benefit, Estimate, Programme
from lindung.law.months import Month
from lindung.membership.branch_records import WordKind
from lindung.partnership.deciders import Function
from stages import Stage as Saved
from stages import stage_of

HEADINGS = "NIK,Program,Tanggal Kejadian,Jumlah,Nomor Penetapan,Tanggal Penetapan,Manfaat"
DIED, SAID = date(2025, 8, 10), date(2025, 8, 20)
PARTS = (
    (20_000_000, "Santunan sekaligus"),
    (12_000_000, "Santunan berkala"),
    (10_000_000, "Biaya pemakaman"),
)


class Stage(NamedTuple):
    """Ibu Siti of Jambi, paid for once, in June 2025; she died in August."""

    jambi: world.City
    siti: int


def built() -> Stage:
    jambi = world.city()
    rentan = world.agreement(jambi)
    (siti,) = world.enrol(jambi, rentan, world.SITI)
    world.pay(jambi, rentan, Month(2025, 6))
    world.authority(jambi, *Function)
    return Stage(jambi, siti)


saved_stage = stage_of(built, now=world.at(world.TODAY))


@pytest.fixture
def stage(saved_stage: Saved[Stage], db: None) -> Stage:
    return saved_stage.found()


def line(amount: int, number: str, benefit: str = "") -> str:
    return f"'{world.SITI.nik},JKM,10-08-2025,{amount},{number},20-08-2025,{benefit}"


def told(stage: Stage, *lines: str, on: date = world.TODAY) -> None:
    world.word(stage.jambi, WordKind.DETERMINATION, HEADINGS, *lines, on=on)


def determine(stage: Stage, event_date: date = DIED, programme: Programme = Programme.JKM) -> None:
    with stage.jambi.acting(Role.BRANCH_OFFICER) as officer:
        branch_word.determine(
            person_id=stage.siti, programme=programme, event_date=event_date, amount=42_000_000, number="P/1",
            by=officer, on=SAID, now=world.at(world.TODAY),
        )  # fmt: skip


def said_on(stage: Stage, day: date) -> tuple[determined.Determined, ...]:
    with stage.jambi.acting():
        return determined.of_person(stage.siti, on=day)


def estimates(stage: Stage) -> list[int]:
    with stage.jambi.acting():
        return list(Estimate.objects.values_list("total", flat=True))


def test_the_estimate_of_the_whole_stands_beside_no_part_but_once_beside_their_sum(stage: Stage) -> None:
    told(stage, *(line(amount, f"PJ/{amount}", benefit) for amount, benefit in PARTS))
    said = said_on(stage, world.TODAY)
    assert [each.estimate for each in said] == [None, None, None]
    (estimate,) = estimates(stage)
    assert determined.sums_of(said) == (determined.Summed("jkm", DIED, 42_000_000, 3, estimate),)


def test_a_part_that_was_corrected_is_summed_once(stage: Stage) -> None:
    told(stage, *(line(amount, f"PJ/{amount}", benefit) for amount, benefit in PARTS), on=date(2025, 9, 1))
    told(stage, line(11_000_000, "PJ/baru", "Biaya pemakaman"))
    (summed,) = determined.sums_of(said_on(stage, world.TODAY))
    assert (summed.amount, summed.parts) == (43_000_000, 3)


def test_a_determination_that_is_not_parted_has_it_beside_itself_and_no_sum(stage: Stage) -> None:
    told(stage, line(42_000_000, "PJ/1"))
    (each,) = said = said_on(stage, world.TODAY)
    assert [each.estimate] == estimates(stage)
    assert determined.sums_of(said) == ()


def test_what_is_determined_here_has_our_estimate_beside_it_too(stage: Stage) -> None:
    determine(stage)
    (each,) = said_on(stage, world.TODAY)
    assert [each.estimate] == estimates(stage)
    assert str(each.benefit) == str(determined.BENEFITS[Benefit.WHOLE])


def test_an_earlier_day_does_not_know_an_estimate_that_was_made_later(stage: Stage) -> None:
    determine(stage)
    (then,), (now,) = said_on(stage, SAID), said_on(stage, world.TODAY)
    assert then.estimate is None
    assert now.estimate is not None


def test_an_event_before_there_was_law_is_taken_without_an_estimate(stage: Stage) -> None:
    determine(stage, date(2014, 8, 10))
    (each,) = said_on(stage, world.TODAY)
    assert (each.amount, each.estimate) == (42_000_000, None)


def test_what_is_no_death_benefit_gets_no_estimate(stage: Stage) -> None:
    determine(stage, programme=Programme.JKK)
    assert estimates(stage) == []
