"""Whether a city tells people, by which channels and at which hours: off until an officer switches it on."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from lindung.access.audit import record
from lindung.access.scope import Actor
from lindung.engine.refusals import ChangedMeanwhile
from lindung.notices.models import Channel, NoticeSetting


class Setting(NamedTuple):
    """How a city tells people; ``revision`` 0 is what holds before anybody has set it: off."""

    is_on: bool = False
    channels: tuple[str, ...] = (Channel.WHATSAPP, Channel.SMS, Channel.EMAIL, Channel.LETTER)
    quiet_from: int = 20
    quiet_until: int = 7
    revision: int = 0
    set_by: str = ""
    set_at: datetime | None = None


def setting_of(sponsor_id: int) -> Setting:
    """The newest setting of one city."""
    return settings_of([sponsor_id])[sponsor_id]


def settings_of(sponsor_ids: Collection[int]) -> dict[int, Setting]:
    """The newest setting of each of these cities, with one question."""
    rows = NoticeSetting.objects.filter(sponsor__in=sponsor_ids).select_related("set_by")
    newest = rows.order_by("sponsor", "-revision").distinct("sponsor")
    return {pk: Setting() for pk in sponsor_ids} | {row.sponsor_id: _setting(row) for row in newest}


def switched_on() -> dict[int, Setting]:
    """Every city in the caller's sight that tells people, with its setting."""
    newest = (
        NoticeSetting.objects.select_related("set_by").order_by("sponsor", "-revision").distinct("sponsor")
    )
    return {row.sponsor_id: _setting(row) for row in newest if row.is_on}


def switch(
    *,
    sponsor_id: int,
    is_on: bool,
    channels: Sequence[str],
    quiet_from: int,
    quiet_until: int,
    revision: int,
    by: Actor,
    now: datetime,
) -> None:
    """Set it anew; ``revision`` is the one that was looked at. Raises ChangedMeanwhile when it is not the newest."""
    if setting_of(sponsor_id).revision != revision:
        raise ChangedMeanwhile
    event_id = record(
        "notices.set",
        by=by,
        subject=f"organisation:{sponsor_id}",
        sponsor_id=sponsor_id,
        detail={"is_on": is_on, "channels": list(channels), "quiet": [quiet_from, quiet_until]},
    )
    NoticeSetting.objects.create(
        sponsor_id=sponsor_id,
        revision=revision + 1,
        is_on=is_on,
        channels=list(channels),
        quiet_from=quiet_from,
        quiet_until=quiet_until,
        set_by_id=by.person_id,
        set_at=now,
        event_id=event_id,
    )


def _setting(row: NoticeSetting) -> Setting:
    return Setting(
        row.is_on,
        tuple(row.channels),
        row.quiet_from,
        row.quiet_until,
        row.revision,
        row.set_by.name,
        row.set_at,
    )
