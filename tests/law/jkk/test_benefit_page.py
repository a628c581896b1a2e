"""The numbers of docs/how-we-compute/jkk.md are recomputed, every table of it."""

from datetime import date

from law.pages import Cells, day, each, number, tables
from lindung.law.decision import Decision
from lindung.law.jkk.base_wage import CHOSEN_BAND, LAST_WAGE, LOWEST_WAGE
from lindung.law.jkk.benefit import benefit
from lindung.law.jkk.care import Cost, CostKind
from lindung.law.jkk.facts import Absence, Ending, Facts
from lindung.law.money import percent
from lindung.law.parameter import in_force
from lindung.law.reading import Reading
from lindung.law.terms import Segment

PAGE = tables("jkk.md")
ACCIDENT = date(2026, 5, 10)


def died(segment: Segment, wage: int) -> Facts:
    return Facts(segment, ACCIDENT, Ending.DEATH, wage=wage, base=wage, children=(), has_heirs=True)


def working(said: Decision, key: str) -> dict[str, object]:
    return next((dict(step.working) for step in said.steps if step.key == key), {})


def test_it_recomputes_every_table_of_the_page() -> None:
    assert set(PAGE) == {"base", "STMB: accident", "off work", "outcome", "who pays", "segment"}


def test_it_names_the_article_of_every_base() -> None:
    articles = [row["article"] for row in PAGE["base"]]
    assert articles == [cited.text.id for cited in (LAST_WAGE, LOWEST_WAGE, CHOSEN_BAND)]


@each(PAGE["STMB: accident"])
def test_it_shows_the_rates_of_the_months(row: Cells) -> None:
    reading = Reading(in_force(), on=day(row["STMB: accident"]))
    rates = [percent(reading.rate_in("jkk.incapacity.rates", month).value).en for month in (0, 6, 12)]
    assert rates == [row["months 1-6"], row["months 7-12"], row["from month 13"]]


@each(PAGE["off work"])
def test_it_shows_what_time_off_work_pays(row: Cells) -> None:
    away = Absence(day(row["from"]), day(row["to"]))
    event, base = day(row["accident"]), number(row["base"])
    said = benefit(Facts(Segment.PU, event, Ending.RECOVERED, wage=base, incapacity=(away,)))
    assert said.total == number(row["paid"])


@each(PAGE["outcome"])
def test_it_shows_the_grants(row: Cells) -> None:
    event, wage = day(row["accident"]), number(row["base"])
    said = benefit(died(Segment.PU, wage)._replace(event_date=event, ending=Ending(row["outcome"])))
    assert [said.amount("jkk.periodic"), said.amount("jkk.funeral"), said.total] == [
        number(row[name]) for name in ("periodic", "funeral", "total")
    ]
    assert said.amount("jkk.death") + said.amount("jkk.disability") == number(row["grant"])


@each(PAGE["who pays"])
def test_it_shows_who_pays(row: Cells) -> None:
    registered = row["reported"] != "-"
    facts = died(Segment.PU, number(row["wage"]))._replace(
        registered=registered, reported_wage=number(row["reported"]) if registered else None
    )
    said = benefit(facts)
    parts = working(said, "jkk.who_pays") or {"bpjs": said.total, "employer": 0}
    assert said.total == number(row["total"])
    assert (parts["bpjs"], parts["employer"]) == (number(row["BPJS"]), number(row["employer"]))


@each(PAGE["segment"])
def test_it_shows_what_arrears_do(row: Cells) -> None:
    facts = died(Segment(row["segment"]), 1_000_000)._replace(
        months_in_arrears=number(row["months unpaid"]), costs=(Cost(CostKind.CARE, 8_000_000),)
    )
    said = benefit(facts)
    assert said.total == number(row["paid now"])
    assert sum(later.amount for later in said.schedule) == number(row["paid once settled"])
    employer_first = any("employer pays this benefit first" in step.sentence.en for step in said.steps)
    assert employer_first == row["who pays first"].startswith("the employer")
    assert said.granted == (row["who pays first"] != "nobody")
