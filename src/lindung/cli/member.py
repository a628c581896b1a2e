"""`lindung member`: one person joins, leaves or gets a new wage; tried first, stored with --wet-run."""

from datetime import date
from typing import TYPE_CHECKING

import click

from lindung.cli.acting import agreement_code, as_json, by_user, enter, segment_option, tried, wet_run
from lindung.cli.cover import typed_nik
from lindung.cli.given import DAY, MONTH, RUPIAH
from lindung.cli.plain import plain
from lindung.cli.refusing import Answering
from lindung.cli.speaking import say_json, words
from lindung.law.months import Month
from lindung.law.text import Text

if TYPE_CHECKING:
    from lindung.cli.members import Changed

REASONS = ("moved", "work_ended", "died", "other_sponsor", "holder_changed")
BASES = ("daily", "monthly")

person_argument = click.argument("person", type=int, metavar="PERSON_ID")
basis_option = click.option(
    "--basis",
    type=click.Choice(BASES),
    default="daily",
    show_default=True,
    help=words(Text("Upah sehari atau sebulan.", "A wage for the day or the month.")),
)


below_minimum_option = click.option(
    "--below-minimum",
    is_flag=True,
    help=words(Text("Upah di bawah minimum, sudah dipastikan.", "A wage below the minimum, made sure of.")),
)

high_wage_option = click.option(
    "--high-wage",
    is_flag=True,
    help=words(Text("Upah sangat tinggi, sudah dipastikan.", "A very high wage, made sure of.")),
)


@click.group(
    help=words(Text("Satu orang: masuk, keluar, upah baru.", "One person: joins, leaves, earns a new wage."))
)
def member() -> None:
    """Commands about one member."""


@member.command(
    cls=Answering,
    help=words(
        Text(
            "Masukkan satu orang; diperiksa seperti baris daftar. NIK dibaca dari masukan standar, bukan dari baris "
            "perintah. Tanpa --wet-run hanya dicoba.",
            "Enter one person, checked like a row of a list. The NIK is read from standard input, not from the "
            "command line. Without --wet-run it is only tried.",
        )
    ),
)
@agreement_code
@click.option("--name", required=True, help=words(Text("Nama sesuai KTP.", "Name as on the identity card.")))
@click.option("--birth", type=DAY, required=True, help=words(Text("Tanggal lahir.", "Date of birth.")))
@click.option("--sex", type=click.Choice(("L", "P")), required=True, help=words(Text("L atau P.", "L or P.")))
@click.option("--kelurahan", required=True, help=words(Text("Kelurahan.", "Kelurahan.")))
@click.option("--occupation", default="", help=words(Text("Pekerjaan.", "Work.")))
@click.option(
    "--wage", type=RUPIAH, help=words(Text("Upah, untuk pekerja pemberi kerja.", "Wage, at an employer."))
)
@basis_option
@click.option(
    "--first-month", type=MONTH, help=words(Text("Bulan iuran pertama.", "First contribution month."))
)
@segment_option
@click.option(
    "--second-work",
    "beside",
    is_flag=True,
    help=words(Text("Pekerjaan kedua, sudah dipastikan.", "A second work, made sure of.")),
)
@below_minimum_option
@high_wage_option
@click.option(
    "--income",
    type=RUPIAH,
    help=words(
        Text("Penghasilan sebulan, untuk peserta mandiri.", "Monthly income, of an independent member.")
    ),
)
@click.option(
    "--savings",
    is_flag=True,
    help=words(Text("Peserta mandiri ikut JHT juga.", "An independent member wants JHT, too.")),
)
@by_user
@wet_run
@as_json
def join(
    code: str,
    name: str,
    birth: date,
    sex: str,
    kelurahan: str,
    occupation: str,
    wage: int | None,
    basis: str,
    first_month: Month | None,
    segment: str,
    beside: bool,
    below_minimum: bool,
    high_wage: bool,
    income: int | None,
    savings: bool,
    username: str,
    wet: bool,
    as_json: bool,
) -> None:
    """Let one person in."""
    nik = typed_nik()
    enter()
    from lindung.cli import members
    from lindung.membership.joining import Entry

    paid = "" if wage is None else str(wage)
    entry = Entry(name, nik, birth.isoformat(), "", sex, kelurahan, occupation, "", paid, basis)
    done = members.joined(
        entry,
        code=code,
        first_month=first_month,
        segment=segment,
        beside=beside,
        below_minimum=below_minimum,
        high_wage=high_wage,
        income=income,
        savings=savings,
        username=username,
        wet=wet,
    )
    _tell(done, wet=wet, as_json=as_json)


@member.command(
    cls=Answering,
    help=words(
        Text(
            "Catat orang keluar setelah bulan terakhirnya. Tanpa --wet-run hanya dicoba.",
            "Record that somebody leaves after a last month. Without --wet-run it is only tried.",
        )
    ),
)
@person_argument
@agreement_code
@click.option(
    "--last-month", type=MONTH, required=True, help=words(Text("Bulan terakhir dibayar.", "Last month paid."))
)
@click.option("--reason", type=click.Choice(REASONS), required=True, help=words(Text("Alasan.", "Why.")))
@click.option("--died-on", type=DAY, help=words(Text("Hari meninggal.", "Day of death.")))
@by_user
@wet_run
@as_json
def leave(
    person: int,
    code: str,
    last_month: Month,
    reason: str,
    died_on: date | None,
    username: str,
    wet: bool,
    as_json: bool,
) -> None:
    """Let one person leave."""
    enter()
    from lindung.cli import members

    done = members.left(
        person, code=code, last_month=last_month, reason=reason, died_on=died_on, username=username, wet=wet
    )
    _tell(done, wet=wet, as_json=as_json)


@member.command(
    cls=Answering,
    help=words(
        Text(
            "Catat upah baru mulai satu bulan. Tanpa --wet-run hanya dicoba.",
            "Record a new wage from a month on. Without --wet-run it is only tried.",
        )
    ),
)
@person_argument
@agreement_code
@click.option("--since", type=MONTH, required=True, help=words(Text("Mulai bulan.", "From this month on.")))
@click.option("--amount", type=RUPIAH, required=True, help=words(Text("Upah, rupiah.", "Wage in rupiah.")))
@basis_option
@below_minimum_option
@high_wage_option
@by_user
@wet_run
@as_json
def wage(
    person: int,
    code: str,
    since: Month,
    amount: int,
    basis: str,
    below_minimum: bool,
    high_wage: bool,
    username: str,
    wet: bool,
    as_json: bool,
) -> None:
    """Give one person a new wage."""
    enter()
    from lindung.cli import members

    done = members.raised(
        person,
        code=code,
        since=since,
        amount=amount,
        basis=basis,
        below_minimum=below_minimum,
        high_wage=high_wage,
        username=username,
        wet=wet,
    )
    _tell(done, wet=wet, as_json=as_json)


def _tell(done: "Changed", *, wet: bool, as_json: bool) -> None:
    from lindung.cli import members

    if as_json:
        say_json({"dry": not wet, **plain(done)})
    else:
        members.show(done)
        tried(wet)
