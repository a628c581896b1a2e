"""Deadlines: the last day, how late, and what it costs. The tables are in cases/deadlines*.toml."""

import re
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.law import deadlines, workdays
from lindung.law.asking_back import Contradiction, MissingFacts
from lindung.law.deadlines import Facts, clocks, deadline, last_day
from lindung.law.decision import Confidence, Decision
from lindung.law.money import NotAnAmount, percent, rupiah
from lindung.law.months import day_label
from lindung.law.questions import asking
from lindung.law.questions.fields import Unanswerable
from lindung.law.terms import UnknownTerm
from lindung.law.workdays import NoWorkingDay

MONDAY = date(2026, 11, 2)
PAID_LATE = ("jkm.pay", "jkk.pay", "jp.first_payment")

days = st.dates(date(2022, 10, 17), date(2027, 12, 31))
late_days = st.integers(0, 400)
amounts = st.integers(0, 10**12)
some_facts = st.builds(
    lambda clock, start, later, amount, holidays: Facts(
        clock, start, start + timedelta(days=later), amount, tuple(sorted(holidays))
    ),
    st.sampled_from([clock for clock in clocks() if clock != "registration.non_asn_forms"]),
    days,
    late_days,
    amounts,
    st.frozensets(days, max_size=3),
)


def ask(**facts: object) -> Decision:
    return asking.decide("deadline", {name.rstrip("_"): value for name, value in facts.items()})


def numbers_said(decision: Decision) -> set[str]:
    """The numbers read aloud; a note on what was not read may name regulations and their days."""
    said = " ".join(text.id for text in decision.sentences if text not in decision.unverified)
    return set(re.findall(r"Rp[\d.]*\d|\d+(?:,\d+)?%|\d+", said))


def numbers_known(decision: Decision) -> set[str]:
    """Every number of the steps, as it may be written: money, shares, counts, and the parts of a date."""
    known: set[str] = set()
    values: list[object] = [value for step in decision.steps for value in step.working.values()]
    values += [step.amount for step in decision.steps] + [other.total for other in decision.alternatives]
    for value in values:
        if isinstance(value, int):
            known |= {str(value), rupiah(value)}
        elif isinstance(value, str) and re.fullmatch(r"\d+/\d+", value):
            known.add(percent(Fraction(value)).id)
        elif isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            known |= set(re.findall(r"\d+", day_label(date.fromisoformat(value)).id))
    return known


class TestTheLastDay:
    def test_it_knows_every_clock_by_its_name(self) -> None:
        assert {"jkm.pay", "jht.notify", "settlement", "personal_data.breach"} <= set(clocks())
        assert not any("rate" in clock for clock in clocks())

    def test_it_does_not_count_the_day_itself(self) -> None:
        assert last_day(clock="jkm.pay", start=MONDAY).on == date(2026, 11, 5)

    def test_it_asks_the_calendar_that_is_given(self) -> None:
        def every_day(day: date) -> bool:
            return True

        assert last_day(clock="jkk.pay", start=MONDAY, is_working_day=every_day).on == date(2026, 11, 9)

    def test_it_says_article_and_confidence(self) -> None:
        found = last_day(clock="jht.pay", start=MONDAY)
        assert (found.citation.text.id, found.confidence) == ("PP 46/2015 Pasal 31", Confidence.READ_IN_LAW)
        assert (
            found.sentence.id
            == "BPJS Ketenagakerjaan membayar JHT paling lambat 5 hari kerja setelah berkas lengkap."
        )

    def test_it_refuses_a_calendar_without_working_days(self) -> None:
        def never(day: date) -> bool:
            return False

        with pytest.raises(NoWorkingDay):
            last_day(clock="jkm.pay", start=MONDAY, is_working_day=never)

    def test_it_refuses_a_clock_that_is_not_stored_and_names_those_that_are(self) -> None:
        with pytest.raises(UnknownTerm, match=r"jkm\.pay"):
            last_day(clock="jkm.denda", start=MONDAY)

    @settings(max_examples=10, deadline=None)
    @given(start=days, holidays=st.frozensets(days, max_size=20))
    def test_it_leaves_exactly_the_working_days_of_the_law(
        self, start: date, holidays: frozenset[date]
    ) -> None:
        works = workdays.working_days(holidays)
        on = last_day(clock="settlement", start=start, is_working_day=works).on
        between = [start + timedelta(days=day) for day in range(1, (on - start).days + 1)]
        assert works(on)
        assert sum(day.weekday() < 5 and day not in holidays for day in between) == 14


class TestMonthsOfDelay:
    @pytest.mark.parametrize(
        ("since", "until", "begun", "completed"),
        [
            (date(2026, 1, 15), date(2026, 1, 15), 0, 0),
            (date(2026, 1, 15), date(2026, 1, 14), 0, 0),
            (date(2026, 1, 15), date(2026, 1, 16), 1, 0),
            (date(2026, 1, 15), date(2026, 2, 15), 1, 1),
            (date(2026, 1, 15), date(2026, 2, 16), 2, 1),
            (date(2026, 1, 31), date(2026, 2, 28), 1, 1),
            (date(2026, 1, 31), date(2026, 3, 1), 2, 1),
        ],
    )
    def test_it_counts_those_begun_and_those_completed(
        self, since: date, until: date, begun: int, completed: int
    ) -> None:
        assert deadlines.months_begun(since, until) == begun
        assert deadlines.months_completed(since, until) == completed


class TestTheDecision:
    @settings(max_examples=10, deadline=None)
    @given(facts=some_facts)
    def test_it_is_the_sum_of_its_steps_and_replays_to_the_byte(self, facts: Facts) -> None:
        said = deadline(facts)
        assert said.total == sum(step.amount for step in said.steps) >= 0
        assert Decision.from_json(said.to_json()) == said
        assert deadline(facts, known=date(2026, 11, 22)).steps == said.steps

    @settings(max_examples=10, deadline=None)
    @given(facts=some_facts)
    def test_it_says_only_numbers_of_its_steps(self, facts: Facts) -> None:
        said = deadline(facts)
        assert numbers_said(said) - numbers_known(said) == set()

    @settings(max_examples=10, deadline=None)
    @given(clock=st.sampled_from(PAID_LATE), start=days, late=late_days, more=late_days, amount=amounts)
    def test_it_never_costs_less_to_be_later(
        self, clock: str, start: date, late: int, more: int, amount: int
    ) -> None:
        sooner, later = (
            deadline(Facts(clock, start, start + timedelta(days=after), amount))
            for after in (late, late + more)
        )
        assert sooner.total <= later.total
        assert all(other.total <= later.total for other in later.alternatives)

    def test_it_owes_nothing_for_a_clock_without_compensation(self) -> None:
        said = deadline(Facts("settlement", MONDAY, date(2027, 1, 4), 1_000_000))
        assert (said.total, said.alternatives) == (0, ())

    def test_it_names_the_fine_only_when_personal_data_was_late(self) -> None:
        in_time, late = (
            deadline(Facts("personal_data.access", MONDAY, date(2026, 11, day))) for day in (5, 6)
        )
        assert [step.key for step in in_time.steps][-1] == "deadline.lateness"
        assert [step.key for step in late.steps][-1] == "deadline.fine"

    def test_it_says_that_no_holidays_were_named(self) -> None:
        assert deadline(Facts("jkm.pay", MONDAY)).assumed == (workdays.ONLY_WEEKENDS,)
        assert not deadline(Facts("jkm.pay", MONDAY, holidays=())).assumed
        assert not deadline(Facts("jkm.pay", MONDAY, holidays=(date(2026, 12, 25),))).assumed
        assert not deadline(Facts("jp.confirm", MONDAY)).assumed

    def test_it_refuses_what_cannot_be(self) -> None:
        with pytest.raises(NotAnAmount):
            deadline(Facts("jkm.pay", MONDAY, MONDAY, -1))
        with pytest.raises(Contradiction):
            deadline(Facts("jkm.pay", MONDAY, date(2026, 11, 1), 1))
        with pytest.raises(MissingFacts):
            deadline(Facts("jkm.pay", MONDAY, date(2026, 11, 10)))


class TestTheQuestion:
    def test_it_takes_facts_in_any_order_and_in_capitals(self) -> None:
        one = ask(deadline="jkm.pay", from_="2026-11-02", done_on="2026-11-10", amount=42_000_000)
        other = ask(amount=42_000_000, done_on="2026-11-10", from_="2026-11-02", deadline="JKM.PAY")
        assert one.total == 2_100_000
        assert one.digest() == other.digest()

    def test_it_answers_with_the_last_day_and_how_late_it_was(self) -> None:
        facts = {"deadline": "jkm.pay", "from": "2026-11-02"}
        waiting = asking.answer("deadline", facts)
        late = asking.answer("deadline", facts | {"done_on": "2026-11-06", "amount": 1_000})
        assert (waiting["last_day"], waiting["days_late"], waiting["total"]) == ("2026-11-05", None, 0)
        assert (late["last_day"], late["days_late"], late["total"]) == ("2026-11-05", 1, 10)

    def test_it_takes_holidays_in_any_order_and_once_each(self) -> None:
        off = ["2026-11-05", "2026-11-04", "2026-11-05"]
        said = ask(deadline="jkm.pay", from_="2026-11-02", holidays=off)
        assert said.facts["holidays"] == ("2026-11-04", "2026-11-05")
        assert said.steps[1].working["last_day"] == "2026-11-09"

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"amount": 1.5}, "amount"),
            ({"amount": True}, "amount"),
            ({"amount": "1000"}, "amount"),
            ({"from": 20261102}, "from"),
            ({"from": "2015-06-30"}, "from"),
            ({"deadline": 3}, "deadline"),
            ({"holidays": ["2026-12-25", None]}, "holidays[1]"),
            ({"holidays": ["2026-12-25"] * 1001}, "holidays"),
            ({"denda": 1}, "denda"),
        ],
    )
    def test_it_names_the_field_at_fault(self, change: dict[str, Any], field: str) -> None:
        facts = {"deadline": "jkm.pay", "from": "2026-11-02", "done_on": "2026-11-10", "amount": 1_000}
        with pytest.raises(Unanswerable) as refusal:
            asking.decide("deadline", facts | change)
        assert [fault.field for fault in refusal.value.faults] == [field]
