"""What has been determined of a person, beside our own estimate; and whom a determination says to have died."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from lindung.claims.models import Benefit, Determination, Estimate, Programme
from lindung.contributions.models import BillLine
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.membership.branch_word import BPJS_BADGE
from lindung.partnership.deciders import Decider

DECIDED_HERE = Text("Diputuskan di sini", "Decided here")
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
    """One determination in whole rupiah: of what, by whom, where it stands, and what we had estimated.

    ``of_death`` says that the person died on ``event_date``. ``import_id`` is None where it was decided here,
    ``estimate`` where our records gave none.
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
    estimate: int | None


class Dead(NamedTuple):
    """Somebody who died according to a determination."""

    person_id: int
    name: str
    died_on: date


def of_person(person_id: int, *, on: date) -> tuple[Determined, ...]:
    """What was determined of a person in the caller's sight, as known on the day, the latest word first."""
    known = Determination.objects.filter(person_id=person_id, said_on__lte=on)
    rows = list(known.select_related("word__document").order_by("-said_on", "-pk"))
    ours = _estimates(person_id) if rows else {}
    return tuple(_determined(row, ours.get((row.programme, row.event_date))) for row in rows)


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


def _estimates(person_id: int) -> dict[tuple[str, date], int]:
    """Our newest estimate of each event."""
    found = Estimate.objects.filter(person_id=person_id).order_by("pk")
    return {
        (programme, day): total
        for programme, day, total in found.values_list("programme", "event_date", "total")
    }


def _determined(row: Determination, estimate: int | None) -> Determined:
    return Determined(
        programme=row.programme,
        benefit=BENEFITS[Benefit(row.benefit)],
        event_date=row.event_date,
        amount=row.amount,
        number=row.number,
        of_death=row.programme == Programme.JKM or row.benefit == Benefit.FUNERAL,
        decided_on=row.decided_on,
        badge=DECIDED_HERE if row.decided_by == Decider.HERE else BPJS_BADGE,
        import_id=row.word_id,
        file=row.word.document.name if row.word else "",
        line=row.line,
        estimate=estimate,
    )
