"""When a budget year is payable: what is recorded, what is missing, whose turn it is; and the database agrees."""

from datetime import date

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import world
from database import at_once, refused
from lindung.contributions import billing
from lindung.contributions.prospect import budgeted
from lindung.law.months import Month
from lindung.partnership import agreements, budgets, readiness, year_papers
from lindung.partnership.agreement_pages import agreement_whole
from lindung.partnership.agreements import SegmentPlan
from lindung.partnership.budget_years import Turn, YearPaperKind
from lindung.partnership.models import Agreement, Budget, PayerKind, SourceOrigin
from lindung.partnership.readiness import YearReadiness

ON = date(2026, 11, 22)
GAP = 2028
"""The first year for which `world.agreement` records nothing but what spans years."""


@pytest.fixture
def jambi(db: None) -> world.City:
    return world.city()


def asked(place: world.City, promised: Agreement, year: int = GAP) -> YearReadiness:
    with place.acting():
        return readiness.year_readiness(agreement=promised, year=year, on=ON)


def missing(place: world.City, promised: Agreement, year: int = GAP) -> list[str]:
    return [item.kind.value for item in asked(place, promised, year).missing]


def record(place: world.City, promised: Agreement, kind: str, year: int = GAP, **more: object) -> int:
    code = {"dpa": "2.07.03"}.get(kind, "")
    with place.acting() as by:
        made = year_papers.record_year_paper(
            agreement_id=promised.pk, kind=kind, year=year, number=f"{kind}/{year}", signed_on=date(year - 2, 11, 2),
            budget_code=code, by=by, now=world.at(ON), **more,  # type: ignore[arg-type]  # last_year, when it differs
        )  # fmt: skip
    return int(made.pk)


class TestWhatIsNeeded:
    def test_public_money_needs_all_four(self, jambi: world.City) -> None:
        promised = world.agreement(jambi)
        found = asked(jambi, promised)
        assert [item.kind for item in found.items] == ["perwal", "sk", "pks", "dpa"]
        assert (found.ready, missing(jambi, promised)) == (False, ["perwal", "sk", "dpa"])

    def test_it_is_needed_by_the_due_day_of_the_first_month(self, jambi: world.City) -> None:
        """15 January 2028 is a Saturday: the next working day."""
        promised = world.agreement(jambi)
        assert asked(jambi, promised).needed_by == billing.due_on(agreement=promised, month=Month(GAP, 1))

    def test_private_money_needs_no_perwal_and_no_dpa(self, jambi: world.City) -> None:
        given_by_firms = world.agreement(jambi, payer=PayerKind.CSR)
        assert [item.kind for item in asked(jambi, given_by_firms).items] == ["sk", "pks"]

    def test_one_segment_paid_by_the_city_is_enough_to_need_them_all(self, jambi: world.City) -> None:
        promised = world.agreement(jambi, payer=PayerKind.BAZNAS)
        with jambi.acting() as by:
            source = agreements.add_source(
                sponsor_id=jambi.sponsor.pk, origin=SourceOrigin.DBH_TOBACCO, name="DBHCHT", by=by
            )
            plan = SegmentPlan("tembakau", "Petani tembakau", "Petani", 0, source.pk)
            agreements.add_segment(agreement_id=promised.pk, plan=plan, by=by)
        assert missing(jambi, promised) == ["perwal", "sk", "dpa"]

    def test_a_year_that_the_agreement_does_not_reach_needs_nothing(self, jambi: world.City) -> None:
        promised = world.agreement(jambi)
        world.set_end(jambi, promised, date(GAP, 1, 1))
        assert (asked(jambi, promised).ready, asked(jambi, promised).items) == (True, ())


class TestWhatIsRecorded:
    def test_each_paper_closes_its_gap_until_the_year_is_ready(self, jambi: world.City) -> None:
        promised = world.agreement(jambi)
        for kind in ("sk", "dpa", "perwal"):
            assert not asked(jambi, promised).ready
            record(jambi, promised, kind)
        assert asked(jambi, promised).ready

    def test_a_perwal_spans_the_years_it_names(self, jambi: world.City) -> None:
        promised = world.agreement(jambi)
        record(jambi, promised, "perwal", last_year=GAP + 2)
        assert ["perwal" in missing(jambi, promised, GAP + later) for later in range(4)] == [
            False,
            False,
            False,
            True,
        ]

    def test_a_paper_withdrawn_counts_no_more_and_may_be_recorded_again(self, jambi: world.City) -> None:
        promised = world.agreement(jambi)
        made = record(jambi, promised, "sk")
        with jambi.acting() as by:
            year_papers.withdraw_year_paper(year_paper_id=made, reason="Salah tahun", by=by, now=world.at(ON))
            with pytest.raises(year_papers.WithdrawnAlready):
                year_papers.withdraw_year_paper(year_paper_id=made, reason="lagi", by=by, now=world.at(ON))
        assert "sk" in missing(jambi, promised)
        record(jambi, promised, "sk")
        assert "sk" not in missing(jambi, promised)

    def test_somebody_s_desk_is_known_from_the_day_it_was_noted(self, jambi: world.City) -> None:
        promised = world.agreement(jambi)
        before = {item.kind: (item.turn, item.turn_since) for item in asked(jambi, promised).missing}
        assert before[YearPaperKind.DPA] == (Turn.PPTK, None)
        with jambi.acting() as by:
            for turn, day in ((Turn.PPK_SKPD, 3), (Turn.BPKAD, 17)):
                year_papers.pass_on(
                    agreement_id=promised.pk, kind=YearPaperKind.DPA, year=GAP, turn=turn,
                    since=date(2026, 11, day), by=by,
                )  # fmt: skip
        after = {item.kind: (item.turn, item.turn_since) for item in asked(jambi, promised).missing}
        assert after[YearPaperKind.DPA] == (Turn.BPKAD, date(2026, 11, 17))


class TestBilling:
    def test_a_month_of_a_year_that_is_not_ready_is_refused_with_what_is_missing(
        self, jambi: world.City
    ) -> None:
        promised = world.agreement(jambi)
        world.enrol(jambi, promised, world.SITI)
        record(jambi, promised, "perwal", last_year=GAP + 1)
        with pytest.raises(readiness.YearNotReady) as refusal:
            world.bill(jambi, promised, Month(GAP, 1))
        assert "SK, DPA" in refusal.value.text.id
        for kind in ("sk", "dpa"):
            record(jambi, promised, kind)
        assert world.bill(jambi, promised, Month(GAP, 1)).people == 1

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(kinds=st.sets(st.sampled_from(["perwal", "sk", "dpa"])))
    def test_the_page_and_the_database_always_agree(self, jambi: world.City, kinds: set[str]) -> None:
        with jambi.acting():
            number = Agreement.objects.count()
        promised = world.agreement(jambi, f"sama-{number}")
        world.enrol(jambi, promised, *world.crowd(1, after=number))
        for kind in kinds:
            record(jambi, promised, kind)
        if asked(jambi, promised).ready:
            assert world.bill(jambi, promised, Month(GAP, 1)).people == 1
        else:
            with pytest.raises(readiness.YearNotReady):
                world.bill(jambi, promised, Month(GAP, 1))


class TestMany:
    def test_it_asks_as_often_for_one_as_for_many(self, jambi: world.City) -> None:
        made = [world.agreement(jambi, f"k{number}") for number in range(4)]
        counts = []
        for chosen in (made[:1], made):
            with jambi.acting(), CaptureQueriesContext(connection) as queries:
                readiness.readiness_of(chosen, years=(2026, 2027, GAP), on=ON)
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestBudgets:
    def test_a_raise_is_added_and_nothing_is_rewritten(self, jambi: world.City) -> None:
        promised = world.agreement(jambi, budgets={2026: 1_000_000})
        with jambi.acting() as by:
            source = promised.funding_source_id
            budgets.raise_budget(
                agreement_id=promised.pk, funding_source_id=source, year=2026, amount=250_000, number="DPPA/2026",
                signed_on=date(2026, 9, 1), by=by, today=ON,
            )  # fmt: skip
            assert sorted(promised.budgets.values_list("amount", "raises")) == [
                (250_000, True),
                (1_000_000, False),
            ]
            with pytest.raises(budgets.NoBudgetYet):
                budgets.raise_budget(
                    agreement_id=promised.pk, funding_source_id=source, year=2029, amount=1, number="x",
                    signed_on=date(2026, 9, 1), by=by, today=ON,
                )  # fmt: skip
        with jambi.acting() as by, refused("budget_once_per_year"):
            budgets.record_budget(
                agreement_id=promised.pk, funding_source_id=source, year=2026, amount=5, by=by, today=ON
            )

    def test_a_wrong_one_is_withdrawn_and_recorded_anew(self, jambi: world.City) -> None:
        promised = world.agreement(jambi, budgets={2026: 10_000_000})
        with jambi.acting() as by:
            wrong = promised.budgets.get(year=2026)
            budgets.withdraw_budget(budget_id=wrong.pk, reason="Satu nol lebih", by=by, now=world.at(ON))
            budgets.record_budget(
                agreement_id=promised.pk, funding_source_id=promised.funding_source_id, year=2026,
                amount=1_000_000, by=by, today=ON,
            )  # fmt: skip
            assert budgeted(agreement=promised, year=2026) == 1_000_000
            assert agreement_whole(promised.pk, on=ON).budgets == ((2026, 1_000_000, "APBD"),)
            with pytest.raises(budgets.WithdrawnAlready):
                budgets.withdraw_budget(budget_id=wrong.pk, reason="Lagi", by=by, now=world.at(ON))
        bungo = world.city("bungo")
        with bungo.acting() as by, pytest.raises(Budget.DoesNotExist):
            budgets.withdraw_budget(budget_id=wrong.pk, reason="Lagi", by=by, now=world.at(ON))

    def test_two_cuts_at_once_do_not_take_the_same_money(self, fresh_database: str) -> None:
        jambi = world.city()
        promised = world.agreement(jambi, budgets={2026: 1_000_000})

        def cut(number: str) -> Budget:
            with jambi.acting() as by:
                return budgets.cut_budget(
                    agreement_id=promised.pk, funding_source_id=promised.funding_source_id, year=2026,
                    amount=600_000, number=number, signed_on=date(2026, 9, 1), by=by, today=ON,
                )  # fmt: skip

        found = at_once(lambda: cut("DPPA/1"), lambda: cut("DPPA/2"))
        assert sum(isinstance(each, Budget) for each in found) == 1
        assert sum(isinstance(each, IntegrityError) for each in found) == 1

    @pytest.mark.parametrize(
        ("origin", "payer"),
        [
            ("dbh_sawit", "apbd"),
            ("dbhcht", "apbd"),
            ("bkbk", "village"),
            ("sertakan", "other"),
            ("csr", "csr"),
        ],
    )
    def test_each_origin_is_one_payer_to_the_law(self, jambi: world.City, origin: str, payer: str) -> None:
        with jambi.acting() as by:
            made = agreements.add_source(
                sponsor_id=jambi.sponsor.pk, origin=SourceOrigin(origin), name=origin, by=by
            )
        assert made.kind == payer


class TestThePks:
    def test_one_that_has_run_out_is_missing_until_an_addendum_carries_it_on(self, jambi: world.City) -> None:
        """Signed for 2025 and 2026; the addendum of December prolongs the agreement, and its PKS with it."""
        promised = world.agreement(jambi, pks_until=date(2027, 1, 1))
        assert ("pks" in missing(jambi, promised, 2026), "pks" in missing(jambi, promised, 2027)) == (
            False,
            True,
        )
        world.set_end(jambi, promised, date(2029, 1, 1))
        assert "pks" not in missing(jambi, promised, 2027)

    def test_one_that_ends_within_the_year_says_so(self, jambi: world.City) -> None:
        promised = world.agreement(jambi, pks_until=date(2026, 7, 1))
        world.enrol(jambi, promised, world.SITI)
        (pks,) = [item for item in asked(jambi, promised, 2026).items if item.kind == "pks"]
        assert pks.recorded
        assert pks.note is not None
        assert "1 Juli 2026" in pks.note.id
        assert world.bill(jambi, promised, Month(2026, 6)).people == 1
        with pytest.raises(readiness.YearNotReady):
            world.bill(jambi, promised, Month(2026, 7))
