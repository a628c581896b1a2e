"""`lindung checkpoint`: sign where the book and the trail stand, into a file outside the database."""

from pathlib import Path

import click

from lindung.cli.acting import as_json, enter, telling
from lindung.cli.refusing import Answering
from lindung.cli.speaking import say, say_json, words
from lindung.engine import clock
from lindung.law.text import Text


@click.command(
    cls=Answering,
    help=words(
        Text(
            "Tutup buku sampai sekarang dan tanda tangani keadaannya di berkas di luar basis data. Simpan salinannya "
            "di tempat lain; dengan itu `verify` menemukan masa lalu yang ditulis ulang.",
            "Close the book up to now and sign where it stands, in a file outside the database. Keep a copy elsewhere: "
            "with it `verify` finds a past that was rewritten.",
        )
    ),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=words(Text("Salinan ke berkas ini juga.", "A copy into this file, too.")),
)
@as_json
def checkpoint(out: Path | None, as_json: bool) -> None:
    """Write a checkpoint."""
    enter()
    from lindung.ledger import checkpoints

    with telling():
        written = checkpoints.write(now=clock.unfixed(), out=out)
    made = written.checkpoint
    if as_json:
        say_json(
            {
                "at": made.at.isoformat(),
                "short": made.short,
                "key": made.key,
                "installation": made.installation,
                "chains": {
                    chain: {"blocks": tip.number, "rows": tip.rows} for chain, tip in made.tips.items()
                },
                "files": [str(file) for file in written.files],
            }
        )
        return
    say(Text("Pos periksa {short}", "Checkpoint {short}").filled(short=made.short))
    for chain, tip in made.tips.items():
        click.echo(f"  {chain:<8} {tip.number:>8} {tip.rows:>12}  {tip.hash.hex()}")
    for file in written.files:
        click.echo(f"  {file}")
