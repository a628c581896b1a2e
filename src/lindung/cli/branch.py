"""`lindung branch`: bring BPJS's word in by its files, and list where it differs from our records."""

from datetime import date
from pathlib import Path

import click

from lindung.cli.acting import agreement_code, as_json, by_user, enter, tried, wet_run
from lindung.cli.bill import month_option
from lindung.cli.given import DAY
from lindung.cli.plain import plain
from lindung.cli.refusing import Answering
from lindung.cli.speaking import say_json, words
from lindung.law.months import Month
from lindung.law.text import Text

KINDS = ("member_number", "status", "contribution_code", "balance", "determination")


@click.group(
    help=words(
        Text("Kata BPJS: masukkan berkas, lihat beda.", "BPJS's word: bring files in, see differences.")
    )
)
def branch() -> None:
    """Commands about BPJS's word."""


@branch.command(
    name="import",
    cls=Answering,
    help=words(
        Text(
            "Masukkan FILE dari cabang. KIND: apa isinya. Tanpa --wet-run hanya dicoba.",
            "Bring FILE of the branch in. KIND: what it says. Without --wet-run it is only tried.",
        )
    ),
)
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--date",
    "said_on",
    type=DAY,
    required=True,
    help=words(Text("Tanggal surat atau berkas.", "Date of the letter or file.")),
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
    kind: str, file: Path, said_on: date, city: str, username: str, wet: bool, as_json: bool
) -> None:
    """Bring a file in."""
    from lindung.cli import roster

    content = roster.content_of(file)
    enter()
    from lindung.cli import branch_words

    came = branch_words.brought_in(
        kind=kind, name=file.name, content=content, said_on=said_on, city=city, username=username, wet=wet
    )
    if as_json:
        say_json({"dry": not wet, **plain(came)})
    else:
        branch_words.show(came)
        tried(wet)


@branch.command(
    cls=Answering,
    help=words(Text("Di mana catatan kita beda dengan BPJS.", "Where our records differ from BPJS.")),
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help=words(Text("Juga yang sudah dijelaskan.", "Explained ones, too.")),
)
@by_user
@as_json
def differences(everything: bool, username: str, as_json: bool) -> None:
    """List the differences."""
    enter()
    from lindung.cli import branch_words

    found = branch_words.differences_of(username=username, everything=everything)
    if as_json:
        say_json([plain(each) for each in found])
    else:
        branch_words.show_differences(found)


@branch.command(
    name="code-list",
    cls=Answering,
    help=words(
        Text(
            "Masukkan FILE: daftar nama cabang di balik kode iuran satu bulan. Tanpa --wet-run hanya dicoba.",
            "Bring FILE in: the branch's names behind the kode iuran of a month. Without --wet-run it is only tried.",
        )
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@agreement_code
@month_option
@click.option(
    "--date",
    "said_on",
    type=DAY,
    required=True,
    help=words(Text("Tanggal surat atau berkas.", "Date of the letter or file.")),
)
@click.option(
    "--code",
    "payment_code",
    default="",
    help=words(
        Text("Kode iuran, bila bulan itu punya beberapa.", "The kode iuran, where a month has several.")
    ),
)
@by_user
@wet_run
@as_json
def code_list(
    file: Path,
    code: str,
    month: Month,
    said_on: date,
    payment_code: str,
    username: str,
    wet: bool,
    as_json: bool,
) -> None:
    """Bring the names behind a kode iuran in."""
    from lindung.cli import roster

    content = roster.content_of(file)
    enter()
    from lindung.cli import branch_names

    came = branch_names.brought_in(
        name=file.name,
        content=content,
        code=code,
        month=month,
        said_on=said_on,
        payment_code=payment_code,
        username=username,
        wet=wet,
    )
    if as_json:
        say_json({"dry": not wet, **plain(came)})
    else:
        branch_names.show(came)
        tried(wet)


@branch.command(
    name="by-name",
    cls=Answering,
    help=words(
        Text(
            "Tagihan satu bulan di samping daftar cabang, per nama.",
            "A bill beside the branch's list, by name.",
        )
    ),
)
@agreement_code
@month_option
@by_user
@as_json
def by_name(code: str, month: Month, username: str, as_json: bool) -> None:
    """Compare a bill with the branch's list."""
    enter()
    from lindung.cli import branch_names

    found = branch_names.compared(code=code, month=month, username=username)
    if as_json:
        say_json(plain(found))
    else:
        branch_names.show(found)
