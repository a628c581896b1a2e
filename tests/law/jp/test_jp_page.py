"""The numbers of docs/how-we-compute/jp.md are recomputed, every table of it."""

from datetime import date, timedelta
from fractions import Fraction

from law.pages import Cells, day, each, number, tables
from lindung.law import jp
from lindung.law.decision import Confidence, Decision
from lindung.law.jp import Facts, Reason
from lindung.law.jp.pension import YearWage
from lindung.law.jp.survivors import Relation, Survivor
from lindung.law.parameter import in_force

PAGE = tables("jp.md")
NO_INFLATION = {year: Fraction(0) for year in range(2015, 2041)}
DIED = Facts(
    reason=Reason.DEATH,
    event_date=date(2016, 7, 1),
    member_since=date(2015, 7, 1),
    months_paid=12,
    yearly_wages=(YearWage(2015, 7_000_000, 6), YearWage(2016, 7_000_000, 6)),
    inflation={2015: Fraction(1)},
)


def test_it_recomputes_every_table_of_the_page() -> None:
    headers = {"born", "what happened", "year", "average wage", "from", "left behind", "paid on"}
    assert set(PAGE) == headers


@each(PAGE["born"])
def test_it_shows_when_the_age_is_reached(row: Cells) -> None:
    born, reached = day(row["born"]), day(row["reached on"])
    facts = Facts(Reason.RETIREMENT, reached, months_paid=1, birth_date=born, balance=1)
    assert jp.pensionable_from(born) == reached
    assert jp.benefit(facts).steps[0].working["age"] == number(row["age"])
    assert not jp.benefit(facts._replace(event_date=reached - timedelta(days=1))).granted


def wages_until(event: date, months: int) -> tuple[YearWage, ...]:
    """So many months at Rp4,000,000, the last ones before the event; nobody cares which."""
    rows: list[YearWage] = []
    year, left = event.year, months
    while left:
        in_year = min(left, 12 if year != event.year else event.month)
        rows.append(YearWage(year, 4_000_000, in_year))
        year, left = year - 1, left - in_year
    return tuple(rows)


@each(PAGE["what happened"])
def test_it_shows_what_is_paid_monthly_and_what_at_once(row: Cells) -> None:
    event, paid = day(row["on"]), number(row["months paid"])
    said = jp.benefit(
        Facts(
            reason=Reason(row["what happened"]),
            event_date=event,
            months_paid=paid,
            member_since=day(row["registered"]),
            birth_date=date(1970, 1, 5),
            balance=777,
            yearly_wages=wages_until(event, paid),
            inflation=NO_INFLATION,
            survivors=(Survivor(Relation.SPOUSE),),
        )
    )
    at_once = row["paid out"] == "at once"
    assert (said.amount("jp.lump_sum") == said.total == 777) == at_once
    if not at_once:
        assert formula(said)["months"] == number(row["months counted"])


def formula(said: Decision) -> dict[str, object]:
    """The working of the step that computes the pension."""
    return next(dict(step.working) for step in said.steps if "average_wage" in step.working)


def whole_years(table: list[Cells]) -> tuple[YearWage, ...]:
    """The wages as they are asked with: the parts of a year in which only the cap changed are one row."""
    months: dict[tuple[int, int], int] = {}
    for row in table:
        year_and_wage = int(row["year"]), number(row["wage"])
        months[year_and_wage] = months.get(year_and_wage, 0) + number(row["months"])
    return tuple(YearWage(*year_and_wage, paid) for year_and_wage, paid in months.items())


def pak_budi() -> Decision:
    table = PAGE["year"]
    return jp.benefit(
        Facts(
            reason=Reason.TOTAL_DISABILITY,
            event_date=date(2018, 5, 10),
            member_since=date(2015, 7, 1),
            months_paid=sum(number(row["months"]) for row in table),
            yearly_wages=whole_years(table),
            inflation={int(row["year"]): Fraction(row["inflation"]) for row in table[:-1]},
        )
    )


def test_it_shows_what_each_wage_is_worth() -> None:
    shown = [
        f"{row['year']}: {number(row['counted'])} -> {number(row['worth in 2018'])} x {row['months']}"
        for row in PAGE["year"]
    ]
    assert formula(pak_budi())["yearly_wages"] == tuple(shown)


def test_it_shows_the_pension_of_pak_budi() -> None:
    (row,) = PAGE["average wage"]
    working = formula(pak_budi())
    assert working["average_wage"] == number(row["average wage"])
    assert working["months"] == number(row["months counted"])
    assert pak_budi().total == number(row["pension"])


def test_it_shows_every_bound() -> None:
    law = in_force().parameters
    least, greatest = law["jp.minimum"].values, law["jp.maximum"].values
    doubts = {(False, False): "nothing", (False, True): "greatest", (True, True): "both"}
    stored = [
        (
            low.period.since.isoformat(),
            low.value,
            high.value,
            doubts[low.confidence is Confidence.UNVERIFIED, high.confidence is Confidence.UNVERIFIED],
        )
        for low, high in zip(least, greatest, strict=True)
    ]
    assert [
        (row["from"], number(row["least"]), number(row["greatest"]), row["not verified"])
        for row in PAGE["from"]
    ] == stored


def family(described: str) -> tuple[Survivor, ...]:
    people = [one.split() for one in described.replace("spouse ended", "spouse").split(", ")]
    return tuple(Survivor(Relation(one[0]), day(one[1]) if one[1:] else None) for one in people)


@each(PAGE["left behind"])
def test_it_shows_what_survivors_draw(row: Cells) -> None:
    facts = DIED._replace(
        survivors=family(row["left behind"]), spouse_ended="spouse ended" in row["left behind"]
    )
    said = jp.benefit(facts)
    paid = next(step for step in said.steps if step.amount)
    assert said.total == number(row["a month"])
    assert paid.citation.text.id == row["article"]
    assert str(paid.working["share"]) == row["share"].split(" of ")[0]


@each(PAGE["paid on"])
def test_it_shows_how_the_pension_grows(row: Cells) -> None:
    event = date(2030, 7, 10)
    said = jp.benefit(
        Facts(
            reason=Reason.RETIREMENT,
            event_date=event,
            months_paid=180,
            birth_date=date(1970, 1, 5),
            yearly_wages=wages_until(event, 180),
            inflation={**NO_INFLATION, 2030: Fraction(5, 100), 2031: Fraction(3, 100)},
            paid_on=day(row["paid on"]),
        )
    )
    assert said.total == number(row["pension"])
