"""Lists in Chromium: every new page at two widths, a cell mended in its place, a large list watched while it is judged."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Enter
from browser.visiting import DESK, PHONE, Visit, faults_of
from lindung.access.models import Role
from lindung.membership import arriving
from web.village import FAULTY_ROWS, NEXT_ROWS, READY_ROWS, sheet

pytestmark = pytest.mark.browser
NUR = 4
RIGHT = "1571025203840005"


def pages_of(visit: Visit) -> list[str]:
    roster, agreement = visit.village.roster_id, visit.village.agreement_id
    return [
        "/daftar/",
        f"/kerja-sama/{agreement}/unggah/",
        f"/daftar/{roster}/",
        f"/daftar/{roster}/baris/{NUR}/",
        f"/daftar/{roster}/baris/{NUR}/lewati/",
        f"/daftar/{roster}/baris/{NUR}/kolom/1/",
        f"/daftar/{roster}/baris/{NUR}/kolom/4/",
        f"/daftar/{roster}/perbaikan/",
    ]


def work() -> None:
    """What waits, done by a worker of its own: this process is busy with the browser."""
    subprocess.run([sys.executable, "-m", "lindung", "work", "--once"], check=True)


def choose(page: Page, content: bytes, name: str = "daftar.csv") -> None:
    page.locator("#file, #id_file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every list is large."""
    monkeypatch.setattr(arriving, "AT_ONCE_BYTES", 0)
    return


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_it_has_no_page_of_lists_that_shuts_anybody_out(visitor: Enter, width: int) -> None:
    visit = visitor(Role.CITY_OFFICER, width=width)
    faults = {}
    for path in pages_of(visit):
        visit.open(path)
        faults[path] = faults_of(visit.page)
    assert {path: found for path, found in faults.items() if found} == {}


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_cell_is_mended_in_its_place(visitor: Enter, width: int) -> None:
    visit = visitor(Role.CITY_OFFICER, width=width)
    visit.open(f"/daftar/{visit.village.roster_id}/")
    row = visit.page.locator(f"#baris-{NUR}")
    row.get_by_role("link", name=re.compile("Perbaiki NIK")).click()
    field = row.get_by_label("Isi yang benar")
    expect(field).to_have_value("")
    assert faults_of(visit.page) == {}
    field.fill("15710")
    row.get_by_role("button", name="Simpan").click()
    expect(row.get_by_text("Perbaiki", exact=True).first).to_be_visible()
    row.get_by_role("link", name=re.compile("Perbaiki NIK")).click()
    row.get_by_label("Isi yang benar").fill(RIGHT)
    row.get_by_role("button", name="Simpan").click()
    expect(row.get_by_text("Siap")).to_be_visible()
    assert RIGHT not in visit.page.content()
    assert visit.page.url.endswith(f"/daftar/{visit.village.roster_id}/")


def test_a_cell_is_mended_without_scripts(visitor: Enter) -> None:
    visit = visitor(Role.CITY_OFFICER, width=PHONE, scripts=False)
    visit.open(f"/daftar/{visit.village.roster_id}/")
    visit.page.get_by_role("link", name=re.compile("Perbaiki NIK")).first.click()
    visit.page.get_by_label("Isi yang benar").fill(RIGHT)
    visit.page.get_by_role("button", name="Simpan").click()
    expect(visit.page.get_by_text("Baris diperbaiki dan diperiksa lagi.")).to_be_visible()
    expect(visit.page.get_by_role("heading", name="Riwayat")).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_large_list_is_watched_while_it_is_judged(visitor: Enter, beside: None, width: int) -> None:
    visit = visitor(Role.CITY_OFFICER, width=width)
    visit.open(f"/kerja-sama/{visit.village.agreement_id}/unggah/")
    choose(visit.page, sheet(*NEXT_ROWS))
    visit.page.get_by_role("button", name="Unggah dan periksa").click()
    expect(visit.page.get_by_role("heading", name="Daftar sedang diperiksa")).to_be_visible()
    assert faults_of(visit.page) == {}
    work()
    # The page finds out by itself.
    expect(visit.page.get_by_role("heading", name="1 orang siap didaftarkan")).to_be_visible(timeout=10_000)


def test_a_list_is_called_off_and_begun_again_without_scripts(visitor: Enter, beside: None) -> None:
    visit = visitor(Role.CITY_OFFICER, scripts=False)
    visit.open(f"/kerja-sama/{visit.village.agreement_id}/unggah/")
    choose(visit.page, sheet(*NEXT_ROWS))
    visit.page.get_by_role("button", name="Unggah dan periksa").click()
    visit.page.get_by_role("button", name="Batalkan").click()
    expect(visit.page.get_by_role("heading", name="Pemeriksaan dibatalkan")).to_be_visible()
    work()
    visit.page.get_by_role("button", name="Periksa lagi").click()
    work()
    visit.page.get_by_role("link", name="Muat ulang").click()
    expect(visit.page.get_by_role("heading", name="1 orang siap didaftarkan")).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_columns_nobody_knows_are_named_once(visitor: Enter, width: int) -> None:
    strange = sheet(*NEXT_ROWS).replace(b"Nama Lengkap,NIK,Tanggal Lahir", b"Siapa,Nomornya,Kapan")
    visit = visitor(Role.CITY_OFFICER, width=width)
    visit.open(f"/kerja-sama/{visit.village.agreement_id}/unggah/")
    choose(visit.page, strange)
    visit.page.get_by_role("button", name="Unggah dan periksa").click()
    expect(visit.page.get_by_role("heading", name="Kolom mana berisi apa?")).to_be_visible()
    assert faults_of(visit.page) == {}
    visit.page.get_by_role("button", name="Simpan dan periksa daftar").click()
    expect(visit.page.get_by_role("alert")).to_contain_text("Pilih juga kolom untuk")
    assert faults_of(visit.page) == {}
    for heading, field in (("Siapa", "name"), ("Nomornya", "nik"), ("Kapan", "birth")):
        visit.page.get_by_label(heading, exact=True).select_option(field)
    visit.page.get_by_role("button", name="Simpan dan periksa daftar").click()
    work()
    expect(visit.page.get_by_role("heading", name="1 orang siap didaftarkan")).to_be_visible(timeout=10_000)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_corrected_file_is_compared_and_stored(visitor: Enter, width: int) -> None:
    visit = visitor(Role.CITY_OFFICER, width=width)
    visit.open(f"/daftar/{visit.village.roster_id}/")
    visit.page.get_by_role("link", name="Unggah perbaikan").click()
    mended = FAULTY_ROWS[0].replace("15710252", RIGHT)
    choose(visit.page, sheet(*READY_ROWS, mended))
    visit.page.get_by_role("button", name="Bandingkan").click()
    expect(visit.page.get_by_role("heading", name="1 berubah, 0 baru, 1 hilang")).to_be_visible()
    assert faults_of(visit.page) == {}
    visit.page.get_by_role("button", name="Simpan perubahan").click()
    expect(visit.page.get_by_role("heading", name="1 orang siap didaftarkan")).to_be_visible()
    assert faults_of(visit.page) == {}


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_row_is_left_out_and_the_wrong_list_withdrawn(visitor: Enter, width: int) -> None:
    visit = visitor(Role.CITY_OFFICER, width=width)
    visit.open(f"/kerja-sama/{visit.village.agreement_id}/unggah/")
    choose(visit.page, sheet(*NEXT_ROWS))
    visit.page.get_by_role("button", name="Unggah").click()
    visit.page.get_by_role("link", name=re.compile("^2")).first.click()
    visit.page.get_by_role("link", name="bukan orang, atau tidak ikut").click()
    visit.page.get_by_label("Alasannya").fill("Sudah pindah")
    visit.page.get_by_role("button", name="Ya, lewati baris ini").click()
    expect(visit.page.get_by_role("button", name="Ikutkan lagi")).to_be_visible()
    assert faults_of(visit.page) == {}
    visit.page.get_by_role("link", name="Kembali ke daftar").click()
    visit.page.get_by_role("link", name="Tarik daftar ini").click()
    assert faults_of(visit.page) == {}
    visit.page.get_by_label("Alasannya").fill("Salah berkas")
    visit.page.get_by_role("button", name="Ya, tarik daftar ini").click()
    expect(visit.page.get_by_text("Salah berkas")).to_be_visible()
    assert faults_of(visit.page) == {}
