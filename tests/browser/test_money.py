"""The money of a month in Chromium: finance from a bill to its reversal, the city from the runway to who pays alone."""

import os
import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Enter, sign_in
from browser.test_by_name import CODES, NAMES
from browser.visiting import DESK, PHONE, Visit, faults_of
from formats.statements import Wire, mt940
from lindung.access.models import Role
from lindung.access.scope import Actor, in_scope, scope_of
from lindung.contributions import reversing
from lindung.contributions.matching import pay_code
from lindung.contributions.models import Payment
from lindung.law.months import Month
from lindung.membership import joining
from lindung.partnership import year_papers
from lindung.partnership.models import YearPaper
from web.test_bills import BAZNAS_FARMER, in_jambi, november
from web.test_money import another_treasurer
from web.village import NOW, Village

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ORDER, SHORT = "00123/SP2D/2026", "33.599"
STRANGER = "TRF CV MAJU LANCAR"


class Desk(NamedTuple):
    """Somebody before the site, and how the steps look at a page."""

    visit: Visit
    who: str

    @property
    def page(self) -> Page:
        """The page before this person."""
        return self.visit.page

    def looks(self, name: str) -> None:
        """At both widths this page shuts nobody out; its picture goes into the folder SHOTS where that is set."""
        for width in (PHONE, DESK):
            self.page.set_viewport_size({"width": width, "height": 800})
            if folder := os.environ.get("SHOTS"):
                self.page.screenshot(path=Path(folder) / f"{self.who}-{name}-{width}.png", full_page=True)
            assert faults_of(self.page) == {}, f"{name} at {width} pixels"

    def press(self, name: str) -> None:
        """The button of this name, whole."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def go(self, name: str | re.Pattern[str]) -> None:
        """The first link of this name."""
        self.page.get_by_role("link", name=name).first.click()

    def reads(self, *sentences: str) -> None:
        """The page says all of this."""
        for sentence in sentences:
            expect(self.page.locator("main").get_by_text(sentence).first).to_be_visible()


def test_finance_pays_a_month_to_the_last_rupiah_and_takes_it_back(visitor: Enter) -> None:
    """Given November's bill, when money comes short, late and back, then every page says where each rupiah is."""
    wati = Desk(visitor(Role.FINANCE_OFFICER), "finance")
    bill = november(wati.visit.village)
    other = Desk(visitor(), "second")
    sign_in(other.page.context, another_treasurer(wati.visit.village), other.visit.site)

    an_order_comes_one_rupiah_short(wati)
    the_second_person_knows_before(other)
    the_bank_brings_the_last_rupiah(wati, bill)
    strange_money_is_set_aside(wati)
    one_asks_and_the_other_takes_the_money_back(wati, other, bill)
    the_paper_of_the_bill_is_there(wati, bill)


def an_order_comes_one_rupiah_short(wati: Desk) -> None:
    # Given the day's page, which begins with what has to be paid
    wati.visit.open("/")
    wati.looks("today")
    wati.go(re.compile("Bayar November 2026"))
    wati.looks("bill")

    # When she records an order that is one rupiah short
    wati.go("Catat SP2D")
    wati.page.get_by_label("Nomor SP2D").fill(ORDER)
    wati.page.get_by_label("Tanggal SP2D").fill("2026-11-09")
    wati.page.get_by_label("Nilai SP2D (rupiah)").fill(SHORT)
    wati.looks("sp2d")
    wati.press("Catat")

    # Then somebody else has to confirm it
    wati.reads("orang kedua mengesahkannya", "Menunggu bendahara yang bukan pencatatnya")
    wati.looks("waiting")


def the_second_person_knows_before(other: Desk) -> None:
    # Given the second person's own day
    other.visit.open("/")
    other.looks("today")
    other.go(re.compile("Sahkan SP2D November 2026"))
    other.go(f"Sahkan SP2D {ORDER}")

    # When he looks at what will happen, and confirms
    other.reads("Tagihan November 2026 belum lunas: masih kurang Rp1.", "Rp33.599 menjadi titipan")
    other.looks("confirm")
    other.press("Ya, sahkan Rp33.599")

    # Then it happened so
    other.reads("Uang disahkan dan menjadi titipan", "Tagihan ini masih kurang Rp1.")
    other.looks("short")


def the_bank_brings_the_last_rupiah(wati: Desk, bill: int) -> None:
    # Given a file of the bank with the missing rupiah, and money of somebody unknown
    day = date(2026, 11, 10)
    came = [
        Wire(day, 1, f"KEKURANGAN IURAN {pay_code(bill)}", bank="A"),
        Wire(day, 50_000, STRANGER, bank="B"),
    ]
    wati.visit.open("/")
    wati.reads("kurang Rp1")
    wati.looks("today-short")
    wati.page.get_by_role("navigation", name="Menu utama").get_by_role("link", name="Rekening koran").click()
    wati.go("Masukkan rekening koran")

    # When she brings it in
    wati.page.get_by_label("Berkas rekening koran").set_input_files(
        {"name": "rekening-november.sta", "mimeType": "text/plain", "buffer": mt940(came)}
    )
    wati.looks("bring-in")
    wati.press("Masukkan")
    wati.reads("2 baris belum dikenali")
    wati.looks("statement")
    wati.go("Kenali uangnya")

    # Then the line says which bill it completes, and one press does it
    line = wati.page.get_by_role("region").filter(has_text=pay_code(bill))
    expect(line).to_contain_text("Menggenapi tagihan yang uangnya sudah masuk sebagian.")
    wati.looks("unmatched")
    line.get_by_role("button", name=re.compile("Terima")).first.click()
    wati.reads("1 tagihan lunas")
    wati.looks("accepted")
    wati.visit.open(f"/tagihan/{bill}/")
    wati.reads("Lunas")
    wati.looks("paid")


def strange_money_is_set_aside(wati: Desk) -> None:
    # Given the line nobody knows
    wati.visit.open("/")
    wati.go(re.compile("Rp50.000"))
    wati.looks("unmatched-one")
    wati.go(re.compile("Rp50.000"))
    wati.looks("line")

    # When she sets it aside with a reason
    wati.go("Sisihkan")
    wati.page.get_by_label("Alasan").fill("Salah kirim, akan dikembalikan.")
    wati.looks("set-aside")
    wati.press("Sisihkan")

    # Then the queue is empty, and the reason stands with the line
    wati.reads("Baris disisihkan dengan alasannya.", "Semua uang dari bank sudah dikenali.")
    wati.go("Disisihkan")
    wati.reads("Salah kirim, akan dikembalikan.")
    wati.looks("aside")


def one_asks_and_the_other_takes_the_money_back(wati: Desk, other: Desk, bill: int) -> None:
    # Given the order, which the bank sent back
    wati.visit.open(f"/tagihan/{bill}/")
    wati.go("Semua uang kerja sama ini")
    wati.looks("purse")
    wati.go(ORDER)
    wati.looks("payment")

    # When she asks for the reversal
    wati.go("Minta pembalikan")
    wati.reads("2 orang tidak lagi terbayar untuk November 2026")
    wati.page.get_by_label("Alasan").fill("Transfer dikembalikan bank.")
    wati.looks("ask-reversal")
    wati.press("Minta pembalikan")
    wati.reads("Bendahara lain yang menjalankannya", "Menunggu bendahara lain menjalankannya.")
    wati.looks("asked")

    # Then the other finds it on his day, reads who loses which month, and carries it out
    other.visit.open("/")
    other.looks("today-reversal")
    other.go(f"Jalankan pembalikan {ORDER}")
    other.go("Jalankan pembalikan")
    other.reads("2 orang tidak lagi terbayar untuk November 2026")
    other.looks("reverse")
    other.press("Ya, balikkan")
    other.reads("Tagihannya terbuka lagi")
    other.looks("reversed")

    # And the bill is open again, with the rupiah of the bank still held
    other.visit.open(f"/tagihan/{bill}/")
    other.reads("Pelunasan Rp33.599", "masih kurang Rp33.599", "Belum dibayar")
    other.looks("open-again")


def the_paper_of_the_bill_is_there(wati: Desk, bill: int) -> None:
    wati.visit.open(f"/tagihan/{bill}/")
    link = wati.page.get_by_role("link", name="Tagihan (PDF)").get_attribute("href")
    answer = wati.page.request.get(f"{wati.visit.site}{link}")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.body().startswith(b"%PDF-")


def test_the_city_sees_what_comes_and_provides_for_it(visitor: Enter) -> None:
    """Given money for one month less than the year has, when the officer looks ahead, then she can act on each sentence."""
    visit = visitor(Role.CITY_OFFICER)
    three_people_and_no_dpa(visit.village)
    octobers_money_went_back(visit.village)
    siti = Desk(visit, "city")

    the_runway_says_where_it_ends(siti)
    the_dpa_comes_and_three_months_are_drawn(siti)
    the_branch_s_names_are_compared(siti)
    the_answer_of_october_differs(siti)
    notices_are_switched_on(siti)
    whoever_wants_can_pay_alone(siti)


def three_people_and_no_dpa(village: Village) -> None:
    """A third worker from November on, whom the budget of two does not carry to December; January has no DPA."""
    officer = Actor.of(village.users[Role.CITY_OFFICER])
    with in_jambi(village):
        joining.join(
            agreement_id=village.agreement_id,
            entry=BAZNAS_FARMER,
            first_month=Month(2026, 11),
            by=officer,
            now=NOW,
        )
        dpa = YearPaper.objects.get(agreement_id=village.agreement_id, kind="dpa", year=2027)
        year_papers.withdraw_year_paper(year_paper_id=dpa.pk, reason="Salah berkas", by=officer, now=NOW)


def octobers_money_went_back(village: Village) -> None:
    """Two finance officers take October's order back: it was paid on the first, and on 10 November it is not."""
    one, other = village.users[Role.FINANCE_OFFICER], another_treasurer(village)
    with in_scope(scope_of(one, NOW.date()), actor=Actor.of(one)):
        order = Payment.objects.get(order_number="SP2D/2026-10").pk
        reversing.ask(payment_id=order, reason="Transfer kembali", by=Actor.of(one), now=NOW)
    with in_scope(scope_of(other, NOW.date()), actor=Actor.of(other)):
        reversing.reverse(payment_id=order, by=Actor.of(other), now=NOW)


def the_runway_says_where_it_ends(siti: Desk) -> None:
    # Given the day's page, which rings
    siti.visit.open("/")
    siti.looks("today")

    # When she opens the money
    siti.page.get_by_role("navigation", name="Menu utama").get_by_role("link", name="Dana").click()

    # Then it says the last month, what lacks for the next, and the gap of January
    row = siti.page.get_by_role("row").filter(has_text="Pekerja rentan Kota Jambi")
    expect(row).to_contain_text("November 2026")
    expect(row).to_contain_text("Desember 2026")
    expect(row).to_contain_text("Rp33.600")
    siti.reads("Belum ada DPA")
    siti.looks("runway")

    # When she asks who loses what
    siti.go("Siapa kehilangan apa")

    # Then there is a day, people, and the loss in rupiah
    siti.reads("2 orang lepas mulai 16 Januari 2027", "Keluarga kehilangan Rp42.000.000.")
    siti.looks("losses")
    siti.go("Lihat namanya")
    siti.reads("Siti Aminah")
    siti.looks("losses-names")


def the_dpa_comes_and_three_months_are_drawn(siti: Desk) -> None:
    # Given the paper January lacks, which the runway leads to
    siti.visit.open("/dana/")
    siti.go("Lengkapi surat 2027")
    siti.go("Catat DPA")
    siti.page.get_by_label("Nomor surat").fill("DPA/2.07/2027")
    siti.page.get_by_label("Tanggal surat").fill("2026-11-10")
    siti.page.get_by_label("Kode anggaran").fill("2.07.03.2.01")
    siti.press("Catat")

    # When she works three months out, and keeps them as drafts
    siti.visit.open("/tagihan/")
    siti.looks("bills")
    siti.go("Di muka atau semester")
    siti.page.get_by_label("Kerja sama").select_option(f"{siti.visit.village.agreement_id}")
    siti.page.get_by_label("Bulan pertama").fill("2026-11")
    siti.page.get_by_label("Dibayar sekaligus untuk").select_option("3")
    siti.looks("ahead")
    siti.press("Hitung dulu")
    siti.reads("November 2026 sampai Januari 2027: Rp151.200")
    siti.looks("ahead-tried")
    siti.press("Simpan sebagai draf")
    siti.reads("3 bulan masih draf.")
    siti.looks("drafts")

    # Then one press makes them final
    siti.press("Tetapkan semua draf")
    siti.reads("Masih harus dibayar: Rp151.200")
    expect(siti.page.get_by_text("masih draf")).to_have_count(0)
    siti.looks("final")


def the_branch_s_names_are_compared(siti: Desk) -> None:
    # Given the bill of November and its kode iuran
    hand_in(siti, "/bpjs/unggah/", "kode.csv", CODES, kind="contribution_code")
    siti.visit.open("/tagihan/")
    siti.go("November 2026")
    siti.looks("bill")

    # When she brings the branch's list in
    siti.go("Cocokkan per nama")
    siti.go("Masukkan daftar cabang")
    siti.looks("by-name-file")
    hand_in(siti, "", "rincian.csv", NAMES)

    # Then each who is on one side only stands there by name
    siti.reads("Iuran orang ini tidak akan sampai", "Dewi Sartika")
    siti.looks("by-name")


def hand_in(siti: Desk, path: str, name: str, content: str, *, kind: str = "") -> None:
    """A file goes in on the page at this address, or on the one that is open."""
    if path:
        siti.visit.open(path)
    if kind:
        siti.page.get_by_label("Isi berkas").select_option(kind)
    siti.page.get_by_label("Berkas", exact=True).set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    )
    siti.press("Masukkan")


def the_answer_of_october_differs(siti: Desk) -> None:
    # Given Ibu Siti, whose October was paid when it was October
    siti.visit.open(f"/pekerja/{siti.visit.village.siti_id}/")
    siti.looks("worker")

    # When the officer asks about a day of October
    siti.page.get_by_label("Lihat pada tanggal lain").fill("2026-10-20")
    siti.press("Lihat")

    # Then both answers stand there with what happened between them
    siti.reads("Jawaban hari itu berbeda", "Yang diketahui sekarang", "Yang diketahui pada 20 Oktober 2026")
    siti.looks("worker-then")


def notices_are_switched_on(siti: Desk) -> None:
    siti.page.get_by_text("Lainnya").click()
    siti.looks("more-doors")
    siti.go("Pemberitahuan")
    siti.reads("Pemberitahuan mati")
    siti.looks("notices")
    siti.go("Pengaturan")
    siti.page.get_by_label("Nyala", exact=True).check()
    siti.looks("notices-setting")
    siti.press("Simpan pengaturan")
    expect(siti.page.get_by_text("Pemberitahuan mati")).to_have_count(0)
    siti.looks("notices-on")


def whoever_wants_can_pay_alone(siti: Desk) -> None:
    # Given an agreement that stops on 1 February, after the months that are drawn
    siti.visit.open(f"/kerja-sama/{siti.visit.village.agreement_id}/")
    siti.looks("agreement")
    siti.go("Hentikan sebelum waktunya")
    siti.page.get_by_label("Tidak berlaku lagi mulai").fill("2027-02-01")
    siti.page.get_by_label("Alasan").fill("Dana dialihkan")
    siti.looks("stop")
    siti.press("Ya, hentikan")
    siti.looks("stop-sure")
    siti.press("Ya, tanggalnya benar")

    # When she opens the offer
    siti.go("Tawaran mandiri")

    # Then it says the month, the price by law and the last day to pay, for each
    siti.reads("Kota tidak membayar lagi mulai Februari 2027.", "Siti Aminah")
    siti.reads("2 orang, sebulan mulai Februari 2027.")
    siti.looks("offers")
