"""What the house knew at the end of a day: a payment is known once it is confirmed, a leave once it is recorded."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple, cast

from lindung.contributions.models import Settlement, number_of_paper
from lindung.contributions.money_records import ReversedMonth
from lindung.engine.clock import JAKARTA
from lindung.law.months import Month
from lindung.membership.branch_records import BranchStatus
from lindung.membership.employment import MemberChange
from lindung.membership.models import Membership


class Known(StrEnum):
    """By which knowledge a past day is answered.

    NOW: all that is recorded until now counts, for what is dated by that day. THEN: only what was recorded by its end.
    """

    NOW = "now"
    THEN = "then"


class Booked(NamedTuple):
    """The order behind an instruction, and the day on which it was confirmed in the house."""

    reference: str
    recorded_on: date


class TakenBack(NamedTuple):
    """A month that was paid and whose money went back later; ``recorded_on`` as of its payment."""

    on: date
    reference: str
    amount: int
    recorded_on: date
    taken_back_on: date


def day_of(moment: datetime) -> date:
    """The calendar day in Jambi on which something was recorded."""
    return moment.astimezone(JAKARTA).date()


def booked(instruction_ids: Collection[int]) -> dict[int, Booked]:
    """The orders by which these instructions settled their bills."""
    rows = Settlement.objects.filter(instruction_id__in=instruction_ids).values_list(
        "instruction_id", "payment__source", "payment__order_number", "payment__confirmed_at"
    )
    return {
        pk: Booked(number_of_paper(source, number), day_of(confirmed))
        for pk, source, number, confirmed in rows
        if confirmed
    }


def taken_back_later(membership: Membership, on: date) -> dict[Month, TakenBack]:
    """The months that were known as paid at the end of the day, and whose money went back only later."""
    rows = _reversed(membership, on)
    by_month: dict[Month, list[Mapping[str, object]]] = {}
    for row in rows:
        by_month.setdefault(Month.of(cast(date, row["month"])), []).append(row)
    return {
        month: _taken_back(parts)
        for month, parts in by_month.items()
        if {part["programme"] for part in parts} >= set(membership.programmes)
    }


def _reversed(membership: Membership, on: date) -> Iterable[Mapping[str, object]]:
    rows = ReversedMonth.objects.filter(
        person_id=membership.person_id,
        work_id=membership.work_id,
        programme__in=membership.programmes,
        month__gte=membership.unbroken_since,
        paid_on__lte=on,
    ).values("month", "programme", "paid_on", "amount", "instruction_id", "reversal_instruction__entry__on")
    found = [row for row in rows if membership.until is None or row["month"] < membership.until]
    orders = booked({row["instruction_id"] for row in found})
    for row in found:
        order = orders.get(row["instruction_id"], Booked("", row["paid_on"]))
        gone = row["reversal_instruction__entry__on"]
        if order.recorded_on <= on < gone:
            yield {
                **row,
                "reference": order.reference,
                "recorded_on": order.recorded_on,
                "taken_back_on": gone,
            }


def _taken_back(parts: Iterable[Mapping[str, object]]) -> TakenBack:
    """The latest of a month's reversals: a month paid and taken back twice counts once."""
    last = {part["programme"]: part for part in parts}
    rows = list(last.values())
    return TakenBack(
        on=max(cast(date, row["paid_on"]) for row in rows),
        reference=str(rows[-1]["reference"]),
        amount=sum(cast(int, row["amount"]) for row in rows),
        recorded_on=max(cast(date, row["recorded_on"]) for row in rows),
        taken_back_on=max(cast(date, row["taken_back_on"]) for row in rows),
    )


def status_known(person_id: int, *, on: date, known: Known) -> BranchStatus | None:
    """The newest word of BPJS on whether a person is active, dated by the day; then: and received by its end."""
    said = BranchStatus.objects.filter(person_id=person_id, said_on__lte=on)
    if known is Known.THEN:
        tomorrow = datetime.combine(on + timedelta(days=1), time(), JAKARTA)
        said = said.exclude(word__imported_at__gte=tomorrow)
    return said.order_by("-said_on", "-pk").first()


class Ending(NamedTuple):
    """How a membership ended as known on a day, and when a later change of it was recorded; None: there is none."""

    until: date | None
    changed_on: date | None


def endings_then(memberships: Collection[Membership], on: date) -> dict[int, Ending]:
    """The end of each membership as it was known at the end of the day, in one query.

    Every change says what the end was before and what it became, so that it can be read backwards.
    """
    changes: dict[int, list[MemberChange]] = {}
    found = MemberChange.objects.filter(membership__in=memberships, kind__in=("leave", "undo"))
    for change in found.order_by("pk"):
        changes.setdefault(change.membership_id, []).append(change)
    return {each.pk: _ending(each, changes.get(each.pk, []), on) for each in memberships}


def _ending(membership: Membership, changes: Collection[MemberChange], on: date) -> Ending:
    later = [change for change in changes if day_of(change.at) > on]
    if not later:
        return Ending(membership.until, None)
    return Ending(later[0].until_before, day_of(later[0].at))
