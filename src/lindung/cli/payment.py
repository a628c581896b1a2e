"""`lindung payment`: record a treasury order (SP2D) that pays a bill, and confirm it as the second person."""

from datetime import date

import click

from lindung.cli.acting import agreement_code, as_json, by_user, enter, tried, wet_run
from lindung.cli.bill import month_option
from lindung.cli.given import DAY, RUPIAH
from lindung.cli.plain import plain
from lindung.cli.refusing import Answering
from lindung.cli.speaking import say_json, words
from lindung.law.months import Month
from lindung.law.text import Text

order_option = click.option(
    "--order", required=True, metavar="NUMBER", help=words(Text("Nomor SP2D.", "Number of the SP2D."))
)


@click.group(
    help=words(
        Text("Pembayaran: catat, sahkan, tolak, balikkan.", "Payments: record, confirm, reject, reverse.")
    )
)
def payment() -> None:
    """Commands about payments."""


@payment.command(
    cls=Answering,
    help=words(
        Text(
            "Catat SP2D untuk tagihan satu bulan; kurang atau lebih menjadi titipan. Belum melunasi: orang kedua "
            "mengesahkan. Tanpa --wet-run hanya dicoba.",
            "Record the SP2D for a month's bill; what lacks or is too much is held. It pays nothing yet: a second "
            "person confirms. Without --wet-run it is only tried.",
        )
    ),
)
@agreement_code
@month_option
@order_option
@click.option(
    "--date", "ordered_on", type=DAY, required=True, help=words(Text("Tanggal SP2D.", "Date of the SP2D."))
)
@click.option(
    "--amount", type=RUPIAH, required=True, help=words(Text("Nilai SP2D, rupiah.", "Its amount in rupiah."))
)
@click.option(
    "--source",
    type=click.Choice(["sp2d", "receipt"]),
    default="sp2d",
    help=words(Text("Jenis bukti: sp2d atau receipt (bukti setor).", "Kind of paper: sp2d or receipt.")),
)
@by_user
@wet_run
@as_json
def record(
    code: str,
    month: Month,
    order: str,
    ordered_on: date,
    amount: int,
    source: str,
    username: str,
    wet: bool,
    as_json: bool,
) -> None:
    """Record an order."""
    enter()
    from lindung.cli import orders

    order_given = orders.Order(code, month, order.strip(), ordered_on, amount, source)
    recorded = orders.recorded(order_given, username=username, wet=wet)
    if as_json:
        say_json({"dry": not wet, **plain(recorded)})
    else:
        orders.show(recorded)
        tried(wet)


@payment.command(
    cls=Answering,
    help=words(
        Text(
            "Sahkan SP2D yang dicatat orang lain: bila cukup, tagihan lunas dan bulan itu terbayar bagi setiap "
            "orang. Tanpa --wet-run hanya dicoba.",
            "Confirm an SP2D that somebody else recorded: if it reaches, the bill is paid, and so is the month of "
            "each person. Without --wet-run it is only tried.",
        )
    ),
)
@agreement_code
@month_option
@order_option
@by_user
@wet_run
@as_json
def confirm(code: str, month: Month, order: str, username: str, wet: bool, as_json: bool) -> None:
    """Confirm an order as the second person."""
    enter()
    from lindung.cli import orders

    confirmed = orders.confirmed(code=code, month=month, order=order.strip(), username=username, wet=wet)
    if as_json:
        say_json({"dry": not wet, **plain(confirmed)})
    else:
        orders.show(confirmed)
        tried(wet)


@payment.command(
    cls=Answering,
    help=words(
        Text(
            "Tolak SP2D yang salah catat sebelum disahkan; nomornya lalu bisa dicatat lagi. Tanpa --wet-run hanya "
            "dicoba.",
            "Reject an SP2D recorded wrongly before it is confirmed; its number can be recorded again. Without "
            "--wet-run it is only tried.",
        )
    ),
)
@agreement_code
@month_option
@order_option
@click.option("--reason", required=True, metavar="TEXT", help=words(Text("Alasannya.", "Why.")))
@by_user
@wet_run
@as_json
def reject(code: str, month: Month, order: str, reason: str, username: str, wet: bool, as_json: bool) -> None:
    """Reject a recorded order."""
    enter()
    from lindung.cli import orders

    shown = orders.rejected(
        code=code, month=month, order=order.strip(), reason=reason, username=username, wet=wet
    )
    if as_json:
        say_json({"dry": not wet, **plain(shown)})
    else:
        orders.show(shown)
        tried(wet)


@payment.command(
    cls=Answering,
    help=words(
        Text(
            "Balikkan pembayaran yang sudah sah (uang kembali, SP2D batal): satu orang meminta dengan --reason, orang "
            "lain menjalankan tanpa --reason. Tanpa --wet-run hanya dicoba.",
            "Reverse a confirmed payment (money sent back, SP2D void): one person asks with --reason, another carries "
            "it out without. Without --wet-run it is only tried.",
        )
    ),
)
@agreement_code
@month_option
@order_option
@click.option("--reason", metavar="TEXT", help=words(Text("Alasan; untuk meminta.", "Why; to ask for it.")))
@by_user
@wet_run
@as_json
def reverse(
    code: str, month: Month, order: str, reason: str | None, username: str, wet: bool, as_json: bool
) -> None:
    """Ask for a reversal, or carry one out."""
    enter()
    from lindung.cli import orders

    shown = orders.reversed_(
        code=code, month=month, order=order.strip(), reason=reason, username=username, wet=wet
    )
    if as_json:
        say_json({"dry": not wet, **plain(shown)})
    else:
        orders.show(shown)
        tried(wet)
