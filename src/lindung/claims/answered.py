"""The whole answer on a person: died according to a determination, or else the cover by the contributions; for every door."""

from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef

from lindung.claims import determined
from lindung.claims.determined import Determined
from lindung.claims.models import Determination
from lindung.contributions import cover
from lindung.contributions.cover import Cover, Known
from lindung.contributions.knowledge import other_answer, why_they_differ
from lindung.law.months import day_label
from lindung.law.text import Text
from lindung.membership import deaths
from lindung.membership.models import Membership
from lindung.partnership.deciders import Decider

DIED = "died"
"""Stands before every state of a cover: nobody is protected after her death."""


class Death(NamedTuple):
    """That a person died, and the determination that says so; `decided_by` is bpjs or here."""

    died_on: date
    programme: str
    number: str
    decided_on: date
    decided_by: Decider
    badge: Text
    text: Text


class Answered(NamedTuple):
    """What is answered of a person on a day: by the contributions alone, what was determined, and the death it says.

    ``recorded`` is a death that was recorded with a leave, where no determination tells it. ``other`` is the answer by the
    other knowledge of a past day where it differs, and ``reasons`` say why; both empty where they agree.
    """

    cover: Cover
    determined: tuple[Determined, ...]
    death: Death | None
    recorded: deaths.Death | None
    other: Cover | None = None
    reasons: tuple[Text, ...] = ()

    def told(self) -> dict[str, Any]:
        """The answer in one piece, for a machine: `state` and `headline` speak of the death where there is one.

        What the contributions alone would say stays under `by_contributions`.
        """
        death = self.death
        alone = {"state": self.cover.state.value, "headline": self.cover.headline}
        return {
            **self.cover._asdict(),
            "state": alone["state"] if death is None else DIED,
            "headline": alone["headline"] if death is None else death.text,
            "badge": self.cover.badge if death is None else death.badge,
            "death": death,
            "by_contributions": alone,
            "other_knowledge": self.other
            and {
                "known": self.other.known,
                "state": self.other.state.value,
                "headline": self.other.headline,
                "reasons": self.reasons,
            },
        }


def answer_on(person_id: int, *, on: date, known: Known = Known.NOW, today: date | None = None) -> Answered:
    """The answer on a person in the caller's scope. Raises Person.DoesNotExist.

    ``known`` chooses the knowledge of a past day; it is compared with the other one for a day before ``today``.
    """
    found = cover.cover_of(person_id, on=on, known=known)
    other = other_answer(found) if today is not None and on < today else None
    reasons = why_they_differ(found, other) if other else ()
    said = determined.of_person(person_id, on=on)
    death = _death(found.name, determined.death_of(said, on=on))
    recorded = None if death else deaths.recorded_death(person_id, on=on)
    return Answered(found, said, death, recorded, other if reasons else None, reasons)


def still_enrolled(*, on: date) -> int:
    """How many people in the caller's sight died by a determination known on the day and have no leave recorded yet."""
    open_ones = Membership.objects.filter(person=OuterRef("person"), sponsor=OuterRef("sponsor"), until=None)
    told = Determination.objects.filter(determined.OF_A_DEATH, Exists(open_ones))
    found = told.filter(said_on__lte=on, event_date__lte=on).aggregate(people=Count("person", distinct=True))
    return int(found["people"])


def _death(name: str, said: Determined | None) -> Death | None:
    if said is None:
        return None
    return Death(
        died_on=said.event_date,
        programme=said.programme,
        number=said.number,
        decided_on=said.decided_on,
        decided_by=Decider.HERE if said.import_id is None else Decider.BPJS,
        badge=said.badge,
        text=_DIED.filled(
            name=name,
            day=day_label(said.event_date),
            programme=said.programme.upper(),
            number=said.number,
        ),
    )


_DIED = Text(
    "{name} meninggal pada {day}, menurut penetapan {programme} nomor {number}.",
    "{name} died on {day}, according to the determination of {programme} number {number}.",
)
