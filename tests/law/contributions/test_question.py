"""Questions about contributions, asked with named facts: exact sums, sentences that hide nothing, and named
faults."""

import re
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.law.decision import Decision, Step
from lindung.law.money import percent, rupiah
from lindung.law.months import Month, months_from
from lindung.law.questions import asking
from lindung.law.questions.fields import Unanswerable
from lindung.law.terms import Payer, RiskClass

MONTHS = st.sampled_from([str(month) for month in months_from(Month(2015, 7), Month(2027, 6))])
LISTED = st.sampled_from([str(month) for month in months_from(Month(2023, 10), Month(2027, 6))])
MONEY = st.integers(0, 10**8) | st.integers(0, 10**13)
PAYERS = st.sampled_from([one.value for one in Payer])
RISKS = st.sampled_from([one.value for one in RiskClass])


def some(*programmes: str) -> Any:
    return st.lists(st.sampled_from(programmes), min_size=1, unique=True)


BPU = st.fixed_dictionaries(
    {
        "segment": st.just("BPU"),
        "month": MONTHS,
        "payer": PAYERS,
        "sector": st.sampled_from(["transport", "other"]),
    },  # fmt: skip
    optional={
        "income": MONEY,
        "programmes": some("JKK", "JKM", "JHT"),
        "months": st.sampled_from([1, 2, 3, 6, 12]),
    },
)
PU = st.fixed_dictionaries(
    {
        "segment": st.just("PU"), "month": MONTHS, "wage": MONEY, "risk_class": RISKS,
        "programmes": some("JKK", "JKM", "JHT", "JP"),
    },
    optional={"labour_intensive": st.booleans(), "paid_on": st.sampled_from(["2025-12-01", "2026-07-01"])},
)  # fmt: skip
CONSTRUCTION = st.one_of(
    st.fixed_dictionaries({"segment": st.just("construction"), "month": MONTHS, "wage": MONEY}),
    st.fixed_dictionaries(
        {"segment": st.just("construction"), "month": MONTHS, "contract_value": MONEY},
        optional={"contract_months": st.integers(1, 60)},
    ),
)
MIGRANT = st.fixed_dictionaries(
    {"segment": st.just("migrant"), "month": LISTED, "contract_months": st.sampled_from([6, 12, 24])},
    optional={"before_departure": st.booleans(), "extension": st.booleans()},
)
ANY = st.one_of(BPU, PU, CONSTRUCTION, MIGRANT)
QUESTIONS = st.one_of(
    st.tuples(st.just("contribution"), ANY),
    st.tuples(
        st.just("fine"),
        st.fixed_dictionaries(
            {
                "segment": st.just("PU"), "programme": st.sampled_from(["JKK", "JKM", "JHT", "JP"]),
                "amount": MONEY, "month": MONTHS,
                "paid_on": st.dates(date(2015, 1, 1), date(2030, 1, 1)).map(date.isoformat),
            }
        ),
    ),
    st.tuples(
        st.just("settlement"), st.fixed_dictionaries({"due": MONEY, "paid": MONEY, "month": MONTHS})
    ),
    st.tuples(
        st.just("wage"),
        st.fixed_dictionaries(
            {
                "kind": st.sampled_from(["piece", "weather"]), "on": st.just("2026-11-22"),
                "earnings": st.lists(MONEY, min_size=12, max_size=14),
            }
        ),
    ),
)  # fmt: skip
MONEY_SAID = re.compile(r"Rp[0-9][0-9.]*[0-9]|Rp[0-9]")
SHARE_SAID = re.compile(r"[0-9][0-9,]*%")


@settings(max_examples=10, deadline=None)
@given(QUESTIONS)
def test_it_says_only_numbers_that_stand_in_the_step(question: tuple[str, dict[str, Any]]) -> None:
    for step in decided(*question).steps:
        assert set(MONEY_SAID.findall(step.sentence.id)) <= amounts(step)
        assert set(SHARE_SAID.findall(step.sentence.id)) <= shares(step)
        assert set(MONEY_SAID.findall(step.sentence.en)) == set(MONEY_SAID.findall(step.sentence.id))


def decided(name: str, facts: dict[str, Any]) -> Decision:
    return asking.decide(name, facts)


def amounts(step: Step) -> set[str]:
    whole = [value for value in step.working.values() if isinstance(value, int)]
    return {rupiah(abs(amount)) for amount in (step.amount, *whole)}


def shares(step: Step) -> set[str]:
    rates = [step.working.get(name) for name in ("rate", "cut")]
    return {percent(Fraction(rate)).id for rate in rates if isinstance(rate, str)}


@settings(max_examples=10, deadline=None)
@given(ANY)
def test_it_parts_the_bill_without_a_rupiah_left_over(facts: dict[str, Any]) -> None:
    answer: Any = asking.answer("contribution", facts)
    parts = answer["contributions"].values()
    assert answer["total"] == sum(part["total"] for part in parts)
    assert answer["total"] == sum(step["amount"] for step in answer["steps"]) >= 0
    for part in parts:
        assert part["total"] == part["employer"] + part["worker"]
        assert min(part.values()) >= 0
    assert Decision.from_json(decided("contribution", facts).to_json()).digest() == answer["hash"]


@settings(max_examples=8, deadline=None)
@given(QUESTIONS, st.randoms(use_true_random=False))
def test_it_answers_the_same_bytes_in_whatever_order_the_facts_come(
    question: tuple[str, dict[str, Any]], chance: Any
) -> None:
    name, facts = question
    shuffled = list(facts.items())
    chance.shuffle(shuffled)
    assert decided(name, dict(shuffled)).to_json() == decided(name, facts).to_json()


@settings(max_examples=8, deadline=None)
@given(st.sampled_from(["wage", "contract_value"]), MONTHS, MONEY, MONEY)
def test_it_costs_no_less_to_insure_more_construction(base: str, month: str, one: int, other: int) -> None:
    less, more = (
        decided("contribution", {"segment": "construction", "month": month, base: amount}).total
        for amount in sorted((one, other))
    )
    assert less <= more


@settings(max_examples=8, deadline=None)
@given(MONEY, st.dates(date(2026, 1, 1), date(2028, 1, 1)), st.integers(0, 400))
def test_it_fines_no_less_for_paying_later(amount: int, paid_on: date, days: int) -> None:
    later = date.fromordinal(paid_on.toordinal() + days)
    sooner, after = (
        decided(
            "fine",
            {
                "segment": "PU", "programme": "JKK", "amount": amount, "month": "2026-06",
                "paid_on": day.isoformat(),
            },
        )
        for day in (paid_on, later)
    )  # fmt: skip
    assert sooner.total <= after.total
    assert all(other.total <= after.total for other in after.alternatives)


def test_it_costs_several_months_what_they_cost_one_by_one() -> None:
    for month in ("2026-01", "2026-04", "2026-08", "2026-11", "2027-01"):
        facts: dict[str, Any] = {
            "segment": "BPU", "month": month, "payer": "self", "sector": "transport",
            "programmes": ["JKK", "JKM", "JHT"],
        }  # fmt: skip
        singly = [
            decided("contribution", facts | {"month": str(Month.parse(month).plus(later))}).total
            for later in range(12)
        ]
        for months in (2, 3, 6, 12):
            at_once = decided("contribution", facts | {"months": months})
            assert at_once.total == sum(singly[:months])


def test_it_replays_what_was_known_before_a_relief() -> None:
    facts = {"segment": "BPU", "month": "2026-11", "payer": "self"}
    assert decided("contribution", facts | {"known": "2025-12-21"}).total == 16_800
    assert decided("contribution", facts | {"known": "2025-12-22"}).total == 8_400
    assert decided("contribution", facts).total == 8_400


@settings(max_examples=10, deadline=None)
@given(PU, st.booleans())
def test_it_tells_a_due_day_wherever_a_programme_stands_on_the_bill(facts: dict[str, Any], jkp: bool) -> None:
    answer: Any = asking.answer("contribution", facts | {"jkp_member": jkp})
    assert set(answer["due"]) >= set(answer["contributions"])
    assert set(answer["due"]) - set(answer["contributions"]) <= set(facts["programmes"])
    assert jkp or "JKP" not in answer["contributions"]


def test_it_tells_in_plain_words_that_there_was_no_jkp_yet() -> None:
    facts = {"segment": "PU", "month": "2021-01", "wage": 3_000_000, "programmes": ["JKP"]}
    with pytest.raises(Unanswerable) as why:
        decided("contribution", facts)
    (fault,) = why.value.faults
    assert fault.message.id == (
        "month: untuk Januari 2021 belum ada aturan JKP. Hapus JKP dari programmes, atau tulis bulan sesudahnya."
    )
    assert fault.message.en == (
        "month: there was no rule on JKP for January 2021 yet. Remove JKP, or give a later month."
    )
    assert decided("contribution", facts | {"month": "2021-02"}).total == 7_200


def test_it_keeps_the_holidays_among_the_facts() -> None:
    facts = {"segment": "BPU", "month": "2026-02", "payer": "apbd", "holidays": ["2026-02-17", "2026-02-16"]}
    said = decided("contribution", facts)
    assert said.facts["holidays"] == ("2026-02-16", "2026-02-17")
    assert {step.working["on"] for step in said.steps if step.belongs_to("due")} == {"2026-02-18"}


BAD: list[Any] = [
    None,
    -1,
    1.5,
    "1000000",
    "1.000.000",
    True,
    [],
    {},
    1571010101900001,
    "2026-02-30",
    "besok",
]
SOUND: dict[str, dict[str, Any]] = {
    "contribution": {
        "segment": "PU", "month": "2026-11", "programmes": ["JKK", "JKP"], "wage": 3_000_000,
        "risk_class": "low", "payer": "employer", "jkp_member": True, "labour_intensive": False,
        "paid_on": "2026-12-01", "holidays": ["2026-12-25"], "known": "2026-11-22",
    },
    "fine": {"segment": "PU", "programme": "JKK", "amount": 1, "month": "2026-11", "paid_on": "2026-12-20"},
    "settlement": {"due": 1, "paid": 2, "month": "2026-11", "received_on": "2026-11-20"},
    "wage": {"kind": "piece", "earnings": [1, 2, 3], "on": "2026-11-22"},
}  # fmt: skip
MAY_BE_ABSENT = {
    "programmes", "jkp_member", "labour_intensive", "payer", "paid_on", "holidays", "known", "received_on",
}  # fmt: skip


def harmless(field: str, value: object) -> bool:
    if value is None:
        return field in MAY_BE_ABSENT
    return (value is True and field in ("jkp_member", "labour_intensive")) or (
        value == [] and field == "holidays"
    )


@pytest.mark.parametrize(("name", "field"), [(name, field) for name in SOUND for field in SOUND[name]])
def test_it_names_the_field_of_every_bad_fact(name: str, field: str) -> None:
    for bad in BAD:
        if harmless(field, bad):
            continue
        with pytest.raises(Unanswerable) as why:
            decided(name, SOUND[name] | {field: bad})
        assert [fault.field.partition("[")[0] for fault in why.value.faults] == [field], (field, bad)


def test_it_answers_the_sound_facts_those_bad_ones_stand_in() -> None:
    for name, facts in SOUND.items():
        assert decided(name, facts).granted
