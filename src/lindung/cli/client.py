"""`lindung client`: give another system a key, take it back, list the keys, and say which cities a partner serves."""

import click

from lindung.cli.acting import as_json, by_user, enter, tried, wet_run
from lindung.cli.plain import plain
from lindung.cli.refusing import Answering
from lindung.cli.speaking import say_json, words
from lindung.law.text import Text

integrator_code = click.option(
    "--integrator",
    required=True,
    metavar="CODE",
    help=words(Text("Kode organisasi mitra.", "Code of the partner's organisation.")),
)
city_code = click.option(
    "--city", required=True, metavar="CODE", help=words(Text("Kode kota.", "Code of the city."))
)
end = click.option(
    "--end", is_flag=True, help=words(Text("Akhiri, jangan mulai.", "End it instead of beginning it."))
)


@click.group(help=words(Text("Kunci API untuk sistem lain.", "API keys of other systems.")))
def client() -> None:
    """Commands about keys of other systems."""


@client.command(
    cls=Answering,
    help=words(
        Text(
            "Buat kunci yang diusulkan --by dan disetujui --second; rahasianya tampil sekali ini. "
            "Tanpa --wet-run hanya dicoba.",
            "Make a key that --by asks for and --second approves; its secret is shown this once. "
            "Without --wet-run it is only tried.",
        )
    ),
)
@click.argument("name")
@click.option(
    "--user",
    default="",
    metavar="USER",
    help=words(Text("Pengguna yang diwakili.", "The user it acts as.")),
)
@click.option(
    "--partner",
    default="",
    metavar="NAME",
    help=words(
        Text(
            "Atau sistem mitra kota itu; belum ada: dibuat.",
            "Or a partner's system of the city; made when there is none.",
        )
    ),
)
@click.option(
    "--scope",
    default="",
    metavar="A,B",
    help=words(
        Text(
            "Izin, dipisah koma; tanpa ini semua izin perannya di API.",
            "Permissions, parted by commas; without it all that the role has in the API.",
        )
    ),
)
@click.option(
    "--second",
    required=True,
    metavar="USER",
    help=words(Text("Administrator lain, yang menyetujui.", "Another administrator, who approves.")),
)
@click.option(
    "--reason",
    required=True,
    metavar="TEXT",
    help=words(Text("Untuk apa, dan surat yang mana.", "What for.")),
)
@by_user
@wet_run
@as_json
def create(
    name: str,
    user: str,
    partner: str,
    scope: str,
    second: str,
    reason: str,
    username: str,
    wet: bool,
    as_json: bool,
) -> None:
    """Make a key for a system."""
    enter()
    from lindung.cli import keys

    made = keys.created(
        keys.Wish(name, user, partner, scope, reason), username=username, second=second, wet=wet
    )
    if as_json:
        say_json({"dry": not wet, **plain(made)})
    else:
        keys.show_new(made)
        tried(wet)


@client.command(
    cls=Answering,
    help=words(
        Text(
            "Cabut kunci untuk selamanya. Tanpa --wet-run hanya dicoba.",
            "Withdraw a key for good. Without --wet-run it is only tried.",
        )
    ),
)
@click.argument("client_id")
@by_user
@wet_run
@as_json
def revoke(client_id: str, username: str, wet: bool, as_json: bool) -> None:
    """Withdraw a key."""
    enter()
    from lindung.cli import keys

    keys.revoked(client_id=client_id, username=username, wet=wet)
    if as_json:
        say_json({"dry": not wet, "revoked": client_id})
    else:
        keys.say_revoked(client_id)
        tried(wet)


@client.command("list", cls=Answering, help=words(Text("Semua kunci.", "Every key.")))
@by_user
@as_json
def list_(username: str, as_json: bool) -> None:
    """List the keys."""
    enter()
    from lindung.cli import keys

    found = keys.found(username=username)
    if as_json:
        say_json({"clients": plain(found)})
    else:
        keys.show(found)


@client.command(
    cls=Answering,
    help=words(
        Text(
            "Beri mitra satu kota, atau akhiri dengan --end. Tanpa --wet-run hanya dicoba.",
            "Give a partner a city, or end it with --end. Without --wet-run it is only tried.",
        )
    ),
)
@integrator_code
@city_code
@end
@by_user
@wet_run
@as_json
def serve(integrator: str, city: str, end: bool, username: str, wet: bool, as_json: bool) -> None:
    """Say that a partner's system works for a city, or no longer."""
    enter()
    from lindung.cli import keys

    keys.served(integrator=integrator, city=city, end=end, username=username, wet=wet)
    if as_json:
        say_json({"dry": not wet, "integrator": integrator, "city": city, "serves": not end})
    else:
        keys.say_served(integrator, city, end=end)
        tried(wet)
