"""Brings a file with BPJS's word in: kept as it came, every line taken or left with its reason, nothing decided here."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction

from lindung.access import audit
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.access.sealing import seal_many, unseal_many
from lindung.documents import keeping
from lindung.engine.refusals import Refusal
from lindung.formats import workbook
from lindung.law.text import Text
from lindung.membership import branch_headings
from lindung.membership.branch_cells import FaultyCell
from lindung.membership.branch_headings import Heading, Line
from lindung.membership.branch_people import people_named
from lindung.membership.branch_records import BranchImport, BranchLine, LineOutcome, WordKind
from lindung.membership.masking import masked_within

NAME_CHARS = 255
PER_PAGE = 50
_SHARED = "line, sponsor_id, decided_by, said_on, word_id, word_kind, event_id"

REASONS = {
    "person.unknown": Text(
        "Tidak ada peserta kota ini dengan NIK atau KPJ itu. Periksa nomornya, atau daftarkan dulu orangnya.",
        "The city has nobody with this NIK or KPJ. Check the number, or enrol the person first.",
    ),
    "person.differs": Text(
        "Nomor ini milik orang dengan nama dan tanggal lahir lain. Tanyakan ke cabang siapa yang dimaksud.",
        "This number belongs to somebody of another name and birth date. Ask the branch who is meant.",
    ),
    "person.several": Text(
        "KPJ ini dipakai lebih dari satu orang. Minta cabang menyebut NIK-nya.",
        "More than one person has this KPJ. Ask the branch to name the NIK.",
    ),
    "line.agreement": Text(
        "Kerja sama ini tidak ada di kota itu. Periksa kodenya.",
        "The city has no such agreement. Check its code.",
    ),
    "line.kpj": Text(
        "KPJ harus 11 angka. Satu angka yang diulang bukan KPJ.",
        "A KPJ has 11 digits. One digit repeated is no KPJ.",
    ),
    "line.status": Text("Status tidak terbaca. Tulis aktif atau nonaktif.", "Write active or inactive."),
    "line.date": Text(
        "Tanggal tidak terbaca, atau sesudah tanggal surat. Tulis hari-bulan-tahun.",
        "The date cannot be read, or is after the letter's. Write day-month-year.",
    ),
    "line.month": Text("Bulan tidak terbaca. Tulis misalnya 10-2026.", "Write the month like 10-2026."),
    "line.amount": Text("Jumlah tidak terbaca. Tulis rupiah bulat.", "Write the amount in whole rupiah."),
    "line.code": Text("Kode iuran kosong.", "The kode iuran is empty."),
    "line.programme": Text("Program tidak dikenal. Tulis JKK, JKM, JHT, JP atau JKP.", "Unknown programme."),
    "line.number": Text("Nomor penetapan kosong.", "The number of the determination is empty."),
    "line.order": Text(
        "Penetapan tidak boleh sebelum kejadiannya. Periksa kedua tanggal.",
        "A determination cannot come before its event. Check both dates.",
    ),
    "line.repeated": Text("Baris ini sama dengan baris sebelumnya.", "This line repeats an earlier one."),
}
"""Why a line was not taken, by its stable code."""


class NotYourCity(Refusal):
    """The word is for a city that the actor does not see as a whole, or may only look at."""

    code = "branch_word.not_your_city"


class SaidInFuture(Refusal):
    """The date of the word has not come yet."""

    code = "branch_word.in_future"


class Taken(NamedTuple):
    """A line that was read: what its row says, in the order of the reader's columns."""

    number: int
    values: tuple[object, ...]


class Left(NamedTuple):
    """A line that was not taken, and the code of why."""

    line: Line
    outcome: LineOutcome
    reason: str


class Context(NamedTuple):
    """For which city, and of which day, the word is."""

    sponsor_id: int
    said_on: date


class Reader(NamedTuple):
    """How one kind of file is read and where its rows go.

    `read` gives the values of a line, and raises FaultyCell. `owners` says whose each line is (the person's or
    agreement's id, or a code of `REASONS`); that id is the row's first column. `finished` may add what is made for
    all rows at once.
    """

    kind: WordKind
    table: str
    columns: tuple[str, ...]
    required: tuple[Heading, ...]
    read: Callable[[Line, Context], tuple[object, ...]]
    owners: Callable[[Sequence[Line], Context], Mapping[int, int | str]]
    people: bool = True
    finished: Callable[[Sequence[Taken]], Sequence[Taken]] = lambda rows: rows


def whose(lines: Sequence[Line], context: Context) -> Mapping[int, int | str]:
    """The person each line names, for readers whose lines speak of people."""
    return people_named(lines, sponsor_id=context.sponsor_id, on=context.said_on)


def receive(
    *, reader: Reader, name: str, content: bytes, sponsor_id: int, said_on: date, by: Actor, now: datetime
) -> BranchImport:
    """Keep a file with BPJS's word and add its rows; the same file for the same city is the same import.

    Raises NotYourCity, SaidInFuture, and Unreadable (with a code of ``problems.toml``) before anything is stored.

    1. Who acts must see the whole city and may write; two at once wait for each other.
    2. The file is read in its child process; a file without the needed headings leaves no trace.
    3. Each line is read (or faulty) and its owner found (or unknown); a line repeated is faulty.
    4. As the loader, in the scope of this errand alone: the import, its rows, and the lines left, sealed.
    """
    user_id = refuse_others(by, sponsor_id, said_on, now.date())
    workbook.inspect(content, name)
    known = BranchImport.objects.filter(
        sponsor_id=sponsor_id, kind=reader.kind, sha256=keeping.digest(content)
    )
    with transaction.atomic():
        take_turns(sponsor_id=sponsor_id, kind=reader.kind)
        found = known.first()
        if found is not None:
            return found
        lines = branch_headings.lines_of(
            list(workbook.read_limited(content)), required=reader.required, people=reader.people
        )
        context = Context(sponsor_id, said_on)
        taken, left = judged(lines, reader, context)
        document = keeping.keep(
            kept_name(name), content, kind="branch_word", by=by, sponsor_id=sponsor_id, now=now
        )
        stored = BranchImport(
            kind=reader.kind,
            sponsor_id=sponsor_id,
            document=document,
            sha256=document.sha256,
            said_on=said_on,
            imported_by_id=user_id,
            imported_at=now,
            lines=len(lines),
            accepted=len(taken),
            unknown=sum(one.outcome == LineOutcome.UNKNOWN for one in left),
            faulty=sum(one.outcome == LineOutcome.FAULTY for one in left),
        )
        return _stored(stored, reader, taken, left, by=by)


def judged(lines: Sequence[Line], reader: Reader, context: Context) -> tuple[list[Taken], list[Left]]:
    """Every line either taken or left: together they are all lines."""
    owners = reader.owners(lines, context)
    taken: list[Taken] = []
    left: list[Left] = []
    seen: set[tuple[object, ...]] = set()
    for line in lines:
        owner = owners[line.number]
        try:
            values = reader.read(line, context)
        except FaultyCell as fault:
            left.append(Left(line, LineOutcome.FAULTY, str(fault)))
            continue
        if isinstance(owner, str):
            left.append(Left(line, LineOutcome.UNKNOWN, owner))
        elif (owner, *values) in seen:
            left.append(Left(line, LineOutcome.FAULTY, "line.repeated"))
        else:
            seen.add((owner, *values))
            taken.append(Taken(line.number, (owner, *values)))
    return taken, left


class LeftView(NamedTuple):
    """A line that was not taken, as an officer reads it: numbers of people are masked."""

    number: int
    outcome: str
    reason: Text
    cells: tuple[str, ...]


def left_lines(word: BranchImport, *, number: int) -> tuple[LeftView, ...]:
    """One page (from 1) of the lines of an import that were not taken."""
    start = (max(1, number) - 1) * PER_PAGE
    rows = list(BranchLine.objects.filter(word=word).order_by("number")[start : start + PER_PAGE])
    places = ((f"{word.pk}:{row.number}", bytes(row.sealed)) for row in rows)
    opened = unseal_many(places, table="membership_branchline", column="sealed")
    return tuple(
        LeftView(
            row.number, row.outcome, REASONS[row.reason], tuple(shown_cell(cell) for cell in json.loads(text))
        )
        for row, text in zip(rows, opened, strict=True)
    )


def shown_cell(cell: str) -> str:
    """A cell with every long number masked: of an unknown person we show even less than of a known one."""
    digits = "".join(filter(str.isdigit, cell))
    return f"{cell[:3]}•••{cell[-2:]}" if len(digits) >= 11 else masked_within(cell)


def refuse_others(by: Actor, sponsor_id: int, said_on: date, today: date) -> int:
    """The id of the user who imports; the system never brings a word in by itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lindung_sees(%s) AND lindung_sees_place('*') AND lindung_writes()", [sponsor_id]
        )
        (allowed,) = cursor.fetchone()
    if not allowed or by.user_id is None:
        raise NotYourCity(
            Text(
                "Anda tidak mengurus kota ini. Pilih kota Anda sendiri.",
                "You do not work for this city. Choose your own.",
            ),
            field="sponsor",
        )
    if said_on > today:
        raise SaidInFuture(
            Text("Tanggal surat belum tiba. Periksa tanggalnya.", "The letter's date has not come yet."),
            field="said_on",
        )
    return by.user_id


def take_turns(*, sponsor_id: int, kind: str) -> None:
    """Two imports of one kind for one city come one after the other: the second finds the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"branch_word:{kind}:{sponsor_id}"])


def kept_name(name: str) -> str:
    """The name of a file as it may be kept: without signs that nobody sees, and without anybody's number."""
    return masked_within("".join(filter(str.isprintable, name)))[-NAME_CHARS:]


def _stored(
    stored: BranchImport, reader: Reader, taken: Sequence[Taken], left: Sequence[Left], *, by: Actor
) -> BranchImport:
    stored.event_id = audit.record(
        "branch_word.imported",
        by=by,
        subject=f"document:{stored.document_id}",
        sponsor_id=stored.sponsor_id,
        detail={"kind": str(reader.kind), "said_on": stored.said_on.isoformat(), "lines": stored.lines,
                "accepted": stored.accepted, "unknown": stored.unknown, "faulty": stored.faulty},
    )  # fmt: skip
    with system_scope(SystemScope.BRANCH_WORD, actor=by), connection.cursor() as cursor:
        rows = reader.finished(taken)
        # Only this role may add a word of BPJS; it ends with the transaction or here.
        cursor.execute("SET LOCAL ROLE lindung_loader")
        stored.save(force_insert=True)
        _write_rows(stored, reader, rows)
        _write_left(stored, left)
        cursor.execute("SET LOCAL ROLE NONE")
    return stored


def _write_rows(stored: BranchImport, reader: Reader, rows: Sequence[Taken]) -> None:
    columns = ", ".join(reader.columns)
    target = reader.table  # one of our own constants, as are the columns: no word of the file's
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE said AS SELECT line, {columns} FROM {target} WITH NO DATA")  # noqa: S608 - constants
        copied(f"COPY said (line, {columns}) FROM STDIN", ((row.number, *row.values) for row in rows))
        cursor.execute(
            f"INSERT INTO {target} ({_SHARED}, {columns})"  # noqa: S608 - constants
            f" SELECT line, %s, 'bpjs', %s, %s, %s, %s, {columns} FROM said ORDER BY line",
            [stored.sponsor_id, stored.said_on, stored.pk, stored.kind, stored.event_id],
        )
        cursor.execute("DROP TABLE said")


def _write_left(stored: BranchImport, left: Sequence[Left]) -> None:
    texts = ((f"{stored.pk}:{one.line.number}", json.dumps(one.line.cells)) for one in left)
    sealed = seal_many(texts, table="membership_branchline", column="sealed")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE passed_over (number int, outcome text, reason text, sealed bytea)")
        copied(
            "COPY passed_over FROM STDIN",
            (
                (one.line.number, str(one.outcome), one.reason, closed)
                for one, closed in zip(left, sealed, strict=True)
            ),
        )
        cursor.execute(
            "INSERT INTO membership_branchline (word_id, sponsor_id, number, outcome, reason, sealed)"
            " SELECT %s, %s, number, outcome, reason, sealed FROM passed_over",
            [stored.pk, stored.sponsor_id],
        )
        cursor.execute("DROP TABLE passed_over")


def copied(statement: str, rows: Iterable[Sequence[object]]) -> None:
    """Send rows by COPY, which is given its statement."""
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
