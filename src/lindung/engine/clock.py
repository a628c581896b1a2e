"""The one clock: doors read it once and pass the day down; LINDUNG_NOW sets it for the demo and for drills."""

import os
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lindung.engine.troubles import ClockUnreadable
from lindung.law.text import Text

JAKARTA = ZoneInfo("Asia/Jakarta")


def now() -> datetime:
    """This moment in Asia/Jakarta. Raises ClockUnreadable when LINDUNG_NOW makes no sense."""
    fixed = os.environ.get("LINDUNG_NOW")
    return _read(fixed) if fixed else unfixed()


def unfixed() -> datetime:
    """What the machine's own clock says, also while LINDUNG_NOW stands in for it."""
    return datetime.now(JAKARTA)


def today() -> date:
    """Today's date in Asia/Jakarta."""
    return now().date()


def is_fixed() -> bool:
    """Whether LINDUNG_NOW stands in for the real clock."""
    return bool(os.environ.get("LINDUNG_NOW"))


def _read(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError as error:
        raise ClockUnreadable(
            Text(
                f"LINDUNG_NOW tidak terbaca: {written!r}. Tulis tanggal, misalnya 2026-11-22.",
                f"LINDUNG_NOW cannot be read: {written!r}. Write a date, for example 2026-11-22.",
            )
        ) from error
    return moment.replace(tzinfo=JAKARTA) if moment.tzinfo is None else moment.astimezone(JAKARTA)
