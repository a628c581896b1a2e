"""What the rules on construction, migrant work, advance payment, lateness and wages refuse, by their own names."""

from datetime import date

import pytest

from lindung.law.contributions import advance, construction, lateness, migrants, settlement, wages
from lindung.law.money import NotAnAmount
from lindung.law.months import Month
from lindung.law.terms import Programme, Segment, UnknownTerm
from lindung.law.values import NoLawForDate
from lindung.law.workdays import NoWorkingDay

NOVEMBER = Month(2026, 11)
TODAY = date(2026, 11, 22)


def never(day: date) -> bool:
    return False


def test_it_needs_wages_or_a_contract_value_and_not_both() -> None:
    with pytest.raises(construction.NoBase):
        construction.contribution(month=NOVEMBER)
    with pytest.raises(construction.NoBase):
        construction.contribution(month=NOVEMBER, wages=0, contract_value=0)


def test_it_has_no_old_age_saving_in_construction() -> None:
    with pytest.raises(UnknownTerm, match="jkk, jkm"):
        construction.contribution(month=NOVEMBER, wages=1, programmes=["jht"])


def test_it_refuses_negative_money_everywhere() -> None:
    fact = lateness.Facts(Segment.PU, Programme.JKK, -1, NOVEMBER, TODAY)
    for attempt in (
        lambda: construction.contribution(month=NOVEMBER, wages=-1),
        lambda: construction.contribution(month=NOVEMBER, contract_value=-1),
        lambda: migrants.contribution(migrants.Facts(NOVEMBER, jht_saving=-1)),
        lambda: lateness.fine(fact),
        lambda: settlement.settle(settlement.Facts(-1, 0, NOVEMBER)),
        lambda: settlement.settle(settlement.Facts(0, -1, NOVEMBER)),
        lambda: wages.monthly(basic=-1, on=TODAY),
        lambda: wages.monthly(basic=1, fixed_allowance=-1, on=TODAY),
        lambda: wages.daily(daily_wage=-1, on=TODAY),
        lambda: wages.averaged(kind=wages.WageKind.PIECE, earnings=[1, 1, -1], on=TODAY),
    ):
        with pytest.raises(NotAnAmount):
            attempt()


@pytest.mark.parametrize(
    "facts",
    [
        migrants.Facts(NOVEMBER, contract_months=7),
        migrants.Facts(NOVEMBER, contract_months=0, extension=True),
        migrants.Facts(NOVEMBER, contract_months=12, individual=True),
    ],
)
def test_it_sells_migrants_only_what_the_list_has(facts: migrants.Facts) -> None:
    with pytest.raises(migrants.NotListed):
        migrants.contribution(facts)


def test_it_sells_an_individual_the_contract_that_costs_the_same() -> None:
    facts = migrants.Facts(NOVEMBER, contract_months=24, individual=True)
    assert migrants.contribution(facts).total == 332_500


def test_it_names_the_periods_that_may_be_paid_at_once() -> None:
    with pytest.raises(advance.NotAPeriod, match="2, 3, 6, 12"):
        advance.bpu(month=NOVEMBER, months=4, programmes=["jkk"], payer="self")


def test_it_knows_no_fine_where_it_knows_no_due_day() -> None:
    for segment, programme in ((Segment.MIGRANT, Programme.JKK), (Segment.BPU, Programme.JKP)):
        with pytest.raises(UnknownTerm):
            lateness.fine(lateness.Facts(segment, programme, 1, NOVEMBER, TODAY))


def test_it_refuses_a_calendar_without_working_days() -> None:
    with pytest.raises(NoWorkingDay):
        settlement.settle(settlement.Facts(1, 2, NOVEMBER, received_on=TODAY), is_working_day=never)
    with pytest.raises(NoWorkingDay):
        lateness.fine(lateness.Facts(Segment.PU, Programme.JKK, 1, NOVEMBER, TODAY), is_working_day=never)


def test_it_needs_the_months_that_are_averaged() -> None:
    with pytest.raises(wages.TooFewMonths, match="12 bulan"):
        wages.averaged(kind=wages.WageKind.WEATHER, earnings=[1] * 11, on=TODAY)


def test_it_refuses_days_before_the_law() -> None:
    before = date(2015, 6, 30)
    for attempt in (
        lambda: wages.monthly(basic=1, on=before),
        lambda: wages.daily(daily_wage=1, on=before),
        lambda: construction.contribution(month=Month(2015, 6), wages=1),
        lambda: migrants.contribution(migrants.Facts(Month(2023, 9), individual=True)),
        lambda: advance.bpu(month=Month(2015, 6), months=2, programmes=["jkm"], payer="self"),
    ):
        with pytest.raises(NoLawForDate):
            attempt()
