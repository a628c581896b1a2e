"""`lindung agreement`: the agreements in sight, the story of one, and the steps that need no paper."""

from datetime import date

import click

from lindung.cli.acting import agreement_code, as_json, by_user, enter, tried, wet_run
from lindung.cli.given import DAY
from lindung.cli.plain import plain
from lindung.cli.refusing import Answering
from lindung.cli.speaking import say_json, words
from lindung.law.text import Text

STEPS = ("submit", "send-back", "activate", "end", "terminate", "correct-stop")


@click.group(help=words(Text("Kerja sama: daftar, cerita, langkah.", "Agreements: list, story, steps.")))
def agreement() -> None:
    """Commands about agreements."""


@agreement.command(
    name="list",
    cls=Answering,
    help=words(
        Text(
            "Semua kerja sama: status, kuota, dana cukup sampai, dokumen tahun ini dan tahun depan.",
            "Every agreement: state, quota, until when its money lasts, papers of this year and the next.",
        )
    ),
)
@by_user
@as_json
def listed(username: str, as_json: bool) -> None:
    """Show the list."""
    enter()
    from lindung.cli import agreements

    rows = agreements.listed(username=username)
    if as_json:
        say_json([plain(row) for row in rows])
    else:
        agreements.show_list(rows)


@agreement.command(
    cls=Answering,
    help=words(
        Text(
            "Cerita satu kerja sama: surat, langkah, dan apa yang belum ada untuk tahun ini dan tahun depan.",
            "The story of an agreement: papers, steps, and what is missing for this year and the next.",
        )
    ),
)
@agreement_code
@by_user
@as_json
def show(code: str, username: str, as_json: bool) -> None:
    """Show the story."""
    enter()
    from lindung.cli import agreements

    found = agreements.found(code=code, username=username)
    if as_json:
        say_json(plain(found))
    else:
        agreements.show(found)


@agreement.command(
    cls=Answering,
    help=words(
        Text(
            "Satu langkah: submit, send-back, activate, end, terminate, correct-stop. Tanpa --wet-run hanya dicoba.",
            "One step: submit, send-back, activate, end, terminate, correct-stop. Without --wet-run it is only tried.",
        )
    ),
)
@click.argument("name", type=click.Choice(STEPS))
@agreement_code
@click.option("--reason", default="", help=words(Text("Alasannya, bila perlu.", "Why, where it is needed.")))
@click.option("--on", type=DAY, help=words(Text("Tidak berlaku lagi mulai.", "No longer in force from.")))
@by_user
@wet_run
@as_json
def step(name: str, code: str, reason: str, on: date | None, username: str, wet: bool, as_json: bool) -> None:
    """Take the step."""
    enter()
    from lindung.cli import agreements

    taken = agreements.stepped(name=name, code=code, reason=reason, on=on, username=username, wet=wet)
    if as_json:
        say_json({"dry": not wet, **plain(taken)})
    else:
        agreements.show_step(taken)
        tried(wet)
