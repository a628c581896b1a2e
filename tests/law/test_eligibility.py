"""Thirteen to not yet sixty-five."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lindung.law import eligibility
from lindung.law.months import age_on

ON = date(2026, 11, 22)


@given(st.dates(date(1920, 1, 1), ON), st.dates(date(2015, 7, 1), date(2030, 1, 1)))
def test_it_grants_exactly_from_thirteen_to_before_sixty_five(birth: date, on: date) -> None:
    decision = eligibility.bpu(birth_date=birth, on=on)
    assert decision.granted == (13 <= age_on(birth, on) < 65)
    assert bool(decision.what_would_change) == (not decision.granted and birth <= on)


def test_it_tells_what_would_change() -> None:
    decision = eligibility.bpu(birth_date=date(2014, 3, 1), on=ON)
    (change,) = decision.what_would_change
    assert change.id == "Lahir 1 Maret 2014: boleh didaftarkan mulai 1 Maret 2027, saat berumur 13 tahun."
    assert change.en == "Born on 1 March 2014: may be registered from 1 March 2027, at the age of 13."


def test_it_tells_when_sixty_five_was_reached() -> None:
    decision = eligibility.bpu(birth_date=date(1950, 3, 1), on=ON)
    assert decision.steps[0].sentence.en == (
        "76 years old on 22 November 2026: can no longer be registered, having reached 65 on 1 March 2015."
    )


@given(st.dates(date(2015, 7, 1), date(2030, 1, 1)), st.integers(0, 30_000), st.integers(-2, 2))
def test_it_judges_whole_lists_as_it_judges_one_person(on: date, days: int, near: int) -> None:
    births = eligibility.bpu_births(on=on)
    assert births.until is not None
    edges = [births.since, births.until]
    for birth in [date.fromordinal(on.toordinal() - days)] + [
        date.fromordinal(e.toordinal() + near) for e in edges
    ]:
        assert births.contains(birth) == eligibility.bpu(birth_date=birth, on=on).granted
