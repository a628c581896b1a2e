"""What has been determined of a person, beside our own estimate; and whom a determination says to have died."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from lindung.claims.models import Benefit, Determination, Estimate, Programme
from lindung.contributions.models import BillLine
from lindung.law.months import Month
from lindung.law.text import Text

BENEFITS = {
    Benefit.WHOLE: Text("seluruh manfaat", "the whole benefit"),
    Benefit.LUMP_SUM: Text("santunan sekaligus", "the lump sum"),
    Benefit.PERIODIC: Text("santunan berkala", "the periodic benefit"),
    Benefit.FUNERAL: Text("biaya pemakaman", "the funeral grant"),
    Benefit.SCHOLARSHIP: Text("beasiswa anak", "the children's scholarship"),
    Benefit.OTHER: Text("manfaat lain", "another benefit"),
}

OF_A_DEATH = Q(programme=Programme.JKM) | Q(benefit=Benefit.FUNERAL)
"""JKM is paid for a death and nothing else (PP 44/2015 Pasal 34); so is a funeral grant of any programme."""


class Determined(NamedTuple):
    """One determination in whole rupiah: of what, by whom, and where it stands.

    ``of_death`` says that the person died on ``event_date``. ``import_id`` is None where it was decided here.
    ``of_whole`` is our estimate of the whole event, None where our records gave none; beside a part of it there is
    nothing to compare (`sums_of`).
    """

    programme: str
    benefit: Text
    event_date: date
    amount: int
    number: str
    of_death: bool
    decided_on: date
    badge: Text
    import_id: int | None
    file: str
    line: int | None
    is_whole: bool
    of_whole: int | None

    @property
    def estimate(self) -> int | None:
        """What we had estimated of this very amount."""
        return self.of_whole if self.is_whole else None


class Summed(NamedTuple):
    """The parts of one event together, in whole rupiah, and our estimate of the whole; None where we have none."""

    programme: str
    event_date: date
    amount: int
    parts: int
    estimate: int | None


class Dead(NamedTuple):
    """Somebody who died according to a determination."""

    person_id: int
    name: str
    died_on: date


def of_person(person_id: int, *, on: date) -> tuple[Determined, ...]:
    """What was determined of a person in the caller's sight, as known on the day, the latest word first.

    What was decided here is one word, told to each city that pays: who sees both reads it once.
    """
    known = Determination.objects.filter(person_id=person_id, said_on__lte=on)
    found = known.select_related("word__document").order_by("-said_on", "-pk")
    rows = list({_word_of(row): row for row in found}.values())
    ours = _estimates(person_id, on=on) if rows else {}
    return tuple(_determined(row, ours.get((row.programme, row.event_date))) for row in rows)


def sums_of(said: Sequence[Determined]) -> tuple[Summed, ...]:
    """Of every event that was determined in parts, the newest word on each part together, beside our estimate."""
    newest = {(each.programme, each.event_date, each.benefit): each for each in reversed(said)}
    parts: dict[tuple[str, date], list[Determined]] = {}
    for (programme, day, _), each in newest.items():
        parts.setdefault((programme, day), []).append(each)
    return tuple(
        Summed(programme, day, sum(each.amount for each in held), len(held), held[0].of_whole)
        for (programme, day), held in parts.items()
        if not any(each.is_whole for each in held)
    )


def death_of(said: Sequence[Determined], *, on: date) -> Determined | None:
    """The latest of these words that says the person had died by the day; None when none does."""
    return next((each for each in said if each.of_death and each.event_date <= on), None)


def dead_in_bill(bill_id: int, *, month: Month, on: date) -> tuple[Dead, ...]:
    """Everybody in a bill whom a determination known on the day says to have died before its month began."""
    lines = BillLine.objects.filter(bill=bill_id, month=month.first_day()).values("person")
    said = Determination.objects.filter(OF_A_DEATH, person__in=lines, said_on__lte=on)
    rows = said.order_by("said_on", "pk").values_list("person_id", "person__name", "event_date")
    latest = {person: Dead(person, name, died) for person, name, died in rows}
    return tuple(dead for dead in latest.values() if dead.died_on < month.first_day())


def _estimates(person_id: int, *, on: date) -> dict[tuple[str, date], int]:
    """Our newest estimate of each event that was made by the day."""
    found = Estimate.objects.filter(person_id=person_id, computed_on__lte=on).order_by("pk")
    return {
        (programme, day): total
        for programme, day, total in found.values_list("programme", "event_date", "total")
    }


def _word_of(row: Determination) -> tuple[object, ...]:
    """What makes it one word: line and file; of ours programme, event, part and number."""
    if row.word_id is not None:
        return row.word_id, row.line
    return row.programme, row.event_date, row.benefit, row.number


def _determined(row: Determination, estimate: int | None) -> Determined:
    return Determined(
        programme=row.programme,
        benefit=BENEFITS[Benefit(row.benefit)],
        event_date=row.event_date,
        amount=row.amount,
        number=row.number,
        of_death=row.programme == Programme.JKM or row.benefit == Benefit.FUNERAL,
        decided_on=row.decided_on,
        badge=row.badge,
        import_id=row.word_id,
        file=row.word.document.name if row.word else "",
        line=row.line,
        is_whole=row.benefit == Benefit.WHOLE,
        of_whole=estimate,
    )
