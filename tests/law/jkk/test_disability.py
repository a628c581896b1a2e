"""What lasting injuries give: sides, functions, tens, several together, and what cannot be assessed."""

import re
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lindung.law.decision import Step
from lindung.law.jkk import losses
from lindung.law.jkk.disability import TABLE, Eyes, Injury, UnfitInjury, binocular_efficiency, check, partial
from lindung.law.money import NotAnAmount, Rounding, share
from lindung.law.parameter import in_force
from lindung.law.questions import asking
from lindung.law.questions.fields import Unanswerable
from lindung.law.reading import Reading

WHOLE = Fraction(1)
codes = st.sampled_from(list(losses.LABELS))
bases = st.integers(min_value=0, max_value=30_000_000)
parts = st.fractions(min_value=Fraction(1, 3), max_value=1, max_denominator=60)
AMOUNT = re.compile(r"Rp([0-9.]*[0-9])")


def reading() -> Reading:
    return Reading(in_force(), on=date(2026, 5, 10))


def given_for(*injuries: Injury, base: int = 1_000_000, left_handed: bool = False) -> tuple[Step, ...]:
    functional = any(one.loss != 1 and one.code not in losses.RANGED for one in injuries)
    return partial(reading(), injuries, left_handed=left_handed, base=base, functional=functional)


def total(*injuries: Injury, base: int = 1_000_000, left_handed: bool = False) -> int:
    return sum(step.amount for step in given_for(*injuries, base=base, left_handed=left_handed))


def test_it_has_words_for_every_line_of_the_table_and_no_others() -> None:
    assert {row.key for row in reading().table(TABLE).rows} == set(losses.LABELS)
    assert set(losses.MOST) | losses.BANDS | losses.RANGED <= set(losses.LABELS)
    held = {part for parts in losses.HOLDS.values() for part in parts}
    assert held | set(losses.HOLDS) <= set(losses.LABELS)
    assert not set(losses.UNLISTED) & set(losses.LABELS)


def test_it_says_every_line_in_words_of_its_own() -> None:
    assert len(set(losses.LABELS.values())) == len(losses.LABELS)
    assert not any("SIDE" in label.id + label.en for label in losses.LABELS.values())


@pytest.mark.parametrize("code", list(losses.LABELS))
def test_it_knows_the_other_side_of_every_line(code: str) -> None:
    other = losses.other_side(code)
    assert other in losses.LABELS
    assert losses.other_side(other) == code
    assert (other != code) == bool({"left", "right"} & set(code.split("_")))


@settings(max_examples=8)
@given(codes, bases)
def test_it_gives_a_left_handed_worker_the_value_of_the_other_side(code: str, base: int) -> None:
    swapped = total(Injury(code, WHOLE), base=base, left_handed=True)
    assert swapped == total(Injury(losses.other_side(code), WHOLE), base=base)


@settings(max_examples=8)
@given(codes, bases, st.integers(min_value=1, max_value=1_000_000))
def test_it_never_gives_less_for_a_higher_wage(code: str, base: int, more: int) -> None:
    assert total(Injury(code, WHOLE), base=base) <= total(Injury(code, WHOLE), base=base + more)


@settings(max_examples=8)
@given(codes, parts, parts, bases)
def test_it_never_gives_less_for_a_greater_loss(code: str, one: Fraction, other: Fraction, base: int) -> None:
    assume(code not in losses.MEASURED)
    less, more = sorted((one, other))
    assert total(Injury(code, less), base=base) <= total(Injury(code, more), base=base)


@settings(max_examples=8)
@given(st.lists(codes, min_size=1, max_size=6, unique=True), bases)
def test_it_never_gives_more_than_total_disability(chosen: list[str], base: int) -> None:
    held = any(part in losses.HOLDS.get(whole, ()) for whole in chosen for part in chosen)
    injuries = tuple(Injury(code, WHOLE) for code in chosen)
    if held:
        with pytest.raises(UnfitInjury):
            total(*injuries, base=base)
    else:
        assert total(*injuries, base=base) <= 56 * base


@settings(max_examples=15)
@given(st.lists(st.tuples(codes, parts), min_size=1, max_size=5, unique_by=lambda one: one[0]), bases)
def test_it_rounds_several_injuries_once(chosen: list[tuple[str, Fraction]], base: int) -> None:
    injuries = tuple(Injury(code, WHOLE if code in losses.MEASURED else part) for code, part in chosen)
    try:
        given_all = total(*injuries, base=base)
    except UnfitInjury:
        return
    table = reading().table(TABLE)
    rates = sum((Fraction(table.row(one.code).value) * one.loss for one in injuries), Fraction(0))
    assert given_all == share(base, min(rates, Fraction(7, 10)) * 80, Rounding.HALF_UP)


@settings(max_examples=8)
@given(st.sampled_from(sorted(losses.COUNTED)), st.data(), bases)
def test_it_counts_fingers_and_toes_listed_one_by_one(code: str, data: st.DataObject, base: int) -> None:
    count = data.draw(st.integers(2, losses.MOST[code]))
    listed = tuple(Injury(code, WHOLE) for _ in range(count))
    assert given_for(*listed, base=base) == given_for(Injury(code, WHOLE, count), base=base)
    with pytest.raises(UnfitInjury) as unfit:
        total(*listed, Injury(code, WHOLE, losses.MOST[code]))
    assert (unfit.value.place, unfit.value.field) == (count, "count")
    most, all_of_them = losses.MOST[code], count + losses.MOST[code]
    assert f"semuanya {all_of_them}, padahal paling banyak {most}" in unfit.value.text.id


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("right_thumb", "padahal hanya ada satu. Hapus salah satu."),
        ("one_eye", "Bila keduanya hilang, tulis sekali both_eyes."),
        ("visual_field_per_10", "Tulis sekali, dengan berapa kali 10 di count."),
    ],
)
def test_it_says_what_to_write_instead_of_a_line_that_stands_there_twice(code: str, advice: str) -> None:
    with pytest.raises(UnfitInjury) as unfit:
        total(Injury(code, WHOLE), Injury(code, WHOLE))
    assert unfit.value.code == "repeated"
    assert unfit.value.text.id.endswith(f"tertulis dua kali, {advice}") or unfit.value.text.id.endswith(
        f"tertulis dua kali. {advice}"
    )
    assert set(losses.BOTH) | set(losses.BOTH.values()) <= set(losses.LABELS)


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("hearing_one_per_10_db", "berapa kali 10 desibel atau 10% yang hilang. Hilang 40 berarti 4."),
        ("visual_efficiency_per_10", "Atau tulis best_eye dan worst_eye"),
    ],
)
def test_it_says_what_to_write_where_tens_are_missing(code: str, advice: str) -> None:
    facts = {
        "programme": "JKK",
        "segment": "BPU",
        "event_date": "2026-05-10",
        "outcome": "partial_anatomical",
        "base": 1_000_000,
        "injuries": [{"code": code, "loss": "1/1"}],
    }
    with pytest.raises(Unanswerable) as refused:
        asking.decide("benefit", facts)
    (fault,) = refused.value.faults
    assert (fault.field, fault.code) == ("injuries[0].count", "missing_fact")
    assert advice in fault.message.id


@settings(max_examples=8)
@given(st.lists(codes, min_size=1, max_size=4, unique=True), bases)
def test_it_says_only_amounts_that_stand_in_its_steps(chosen: list[str], base: int) -> None:
    try:
        steps = given_for(*(Injury(code, WHOLE) for code in chosen), base=base)
    except UnfitInjury:
        return
    for step in steps:
        known = {abs(step.amount)} | {value for value in step.working.values() if isinstance(value, int)}
        for said in (step.sentence.id, step.sentence.en):
            assert {int(found.replace(".", "")) for found in AMOUNT.findall(said)} <= known


def test_it_rounds_a_third_of_a_rupiah_by_the_rounding_rule() -> None:
    read = reading()
    steps = partial(
        read, (Injury("right_thumb", Fraction(1, 7)),), left_handed=False, base=1_000_001, functional=True
    )
    assert steps[0].amount == 1_714_287
    assert "amount.rounding" in {used.id for used in read.decision("x", steps=steps, facts={}).used}


@pytest.mark.parametrize(
    ("best", "worst", "efficiency"),
    [("1", "1", "1"), ("1", "0", "3/4"), ("1/2", "1/10", "2/5"), ("0", "0", "0")],
)
def test_it_weighs_the_better_eye_three_times(best: str, worst: str, efficiency: str) -> None:
    eyes = Eyes(Fraction(best), Fraction(worst))
    assert binocular_efficiency(reading(), eyes) == Fraction(efficiency)


def test_it_gives_nothing_for_eyes_that_see_fully_and_says_so() -> None:
    (step,) = given_for(Injury("visual_efficiency_per_10", WHOLE, eyes=Eyes(WHOLE, WHOLE)))
    assert step.amount == 0
    assert step.working["count"] == 0
    assert "0 kali 7%, jadi 0%" in step.sentence.id


@pytest.mark.parametrize(
    ("injuries", "field"),
    [
        ((Injury("tail", WHOLE),), "code"),
        ((Injury("first_phalanx_left_thumb", WHOLE),), "code"),
        ((Injury("nose", WHOLE), Injury("nose", WHOLE)), "code"),
        ((Injury("tail", WHOLE), Injury("tail", WHOLE)), "code"),
        ((Injury("septum_perforated", WHOLE), Injury("nose", WHOLE)), "code"),
        ((Injury("nose", Fraction(0)),), "loss"),
        ((Injury("nose", Fraction(2)),), "loss"),
        ((Injury("nose", Fraction(1, 2)),), "loss"),
        ((Injury("scalp_torn_off", Fraction(1, 4)),), "loss"),
        ((Injury("visual_field_per_10", WHOLE, 11),), "count"),
        ((Injury("nose", WHOLE, 0),), "count"),
        ((Injury("nose", WHOLE, eyes=Eyes(WHOLE, WHOLE)),), "best_eye"),
        ((Injury("visual_efficiency_per_10", WHOLE, eyes=Eyes(Fraction(0), WHOLE)),), "worst_eye"),
    ],
)
def test_it_gives_no_number_for_what_the_table_cannot_hold(injuries: tuple[Injury, ...], field: str) -> None:
    with pytest.raises(UnfitInjury) as unfit:
        partial(reading(), injuries, left_handed=False, base=1_000_000, functional=False)
    assert unfit.value.field == field
    assert unfit.value.text.id
    assert unfit.value.text.en


def test_it_takes_less_than_a_whole_ten_only_where_a_function_is_lost() -> None:
    with pytest.raises(UnfitInjury):
        check(reading(), (Injury("visual_field_per_10", Fraction(1, 2), 3),), functional=True)


def test_it_refuses_a_negative_wage() -> None:
    with pytest.raises(NotAnAmount):
        total(Injury("nose", WHOLE), base=-1)


def test_it_writes_an_injury_as_one_fact() -> None:
    assert str(Injury("right_thumb", Fraction(1, 2))) == "right_thumb 1/2 1"
    eyes = Injury("visual_efficiency_per_10", WHOLE, eyes=Eyes(WHOLE, Fraction(1, 3)))
    assert str(eyes) == "visual_efficiency_per_10 1/1 1 1/1 1/3"
