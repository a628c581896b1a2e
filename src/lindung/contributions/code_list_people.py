"""Says whom the lines of the branch's list name: by NIK, by KPJ; by name and birth date somebody is only proposed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from lindung.contributions.code_list_headings import Listed
from lindung.contributions.code_list_records import FoundBy, LineOutcome
from lindung.contributions.models import Bill, BillLine
from lindung.identity import kpj, names, nik
from lindung.law.text import Text
from lindung.membership import branch_cells
from lindung.membership.branch_headings import Heading, Line
from lindung.membership.branch_import import REASONS as _REASONS
from lindung.membership.branch_people import people_named

REASONS = _REASONS | {
    "line.nobody": Text(
        "Baris ini tidak menyebut NIK, KPJ atau nama. Tanyakan ke cabang siapa yang dimaksud.",
        "This line names no NIK, KPJ or name. Ask the branch who is meant.",
    ),
    "line.sum": Text(
        "Jumlah iuran tidak sama dengan jumlah tiap program. Minta cabang memeriksa baris ini.",
        "The contribution is not the sum of its programmes. Ask the branch to check this line.",
    ),
    "line.other_month": Text(
        "Baris ini untuk bulan lain. Minta cabang mengirim daftar bulan ini saja.",
        "This line is of another month. Ask the branch for the list of this month alone.",
    ),
    "line.other_code": Text(
        "Baris ini untuk kode iuran lain. Masukkan daftarnya di kode itu.",
        "This line is of another kode iuran. Bring its list in under that code.",
    ),
    "nik.damaged": Text(
        "NIK rusak oleh Excel: angka belakangnya hilang dan tidak bisa ditebak. Minta cabang mengirim NIK sebagai teks.",
        "The spreadsheet damaged the NIK: its last digits are lost and cannot be guessed. Ask for it as text.",
    ),
    "nik.wrong": Text(
        "NIK bukan 16 angka yang mungkin. Minta cabang memeriksanya dengan KTP.",
        "The NIK is not sixteen possible digits. Ask the branch to check it with the card.",
    ),
}
"""Why a line found nobody, by its stable code."""
DAMAGED = frozenset({"nik.scientific", "nik.excel_rounded"})


class Found(NamedTuple):
    """What became of a line: whom it found, by what, or the code of why nobody."""

    listed: Listed
    outcome: LineOutcome
    person_id: int | None
    found_by: str
    reason: str


class _Candidate(NamedTuple):
    id: int
    name: str
    birth_date: date


def found_in(lines: Sequence[Listed], *, bill: Bill, on: date, wrong: Mapping[int, str]) -> list[Found]:
    """What becomes of every line, in order; `wrong` says of places why they do not belong to this list."""
    asked = {one.place: _numbers(one) for one in lines}
    named = _named({place: line for place, (line, _) in asked.items()}, sponsor_id=bill.sponsor_id, on=on)
    result = [_first(one, named[one.place], asked[one.place][1], wrong.get(one.place, "")) for one in lines]
    taken = {one.person_id for one in result if one.outcome == LineOutcome.RECOGNISED}
    candidates = [each for each in _candidates(bill) if each.id not in taken]
    return [_proposed(one, candidates, on) if one.outcome == LineOutcome.UNKNOWN else one for one in result]


def _named(lines: Mapping[int, Line], *, sponsor_id: int, on: date) -> dict[int, tuple[int | str, str]]:
    """For each place whom its line names and by what: a NIK decides, and where nobody has it, the KPJ.

    Lines of several sheets may have one number, so they are asked by their place.
    """
    by_nik = people_named(
        [line._replace(number=place) for place, line in lines.items()],
        sponsor_id=sponsor_id,
        on=on,
        by_kpj=False,
    )
    left = [
        line._replace(
            number=place, said={name: said for name, said in line.said.items() if name != Heading.NIK}
        )
        for place, line in lines.items()
        if by_nik[place] == "person.unknown"
    ]
    by_kpj = people_named(left, sponsor_id=sponsor_id, on=on)
    return {
        place: (by_kpj[place], FoundBy.KPJ) if place in by_kpj else (who, FoundBy.NIK)
        for place, who in by_nik.items()
    }


def damaged(line: Line) -> bool:
    """Whether the NIK of a line lost digits in a spreadsheet."""
    said = line.at(Heading.NIK)
    return bool(DAMAGED & set(nik.problems(said.text, numeric=said.numeric)))


def _numbers(one: Listed) -> tuple[Line, str]:
    """The line without a number that cannot be somebody's, and what is wrong with its NIK."""
    line, wrong = one.line, ""
    said = dict(line.said)
    at = line.at(Heading.NIK)
    if at.text and (problems := nik.problems(at.text, numeric=at.numeric)):
        wrong = "nik.damaged" if DAMAGED & set(problems) else "nik.wrong"
        # A number with a strange date or province is still somebody's; one with lost digits is nobody's.
        if wrong == "nik.damaged" or {"nik.length", "nik.not_digits"} & set(problems):
            del said[Heading.NIK]
    if kpj.problems(line.at(Heading.KPJ).text):
        said.pop(Heading.KPJ, None)
    return line._replace(said=said), wrong


def _first(one: Listed, named: tuple[int | str, str], number: str, wrong: str) -> Found:
    who, by = named
    if one.is_total:
        return Found(one, LineOutcome.TOTAL, None, "", "")
    fault = wrong or one.fault
    if fault:
        return Found(one, LineOutcome.FAULTY, None, "", fault)
    if not {Heading.NIK, Heading.KPJ, Heading.NAME} & set(one.line.said):
        return Found(one, LineOutcome.FAULTY, None, "", "line.nobody")
    if isinstance(who, int):
        return Found(one, LineOutcome.RECOGNISED, who, by, "")
    return Found(one, LineOutcome.UNKNOWN, None, "", number if number and who == "person.unknown" else who)


def _proposed(one: Found, candidates: Sequence[_Candidate], on: date) -> Found:
    """The one person of the bill whom name and birth date fit; nobody where two fit."""
    line = one.listed.line
    name, born = line.at(Heading.NAME).text, branch_cells.birth(line, on=on)
    if not name:
        return one
    fitting = [each for each in candidates if _fits(each, name, born)]
    if len(fitting) != 1:
        return one
    return one._replace(outcome=LineOutcome.PROPOSED, person_id=fitting[0].id, found_by=FoundBy.NAME)


def _fits(person: _Candidate, name: str, born: date | None) -> bool:
    if born is not None and born != person.birth_date:
        return False
    alike = names.alike(person.name, name)
    return alike == "same" or (alike == "near" and born is not None)


def _candidates(bill: Bill) -> list[_Candidate]:
    lines = BillLine.objects.filter(bill=bill, month=bill.month, person__name__isnull=False)
    values = (
        lines.order_by("person_id")
        .distinct("person_id")
        .values_list("person_id", "person__name", "person__birth_date")
    )
    return [_Candidate(*each) for each in values]
