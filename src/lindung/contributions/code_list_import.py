"""Brings in the branch's own list behind a kode iuran: kept as it came, every line with what became of it."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction

from lindung.access import audit
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.access.sealing import seal_many
from lindung.contributions.branch_records import ContributionCode
from lindung.contributions.branch_word import current_codes
from lindung.contributions.code_list_headings import Listed, listed
from lindung.contributions.code_list_people import Found, damaged, found_in
from lindung.contributions.code_list_records import CodeList, LineOutcome
from lindung.contributions.models import Bill, BillStatus
from lindung.documents import keeping
from lindung.engine.refusals import Refusal
from lindung.formats import workbook
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.membership import branch_cells, branch_import
from lindung.membership.branch_cells import FaultyCell
from lindung.membership.branch_headings import Heading

PLACE = {"table": "contributions_codeline", "column": "sealed"}
_LINES = (
    "code_list_id, place, sponsor_id, sheet, number, outcome, reason, found_by, person_id, amount, sealed"
)


class NoCodeYet(Refusal):
    """The bill has no kode iuran yet, so there is no list behind it."""

    code = "code_list.no_code_yet"


class OtherBill(Refusal):
    """The file is of another month, agreement or kode iuran, or the bill is not one to be compared."""

    code = "code_list.other_bill"


class _Belonging(NamedTuple):
    """Which lines do not belong to this bill and code, and why; and the code they are for."""

    word: ContributionCode
    wrong: dict[int, str]


def receive(
    *, bill_id: int, name: str, content: bytes, code: str, said_on: date, by: Actor, now: datetime
) -> CodeList:
    """Keep the branch's list of the day `said_on` behind a bill's kode iuran; `code` empty: the one it says, or the only one.

    The same file with the same people found is the same list. Raises NoCodeYet, OtherBill, NotYourCity, SaidInFuture,
    Unreadable before anything is stored, and Bill.DoesNotExist out of sight.

    1. The file is read in its child process; sheets without headings that name people are no list.
    2. It must be of this month, agreement and code; single lines that are not are faulty.
    3. Each line finds somebody by NIK or KPJ; by name and birth date somebody is proposed.
    4. As the loader, in the scope of this errand alone: the list and all of its lines, sealed.
    """
    bill = Bill.objects.select_related("agreement").get(pk=bill_id)
    user_id = branch_import.refuse_others(by, bill.sponsor_id, said_on, now.date())
    _refuse_idle(bill)
    workbook.inspect(content, name)
    lines = listed(list(workbook.read_limited(content)))
    with transaction.atomic():
        branch_import.take_turns(sponsor_id=bill.sponsor_id, kind="code_list")
        belonging = _belonging(lines, bill, code)
        found = found_in(lines, bill=bill, on=said_on, wrong=belonging.wrong)
        result = _digest(content, found)
        known = CodeList.objects.filter(
            agreement_id=bill.agreement_id, month=bill.month, code=belonging.word.code, result=result
        ).first()
        if known is not None:
            return known
        document = keeping.keep(
            branch_import.kept_name(name),
            content,
            kind="branch_word",
            by=by,
            sponsor_id=bill.sponsor_id,
            now=now,
        )
        outcomes = Counter(one.outcome for one in found)
        stored = CodeList(
            agreement_id=bill.agreement_id,
            sponsor_id=bill.sponsor_id,
            month=bill.month,
            word=belonging.word,
            code=belonging.word.code,
            document=document,
            sha256=document.sha256,
            result=result,
            said_on=said_on,
            imported_by_id=user_id,
            imported_at=now,
            lines=len(found),
            recognised=outcomes[LineOutcome.RECOGNISED],
            proposed=outcomes[LineOutcome.PROPOSED],
            unknown=outcomes[LineOutcome.UNKNOWN],
            faulty=outcomes[LineOutcome.FAULTY],
            totals=outcomes[LineOutcome.TOTAL],
            damaged=sum(damaged(one.line) for one in lines),
        )
        return _stored(stored, found, bill, by=by)


def _refuse_idle(bill: Bill) -> None:
    if bill.membership_id is not None or bill.status not in (BillStatus.FINAL, BillStatus.PAID):
        raise OtherBill(_NOT_COMPARED)


def _belonging(lines: Sequence[Listed], bill: Bill, code: str) -> _Belonging:
    """The code the lines are for, and the lines that are of another month or code. Raises NoCodeYet, OtherBill."""
    _refuse_other_agreement(lines, bill)
    months = {one.place: _month(one) for one in lines}
    here = Month.of(bill.month)
    told = {month for month in months.values() if month is not None}
    if told and here not in told:
        other = min(told)
        raise OtherBill(_OTHER_MONTH.filled(there=other.label, here=here.label), field="file")
    word = _word(lines, bill, code)
    wrong = {place: "line.other_month" for place, month in months.items() if month not in (None, here)}
    said = {one.place: one.line.at(Heading.CODE).text.upper() for one in lines}
    wrong |= {place: "line.other_code" for place, each in said.items() if each and each != word.code.upper()}
    return _Belonging(word, wrong)


def _word(lines: Sequence[Listed], bill: Bill, code: str) -> ContributionCode:
    current = {each.code.upper(): each for each in reversed(current_codes(bill))}
    if not current:
        raise NoCodeYet(_NO_CODE, field="code")
    told = {text.upper() for one in lines if (text := one.line.at(Heading.CODE).text)}
    asked = code.strip().upper()
    if told and not told & set(current):
        raise OtherBill(_OTHER_CODE.filled(there=min(told), here=", ".join(current)), field="file")
    if asked and told and asked not in told:
        raise OtherBill(_OTHER_CODE.filled(there=min(told), here=asked), field="code")
    chosen = {asked} if asked else (told & set(current)) or set(current)
    if len(chosen) != 1 or not chosen <= set(current):
        raise OtherBill(_WHICH_CODE.filled(here=", ".join(current)), field="code")
    return current[chosen.pop()]


def _refuse_other_agreement(lines: Sequence[Listed], bill: Bill) -> None:
    told = {text.lower() for one in lines if (text := one.line.at(Heading.AGREEMENT).text)}
    if told and not told & {bill.agreement.code.lower(), bill.agreement.title.lower()}:
        raise OtherBill(_OTHER_AGREEMENT.filled(there=min(told), here=bill.agreement.code), field="file")


def _month(one: Listed) -> Month | None:
    """The month a line says it is of; None where it says none, or what it says is no month."""
    if not one.line.at(Heading.MONTH).text:
        return None
    try:
        return branch_cells.month(one.line)
    except FaultyCell:
        return None


def _digest(content: bytes, found: Sequence[Found]) -> str:
    outcome = [(one.listed.place, one.outcome, one.person_id, one.found_by, one.reason) for one in found]
    return hashlib.sha256(keeping.digest(content).encode() + json.dumps(outcome).encode()).hexdigest()


def _stored(stored: CodeList, found: Sequence[Found], bill: Bill, *, by: Actor) -> CodeList:
    stored.event_id = audit.record(
        "code_list.imported",
        by=by,
        subject=f"bill:{bill.pk}",
        sponsor_id=bill.sponsor_id,
        detail={
            "month": bill.month.isoformat()[:7],
            "lines": stored.lines,
            "recognised": stored.recognised,
            "unknown": stored.unknown + stored.proposed,
            "faulty": stored.faulty,
        },
    )
    with system_scope(SystemScope.BRANCH_WORD, actor=by), connection.cursor() as cursor:
        # Only this role may add a word of BPJS; it ends with the transaction or here.
        cursor.execute("SET LOCAL ROLE lindung_loader")
        stored.save(force_insert=True)
        _write(stored, found)
        cursor.execute("SET LOCAL ROLE NONE")
    return stored


def _write(stored: CodeList, found: Sequence[Found]) -> None:
    texts = ((f"{stored.pk}:{one.listed.place}", _told(one.listed)) for one in found)
    sealed = seal_many(texts, **PLACE)
    rows = (
        (
            stored.pk, one.listed.place, stored.sponsor_id, one.listed.sheet, one.listed.line.number,
            str(one.outcome), one.reason, str(one.found_by), one.person_id, one.listed.amount, closed,
        )
        for one, closed in zip(found, sealed, strict=True)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE listed AS SELECT {_LINES} FROM contributions_codeline WITH NO DATA"  # noqa: S608 - constants
        )
        branch_import.copied(f"COPY listed ({_LINES}) FROM STDIN", rows)
        cursor.execute(
            f"INSERT INTO contributions_codeline ({_LINES}) SELECT {_LINES} FROM listed ORDER BY place"  # noqa: S608 - constants
        )
        cursor.execute("DROP TABLE listed")


def _told(one: Listed) -> str:
    """What a line says of a person, to be sealed; all of its cells, for nothing of it may be lost."""
    said = {
        str(heading): one.line.at(heading).text
        for heading in (Heading.NIK, Heading.KPJ, Heading.NAME, Heading.BIRTH)
    }
    return json.dumps({**said, "wage": one.wage, "cells": one.line.cells})


_NOT_COMPARED = Text(
    "Tagihan ini tidak punya kode iuran untuk dicocokkan. Buka tagihan kerja samanya yang berlaku.",
    "This bill has no kode iuran to be compared. Open the agreement's bill that holds.",
)
_NO_CODE = Text(
    "Kode iuran bulan ini belum masuk. Masukkan dulu kode iurannya, lalu daftar namanya.",
    "The kode iuran of this month is not in yet. Bring it in first, then its list of names.",
)
_OTHER_MONTH = Text(
    "Berkas ini untuk {there}, sedangkan tagihan ini {here}. Buka tagihan bulan itu.",
    "This file is of {there}, and this bill of {here}. Open the bill of that month.",
)
_OTHER_CODE = Text(
    "Berkas ini untuk kode iuran {there}, sedangkan tagihan ini {here}. Periksa berkasnya.",
    "This file is of the kode iuran {there}, and this bill of {here}. Check the file.",
)
_WHICH_CODE = Text(
    "Bulan ini punya kode iuran {here}. Sebut kode yang mana.",
    "This month has the kode iuran {here}. Say which one.",
)
_OTHER_AGREEMENT = Text(
    "Berkas ini untuk kerja sama {there}, sedangkan tagihan ini {here}. Periksa berkasnya.",
    "This file is of the agreement {there}, and this bill of {here}. Check the file.",
)
