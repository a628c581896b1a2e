"""The six figures of a mayor's page, each with what it is a part of and where it comes from; no names.

All six are of those the city pays for as a sponsor, and so is what each is a part of; its own wage earners are told
apart (`insight/apart.py`).
"""

from typing import NamedTuple

from lindung.contributions.models import Bill, BillStatus
from lindung.insight.agreement_today import AgreementToday
from lindung.insight.today import Today
from lindung.law.money import counted, rupiah
from lindung.law.months import Month, duration
from lindung.law.text import Text
from lindung.partnership.models import AgreementKind


class Figure(NamedTuple):
    """A figure, what it counts, and the sentence with its denominator."""

    value: Text
    label: Text
    sentence: Text


def figures(today: Today) -> tuple[Figure, ...]:
    """Protected, behind, cost, money, paid bills and waiting names, in this order."""
    return (
        _protected(today),
        _behind(today),
        _cost(today),
        _money(today),
        _paid(today),
        _waiting(today),
    )


def _protected(today: Today) -> Figure:
    quota = today.quota
    sentence = _PROTECTED.filled(
        covered=counted(today.covered), quota=counted(quota), percent=_percent(today.covered, quota)
    )
    return Figure(counted(today.covered), Text("orang terlindungi", "people protected"), sentence)


def _behind(today: Today) -> Figure:
    behind = sum(each.covered for each in today.sponsored if each.overdue)
    text = _BEHIND if behind else _NOBODY_BEHIND
    said = text.filled(
        behind=counted(behind), covered=counted(today.covered), months=duration(today.months_at_risk)
    )
    return Figure(counted(behind), Text("orang iurannya menunggak", "people in arrears"), said)


def _cost(today: Today) -> Figure:
    budget = sum(each.budget for each in today.sponsored)
    said = _COST.filled(budget=rupiah(budget), year=today.on.year, count=len(today.sponsored))
    value = rupiah(today.monthly_cost)
    return Figure(Text(value, value), Text("iuran sebulan", "contributions a month"), said)


def _money(today: Today) -> Figure:
    short = [each for each in today.sponsored if each.shortfall_month]
    lacking = rupiah(sum(each.shortfall for each in short))
    said = _SHORT.filled(short=len(short), all=len(today.sponsored), amount=lacking) if short else _ENOUGH
    value = today.funds_until.label if today.funds_until else Text("belum ada", "none yet")
    return Figure(value, Text("dana cukup sampai", "money lasts until"), said.filled(year=today.on.year))


def _paid(today: Today) -> Figure:
    """Months that came due this year and are paid, of those and the months that are late, drawn or not."""
    january = Month(today.on.year, 1)
    due = Bill.objects.filter(month__gte=january.first_day(), due_on__lte=today.on)
    ours = due.filter(agreement__kind=AgreementKind.SPONSORED)
    paid = ours.filter(status=BillStatus.PAID).count()
    late = sum(_late_since(january, each) for each in today.sponsored)
    said = (_LATE if late else _PAID).filled(
        paid=counted(paid), due=counted(paid + late), late=counted(late), year=today.on.year
    )
    return Figure(counted(paid), Text("bulan iuran lunas", "months paid"), said)


def _late_since(month: Month, each: AgreementToday) -> int:
    """How many of its late months, which follow the first unpaid one, are not before this month."""
    return each.months_late - min(each.months_late, max(0, each.next_month.months_until(month)))


def _waiting(today: Today) -> Figure:
    """Everybody in a list who is neither enrolled nor refused, whoever can do something about it."""
    ready = sum(each.ready for each in today.sponsored)
    fix = sum(each.to_fix for each in today.sponsored)
    office = sum(each.for_office for each in today.sponsored)
    refused = sum(each.refused for each in today.sponsored)
    said = (_WAITING_FOR_A_PLACE if office else _WAITING).filled(
        ready=counted(ready), fix=counted(fix), office=counted(office), refused=counted(refused)
    )
    return Figure(counted(ready + fix + office), Text("nama menunggu", "names waiting"), said)


def _percent(part: int, whole: int) -> str:
    """A share in whole percent, without a float: half a percent counts as one."""
    return "0" if not whole else str((200 * part + whole) // (2 * whole))


_PROTECTED = Text(
    "{covered} dari kuota {quota} orang ({percent}%). Sumber: daftar pekerja dan SP2D di Lindung.",
    "{covered} of a quota of {quota} people ({percent}%). Source: the lists and SP2D in Lindung.",
)
_BEHIND = Text(
    "{behind} dari {covered} orang terlindungi; perlindungan berhenti sesudah lebih dari {months} tidak dibayar.",
    "{behind} of {covered} protected people; cover ends after more than {months} unpaid.",
)
_NOBODY_BEHIND = Text(
    "Dari {covered} orang terlindungi tidak ada yang iurannya menunggak.",
    "Of {covered} protected people nobody is in arrears.",
)
_COST = Text(
    "Dari anggaran {year} sebesar {budget} untuk {count} kerja sama.",
    "Out of the budget of {year}, {budget} for {count} agreements.",
)
_SHORT = Text(
    "{short} dari {all} kerja sama kekurangan dana, bulan pertamanya {amount}. Minta tambahan anggaran.",
    "{short} of {all} agreements lack money, {amount} in their first short month. Ask for more budget.",
)
_ENOUGH = Text(
    "Anggaran {year} cukup untuk setiap bulan yang tersisa.",
    "The budget of {year} pays every month that is left.",
)
_PAID = Text(
    "Dari {due} bulan iuran {year} yang sudah jatuh tempo, semua kerja sama.",
    "Of {due} months of {year} that have come due, all agreements together.",
)
_LATE = Text(
    "Dari {due} bulan iuran {year} yang sudah jatuh tempo; {late} belum dibayar.",
    "Of {due} months of {year} that have come due; {late} are unpaid.",
)
_WAITING_FOR_A_PLACE = Text(
    "{ready} siap didaftarkan, {fix} perlu diperbaiki dan {office} menunggu tempat; {refused} lainnya ditolak peraturan.",
    "{ready} ready to enrol, {fix} to mend and {office} waiting for a place; {refused} more are refused by the"
    " regulation.",
)
_WAITING = Text(
    "{ready} siap didaftarkan dan {fix} perlu diperbaiki; {refused} lainnya ditolak peraturan.",
    "{ready} ready to enrol and {fix} to mend; {refused} more are refused by the regulation.",
)
