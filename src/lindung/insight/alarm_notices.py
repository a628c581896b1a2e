"""Tells officers of alarms: each alarm once at each of its steps, to whom it concerns."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from lindung.access.scope import SystemScope, system_scope
from lindung.insight.alarms import Alarm, alarms
from lindung.law.money import rupiah
from lindung.law.months import day_label
from lindung.law.text import Text
from lindung.notices import switching
from lindung.notices.delivering import DELIVERER
from lindung.notices.outbox import Queued, Told, send_many
from lindung.notices.recipients import officers
from lindung.partnership.models import Agreement


def alarms_told(*, on: date, now: datetime) -> Queued:
    """Tell of every alarm of the day in cities that have switched notices on. Safe to be done again.

    An alarm keeps its key until its next step (60, 30, 7 days), so nobody is told of it twice.
    """
    result = Queued()
    with system_scope(SystemScope.NOTIFYING, actor=DELIVERER):
        cities = switching.switched_on()
        if not cities:
            return result
        rung = alarms(on)
        city_of = dict(
            Agreement.objects.filter(pk__in={each.agreement_id for each in rung}).values_list(
                "pk", "sponsor_id"
            )
        )
        for alarm in rung:
            sponsor_id = city_of[alarm.agreement_id]
            if sponsor_id in cities:
                told = list(_told(alarm, sponsor_id, on))
                result = result.plus(send_many(kind=kind_of(alarm), told=told, by=DELIVERER, now=now))
    return result


def kind_of(alarm: Alarm) -> str:
    """The words it is told in: money that runs out by its step, everything else by its own sentence."""
    return f"alarm.budget_{alarm.step}" if alarm.short else "alarm.ahead"


def _told(alarm: Alarm, sponsor_id: int, on: date) -> Iterator[Told]:
    values = _values(alarm)
    for officer in officers(sponsor_id=sponsor_id, roles=alarm.whom, on=on):
        yield Told(officer, values, alarm.key)


def _values(alarm: Alarm) -> Mapping[str, str | Text]:
    if alarm.short is None:
        return {
            "agreement": alarm.title,
            "day": day_label(alarm.day),
            "said": alarm.sentence,
            "article": alarm.article,
        }
    month, lacks = alarm.short
    return {
        "agreement": alarm.title,
        "until": month.plus(-1).label,
        "short_month": month.label,
        "shortfall": rupiah(lacks),
    }
