"""Takes a list from a page: kept at once, judged at once when it is small, else handed to the process beside.

How far it has come stands in ``RosterProgress``; an officer can call it off, withdraw it once it is judged, and have it
done again from the kept file.
"""

import time
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from procrastinate.contrib.django.models import ProcrastinateJob

from lindung.access import audit
from lindung.access.models import User
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.documents import keeping
from lindung.documents.models import Document
from lindung.engine import collecting
from lindung.engine.refusals import Refusal
from lindung.formats import workbook
from lindung.formats.unreadable import Unreadable
from lindung.law.text import Text
from lindung.membership import intake, reading, rereading
from lindung.membership.masking import masked_within
from lindung.membership.models import Roster, RosterProgress, RosterStatus
from lindung.partnership.agreements import require_not_over
from lindung.partnership.models import Agreement, Segment

AT_ONCE_BYTES = 48 * 1024
"""Measured: some 500 rows are judged in half a second to a second, most of it the start of the reading process, so
the page answers with the rows. 3,000 rows take about one second more, 10,000 about three."""
NOTE_EVERY = 0.5
"""Seconds between two notes of progress; each is a small transaction of its own."""
TASK = "membership.judge"
LONGEST_REASON = 300
_AGAIN = (RosterStatus.CANCELLED, RosterStatus.STOPPED, RosterStatus.RECEIVED)


class NothingToCancel(Refusal):
    """The list is judged already, or its rows are being written in this moment."""

    code = "roster.nothing_to_cancel"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Pemeriksaan sudah selesai atau sedang disimpan. Muat ulang halaman untuk melihat hasilnya.",
                "The check is done or being stored. Load the page again to see the result.",
            )
        )


class NothingToWithdraw(Refusal):
    """The list is not judged, so nothing of it waits for anybody."""

    code = "roster.nothing_to_withdraw"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Daftar ini tidak sedang menunggu siapa pun, jadi tidak perlu ditarik. Muat ulang halamannya.",
                "This list waits for nobody, so it need not be withdrawn. Load its page again.",
            )
        )


class EnrolledByIt(Refusal):
    """People of the list are enrolled: who they are stands in it."""

    code = "roster.people_enrolled"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Sudah ada yang didaftarkan dari daftar ini, jadi tidak bisa ditarik. Lewati baris yang salah di halaman"
                " barisnya; yang keliru terdaftar dicatat keluar di halaman pekerjanya.",
                "People of this list are enrolled, so it cannot be withdrawn. Leave out the wrong rows on their own"
                " pages; who was enrolled by mistake is recorded as leaving on the worker's page.",
            )
        )


class NoReason(Refusal):
    """Nobody could tell later why the list was withdrawn."""

    code = "roster.withdrawn_without_reason"

    def __init__(self) -> None:
        super().__init__(
            Text(
                f"Tulis alasannya, paling banyak {LONGEST_REASON} huruf, tanpa tanda yang tidak terlihat.",
                f"Write the reason, at most {LONGEST_REASON} letters, none of them invisible.",
            ),
            field="reason",
        )


class ReadAnew(Refusal):
    """The list is judged, and is only read anew: called off, its rows would be out of reach."""

    code = "roster.read_anew"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Daftar ini sedang dibaca ulang dengan kolom yang baru dan tidak bisa dibatalkan: baris-barisnya tetap"
                " ada. Tunggu sampai selesai; kalau kolomnya salah, pilih lagi.",
                "This list is being read anew by its new columns and cannot be called off: its rows stay. Wait until it"
                " is done; if the columns are wrong, choose them again.",
            )
        )


class NothingToResume(Refusal):
    """The list needs no second run."""

    code = "roster.nothing_to_resume"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Daftar ini sudah diperiksa. Muat ulang halaman.",
                "This list is judged already. Load the page again.",
            )
        )


class _CalledOff(Exception):
    """Somebody cancelled while the rows were judged."""


def take(
    *,
    name: str,
    content: bytes,
    agreement_id: int,
    segment_code: str = "",
    by: Actor,
    now: datetime,
    asking: bool = True,
) -> int:
    """Keep a file for an agreement and see that it is judged; return the roster's id.

    Raises Unreadable for a file that is no list at all, before anything is stored (without ``asking``, which is for
    those who cannot be asked, also for a small file with columns nobody knows); SegmentNotChosen when the agreement
    has several segments and none is named; AgreementOver; Agreement.DoesNotExist out of the caller's sight.
    """
    workbook.inspect(content, name)
    agreement = Agreement.objects.select_related("sponsor").get(pk=agreement_id)
    require_not_over(agreement)
    segment = intake.segment_of(agreement, segment_code)
    if len(content) <= AT_ONCE_BYTES:
        try:
            return intake.receive(
                name=name,
                content=content,
                agreement_id=agreement_id,
                by=by,
                now=now,
                segment_code=segment.code,
                asking=asking,
            )
        except reading.Unmapped as why:
            return _kept(name, content, agreement, segment, by, now, unmapped=why)
    return _kept(name, content, agreement, segment, by, now)


def _kept(
    name: str,
    content: bytes,
    agreement: Agreement,
    segment: Segment,
    by: Actor,
    now: datetime,
    unmapped: reading.Unmapped | None = None,
) -> int:
    with transaction.atomic():
        roster = intake.kept(name=name, content=content, agreement=agreement, segment=segment, by=by, now=now)
        _, first = RosterProgress.objects.get_or_create(
            roster=roster, defaults={"sponsor_id": roster.sponsor_id}
        )
        if first and unmapped is not None:
            _stopped(roster.pk, RosterStatus.UNMAPPED, unmapped.code, unmapped.sheet)
        elif first:
            _defer(roster.pk)
    return roster.pk


def _defer(roster_id: int) -> None:
    # Imported here: the task is made of what stands below.
    from lindung.membership.tasks import judge

    judge.configure(lock=f"roster:{roster_id}").defer(roster_id=roster_id)


def judge_kept(*, roster_id: int) -> None:
    """Judge a kept list in the name of who sent it, or chose its columns; what is judged or called off is left alone.

    Safe to be done twice, and at the same time: the rows are stored by whoever comes first.
    """
    kept = _waiting(roster_id)
    if kept is None:
        return
    roster, content, by = kept
    clock = _Progress(roster_id, by)
    told = _told(roster)
    try:
        with collecting.paused():
            sheet = intake.read(
                content,
                on=localdate(roster.received_at),
                occupation=roster.segment.occupation,
                told=told,
                noted=clock.note,
            )
        _store(roster, sheet, by)
    except _CalledOff:
        return
    except reading.Unmapped as why:
        _stop(roster_id, by, RosterStatus.UNMAPPED, why.code, why.sheet)
    except Unreadable as why:
        _stop(roster_id, by, RosterStatus.STOPPED, why.code, why.where)


def _store(roster: Roster, sheet: intake.Sheet, by: Actor) -> None:
    with system_scope(SystemScope.JUDGING, actor=by):
        again = rereading.has_rows(roster.pk)
    if again:
        rereading.store(roster.pk, sheet, by=by, now=_asked_at(roster))
    else:
        intake.store(roster.pk, sheet, by=by, on=localdate(roster.received_at))


def _asked_at(roster: Roster) -> datetime:
    """When the columns of the list were chosen last; without that, when it came."""
    chosen = [datetime.fromisoformat(told["at"]) for told in roster.mapping.values() if "at" in told]
    return max(chosen, default=roster.received_at)


def _asked_by(roster: Roster) -> User | None:
    """Who chose the columns of the list last; without that, who sent it."""
    chosen = [(told["at"], told["by"]) for told in roster.mapping.values() if told.get("by") is not None]
    return User.objects.get(pk=max(chosen)[1]) if chosen else roster.received_by


def give_up(*, roster_id: int) -> None:
    """Say on the list that judging it has failed again and again, and leave it."""
    with system_scope(SystemScope.JUDGING, actor=Actor(None, "Lindung")):
        if Roster.objects.filter(pk=roster_id, status=RosterStatus.RECEIVED).exists():
            _stopped(roster_id, RosterStatus.STOPPED, "file.crashed", "")


def _waiting(roster_id: int) -> tuple[Roster, bytes, Actor] | None:
    """The list, its file and who sent it, when it still waits."""
    with system_scope(SystemScope.JUDGING, actor=Actor(None, "Lindung")):
        rosters = Roster.objects.select_related("segment", "received_by", "document")
        roster = rosters.filter(pk=roster_id, status=RosterStatus.RECEIVED).first()
        if roster is None:
            return None
        sender = _asked_by(roster)
        by = Actor.of(sender) if sender else Actor(None, "Lindung")
    with system_scope(SystemScope.JUDGING, actor=by):
        return roster, keeping.fetch(roster.document, by=by), by


def _told(roster: Roster) -> intake.Told:
    with system_scope(SystemScope.JUDGING, actor=Actor(None, "Lindung")):
        learnt = intake.learnt(roster.sponsor_id)
        held = rereading.held(roster)
    return intake.Told(learnt, reading.mappings_of(roster.mapping), asking=True, held=held)


class _Progress:
    """Writes down how far the judging is, now and then, and learns whether it was called off."""

    def __init__(self, roster_id: int, by: Actor) -> None:
        self._roster_id, self._by = roster_id, by
        self._next = 0.0

    def note(self, done: int, of: int) -> None:
        """Raises _CalledOff when the list no longer waits to be judged."""
        if time.monotonic() < self._next and done < of:
            return
        self._next = time.monotonic() + NOTE_EVERY
        with system_scope(SystemScope.JUDGING, actor=self._by):
            waiting = Roster.objects.filter(pk=self._roster_id, status=RosterStatus.RECEIVED).exists()
            if waiting:
                RosterProgress.objects.filter(roster_id=self._roster_id).update(rows_done=done, rows_total=of)
        if not waiting:
            raise _CalledOff


def _stop(roster_id: int, by: Actor, status: RosterStatus, code: str, where: str) -> None:
    with system_scope(SystemScope.JUDGING, actor=by):
        _stopped(roster_id, status, code, where)


def _stopped(roster_id: int, status: RosterStatus, code: str, where: str) -> None:
    if Roster.objects.filter(pk=roster_id, status=RosterStatus.RECEIVED).update(status=status):
        RosterProgress.objects.filter(roster_id=roster_id).update(
            stopped_code=code, stopped_where=where[:200]
        )


def cancel(*, roster_id: int, by: Actor, now: datetime) -> None:
    """Call the judging off: nothing of the list is stored but its file.

    Raises NothingToCancel when it is too late, ReadAnew for a list that has rows already, Roster.DoesNotExist out
    of the caller's sight.
    """
    Roster.objects.get(pk=roster_id)
    with transaction.atomic():
        # Whoever stores the rows at this moment holds the roster: then it is too late.
        waiting = Roster.objects.select_for_update(skip_locked=True, of=("self",))
        if waiting.filter(pk=roster_id, status=RosterStatus.RECEIVED).first() is None:
            raise NothingToCancel
        if rereading.has_rows(roster_id):
            raise ReadAnew
        Roster.objects.filter(pk=roster_id).update(status=RosterStatus.CANCELLED)
        RosterProgress.objects.filter(roster_id=roster_id).update(cancelled_by=by.user_id, cancelled_at=now)
        _record("roster.cancelled", roster_id, by)


def refuse_withdrawing(status: str) -> None:
    """Only a judged list of which nobody is enrolled is withdrawn. Raises EnrolledByIt, NothingToWithdraw."""
    if status == RosterStatus.ENROLLED:
        raise EnrolledByIt
    if status != RosterStatus.JUDGED:
        raise NothingToWithdraw


def withdraw(*, roster_id: int, reason: str, by: Actor, now: datetime) -> None:
    """Take a judged list back: its rows wait for nobody any more; file and rows are kept, and ``resume`` takes it up again.

    Raises NoReason, EnrolledByIt, NothingToWithdraw, and Roster.DoesNotExist for who does not see the whole list.
    """
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise NoReason
    with transaction.atomic():
        # Who enrols holds the list, too: either he is first, and nothing is withdrawn, or he finds it withdrawn.
        locked = Roster.objects.select_for_update(of=("self",)).get(pk=roster_id, document__kind="roster")
        refuse_withdrawing(locked.status)
        Roster.objects.filter(pk=roster_id).update(status=RosterStatus.CANCELLED)
        # A small list was judged at once, and nobody has noted how far it is.
        RosterProgress.objects.get_or_create(roster_id=roster_id, defaults={"sponsor_id": locked.sponsor_id})
        RosterProgress.objects.filter(roster_id=roster_id).update(
            cancelled_by=by.user_id, cancelled_at=now, cancelled_because=masked_within(reason)
        )
        _record("roster.withdrawn", roster_id, by)


def resume(*, roster_id: int, by: Actor) -> None:
    """Judge a list again from its kept file. Raises NothingToResume when it is judged, or on its way."""
    Roster.objects.get(pk=roster_id)
    with transaction.atomic():
        stopped = Roster.objects.select_for_update(of=("self",)).get(pk=roster_id)
        if stopped.status not in _AGAIN or is_under_way(roster_id):
            raise NothingToResume
        begin_again(roster_id)
        _record("roster.resumed", roster_id, by)


def begin_again(roster_id: int) -> None:
    """Put a kept list back into the queue, from its first row."""
    Roster.objects.filter(pk=roster_id).update(status=RosterStatus.RECEIVED)
    sponsor_id = Roster.objects.values_list("sponsor_id", flat=True).get(pk=roster_id)
    # A small list was judged at once, and nobody has noted how far it is.
    RosterProgress.objects.get_or_create(roster_id=roster_id, defaults={"sponsor_id": sponsor_id})
    RosterProgress.objects.filter(roster_id=roster_id).update(
        rows_done=0,
        rows_total=None,
        stopped_code="",
        stopped_where="",
        cancelled_by=None,
        cancelled_at=None,
        cancelled_because="",
    )
    _defer(roster_id)


def is_under_way(roster_id: int) -> bool:
    """Whether a task for this list waits or runs."""
    tasks = ProcrastinateJob.objects.filter(task_name=TASK, status__in=("todo", "doing"))
    return tasks.filter(args__roster_id=roster_id).exists()


def _record(action: str, roster_id: int, by: Actor) -> None:
    sponsor_id = Roster.objects.values_list("sponsor_id", flat=True).get(pk=roster_id)
    audit.record(action, by=by, subject=f"roster:{roster_id}", sponsor_id=sponsor_id, detail={})


def file_of(roster: Roster, *, by: Actor) -> bytes:
    """The bytes of a roster's file; that they were opened goes on the trail."""
    return keeping.fetch(Document.objects.get(pk=roster.document_id), by=by)
