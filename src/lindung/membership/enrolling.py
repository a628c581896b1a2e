"""Enrols the ready rows of a roster: one set-based transaction, all of them or none."""

from datetime import date, datetime
from itertools import islice
from typing import NamedTuple

from django.db import connection

from lindung.access import audit
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.engine import collecting
from lindung.engine.refusals import Refusal
from lindung.law.months import Month, day_label, duration
from lindung.law.text import Text
from lindung.membership import entering, rechecking, register, sealed_rows
from lindung.membership.entering import Place
from lindung.membership.judging import Facts
from lindung.membership.models import Roster, RosterStatus, Verdict
from lindung.partnership.models import Agreement, Segment

CHUNK = 5_000
FARTHEST = 12
"""So many months ahead a first month, a leave or a wage may be written down; further ahead it is a slip of the year."""

# A row whose work was taken by another enrolment since it was judged stays out and says so; one of somebody whose old
# cover reaches into the month that was chosen says that.
_ROWS = """
UPDATE membership_rosterrow r
   SET verdict = CASE WHEN m.id IS NULL THEN 'to_fix' ELSE 'enrolled' END,
       person_id = CASE WHEN m.id IS NULL THEN NULL ELSE i.person_id END,
       problems = CASE WHEN m.id IS NULL
                       THEN r.problems || jsonb_build_array(jsonb_build_array(NULL, CASE WHEN leaving.found
                            THEN %(paid_still)s ELSE %(meanwhile)s END, ''))
                       ELSE r.problems END
  FROM incoming i
  LEFT JOIN LATERAL (SELECT true AS found FROM membership_membership o
                      WHERE o.person_id = i.person_id AND o.slot IS NOT NULL
                        AND o.until > greatest(o.since, %(since)s) LIMIT 1) leaving ON true
  LEFT JOIN membership_membership m ON m.person_id = i.person_id AND m.event_id = %(event)s
 WHERE r.roster_id = %(roster)s AND r.number = i.line
"""
_LOST = {"meanwhile": "register.enrolled_meanwhile", "paid_still": "register.paid_still"}


class TooEarly(Refusal):
    """The first contribution month lies before the enrolment or the agreement."""

    code = "month.too_early"

    def __init__(self, earliest: Month) -> None:
        super().__init__(_TOO_EARLY.filled(month=earliest.label), field="first_month")
        self.earliest = earliest


class TooFar(Refusal):
    """The first contribution month lies so far ahead that the year is a slip."""

    code = "month.too_far"

    def __init__(self, last: Month) -> None:
        text = _TOO_FAR.filled(months=duration(FARTHEST), month=last.label)
        super().__init__(text, field="first_month")


class AfterAgreement(Refusal):
    """The agreement ends before the first contribution month."""

    code = "month.after_agreement"

    def __init__(self, agreement: Agreement, month: Month) -> None:
        until = day_label(agreement.until) if agreement.until else ""
        text = _AFTER.filled(code=agreement.code, until=until, month=month.label)
        super().__init__(text, field="first_month")


_TOO_EARLY = Text(
    "Bulan iuran pertama tidak boleh sebelum {month}. Pilih {month} atau sesudahnya.",
    "The first contribution month cannot be before {month}. Choose {month} or later.",
)
_TOO_FAR = Text(
    "Paling jauh {months} ke depan: {month}. Periksa tahunnya.",
    "At most {months} ahead: {month}. Check the year.",
)
_AFTER = Text(
    "Kerja sama {code} berlaku sampai sebelum {until}; {month} di luarnya. Perpanjang dulu lewat adendum.",
    "Agreement {code} holds until before {until}; {month} lies outside. Extend it by an addendum first.",
)


class Enrolment(NamedTuple):
    """How many people were enrolled now, how many rows had lost a race, and the audit event of the run."""

    enrolled: int
    lost: int
    event_id: int | None


@collecting.paused()
def enrol(*, roster_id: int, by: Actor, now: datetime, first_month: Month | None = None) -> Enrolment:
    """Enrol every ready row of a roster; a second call finds nothing ready and changes nothing.

    ``first_month`` is the first contribution month; when not given, that of ``first_month()`` (PP 44/2015
    Pasal 6: cover starts with the number and the first paid contribution). Raises Roster.DoesNotExist when
    the caller does not see the whole list or only reads, TooEarly, TooFar or AfterAgreement for a month in
    which nobody can begin, BeingRead, and IntegrityError when the quota would be exceeded or the month's bill is
    drawn already.

    1. Lock the roster, then its segment: two enrolments into one quota wait for each other.
    2. Open the sealed rows, draw the ids first and seal each number for its new row.
    3. As the loader role: people, works, memberships, who may see them, each in one statement.
    4. Mark the rows; write one audit event whose id every touched row carries.
    """
    agreement = _agreement_in_sight(roster_id)
    since = begin(agreement, first_month, today=now.date())
    with system_scope(SystemScope.ENROLLING, actor=by):
        roster = Roster.objects.get(pk=roster_id)
        rechecking.refuse_unsettled(roster)
        segment = Segment.objects.select_for_update().get(pk=roster.segment_id)
        ready = _ready(roster)
        if not ready:
            return Enrolment(0, 0, None)
        event = audit.record(
            "roster.enrolled",
            by=by,
            subject=f"roster:{roster_id}",
            sponsor_id=roster.sponsor_id,
            detail={"rows": len(ready), "since": since.isoformat()},
        )
        place = Place.of(agreement, segment, registered_on=now.date(), since=since, event_id=event)
        with entering.entered(ready, place) as enrolled, connection.cursor() as cursor:
            cursor.execute(_ROWS, {"event": event, "roster": roster.pk, "since": since, **_LOST})
        roster.status = RosterStatus.ENROLLED
        roster.save(update_fields=["status"])
    return Enrolment(enrolled, len(ready) - enrolled, event)


def first_month(agreement: Agreement, *, today: date) -> Month:
    """The contribution month from which people enrolled today are paid for, when nobody names another.

    The month after today, or the agreement's first month when that comes later. Whether the agreement still
    holds then, and whether the month's bill is drawn already, is found out when they are enrolled.
    """
    return register.first_month(agreement.since, today=today)


def begin(agreement: Agreement, named: Month | None, *, today: date) -> date:
    """The first day of cover: never backwards, since an accident may have happened already.

    Raises TooEarly, TooFar, AfterAgreement.
    """
    earliest = max(Month.of(today), Month.of(agreement.since))
    month = named or first_month(agreement, today=today)
    if month < earliest:
        raise TooEarly(earliest)
    if earliest.months_until(month) > FARTHEST:
        raise TooFar(earliest.plus(FARTHEST))
    if agreement.until is not None and month.first_day() >= agreement.until:
        raise AfterAgreement(agreement, month)
    return month.first_day()


def _agreement_in_sight(roster_id: int) -> Agreement:
    """The roster's agreement, in the caller's own scope and before the system's, with the roster locked.

    Only who may write can lock, and only who sees the whole city sees the file: a kelurahan's operator,
    who sees some rows of the list, cannot enrol all of it.
    """
    rosters = Roster.objects.select_for_update(of=("self",)).select_related("agreement")
    return rosters.get(pk=roster_id, document__kind="roster").agreement


def _ready(roster: Roster) -> list[tuple[int, Facts]]:
    # The database lets nobody be ready who is gone from the newest file; nobody is enrolled by one question alone.
    rows = (
        roster.rows.filter(verdict=Verdict.READY, gone=False)
        .order_by("number")
        .values_list("number", "sealed")
    )
    found: list[tuple[int, Facts]] = []
    stored = rows.iterator(chunk_size=CHUNK)
    while chunk := [(line, bytes(sealed)) for line, sealed in islice(stored, CHUNK)]:
        opened = sealed_rows.read_many(roster.pk, chunk)
        found += [(line, row.facts) for (line, _), row in zip(chunk, opened, strict=True) if row.facts]
    return found
