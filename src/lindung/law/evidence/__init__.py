"""Which papers this family needs, each with its plain reason, where to get it, and where that stands."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from lindung.law.decision import Confidence, Decision, Fact, Step
from lindung.law.evidence import papers as evidence_papers
from lindung.law.evidence.facts import ABOVE_LIMIT, FACTS, Claim, Said
from lindung.law.evidence.papers import Need, Paper, Source, because
from lindung.law.money import rupiah
from lindung.law.parameter import in_force
from lindung.law.reading import Reading
from lindung.law.terms import Programme
from lindung.law.text import Text, joined
from lindung.law.values import Law, NoLawForDate


class Facts(NamedTuple):
    """What a family said. `said` holds only what was said, by the names of evidence_facts.FACTS.

    `amount` is the sum expected, in whole rupiah; `event_date` None asks for the newest stored list.
    """

    programme: Programme
    claim: Claim | None
    event_date: date | None
    said: Mapping[str, Said]
    amount: int | None = None


class _Asked(NamedTuple):
    """A paper that may be needed: True for this family, None when a fact of its conditions is not known."""

    paper: Paper
    source: Source
    holds: bool | None


def needed(
    facts: Facts,
    *,
    assumed: tuple[Text, ...] = (),
    known: date | None = None,
    law: Law | None = None,
    papers: tuple[Paper, ...] | None = None,
) -> Decision:
    """The papers for this claim: needed by everybody, one of several, or because of this family's facts.

    1. The papers of the programme and claim that are asked for on the day of the event.
    2. Those are left out whose condition this family does not meet; where a fact is not known, the paper
       stays with "bila ..." and the fact is named in what would make the list certain.
    3. A paper that is left alone of several alternatives is no alternative any more.

    Every step is one paper and moves no money. Raises NoLawForDate for a day before the first list.
    """
    stored = papers if papers is not None else evidence_papers.in_force()
    concerned = tuple(paper for paper in stored if paper.concerns(facts.programme, facts.claim))
    on = facts.event_date or max(source.since for paper in concerned for source in paper.sources)
    reading = Reading(law or in_force(), on=on, known=known)
    for taken in assumed:
        reading.assume(taken)
    dated = [(paper, paper.source(on=on, known=known)) for paper in concerned]
    in_time = [(paper, source) for paper, source in dated if source]
    if not any(paper.programmes == {facts.programme} for paper, _ in in_time):
        # Papers that every claim asks for begin no list; the programme's own form does.
        raise NoLawForDate(f"evidence.{facts.programme}", on, facts.programme.label)
    said = _implied(_with_limit(reading, facts, concerned))
    asked = [_Asked(paper, source, paper.holds(said)) for paper, source in in_time]
    asked = [one for one in asked if one.holds is not False]
    _note(reading, [one for one in asked if one.source.confidence is Confidence.UNVERIFIED])
    return reading.decision(
        "evidence",
        steps=tuple(_step(reading, one, asked, said) for one in asked) + _late(reading, facts),
        facts=_written(facts, on),
        what_would_change=_unsaid(asked, said) + _afterwards(facts),
    )


def _with_limit(reading: Reading, facts: Facts, concerned: tuple[Paper, ...]) -> Mapping[str, Said]:
    """What was said, with whether the amount is above the limit for a tax number."""
    matters = any(condition.fact == ABOVE_LIMIT for paper in concerned for condition in paper.when)
    if facts.amount is None or not matters:
        return facts.said
    return {**facts.said, ABOVE_LIMIT: facts.amount > reading.whole("evidence.npwp.above").value}


def _implied(said: Mapping[str, Said]) -> Mapping[str, Said]:
    """What follows from what was said: without heirs nobody asks who they are."""
    implied: dict[str, Said] = {}
    if said.get("has_heirs") is False:
        implied |= {"heir": "none", "heirs_count": 0, "heir_is_minor": False, "several_spouses": False}
    if said.get("marriage") == "none":
        implied["several_spouses"] = False
    return {**implied, **said}


def _note(reading: Reading, unverified: list[_Asked]) -> None:
    """Say which papers rest on no text that was read: those with a note of their own, then the others."""
    for one in unverified:
        if one.source.note:
            reading.note(one.source.note)
    others = tuple(one.paper.document for one in unverified if not one.source.note)
    if others:
        reading.note(_UNVERIFIED.filled(documents=joined(others, "; ")))


def _step(reading: Reading, one: _Asked, asked: list[_Asked], said: Mapping[str, Said]) -> Step:
    paper, source = one.paper, one.source
    need = _need(one, asked)
    open_conditions = tuple(condition for condition in paper.when if condition.holds(said) is None)
    why = because(open_conditions or paper.when, said)
    working: dict[str, Fact] = {
        "need": need,
        "group": paper.group,
        "because": " & ".join(str(condition) for condition in paper.when),
        "applies": one.holds is True,
        "unsaid": tuple(_FIELDS.get(condition.fact, condition.fact) for condition in open_conditions),
        "document": paper.document.id,
    }
    if "{limit}" in why.id:
        limit = reading.whole("evidence.npwp.above")
        why = why.filled(limit=rupiah(limit.value))
        working["limit"] = limit.value
    working |= {"because_id": why.id, "because_en": why.en}
    working |= {"from": paper.where.id, "from_en": paper.where.en}
    return Step(
        key=f"evidence.{paper.code}",
        label=paper.document,
        amount=0,
        citation=source.citation,
        confidence=source.confidence,
        sentence=_sentence(one, need, why),
        working=working,
    )


def _need(one: _Asked, asked: list[_Asked]) -> Need:
    rivals = sum(other.paper.group == one.paper.group for other in asked) if one.paper.group else 1
    if rivals > 1:
        return Need.ALTERNATIVE
    return Need.CONDITIONAL if one.paper.when else Need.REQUIRED


def _sentence(one: _Asked, need: Need, why: Text) -> Text:
    paper = one.paper
    if one.holds is None:
        wording = _ONE_OF_IF if need is Need.ALTERNATIVE else _IF
    elif need is Need.ALTERNATIVE:
        wording = _ONE_OF_BECAUSE if paper.when else _ONE_OF
    else:
        wording = _BECAUSE if paper.when else _NEEDED
    return wording.filled(document=paper.document, why=why, reason=paper.reason)


def _unsaid(asked: list[_Asked], said: Mapping[str, Said]) -> tuple[Text, ...]:
    """What the family may still say to make the list certain."""
    facts = [condition.fact for one in asked for condition in one.paper.when if condition.fact not in said]
    if not facts:
        return ()
    names = joined(tuple(FACTS[fact] for fact in dict.fromkeys(facts)), ", ")
    return (_SAY_MORE.filled(facts=names),)


def _late(reading: Reading, facts: Facts) -> tuple[Step, ...]:
    """A warning, no paper: an accident so long ago that the right to claim may have ended."""
    years = facts.said.get("years_since_event")
    if facts.programme is not Programme.JKK or not isinstance(years, int):
        return ()
    limit = reading.whole("jkk.claim.months")
    if years * 12 < limit.value:
        return ()
    step = limit.step("evidence_late", 0, working={"years": years, "months": limit.value})
    return (step._replace(sentence=_LATE.filled(years=years, months=limit.value)),)


def _afterwards(facts: Facts) -> tuple[Text, ...]:
    """An accident is reported twice: its result is known later, and is the claim."""
    return (_ASK_AGAIN,) if facts.programme is Programme.JKK and facts.claim is None else ()


def _written(facts: Facts, on: date) -> dict[str, Fact]:
    return {
        "programme": facts.programme.value,
        "claim": facts.claim and facts.claim.value,
        "event_date": on.isoformat(),
        "amount": facts.amount,
        **{name: facts.said[name] for name in sorted(facts.said)},
    }


_FIELDS = {ABOVE_LIMIT: "amount"}
"""Facts that are made of another one: what to say."""
_NEEDED = Text("{document}. {reason}", "{document}. {reason}")
_BECAUSE = Text("{document}, karena {why}. {reason}", "{document}, because {why}. {reason}")
_IF = Text("Bila {why}: {document}. {reason}", "If {why}: {document}. {reason}")
_ONE_OF = Text("Salah satu: {document}. {reason}", "One of several: {document}. {reason}")
_ONE_OF_BECAUSE = Text(
    "Salah satu, karena {why}: {document}. {reason}",
    "One of several, because {why}: {document}. {reason}",
)
_ONE_OF_IF = Text(
    "Salah satu, bila {why}: {document}. {reason}", "One of several, if {why}: {document}. {reason}"
)
_UNVERIFIED = Text(
    "Belum ada sumber tertulis; tanyakan dulu kepada kantor cabang: {documents}.",
    "No written source was found; ask the branch office first: {documents}.",
)
_LATE = Text(
    "Kejadiannya {years} tahun lalu, padahal manfaat JKK dapat diminta sampai {months} bulan. "
    "Tanyakan dulu kepada kantor cabang.",
    "It happened {years} years ago, and JKK can be claimed until {months} months after. "
    "Ask the branch office first.",
)
_ASK_AGAIN = Text(
    "Setelah sembuh, cacat, atau meninggal, tanyakan lagi berkas untuk tahap berikutnya.",
    "After recovery, disability or death, ask again for the papers of the next stage.",
)
_SAY_MORE = Text(
    "Daftar ini menjadi pasti bila disebutkan: {facts}.", "To make this list certain, say: {facts}."
)
