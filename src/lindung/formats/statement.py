"""A bank statement as one value, whatever the file it came in; and what it must be to be believed.

Money is counted in sen (hundredths of a rupiah) while it is added up, so that a statement whose bank counts cents still
proves itself; a line is worth whole rupiah (``amount``) and, where the bank says so, some cents beside them.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from lindung.formats.unreadable import Unreadable

RUPIAH = "IDR"
CODES = (
    "statement.unknown_format",  # neither MT940, camt.053 nor a table
    "statement.version",  # a camt.053 of another version than 02 or 08
    "statement.cut",  # it does not end, or opening + lines is not its closing balance
    "statement.no_balance",  # an MT940 or camt.053 without an opening or closing balance
    "statement.gap",  # two pages of one file between which something is missing
    "statement.several_accounts",
    "statement.no_account",  # neither the file nor whoever sends it names the account
    "statement.other_account",  # the file is of another account than was said
    "statement.no_header",  # a table without headings we know
    "statement.no_column",  # a table without one of the columns that are needed
    "statement.date",  # a date that cannot be read; `where` is the line
    "statement.amount",  # an amount that cannot be read
    "statement.doubtful_numbers",  # "16.800": nobody has said whether the dot parts thousands or cents
    "statement.doubtful_dates",  # "05/11/2026": nobody has said whether the day or the month comes first
    "statement.order",  # the running balance follows no order of the lines
    "statement.line",  # a line that the format does not allow
    "statement.no_lines",
)
"""Why a statement is not believed at all; with the codes of ``unreadable``, every reason there is."""

FAULTS = (
    "line.cents",  # not whole rupiah
    "line.pending",  # the bank has not booked it yet
    "line.zero",  # worth nothing
    "line.future",  # booked on a day that has not come
)
"""What may be wrong with one line of a statement that is believed; the last is for whoever knows the day to say."""

_MOST = 10**15
_LONGEST_REFERENCE = 80
_LONGEST_TEXT = 1_000


class BankLine(NamedTuple):
    """One booking: worth ``amount`` whole units of ``currency`` (and ``cents``), in (``credit``) or out.

    ``number`` counts from 1 in the file; ``fault`` is one of ``FAULTS`` or "".
    """

    number: int
    booked_on: date
    valued_on: date
    amount: int
    credit: bool
    currency: str = RUPIAH
    reference: str = ""
    bank_reference: str = ""
    text: str = ""
    cents: int = 0
    fault: str = ""

    @property
    def sen(self) -> int:
        """What it adds to the balance, in sen."""
        value = self.amount * 100 + self.cents
        return value if self.credit else -value


class BankStatement(NamedTuple):
    """What a bank says happened on one account; ``opening`` and ``closing`` in sen, None where the file says neither."""

    account: str
    currency: str
    opening: int | None
    closing: int | None
    lines: tuple[BankLine, ...]


def line(
    number: int,
    value: Decimal,
    *,
    booked_on: date,
    valued_on: date,
    credit: bool,
    currency: str,
    reference: str = "",
    bank_reference: str = "",
    text: str = "",
    pending: bool = False,
) -> BankLine:
    """A booking of this value (never negative), with its fault where it has one."""
    sen = sen_of(value, number)
    fault = "line.pending" if pending else "line.zero" if not sen else "line.cents" if sen % 100 else ""
    return BankLine(
        number=number,
        booked_on=booked_on,
        valued_on=valued_on,
        amount=sen // 100,
        credit=credit,
        currency=currency,
        reference=_plain(reference)[:_LONGEST_REFERENCE],
        bank_reference=_plain(bank_reference)[:_LONGEST_REFERENCE],
        text=_plain(text)[:_LONGEST_TEXT],
        cents=sen % 100,
        fault=fault,
    )


def sen_of(value: Decimal, where: int | str = "") -> int:
    """The value in sen. Raises Unreadable for more than two decimals, for what is no number, and beyond all money."""
    try:
        sen = value.scaleb(2)
        whole = int(sen)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise Unreadable("statement.amount", str(where)) from error
    if whole != sen or abs(whole) > _MOST * 100:
        raise Unreadable("statement.amount", str(where))
    return whole


def believed(statement: BankStatement) -> BankStatement:
    """The same statement. Raises Unreadable when it has no lines, or when they do not lead from opening to closing.

    Lines of another currency than the statement's, and those not booked yet, are no part of its balance.
    """
    if not statement.lines:
        raise Unreadable("statement.no_lines")
    if statement.opening is not None and statement.closing is not None:
        moved = sum(
            one.sen
            for one in statement.lines
            if one.currency == statement.currency and one.fault != "line.pending"
        )
        if statement.opening + moved != statement.closing:
            raise Unreadable("statement.cut")
    return statement


def joined(parts: Sequence[BankStatement]) -> BankStatement:
    """The statements of one file, day after day or page after page, as one; numbers of lines go on.

    Raises Unreadable for several accounts or currencies, and where one does not begin with what the last ended with.
    """
    if not parts:
        raise Unreadable("statement.cut")
    first = parts[0]
    if any((part.account, part.currency) != (first.account, first.currency) for part in parts):
        raise Unreadable("statement.several_accounts")
    lines: list[BankLine] = []
    for part, following in zip(parts, [*parts[1:], None], strict=True):
        if following is not None and part.closing != following.opening:
            raise Unreadable("statement.gap")
        lines += [one._replace(number=len(lines) + at) for at, one in enumerate(part.lines, start=1)]
    return BankStatement(first.account, first.currency, first.opening, parts[-1].closing, tuple(lines))


def account_number(written: str) -> str:
    """An account's number as one word: letters and digits, in capitals; what stands before a slash is the bank's."""
    last = written.rsplit("/", 1)[-1]
    return "".join(sign for sign in last.upper() if sign.isascii() and sign.isalnum())[:34]


def _plain(text: str) -> str:
    """One line without signs that no database and no page can hold."""
    shown = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(shown.split())
