"""Records the papers of an agreement: MoU, PKS, SK and addenda, each with its file, its signatories, its changes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.documents import keeping
from lindung.documents.models import Document
from lindung.engine.refusals import Refusal
from lindung.law.text import Text
from lindung.partnership.models import (
    Agreement,
    AgreementState,
    Amendment,
    Paper,
    PaperKind,
    Signatory,
)
from lindung.partnership.paper_dates import recorded_on, require_dated
from lindung.partnership.paper_trail import AmendedTerm

DOCUMENT_KIND = "paper"
MOST_BYTES = 10 * 1024 * 1024
_SIGNS = (b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
"""How a PDF, a JPEG and a PNG begin: what scanners make."""


class File(NamedTuple):
    """A file as it was sent."""

    name: str
    content: bytes


class Signed(NamedTuple):
    """Who signed: name, office held, and for which party (`first`, `second`, `witness`)."""

    name: str
    position: str
    party: str


class PaperEntry(NamedTuple):
    """A signed paper as it is recorded: its period is half-open, `since` null from the signing, `until` null open."""

    kind: str
    number: str
    signed_at: str
    signed_on: date
    first_party: str
    second_party: str = ""
    since: date | None = None
    until: date | None = None
    signatories: tuple[Signed, ...] = ()
    file: File | None = None


class NewQuota(NamedTuple):
    """An addendum gives a segment another quota; `was` is what the writer saw."""

    segment_id: int
    was: int
    quota: int


class NewEnd(NamedTuple):
    """An addendum moves the end of the agreement; null is open."""

    was: date | None
    until: date | None


class NewBearer(NamedTuple):
    """An addendum says who bears arrears."""

    was: str
    bearer: str


Change = NewQuota | NewEnd | NewBearer


class NotAScan(Refusal):
    """Only what scanners make is taken, so that nobody is sent a programme."""

    code = "paper.not_a_scan"

    def __init__(self) -> None:
        super().__init__(
            Text("Kirim pindaian surat sebagai PDF, JPG atau PNG.", "Send the scan as PDF, JPG or PNG."),
            field="file",
        )


class TooLarge(Refusal):
    """The scan is larger than is kept."""

    code = "paper.too_large"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Berkas lebih dari 10 MB. Pindai ulang dengan mutu lebih rendah.",
                "The file is larger than 10 MB. Scan it again in a lower quality.",
            ),
            field="file",
        )


class NothingChanged(Refusal):
    """An addendum changes something."""

    code = "addendum.changes_nothing"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Sebut apa yang diubah adendum ini: kuota, masa berlaku, atau penanggung tunggakan.",
                "Say what this addendum changes: a quota, the period, or who bears arrears.",
            )
        )


class AddendumTooEarly(Refusal):
    """A draft is rewritten, not amended."""

    code = "addendum.not_signed_yet"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Adendum hanya untuk kerja sama yang sudah ditandatangani atau berlaku.",
                "An addendum is for an agreement that is signed or in force.",
            )
        )


def record_paper(
    *, agreement_id: int, entry: PaperEntry, by: Actor, now: datetime, changes: Sequence[Change] = ()
) -> Paper:
    """Record a paper with its file and signatories; an addendum changes what it names, in the same transaction.

    A PKS older than its MoU, or without one, is recorded as it is. An MoU that another agreement of the city has
    recorded under the same number brings its file along. Raises SignedLater, SignedTooEarly, AddendumTooEarly,
    NothingChanged, NotAScan, TooLarge, and IntegrityError for a number recorded before.
    """
    today = recorded_on(now)
    require_dated(signed_on=entry.signed_on, kind=entry.kind, on=today)
    with transaction.atomic():
        held = Agreement.objects.select_for_update(no_key=True).get(pk=agreement_id)
        if entry.kind == PaperKind.ADDENDUM:
            _refuse_addendum(held, changes)
        made = Paper.objects.create(
            agreement=held,
            sponsor_id=held.sponsor_id,
            document=_document(held, entry, by=by, now=now),
            recorded_on=today,
            **{name: value for name, value in entry._asdict().items() if name not in ("signatories", "file")},
        )
        Signatory.objects.bulk_create(
            Signatory(paper=made, sponsor_id=held.sponsor_id, **each._asdict()) for each in entry.signatories
        )
        event = audit.record(
            "paper.recorded",
            by=by,
            subject=f"agreement:{held.pk}",
            sponsor_id=held.sponsor_id,
            detail={"paper": made.pk, "kind": made.kind, "signed_on": made.signed_on.isoformat()},
        )
        for change in changes:
            _amend(made, change, event=event)
    return made


def keep_scan(file: File, *, by: Actor, sponsor_id: int, now: datetime) -> Document:
    """Keep the scan of a paper, sealed; the same bytes of one city are one document. Raises NotAScan, TooLarge."""
    if len(file.content) > MOST_BYTES:
        raise TooLarge
    if not file.content.startswith(_SIGNS):
        raise NotAScan
    return keeping.keep(file.name, file.content, kind=DOCUMENT_KIND, by=by, sponsor_id=sponsor_id, now=now)


def _document(held: Agreement, entry: PaperEntry, *, by: Actor, now: datetime) -> Document | None:
    if entry.file is not None:
        return keep_scan(entry.file, by=by, sponsor_id=held.sponsor_id, now=now)
    if entry.kind != PaperKind.MOU:
        return None
    known = Paper.objects.filter(
        sponsor_id=held.sponsor_id, kind=PaperKind.MOU, number=entry.number, document__isnull=False
    ).first()
    return known.document if known else None


def _refuse_addendum(held: Agreement, changes: Sequence[Change]) -> None:
    if held.state not in (AgreementState.SIGNED, AgreementState.ACTIVE):
        raise AddendumTooEarly
    # What is to be stands last in every change.
    if not any(change[-1] != change.was for change in changes):
        raise NothingChanged


def _amend(paper: Paper, change: Change, *, event: int) -> None:
    made = Amendment(
        paper=paper, agreement_id=paper.agreement_id, sponsor_id=paper.sponsor_id, event_id=event
    )
    match change:
        case NewQuota(segment_id, was, quota):
            made.term, made.segment_id = AmendedTerm.QUOTA, segment_id
            made.quota_was, made.quota_is = was, quota
        case NewEnd(was_until, until):
            made.term, made.until_was, made.until_is = AmendedTerm.UNTIL, was_until, until
        case NewBearer(was_bearer, bearer):
            made.term, made.arrears_was, made.arrears_is = AmendedTerm.ARREARS, was_bearer, bearer
    made.save(force_insert=True)
