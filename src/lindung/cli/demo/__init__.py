"""The demo of Kota Jambi: two offices' lists of invented people, as messy as such lists are, and the command for it."""

import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lindung.cli.refusing import Answering, Refused
from lindung.cli.speaking import say, say_json, words
from lindung.engine.troubles import KeysDoNotFit, ServerWillNotStart, Trouble
from lindung.law.text import Text

# Only the command line is known here: the story and the workbooks are imported when they are needed, because
# the makers of workbooks use this package without a database.
if TYPE_CHECKING:
    from lindung.cli.demo.building import Built
    from lindung.cli.demo.figures import Figures

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Demo(Answering, click.Group):
    """A group that is a command itself: `demo` alone builds and serves the example."""


@click.group(
    cls=Demo,
    invoke_without_command=True,
    help=words(
        Text(
            "Kota Jambi sebagai contoh: bangun sekali (orang rekaan), tampilkan angkanya dan tautan masuk, lalu "
            "layani sampai Ctrl-C. Hanya untuk komputer ini sendiri.",
            "Kota Jambi as an example: build it once (invented people), show its figures and the sign-in links, "
            "then serve until Ctrl-C. For this computer only.",
        )
    ),
)
@click.option("--host", default="127.0.0.1", show_default=True, type=click.Choice(LOOPBACK))
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--no-serve",
    is_flag=True,
    help=words(Text("Tampilkan angkanya, lalu selesai.", "Show the figures, then end.")),
)
@click.option(
    "--workbooks",
    type=click.Path(path_type=Path),
    help=words(Text("Folder daftar lain (bawaan: examples/jambi).", "Folder of other lists.")),
)
@click.option(
    "--reset",
    is_flag=True,
    help=words(Text("Buang contoh yang ada dan bangun baru.", "Throw the example away, build it anew.")),
)
@click.option("--json", "as_json", is_flag=True, help=words(Text("Untuk mesin.", "For machines.")))
@click.pass_context
def demo(
    ctx: click.Context,
    host: str,
    port: int,
    no_serve: bool,
    workbooks: Path | None,
    reset: bool,
    as_json: bool,
) -> None:
    """Build what is missing, show the figures, serve."""
    if ctx.invoked_subcommand is not None:
        return
    if not no_serve:
        _refuse_taken_port(host, port)
    built, found = _built(workbooks, reset)
    if no_serve:
        _show(built, found, {}, as_json=as_json)
        return
    _serve(host, port, built, found, as_json=as_json)


@demo.command(
    cls=Answering,
    help=words(
        Text(
            "Nama pengguna, kata sandi, dan kode saat ini untuk satu PERAN, misalnya city_officer.",
            "User name, password and the code of this moment for one ROLE, such as city_officer.",
        )
    ),
)
@click.argument("role")
@click.option("--json", "as_json", is_flag=True, help=words(Text("Untuk mesin.", "For machines.")))
def code(role: str, as_json: bool) -> None:
    """Tell how to sign in by password and code."""
    _enter_built()
    from lindung.cli.demo import entrance
    from lindung.cli.layout import show_facts

    found = entrance.credentials(role)
    if as_json:
        say_json(found._asdict())
        return
    good_for = Text("{code} (masih {s} detik)", "{code} (for {s} more seconds)")
    show_facts(
        (
            (Text("Nama pengguna", "User name"), found.username),
            (Text("Kata sandi", "Password"), found.password),
            (Text("Kode", "Code"), good_for.filled(code=found.code, s=found.seconds_left)),
        )
    )


@demo.command(
    cls=Answering,
    help=words(Text("Hentikan basis data contoh; datanya tetap.", "Stop the example's database; data stay.")),
)
def stop() -> None:
    """Stop the example's database server, which outlives the command that started it."""
    from lindung.cli.demo import house
    from lindung.engine import postgres, state

    if not state.is_demo(house.folder()):
        raise _not_built()
    house.enter()
    postgres.stop()
    say(Text("Basis data contoh berhenti.", "The example's database has stopped."))


def _built(workbooks: Path | None, reset: bool) -> "tuple[Built, Figures]":
    from lindung.cli.demo import building, house

    house.settle()
    try:
        built = building.build(
            workbooks=workbooks or building.EXAMPLES, reset=reset, say=lambda text: say(text, error=True)
        )
    except (KeysDoNotFit, ServerWillNotStart) as trouble:
        raise _beyond_repair(trouble) from trouble
    from lindung.cli.demo import figures
    from lindung.engine import clock

    return built, figures.figures(on=clock.today())


def _enter_built() -> None:
    """Enter the example, which must be there. Raises Refused."""
    from lindung.cli.demo import building, house
    from lindung.engine import provision, state

    if not state.is_demo(house.folder()):
        raise _not_built()
    house.enter()
    if not building.is_built():
        raise _not_built()
    provision.ready()


def _beyond_repair(trouble: Trouble) -> Refused:
    """An installation is mended from its backup; the example has none and needs none."""
    said = Text(
        "{why}\nContoh bisa dibangun dari awal: ./lindung demo --reset",
        "{why}\nThe example can be built from nothing: ./lindung demo --reset",
    )
    return Refused("demo.beyond_repair", said.filled(why=trouble.text))


def _not_built() -> Refused:
    return Refused(
        "demo.not_built",
        Text(
            "Contoh belum dibangun. Jalankan dulu: ./lindung demo", "There is no example yet: ./lindung demo"
        ),
    )


def _serve(host: str, port: int, built: "Built", found: "Figures", *, as_json: bool) -> None:
    from django.db import connections

    from lindung.cli import serving
    from lindung.cli.demo import entrance
    from lindung.engine import clock

    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    links = entrance.links(address, now=clock.now())
    connections.close_all()

    def announce(_: str) -> None:
        if as_json:
            _show(
                built, found, {"address": address, "links": [link._asdict() for link in links]}, as_json=True
            )
        else:
            _show(built, found, {}, as_json=False)
            say(
                Text(
                    f"\nLindung siap di {address} (berhenti dengan Ctrl-C).\n",
                    f"\nReady: {address} (Ctrl-C).\n",
                )
            )
            entrance.show(links)
        sys.stdout.flush()

    serving.serve_until_stopped(host=host, port=port, announce=announce)


def _show(built: "Built", found: "Figures", more: dict[str, Any], *, as_json: bool) -> None:
    from lindung.cli.demo import figures

    if as_json:
        say_json({**_json(built, found), **more})
    else:
        figures.show(found)


def _json(built: "Built", found: "Figures") -> dict[str, Any]:
    """The figures for machines; money in whole rupiah, months as 2026-11."""
    from lindung.cli.plain import plain
    from lindung.engine import state

    day = found.today
    return {
        "on": plain(day.on),
        "invented": True,
        "protected": day.covered,
        "monthly_cost": day.monthly_cost,
        "funds_until": plain(day.funds_until),
        "shortfalls": {each.code: each.shortfall for each in day.agreements if each.shortfall_month},
        "agreements": [plain(each) for each in day.agreements],
        "lists": [plain(each) for each in found.lists],
        "employers": [plain(each) for each in found.employers],
        "stories": [plain(each) for each in found.stories],
        "needs": [plain(need.text) for need in day.needs],
        "built": {"anew": built.anew, "seconds": built.seconds},
        "state": str(state.home()),
    }


def _refuse_taken_port(host: str, port: int) -> None:
    """Before the first build, which takes a while, rather than after it."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            other = port + 1 if port < 65535 else 8000
            raise Refused(
                "engine.address_in_use",
                Text(
                    f"Port {port} tidak bisa dipakai ({error.strerror}). Pilih yang lain: ./lindung demo --port {other}",
                    f"Port {port} cannot be used ({error.strerror}). Choose another: ./lindung demo --port {other}",
                ),
            ) from error
