"""Weighty steps ask for the code once more: what was typed waits meanwhile, and nothing happens before."""

from collections.abc import Callable

import pytest
from django.test import Client

from lindung.access import second_factor
from lindung.access.models import Role
from lindung.access.second_factor import PASSED_AT
from lindung.access.step_up import FRESH_FOR
from web.conftest import SignIn
from web.test_bills import november, recorded, status, token_of
from web.test_exports import actions, ask, fetched, newest
from web.test_revealing import REASON, looks
from web.village import SITI, Village

STALE = FRESH_FOR + 1


def gone_stale(client: Client) -> Client:
    """The same session, whose code was given more than five minutes ago."""
    session = client.session
    session[PASSED_AT] -= STALE
    session.save()
    return client


def asks_for_the_code(client: Client, path: str, **fields: str) -> str:
    """Send it and be asked for the code; the page to which the code leads back."""
    answer = client.post(path, {"once": "k1", **fields})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/akun/kode/?next=")
    return answer.headers["Location"]


def give_code(client: Client, village: Village, role: Role, address: str) -> None:
    code = second_factor.current_code(village.users[role]).digits
    answer = client.post(address, {"code": code, "next": address.split("next=")[1].replace("%2F", "/")})
    assert answer.status_code == 302


PAGES: dict[str, tuple[Role, Callable[[Village], str]]] = {
    "activate": (Role.FINANCE_OFFICER, lambda village: f"/kerja-sama/{village.agreement_id}/aktifkan/"),
    "stop": (Role.CITY_OFFICER, lambda village: f"/kerja-sama/{village.agreement_id}/hentikan/"),
    "correct a stop": (
        Role.FINANCE_OFFICER,
        lambda village: f"/kerja-sama/{village.agreement_id}/hentikan/perbaiki/",
    ),
    "confirm": (Role.FINANCE_OFFICER, lambda village: "/tagihan/1/sahkan/1/"),
    "reveal": (Role.CITY_OFFICER, lambda village: f"/pekerja/{village.siti_id}/nik/"),
    "approve": (Role.AUDITOR, lambda village: "/ekspor/1/setujui/"),
    "fetch": (Role.CITY_OFFICER, lambda village: "/ekspor/1/unduh/"),
    "take out": (Role.CITY_OFFICER, lambda village: f"/daftar/{village.roster_id}/unduh/"),
    "change": (Role.ADMINISTRATOR, lambda village: "/pengguna/usulan/1/"),
    "link": (Role.ADMINISTRATOR, lambda village: "/pengguna/usulan/1/tautan/"),
}


@pytest.mark.parametrize("name", PAGES)
def test_each_weighty_step_asks_for_the_code(village: Village, signed_in: SignIn, name: str) -> None:
    role, path = PAGES[name]
    asks_for_the_code(gone_stale(signed_in(role)), path(village))


def test_it_shows_no_number_before_the_code_and_keeps_the_reason(village: Village, signed_in: SignIn) -> None:
    officer, path = gone_stale(signed_in(Role.CITY_OFFICER)), f"/pekerja/{village.siti_id}/nik/"
    address = asks_for_the_code(officer, path, **REASON)
    assert looks() == []
    give_code(officer, village, Role.CITY_OFFICER, address)
    page = officer.get(path).content.decode()
    assert SITI not in page
    assert REASON["words"] in page
    assert "dipulihkan" in page
    assert SITI in officer.post(path, REASON).content.decode()
    assert REASON["words"] not in officer.get(path).content.decode()


def test_it_pays_nothing_before_the_code(village: Village, signed_in: SignIn) -> None:
    bill = november(village)
    order = recorded(village, signed_in(Role.CITY_OFFICER), bill)
    finance, path = gone_stale(signed_in(Role.FINANCE_OFFICER)), f"/tagihan/{bill}/sahkan/{order}/"
    sent = token_of(finance.get(path).content.decode())
    address = asks_for_the_code(finance, path, **sent)
    assert status(village, bill) == "final"
    give_code(finance, village, Role.FINANCE_OFFICER, address)
    assert finance.post(path, sent).status_code == 302
    assert status(village, bill) == "paid"


def test_it_hands_out_no_file_before_the_code_and_then_the_whole_file(
    village: Village, signed_in: SignIn
) -> None:
    officer = signed_in(Role.CITY_OFFICER)
    ask(officer, nik="masked")
    path = f"/ekspor/{newest().pk}/unduh/"
    asks_for_the_code(gone_stale(officer), path)
    assert newest().fetched_at is None
    assert actions() == ["export.requested"]
    give_code(officer, village, Role.CITY_OFFICER, "/akun/kode/?next=%2Fekspor%2F")
    assert b"Siti Aminah" in fetched(officer.post(path))
