"""The clocks of an accident: 2 x 24 hours to the minute, the conclusion, the payment, the lapse."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.law.decision import Decision
from lindung.law.jkk.reporting import Facts, Moment, claimed_too_late, lapses_on, report
from lindung.law.parameter import in_force
from lindung.law.reading import Reading
from lindung.law.terms import Segment, UnknownTerm
from lindung.law.values import NoLawForDate

events = st.dates(date(2015, 7, 1), date(2040, 1, 1))
minutes = st.none() | st.integers(min_value=0, max_value=1439)
segments = st.sampled_from([Segment.PU, Segment.BPU, Segment.CONSTRUCTION])


def lapse(event: date, diagnosed: date | None = None, *, known: date | None = None) -> date:
    return lapses_on(Reading(in_force(), on=event, known=known), event, diagnosed).last_day


@settings(max_examples=8)
@given(events, minutes, st.integers(min_value=0, max_value=200))
def test_it_counts_hours_over_midnight(day: date, minute: int | None, hours: int) -> None:
    later = Moment(day, minute).plus_hours(hours)
    if minute is None:
        assert later == Moment(day + timedelta(days=hours // 24))
    else:
        assert later.minute is not None
        passed = (later.day - day).days * 1440 + later.minute - minute
        assert passed == hours * 60


@settings(max_examples=8)
@given(events, minutes, minutes, st.integers(min_value=0, max_value=5), segments)
def test_it_never_takes_a_later_report_for_less_late(
    day: date, at: int | None, reported_at: int | None, days: int, segment: Segment
) -> None:
    def late(reported: Moment) -> bool:
        decided = report(Facts(segment, Moment(day, at), reported=reported))
        return decided.steps[0].working["late"] is True

    done = Moment(day + timedelta(days=days), reported_at)
    assert late(done) <= late(Moment(done.day + timedelta(days=1), reported_at))
    assert late(done) == (
        days > 2 or (days == 2 and at is not None and reported_at is not None and reported_at > at)
    )


@settings(max_examples=8)
@given(events, events)
def test_it_lets_nobody_lose_the_right_earlier_for_a_later_accident(one: date, other: date) -> None:
    first, second = sorted((one, other))
    assert first < lapse(first) <= lapse(second)


@settings(max_examples=8)
@given(events, st.integers(min_value=0, max_value=3000), segments)
def test_it_refuses_exactly_after_the_last_day(event: date, days: int, segment: Segment) -> None:
    claimed = event + timedelta(days=days)
    decided = report(Facts(segment, Moment(event), claimed_on=claimed))
    assert decided.granted == (claimed <= lapse(event))
    assert decided.total == 0
    assert Decision.from_json(decided.to_json()) == decided
    assert decided.digest() == report(Facts(segment, Moment(event), claimed_on=claimed)).digest()


@pytest.mark.parametrize(
    ("event", "last"),
    [
        ("2017-12-01", "2019-12-01"),
        ("2017-12-02", "2022-12-02"),
        ("2019-12-01", "2024-12-01"),
        ("2019-12-02", "2024-12-02"),
        ("2020-02-29", "2025-02-28"),
    ],
)
def test_it_gives_five_years_where_the_right_had_not_lapsed(event: str, last: str) -> None:
    assert lapse(date.fromisoformat(event)) == date.fromisoformat(last)


def test_it_counts_a_disease_from_its_diagnosis() -> None:
    assert lapse(date(2016, 1, 1), date(2020, 1, 1)) == date(2025, 1, 1)


def test_it_replays_the_two_years_known_before_the_change() -> None:
    assert lapse(date(2018, 5, 1), known=date(2019, 12, 1)) == date(2020, 5, 1)


def test_it_tells_ibu_siti_why_her_claim_is_too_late() -> None:
    reading = Reading(in_force(), on=date(2015, 8, 1))
    found = lapses_on(reading, date(2015, 8, 1))
    refusal = claimed_too_late(reading, found, date(2017, 8, 2))
    assert refusal is not None
    assert (
        refusal.fact.id
        == "Diminta 2 Agustus 2017, sesudah hari terakhir 1 Agustus 2017: hak atas manfaat JKK sudah gugur."
    )
    assert claimed_too_late(reading, found, date(2017, 8, 1)) is None


def test_it_pays_by_the_holidays_that_are_named_and_keeps_them() -> None:
    facts = Facts(Segment.BPU, Moment(date(2026, 6, 1)), complete_on=date(2026, 6, 5))
    unnamed, none, one = (report(facts._replace(holidays=days)) for days in (None, (), (date(2026, 6, 16),)))
    assert [said.steps[2].working["last_day"] for said in (unnamed, none, one)] == [
        "2026-06-16",
        "2026-06-16",
        "2026-06-17",
    ]
    assert [said.facts["holidays"] for said in (unnamed, none, one)] == [None, (), ("2026-06-16",)]
    assert [len(said.assumed) for said in (unnamed, none, one)] == [1, 0, 0]


def test_it_writes_a_moment_with_its_hour() -> None:
    assert str(Moment(date(2026, 5, 1), 5)) == "2026-05-01T00:05"
    assert Moment(date(2026, 5, 1), 875).label.id == "1 Mei 2026 pukul 14.35"


def test_it_knows_no_reports_of_migrant_workers() -> None:
    with pytest.raises(UnknownTerm):
        report(Facts(Segment.MIGRANT, Moment(date(2026, 5, 1))))


def test_it_refuses_a_day_before_the_first_law() -> None:
    with pytest.raises(NoLawForDate):
        report(Facts(Segment.PU, Moment(date(2015, 6, 30))))
