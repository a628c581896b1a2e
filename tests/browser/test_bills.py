"""November from the officer's desk to the worker's page: drawn, recorded, confirmed; and every page of it."""

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Enter
from browser.visiting import DESK, PHONE, Visit, faults_of
from lindung.access.models import Role

pytestmark = pytest.mark.browser


def open_menu(visit: Visit, name: str) -> None:
    """The same way at every width: through the main menu."""
    menu = visit.page.locator("details.menu > summary")
    if menu.is_visible():
        menu.click()
    visit.page.get_by_role("navigation", name="Menu utama").get_by_role("link", name=name).click()


def nobody_is_shut_out(page: Page) -> None:
    assert faults_of(page) == {}


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_it_takes_november_from_the_draft_to_the_worker_s_page(visitor: Enter, width: int) -> None:
    # Given an officer before the list of bills
    officer = visitor(Role.CITY_OFFICER, width=width)
    officer.open("/")
    open_menu(officer, "Tagihan")
    expect(officer.page.get_by_role("heading", level=1)).to_have_text("Tagihan")
    nobody_is_shut_out(officer.page)

    # When she works November out
    officer.page.get_by_role("link", name="Susun tagihan").click()
    nobody_is_shut_out(officer.page)
    officer.page.get_by_role("button", name="Hitung dulu").click()

    # Then she sees what it costs and why, before anything is drawn
    expect(officer.page.get_by_role("heading", name="Bila disusun sekarang")).to_be_visible()
    expect(officer.page.get_by_text("PP 44/2015 Pasal 20 ayat (3)").first).to_be_visible()
    nobody_is_shut_out(officer.page)

    # When she draws it and records the treasury order
    officer.page.get_by_role("button", name="Susun tagihan November 2026").click()
    expect(officer.page.get_by_role("status")).to_have_text("Tagihan November 2026 sudah disusun.")
    expect(officer.page.get_by_role("heading", name="Apa akibatnya bila tidak dibayar")).to_be_visible()
    nobody_is_shut_out(officer.page)
    officer.page.get_by_role("link", name="Catat SP2D").click()
    officer.page.get_by_label("Nomor SP2D").fill("SP2D/77")
    officer.page.get_by_label("Tanggal SP2D").fill("2026-11-09")
    officer.page.get_by_label("Nilai SP2D (rupiah)").fill("0")
    officer.page.get_by_role("button", name="Catat", exact=True).click()

    # Then an amount of nothing is said at its field, and nothing she typed is lost
    expect(officer.page.get_by_role("alert")).to_contain_text("Nilai harus lebih dari nol")
    expect(officer.page.get_by_label("Nomor SP2D")).to_have_value("SP2D/77")
    nobody_is_shut_out(officer.page)
    officer.page.get_by_label("Nilai SP2D (rupiah)").fill("33.600")
    officer.page.get_by_role("button", name="Catat", exact=True).click()
    expect(officer.page.get_by_role("status")).to_contain_text("orang kedua mengesahkannya")
    nobody_is_shut_out(officer.page)

    # When finance opens the day, confirms what waits
    finance = visitor(Role.FINANCE_OFFICER, width=width)
    finance.open("/")
    nobody_is_shut_out(finance.page)
    finance.page.get_by_role("link", name="Sahkan SP2D November 2026").click()
    finance.page.get_by_role("link", name="Sahkan SP2D SP2D/77").click()
    expect(finance.page.get_by_text("Melunasi tagihan November 2026 sebesar Rp33.600")).to_be_visible()
    nobody_is_shut_out(finance.page)
    finance.page.get_by_role("button", name="Ya, sahkan Rp33.600").click()

    # Then the bill is paid, and so is the worker's November
    expect(finance.page.get_by_role("status")).to_contain_text("Tagihan November 2026 lunas.")
    nobody_is_shut_out(finance.page)
    officer.open(f"/pekerja/{officer.village.siti_id}/")
    expect(officer.page.get_by_role("region", name="Jawaban")).to_contain_text(
        "Iuran lunas s.d. November 2026"
    )

    # And going back to the confirmation leads to the paid bill
    finance.page.go_back()
    expect(finance.page.get_by_role("heading", level=1)).to_have_text("Tagihan November 2026")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_money_that_came_short_and_money_that_goes_back_shut_nobody_out(visitor: Enter, width: int) -> None:
    # Given money that named no bill and waits
    officer, finance = visitor(Role.CITY_OFFICER, width=width), visitor(Role.FINANCE_OFFICER, width=width)
    purse = f"/kerja-sama/{officer.village.agreement_id}/uang/"
    officer.open(purse)
    nobody_is_shut_out(officer.page)
    officer.page.get_by_role("link", name="Catat uang masuk").click()
    nobody_is_shut_out(officer.page)
    officer.page.get_by_label("Nomor bukti").fill("SP2D/99")
    officer.page.get_by_label("Tanggal bukti").fill("2026-11-09")
    officer.page.get_by_label("Nilai (rupiah)").fill("10.000")
    officer.page.get_by_role("button", name="Catat", exact=True).click()
    nobody_is_shut_out(officer.page)
    officer.page.get_by_role("link", name="Tolak catatan ini").click()
    nobody_is_shut_out(officer.page)

    # When finance confirms it, and asks for it back
    finance.open(purse)
    finance.page.get_by_role("link", name="SP2D/99").click()
    finance.page.get_by_role("link", name="Sahkan").click()
    expect(finance.page.get_by_text("Rp10.000 menjadi titipan")).to_be_visible()
    nobody_is_shut_out(finance.page)
    finance.page.get_by_role("button", name="Ya, sahkan").click()
    finance.page.get_by_role("link", name="Minta pembalikan").click()
    expect(finance.page.get_by_text("Tidak ada bulan yang hilang")).to_be_visible()
    nobody_is_shut_out(finance.page)
    finance.page.get_by_label("Alasan").fill("Transfer kembali")
    finance.page.get_by_role("button", name="Minta pembalikan").click()

    # Then another one has to carry it out
    expect(finance.page.get_by_text("Menunggu bendahara lain menjalankannya.")).to_be_visible()
    nobody_is_shut_out(finance.page)


def test_it_draws_and_records_by_keyboard_alone(visitor: Enter) -> None:
    # Given
    visit = visitor(Role.CITY_OFFICER)
    page = visit.page
    visit.open("/tagihan/susun/")

    # When she never touches the mouse
    def tab_to(name: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent.trim()") == name:
                return
        raise AssertionError(f"the keyboard never reaches {name}")

    for name in ("Hitung dulu", "Susun tagihan November 2026", "Catat SP2D"):
        tab_to(name)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    page.get_by_label("Nomor SP2D").focus()
    page.keyboard.type("SP2D/77")
    page.keyboard.press("Tab")
    page.keyboard.type("11092026")
    page.get_by_label("Nilai SP2D (rupiah)").focus()
    page.keyboard.type("33600")
    page.keyboard.press("Enter")

    # Then it is recorded
    expect(page.get_by_role("status")).to_contain_text("SP2D SP2D/77 sudah dicatat.")


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize(
    "role",
    [
        Role.KELURAHAN_OPERATOR,
        Role.BRANCH_OFFICER,
        Role.BRANCH_HEAD,
        Role.CLAIMS_APPROVER,
        Role.AUDITOR,
        Role.MAYOR,
    ],
)
def test_each_role_s_day_shuts_nobody_out(visitor: Enter, role: Role, width: int) -> None:
    visit = visitor(role, width=width)
    for path in ("/", "/bantuan/", "/istilah/"):
        visit.open(path)
        assert faults_of(visit.page) == {}, path


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_it_explains_a_word_where_it_stands_and_without_scripts(visitor: Enter, width: int) -> None:
    # Given a paid bill
    visit = visitor(Role.AUDITOR, width=width, scripts=width == PHONE)
    visit.open("/tagihan/")
    visit.page.get_by_role("link", name="Oktober 2026").first.click()

    # When the reader presses the word
    word = visit.page.get_by_role("button", name="SP2D (arti istilah)")
    word.click()

    # Then its meaning opens, leads to all words, and closes with Esc
    meaning = visit.page.locator("[popover]").filter(has_text="Surat Perintah Pencairan Dana")
    expect(meaning).to_be_visible()
    if width == PHONE:
        assert faults_of(visit.page) == {}
    visit.page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    word.click()
    meaning.get_by_role("link", name="Semua istilah").click()
    expect(visit.page).to_have_url(f"{visit.site}/istilah/#sp2d")


def test_what_is_printed_says_who_printed_it_and_leaves_the_menu_out(visitor: Enter) -> None:
    # Given
    visit = visitor(Role.FINANCE_OFFICER)
    visit.open("/tagihan/")
    visit.page.get_by_role("link", name="Oktober 2026").first.click()
    assert visit.page.locator(".printed").is_hidden()

    # When it goes to paper
    visit.page.emulate_media(media="print")

    # Then
    expect(visit.page.locator(".printed")).to_contain_text("dicetak 10 November 2026 pukul 08.15 oleh")
    for gone in ("header .top", "footer", ".crumbs", ".button"):
        expect(visit.page.locator(gone).first).to_be_hidden()
    expect(visit.page.get_by_role("heading", name="Lampiran per kelurahan")).to_be_visible()
