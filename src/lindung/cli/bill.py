"""`lindung bill`: draw up what an agreement owes for a month, look at it, and write it as a paper or as sheets."""

from pathlib import Path

import click

from lindung.cli.acting import agreement_code, as_json, by_user, enter, tried, wet_run
from lindung.cli.given import MONTH
from lindung.cli.plain import plain
from lindung.cli.refusing import Answering
from lindung.cli.speaking import say_json, words
from lindung.law.months import Month
from lindung.law.text import Text

month_option = click.option(
    "--month",
    type=MONTH,
    required=True,
    help=words(Text("Bulan iuran, misalnya 2026-11.", "Contribution month, such as 2026-11.")),
)


@click.group(
    help=words(Text("Tagihan satu bulan: susun, semua, lihat.", "The bill of a month: draw, run, show."))
)
def bill() -> None:
    """Commands about bills."""


@bill.command(
    cls=Answering,
    help=words(
        Text(
            "Susun tagihan satu bulan; tagihan yang sudah ada tidak berubah. Tanpa --wet-run hanya dicoba.",
            "Draw up the bill of a month; one that is there stays as it is. Without --wet-run it is only tried.",
        )
    ),
)
@agreement_code
@month_option
@by_user
@click.option(
    "--draft",
    "as_draft",
    is_flag=True,
    help=words(Text("Sebagai draf: belum ditagih.", "As a draft: nothing is asked for yet.")),
)
@wet_run
@as_json
def draw(code: str, month: Month, username: str, as_draft: bool, wet: bool, as_json: bool) -> None:
    """Draw the bill, or find it drawn."""
    enter()
    from lindung.cli import bills

    drawn = bills.drawn(code=code, month=month, username=username, wet=wet, as_draft=as_draft)
    if as_json:
        say_json({"dry": not wet, **plain(drawn)})
    else:
        bills.show(drawn)
        tried(wet)


@bill.command(
    cls=Answering,
    help=words(
        Text(
            "Tampilkan tagihan satu bulan: keputusan tarif, jumlah tiap program, pembayaran.",
            "Show the bill of a month: tariff decisions, the sum of each programme, payments.",
        )
    ),
)
@agreement_code
@month_option
@by_user
@as_json
def show(code: str, month: Month, username: str, as_json: bool) -> None:
    """Show a bill that is drawn."""
    enter()
    from lindung.cli import bills

    found = bills.found(code=code, month=month, username=username)
    if as_json:
        say_json(plain(found))
    else:
        bills.show(found)


@bill.command(
    cls=Answering,
    help=words(
        Text(
            "Susun tagihan satu bulan untuk semua kerja sama; yang tidak bisa disebut alasannya. Boleh diulang.",
            "Draw the bills of a month for all agreements; says why for those it cannot. May be repeated.",
        )
    ),
)
@month_option
@by_user
@click.option(
    "--draft",
    "as_draft",
    is_flag=True,
    help=words(Text("Sebagai draf: belum ditagih.", "As drafts: nothing is asked for yet.")),
)
@wet_run
@as_json
def run(month: Month, username: str, as_draft: bool, wet: bool, as_json: bool) -> None:
    """Draw all bills of a month."""
    enter()
    from lindung.cli import bill_runs

    done = bill_runs.done(month=month, username=username, as_draft=as_draft, wet=wet)
    if as_json:
        say_json({"dry": not wet, **plain(done)})
    else:
        bill_runs.show(done)
        tried(wet)
    if any(each.state != "done" for each in done.agreements):
        raise SystemExit(1)


@bill.command(
    cls=Answering,
    help=words(
        Text(
            "Tulis tagihan satu bulan ke berkas .pdf atau .xlsx; berkas yang sudah ada tidak ditimpa.",
            "Write the bill of a month to a .pdf or .xlsx file; a file that is there is not written over.",
        )
    ),
)
@agreement_code
@month_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help=words(Text("Berkas tujuan, .pdf atau .xlsx.", "The file to write, .pdf or .xlsx.")),
)
@click.option(
    "--proof",
    is_flag=True,
    help=words(Text("Bukti lunasnya (hanya .pdf).", "The proof that it is paid (.pdf only).")),
)
@click.option(
    "--semester",
    is_flag=True,
    help=words(Text("Seluruh semesternya (hanya .pdf).", "Its whole half-year (.pdf only).")),
)
@by_user
@as_json
def paper(
    code: str, month: Month, out: Path, proof: bool, semester: bool, username: str, as_json: bool
) -> None:
    """Write a bill to a file."""
    enter()
    from lindung.cli import bill_files

    what: bill_files.What = "proof" if proof else "semester" if semester else "bill"
    made = bill_files.written(code=code, month=month, out=out, what=what, username=username)
    if as_json:
        say_json(plain(made))
    else:
        bill_files.show(made)
