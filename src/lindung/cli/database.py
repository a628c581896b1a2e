"""`lindung db`: start, stop and look at the database server."""

import click

from lindung.cli.speaking import say, say_json, words
from lindung.engine import addresses, postgres, provision
from lindung.law.text import Text

as_json = click.option("--json", "as_json", is_flag=True, help=words(Text("Untuk mesin.", "For machines.")))


@click.group(help=words(Text("Basis data Lindung.", "Lindung's database.")))
def database() -> None:
    """Commands about the database server."""


@database.command(
    help=words(
        Text(
            "Nyalakan server, pulihkan peran dan skema bila perlu.",
            "Start the server; put roles and schema right where needed.",
        )
    )
)
@as_json
def start(as_json: bool) -> None:
    """Bring the database up to this version, looking at everything again."""
    provision.ensure(thorough=True)
    _tell(as_json)


@database.command(
    help=words(
        Text("Hentikan server; data tetap tersimpan.", "Stop the server; the data stay where they are.")
    )
)
@as_json
def stop(as_json: bool) -> None:
    """Stop the embedded server; an external one belongs to others and is left alone."""
    if addresses.external_url() is None:
        postgres.stop()
    _tell(as_json)


@database.command(
    help=words(
        Text(
            "Tampilkan keadaan server. Kode keluar 0: menyala, 3: tidak menyala.",
            "Show how the server is. Exit code 0: up, 3: not up.",
        )
    )
)
@as_json
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """Say how the server is, and with exit code 3 that it is not up."""
    ctx.exit(0 if _tell(as_json) == "up" else 3)


_HEALTH = {
    "up": Text("Basis data menyala.", "The database is up."),
    "starting": Text("Basis data sedang memulai.", "The database is starting."),
    "down": Text(
        "Basis data tidak menyala. Nyalakan: ./lindung db start",
        "The database is down. Start it: ./lindung db start",
    ),
}


def _tell(as_json: bool) -> postgres.Health:
    health = postgres.health()
    if not as_json:
        say(_HEALTH[health])
        return health
    embedded = addresses.external_url() is None
    facts = postgres.status()._asdict() if embedded else {"health": health}
    say_json({**facts, "embedded": embedded, "database": addresses.database_name()})
    return health
