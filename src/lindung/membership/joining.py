"""Lets one person in by form: judged like a row of a list, then entered like one, with the same sentences."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from lindung.access import audit
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.engine.refusals import Refusal
from lindung.law.months import Month
from lindung.law.text import joined
from lindung.membership import changes, enrolling, entering, own_payers, problems, register, units
from lindung.membership.columns import Field, Layout
from lindung.membership.entering import Place
from lindung.membership.intake import SegmentNotChosen
from lindung.membership.judging import Cell, Facts, Judge, Judged
from lindung.membership.models import Membership, Verdict
from lindung.membership.own_payers import OwnTerms
from lindung.membership.problems import Problem, ProblemKind
from lindung.membership.register import Target
from lindung.partnership.agreements import require_not_over
from lindung.partnership.models import Agreement, Segment


class Entry(NamedTuple):
    """What the form says about a person, as typed. ``wage`` is for a wage earner, by ``basis`` of month or day."""

    name: str
    nik: str
    birth: str
    birth_place: str
    sex: str
    kelurahan: str
    occupation: str
    phone: str = ""
    wage: str = ""
    basis: str = "monthly"


class Joined(NamedTuple):
    """Who came in."""

    person_id: int
    membership_id: int
    since: Month


class NotReady(Refusal):
    """What is typed would not be ready as a row of a list; the text says everything that stands in the way."""

    code = "member.not_ready"


class TakenMeanwhile(Refusal):
    """Somebody else has enrolled this person a moment ago."""

    code = "member.taken"

    def __init__(self) -> None:
        super().__init__(problems.message("register.enrolled_meanwhile"))


_FIELDS = {
    "name": Field.NAME,
    "nik": Field.NIK,
    "birth": Field.BIRTH,
    "birth_place": Field.BIRTH_PLACE,
    "sex": Field.SEX,
    "kelurahan": Field.KELURAHAN,
    "occupation": Field.OCCUPATION,
    "phone": Field.PHONE,
    "wage": Field.WAGE,
}


def join(
    *,
    agreement_id: int,
    entry: Entry,
    by: Actor,
    now: datetime,
    first_month: Month | None = None,
    beside: bool = False,
    below_minimum: bool = False,
    high_wage: bool = False,
    segment_code: str = "",
    income: int | None = None,
    savings: bool = False,
) -> Joined:
    """Enrol one person under an agreement from the first contribution month on.

    ``beside`` says that the officer has made sure of a second BPU work, ``below_minimum`` that the wage is as low as
    it is typed, ``high_wage`` that it is as high. Of somebody who pays for herself ``income`` is what she declares
    (whole rupiah a month; None: the lowest band), and ``savings`` says that she wants JHT where it is offered. Raises Agreement.DoesNotExist out of sight, NotReady with what to
    mend, BelowMinimum, FarAbove, TooEarly, TooFar or AfterAgreement for the month, SegmentNotChosen where there are
    several, AgreementOver, TakenMeanwhile, NoIncome, and IntegrityError when the quota is full or the month's bill is
    drawn.
    """
    agreement = Agreement.objects.select_related("sponsor").get(pk=agreement_id)
    require_not_over(agreement)
    since = enrolling.begin(agreement, first_month, today=now.date())
    with transaction.atomic():
        segment = _segment(agreement, segment_code)
        facts = _ready(entry, agreement, segment, Month.of(since), by=by, now=now, beside=beside)
        if facts.wage is not None:
            units.require_usual(
                agreement_id=agreement.pk,
                basis=facts.wage_basis,
                amount=facts.wage,
                on=Month.of(since).first_day(),
                below_minimum=below_minimum,
                high_wage=high_wage,
            )
        own = own_payers.own_terms(agreement, income=income, savings=savings)
        return _entered(facts, agreement, segment, Month.of(since), own, by=by, now=now, beside=beside)


def _segment(agreement: Agreement, code: str) -> Segment:
    """The segment, locked in the caller's own sight: only who writes for the whole city can lock it."""
    segments = list(Segment.objects.select_for_update().filter(agreement=agreement).order_by("pk"))
    if not segments:
        raise NotReady(problems.message("agreement.no_segment"))
    if code:
        segments = [segment for segment in segments if segment.code == code]
    if len(segments) != 1:
        raise SegmentNotChosen
    return segments[0]


def _ready(
    entry: Entry,
    agreement: Agreement,
    segment: Segment,
    since: Month,
    *,
    by: Actor,
    now: datetime,
    beside: bool,
) -> Facts:
    row = _judged(entry, segment, now)
    target = Target(agreement.pk, agreement.sponsor_id, segment.pk, segment.quota)
    with system_scope(SystemScope.JUDGING, actor=by):
        compared = register.compared(
            [row], target=target, on=now.date(), nik_column=list(_FIELDS).index("nik"), first_month=since
        )
    (judged,) = compared.rows
    stopping = [problem for problem in judged.problems if _stops(problem, beside=beside)]
    if judged.verdict == Verdict.ENROLLED:
        raise NotReady(problems.message("register.already_enrolled"), field="nik")
    if stopping or judged.facts is None:
        raise _not_ready(stopping, now)
    return judged.facts


def _judged(entry: Entry, segment: Segment, now: datetime) -> Judged:
    fields = tuple(
        Field.DAILY_WAGE if name == "wage" and entry.basis == "daily" else field
        for name, field in _FIELDS.items()
    )
    judge = Judge(Layout(0, tuple(_FIELDS), fields), on=now.date(), occupation=segment.occupation)
    return judge.judge(1, [Cell(str(getattr(entry, name))) for name in _FIELDS])


def _stops(problem: Problem, *, beside: bool) -> bool:
    if problem.code in _ASKED or (beside and problem.code == "register.second_work"):
        return False
    return problems.kind(problem.code) in (ProblemKind.BLOCKS, ProblemKind.REFUSES)


def _not_ready(stopping: list[Problem], now: datetime) -> NotReady:
    """All that stands in the way in one text, shown at the first field at fault."""
    if not stopping:
        return NotReady(problems.message("row.not_a_person"), field="name")
    said = [problems.message(each.code, each.detail, on=now.date()) for each in stopping]
    more = [problems.suggestion(each.code, each.detail, on=now.date()) for each in stopping]
    column = next((each.column for each in stopping if each.column is not None), None)
    name = list(_FIELDS)[column] if column is not None else _OF_THE_ROW.get(stopping[0].code, "")
    return NotReady(joined(tuple(filter(None, (*said, *more))), " "), field=name)


_OF_THE_ROW = {"wage.missing": "wage"}
_ASKED = frozenset({"wage.day_above_month", "wage.very_high"})
"""What stops a row of a list and is a question in a form: there, somebody can say that it is so."""


def _entered(
    facts: Facts,
    agreement: Agreement,
    segment: Segment,
    since: Month,
    own: OwnTerms,
    *,
    by: Actor,
    now: datetime,
    beside: bool,
) -> Joined:
    if by.user_id is None:
        raise changes.NobodyActs
    with system_scope(SystemScope.ENROLLING, actor=by):
        event = audit.record(
            "member.joined",
            by=by,
            subject=f"agreement:{agreement.pk}",
            sponsor_id=agreement.sponsor_id,
            detail={"since": str(since)},
        )
        place = Place.of(
            agreement,
            segment,
            registered_on=now.date(),
            since=since.first_day(),
            event_id=event,
            beside=beside,
        )._replace(income=own.income, programmes=own.programmes)
        with entering.entered([(1, facts)], place) as came:
            if came != 1:
                raise TakenMeanwhile
            member = Membership.objects.get(event_id=event)
            changes.written_join(member, event_id=event, by=by, now=now)
    return Joined(member.person_id, member.pk, since)
