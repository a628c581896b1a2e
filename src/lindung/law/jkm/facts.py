"""The facts of one death, as far as the death benefit (JKM) depends on them."""

from datetime import date
from typing import NamedTuple

from lindung.law import paid_months
from lindung.law.decision import Fact
from lindung.law.scholarship import Child
from lindung.law.terms import Payer, Segment, Term
from lindung.law.text import Text
from lindung.law.values import Law


class Cause(Term):
    """What somebody died of, as far as the choice between JKM and JKK goes."""

    WORK = "work"
    NOT_WORK = "not_work"

    @property
    def label(self) -> Text:
        """The cause as people read it."""
        return _CAUSES[self]


_CAUSES = {
    Cause.WORK: Text("karena kerja", "caused by work"),
    Cause.NOT_WORK: Text("bukan karena kerja", "not caused by work"),
}


class Facts(NamedTuple):
    """The facts of one death. None means that nobody said; the decision then says what was assumed."""

    segment: Segment
    event_date: date
    member_since: date | None = None
    months_paid: int | None = None
    months_in_arrears: int | None = None
    memberships: int | None = None
    has_heirs: bool | None = None
    children: tuple[Child, ...] = ()
    cause: Cause | None = None
    still_active: bool | None = None
    owner_of_companies: bool = False
    payer: Payer | None = None

    @property
    def arrears(self) -> int:
        """Consecutive unpaid months; none when nobody said."""
        return self.months_in_arrears or 0

    @property
    def heirs(self) -> bool:
        """Whether there is an heir; yes when nobody said."""
        return self.has_heirs is not False

    @property
    def paid_memberships(self) -> int:
        """How many memberships pay. Who owns several companies is in JKM in one only: PP 44/2015 P15(2)."""
        return 1 if self.owner_of_companies else self.memberships or 1

    @property
    def alone(self) -> bool:
        """Whether the participant stands alone as a non-wage earner, without an employer."""
        return self.segment is Segment.BPU


def written(facts: Facts) -> dict[str, Fact]:
    """All facts as they are stored with the decision; what nobody said is left out."""
    since = facts.member_since
    named: dict[str, Fact] = {
        "segment": facts.segment.value,
        "event_date": facts.event_date.isoformat(),
        "member_since": since.isoformat() if since else None,
        "months_paid": facts.months_paid,
        "months_in_arrears": facts.months_in_arrears,
        "memberships": facts.memberships,
        "has_heirs": facts.has_heirs,
        "children": tuple(_written_child(child) for child in facts.children) or None,
        "cause": facts.cause and facts.cause.value,
        "still_active": facts.still_active,
        "owner_of_companies": facts.owner_of_companies or None,
        "payer": facts.payer and facts.payer.value,
    }
    return {name: value for name, value in named.items() if value is not None}


def _written_child(child: Child) -> str:
    """One child as a line of text: its birth date, then what else is known of it."""
    born = child.birth_date.isoformat() if child.birth_date else "-"
    level = f"{child.level.upper()} {child.year_of_level or '-'}" if child.level else "-"
    words = [word for word in ("studying", "married", "working") if getattr(child, word)]
    return " ".join((born, level, *words))


def check(facts: Facts, *, known: date | None = None, law: Law | None = None) -> None:
    """Raises Contradiction where more months are paid or unpaid than this membership can hold by the day of death,
    and NoLawForDate."""
    paid_months.check(
        facts.months_paid,
        unpaid=facts.months_in_arrears,
        segment=facts.segment,
        member_since=facts.member_since,
        on=facts.event_date,
        known=known,
        law=law,
    )
