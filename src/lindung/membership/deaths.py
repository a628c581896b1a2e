"""The day on which somebody died, as it is recorded with his leave; taken back together with it."""

from datetime import date, datetime
from typing import NamedTuple

from lindung.engine.refusals import Refusal
from lindung.law.text import Text
from lindung.membership.employment import LeaveReason, MemberChange
from lindung.partnership.paper_dates import recorded_on


class WrongDeathDay(Refusal):
    """A death has its day, today at the latest; whoever leaves for another reason has none."""

    code = "member.death_day"


class Death(NamedTuple):
    """When somebody died, and which city recorded it on which day."""

    died_on: date
    recorded_on: date
    sponsor: str


def require_day(reason: LeaveReason, died_on: date | None, *, now: datetime) -> None:
    """Refuse a death without its day, or ahead, and a day without a death. Raises WrongDeathDay."""
    if reason != LeaveReason.DIED:
        if died_on is not None:
            raise WrongDeathDay(_NO_DEATH, field="died_on")
    elif died_on is None:
        raise WrongDeathDay(_WHEN, field="died_on")
    elif died_on > recorded_on(now):
        raise WrongDeathDay(_AHEAD, field="died_on")


def recorded_death(person_id: int, *, on: date) -> Death | None:
    """The latest death recorded for a person in the caller's sight by the day, that is not taken back."""
    known = MemberChange.objects.filter(
        membership__person_id=person_id,
        reason=LeaveReason.DIED,
        undone_by__isnull=True,
        died_on__lte=on,
        at__date__lte=on,
    )
    found = known.select_related("sponsor").order_by("-pk").first()
    if found is None or found.died_on is None:
        return None
    return Death(found.died_on, recorded_on(found.at), found.sponsor.name)


_WHEN = Text("Isi hari meninggalnya.", "Fill in the day of death.")
_AHEAD = Text(
    "Hari meninggal paling lambat hari ini. Periksa tanggalnya.",
    "The day of death is today at the latest. Check the date.",
)
_NO_DEATH = Text(
    "Hari meninggal hanya diisi bila alasannya meninggal. Kosongkan, atau pilih alasan itu.",
    "A day of death is filled in for a death only. Leave it empty, or choose that reason.",
)
