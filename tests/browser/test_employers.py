"""Employers and monthly changes in Chromium: each page at phone and desk width, and one walk through all of them."""

import pytest
from playwright.sync_api import expect

from browser.conftest import Enter
from browser.visiting import DESK, PHONE, faults_of
from lindung.access.models import Role
from lindung.access.scope import in_scope
from lindung.membership.models import Membership
from web.village import NOW, Village, acting
from web.workplaces import workplace

pytestmark = pytest.mark.browser


def sitis(village: Village) -> int:
    officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=officer):
        return int(Membership.objects.get(person_id=village.siti_id).pk)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_no_page_of_employers_and_changes_shuts_anybody_out(visitor: Enter, width: int) -> None:
    visit = visitor(Role.CITY_OFFICER, width=width)
    visit.open("/pemberi-kerja/")
    faults = {"empty": faults_of(visit.page)}
    place = workplace(visit.village, workers=2)
    member = place.workers[0].membership_id
    for path in (
        "/pemberi-kerja/",
        "/pemberi-kerja/baru/",
        "/pemberi-kerja/upah-minimum/",
        f"/pemberi-kerja/{place.unit_id}/",
        f"/pemberi-kerja/{place.unit_id}/npp/",
        f"/pemberi-kerja/{place.unit_id}/f1/",
        f"/pemberi-kerja/{place.unit_id}/daftar-upah/",
        f"/kerja-sama/{place.agreement_id}/perubahan/?bulan=2026-12",
        f"/kerja-sama/{visit.village.agreement_id}/perubahan/?bulan=2020-01",
        f"/kerja-sama/{place.agreement_id}/masuk/",
        f"/kerja-sama/{visit.village.agreement_id}/masuk/",
        f"/kepesertaan/{member}/keluar/",
        f"/kepesertaan/{member}/upah/",
        f"/kepesertaan/{member}/f1a/",
        f"/pekerja/{place.workers[0].person_id}/keluarga/",
        f"/pekerja/{place.workers[0].person_id}/betulkan/",
        f"/pekerja/{place.workers[0].person_id}/",
    ):
        visit.open(path)
        faults[path] = faults_of(visit.page)
    visit.open(f"/kerja-sama/{place.agreement_id}/perubahan/?bulan=2026-12")
    visit.page.get_by_role("link", name="Batalkan").first.click()
    faults["undo"] = faults_of(visit.page)
    assert {path: found for path, found in faults.items() if found} == {}


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_officer_walks_from_leaving_to_undoing(visitor: Enter, scripts: bool) -> None:
    # Given
    visit = visitor(Role.CITY_OFFICER, width=PHONE, scripts=scripts)
    page = visit.page
    visit.open(f"/kepesertaan/{sitis(visit.village)}/keluar/")

    # When she sends the form without a reason
    page.get_by_role("button", name="Catat keluar").click()

    # Then it stays on the page, or says what is missing
    expect(page.get_by_role("heading", level=1)).to_have_text("Catat keluar")

    # When she gives it
    page.get_by_label("Alasan").select_option("moved")
    page.get_by_role("button", name="Catat keluar").click()

    # Then the worker's page says so
    expect(page.get_by_role("status").first).to_contain_text("keluar setelah November 2026")
    expect(page.get_by_text("Keluar sejak")).to_be_visible()

    # When she takes it back
    visit.open(f"/kerja-sama/{visit.village.agreement_id}/perubahan/?bulan=2026-11")
    page.get_by_role("link", name="Batalkan").click()
    page.get_by_role("button", name="Ya, batalkan").click()

    # Then nothing is left of it in the month
    expect(page.get_by_role("status").first).to_have_text("Perubahan dibatalkan.")
