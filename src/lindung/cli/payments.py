"""`lindung payments`: bring a bank statement in, and accept what is exact."""

from pathlib import Path

import click

from lindung.cli.acting import as_json, by_user, enter, tried, wet_run
from lindung.cli.plain import plain
from lindung.cli.refusing import Answering
from lindung.cli.speaking import say_json, words
from lindung.law.text import Text


@click.group(
    help=words(
        Text("Uang dari rekening koran: masukkan, cocokkan.", "Money of bank statements: bring in, match.")
    )
)
def payments() -> None:
    """Commands about bank statements."""


@payments.command(
    name="import",
    cls=Answering,
    help=words(
        Text(
            "Masukkan rekening koran FILE: MT940, camt.053, xlsx atau csv. Baris yang sudah ada tidak dihitung dua kali. "
            "Tanpa --wet-run hanya dicoba.",
            "Bring the bank statement FILE in: MT940, camt.053, xlsx or csv. Lines that are in already do not count "
            "twice. Without --wet-run it is only tried.",
        )
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--account",
    default="",
    metavar="NUMBER",
    help=words(
        Text("Nomor rekening, bila berkas tidak menyebutnya.", "Account, where the file does not say.")
    ),
)
@click.option(
    "--decimals",
    type=click.Choice([",", "."]),
    default=None,
    help=words(Text("Tanda di depan sen dalam berkas.", "The sign before the cents in the file.")),
)
@click.option(
    "--days",
    type=click.Choice(["dmy", "mdy"]),
    default=None,
    help=words(Text("Urutan tanggal dalam berkas.", "The order of dates in the file.")),
)
@click.option(
    "--city",
    default="",
    metavar="CODE",
    help=words(Text("Kode kota; boleh kosong bila hanya satu.", "Code of the city; not needed for one.")),
)
@by_user
@wet_run
@as_json
def bring_in(
    file: Path,
    account: str,
    decimals: str | None,
    days: str | None,
    city: str,
    username: str,
    wet: bool,
    as_json: bool,
) -> None:
    """Bring a statement in."""
    from lindung.cli import roster

    content = roster.content_of(file)
    enter()
    from lindung.cli import statements

    came = statements.brought_in(
        name=file.name, content=content, told=statements.told(account, decimals, days), city=city,
        username=username, wet=wet,
    )  # fmt: skip
    if as_json:
        say_json({"dry": not wet, **plain(came)})
    else:
        statements.show(came)
        tried(wet)


@payments.command(
    name="match",
    cls=Answering,
    help=words(
        Text(
            "Terima semua usul yang pasti, sedikit demi sedikit. Tanpa --wet-run hanya dicoba.",
            "Accept every exact proposal, some at a time. Without --wet-run it is only tried.",
        )
    ),
)
@by_user
@wet_run
@as_json
def match(username: str, wet: bool, as_json: bool) -> None:
    """Accept what is exact."""
    enter()
    from lindung.cli import statements

    done = statements.matched(username=username, wet=wet)
    if as_json:
        say_json({"dry": not wet, **plain(done)})
    else:
        statements.show_matched(done)
        tried(wet)
