"""The differences by name as a workbook for the branch, in the shape of its own lists; numbers of people are masked."""

from collections.abc import Callable, Iterator
from datetime import date

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.contributions import by_name
from lindung.contributions.bill_paper import Taken
from lindung.contributions.by_name import KINDS, NEXT, ByName, NameRow
from lindung.contributions.models import Bill
from lindung.formats.sheets import Sheet, to_xlsx
from lindung.law.text import Text

_AT_ONCE = 1_000
_HEADS = (
    "NO",
    "KPJ",
    "NIK",
    "NAMA_LENGKAP",
    "KELURAHAN",
    "IURAN_LINDUNG",
    "IURAN_BPJS",
    "LEMBAR",
    "BARIS",
    "KETERANGAN",
)
_SHEETS = {
    "only_theirs": "hanya_bpjs",
    "only_ours": "hanya_lindung",
    "amount": "iuran_beda",
    "unknown": "tidak_dikenal",
}


def differences_xlsx(
    bill_id: int, *, on: date, taken: Taken, by: Actor, said: Callable[[Text], str]
) -> bytes:
    """A sheet for each kind of difference, and one that says what to do; that names were taken out is on the trail.

    Raises Bill.DoesNotExist when the bill is not in scope.
    """
    shown = by_name.of_bill(bill_id, on=on)
    bill = Bill.objects.get(pk=bill_id)
    audit.record(
        "bill.names_taken_out",
        by=by,
        subject=f"bill:{bill.pk}",
        sponsor_id=bill.sponsor_id,
        detail={"month": str(shown.bill.month), "people": shown.differs},
    )
    sheets = [_about(shown, taken, said)]
    for kind, name in _SHEETS.items():
        rows = [_row(number, each, kind, said) for number, each in enumerate(_all(shown, on, kind), start=1)]
        sheets.append(Sheet(name, _HEADS, rows, watermark=taken.words))
    return to_xlsx(sheets)


def _all(shown: ByName, on: date, kind: str) -> Iterator[NameRow]:
    number, pages = 1, 1
    while number <= pages:
        found = by_name.names(shown, on=on, kind=kind, number=number, most=_AT_ONCE)
        yield from found.rows
        number, pages = number + 1, found.pages


def _row(number: int, each: NameRow, kind: str, said: Callable[[Text], str]) -> list[str]:
    why = said(each.reason) if each.reason else said(KINDS[kind])
    return [
        str(number),
        each.kpj_masked,
        each.nik_masked,
        each.name,
        each.kelurahan,
        "" if each.ours is None else str(each.ours),
        "" if each.theirs is None else str(each.theirs),
        each.sheet,
        "" if each.line is None else str(each.line),
        f"{why} {said(_MAYBE.filled(name=each.proposed))}" if each.proposed else why,
    ]


def _about(shown: ByName, taken: Taken, said: Callable[[Text], str]) -> Sheet:
    rows = [[f"{shown.bill.code} {shown.bill.month}", ", ".join(shown.codes), ""]]
    rows += [[said(label), str(shown.counts[kind]), said(NEXT[kind])] for kind, label in KINDS.items()]
    return Sheet("Ringkasan", [said(_WHAT), said(_HOW_MANY), said(_NEXT)], rows, watermark=taken.words)


_MAYBE = Text("Mungkin: {name}.", "Perhaps: {name}.")
_WHAT, _HOW_MANY, _NEXT = Text("Apa", "What"), Text("Orang", "People"), Text("Langkah berikut", "Next step")
