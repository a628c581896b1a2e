"""Hands a worker's cover from one payer to the next without a lost or a double month, and says before what it costs.

A month belongs to whoever is to pay it: the old payer until its membership ends, the new one from that very month on.
A new payer begins no earlier than after the last month that is billed or paid, and the database refuses two
memberships of one work in a month and a month paid twice.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max, QuerySet

from lindung.access.scope import Actor
from lindung.contributions.billing import OutsideAgreement
from lindung.contributions.dues import due, months_at_risk
from lindung.contributions.models import Bill, PaidMonth
from lindung.engine.refusals import Refusal
from lindung.law.months import Month, duration, months_from
from lindung.law.text import Text
from lindung.membership import going_over
from lindung.membership.ending import last_month
from lindung.membership.going_over import Under
from lindung.membership.intake import SegmentNotChosen
from lindung.membership.models import Membership
from lindung.partnership.agreements import require_not_over
from lindung.partnership.models import Agreement, AgreementKind, Segment


class NotToThem(Refusal):
    """Somebody goes over to an agreement of another kind: from a sponsor to the participant, or the other way."""

    code = "member.not_to_them"

    def __init__(self, agreement: Agreement) -> None:
        super().__init__(_NOT_TO_THEM.filled(code=agreement.code), field="agreement")


class MonthsWouldBeLost(Refusal):
    """Between the two payers lie months for which nobody would pay; whoever records it must have said so."""

    code = "member.months_lost"

    def __init__(self, months: Sequence[Month]) -> None:
        text = _LOST.filled(months=duration(len(months)), first=months[0].label, last=months[-1].label)
        super().__init__(text, field="gap_told")
        self.months = tuple(months)


class Start(NamedTuple):
    """From which month the next payer pays, and the months before it for which nobody would pay (mostly none)."""

    first: Month
    lost: tuple[Month, ...]


class Handed(NamedTuple):
    """The membership that goes on, and how it starts."""

    membership: Membership
    start: Start


def accept(
    *,
    membership_id: int,
    agreement_id: int,
    by: Actor,
    now: datetime,
    income: int | None = None,
    gap_told: bool = False,
    segment_code: str = "",
) -> Handed:
    """Record that somebody goes on paying alone: under an independent agreement, for the same work and programmes.

    It begins with the first month that the sponsor is not to pay, though that lie in the past: what is unpaid since
    can still be paid. Only where cover has lapsed meanwhile it begins anew this month, and months are lost: then
    raises MonthsWouldBeLost unless ``gap_told``. Raises Membership.DoesNotExist and Agreement.DoesNotExist out of
    sight, NotToThem, OutsideAgreement, and IntegrityError where somebody pays for the work already.
    """
    with transaction.atomic():
        member, target, segment = _both(membership_id, agreement_id, segment_code)
        sponsored = member.agreement.kind == AgreementKind.SPONSORED
        _require(sponsored and target.kind == AgreementKind.INDEPENDENT, target)
        start = start_alone(member, on=now.date())
        _refuse_gap(start, gap_told)
        under = Under(target, segment, tuple(member.programmes), income or 0)
        return _handed(member, under, start, by=by, now=now)


def take_over(
    *,
    membership_id: int,
    agreement_id: int,
    by: Actor,
    now: datetime,
    gap_told: bool = False,
    segment_code: str = "",
) -> Handed:
    """Let a sponsor pay for somebody from the first month on that nobody has paid or been billed for.

    Whoever pays now pays until then. Raises what `accept` raises.
    """
    with transaction.atomic():
        member, target, segment = _both(membership_id, agreement_id, segment_code)
        _require(target.kind == AgreementKind.SPONSORED and target.pk != member.agreement_id, target)
        start = start_sponsored(member, target, on=now.date())
        _refuse_gap(start, gap_told)
        return _handed(member, Under(target, segment, tuple(target.programmes)), start, by=by, now=now)


def start_alone(member: Membership, *, on: date) -> Start:
    """When somebody whom a sponsor pays for would begin to pay alone, as seen on a day."""
    return start_after(end_of(member, on=on), member.programmes, paid_until(member), on=on)


def start_after(ends: Month, programmes: Sequence[str], paid: Month | None, *, on: date) -> Start:
    """The same, where it is known which month the sponsor is the first not to pay, and which was the last paid."""
    last = lapses_on(programmes, paid, on=on)
    if ends >= Month.of(on) or (last is not None and last >= on):
        return Start(ends, ())
    first = Month.of(on)
    return Start(first, tuple(months_from(ends, first.plus(-1))))


def start_sponsored(member: Membership, target: Agreement, *, on: date) -> Start:
    """When a sponsor would begin to pay for somebody, as seen on a day."""
    free = _after_bills(target, Month.of(max(on, target.since)))
    if member.until is None:
        return Start(max(free, _first_unbilled(member)), ())
    ends = Month.of(member.until)
    first = max(free, ends)
    return Start(first, tuple(months_from(ends, first.plus(-1))) if first > ends else ())


def end_of(member: Membership, *, on: date) -> Month:
    """The first month for which the payer of a membership is not to pay.

    That of its end; of its agreement's end, where that is known; else the month after this one and after its bills.
    """
    if member.until is not None:
        return Month.of(member.until)
    if member.agreement.until is not None:
        return last_month(member.agreement.until).next()
    return max(Month.of(on).next(), _first_unbilled(member))


def paid_until(member: Membership) -> Month | None:
    """The last month paid for the work up to the end of a membership, whoever paid; None: none."""
    months = PaidMonth.objects.filter(work_id=member.work_id, programme="jkk")
    last = months.filter(person_id=member.person_id).aggregate(last=Max("month"))["last"]
    return Month.of(last) if last else None


def pays_by(programmes: Sequence[str], first: Month) -> date:
    """The day by which the first own month must be paid, so that nobody is in arrears."""
    return due(first, programmes)


def lapses_on(programmes: Sequence[str], paid: Month | None, *, on: date) -> date | None:
    """The last day to pay before cover ends and the three months of JKM count anew; None: nothing is covered."""
    if paid is None:
        return None
    return due(paid.plus(months_at_risk(programmes, on=on) + 1), programmes)


def _first_unbilled(member: Membership) -> Month:
    """The first month of a membership after every bill that names its purse, and after what is paid ahead."""
    own = member.agreement.kind == AgreementKind.INDEPENDENT
    bills = Bill.objects.filter(agreement_id=member.agreement_id)
    bills = bills.filter(membership=member) if own else bills.filter(membership__isnull=True)
    last = _last_live(bills.filter(month__gte=member.since))
    paid = PaidMonth.objects.filter(
        person_id=member.person_id, work_id=member.work_id, agreement_id=member.agreement_id
    )
    paid_to = paid.aggregate(last=Max("month"))["last"]
    months = [Month.of(day).next() for day in (last, paid_to) if day is not None]
    return max([Month.of(member.since), *months])


def _after_bills(agreement: Agreement, month: Month) -> Month:
    last = _last_live(Bill.objects.filter(agreement=agreement, membership__isnull=True))
    return max(month, Month.of(last).next()) if last else month


def _last_live(bills: QuerySet[Bill]) -> date | None:
    live = bills.exclude(status__in=("cancelled", "superseded"))
    found: date | None = live.aggregate(last=Max("month"))["last"]
    return found


def _both(membership_id: int, agreement_id: int, code: str) -> tuple[Membership, Agreement, Segment]:
    """Both agreements held in the order of their ids, and the segment as enrolment holds it."""
    member = Membership.objects.select_related("agreement").get(pk=membership_id)
    ids = {member.agreement_id, agreement_id}
    held = Agreement.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
    found = {each.pk: each for each in held}
    if agreement_id not in found:
        raise Agreement.DoesNotExist
    target = found[agreement_id]
    require_not_over(target)
    segments = list(Segment.objects.select_for_update().filter(agreement=target).order_by("pk"))
    chosen = [each for each in segments if not code or each.code == code]
    if len(chosen) != 1:
        raise SegmentNotChosen
    return member, target, chosen[0]


def _require(fits: bool, target: Agreement) -> None:
    if not fits:
        raise NotToThem(target)


def _refuse_gap(start: Start, told: bool) -> None:
    if start.lost and not told:
        raise MonthsWouldBeLost(start.lost)


def _handed(member: Membership, under: Under, start: Start, *, by: Actor, now: datetime) -> Handed:
    if not under.agreement.covers(start.first.first_day()):
        raise OutsideAgreement(under.agreement, start.first)
    going_over.ended_before(member, start.first, by=by, now=now)
    return Handed(going_over.go_over(member, under, since=start.first, by=by, now=now), start)


_NOT_TO_THEM = Text(
    "Orang ini tidak bisa dipindahkan ke {code}: pilih kerja sama peserta mandiri, atau kerja sama yang dibayar kota.",
    "This person cannot go over to {code}: choose an agreement of independent members, or one the city pays.",
)
_LOST = Text(
    "{months} tidak dibayar siapa pun ({first} sampai {last}). Perlindungan sudah berhenti dan mulai lagi dari awal; "
    "katakan itu kepada orangnya, lalu tandai bahwa sudah diberi tahu.",
    "Nobody pays {months} ({first} to {last}). Cover has ended and begins anew; tell the person so, then mark that "
    "it was told.",
)
