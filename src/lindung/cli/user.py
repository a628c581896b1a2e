"""`lindung user first`: the first two administrators of a city or a branch, where there is nobody to ask."""

import click

from lindung.cli.acting import as_json, tried, wet_run
from lindung.cli.plain import plain
from lindung.cli.refusing import Answering
from lindung.cli.speaking import say_json, words
from lindung.engine import provision
from lindung.law.text import Text

Pair = tuple[str, str]

city_option = click.option(
    "--city",
    nargs=2,
    metavar="CODE NAME",
    help=words(
        Text("Kota: kode dan nama, misalnya jambi 'Kota Jambi'.", "The city, such as jambi 'Kota Jambi'.")
    ),
)
region_option = click.option(
    "--region",
    default="",
    metavar="15.71",
    help=words(Text("Kode wilayah kota baru.", "Region code of a new city.")),
)
branch_option = click.option(
    "--branch",
    nargs=2,
    metavar="CODE NAME",
    help=words(
        Text(
            "Kantor cabang yang melayani kota; tanpa --city: administratornya.",
            "The branch that serves the city; without --city: its own administrators.",
        )
    ),
)
office_option = click.option(
    "--office",
    "offices",
    nargs=2,
    multiple=True,
    metavar="CODE NAME",
    help=words(Text("Dinas di kota itu; boleh beberapa.", "An office of the city; as many as there are.")),
)
person_option = click.option(
    "--administrator",
    "people",
    nargs=2,
    multiple=True,
    required=True,
    metavar="USER NAME",
    help=words(Text("Nama pengguna dan nama orang; dua kali.", "User name and name; given twice.")),
)
address_option = click.option(
    "--address",
    default="",
    metavar="URL",
    help=words(
        Text(
            "Alamat layanan untuk tautan; tanpa ini dari LINDUNG_HOSTS, atau http://localhost:8000.",
            "Address of the service for the links; else from LINDUNG_HOSTS, or http://localhost:8000.",
        )
    ),
)


@click.group(help=words(Text("Pengguna pertama di pemasangan baru.", "The first users of an installation.")))
def user() -> None:
    """Commands about users."""


@user.command(
    cls=Answering,
    help=words(
        Text(
            "Dua administrator pertama: membuat kota, cabang, dinas, dan mencetak tautan undangan sekali pakai. "
            "Ditolak bila sudah ada administrator. Tanpa --wet-run hanya dicoba.",
            "The first two administrators: makes city, branch and offices, and prints one-time invitations. "
            "Refused where there is an administrator. Without --wet-run it is only tried.",
        )
    ),
)
@city_option
@region_option
@branch_option
@office_option
@person_option
@address_option
@wet_run
@as_json
def first(
    city: Pair | None,
    region: str,
    branch: Pair | None,
    offices: tuple[Pair, ...],
    people: tuple[Pair, ...],
    address: str,
    wet: bool,
    as_json: bool,
) -> None:
    """Invite the first two administrators."""
    # Never the example, which has its people already: this is for the installation itself.
    provision.ready()
    from lindung.cli import newcomers

    invitations = newcomers.first(
        city=city, region=region, branch=branch, offices=offices, people=people, address=address, wet=wet
    )
    if as_json:
        say_json({"dry": not wet, "invitations": plain(invitations)})
    else:
        newcomers.show(invitations)
        tried(wet)
