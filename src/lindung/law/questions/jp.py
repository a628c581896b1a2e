"""The question for a pension (JP): which facts are needed, and what is said when some are missing."""

import re
from collections.abc import Mapping
from fractions import Fraction

from lindung.law import jp
from lindung.law.decision import Decision
from lindung.law.jp.pension import WAGE_CAP, YearWage
from lindung.law.jp.survivors import Relation, Survivor
from lindung.law.questions.children import CHILD_FIELDS
from lindung.law.questions.fields import Given, no_law
from lindung.law.terms import Segment
from lindung.law.text import Text
from lindung.law.values import Law, NoLawForDate

FIELDS = (
    "reason",
    "event_date",
    "member_since",
    "months_paid",
    "birth_date",
    "segment",
    "balance",
    "yearly_wages",
    "inflation",
    "survivors",
    "children",
    "spouse_ended",
    "paid_on",
)


def asked(given: Given, *, law: Law | None = None) -> Decision:
    """The decision on a pension. Raises Unanswerable, naming every field that stands in the way."""
    if "reason" in given:
        given.word("reason", jp.Reason)
    always = ("reason", "event_date")
    # Whether the months decide is known only with these: where one is missing, whoever asks hears of all at once.
    settled = all(name in given for name in always) or "yearly_wages" in given
    given.require(*always, *(() if settled else ("months_paid",)))
    facts = _facts(given)
    known = given.maybe.day("known")
    try:
        return jp.benefit(facts, known=known, law=law)
    except NoLawForDate as why:
        raise no_law(why, field="yearly_wages" if why.id == WAGE_CAP else "event_date") from why


def _facts(given: Given) -> jp.Facts:
    wages = _wages(given)
    return jp.Facts(
        reason=given.word("reason", jp.Reason),
        event_date=given.day("event_date"),
        months_paid=given.maybe.count("months_paid") if wages is None else _paid(given, wages),
        member_since=given.maybe.day("member_since"),
        birth_date=given.maybe.day("birth_date"),
        segment=given.maybe.word("segment", Segment),
        balance=given.maybe.amount("balance"),
        yearly_wages=wages,
        inflation=_inflation(given) if "inflation" in given else None,
        survivors=_survivors(given),
        others_unnamed=_children_alone(given),
        spouse_ended=given.flag("spouse_ended", False),
        paid_on=given.maybe.day("paid_on"),
    )


def _paid(given: Given, wages: tuple[YearWage, ...]) -> int:
    return given.count("months_paid", sum(row.months for row in wages))


def _wages(given: Given) -> tuple[YearWage, ...] | None:
    rows = given.entries("yearly_wages", "year", "wage", "months")
    for row in rows:
        row.require("year", "wage", "months")
    read = tuple(
        YearWage(
            row.count("year", least=1900, most=2200),
            row.amount("wage"),
            row.count("months", least=1, most=12),
        )
        for row in rows
    )
    return read or None


def _inflation(given: Given) -> Mapping[int, Fraction]:
    years = given.within("inflation")
    for name in years.facts:
        if not re.fullmatch(r"[0-9]{4}", name):
            years.refuse(name, "not_a_year", _NOT_A_YEAR)
    return {int(name): years.fraction(name) for name in years.facts if name in years}


def _survivors(given: Given) -> tuple[Survivor, ...] | None:
    """Whom the participant left behind: the children where only they were named."""
    if _children_alone(given):
        return tuple(_child(one) for one in given.entries("children", *CHILD_FIELDS))
    people = given.entries("survivors", "relation", "birth_date", "working", "married")
    return tuple(_survivor(one) for one in people) if "survivors" in given else None


def _children_alone(given: Given) -> bool:
    """Whether a death leaves children, and nobody said who else is left."""
    died = given.word("reason", jp.Reason) is jp.Reason.DEATH
    return died and "survivors" not in given and bool(given.facts.get("children"))


def _survivor(one: Given) -> Survivor:
    one.require("relation")
    relation = one.word("relation", Relation)
    if relation is Relation.CHILD:
        return _child(one)
    return Survivor(
        relation, one.maybe.day("birth_date"), one.maybe.flag("working"), one.maybe.flag("married")
    )


def _child(one: Given) -> Survivor:
    one.require("birth_date")
    return Survivor(
        Relation.CHILD, one.day("birth_date"), one.maybe.flag("working"), one.maybe.flag("married")
    )


_NOT_A_YEAR = Text('{field}: tulis tahun seperti "2016".', '{field}: write a year such as "2016".')
_MISSING = Text(
    "Keterangan {field} belum ada. Tambahkan {field}.", "The fact {field} is missing. Add {field}."
)
