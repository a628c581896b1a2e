"""Hari ini of each role: the agreement that waits for its step, and the one that has just been stopped."""

from datetime import date

from django.test import Client

from lindung.access.models import Role
from lindung.insight.agreement_needs import steps_waiting
from lindung.membership import ending
from web.agreement_writing import PKS, as_user, draft, sent
from web.conftest import SignIn
from web.village import NOW, Village, acting

REVIEW, SIGNED = "konsep menunggu diperiksa", "menunggu orang kedua"


def today(client: Client) -> str:
    return client.get("/").content.decode()


def test_each_step_is_asked_of_whoever_may_take_it(village: Village, signed_in: SignIn) -> None:
    officer, treasurer = signed_in(Role.CITY_OFFICER), signed_in(Role.FINANCE_OFFICER)
    branch = signed_in(Role.BRANCH_OFFICER)
    page = f"/kerja-sama/{draft(village, officer)}/"
    assert f'href="{page}"' not in today(officer) + today(treasurer)
    sent(officer, f"{page}ajukan/", {})
    for client in (treasurer, branch):
        assert "Pengemudi ojek: konsep menunggu diperiksa." in today(client)
    assert REVIEW not in today(officer)
    sent(treasurer, f"{page}kembalikan/", {"reason": "Kuota belum sesuai"})
    assert "dikembalikan untuk diperbaiki: Kuota belum sesuai" in today(officer)
    assert "Kuota belum sesuai" not in today(treasurer)
    sent(officer, f"{page}ajukan/", {})
    sent(officer, f"{page}tanda-tangan/", PKS)
    assert SIGNED in today(treasurer)
    assert SIGNED not in today(officer)
    sent(treasurer, f"{page}aktifkan/", {})
    assert SIGNED not in today(treasurer)


def test_who_wrote_it_is_not_asked_to_be_the_second_person(village: Village, signed_in: SignIn) -> None:
    """Whoever is appointed anew keeps what she wrote."""
    officer = signed_in(Role.CITY_OFFICER)
    page = f"/kerja-sama/{draft(village, officer)}/"
    sent(officer, f"{page}ajukan/", {})
    sent(officer, f"{page}tanda-tangan/", PKS)
    with as_user(village.users[Role.CITY_OFFICER]):
        (need,) = steps_waiting(on=NOW.date())
    assert need.not_for == {village.users[Role.CITY_OFFICER].pk}


def test_a_stop_is_told_for_a_month_to_finance_and_branch(village: Village, signed_in: SignIn) -> None:
    with as_user(village.users[Role.CITY_OFFICER]):
        officer, _ = acting(village.users[Role.CITY_OFFICER], NOW.date())
        ending.terminate(
            agreement_id=village.agreement_id, on=date(2027, 1, 1), reason="x", by=officer, now=NOW
        )
    told = "dihentikan; bulan terakhir Desember 2026."
    for role in (Role.FINANCE_OFFICER, Role.BRANCH_OFFICER):
        assert told in today(signed_in(role))
    assert told not in today(signed_in(Role.CITY_OFFICER))
