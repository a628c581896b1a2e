"""What `runway` prints: the money by agreement, source and office, the gap at the start of a year, the alarms."""

from collections.abc import Iterable
from datetime import date

import click

from lindung.access.roles import Permission
from lindung.cli.acting import acting
from lindung.cli.layout import show_table
from lindung.cli.refusing import Refused
from lindung.cli.speaking import say
from lindung.insight.runway import Gap, Outlook, Reach, outlook
from lindung.law.money import counted, rupiah
from lindung.law.months import day_label
from lindung.law.text import Text
from lindung.partnership.models import Agreement


def found(*, code: str, on: date, username: str) -> Outlook:
    """The outlook as this user sees it. Raises Refused for an agreement that is not in sight."""
    with acting(username, Permission.SEE_AGREEMENTS, command="runway", wet=False):
        try:
            return outlook(on=on, code=code)
        except Agreement.DoesNotExist as why:
            raise Refused("agreement.unknown", _UNKNOWN.filled(code=code)) from why


def show(money: Outlook) -> None:
    """Print it: agreements first, then sources and offices, gaps and alarms."""
    _show(Text("Kerja sama", "Agreement"), (purse.reach for purse in money.purses))
    _show(Text("Sumber dana", "Funding source"), money.sources)
    _show(Text("Kantor", "Office"), money.offices)
    for gap in money.gaps:
        say(_gap(gap))
    for alarm in money.alarms:
        say(Text("{s} ({n} hari lagi)", "{s} (in {n} days)").filled(s=alarm.sentence, n=alarm.days))


def _show(heading: Text, rows: Iterable[Reach]) -> None:
    lines = [_line(each) for each in rows]
    if lines:
        show_table((heading, *_HEADINGS), lines, right=(1, 2, 5, 7))
        click.echo("")


def _line(each: Reach) -> tuple[object, ...]:
    return (
        each.name,
        rupiah(each.budget),
        rupiah(each.cost),
        each.paid_in_full.label if each.paid_in_full else "-",
        each.short.label if each.short else "-",
        rupiah(each.shortfall) if each.short else "-",
        each.needed_by or "-",
        rupiah(each.lacking),
    )


def _gap(gap: Gap) -> Text:
    said = _GAP.filled(
        title=gap.title,
        papers=gap.papers,
        month=gap.months[0].label,
        people=counted(gap.people),
        risk=day_label(gap.at_risk_from),
    )
    if gap.lapses_on is None:
        return said
    lapse = _LAPSE.filled(day=day_label(gap.lapses_on))
    return Text(f"{said.id} {lapse.id}", f"{said.en} {lapse.en}")


_HEADINGS = (
    Text("Anggaran", "Budget"),
    Text("Perlu setahun", "Needed"),
    Text("Cukup sampai", "Lasts until"),
    Text("Bulan kurang", "Short month"),
    Text("Kurangnya", "Lacks"),
    Text("Uang harus ada", "Needed by"),
    Text("Kurang s.d. Des", "Lacks until Dec"),
)
_GAP = Text(
    "{title}: {month} belum bisa dibayar, belum ada {papers}; {people} orang menunggak mulai {risk}.",
    "{title}: {month} cannot be paid yet, {papers} missing; {people} people are behind from {risk}.",
)
_LAPSE = Text("Bila tetap tidak dibayar, lepas mulai {day}.", "If nothing is paid, cover ends on {day}.")
_UNKNOWN = Text(
    "Tidak ada kerja sama berjalan {code} dalam lingkup Anda. Lihat kodenya dengan: agreement list",
    "There is no running agreement {code} in your sight. See the codes with: agreement list",
)
