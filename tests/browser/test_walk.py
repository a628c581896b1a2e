"""One month in Chromium, from a new SK to the paid bill, as six people of one city; docs/walkthrough.md shows it."""

import os
import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from browser import month as story
from browser.conftest import Enter
from browser.signing_in import (
    give_name_and_password,
    give_password,
    let_code_grow_old,
    paste_code,
    paste_next_code,
)
from browser.visiting import DESK, PHONE, Visit, faults_of
from lindung.access import second_factor
from lindung.access.models import Role
from lindung.law.money import rupiah
from stages import TEMPLATE
from web.village import Village

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "walkthrough.md"
PICTURES = re.compile(r"screenshots/(walk-[\w-]+)\.png")
TALLEST = {PHONE: 900, DESK: 900}
LARGEST = 150_000
KPJ = "19015012347"


class Walk(NamedTuple):
    """The city, who has signed in by now with the code each gave, and the calendar."""

    city: story.City
    enter: Enter
    calendar: pytest.MonkeyPatch
    inside: dict[Role, tuple[Visit, str]]

    def day(self, on: date) -> None:
        """It is half past nine on this day."""
        self.calendar.setenv("LINDUNG_NOW", f"{on.isoformat()}T09:30")

    def person(self, role: Role) -> Visit:
        """This person before the page where she left it; signed in by hand the first time."""
        if role not in self.inside:
            self.inside[role] = self._signed_in(role)
        return self.inside[role][0]

    def _signed_in(self, role: Role) -> tuple[Visit, str]:
        visit, user = self.enter(), self.city.village.users[role]
        visit.page.set_default_timeout(10_000)
        give_password(user)
        second_factor.give(user)
        visit.open("/")
        give_name_and_password(visit.page, user)
        code = paste_code(visit.page, user)
        expect(visit.page.get_by_role("heading", level=1)).to_have_text("Hari ini")
        return visit, code


@pytest.fixture
def starting_point(django_db_setup: None) -> str:
    """Nothing stands yet."""
    return TEMPLATE


@pytest.fixture
def city(demo: None, monkeypatch: pytest.MonkeyPatch) -> story.City:
    """The city as it stands in December."""
    monkeypatch.setenv("LINDUNG_NOW", f"{story.PAPERS_DAY.isoformat()}T09:30")
    return story.build()


@pytest.fixture
def village(city: story.City) -> Village:
    """The city's own people take the place of the village's."""
    return city.village


@pytest.fixture
def walk(city: story.City, visitor: Enter, monkeypatch: pytest.MonkeyPatch) -> Walk:
    """Nobody has signed in yet."""
    return Walk(city, visitor, monkeypatch, {})


def look(page: Page, name: str) -> None:
    """At both widths this page shuts nobody out; its picture is taken when the documentation shows it."""
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 800})
        assert faults_of(page) == {}, f"{name} at {width} pixels"
        take(page, f"walk-{name}-{width}", width)


def take(page: Page, name: str, width: int) -> None:
    """Into the documentation what it names when TAKE_SCREENSHOTS=1; everything into the folder SHOTS, to look at."""
    folders = [Path(os.environ["SHOTS"])] if os.environ.get("SHOTS") else []
    if os.environ.get("TAKE_SCREENSHOTS") == "1" and name in PICTURES.findall(PAGE.read_text("utf-8")):
        folders.append(DOCS / "screenshots")
    for folder in folders:
        tall = page.evaluate("document.documentElement.scrollHeight")
        height = tall if os.environ.get("SHOTS") == str(folder) else min(tall, TALLEST[width])
        clip = {"x": 0.0, "y": 0.0, "width": float(width), "height": float(height)}
        page.screenshot(path=folder / f"{name}.png", full_page=True, clip=clip)  # type: ignore[arg-type]  # a FloatRect


def said(page: Page, words: str) -> None:
    """The page says what was done."""
    expect(page.get_by_role("status").first).to_contain_text(words)


@pytest.mark.browser
@pytest.mark.slow
def test_it_walks_from_a_new_sk_to_the_paid_bill(walk: Walk) -> None:
    """Given December, when everybody does his part, then January is paid and whoever asks can see why."""
    the_papers_of_the_new_year_come(walk)
    a_list_comes_and_is_mended(walk)
    the_officer_enrols_for_january(walk)
    one_joins_one_leaves_one_earns_more(walk)
    the_branch_says_a_number_twice(walk)
    the_officer_draws_january(walk)
    finance_confirms_with_a_code(walk)
    the_worker_is_paid_for(walk)
    the_auditor_follows_the_money(walk)
    the_mayor_reads_his_page(walk)


def the_papers_of_the_new_year_come(walk: Walk) -> None:
    # Given an agreement whose 2027 has a Perwal and a PKS, and neither SK nor DPA
    walk.day(story.PAPERS_DAY)
    officer = walk.person(Role.CITY_OFFICER)
    page, year = officer.page, f"/kerja-sama/{walk.city.village.agreement_id}/tahun/2027/"
    look(page, "today-of-the-officer")
    officer.open(f"/kerja-sama/{walk.city.village.agreement_id}/")
    look(page, "agreement")
    page.get_by_role("link", name="Lihat giliran siapa").click()
    expect(page.get_by_text("Belum lengkap: 2 surat belum ada")).to_be_visible()
    look(page, "year-missing")

    # When the officer records the SK with its scan
    page.get_by_role("link", name="Catat SK").click()
    page.get_by_label("Nomor surat").fill("412/KEP/2026")
    page.get_by_label("Tanggal surat").fill("2026-12-09")
    page.get_by_label("Pindaian surat").set_input_files(
        {"name": "SK 2027.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
    )
    look(page, "sk")
    page.get_by_role("button", name="Catat", exact=True).click()

    # Then one paper is left, and finance records that one and the money
    said(page, "Surat tercatat.")
    expect(page.get_by_text("Belum lengkap: 1 surat belum ada")).to_be_visible()
    finance = walk.person(Role.FINANCE_OFFICER)
    look(finance.page, "today-of-finance")
    finance.open(year)
    finance.page.get_by_role("link", name="Catat DPA").click()
    finance.page.get_by_label("Nomor surat").fill("DPA/2.07/2027")
    finance.page.get_by_label("Tanggal surat").fill("2026-12-10")
    finance.page.get_by_label("Kode anggaran").fill("2.07.03.2.01")
    look(finance.page, "dpa")
    finance.page.get_by_role("button", name="Catat", exact=True).click()
    the_money_is_set_aside(walk, finance)

    # Then the year is ready
    officer.open(year)
    expect(page.get_by_text("Lengkap: iuran mulai Januari 2027 bisa ditagih.")).to_be_visible()
    look(page, "year-ready")


def the_money_is_set_aside(walk: Walk, finance: Visit) -> None:
    said(finance.page, "Surat tercatat.")
    finance.open(f"/kerja-sama/{walk.city.village.agreement_id}/anggaran/")
    finance.page.get_by_label("Tahun anggaran").fill("2027")
    finance.page.get_by_label("Jumlah rupiah").fill(f"{story.YEAR_BUDGET}")
    finance.page.get_by_label("Nomor DPA atau DPPA").fill("DPA/2.07/2027")
    finance.page.get_by_label("Tanggal surat").fill("2026-12-10")
    look(finance.page, "budget")
    finance.page.get_by_role("button", name="Catat anggaran").click()
    said(finance.page, "Anggaran tercatat.")


def a_list_comes_and_is_mended(walk: Walk) -> None:
    # Given a list of three, one of The Hok with a NIK of eight digits
    walk.day(story.LIST_DAY)
    officer = walk.person(Role.CITY_OFFICER)
    officer.open(f"/kerja-sama/{walk.city.village.agreement_id}/unggah/")
    look(officer.page, "upload")
    officer.page.locator("input[type=file]").set_input_files(
        {"name": "Tambahan Desember.csv", "mimeType": "text/csv", "buffer": story.DECEMBER_LIST}
    )
    officer.page.get_by_role("button", name="Unggah dan periksa").click()
    expect(officer.page.get_by_role("heading", name="2 orang siap didaftarkan")).to_be_visible()
    look(officer.page, "list-with-a-fault")

    # When the operator of The Hok mends the cell where it stands
    operator = walk.person(Role.KELURAHAN_OPERATOR)
    page = operator.page
    expect(page.get_by_role("heading", name="1 nama perlu diperbaiki")).to_be_visible()
    look(page, "today-of-the-operator")
    page.get_by_role("link", name=story.TO_MEND.name).click()
    row = page.get_by_role("row").filter(has_text=story.TO_MEND.name)
    row.get_by_role("link", name=re.compile("Perbaiki NIK")).click()
    look(page, "mending")
    row.get_by_label("Isi yang benar").fill(story.TO_MEND.nik)
    row.get_by_role("button", name="Simpan").click()

    # Then the row is ready, and the whole number stands nowhere
    expect(page.get_by_role("row").filter(has_text=story.TO_MEND.name).get_by_text("Siap")).to_be_visible()
    assert story.TO_MEND.nik not in page.content()
    look(page, "mended")


def the_officer_enrols_for_january(walk: Walk) -> None:
    # Given three ready rows
    page = walk.person(Role.CITY_OFFICER).page
    page.reload()
    page.get_by_role("link", name="Daftarkan 3 orang").click()
    page.get_by_label("Bulan iuran pertama").select_option("2027-01")
    look(page, "enrol")

    # When she enrols them from January on
    page.get_by_role("button", name="Ya, daftarkan 3 orang").click()

    # Then it is said
    said(page, "3 orang sudah terdaftar.")
    look(page, "enrolled")


def one_joins_one_leaves_one_earns_more(walk: Walk) -> None:
    walk.day(story.CHANGES_DAY)
    one_joins(walk)
    one_leaves(walk)
    one_earns_more(walk)


def one_joins(walk: Walk) -> None:
    officer, who = walk.person(Role.CITY_OFFICER), story.JOINS
    page, agreement = officer.page, walk.city.village.agreement_id
    officer.open("/")
    officer.open(f"/kerja-sama/{agreement}/perubahan/?bulan=2027-01")
    page.get_by_role("link", name="Masukkan satu orang").click()
    page.get_by_label("Nama lengkap sesuai KTP").fill(who.name)
    page.get_by_label("NIK", exact=True).fill(who.nik)
    page.get_by_label("Tanggal lahir").fill(who.born.isoformat())
    page.get_by_label("Jenis kelamin").select_option(who.sex)
    page.get_by_label("Kelurahan").select_option(who.kelurahan)
    page.get_by_label("Pekerjaan", exact=True).fill(who.work)
    page.get_by_label("Bulan iuran pertama").fill("2027-01")
    look(page, "joins")
    page.get_by_role("button", name="Masukkan").click()
    said(page, "Ratna Sari masuk mulai Januari 2027.")
    look(page, "joined")


def one_leaves(walk: Walk) -> None:
    officer, who = walk.person(Role.CITY_OFFICER), story.LEAVES
    page = officer.page
    officer.open(f"/pekerja/{story.person_named(walk.city.village.users, who.name)}/")
    page.get_by_role("link", name="Catat keluar").click()
    page.get_by_label("Bulan terakhir yang masih dibayar").fill("2026-12")
    page.get_by_label("Alasan").select_option("moved")
    look(page, "leaves")
    page.get_by_role("button", name="Catat keluar").click()
    said(page, "Budi Santoso keluar setelah Desember 2026.")


def one_earns_more(walk: Walk) -> None:
    officer = walk.person(Role.CITY_OFFICER)
    page = officer.page
    officer.open("/pemberi-kerja/")
    look(page, "employers")
    officer.open(f"/pemberi-kerja/{walk.city.unit_id}/")
    look(page, "employer")
    page.get_by_role("row").filter(has_text=story.CLEANERS[0][0]).get_by_role(
        "link", name=re.compile("Upah")
    ).click()
    page.get_by_label("Berlaku mulai bulan").fill("2027-01")
    page.get_by_label("Upah pokok dan tunjangan tetap").fill(f"{story.NEW_DAILY}")
    look(page, "wage")
    page.get_by_role("button", name="Simpan upah").click()
    said(page, "Upah Umar Usman mulai Januari 2027: dari")
    officer.open(f"/kerja-sama/{walk.city.unit_agreement_id}/perubahan/?bulan=2027-01")
    expect(page.get_by_role("row").filter(has_text="Umar Usman")).to_contain_text("Upah baru")
    look(page, "changes-of-wages")
    officer.open(f"/kerja-sama/{walk.city.village.agreement_id}/perubahan/?bulan=2027-01")
    expect(page.get_by_role("row").filter(has_text=story.JOINS.name)).to_contain_text("Masuk")
    look(page, "changes")


def the_branch_says_a_number_twice(walk: Walk) -> None:
    # Given a file of the branch in which two people have one number
    walk.day(story.WORD_DAY)
    branch = walk.person(Role.BRANCH_OFFICER)
    page, lines = branch.page, ["KPJ,NIK,Nama"]
    lines += [f"{KPJ},'{who.nik},{who.name}" for who in story.RESIDENTS[2:4]]
    look(page, "today-of-the-branch")

    # When the branch officer brings it in
    branch.open("/bpjs/unggah/")
    page.get_by_label("Isi berkas").select_option("member_number")
    page.get_by_label("Berkas", exact=True).set_input_files(
        {"name": "KPJ Desember.csv", "mimeType": "text/csv", "buffer": "\r\n".join(lines).encode()}
    )
    look(page, "bring-in")
    page.get_by_role("button", name="Masukkan").click()
    said(page, "2 baris masuk")
    look(page, "brought-in")

    # Then the difference waits with both values
    branch.open("/bpjs/beda/")
    look(page, "differences")
    page.get_by_role("link", name="Satu KPJ untuk dua orang").first.click()
    look(page, "difference")


def the_officer_draws_january(walk: Walk) -> None:
    # Given January's first working days
    walk.day(story.BILL_DAY)
    officer = walk.person(Role.CITY_OFFICER)
    page = officer.page
    officer.open("/tagihan/susun/")
    page.get_by_label("Kerja sama").select_option(f"{walk.city.village.agreement_id}")
    page.get_by_label("Bulan iuran").fill("2027-01")

    # When she works the bill out
    page.get_by_role("button", name="Hitung dulu").click()

    # Then she sees whom it pays for before anything is drawn
    expect(page.get_by_role("heading", name="Bila disusun sekarang")).to_be_visible()
    expect(page.get_by_text(rupiah(story.TOTAL)).first).to_be_visible()
    look(page, "bill-tried")

    # When she draws it, and records the treasury order three days later
    page.get_by_role("button", name="Susun tagihan Januari 2027").click()
    said(page, "Tagihan Januari 2027 sudah disusun.")
    look(page, "bill-drawn")
    walk.day(story.PAID_DAY)
    page.get_by_role("link", name="Catat SP2D").click()
    page.get_by_label("Nomor SP2D").fill("00123/SP2D/2027")
    page.get_by_label("Tanggal SP2D").fill(story.PAID_DAY.isoformat())
    page.get_by_label("Nilai SP2D (rupiah)").fill(f"{story.TOTAL}")
    look(page, "sp2d")
    page.get_by_role("button", name="Catat", exact=True).click()

    # Then it waits for the second person
    said(page, "orang kedua mengesahkannya")
    look(page, "bill-waiting")


def finance_confirms_with_a_code(walk: Walk) -> None:
    # Given finance, who gave a code some time ago
    finance, used = walk.person(Role.FINANCE_OFFICER), walk.inside[Role.FINANCE_OFFICER][1]
    page = finance.page
    let_code_grow_old(page)
    finance.open("/")
    look(page, "to-confirm")
    page.get_by_role("link", name="Sahkan SP2D Januari 2027").click()
    page.get_by_role("link", name="Sahkan SP2D 00123/SP2D/2027").click()
    look(page, "confirm")

    # When she confirms, then she is asked for the code once more
    page.get_by_role("button", name=f"Ya, sahkan {rupiah(story.TOTAL)}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ketik kode sekali lagi")
    look(page, "code-once-more")
    paste_next_code(page, walk.city.village.users[Role.FINANCE_OFFICER], used, button="Lanjut")

    # And back on the page nothing is paid yet: she presses once more, and it is
    expect(page.get_by_role("heading", level=1)).to_have_text("Sahkan SP2D 00123/SP2D/2027")
    page.get_by_role("button", name=f"Ya, sahkan {rupiah(story.TOTAL)}").click()
    said(page, "Tagihan Januari 2027 lunas.")
    look(page, "bill-paid")


def the_worker_is_paid_for(walk: Walk) -> None:
    walk.day(story.READING_DAY)
    officer = walk.person(Role.CITY_OFFICER)
    officer.open(f"/pekerja/{walk.city.village.siti_id}/")
    answer = officer.page.get_by_role("region", name="Jawaban")
    expect(answer).to_contain_text("Siti Aminah terlindungi JKK + JKM")
    expect(answer).to_contain_text("Iuran lunas s.d. Januari 2027")
    look(officer.page, "worker")
    officer.open("/pekerja/")
    look(officer.page, "workers")


def the_auditor_follows_the_money(walk: Walk) -> None:
    # Given the auditor's day
    auditor = walk.person(Role.AUDITOR)
    page = auditor.page
    look(page, "today-of-the-auditor")

    # When he follows the bill
    auditor.open("/tagihan/")
    look(page, "bills")
    page.get_by_role("link", name="Januari 2027").first.click()
    page.get_by_role("link", name="Lihat jejak").click()

    # Then both persons stand in its trail
    expect(page.get_by_role("heading", level=1)).to_have_text("Jejak tagihan")
    for role in (Role.CITY_OFFICER, Role.FINANCE_OFFICER):
        name = story.STAFF[role][1]
        expect(page.get_by_role("cell", name=name).first).to_be_visible()
    look(page, "trail-of-the-bill")

    # And the worker's trail says who enrolled and who paid
    auditor.open(f"/pekerja/{walk.city.village.siti_id}/")
    page.get_by_role("link", name="Lihat jejak").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jejak pekerja")
    expect(page.get_by_role("cell", name=story.STAFF[Role.FINANCE_OFFICER][1]).first).to_be_visible()
    look(page, "trail-of-the-worker")


def the_mayor_reads_his_page(walk: Walk) -> None:
    mayor = walk.person(Role.MAYOR)
    look(mayor.page, "today-of-the-mayor")
    mayor.open("/cakupan/")
    look(mayor.page, "coverage")


def test_the_walkthrough_shows_pictures_that_are_there_and_small() -> None:
    named = set(PICTURES.findall(PAGE.read_text("utf-8")))
    there = {file.stem: file.stat().st_size for file in (DOCS / "screenshots").glob("walk-*.png")}
    assert named == set(there)
    assert {name: size for name, size in there.items() if size > LARGEST} == {}
