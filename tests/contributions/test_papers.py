"""The papers of a bill: what the treasury reads, what proves that it is paid, and the workbook beside them."""

import io
import re
import zipfile
from datetime import date, timedelta

import pytest

import world
from contributions.conftest import Place
from documents.test_pdf import words_of
from lindung.access.models import AuditEvent, Role
from lindung.contributions import bill_paper, bill_sheets, paid_paper, semester_paper
from lindung.contributions.bill_paper import ChargeSaid, Known, Taken
from lindung.contributions.cancelling import CancelReason, cancel
from lindung.contributions.models import Bill
from lindung.documents.paper import Paper, Section
from lindung.law.months import Month
from lindung.ledger.models import Instruction
from lindung.membership.branch_records import WordKind

JUNE = Month(2025, 6)
SECOND = date(2025, 6, 2)
TAKEN = Taken("Rina Wati", world.at(SECOND))


@pytest.fixture
def drawn(jambi: Place) -> Bill:
    return world.bill(jambi.city, jambi.agreement, JUNE)


def paper_of(jambi: Place, bill: Bill, *, known: Known = bill_paper.NOTHING_MORE) -> Paper:
    with jambi.city.acting(on=SECOND):
        return bill_paper.bill_paper(bill.pk, on=SECOND, taken=TAKEN, known=known)


def section(paper: Paper, title: str) -> Section:
    (found,) = [each for each in paper.sections if each.title.startswith(title)]
    return found


def rows(paper: Paper, title: str) -> tuple[tuple[str, ...], ...]:
    table = section(paper, title).table
    assert table
    return (*table.rows, *((table.total,) if table.total else ()))


class TestTheBill:
    def test_it_says_what_is_owed_in_figures_and_in_words(self, jambi: Place, drawn: Bill) -> None:
        """Ibu Siti and Pak Budi, Rp16.800 each."""
        paper = paper_of(jambi, drawn)
        assert (paper.figure, paper.in_words) == ("Rp33.600", "tiga puluh tiga ribu enam ratus rupiah")
        assert rows(paper, "Yang ditagih") == (
            ("Iuran JKK", "Rp20.000"),
            ("Iuran JKM", "Rp13.600"),
            ("Jumlah tagihan", "Rp33.600"),
        )
        assert rows(paper, "Sumber dana") == (("APBD", "2", "Rp33.600"),)
        assert dict(paper.facts) == {
            "Nomor tagihan": f"rentan-jambi/2025-06/{drawn.pk}",
            "Kerja sama": "Pekerja rentan (rentan-jambi)",
            "Perjanjian kerja sama (PKS)": "PKS/rentan-jambi, 22 Mei 2025",
            "Dibayar oleh": "Dinas Tenaga Kerja",
            "Bulan iuran": "Juni 2025",
            "Jumlah peserta": "2 orang",
            "Keadaan": "belum lunas (Perkiraan Lindung)",
        }

    def test_it_names_the_article_of_each_due_day(self, jambi: Place, drawn: Bill) -> None:
        assert rows(paper_of(jambi, drawn), "Paling lambat") == (
            ("JKK", "16 Juni 2025", "PP 44/2015 Pasal 24 ayat (3)"),
            ("JKM", "16 Juni 2025", "PP 44/2015 Pasal 24 ayat (3)"),
        )

    def test_it_counts_by_kelurahan_and_names_nobody(self, jambi: Place, drawn: Bill) -> None:
        paper = paper_of(jambi, drawn)
        *places, total = rows(paper, "Lampiran")
        assert {place[1:] for place in places} == {("Thehok", "1", "Rp16.800"), ("Legok", "1", "Rp16.800")}
        assert total == ("Jumlah", "", "2", "Rp33.600")
        assert not re.search("Siti|Budi|157102", words_of(paper))

    def test_it_bears_the_kode_iuran_with_whose_word_it_is(self, jambi: Place, drawn: Bill) -> None:
        line = f"250600001,06-2025,2,33600,{jambi.agreement.code}"
        world.word(
            jambi.city,
            WordKind.CONTRIBUTION_CODE,
            "Kode Iuran,BLTH,Jumlah TK,Jumlah,Kerja Sama",
            line,
            on=SECOND,
        )
        assert dict(paper_of(jambi, drawn).facts)["Kode iuran"] == (
            "250600001: Rp33.600 untuk 2 orang, surat 2 Juni 2025 (Ketetapan BPJS)"
        )

    def test_it_takes_charges_money_held_and_a_fingerprint_when_they_are_known(
        self, jambi: Place, drawn: Bill
    ) -> None:
        known = Known((ChargeSaid("Denda Mei 2025", 672),), held=10_000, fingerprint="Sidik buku besar ab12")
        paper = paper_of(jambi, drawn, known=known)
        assert ("Denda Mei 2025", "Rp672") in rows(paper, "Yang ditagih")
        assert section(paper, "Titipan").sentences == (
            "Sudah dititipkan untuk tagihan ini: Rp10.000.",
            "Masih harus dibayar: Rp23.600 (dua puluh tiga ribu enam ratus rupiah).",
        )
        assert paper.fingerprint == "Sidik buku besar ab12"

    def test_it_says_what_follows_and_who_signs_while_it_is_open(self, jambi: Place, drawn: Bill) -> None:
        paper = paper_of(jambi, drawn)
        assert section(paper, "Bila tidak dibayar").sentences[0].startswith("2 orang belum punya bulan lunas")
        assert len(paper.signatures) == 3
        assert paper.watermark == ""

    def test_it_cannot_be_signed_once_it_is_cancelled(self, jambi: Place, drawn: Bill) -> None:
        with jambi.city.acting(on=SECOND) as officer:
            cancel(bill_id=drawn.pk, reason=CancelReason.MEMBERS, by=officer, now=world.at(SECOND))
        paper = paper_of(jambi, drawn)
        assert (paper.watermark, paper.signatures) == ("DIBATALKAN", ())
        assert not [each for each in paper.sections if each.title == "Bila tidak dibayar"]

    def test_it_is_out_of_sight_of_another_city(self, jambi: Place, drawn: Bill) -> None:
        with world.city("bungo").acting(on=SECOND), pytest.raises(Bill.DoesNotExist):
            bill_paper.bill_pdf(drawn.pk, on=SECOND, taken=TAKEN)

    def test_it_is_set_as_a_tagged_pdf_the_same_twice(self, jambi: Place, drawn: Bill) -> None:
        with jambi.city.acting(on=SECOND):
            one, two = (bill_paper.bill_pdf(drawn.pk, on=SECOND, taken=TAKEN) for _ in range(2))
        assert one == two
        assert b"<pdfuaid:part>1</pdfuaid:part>" in one


class TestTheProof:
    def test_it_names_the_order_two_people_and_the_entry(self, jambi: Place, drawn: Bill) -> None:
        settled = world.confirm(jambi.city, drawn, world.order(jambi.city, drawn, number="SP2D/7"))
        with jambi.city.acting(on=SECOND):
            paper = paid_paper.paid_paper(drawn.pk, on=SECOND, taken=TAKEN)
            instruction = Instruction.objects.get(pk=settled.instruction_id)
            entry = f"{instruction.entry.pk} · {instruction.reference}"
        assert rows(paper, "Dibayar dengan") == (("SP2D SP2D/7", "10 Juni 2025", entry, "Rp33.600"),)
        assert rows(paper, "Dua orang") == (
            ("SP2D/7", "City Officer Jambi, 10 Juni 2025", "Finance Officer Jambi, 10 Juni 2025"),
        )
        assert dict(paper.facts)["Bulan iuran yang lunas"] == "Juni 2025"

    def test_it_is_not_written_for_a_bill_that_is_not_paid(self, jambi: Place, drawn: Bill) -> None:
        with jambi.city.acting(on=SECOND), pytest.raises(paid_paper.NotPaid):
            paid_paper.paid_pdf(drawn.pk, on=SECOND, taken=TAKEN)


class TestTheSemester:
    def test_it_lists_the_months_of_the_half_year_and_what_is_left(self, jambi: Place, drawn: Bill) -> None:
        """June is paid, July of the next half-year is not on it; January to May were never billed."""
        world.confirm(jambi.city, drawn, world.order(jambi.city, drawn))
        july = world.bill(jambi.city, jambi.agreement, Month(2025, 7))
        with jambi.city.acting(on=SECOND):
            paper = semester_paper.semester_paper(drawn.pk, taken=TAKEN)
            later = semester_paper.semester_paper(july.pk, taken=TAKEN)
            assert semester_paper.semester_pdf(july.pk, taken=TAKEN).startswith(b"%PDF")
        assert rows(paper, "Tiap bulan") == (
            ("Juni 2025", "2", "16 Juni 2025", "lunas", "Rp33.600"),
            ("Jumlah", "", "", "", "Rp33.600"),
        )
        assert section(paper, "Belum ditagih").sentences[0].startswith("Januari 2025, Februari 2025")
        assert paper.title == "Tagihan iuran Januari 2025 – Juni 2025"
        assert section(later, "Sudah dan belum").sentences == (
            "Sudah lunas: Rp0.",
            "Masih harus dibayar: Rp33.600 (tiga puluh tiga ribu enam ratus rupiah).",
        )

    def test_it_leaves_out_what_is_cancelled(self, jambi: Place, drawn: Bill) -> None:
        with jambi.city.acting(on=SECOND) as officer:
            cancel(bill_id=drawn.pk, reason=CancelReason.MEMBERS, by=officer, now=world.at(SECOND))
            paper = semester_paper.semester_paper(drawn.pk, taken=TAKEN)
        assert (paper.figure, paper.in_words) == ("Rp0", "nol rupiah")


def sheets_of(jambi: Place, bill: Bill, *, names: bool) -> str:
    with jambi.city.acting(Role.CITY_OFFICER, on=SECOND) as officer:
        made = bill_sheets.workbook(
            bill.pk, on=SECOND, taken=TAKEN, by=officer, names=names, said=lambda text: text.id
        )
    book = zipfile.ZipFile(io.BytesIO(made))
    assert not [name for name in book.namelist() if "calcChain" in name]
    assert "<f>" not in "".join(book.read(name).decode() for name in book.namelist() if "/sheet" in name)
    return book.read("xl/workbook.xml").decode() + book.read("xl/sharedStrings.xml").decode()


class TestTheWorkbook:
    def test_it_holds_the_annex_and_the_sums(self, jambi: Place, drawn: Bill) -> None:
        said = sheets_of(jambi, drawn, names=False)
        assert all(word in said for word in ("Per kelurahan", "Per program", "Thehok", ">20000<", ">13600<"))
        assert "Siti" not in said

    def test_it_holds_masked_names_for_who_may_see_them_and_says_so_on_the_trail(
        self, jambi: Place, drawn: Bill
    ) -> None:
        said = sheets_of(jambi, drawn, names=True)
        assert "Siti Aminah" in said
        assert "157102••••••••01" in said
        assert world.SITI.nik not in said
        with jambi.city.acting(on=SECOND):
            event = AuditEvent.objects.get(action="bill.names_taken_out")
        assert (event.subject, event.detail) == (f"bill:{drawn.pk}", {"month": "2025-06", "people": 2})

    def test_it_writes_every_row_once(self, jambi: Place) -> None:
        world.enrol(jambi.city, jambi.agreement, *world.crowd(40))
        bill = world.bill(jambi.city, jambi.agreement, JUNE)
        said = sheets_of(jambi, bill, names=True)
        assert all(worker.name in said for worker in world.crowd(40))


def test_a_moment_is_said_as_it_was_in_jambi() -> None:
    later = Taken("Rina", world.at(SECOND) + timedelta(minutes=5))
    assert later.words == "Dicetak oleh Rina, 2 Juni 2025 pukul 09.05 · Lindung"
