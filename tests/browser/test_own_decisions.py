"""Deciding here in a real browser: refused with a way out where BPJS decides, stored where the authority is ours."""

import os

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Enter
from browser.visiting import DESK, PHONE, faults_of
from lindung.access.models import Role
from lindung.partnership.deciders import Function
from web.test_bills import november
from web.test_own_decisions import KPJ, granted
from web.village import Village

pytestmark = pytest.mark.browser


def picture(page: Page, name: str) -> None:
    """Kept where SHOTS says, to look at."""
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_page_shuts_nobody_out_with_and_without_the_authority(
    visitor: Enter, village: Village, width: int
) -> None:
    bill, siti = november(village), village.siti_id
    visits = {
        Role.BRANCH_OFFICER: [
            f"/pekerja/{siti}/kpj/",
            f"/pekerja/{siti}/status/",
            f"/pekerja/{siti}/saldo-jht/",
            f"/tagihan/{bill}/kode-iuran/",
        ],
        Role.CLAIMS_APPROVER: [f"/pekerja/{siti}/penetapan/"],
    }
    faults = {}
    for state in ("bpjs", "here"):
        if state == "here":
            granted(village, *Function)
        for role, paths in visits.items():
            visit = visitor(role, width=width)
            for path in paths:
                visit.open(path)
                picture(visit.page, f"{width}-{state}{path.replace('/', '_')}")
                faults[f"{state} {path}"] = faults_of(visit.page)
    assert {path: found for path, found in faults.items() if found} == {}


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_number_is_given_here_and_wears_our_badge(visitor: Enter, village: Village, width: int) -> None:
    """Given the authority, when the branch officer gives the number by a letter, then the worker's page says who did."""
    granted(village, Function.MEMBER_NUMBER)
    visit = visitor(Role.BRANCH_OFFICER, width=width)
    visit.open(f"/pekerja/{village.siti_id}/")
    visit.page.get_by_role("link", name="Nomor peserta").click()
    visit.page.get_by_label("Nomor peserta (KPJ)").fill(KPJ)
    visit.page.get_by_label("Nomor surat keputusan").fill("SK/7/2026")
    visit.page.get_by_role("button", name="Simpan keputusan").click()
    expect(visit.page.get_by_text("Nomor peserta (KPJ): keputusan tersimpan.")).to_be_visible()
    expect(visit.page.get_by_text("Diputuskan di sini")).to_be_visible()
    assert faults_of(visit.page) == {}
    picture(visit.page, f"{width}-worker-decided")
