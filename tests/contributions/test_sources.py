"""How long each source lasts: the same as the agreement's own money where there is one, and apart where there are two."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import employers
import world
from contributions.conftest import Place
from database import as_loader
from lindung.access.models import Role
from lindung.access.scope import SystemScope, system_scope
from lindung.contributions import bill_pages, billing, bills, sources
from lindung.contributions.models import Bill
from lindung.contributions.prospect import budgeted, prospect, year_costs
from lindung.contributions.shares import shares_of
from lindung.contributions.sources import AgreementMoney
from lindung.law.months import Month, months_from
from lindung.membership import changes
from lindung.membership.models import Membership, Work
from lindung.partnership import agreements, budgets
from lindung.partnership.agreements import SegmentPlan
from lindung.partnership.models import Agreement, Segment, SourceOrigin
from lindung.partnership.papers import NewQuota
from lindung.partnership.runway import Runway, runway

ON = date(2026, 6, 20)


def money(place: Place, promised: Agreement, on: date = ON) -> AgreementMoney:
    with place.city.acting(on=on):
        return sources.money_of([promised], on=on)[promised.pk]


@pytest.mark.parametrize("on", [date(2025, 6, 20), date(2025, 12, 31), date(2026, 1, 1), ON])
def test_with_one_source_it_says_what_the_agreement_says(jambi: Place, on: date) -> None:
    promised = world.agreement(jambi.city, "satu", budgets={2025: 5 * world.PRICE, 2026: 11 * world.PRICE})
    world.enrol(jambi.city, promised, *world.crowd(1))
    world.pay_months(jambi.city, promised, Month(2025, 6), Month(2025, 8))
    with jambi.city.acting(on=on):
        costs, expected = month_by_month(promised, on)
    found = money(jambi, promised, on)
    assert (found.year, found.monthly) == (on.year, costs.get(Month.of(on), 0))
    assert [found.runway, *(part.runway for part in found.sources)] == [expected, expected]


def month_by_month(promised: Agreement, on: date) -> tuple[dict[Month, int], Runway]:
    """The year added up month by month, without looking at sources; the same as the outlook for one agreement."""
    first = max(Month(on.year, 1), Month.of(promised.since))
    drawn = {Month.of(bill.month): bill.total for bill in Bill.objects.filter(agreement=promised)}
    costs = [
        (month, drawn.get(month) or billing.expected(agreement=promised, month=month))
        for month in months_from(first, Month(on.year, 12))
    ]
    assert year_costs(agreement=promised, year=on.year) == costs
    budget = budgeted(agreement=promised, year=on.year)
    return dict(costs), runway(budget=budget, costs=costs)


def two_sources(place: Place) -> tuple[Agreement, int]:
    """One worker paid by the APBD, two by CSR money under the same agreement; the id of the CSR source."""
    promised = world.agreement(place.city, "dua", budgets={2026: 12 * world.PRICE})
    with place.city.acting() as by:
        source = agreements.add_source(
            sponsor_id=place.city.sponsor.pk, origin=SourceOrigin.CSR, name="CSR Sawit Makmur", by=by
        )
        plan = SegmentPlan("csr", "Petani mitra", "Petani", 0, source.pk)
        segment = agreements.add_segment(agreement_id=promised.pk, plan=plan, by=by)
        budgets.record_budget(
            agreement_id=promised.pk,
            funding_source_id=source.pk,
            year=2026,
            amount=100_800,
            by=by,
            today=world.TODAY,
        )
    world.amend(place.city, promised, NewQuota(segment.pk, was=0, quota=5))
    return promised, source.pk


def test_two_sources_are_counted_apart_and_each_by_its_own_law(jambi: Place) -> None:
    """CSR money is relieved from April to December 2026 (PP 50/2025): Rp16.800, then Rp8.400; APBD money never."""
    promised, csr = two_sources(jambi)
    farmer = _member(jambi, promised, "csr", jambi.siti, since=Month(2026, 1))
    found = {part.source.name: part for part in money(jambi, promised).sources}
    assert farmer.segment.funding_source_id == csr
    assert (found["APBD"].monthly, found["CSR Sawit Makmur"].monthly) == (0, 8_400)
    # Three months at Rp16.800 and six at Rp8.400 are Rp100.800: until September to the rupiah.
    reached = found["CSR Sawit Makmur"].runway
    assert (reached.paid_in_full, reached.short, reached.shortfall) == (
        Month(2026, 9),
        Month(2026, 10),
        8_400,
    )
    assert money(jambi, promised).monthly == 8_400


def _member(place: Place, promised: Agreement, segment: str, person: int, *, since: Month) -> Membership:
    """A second work of a person, in the named segment."""
    with system_scope(SystemScope.ENROLLING, actor=place.city.actor()):
        event, held = world.event(place.city), Segment.objects.get(agreement=promised, code=segment)
        with as_loader():
            work = Work.objects.create(person_id=person, kind="bpu", occupation="farmer", event_id=event)
            return Membership.objects.create(
                person_id=person,
                work=work,
                agreement=promised,
                segment=held,
                sponsor=place.city.sponsor,
                kelurahan_code=world.THE_HOK,
                programmes=promised.programmes,
                registered_on=since.first_day(),
                since=since.first_day(),
                slot=2,
                event_id=event,
            )


def test_a_wage_earner_costs_the_wage_that_holds_in_each_month(jambi: Place) -> None:
    """Also in months whose bill is not drawn, and for a segment that other money pays."""
    unit = employers.unit(jambi.city)
    promised, _ = employers.employ(jambi.city, unit, world.STRANGER, employers.DEWI)
    with jambi.city.acting(on=date(2026, 2, 20)) as by:
        changes.change_wage(
            membership_id=promised.membership_id, since=Month(2026, 7), basis="daily", amount=120_000,
            by=by, now=world.at(date(2026, 2, 20)),
        )  # fmt: skip
    for month in (Month(2026, 6), Month(2026, 7)):
        with jambi.city.acting():
            agreement = Agreement.objects.select_related("funding_source").get(pk=unit.agreement_id)
            expected = billing.expected(agreement=agreement, month=month)
            _, reaches = month_by_month(agreement, month.first_day())
        found = money(jambi, agreement, month.first_day())
        assert (found.monthly, found.runway) == (expected, reaches)


def test_who_sees_one_kelurahan_reads_the_money_of_the_whole_agreement(jambi: Place) -> None:
    """Pak Budi lives elsewhere, and costs as much."""
    with jambi.city.acting(Role.KELURAHAN_OPERATOR, on=ON):
        assert sources.money_of([jambi.agreement], on=ON)[jambi.agreement.pk].monthly == 2 * world.PRICE


def test_a_bill_says_what_each_source_pays(jambi: Place) -> None:
    """Each line counts for the money of its segment; together they make the whole bill."""
    promised, _ = two_sources(jambi)
    _member(jambi, promised, "dua", jambi.budi, since=Month(2025, 6))
    _member(jambi, promised, "csr", jambi.siti, since=Month(2025, 6))
    drawn = world.bill(jambi.city, promised, Month(2025, 6))
    expected = (("APBD", "apbd", 1, world.PRICE), ("CSR Sawit Makmur", "csr", 1, world.PRICE))
    for role in (Role.FINANCE_OFFICER, Role.KELURAHAN_OPERATOR):
        with jambi.city.acting(role, on=ON):
            assert bills.page_of(drawn.pk, on=ON).sources == expected
    with jambi.city.acting(Role.FINANCE_OFFICER, on=ON):
        assert bill_pages.bill_whole(drawn.pk).sources == expected
    assert sum(share[3] for share in expected) == drawn.total


def test_a_bill_of_one_source_has_one_share(jambi: Place) -> None:
    drawn = world.bill(jambi.city, jambi.agreement, Month(2025, 6))
    with jambi.city.acting():
        assert shares_of(Bill.objects.get(pk=drawn.pk)) == (("APBD", "apbd", 2, 2 * world.PRICE),)


def test_the_outlook_of_a_list_counts_the_whole_agreement_for_every_reader(jambi: Place) -> None:
    """With the third worker it costs Rp50.400 a month, whether or not the reader sees who lives in Legok."""
    promised = world.agreement(jambi.city, "luas", budgets={2026: 6 * 3 * world.PRICE})
    one, other = world.crowd(2)
    world.enrol(jambi.city, promised, one, other._replace(kelurahan_code=world.BUDI.kelurahan_code))
    reached = []
    for role in (Role.CITY_OFFICER, Role.KELURAHAN_OPERATOR):
        with jambi.city.acting(role, on=ON):
            held = Agreement.objects.select_related("funding_source").get(pk=promised.pk)
            found = prospect(agreement=held, joining={"other": 1}, first_month=Month(2026, 1))
            reached.append((found.monthly_cost, found.runway.paid_in_full))
    assert reached == [(world.PRICE, Month(2026, 6))] * 2


def test_who_would_join_a_segment_is_priced_by_its_money(jambi: Place) -> None:
    """From April 2026 CSR money is relieved, APBD money is not."""
    promised, _ = two_sources(jambi)
    with jambi.city.acting():
        held = Agreement.objects.select_related("funding_source").get(pk=promised.pk)
        costs = {
            segment.code: prospect(
                agreement=held, joining={"other": 1}, first_month=Month(2026, 4), segment=segment
            ).monthly_cost
            for segment in held.segments.select_related("funding_source")
        }
    assert costs == {"dua": world.PRICE, "csr": 8_400}


def test_it_asks_as_often_for_one_as_for_many(jambi: Place) -> None:
    made = [world.agreement(jambi.city, f"k{number}") for number in range(4)]
    counts = []
    for chosen in (made[:1], made):
        with jambi.city.acting(on=ON), CaptureQueriesContext(connection) as queries:
            sources.money_of(chosen, on=ON)
        counts.append(len(queries))
    assert counts[0] == counts[1]
