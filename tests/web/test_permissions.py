"""Who may open which page: every role at every door, and nobody without signing in."""

from django.test import Client
from django.urls import reverse

from lindung.access.models import Role
from lindung.access.roles import ROLES, Permission
from web.conftest import SignIn
from web.village import Village

PAGES = {
    "today": ("GET", "/", Permission.SEE_TODAY),
    "roster": ("GET", "/daftar/{roster}/", Permission.SEE_ROSTERS),
    "worker": ("GET", "/pekerja/{siti}/", Permission.SEE_WORKERS),
    "upload": ("POST", "/kerja-sama/{agreement}/unggah/", Permission.UPLOAD_ROSTER),
    "enrol": ("POST", "/daftar/{roster}/daftarkan/", Permission.ENROL),
}


def asked(client: Client, village: Village, page: str) -> int:
    """The status of the answer to one page."""
    method, address, _ = PAGES[page]
    path = address.format(roster=village.roster_id, siti=village.siti_id, agreement=village.agreement_id)
    return client.generic(method, path).status_code


def test_it_opens_to_each_role_what_its_sheet_allows_and_nothing_else(
    village: Village, signed_in: SignIn
) -> None:
    opened = {role: {page for page in PAGES if asked(signed_in(role), village, page) != 403} for role in Role}
    allowed = {
        role: {page for page, (_, _, permission) in PAGES.items() if permission in ROLES[role].may}
        for role in Role
    }
    assert opened == allowed


def test_it_sends_a_stranger_to_the_sign_in_page(village: Village) -> None:
    client = Client()
    for method, address, _ in PAGES.values():
        path = address.format(roster=village.roster_id, siti=village.siti_id, agreement=village.agreement_id)
        answer = client.generic(method, path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("account_login"))


def test_it_tells_one_who_may_not_what_to_do(signed_in: SignIn) -> None:
    answer = signed_in(Role.ADMINISTRATOR).get("/")
    assert answer.status_code == 403
    assert "Peran Anda tidak boleh membuka ini" in answer.content.decode()


def test_it_lets_nobody_in_on_a_password_alone(village: Village) -> None:
    client = Client()
    client.force_login(village.users[Role.CITY_OFFICER])
    for _, address, _ in PAGES.values():
        path = address.format(roster=village.roster_id, siti=village.siti_id, agreement=village.agreement_id)
        assert client.get(path).headers["Location"].startswith(reverse("mfa_activate_totp"))
