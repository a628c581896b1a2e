"""The branch's own list behind a kode iuran: brought in whole, matched by name, compared with our bill."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import world
from contributions.conftest import Place, settled
from database import at_once, fetched
from lindung.access.models import Role
from lindung.contributions import by_name, by_name_sheets, code_list_import
from lindung.contributions.bill_paper import Taken
from lindung.contributions.by_name import ByName, NameRow
from lindung.contributions.code_list_import import NoCodeYet, OtherBill
from lindung.contributions.code_list_proofs import OF_LISTS
from lindung.contributions.code_list_records import CodeLine, CodeList
from lindung.contributions.models import Bill
from lindung.formats.sheets import Sheet, to_xlsx
from lindung.formats.unreadable import Unreadable
from lindung.law.months import Month
from lindung.membership.branch_import import NotYourCity, SaidInFuture
from lindung.membership.branch_records import WordKind

JUNE, JULY = Month(2025, 6), Month(2025, 7)
ON = date(2025, 6, 20)
CODE = "250600001"
HEADS = ("NO", "KPJ", "NIK", "NAMA_LENGKAP", "TGL_LAHIR", "IURAN JKK", "IURAN JKM", "JUMLAH IURAN")
SITI, BUDI, STRANGER = world.SITI, world.BUDI, world.STRANGER


def line(worker: world.Worker, *, nik: str = "", jkk: str = "10000", jkm: str = "6800", total: str = "16800",
         kpj: str = "", name: str = "") -> tuple[str, ...]:  # fmt: skip
    """What the branch says of somebody."""
    born = f"{worker.birth_date:%d-%m-%Y}"
    return ("1", kpj, nik or worker.nik, name or worker.name, born, jkk, jkm, total)


def book(*lines: tuple[str, ...], heads: tuple[str, ...] = HEADS) -> bytes:
    """A workbook as the branch writes it: instructions first, a title over the headings, every cell text."""
    return to_xlsx(
        [
            Sheet("Petunjuk Pengisian", ("Isi semua kolom.",), [("Jangan ganti nama berkas.",)]),
            Sheet("data_iuran", heads, lines, heading_row=3),
        ]
    )


def coded(
    place: Place, *, code: str = CODE, month: Month = JUNE, people: int = 2, amount: int = 33_600
) -> None:
    at = f"{code},{month.first_day():%m-%Y},{people},{amount},{place.agreement.code}"
    world.word(
        place.city, WordKind.CONTRIBUTION_CODE, "Kode Iuran,BLTH,Jumlah TK,Jumlah,Kerja Sama", at, on=ON
    )


@pytest.fixture
def june(jambi: Place) -> Bill:
    """The bill of June for Ibu Siti and Pak Budi, with its kode iuran."""
    drawn = world.bill(jambi.city, jambi.agreement, JUNE)
    coded(jambi)
    return drawn


def brought(place: Place, bill: Bill, content: bytes, *, code: str = "", said_on: date = ON) -> CodeList:
    with place.city.acting(on=ON) as officer:
        return code_list_import.receive(
            bill_id=bill.pk, name="rincian.xlsx", content=content, code=code, said_on=said_on, by=officer,
            now=world.at(ON),
        )  # fmt: skip


def compared(place: Place, bill: Bill, *, role: Role = Role.CITY_OFFICER) -> ByName:
    with place.city.acting(role, on=ON):
        return by_name.of_bill(bill.pk, on=ON)


def named(place: Place, bill: Bill, kind: str) -> tuple[NameRow, ...]:
    with place.city.acting(on=ON):
        return by_name.names(by_name.of_bill(bill.pk, on=ON), on=ON, kind=kind, number=1).rows


def counts(place: Place, bill: Bill) -> dict[str, int]:
    return {kind: count for kind, count in compared(place, bill).counts.items() if count}


class TestComparing:
    def test_it_finds_both_sides_equal(self, jambi: Place, june: Bill) -> None:
        brought(jambi, june, book(line(SITI), line(BUDI)))
        shown = compared(jambi, june)
        assert (dict(shown.counts)["equal"], shown.differs, shown.missing) == (2, 0, ())
        assert shown.lists[0].doubts == ()
        assert {
            (each.our_people, each.our_amount, each.their_people, each.their_amount) for each in shown.places
        } == {(1, 16_800, 1, 16_800)}

    def test_it_says_who_is_on_one_side_only_and_at_another_amount(self, jambi: Place, june: Bill) -> None:
        world.enrol(jambi.city, jambi.agreement, STRANGER, since=JULY)
        brought(jambi, june, book(line(SITI, jkk="12000", total="18800"), line(STRANGER)))
        assert counts(jambi, june) == {"amount": 1, "only_theirs": 1, "only_ours": 1}
        (siti,) = named(jambi, june, "amount")
        assert (siti.name, siti.ours, siti.theirs, siti.line) == ("Siti Aminah", 16_800, 18_800, 4)
        assert siti.nik_masked == "157102••••••••01"
        (budi,) = named(jambi, june, "only_ours")
        assert (budi.name, budi.ours, budi.theirs, budi.line) == ("Budi Santoso", 16_800, None, None)
        (stranger,) = named(jambi, june, "only_theirs")
        assert (stranger.name, stranger.ours, stranger.theirs) == (STRANGER.name, None, 16_800)

    def test_it_waits_for_a_list(self, jambi: Place, june: Bill) -> None:
        shown = compared(jambi, june)
        assert (shown.lists, shown.missing, shown.differs, shown.places) == ((), (CODE,), 0, ())

    def test_it_takes_the_newest_list_and_keeps_the_earlier_one(self, jambi: Place, june: Bill) -> None:
        brought(jambi, june, book(line(SITI)))
        assert counts(jambi, june) == {"equal": 1, "only_ours": 1}
        brought(jambi, june, book(line(SITI), line(BUDI)))
        assert counts(jambi, june) == {"equal": 2}
        with jambi.city.acting(on=ON):
            assert CodeList.objects.count() == 2

    def test_it_counts_somebody_twice_on_their_list_as_one_with_the_sum(
        self, jambi: Place, june: Bill
    ) -> None:
        brought(jambi, june, book(line(SITI), line(SITI), line(BUDI)))
        (siti,) = named(jambi, june, "amount")
        assert (siti.theirs, siti.reason and siti.reason.id) == (33_600, "2 baris di daftar BPJS")

    def test_it_compares_names_alone_where_no_amount_is_said(self, jambi: Place, june: Bill) -> None:
        heads = ("NIK", "NAMA", "UPAH")
        brought(
            jambi, june, book((SITI.nik, SITI.name, "1000000"), (BUDI.nik, BUDI.name, "1000000"), heads=heads)
        )
        shown = compared(jambi, june)
        assert shown.counts["equal"] == 2
        assert "tidak memuat iuran" in shown.lists[0].doubts[0].id

    def test_it_follows_a_code_that_was_replaced(self, jambi: Place, june: Bill) -> None:
        brought(jambi, june, book(line(SITI), line(BUDI)))
        coded(jambi, code="250600002")
        assert compared(jambi, june).missing == ("250600002",)
        assert counts(jambi, june) == {}

    def test_it_adds_up_the_lists_of_a_month_in_two_codes(self, jambi: Place, june: Bill) -> None:
        parts = [f"{code},06-2025,1,16800,{jambi.agreement.code}" for code in ("A1", "A2")]
        world.word(
            jambi.city,
            WordKind.CONTRIBUTION_CODE,
            "Kode Iuran,BLTH,Jumlah TK,Jumlah,Kerja Sama",
            *parts,
            on=ON,
        )
        with pytest.raises(OtherBill):
            brought(jambi, june, book(line(SITI)))
        brought(jambi, june, book(line(SITI)), code="A1")
        assert compared(jambi, june).missing == ("A2",)
        brought(jambi, june, book(line(BUDI)), code="a2")
        assert (counts(jambi, june), compared(jambi, june).missing) == ({"equal": 2}, ())


class TestRecognising:
    def test_it_finds_by_kpj_where_the_nik_is_empty(self, jambi: Place, june: Bill) -> None:
        world.word(jambi.city, WordKind.MEMBER_NUMBER, "KPJ,NIK", f"19015012347,'{SITI.nik}", on=ON)
        kept = brought(jambi, june, book(line(SITI, nik=" ", kpj="19015012347"), line(BUDI)))
        with jambi.city.acting(on=ON):
            assert list(
                CodeLine.objects.filter(code_list=kept).order_by("place").values_list("found_by", flat=True)
            ) == [
                "kpj",
                "nik",
            ]
        assert counts(jambi, june) == {"equal": 2}

    def test_it_proposes_by_name_and_birth_date_and_takes_nothing_for_granted(
        self, jambi: Place, june: Bill
    ) -> None:
        brought(jambi, june, book(line(SITI, nik="1571025203849999", name="SITI AMINAH, S.Pd"), line(BUDI)))
        assert counts(jambi, june) == {"equal": 1, "only_ours": 1, "unknown": 1}
        (unknown,) = named(jambi, june, "unknown")
        assert (unknown.proposed, unknown.name) == ("Siti Aminah", "SITI AMINAH, S.Pd")
        assert unknown.nik_masked == "157102••••••••99"

    @pytest.mark.parametrize("damaged", ["1.57E+15", "1,57103E+15"])
    def test_it_says_that_a_spreadsheet_damaged_the_nik(self, jambi: Place, june: Bill, damaged: str) -> None:
        kept = brought(jambi, june, book(line(SITI, nik=damaged), line(BUDI)))
        assert kept.damaged == 1
        (unknown,) = named(jambi, june, "unknown")
        assert unknown.reason
        assert unknown.reason.id.startswith("NIK rusak oleh Excel")
        assert unknown.proposed == "Siti Aminah"
        assert "1 NIK rusak" in compared(jambi, june).lists[0].doubts[-1].id

    def test_it_knows_that_a_number_hit_somebody_else(self, jambi: Place, june: Bill) -> None:
        brought(jambi, june, book(line(STRANGER, nik=SITI.nik), line(BUDI)))
        (unknown,) = named(jambi, june, "unknown")
        assert unknown.reason
        assert "orang dengan nama dan tanggal lahir lain" in unknown.reason.id

    def test_it_reads_the_same_file_anew_once_somebody_is_known(self, jambi: Place, june: Bill) -> None:
        content = book(line(SITI), line(BUDI), line(STRANGER))
        first = brought(jambi, june, content)
        assert brought(jambi, june, content).pk == first.pk
        world.enrol(jambi.city, jambi.agreement, STRANGER, since=JULY)
        second = brought(jambi, june, content)
        assert (first.unknown, second.unknown, second.document_id) == (1, 0, first.document_id)


class TestLines:
    def test_it_keeps_every_line_with_what_became_of_it(self, jambi: Place, june: Bill) -> None:
        blank = ("", "", "", "", "", "", "", "")
        total = ("", "", "", "TOTAL", "", "", "", "33600")
        odd = ("7", "", "", "", "", "", "", "16800")
        kept = brought(
            jambi,
            june,
            book(line(SITI), blank, line(BUDI, total="lima"), line(BUDI, total="16801"), odd, total),
        )
        assert (kept.lines, kept.recognised, kept.faulty, kept.totals) == (5, 1, 3, 1)
        reasons = [row.reason.id.split(".")[0] for row in named(jambi, june, "unknown") if row.reason]
        assert reasons == [
            "Jumlah tidak terbaca",
            "Jumlah iuran tidak sama dengan jumlah tiap program",
            "Baris ini tidak menyebut NIK, KPJ atau nama",
        ]

    @pytest.mark.parametrize("said", ["Rp 16.800", "16.800,00", "16800", "Rp16.800,-"])
    def test_it_reads_amounts_as_people_write_them(self, jambi: Place, june: Bill, said: str) -> None:
        brought(jambi, june, book(line(SITI, total=said), line(BUDI)))
        assert counts(jambi, june) == {"equal": 2}

    def test_it_reads_two_rows_of_headings(self, jambi: Place, june: Bill) -> None:
        heads = ("NIK", "Nama", "Iuran", "")
        content = book(("", "", "JKK", "JKM"), (SITI.nik, SITI.name, "10000", "6800"), heads=heads)
        brought(jambi, june, content)
        assert counts(jambi, june) == {"equal": 1, "only_ours": 1}

    def test_it_reads_every_sheet_that_lists_people(self, jambi: Place, june: Bill) -> None:
        content = to_xlsx([Sheet("satu", HEADS, [line(SITI)]), Sheet("dua", HEADS, [line(BUDI)])])
        assert brought(jambi, june, content).lines == 2
        assert counts(jambi, june) == {"equal": 2}

    def test_it_says_that_a_file_may_be_cut(self, jambi: Place, june: Bill) -> None:
        brought(jambi, june, book(line(SITI)))
        doubts = [doubt.id for doubt in compared(jambi, june).lists[0].doubts]
        assert doubts == [
            "Daftar ini memuat 1 orang, kode iuran 250600001 untuk 2. Berkasnya mungkin terpotong.",
            "Iuran pada daftar ini Rp16.800, pada kode iuran 250600001 Rp33.600.",
        ]

    @settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.permutations(range(5)))
    def test_it_does_not_mind_the_order(self, jambi: Place, june: Bill, order: list[int]) -> None:
        lines = [
            line(SITI),
            line(BUDI),
            line(STRANGER),
            line(BUDI, total="x"),
            ("", "", "", "Jumlah", "", "", "", "1"),
        ]
        kept = brought(jambi, june, book(*[lines[at] for at in order]))
        assert (kept.lines, kept.recognised, kept.unknown, kept.faulty, kept.totals) == (5, 2, 1, 1, 1)
        assert counts(jambi, june) == {"equal": 2, "unknown": 2}


class TestOtherFiles:
    MONTHLY = (*HEADS, "BLTH", "KODE IURAN", "KERJA SAMA")

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            (("07-2025", "", ""), "Berkas ini untuk Juli 2025, sedangkan tagihan ini Juni 2025"),
            (("06-2025", "999", ""), "Berkas ini untuk kode iuran 999, sedangkan tagihan ini 250600001"),
            (("", "", "lain"), "Berkas ini untuk kerja sama lain"),
        ],
    )
    def test_it_refuses_a_file_of_something_else(
        self, jambi: Place, june: Bill, more: tuple[str, ...], said: str
    ) -> None:
        with pytest.raises(OtherBill) as caught:
            brought(jambi, june, book((*line(SITI), *more), heads=self.MONTHLY))
        assert said in caught.value.text.id
        with jambi.city.acting(on=ON):
            assert not CodeList.objects.exists()

    def test_it_leaves_single_lines_of_another_month_with_the_reason(self, jambi: Place, june: Bill) -> None:
        mixed = book(
            (*line(SITI), "06-2025", CODE, ""), (*line(BUDI), "05-2025", CODE, ""), heads=self.MONTHLY
        )
        kept = brought(jambi, june, mixed)
        assert (kept.recognised, kept.faulty) == (1, 1)

    def test_it_asks_for_the_code_first(self, jambi: Place) -> None:
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        with pytest.raises(NoCodeYet):
            brought(jambi, drawn, book(line(SITI)))

    @pytest.mark.parametrize(
        "content", [b"", b"PK\x03\x04 cut", to_xlsx([Sheet("a", ("x", "y"), [("1", "2")])])]
    )
    def test_it_refuses_what_is_no_list(self, jambi: Place, june: Bill, content: bytes) -> None:
        with pytest.raises(Unreadable):
            brought(jambi, june, content)

    def test_it_refuses_a_letter_of_tomorrow_and_another_citys_officer(
        self, jambi: Place, june: Bill
    ) -> None:
        with pytest.raises(SaidInFuture):
            brought(jambi, june, book(line(SITI)), said_on=date(2025, 6, 21))
        with jambi.city.acting(Role.MAYOR, on=ON) as mayor, pytest.raises(NotYourCity):
            code_list_import.receive(
                bill_id=june.pk, name="a.xlsx", content=book(line(SITI)), code="", said_on=ON, by=mayor,
                now=world.at(ON),
            )  # fmt: skip
        with world.city("bungo", branch=jambi.city.branch).acting(on=ON), pytest.raises(Bill.DoesNotExist):
            by_name.of_bill(june.pk, on=ON)


class TestTheWorkbook:
    def test_it_hands_the_differences_to_the_branch_with_masked_numbers(
        self, jambi: Place, june: Bill
    ) -> None:
        brought(jambi, june, book(line(SITI, total="=1+1"), line(STRANGER)))
        with jambi.city.acting(on=ON) as officer:
            made = by_name_sheets.differences_xlsx(
                june.pk, on=ON, taken=Taken("Rina", world.at(ON)), by=officer, said=lambda text: text.id
            )
        from io import BytesIO
        from zipfile import ZipFile

        said = ZipFile(BytesIO(made)).read("xl/sharedStrings.xml").decode()
        assert all(
            word in said for word in ("NAMA_LENGKAP", "Budi Santoso", "Hanya di tagihan kita", "IURAN_BPJS")
        )
        assert not [worker for worker in (SITI, BUDI, STRANGER) if worker.nik in said]


class TestTheDatabase:
    def test_it_keeps_no_number_and_no_name_in_clear(self, jambi: Place, june: Bill) -> None:
        brought(jambi, june, book(line(STRANGER)))
        with jambi.city.acting(on=ON):
            stored = str(fetched("SELECT l::text, encode(l.sealed, 'escape') FROM contributions_codeline l"))
        assert STRANGER.nik not in stored
        assert STRANGER.name.split()[0] not in stored

    def test_its_proof_finds_a_list_that_lost_a_line(self, jambi: Place, june: Bill) -> None:
        (proof,) = OF_LISTS
        brought(jambi, june, book(line(SITI), line(BUDI)))
        with jambi.city.acting(on=ON):
            assert fetched(proof.sql) == []
            # Without their lines all lists have lost some.
            gone = proof.sql.replace(
                "FROM contributions_codeline c WHERE", "FROM contributions_codeline c WHERE false AND"
            )
            assert "0 lines, says 2" in fetched(gone)[0][0]

    def test_two_at_once_are_one_list(self, fresh_database: str) -> None:
        place = settled()
        drawn = world.bill(place.city, place.agreement, JUNE)
        coded(place)
        content = book(line(SITI), line(BUDI))
        one, two = at_once(
            lambda: brought(place, drawn, content).pk, lambda: brought(place, drawn, content).pk
        )
        assert one == two
        assert isinstance(one, int)
