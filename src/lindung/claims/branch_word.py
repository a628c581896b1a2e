"""BPJS's word, whatever it is about: one way in for every file, with our estimate beside each determination."""

from copy import copy
from datetime import date, datetime

from django.db import transaction

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.claims import estimating
from lindung.claims.models import Benefit, Determination, Programme
from lindung.contributions.branch_word import BALANCES, CODES
from lindung.law.text import Text
from lindung.membership import branch_cells, branch_import
from lindung.membership.branch_cells import FaultyCell
from lindung.membership.branch_headings import Heading, Line
from lindung.membership.branch_import import Context, Reader, whose
from lindung.membership.branch_records import BranchImport, WordKind
from lindung.membership.branch_word import NUMBERS, STATES
from lindung.membership.own_letters import Letter, noted
from lindung.membership.sponsoring import sponsors_of
from lindung.partnership.paper_dates import recorded_on
from lindung.partnership.papers import File

KINDS = {
    WordKind.MEMBER_NUMBER: Text("Nomor peserta (KPJ)", "Member numbers (KPJ)"),
    WordKind.STATUS: Text("Status aktif peserta", "Active or inactive members"),
    WordKind.CONTRIBUTION_CODE: Text("Kode iuran", "Kode iuran (payment codes)"),
    WordKind.BALANCE: Text("Saldo JHT", "JHT balances"),
    WordKind.DETERMINATION: Text("Penetapan manfaat", "Determinations of benefits"),
}
"""What a file from BPJS can say, in words."""

_BENEFITS = (
    ("pemakaman", Benefit.FUNERAL),
    ("funeral", Benefit.FUNERAL),
    ("berkala", Benefit.PERIODIC),
    ("beasiswa", Benefit.SCHOLARSHIP),
    ("kematian", Benefit.LUMP_SUM),
    ("sekaligus", Benefit.LUMP_SUM),
)


def receive(
    *,
    kind: WordKind,
    name: str,
    content: bytes,
    sponsor_id: int,
    said_on: date,
    by: Actor,
    now: datetime,
) -> BranchImport:
    """Keep a file with BPJS's word of the day `said_on` for a city and add what it says.

    The same file is the same import. A determination of a death gets our own estimate beside it. Raises Unreadable,
    NotYourCity, SaidInFuture.
    """
    with transaction.atomic():
        word = branch_import.receive(
            reader=READERS[kind],
            name=name,
            content=content,
            sponsor_id=sponsor_id,
            said_on=said_on,
            by=by,
            now=now,
        )
        if kind == WordKind.DETERMINATION:
            _estimate_beside(word, by=by, today=now.date())
        return word


def determine(
    *,
    person_id: int,
    programme: Programme,
    event_date: date,
    amount: int,
    number: str,
    by: Actor,
    on: date,
    now: datetime,
    file: File | None = None,
) -> tuple[Determination, ...]:
    """Determine a benefit, in whole rupiah, where the authority for it is here; `number` is the determination's own.

    It is one determination, told to each city that sponsors him on the day it is recorded, `now`: a row for each, for
    a death concerns all that pay. A death gets our own estimate beside it. Raises NotYet, PersonScope.DoesNotExist when the person is not in sight; the database
    refuses it where BPJS decides (IntegrityError, `decided_where_authority_is`).
    """
    said = Determination(
        person_id=person_id,
        decided_by="here",
        said_on=on,
        word_kind=WordKind.DETERMINATION,
        programme=programme,
        event_date=event_date,
        benefit=Benefit.WHOLE,
        amount=amount,
        number=number,
        decided_on=on,
    )
    with transaction.atomic():
        today = recorded_on(now)
        told = [_told(said, city, file=file, by=by, now=now) for city in sponsors_of(person_id, on=today)]
        if programme == Programme.JKM:
            for each in told:
                estimating.estimate_death(
                    person_id=person_id, event_date=event_date, by=by, today=today, sponsor_id=each.sponsor_id
                )
        return tuple(told)


def _told(
    said: Determination, sponsor_id: int, *, file: File | None, by: Actor, now: datetime
) -> Determination:
    """The determination as one city reads it, with its own event and scan."""
    letter = noted(Letter(said.number, file), sponsor_id=sponsor_id, on=said.said_on, by=by, now=now)
    event = audit.record(
        "benefit.determined",
        by=by,
        subject=f"person:{said.person_id}",
        sponsor_id=sponsor_id,
        detail={
            "programme": str(said.programme),
            "event_date": said.event_date.isoformat(),
            "amount": said.amount,
            **letter,
        },
    )
    told = copy(said)
    told.sponsor_id, told.event_id = sponsor_id, event
    told.save(force_insert=True)
    return told


def _estimate_beside(word: BranchImport, *, by: Actor, today: date) -> None:
    said = Determination.objects.filter(word=word, programme=Programme.JKM)
    events = said.order_by("person_id", "event_date").values_list("person_id", "event_date").distinct()
    for person_id, event_date in events:
        estimating.estimate_death(
            person_id=person_id, event_date=event_date, by=by, today=today, sponsor_id=word.sponsor_id
        )


def _determination_of(line: Line, context: Context) -> tuple[object, ...]:
    programme = line.at(Heading.PROGRAMME).text.lower()
    if programme not in Programme.values:
        raise FaultyCell("line.programme")
    event_date = branch_cells.day(line, Heading.EVENT_DATE, latest=context.said_on)
    decided_on = branch_cells.day(line, Heading.DECIDED_ON, latest=context.said_on)
    if decided_on < event_date:
        raise FaultyCell("line.order")
    number = branch_cells.words(line, Heading.NUMBER, longest=80, needed="line.number")
    return (programme, event_date, str(_benefit(line)), branch_cells.amount(line), number, decided_on)


def _benefit(line: Line) -> Benefit:
    said = line.at(Heading.BENEFIT).text.lower()
    if not said:
        return Benefit.WHOLE
    return next((benefit for word, benefit in _BENEFITS if word in said), Benefit.OTHER)


DETERMINATIONS = Reader(
    kind=WordKind.DETERMINATION,
    table="claims_determination",
    columns=("person_id", "programme", "event_date", "benefit", "amount", "number", "decided_on"),
    required=(Heading.PROGRAMME, Heading.EVENT_DATE, Heading.AMOUNT, Heading.NUMBER, Heading.DECIDED_ON),
    read=_determination_of,
    owners=whose,
)
READERS = {reader.kind: reader for reader in (NUMBERS, STATES, CODES, BALANCES, DETERMINATIONS)}
