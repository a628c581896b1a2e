"""Everything that is kept about one agreement, in the order in which it happened."""

from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from django.utils.timezone import localtime

from lindung.access.names import with_users
from lindung.documents.models import Document
from lindung.law.money import counted
from lindung.law.months import day_label
from lindung.law.text import Text
from lindung.partnership.models import (
    Agreement,
    AgreementChange,
    AgreementState,
    Amendment,
    ArrearsBearer,
    Budget,
    Paper,
    PaperKind,
    Segment,
    Signatory,
    YearPaper,
)


class Entry(NamedTuple):
    """Something that happened: on which day, what in words, the details, who recorded it, and its file."""

    on: date
    order: int
    kind: str
    title: Text
    details: tuple[Text, ...]
    signatories: tuple[Signatory, ...]
    by: str
    document: Document | None
    year_paper: YearPaper | None = None

    @property
    def fingerprint(self) -> str:
        """The first digits of the file's SHA-256, enough to compare by eye."""
        return self.document.sha256[:12] if self.document else ""


class Story(NamedTuple):
    """An agreement with its segments, its budgets by year and source, and its entries, the newest first."""

    agreement: Agreement
    state: AgreementState
    segments: tuple[Segment, ...]
    budgets: tuple["YearBudget", ...]
    entries: tuple[Entry, ...]
    remarks: tuple[Text, ...]
    sent_back: str


class YearBudget(NamedTuple):
    """What one source sets aside in one year, in whole rupiah, and the rows that make it, withdrawn ones too."""

    year: int
    source: str
    total: int
    rows: tuple[Budget, ...]


def story(*, agreement_id: int) -> Story:
    """The story of one agreement, in a fixed number of queries. Raises Agreement.DoesNotExist out of sight."""
    held = Agreement.objects.select_related(
        "funding_source", "paying_office", "branch", "sponsor", "drafted_by"
    ).get(pk=agreement_id)
    changes = with_users(held.changes.order_by("pk"), "by")
    papers = list(held.papers.select_related("document").order_by("signed_on", "pk"))
    entries = [*_steps(changes), *_papers(papers), *_year_papers(held)]
    return Story(
        held,
        AgreementState(held.state),
        tuple(held.segments.select_related("funding_source").order_by("pk")),
        _budgets(held),
        tuple(sorted(entries, key=lambda entry: (entry.on, entry.order), reverse=True)),
        _remarks(papers),
        _sent_back(held, changes),
    )


def document_of(*, agreement_id: int, document_id: int) -> Document:
    """A file of this agreement's story, and of no other. Raises Document.DoesNotExist."""
    papers = Paper.objects.filter(agreement_id=agreement_id, document_id=document_id)
    years = YearPaper.objects.filter(agreement_id=agreement_id, document_id=document_id)
    if not (papers.exists() or years.exists()):
        raise Document.DoesNotExist
    return Document.objects.get(pk=document_id)


_WRITTEN = Text("Konsep ditulis", "Draft written")
"""The first step of every agreement."""
_STEPS = {
    ("draft", "draft"): Text("Konsep diubah", "Draft changed"),
    ("draft", "in_review"): Text("Diajukan untuk diperiksa", "Submitted for review"),
    ("in_review", "draft"): Text("Dikembalikan untuk diperbaiki", "Sent back to be mended"),
    ("in_review", "signed"): Text("Dicatat sudah ditandatangani", "Recorded as signed"),
    ("signed", "active"): Text("Diaktifkan oleh orang kedua", "Activated by a second person"),
    ("active", "ended"): Text("Berakhir", "Ended"),
    ("active", "terminated"): Text("Dihentikan sebelum waktunya", "Terminated before its time"),
    ("terminated", "terminated"): Text("Tanggal berhentinya diperbaiki", "Its last day was put right"),
}


def _steps(changes: list[AgreementChange]) -> list[Entry]:
    return [
        Entry(
            _day(change.at),
            change.pk,
            "step",
            _STEPS[change.from_state, change.to_state] if number else _WRITTEN,
            (Text(change.reason, change.reason),) if change.reason else (),
            (),
            change.by.name,
            None,
        )
        for number, change in enumerate(changes)
    ]


def _day(moment: datetime) -> date:
    return localtime(moment).date()


def _papers(papers: list[Paper]) -> list[Entry]:
    signed: dict[int, list[Signatory]] = {}
    for each in Signatory.objects.filter(paper__in=papers).order_by("pk"):
        signed.setdefault(each.paper_id, []).append(each)
    changed: dict[int, list[Text]] = {}
    for change in Amendment.objects.filter(paper__in=papers).select_related("segment").order_by("pk"):
        changed.setdefault(change.paper_id, []).append(_amended(change))
    return [
        Entry(
            paper.signed_on,
            0,
            "paper",
            _called(PAPER_NAMES[PaperKind(paper.kind)], paper.number),
            (_parties(paper), *_period(paper), *changed.get(paper.pk, [])),
            tuple(signed.get(paper.pk, [])),
            "",
            paper.document,
        )
        for paper in papers
    ]


PAPER_NAMES = {
    PaperKind.MOU: Text("MoU", "MoU"),
    PaperKind.PKS: Text("PKS", "PKS"),
    PaperKind.SK: Text("SK", "SK"),
    PaperKind.ADDENDUM: Text("Adendum", "Addendum"),
}


def _called(kind: Text, number: str) -> Text:
    """A paper by kind and number; many numbers begin with the kind already."""
    if number.lower().startswith(kind.id.lower()):
        return Text(number, number)
    return Text("{kind} {number}", "{kind} {number}").filled(kind=kind, number=number)


def _parties(paper: Paper) -> Text:
    if not paper.second_party:
        text = Text("Ditetapkan {first} di {place}", "Decided by {first} in {place}")
    else:
        text = Text("{first} dengan {second}, di {place}", "{first} with {second}, in {place}")
    return text.filled(first=paper.first_party, second=paper.second_party, place=paper.signed_at)


def _period(paper: Paper) -> tuple[Text, ...]:
    if paper.since is None and paper.until is None:
        return ()
    since = day_label(paper.since or paper.signed_on)
    if paper.until is None:
        return (Text("Berlaku mulai {since}", "In force from {since}").filled(since=since),)
    text = Text("Berlaku {since} sampai sebelum {until}", "In force from {since} until before {until}")
    return (text.filled(since=since, until=day_label(paper.until)),)


def _amended(change: Amendment) -> Text:
    if change.term == "quota" and change.segment is not None:
        text = Text("Kuota {segment}: {was} menjadi {now}", "Quota of {segment}: {was} becomes {now}")
        was, now = counted(change.quota_was or 0), counted(change.quota_is or 0)
        return text.filled(segment=change.segment.label, was=was, now=now)
    if change.term == "until":
        text = Text("Masa berlaku: {was} menjadi {now}", "Period: {was} becomes {now}")
        return text.filled(was=_end(change.until_was), now=_end(change.until_is))
    text = Text("Penanggung tunggakan: {was} menjadi {now}", "Arrears borne by: {was} becomes {now}")
    return text.filled(
        was=BEARERS[ArrearsBearer(change.arrears_was)], now=BEARERS[ArrearsBearer(change.arrears_is)]
    )


BEARERS = {
    ArrearsBearer.SPONSOR: Text("pemerintah daerah", "the local government"),
    ArrearsBearer.PARTICIPANT: Text("peserta atau ahli waris", "the participant or the heirs"),
    ArrearsBearer.UNSAID: Text("belum diatur dalam PKS", "not settled in the PKS"),
}


def _end(until: date | None) -> Text:
    return Text("sampai sebelum {day}", "until before {day}").filled(day=day_label(until)) if until else _OPEN


_OPEN = Text("tanpa batas akhir", "open-ended")


def _year_papers(held: Agreement) -> list[Entry]:
    kept = held.year_papers.select_related("document").order_by("pk")
    papers = with_users(kept, "recorded_by", "withdrawn_by")
    return [
        Entry(
            paper.signed_on, paper.pk, "year", _year_title(paper), _year_details(paper), (), paper.recorded_by.name,
            paper.document, paper,
        )
        for paper in papers
    ]  # fmt: skip


def _year_title(paper: YearPaper) -> Text:
    years = str(paper.year) if paper.last_year == paper.year else f"{paper.year}–{paper.last_year}"
    name = Text(paper.get_kind_display(), paper.get_kind_display())
    text = Text("{paper} untuk tahun {years}", "{paper} for {years}")
    return text.filled(paper=_called(name, paper.number), years=years)


def _year_details(paper: YearPaper) -> tuple[Text, ...]:
    details = []
    if paper.budget_code:
        details.append(Text("Kode anggaran {code}", "Budget code {code}").filled(code=paper.budget_code))
    if paper.withdrawn_by is not None:
        text = Text("Ditarik oleh {name}: {reason}", "Withdrawn by {name}: {reason}")
        details.append(text.filled(name=paper.withdrawn_by.name, reason=paper.withdrawn_because))
    return tuple(details)


def _budgets(held: Agreement) -> tuple[YearBudget, ...]:
    rows = held.budgets.select_related("funding_source", "withdrawn_by").order_by(
        "-year", "funding_source__name", "pk"
    )
    grouped = groupby(rows, key=lambda row: (row.year, row.funding_source.name))
    return tuple(
        YearBudget(year, source, sum(row.amount for row in parts if row.withdrawn_by_id is None), parts)
        for (year, source), parts in ((key, tuple(found)) for key, found in grouped)
    )


def _remarks(papers: list[Paper]) -> tuple[Text, ...]:
    """What is unusual and lawful: said plainly, never refused."""
    first = {kind: next((p for p in papers if p.kind == kind), None) for kind in ("mou", "pks")}
    mou, pks = first["mou"], first["pks"]
    if pks is None:
        return ()
    if mou is None:
        return (_NO_MOU,)
    return (_PKS_FIRST,) if pks.signed_on < mou.signed_on else ()


_NO_MOU = Text(
    "PKS ini tidak punya MoU. Itu boleh; MoU bisa dicatat kapan saja.",
    "This PKS has no MoU. That is allowed; an MoU can be recorded at any time.",
)
_PKS_FIRST = Text(
    "PKS ditandatangani sebelum MoU. Itu boleh dan dicatat apa adanya.",
    "The PKS was signed before the MoU. That is allowed and recorded as it is.",
)


def _sent_back(held: Agreement, changes: list[AgreementChange]) -> str:
    """Why a draft came back, while it is one and nobody has rewritten it since."""
    last = changes[-1] if changes else None
    back = last is not None and (last.from_state, last.to_state) == ("in_review", "draft")
    return last.reason if last is not None and back and held.state == AgreementState.DRAFT else ""
