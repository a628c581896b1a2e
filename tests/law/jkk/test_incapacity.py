"""How long somebody could not work, and what it pays: recomputed another way, and with every slip refused."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.law.asking_back import Contradiction
from lindung.law.jkk import incapacity
from lindung.law.jkk.benefit import benefit
from lindung.law.jkk.facts import Absence, Ending, Facts
from lindung.law.terms import Segment

ACCIDENT = date(2026, 1, 31)
LATER = date(2019, 12, 2)

cuts = st.lists(st.integers(0, 900), min_size=2, max_size=6, unique=True).map(sorted)


def siti(event: date, *absences: Absence, base: int = 1_000_000) -> Facts:
    return Facts(Segment.BPU, event, Ending.RECOVERED, base=base, incapacity=absences)


def absences(event: date, days: list[int]) -> tuple[Absence, ...]:
    """Every second stretch between the given days is spent at work."""
    pieces = [Absence(event + timedelta(one), event + timedelta(other)) for one, other in pairwise(days)]
    return tuple(pieces[::2])


def months_one_by_one(absence: Absence) -> tuple[int, int]:
    """Whole months and days left, found by walking; an independent recomputation."""
    month, day = 0, absence.since
    while True:
        year, index = divmod(absence.since.year * 12 + absence.since.month + month, 12)
        last = (date(year + (index + 1) // 12, (index + 1) % 12 + 1, 1) - timedelta(1)).day
        following = date(year, index + 1, min(absence.since.day, last))
        if following > absence.until:
            return month, (absence.until - day).days
        month, day = month + 1, following


def paid(time: Fraction, event: date, base: int) -> Fraction:
    """The whole benefit, exactly, by months counted down."""
    bands = [(6, Fraction(1)), (6, Fraction(1) if event >= LATER else Fraction(3, 4))]
    total = Fraction(0)
    for length, rate in bands:
        total += min(time, Fraction(length)) * rate * base
        time = max(time - length, Fraction(0))
    return total + time * base / 2


@settings(max_examples=10)
@given(st.sampled_from([LATER - timedelta(1), LATER, ACCIDENT]), cuts, st.integers(1_000_000, 20_700_000))
def test_it_pays_what_counting_month_by_month_gives(event: date, days: list[int], base: int) -> None:
    away = absences(event, days)
    said = benefit(siti(event, *away, base=base))
    walked = [months_one_by_one(one) for one in away]
    time = sum(months + Fraction(left, 30) for months, left in walked)
    assert [incapacity.length(one) for one in away] == walked
    assert said.total == int(paid(Fraction(time), event, base) + Fraction(1, 2))
    assert said.total == said.amount("jkk.incapacity")


@settings(max_examples=10)
@given(cuts, st.integers(1, 400))
def test_it_never_pays_less_for_a_longer_absence(days: list[int], more: int) -> None:
    away = absences(ACCIDENT, days)
    longer = (*away[:-1], away[-1]._replace(until=away[-1].until + timedelta(more)))
    assert benefit(siti(ACCIDENT, *away)).total <= benefit(siti(ACCIDENT, *longer)).total


@settings(max_examples=10)
@given(st.integers(2, 900), st.data())
def test_it_does_not_matter_in_how_many_pieces_an_absence_is_written(days: int, data: st.DataObject) -> None:
    whole = Absence(ACCIDENT, ACCIDENT + timedelta(days))
    middle = ACCIDENT + timedelta(data.draw(st.integers(1, days - 1)))
    pieces = (Absence(middle, whole.until), Absence(whole.since, middle))
    assert benefit(siti(ACCIDENT, *pieces)).steps == benefit(siti(ACCIDENT, whole)).steps


@settings(max_examples=10)
@given(cuts, st.data())
def test_it_refuses_overlaps_in_any_order(days: list[int], data: st.DataObject) -> None:
    away = absences(ACCIDENT, days)
    shared = data.draw(st.sampled_from(away))
    doubled = data.draw(st.permutations([*away, shared]))
    with pytest.raises(Contradiction) as refused:
        benefit(siti(ACCIDENT, *doubled))
    assert refused.value.code == "overlap"


def test_it_says_the_last_day_off_not_the_first_day_of_work() -> None:
    said = benefit(siti(ACCIDENT, Absence(ACCIDENT, date(2026, 3, 1))))
    assert said.steps[1].sentence.id == (
        "Tidak mampu bekerja dari 31 Januari 2026 sampai dengan 28 Februari 2026: 1 bulan 1 hari."
    )
    assert said.steps[1].sentence.en == (
        "Unable to work from 31 January 2026 up to and including 28 February 2026: 1 month 1 day."
    )
