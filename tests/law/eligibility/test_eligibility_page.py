"""The tables of docs/how-we-compute/eligibility.md are recomputed, every one of them."""

from law.pages import Cells, each, tables
from lindung.law.decision import Decision
from lindung.law.questions import asking

PAGE = tables("eligibility.md")
SEGMENTS = {
    "wage earner (PU)": "PU",
    "non-wage earner (BPU)": "BPU",
    "construction": "construction",
    "migrant": "migrant",
}
ANYBODY: dict[str, object] = {
    "on": "2026-11-22",
    "birth_date": "1990-01-01",
    "employed": True,
    "firm_size": "large",
    "jkn_member": True,
    "member_of": ["JKK", "JKM", "JHT", "JP"],
}


def asked(**facts: object) -> Decision:
    return asking.decide("eligibility", ANYBODY | facts)


def listed(decision: Decision, key: str, name: str) -> str:
    """The programmes that a step names, as the page writes them."""
    for step in decision.steps:
        words = step.working.get(name)
        if step.key == key and isinstance(words, tuple):
            return ", ".join(words)
    return "-"


def test_it_recomputes_every_table_of_the_page() -> None:
    assert set(PAGE) == {"programme", "born", "fact", "firm", "non-ASN staff on"}


@each(PAGE["programme"])
def test_it_shows_which_programme_is_open_to_whom(row: Cells) -> None:
    programme = row["programme"]
    for heading, segment in SEGMENTS.items():
        said = asked(segment=segment, programmes=[programme])
        step = next(step for step in said.steps if step.key == f"eligibility.{programme.lower()}")
        assert step.working["open"] == row[heading]
        assert said.granted == (row[heading] != "closed")


@each(PAGE["born"])
def test_it_shows_the_ages(row: Cells) -> None:
    person = {"birth_date": row["born"], "on": row["on"]}
    assert asked(segment="BPU", programmes=["JKK"], **person).outcome == row["as BPU"]
    assert asked(segment="PU", programmes=["JKP"], **person).outcome == row["in JKP"]


@each(PAGE["fact"])
def test_it_shows_what_the_person_must_be(row: Cells) -> None:
    def with_fact(value: str) -> Decision:
        if row["fact"].startswith("BPU works"):
            return asked(segment="BPU", programmes=["JKK"], occupations=int(value))
        return asked(segment="PU", programmes=["JKK"], citizenship="foreign", months_in_indonesia=int(value))

    assert with_fact(row["allowed"]).granted
    refused = with_fact(row["refused"])
    assert refused.refusal is not None
    assert refused.refusal.citation.text.en.replace("Article ", "P") == row["source"]


@each(PAGE["firm"])
def test_it_shows_what_the_size_of_the_firm_asks(row: Cells) -> None:
    said = asked(segment="PU", programmes=["JKP"], firm_size=row["firm"])
    assert listed(said, "eligibility.firm_size", "compulsory") == row["compulsory"]
    nobody = asked(segment="PU", programmes=["JKP"], firm_size=row["firm"], member_of=None, jkn_member=False)
    assert listed(nobody, "eligibility.jkp.needs", "lacking") == row["needed for JKP"]


@each(PAGE["non-ASN staff on"])
def test_it_shows_the_duty_to_register_non_asn_staff(row: Cells) -> None:
    said = asked(segment="PU", programmes=["JKK"], staff="non_asn", on=row["non-ASN staff on"])
    assert listed(said, "eligibility.non_asn", "compulsory") == row["duty"]
