"""What the example comes to: the figures of "Hari ini" and how each list was judged, as its first officer sees them."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import click

from lindung.access.scope import Actor, in_scope, scope_of, user_named
from lindung.cli.demo import stories
from lindung.cli.demo.stories import Story
from lindung.cli.demo.story import OFFICES
from lindung.cli.layout import show_facts
from lindung.cli.speaking import words
from lindung.insight import employers
from lindung.insight.agreement_today import AgreementToday
from lindung.insight.employers import UnitLine
from lindung.insight.today import Today, today
from lindung.law.money import counted, rupiah
from lindung.law.months import day_label
from lindung.law.text import Text
from lindung.membership.models import Roster, Verdict
from lindung.membership.rosters import counted as counted_rows
from lindung.partnership.models import AgreementKind


class List(NamedTuple):
    """One office's list: its file, and how many rows have which verdict."""

    agreement: str
    file: str
    rows: dict[str, int]


class Figures(NamedTuple):
    """The day of the example, the lists of those it pays for, and apart from them the offices as employers.

    ``stories`` are those of the second city, of which no figure counts here.
    """

    today: Today
    lists: tuple[List, ...]
    employers: tuple[UnitLine, ...]
    stories: tuple[Story, ...]


def figures(*, on: date) -> Figures:
    """The figures of a day. Both offices belong to one city, so either officer sees both."""
    officer = user_named(OFFICES[0].officer)
    elsewhere = stories.stories(on=on)
    with in_scope(scope_of(officer, on), actor=Actor.of(officer)):
        return Figures(today(on=on), tuple(_lists()), employers.units(on=on), elsewhere)


def show(found: Figures) -> None:
    """Print the figures for people."""
    day = found.today
    click.echo(f"\nKota Jambi, {words(day_label(day.on))} {words(_INVENTED)}\n")
    show_facts(
        (
            (Text("Orang terlindungi", "People protected"), counted(day.covered)),
            (Text("Iuran sebulan", "Contributions a month"), rupiah(day.monthly_cost)),
            (
                Text("Dana cukup sampai", "Money lasts until"),
                day.funds_until.label if day.funds_until else "-",
            ),
        ),
        indent="  ",
    )
    for agreement in day.agreements:
        if not agreement.employer:
            _show_agreement(agreement, found.lists)
    if found.employers:
        click.echo(f"\n  {words(_APART)}")
    for unit in found.employers:
        click.echo(f"\n  {unit.title} ({unit.code}), {unit.office}")
        show_facts(_of_unit(unit), indent="    ")
    stories.show(found.stories)


_APART = Text(
    "Di luar itu, pegawai kota sendiri (penerima upah)", "Apart from these, the city's own wage earners"
)


def _of_unit(unit: UnitLine) -> Iterator[tuple[Text, object]]:
    yield Text("Pekerja bulan depan", "Workers next month"), counted(unit.people)
    yield Text("Iuran sebulan", "Contributions a month"), rupiah(unit.monthly_cost)
    yield Text("Di antaranya JHT", "Of which JHT"), rupiah(unit.jht)
    yield Text("Di bawah upah minimum", "Below the minimum wage"), counted(unit.below_minimum)


_INVENTED = Text("(data rekaan)", "(invented data)")
_ROWS = Text(
    "{file}: {enrolled} terdaftar, {to_fix} perlu diperbaiki, {refused} ditolak",
    "{file}: {enrolled} enrolled, {to_fix} to fix, {refused} refused",
)


def _lists() -> Iterator[List]:
    sponsored = Roster.objects.filter(agreement__kind=AgreementKind.SPONSORED)
    for roster in sponsored.select_related("agreement", "document").order_by("pk"):
        yield List(roster.agreement.code, roster.document.name, counted_rows(roster))


def _show_agreement(agreement: AgreementToday, lists: tuple[List, ...]) -> None:
    click.echo(f"\n  {agreement.title} ({agreement.code}), {agreement.office}")
    show_facts(_facts(agreement), indent="    ")
    for each in lists:
        if each.agreement == agreement.code:
            amounts = {name: counted(count) for name, count in each.rows.items() if name in _SHOWN}
            click.echo(f"    {words(_ROWS.filled(file=each.file, **amounts))}")


_SHOWN = (Verdict.ENROLLED, Verdict.TO_FIX, Verdict.REFUSED)


def _facts(agreement: AgreementToday) -> Iterator[tuple[Text, object]]:
    yield (
        Text("Terlindungi", "Protected"),
        Text("{n} dari kuota {quota}", "{n} of a quota of {quota}").filled(
            n=counted(agreement.covered), quota=counted(agreement.quota)
        ),
    )
    yield Text("Iuran sebulan", "Contributions a month"), rupiah(agreement.monthly_cost)
    yield (
        Text("Dana cukup sampai", "Money lasts until"),
        agreement.funds_until.label if agreement.funds_until else "-",
    )
    if agreement.shortfall_month:
        short = Text("{month} kurang {amount}", "{month} falls short by {amount}")
        yield (
            Text("Sesudah itu", "After that"),
            short.filled(month=agreement.shortfall_month.label, amount=rupiah(agreement.shortfall)),
        )
