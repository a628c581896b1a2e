"""The bar of an agreement's year: which months are paid, which have their money, and where it ends."""

from typing import NamedTuple

from lindung.law.months import Month
from lindung.web.funds import FundState, fund_months


class Year(NamedTuple):
    """The figures the bar needs."""

    since: Month = Month(2025, 6)
    budget_year: int = 2026
    paid_until: Month | None = None
    funds_until: Month | None = None
    shortfall_month: Month | None = None


def states(year: Year) -> str:
    """The twelve months as B(efore it began), P(aid), F(unded), S(hort) or N(one)."""
    return "".join(month.state[0].upper() for month in fund_months(year))


def test_it_shows_ten_paid_months_one_funded_and_a_short_december() -> None:
    year = Year(paid_until=Month(2026, 10), funds_until=Month(2026, 11), shortfall_month=Month(2026, 12))
    assert states(year) == "PPPPPPPPPPFS"


def test_it_shows_no_money_after_the_short_month() -> None:
    year = Year(paid_until=Month(2025, 12), funds_until=Month(2026, 3), shortfall_month=Month(2026, 4))
    assert states(year) == "FFFSNNNNNNNN"


def test_it_shows_a_year_in_which_the_money_reaches_for_no_month() -> None:
    assert states(Year(shortfall_month=Month(2026, 1))) == "SNNNNNNNNNNN"


def test_it_shows_a_year_that_is_paid_whole() -> None:
    assert states(Year(paid_until=Month(2027, 1), funds_until=Month(2026, 12))) == "P" * 12


def test_it_does_not_call_months_paid_before_the_agreement_began() -> None:
    year = Year(
        budget_year=2025,
        paid_until=Month(2025, 7),
        funds_until=Month(2025, 11),
        shortfall_month=Month(2025, 12),
    )
    assert states(year) == "BBBBBPPFFFFS"


def test_it_draws_the_months_side_by_side_in_order() -> None:
    months = fund_months(Year())
    assert [str(month.month) for month in months[:2]] == ["2026-01", "2026-02"]
    assert [month.x for month in months] == list(range(0, 360, 30))
    assert "".join(month.initial for month in months) == "JFMAMJJASOND"


def test_it_names_every_state_in_both_languages() -> None:
    assert all(state.label.id and state.label.en for state in FundState)
