"""The order of heirs: always somebody of the first place that is filled, whatever order they are named in."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.law import heirs
from lindung.law.decision import Decision
from lindung.law.heirs import Facts, Relative

TODAY = date(2026, 11, 22)
relatives = st.lists(st.sampled_from(Relative), max_size=8).map(tuple)


def receivers(said: Decision) -> set[str]:
    return {step.key.removeprefix("heirs.") for step in said.steps if step.working.get("receives")}


def test_it_gives_the_benefit_of_pak_budi_to_his_wife_and_child_before_his_mother() -> None:
    said = heirs.order(Facts(TODAY, (Relative.PARENT, Relative.CHILD, Relative.SPOUSE)))
    assert receivers(said) == {"spouse", "child"}
    assert said.total == 0


def test_it_says_the_same_whatever_the_order_of_naming() -> None:
    one = heirs.order(Facts(TODAY, (Relative.SIBLING, Relative.PARENT)))
    other = heirs.order(Facts(TODAY, (Relative.PARENT, Relative.SIBLING, Relative.PARENT)))
    assert one.digest() == other.digest()


@settings(max_examples=8)
@given(relatives)
def test_it_always_finds_somebody_where_somebody_is_left(named: tuple[Relative, ...]) -> None:
    said = heirs.order(Facts(TODAY, named))
    assert bool(receivers(said)) == bool(named) == said.granted
    assert receivers(said) <= {one.value for one in named}
    assert said.total == 0


@settings(max_examples=8)
@given(relatives, st.sampled_from(Relative))
def test_it_never_lets_a_new_relative_bring_in_another(named: tuple[Relative, ...], new: Relative) -> None:
    before = receivers(heirs.order(Facts(TODAY, named)))
    after = receivers(heirs.order(Facts(TODAY, (*named, new))))
    assert after - before <= {new.value}
