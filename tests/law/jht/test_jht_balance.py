"""The savings account (JHT): the same balance as an account kept apart from the product, month by month."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.law.decision import Decision
from lindung.law.jht import account as jht_account
from lindung.law.jht.account import Contribution, Facts, NothingPaid, YieldMissing
from lindung.law.money import NotAnAmount, rupiah
from lindung.law.months import Month

ON = date(2019, 8, 20)
MONTHS = st.builds(Month, st.integers(2016, 2018), st.integers(1, 12))
PAID = st.lists(st.builds(Contribution, MONTHS, st.integers(0, 5_000_000)), min_size=1, max_size=20)
RATES = st.fixed_dictionaries(
    {year: st.builds(Fraction, st.integers(0, 1500), st.just(10_000)) for year in range(2016, 2020)}
)


def kept_apart(facts: Facts) -> int:
    """Exact fractions, one month after the other, halves up at the end of each."""
    held = Fraction(0)
    year, month = 2016, 1
    while (year, month) <= (facts.on.year, facts.on.month):
        after = date(year + month // 12, month % 12 + 1, 1)
        if after <= date.fromordinal(facts.on.toordinal() + 1):
            held += int(held * facts.yields[year] / 12 + Fraction(1, 2))
        held += sum(one.amount for one in facts.contributions if tuple(one.month) == (year, month))
        year, month = after.year, after.month
    return int(held)


@settings(max_examples=10, deadline=None)
@given(paid=PAID, yields=RATES, on=st.dates(date(2018, 12, 1), date(2019, 12, 31)))
def test_it_holds_what_an_account_kept_apart_holds(
    paid: list[Contribution], yields: dict[int, Fraction], on: date
) -> None:
    facts = Facts(tuple(paid), yields, on)
    said = jht_account.balance(facts)
    assert said.total == kept_apart(facts)
    assert said.amount("jht.contributions") == sum(one.amount for one in paid)
    assert said.steps[-1].working["closing"] == said.total
    assert rupiah(said.total) in said.steps[-1].sentence.id
    assert (
        jht_account.balance(facts._replace(contributions=tuple(reversed(paid)))).to_json() == said.to_json()
    )
    assert Decision.from_json(said.to_json()) == said


@settings(max_examples=10, deadline=None)
@given(paid=PAID, yields=RATES, more=st.integers(0, 10_000_000))
def test_it_never_holds_less_for_who_paid_more(
    paid: list[Contribution], yields: dict[int, Fraction], more: int
) -> None:
    facts = Facts(tuple(paid), yields, ON)
    richer = Facts((*paid, Contribution(Month(2018, 3), more)), yields, ON)
    assert jht_account.balance(richer).total >= jht_account.balance(facts).total + more


def test_it_opens_every_year_with_what_the_last_one_closed() -> None:
    facts = Facts(
        (Contribution(Month(2016, 11), 1_000_000),),
        {2016: Fraction(719, 10_000), 2017: Fraction(6, 100), 2018: Fraction(6, 100)},
        date(2018, 12, 31),
    )
    said = jht_account.balance(facts)
    closed = [step.working["closing"] for step in said.steps if step.key.startswith("jht.balance.")]
    opened = [step.working["opening"] for step in said.steps if step.key.startswith("jht.contributions.")]
    assert opened == [0, *closed[:-1]]
    assert [step.key for step in said.steps][:3] == [
        "jht.contributions.2016", "jht.yield.2016", "jht.balance.2016",
    ]  # fmt: skip


def test_it_asks_only_for_the_yields_it_needs() -> None:
    december = (Contribution(Month(2016, 12), 1),)
    assert jht_account.years_with_yield(Facts(december, {}, date(2017, 1, 30))) == ()
    assert jht_account.years_with_yield(Facts(december, {}, date(2017, 1, 31))) == (2017,)
    assert jht_account.years_with_yield(Facts(december, {}, date(2018, 1, 31))) == (2017, 2018)


def test_it_computes_nothing_without_its_facts() -> None:
    paid = (Contribution(Month(2016, 1), 1),)
    with pytest.raises(YieldMissing, match="2016") as why:
        jht_account.balance(Facts(paid, {}, date(2016, 12, 31)))
    assert why.value.year == 2016
    for contributions in ((), (Contribution(Month(2017, 1), 1),)):
        with pytest.raises(NothingPaid):
            jht_account.balance(Facts(contributions, {}, date(2016, 12, 31)))
    with pytest.raises(NotAnAmount):
        jht_account.balance(Facts((Contribution(Month(2016, 1), -1),), {}, date(2016, 1, 31)))
    with pytest.raises(NotAnAmount):
        jht_account.balance(Facts(paid, {2016: Fraction(-1, 100)}, date(2016, 12, 31)))


def test_it_keeps_no_yield_of_its_own() -> None:
    """The announced yields only warn: without a typed rate there is no balance."""
    paid = (Contribution(Month(2016, 1), 1),)
    with pytest.raises(YieldMissing):
        jht_account.balance(Facts(paid, {2017: Fraction(1, 100)}, date(2016, 12, 31)))
