"""`lindung cover show`: is this person protected on a day, by what, until when; the same answer as the page."""

import sys
from datetime import date

import click

from lindung.cli.acting import as_json, by_user, enter
from lindung.cli.given import DAY
from lindung.cli.plain import plain
from lindung.cli.refusing import Answering, Refused
from lindung.cli.speaking import say_json, words
from lindung.engine import clock
from lindung.law.text import Text

_LONGEST_NIK = 40
_SMALLEST_NIK = 10**15
"""A number this long after the command is a NIK typed in the wrong place."""


@click.group(help=words(Text("Perlindungan satu orang.", "One person's cover.")))
def cover() -> None:
    """Commands about cover."""


@cover.command(
    cls=Answering,
    help=words(
        Text(
            "Apakah orang ini terlindungi, oleh apa, sampai kapan. Sebut nomor PERSON, atau cari: --nik - membaca "
            "NIK dari masukan (tercatat di jejak audit), --name dengan --birth mencari nama.",
            "Is this person protected, by what, until when. Give the number PERSON, or search: --nik - reads the "
            "NIK from the input (noted on the audit trail), --name with --birth searches by name.",
        )
    ),
)
@click.argument("person", type=click.IntRange(1, 2**63 - 1), required=False)
@click.option(
    "--nik", metavar="-", help=words(Text("Hanya '-': baca NIK dari masukan.", "Only '-': read it."))
)
@click.option("--name", help=words(Text("Nama; perlu --birth.", "Name; needs --birth.")))
@click.option("--birth", type=DAY, help=words(Text("Tanggal lahir.", "Date of birth.")))
@click.option(
    "--on",
    type=DAY,
    help=words(Text("Pada tanggal ini (bawaan: hari ini).", "On this day (default: today).")),
)
@click.option(
    "--known",
    type=click.Choice(["now", "then"]),
    default="now",
    help=words(
        Text(
            "now: semua yang tercatat sampai sekarang; then: hanya yang tercatat pada hari itu.",
            "now: all that is recorded by now; then: only what was recorded by the end of that day.",
        )
    ),
)
@by_user
@as_json
def show(
    person: int | None,
    nik: str | None,
    name: str | None,
    birth: date | None,
    on: date | None,
    known: str,
    username: str,
    as_json: bool,
) -> None:
    """Find the person and answer."""
    _refuse_usage(person, nik, name, birth)
    number = typed_nik() if nik else None
    enter()
    from lindung.cli import covers

    wanted = covers.Wanted(person, number, name, birth)
    found = covers.answered(wanted, on=on or clock.today(), known=known, username=username)
    if as_json:
        say_json(plain(found.told()))
    else:
        covers.show(found)


def _refuse_usage(person: int | None, nik: str | None, name: str | None, birth: date | None) -> None:
    """Exactly one way of naming the person; and a NIK never on the command line itself."""
    if nik not in (None, "-") or (person or 0) >= _SMALLEST_NIK:
        raise click.UsageError(words(_NIK_TYPED))
    ways = sum((person is not None, nik is not None, name is not None or birth is not None))
    if ways != 1 or (name is None) != (birth is None):
        raise click.UsageError(words(_WHO))


_NIK_TYPED = Text(
    "Jangan tulis NIK di baris perintah: ia tersimpan di riwayat. Tulis --nik - lalu ketik NIK saat diminta.",
    "Do not write a NIK on the command line: it stays in the history. Write --nik - and type it when asked.",
)
_WHO = Text(
    "Sebut satu cara: nomor PERSON, atau --nik -, atau --name bersama --birth.",
    "Name the person in one way: the number PERSON, or --nik -, or --name together with --birth.",
)


def typed_nik() -> str:
    """The NIK from a pipe, or asked for without showing it. Raises Refused when it is none, without repeating it."""
    from lindung.identity import nik

    if sys.stdin.isatty():
        typed = click.prompt("NIK", hide_input=True, type=str, err=True)
    else:
        typed = sys.stdin.readline(_LONGEST_NIK).strip()
    wrong = nik.problems(typed)
    if wrong:
        raise Refused(
            wrong[0],
            Text(
                "Yang diketik bukan NIK. Periksa 16 angkanya pada KTP, lalu ulangi.",
                "What was typed is no NIK. Check its 16 digits on the card, then repeat.",
            ),
        )
    return nik.compact(typed)
