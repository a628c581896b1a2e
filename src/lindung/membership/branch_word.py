"""BPJS's word on people: their member numbers and whether they are active; read from files, or decided here."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.access.sealing import blind_index, blind_index_many, seal, seal_many, unseal, unseal_many
from lindung.engine.refusals import Refusal
from lindung.identity import kpj
from lindung.law.text import Text
from lindung.membership import branch_cells
from lindung.membership.branch_headings import Heading, Line
from lindung.membership.branch_import import Context, Reader, Taken, whose
from lindung.membership.branch_people import people_named
from lindung.membership.branch_records import BADGES, BranchStatus, MemberNumber, WordKind
from lindung.membership.own_letters import Letter, noted, require_by
from lindung.membership.sponsoring import sponsor_of
from lindung.partnership.deciders import Decider
from lindung.partnership.paper_dates import recorded_on

_NOT_A_NUMBER = Text(
    "KPJ harus 11 angka, dan bukan satu angka yang diulang. Periksa nomornya.",
    "A KPJ has 11 digits that are not all the same. Check it.",
)
_KPJ_PLACE = {"table": "membership_membernumber", "column": "kpj_sealed"}


class NotANumber(Refusal):
    """A member number that is not eleven digits, or one digit eleven times."""

    code = "branch_word.not_a_number"


class WordOnPerson(NamedTuple):
    """What is said of a person: the number masked, active or not since when, and the date of each word.

    Each word says whether it was decided here instead of by BPJS.
    """

    kpj_masked: str
    kpj_said_on: date | None
    active: bool | None
    since: date | None
    reason: str
    status_said_on: date | None
    kpj_given_here: bool
    status_set_here: bool

    @property
    def kpj_badge(self) -> Text:
        """Whose word the number is."""
        return BADGES[Decider.HERE if self.kpj_given_here else Decider.BPJS]

    @property
    def status_badge(self) -> Text:
        """Whose word the state is."""
        return BADGES[Decider.HERE if self.status_set_here else Decider.BPJS]


def word_on(person_id: int, *, on: date) -> WordOnPerson:
    """The newest word on a person, in the caller's scope, as known on the day; empty where nothing was said."""
    number = (
        MemberNumber.objects.filter(person_id=person_id, said_on__lte=on).order_by("-said_on", "-pk").first()
    )
    status = (
        BranchStatus.objects.filter(person_id=person_id, said_on__lte=on).order_by("-said_on", "-pk").first()
    )
    return WordOnPerson(
        kpj_masked=kpj.masked(opened(number)) if number else "",
        kpj_said_on=number.said_on if number else None,
        active=status.active if status else None,
        since=status.since if status else None,
        reason=status.reason if status else "",
        status_said_on=status.said_on if status else None,
        kpj_given_here=number is not None and number.decided_by == Decider.HERE,
        status_set_here=status is not None and status.decided_by == Decider.HERE,
    )


def numbers_of(person_ids: Iterable[int]) -> dict[int, str]:
    """The newest member number of each of these people, masked; who has none is left out."""
    known = MemberNumber.objects.filter(person_id__in=list(person_ids))
    newest = list(known.order_by("person_id", "-said_on", "-pk").distinct("person_id"))
    opened_ones = unseal_many(((number.pk, bytes(number.kpj_sealed)) for number in newest), **_KPJ_PLACE)
    return {number.person_id: kpj.masked(digits) for number, digits in zip(newest, opened_ones, strict=True)}


def opened(number: MemberNumber) -> str:
    """The eleven digits of a stored number; show them masked."""
    return unseal(bytes(number.kpj_sealed), row_id=number.pk, **_KPJ_PLACE)


def give_number(
    *,
    person_id: int,
    number: str,
    by: Actor,
    on: date,
    now: datetime,
    letter: Letter | None = None,
) -> MemberNumber:
    """Give a person a member number where the authority for it is here, by a letter of the day `on`.

    It is filed with the city that sponsors him on the day it is recorded, `now`. Raises NotANumber, NotYet,
    PersonScope.DoesNotExist when the person is not in sight; the database refuses it where BPJS decides, and a number
    that somebody else holds (IntegrityError, `decided_where_authority_is`, `member_number_held_by_one`).
    """
    if kpj.problems(number):
        raise NotANumber(_NOT_A_NUMBER, field="number")
    sponsor_id = sponsor_of(person_id, on=recorded_on(now))
    (row_id,) = _drawn_ids(1)
    digits = kpj.compact(number)
    event = audit.record(
        "member_number.given",
        by=by,
        subject=f"person:{person_id}",
        sponsor_id=sponsor_id,
        detail=noted(letter, sponsor_id=sponsor_id, on=on, by=by, now=now),
    )
    return MemberNumber.objects.create(
        pk=row_id,
        person_id=person_id,
        sponsor_id=sponsor_id,
        decided_by="here",
        said_on=on,
        word_kind=WordKind.MEMBER_NUMBER,
        event_id=event,
        kpj_sealed=seal(digits, row_id=row_id, **_KPJ_PLACE),
        kpj_index=blind_index("kpj", digits),
    )


def set_status(
    *,
    person_id: int,
    active: bool,
    since: date,
    reason: str,
    by: Actor,
    on: date,
    now: datetime,
    letter: Letter | None = None,
) -> BranchStatus:
    """Say that a person is active or not, where the authority for it is here, by a letter of the day `on`.

    It is filed as a number is. Raises NotYet, PersonScope.DoesNotExist when the person is not in sight; the database
    refuses it where BPJS decides.
    """
    require_by(since, on=on, field="since")
    sponsor_id = sponsor_of(person_id, on=recorded_on(now))
    event = audit.record(
        "branch_status.set",
        by=by,
        subject=f"person:{person_id}",
        sponsor_id=sponsor_id,
        detail={
            "active": active,
            "since": since.isoformat(),
            **noted(letter, sponsor_id=sponsor_id, on=on, by=by, now=now),
        },
    )
    return BranchStatus.objects.create(
        person_id=person_id,
        sponsor_id=sponsor_id,
        decided_by="here",
        said_on=on,
        word_kind=WordKind.STATUS,
        active=active,
        since=since,
        reason=reason,
        event_id=event,
    )


def _number_of(line: Line, context: Context) -> tuple[object, ...]:
    return (branch_cells.number(line),)


def _owners_by_nik(lines: Sequence[Line], context: Context) -> Mapping[int, int | str]:
    """By NIK alone: the KPJ is what these lines tell, so it cannot say whose it is."""
    return people_named(lines, sponsor_id=context.sponsor_id, on=context.said_on, by_kpj=False)


def _with_sealed_numbers(rows: Sequence[Taken]) -> list[Taken]:
    """Each number sealed for the id its row will have, and its blind index."""
    numbers = [str(row.values[1]) for row in rows]
    ids = _drawn_ids(len(rows))
    sealed = seal_many(zip(ids, numbers, strict=True), **_KPJ_PLACE)
    indexes = blind_index_many("kpj", numbers)
    return [
        Taken(row.number, (row.values[0], row_id, closed, index))
        for row, row_id, closed, index in zip(rows, ids, sealed, indexes, strict=True)
    ]


def _drawn_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('membership_membernumber_id_seq') FROM generate_series(1, %s)", [count]
        )
        return [row_id for (row_id,) in cursor.fetchall()]


def _status_of(line: Line, context: Context) -> tuple[object, ...]:
    since = branch_cells.day(line, Heading.SINCE, latest=context.said_on)
    return (branch_cells.active(line), since, branch_cells.words(line, Heading.REASON, longest=120))


NUMBERS = Reader(
    kind=WordKind.MEMBER_NUMBER,
    table="membership_membernumber",
    columns=("person_id", "id", "kpj_sealed", "kpj_index"),
    required=(Heading.KPJ, Heading.NIK),
    read=_number_of,
    owners=_owners_by_nik,
    finished=_with_sealed_numbers,
)
STATES = Reader(
    kind=WordKind.STATUS,
    table="membership_branchstatus",
    columns=("person_id", "active", "since", "reason"),
    required=(Heading.STATUS, Heading.SINCE),
    read=_status_of,
    owners=whose,
)
