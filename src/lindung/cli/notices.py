"""`lindung notices`: how many notices stand where, and sending now what is due."""

import click

from lindung.cli.acting import as_json, by_user, enter, tried, wet_run
from lindung.cli.plain import plain
from lindung.cli.refusing import Answering
from lindung.cli.speaking import say_json, words
from lindung.law.text import Text


@click.group(
    help=words(
        Text("Pemberitahuan: lihat keadaan, kirim sekarang.", "Notices: see where they stand, send now.")
    )
)
def notices() -> None:
    """Commands about notices."""


@notices.command(
    name="list",
    cls=Answering,
    help=words(Text("Berapa pemberitahuan di tiap keadaan.", "How many notices stand in each state.")),
)
@by_user
@as_json
def listing(username: str, as_json: bool) -> None:
    """Count them by state."""
    enter()
    from lindung.cli import outgoing

    found = outgoing.counted(username=username)
    if as_json:
        say_json(found)
    else:
        outgoing.show(found)


@notices.command(
    cls=Answering,
    help=words(
        Text(
            "Kirim sekarang yang sudah waktunya, tanpa menunggu proses latar. Tanpa --wet-run hanya dihitung.",
            "Send now what is due, without waiting for the worker. Without --wet-run it is only counted.",
        )
    ),
)
@by_user
@wet_run
@as_json
def deliver(username: str, wet: bool, as_json: bool) -> None:
    """Send what is due."""
    enter()
    from lindung.cli import outgoing

    done = outgoing.delivered(username=username, wet=wet)
    if as_json:
        say_json({"dry": not wet, **plain(done)})
    else:
        outgoing.show_delivered(done)
        tried(wet)
