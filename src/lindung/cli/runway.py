"""`lindung runway`: how long the money lasts, the gap at the start of a year, and the alarms; as the page of money says."""

from datetime import date

import click

from lindung.cli.acting import as_json, by_user, enter
from lindung.cli.given import DAY
from lindung.cli.plain import plain
from lindung.cli.refusing import Answering
from lindung.cli.speaking import say_json, words
from lindung.engine import clock
from lindung.law.text import Text


@click.command(
    cls=Answering,
    help=words(
        Text(
            "Sampai bulan mana dana cukup, kapan kurang berapa, dan siapa yang terkena: per kerja sama, sumber dan kantor.",
            "Until which month the money lasts, when it lacks how much, and who is hit: by agreement, source and office.",
        )
    ),
)
@click.option(
    "--agreement", "code", default="", help=words(Text("Hanya kerja sama ini.", "Only this agreement."))
)
@click.option(
    "--on",
    type=DAY,
    help=words(Text("Pada tanggal ini (bawaan: hari ini).", "On this day (default: today).")),
)
@by_user
@as_json
def runway(code: str, on: date | None, username: str, as_json: bool) -> None:
    """Compute and answer."""
    enter()
    from lindung.cli import runways

    found = runways.found(code=code, on=on or clock.today(), username=username)
    if as_json:
        say_json(plain(found.told()))
    else:
        runways.show(found)
