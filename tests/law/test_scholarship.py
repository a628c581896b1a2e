"""The scholarship of the children: a dated plan that never pays twice, too long, or for a third child."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.law.asking_back import MissingFacts
from lindung.law.decision import Payment
from lindung.law.parameter import FOLDER, in_force, law_from
from lindung.law.reading import Reading
from lindung.law.scholarship import Child, ContradictoryLaw, Level, Scholarship, scholarship
from lindung.law.terms import Programme

OCTOBER = date(2026, 10, 5)
SITI = Child(date(2020, 5, 1), Level.SD, 1, studying=True)
BUDI = Child(date(2014, 5, 1), Level.SMP, 1, studying=True)

children = st.builds(
    Child,
    birth_date=st.dates(date(1998, 1, 1), date(2024, 1, 1)),
    level=st.sampled_from(Level),
    year_of_level=st.integers(1, 8),
    studying=st.none() | st.booleans(),
    married=st.booleans(),
    working=st.booleans(),
)
families = st.lists(children, max_size=4).map(tuple)
since_2019 = st.dates(date(2024, 1, 1), date(2030, 1, 1)) | st.just(OCTOBER)


def of(
    *family: Child, on: date = OCTOBER, programme: Programme = Programme.JKK, paid: int | None = None
) -> Scholarship:
    reading = Reading(in_force(), on=on)
    return scholarship(reading, family, programme=programme, event_date=on, months_paid=paid)


def test_it_plans_one_payment_a_school_year_for_the_daughter_of_ibu_siti() -> None:
    plan = of(SITI)
    assert plan.steps[0].amount == 1_500_000
    assert [later.about["level"] for later in plan.schedule] == (
        ["SD"] * 5 + ["SMP"] * 3 + ["SMA"] * 3 + ["PT"] * 5
    )
    assert plan.schedule[0] == Payment(
        "scholarship", 1_500_000, {"child": 1, "year": "2027/2028", "level": "SD"}
    )
    assert plan.most == 84_000_000


def test_it_gives_nothing_where_there_is_no_child() -> None:
    assert of() == Scholarship((), (), 0, ())


def test_it_asks_jkm_but_not_jkk_for_paid_months() -> None:
    with pytest.raises(MissingFacts) as asked:
        of(SITI, programme=Programme.JKM)
    assert asked.value.fields == ("months_paid",)
    assert of(SITI, programme=Programme.JKM, paid=36).most == of(SITI).most
    assert of(SITI, programme=Programme.JKM, paid=35).most == 0


def test_it_reads_the_law_of_the_event_whatever_the_day_of_the_reading() -> None:
    reading = Reading(in_force(), on=OCTOBER)
    old = scholarship(
        reading, (SITI,), programme=Programme.JKK, event_date=date(2019, 12, 1), months_paid=None
    )
    assert old.most == 12_000_000


def test_it_refuses_a_law_that_pays_once_and_yearly() -> None:
    texts = {path.name: path.read_text("utf-8") for path in FOLDER.glob("scholarship.toml")}
    both = texts["scholarship.toml"].replace("value = 0\nsource", "value = 1\nsource")
    law = law_from({"scholarship.toml": both})
    with pytest.raises(ContradictoryLaw):
        scholarship(
            Reading(law, on=OCTOBER), (SITI,), programme=Programme.JKK, event_date=OCTOBER, months_paid=None
        )


def test_it_keeps_the_place_of_a_child_in_the_family() -> None:
    toddler = Child(date(2024, 5, 1), studying=False)
    plan = of(toddler, SITI, BUDI)
    assert {later.about["child"] for later in plan.schedule} == {2, 3}
    assert of(toddler, SITI).what_would_change[0].id == "Bila anak ke-1 bersekolah, bawa bukti bersekolah."


@settings(max_examples=25)
@given(families, since_2019)
def test_it_promises_money_to_no_more_than_two_children(family: tuple[Child, ...], on: date) -> None:
    """Whoever gets something, and whoever is told that it will once it goes to school."""
    toddlers = (Child(date(2023, 7, 2), studying=False), Child(date(2023, 7, 3), studying=False))
    plan = of(*toddlers, *family, on=on)
    paid = {later.about["child"] for later in plan.schedule}
    paid |= {step.working["child"] for step in plan.steps if step.amount}
    told = {step.working["child"] for step in plan.steps if "mulai tahun ia bersekolah" in step.sentence.id}
    assert len(paid | told) <= 2


unsaid_children = st.builds(
    Child,
    birth_date=st.none() | st.dates(date(1998, 1, 1), date(2015, 1, 1)),
    level=st.none() | st.sampled_from(Level),
    year_of_level=st.none() | st.integers(1, 8),
    studying=st.none() | st.booleans(),
    married=st.booleans(),
    working=st.booleans(),
)
on_any_day = since_2019 | st.just(date(2019, 12, 1))


@settings(max_examples=40)
@given(st.lists(unsaid_children, max_size=4).map(tuple), children, on_any_day)
def test_it_asks_only_for_facts_of_children_that_decide(
    family: tuple[Child, ...], other: Child, on: date
) -> None:
    """What was not asked for may be whatever it likes: the family gets the same."""
    try:
        said = of(*family, on=on).most
    except MissingFacts:
        return
    assert of(*(_with_unsaid(child, other) for child in family), on=on).most == said


def _with_unsaid(child: Child, other: Child) -> Child:
    return child._replace(
        birth_date=child.birth_date or other.birth_date,
        level=child.level or other.level,
        year_of_level=child.year_of_level or other.year_of_level,
        studying=child.studies if child.studies is not None else other.studying,
    )


@settings(max_examples=8)
@given(families, since_2019)
def test_it_pays_each_child_once_a_year_in_rising_levels(family: tuple[Child, ...], on: date) -> None:
    plan = of(*family, on=on)
    paid = [(later.about["child"], later.about["year"]) for later in plan.schedule]
    paid += [(step.working["child"], step.working["year"]) for step in plan.steps if step.amount]
    assert len(paid) == len(set(paid))
    assert len({child for child, _ in paid}) <= 2
    for place in {child for child, _ in paid}:
        levels = [
            Level(str(later.about["level"]).lower())
            for later in plan.schedule
            if later.about["child"] == place
        ]
        assert levels == sorted(levels, key=list(Level).index)


@settings(max_examples=8)
@given(families, since_2019)
def test_it_promises_no_more_than_twice_the_whole_way_and_sums_up(
    family: tuple[Child, ...], on: date
) -> None:
    plan = of(*family, on=on)
    assert plan.most == sum(step.amount for step in plan.steps) + sum(later.amount for later in plan.schedule)
    assert 0 <= plan.most <= 174_000_000


@settings(max_examples=8)
@given(children, since_2019)
def test_it_pays_nobody_from_the_age_of_23_on(child: Child, on: date) -> None:
    for later in of(child, on=on).schedule:
        begins = date(int(str(later.about["year"])[:4]), 7, 1)
        assert child.birth_date is not None
        assert begins > on
        assert (begins.year - child.birth_date.year) - (
            (begins.month, begins.day) < (child.birth_date.month, child.birth_date.day)
        ) < 23


@settings(max_examples=8)
@given(children)
def test_it_stops_by_marriage_and_by_work(child: Child) -> None:
    assert of(child._replace(married=True)).most == 0
    assert of(child._replace(working=True)).most == 0
