"""What waits for a person today, each with who may act on it and the page where it is done."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from lindung.access.roles import Permission
from lindung.contributions.bills import BillRow, open_bills_of
from lindung.insight.agreement_today import AgreementToday
from lindung.law.money import counted, rupiah
from lindung.law.months import Month, day_label
from lindung.law.text import Text, joined
from lindung.partnership.models import Agreement
from lindung.partnership.readiness import YearReadiness, named

SOON = timedelta(days=10)
JANUARY_IS_NEAR = timedelta(days=31)


class Need(NamedTuple):
    """Something that waits for a person; ``severity`` is ``now``, ``soon`` or ``info``.

    ``permission`` names who can do it, ``not_for`` the users who cannot because they took the first step; ``query`` is what the page is asked for beside its address.
    """

    kind: str
    severity: str
    text: Text
    url_name: str
    url_args: tuple[int, ...]
    permission: Permission = Permission.SEE_TODAY
    query: str = ""
    not_for: frozenset[int] = frozenset()


class Day(NamedTuple):
    """What is known to every look: the date, and the bills that are drawn and unpaid, by agreement and month."""

    on: date
    drawn: Mapping[tuple[int, Month], BillRow]


def needs_of(
    agreements: Iterable[AgreementToday],
    gaps: Iterable[tuple[Agreement, YearReadiness]],
    *,
    steps: Iterable[Need] = (),
    on: date,
    dead: int = 0,
) -> tuple[Need, ...]:
    """Everything that waits, what cannot wait first; ``gaps`` are the agreements' years that are not payable.

    ``steps`` wait in agreements that are still being written, or have been stopped (`agreement_needs`); ``dead`` is how
    many people died and are enrolled still.
    """
    agreements = tuple(agreements)
    drawn = open_bills_of([each.id for each in agreements], on=on)
    day = Day(on, {(bill.agreement_id, bill.month): bill for bill in drawn})
    found = [need for each in agreements for look in LOOKS for need in look(each, day)]
    found += [*_years(gaps, on), *steps]
    if dead:
        text = _DEAD.filled(count=counted(dead))
        found.append(
            Need("dead", "now", text, "web:differences", (), Permission.CHANGE_MEMBERS, "jenis=death")
        )
    return tuple(sorted(found, key=lambda need: _ORDER.index(need.severity)))


_ORDER = ("now", "soon", "info")


def _payment(each: AgreementToday, day: Day) -> Iterator[Need]:
    """The next month of an agreement that is late, or due within ten days: draw its bill, record, confirm."""
    if not each.owes or not (each.overdue or each.next_due - day.on <= SOON):
        return
    words: dict[str, str | Text] = {
        "title": each.title,
        "month": each.next_month.label,
        "day": day_label(each.next_due),
    }
    kind, severity = ("unpaid", "now") if each.overdue else ("due", "soon")
    bill = day.drawn.get((each.id, each.next_month))
    if bill is None:
        text = (_OVERDUE if each.overdue else _DUE).filled(**words)
        query = f"agreement={each.id}&month={each.next_month}"
        yield Need(kind, severity, text, "web:bill_draw", (), Permission.DRAW_BILL, query)
        return
    yield _of_bill(bill, Need(kind, severity, _OVERDUE_BILLED.filled(**words), "web:bill", (bill.id,)), words)


def _of_bill(bill: BillRow, need: Need, words: dict[str, str | Text]) -> Need:
    """The need of a drawn bill: whoever confirms when an order waits, else whoever records one."""
    if bill.waits:
        return need._replace(
            kind="confirm",
            severity="now",
            text=_CONFIRM.filled(**words),
            permission=Permission.CONFIRM_PAYMENT,
        )
    text = need.text if bill.overdue else _DUE_BILLED.filled(**words)
    return need._replace(text=text, permission=Permission.RECORD_PAYMENT)


def _shortfall(each: AgreementToday, day: Day) -> Iterator[Need]:
    if each.shortfall_month:
        text = _SHORT.filled(
            title=each.title, month=each.shortfall_month.label, amount=rupiah(each.shortfall)
        )
        yield Need("shortfall", "soon", text, "web:runway", (), Permission.RECORD_BUDGET)


def _ready(each: AgreementToday, day: Day) -> Iterator[Need]:
    if each.ready_roster_id and each.over is None:
        text = _READY.filled(title=each.title, count=counted(each.ready))
        yield Need("ready", "now", text, "web:roster", (each.ready_roster_id,), Permission.ENROL)


def _to_fix(each: AgreementToday, day: Day) -> Iterator[Need]:
    if each.to_mend_roster_id and each.over is None:
        text = _TO_FIX.filled(title=each.title, count=counted(each.to_fix))
        yield Need("to_fix", "info", text, "web:roster", (each.to_mend_roster_id,), Permission.MEND_ROSTER)


def _no_place(each: AgreementToday, day: Day) -> Iterator[Need]:
    """Whom only the office can help: there is no place, or another list was quicker."""
    if each.for_office_roster_id:
        text = _NO_PLACE.filled(title=each.title, count=counted(each.for_office))
        page = (each.for_office_roster_id,)
        yield Need("no_place", "info", text, "web:roster", page, Permission.ENROL, "hasil=to_fix")


def _close(each: AgreementToday, day: Day) -> Iterator[Need]:
    """Who forgets to close an agreement keeps its people enrolled, and locks them out of another one."""
    if each.to_close:
        text = _CLOSE.filled(title=each.title, day=day_label(each.to_close))
        yield Need("close", "soon", text, "web:agreement_end", (each.id,), Permission.WRITE_AGREEMENT)


def _years(gaps: Iterable[tuple[Agreement, YearReadiness]], on: date) -> Iterator[Need]:
    """What is unsigned for a budget year: this year's at once, next year's the nearer January comes."""
    for agreement, year in gaps:
        near = year.year == on.year or date(year.year, 1, 1) - on <= JANUARY_IS_NEAR
        desks = joined(tuple(dict.fromkeys(item.turn.said for item in year.missing if item.turn)), ", ")
        text = _YEAR_GAP.filled(
            title=agreement.title, year=year.year, papers=named(year.missing), desks=desks
        )
        page = (agreement.pk, year.year)
        severity = "now" if near else "soon"
        yield Need("year_gap", severity, text, "web:agreement_year", page, Permission.SEE_AGREEMENTS)


LOOKS: tuple[Callable[[AgreementToday, Day], Iterable[Need]], ...] = (
    _payment,
    _shortfall,
    _ready,
    _to_fix,
    _no_place,
    _close,
)
"""What is looked at in every agreement; whoever knows of another need adds a function here."""

_OVERDUE = Text(
    "{title}: iuran {month} belum dibayar dan lewat jatuh tempo ({day}). Susun tagihan, lalu bayar sekarang.",
    "{title}: the contribution of {month} is unpaid and past its due date ({day}). Draw the bill and pay now.",
)
_OVERDUE_BILLED = Text(
    "{title}: tagihan {month} sudah disusun tetapi belum lunas; jatuh tempo {day} sudah lewat. Bayar sekarang.",
    "{title}: the bill of {month} is drawn but unpaid; it was due on {day}. Pay now.",
)
_CONFIRM = Text(
    "{title}: SP2D untuk {month} sudah dicatat. Cocokkan, lalu sahkan.",
    "{title}: the SP2D for {month} is recorded. Compare it, then confirm.",
)
_DUE = Text(
    "{title}: iuran {month} jatuh tempo {day}. Susun tagihannya.",
    "{title}: the contribution of {month} is due on {day}. Draw its bill.",
)
_DUE_BILLED = Text(
    "{title}: tagihan {month} jatuh tempo {day}. Catat SP2D begitu terbit.",
    "{title}: the bill of {month} is due on {day}. Record the SP2D once it is issued.",
)
_SHORT = Text(
    "{title}: dana untuk {month} kurang {amount}. Minta tambahan anggaran.",
    "{title}: the money for {month} falls short by {amount}. Ask for more budget.",
)
_YEAR_GAP = Text(
    "{title}: iuran {year} belum bisa dibayar, belum ada {papers}. Giliran: {desks}.",
    "{title}: contributions of {year} cannot be paid yet, {papers} missing. Whose turn: {desks}.",
)
_DEAD = Text(
    "{count} orang sudah meninggal dan masih ditagih: catat keluar.",
    "{count} people have died and are still billed: record that they left.",
)
_CLOSE = Text(
    "{title}: masanya berakhir sebelum {day}. Tutup, supaya kepesertaannya ikut berakhir.",
    "{title}: its period ended before {day}. Close it, so that its memberships end with it.",
)
_READY = Text(
    "{title}: {count} orang siap didaftarkan. Buka daftarnya.",
    "{title}: {count} people are ready to be enrolled. Open the list.",
)
_NO_PLACE = Text(
    "{title}: {count} orang belum mendapat tempat dalam kuota, atau baru didaftarkan lewat daftar lain. Buka daftarnya.",
    "{title}: {count} people have no place in the quota yet, or another list has just enrolled them. Open the list.",
)
_TO_FIX = Text(
    "{title}: {count} baris perlu diperbaiki. Buka daftarnya.",
    "{title}: {count} rows need fixing. Open the list.",
)
