"""The administrator's pages: who is here, what waits for a second person, links to hand over; and the invited."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lindung.access import guessing, second_factor
from lindung.access.appointing import appoint
from lindung.access.models import AccountChange, Organisation, Role, User
from lindung.access.scope import NOBODY, Actor, SystemScope, appointment_of, system_scope, user_named
from lindung.access.second_factor import PASSED_AT
from web.conftest import SignIn
from web.village import NOW, Village

PASSWORD = "kerbau menyeberang tujuh sungai"
INVITATION = {
    "name": "Dewi Lestari",
    "username": "dewi.lestari",
    "role": "finance_officer",
    "kelurahan": "",
    "since": "10-11-2026",
    "until": "",
    "reason": "Nota dinas 12/2026",
    "once": "k1",
}


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: LazySettings) -> None:
    """Costly on purpose in earnest, and here only slow."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def nurul(signed_in: SignIn) -> Client:
    return signed_in(Role.ADMINISTRATOR)


@pytest.fixture
def teguh(signed_in: SignIn, village: Village) -> Client:
    """The second administrator of Jambi."""
    return signed_in(administrator("teguh"))


def administrator(username: str, *, at: str = "jambi") -> User:
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        user = User.objects.create_user(username, name=username.title())
        place = Organisation.objects.get(code=at)
        by = Actor(None, "tests")
        appoint(user, role=Role.ADMINISTRATOR, organisation=place, since=NOW.date(), by=by, now=NOW)
    return user


def invitation(**changes: str) -> dict[str, str]:
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        office = Organisation.objects.get(code="disnaker").pk
    return INVITATION | {"organisation": str(office)} | changes


def invited(client: Client, **changes: str) -> str:
    """The address of the request an administrator has just made."""
    answer = client.post("/pengguna/undang/", invitation(**changes))
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def decided(client: Client, address: str, decision: str = "approve", once: str = "d1") -> Any:
    return client.post(address, {"decision": decision, "once": once})


def link(client: Client, address: str) -> str:
    page = client.post(f"{address}tautan/").content.decode()
    return page.split('<p class="secret">http://testserver')[1].split("</p>")[0]


def changes() -> int:
    with system_scope(SystemScope.MAINTENANCE, actor=NOBODY):
        return AccountChange.objects.count()


class TestTheList:
    def test_it_shows_each_user_with_role_and_office(self, nurul: Client) -> None:
        page = nurul.get("/pengguna/").content.decode()
        assert "Petugas kota" in page
        assert "Dinas Tenaga Kerja" in page
        assert "stranger" not in page

    def test_it_asks_the_database_no_more_for_many(self, nurul: Client, teguh: Client) -> None:
        def asked() -> int:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert nurul.get("/pengguna/").status_code == 200
            return len(queries)

        invited(nurul)
        nurul.get("/pengguna/")
        few = asked()
        for number in range(20):
            administrator(f"lain{number}")
            invited(nurul, username=f"baru{number}", once=f"k{number}x")
        assert asked() == few

    def test_it_parts_a_long_list_into_pages(self, nurul: Client) -> None:
        for number in range(51):
            administrator(f"lain{number:02}")
        assert "Halaman 1 dari 2" in nurul.get("/pengguna/").content.decode()
        for odd in ("2", "99", "-1", "x", "٣", "9" * 40):
            assert nurul.get("/pengguna/", {"halaman": odd}).status_code == 200

    def test_it_shows_no_user_of_another_city(self, nurul: Client, village: Village) -> None:
        for path in ("", "usul/akhiri/"):
            assert nurul.get(f"/pengguna/{village.stranger.pk}/{path}").status_code == 404
        assert nurul.post(f"/pengguna/{village.stranger.pk}/akhiri-sesi/").status_code == 404

    def test_it_offers_nothing_about_oneself(self, nurul: Client, village: Village) -> None:
        own = village.users[Role.ADMINISTRATOR].pk
        page = nurul.get(f"/pengguna/{own}/").content.decode()
        assert "Ini akun Anda sendiri" in page
        answer = nurul.post(
            f"/pengguna/{own}/usul/nonaktifkan/", {"since": "10-11-2026", "reason": "x", "once": "o"}
        )
        assert answer.status_code == 422
        assert "Minta administrator lain" in answer.content.decode()


class TestAsking:
    def test_it_offers_only_roles_that_can_be_held_here(self, nurul: Client) -> None:
        page = nurul.get("/pengguna/undang/").content.decode()
        assert {'value="city_officer"' in page, 'value="auditor"' in page} == {True}
        assert not any(f'value="{role}"' in page for role in ("branch_officer", "branch_head", "integrator"))

    def test_it_asks_once_however_often_it_is_pressed(self, nurul: Client) -> None:
        assert invited(nurul) == invited(nurul)
        assert changes() == 1

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("name", "Dewi\x00", "tanda yang tidak terlihat"),
            ("name", "", "Isi Nama lengkap."),
            ("name", "x" * 121, "terlalu panjang"),
            ("username", "Dewi Lestari", "huruf kecil, angka"),
            ("username", "déwi", "huruf kecil, angka"),
            ("username", "stranger", "sudah dipakai"),
            ("role", "king", "Pilih Peran dari daftar."),
            ("role", "branch_head", "Pilih Peran dari daftar."),
            ("role", "kelurahan_operator", "Pilih kelurahan tempat operator ini bekerja."),
            ("organisation", "999999", "Pilih Kantor dari daftar."),
            ("organisation", "x\x00", "Pilih Kantor dari daftar."),
            ("since", "31-02-2026", "Tulis tanggal"),
            ("until", "10-11-2026", "Tanggal akhir harus setelah"),
            ("reason", "", "Isi Alasan."),
            ("once", "", "sudah lama terbuka"),
        ],
    )
    def test_it_says_what_to_do_and_keeps_the_rest(
        self, nurul: Client, field: str, value: str, sentence: str
    ) -> None:
        answer = nurul.post("/pengguna/undang/", invitation(**{field: value}))
        assert answer.status_code == 422
        page = answer.content.decode()
        assert sentence in page
        assert 'value="10-11-2026"' in page or field == "since"
        assert changes() == 0

    def test_a_branch_is_asked_for_no_kelurahan(self, nurul: Client, signed_in: SignIn) -> None:
        assert 'name="kelurahan"' in nurul.get("/pengguna/undang/").content.decode()
        branch = signed_in(administrator("admin.cabang", at="cabang"))
        assert 'name="kelurahan"' not in branch.get("/pengguna/undang/").content.decode()
        offices = Organisation.objects.get(code="cabang").pk
        sent = invitation(role="branch_officer", organisation=str(offices))
        assert branch.post("/pengguna/undang/", sent).status_code == 302

    def test_it_takes_the_kelurahan_of_an_operator_and_of_nobody_else(self, nurul: Client) -> None:
        invited(nurul, kelurahan="15.71.02.1004")
        invited(nurul, username="lurah", role="kelurahan_operator", kelurahan="15.71.02.1004", once="k2")
        with system_scope(SystemScope.MAINTENANCE, actor=NOBODY):
            found = dict(AccountChange.objects.values_list("role", "kelurahan_code"))
        assert found == {"finance_officer": "", "kelurahan_operator": "15.71.02.1004"}

    def test_it_knows_no_other_way(self, nurul: Client, village: Village) -> None:
        officer = village.users[Role.CITY_OFFICER].pk
        assert nurul.get(f"/pengguna/{officer}/usul/naik-pangkat/").status_code == 404


class TestDeciding:
    def test_it_lets_the_second_one_approve_and_hand_over_the_link(
        self, nurul: Client, teguh: Client
    ) -> None:
        address = invited(nurul)
        assert "Anda yang mengusulkan" in nurul.get(address).content.decode()
        assert decided(nurul, address).status_code == 422
        assert decided(teguh, address).status_code == 302
        assert "/undangan/" in link(teguh, address)

    def test_it_asks_the_code_before_it_approves(self, nurul: Client, teguh: Client) -> None:
        address = invited(nurul)
        session = teguh.session
        session[PASSED_AT] -= 6 * 60
        session.save()
        assert decided(teguh, address).headers["Location"].startswith("/akun/kode/?next=")
        assert "menunggu" in teguh.get(address).content.decode()

    def test_it_tells_the_third_that_it_is_decided(
        self, nurul: Client, teguh: Client, signed_in: SignIn
    ) -> None:
        address = invited(nurul)
        third = signed_in(administrator("ketiga"))
        decided(teguh, address, "decline")
        answer = decided(third, address)
        assert answer.status_code == 422
        assert "baru saja diubah orang lain" in answer.content.decode()

    def test_it_withdraws_ones_own(self, nurul: Client) -> None:
        address = invited(nurul)
        assert decided(nurul, address, "decline").status_code == 302
        assert "ditolak" in nurul.get(address).content.decode()

    def test_it_makes_no_link_for_what_nobody_approved(self, nurul: Client) -> None:
        answer = nurul.post(f"{invited(nurul)}tautan/")
        assert answer.status_code == 409
        assert "setelah orang kedua menyetujui" in answer.content.decode()

    def test_it_ends_the_sessions_of_somebody_at_once(
        self, nurul: Client, signed_in: SignIn, village: Village
    ) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        assert officer.get("/").status_code == 200
        pk = village.users[Role.CITY_OFFICER].pk
        assert "Akhiri semua sesinya" in nurul.get(f"/pengguna/{pk}/").content.decode()
        nurul.post(f"/pengguna/{pk}/akhiri-sesi/")
        assert officer.get("/").headers["Location"].startswith(reverse("account_login"))

    def test_it_ends_a_role_and_its_session(
        self, nurul: Client, teguh: Client, signed_in: SignIn, village: Village
    ) -> None:
        user = village.users[Role.CITY_OFFICER]
        officer = signed_in(user)
        officer.get("/")
        asked = {"since": "10-11-2026", "reason": "Pensiun", "once": "e1"}
        answer = nurul.post(f"/pengguna/{user.pk}/usul/akhiri/", asked)
        decided(teguh, answer.headers["Location"])
        assert appointment_of(user, NOW.date()) is None
        assert officer.get("/").status_code == 302


class TestTheInvited:
    @pytest.fixture
    def address(self, nurul: Client, teguh: Client) -> str:
        """The link for Dewi Lestari."""
        asked = invited(nurul)
        decided(teguh, asked)
        return link(teguh, asked)

    def give(self, address: str, first: str = PASSWORD, second: str = "") -> Any:
        return Client().post(address, {"password1": first, "password2": second or first})

    def test_it_lets_her_in_by_password_and_then_a_code(self, address: str) -> None:
        assert "Selamat datang, Dewi Lestari" in Client().get(address).content.decode()
        assert self.give(address).headers["Location"] == reverse("account_login")
        client = Client()
        client.post(reverse("account_login"), {"login": "dewi.lestari", "password": PASSWORD})
        assert client.get("/").headers["Location"].startswith(reverse("mfa_activate_totp"))

    @pytest.mark.parametrize(
        ("first", "second", "sentence"),
        [
            ("sebelas", "", "terlalu pendek"),
            ("dewi.lestari12", "", "mirip nama Anda"),
            ("qwertyuiop123", "", "terlalu umum"),
            ("123456789012345", "", "hanya angka"),
            ("lindung jambi 2026", "", "mudah ditebak"),
            (PASSWORD, "lain sama sekali", "tidak sama"),
        ],
    )
    def test_it_refuses_a_weak_password_and_uses_nothing_up(
        self, address: str, first: str, second: str, sentence: str
    ) -> None:
        answer = self.give(address, first, second)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert first not in answer.content.decode()
        assert Client().get(address).status_code == 200

    def test_it_works_once_and_says_so_afterwards(self, address: str) -> None:
        self.give(address)
        answer = self.give(address)
        assert answer.status_code == 410
        assert "sudah dipakai" in answer.content.decode()

    def test_it_says_what_to_do_with_an_old_link(self, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LINDUNG_NOW", (NOW + timedelta(hours=72)).isoformat())
        answer = Client().get(address)
        assert answer.status_code == 410
        assert "Minta pengelola Lindung di kantor Anda mencetak yang baru" in answer.content.decode()

    def test_it_does_not_let_one_try_links_without_end(
        self, village: Village, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(guessing, "LINKS_FROM_ONE_ADDRESS", ((3, 300),))
        found = [Client().get(f"/undangan/tebakan-{number}/").status_code for number in range(5)]
        assert found == [410, 410, 410, 429, 429]

    def test_a_new_password_does_not_step_around_the_code(
        self, nurul: Client, teguh: Client, signed_in: SignIn, village: Village
    ) -> None:
        user = village.users[Role.CITY_OFFICER]
        old_session = signed_in(user)
        old_session.get("/")
        asked = nurul.post(
            f"/pengguna/{user.pk}/usul/kata-sandi/", {"since": "10-11-2026", "reason": "Lupa", "once": "r1"}
        ).headers["Location"]
        decided(teguh, asked)
        self.give(link(teguh, asked))
        assert user_named(user.username).check_password(PASSWORD)
        client = Client()
        answer = client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
        assert answer.headers["Location"] == reverse("mfa_authenticate")
        assert second_factor.is_set_up(user)
        assert old_session.get("/").status_code == 302
