"""Who decides a function today, and how that changes: one administrator proposes, another approves."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet

from lindung.access import audit
from lindung.access.models import Appointment, OrganisationKind, Role
from lindung.access.scope import Actor
from lindung.engine.refusals import ChangedMeanwhile, Refusal
from lindung.law.months import day_label
from lindung.law.text import Text
from lindung.partnership.deciders import Authority, Decider, Function
from lindung.partnership.paper_dates import recorded_on, require_dated

FUNCTIONS = {
    Function.MEMBER_NUMBER: Text("Nomor peserta (KPJ)", "Member number (KPJ)"),
    Function.ACTIVE_STATUS: Text("Status aktif peserta", "Whether a member is active"),
    Function.CONTRIBUTION_CODE: Text("Kode iuran", "Kode iuran (payment code)"),
    Function.BENEFIT_DETERMINATION: Text("Penetapan manfaat", "Determination of benefits"),
    Function.PAYOUT: Text("Pembayaran manfaat", "Payout of benefits"),
    Function.JHT_BALANCE: Text("Saldo JHT", "JHT balance"),
    Function.CARE_GUARANTEE: Text("Jaminan perawatan", "Guarantee of care"),
}
"""Each function in words, in the order in which they are shown."""
DECIDERS = {
    Decider.BPJS: Text("BPJS Ketenagakerjaan", "BPJS Ketenagakerjaan"),
    Decider.HERE: Text("Di sini, oleh kantor ini", "Here, by this office"),
}


class NobodyActs(Refusal):
    """Authority is given by users, never by the system."""

    code = "authority.nobody_acts"


class BeforeItsInstrument(Refusal):
    """Nobody holds an authority before the paper that gives it."""

    code = "authority.before_its_instrument"

    def __init__(self, instrument_on: date) -> None:
        text = Text(
            "Kewenangan tidak bisa berlaku sebelum tanggal suratnya. Pilih {day} atau sesudahnya.",
            "An authority cannot hold before the date of its instrument. Choose {day} or later.",
        )
        super().__init__(text.filled(day=day_label(instrument_on)), field="since")


class OtherDate(Refusal):
    """One instrument is one paper with one date."""

    code = "authority.instrument_has_another_date"

    def __init__(self, known: date) -> None:
        text = Text(
            "Surat dengan nomor ini sudah tercatat bertanggal {day}. Samakan tanggalnya, atau periksa nomornya.",
            "An instrument of this number is recorded with the date {day}. Use that date, or check the number.",
        )
        super().__init__(text.filled(day=day_label(known)), field="instrument_on")


class BpjsGives(Refusal):
    """What BPJS decides leaves it by the hand of its own administrator."""

    code = "authority.given_by_bpjs"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Kewenangan ini dilepas oleh BPJS Ketenagakerjaan. Minta administrator BPJS yang menyetujuinya.",
                "BPJS Ketenagakerjaan gives this authority away. Ask an administrator of BPJS to approve it.",
            )
        )


class Proposal(NamedTuple):
    """What somebody proposes: who decides the function from a day on, and the instrument that says so."""

    function: Function
    decided_by: Decider
    instrument_kind: str
    instrument_number: str
    instrument_on: date
    since: date
    until: date | None = None


class Standing(NamedTuple):
    """One function today: who decides, by which record (None: by default BPJS), and what waits for approval."""

    function: Function
    label: Text
    decider: Decider
    decider_label: Text
    in_force: Authority | None
    waiting: tuple[Authority, ...]


def decides(*, function: Function, on: date) -> Decider:
    """Who decides the function on the day; BPJS where nobody approved anything else."""
    found = _in_force(on).filter(function=function).first()
    return Decider(found.decided_by) if found else Decider.BPJS


def instrument(*, function: Function, on: date) -> Authority | None:
    """By which record the function is decided here on the day; None where BPJS decides."""
    return _in_force(on).filter(function=function, decided_by=Decider.HERE).first()


def overview(*, on: date) -> tuple[Standing, ...]:
    """Every function with who decides it on the day and the proposals that wait for a second person."""
    held = {record.function: record for record in _in_force(on)}
    waiting = tuple(_waiting().order_by("since", "pk"))
    return tuple(_standing(function, held.get(function), waiting) for function in Function)


def history() -> tuple[Authority, ...]:
    """What was ever decided about authority, newest first, at most fifty."""
    return tuple(Authority.objects.order_by("-pk")[:50])


def waiting(authority_id: int) -> Authority:
    """A proposal that still waits. Raises Authority.DoesNotExist, ChangedMeanwhile when it was dealt with."""
    found = Authority.objects.get(pk=authority_id)
    if found.approved_by_id or found.withdrawn_by_id:
        raise ChangedMeanwhile
    return found


def gives(*, by: Actor, on: date) -> bool:
    """Whether this person administers accounts at BPJS, and so may approve what leaves BPJS."""
    if by.user_id is None:
        return False
    held = Appointment.objects.filter(user_id=by.user_id, role=Role.ADMINISTRATOR, since__lte=on)
    held = held.filter(Q(until__isnull=True) | Q(until__gt=on))
    return held.filter(organisation__kind=OrganisationKind.BRANCH).exists()


@transaction.atomic
def propose(*, proposal: Proposal, by: Actor, now: datetime) -> Authority:
    """Put a proposal before a second person; nothing changes until it is approved.

    Raises NobodyActs, SignedLater and SignedTooEarly for the instrument, BeforeItsInstrument, OtherDate.
    """
    _require_dated(proposal, on=recorded_on(now))
    event = audit.record(
        "authority.proposed",
        by=by,
        subject=f"authority:{proposal.function}",
        sponsor_id=None,
        detail={
            "decided_by": str(proposal.decided_by),
            "since": proposal.since.isoformat(),
            "paper": _paper(proposal),
        },
    )
    return Authority.objects.create(
        **proposal._asdict(), proposed_by_id=_user(by), proposed_at=now, event_id=event
    )


def approve(*, authority_id: int, by: Actor, now: datetime) -> Authority:
    """Put a proposal of somebody else in force; the period before it ends the day it begins.

    What is to be decided here leaves BPJS: an administrator of BPJS approves it. What returns to BPJS, any other
    administrator. Raises ChangedMeanwhile when it was dealt with already, BpjsGives; the database refuses the
    proposer himself, and a period that would cut one that begins later (IntegrityError).
    """
    found = waiting(authority_id)
    leaves = found.decided_by != Decider.BPJS and found.proposed_by_id != by.user_id
    if leaves and not gives(by=by, on=recorded_on(now)):
        raise BpjsGives
    return _settled(authority_id, "authority.approved", {"approved_by_id": _user(by), "approved_at": now}, by)


def withdraw(*, authority_id: int, by: Actor, now: datetime) -> Authority:
    """Take a proposal back, one's own or another's; it stays on record. Raises ChangedMeanwhile."""
    return _settled(
        authority_id, "authority.withdrawn", {"withdrawn_by_id": _user(by), "withdrawn_at": now}, by
    )


@transaction.atomic
def _settled(authority_id: int, action: str, changes: dict[str, object], by: Actor) -> Authority:
    found = waiting(authority_id)
    audit.record(
        action,
        by=by,
        subject=f"authority:{found.function}",
        sponsor_id=None,
        detail={
            "authority": found.pk,
            "decided_by": found.decided_by,
            "since": found.since.isoformat(),
            "paper": _paper(found),
        },
    )
    if not _waiting().filter(pk=authority_id).update(**changes):
        raise ChangedMeanwhile
    found.refresh_from_db()
    return found


def _paper(told: Proposal | Authority) -> str:
    return audit.without_numbers(f"{told.instrument_kind} {told.instrument_number}")


def _in_force(on: date) -> QuerySet[Authority]:
    held = Authority.objects.filter(approved_by__isnull=False, since__lte=on)
    return held.filter(Q(until__isnull=True) | Q(until__gt=on))


def _waiting() -> QuerySet[Authority]:
    return Authority.objects.filter(approved_by__isnull=True, withdrawn_by__isnull=True)


def _standing(function: Function, held: Authority | None, waiting: Iterable[Authority]) -> Standing:
    decider = Decider(held.decided_by) if held else Decider.BPJS
    return Standing(
        function=function,
        label=FUNCTIONS[function],
        decider=decider,
        decider_label=DECIDERS[decider],
        in_force=held,
        waiting=tuple(record for record in waiting if record.function == function),
    )


def _require_dated(proposal: Proposal, *, on: date) -> None:
    require_dated(signed_on=proposal.instrument_on, kind="instrument", on=on, field="instrument_on")
    if proposal.since < proposal.instrument_on:
        raise BeforeItsInstrument(proposal.instrument_on)
    same = Authority.objects.filter(
        instrument_kind=proposal.instrument_kind,
        instrument_number=proposal.instrument_number,
        withdrawn_by__isnull=True,
    )
    other = same.exclude(instrument_on=proposal.instrument_on).first()
    if other is not None:
        raise OtherDate(other.instrument_on)


def _user(by: Actor) -> int:
    if by.user_id is None:
        raise NobodyActs(Text("Masuk dulu, lalu ulangi.", "Sign in first, then try again."))
    return by.user_id
