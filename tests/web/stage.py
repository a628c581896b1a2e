"""The village with something on every page: a draft, a unit, a bill with its order, changes, files of BPJS, requests."""

from functools import partial
from typing import NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import agreed
from lindung.access import changing, key_requests
from lindung.access.models import ApiClient, Role, User
from lindung.access.roles import Permission
from lindung.access.scope import NOBODY, SystemScope, in_scope, system_scope
from lindung.contributions import billing, runs
from lindung.law.months import Month
from lindung.membership import changes, enrolling, intake, joining
from lindung.membership.employment import LeaveReason, MemberChange
from lindung.membership.models import Roster
from lindung.partnership.agreements import SegmentPlan, Terms, draft_agreement
from lindung.partnership.models import Agreement, Budget, Segment, YearPaper
from lindung.partnership.papers import NewQuota, record_paper
from web.conftest import signed_into
from web.riders import came, riders
from web.test_bills import november, recorded
from web.test_branch import QUEUE, TestAuthority, bring_in
from web.test_changes import sitis
from web.test_exports import ask
from web.test_roster_mending import hidden
from web.test_rosters import uploaded
from web.test_statements import banked
from web.test_users import administrator, invited
from web.told import fail, switch_on, tell
from web.village import BUDI, NEXT_ROWS, NOW, SITI, Village, acting, build, sheet
from web.workplaces import DECEMBER, entry, workplace

CODES = "Kode Iuran,Bulan,Jumlah,Jumlah Orang,Kerja Sama\r\nKI-{number},2026-11,33600,2,jambi-rentan\r\n"
NUMBERS = f"KPJ,NIK,Nama\r\n19015012347,'{SITI},Siti Aminah\r\n19015012347,'{BUDI},Budi Santoso\r\n"


class Stage(NamedTuple):
    """The village, and the number of each thing that has a page of its own."""

    village: Village
    draft: int
    bill: int
    draft_bill: int
    run: int
    order: int
    unit: int
    employed: int
    employers_agreement: int
    membership: int
    change: int
    correction: int
    strange_list: int
    year_paper: int
    budget: int
    request: int
    key: int
    word: int
    difference: str
    statement: int
    bank_line: int
    group: int
    own: int
    notice: int
    task: int

    def signed_in(self, who: Role) -> Client:
        """A browser of this person, who has given password and code."""
        return signed_into(self.village, who)


def staged() -> Stage:
    """Everything once."""
    village = build()
    signed_in = partial(signed_into, village)
    officer = signed_in(Role.CITY_OFFICER)
    place = workplace(village, workers=2)
    group = riders(village, billed=True)
    bill = november(village)
    order = recorded(village, officer, bill)
    word = bring_in(officer, village, NUMBERS).headers["Location"]
    switch_on(village)
    [notice] = tell(village, "Siti Aminah")
    tell(village, "Budi Santoso", phone="")
    nurul = signed_in(Role.ADMINISTRATOR)
    TestAuthority().propose(nurul)
    ask(officer, nik="masked")
    actor, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=actor):
        leaver = place.workers[1].membership_id
        changes.leave(
            membership_id=leaver,
            last_month=Month(2026, 12),
            reason=LeaveReason.MOVED,
            by=actor,
            now=NOW,
        )
        change = MemberChange.objects.filter(membership_id=leaver).latest("pk")
        draft = billing.drawn(
            agreement_id=place.agreement_id, month=DECEMBER, by=actor, today=NOW.date(), as_draft=True
        ).bill
        (run,) = runs.start(month=DECEMBER, as_draft=True, by=actor, now=NOW, beside=False)
    statement, bank_line = banked(village)
    return Stage(
        village=village,
        draft=drafted(village, "jambi-ojek"),
        bill=bill,
        draft_bill=draft.pk,
        run=run,
        order=order,
        unit=place.unit_id,
        employed=place.workers[0].membership_id,
        employers_agreement=place.agreement_id,
        membership=sitis(village),
        change=change.pk,
        correction=corrected(officer, village),
        strange_list=strange(officer, village),
        year_paper=year_paper(village),
        budget=budget(village),
        request=number_of(invited(nurul)),
        key=keyed(village, "Kepegawaian"),
        word=number_of(word),
        difference=officer.get(QUEUE).context["found"].rows[0].key,
        statement=statement,
        bank_line=bank_line,
        group=group.agreement_id,
        own=group.members[0].membership_id,
        notice=notice,
        task=fail(),
    )


def grown(stage: Stage) -> None:
    """More of everything that a page lists."""
    village, officer = stage.village, stage.signed_in(Role.CITY_OFFICER)
    many_people(village, 40)
    actor, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=actor):
        for number in range(2, 10):
            joining.join(
                agreement_id=stage.employers_agreement,
                entry=entry(number),
                first_month=DECEMBER,
                below_minimum=True,
                by=actor,
                now=NOW,
            )
        for number in range(2, 6):
            came(stage.group, number, actor)
    tell(village, *(f"Warga {number}" for number in range(20)), month="2026-11")
    tell(village, *(f"Warga {number}" for number in range(20)), month="2026-11", phone="")
    nurul = stage.signed_in(Role.ADMINISTRATOR)
    for number in range(5):
        fail(args=f'{{"roster_id": {number}}}')
        drafted(village, f"jambi-lain-{number}")
        administrator(f"lain{number}")
        invited(nurul, username=f"baru{number}", once=f"once-{number}")
        keyed(village, f"Sistem {number}")
        ask(officer, nik="masked", purpose=f"Rapat {number}")
        for content, kind in (
            (f"{NUMBERS}{number},x,y\r\n", "member_number"),
            (CODES.format(number=number), "contribution_code"),
        ):
            assert bring_in(officer, village, content, kind=kind).status_code == 302
    in_force(village, "jambi-becak")
    with in_scope(scope, actor=actor):
        runs.start(month=DECEMBER, as_draft=True, by=actor, now=NOW, beside=False)
    banked(village, lines=30)


def keyed(village: Village, name: str) -> int:
    """A key that two administrators agreed on."""
    nurul = village.users[Role.ADMINISTRATOR]
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        known = User.objects.filter(username="kedua").first()
    other = known or administrator("kedua")
    actor, scope = acting(other, NOW.date())
    with in_scope(scope, actor=actor):
        change = key_requests.ask_for_user(
            name=name,
            user=village.users[Role.CITY_OFFICER],
            permissions=[Permission.SEE_BILLS],
            reason="Nota 4",
            by=actor,
            now=NOW,
        )
    actor, scope = acting(nurul, NOW.date())
    with in_scope(scope, actor=actor):
        changing.decide(change_id=change.pk, approve=True, by=actor, now=NOW, today=NOW.date())
        made = key_requests.make(change_id=change.pk, by=actor, now=NOW)
    return int(ApiClient.objects.get(client_id=made.client_id).pk)


def number_of(path: str) -> int:
    """The number at the end of an address."""
    return int(path.rstrip("/").rsplit("/", 1)[1])


def drafted(village: Village, code: str) -> int:
    actor, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=actor):
        held = Agreement.objects.get(pk=village.agreement_id)
        made = draft_agreement(
            code=code,
            sponsor_id=held.sponsor_id,
            branch_id=held.branch_id,
            terms=Terms(
                title=f"Pekerja {code}",
                paying_office_id=held.paying_office_id,
                funding_source_id=held.funding_source_id,
                programmes=tuple(held.programmes),
                since=held.since,
            ),
            segments=(SegmentPlan("umum", "Umum", "Tukang ojek", 40),),
            by=actor,
            now=NOW,
        )
        return int(made.pk)


def in_force(village: Village, code: str) -> None:
    writer, second = (
        acting(village.users[role], NOW.date()) for role in (Role.CITY_OFFICER, Role.BRANCH_OFFICER)
    )
    with in_scope(writer[1], actor=writer[0]):
        held = Agreement.objects.get(pk=village.agreement_id)
    agreed.another(held, code, writer=writer, second=second, now=NOW, since=held.since)


def corrected(officer: Client, village: Village) -> int:
    """A file of corrections that waits to be agreed to."""
    path = f"/daftar/{village.roster_id}/perbaikan/"
    once = hidden(officer.get(path).content.decode(), "once")
    file = SimpleUploadedFile("perbaikan.csv", sheet(*NEXT_ROWS))
    return number_of(officer.post(path, {"once": once, "file": file}).headers["Location"])


def strange(officer: Client, village: Village) -> int:
    """A list whose headings nobody knows."""
    content = sheet(*NEXT_ROWS).replace(b"Nama Lengkap,NIK,Tanggal Lahir", b"Siapa,Nomornya,Kapan")
    return number_of(uploaded(officer, village.agreement_id, content).headers["Location"])


def budget(village: Village) -> int:
    """What is set aside for the village's agreement this year."""
    officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=officer):
        return Budget.objects.get(agreement_id=village.agreement_id, year=NOW.year).pk


def year_paper(village: Village) -> int:
    actor, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=actor):
        return int(YearPaper.objects.filter(agreement_id=village.agreement_id).latest("pk").pk)


def many_people(village: Village, people: int) -> None:
    """So many more people are enrolled, each by a list of five."""
    officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=officer):
        segment = Segment.objects.get(agreement_id=village.agreement_id)
        record_paper(
            agreement_id=village.agreement_id,
            entry=agreed.pks("jambi-rentan", NOW.date())._replace(kind="addendum", number="ADD/1"),
            by=officer,
            now=NOW,
            changes=[NewQuota(segment.pk, was=segment.quota, quota=people + 50)],
        )
        for start in range(100, 100 + people, 5):
            rows = [
                f"Warga Ke{chr(65 + number % 26)}{chr(97 + number // 26)},'157102520384{number:04},12/03/1984,P,The Hok,Penjahit"
                for number in range(start, start + 5)
            ]
            roster_id = intake.receive(
                name=f"{start}.csv",
                content=sheet(*rows),
                agreement_id=village.agreement_id,
                by=officer,
                now=NOW,
            )
            assert enrolling.enrol(roster_id=roster_id, by=officer, now=NOW).enrolled == 5
        assert Roster.objects.count() > people // 5
