"""Where to look in the example for the stories of money: each with a sentence and the page that shows it."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import click
from django.urls import reverse

from lindung.access.scope import in_scope
from lindung.cli.demo import neighbours
from lindung.cli.demo.actors import acting
from lindung.cli.speaking import words
from lindung.contributions.models import Bill, BillStatus
from lindung.contributions.purses import lacking
from lindung.contributions.statement_records import LineState, StatementLine
from lindung.insight.losses import losses
from lindung.insight.self_offers import offers_of
from lindung.law.money import counted, rupiah
from lindung.law.months import Month, day_label
from lindung.law.text import Text
from lindung.partnership.models import Agreement


class Story(NamedTuple):
    """One thing that happened with money: its stable code, a sentence, and the path of its page."""

    code: str
    text: Text
    path: str


def stories(*, on: date) -> tuple[Story, ...]:
    """The stories of the second city as of a day, in the sight of its first finance officer; figures are read, not told."""
    by, scope = acting(neighbours.TREASURER, on)
    with in_scope(scope, actor=by):
        return tuple(_stories(on))


def show(found: tuple[Story, ...]) -> None:
    """Print where to look."""
    who = _WHERE.filled(officer=neighbours.OFFICER, treasurer=neighbours.TREASURER)
    click.echo(f"\n  {words(who)}")
    for story in found:
        click.echo(f"    {words(story.text)}\n      {story.path}")


def _stories(on: date) -> Iterator[Story]:
    villages = Bill.objects.filter(agreement__code=neighbours.VILLAGES.code).order_by("month")
    first, last = villages[0], villages.reverse()[0]
    period = {"first": Month.of(first.month).label, "last": Month.of(last.month).label}
    yield Story("semester", _SEMESTER.filled(**period), reverse("web:bill", args=[first.pk]))
    (short,) = Bill.objects.filter(agreement__code=neighbours.FISHERS.code, status=BillStatus.FINAL)
    lacks = _SHORT.filled(month=Month.of(short.month).label, amount=rupiah(lacking(short)))
    yield Story("short", lacks, reverse("web:bill", args=[short.pk]))
    stopped = Agreement.objects.get(code=neighbours.TEACHERS.code)
    yield Story("stopped", _lost(stopped, on), reverse("web:losses_of", args=[stopped.pk]))
    asked = offers_of(stopped.pk, on=on)
    offered = _OFFERED.filled(accepted=counted(asked.accepted), n=counted(asked.people))
    yield Story("offered", offered, reverse("web:selfpay_offers", args=[stopped.pk]))
    riders = Agreement.objects.get(code=neighbours.RIDERS.code)
    yield Story("alone", _ALONE, reverse("web:selfpay_bills", args=[riders.pk]))
    waiting = StatementLine.objects.filter(state=LineState.UNMATCHED).count()
    yield Story("bank", _BANK.filled(n=counted(waiting)), reverse("web:statements"))


def _lost(stopped: Agreement, on: date) -> Text:
    """The last thing that happens to its people, and to how many."""
    end = losses(on=on, agreement_id=stopped.pk).stops[-1]
    day = day_label(end.day) if end.day else Text("-", "-")
    return (_STOPPED if end.day and end.day > on else _LAPSED).filled(n=counted(end.people), day=day)


_WHERE = Text(
    "Kabupaten Muaro Jambi, kota kedua: masuk sebagai {officer} atau {treasurer}, lalu lihat",
    "Kabupaten Muaro Jambi, a second city: sign in as {officer} or {treasurer}, and look at",
)
_SEMESTER = Text(
    "Satu semester dibayar di muka: {first} sampai {last}, satu SP2D",
    "A semester paid ahead: {first} to {last}, one SP2D",
)
_SHORT = Text("Tagihan {month} kurang {amount}", "The bill of {month} lacks {amount}")
_STOPPED = Text(
    "Sponsor berhenti: {n} orang lepas mulai {day}, kalau tidak ada yang membayar",
    "A sponsor stops: {n} people lapse on {day} unless somebody pays",
)
_LAPSED = Text(
    "Sponsor berhenti: {n} orang lepas sejak {day}", "A sponsor stopped: {n} people lapsed on {day}"
)
_OFFERED = Text(
    "Ditawari membayar sendiri sesudah sponsor berhenti: {accepted} dari {n} orang mau",
    "Offered to pay alone after their sponsor stopped: {accepted} of {n} people accepted",
)
_ALONE = Text(
    "Pengojek yang membayar sendiri, separuh iuran menurut PP 50/2025",
    "Riders who pay for themselves, half the contribution by PP 50/2025",
)
_BANK = Text(
    "Dua rekening koran: cocok, berulang, disisihkan, dikembalikan bank; {n} baris menunggu",
    "Two bank statements: matched, repeated, put aside, returned by the bank; {n} lines wait",
)
