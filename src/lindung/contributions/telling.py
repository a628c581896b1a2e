"""Tells workers what became of their contributions: paid, not paid, cover ended. Each of them once for one event.

Nothing is told in the transaction of a payment but the wish to tell: a task goes through the people afterwards, in
parts that are committed one by one, and who was told already is left out. Whoever has no telephone gets a letter, by
kelurahan. The dead are told nothing. Wage earners (PU) are not told that they are at risk: their cover does not end.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from lindung.access.models import Organisation
from lindung.access.scope import SystemScope, system_scope
from lindung.access.sealing import unseal_many
from lindung.contributions.many_standings import STATES, standing_of_members
from lindung.contributions.models import Settlement
from lindung.contributions.states import CoverState
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.notices import switching
from lindung.notices.delivering import DELIVERER
from lindung.notices.outbox import Queued, Told, send_many
from lindung.notices.recipients import Recipient

AT_ONCE = 2_000
"""People in one transaction."""

_ALIVE = """NOT EXISTS (SELECT FROM membership_memberchange d JOIN membership_membership dm ON dm.id = d.membership_id
                         WHERE dm.person_id = {person} AND d.reason = 'died'
                           AND NOT EXISTS (SELECT FROM membership_memberchange u WHERE u.undoes_id = d.id))"""

_PAID = """
SELECT p.person_id, min(p.sponsor_id), min(p.month), max(p.month), bool_and(o.membership_id IS NOT NULL)
  FROM contributions_paidmonth p
  JOIN contributions_settlement t ON t.instruction_id = p.instruction_id
  JOIN contributions_payment o ON o.id = t.payment_id
 WHERE t.id = ANY (%(settlements)s) AND p.month = ANY (%(months)s) AND p.sponsor_id = ANY (%(cities)s)
   AND {alive}
 GROUP BY p.person_id ORDER BY p.person_id
"""

_UNPAID = """
WITH {tables},
best AS (SELECT person_id, min(standing) AS standing FROM standing WHERE standing < %(ended)s GROUP BY person_id),
chosen AS (
    SELECT DISTINCT ON (s.person_id) s.* FROM standing s JOIN best b USING (person_id, standing)
     WHERE s.standing = ANY (%(told)s) AND NOT s.pu AND s.sponsor_id = ANY (%(cities)s)
     ORDER BY s.person_id, s.id)
SELECT c.person_id, c.sponsor_id, c.standing,
       lindung_last_whole_month(c.person_id, c.work_id, c.programmes, c.since, {next}, %(on)s)
  FROM chosen c WHERE {alive} ORDER BY c.person_id
"""

_PEOPLE = "SELECT id, name, kelurahan_code, phone_sealed FROM people_person WHERE id = ANY (%(people)s)"

_KINDS = {CoverState.AT_RISK: "cover.at_risk", CoverState.LAPSED: "cover.lapsed"}


class _Event(NamedTuple):
    """Something to tell one person, before her name and number are looked up."""

    person_id: int
    sponsor_id: int
    subject: str
    values: Mapping[str, str | Text]


def tell_paid(settlements: Sequence[Settlement]) -> None:
    """Have everybody told whose months these settlements paid. Call it in the transaction of the payment.

    Rolled back, nobody is told. Where no city of theirs has switched notices on, nothing is put into the queue.
    """
    if not settlements:
        return
    cities = {each.sponsor_id for each in settlements}
    if any(setting.is_on for setting in switching.settings_of(cities).values()):
        # Here, or the task would need this module before it is whole.
        from lindung.contributions.tasks import tell_paid as task

        task.defer(settlement_ids=sorted(each.pk for each in settlements))


def paid_told(*, settlement_ids: Sequence[int], now: datetime) -> Queued:
    """Tell the people of these settlements, one message each however many months were paid. Safe to be done again."""
    with system_scope(SystemScope.NOTIFYING, actor=DELIVERER):
        events = _paid(settlement_ids)
    return _told("cover.paid", events, now)


def standing_told(*, on: date, now: datetime) -> Queued:
    """Tell whoever is at risk on the day (once a month) or has lost cover (once for each time). Safe to be done again."""
    with system_scope(SystemScope.NOTIFYING, actor=DELIVERER):
        events = _unpaid(on)
    result = Queued()
    for state, kind in _KINDS.items():
        result = result.plus(_told(kind, events[state], now))
    return result


def _paid(settlement_ids: Sequence[int]) -> list[_Event]:
    months = Settlement.objects.filter(pk__in=settlement_ids).values_list("bill__month", flat=True)
    values: dict[str, Any] = {
        "settlements": list(settlement_ids),
        "months": list(months),
        "cities": list(switching.switched_on()),
    }
    names = _names()
    with connection.cursor() as cursor:
        cursor.execute(_PAID.format(alive=_ALIVE.format(person="p.person_id")), values)
        return [
            _Event(
                person,
                city,
                str(Month.of(last)),
                {"month": _span(Month.of(first), Month.of(last)), "payer": _YOURSELF if own else names[city]},
            )
            for person, city, first, last, own in cursor.fetchall()
        ]


def _unpaid(on: date) -> dict[CoverState, list[_Event]]:
    cities, found = switching.switched_on(), {state: list[_Event]() for state in _KINDS}
    if not cities:
        return found
    asked, names = standing_of_members(on=on), _names()
    statement = _UNPAID.format(
        tables=asked.tables,
        next=f"date '{Month.of(on).next().first_day()}'",
        alive=_ALIVE.format(person="c.person_id"),
    )
    more: dict[str, Any] = {
        "told": [STATES.index(state) for state in _KINDS],
        "ended": len(STATES),
        "cities": list(cities),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, {**asked.values, **more})
        rows = cursor.fetchall()
    for person, city, standing, last in rows:
        if last is not None:
            state, until = STATES[standing], Month.of(last)
            # At risk: once a month. Cover that ended: once for each last month, however long it stays so.
            subject = str(Month.of(on)) if state is CoverState.AT_RISK else f"after-{until}"
            found[state].append(
                _Event(person, city, subject, {"paid_until": until.label, "payer": names[city]})
            )
    return found


def _told(kind: str, events: Sequence[_Event], now: datetime) -> Queued:
    result = Queued()
    for part in _parts(events):
        with system_scope(SystemScope.NOTIFYING, actor=DELIVERER):
            told = list(_with_names(part))
            result = result.plus(send_many(kind=kind, told=told, by=DELIVERER, now=now))
    return result


def _with_names(events: Sequence[_Event]) -> Iterator[Told]:
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"people": [each.person_id for each in events]})
        people = {row[0]: row[1:] for row in cursor.fetchall()}
    sealed = [(pk, bytes(phone)) for pk, (_, _, phone) in people.items() if phone is not None]
    opened = unseal_many(sealed, table="people_person", column="phone_sealed")
    phones = dict(zip((pk for pk, _ in sealed), opened, strict=True))
    for each in events:
        name, kelurahan, _ = people[each.person_id]
        to = Recipient(
            f"person:{each.person_id}",
            name,
            each.sponsor_id,
            kelurahan,
            each.person_id,
            phone=phones.get(each.person_id, ""),
        )
        yield Told(to, {"name": name, **each.values}, each.subject)


def _parts(events: Sequence[_Event]) -> Iterator[Sequence[_Event]]:
    for start in range(0, len(events), AT_ONCE):
        yield events[start : start + AT_ONCE]


def _names() -> dict[int, str]:
    return dict(Organisation.objects.values_list("pk", "name"))


def _span(first: Month, last: Month) -> Text:
    if first == last:
        return last.label
    return Text("{first} sampai {last}", "{first} to {last}").filled(first=first.label, last=last.label)


_YOURSELF = Text("Anda sendiri", "yourself")
