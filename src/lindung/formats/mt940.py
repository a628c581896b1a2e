"""MT940, the statement that Indonesian banks have given companies for decades: text in fields ":61:", ":86:", ...

Runs only inside the limited child process. The words are taken apart by the library mt-940; what it left out, or what
does not add up, is found here.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from mt940.models import Amount, Balance, Transaction, Transactions
from mt940.options import Options

from lindung.formats.statement import BankLine, BankStatement, account_number, joined, line, sen_of
from lindung.formats.unreadable import Unreadable

_BLOCK = re.compile(r"(?m)^(?=:20:)")
_LINE = re.compile(r"(?m)^:61:")
_SUBFIELD = re.compile(r"\?[0-9]{2}")
_CREDIT = {"C": True, "D": False, "RC": False, "RD": True}
_NOTHING = {"NONREF", "NOTPROVIDED"}
_OPTIONS = Options(unbounded_details=True, case_insensitive_marks=True, strip_bom=True)
_AS_WRITTEN: dict[str, list[Any]] = {"post_transaction_details": []}


def read(content: bytes) -> BankStatement:
    """The statement in these bytes, or all of them joined. Raises Unreadable."""
    text = _text(content)
    return joined([_statement(block) for block in _BLOCK.split(text) if block.startswith(":20:")])


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable("file.encoding")


def _statement(block: str) -> BankStatement:
    found = Transactions(_AS_WRITTEN, options=_OPTIONS)
    try:
        # Never mt940.parse: it opens the file whose name the text happens to be.
        found.parse(block)
    except (RuntimeError, ValueError, ArithmeticError, TypeError, KeyError, AttributeError) as error:
        raise Unreadable("statement.line") from error
    opening, currency = _balance(found, "final_opening_balance", "intermediate_opening_balance")
    closing, _ = _balance(found, "final_closing_balance", "intermediate_closing_balance")
    account = account_number(str(found.data.get("account_identification") or ""))
    if not account:
        raise Unreadable("statement.no_account")
    lines = tuple(_lines(found, currency))
    if len(lines) != len(_LINE.findall(block)):
        raise Unreadable("statement.line")
    return BankStatement(account, currency, opening, closing, lines)


def _balance(found: Transactions, *names: str) -> tuple[int, str]:
    """Sen and currency of the first of these balances that is there."""
    for name in names:
        balance = found.data.get(name)
        amount = balance.amount if isinstance(balance, Balance) else None
        if isinstance(amount, Amount) and amount.currency:
            return sen_of(amount.amount), amount.currency
    # A file that was cut off ends before its closing balance.
    raise Unreadable("statement.cut")


def _lines(found: Transactions, currency: str) -> Iterator[BankLine]:
    known = (one for one in found.transactions if "amount" in one.data)
    for number, one in enumerate(known, start=1):
        yield _line(number, one, currency)


def _line(number: int, one: Transaction, currency: str) -> BankLine:
    said: dict[str, Any] = one.data
    credit = _CREDIT.get(str(said.get("status") or "").upper().replace(" ", ""))
    if credit is None:
        raise Unreadable("statement.line", str(number))
    value: Decimal = said["amount"].amount
    valued_on: date = said["date"]
    booked_on: date = said.get("entry_date") or valued_on
    text = " ".join(
        _SUBFIELD.sub(" ", str(said.get(name) or "")) for name in ("transaction_details", "extra_details")
    )
    return line(
        number,
        abs(value),
        booked_on=date(booked_on.year, booked_on.month, booked_on.day),
        valued_on=date(valued_on.year, valued_on.month, valued_on.day),
        credit=credit,
        currency=currency,
        reference=_reference(said.get("customer_reference")),
        bank_reference=_reference(said.get("bank_reference")),
        text=text,
    )


def _reference(said: object) -> str:
    word = str(said or "").strip()
    return "" if word.upper() in _NOTHING else word
