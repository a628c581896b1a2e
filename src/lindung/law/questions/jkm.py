"""The question for a death benefit (JKM): which facts it takes, which of them this death needs."""

from lindung.law import jkm
from lindung.law.decision import Decision
from lindung.law.jkm import Cause, Facts
from lindung.law.questions.children import children, needed_as_a_rule
from lindung.law.questions.fields import Given
from lindung.law.terms import Payer, Segment
from lindung.law.text import Text
from lindung.law.values import Law

FIELDS = (
    "segment",
    "event_date",
    "member_since",
    "months_paid",
    "months_in_arrears",
    "memberships",
    "has_heirs",
    "children",
    "cause",
    "still_active",
    "owner_of_companies",
    "payer",
    "known",
)


def asked(given: Given, *, law: Law | None = None) -> Decision:
    """Decide on `segment` and `event_date`, and what else is given.

    Raises Unanswerable, naming every field that stands in the way, and NoLawForDate.
    `months_paid` and the facts of children are needed only where they decide: for non-wage earners since the
    waiting time of 2025, and for the scholarship.
    """
    _require_who_and_when(given)
    known = given.maybe.day("known")
    facts = _facts(given)
    jkm.check(facts, known=known, law=law)
    return jkm.benefit(facts, known=known, law=law)


def _require_who_and_when(given: Given) -> None:
    """Without them the law is not known: named together with what it mostly needs of a family with children."""
    if "segment" in given and "event_date" in given:
        return
    children = needed_as_a_rule(given)
    months = ("months_paid",) if given.facts.get("children") else ()
    given.require("segment", "event_date", *months, *children)


def _facts(given: Given) -> Facts:
    event_date = given.day("event_date")
    facts = Facts(
        segment=given.word("segment", Segment),
        event_date=event_date,
        member_since=given.maybe.day("member_since"),
        months_paid=given.maybe.count("months_paid"),
        months_in_arrears=given.maybe.count("months_in_arrears"),
        memberships=given.maybe.count("memberships", least=1, most=20),
        has_heirs=given.maybe.flag("has_heirs"),
        children=children(given, event_date),
        cause=given.maybe.word("cause", Cause),
        still_active=given.maybe.flag("still_active"),
        owner_of_companies=given.flag("owner_of_companies", False),
        payer=given.maybe.word("payer", Payer),
    )
    if facts.segment is Segment.MIGRANT:
        given.refuse("segment", "not_computed", _MIGRANT)
    if facts.children and not facts.heirs:
        given.refuse("has_heirs", "contradiction", _CHILDREN_ARE_HEIRS)
    return facts


_MIGRANT = Text(
    "{field}: santunan pekerja migran belum dihitung di sini; yang tersimpan hanya daftar iurannya.",
    "{field}: the benefits of migrant workers are not computed here; only their contributions are stored.",
)
_CHILDREN_ARE_HEIRS = Text(
    "{field}: ada anak pada daftar, dan anak adalah ahli waris. Perbaiki salah satu.",
    "{field}: children are listed, and children are heirs. Correct one of the two.",
)
