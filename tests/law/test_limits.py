"""The limits that register and bill must keep, read by date from the stored law."""

from datetime import date

import pytest

from lindung.law import limits
from lindung.law.parameter import in_force
from lindung.law.terms import UnknownTerm
from lindung.law.values import Law, NoLawForDate

TODAY, BEFORE_ALL_LAW = date(2026, 11, 22), date(2015, 6, 30)


def with_jkm_limit(months: int) -> Law:
    """The stored law with another limit of arrears for the JKM of non-wage earners."""
    stored, id = in_force(), "arrears.bpu.jkm.months"
    value = stored.parameters[id].values[0]._replace(value=months)
    changed = stored.parameters[id]._replace(values=(value,))
    return Law({**stored.parameters, id: changed}, stored.reliefs)


@pytest.mark.parametrize("segment", ["pu", "bpu"])
@pytest.mark.parametrize("programmes", [("jkk",), ("jkm",), ("jkk", "jkm"), ("jkk", "jkm", "jht")])
def test_it_allows_three_unpaid_months(segment: str, programmes: tuple[str, ...]) -> None:
    assert limits.arrears_months(segment=segment, programmes=programmes, on=TODAY) == 3


def test_it_takes_the_strictest_of_the_programmes() -> None:
    law = with_jkm_limit(2)
    for programmes, months in ((("jkk", "jkm"), 2), (("jkk",), 3), (("jht", "jkm"), 2)):
        assert limits.arrears_months(segment="bpu", programmes=programmes, on=TODAY, law=law) == months


def test_it_has_no_limit_for_savings_which_are_never_lost() -> None:
    with pytest.raises(UnknownTerm):
        limits.arrears_months(segment="bpu", programmes=("jht",), on=TODAY)


def test_it_lets_a_non_wage_earner_register_two_works_and_pay_a_year_ahead() -> None:
    assert limits.bpu_occupations(on=TODAY) == 2
    assert limits.months_ahead(on=TODAY) == 12


def test_it_refuses_a_day_before_the_first_law() -> None:
    with pytest.raises(NoLawForDate):
        limits.arrears_months(segment="bpu", programmes=("jkk",), on=BEFORE_ALL_LAW)
    with pytest.raises(NoLawForDate):
        limits.bpu_occupations(on=BEFORE_ALL_LAW)
    with pytest.raises(NoLawForDate):
        limits.months_ahead(on=BEFORE_ALL_LAW)
