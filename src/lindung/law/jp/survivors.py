"""Who draws the pension (JP) of a participant who died: widow or widower, else children, else a parent."""

from datetime import date, timedelta
from typing import NamedTuple

from lindung.law.decision import Fact, Step
from lindung.law.money import percent, share
from lindung.law.months import age_on
from lindung.law.reading import Reading
from lindung.law.terms import Term
from lindung.law.text import Text


class Relation(Term):
    """How a survivor is related to the participant."""

    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"


class Survivor(NamedTuple):
    """Someone the participant left behind. Birth date, work and marriage matter of children only."""

    relation: Relation
    birth_date: date | None = None
    working: bool | None = None
    married: bool | None = None

    @property
    def written(self) -> str:
        """The survivor as a fact of a decision: child 2015-01-31 working."""
        marks = (
            self.relation.value,
            self.birth_date.isoformat() if self.birth_date else "",
            "working" if self.working else "",
            "married" if self.married else "",
        )
        return " ".join(mark for mark in marks if mark)


class Receiver(NamedTuple):
    """Whose pension it is, which share of what, and the step that says so."""

    amount: int
    steps: tuple[Step, ...]


def receiver(
    reading: Reading,
    survivors: tuple[Survivor, ...],
    pension: int,
    *,
    died_on: date,
    on: date,
    spouse_drew: int | None = None,
) -> Receiver | None:
    """The first who may draw: spouse, children, parent (PP 45/2015 P14, P21-P23); None when nobody may.

    `pension` is a month's pension by the formula in whole rupiah; `spouse_drew` what the spouse drew before
    dying or remarrying, where the children take over; `on` the day of the payment. Raises NoLawForDate.
    """
    related = {one.relation for one in survivors}
    if Relation.SPOUSE in related and spouse_drew is None:
        return spouse(reading, pension)
    children = [
        one
        for one in survivors
        if one.relation is Relation.CHILD and _draws(reading, one, died_on=died_on, on=on)
    ]
    if children:
        return _children(reading, len(children), pension, spouse_drew)
    if Relation.PARENT in related:
        return _paid(reading, "jp.parent_share", "parent", pension)
    return None


def spouse(reading: Reading, pension: int) -> Receiver:
    """The widow's or widower's pension before bounds: PP 45/2015 P21."""
    return _paid(reading, "jp.spouse_share", "spouse", pension)


def _children(reading: Reading, drawing: int, pension: int, spouse_drew: int | None) -> Receiver:
    """All children together: of the formula, or of the spouse's pension they take over (P22)."""
    if spouse_drew is None:
        paid = _paid(reading, "jp.child_share", "children", pension)
    else:
        paid = _paid(reading, "jp.child_share_after_spouse", "children", spouse_drew)
    most = reading.whole("jp.most_children")
    count = min(drawing, most.value)
    if count > 1:
        reading.note(_TOGETHER)
    said = _COUNT.filled(count=count, most=most.value)
    counted = most.step("jp.children", 0, working={"children": count, "most": most.value})
    return paid._replace(steps=(counted._replace(sentence=said), *paid.steps))


def _draws(reading: Reading, child: Survivor, *, died_on: date, on: date) -> bool:
    """Whether the child is below the age limit, not working, not married; a child born soon after counts."""
    if child.birth_date is None or child.working or child.married:
        return False
    if None in (child.working, child.married):
        reading.assume(_TAKEN_AS_DEPENDENT)
    if child.birth_date > died_on:
        return child.birth_date <= died_on + timedelta(days=reading.whole("jp.posthumous_days").value)
    return age_on(child.birth_date, on) < reading.whole("jp.child_age").value


def _paid(reading: Reading, id: str, who: str, pension: int) -> Receiver:
    rate = reading.rate(id)
    reading.rounded(pension, rate.value)
    amount = share(pension, rate.value, reading.rounding())
    working: dict[str, Fact] = {"share": percent(rate.value).id, "of": pension}
    step = rate.step(f"jp.pension_monthly.{who}", amount, base=pension, working=working)
    return Receiver(amount, (step,))


_COUNT = Text(
    "{count} anak berhak atas pensiun, paling banyak {most} anak.",
    "{count} children have a right to the pension, at most {most}.",
)
_TAKEN_AS_DEPENDENT = Text(
    "Dianggap anak belum bekerja dan belum menikah, karena tidak disebut lain.",
    "Children are taken neither to work nor to be married, since nobody said otherwise.",
)
_TOGETHER = Text(
    "Pensiun anak dihitung untuk semua anak bersama-sama; cara membaginya belum diperiksa pada naskah.",
    "The children's pension is counted for all children together; how it is parted is not verified "
    "against the text.",
)
