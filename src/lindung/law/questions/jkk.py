"""The question for a benefit after an accident at work (JKK), as anybody types it."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from lindung.law.decision import Decision
from lindung.law.jkk.benefit import benefit, refused
from lindung.law.jkk.disability import Injury
from lindung.law.jkk.facts import Absence, Ending, Facts, WorkerKind
from lindung.law.jkm import Cause
from lindung.law.questions.children import children
from lindung.law.questions.fields import Given, Unanswerable
from lindung.law.questions.injuries import costs, injuries
from lindung.law.terms import Segment
from lindung.law.text import Text
from lindung.law.values import Law

FIELDS: tuple[str, ...] = (
    "segment", "event_date", "outcome", "wage", "reported_wage", "base", "income", "lowest_wage",
    "worker_kind", "registered", "member_since", "months_paid", "months_in_arrears", "injuries", "left_handed",
    "incapacity", "costs", "children", "has_heirs", "died_on", "diagnosed_on", "claimed_on",
    "cause", "known",
)  # fmt: skip


_WAGE_EARNERS = (Segment.PU.value, Segment.CONSTRUCTION.value)
_Entry = TypeVar("_Entry")


def asked(given: Given, *, law: Law | None = None) -> Decision:
    """The decision on an accident at work. Raises Unanswerable, naming the fields at fault; NoLawForDate.

    Nothing is asked for that cannot change the answer: where membership, arrears or the day of the claim refuse
    it anyway, neither wage nor injuries; while the worker is still being treated, not how it ended.
    """
    if given.maybe.word("cause", Cause) is Cause.NOT_WORK:
        given.refuse("cause", "contradiction", _NOT_AT_WORK)
    known = given.maybe.day("known")
    decides = not _refused(given, known, law)
    given.require("segment", "event_date", *(_needed(given) if decides else ()))
    return benefit(_facts(given, law, decides=decides), known=known, law=law)


def _refused(given: Given, known: date | None, law: Law | None) -> bool:
    """Whether the membership, the arrears or the day of the claim refuse it, whatever happened."""
    if "segment" not in given or "event_date" not in given:
        return False
    return refused(_membership(given), known=known, law=law)


def _needed(given: Given) -> tuple[str, ...]:
    """What this accident needs besides, as far as it can be told before the facts are read."""
    outcome = _word(given, "outcome")
    if not outcome and not _in_treatment(given):
        return ("outcome", *_base_fields(given))
    injured = ("injuries",) if outcome.startswith("partial") else ()
    of_the_wage = outcome not in ("", Ending.RECOVERED) or given.facts.get("incapacity")
    return injured + (_base_fields(given) if of_the_wage else ())


def _in_treatment(given: Given) -> bool:
    """Whether there is something to answer although nobody said yet how it ended."""
    ended = given.facts.get("injuries") or "died_on" in given
    return not ended and bool(given.facts.get("incapacity") or given.facts.get("costs"))


def _base_fields(given: Given) -> tuple[str, ...]:
    if _word(given, "worker_kind") not in ("", "worker"):
        return ("lowest_wage",) if _word(given, "segment") in _WAGE_EARNERS else ()
    if any(name in given for name in ("wage", "base", "income")):
        return ()
    return ("wage",) if _word(given, "segment") in _WAGE_EARNERS else ("base",)


def _word(given: Given, name: str) -> str:
    return str(given.facts.get(name) or "").lower()


def _membership(given: Given) -> Facts:
    """Who was hurt and when, whether they were covered, and when they claimed: all that may refuse."""
    segment = given.word("segment", Segment)
    if segment is Segment.MIGRANT:
        given.refuse("segment", "out_of_scope", _MIGRANT)
    return Facts(
        segment=segment,
        event_date=given.day("event_date"),
        registered=given.flag("registered", True),
        member_since=given.maybe.day("member_since"),
        months_paid=given.maybe.count("months_paid"),
        months_in_arrears=given.maybe.count("months_in_arrears"),
        diagnosed_on=given.maybe.day("diagnosed_on"),
        claimed_on=given.maybe.day("claimed_on"),
    )


def _facts(given: Given, law: Law | None, *, decides: bool) -> Facts:
    """All facts; `decides` is False where only the membership matters."""
    ending, died_on = given.maybe.word("outcome", Ending), given.maybe.day("died_on")
    if ending is Ending.RECOVERED and given.facts.get("injuries"):
        given.refuse("outcome", "contradiction", _RECOVERED)
    facts = _with_wages(
        given,
        _membership(given)._replace(
            ending=ending,
            worker_kind=given.word("worker_kind", WorkerKind, WorkerKind.WORKER),
            left_handed=given.maybe.flag("left_handed"),
            has_heirs=given.maybe.flag("has_heirs"),
            died_on=died_on,
        ),
    )
    return facts._replace(
        injuries=_injuries(given, facts, law, decides=decides),
        incapacity=_read(lambda: _absences(given), decides=decides),
        costs=_read(lambda: costs(given), decides=decides),
        children=children(given, died_on or facts.event_date) if "children" in given else None,
    )


def _injuries(given: Given, facts: Facts, law: Law | None, *, decides: bool) -> tuple[Injury, ...]:
    """The injuries where they decide. Where they do not, they are only checked for being sound; whether a function
    or a part of the body is lost is not said then, so that any share of it may be."""
    if facts.is_partial:
        return _read(lambda: injuries(given, law=law), decides=decides)
    if given.facts.get("injuries"):
        _read(lambda: injuries(given, law=law), decides=False, unsaid=("missing_fact", "out_of_place"))
    return ()


def _read(
    entries: Callable[[], tuple[_Entry, ...]], *, decides: bool, unsaid: tuple[str, ...] = ("missing_fact",)
) -> tuple[_Entry, ...]:
    """The entries of a list. A list that decides nothing need not be whole: what it lacks is not asked for, and
    it is left out. `unsaid` are the codes of such faults."""
    try:
        return entries()
    except Unanswerable as why:
        if decides or any(fault.code not in unsaid for fault in why.faults):
            raise
        return ()


def _absences(given: Given) -> tuple[Absence, ...]:
    return tuple(_absence(one) for one in given.entries("incapacity", "from", "to"))


def _with_wages(given: Given, facts: Facts) -> Facts:
    """A wage earner has a wage, also where it is called base; for others a wage is the income of the band."""
    wage, reported, base, income, lowest = (
        given.maybe.amount(name) for name in ("wage", "reported_wage", "base", "income", "lowest_wage")
    )
    if not facts.is_wage_earner:
        if wage is not None and income is not None and wage != income:
            given.refuse("income", "contradiction", _TWO_INCOMES)
        return facts._replace(base=base, income=wage if income is None else income)
    if wage is not None and base is not None and wage != base:
        given.refuse("base", "contradiction", _TWO_WAGES)
    return facts._replace(wage=base if wage is None else wage, reported_wage=reported, lowest_wage=lowest)


def _absence(one: Given) -> Absence:
    one.require("from", "to")
    return Absence(one.day("from"), one.day("to"))


_MIGRANT = Text(
    "Manfaat JKK pekerja migran diatur tersendiri dan belum ada di sini. Tanyakan pada BPJS Ketenagakerjaan.",
    "JKK benefits of migrant workers have rules of their own that are not held here. Ask BPJS Ketenagakerjaan.",
)
_NOT_AT_WORK = Text(
    "{field}: JKK dibayar bila kecelakaan atau penyakit itu karena kerja. Tulis work, atau tanyakan JKM untuk "
    "kematian.",
    "{field}: JKK is paid for an accident or a disease caused by work. Write work, or ask for JKM after a death.",
)
_RECOVERED = Text(
    "Sembuh berarti tanpa cacat. Pilih partial_anatomical atau partial_functional, atau hapus injuries.",
    "Recovered means without disability. Choose partial_anatomical or partial_functional, or remove injuries.",
)
_TWO_INCOMES = Text(
    "Upah dan penghasilan berbeda. Bagi peserta BPU keduanya sama: hapus salah satu dari wage dan {field}.",
    "Wage and income differ. For a non-wage earner they are the same: remove one of wage and {field}.",
)
_TWO_WAGES = Text(
    "Upah dan dasar upah berbeda. Penerima upah dihitung dari upah terakhir: hapus {field}.",
    "Wage and base differ. A wage earner is counted by the last wage: remove {field}.",
)
