"""A bank statement as a table (csv, xlsx, xls, ods) by its headings, as Indonesian banks let people download it.

What a table leaves open is asked, never guessed: whether "16.800" is sixteen thousand, and whether "05/11/2026" is in
May. Where the table has a running balance, every line must lead to the next.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from lindung.formats.cells import Cell, Day, Number, Row, text_of
from lindung.formats.statement import RUPIAH, BankLine, BankStatement, account_number, line, sen_of
from lindung.formats.unreadable import Unreadable


class Column(StrEnum):
    """What a column of a statement says."""

    DATE = "date"
    VALUE_DATE = "value_date"
    TEXT = "text"
    DEBIT = "debit"
    CREDIT = "credit"
    AMOUNT = "amount"
    MARK = "mark"
    BALANCE = "balance"
    REFERENCE = "reference"
    CURRENCY = "currency"


class Told(NamedTuple):
    """What whoever sends the file says of it; empty means that the file has to say it itself.

    ``decimals``: "," or "."; ``days``: "dmy" or "mdy"; ``columns``: what a heading means, by its words.
    """

    account: str = ""
    decimals: str = ""
    days: str = ""
    columns: Mapping[str, Column] = {}


NOTHING_TOLD = Told()

_HEADINGS: tuple[tuple[Column, str], ...] = (
    (Column.VALUE_DATE, r"(tanggal|tgl) (valuta|efektif)|value date|valuta"),
    (
        Column.DATE,
        r"(tanggal|tgl)( (transaksi|posting|buku|pembukuan|mutasi))?|(posting |transaction |trx )?date",
    ),
    (
        Column.TEXT,
        r"keterangan( transaksi)?|uraian( transaksi)?|deskripsi|(transaction )?description|berita|remarks?",
    ),
    (Column.MARK, r"cr ?/? ?db|db ?/? ?cr|d ?/? ?[kc]|[kc] ?/? ?d|jenis( mutasi)?|dr ?/? ?cr|tipe"),
    (Column.DEBIT, r"(mutasi )?deb[ei]t|pengeluaran|keluar|withdrawals?"),
    (Column.CREDIT, r"(mutasi )?kredit|credit|pemasukan|masuk|deposits?"),
    (Column.BALANCE, r"saldo( akhir)?|(running |ending )?balance"),
    (Column.AMOUNT, r"mutasi|jumlah|nominal|nilai|amount"),
    (
        Column.REFERENCE,
        r"(no|nomor)? ?(ref|referensi|reff|jurnal|bukti)|reference( no)?|ref no|journal( no)?",
    ),
    (Column.CURRENCY, r"mata uang|currency|ccy"),
)
_MARKS = {"CR": True, "C": True, "K": True, "KR": True, "KREDIT": True, "CREDIT": True,
          "DB": False, "D": False, "DR": False, "DEBIT": False, "DEBET": False}  # fmt: skip
_SUMMARY = re.compile(
    r"(saldo (awal|akhir)|opening|closing|total|jumlah|mutasi (kredit|debet|debit)|[-=_ ]+$)", re.IGNORECASE
)
_OPENING = re.compile(r"saldo awal|opening balance", re.IGNORECASE)
_CLOSING = re.compile(r"saldo akhir|closing balance", re.IGNORECASE)
_ACCOUNT = re.compile(r"(no(mor)?\.? ?rek|account (no|number))", re.IGNORECASE)
_SEARCHED_ROWS = 40
_PENDING = ("PEND", "PENDING")
_MONTHS = {name: at for at, names in enumerate(
    ("jan januari january", "feb februari february", "mar maret march", "apr april", "mei may", "jun juni june",
     "jul juli july", "agu agt ags agustus aug august", "sep september sept", "okt oktober oct october",
     "nov november", "des desember dec december"), start=1) for name in names.split()}  # fmt: skip
_DAY = re.compile(r"(\d{1,2})[-/. ](\d{1,2}|[A-Za-z]{3,9})[-/. ](\d{4}|\d{2})(?:[ T]\d{1,2}[:.]\d{2}.*)?")
_ISO_DAY = re.compile(r"(\d{4})[-/](\d{2})[-/](\d{2})(?:[ T].*)?")
_NUMBER = re.compile(
    r"([-+(]?)(?:Rp\.?|IDR)?\s*([-+]?)\s*([0-9][0-9.,]*)(?:,-)?\s*\)?\s*(-?)\s*([A-Za-z]{0,6})\.?",
    re.IGNORECASE,
)


def read(rows: Sequence[Row], told: Told = NOTHING_TOLD) -> BankStatement:
    """The statement in the first sheet that has its headings. Raises Unreadable.

    1. The headings are found, and the account in what stands above them.
    2. All amounts together say how they are written; where none does, who sends the file has to.
    3. Each line is read; what is below the last (sums, "Saldo Akhir") must agree.
    """
    sheet = next((row.sheet for row in rows if _columns(row, told)), None)
    if sheet is None:
        raise Unreadable("statement.no_header")
    lines = [row for row in rows if row.sheet == sheet and row.number]
    at = next(at for at, row in enumerate(lines) if _columns(row, told))
    columns = _columns(lines[at], told)
    _refuse_missing(columns)
    table = _Table(columns, lines[at + 1 :], told)
    account = account_number(told.account) or _account_above(lines[:at])
    if not account:
        raise Unreadable("statement.no_account")
    named = _account_above(lines[:at])
    if named and named != account:
        raise Unreadable("statement.other_account")
    return table.statement(account)


def headings(rows: Sequence[Row]) -> tuple[str, ...]:
    """What stands in the row that looks most like headings, for a form that asks what they mean."""
    fullest = max(
        rows[:_SEARCHED_ROWS], key=lambda row: sum(isinstance(cell, str) for cell in row.cells), default=None
    )
    return () if fullest is None else tuple(text_of(cell).strip() for cell in fullest.cells)


def _columns(row: Row, told: Told) -> dict[Column, int]:
    """Where each column stands if this row is one of headings: a date and an amount at least."""
    if row.number > _SEARCHED_ROWS:
        return {}
    found: dict[Column, int] = {}
    for at, cell in enumerate(row.cells):
        meant = _meant(text_of(cell), told)
        if meant is not None:
            found.setdefault(meant, at)
    return (
        found if Column.DATE in found and found.keys() & {Column.AMOUNT, Column.CREDIT, Column.DEBIT} else {}
    )


def _meant(heading: str, told: Told) -> Column | None:
    words = " ".join(re.sub(r"\(.*?\)|[^\w/]", " ", heading.lower()).split())
    if words in told.columns:
        return told.columns[words]
    return next((column for column, pattern in _HEADINGS if re.fullmatch(pattern, words)), None)


def _refuse_missing(columns: Mapping[Column, int]) -> None:
    if Column.AMOUNT not in columns and Column.CREDIT not in columns:
        raise Unreadable("statement.no_column", "Kredit / Mutasi")
    if Column.TEXT not in columns:
        raise Unreadable("statement.no_column", "Keterangan")


def _account_above(rows: Sequence[Row]) -> str:
    for row in rows:
        cells = [text_of(cell).strip() for cell in row.cells]
        for at, cell in enumerate(cells):
            if _ACCOUNT.search(cell):
                after = [cell.partition(":")[2], *cells[at + 1 :]]
                numbers = (re.sub(r"[^0-9]", "", each) for each in after)
                return next((number for number in numbers if len(number) >= 5), "")
    return ""


class _Table:
    """The rows below the headings, read under what all of them together say of how numbers and dates are written."""

    def __init__(self, columns: Mapping[Column, int], rows: Sequence[Row], told: Told) -> None:
        self._columns = columns
        self._rows = rows
        money = [self._cell(row, name) for row in rows for name in _OF_MONEY if name in columns]
        self._decimals = told.decimals or _decimals([cell for cell in money if isinstance(cell, str)])
        self._days = told.days or _day_order([self._cell(row, Column.DATE) for row in rows])
        self._opening: int | None = None
        self._closing: int | None = None

    def statement(self, account: str) -> BankStatement:
        """Everything as one value, its running balance followed where there is one."""
        lines: list[BankLine] = []
        balances: list[int | None] = []
        for row in self._rows:
            if self._is_booking(row):
                lines.append(self._line(row, len(lines) + 1))
                balances.append(self._balance(row))
            elif not self._summary(row):
                self._continue(row, lines)
        currencies = {one.currency for one in lines}
        currency = currencies.pop() if len(currencies) == 1 else RUPIAH
        opening, closing = self._ends(lines, balances)
        return BankStatement(account, currency, opening, closing, tuple(lines))

    def _cell(self, row: Row, column: Column) -> Cell:
        at = self._columns.get(column, len(row.cells))
        return row.cells[at] if at < len(row.cells) else None

    def _text(self, row: Row, column: Column) -> str:
        return text_of(self._cell(row, column)).strip().lstrip("'")

    def _is_booking(self, row: Row) -> bool:
        said = self._text(row, Column.DATE)
        if _SUMMARY.match(said) or (not said and _SUMMARY.match(self._text(row, Column.TEXT))):
            return False
        has_money = any(self._text(row, name) for name in _OF_MONEY if name != Column.BALANCE)
        if has_money and not said:
            raise Unreadable("statement.date", str(row.number))
        return bool(said) and (has_money or self._opening_row(row) is None)

    def _opening_row(self, row: Row) -> int | None:
        """The balance of a dated row that is no booking ("SALDO AWAL")."""
        return self._balance(row) if _SUMMARY.match(self._text(row, Column.TEXT)) else None

    def _summary(self, row: Row) -> bool:
        """Whether the row only sums up; what it says of the balance is kept."""
        cells = [text_of(cell).strip() for cell in row.cells]
        words = next((cell for cell in cells if _SUMMARY.match(cell)), "")
        if not words:
            return False
        opening, closing = bool(_OPENING.match(words)), bool(_CLOSING.match(words))
        if opening or closing:
            numbers = [each for each in cells if each != words and _NUMBER.fullmatch(each)]
            if numbers:
                sen, credit = self._money(numbers[-1], row.number)
                value = -sen if credit is False else sen
                self._opening = value if opening else self._opening
                self._closing = value if closing else self._closing
        return True

    def _continue(self, row: Row, lines: list[BankLine]) -> None:
        """A row with words alone goes on with the text of the line above it."""
        more = " ".join(filter(None, (text_of(cell).strip() for cell in row.cells)))
        if not lines:
            return
        lines[-1] = lines[-1]._replace(text=f"{lines[-1].text} {more}"[:1_000])

    def _line(self, row: Row, number: int) -> BankLine:
        said = self._text(row, Column.DATE)
        pending = said.upper() in _PENDING
        booked_on = self._pending_day() if pending else self._day(self._cell(row, Column.DATE), row.number)
        valued = self._text(row, Column.VALUE_DATE)
        sen, credit = self._moved(row)
        return line(
            number,
            Decimal(sen).scaleb(-2),
            booked_on=booked_on,
            valued_on=self._day(self._cell(row, Column.VALUE_DATE), row.number) if valued else booked_on,
            credit=credit,
            currency=self._text(row, Column.CURRENCY).upper()[:3] or RUPIAH,
            reference=self._text(row, Column.REFERENCE),
            text=self._text(row, Column.TEXT),
            pending=pending,
        )

    def _pending_day(self) -> date:
        """What is not booked yet has no day; it stands on the last one of the file."""
        days = [self._cell(row, Column.DATE) for row in self._rows if self._is_booking(row)]
        known = [self._day(cell, 0) for cell in days if text_of(cell).strip().upper() not in _PENDING]
        if not known:
            raise Unreadable("statement.date")
        return max(known)

    def _moved(self, row: Row) -> tuple[int, bool]:
        """Sen and direction of a booking, from one column or from two."""
        if Column.CREDIT in self._columns:
            into = self._worth(row, Column.CREDIT)[0]
            out = self._worth(row, Column.DEBIT)[0]
            if into and out:
                raise Unreadable("statement.amount", str(row.number))
            return (abs(out), out < 0) if out else (abs(into), into >= 0)
        sen, credit = self._worth(row, Column.AMOUNT)
        mark = _MARKS.get(self._text(row, Column.MARK).upper().rstrip("."))
        credit = credit if mark is None else mark
        if credit is None:
            # "+" and "-" say it as well, but only where the bank writes both.
            if sen < 0:
                return -sen, False
            raise Unreadable("statement.amount", str(row.number))
        return abs(sen), credit

    def _balance(self, row: Row) -> int | None:
        if not self._text(row, Column.BALANCE):
            return None
        sen, credit = self._worth(row, Column.BALANCE)
        return -abs(sen) if credit is False else sen

    def _worth(self, row: Row, column: Column) -> tuple[int, bool | None]:
        """Sen in this cell and, where it says it, the direction; a workbook's own number needs no reading of signs."""
        cell = self._cell(row, column)
        if isinstance(cell, Number):
            return sen_of(Decimal(cell.text), row.number), None
        return self._money(self._text(row, column), row.number)

    def _money(self, said: str, where: int) -> tuple[int, bool | None]:
        """Sen and, where CR or DB is written beside it, the direction; nothing and a dash are zero."""
        if said in ("", "-", "–"):
            return 0, None
        found = _NUMBER.fullmatch(said)
        if found is None:
            raise Unreadable("statement.amount", str(where))
        before, sign, digits, after, mark = found.groups()
        credit = _MARKS.get(mark.upper()) if mark else None
        if mark and credit is None:
            raise Unreadable("statement.amount", str(where))
        negative = before in ("-", "(") or sign == "-" or after == "-"
        sen = sen_of(_decimal(digits, self._decimals, where), where)
        return (-sen if negative else sen), credit

    def _day(self, cell: Cell, where: int) -> date:
        said = text_of(cell).strip().lstrip("'")
        try:
            iso = _ISO_DAY.fullmatch(said)
            if iso:
                return date(int(iso[1]), int(iso[2]), int(iso[3]))
            found = _DAY.fullmatch(said)
            if found:
                return self._of_parts(found[1], found[2], found[3])
        except (ValueError, KeyError) as error:
            raise Unreadable("statement.date", str(where)) from error
        raise Unreadable("statement.date", str(where))

    def _of_parts(self, first: str, second: str, year: str) -> date:
        whole = int(year) if len(year) == 4 else 2000 + int(year)
        if second.isalpha():
            return date(whole, _MONTHS[second.lower()], int(first))
        day, month = (first, second) if self._days == "dmy" else (second, first)
        return date(whole, int(month), int(day))

    def _ends(
        self, lines: Sequence[BankLine], balances: Sequence[int | None]
    ) -> tuple[int | None, int | None]:
        """Opening and closing balance: as the running one says, or as written below; they must agree."""
        booked = [
            (one, each)
            for one, each in zip(lines, balances, strict=True)
            if each is not None and not _pending(one)
        ]
        opening, closing = self._opening, self._closing
        if booked and len(booked) == sum(not _pending(one) for one in lines):
            opening, closing = _followed(booked)
            if self._opening not in (None, opening) or self._closing not in (None, closing):
                raise Unreadable("statement.cut")
        return opening, closing


_OF_MONEY = (Column.DEBIT, Column.CREDIT, Column.AMOUNT, Column.BALANCE)


def _pending(one: BankLine) -> bool:
    return one.fault == "line.pending"


def _followed(booked: Sequence[tuple[BankLine, int]]) -> tuple[int, int]:
    """Opening and closing of a running balance, oldest first or newest first. Raises Unreadable where it breaks."""
    for ordered in (booked, booked[::-1]):
        steps = zip(ordered, ordered[1:], strict=False)
        if all(before[1] + after[0].sen == after[1] for before, after in steps):
            return ordered[0][1] - ordered[0][0].sen, ordered[-1][1]
    broken = next(
        after[0].number
        for before, after in zip(booked, booked[1:], strict=False)
        if before[1] + after[0].sen != after[1]
    )
    raise Unreadable("statement.order", str(broken))


def _decimals(written: Sequence[str]) -> str:
    """The sign before the cents in this file. Raises Unreadable when nothing tells, or when two places differ."""
    found: set[str] = set()
    doubtful = ""
    for text in written:
        digits = "".join(sign for sign in text if sign.isdigit() or sign in ".,").rstrip(",.")
        kind = _sign_before_cents(digits)
        if kind == "?":
            doubtful = text
        elif kind:
            found.add(kind)
    if len(found) > 1 or (doubtful and not found):
        raise Unreadable("statement.doubtful_numbers", doubtful or " / ".join(sorted(found)))
    return found.pop() if found else ","


def _sign_before_cents(digits: str) -> str:
    """ "," or "." as this one number shows it, "" when it has no sign at all, "?" when it may be either."""
    dots, commas = digits.count("."), digits.count(",")
    if dots and commas:
        return "," if digits.rfind(",") > digits.rfind(".") else "."
    if dots > 1 or commas > 1:
        return "," if dots else "."
    if dots or commas:
        sign = "." if dots else ","
        return "?" if len(digits.rpartition(sign)[2]) == 3 else sign
    return ""


def _decimal(digits: str, decimals: str, where: int) -> Decimal:
    thousands = "." if decimals == "," else ","
    whole, _, cents = digits.partition(decimals)
    groups = whole.split(thousands)
    regular = len(groups) == 1 or (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))
    if not regular or not all(group.isdigit() for group in groups) or (cents and not cents.isdigit()):
        raise Unreadable("statement.amount", str(where))
    return Decimal(f"{''.join(groups)}.{cents or '0'}")


def _day_order(cells: Sequence[Cell]) -> str:
    """Whether the day or the month comes first. Raises Unreadable when no date of the file tells."""
    orders: set[str] = set()
    doubtful = ""
    for cell in cells:
        found = None if isinstance(cell, Day) else _DAY.fullmatch(text_of(cell).strip().lstrip("'"))
        if found is None or found[2].isalpha() or found[1] == found[2]:
            continue
        if int(found[1]) > 12 or int(found[2]) > 12:
            orders.add("dmy" if int(found[1]) > 12 else "mdy")
        else:
            doubtful = found[0]
    if len(orders) > 1 or (doubtful and not orders):
        raise Unreadable("statement.doubtful_dates", doubtful)
    return orders.pop() if orders else "dmy"
