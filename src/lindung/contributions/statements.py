"""Brings a bank statement in: kept as it came, every line in a stated place, all new money booked once."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction

from lindung.access import audit
from lindung.access.models import Organisation, OrganisationKind
from lindung.access.scope import Actor
from lindung.access.sealing import seal_many
from lindung.contributions.statement_problems import StatementUnreadable
from lindung.contributions.statement_records import (
    LineState,
    RepeatedLine,
    Statement,
    StatementFormat,
    StatementLine,
)
from lindung.documents import keeping
from lindung.engine.refusals import Refusal
from lindung.formats import bank_files
from lindung.formats.statement import RUPIAH, BankLine, BankStatement
from lindung.formats.statement_table import NOTHING_TOLD, Told
from lindung.formats.unreadable import Unreadable
from lindung.identity import names
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.ledger.models import AccountKind, InstructionKind
from lindung.ledger.posting import Line, account, open_month
from lindung.ledger.posting_many import Wish, post_many

_OLDEST_YEARS = 10
_MOST_WORDS = 60
_NAME_CHARS = 255
_WORD = re.compile(r"[A-Z0-9]+(?:[/.\-][A-Z0-9]+)*")
_NO_NAME = re.compile(r"[^A-Za-z'. ]")
_SEPARATORS = re.compile(r"[/.\-]")
_COLUMNS = "id, number, fingerprint, booked_on, valued_on, amount, cents, credit, currency, sealed, masked, words, state, reason"


class NotYourMoney(Refusal):
    """The statement is for a city that the actor does not see as a whole, or may only look at."""

    code = "statement.not_your_city"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Anda tidak mengurus uang kota ini. Pilih kota Anda sendiri.",
                "You do not look after this city's money. Choose your own.",
            ),
            field="sponsor",
        )


class AccountTaken(Refusal):
    """The account is another city's; nothing was stored."""

    code = "statement.account_taken"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Rekening ini sudah dipakai kota lain. Periksa nomor rekeningnya.",
                "Another city uses this account. Check its number.",
            ),
            field="account",
        )


class OtherFormat(Refusal):
    """Days of this account are in already from a file of another format, whose lines cannot be compared."""

    code = "statement.other_format"

    def __init__(self, known: Statement) -> None:
        super().__init__(
            Text(
                "Hari-hari rekening ini sudah masuk dalam format {format}. Format lain akan menghitung uang dua kali: "
                "unduh lagi dalam format {format}.",
                "Days of this account are in already as {format}. Another format would count money twice: "
                "download it as {format}.",
            ).filled(format=StatementFormat(known.format).label),
            field="file",
        )


class Placed(NamedTuple):
    """A line, where it begins, why, and the fingerprint by which it counts once."""

    line: BankLine
    state: LineState
    reason: str
    fingerprint: str


def receive(
    *, name: str, content: bytes, sponsor_id: int, by: Actor, now: datetime, told: Told = NOTHING_TOLD
) -> Statement:
    """Keep a statement and book its new money as bank -> unmatched; the same file again is the same statement.

    Raises NotYourMoney, StatementUnreadable, AccountTaken and OtherFormat before anything is stored.

    1. Who acts must see the whole city and may write; imports of one city wait for each other.
    2. The file is read in its child process and must add up; a file that does not leaves no trace.
    3. Each line gets its place. One that came in an earlier file is counted and shown, not booked again.
    4. Statement, lines and receipts are written in one transaction; the database refuses what does not add up.
    """
    _refuse_others(by, sponsor_id)
    known = _known(sponsor_id, content)
    if known is not None:
        return known
    found, format = _read(name, content, told)
    return take(found=found, format=format, name=name, content=content, sponsor_id=sponsor_id, by=by, now=now)


def take(
    *,
    found: BankStatement,
    format: StatementFormat,
    name: str,
    content: bytes,
    sponsor_id: int,
    by: Actor,
    now: datetime,
) -> Statement:
    """The same for a file that is read (and believed) already. Raises NotYourMoney, AccountTaken and OtherFormat."""
    user_id = _refuse_others(by, sponsor_id)
    with transaction.atomic():
        _take_turns(sponsor_id)
        known = _known(sponsor_id, content)
        if known is not None:
            return known
        open_month(Month.of(now.date()), "ledger_posting")
        _refuse_twice(found, format, sponsor_id)
        placed = placed_lines(found, sponsor_id=sponsor_id, today=now.date())
        document = keeping.keep(
            _kept_name(name), content, kind="bank_statement", by=by, sponsor_id=sponsor_id, now=now
        )
        before = _there_already(placed, sponsor_id)
        statement = _statement(found, placed, before)
        statement.format, statement.sponsor_id, statement.document = format, sponsor_id, document
        statement.sha256, statement.imported_by_id, statement.imported_at = document.sha256, user_id, now
        return _stored(statement, placed, before, by=by)


def _known(sponsor_id: int, content: bytes) -> Statement | None:
    return Statement.objects.filter(sponsor_id=sponsor_id, sha256=keeping.digest(content)).first()


def placed_lines(found: BankStatement, *, sponsor_id: int, today: date) -> list[Placed]:
    """Where each line of a statement begins, by its content alone.

    Lines that are alike in everything are told apart by how many came before them on their day: the same lines in
    any order, or in any file that has them all, have the same fingerprints.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    placed = []
    for line in found.lines:
        words = _identity(line)
        seen[words] += 1
        whole = json.dumps([sponsor_id, found.account, *words, seen[words]], ensure_ascii=False)
        state, reason = _place(line, today)
        placed.append(Placed(line, state, reason, hashlib.sha256(whole.encode()).hexdigest()))
    return placed


def words_of(text: str) -> list[str]:
    """The words of a text for finding: codes in capitals without the signs that part them, then names in small letters.

    Names are spelled as ``identity.names.key`` spells them, so that two spellings of a payer are one.
    """
    codes = (_SEPARATORS.sub("", word) for word in _WORD.findall(text.upper()))
    spelled = names.key(_NO_NAME.sub(" ", text)).split()
    return [word[:80] for word in (*codes, *spelled) if len(word) > 1][:_MOST_WORDS]


def _identity(line: BankLine) -> tuple[str, ...]:
    return (
        line.booked_on.isoformat(),
        f"{'+' if line.credit else '-'}{line.amount}.{line.cents:02}",
        line.currency,
        line.reference,
        line.bank_reference,
        line.text,
        line.fault if line.fault == "line.pending" else "",
    )


def _place(line: BankLine, today: date) -> tuple[LineState, str]:
    """A bank's clock may be a zone ahead, so that tomorrow is not yet the future."""
    if line.currency != RUPIAH:
        return LineState.FOREIGN, ""
    if line.fault in ("line.pending", "line.zero"):
        return LineState.FAULTY, line.fault
    if not line.credit:
        return LineState.DEBIT, ""
    if line.fault:
        return LineState.FAULTY, line.fault
    if line.booked_on > today + timedelta(days=1):
        return LineState.FAULTY, "line.future"
    if line.booked_on.year < today.year - _OLDEST_YEARS:
        return LineState.FAULTY, "line.old"
    return LineState.UNMATCHED, ""


def _refuse_others(by: Actor, sponsor_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lindung_sees(%s) AND lindung_sees_place('*') AND lindung_writes()", [sponsor_id]
        )
        (allowed,) = cursor.fetchone()
    if not allowed or by.user_id is None:
        raise NotYourMoney
    return by.user_id


def _take_turns(sponsor_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"bank_statement:{sponsor_id}"])


def _read(name: str, content: bytes, told: Told) -> tuple[BankStatement, StatementFormat]:
    try:
        return bank_files.read(content, name, told=told), StatementFormat(bank_files.format_of(content))
    except Unreadable as why:
        raise StatementUnreadable(why) from why


def _refuse_twice(found: BankStatement, format: StatementFormat, sponsor_id: int) -> None:
    """One account belongs to one city, and its days come in one format: lines of two cannot be compared."""
    try:
        account(_bank(found.account), kind=AccountKind.BANK, sponsor_id=sponsor_id)
    except IntegrityError as error:  # another city's, which is out of sight
        raise AccountTaken from error
    days = [line.booked_on for line in found.lines]
    other = Statement.objects.filter(
        sponsor_id=sponsor_id, account=found.account, first_day__lte=max(days), last_day__gte=min(days)
    ).exclude(format=format)
    known = other.first()
    if known is not None:
        raise OtherFormat(known)


def _bank(number: str) -> str:
    return f"bank:{number}"


def _kept_name(name: str) -> str:
    return audit.without_numbers("".join(filter(str.isprintable, name)))[-_NAME_CHARS:]


def _there_already(placed: Sequence[Placed], sponsor_id: int) -> dict[str, int]:
    """The lines of earlier files by their fingerprint."""
    known = StatementLine.objects.filter(
        sponsor_id=sponsor_id, fingerprint__in=[one.fingerprint for one in placed]
    )
    return dict(known.values_list("fingerprint", "pk"))


def _statement(found: BankStatement, placed: Sequence[Placed], before: dict[str, int]) -> Statement:
    new = [one for one in placed if one.fingerprint not in before]
    counts = Counter(one.state for one in new)
    days = [line.booked_on for line in found.lines]
    return Statement(
        account=found.account,
        currency=found.currency,
        first_day=min(days),
        last_day=max(days),
        opening=found.opening,
        closing=found.closing,
        lines_count=len(placed),
        fresh=counts[LineState.UNMATCHED],
        known=len(placed) - len(new),
        debit=counts[LineState.DEBIT],
        foreign=counts[LineState.FOREIGN],
        faulty=counts[LineState.FAULTY],
        total=sum(one.line.amount for one in new if one.state == LineState.UNMATCHED),
    )


def _stored(
    statement: Statement, placed: Sequence[Placed], before: dict[str, int], *, by: Actor
) -> Statement:
    statement.pk = _ids("contributions_statement", 1)[0]
    statement.event_id = audit.record(
        "statement.imported",
        by=by,
        subject=f"statement:{statement.pk}",
        sponsor_id=statement.sponsor_id,
        # The account's number stays out: one of sixteen digits looks like a NIK.
        detail={"lines": statement.lines_count, "fresh": statement.fresh, "known": statement.known,
                "debit": statement.debit, "foreign": statement.foreign, "faulty": statement.faulty,
                "amount": statement.total},
    )  # fmt: skip
    statement.save(force_insert=True)
    new = [one for one in placed if one.fingerprint not in before]
    _write_lines(statement, new)
    RepeatedLine.objects.bulk_create(
        [
            RepeatedLine(
                statement=statement,
                sponsor_id=statement.sponsor_id,
                number=one.line.number,
                line_id=before[one.fingerprint],
            )
            for one in placed
            if one.fingerprint in before
        ]
    )
    _book(statement, new)
    return statement


def _ids(table: str, count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
        )
        return [int(pk) for (pk,) in cursor.fetchall()]


def _write_lines(statement: Statement, new: Sequence[Placed]) -> None:
    ids = _ids("contributions_statementline", len(new))
    texts = [
        (pk, json.dumps([one.line.reference, one.line.bank_reference, one.line.text]))
        for pk, one in zip(ids, new, strict=True)
    ]
    sealed = seal_many(texts, table="contributions_statementline", column="sealed")
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE said AS SELECT {_COLUMNS} FROM contributions_statementline WITH NO DATA"  # noqa: S608 - constants
        )
        _copy(
            f"COPY said ({_COLUMNS}) FROM STDIN", (_row(*each) for each in zip(ids, new, sealed, strict=True))
        )
        cursor.execute(
            f"INSERT INTO contributions_statementline (statement_id, sponsor_id, event_id, {_COLUMNS})"  # noqa: S608 - constants
            f" SELECT %s, %s, %s, {_COLUMNS} FROM said ORDER BY number",
            [statement.pk, statement.sponsor_id, statement.event_id],
        )
        cursor.execute("DROP TABLE said")


def _row(pk: int, one: Placed, sealed: bytes) -> tuple[object, ...]:
    line = one.line
    shown = " ".join(filter(None, (line.text, line.reference, line.bank_reference)))
    masked = audit.without_numbers(shown)
    return (pk, line.number, one.fingerprint, line.booked_on, line.valued_on, line.amount, line.cents, line.credit,
            line.currency, sealed, masked, words_of(masked), str(one.state), one.reason)  # fmt: skip


def _copy(statement: str, rows: Iterable[Sequence[object]]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _book(statement: Statement, new: Sequence[Placed]) -> None:
    """Every new line in as one receipt: out of the bank's account, into what nobody has claimed yet."""
    owner = statement.sponsor_id
    bank = account(_bank(statement.account), kind=AccountKind.BANK, sponsor_id=owner)
    unmatched = account(f"unmatched:{owner}", kind=AccountKind.UNMATCHED, sponsor_id=owner)
    month, today = Month.of(statement.imported_at.date()), statement.imported_at.date()
    wishes = [
        Wish(
            reference=f"bank:{one.fingerprint}",
            lines=(Line(bank, -one.line.amount), Line(unmatched, one.line.amount)),
            month=month,
            on=min(one.line.booked_on, today),
            sponsor_id=owner,
        )
        for one in new
        if one.state == LineState.UNMATCHED
    ]
    post_many(kind=InstructionKind.RECEIPT, wishes=wishes, event_id=statement.event_id)


def city_meant(sponsor_ids: Sequence[int], code: str) -> int:
    """The city of this code among those in sight, or the only one. Raises NotYourMoney when it is not clear."""
    cities = Organisation.objects.filter(pk__in=sponsor_ids, kind=OrganisationKind.CITY)
    found = list((cities.filter(code=code) if code else cities).values_list("pk", flat=True)[:2])
    if len(found) != 1:
        raise NotYourMoney
    return int(found[0])
