"""The main job, done by a person with a browser: sign in, upload, read the faults, enrol, see the cover."""

import time
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from browser.conftest import Enter
from browser.signing_in import PASSWORD, give_name_and_password, give_password, paste_code
from browser.visiting import PHONE, Visit, faults_of
from lindung.access import second_factor
from lindung.access.models import Role, User
from web.village import HEADERS, NEXT_ROWS

pytestmark = pytest.mark.browser


def an_officer_with_a_code_app(visit: Visit) -> User:
    """Ibu Siti's colleague at Disnaker has a password and an app that makes codes."""
    officer = visit.village.users[Role.CITY_OFFICER]
    give_password(officer)
    second_factor.give(officer)
    return officer


def she_gives_name_and_password(visit: Visit, officer: User) -> None:
    """The first page anybody sees."""
    visit.open("/")
    give_name_and_password(visit.page, officer)


def she_pastes_the_code(page: Page, officer: User, *, scripts: bool) -> None:
    """As from the clipboard: all six digits in one event."""
    nobody_is_shut_out(page, scripts=scripts)
    paste_code(page, officer)


def a_workbook(folder: Path) -> Path:
    """The next list of her office, with two lines that are wrong."""
    file = folder / "Daftar tambahan.csv"
    file.write_text("\r\n".join([HEADERS, *NEXT_ROWS, ""]), encoding="utf-8")
    return file


def nobody_is_shut_out(page: Page, *, scripts: bool) -> None:
    """What checks the page is a script itself, so without scripts it has to be believed."""
    assert not scripts or faults_of(page) == {}


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_it_takes_an_officer_from_a_messy_list_to_a_worker_s_cover(
    visitor: Enter, tmp_path: Path, scripts: bool
) -> None:
    # Given
    visit = visitor(width=PHONE, scripts=scripts)
    page, officer = visit.page, an_officer_with_a_code_app(visit)

    # When she signs in
    she_gives_name_and_password(visit, officer)
    she_pastes_the_code(page, officer, scripts=scripts)

    # Then the day's page tells her what to do
    expect(page.get_by_role("heading", name="Yang perlu Anda lakukan")).to_be_visible()

    # When she uploads a list
    page.get_by_label("Unggah daftar pekerja").set_input_files(a_workbook(tmp_path))
    page.get_by_role("button", name="Unggah dan periksa").click()

    # Then the faults stand in their cells
    expect(page.get_by_role("heading", name="1 orang siap didaftarkan")).to_be_visible()
    faulty = page.get_by_role("row").filter(has_text="Nur Hasanah")
    expect(faulty.get_by_text("Perbaiki", exact=True)).to_be_visible()
    expect(faulty.locator(".problem.blocks").first).to_contain_text("NIK")

    # When she enrols what is ready
    page.get_by_role("link", name="Daftarkan 1 orang").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Daftarkan 1 orang?")
    nobody_is_shut_out(page, scripts=scripts)
    page.get_by_role("button", name="Ya, daftarkan 1 orang").click()

    # Then it is said, and the list says it too
    expect(page.get_by_role("status")).to_have_text("1 orang sudah terdaftar.")
    nobody_is_shut_out(page, scripts=scripts)
    expect(page.get_by_role("link", name="Terdaftar", exact=True)).to_have_count(1)

    # When she opens the worker
    page.get_by_role("link", name="Terdaftar", exact=True).click()

    # Then the page answers whether she is protected
    expect(page.get_by_role("heading", level=1)).to_have_text("Dewi Sartika")
    expect(page.get_by_role("region", name="Jawaban")).to_contain_text("belum terlindungi")

    # And of one whose contributions are paid, by what and until when
    visit.open(f"/pekerja/{visit.village.siti_id}/")
    expect(page.get_by_role("region", name="Jawaban")).to_contain_text("Siti Aminah terlindungi JKK + JKM")
    expect(page.get_by_role("region", name="Jawaban")).to_contain_text("Oktober 2026")


def test_it_can_be_walked_by_keyboard_alone(visitor: Enter) -> None:
    # Given
    visit = visitor()
    page, officer = visit.page, an_officer_with_a_code_app(visit)
    visit.open("/")

    # When she never touches the mouse
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Langsung ke isi")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(officer.username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Kode masuk").focus()
    page.keyboard.type(second_factor.current_code(officer).digits)
    page.keyboard.press("Enter")

    # Then she stands before the day's page
    expect(page.get_by_role("heading", level=1)).to_have_text("Hari ini")


def test_it_signs_out_from_the_menu_in_the_corner(visitor: Enter) -> None:
    # Given
    visit = visitor(Role.CITY_OFFICER, width=PHONE)
    visit.open("/")

    # When
    visit.page.locator("details.who summary").click()
    visit.page.get_by_role("button", name="Keluar").click()

    # Then
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Masuk ke Lindung")


def test_it_reads_in_english_after_one_press(visitor: Enter) -> None:
    # Given
    visit = visitor(Role.CITY_OFFICER)
    visit.open(f"/pekerja/{visit.village.siti_id}/")

    # When
    visit.page.get_by_role("button", name="English").click()

    # Then the same page is English
    expect(visit.page).to_have_url(f"{visit.site}/pekerja/{visit.village.siti_id}/")
    expect(visit.page.get_by_role("heading", name="Month by month")).to_be_visible()


def test_it_sets_up_codes_on_the_first_day(visitor: Enter) -> None:
    # Given an officer who has a password and nothing else
    visit = visitor()
    officer = visit.village.users[Role.CITY_OFFICER]
    give_password(officer)

    # When she signs in, scans the picture and types the code
    she_gives_name_and_password(visit, officer)
    expect(visit.page.get_by_role("img", name="Kode QR untuk aplikasi kode")).to_be_visible()
    assert faults_of(visit.page) == {}
    secret = visit.page.locator(".secret").inner_text()
    visit.page.get_by_label("Kode masuk").fill(code_of(secret))
    visit.page.get_by_role("button", name="Pasang").click()

    # Then, after the password once more, she gets recovery codes to keep
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Pastikan ini Anda")
    assert faults_of(visit.page) == {}
    visit.page.get_by_label("Kata sandi").fill(PASSWORD)
    visit.page.get_by_role("button", name="Lanjut").click()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Kode cadangan")
    expect(visit.page.locator(".codes li")).to_have_count(10)
    assert faults_of(visit.page) == {}


def code_of(secret: str) -> str:
    """The code an app on a telephone makes from this secret now (RFC 6238)."""
    digits: str = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    return digits
