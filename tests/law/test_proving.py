"""The proof finds what it should: a number nobody checks, a day nobody checks, an article without a case."""

from lindung.law import proving
from lindung.law.cases import Case
from lindung.law.parameter import in_force

LUMP_SUM = "jkm.lump_sum"


def death(on: str, **expect: object) -> Case:
    """A case: Pak Budi dies on that day, a member for years."""
    given = {
        "programme": "JKM",
        "segment": "BPU",
        "event_date": on,
        "member_since": "2016-01-01",
        "months_paid": 30,
    }
    articles = ("PP 44/2015 Pasal 34",) if on < "2019-12-02" else ("PP 82/2019 Pasal I angka 3",)
    return Case(f"Pak Budi dies on {on}", articles, "benefit", given, expect)


BEFORE = death("2019-12-01", **{"components.lump_sum": 16_200_000})
ON = death("2019-12-02", **{"components.lump_sum": 20_000_000})


def survivors(*cases: Case) -> list[str]:
    proof = proving.prove(in_force(), cases, prefix=LUMP_SUM)
    assert proof.wrong == ()
    return [line.removeprefix(LUMP_SUM + ": ") for line in proof.survivors]


def test_it_finds_nothing_that_moves_unnoticed_where_both_sides_of_a_change_are_checked() -> None:
    assert survivors(BEFORE, ON) == []


def test_it_finds_the_number_that_no_case_checks() -> None:
    unchecked = survivors(BEFORE, death("2019-12-02", decision="granted"))
    assert [what for what in unchecked if what.startswith("value")] == [
        "value since 2019-12-02 moved to 20000001",
        "value since 2019-12-02 moved to 19999999",
    ]


def test_it_finds_the_day_that_no_case_checks() -> None:
    late = death("2020-06-01", **{"components.lump_sum": 20_000_000})
    assert survivors(BEFORE, late) == ["the change on 2019-12-02 moved to 2019-12-03"]


def test_it_finds_the_article_without_a_case_and_the_case_that_is_wrong() -> None:
    wrong = death("2019-12-02", **{"components.lump_sum": 20_000_001})
    proof = proving.prove(in_force(), (wrong,), prefix=LUMP_SUM)
    assert "PP 44/2015 Pasal 34" in proof.uncovered
    assert proof.wrong == ("Pak Budi dies on 2019-12-02: components.lump_sum: 20000000 instead of 20000001",)
    assert proof.wrong_cases == ("Pak Budi dies on 2019-12-02",)
    assert not proof.holds


def test_it_tells_a_case_that_names_an_article_the_answer_does_not_rest_on() -> None:
    elsewhere = ON._replace(articles=("PP 46/2015 Pasal 22",))
    assert "is not among the articles" in proving.prove(in_force(), (elsewhere,), prefix="none").wrong[0]


def test_it_moves_no_number_below_zero_and_no_share_beyond_the_whole() -> None:
    moved = [mutant for mutant in proving.mutants(in_force()) if mutant.id == "jkm.bpu.waiting_months"]
    values = [dated.value for one in moved for dated in one.law.parameters[one.id].values]
    assert all(isinstance(value, int) and value >= 0 for value in values)
