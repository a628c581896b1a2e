"""One rule for every desk: figures are of those the city pays for as a sponsor; its own wage earners are told apart.

Lists of work to do (months to pay, names to mend, needs) name the agreement in each line and hold both.
"""

from collections.abc import Iterable, Iterator

from lindung.insight.agreement_today import AgreementToday
from lindung.law.money import counted, rupiah
from lindung.law.text import Text, joined


def quota_of(agreements: Iterable[AgreementToday]) -> int:
    """The quotas of those in force on the day: an agreement that is over has room for nobody."""
    return sum(each.quota for each in agreements if each.in_force)


def apart(employers: Iterable[AgreementToday]) -> Text | None:
    """How the city's own wage earners stand, in one or more sentences; None where the city employs nobody."""
    own = tuple(employers)
    return joined(tuple(_said(own)), " ") if own else None


def _said(own: tuple[AgreementToday, ...]) -> Iterator[Text]:
    covered, cost = sum(each.covered for each in own), sum(each.monthly_cost for each in own)
    yield _PROTECTED.filled(n=counted(covered), amount=rupiah(cost))
    late = sum(each.months_late for each in own)
    if late:
        yield _LATE.filled(late=counted(late))
    short = [each.shortfall for each in own if each.shortfall_month]
    if short:
        yield _SHORT.filled(amount=rupiah(sum(short)))
    waiting = sum(each.ready + each.to_fix + each.for_office for each in own)
    if waiting:
        yield _WAITING.filled(n=counted(waiting))


_PROTECTED = Text(
    "Di luar itu, {n} pegawai kota sendiri terlindungi (penerima upah), {amount} sebulan.",
    "Apart from these, {n} of the city's own wage earners are protected, {amount} a month.",
)
_LATE = Text("{late} bulan iuran mereka belum dibayar.", "{late} of their months are unpaid.")
_SHORT = Text("Dananya kurang {amount}.", "Their money falls short by {amount}.")
_WAITING = Text("{n} nama mereka menunggu.", "{n} of their names wait.")
