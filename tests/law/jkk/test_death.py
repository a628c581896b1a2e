"""Death by an accident at work and total disability: never below the floor, never less for a higher wage."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.law.jkk.benefit import benefit
from lindung.law.jkk.facts import Ending, Facts
from lindung.law.terms import Segment

NEW_LAW = date(2019, 12, 2)

wages = st.integers(1, 10**12)
days = st.sampled_from([date(2015, 7, 1), date(2019, 12, 1), NEW_LAW, date(2019, 12, 3), date(2026, 11, 22)])


def budi(event: date, ending: Ending, wage: int) -> Facts:
    return Facts(Segment.PU, event, ending, wage=wage, months_in_arrears=0, children=(), has_heirs=True)


@settings(max_examples=10)
@given(days, wages)
def test_it_pays_48_wages_and_no_less_than_the_jkm_lump_sum(event: date, wage: int) -> None:
    said = benefit(budi(event, Ending.DEATH, wage))
    floor, rest = (20_000_000, 22_000_000) if event >= NEW_LAW else (16_200_000, 7_800_000)
    assert said.amount("jkk.death") == max(48 * wage, floor)
    assert said.total == max(48 * wage, floor) + rest


@settings(max_examples=10)
@given(days, wages)
def test_it_pays_56_wages_for_total_disability(event: date, wage: int) -> None:
    said = benefit(budi(event, Ending.TOTAL_DISABILITY, wage))
    assert said.total == 56 * wage + (12_000_000 if event >= NEW_LAW else 4_800_000)
    assert said.unverified == ()


@settings(max_examples=10)
@given(days, wages, st.sampled_from([Ending.DEATH, Ending.TOTAL_DISABILITY]), st.integers(1, 10**6))
def test_it_never_pays_less_for_a_higher_wage_or_a_later_law(
    event: date, wage: int, ending: Ending, more: int
) -> None:
    total = benefit(budi(event, ending, wage)).total
    assert total <= benefit(budi(event, ending, wage + more)).total
    assert total <= benefit(budi(date(2026, 11, 22), ending, wage)).total


def test_it_says_the_floor_where_it_binds() -> None:
    said = benefit(budi(NEW_LAW, Ending.DEATH, 400_000))
    floor = next(step for step in said.steps if step.key == "jkk.death.floor")
    assert floor.amount == 800_000
    assert floor.sentence.en == (
        "The death grant is at least the JKM lump sum of Rp20.000.000: Rp800.000 is added."
    )
    assert floor.citation.text.en == "PP 82/2019 Article I number 3"
