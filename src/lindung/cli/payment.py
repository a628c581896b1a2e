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
    help=words(Text("Pembayaran (SP2D): catat, lalu sahkan.", "Payments (SP2D): record, then confirm."))
)
def payment() -> None:
    """Commands about payments."""


@payment.command(
    cls=Answering,
    help=words(
        Text(
            "Catat SP2D yang melunasi tagihan satu bulan; nilainya harus persis. Belum melunasi: orang kedua "
            "mengesahkan. Tanpa --wet-run hanya dicoba.",
            "Record the SP2D that pays a month's bill, to the rupiah. It pays nothing yet: a second person "
            "confirms. Without --wet-run it is only tried.",
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
@by_user
@wet_run
@as_json
def record(
    code: str,
    month: Month,
    order: str,
    ordered_on: date,
    amount: int,
    username: str,
    wet: bool,
    as_json: bool,
) -> None:
    """Record an order."""
    enter()
    from lindung.cli import orders

    order_given = orders.Order(code, month, order.strip(), ordered_on, amount)
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
            "Sahkan SP2D yang dicatat orang lain: tagihan lunas, bulan itu terbayar bagi setiap orang. "
            "Tanpa --wet-run hanya dicoba.",
            "Confirm an SP2D that somebody else recorded: the bill is paid, and so is the month of each person. "
            "Without --wet-run it is only tried.",
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
