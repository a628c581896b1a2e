"""Reading bank statements: MT940, camt.053 and tables give the same value, and a file that lies gives a reason."""

import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats import statements, workbooks
from formats.statements import ACCOUNT, BUDI, SITI, Wire
from lindung.formats import bank_files, camt053, mt940, statement_table
from lindung.formats.cells import Day, Number, Row
from lindung.formats.statement import CODES, BankStatement, believed, joined
from lindung.formats.statement_table import Column, Told
from lindung.formats.unreadable import CODES as OF_FILES
from lindung.formats.unreadable import Unreadable

DMY = Told(days="dmy")


def core(found: BankStatement) -> list[tuple[object, ...]]:
    return [
        (one.booked_on, one.amount, one.credit, one.bank_reference or one.reference, one.fault)
        for one in found.lines
    ]


def refused(code: str, read: object, *arguments: object) -> str:
    with pytest.raises(Unreadable) as why:
        believed(read(*arguments))  # type: ignore[operator]  # one of the readers
    assert why.value.code == code
    return why.value.where


def rows_of(content: bytes) -> list[Row]:
    lines = content.decode().splitlines()
    return [Row(number, tuple(line.split(";"))) for number, line in enumerate(lines, start=1) if line]


class TestTheSameStatement:
    EXPECTED = [
        (date(2026, 11, 2), 16_800, True, "B001", ""),
        (date(2026, 11, 3), 33_600, True, "B002", ""),
        (date(2026, 11, 3), 6_500, False, "B003", ""),
    ]

    @pytest.mark.parametrize(
        "content",
        [
            statements.mt940(),
            statements.camt(),
            statements.camt(version="02"),
            statements.table(),
            statements.table(indonesian=False),
        ],
        ids=["mt940", "camt.053.001.08", "camt.053.001.02", "1.234,00", "1,234.00"],
    )
    def test_it_comes_out_of_every_format(self, content: bytes) -> None:
        found = bank_files.read(content, "november", told=DMY)
        assert core(found) == self.EXPECTED
        assert (found.account, found.currency) == (ACCOUNT, "IDR")
        assert (found.opening, found.closing) == (100_000_000, 104_390_000)

    def test_it_keeps_what_the_payer_wrote(self) -> None:
        assert mt940.read(statements.mt940()).lines[0].text == "TRF SITI AMINAH IURAN"
        assert mt940.read(statements.mt940()).lines[0].reference == "TRX001"
        assert camt053.read(statements.camt()).lines[0].text == "SITI AMINAH TRF SITI AMINAH IURAN"
        assert mt940.read(statements.mt940()).lines[2].reference == "", "NONREF is no reference"


class TestMt940:
    def test_it_joins_the_days_of_a_file(self) -> None:
        both = statements.mt940([SITI], opening=100) + b"\r\n" + statements.mt940([BUDI], opening=16_900)
        found = believed(mt940.read(both))
        assert [one.number for one in found.lines] == [1, 2]
        assert (found.opening, found.closing) == (10_000, 5_050_000)

    def test_it_refuses_days_between_which_one_is_missing(self) -> None:
        refused(
            "statement.gap",
            mt940.read,
            statements.mt940([SITI], opening=100) + b"\r\n" + statements.mt940([BUDI], opening=1),
        )

    def test_it_refuses_two_accounts_in_one_file(self) -> None:
        refused(
            "statement.several_accounts",
            mt940.read,
            statements.mt940() + b"\r\n" + statements.mt940(account="999888777"),
        )

    def test_it_takes_a_reversed_credit_for_money_out(self) -> None:
        content = statements.mt940([SITI, SITI._replace(rupiah=-16_800)]).replace(
            b"1102D16800", b"1102RC16800"
        )
        assert [one.credit for one in believed(mt940.read(content)).lines] == [True, False]

    def test_it_never_opens_a_file_that_the_text_names(self) -> None:
        refused("statement.cut", mt940.read, b"/etc/passwd")


class TestCamt:
    def test_it_makes_a_line_of_each_payment_of_a_batch(self) -> None:
        part = '<TxDtls><Refs><EndToEndId>{0}</EndToEndId></Refs><Amt Ccy="IDR">{1}</Amt></TxDtls>'
        batch = part.format("A1", "16800.00") + part.format("A2", "33600")
        content = statements.camt([BUDI._replace(rupiah=50_400)]).decode()
        start, end = content.index("<TxDtls>"), content.index("</NtryDtls>")
        found = believed(camt053.read((content[:start] + batch + content[end:]).encode()))
        assert [(one.amount, one.reference) for one in found.lines] == [(16_800, "A1"), (33_600, "A2")]

    def test_it_keeps_what_is_not_booked_yet_as_a_line_with_a_fault(self) -> None:
        content = statements.camt([SITI, BUDI], opening=0).decode()
        content = content.replace("BOOK", "PDNG", 1).replace("50400.00", "33600.00")
        assert [one.fault for one in believed(camt053.read(content.encode())).lines] == ["line.pending", ""]

    def test_it_says_which_version_it_does_not_read(self) -> None:
        assert refused("statement.version", camt053.read, statements.camt(version="13")) == "13"


class TestTables:
    def test_it_reads_one_column_with_cr_and_db(self) -> None:
        rows = [
            ("Tanggal", "Keterangan", "Mutasi", "Saldo"),
            ("13/11/2026", "SETORAN", "16.800,00 CR", "26.800,00"),
            ("13/11/2026", "BIAYA", "6.500,00 DB", "20.300,00"),
            ("", "ADM BULANAN"),
            ("Saldo Akhir", "", "", "20.300,00"),
        ]
        found = believed(
            statement_table.read(
                [Row(at, row) for at, row in enumerate(rows, start=1)], Told(account="123456")
            )
        )
        assert core(found) == [
            (date(2026, 11, 13), 16_800, True, "", ""),
            (date(2026, 11, 13), 6_500, False, "", ""),
        ]
        assert found.lines[1].text == "BIAYA ADM BULANAN"
        assert (found.opening, found.closing) == (1_000_000, 2_030_000)

    def test_it_reads_cells_that_a_workbook_calls_dates_and_numbers(self) -> None:
        rows = [
            Row(1, ("Tgl Transaksi", "Uraian", "Kredit", "Debet")),
            Row(2, (Day("2026-11-05"), "SETORAN", Number("16800"), None)),
            Row(3, (Day("2026-11-06"), "BUNGA", Number("12.34"), None)),
        ]
        found = statement_table.read(rows, Told(account="123456"))
        assert [(one.booked_on.day, one.amount, one.cents, one.fault) for one in found.lines] == [
            (5, 16_800, 0, ""), (6, 12, 34, "line.cents")]  # fmt: skip

    def test_it_reads_a_workbook(self) -> None:
        book = workbooks.written(
            [["Tanggal", "Keterangan", "Kredit"], [date(2026, 11, 5), "SETORAN", 16_800]]
        )
        assert bank_files.read(book, "a.xlsx", told=Told(account="123456")).lines[0].amount == 16_800

    def test_it_follows_a_running_balance_from_the_newest_line_down(self) -> None:
        head, *lines = statements.table().decode().splitlines()[1:]
        content = "\n".join([f"No Rek: {ACCOUNT}", head, *lines[::-1]]).encode()
        assert statement_table.read(rows_of(content), DMY).opening == 100_000_000

    def test_it_asks_how_numbers_are_written_where_none_tells(self) -> None:
        rows = [Row(1, ("Tanggal", "Keterangan", "Kredit")), Row(2, ("13/11/2026", "SETORAN", "16.800"))]
        assert (
            refused("statement.doubtful_numbers", statement_table.read, rows, Told(account="123456"))
            == "16.800"
        )
        told = Told(account="123456", decimals=",")
        assert statement_table.read(rows, told).lines[0].amount == 16_800

    def test_it_asks_when_two_numbers_are_written_in_two_ways(self) -> None:
        rows = [
            Row(1, ("Tanggal", "Keterangan", "Kredit")),
            Row(2, ("13/11/2026", "A", "1.000,00")),
            Row(3, ("13/11/2026", "B", "1,000.00")),
        ]
        refused("statement.doubtful_numbers", statement_table.read, rows, Told(account="123456"))

    def test_it_asks_whether_the_day_comes_first_where_no_date_tells(self) -> None:
        rows = [Row(1, ("Tanggal", "Keterangan", "Kredit")), Row(2, ("05/11/2026", "A", "16800,00"))]
        refused("statement.doubtful_dates", statement_table.read, rows, Told(account="123456"))
        assert statement_table.read(rows, Told(account="123456", days="mdy")).lines[0].booked_on == date(
            2026, 5, 11
        )

    def test_it_learns_what_a_heading_means(self) -> None:
        rows = [Row(1, ("Kapan", "Keterangan", "Duit masuk")), Row(2, ("13/11/2026", "A", "16800,00"))]
        refused("statement.no_header", statement_table.read, rows, Told(account="123456"))
        told = Told(account="123456", columns={"kapan": Column.DATE, "duit masuk": Column.CREDIT})
        assert statement_table.read(rows, told).lines[0].amount == 16_800
        assert statement_table.headings(rows) == ("Kapan", "Keterangan", "Duit masuk")

    @pytest.mark.parametrize(
        ("rows", "code"),
        [
            ([("Tanggal", "Keterangan", "Saldo")], "statement.no_header"),
            ([("Tanggal", "Kredit"), ("13/11/2026", "1,00")], "statement.no_column"),
            ([("Tanggal", "Keterangan", "Kredit"), ("32/11/2026", "A", "1,00")], "statement.date"),
            ([("Tanggal", "Keterangan", "Kredit"), ("", "A", "1,00")], "statement.date"),
            ([("Tanggal", "Keterangan", "Kredit"), ("13/11/2026", "A", "seribu")], "statement.amount"),
            ([("Tanggal", "Keterangan", "Kredit"), ("13/11/2026", "A", "1.00.0,00")], "statement.amount"),
            ([("Tanggal", "Keterangan", "Kredit"), ("13/11/2026", "A", "1,005")], "statement.doubtful_numbers"),
            ([("Tanggal", "Keterangan", "Debit", "Kredit"), ("13/11/2026", "A", "1,00", "1,00")], "statement.amount"),
            ([("Tanggal", "Keterangan", "Mutasi"), ("13/11/2026", "A", "1,00")], "statement.amount"),
            ([("Tanggal", "Keterangan", "Kredit", "Saldo"), ("13/11/2026", "A", "5,00", "10,00"),
              ("14/11/2026", "B", "5,00", "16,00")], "statement.order"),
            ([("Tanggal", "Keterangan", "Kredit"), ("Saldo Awal", "", "5,00")], "statement.no_lines"),
        ],
    )  # fmt: skip
    def test_it_says_what_is_wrong(self, rows: list[tuple[str, ...]], code: str) -> None:
        told = Told(account="123456")
        refused(code, statement_table.read, [Row(at, row) for at, row in enumerate(rows, start=1)], told)

    def test_it_refuses_the_statement_of_another_account(self) -> None:
        refused(
            "statement.other_account",
            statement_table.read,
            rows_of(statements.table()),
            Told(account="999999", days="dmy"),
        )

    def test_it_needs_an_account(self) -> None:
        content = statements.table().split(b"\r\n", 1)[1]
        refused("statement.no_account", statement_table.read, rows_of(content), DMY)


def test_it_believes_no_statement_whose_lines_do_not_lead_to_its_closing() -> None:
    for content in (statements.mt940(), statements.camt()):
        read = mt940.read if content.startswith(b":20:") else camt053.read
        refused("statement.cut", read, content.replace(b"16800", b"16801"))


def test_a_line_with_cents_is_a_fault_and_the_balance_still_holds() -> None:
    interest = Wire(date(2026, 11, 30), 1_234, "BUNGA", cents=56)
    found = bank_files.read(statements.mt940([SITI, interest]), "")
    assert [one.fault for one in found.lines] == ["", "line.cents"]


def test_nothing_joined_is_cut() -> None:
    refused("statement.cut", joined, [])


BILLION = (
    'DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(f'<!ENTITY b{n} "&a;&a;&a;">' for n in range(9)) + "]>"
)
HOSTILE: list[tuple[str, bytes, set[str]]] = [
    ("nothing", b"", {"file.empty"}),
    ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(100), {"file.not_a_workbook"}),
    ("a web page", b"<html><body>1</body></html>", {"statement.unknown_format"}),
    ("XML cut off", statements.camt()[:-60], {"statement.cut"}),
    ("XML of entities", statements.camt(head="<!" + BILLION), {"file.bomb"}),
    ("XML that asks for a file", statements.camt(head='<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'), {"file.bomb"}),
    ("XML a hundred thousand deep", b"<a>" * 100_000 + b"</a>" * 100_000, {"statement.unknown_format"}),
    ("camt that nests to the deep", statements.camt().replace(b"<Ntry>", b"<Ntry>" * 200_000, 1), {"statement.cut", "file.crashed"}),
    ("camt in a false alphabet", statements.camt().replace(b"UTF-8", b"KOI9", 1), {"statement.cut", "file.encoding"}),
    ("camt with letters that are none", statements.camt().replace(b"SETORAN", b"\xff\xfe\xc0", 1), {"statement.cut"}),
    ("camt with an endless number", statements.camt().replace(b"16800.00", b"9" * 5_000), {"statement.amount"}),
    ("camt with not a number", statements.camt().replace(b"16800.00", b"NaN"), {"statement.amount"}),
    ("camt with an exponent", statements.camt().replace(b"16800.00", b"1E999999"), {"statement.amount"}),
    ("camt with no date", statements.camt().replace(b"2026-11-02", b"2026-02-31"), {"statement.date"}),
    ("camt without its end balance", statements.camt().replace(b"CLBD", b"XXXX"), {"statement.no_balance"}),
    ("MT940 cut off", statements.mt940()[:-40], {"statement.cut", "statement.line"}),
    ("MT940 cut in a line", statements.mt940()[:120], {"statement.cut", "statement.line"}),
    ("MT940 with NUL", statements.mt940().replace(b"SETORAN", b"SET\0RAN"), {"file.encoding"}),
    ("MT940 with a line that is none", statements.mt940().replace(b"1103C33600", b"XX03C33600"), {"statement.line"}),
    ("MT940 with commas for money", statements.mt940().replace(b"C16800,00", b"C,,,,,,,,"), {"statement.line"}),
    ("MT940 of an impossible day", statements.mt940().replace(b":61:261102", b":61:269902"), {"statement.line"}),
    ("MT940 without lines", statements.mt940([]), {"statement.no_lines"}),
    ("a formula for money", statements.table().replace(b"16.800,00", b"=1+1"), {"statement.amount"}),
    ("a table of one cell", b"Tanggal", {"statement.no_header"}),
    ("a workbook cut off", workbooks.written([["Tanggal", "Keterangan", "Kredit"]])[:300], {"file.damaged"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "codes"), [each[1:] for each in HOSTILE], ids=[each[0] for each in HOSTILE]
)
def test_it_ends_in_a_code_and_the_server_lives(content: bytes, codes: set[str]) -> None:
    with pytest.raises(Unreadable) as why:
        bank_files.read(content, "berkas", told=DMY)
    assert why.value.code in codes
    assert why.value.code in OF_FILES + CODES


def test_it_refuses_more_than_it_can_hold() -> None:
    with pytest.raises(Unreadable, match="file.crashed"):
        bank_files.read_limited(statements.camt(), memory_bytes=8 * 1024 * 1024)


@given(
    st.lists(
        st.tuples(st.integers(-(10**9), 10**9).filter(bool), st.integers(1, 28), st.integers(0, 99)),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=30, deadline=None)
def test_every_format_tells_the_same_money(drawn: list[tuple[int, int, int]]) -> None:
    wires = [
        Wire(date(2026, 11, day), rupiah, bank=f"B{at}", cents=cents)
        for at, (rupiah, day, cents) in enumerate(drawn)
    ]
    read = [
        mt940.read(statements.mt940(wires)),
        camt053.read(statements.camt(wires)),
        camt053.read(statements.camt(wires, version="02")),
        statement_table.read(rows_of(statements.table(wires, opening=10**10)), DMY),
    ]
    assert {tuple(one.sen for one in believed(found).lines) for found in read} == {
        tuple(wire.sen for wire in wires)
    }


def test_the_child_works_as_a_command_on_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"<a/>")))
    monkeypatch.setattr("lindung.formats.child.limit_this_process", lambda *_: None)
    assert bank_files.main([]) == 0
    assert capsys.readouterr().out == '{"unreadable": "statement.unknown_format", "where": ""}\n'
