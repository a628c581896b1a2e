"""The pages of the keys of other systems: asked for by one, approved by another, shown once, taken away by one."""

import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from lindung.access import second_factor
from lindung.access.key_requests import OPENS
from lindung.access.models import ApiClient, Appointment, AuditEvent, Organisation, Role, User
from lindung.access.scope import NOBODY, Actor, SystemScope, system_scope
from lindung.access.second_factor import PASSED_AT
from lindung.api.document import document
from web.conftest import SignIn
from web.stage import keyed
from web.test_users import administrator, decided
from web.village import NOW, Village

LIST, NEW = "/pengguna/kunci/", "/pengguna/kunci/baru/"


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: LazySettings) -> None:
    """Costly on purpose in earnest, and here only slow."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def nurul(signed_in: SignIn) -> Client:
    return signed_in(Role.ADMINISTRATOR)


@pytest.fixture
def teguh(signed_in: SignIn, village: Village) -> Client:
    return signed_in(administrator("teguh"))


def wish(village: Village, **changes: Any) -> dict[str, Any]:
    return {
        "name": "Sistem kepegawaian",
        "holder": f"user:{village.users[Role.CITY_OFFICER].pk}",
        "partner": "",
        "permissions": ["see_rosters", "upload_roster"],
        "reason": "Nota dinas 4/2026",
        "once": "k1",
    } | changes


def asked(client: Client, village: Village, **changes: Any) -> str:
    answer = client.post(NEW, wish(village, **changes))
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def secret_of(page: str) -> str:
    return page.split('<p class="secret">')[2].split("</p>")[0]


def test_it_offers_what_the_api_asks_for_and_nothing_else() -> None:
    called = [each for path in document()["paths"].values() for each in path.values()]
    asked_for = {each["x-permission"] for each in called}
    assert {str(each) for each in OPENS} == asked_for - {None}


def test_it_says_what_to_do_first_and_what_a_partner_is(nurul: Client) -> None:
    page = nurul.get(LIST).content.decode()
    assert "Belum ada kunci. Usulkan yang pertama" in page
    assert "Sistem mitra tidak diundang sebagai pengguna" in page
    assert LIST in nurul.get("/pengguna/").content.decode()


def test_a_partner_is_no_role_to_invite(nurul: Client) -> None:
    assert 'value="integrator"' not in nurul.get("/pengguna/undang/").content.decode()


def test_it_goes_from_the_request_to_the_secret_and_shows_it_once(
    nurul: Client, teguh: Client, village: Village
) -> None:
    request = asked(nurul, village)
    assert "Mengirim daftar pekerja" in teguh.get(request).content.decode()
    assert nurul.post(f"{request}kunci/").status_code == 409
    assert decided(nurul, request).status_code == 422
    assert decided(teguh, request, once="d2").status_code == 302
    assert "Buat kunci dan tampilkan rahasianya" in nurul.get(request).content.decode()
    answer = nurul.post(f"{request}kunci/")
    secret = secret_of(answer.content.decode())
    assert len(secret) >= 40
    assert "Buat kunci dan tampilkan" not in nurul.get(request).content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    again = nurul.post(f"{request}kunci/")
    assert (again.status_code, "sudah dibuat" in again.content.decode()) == (409, True)
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        key = ApiClient.objects.get()
        trail = " ".join(str(event.detail) for event in AuditEvent.objects.all())
    for page in (LIST, request, f"{LIST}{key.pk}/", again.content.decode()):
        assert secret not in (nurul.get(page).content.decode() if page.startswith("/") else page)
    assert secret not in trail
    assert key.client_id in nurul.get(LIST).content.decode()


def test_making_it_asks_for_a_fresh_code(
    nurul: Client, teguh: Client, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = asked(nurul, village)
    decided(teguh, request)
    session = nurul.session
    session[PASSED_AT] = session[PASSED_AT] - 301
    session.save()
    answer = nurul.post(f"{request}kunci/")
    assert (answer.status_code, "/akun/kode/" in answer.headers["Location"]) == (302, True)
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        assert not ApiClient.objects.exists()
    assert second_factor.is_set_up(village.users[Role.ADMINISTRATOR])


def test_a_request_that_waits_stands_on_the_list(nurul: Client, village: Village) -> None:
    request = asked(nurul, village)
    page = nurul.get(LIST).content.decode()
    assert "Menunggu persetujuan" in page
    assert f'href="{request}"' in page
    assert "Usulkan yang pertama" not in page


def test_it_shows_what_the_key_may_do_now_and_what_it_once_could(nurul: Client, village: Village) -> None:
    page = f"{LIST}{keyed(village, 'Gaji')}/"
    now = shown(nurul.get(page).content.decode())
    assert "Yang boleh dilakukan sekarang Membaca tagihan" in now
    assert "Pernah diberikan" not in now
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        held = Appointment.objects.select_related("organisation").get(user=village.users[Role.CITY_OFFICER])
        held.until = NOW.date()
        held.save(update_fields=["until"])
        Appointment.objects.create(
            user=held.user,
            role=Role.KELURAHAN_OPERATOR,
            organisation=held.organisation,
            kelurahan_code="15.71.02.1001",
            since=NOW.date(),
        )
    moved = shown(nurul.get(page).content.decode())
    assert "Yang boleh dilakukan sekarang Tidak ada. Pernah diberikan Membaca tagihan" in moved
    assert "berhenti: perannya tidak membuka kunci ini" in moved


def test_a_revoked_key_may_do_nothing(nurul: Client, village: Village) -> None:
    page = f"{LIST}{keyed(village, 'Gaji')}/"
    assert nurul.post(page, {"once": "r1"}).status_code == 302
    assert "Yang boleh dilakukan sekarang Tidak ada. Pernah diberikan" in shown(
        nurul.get(page).content.decode()
    )


def shown(page: str) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_it_asks_once_however_often_it_is_pressed(nurul: Client, village: Village) -> None:
    assert asked(nurul, village) == asked(nurul, village)
    twice = nurul.post(NEW, wish(village, once="k2"))
    assert (twice.status_code, "masih menunggu" in twice.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Isi Nama kunci."),
        ("name", "x\x00", "tanda yang tidak terlihat"),
        ("holder", "", "Isi Bertindak sebagai."),
        ("holder", "user:999999", "Pilih Bertindak sebagai"),
        ("holder", "new", "Tulis nama sistem mitra yang baru."),
        ("permissions", [], "Isi Yang boleh dilakukan."),
        ("permissions", ["manage_users"], "Pilih Yang boleh dilakukan"),
        ("permissions", ["confirm_payment"], "Peran Petugas kota tidak boleh: Mengesahkan pembayaran."),
        ("reason", "", "Isi Alasan."),
        ("once", "", "sudah lama terbuka"),
    ],
)
def test_it_refuses_with_a_sentence_and_keeps_what_was_typed(
    nurul: Client, village: Village, field: str, value: object, sentence: str
) -> None:
    answer = nurul.post(NEW, wish(village, **{field: value}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    if field != "reason":
        assert "Nota dinas 4/2026" in page


def test_a_user_of_another_city_is_not_offered(nurul: Client, village: Village) -> None:
    assert nurul.post(NEW, wish(village, holder=f"user:{village.stranger.pk}")).status_code == 422
    assert village.stranger.name not in nurul.get(NEW).content.decode()


def test_a_partner_gets_a_key_for_this_city(nurul: Client, teguh: Client, village: Village) -> None:
    request = asked(nurul, village, holder="new", partner="Absensi Kota")
    assert "Sistem mitra Absensi Kota, hanya untuk Kota Jambi" in teguh.get(request).content.decode()
    decided(teguh, request)
    assert teguh.post(f"{request}kunci/").status_code == 200
    page = nurul.get(LIST).content.decode()
    assert "Sistem Absensi Kota" in page
    assert "Kota Jambi" in page
    assert "Sistem mitra Absensi Kota" in nurul.get(NEW).content.decode()


def test_one_person_revokes_it_at_once_and_a_second_time_says_so(nurul: Client, village: Village) -> None:
    key = keyed(village, "Gaji")
    page = f"{LIST}{key}/"
    assert "Cabut kunci ini" in nurul.get(page).content.decode()
    for _ in range(2):
        assert nurul.post(page, {"once": "r1"}).headers["Location"] == LIST
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        assert ApiClient.objects.get(pk=key).revoked_at is not None
    after = nurul.post(page, {"once": "r2"})
    assert (after.status_code, "Tidak ada kunci" in after.content.decode()) == (422, True)
    assert "Cabut kunci ini" not in nurul.get(page).content.decode()
    assert "dicabut" in nurul.get(LIST).content.decode()


def test_a_key_with_a_permission_that_is_no_more_is_shown_and_revoked(
    nurul: Client, village: Village
) -> None:
    administrator_ = village.users[Role.ADMINISTRATOR]
    with system_scope(SystemScope.DEMO, actor=Actor.of(administrator_)):
        key = ApiClient.objects.create(
            client_id="lc_lama",
            name="Lama",
            user=village.users[Role.CITY_OFFICER],
            permissions=["see_rosters", "gone_permission"],
            secret_hash=b"x" * 32,
            created_by=administrator_,
            created_at=NOW,
        )
    page = nurul.get(f"{LIST}{key.pk}/")
    assert page.status_code == 200
    assert "Membaca daftar pekerja" in page.content.decode()
    assert "gone_permission (sudah tidak ada, tidak membuka apa-apa)" in page.content.decode()
    assert nurul.post(f"{LIST}{key.pk}/", {"once": "r1"}).status_code == 302


def test_a_key_of_elsewhere_is_not_there(signed_in: SignIn, village: Village) -> None:
    key = keyed(village, "Gaji")
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        bungo = User.objects.create_user("admin.bungo", name="Bungo")
        Appointment.objects.create(
            user=bungo,
            role=Role.ADMINISTRATOR,
            organisation=Organisation.objects.get(code="bungo"),
            since=NOW.date(),
        )
    client = signed_in(bungo)
    assert client.get(f"{LIST}{key}/").status_code == 404
    assert client.post(f"{LIST}{key}/", {"once": "x"}).status_code == 404
    assert "Gaji" not in client.get(LIST).content.decode()


@pytest.mark.parametrize("role", [Role.CITY_OFFICER, Role.BRANCH_HEAD, Role.AUDITOR])
def test_it_is_for_administrators(signed_in: SignIn, village: Village, role: Role) -> None:
    assert signed_in(role).get(LIST).status_code == 403
    assert signed_in(role).post(NEW, wish(village)).status_code == 403


def test_the_list_has_pages(nurul: Client, village: Village) -> None:
    for number in range(3):
        keyed(village, f"Sistem {number}")
    for odd in ("2", "99", "-1", "x"):
        assert nurul.get(LIST, {"halaman": odd}).status_code == 200
