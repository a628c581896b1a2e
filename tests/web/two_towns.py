"""Two cities with a branch each and a thing of every kind: what one must never see of the other has a name that shows.

Everything of Zamrudia carries its name. In Jambi, who lives in Legok is called Legokwarga, and the operator looks
after The Hok: whatever of either appears where it should not is found by searching for the word.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

import employers
import selfpay
import world
from database import execute, fetched
from formats.statements import Wire, mt940
from lindung.access import changing, clients, devices, joining, key_requests
from lindung.access.account_models import ChangeKind
from lindung.access.models import ApiClient, Appointment, Organisation, OrganisationKind, Role, User
from lindung.access.roles import Permission
from lindung.access.scope import Actor, SystemScope, in_scope, scope_of, system_scope
from lindung.contributions import runs, statements
from lindung.contributions.statement_records import StatementFormat
from lindung.formats import mt940 as reader
from lindung.insight import differences
from lindung.law.months import Month
from lindung.membership import correcting, explaining, exporting, intake, mending
from lindung.membership.branch_records import BranchImport, NoteState, WordKind
from lindung.membership.employment import MemberChange
from lindung.membership.models import ExportFormat, ExportRequest, ExportWhat, Membership
from lindung.notices import outbox, switching
from lindung.notices.recipients import Recipient
from lindung.partnership import authority, year_papers
from lindung.partnership.authority import Proposal
from lindung.partnership.deciders import Decider, Function
from lindung.partnership.models import Agreement
from lindung.partnership.papers import File
from web.village import sheet
from world import City, Worker

OTHER_TOWN, OTHER_PLACE = "zamrudia", "legokwarga"
"""The words that betray a leak, as they read in small letters."""
FIRST, SECOND = Month(2025, 6), Month(2025, 7)
FILE = File("pindaian.pdf", b"%PDF-1.4 pindaian")
_BORN = date(1984, 3, 12)

Things = dict[str, object]
"""What stands in an address, by the name it has there; "door:name" where one door means another thing by it."""


class Town(NamedTuple):
    """A city, the things of The Hok and of nowhere in particular, and those of Legok where they differ."""

    city: City
    things: Things
    elsewhere: Things
    niks: frozenset[str]


class People(NamedTuple):
    """The workers of a city: two of the list, two at the office, all of The Hok but the second of each."""

    listed: tuple[Worker, Worker]
    staff: tuple[Worker, Worker]


class _Listed(NamedTuple):
    roster_id: int
    correction_id: int
    niks: tuple[str, ...]


def build() -> tuple[Town, Town]:
    """Jambi and Zamrudia; and one proposal about who decides what, which belongs to both."""
    here, there = _town("jambi", "Hokwarga", 0), _town(OTHER_TOWN, OTHER_TOWN.title(), 500)
    proposal = Proposal(
        Function.JHT_BALANCE, Decider.HERE, "Surat kuasa", "SKU/9/2026", world.TODAY, date(2027, 1, 1)
    )
    with here.city.acting(Role.ADMINISTRATOR) as admin:
        proposed = authority.propose(proposal=proposal, by=admin, now=world.at(world.TODAY))
    for town in (here, there):
        town.things["authority_id"] = proposed.pk
    return here, there


def _town(code: str, word: str, after: int) -> Town:
    place = world.city(code)
    _everybody(place)
    own_place = word if code == OTHER_TOWN else OTHER_PLACE.title()
    people = _people(word, own_place, after)
    promised = world.agreement(place, code, budgets={2025: 10**9, 2026: 10**9})
    hok, legok = world.enrol(place, promised, *people.listed)
    things: Things = {"agreement_id": promised.pk, "person_id": hok}
    elsewhere: Things = {"person_id": legok}
    things |= _money(place, promised) | _bank(place) | _papers(place, promised)
    listed = _list(place, promised, word, own_place, after + 40)
    things |= {"roster_id": listed.roster_id, "correction_id": listed.correction_id}
    things |= {"number": 3, "column": 0}
    elsewhere |= {"number": 5}
    office = _office(place, people, word)
    things |= office.things
    elsewhere |= office.elsewhere
    for where, found in zip(
        (things, elsewhere), _alone(place, promised, word, own_place, after), strict=True
    ):
        where |= found
    _word(place, promised, people, after)
    things |= _said(place) | _exports(place) | _accounts(place) | _told(place, word) | _plain()
    elsewhere |= {"within": world.LEGOK}
    niks = {worker.nik for worker in (*people.listed, *people.staff)} | set(listed.niks) | office.niks
    niks |= {_nik(after + 60), _nik(after + 61, world.LEGOK)}
    return Town(place, things, elsewhere, frozenset(niks))


def _alone(place: City, promised: Agreement, word: str, elsewhere: str, after: int) -> tuple[Things, Things]:
    """A group whose people pay for themselves, one of each kelurahan; and two of the list who could."""
    group = selfpay.independent(place)
    riders = _worker(f"Joko {word}", after + 60), _worker(f"Anto {elsewhere}", after + 61, world.LEGOK)
    world.enrol(place, group, *riders)
    found: list[Things] = []
    with place.acting():
        own = list(Membership.objects.filter(agreement=group).order_by("person__kelurahan_code"))
        listed = Membership.objects.filter(agreement=promised).order_by("person__kelurahan_code")
        for alone, sponsored in zip(own, listed, strict=True):
            things = {f"selfpay_{door}:membership_id": alone.pk for door in ("take_over", "ahead", "income")}
            found.append({**things, "selfpay_accept:membership_id": sponsored.pk})
    legok, hok = found if world.LEGOK < world.THE_HOK else reversed(found)
    for door in ("bills", "draw"):
        hok[f"selfpay_{door}:agreement_id"] = group.pk
    return hok, legok


def _told(place: City, word: str) -> Things:
    """A letter that waits, and a task that failed, which belongs to no city."""
    now = world.at(world.TODAY)
    with place.acting() as officer:
        switching.switch(
            sponsor_id=place.sponsor.pk, is_on=True, channels=["letter"], quiet_from=20, quiet_until=7,
            revision=0, by=officer, now=now,
        )  # fmt: skip
        to = Recipient(f"person:{word}", f"Siti {word}", place.sponsor.pk, world.THE_HOK)
        values = {"name": to.name, "month": "Juni 2025", "payer": place.sponsor.name}
        queued = outbox.send(kind="cover.paid", to=to, values=values, subject="2025-06", by=officer, now=now)
    execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('notices', 'notices.deliver', 'failed')"
    )
    [(job,)] = fetched("SELECT max(id) FROM procrastinate_jobs")
    return {"notice_id": queued, "job_id": job}


def _plain() -> Things:
    """What is the same in every city."""
    return {
        "year": 2028,
        "agreement_year:year": 2026,
        "kind": "sk",
        "bill_annex:kind": "csv",
        "first": str(SECOND),
        "months": 1,
        "way": "nonaktifkan",
        "within": world.THE_HOK,
    }


def _everybody(place: City) -> None:
    """A user for every role that the city has none for yet."""
    code = place.sponsor.code
    make = Organisation.objects.create
    with system_scope(SystemScope.DEMO, actor=world.BUILDER):
        partner = make(kind=OrganisationKind.INTEGRATOR, code=f"mitra-{code}", name=f"Mitra {code.title()}")
        hospital = make(kind=OrganisationKind.HOSPITAL, code=f"rs-{code}", name=f"RS {code.title()}")
        places = {
            Role.CLAIMS_APPROVER: place.branch,
            Role.BRANCH_HEAD: place.branch,
            Role.AGENT: place.branch,
            Role.INTEGRATOR: partner,
            Role.HOSPITAL: hospital,
        }
        for role in set(Role) - set(place.users):
            place.users[role] = world.user(role, places.get(role, place.sponsor), code)
    admin = place.actor(Role.ADMINISTRATOR)
    with system_scope(SystemScope.DEMO, actor=admin):
        clients.serve(integrator=partner, city=place.sponsor, by=admin, now=world.at(world.APPOINTED))


def _people(word: str, elsewhere: str, after: int) -> People:
    return People(
        (_worker(f"Siti {word}", after + 1), _worker(f"Budi {elsewhere}", after + 2, world.LEGOK)),
        (_worker(f"Dewi {word}", after + 3), _worker(f"Ratna {elsewhere}", after + 4, world.LEGOK)),
    )


def _worker(name: str, number: int, place: str = world.THE_HOK) -> Worker:
    return Worker(name, _nik(number, place), _BORN, "F", place, "Petugas kebersihan")


def _nik(number: int, place: str = world.THE_HOK) -> str:
    return f"{place.replace('.', '')[:6]}520384{number:04}"


def _money(place: City, promised: Agreement) -> Things:
    """June is paid; of July the order waits for its second person."""
    paid = world.pay(place, promised, FIRST)
    drawn = world.bill(place, promised, SECOND)
    order = world.order(place, drawn, number=f"SP2D/{place.sponsor.code}")
    with place.acting() as officer:
        (run_id,) = runs.start(
            month=SECOND, as_draft=True, by=officer, now=world.at(world.TODAY), beside=False
        )
    return {
        "bill_id": drawn.pk,
        "payment_id": order.pk,
        "run_id": run_id,
        "bill_proof:bill_id": paid.bill_id,
    }


def _bank(place: City) -> Things:
    """A statement with one line that waits."""
    line = Wire(date(2026, 11, 20), 5_000, f"SETORAN {place.sponsor.code}")
    content = mt940([line], account=f"5556{place.sponsor.pk:06}")
    with place.acting(Role.FINANCE_OFFICER) as treasurer:
        came = statements.take(
            found=reader.read(content), format=StatementFormat.MT940, name=f"{place.sponsor.code}.sta",
            content=content, sponsor_id=place.sponsor.pk, by=treasurer, now=world.at(world.TODAY),
        )  # fmt: skip
        return {"statement_id": came.pk, "line_id": came.lines.get().pk}


def _papers(place: City, promised: Agreement) -> Things:
    with place.acting() as officer:
        paper = year_papers.record_year_paper(
            agreement_id=promised.pk, kind="sk", year=2028, number=f"SK/{place.sponsor.code}", file=FILE,
            signed_on=world.TODAY, budget_code="", by=officer, now=world.at(world.TODAY),
        )  # fmt: skip
        budget = promised.budgets.get(year=2026)
    return {"paper_id": paper.pk, "document_id": paper.document_id, "budget_id": budget.pk}


def _list(place: City, promised: Agreement, word: str, elsewhere: str, after: int) -> _Listed:
    """A list of four lines, one ready and one with a fault in each kelurahan, both mended once; and a correction."""
    niks = [_nik(after), _nik(after + 1), _nik(after + 2, world.LEGOK), _nik(after + 3, world.LEGOK)]
    names = [f"Nur {word}", f"Yuni {word}", f"Lina {elsewhere}", f"Hani {elsewhere}"]
    homes = ["The Hok", "The Hok", "Legok", "Legok"]
    born = ["12/03/1984", "13/03/1984", "12/03/1984", "13/03/1984"]
    lines = [
        f"{name},'{nik},{day},P,{home},Penjahit"
        for name, nik, day, home in zip(names, niks, born, homes, strict=True)
    ]
    now = world.at(world.TODAY)
    with place.acting() as officer:
        roster_id = intake.receive(
            name=f"daftar-{word}.csv",
            content=sheet(*lines),
            agreement_id=promised.pk,
            by=officer,
            now=now,
        )
        for line in (3, 5):
            mending.mend_cell(
                roster_id=roster_id, line=line, column=0, text=names[line - 2] + " Sari", revision=1,
                by=officer, now=now,
            )  # fmt: skip
        correction_id = correcting.compare(
            roster_id=roster_id,
            name=f"perbaikan-{word}.csv",
            content=sheet(*lines[:3]),
            by=officer,
            now=now,
        )
    return _Listed(roster_id, correction_id, tuple(niks))


class _Office(NamedTuple):
    things: Things
    elsewhere: Things
    niks: set[str]


def _office(place: City, people: People, word: str) -> _Office:
    """A unit with its minimum wage and two workers, one of each kelurahan, who has a child each."""
    employers.minimum_wage(place)
    unit = employers.unit(place, title=f"Kebersihan {word}")
    came = employers.employ(place, unit, *people.staff)
    niks = set()
    for number, joined in enumerate(came):
        relative = f"157102120315{(number + 1) + (500 if place.sponsor.code == OTHER_TOWN else 0):04}"
        family = people.staff[number].name.split()[1]
        employers.child(place, joined.person_id, name=f"Anak {family}", number=relative)
        niks.add(relative)
    with place.acting():
        members = [
            Membership.objects.get(agreement_id=unit.agreement_id, person_id=j.person_id) for j in came
        ]
        changes = [MemberChange.objects.get(membership=member) for member in members]
    hok, legok = (
        {"membership_id": member.pk, "member_undo:change_id": change.pk}
        for member, change in zip(members, changes, strict=True)
    )
    return _Office({"unit_id": unit.pk, **hok}, legok, niks)


def _word(place: City, promised: Agreement, people: People, after: int) -> None:
    """BPJS's word of every kind; of each difference it makes, one is explained."""
    niks = [f"'{worker.nik}" for worker in people.listed]
    shared = f"190150{after + 1000:05}"
    world.word(place, WordKind.MEMBER_NUMBER, "KPJ,NIK", *(f"{shared},{nik}" for nik in niks))
    world.word(
        place,
        WordKind.STATUS,
        "NIK,Status,Sejak,Sebab",
        *(f"{nik},Nonaktif,01-06-2025,Pindah {people.listed[0].name}" for nik in niks),
    )
    codes = (
        f"{after + 25}06,06-2025,9,151200,{promised.code}",
        f"{after + 25}07,07-2025,9,1,lain-{place.sponsor.code}",
    )
    world.word(place, WordKind.CONTRIBUTION_CODE, "Kode Iuran,BLTH,Jumlah Peserta,Jumlah,Kerja Sama", *codes)
    world.word(place, WordKind.BALANCE, "NIK,Saldo", *(f"{nik},1000" for nik in niks))
    headings = "NIK,Program,Tanggal Kejadian,Jumlah,Nomor Penetapan,Tanggal Penetapan"
    deaths = [f"{nik},JKM,10-08-2025,42000000,PJ/{place.sponsor.code},20-08-2025" for nik in niks]
    world.word(place, WordKind.DETERMINATION, headings, *deaths)


def _said(place: City) -> Things:
    """The last file of the branch, and a difference that somebody explained."""
    with place.acting() as officer:
        found = differences.page(on=world.TODAY).rows
        explained, own = found[-1], found[0]
        explaining.note(
            difference=explained.key, fingerprint=explained.fingerprint, sponsor_id=place.sponsor.pk,
            state=NoteState.EXPLAINED, text=f"Ditanyakan {place.sponsor.code}", by=officer,
            now=world.at(world.TODAY),
        )  # fmt: skip
        return {"word_id": BranchImport.objects.order_by("pk")[0].pk, "key": own.key}


def _exports(place: City) -> Things:
    """One with masked numbers for every role that may have one, and one with whole ones that waits for approval."""
    code = place.sponsor.code
    things: Things = {}
    for role in (Role.CITY_OFFICER, Role.BRANCH_OFFICER, Role.AUDITOR):
        with place.acting(role) as reader:
            things[f"export_fetch:export_id:{role}"] = _export(place, reader, f"Rapat {code}", whole=False).pk
    with system_scope(SystemScope.DEMO, actor=world.BUILDER):
        colleague = world.user(Role.CITY_OFFICER, place.office, f"rekan.{code}")
    with sight_of(colleague) as reader:
        things["export_id"] = _export(place, reader, f"Berkas {code}", whole=True).pk
    return things


def _export(place: City, reader: Actor, purpose: str, *, whole: bool) -> ExportRequest:
    return exporting.request(
        what=ExportWhat.WORKERS, choice={}, format=ExportFormat.CSV, whole_nik=whole, purpose=purpose, rows=2,
        sponsor_id=place.sponsor.pk, by=reader, now=world.at(world.TODAY),
    )  # fmt: skip


def _accounts(place: City) -> Things:
    """A user, a request about one that waits, one that was approved with its link, and a known computer."""
    users, second, now = place.users, world.administrator(place, "admin.dua"), world.at(world.TODAY)
    asked = {}
    for kind, whom in ((ChangeKind.DEACTIVATE, Role.MAYOR), (ChangeKind.RESET_PASSWORD, Role.AUDITOR)):
        with sight_of(second) as other:
            asked[kind] = changing.ask(
                kind=kind,
                user=users[whom],
                since=world.TODAY,
                reason=f"Surat {place.sponsor.code}",
                by=other,
                now=now,
            )
    reset = asked[ChangeKind.RESET_PASSWORD].pk
    with place.acting(Role.ADMINISTRATOR) as admin:
        changing.decide(change_id=reset, approve=True, by=admin, now=now, today=world.TODAY)
        link = joining.issue(change_id=reset, by=admin, now=now)
    keys = _keys(place, second)
    operator = users[Role.KELURAHAN_OPERATOR]
    with place.acting(Role.KELURAHAN_OPERATOR) as actor:
        computer = devices.register(
            token=f"komputer-{place.sponsor.code}", name=f"Loket {place.sponsor.code}",
            appointment=Appointment.objects.select_related("organisation").get(user=operator), by=actor, now=now,
        )  # fmt: skip
    return {
        "user_id": users[Role.MAYOR].pk,
        "change_id": asked[ChangeKind.DEACTIVATE].pk,
        "user_link:change_id": reset,
        "user_revoke_link:change_id": reset,
        "token": link.token,
        "device_id": computer.pk,
        **keys,
    }


def _keys(place: City, second: User) -> Things:
    """A key that is in force, and one that is approved and waits to be made."""
    officer, now, code = place.users[Role.CITY_OFFICER], world.at(world.TODAY), place.sponsor.code
    asked = []
    for name in ("Kepegawaian", "Gaji"):
        with sight_of(second) as other:
            change = key_requests.ask_for_user(
                name=f"{name} {code}", user=officer, permissions=[Permission.SEE_BILLS],
                reason=f"Surat {code}", by=other, now=now,
            )  # fmt: skip
        with place.acting(Role.ADMINISTRATOR) as admin:
            changing.decide(change_id=change.pk, approve=True, by=admin, now=now, today=world.TODAY)
        asked.append(change.pk)
    with place.acting(Role.ADMINISTRATOR) as admin:
        made = key_requests.make(change_id=asked[0], by=admin, now=now)
    return {
        "key_id": ApiClient.objects.get(client_id=made.client_id).pk,
        "api_key_make:change_id": asked[1],
    }


@contextmanager
def sight_of(user: User) -> Iterator[Actor]:
    """A transaction in which this user sees what she may."""
    with in_scope(scope_of(user, world.TODAY), actor=Actor.of(user)):
        yield Actor.of(user)
