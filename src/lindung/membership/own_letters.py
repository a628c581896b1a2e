"""The letter behind a decision of this house: its number and date, and its scan when there is one."""

from datetime import date, datetime
from typing import NamedTuple

from lindung.access.scope import Actor
from lindung.engine.refusals import Refusal
from lindung.law.months import day_label
from lindung.law.text import Text
from lindung.partnership.paper_dates import recorded_on
from lindung.partnership.papers import File, keep_scan


class Letter(NamedTuple):
    """By which letter it is decided here; the scan may be missing."""

    number: str
    file: File | None = None


class NotYet(Refusal):
    """A decision is dated today or earlier, never ahead; and so is what it speaks of, by the decision's own day."""

    code = "own_decision.in_future"


def noted(letter: Letter | None, *, sponsor_id: int, on: date, by: Actor, now: datetime) -> dict[str, object]:
    """What the decision's event says of its letter; the scan is kept sealed. Raises NotYet, NotAScan, TooLarge."""
    if on > recorded_on(now):
        raise NotYet(_NOT_YET, field="on")
    if letter is None:
        return {}
    kept = keep_scan(letter.file, by=by, sponsor_id=sponsor_id, now=now) if letter.file else None
    return {"letter": letter.number, **({} if kept is None else {"document": kept.pk})}


def require_by(day: date, *, on: date, field: str) -> None:
    """Refuse a day that comes after the decision of the day `on`. Raises NotYet."""
    if day > on:
        raise NotYet(_NOT_AFTER.filled(day=day_label(on)), field=field)


_NOT_AFTER = Text(
    "Tidak boleh sesudah tanggal keputusan, {day}. Periksa tanggalnya.",
    "It cannot be after the date of the decision, {day}. Check the date.",
)
_NOT_YET = Text(
    "Tanggal keputusan paling lambat hari ini. Periksa tanggalnya.",
    "A decision is dated today at the latest. Check the date.",
)
