"""The trail of a record, or of everything in sight: who did what when, in sentences, the newest first.

A bulk run is one event; every row it touched carries the event's number, so that it stands in the trail of each
person of it. Row security decides which events are in sight.
"""

import datetime
import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.db.models import Q

from lindung.access.account_models import ChangeKind
from lindung.access.directory import KINDS as CHANGES
from lindung.access.models import AuditEvent, Role, User
from lindung.access.roles import duties_of
from lindung.access.trail import STRANGER
from lindung.contributions.cancelling import CancelReason
from lindung.insight.monthly_changes import KINDS as MEMBER_CHANGES
from lindung.insight.record_names import KINDS, Subject, about, names_of
from lindung.law.money import counted, rupiah
from lindung.law.months import Month, NotAMonth, day_label
from lindung.law.text import Text, joined
from lindung.membership import changes
from lindung.partnership.authority import DECIDERS, FUNCTIONS
from lindung.partnership.deciders import Decider, Function
from lindung.partnership.story import PAPER_NAMES
from lindung.people.families import LABELS as RELATIONS
from lindung.people.models import Relation
from lindung.people.revealing import REASONS

PER_PAGE = 50
ZONE = ZoneInfo("Asia/Jakarta")


class Sieve(NamedTuple):
    """Which events are shown; what is None or False does not narrow them. `before` is the last event shown."""

    actor_id: int | None = None
    day: datetime.date | None = None
    looks_only: bool = False
    before: int | None = None


class Event(NamedTuple):
    """One event in words; `subject` is the record it is about, `name` what that is called, where it is in sight."""

    id: int
    at: datetime.datetime
    actor: Text
    text: Text
    looked: bool
    subject: Subject | None
    name: Text | None


class Trail(NamedTuple):
    """A page of events, and the last one of it, before which the next page goes on; None at the end."""

    title: Text | None
    events: tuple[Event, ...]
    before: int | None


def trail(*, kind: str = "", id: int = 0, sieve: Sieve) -> Trail:
    """The trail of one record, or of everything in the caller's scope without `kind`.

    Raises ObjectDoesNotExist when the record is not in scope, KeyError for a kind that has no trail.
    """
    title = _title(kind, id) if kind else None
    found = _events(kind, id, sieve)
    shown = found[:PER_PAGE]
    subjects = (about(row) for row in shown)
    names = names_of(subject for subject in subjects if subject and subject[0] in KINDS)
    return Trail(
        title, tuple(_event(row, names) for row in shown), shown[-1].pk if len(found) > PER_PAGE else None
    )


def actors(sponsor_ids: tuple[int, ...]) -> list[tuple[int, str]]:
    """People who act or acted for these cities, to choose from."""
    place = Q(appointments__organisation__in=sponsor_ids) | Q(
        appointments__organisation__parent__in=sponsor_ids
    )
    branch = Q(appointments__organisation__cities__in=sponsor_ids)
    found = User.objects.filter(place | branch).distinct().order_by("name")
    return list(found.values_list("pk", "name")[:200])


def _title(kind: str, id: int) -> Text:
    if kind not in KINDS:
        raise KeyError(kind)
    name = names_of([(kind, id)]).get((kind, id))
    if name is None:
        raise ObjectDoesNotExist(f"{kind} {id}")
    return name


# Rows that a bulk run touched carry its event's number: these stand in the trail of their record too.
_ROWS_OF = {
    "person": """
        SELECT event_id FROM people_person WHERE id = %(id)s
        UNION SELECT event_id FROM people_personscope WHERE person_id = %(id)s
        UNION SELECT event_id FROM membership_work WHERE person_id = %(id)s
        UNION SELECT event_id FROM membership_membership WHERE person_id = %(id)s
        UNION SELECT c.event_id FROM membership_memberchange c JOIN membership_membership m ON m.id = c.membership_id
               WHERE m.person_id = %(id)s
        UNION SELECT event_id FROM membership_membernumber WHERE person_id = %(id)s
        UNION SELECT event_id FROM membership_branchstatus WHERE person_id = %(id)s
        UNION SELECT event_id FROM claims_determination WHERE person_id = %(id)s
        UNION SELECT event_id FROM claims_estimate WHERE person_id = %(id)s
        UNION SELECT event_id FROM contributions_branchbalance WHERE person_id = %(id)s
        UNION SELECT b.event_id FROM contributions_billline l JOIN contributions_bill b ON b.id = l.bill_id
               WHERE l.person_id = %(id)s
        UNION SELECT s.event_id FROM contributions_paidmonth p
                JOIN contributions_settlement s ON s.instruction_id = p.instruction_id
               WHERE p.person_id = %(id)s""",
    "agreement": """
        SELECT e.id FROM membership_roster r JOIN access_auditevent e ON e.subject = 'roster:' || r.id
         WHERE r.agreement_id = %(id)s
        UNION SELECT e.id FROM contributions_bill b JOIN access_auditevent e ON e.subject = 'bill:' || b.id
               WHERE b.agreement_id = %(id)s""",
    "bill": """
        SELECT event_id FROM contributions_bill WHERE id = %(id)s
        UNION SELECT event_id FROM contributions_payment WHERE bill_id = %(id)s
        UNION SELECT c.event_id FROM contributions_contributioncode c
                JOIN contributions_bill b ON b.agreement_id = c.agreement_id AND b.month = c.month
               WHERE b.id = %(id)s""",
    "roster": """
        SELECT event_id FROM membership_roster WHERE id = %(id)s
        UNION SELECT e.id FROM membership_roster r JOIN access_auditevent e ON e.subject = 'document:' || r.document_id
               WHERE r.id = %(id)s""",
    # Of a change only its events are in an auditor's sight. An invitation names nobody who is here; whoever joins
    # names the invitation. The range is the prefix 'account_change:', as the index on subjects reads it.
    "user": """
        SELECT id FROM access_auditevent WHERE actor_id = %(id)s
        UNION SELECT id FROM access_auditevent
               WHERE subject >= 'account_change:' AND subject < 'account_change;' AND detail ->> 'user' = '%(id)s'
        UNION SELECT e.id FROM access_auditevent j
                JOIN access_auditevent e ON e.subject = 'account_change:' || (j.detail ->> 'account_change')
               WHERE j.subject = 'user:%(id)s' AND j.action IN ('join', 'renew_password')""",
}


def _events(kind: str, id: int, sieve: Sieve) -> list[AuditEvent]:
    events = AuditEvent.objects.order_by("-pk")
    if kind:
        events = events.filter(Q(subject=f"{kind}:{id}") | Q(pk__in=_event_ids(kind, id)))
    if sieve.actor_id is not None:
        events = events.filter(actor_id=sieve.actor_id)
    if sieve.day is not None:
        start = datetime.datetime.combine(sieve.day, datetime.time(), ZONE)
        events = events.filter(at__gte=start, at__lt=start + datetime.timedelta(days=1))
    if sieve.looks_only:
        events = events.filter(action__in=_catalogue().looks)
    if sieve.before is not None:
        events = events.filter(pk__lt=sieve.before)
    return list(events.defer("txid")[: PER_PAGE + 1])


def _event_ids(kind: str, id: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS_OF[kind], {"id": id})
        return [event_id for (event_id,) in cursor.fetchall()]


class Catalogue(NamedTuple):
    """The sentence of each action, and the actions of those who only looked."""

    says: Mapping[str, Text]
    looks: frozenset[str]


@cache
def _catalogue() -> Catalogue:
    stored = tomllib.loads((files("lindung.insight") / "trail.toml").read_text("utf-8"))
    says = {action: Text(text["id"], text["en"]) for action, text in stored["says"].items()}
    return Catalogue(says, frozenset(stored["looks"]))


def sentences() -> Mapping[str, Text]:
    """The sentence of every action that has one."""
    return _catalogue().says


_UNKNOWN = Text("Tindakan {action}. {detail}", "Action {action}. {detail}")
_BLANK = re.compile(r"\{(\w+)\}")


def _event(stored: AuditEvent, names: Mapping[Subject, Text]) -> Event:
    subject = about(stored)
    return Event(
        id=stored.pk,
        at=stored.at,
        actor=actor_of(stored),
        # Who decides what is said by the subject ("authority:payout").
        text=told(stored.action, {"function": stored.subject.partition(":")[2], **stored.detail}),
        looked=stored.action in _catalogue().looks,
        subject=subject,
        name=names.get(subject) if subject else None,
    )


def actor_of(stored: AuditEvent) -> Text:
    """Who did it, as the trail names them."""
    nobody = stored.actor_id is None and stored.actor_name == STRANGER.name
    return _STRANGER if nobody else Text(stored.actor_name, stored.actor_name)


def told(action: str, detail: Mapping[str, Any]) -> Text:
    """What an event says; an action without a sentence of its own is named as it is, with its details."""
    sentence = _catalogue().says.get(action)
    if sentence is None:
        listed = ", ".join(f"{name}: {value}" for name, value in detail.items())
        return _UNKNOWN.filled(action=action, detail=listed)
    given = {**detail, "change": _change(detail), "reason": _reason(action, detail.get("reason"))}
    blanks = set(_BLANK.findall(sentence.id))
    return sentence.filled(**{name: _shown(name, given.get(name)) for name in blanks})


def _shown(name: str, value: Any) -> Text | str:
    if value is None or value == "":
        return "–" if value is None else ""
    return value if isinstance(value, Text) else _WAYS.get(name, str)(value)


def _day(value: Any) -> Text | str:
    """A day, or a whole month where the event names no day."""
    try:
        return day_label(datetime.date.fromisoformat(str(value)))
    except ValueError:
        return _month(value)


def _role(value: Any) -> Text | str:
    return duties_of(value).label if value in Role.values else str(value)


def _reason(action: str, value: Any) -> Text | str | None:
    """A reason that was chosen, in words; what somebody wrote stays, its last stop taken off."""
    chosen = _REASONS_OF.get(action, {})
    return None if value is None else chosen.get(str(value), str(value).rstrip(". "))


def _kind(value: Any) -> Text | str:
    return _ALL_KINDS.get(str(value), str(value))


def _relation(value: Any) -> Text | str:
    return RELATIONS[Relation(value)] if value in Relation.values else str(value)


def _number(value: Any) -> Text | str:
    return counted(value) if isinstance(value, int) else str(value)


def _change(detail: Mapping[str, Any]) -> Text | None:
    """What is asked for an account, and the role it is about; None where the event does not say."""
    if detail.get("kind") not in ChangeKind.values:
        return None
    asked = CHANGES[ChangeKind(detail["kind"])]
    role = _role(detail["role"]) if detail.get("role") else None
    return (
        asked if role is None else joined((asked, role if isinstance(role, Text) else Text(role, role)), ", ")
    )


def _function(value: Any) -> Text | str:
    return FUNCTIONS[Function(value)] if value in Function.values else str(value)


def _decider(value: Any) -> Text | str:
    return DECIDERS[Decider(value)] if value in Decider.values else str(value)


def _door(value: Any) -> Text | str:
    return _DOORS.get(str(value), str(value))


def _way(value: Any) -> Text | str:
    return _SEARCHES.get(str(value), str(value))


def _what(value: Any) -> Text | str:
    return _EXPORTS.get(str(value), str(value))


def _month(value: Any) -> Text | str:
    try:
        return Month.parse(str(value)).label
    except NotAMonth:
        return str(value)


def _money(value: Any) -> Text | str:
    return rupiah(value) if isinstance(value, int) else str(value)


def _letters(value: Any) -> Text | str:
    return str(value).upper()


def _yes_or_no(value: Any) -> Text | str:
    return Text("ya", "yes") if value is True else Text("tidak", "no")


_REASONS_OF: Mapping[str, Mapping[str, Text]] = {
    "nik.revealed": {reason.value: text for reason, text in REASONS.items()},
    "member.left": {reason.value: text for reason, text in changes.SAID.items()},
    "bill.cancelled": {reason.value: reason.text for reason in CancelReason},
}
_ALL_KINDS: Mapping[str, Text] = {
    **{kind.value: name for kind, name in PAPER_NAMES.items()},
    "perwal": Text("Perwal", "Perwal"),
    "dpa": Text("DPA", "DPA"),
    **{kind: Text(label.id.lower(), label.en.lower()) for kind, label in MEMBER_CHANGES.items()},
}
_STRANGER = Text("seseorang yang belum masuk", "somebody who has not signed in")
_DOORS = {
    "api": Text("sistem lain (API)", "another system (API)"),
    "command_line": Text("baris perintah", "the command line"),
}
_SEARCHES = {
    "nik_and_birth_date": Text("NIK dan tanggal lahir", "NIK and birth date"),
    "name_and_birth_date": Text("nama dan tanggal lahir", "name and birth date"),
    "name": Text("nama", "name"),
}
_EXPORTS = {
    "workers": Text("pekerja", "workers"),
    "coverage": Text("cakupan", "coverage"),
    "roster": Text("hasil daftar", "roster results"),
}
_WAYS: dict[str, Callable[[Any], Text | str]] = {
    "amount": _money,
    "total": _money,
    "people": _number,
    "rows": _number,
    "lines": _number,
    "line": _number,
    "accepted": _number,
    "programme": _letters,
    "month": _month,
    "last_month": _month,
    "before": _money,
    "monthly": _money,
    "on": _day,
    "kind": _kind,
    "relation": _relation,
    "since": _day,
    "until": _day,
    "ordered_on": _day,
    "signed_on": _day,
    "as_of": _day,
    "role": _role,
    "by": _way,
    "function": _function,
    "decided_by": _decider,
    "through": _door,
    "what": _what,
    "is_on": _yes_or_no,
}
