"""The pages on which this house decides for itself: where the authority is ours, and a way out where it is BPJS's."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lindung.access.models import AuditEvent, Role, User
from lindung.access.scope import NOBODY, SystemScope, in_scope, system_scope
from lindung.access.second_factor import PASSED_AT
from lindung.claims.models import Determination
from lindung.contributions.branch_records import BranchBalance, ContributionCode
from lindung.documents.models import Document
from lindung.law.money import rupiah
from lindung.membership.branch_records import BranchStatus, MemberNumber
from lindung.partnership import authority
from lindung.partnership.deciders import Decider, Function
from web.conftest import SignIn
from web.test_bills import november
from web.test_users import administrator
from web.village import NOW, Village, acting

KPJ = "19015012347"
SINCE = date(2026, 1, 1)
STORED = (MemberNumber, BranchStatus, BranchBalance, ContributionCode, Determination)
LETTER = {"letter": "SK/7/2026", "on": "2026-11-10", "once": "d1"}
FIELDS: dict[str, dict[str, str]] = {
    "kpj": {"number": KPJ},
    "status": {"state": "inactive", "since": "2026-11-01", "why": "Pindah kota"},
    "saldo-jht": {"balance": "1.250.000", "as_of": "2026-10-31"},
    "kode-iuran": {"code": "2511-001"},
    "penetapan": {"programme": "jkm", "event_date": "2026-11-02", "amount": "42.000.000"},
}
FUNCTIONS = {
    "kpj": Function.MEMBER_NUMBER,
    "status": Function.ACTIVE_STATUS,
    "saldo-jht": Function.JHT_BALANCE,
    "kode-iuran": Function.CONTRIBUTION_CODE,
    "penetapan": Function.BENEFIT_DETERMINATION,
}
EVERY = sorted(FIELDS)


def granted(village: Village, *functions: Function, since: date = SINCE) -> None:
    """An administrator of the city records that this house decides these functions, one of BPJS gives them."""
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        known = User.objects.filter(username="kedua").first()
    one, two = village.users[Role.ADMINISTRATOR], known or administrator("kedua", at="cabang")
    for function in functions:
        actor, scope = acting(one, NOW.date())
        with in_scope(scope, actor=actor):
            proposal = authority.Proposal(function, Decider.HERE, "Surat kuasa", "SKU/1/2026", since, since)
            made = authority.propose(proposal=proposal, by=actor, now=NOW)
        actor, scope = acting(two, NOW.date())
        with in_scope(scope, actor=actor):
            authority.approve(authority_id=made.pk, by=actor, now=NOW)


def who(signed_in: SignIn, what: str) -> Client:
    """Whoever decides this."""
    return signed_in(Role.CLAIMS_APPROVER if what == "penetapan" else Role.BRANCH_OFFICER)


def path(village: Village, what: str) -> str:
    if what == "kode-iuran":
        return f"/tagihan/{november(village)}/kode-iuran/"
    return f"/pekerja/{village.siti_id}/{what}/"


def stored() -> int:
    with system_scope(SystemScope.MAINTENANCE, actor=NOBODY):
        return sum(model._default_manager.count() for model in STORED)


@pytest.mark.parametrize("what", EVERY)
def test_it_says_who_decides_and_what_to_do_where_bpjs_does(
    signed_in: SignIn, village: Village, what: str
) -> None:
    client, address = who(signed_in, what), path(village, what)
    page = client.get(address)
    assert page.status_code == 200
    assert "Ini ditetapkan BPJS Ketenagakerjaan" in page.content.decode()
    assert ("/bpjs/unggah/" in page.content.decode()) == (what != "penetapan")
    assert '<form method="post" class="card' not in page.content.decode()
    refused = client.post(address, FIELDS[what] | LETTER)
    assert (refused.status_code, "Ini ditetapkan BPJS" in refused.content.decode()) == (409, True)
    assert stored() == 0


@pytest.mark.parametrize("what", EVERY)
def test_it_is_decided_once_by_the_instrument_that_grants_it(
    signed_in: SignIn, village: Village, what: str
) -> None:
    granted(village, FUNCTIONS[what])
    client, address = who(signed_in, what), path(village, what)
    page = client.get(address).content.decode()
    assert "Diputuskan di sini menurut Surat kuasa SKU/1/2026" in page
    assert page.count("Diputuskan di sini") == 1
    assert "Ketetapan tetap di BPJS" not in page
    for _ in range(2):
        answer = client.post(address, FIELDS[what] | LETTER)
        assert answer.status_code == 302, answer.content.decode()
    assert stored() == 1
    back = "/tagihan/" if what == "kode-iuran" else f"/pekerja/{village.siti_id}/"
    assert answer.headers["Location"].startswith(back)
    after = client.get(address).content.decode()
    assert "Yang berlaku sekarang" in after
    assert "Diputuskan di sini</span></li>" in after


def test_the_worker_and_the_bill_wear_our_badge_not_that_of_bpjs(signed_in: SignIn, village: Village) -> None:
    granted(village, *Function)
    officer = signed_in(Role.BRANCH_OFFICER)
    for what in ("kpj", "status", "kode-iuran"):
        assert officer.post(path(village, what), FIELDS[what] | LETTER | {"once": what}).status_code == 302
    worker = officer.get(f"/pekerja/{village.siti_id}/").content.decode()
    assert worker.count("Diputuskan di sini") == 2
    assert KPJ not in worker
    bill = officer.get(path(village, "kode-iuran").removesuffix("kode-iuran/")).content.decode()
    assert "2511-001" in bill
    assert "Diputuskan di sini" in bill


@pytest.mark.parametrize(
    ("what", "change", "sentence"),
    [
        ("kpj", {"number": "1901501234"}, "KPJ harus 11 angka"),
        ("kpj", {"number": ""}, "Isi Nomor peserta (KPJ)."),
        ("kpj", {"letter": "SK\x00"}, "tanda yang tidak terlihat"),
        ("kpj", {"on": "2026-12-31"}, "Tanggal keputusan paling lambat hari ini"),
        ("kpj", {"on": "2025-12-31"}, "Ini ketetapan BPJS Ketenagakerjaan"),
        ("kpj", {"once": ""}, "sudah lama terbuka"),
        ("status", {"state": "dead"}, "Pilih Status dari daftar"),
        ("status", {"since": "2031-01-01"}, "Tidak boleh sesudah tanggal keputusan, 10 November 2026"),
        ("status", {"since": "2026-11-11"}, "Tidak boleh sesudah tanggal keputusan, 10 November 2026"),
        ("saldo-jht", {"as_of": "2031-01-01"}, "Tidak boleh sesudah tanggal keputusan, 10 November 2026"),
        ("saldo-jht", {"balance": "-1"}, "Tulis jumlah dalam rupiah bulat"),
        ("saldo-jht", {"balance": "1,5"}, "Tulis jumlah dalam rupiah bulat"),
        ("penetapan", {"event_date": "2026-11-11"}, "tanggalnya tidak sebelum kejadian"),
        ("penetapan", {"amount": ""}, "Isi Jumlah manfaat."),
    ],
)
def test_it_refuses_at_the_field_and_stores_nothing(
    signed_in: SignIn, village: Village, what: str, change: dict[str, str], sentence: str
) -> None:
    granted(village, FUNCTIONS[what])
    client = who(signed_in, what)
    answer = client.post(path(village, what), FIELDS[what] | LETTER | change)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert stored() == 0


def test_the_scan_is_kept_and_the_letter_stands_in_the_trail(signed_in: SignIn, village: Village) -> None:
    granted(village, Function.MEMBER_NUMBER)
    officer = signed_in(Role.BRANCH_OFFICER)

    def sent(content: bytes, once: str) -> Any:
        file = SimpleUploadedFile("sk.pdf", content)
        return officer.post(path(village, "kpj"), FIELDS["kpj"] | LETTER | {"file": file, "once": once})

    assert sent(b"MZ no scan", "x1").status_code == 422
    assert sent(b"%PDF-1.7 surat", "x2").status_code == 302
    with system_scope(SystemScope.MAINTENANCE, actor=NOBODY):
        event = AuditEvent.objects.get(action="member_number.given")
        document = Document.objects.get(pk=event.detail["document"])
    assert (event.detail["letter"], document.name) == ("SK/7/2026", "sk.pdf")
    trail = signed_in(Role.AUDITOR).get(f"/jejak/pekerja/{village.siti_id}/").content.decode()
    assert "diputuskan di sini, surat SK/7/2026" in trail


def test_a_code_is_shown_with_what_it_was_given_for(signed_in: SignIn, village: Village) -> None:
    """A bill drawn anew is of other people and another amount; the code of the old one is told apart by them."""
    granted(village, Function.CONTRIBUTION_CODE)
    officer, address = signed_in(Role.BRANCH_OFFICER), path(village, "kode-iuran")
    assert officer.post(address, FIELDS["kode-iuran"] | LETTER).status_code == 302
    with system_scope(SystemScope.MAINTENANCE, actor=NOBODY):
        code = ContributionCode.objects.get()
    page = officer.get(address).content.decode()
    told = f"{rupiah(code.amount)} untuk {code.people} orang, menurut surat 10 November 2026"
    assert f"2511-001 · {told}" in page


def test_a_cancelled_bill_gets_no_code(signed_in: SignIn, village: Village) -> None:
    granted(village, Function.CONTRIBUTION_CODE)
    address = path(village, "kode-iuran")
    cancelled = signed_in(Role.CITY_OFFICER).post(
        address.replace("kode-iuran", "batalkan"), {"reason": "mistake", "once": "c1"}
    )
    assert cancelled.status_code == 302, cancelled.content.decode()
    officer = signed_in(Role.BRANCH_OFFICER)
    answer = officer.post(address, FIELDS["kode-iuran"] | LETTER)
    assert (answer.status_code, "Tagihan ini dibatalkan" in answer.content.decode()) == (422, True)
    assert "Beri kode iuran" not in officer.get(address.removesuffix("kode-iuran/")).content.decode()


def test_a_determination_asks_for_a_fresh_code(signed_in: SignIn, village: Village) -> None:
    granted(village, Function.BENEFIT_DETERMINATION)
    approver = signed_in(Role.CLAIMS_APPROVER)
    session = approver.session
    session[PASSED_AT] = session[PASSED_AT] - 301
    session.save()
    answer = approver.post(path(village, "penetapan"), FIELDS["penetapan"] | LETTER)
    assert (answer.status_code, "/akun/kode/" in answer.headers["Location"]) == (302, True)
    assert stored() == 0


@pytest.mark.parametrize("what", EVERY)
def test_it_is_for_the_branch_and_of_those_for_the_role_that_may(
    signed_in: SignIn, village: Village, what: str
) -> None:
    granted(village, FUNCTIONS[what])
    address = path(village, what)
    closed = set(Role) - {Role.CLAIMS_APPROVER if what == "penetapan" else Role.BRANCH_OFFICER}
    for role in sorted(closed):
        assert signed_in(role).post(address, FIELDS[what] | LETTER).status_code == 403, role
    assert stored() == 0


def test_nobody_out_of_sight_is_decided_about(signed_in: SignIn, village: Village) -> None:
    granted(village, *Function)
    for what in EVERY:
        base = "tagihan" if what == "kode-iuran" else "pekerja"
        for method in ("get", "post"):
            answer = getattr(who(signed_in, what), method)(f"/{base}/999999/{what}/", FIELDS[what] | LETTER)
            assert answer.status_code == 404, what


def test_the_pages_are_linked_for_those_who_may(signed_in: SignIn, village: Village) -> None:
    worker = f"/pekerja/{village.siti_id}/"
    assert f"{worker}kpj/" in signed_in(Role.BRANCH_OFFICER).get(worker).content.decode()
    assert f"{worker}penetapan/" in signed_in(Role.CLAIMS_APPROVER).get(worker).content.decode()
    city = signed_in(Role.CITY_OFFICER).get(worker).content.decode()
    assert f"{worker}kpj/" not in city
    assert f"{worker}penetapan/" not in city
