"""The page "Hari ini": who is covered, what it costs, how far the money reaches, and what needs you first."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count

from lindung.contributions import billing, standing
from lindung.contributions.cover import months_at_risk
from lindung.contributions.models import Bill, BillStatus
from lindung.law.money import counted, rupiah
from lindung.law.months import Month, day_label
from lindung.law.text import Text
from lindung.membership.models import Roster, RosterRow, Verdict
from lindung.partnership.models import Agreement

SOON = timedelta(days=10)
BASIC_PROGRAMMES = ("jkk", "jkm")
"""What every agreement covers."""


class Need(NamedTuple):
    """Something that waits for a person; ``severity`` is ``now``, ``soon`` or ``info``."""

    kind: str
    severity: str
    text: Text
    url_name: str
    url_args: tuple[int, ...]


class AgreementToday(NamedTuple):
    """One agreement on a day; money in whole rupiah, months as contribution months.

    ``next_month`` is the first month that is not paid; nothing is owed while nobody is enrolled. ``to_fix`` and
    ``refused`` count the rows of the newest list (``roster_id``); ``ready`` those of all lists, because a newer
    list enrols nobody of an older one. ``ready_roster_id`` is the newest list that still has ready rows.
    """

    id: int
    code: str
    title: str
    office: str
    since: Month
    covered: int
    quota: int
    monthly_cost: int
    paid_until: Month | None
    next_month: Month
    next_due: date
    owes: bool
    overdue: bool
    budget_year: int
    budget: int
    funds_until: Month | None
    shortfall_month: Month | None
    shortfall: int
    to_fix: int
    refused: int
    ready: int
    roster_id: int | None
    ready_roster_id: int | None


class Today(NamedTuple):
    """Everything the first page says, for the agreements in the caller's scope.

    ``months_at_risk`` is for how many unpaid months the law still counts people as protected.
    """

    on: date
    months_at_risk: int
    covered: int
    monthly_cost: int
    funds_until: Month | None
    agreements: tuple[AgreementToday, ...]
    needs: tuple[Need, ...]


def today(*, on: date) -> Today:
    """The day for everything in the caller's scope. ``funds_until`` is the earliest among the agreements."""
    agreements = tuple(_agreement(agreement, on) for agreement in _agreements())
    reaches = [each.funds_until for each in agreements if each.budget]
    return Today(
        on=on,
        months_at_risk=months_at_risk(BASIC_PROGRAMMES, on=on),
        covered=sum(each.covered for each in agreements),
        monthly_cost=sum(each.monthly_cost for each in agreements),
        funds_until=min((month for month in reaches if month), default=None) if all(reaches) else None,
        agreements=agreements,
        needs=tuple(sorted(_needs(agreements, on), key=lambda need: _ORDER.index(need.severity))),
    )


_ORDER = ("now", "soon", "info")


def _agreements() -> Iterable[Agreement]:
    return Agreement.objects.select_related("paying_office", "funding_source").order_by("code")


def _agreement(agreement: Agreement, on: date) -> AgreementToday:
    money = standing.money(agreement=agreement, on=on)
    first_month = standing.first_month(agreement=agreement)
    paid_until = standing.paid_until(agreement=agreement, first=first_month, on=on)
    next_month = paid_until.next() if paid_until else first_month or Month.of(agreement.since)
    owes = first_month is not None and agreement.covers(max(next_month.first_day(), agreement.since))
    next_due = billing.due_on(agreement=agreement, month=next_month)
    roster = Roster.objects.filter(agreement=agreement).order_by("-received_at", "-pk").first()
    rows = _row_counts(agreement)
    own = rows.get(roster.pk, Counter()) if roster else Counter()
    return AgreementToday(
        id=agreement.pk,
        code=agreement.code,
        title=agreement.title,
        office=agreement.paying_office.name,
        since=Month.of(agreement.since),
        covered=standing.covered(agreement=agreement, on=on),
        quota=sum(agreement.segments.values_list("quota", flat=True)),
        monthly_cost=money.monthly,
        paid_until=paid_until,
        next_month=next_month,
        next_due=next_due,
        owes=owes,
        overdue=owes and next_due < on,
        budget_year=money.year,
        budget=money.budget,
        funds_until=money.runway.paid_in_full,
        shortfall_month=money.runway.short,
        shortfall=money.runway.shortfall,
        to_fix=own[Verdict.TO_FIX],
        refused=own[Verdict.REFUSED],
        ready=sum(counts[Verdict.READY] for counts in rows.values()),
        roster_id=roster.pk if roster else None,
        ready_roster_id=next((pk for pk, counts in rows.items() if counts[Verdict.READY]), None),
    )


def _row_counts(agreement: Agreement) -> dict[int, Counter[str]]:
    """How many rows of each list wait for somebody, by verdict; the newest list first."""
    waiting = RosterRow.objects.filter(
        roster__agreement=agreement, verdict__in=(Verdict.TO_FIX, Verdict.REFUSED, Verdict.READY)
    )
    counts: dict[int, Counter[str]] = {}
    found = waiting.values_list("roster_id", "verdict").annotate(Count("number"))
    for roster_id, verdict, rows in found.order_by("-roster__received_at", "-roster_id"):
        counts.setdefault(roster_id, Counter())[verdict] = rows
    return counts


def _needs(agreements: Iterable[AgreementToday], on: date) -> Iterable[Need]:
    for each in agreements:
        yield from _payment_needs(each, on)
        if each.shortfall_month:
            text = _SHORT.filled(
                title=each.title, month=each.shortfall_month.label, amount=rupiah(each.shortfall)
            )
            yield Need("shortfall", "soon", text, "web:today", ())
        if each.ready_roster_id:
            text = _READY.filled(title=each.title, count=counted(each.ready))
            yield Need("ready", "now", text, "web:roster", (each.ready_roster_id,))
        if each.to_fix and each.roster_id:
            text = _TO_FIX.filled(title=each.title, count=counted(each.to_fix))
            yield Need("to_fix", "info", text, "web:roster", (each.roster_id,))


def _payment_needs(each: AgreementToday, on: date) -> Iterable[Need]:
    drawn = Bill.objects.filter(
        agreement_id=each.id, month=each.next_month.first_day(), status=BillStatus.FINAL
    )
    words: dict[str, str | Text] = {
        "title": each.title,
        "month": each.next_month.label,
        "day": day_label(each.next_due),
    }
    if each.overdue:
        text = (_OVERDUE_BILLED if drawn.exists() else _OVERDUE).filled(**words)
        yield Need("unpaid", "now", text, "web:today", ())
    elif each.owes and each.next_due - on <= SOON:
        yield Need("due", "soon", _DUE.filled(**words), "web:today", ())


_OVERDUE = Text(
    "{title}: iuran {month} belum dibayar dan lewat jatuh tempo ({day}). Susun tagihan, lalu bayar sekarang.",
    "{title}: the contribution of {month} is unpaid and past its due date ({day}). Draw the bill and pay now.",
)
_OVERDUE_BILLED = Text(
    "{title}: tagihan {month} sudah disusun tetapi belum lunas; jatuh tempo {day} sudah lewat. Bayar sekarang.",
    "{title}: the bill of {month} is drawn but unpaid; it was due on {day}. Pay now.",
)
_DUE = Text(
    "{title}: iuran {month} jatuh tempo {day}.", "{title}: the contribution of {month} is due on {day}."
)
_SHORT = Text(
    "{title}: dana untuk {month} kurang {amount}. Minta tambahan anggaran.",
    "{title}: the money for {month} falls short by {amount}. Ask for more budget.",
)
_READY = Text(
    "{title}: {count} orang siap didaftarkan. Buka daftarnya.",
    "{title}: {count} people are ready to be enrolled. Open the list.",
)
_TO_FIX = Text(
    "{title}: {count} baris perlu diperbaiki. Buka daftarnya.",
    "{title}: {count} rows need fixing. Open the list.",
)
