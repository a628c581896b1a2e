"""What `roster check` answers: every row with its faults and what to do, then what the list would cost."""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from typing import Any, NamedTuple

import click

from lindung.access.roles import Permission
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.cli.acting import acting, agreement_of, segment_of
from lindung.cli.layout import show_facts, show_table
from lindung.cli.plain import plain
from lindung.cli.refusing import Refused
from lindung.cli.speaking import say, words
from lindung.contributions.prospect import Prospect, prospect
from lindung.formats.unreadable import Unreadable
from lindung.identity import nik
from lindung.law.money import counted, rupiah
from lindung.law.text import Text
from lindung.membership import enrolling, intake, problems, rosters
from lindung.membership.columns import Field, Layout
from lindung.membership.judging import Judged
from lindung.membership.models import Verdict
from lindung.membership.problems import Problem, ProblemKind

_NUMBERS_OF_PEOPLE = frozenset({Field.NIK, Field.FAMILY_CARD})
_SHOWN_DIGITS = 6  # the district: enough to recognise the row, too little to know the person
_LONG_NUMBER = re.compile(r"[0-9]{15,}")
_PROBLEM_ROWS = frozenset({Verdict.TO_FIX, Verdict.REFUSED})

VERDICTS = {
    Verdict.READY: Text("siap", "ready"),
    Verdict.TO_FIX: Text("perbaiki", "to fix"),
    Verdict.REFUSED: Text("ditolak", "refused"),
    Verdict.ENROLLED: Text("sudah terdaftar", "enrolled already"),
    Verdict.IGNORED: Text("bukan orang", "not a person"),
}


class Sheet(NamedTuple):
    """A judged file: its layout, its rows, and the prospect if the ready ones were enrolled today.

    ``on`` is the day of whose law it was judged.
    ``compared_with_register`` says whether anybody answered for asking who is enrolled already.
    """

    agreement: str
    on: date
    layout: Layout
    rows: list[Judged]
    prospect: Prospect
    compared_with_register: bool

    @property
    def counts(self) -> dict[str, int]:
        """How many rows got which verdict."""
        return intake.counts(self.rows)

    @property
    def all_ready(self) -> bool:
        """Whether no row is to fix and none is refused."""
        return not any(self.counts[verdict] for verdict in _PROBLEM_ROWS)


def judged(content: bytes, *, name: str, code: str, segment: str, username: str | None, today: date) -> Sheet:
    """Judge a file as if it were received today; stores nothing. Raises Refused with what to do.

    The register tells who is enrolled, so it is asked only in the name of a user.
    """
    with _in_sight_of(username) as standing:
        agreement = agreement_of(code)
        segment = segment_of(agreement, segment)
        by = None if username is None else standing.actor
        try:
            layout, compared = intake.preview(
                content=content, agreement=agreement, by=by, on=today, name=name, segment_code=segment
            )
        except Unreadable as why:
            raise unreadable(why) from why
        ready = [row.facts for row in compared.rows if row.facts and _is_ready(row)]
        joining = rosters.joining_of(ready, agreement_id=agreement.pk, on=today)
        month = enrolling.first_month(agreement, today=today)
        paid_by = intake.segment_of(agreement, segment)
        outlook = prospect(agreement=agreement, joining=joining, first_month=month, segment=paid_by)
    return Sheet(code, today, layout, compared.rows, outlook, username is not None)


def unreadable(why: Unreadable) -> Refused:
    """Why a whole file cannot be read, in the words of the catalogue."""
    return Refused(why.code, problems.message(why.code, why.where))


def write_json(sheet: Sheet, *, file: str, show_nik: bool) -> None:
    """Write the whole answer as JSON, a row a line, so that a long list is never held as one text."""
    out = sys.stdout
    head = {"file": file, "agreement": sheet.agreement, "summary": _summary(sheet)}
    out.write(json.dumps(head, ensure_ascii=False, indent=2)[: -len("\n}")] + ',\n  "rows": [')
    for at, row in enumerate(sheet.rows):
        line = json.dumps(_row(row, sheet, show_nik), ensure_ascii=False)
        out.write(f"{',' if at else ''}\n    {line}")
    out.write("\n  ]\n}\n")
    out.flush()


def show(sheet: Sheet, *, notes: bool, show_nik: bool) -> None:
    """Print the rows that need somebody, then the summary."""
    shown = [row for row in sheet.rows if _is_shown(row, notes=notes)]
    if shown:
        headings = (
            Text("Baris", "Row"),
            Text("Hasil", "Result"),
            Text("Kolom", "Column"),
            Text("Isi", "Value"),
            Text("Apa yang perlu dilakukan", "What to do"),
        )
        show_table(headings, list(_lines(shown, sheet, notes, show_nik)), right=(0,))
        click.echo("")
    _show_summary(sheet)


_NOBODY = Actor(None, "command line")


def _in_sight_of(username: str | None) -> AbstractContextManager[Any]:
    """The user's own sight; when nobody is named, the system's, for the agreement and its sums but no person."""
    if username is None:
        return system_scope(SystemScope.JUDGING, actor=_NOBODY)
    return acting(username, Permission.UPLOAD_ROSTER, command="roster check", wet=False)


def _is_ready(row: Judged) -> bool:
    return row.verdict == Verdict.READY


def _is_shown(row: Judged, *, notes: bool) -> bool:
    return row.verdict in _PROBLEM_ROWS or (notes and row.verdict != Verdict.IGNORED and bool(row.problems))


def _summary(sheet: Sheet) -> dict[str, Any]:
    outlook = sheet.prospect
    codes = Counter(problem.code for row in sheet.rows for problem in row.problems)
    return {
        "rows": len(sheet.rows),
        "all_ready": sheet.all_ready,
        "compared_with_register": sheet.compared_with_register,
        "verdicts": sheet.counts,
        "codes": dict(sorted(codes.items())),
        "people_payable": sheet.counts[Verdict.READY],
        "first_month": plain(outlook.first_month),
        "monthly_cost": outlook.monthly_cost,
        "budget": outlook.runway.budget,
        "last_month_payable_in_full": plain(outlook.runway.paid_in_full),
        "shortfall_month": plain(outlook.runway.short),
        "shortfall": outlook.runway.shortfall,
        "header_line": sheet.layout.header_line,
        "headers": [{"heading": heading, "field": field.value} for heading, field in _headings(sheet.layout)],
    }


def _headings(layout: Layout) -> Iterable[tuple[str, Field]]:
    return zip(layout.headers, layout.fields, strict=True)


def _row(row: Judged, sheet: Sheet, show_nik: bool) -> dict[str, Any]:
    return {
        "number": row.line,
        "verdict": row.verdict.value,
        "problems": [_problem(problem, row, sheet, show_nik) for problem in row.problems],
    }


def _problem(problem: Problem, row: Judged, sheet: Sheet, show_nik: bool) -> dict[str, Any]:
    entry, layout = problems.catalogue()[problem.code], sheet.layout
    return {
        "column": _heading(problem, layout),
        "field": None if problem.column is None else layout.fields[problem.column].value,
        "value": _value(problem, row, layout, show_nik),
        "code": problem.code,
        "kind": entry.kind.value,
        "message": plain(problems.message(problem.code, problem.detail, on=sheet.on)),
        "suggestion": plain(problems.suggestion(problem.code, problem.detail, on=sheet.on)),
        "article": entry.article or None,
    }


def _heading(problem: Problem, layout: Layout) -> str | None:
    return None if problem.column is None else layout.headers[problem.column]


def _value(problem: Problem, row: Judged, layout: Layout, show_nik: bool) -> str | None:
    """The cell as the sheet has it; numbers of people are masked, because what is printed here is kept in logs."""
    if problem.column is None:
        return None
    text = row.cells[problem.column] if problem.column < len(row.cells) else ""
    if show_nik:
        return text
    if layout.fields[problem.column] in _NUMBERS_OF_PEOPLE:
        return masked(text)
    return _LONG_NUMBER.sub(lambda found: masked(found[0]), text)


def masked(text: str) -> str:
    """A NIK or family card number as it may be shown; a damaged one keeps its shape, so that its fault is seen.

    >>> masked("1571015205740001"), masked("15710152057400O1"), masked("1.57101E+15")
    ('157101••••••••01', '157101••••••••O•', '1.57101E+••')
    """
    whole = nik.compact(text)
    if len(whole) == nik.LENGTH and whole.isdecimal():
        return nik.masked(text)
    seen, signs = 0, []
    for sign in text:
        seen += sign.isdecimal()
        signs.append("•" if sign.isdecimal() and seen > _SHOWN_DIGITS else sign)
    return "".join(signs)


def _lines(rows: Iterable[Judged], sheet: Sheet, notes: bool, show_nik: bool) -> Iterator[tuple[object, ...]]:
    for row in rows:
        for problem in row.problems:
            if notes or problems.kind(problem.code) != ProblemKind.NOTE:
                value = _value(problem, row, sheet.layout, show_nik) or ""
                yield (
                    row.line,
                    VERDICTS[row.verdict],
                    _heading(problem, sheet.layout) or "",
                    value,
                    _advice(problem, sheet.on),
                )


def _advice(problem: Problem, on: date) -> Text:
    parts = (
        problems.message(problem.code, problem.detail, on=on),
        problems.suggestion(problem.code, problem.detail, on=on),
    )
    article = problems.catalogue()[problem.code].article
    cited = (Text(f"({article})", f"({article})"),) if article else ()
    said = [part for part in (*parts, *cited) if part]
    return Text(" ".join(part.id for part in said), " ".join(part.en for part in said))


def _show_summary(sheet: Sheet) -> None:
    known = [
        f"{heading} = {field.value}" for heading, field in _headings(sheet.layout) if field != Field.OTHER
    ]
    facts = [
        (
            Text("Judul kolom", "Headings"),
            f"{words(_ON_LINE)} {sheet.layout.header_line}: {', '.join(known)}",
        ),
        *((VERDICTS[verdict], counted(sheet.counts[verdict])) for verdict in Verdict),
        (
            Text("Iuran orang siap sebulan", "Their contributions a month"),
            rupiah(sheet.prospect.monthly_cost),
        ),
        (Text("Dana cukup sampai", "Money lasts until"), lasts_until(sheet.prospect)),
    ]
    show_facts(facts)
    if not sheet.compared_with_register:
        say(_BY_ITSELF)
    if sheet.all_ready:
        say(Text("Semua baris siap.", "Every row is ready."))


_BY_ITSELF = Text(
    "Belum dibandingkan dengan data peserta: siapa yang sudah terdaftar tidak terlihat. Tambahkan --by USER.",
    "Not compared with the register: who is enrolled already does not show. Add --by USER.",
)
_ON_LINE = Text("baris", "row")


def lasts_until(outlook: Prospect) -> Text:
    """How far the year's money reaches once these people are enrolled, and what is lacking then."""
    reach = outlook.runway
    if not reach.budget:
        return Text(
            f"belum ada anggaran {outlook.first_month.year}", f"no budget for {outlook.first_month.year} yet"
        )
    until = reach.paid_in_full.label if reach.paid_in_full else Text("tidak ada bulan pun", "not one month")
    if reach.short is None:
        return until
    lacking = Text("{until}; {month} kurang {amount}", "{until}; {month} falls short by {amount}")
    return lacking.filled(until=until, month=reach.short.label, amount=rupiah(reach.shortfall))
