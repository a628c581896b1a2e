"""camt.053, the statement of ISO 20022, in its versions 02 and 08; runs only inside the limited child process.

Read entry by entry, so that a long statement needs no more room than a short one; documents that define entities of
their own are refused before anything is unfolded.
"""

import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from lindung.formats.statement import BankLine, BankStatement, account_number, joined, line, sen_of
from lindung.formats.unreadable import Unreadable

_NAMESPACE = "{urn:iso:std:iso:20022:tech:xsd:camt.053.001."
_VERSIONS = ("02", "08")
_CREDIT = {"CRDT": True, "DBIT": False}
_NOTHING = {"NOTPROVIDED", "NONREF"}
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)


def read(content: bytes) -> BankStatement:
    """The statement in these bytes, or all of them joined. Raises Unreadable."""
    try:
        return joined(list(_statements(content)))
    except DefusedXmlException as error:
        raise Unreadable("file.bomb") from error
    except (ParseError, EOFError) as error:
        raise Unreadable("statement.cut") from error
    except (UnicodeError, LookupError, ValueError) as error:
        raise Unreadable("file.encoding") from error


def _statements(content: bytes) -> Iterator[BankStatement]:
    """Each ``Stmt`` as its end is met; entries are forgotten once they are lines."""
    space = ""
    entries: list[BankLine] = []
    for event, element in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
        if event == "start":
            space = space or _namespace(element)
            continue
        name = element.tag.removeprefix(space)
        if name == "Ntry":
            entries += _lines(element, space, after=len(entries))
            element.clear()
        elif name == "Stmt":
            yield _statement(element, space, tuple(entries))
            entries = []
            element.clear()


def _namespace(root: Element) -> str:
    """The namespace of a document we read. Raises Unreadable for any other."""
    space, closed, _ = root.tag.rpartition("}")
    if not space.startswith(_NAMESPACE):
        raise Unreadable("statement.unknown_format")
    if space.removeprefix(_NAMESPACE) not in _VERSIONS:
        raise Unreadable("statement.version", space.removeprefix(_NAMESPACE)[:4])
    return space + closed


class _Reader:
    """Looks for elements by their path, whatever the version's namespace."""

    def __init__(self, element: Element, space: str) -> None:
        self.element = element
        self._space = space

    def _path(self, path: str) -> str:
        return "/".join(self._space + step for step in path.split("/"))

    def text(self, *paths: str) -> str:
        """The words of the first of these paths that says something."""
        for path in paths:
            found = self.element.findtext(self._path(path))
            if found and found.strip():
                return found.strip()
        return ""

    def all(self, path: str) -> "list[_Reader]":
        return [_Reader(found, self._space) for found in self.element.findall(self._path(path))]

    def words(self, path: str) -> str:
        """Everything said in the elements of this path, in order."""
        return " ".join(
            word.strip() for found in self.element.findall(self._path(path)) for word in found.itertext()
        )

    def money(self, *paths: str) -> tuple[Decimal, str] | None:
        """Value and currency of the first of these paths that is there."""
        for path in paths:
            found = self.element.find(self._path(path))
            if found is not None:
                return _decimal(found.text or ""), str(found.get("Ccy") or "")
        return None


def _decimal(text: str) -> Decimal:
    try:
        return (
            Decimal(text.strip())
            if re.fullmatch(r"\s*[0-9]{1,18}(\.[0-9]{0,5})?\s*", text)
            else Decimal("NaN")
        )
    except InvalidOperation as error:
        raise Unreadable("statement.amount") from error


def _statement(element: Element, space: str, lines: tuple[BankLine, ...]) -> BankStatement:
    said = _Reader(element, space)
    account = account_number(said.text("Acct/Id/Othr/Id", "Acct/Id/IBAN"))
    if not account:
        raise Unreadable("statement.no_account")
    balances = {bal.text("Tp/CdOrPrtry/Cd"): bal for bal in said.all("Bal")}
    opening, currency = _balance(balances, _OPENING)
    closing, _ = _balance(balances, _CLOSING)
    return BankStatement(account, said.text("Acct/Ccy") or currency, opening, closing, lines)


def _balance(balances: dict[str, _Reader], kinds: tuple[str, ...]) -> tuple[int, str]:
    for kind in kinds:
        if kind in balances:
            money = balances[kind].money("Amt")
            if money is None:
                break
            sen = sen_of(money[0], kind)
            return (sen if _credit(balances[kind], kind) else -sen), money[1]
    raise Unreadable("statement.no_balance")


def _credit(said: _Reader, where: str) -> bool:
    credit = _CREDIT.get(said.text("CdtDbtInd"))
    if credit is None:
        raise Unreadable("statement.line", where)
    return credit


def _lines(element: Element, space: str, *, after: int) -> Iterator[BankLine]:
    """The entry as one line; a batch whose parts say their amounts as one line for each part."""
    entry, where = _Reader(element, space), str(after + 1)
    money = entry.money("Amt")
    if money is None:
        raise Unreadable("statement.line", where)
    value, currency = money
    parts = entry.all("NtryDtls/TxDtls")
    values = [part.money("Amt", "AmtDtls/TxAmt/Amt") for part in parts]
    whole = [each[0] for each in values if each is not None and each[1] == currency]
    if len(parts) > 1 and len(whole) == len(parts) and sum(whole) == value:
        for at, (part, each) in enumerate(zip(parts, whole, strict=True), start=1):
            yield _line(after + at, entry, part, each, currency)
    else:
        yield _line(after + 1, entry, parts[0] if len(parts) == 1 else entry, value, currency)


def _line(number: int, entry: _Reader, part: _Reader, value: Decimal, currency: str) -> BankLine:
    where = str(number)
    booked_on = _day(entry.text("BookgDt/Dt", "BookgDt/DtTm"), where)
    valued = entry.text("ValDt/Dt", "ValDt/DtTm")
    single = part is not entry
    return line(
        number,
        value,
        booked_on=booked_on,
        valued_on=_day(valued, where) if valued else booked_on,
        credit=_credit(entry, where),
        currency=currency,
        reference=_reference(part.text("Refs/EndToEndId") if single else entry.text("NtryRef")),
        bank_reference=_reference(
            (part.text("Refs/AcctSvcrRef", "Refs/TxId") if single else "")
            or entry.text("AcctSvcrRef", "NtryRef")
        ),
        text=" ".join((_details(part) if single else _details_of_all(entry), entry.text("AddtlNtryInf"))),
        pending=entry.text("Sts/Cd", "Sts") != "BOOK",
    )


def _details(part: _Reader) -> str:
    names = [part.text("RltdPties/Dbtr/Pty/Nm", "RltdPties/Dbtr/Nm")]
    names += [part.words("RmtInf/Ustrd"), part.words("RmtInf/Strd/CdtrRefInf/Ref"), part.text("AddtlTxInf")]
    return " ".join(filter(None, names))


def _details_of_all(entry: _Reader) -> str:
    return " ".join(_details(part) for part in entry.all("NtryDtls/TxDtls"))


def _reference(said: str) -> str:
    return "" if said.upper() in _NOTHING else said


def _day(said: str, where: str) -> date:
    try:
        return date.fromisoformat(said[:10])
    except ValueError as error:
        raise Unreadable("statement.date", where) from error
