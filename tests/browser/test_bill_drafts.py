"""A draft made final and replaced, two months drawn ahead, and all bills of a month: by keyboard, phone and desk."""

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Enter
from browser.visiting import DESK, PHONE, Visit, faults_of
from lindung.access.models import Role
from lindung.contributions import runs
from lindung.contributions.bill_records import BillRun
from web.test_bills import in_jambi
from web.village import NOW

pytestmark = pytest.mark.browser


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def seen(visit: Visit, sentence: str) -> None:
    """The page says this, and shuts nobody out."""
    expect(visit.page.get_by_text(sentence).first).to_be_visible()
    assert faults_of(visit.page) == {}


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_it_takes_two_months_from_drafts_to_bills_and_draws_one_anew(visitor: Enter, width: int) -> None:
    officer = visitor(Role.CITY_OFFICER, width=width)
    officer.open(f"/tagihan/di-muka/?agreement={officer.village.agreement_id}&month=2026-11&period=2")
    seen(officer, "November 2026 sampai Desember 2026: Rp67.200")
    press(officer.page, "Simpan sebagai draf")
    seen(officer, "2 bulan masih draf.")

    officer.page.get_by_role("link", name="November 2026").click()
    seen(officer, "Ini masih draf")
    officer.page.get_by_role("link", name="Tetapkan tagihan").click()
    seen(officer, "Peserta, upah dan dendanya masih sama")
    press(officer.page, "Ya, tetapkan tagihan")
    seen(officer, "Tagihan November 2026 sudah ditetapkan.")

    officer.page.get_by_role("link", name="Ganti tagihan ini").click()
    seen(officer, "Apa penggantinya?")
    officer.page.get_by_label("Draf bulan ini, supaya").check()
    press(officer.page, "Ganti tagihan")
    seen(officer, "menjadi draf lagi")
    officer.open("/tagihan/?keadaan=superseded")
    seen(officer, "Digantikan")

    officer.open("/tagihan/sekaligus/")
    seen(officer, "Belum pernah ada.")
    press(officer.page, "Susun semua tagihan bulan itu")
    seen(officer, "Sedang disusun")
    with in_jambi(officer.village):
        run_id = BillRun.objects.get().pk
    runs.carry_out(run_id=run_id, today=NOW.date())
    seen(officer, "Tersusun")
