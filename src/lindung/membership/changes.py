"""Joins, leaves and new wages, one person at a time, each with who, when and why; and taking one of them back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from lindung.access import audit
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.engine.refusals import Refusal
from lindung.law.money import rupiah
from lindung.law.months import Month, duration
from lindung.law.text import Text
from lindung.membership import deaths, units, wages
from lindung.membership.employment import ChangeKind, LeaveReason, MemberChange, Wage
from lindung.membership.enrolling import FARTHEST
from lindung.membership.models import Membership

REASONS = {
    LeaveReason.MOVED: Text("Pindah ke luar kota", "Moved away"),
    LeaveReason.WORK_ENDED: Text("Berhenti bekerja", "Stopped working"),
    LeaveReason.DIED: Text("Meninggal", "Died"),
    LeaveReason.OTHER_SPONSOR: Text("Dibayari pihak lain", "Paid for by somebody else"),
    LeaveReason.HOLDER_CHANGED: Text("Jabatannya diganti orang lain", "Somebody else holds the office"),
}
"""What an officer chooses from."""
SAID = REASONS | {LeaveReason.AGREEMENT_OVER: Text("Kerja samanya berakhir", "The agreement is over")}
"""Every reason in words; the last is written by ending the agreement (`membership/ending.py`)."""


class NobodyActs(Refusal):
    """Changes are made by people."""

    code = "member.nobody_acts"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Perubahan dicatat oleh orang. Masuk dulu.", "Changes are recorded by people. Sign in first."
            )
        )


class LeftAlready(Refusal):
    """The membership has an end already."""

    code = "member.left_already"

    def __init__(self, until: date) -> None:
        last = Month.of(until).plus(-1).label
        super().__init__(_LEFT.filled(month=last))


class OutsideMembership(Refusal):
    """The month lies before the membership, after its end, or too far ahead."""

    code = "member.month_outside"

    def __init__(self, text: Text, *, field: str) -> None:
        super().__init__(text, field=field)


class NotAWageEarner(Refusal):
    """Only the work of an employer unit has a wage."""

    code = "member.no_wage_earner"

    def __init__(self) -> None:
        super().__init__(_NO_WAGE)


class NotTheLatest(Refusal):
    """Only the newest change of a membership can be taken back."""

    code = "member.not_the_latest"

    def __init__(self) -> None:
        super().__init__(_NOT_LATEST)


class WageMissing(Refusal):
    """A wage is whole rupiah above zero, below any number that is something else."""

    code = "member.wage"

    def __init__(self) -> None:
        super().__init__(_NO_AMOUNT.filled(most=rupiah(wages.MOST)), field="wage")


class SameWage(Refusal):
    """A new wage is another one."""

    code = "member.same_wage"

    def __init__(self) -> None:
        super().__init__(_SAME_WAGE, field="wage")


class WageRecorded(Refusal):
    """A change of the wage in this month is recorded; a wrong one is taken back first."""

    code = "member.wage_recorded"

    def __init__(self, month: Month) -> None:
        super().__init__(_WAGE_RECORDED.filled(month=month.label), field="since")


class Left(NamedTuple):
    """The change, the half-open end of the membership, and whether a death opens the question of a claim."""

    change_id: int
    until: date
    opens_claim: bool


class NewWage(NamedTuple):
    """The change, and the month's wage before it (None: none held then) and since, whole rupiah."""

    change_id: int
    before: int | None
    monthly: int


def leave(
    *,
    membership_id: int,
    last_month: Month,
    reason: LeaveReason,
    by: Actor,
    now: datetime,
    died_on: date | None = None,
) -> Left:
    """End a membership after its last month. A death, of the day `died_on`, opens the question of a claim.

    Raises Membership.DoesNotExist out of sight, LeftAlready, OutsideMembership, WrongDeathDay, and IntegrityError
    (``membership_not_ended_before_its_bill``) when a later month is billed already.
    """
    deaths.require_day(reason, died_on, now=now)
    with changing(membership_id, by=by) as member:
        if member.until is not None:
            raise LeftAlready(member.until)
        if last_month < Month.of(member.since):
            text = _BEFORE.filled(month=Month.of(member.since).label)
            raise OutsideMembership(text, field="last_month")
        _refuse_far(last_month, now, field="last_month")
        until = last_month.next().first_day()
        event = noted("member.left", member, by, {"last_month": str(last_month), "reason": reason.value})
        change = written(
            member, ChangeKind.LEAVE, last_month, event, by, now, reason=reason.value, until_after=until,
            died_on=died_on,
        )  # fmt: skip
        end(member, until)
        return Left(change.pk, until, reason == LeaveReason.DIED)


def change_wage(
    *,
    membership_id: int,
    since: Month,
    basis: str,
    amount: int,
    by: Actor,
    now: datetime,
    below_minimum: bool = False,
    high_wage: bool = False,
) -> NewWage:
    """Give a wage earner a new wage from a month on; from the joining month on, it corrects the wage she came with.

    A wage below the minimum is kept as it is reported, once ``below_minimum`` says that it is so, and one far above
    what is usual once ``high_wage`` does. Raises Membership.DoesNotExist out of sight, NotAWageEarner,
    OutsideMembership, WageMissing, SameWage, WageRecorded for a month with such a change (it is taken back first),
    BelowMinimum, FarAbove, and IntegrityError when the month is billed already (``wage_before_the_bill``).
    """
    seen = Membership.objects.get(pk=membership_id)
    if seen.slot is not None:
        raise NotAWageEarner
    if not wages.possible(basis=basis, amount=amount):
        raise WageMissing
    held = _held(membership_id, since)
    before = held.monthly if held else None
    _require_another(held, since, basis, amount)
    units.require_usual(
        agreement_id=seen.agreement_id,
        basis=basis,
        amount=amount,
        on=since.first_day(),
        before=before,
        below_minimum=below_minimum,
        high_wage=high_wage,
    )
    with changing(membership_id, by=by) as member:
        _refuse_outside(member, since)
        _refuse_far(since, now, field="since")
        month = wages.month_wage(basis=basis, amount=amount, on=since.first_day())
        told: dict[str, object] = {"since": str(since), "before": before, "monthly": month.monthly}
        event = noted("member.wage_changed", member, by, told)
        _withdraw_first_wage(member, since, event)
        wage = Wage.objects.create(
            membership=member,
            sponsor_id=member.sponsor_id,
            since=since.first_day(),
            basis=basis,
            amount=amount,
            days=month.days,
            monthly=month.monthly,
            event_id=event,
        )
        change = written(member, ChangeKind.WAGE, since, event, by, now, wage=wage, until_after=member.until)
        return NewWage(change.pk, before, month.monthly)


def undo(*, change_id: int, by: Actor, now: datetime) -> MemberChange:
    """Take back the newest change of a membership, as long as no bill was drawn from it.

    Who left is in again; who joined by mistake never was; the wage before holds on. Raises
    MemberChange.DoesNotExist out of sight, NotTheLatest, and IntegrityError when a bill stands in the way.
    """
    change = MemberChange.objects.select_related("wage").get(pk=change_id)
    with changing(change.membership_id, by=by) as member:
        newest = MemberChange.objects.filter(membership=member).order_by("-pk").first()
        if newest is None or newest.pk != change.pk or change.kind == ChangeKind.UNDO:
            raise NotTheLatest
        month = Month.of(change.month)
        event = noted(
            "member.change_undone",
            member,
            by,
            {"change": change.pk, "kind": change.kind, "month": str(month)},
        )
        until = member.since if change.kind == ChangeKind.JOIN else change.until_before
        undone = written(member, ChangeKind.UNDO, month, event, by, now, undoes=change, until_after=until)
        if change.wage_id is not None:
            Wage.objects.filter(pk=change.wage_id).update(withdrawn_id=event)
            _restore_first_wage(change, event)
        if until != member.until:
            end(member, until)
        return undone


def _held(membership_id: int, month: Month) -> Wage | None:
    """The wage that holds in a month as of now."""
    held = Wage.objects.filter(
        membership_id=membership_id, since__lte=month.first_day(), withdrawn__isnull=True
    )
    return held.order_by("-since").first()


def _require_another(found: Wage | None, since: Month, basis: str, amount: int) -> None:
    """Raise WageRecorded where the month has a change of the wage, SameWage where the wage is what holds then."""
    if found is None:
        return
    if (found.basis, found.amount) == (basis, amount):
        raise SameWage
    if found.since == since.first_day() and MemberChange.objects.filter(wage=found).exists():
        raise WageRecorded(since)


def _withdraw_first_wage(member: Membership, since: Month, event_id: int) -> None:
    """The wage somebody came with makes room for the one that corrects it."""
    first = Wage.objects.filter(membership=member, since=since.first_day(), withdrawn__isnull=True)
    first.filter(since=member.since).update(withdrawn_id=event_id)


def _restore_first_wage(change: MemberChange, event_id: int) -> None:
    """When a correction is taken back, the wage somebody came with holds again: as a new row, none is rewritten."""
    before = Wage.objects.filter(membership_id=change.membership_id, withdrawn_id=change.event_id).first()
    if before is not None:
        before.pk, before.withdrawn_id, before.event_id = None, None, event_id
        before.save(force_insert=True)


def written_join(member: Membership, *, event_id: int, by: Actor, now: datetime) -> MemberChange:
    """The change that says who let a person in by form. Call it as the loader, where people are entered."""
    return written(member, ChangeKind.JOIN, Month.of(member.since), event_id, by, now)


@contextmanager
def changing(membership_id: int, *, by: Actor) -> Iterator[Membership]:
    """The membership, seen by the caller first, then locked by the loader, who alone may change it.

    Its agreement comes first: whoever ends that holds it, then the memberships.
    """
    seen = Membership.objects.get(pk=membership_id)
    if by.user_id is None:
        raise NobodyActs
    with system_scope(SystemScope.ENROLLING, actor=by), connection.cursor() as cursor:
        cursor.execute("SELECT FROM partnership_agreement WHERE id = %s FOR SHARE", [seen.agreement_id])
        cursor.execute("SET LOCAL ROLE lindung_loader")
        yield Membership.objects.select_for_update().get(pk=seen.pk)
        cursor.execute("SET LOCAL ROLE NONE")


def end(member: Membership, until: date | None) -> None:
    Membership.objects.filter(pk=member.pk).update(until=until)


def noted(action: str, member: Membership, by: Actor, detail: dict[str, object]) -> int:
    """The event on the trail, which the loader may not write: the app's own role does."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        event = audit.record(
            action,
            by=by,
            subject=f"membership:{member.pk}",
            sponsor_id=member.sponsor_id,
            detail={"person": member.person_id, **detail},
        )
        cursor.execute("SET LOCAL ROLE lindung_loader")
    return event


def written(
    member: Membership,
    kind: ChangeKind,
    month: Month,
    event_id: int,
    by: Actor,
    now: datetime,
    *,
    reason: str = "",
    wage: Wage | None = None,
    undoes: MemberChange | None = None,
    until_after: date | None = None,
    died_on: date | None = None,
) -> MemberChange:
    return MemberChange.objects.create(
        membership=member,
        sponsor_id=member.sponsor_id,
        kind=kind,
        month=month.first_day(),
        reason=reason,
        until_before=member.until,
        until_after=until_after,
        died_on=died_on,
        wage=wage,
        undoes=undoes,
        by_id=by.user_id or 0,
        at=now,
        event_id=event_id,
    )


def _refuse_outside(member: Membership, month: Month) -> None:
    if month < Month.of(member.since):
        text = _BEFORE.filled(month=Month.of(member.since).label)
        raise OutsideMembership(text, field="since")
    if member.until is not None and month.first_day() >= member.until:
        raise OutsideMembership(_AFTER.filled(month=Month.of(member.until).plus(-1).label), field="since")


def _refuse_far(month: Month, now: datetime, *, field: str) -> None:
    if Month.of(now.date()).months_until(month) > FARTHEST:
        raise OutsideMembership(_FAR.filled(months=duration(FARTHEST)), field=field)


_LEFT = Text(
    "Orang ini sudah dicatat keluar; bulan terakhirnya {month}. Batalkan dulu bila salah.",
    "This person is recorded as leaving already; the last month is {month}. Undo it first if it is wrong.",
)
_BEFORE = Text(
    "Kepesertaan baru mulai {month}. Pilih bulan itu atau sesudahnya.",
    "The membership begins in {month}. Choose that month or a later one.",
)
_AFTER = Text(
    "Kepesertaan berakhir {month}. Pilih bulan sebelum itu.",
    "The membership ends with {month}. Choose an earlier month.",
)
_FAR = Text("Paling jauh {months} ke depan. Periksa tahunnya.", "At most {months} ahead. Check its year.")
_NO_WAGE = Text(
    "Upah hanya dicatat untuk pekerja pemberi kerja, bukan peserta BPU.",
    "A wage is recorded for workers of an employer only, not for BPU members.",
)
_NOT_LATEST = Text(
    "Sudah ada perubahan lain sesudahnya. Batalkan yang terakhir dulu.",
    "Another change came after this one. Undo the latest first.",
)
_SAME_WAGE = Text(
    "Upah ini sama dengan yang sudah berlaku. Tulis upah yang baru.",
    "This is the wage that holds already. Write the new one.",
)
_WAGE_RECORDED = Text(
    "Upah baru mulai {month} sudah dicatat. Kalau salah, batalkan dulu di daftar perubahan bulan itu, lalu catat lagi.",
    "A new wage from {month} is recorded. If it is wrong, undo it first among the changes of that month, then record "
    "it again.",
)
_NO_AMOUNT = Text(
    "Ini bukan upah: kosong, nol, atau {most} sebulan atau lebih. Tulis rupiah bulat, sehari misalnya 115.000, "
    "sebulan misalnya 2.875.000.",
    "This is no wage: nothing, zero, or {most} a month or more. Write whole rupiah: 115.000 for a day, say, or "
    "2.875.000 for a month.",
)
