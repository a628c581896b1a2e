"""What `cover show` answers: finds one person in the caller's sight and tells the cover of a day, month by month."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

import click
from django.db.models import QuerySet

from lindung.access import audit
from lindung.access.roles import Permission
from lindung.access.sealing import blind_index
from lindung.access.standing import Standing
from lindung.claims.answered import Answered, answer_on
from lindung.cli.acting import acting
from lindung.cli.layout import show_facts, show_table
from lindung.cli.refusing import Refused
from lindung.cli.speaking import say, words
from lindung.contributions.cover import Known, MonthCover, WorkCover
from lindung.engine import clock
from lindung.identity import names
from lindung.law.money import rupiah
from lindung.law.months import day_label
from lindung.law.text import Text
from lindung.people.models import Person

_MOST_NAMESAKES = 20


class Wanted(NamedTuple):
    """How the person was named: by id, by NIK, or by name and date of birth."""

    person_id: int | None
    nik: str | None
    name: str | None
    birth: date | None


def answered(wanted: Wanted, *, on: date, username: str, known: str = "now") -> Answered:
    """The answer on the one person who was meant, as this user sees it. Raises Refused.

    A search by NIK goes on the audit trail, found or not, before anything is answered.
    """
    if wanted.nik is not None:
        with acting(username, Permission.SEE_WORKERS, command="cover show --nik", wet=True) as standing:
            wanted = wanted._replace(person_id=_sought(wanted.nik, standing))
        if wanted.person_id is None:
            raise _nobody()
    with acting(username, Permission.SEE_WORKERS, command="cover show", wet=False):
        try:
            return answer_on(
                wanted.person_id or _named(wanted), on=on, known=Known(known), today=clock.today()
            )
        except Person.DoesNotExist as why:
            raise _nobody() from why


def show(found: Answered) -> None:
    """Print the answer: first whether, then by what and until when, then month by month, then what if not paid.

    A death comes first of all; what follows it is by the contributions alone.
    """
    cover = found.cover
    if found.death is not None:
        say(found.death.text)
        say(found.death.badge)
        say(_WITHOUT_THAT_DEATH)
    say(cover.headline)
    click.echo(f"NIK {cover.nik_masked}, {cover.kelurahan}, {words(day_label(cover.on))}")
    if found.other is not None:
        click.echo("")
        say((_AS_THEN if found.other.known is Known.THEN else _AS_NOW).filled(headline=found.other.headline))
        for reason in found.reasons:
            click.echo(f"  {words(reason)}")
    for work in cover.works:
        click.echo("")
        show_facts(_facts(work))
        for counter in work.counters:
            click.echo(f"{words(counter.label)}: {words(counter.text)} ({words(counter.article)})")
            for note in counter.notes:
                click.echo(f"  {words(note)}")
        for missed in work.missed:
            said = (_OWED if missed.owed else _FORGOTTEN).filled(
                month=missed.month.label, cost=rupiah(missed.cost)
            )
            say(said)
        click.echo("")
        show_table(_MONTHS, [_month(each) for each in work.months], right=(3,))
        _show_next(work)


_AS_THEN = Text("Yang diketahui pada hari itu: {headline}", "As known on that day: {headline}")
_AS_NOW = Text("Yang diketahui sekarang: {headline}", "As known now: {headline}")
_OWED = Text("Terlewat {month}: {cost}, masih tertunggak.", "Left out, {month}: {cost}, still owed.")
_FORGOTTEN = Text(
    "Terlewat {month}: {cost}, tidak ditagih lagi.", "Left out, {month}: {cost}, no longer owed."
)
_MONTHS = (
    Text("Bulan", "Month"),
    Text("Keadaan", "State"),
    Text("Dibayar", "Paid on"),
    Text("Jumlah", "Amount"),
    Text("Bukti", "Reference"),
    Text("Menurut", "According to"),
)
_WITHOUT_THAT_DEATH = Text(
    "Menurut catatan iuran saja, tanpa kematian itu:", "By the contributions alone, without that death:"
)
_STATES = {
    "paid": Text("lunas", "paid"),
    "due": Text("waktunya bayar", "due now"),
    "unpaid": Text("belum dibayar", "unpaid"),
    "future": Text("nanti", "later"),
}


def _sought(number: str, standing: Standing) -> int | None:
    """The person of a NIK among those in sight; the search itself is an event."""
    person = Person.objects.filter(nik_index=blind_index("nik", number)).first()
    appointment = standing.appointment
    audit.record(
        "person.sought_by_nik",
        by=standing.actor,
        subject=f"person:{person.pk}" if person else "person:none",
        sponsor_id=appointment.organisation.sponsor_id if appointment else None,
        detail={"found": person is not None, "through": "command_line"},
    )
    return person.pk if person else None


def _named(wanted: Wanted) -> int:
    people = _namesakes(wanted.name, wanted.birth) if wanted.name and wanted.birth else []
    if not people:
        raise _nobody()
    if len(people) > 1:
        listed = "; ".join(f"{person.pk} {person.name}" for person in people)
        raise Refused("person.several", _SEVERAL.filled(people=listed))
    return people[0].pk


def _namesakes(name: str, birth: date) -> list[Person]:
    """Those in sight with this birth date whose names may be the same; spelled exactly so, when there are such."""
    born: QuerySet[Person] = Person.objects.filter(birth_date=birth).order_by("pk")
    same = [person for person in born if person.name_key == names.key(name)]
    alike = [person for person in born if names.alike(person.name, name) != "different"]
    return (same or alike)[:_MOST_NAMESAKES]


_SEVERAL = Text(
    "Lebih dari satu orang: {people}. Ulangi dengan nomornya.",
    "More than one person: {people}. Repeat with the number.",
)


def _nobody() -> Refused:
    """The same words whether nobody is there or nobody is in sight."""
    return Refused(
        "person.unknown",
        Text(
            "Tidak ada orang itu dalam lingkup Anda. Periksa nomor, NIK, atau nama dan tanggal lahirnya.",
            "There is no such person in your sight. Check the number, the NIK, or name and date of birth.",
        ),
    )


def _facts(work: WorkCover) -> Iterator[tuple[Text, object]]:
    yield Text("Pekerjaan", "Work"), work.work_label
    yield Text("Program", "Programmes"), " + ".join(name.upper() for name in work.programmes)
    yield Text("Kerja sama", "Agreement"), f"{work.agreement_title} ({work.agreement_code})"
    yield Text("Pemberi perlindungan", "Sponsor"), work.sponsor
    yield Text("Dibayar oleh", "Paid by"), work.payer
    yield Text("Didaftarkan", "Enrolled"), day_label(work.registered_on)
    yield Text("Iuran lunas s.d.", "Paid until"), work.paid_until.label if work.paid_until else "-"
    yield Text("Bulan menunggak", "Months unpaid"), work.arrears
    if work.paid_until and work.at_risk_from and work.lapses_on:
        yield (
            Text("Bila tidak dibayar lagi", "If nothing more is paid"),
            Text("menunggak mulai {risk}, berhenti {lapse}", "behind from {risk}, ends {lapse}").filled(
                risk=day_label(work.at_risk_from), lapse=day_label(work.lapses_on)
            ),
        )
    yield Text("Tunggakan", "Arrears"), work.arrears_borne_by


def _month(each: MonthCover) -> tuple[object, ...]:
    amount = rupiah(each.amount) if each.amount else ""
    return each.month.label, _STATES[each.state], each.paid_on or "", amount, each.reference, each.badge


def _show_next(work: WorkCover) -> None:
    for when, steps in groupby(work.next_steps, key=lambda step: step.when):
        click.echo("")
        say(when)
        for step in steps:
            click.echo(f"  {step.programme.upper()}. {words(step.text)} ({words(step.article)})")
