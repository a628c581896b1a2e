"""The papers of the example: agreements from draft to force, and what makes 2025 and 2026 payable, but not yet 2027.

Every step is the real one, by the person whose step it is. The numbers of the papers and the names are invented.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from lindung.access.models import Organisation
from lindung.access.scope import Actor, in_scope, scope_of, user_named
from lindung.partnership import agreements, budgets, papers, year_papers
from lindung.partnership.agreements import SegmentPlan, Terms
from lindung.partnership.budget_years import Turn, YearPaperKind
from lindung.partnership.models import Agreement, ArrearsBearer, FundingSource, SourceOrigin
from lindung.partnership.papers import File, PaperEntry, Signed

T = TypeVar("T")
ZONE = ZoneInfo("Asia/Jakarta")
BRANCH = "BPJS Ketenagakerjaan Cabang Jambi"
FIRST_DAY = dt.date(2025, 6, 1)
LAUNCHED = dt.date(2025, 5, 28)
LAST_YEAR, GAP_YEAR = 2026, 2027
BUDGET_CODES = {"disnaker": "2.07.03.2.01.0005", "kesra": "4.01.02.2.02.0003", "dlh": "2.11.11.2.01.0016"}
BUDGET_CODES |= {"dpmd": "2.13.04.2.01.0007", "diskan": "3.25.03.2.02.0004", "kesra-mj": "4.01.02.2.02.0011"}
DESKS = {YearPaperKind.SK: Turn.LEGAL, YearPaperKind.DPA: Turn.PPK_SKPD}
_HEADS = {
    "disnaker": ("Dra. Nurhayati", "Kepala Dinas Tenaga Kerja"),
    "kesra": ("H. Mulyadi", "Kepala Bagian Kesejahteraan Rakyat"),
    "dlh": ("Ir. Zulkarnain", "Kepala Dinas Lingkungan Hidup"),
    "dpmd": ("Drs. Rusdi Hamzah", "Kepala Dinas Pemberdayaan Masyarakat dan Desa"),
    "diskan": ("Ir. Farida Hasanah", "Kepala Dinas Perikanan"),
    "kesra-mj": ("H. Saiful Karim", "Kepala Bagian Kesejahteraan Rakyat"),
    "dishub-mj": ("Teguh Wibowo", "Kepala Dinas Perhubungan"),
}


class Days(NamedTuple):
    """When an agreement took each of its steps."""

    drafted: dt.date
    submitted: dt.date
    signed: dt.date
    activated: dt.date


BEFORE_THE_LAUNCH = Days(
    dt.date(2025, 4, 28), dt.date(2025, 5, 12), dt.date(2025, 5, 19), dt.date(2025, 5, 21)
)


class Promise(NamedTuple):
    """One office's agreement: code, title, its one segment with the quota, budgets by year in whole rupiah."""

    office: str
    office_name: str
    code: str
    title: str
    segment: SegmentPlan
    budgets: Mapping[int, int]
    officer: str
    treasurer: str
    days: Days = BEFORE_THE_LAUNCH


def sign(promise: Promise) -> None:
    """Bring the agreement into force before the first list comes, and put the years up to 2026 in order."""
    agreement_id = _drafted(promise)
    into_force(promise, agreement_id)
    for year in (FIRST_DAY.year, LAST_YEAR):
        _year_paper(promise, agreement_id, year, "sk")
        _year_paper(promise, agreement_id, year, "dpa", budget_code=BUDGET_CODES[promise.office])
    _perwal(promise, agreement_id)
    _mou(promise, agreement_id)


def sign_employer(promise: Promise, agreement_id: int) -> None:
    """Bring the agreement of an office that employs its own people into force: of a year's papers it needs the DPA."""
    into_force(promise, agreement_id)
    for year in promise.budgets:
        _year_paper(promise, agreement_id, year, "dpa", budget_code=BUDGET_CODES[promise.office])


def sign_year(promise: Promise, agreement_id: int, year: int, *, regulation: str) -> None:
    """All papers that one year of a sponsored agreement needs, recorded when it is in force."""
    _year_paper(promise, agreement_id, year, "sk")
    _year_paper(promise, agreement_id, year, "dpa", budget_code=BUDGET_CODES[promise.office])
    _year_paper(promise, agreement_id, year, "perwal", number=regulation)


def into_force(promise: Promise, agreement_id: int) -> None:
    """A draft submitted and signed by the officer, activated by the treasurer, with its budgets."""
    days = promise.days
    _as(
        promise.officer,
        days.submitted,
        lambda by, now: agreements.submit(agreement_id=agreement_id, by=by, now=now),
    )
    pks = _pks(promise)
    _as(
        promise.officer,
        days.signed,
        lambda by, now: agreements.record_signed(agreement_id=agreement_id, paper=pks, by=by, now=now),
    )
    _as(
        promise.treasurer,
        days.activated,
        lambda by, now: agreements.activate(agreement_id=agreement_id, by=by, now=now),
    )
    _budgets(promise, agreement_id)


def look_ahead(promise: Promise, *, desks: Mapping[YearPaperKind, Turn] = DESKS) -> None:
    """November 2026: papers of 2027 are still on their way; each lies on the desk named here."""
    on = dt.date(GAP_YEAR - 1, 11, 2)

    def pass_on(by: Actor, now: dt.datetime) -> None:
        agreement = Agreement.objects.get(code=promise.code)
        for kind, turn in desks.items():
            year_papers.pass_on(
                agreement_id=agreement.pk, kind=kind, year=GAP_YEAR, turn=turn, since=on, by=by
            )

    _as(promise.officer, on, pass_on)


def _drafted(promise: Promise) -> int:
    city = Organisation.objects.get(code="jambi")

    def draft(by: Actor, now: dt.datetime) -> Agreement:
        source = FundingSource.objects.filter(sponsor=city, name="APBD Kota Jambi").first()
        source = source or agreements.add_source(
            sponsor_id=city.pk, origin=SourceOrigin.APBD, name="APBD Kota Jambi", by=by
        )
        terms = Terms(
            title=promise.title,
            paying_office_id=Organisation.objects.get(code=promise.office).pk,
            funding_source_id=source.pk,
            programmes=("jkk", "jkm"),
            since=FIRST_DAY,
            arrears_borne_by=ArrearsBearer.SPONSOR,
        )
        return agreements.draft_agreement(
            code=promise.code,
            sponsor_id=city.pk,
            branch_id=Organisation.objects.get(code="bpjs-jambi").pk,
            terms=terms,
            segments=(promise.segment,),
            by=by,
            now=now,
        )

    return _as(promise.officer, promise.days.drafted, draft).pk


def _pks(promise: Promise) -> PaperEntry:
    head = _HEADS[promise.office]
    signed = promise.days.signed
    number = f"PKS/{promise.office.upper()}/01/{signed.year}"
    return PaperEntry(
        kind="pks",
        number=number,
        signed_at="Jambi",
        signed_on=signed,
        first_party=promise.office_name,
        second_party=BRANCH,
        signatories=(Signed(*head, "first"), Signed("Dewi Lestari", "Kepala Kantor Cabang Jambi", "second")),
        file=scan(number, signed),
    )


def _mou(promise: Promise, agreement_id: int) -> None:
    """The city's one MoU, signed nine days after the PKS; both agreements tell of it under one number."""
    number = "MoU/JAMBI/05/2025"
    entry = PaperEntry(
        kind="mou",
        number=number,
        signed_at="Jambi",
        signed_on=LAUNCHED,
        first_party="Pemerintah Kota Jambi",
        second_party=BRANCH,
        signatories=(
            Signed("Wali Kota Jambi", "Wali Kota", "first"),
            Signed("Dewi Lestari", "Kepala Kantor Cabang Jambi", "second"),
        ),
        file=scan(number, LAUNCHED),
    )
    _as(
        promise.officer,
        LAUNCHED,
        lambda by, now: papers.record_paper(agreement_id=agreement_id, entry=entry, by=by, now=now),
    )


def _budgets(promise: Promise, agreement_id: int) -> None:
    for year in promise.budgets:
        _budget(promise, agreement_id, year)


def _budget(promise: Promise, agreement_id: int, year: int) -> None:
    def set_aside(by: Actor, now: dt.datetime) -> None:
        budgets.record_budget(
            agreement_id=agreement_id, funding_source_id=Agreement.objects.get(pk=agreement_id).funding_source_id,
            year=year, amount=promise.budgets[year], number=_number("DPA", promise, year), signed_on=_before(year),
            by=by, today=now.date(),
        )  # fmt: skip

    _as(promise.officer, max(promise.days.activated, _before(year)), set_aside)


def _year_paper(
    promise: Promise, agreement_id: int, year: int, kind: str, *, budget_code: str = "", number: str = ""
) -> None:
    """The decree with the list, or the budget line, of a year."""
    number = number or _number(kind.upper(), promise, year)

    def record(by: Actor, now: dt.datetime) -> None:
        year_papers.record_year_paper(
            agreement_id=agreement_id, kind=kind, year=year, number=number, signed_on=_before(year),
            budget_code=budget_code, file=scan(number, _before(year)), by=by, now=now,
        )  # fmt: skip

    _as(promise.officer, max(promise.days.activated, _before(year)), record)


def _perwal(promise: Promise, agreement_id: int) -> None:
    """The city's legal base holds for three years: 2027 has it already."""

    def record(by: Actor, now: dt.datetime) -> None:
        year_papers.record_year_paper(
            agreement_id=agreement_id, kind="perwal", year=FIRST_DAY.year, last_year=GAP_YEAR,
            number="Perwal 12/2025", signed_on=dt.date(2025, 4, 21), by=by, now=now,
            file=scan("Perwal 12/2025", dt.date(2025, 4, 21)),
        )  # fmt: skip

    _as(promise.officer, promise.days.activated, record)


def _number(name: str, promise: Promise, year: int) -> str:
    return f"{name}/{promise.office.upper()}/{year}"


def _before(year: int) -> dt.date:
    """Papers of 2025 came with the programme in May, those of 2026 in the last days of the year before."""
    return dt.date(2025, 5, 20) if year == FIRST_DAY.year else dt.date(year - 1, 12, 19)


def _as(username: str, on: dt.date, act: Callable[[Actor, dt.datetime], T]) -> T:
    user = user_named(username)
    by = Actor.of(user)
    with in_scope(scope_of(user, on), actor=by):
        return act(by, dt.datetime.combine(on, dt.time(10), ZONE))


def scan(number: str, on: dt.date) -> File:
    """A PDF of one page that says what it stands for, so that the example has something to open."""
    text = f"{number}, {on:%d-%m-%Y}. Contoh, bukan surat asli."
    stream = f"BT /F1 14 Tf 60 760 Td ({text}) Tj ET".encode("ascii")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    )
    body, places = b"%PDF-1.4\n", []
    for place, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (place, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in places)
    end = b"trailer << /Size 7 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return File(f"{number.replace('/', '-')}.pdf", body + b"xref\n0 7\n0000000000 65535 f \n" + table + end)
