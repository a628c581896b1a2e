"""One small way to build what a test stands on: a city, its branch, offices and users, an agreement, its people.

Everything runs through the real functions, as the app role; there is only the file that is missing, because
reading one takes a child process (tests/membership reads files). Say what differs by keyword:

    jambi = city()
    rentan = agreement(jambi, quota=2, programmes=["jkk", "jkm", "jht"])
    enrol(jambi, rentan, SITI, BUDI, since=Month(2025, 6))
    pay(jambi, rentan, Month(2025, 6), on=date(2025, 6, 10))
    with jambi.acting(Role.MAYOR): ...
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction

import agreed
from lindung.access import audit
from lindung.access.appointing import appoint
from lindung.access.models import Organisation, OrganisationKind, Role, User
from lindung.access.scope import Actor, Scope, SystemScope, in_scope, scope_of, system_scope
from lindung.access.sealing import blind_index
from lindung.claims import branch_word
from lindung.contributions import billing, payments
from lindung.contributions.models import Bill, Payment, Settlement
from lindung.documents import keeping
from lindung.identity import names
from lindung.law.months import Month, months_from
from lindung.ledger.models import AccountKind, Instruction, InstructionKind
from lindung.ledger.posting import Line, account, open_month, post
from lindung.membership import enrolling, explaining, occupations, sealed_rows
from lindung.membership.branch_records import BranchImport, NoteState, WordKind
from lindung.membership.intake import indexes
from lindung.membership.judging import Facts, Judged
from lindung.membership.models import Roster, RosterRow, RosterStatus, Verdict
from lindung.partnership import authority as powers
from lindung.partnership import papers
from lindung.partnership.agreements import SegmentPlan, Terms
from lindung.partnership.deciders import Decider, Function
from lindung.partnership.models import Agreement, ArrearsBearer, FundingSource, Paper, PayerKind
from lindung.partnership.papers import Change, NewEnd, NewQuota
from lindung.people.models import Person

ZONE = ZoneInfo("Asia/Jakarta")
TODAY = date(2026, 11, 22)
APPOINTED = date(2015, 7, 1)
REGISTERED = date(2025, 5, 22)
FIRST_MONTH = Month(2025, 6)
LAST_READY = 2027
"""The last budget year whose papers ``agreement`` records."""
PRICE = 16_800
"""JKK and JKM of one worker of the lowest band, paid by a city: 10,000 + 6,800."""
THE_HOK, LEGOK = "15.71.02.1004", "15.71.10.1003"
BUILDER = Actor(None, "tests")


class Worker(NamedTuple):
    """A person as a list would name him; vary one with ``_replace``."""

    name: str
    nik: str
    birth_date: date
    sex: str
    kelurahan_code: str
    occupation: str


SITI = Worker("Siti Aminah", "1571025203840001", date(1984, 3, 12), "F", THE_HOK, "Petugas kebersihan")
BUDI = Worker("Budi Santoso", "1571100507790002", date(1979, 7, 5), "M", LEGOK, "Marbot")
STRANGER = Worker("Rahmat Hidayat", "1571101708900003", date(1990, 8, 17), "M", LEGOK, "Tukang ojek")
"""Rides an ojek: the only one of the three whose sector is road transport."""


def crowd(count: int, *, after: int = 0) -> list[Worker]:
    """People beside the three, all alike but for their number; the next ones ``after`` so many."""
    return [
        SITI._replace(name=f"Warga Ke{number}", nik=f"157102520384{number:04}")
        for number in range(100 + after, 100 + after + count)
    ]


class City(NamedTuple):
    """A city that sponsors, its branch and paying office, and one user for each role that acts for it."""

    sponsor: Organisation
    branch: Organisation
    office: Organisation
    users: dict[Role, User]

    def actor(self, role: Role = Role.CITY_OFFICER) -> Actor:
        """The user of this role as an actor."""
        return Actor.of(self.users[role])

    def standing(self, role: Role = Role.CITY_OFFICER, *, on: date = TODAY) -> tuple[Actor, Scope]:
        """The user of this role as an actor, and what the role sees."""
        return self.actor(role), scope_of(self.users[role], on)

    @contextmanager
    def acting(self, role: Role = Role.CITY_OFFICER, *, on: date = TODAY) -> Iterator[Actor]:
        """A transaction in which the user of this role sees what the role sees, and nothing else."""
        with in_scope(scope_of(self.users[role], on), actor=self.actor(role)):
            yield self.actor(role)


def city(code: str = "jambi", *, branch: Organisation | None = None) -> City:
    """A city with an office and users; with ``branch``, one more city of that branch."""
    with system_scope(SystemScope.DEMO, actor=BUILDER):
        return _city(code, branch)


def _city(code: str, branch: Organisation | None) -> City:
    branch = branch or Organisation.objects.create(
        kind=OrganisationKind.BRANCH,
        code=f"cabang-{code}",
        name=f"BPJS Ketenagakerjaan Cabang {code.title()}",
    )
    sponsor = Organisation.objects.create(
        kind=OrganisationKind.CITY, code=code, name=f"Kota {code.title()}", branch=branch, region_code="15.71"
    )
    office = Organisation.objects.create(
        kind=OrganisationKind.OFFICE, code=f"disnaker-{code}", name="Dinas Tenaga Kerja", parent=sponsor
    )
    places = {
        Role.CITY_OFFICER: office,
        Role.FINANCE_OFFICER: office,
        Role.KELURAHAN_OPERATOR: office,
        Role.AUDITOR: sponsor,
        Role.MAYOR: sponsor,
        Role.BRANCH_OFFICER: branch,
    }
    return City(sponsor, branch, office, {role: user(role, places[role], code) for role in places})


def user(role: Role, place: Organisation, code: str) -> User:
    """A user appointed to a role; an operator looks after The Hok, where Ibu Siti lives."""
    made = User.objects.create_user(f"{role.value}.{code}", name=f"{role.label} {code.title()}")
    appoint(
        made,
        role=role,
        organisation=place,
        kelurahan_code=THE_HOK if role == Role.KELURAHAN_OPERATOR else "",
        since=APPOINTED,
        by=BUILDER,
        now=at(APPOINTED),
    )
    return made


def agreement(
    place: City,
    code: str = "rentan",
    *,
    programmes: tuple[str, ...] = ("jkk", "jkm"),
    budgets: dict[int, int] | None = None,
    quota: int = 5_000,
    payer: PayerKind = PayerKind.APBD,
    income: int | None = None,
    bearer: ArrearsBearer = ArrearsBearer.UNSAID,
    since: Month = FIRST_MONTH,
    pks_until: date | None = None,
) -> Agreement:
    """An agreement in force with one segment; ``budgets`` are whole rupiah by year.

    Every year from its first to ``LAST_READY`` has its papers, so that its months can be billed.
    """
    sponsor, now = place.sponsor, at(min(since.first_day(), REGISTERED))
    with place.acting():
        source, _ = FundingSource.objects.get_or_create(sponsor=sponsor, kind=payer, name=payer.label)
    made = agreed.in_force(
        f"{code}-{sponsor.code}",
        terms=Terms(
            title=f"Pekerja {code}",
            paying_office_id=place.office.pk,
            funding_source_id=source.pk,
            programmes=programmes,
            since=since.first_day(),
            monthly_income=income,
            arrears_borne_by=bearer,
        ),
        segments=(SegmentPlan(code, f"Pekerja {code}", "Buruh", quota),),
        sponsor=sponsor,
        branch=place.branch,
        writer=place.standing(),
        second=place.standing(Role.FINANCE_OFFICER),
        now=now,
        pks_until=pks_until,
    )
    with place.acting() as officer:
        agreed.ready_years(made, since.year, LAST_READY, by=officer, now=now)
        agreed.budget(made, source, budgets or {}, by=officer)
    return made


def ready_year(place: City, promised: Agreement, year: int) -> None:
    """The papers of one more budget year, its Perwal with them."""
    with place.acting() as officer:
        agreed.ready_year(promised, year, by=officer, now=at(APPOINTED), last_year=year)


def amend(place: City, promised: Agreement, *changes: Change, on: date = REGISTERED) -> Paper:
    """An addendum that changes the agreement, such as ``NewQuota(segment.pk, was=2, quota=3)``."""
    with place.acting() as officer:
        number = f"ADD/{promised.papers.count()}/{promised.code}"
        entry = agreed.pks(number, on)._replace(kind="addendum", number=number)
        return papers.record_paper(
            agreement_id=promised.pk, entry=entry, changes=changes, by=officer, now=at(on)
        )


def set_quota(place: City, promised: Agreement, quota: int) -> None:
    """Another quota for the agreement's one segment, by an addendum."""
    with place.acting():
        segment = promised.segments.get()
    amend(place, promised, NewQuota(segment.pk, was=segment.quota, quota=quota))


def set_end(place: City, promised: Agreement, until: date | None) -> None:
    """Another end of the agreement, by an addendum."""
    with place.acting():
        was = Agreement.objects.get(pk=promised.pk).until
    amend(place, promised, NewEnd(was=was, until=until))
    promised.until = until


def enrol(
    place: City,
    promised: Agreement,
    *workers: Worker,
    since: Month = FIRST_MONTH,
    registered_on: date = REGISTERED,
) -> list[int]:
    """Enrol these workers under the agreement from their first contribution month; their ids, in order."""
    with place.acting(on=registered_on) as officer:
        listed = roster(place, promised, *workers, on=registered_on)
        enrolling.enrol(roster_id=listed.pk, by=officer, now=at(registered_on), first_month=since)
        return [person_id(worker) for worker in workers]


def roster(
    place: City,
    promised: Agreement,
    *workers: Worker,
    on: date = REGISTERED,
    verdicts: Sequence[Verdict] = (),
) -> Roster:
    """A judged list of these workers: the first with the verdicts given, the others ready.

    Call it inside ``place.acting()``.
    """
    officer, sponsor_id = place.actor(), place.sponsor.pk
    content = repr((promised.code, workers)).encode()
    kept = keeping.keep("daftar.csv", content, kind="roster", by=officer, sponsor_id=sponsor_id, now=at(on))
    made = Roster.objects.create(
        agreement=promised,
        segment=promised.segments.get(),
        sponsor_id=sponsor_id,
        document=kept,
        sha256=kept.sha256,
        status=RosterStatus.JUDGED,
        received_by_id=officer.user_id,
        received_at=at(on),
        event_id=event(place),
    )
    judged = [*verdicts, *[Verdict.READY] * (len(workers) - len(verdicts))]
    rows = [
        Judged(line, (worker.name, worker.nik), facts(worker), verdict, ())
        for line, (worker, verdict) in enumerate(zip(workers, judged, strict=True), start=2)
    ]
    RosterRow.objects.bulk_create(
        RosterRow(
            roster=made,
            number=row.line,
            sponsor_id=sponsor_id,
            kelurahan_code=worker.kelurahan_code,
            verdict=row.verdict,
            sealed=sealed,
            nik_index=nik,
            twin_index=twin,
        )
        for row, worker, sealed, (nik, twin) in zip(
            rows, workers, sealed_rows.write_many(made.pk, rows), indexes(rows), strict=True
        )
    )
    return made


def facts(worker: Worker) -> Facts:
    """The worker as a row of a list reads after judging."""
    work = occupations.read(worker.occupation)
    return Facts(
        nik=worker.nik,
        name=worker.name,
        name_key=names.key(worker.name),
        birth_place="Jambi",
        birth_date=worker.birth_date,
        sex=worker.sex,
        kelurahan_code=worker.kelurahan_code,
        occupation=work.key,
        sector=work.sector,
        phone="",
    )


def person_id(worker: Worker) -> int:
    """The id of an enrolled worker in the caller's scope."""
    return int(Person.objects.get(nik_index=blind_index("nik", worker.nik)).pk)


def bill(place: City, promised: Agreement, month: Month) -> Bill:
    """The bill of a month, drawn by the officer on its second day."""
    today = month.first_day().replace(day=2)
    with place.acting(on=today) as officer:
        return billing.draw_up(agreement_id=promised.pk, month=month, by=officer, today=today)


def order(
    place: City, drawn: Bill, *, on: date | None = None, number: str = "", amount: int | None = None
) -> Payment:
    """The treasury order (SP2D) for a bill, recorded by the officer; its total, on the tenth, unless said."""
    on = on or drawn.month.replace(day=10)
    with place.acting(on=on) as officer:
        return payments.record(
            bill_id=drawn.pk,
            order_number=number or f"SP2D/{drawn.pk}",
            ordered_on=on,
            amount=drawn.total if amount is None else amount,
            by=officer,
            now=at(on),
        )


def confirm(place: City, drawn: Bill, recorded: Payment) -> Settlement | None:
    """The order confirmed by the treasurer: when it reaches, the bill is settled and its months are paid."""
    on = recorded.ordered_on
    with place.acting(Role.FINANCE_OFFICER, on=on) as treasurer:
        made = payments.confirm(payment_id=recorded.pk, bill_id=drawn.pk, by=treasurer, now=at(on))
        if made is not None:
            made.bill = Bill.objects.get(pk=made.bill_id)
        return made


def pay(place: City, promised: Agreement, month: Month, *, on: date | None = None) -> Settlement:
    """A month drawn, ordered and confirmed."""
    drawn = bill(place, promised, month)
    settlement = confirm(place, drawn, order(place, drawn, on=on))
    assert settlement is not None
    return settlement


def pay_months(place: City, promised: Agreement, first: Month, last: Month) -> None:
    """Every month from the first to the last, each paid on its tenth."""
    for month in months_from(first, last):
        pay(place, promised, month)


def open_months() -> None:
    """Room for 2025 and 2026: making it anew in every test would be most of a test's time."""
    with transaction.atomic():
        for month in months_from(Month(2025, 5), Month(2027, 4)):
            open_month(month, "contributions_billline", "ledger_posting", "contributions_paidmonth")


def event(place: City) -> int:
    """An audit event for a row a test writes by hand. Call it inside ``place.acting()``."""
    sponsor_id = place.sponsor.pk
    return audit.record(
        "test.wrote", by=place.actor(), subject=f"sponsor:{sponsor_id}", sponsor_id=sponsor_id, detail={}
    )


def instruction(
    place: City, reference: str, *, month: Month = FIRST_MONTH, amount: int = PRICE
) -> Instruction:
    """An instruction with its entry, for rows a test writes by hand. Call it inside ``place.acting()``."""
    open_month(month, "ledger_posting", "contributions_paidmonth")
    sponsor_id = place.sponsor.pk
    paid = account(f"sponsor:{sponsor_id}", kind=AccountKind.SPONSOR, sponsor_id=sponsor_id)
    fund = account("fund:jkk", kind=AccountKind.FUND)
    return post(
        kind=InstructionKind.PAYMENT,
        reference=f"{place.sponsor.code}: {reference}",
        lines=[Line(paid, -amount), Line(fund, amount)],
        month=month,
        on=month.first_day(),
        sponsor_id=sponsor_id,
        event_id=event(place),
    ).instruction


def settled_instruction(place: City) -> Instruction:
    """An instruction that settled a bill of another agreement, for paid months a test writes by hand."""
    number = Agreement.objects.count() + Organisation.objects.count()
    promised = agreement(place, f"riwayat-{number}")
    enrol(place, promised, *crowd(1, after=700 + number))
    return pay(place, promised, FIRST_MONTH).instruction


def at(day: date) -> datetime:
    """Nine o'clock of a day in Jambi."""
    return datetime.combine(day, time(9), ZONE)


def word(place: City, kind: WordKind, *lines: str, on: date = TODAY) -> BranchImport:
    """A file with BPJS's word as csv, its headings first, brought in by the officer; dated and received that day."""
    content = "\r\n".join([*lines, ""]).encode()
    with place.acting(on=on) as officer:
        return branch_word.receive(
            kind=kind,
            name=f"{kind}.csv",
            content=content,
            sponsor_id=place.sponsor.pk,
            said_on=on,
            by=officer,
            now=at(on),
        )


def words_of_every_kind(place: City, promised: Agreement, *workers: Worker) -> None:
    """BPJS's word about everything and each of these workers; one line of each file names nobody we know."""
    unknown = "'1571025203849999"
    niks = [f"'{worker.nik}" for worker in workers]
    numbers = [f"1901501{number:04},{nik}" for number, nik in enumerate(niks)]
    word(place, WordKind.MEMBER_NUMBER, "KPJ,NIK", *numbers, f"19015019999,{unknown}")
    states = [f"{nik},Nonaktif,01-06-2025,Pindah" for nik in niks]
    word(place, WordKind.STATUS, "NIK,Status,Sejak,Sebab", *states, f"{unknown},Aktif,01-06-2025,")
    codes = (f"2506,06-2025,9,151200,{promised.code}", "2507,07-2025,9,151200,lain")
    word(place, WordKind.CONTRIBUTION_CODE, "Kode Iuran,BLTH,Jumlah Peserta,Jumlah,Kerja Sama", *codes)
    word(place, WordKind.BALANCE, "NIK,Saldo", *[f"{nik},1000" for nik in niks], f"{unknown},1")
    headings = "NIK,Program,Tanggal Kejadian,Jumlah,Nomor Penetapan,Tanggal Penetapan"
    deaths = [f"{nik},JKM,10-08-2025,42000000,PJ/1,20-08-2025" for nik in (*niks, unknown)]
    word(place, WordKind.DETERMINATION, headings, *deaths)
    with place.acting() as officer:
        explaining.note(
            difference="code:1:2025-06", fingerprint="0" * 32, sponsor_id=place.sponsor.pk, state=NoteState.EXPLAINED,
            text="Sudah ditanyakan ke cabang.", by=officer, now=at(TODAY),
        )  # fmt: skip


def authority(place: City, *functions: Function, since: date = APPOINTED) -> None:
    """These functions are decided here, by an instrument that one administrator proposed and another approved."""
    one, two = administrator(place, "admin.satu"), administrator(place, "admin.bpjs", at_branch=True)
    for function in functions:
        proposal = powers.Proposal(function, Decider.HERE, "Surat kuasa", "SKU/1/2015", since, since)
        with in_scope(scope_of(one, TODAY), actor=Actor.of(one)):
            proposed = powers.propose(proposal=proposal, by=Actor.of(one), now=at(TODAY))
        with in_scope(scope_of(two, TODAY), actor=Actor.of(two)):
            powers.approve(authority_id=proposed.pk, by=Actor.of(two), now=at(TODAY))


def administrator(place: City, name: str, *, at_branch: bool = False) -> User:
    """An administrator of the city, or of its branch, under this name; the same one when asked again."""
    with system_scope(SystemScope.DEMO, actor=BUILDER):
        known = User.objects.filter(username=f"{name}.{place.sponsor.code}").first()
        if known:
            return known
        made = User.objects.create_user(f"{name}.{place.sponsor.code}", name=name)
        appoint(
            made, role=Role.ADMINISTRATOR, organisation=place.branch if at_branch else place.sponsor,
            kelurahan_code="", since=APPOINTED, by=BUILDER, now=at(APPOINTED),
        )  # fmt: skip
    return made
