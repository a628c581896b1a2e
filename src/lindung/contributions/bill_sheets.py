"""A bill as files for a spreadsheet: its annex by kelurahan, what each programme asks for and, for some, the names."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.access.sealing import unseal_many
from lindung.contributions import bills
from lindung.contributions.bill_paper import Taken
from lindung.contributions.bills import BillPage
from lindung.contributions.models import Bill, BillLine
from lindung.formats.sheets import Sheet, to_csv, to_xlsx
from lindung.identity import nik, places
from lindung.law.money import counted, rupiah
from lindung.law.text import Text

Said = Callable[[Text], str]
"""How a text is said to whoever reads the file."""
_CHUNK = 5_000


class _Named(NamedTuple):
    name: str
    nik_masked: str
    kecamatan: str
    kelurahan: str
    amount: int


def annex_csv(bill_id: int, *, on: date, said: Said) -> bytes:
    """The annex by kelurahan, counts and amounts. Raises Bill.DoesNotExist when the bill is not in scope."""
    columns, rows = _by_kelurahan(bills.page_of(bill_id, on=on), said)
    return to_csv(columns, rows)


def workbook(bill_id: int, *, on: date, taken: Taken, by: Actor, names: bool, said: Said) -> bytes:
    """The annex, the sums and, with `names`, everybody in sight with a masked number; taking names out is on the trail.

    Every cell is text in which nothing acts. Raises Bill.DoesNotExist when the bill is not in scope.
    """
    shown = bills.page_of(bill_id, on=on)
    columns, rows = _by_kelurahan(shown, said)
    sheets = [
        Sheet(_KELURAHAN.id, columns, rows),
        Sheet(_PROGRAMMES.id, [said(_PROGRAMME), said(_AMOUNT)], _sums(shown, said)),
        _about(shown, taken, said),
    ]
    if names:
        sheets.insert(1, _names(Bill.objects.get(pk=bill_id), taken, said, by=by))
    return to_xlsx(sheets)


def _by_kelurahan(shown: BillPage, said: Said) -> tuple[list[str], list[list[str]]]:
    rows = [
        [each.kecamatan, each.name, each.code, str(each.people), str(each.amount)] for each in shown.kelurahan
    ]
    total = [said(_SUM), "", "", str(shown.bill.people), str(shown.bill.total)]
    return [said(column) for column in _COLUMNS], [*rows, total]


def _sums(shown: BillPage, said: Said) -> list[list[str]]:
    rows = [[name.upper(), str(amount)] for name, amount in shown.programmes]
    return [*rows, [said(_SUM), str(shown.bill.total)]]


def _about(shown: BillPage, taken: Taken, said: Said) -> Sheet:
    """Who took the file when: a sheet of its own, so that the table stays a table."""
    bill = shown.bill
    values = (
        f"{bill.title} ({bill.code})",
        said(bill.month.label),
        said(counted(bill.people)),
        rupiah(bill.total),
        said(bill.badge),
        taken.by,
        f"{taken.at:%Y-%m-%d %H:%M}",
    )
    rows = [[said(label), value] for label, value in zip(_ABOUT, values, strict=True)]
    rows += [[said(_PAID_BY.filled(name=share.name)), rupiah(share.amount)] for share in shown.sources]
    return Sheet("Keterangan", ["", ""], rows)


def _names(bill: Bill, taken: Taken, said: Said, *, by: Actor) -> Sheet:
    audit.record(
        "bill.names_taken_out",
        by=by,
        subject=f"bill:{bill.pk}",
        sponsor_id=bill.sponsor_id,
        detail={"month": bill.month.isoformat()[:7], "people": bill.people},
    )
    rows = [
        [str(number), each.name, each.nik_masked, each.kelurahan, each.kecamatan, str(each.amount)]
        for number, each in enumerate(_everybody(bill), start=1)
    ]
    return Sheet(_NAMES.id, [said(column) for column in _NAMED], rows, watermark=taken.words)


def _everybody(bill: Bill) -> Iterable[_Named]:
    lines = BillLine.objects.filter(bill=bill, month=bill.month).select_related("person")
    in_order = list(lines.order_by("person__kelurahan_code", "person__name", "person_id"))
    for start in range(0, len(in_order), _CHUNK):
        yield from _opened(in_order[start : start + _CHUNK])


def _opened(lines: Sequence[BillLine]) -> Iterable[_Named]:
    sealed = ((str(line.person_id), bytes(line.person.nik_sealed)) for line in lines)
    numbers = unseal_many(sealed, table="people_person", column="nik_sealed")
    for line, number in zip(lines, numbers, strict=True):
        code = line.person.kelurahan_code
        place = places.PLACES.get(code)
        kecamatan, kelurahan = (place.kecamatan, place.name) if place else ("", code)
        yield _Named(line.person.name, nik.masked(number), kecamatan, kelurahan, line.amount)


_KELURAHAN = Text("Per kelurahan", "By kelurahan")
_PROGRAMMES = Text("Per program", "By programme")
_NAMES = Text("Nama", "Names")
_COLUMNS = (
    Text("Kecamatan", "Kecamatan"),
    Text("Kelurahan", "Kelurahan"),
    Text("Kode", "Code"),
    Text("Orang", "People"),
    Text("Iuran", "Contributions"),
)
_NAMED = (
    Text("No", "No"),
    Text("Nama", "Name"),
    Text("NIK (disamarkan)", "NIK (masked)"),
    Text("Kelurahan", "Kelurahan"),
    Text("Kecamatan", "Kecamatan"),
    Text("Iuran", "Contributions"),
)
_PROGRAMME, _AMOUNT = Text("Program", "Programme"), Text("Iuran", "Contributions")
_SUM = Text("Jumlah", "Total")
_ABOUT = (
    Text("Kerja sama", "Agreement"),
    Text("Bulan", "Month"),
    Text("Jumlah orang", "People"),
    Text("Jumlah tagihan", "Total of the bill"),
    Text("Keadaan", "Standing"),
    Text("Diunduh oleh", "Downloaded by"),
    Text("Diunduh pada", "Downloaded at"),
)
_PAID_BY = Text("Dibayar dari {name}", "Paid from {name}")
