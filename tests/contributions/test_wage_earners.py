"""What a wage earner costs, who pays it when it is due, and that arrears never end the cover: PU beside BPU."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import employers
import world
from lindung.access.models import Role
from lindung.contributions import billing
from lindung.contributions.cover import CoverState, cover_of
from lindung.contributions.many_standings import covered_by_agreement
from lindung.contributions.models import BillLine, PaidMonth, TariffDecision
from lindung.contributions.prospect import prospect
from lindung.contributions.sources import money_of
from lindung.law import contributions as law
from lindung.law.decision import Decision
from lindung.law.months import Month
from lindung.ledger.models import Posting
from lindung.membership.employment import EmployerUnit
from lindung.membership.intake import SegmentNotChosen
from lindung.partnership import agreements
from lindung.partnership.agreements import SegmentPlan
from lindung.partnership.models import Agreement, SourceOrigin
from lindung.partnership.papers import NewQuota
from world import BUDI, SITI, STRANGER, City

JUNE, JULY = Month(2025, 6), Month(2025, 7)
COST = 15_525 + 8_625 + 163_875
"""Of 2,875,000: JKK 0.54 %, JKM 0.30 %, JHT 5.7 %."""


@pytest.fixture
def jambi(db: None) -> City:
    return world.city()


@pytest.fixture
def unit(jambi: City) -> EmployerUnit:
    made = employers.unit(jambi)
    employers.employ(jambi, made, SITI)
    return made


class TestBilling:
    def test_one_tariff_is_stored_for_each_wage_and_names_nobody(
        self, jambi: City, unit: EmployerUnit
    ) -> None:
        employers.employ(jambi, unit, BUDI)
        employers.join(jambi, unit.agreement_id, STRANGER, wage="120000")
        bill = world.bill(jambi, unit.agreement, JUNE)
        with jambi.acting():
            assert bill.total == 2 * COST + 196_200
            stored = TariffDecision.objects.filter(pk__in=BillLine.objects.values("tariff"))
            facts = [Decision.from_json(each.decision).facts for each in stored.order_by("total")]
        assert [fact["wage"] for fact in facts] == [2_875_000, 3_000_000]
        assert not {"name", "nik", "person"} & set(facts[0])

    def test_the_money_of_jht_goes_to_its_fund(self, jambi: City, unit: EmployerUnit) -> None:
        world.pay(jambi, unit.agreement, JUNE)
        with jambi.acting():
            sums = {
                each.account.code: each.amount
                for each in Posting.objects.select_related("account").filter(account__kind="fund")
            }
            assert sums == {"fund:jkk": 15_525, "fund:jkm": 8_625, "fund:jht": 163_875}
            assert PaidMonth.objects.filter(programme="jht").get().amount == 163_875

    def test_a_segment_with_its_own_source_is_priced_by_that_money(self, jambi: City) -> None:
        """Workers paid by Baznas keep the relief of PP 50/2025 that workers paid by APBD lose."""
        rentan, april = world.agreement(jambi), Month(2026, 4)
        with jambi.acting() as officer:
            baznas = agreements.add_source(
                sponsor_id=jambi.sponsor.pk, origin=SourceOrigin.BAZNAS, name="Baznas Kota", by=officer
            )
            plan = SegmentPlan("zakat", "Zakat", "Buruh", 0, baznas.pk)
            zakat = agreements.add_segment(agreement_id=rentan.pk, plan=plan, by=officer)
        world.amend(jambi, rentan, NewQuota(zakat.pk, was=0, quota=10))
        with pytest.raises(SegmentNotChosen):
            employers.join(jambi, rentan.pk, SITI)
        with pytest.raises(SegmentNotChosen):
            employers.join(jambi, rentan.pk, SITI, segment="bukan")
        employers.join(jambi, rentan.pk, SITI, segment="rentan")
        employers.join(jambi, rentan.pk, BUDI, segment="zakat")
        bill = world.bill(jambi, rentan, april)
        with jambi.acting():
            amounts = BillLine.objects.filter(bill=bill).values_list("amount", flat=True)
            assert sorted(amounts) == [8_400, 16_800]
            assert "Baznas Kota" in cover_of(world.person_id(BUDI), on=world.TODAY).works[0].payer.en

    @settings(max_examples=30, deadline=None)
    @given(wage=st.integers(1_000, 60_000_000))
    def test_the_parts_are_the_whole(self, wage: int) -> None:
        decision = law.pu(
            month=JUNE, wage=wage, risk_class="low", programmes=("jkk", "jkm", "jht"), payer="apbd"
        )
        parts = [decision.amount(part) for part in ("jkk", "jkm", "jht.employer", "jht.worker")]
        assert sum(parts) == decision.total

    def test_the_outlook_follows_each_wage(self, jambi: City, unit: EmployerUnit) -> None:
        with jambi.acting():
            agreement = Agreement.objects.select_related("funding_source").get(pk=unit.agreement_id)
            assert billing.expected(agreement=agreement, month=JUNE) == COST
            more = prospect(agreement=agreement, joining={3_000_000: 2}, first_month=JULY)
        assert more.monthly_cost == 2 * 196_200


class TestCover:
    def test_nobody_is_covered_before_the_first_contribution(self, jambi: City, unit: EmployerUnit) -> None:
        assert self.state(jambi, date(2025, 6, 20)) is CoverState.PROPOSED

    def test_a_paid_month_protects_by_three_programmes(self, jambi: City, unit: EmployerUnit) -> None:
        world.pay(jambi, unit.agreement, JUNE)
        with jambi.acting():
            cover = cover_of(world.person_id(SITI), on=date(2025, 7, 15))
        assert cover.state is CoverState.PROTECTED
        assert cover.works[0].programmes == ("jkk", "jkm", "jht")
        assert cover.works[0].at_risk_from == date(2025, 8, 16), "July is due on 15 August"
        assert cover.works[0].lapses_on is None

    @pytest.mark.parametrize("on", [date(2025, 9, 30), date(2026, 6, 30), date(2030, 1, 1)])
    def test_arrears_never_end_it(self, jambi: City, unit: EmployerUnit, on: date) -> None:
        """PP 44/2015 Pasal 38 and 41: the worker stays covered, only who pays first changes."""
        world.pay(jambi, unit.agreement, JUNE)
        assert self.state(jambi, on) is CoverState.AT_RISK
        with jambi.acting():
            assert covered_by_agreement(on=on, agreements=[unit.agreement]) == {unit.agreement_id: 1}
            said = " ".join(
                step.text.en for step in cover_of(world.person_id(SITI), on=on).works[0].next_steps
            )
        assert "the employer pays the benefit first" in said
        assert "there is no JKK benefit" not in said
        assert "JHT savings are not lost" in said

    def test_a_death_is_paid_whole_from_the_first_month(self, jambi: City, unit: EmployerUnit) -> None:
        """The waiting time of Permenaker 1/2025 is for non-wage earners."""
        world.pay(jambi, unit.agreement, JUNE)
        with jambi.acting():
            steps = cover_of(world.person_id(SITI), on=date(2025, 7, 1)).works[0].next_steps
        death = next(step for step in steps if "death today" in step.when.en)
        assert "Rp42.000.000" in death.text.en

    def test_both_works_stand_side_by_side(self, jambi: City, unit: EmployerUnit) -> None:
        """Kerja ganda: as a BPU she lapses after more than three months, as a wage earner she does not."""
        rentan = world.agreement(jambi)
        employers.join(jambi, rentan.pk, SITI)
        for promised in (rentan, unit.agreement):
            world.pay(jambi, promised, JUNE)
        with jambi.acting():
            cover = cover_of(world.person_id(SITI), on=date(2026, 3, 1))
        assert sorted(work.state for work in cover.works) == [CoverState.AT_RISK, CoverState.LAPSED]
        assert cover.state is CoverState.AT_RISK

    def test_the_treasurer_sees_what_it_costs(self, jambi: City, unit: EmployerUnit) -> None:
        with jambi.acting(Role.FINANCE_OFFICER, on=date(2025, 7, 1)):
            money = money_of([unit.agreement], on=date(2025, 7, 1))
        assert money[unit.agreement_id].monthly == COST

    @staticmethod
    def state(jambi: City, on: date) -> CoverState:
        with jambi.acting():
            return cover_of(world.person_id(SITI), on=on).state
