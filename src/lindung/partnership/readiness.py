"""Whether a budget year may be billed, what is missing, whose turn it is, and by when it is needed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection

from lindung.engine.refusals import Refusal
from lindung.law import contributions as law
from lindung.law.months import Month, day_label
from lindung.law.text import Text, joined
from lindung.partnership.budget_years import Turn, YearPaperKind
from lindung.partnership.models import (
    Agreement,
    AgreementKind,
    AgreementState,
    Paper,
    YearNeed,
    YearPaper,
    YearTurn,
)

ASKED_FROM_MONTH = 10
"""From October on the next year's papers are asked for: budgets are made in the last quarter."""

CHAINS: Mapping[YearPaperKind, tuple[Turn, ...]] = {
    YearPaperKind.PERWAL: (Turn.PPTK, Turn.LEGAL, Turn.MAYOR),
    YearPaperKind.SK: (Turn.PPTK, Turn.LEGAL, Turn.KPA),
    YearPaperKind.PKS: (Turn.PPTK, Turn.BRANCH, Turn.KPA),
    YearPaperKind.DPA: (Turn.PPTK, Turn.PPK_SKPD, Turn.BPKAD),
}
"""The desks a paper passes, in order; the first has it until somebody notes that it went on."""

PAYING = (
    (Turn.PPTK, Text("menyiapkan permintaan pembayaran (SPP)", "prepares the payment request (SPP)")),
    (Turn.PPK_SKPD, Text("memeriksa kelengkapannya", "verifies that it is complete")),
    (Turn.KPA, Text("menandatangani SPM", "signs the payment order (SPM)")),
    (Turn.BPKAD, Text("menerbitkan SP2D", "issues the treasury order (SP2D)")),
    (
        Turn.TREASURER,
        Text("membayar kode iuran dan menyimpan bukti", "pays the contribution code, keeps the proof"),
    ),
)
"""What follows each month, once the year is ready."""


class YearItem(NamedTuple):
    """One paper a year needs. ``turn`` and ``turn_since`` are null once it is recorded; ``turn_since`` is also null
    while nobody has noted where it lies. ``recorded_on`` is the day it was recorded, where known."""

    kind: YearPaperKind
    recorded: bool
    number: str
    budget_code: str
    signed_on: date | None
    recorded_on: date | None
    document_id: int | None
    turn: Turn | None
    turn_since: date | None
    note: Text | None


class YearReadiness(NamedTuple):
    """A budget year of an agreement: ready when its first payable month may be billed; needed by that month's due day.

    ``month`` is null, and nothing is needed, where the agreement covers no month of the year.
    """

    agreement_id: int
    year: int
    month: Month | None
    needed_by: date | None
    ready: bool
    items: tuple[YearItem, ...]

    @property
    def missing(self) -> tuple[YearItem, ...]:
        """What is not recorded yet."""
        return tuple(item for item in self.items if not item.recorded)


class YearNotReady(Refusal):
    """A month of a year whose papers are incomplete is not payable."""

    code = "agreement.year_not_ready"

    def __init__(self, readiness: YearReadiness) -> None:
        text = Text(
            "Iuran {year} belum bisa ditagih: belum ada {papers}. Lengkapi di halaman dokumen tahun {year}.",
            "Contributions of {year} cannot be billed yet: {papers} missing. Complete the papers of {year}.",
        )
        super().__init__(text.filled(year=readiness.year, papers=named(readiness.missing)), field="month")


def year_readiness(*, agreement: Agreement, year: int, on: date) -> YearReadiness:
    """What the year has and lacks, as known on the day."""
    return readiness_of([agreement], years=(year,), on=on)[agreement.pk, year]


def readiness_of(
    agreements: Sequence[Agreement], *, years: Sequence[int], on: date
) -> dict[tuple[int, int], YearReadiness]:
    """The readiness of many agreements for several years, in a fixed number of queries."""
    months = {(each.pk, year): first_month(each, year) for each in agreements for year in years}
    asked = {key: month for key, month in months.items() if month is not None}
    known = _Known.of([each.pk for each in agreements], asked)
    return {
        (each.pk, year): _readiness(each, year, months[each.pk, year], known, on)
        for each in agreements
        for year in years
    }


def unready_of(
    agreements: Sequence[Agreement], *, years: Sequence[int]
) -> dict[tuple[int, int], YearReadiness]:
    """Those of the agreements' years that are not ready, each with the items it lacks and no others.

    In two queries: the day's page asks it for everybody.
    """
    held = {each.pk: each for each in agreements}
    months = {(each.pk, year): first_month(each, year) for each in agreements for year in years}
    asked = {
        (pk, year): month for (pk, year), month in months.items() if month and not _given_up(held[pk], month)
    }
    lacking = {key: kinds for key, kinds in _lacking(asked).items() if kinds}
    turns = _turns([pk for pk, _ in asked])
    return {
        (pk, year): YearReadiness(
            pk,
            year,
            asked[pk, year],
            _due(held[pk], asked[pk, year]),
            False,
            tuple(_missing(pk, year, kind, turns) for kind in YearPaperKind if kind in kinds),
        )
        for (pk, year), kinds in lacking.items()
    }


def first_month(agreement: Agreement, year: int) -> Month | None:
    """The first contribution month of a year that the agreement covers, or null."""
    since = Month.of(agreement.since)
    if agreement.since.day > 1:
        since = since.next()
    month = max(Month(year, 1), since)
    return month if month.year == year and agreement.covers(month.first_day()) else None


def require_ready(*, agreement: Agreement, month: Month) -> None:
    """Raise YearNotReady, naming what is missing, where the database would refuse the month's bill."""
    lacking = _lacking({(agreement.pk, month.year): month})[agreement.pk, month.year]
    if lacking:
        known = _Known.of([agreement.pk], {(agreement.pk, month.year): month})
        raise YearNotReady(_readiness(agreement, month.year, month, known, month.first_day()))


def named(items: Sequence[YearItem]) -> Text:
    """The papers by their short names: SK, DPA."""
    return joined(tuple(Text(str(item.kind.label), str(item.kind.label)) for item in items), ", ")


def needs_asking(on: date) -> bool:
    """Whether the next year's papers are asked for by themselves on this day."""
    return on.month >= ASKED_FROM_MONTH


class _Known(NamedTuple):
    """What is stored about the papers of some agreements."""

    lacking: dict[tuple[int, int], frozenset[str]]
    papers: dict[int, list[YearPaper]]
    pks: dict[int, list[Paper]]
    turns: dict[tuple[int, int, str], YearTurn]
    needs: dict[int, frozenset[str]]

    @classmethod
    def of(cls, ids: Sequence[int], months: Mapping[tuple[int, int], Month]) -> "_Known":
        return cls(_lacking(months), _year_papers(ids), _pks(ids), _turns(ids), _needed(ids))


def _readiness(
    agreement: Agreement, year: int, month: Month | None, known: _Known, on: date
) -> YearReadiness:
    if month is None or _given_up(agreement, month):
        return YearReadiness(agreement.pk, year, None, None, True, ())
    lacking = known.lacking[agreement.pk, year]
    kinds = [kind for kind in YearPaperKind if kind in known.needs[agreement.pk]]
    items = tuple(_item(agreement, year, month, kind, kind in lacking, known) for kind in kinds)
    return YearReadiness(agreement.pk, year, month, _due(agreement, month), not lacking, items)


def _given_up(agreement: Agreement, month: Month) -> bool:
    """Whether the agreement was terminated before the month: nobody will bill it."""
    return agreement.state == AgreementState.TERMINATED and not agreement.covers(month.first_day())


def _missing(
    agreement_id: int, year: int, kind: YearPaperKind, turns: Mapping[tuple[int, int, str], YearTurn]
) -> YearItem:
    turn = turns.get((agreement_id, year, kind))
    desk = Turn(turn.turn) if turn else CHAINS[kind][0]
    return YearItem(kind, False, "", "", None, None, None, desk, turn.since if turn else None, None)


def _item(
    agreement: Agreement, year: int, month: Month, kind: YearPaperKind, missing: bool, known: _Known
) -> YearItem:
    if missing:
        return _missing(agreement.pk, year, kind, known.turns)
    if kind == YearPaperKind.PKS:
        return _pks_item(known.pks[agreement.pk], month)
    found = [p for p in known.papers[agreement.pk] if p.kind == kind and p.year <= year <= p.last_year][-1]
    several = _SPANS.filled(year=found.year, last=found.last_year) if found.last_year > found.year else None
    return YearItem(
        kind,
        True,
        found.number,
        found.budget_code,
        found.signed_on,
        found.recorded_at.date(),
        found.document_id,
        None,
        None,
        several,
    )


def _pks_item(pks: Sequence[Paper], month: Month) -> YearItem:
    in_force = [p for p in pks if (p.since or p.signed_on) < month.end()]
    found = [p for p in in_force if p.until is None or p.until > month.first_day()][-1]
    ends = found.until is not None and found.until < Month(month.year + 1, 1).first_day()
    note = _ENDS.filled(day=day_label(found.until)) if ends and found.until else None
    return YearItem(
        YearPaperKind.PKS, True, found.number, "", found.signed_on, None, found.document_id, None, None, note
    )


_SPANS = Text("berlaku {year} sampai {last}", "holds from {year} to {last}")
_ENDS = Text(
    "berlaku sampai sebelum {day}; perpanjang sebelum hari itu",
    "ends before {day}; prolong it before that day",
)


def _due(agreement: Agreement, month: Month) -> date:
    """The day by which the month must be paid: then at the latest the papers are needed."""
    segment = "pu" if agreement.kind == AgreementKind.EMPLOYER else "bpu"
    return law.first_due_day(segment=segment, programmes=frozenset(agreement.programmes), month=month)


_LACKING = """
SELECT a.id, a.year, agreement_year_lacks(a.id, a.month)
  FROM unnest(%s::bigint[], %s::int[], %s::date[]) AS a(id, year, month)
"""


def _lacking(months: Mapping[tuple[int, int], Month]) -> dict[tuple[int, int], frozenset[str]]:
    """What the database itself says is missing: the page cannot promise what a bill would be refused for."""
    ids, years = [key[0] for key in months], [key[1] for key in months]
    with connection.cursor() as cursor:
        cursor.execute(_LACKING, [ids, years, [month.first_day() for month in months.values()]])
        return {(pk, year): frozenset(kinds) for pk, year, kinds in cursor.fetchall()}


def _year_papers(ids: Sequence[int]) -> dict[int, list[YearPaper]]:
    found: dict[int, list[YearPaper]] = {pk: [] for pk in ids}
    for paper in YearPaper.objects.filter(agreement__in=ids, withdrawn_by__isnull=True).order_by("pk"):
        found[paper.agreement_id].append(paper)
    return found


def _pks(ids: Sequence[int]) -> dict[int, list[Paper]]:
    """The PKS and the addenda that carry it on."""
    found: dict[int, list[Paper]] = {pk: [] for pk in ids}
    rows = Paper.objects.filter(agreement__in=ids)
    carrying = rows.filter(kind="pks") | rows.filter(amendments__term="until")
    for paper in carrying.distinct().order_by("signed_on", "pk"):
        found[paper.agreement_id].append(paper)
    return found


def _turns(ids: Sequence[int]) -> dict[tuple[int, int, str], YearTurn]:
    turns = YearTurn.objects.filter(agreement__in=ids).order_by("pk")
    return {(turn.agreement_id, turn.year, turn.kind): turn for turn in turns}


def _needed(ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """Which papers each agreement needs: by its kind and by whose money pays any part of it."""
    rules: dict[tuple[str, str], set[str]] = {}
    for kind, payer, paper in YearNeed.objects.values_list("agreement_kind", "payer", "paper"):
        rules.setdefault((kind, payer), set()).add(paper)
    needed: dict[int, set[str]] = {pk: set() for pk in ids}
    held = Agreement.objects.filter(pk__in=ids).values_list(
        "pk", "kind", "funding_source__kind", "segments__funding_source__kind"
    )
    for pk, kind, own, other in held:
        needed[pk] |= rules.get((kind, own), set()) | rules.get((kind, other or ""), set())
    return {pk: frozenset(papers) for pk, papers in needed.items()}
