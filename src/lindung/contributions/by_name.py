"""A bill beside the branch's own list, name by name: who is on both, on one side only, at another amount, or unknown."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Sum

from lindung.access.sealing import unseal_many
from lindung.contributions import by_name_rows
from lindung.contributions.bills import BillRow, row_of
from lindung.contributions.branch_word import current_codes
from lindung.contributions.code_list_import import PLACE
from lindung.contributions.code_list_people import REASONS
from lindung.contributions.code_list_records import CodeLine, CodeList, LineOutcome
from lindung.contributions.models import Bill
from lindung.identity import kpj, nik, places
from lindung.law.money import counted, rupiah
from lindung.law.text import Text
from lindung.membership.branch_import import shown_cell
from lindung.people.models import Person

PER_PAGE = 50
KINDS = {
    "only_theirs": Text("Hanya di daftar BPJS", "Only on BPJS's list"),
    "only_ours": Text("Hanya di tagihan kita", "Only on our bill"),
    "amount": Text("Iuran berbeda", "Another amount"),
    "unknown": Text("Tidak dikenal", "Not recognised"),
    "equal": Text("Sama di keduanya", "Equal on both"),
}
"""What a name can be, in the order in which an officer works through them."""
NEXT = {
    "only_theirs": Text(
        "BPJS menagih orang yang tidak ada di tagihan kita. Bila ia peserta, catat masuk lalu susun tagihan baru. "
        "Bila bukan, minta cabang mengeluarkannya dari kode iuran sebelum dibayar.",
        "BPJS asks for people who are not on our bill. Who is a member: record the join, then draw a new bill. Who is "
        "not: ask the branch to take them off before it is paid.",
    ),
    "only_ours": Text(
        "Iuran orang ini tidak akan sampai: BPJS tidak mendaftarnya. Kirim namanya ke cabang dan minta kode iuran baru, "
        "atau catat keluar bila ia memang sudah berhenti.",
        "Their money would not arrive: BPJS does not list them. Send the names to the branch for a new kode iuran, or "
        "record that they left.",
    ),
    "amount": Text(
        "Kedua pihak mengenal orang ini, tetapi iurannya berbeda. Cocokkan upah atau tarifnya dengan cabang, lalu "
        "perbaiki sisi yang salah.",
        "Both sides know these people, at different amounts. Compare wage or tariff with the branch, then mend the "
        "side that is wrong.",
    ),
    "unknown": Text(
        "Baris ini tidak menunjuk peserta mana pun dengan pasti. Minta cabang memperbaiki NIK-nya, lalu masukkan "
        "daftar yang baru. Usulan nama tidak dipakai sebelum NIK-nya benar.",
        "These lines point at nobody for certain. Ask the branch to mend the NIK, then bring the new list in. A "
        "proposed name is not used until the NIK is right.",
    ),
    "equal": Text("Tidak ada yang perlu dilakukan.", "Nothing to do."),
}
"""What to do next about each kind."""
_NOT_KNOWN = (LineOutcome.PROPOSED, LineOutcome.UNKNOWN, LineOutcome.FAULTY)


class ListShown(NamedTuple):
    """A list that holds: its code and whose word that is, its file; `doubts` say what looks wrong with it."""

    id: int
    code: str
    badge: Text
    file: str
    said_on: date
    imported_at: datetime
    people: int
    amount: int
    lines: int
    doubts: tuple[Text, ...]


class NameRow(NamedTuple):
    """One person, or one line that found nobody; whole rupiah, None where a side says nothing.

    `kelurahan` is empty of a line that found nobody, `reason` says why it did not.
    """

    person_id: int | None
    name: str
    nik_masked: str
    kpj_masked: str
    kelurahan: str
    ours: int | None
    theirs: int | None
    sheet: str
    line: int | None
    reason: Text | None
    proposed: str


class PlaceRow(NamedTuple):
    """A kelurahan on both sides: people and whole rupiah."""

    name: str
    kecamatan: str
    our_people: int
    our_amount: int
    their_people: int
    their_amount: int


class ByName(NamedTuple):
    """A bill beside the lists that hold; `missing` are codes whose list is not in yet."""

    bill: BillRow
    codes: tuple[str, ...]
    missing: tuple[str, ...]
    lists: tuple[ListShown, ...]
    counts: Mapping[str, int]
    places: tuple[PlaceRow, ...]

    @property
    def differs(self) -> int:
        """How many names are not equal on both."""
        return sum(count for kind, count in self.counts.items() if kind != "equal")


class NamePage(NamedTuple):
    """One page of names of a kind."""

    rows: tuple[NameRow, ...]
    number: int
    pages: int


def of_bill(bill_id: int, *, on: date) -> ByName:
    """A bill beside the branch's lists as known on the day. Raises Bill.DoesNotExist when it is not in scope."""
    bill = Bill.objects.get(pk=bill_id)
    holding = by_name_rows.lists(bill_id=bill_id, on=on)
    found = list(CodeList.objects.filter(pk__in=holding).select_related("document", "word").order_by("code"))
    sums = _sums(holding)
    codes = tuple(dict.fromkeys(each.code for each in current_codes(bill)))
    compared = by_name_rows.sums(bill_id=bill_id, on=on) if found else []
    known = Counter(dict.fromkeys(KINDS, 0))
    for each in compared:
        known[each.kind] += each.people
    unknown = CodeLine.objects.filter(code_list__in=holding, outcome__in=_NOT_KNOWN).count()
    counts = {kind: unknown if kind == "unknown" else known[kind] for kind in KINDS}
    return ByName(
        bill=row_of(bill_id, on=on),
        codes=codes,
        missing=tuple(code for code in codes if code not in {each.code for each in found}),
        lists=tuple(_list_shown(each, sums) for each in found),
        counts=counts,
        places=_places(compared),
    )


def names(shown: ByName, *, on: date, kind: str, number: int, most: int = PER_PAGE) -> NamePage:
    """A page (from 1, the nearest one) of the names of a kind of `KINDS` in a comparison, numbers masked."""
    pages = max(1, -(-shown.counts[kind] // most))
    number = min(max(1, number), pages)
    skip = (number - 1) * most
    if kind == "unknown":
        left = CodeLine.objects.filter(
            code_list__in=[each.id for each in shown.lists], outcome__in=_NOT_KNOWN
        ).select_related("person")
        lines = left.order_by("code_list_id", "place")[skip : skip + most]
        return NamePage(tuple(_unknown(list(lines))), number, pages)
    found = by_name_rows.page(bill_id=shown.bill.id, on=on, kind=kind, most=most, skip=skip)
    return NamePage(tuple(_people(found)), number, pages)


def _sums(holding: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Of each list: how many lines speak of people, and whole rupiah of them together."""
    lines = CodeLine.objects.filter(code_list__in=holding).exclude(outcome=LineOutcome.TOTAL)
    sums = lines.order_by().values_list("code_list_id").annotate(amount=Sum("amount"))
    people = {each.pk: each.lines - each.totals for each in CodeList.objects.filter(pk__in=holding)}
    return {pk: (people[pk], int(amount or 0)) for pk, amount in sums}


def _list_shown(each: CodeList, sums: Mapping[int, tuple[int, int]]) -> ListShown:
    people, amount = sums.get(each.pk, (0, 0))
    doubts = []
    if people != each.word.people:
        doubts.append(
            (_CUT if people < each.word.people else _LONGER).filled(
                n=counted(people), code=each.code, people=counted(each.word.people)
            )
        )
    if amount and amount != each.word.amount:
        doubts.append(_SUM.filled(amount=rupiah(amount), code=each.code, said=rupiah(each.word.amount)))
    if not amount:
        doubts.append(_NO_AMOUNTS)
    if each.damaged:
        doubts.append(_DAMAGED.filled(n=counted(each.damaged)))
    return ListShown(
        each.pk, each.code, each.word.badge, each.document.name, each.said_on, each.imported_at, people, amount, each.lines,
        tuple(doubts),
    )  # fmt: skip


def _people(found: Sequence[tuple[Any, ...]]) -> Iterable[NameRow]:
    niks = _niks([row[0] for row in found])
    places_said = [row[6] for row in found if row[5] is not None]
    lists_said = {row[5] for row in found if row[5] is not None}
    near = CodeLine.objects.filter(code_list__in=lists_said, place__in=places_said)
    wanted = {(row[5], row[6]) for row in found}
    lines = {
        (line.code_list_id, line.place): line for line in near if (line.code_list_id, line.place) in wanted
    }
    told = _opened(list(lines.values()))
    for person_id, name, code, ours, theirs, list_id, place, count in found:
        line = lines.get((list_id, place))
        said = told.get((list_id, place), {})
        known = places.PLACES.get(code)
        yield NameRow(
            person_id=person_id,
            name=name or shown_cell(said.get("name", "")),
            nik_masked=niks.get(person_id, ""),
            kpj_masked=kpj.masked(said.get("kpj", "")),
            kelurahan=known.name if known else code,
            ours=ours,
            theirs=theirs,
            sheet=line.sheet if line else "",
            line=line.number if line else None,
            reason=_TWICE.filled(n=count) if count and count > 1 else None,
            proposed="",
        )


def _unknown(lines: Sequence[CodeLine]) -> Iterable[NameRow]:
    told = _opened(lines)
    for line in lines:
        said = told[line.code_list_id, line.place]
        yield NameRow(
            person_id=None,
            name=shown_cell(said["name"])
            or " · ".join(shown_cell(cell) for cell in said["cells"] if cell)[:80],
            # Of a damaged number nothing is shown: its length would only puzzle.
            nik_masked=nik.masked(said["nik"]) if len(nik.compact(said["nik"])) == nik.LENGTH else "",
            kpj_masked=kpj.masked(said["kpj"]) if said["kpj"] else "",
            kelurahan="",
            ours=None,
            theirs=line.amount,
            sheet=line.sheet,
            line=line.number,
            reason=REASONS[line.reason],
            proposed=line.person.name if line.person_id is not None and line.person else "",
        )


def _opened(lines: Sequence[CodeLine]) -> dict[tuple[int, int], dict[str, Any]]:
    sealed = ((f"{line.code_list_id}:{line.place}", bytes(line.sealed)) for line in lines)
    opened = unseal_many(sealed, **PLACE)
    return {
        (line.code_list_id, line.place): json.loads(text) for line, text in zip(lines, opened, strict=True)
    }


def _niks(person_ids: Sequence[int]) -> dict[int, str]:
    people = list(Person.objects.filter(pk__in=person_ids))
    opened = unseal_many(
        ((str(each.pk), bytes(each.nik_sealed)) for each in people),
        table="people_person",
        column="nik_sealed",
    )
    return {each.pk: nik.masked(number) for each, number in zip(people, opened, strict=True)}


def _places(compared: Sequence[by_name_rows.Sum]) -> tuple[PlaceRow, ...]:
    """Both sides by kelurahan, in the order of their names."""
    added: dict[str, list[int]] = {}
    for each in compared:
        here = added.setdefault(each.kelurahan, [0, 0, 0, 0])
        for at, more in enumerate((each.our_people, each.our_amount, each.their_people, each.their_amount)):
            here[at] += more
    rows = []
    for code, sums in added.items():
        known = places.PLACES.get(code)
        rows.append(PlaceRow(known.name if known else code or "–", known.kecamatan if known else "", *sums))
    return tuple(sorted(rows, key=lambda row: (row.kecamatan, row.name)))


_CUT = Text(
    "Daftar ini memuat {n} orang, kode iuran {code} untuk {people}. Berkasnya mungkin terpotong.",
    "This list holds {n} people, the kode iuran {code} is for {people}. The file may be cut.",
)
_LONGER = Text(
    "Daftar ini memuat {n} orang, lebih dari {people} pada kode iuran {code}. Tanyakan ke cabang.",
    "This list holds {n} people, more than the {people} of the kode iuran {code}. Ask the branch.",
)
_SUM = Text(
    "Iuran pada daftar ini {amount}, pada kode iuran {code} {said}.",
    "The contributions on this list are {amount}, on the kode iuran {code} {said}.",
)
_NO_AMOUNTS = Text(
    "Daftar ini tidak memuat iuran. Yang dicocokkan hanya namanya.",
    "This list says no contributions. Only the names are compared.",
)
_DAMAGED = Text(
    "{n} NIK rusak karena Excel. Minta cabang mengirim NIK sebagai teks.",
    "{n} NIK were damaged by a spreadsheet. Ask the branch for them as text.",
)
_TWICE = Text("{n} baris di daftar BPJS", "{n} lines on BPJS's list")
