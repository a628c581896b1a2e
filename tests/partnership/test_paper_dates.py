"""Which dates a paper can bear: nobody signs tomorrow, and nobody signed before there was anything to sign."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import agreed
import world
from lindung.partnership import agreements, budgets, papers, readiness, year_papers
from lindung.partnership.models import Agreement, Paper
from lindung.partnership.paper_dates import (
    SignedLater,
    SignedTooEarly,
    recorded_on,
    require_dated,
    require_dated_for,
)
from lindung.partnership.papers import NewEnd

TODAY = world.TODAY
NOW = world.at(TODAY)
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def jambi(db: None) -> world.City:
    return world.city()


def of_2028(place: world.City, promised: Agreement, kind: str, signed_on: date, year: int = 2028) -> None:
    with place.acting() as by:
        year_papers.record_year_paper(
            agreement_id=promised.pk, kind=kind, year=year, number=f"{kind}/1", signed_on=signed_on,
            budget_code="2.07.03" if kind == "dpa" else "", by=by, now=NOW,
        )  # fmt: skip


class TestTheJanuaryGap:
    @pytest.mark.parametrize("kind", ["perwal", "sk", "dpa"])
    def test_it_is_not_closed_by_a_paper_of_the_future(self, jambi: world.City, kind: str) -> None:
        """An SK of 20 February 2027 cannot be on the desk on 22 November 2026."""
        promised = world.agreement(jambi)
        with pytest.raises(SignedLater) as refusal:
            of_2028(jambi, promised, kind, date(2027, 2, 20))
        assert (refusal.value.code, refusal.value.field) == ("paper.signed_in_the_future", "signed_on")
        assert "22 November 2026" in refusal.value.text.id
        with jambi.acting():
            gap = readiness.year_readiness(agreement=promised, year=2028, on=TODAY)
            assert kind in [item.kind.value for item in gap.missing]

    @pytest.mark.parametrize("kind", ["perwal", "sk", "dpa"])
    def test_it_is_not_closed_by_a_paper_of_1900(self, jambi: world.City, kind: str) -> None:
        promised = world.agreement(jambi)
        with pytest.raises(SignedTooEarly) as refusal:
            of_2028(jambi, promised, kind, date(1900, 1, 1))
        assert (refusal.value.code, refusal.value.field) == ("paper.signed_too_early", "signed_on")

    def test_a_decree_is_signed_two_years_before_its_year_at_the_earliest(self, jambi: world.City) -> None:
        promised = world.agreement(jambi)
        of_2028(jambi, promised, "sk", date(2026, 1, 1))
        with pytest.raises(SignedTooEarly):
            of_2028(jambi, promised, "dpa", date(2025, 12, 31))

    def test_the_legal_base_of_many_years_may_be_older(self, jambi: world.City) -> None:
        """A Perwal of 2020 may be recorded for 2028: it is not made anew for each year."""
        of_2028(jambi, world.agreement(jambi), "perwal", date(2020, 3, 2))

    def test_today_is_the_offices_day(self) -> None:
        """At half past midnight in Jambi it is still yesterday by the clock of Greenwich."""
        assert recorded_on(datetime(2026, 11, 22, 17, 30, tzinfo=UTC)) == date(2026, 11, 23)


class TestPapersOfAnAgreement:
    @pytest.mark.parametrize("kind", ["mou", "pks", "sk", "addendum"])
    def test_none_is_signed_after_today(self, jambi: world.City, kind: str) -> None:
        promised = world.agreement(jambi)
        entry = agreed.pks("baru", TOMORROW)._replace(kind=kind)
        with jambi.acting() as by, pytest.raises(SignedLater):
            papers.record_paper(
                agreement_id=promised.pk,
                entry=entry,
                by=by,
                now=NOW,
                changes=[NewEnd(None, date(2030, 1, 1))],
            )
        with jambi.acting():
            assert not Paper.objects.filter(number=entry.number).exists()
            assert Agreement.objects.get(pk=promised.pk).until is None

    def test_an_agreement_is_not_signed_by_a_pks_of_the_future(self, jambi: world.City) -> None:
        with jambi.acting() as by:
            source = world.agreement(jambi).funding_source_id
            terms = agreements.Terms("Baru", jambi.office.pk, source, ("jkk",), date(2027, 1, 1))
            plan = agreements.SegmentPlan("semua", "Semua", "Buruh", 3)
            made = agreements.draft_agreement(
                code="baru", sponsor_id=jambi.sponsor.pk, branch_id=jambi.branch.pk, terms=terms, segments=(plan,),
                by=by, now=NOW,
            )  # fmt: skip
            agreements.submit(agreement_id=made.pk, by=by, now=NOW)
            with pytest.raises(SignedLater):
                agreements.record_signed(
                    agreement_id=made.pk, paper=agreed.pks("baru", date(2027, 6, 1)), by=by, now=NOW
                )
            assert Agreement.objects.get(pk=made.pk).state == "in_review"

    @pytest.mark.parametrize(
        ("kind", "first"),
        [("mou", date(2014, 1, 1)), ("pks", date(2014, 1, 1)), ("sk", date(2015, 1, 1)), ("addendum", date(2015, 1, 1))],
    )  # fmt: skip
    def test_none_is_older_than_what_it_is_about(self, kind: str, first: date) -> None:
        require_dated(signed_on=first, kind=kind, on=TODAY)
        with pytest.raises(SignedTooEarly):
            require_dated(signed_on=first - timedelta(days=1), kind=kind, on=TODAY)

    def test_it_keeps_the_day_it_was_recorded(self, jambi: world.City) -> None:
        promised = world.agreement(jambi)
        with jambi.acting() as by:
            made = papers.record_paper(
                agreement_id=promised.pk, entry=agreed.pks("lagi", TODAY), by=by, now=NOW
            )
        assert made.recorded_on == TODAY


class TestBudgets:
    def test_money_is_not_granted_by_a_paper_of_the_future(self, jambi: world.City) -> None:
        promised = world.agreement(jambi, budgets={2026: 1_000_000})
        money = {
            "agreement_id": promised.pk,
            "funding_source_id": promised.funding_source_id,
            "number": "DPPA/1",
        }
        for year, act in ((2027, budgets.record_budget), (2026, budgets.raise_budget)):
            with jambi.acting() as by, pytest.raises(SignedLater):
                act(**money, year=year, amount=5, signed_on=TOMORROW, by=by, today=TODAY)  # type: ignore[operator]  # either takes these

    @given(
        st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(2015, 1, 1), date(2090, 1, 1)), st.integers(2015, 2100)
    )  # fmt: skip
    @settings(max_examples=50)
    def test_a_date_is_taken_only_between_its_first_day_and_today(
        self, signed_on: date, on: date, year: int
    ) -> None:
        try:
            require_dated_for(signed_on=signed_on, kind="dpa", year=year, on=on)
        except (SignedLater, SignedTooEarly):
            assert signed_on > on or signed_on.year < max(2015, year - 2)
        else:
            assert signed_on <= on
            assert signed_on.year >= max(2015, year - 2)
