"""The steps of an agreement, from its draft to its end: who takes each, and what must be there first."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from lindung.access import audit
from lindung.access.models import Organisation, OrganisationKind
from lindung.access.scope import Actor
from lindung.engine.refusals import ChangedMeanwhile, Refusal
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.partnership import papers
from lindung.partnership.models import (
    Agreement,
    AgreementChange,
    AgreementKind,
    AgreementState,
    AgreementStep,
    FundingSource,
    PayerKind,
    Segment,
    SourceOrigin,
)
from lindung.partnership.states import CONSTRAINT_MESSAGES

OVER = (AgreementState.ENDED, AgreementState.TERMINATED)
CORRECTABLE = timedelta(days=31)
"""So long a stop is news, and can be put right whatever its day."""


class StepNotPossible(Refusal):
    """The agreement stands where this step does not begin."""

    code = "agreement.step_not_possible"

    def __init__(self, agreement: Agreement) -> None:
        text = Text(
            "Kerja sama ini sekarang berstatus {state}; langkah itu tidak mungkin lagi. Muat ulang halamannya.",
            "The agreement is now in state {state}; that step is not possible any more. Reload its page.",
        )
        super().__init__(text.filled(state=AgreementState(agreement.state).said))


class SecondPersonNeeded(Refusal):
    """Who wrote or submitted the draft cannot activate the agreement."""

    code = "agreement.second_person"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Anda ikut menulis atau mengajukan kerja sama ini. Minta orang lain yang mengaktifkannya.",
                "You wrote or submitted this agreement. Ask somebody else to activate it.",
            )
        )


class NoSegment(Refusal):
    """There is nobody an agreement without segments could protect."""

    code = "agreement.no_segment"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Tambahkan dulu sedikitnya satu segmen pekerja dengan kuotanya.",
                "First add at least one segment of workers with its quota.",
            )
        )


class NoReason(Refusal):
    """This step says why."""

    code = "agreement.no_reason"

    def __init__(self) -> None:
        super().__init__(Text("Tulis alasannya.", "Write the reason."), field="reason")


class PeriodNotOver(Refusal):
    """An agreement ends when its period is over; earlier it is terminated."""

    code = "agreement.period_not_over"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Masa kerja sama ini belum lewat. Kalau harus berhenti lebih awal, hentikan dengan alasan.",
                "The period of this agreement is not over. To stop it earlier, terminate it with a reason.",
            ),
            field="on",
        )


class OwnStop(Refusal):
    """Who stopped an agreement does not correct the stop himself."""

    code = "agreement.own_stop"

    def __init__(self) -> None:
        super().__init__(CONSTRAINT_MESSAGES["agreement_stop_corrected_by_another"])


class StopSettled(Refusal):
    """The stop was recorded long ago and its last month is over: what followed from it has happened."""

    code = "agreement.stop_settled"

    def __init__(self) -> None:
        text = Text(
            "Penghentian ini sudah lewat {days} hari dan bulan terakhirnya sudah habis. Tulis kerja sama baru.",
            "This stop is older than {days} days and its last month is over. Write a new agreement.",
        )
        super().__init__(text.filled(days=CORRECTABLE.days), field="on")


class SameStop(Refusal):
    """A corrected day is another one."""

    code = "agreement.same_stop"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Kerja sama ini memang berhenti pada tanggal itu.", "The agreement stops on that day already."
            ),
            field="on",
        )


class AgreementOver(Refusal):
    """The agreement has ended or was stopped: nobody new comes in."""

    code = "agreement.over"

    def __init__(self, said: Text) -> None:
        super().__init__(said)


class NotThisCitys(Refusal):
    """An office or a source of another city was named."""

    code = "agreement.of_another_city"

    def __init__(self, field: str) -> None:
        super().__init__(
            Text("Pilih kantor dan sumber dana kota ini.", "Choose an office and a source of this city."),
            field=field,
        )


class Terms(NamedTuple):
    """What an agreement says: dates half-open (``until`` null is open), income in whole rupiah (null: lowest band)."""

    title: str
    paying_office_id: int
    funding_source_id: int
    programmes: tuple[str, ...]
    since: date
    until: date | None = None
    monthly_income: int | None = None
    arrears_borne_by: str = "unsaid"


class SegmentPlan(NamedTuple):
    """A group of workers to be covered; ``funding_source_id`` null: paid by the agreement's own source."""

    code: str
    label: str
    occupation: str
    quota: int
    funding_source_id: int | None = None


def draft_agreement(
    *,
    code: str,
    sponsor_id: int,
    branch_id: int,
    terms: Terms,
    by: Actor,
    now: datetime,
    segments: Sequence[SegmentPlan] = (),
    kind: str = AgreementKind.SPONSORED,
) -> Agreement:
    """Write the draft of an agreement between a city and its branch.

    Raises NotThisCitys for an office or source of another city, IntegrityError for a code that is taken.
    """
    with transaction.atomic():
        _refuse_strangers(sponsor_id, terms)
        made = Agreement.objects.create(
            code=code,
            sponsor_id=sponsor_id,
            branch_id=branch_id,
            kind=kind,
            **terms._replace(programmes=terms.programmes)._asdict() | {"programmes": list(terms.programmes)},
        )
        _change(made, AgreementState.DRAFT, by=by, now=now, action="agreement.drafted")
        for plan in segments:
            _segment(made, plan)
    return made


def edit_draft(*, agreement_id: int, revision: int, terms: Terms, by: Actor, now: datetime) -> Agreement:
    """Rewrite a draft that is still as it was shown (``revision``).

    Raises ChangedMeanwhile when somebody else rewrote it since, StepNotPossible when it is a draft no more.
    """
    with transaction.atomic():
        held = _held(agreement_id, AgreementState.DRAFT)
        _refuse_strangers(held.sponsor_id, terms)
        changed = Agreement.objects.filter(pk=agreement_id, revision=revision).update(
            **terms._asdict() | {"programmes": list(terms.programmes)}, revision=revision + 1
        )
        if not changed:
            raise ChangedMeanwhile
        _change(held, AgreementState.DRAFT, by=by, now=now, action="agreement.edited")
    return Agreement.objects.get(pk=agreement_id)


def add_segment(*, agreement_id: int, plan: SegmentPlan, by: Actor) -> Segment:
    """Add a group of workers to a draft. Later a group may come with a quota of nought, raised by an addendum."""
    with transaction.atomic():
        held = Agreement.objects.select_for_update(no_key=True).get(pk=agreement_id)
        made = _segment(held, plan)
        audit.record(
            "agreement.segment_added",
            by=by,
            subject=f"agreement:{held.pk}",
            sponsor_id=held.sponsor_id,
            detail={"segment": made.code, "quota": made.quota},
        )
    return made


def submit(*, agreement_id: int, by: Actor, now: datetime) -> Agreement:
    """Hand the draft over for review; from now on it is rewritten only after it was sent back."""
    with transaction.atomic():
        held = _held(agreement_id, AgreementState.DRAFT)
        if not held.segments.exists():
            raise NoSegment
        return _change(held, AgreementState.IN_REVIEW, by=by, now=now, action="agreement.submitted")


def send_back(*, agreement_id: int, reason: str, by: Actor, now: datetime) -> Agreement:
    """Give the draft back to its writer with what is to be mended."""
    with transaction.atomic():
        held = _held(agreement_id, AgreementState.IN_REVIEW)
        return _change(
            held, AgreementState.DRAFT, by=by, now=now, action="agreement.sent_back", reason=_said(reason)
        )


def record_signed(*, agreement_id: int, paper: papers.PaperEntry, by: Actor, now: datetime) -> Agreement:
    """Record the PKS that was signed, with its file and signatories: the agreement is signed by it."""
    with transaction.atomic():
        held = _held(agreement_id, AgreementState.IN_REVIEW)
        papers.record_paper(agreement_id=agreement_id, entry=paper, by=by, now=now)
        return _change(held, AgreementState.SIGNED, by=by, now=now, action="agreement.signed")


def activate(*, agreement_id: int, by: Actor, now: datetime) -> Agreement:
    """Put a signed agreement in force; people can be enrolled from now on. Done by a second person.

    Raises SecondPersonNeeded for whoever drafted, rewrote or submitted it.
    """
    with transaction.atomic():
        held = _held(agreement_id, AgreementState.SIGNED)
        if wrote(held, by=by):
            raise SecondPersonNeeded
        return _change(held, AgreementState.ACTIVE, by=by, now=now, action="agreement.activated")


def end(*, agreement_id: int, by: Actor, now: datetime) -> Agreement:
    """Close an agreement whose period is over. Raises PeriodNotOver while it is not, or when it has no end."""
    with transaction.atomic():
        held = _held(agreement_id, AgreementState.ACTIVE)
        if held.until is None or held.until > now.date():
            raise PeriodNotOver
        return _change(held, AgreementState.ENDED, by=by, now=now, action="agreement.ended")


def terminate(*, agreement_id: int, on: date, reason: str, by: Actor, now: datetime) -> Agreement:
    """Stop an agreement before its time: ``on`` is the first day that it does not cover.

    Raises IntegrityError when months from that day on are billed: cancel those bills, or choose a later day.
    """
    with transaction.atomic():
        held = _held(agreement_id, AgreementState.ACTIVE)
        # Enrolment holds the segments; whoever comes after this finds the agreement stopped.
        list(Segment.objects.select_for_update().filter(agreement=held).order_by("pk"))
        return _change(
            held,
            AgreementState.TERMINATED,
            by=by,
            now=now,
            action="agreement.terminated",
            reason=_said(reason),
            on=on,
        )


def correct_stop(*, agreement_id: int, on: date, reason: str, by: Actor, now: datetime) -> Agreement:
    """Put the day of a stop right, as somebody else than who stopped: ``on`` is the first day not covered.

    Never later than the end the agreement had before. Raises OwnStop, SameStop, StopSettled once it is older than
    ``CORRECTABLE`` and its last month is over, and IntegrityError when months from that day on are billed.
    """
    with transaction.atomic():
        held = _held(agreement_id, AgreementState.TERMINATED)
        stop = last_stop(held)
        if stop.by_id == by.user_id:
            raise OwnStop
        if on == held.until:
            raise SameStop
        if not correctable(held, stop, on=now.date()):
            raise StopSettled
        return _change(
            held,
            AgreementState.TERMINATED,
            by=by,
            now=now,
            action="agreement.stop_corrected",
            reason=_said(reason),
            on=on,
        )


def over_said(agreement: Agreement) -> Text | None:
    """Of an agreement that is over: until when its people are paid for, and that nobody new comes in; else None."""
    if agreement.state not in OVER or agreement.until is None:
        return None
    said = _STOPPED if agreement.state == AgreementState.TERMINATED else _ENDED
    if agreement.kind == AgreementKind.INDEPENDENT:
        said = _GROUP_OVER
    return said.filled(month=Month.of(agreement.until - timedelta(days=1)).label)


def require_not_over(agreement: Agreement) -> None:
    """Raise AgreementOver where nobody new comes in."""
    said = over_said(agreement)
    if said is not None:
        raise AgreementOver(said)


_GROUP_OVER = Text(
    "Kerja sama ini sudah berakhir; pesertanya membayar sendiri sampai {month}. Orang baru masuk lewat kerja sama lain.",
    "This agreement is over; its people pay for themselves until {month}. New people come in by another agreement.",
)
_STOPPED = Text(
    "Kerja sama ini sudah dihentikan; pesertanya dibayari sampai {month}. Orang baru masuk lewat kerja sama lain.",
    "This agreement was stopped; its people are paid for until {month}. New people come in by another agreement.",
)
_ENDED = Text(
    "Kerja sama ini sudah berakhir; pesertanya dibayari sampai {month}. Orang baru masuk lewat kerja sama lain.",
    "This agreement has ended; its people are paid for until {month}. New people come in by another agreement.",
)


def last_stop(agreement: Agreement) -> AgreementChange:
    """The step that stopped it, or the newest that put its day right."""
    return AgreementChange.objects.filter(agreement=agreement, to_state=AgreementState.TERMINATED).latest(
        "pk"
    )


def correctable(agreement: Agreement, stop: AgreementChange, *, on: date) -> bool:
    """Whether a stop can still be put right: for a while after it was recorded, and while its last month is not over."""
    last = agreement.until is not None and Month.of(agreement.until - timedelta(days=1)) >= Month.of(on)
    return last or stop.at.date() + CORRECTABLE >= on


def steps_from(agreement: Agreement) -> tuple[AgreementState, ...]:
    """The states that may follow, as the database's own table has them."""
    steps = AgreementStep.objects.filter(from_state=agreement.state).order_by("to_state")
    return tuple(AgreementState(state) for state in steps.values_list("to_state", flat=True))


def wrote(agreement: Agreement, *, by: Actor) -> bool:
    """Whether this person drafted, rewrote or submitted it, and so cannot be the second one."""
    if by.user_id is None or agreement.drafted_by_id == by.user_id:
        return True
    written = AgreementChange.objects.filter(agreement=agreement, from_state=AgreementState.DRAFT)
    return written.filter(by_id=by.user_id).exists()


def has_source(*, sponsor_id: int) -> bool:
    """Whether the city has any pot of money: without one no agreement can be written."""
    return FundingSource.objects.filter(sponsor_id=sponsor_id).exists()


def add_source(*, sponsor_id: int, origin: SourceOrigin, name: str, by: Actor) -> FundingSource:
    """A pot of money of a city; what it is to the law follows from where it comes from."""
    with transaction.atomic():
        made = FundingSource.objects.create(
            sponsor_id=sponsor_id, kind=origin.payer, origin=origin.value, name=name
        )
        audit.record(
            "funding_source.added",
            by=by,
            subject=f"funding_source:{made.pk}",
            sponsor_id=sponsor_id,
            detail={"origin": origin.value, "kind": made.kind},
        )
    return made


OWN_MONEY = "Peserta sendiri"
"""What the source is called whose money is the participants' own."""


def own_source(*, sponsor_id: int, by: Actor) -> FundingSource:
    """The source of a city that stands for the participants' own money; made when it is first asked for."""
    found = FundingSource.objects.filter(sponsor_id=sponsor_id, kind=PayerKind.SELF).order_by("pk").first()
    if found is not None:
        return found
    made = FundingSource.objects.create(sponsor_id=sponsor_id, kind=PayerKind.SELF, name=OWN_MONEY)
    detail = {"origin": "", "kind": made.kind}
    subject = f"funding_source:{made.pk}"
    audit.record("funding_source.added", by=by, subject=subject, sponsor_id=sponsor_id, detail=detail)
    return made


def _held(agreement_id: int, *states: AgreementState) -> Agreement:
    """The agreement, locked: of two who act at once the second finds what the first has done."""
    held = Agreement.objects.select_for_update(no_key=True).get(pk=agreement_id)
    if held.state not in states:
        raise StepNotPossible(held)
    return held


def _change(
    held: Agreement,
    to: AgreementState,
    *,
    by: Actor,
    now: datetime,
    action: str,
    reason: str = "",
    on: date | None = None,
) -> Agreement:
    if by.user_id is None:
        raise SecondPersonNeeded
    event = audit.record(
        action,
        by=by,
        subject=f"agreement:{held.pk}",
        sponsor_id=held.sponsor_id,
        detail={
            "from": held.state,
            "to": to.value,
            "on": (on or now.date()).isoformat(),
            "reason": audit.without_numbers(reason),
        },
    )
    AgreementChange.objects.create(
        agreement=held,
        sponsor_id=held.sponsor_id,
        from_state=held.state,
        to_state=to,
        by_id=by.user_id,
        at=now,
        on=on or now.date(),
        reason=reason,
        event_id=event,
    )
    held.refresh_from_db(fields=["state", "until"])
    return held


def _segment(held: Agreement, plan: SegmentPlan) -> Segment:
    return Segment.objects.create(agreement=held, sponsor_id=held.sponsor_id, **plan._asdict())


def _said(reason: str) -> str:
    if not reason.strip():
        raise NoReason
    return reason.strip()


def _refuse_strangers(sponsor_id: int, terms: Terms) -> None:
    """Offices are in everybody's sight, so that a foreign one would not be missed on its own."""
    office = Organisation.objects.get(pk=terms.paying_office_id)
    if office.kind not in (OrganisationKind.CITY, OrganisationKind.OFFICE) or office.sponsor_id != sponsor_id:
        raise NotThisCitys("paying_office")
    if not FundingSource.objects.filter(pk=terms.funding_source_id, sponsor_id=sponsor_id).exists():
        raise NotThisCitys("funding_source")
