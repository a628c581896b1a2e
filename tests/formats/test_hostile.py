"""Files that mean harm, or are broken beyond reading: each ends in a code, and the server lives."""

import io
import os
import random
import struct
import zipfile

import pytest

from formats import workbooks
from lindung.formats.unreadable import CODES
from lindung.formats.workbook import Row, Unreadable, inspect, read_limited

SITI = workbooks.text_row("A1", "Siti")
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
FAR = workbooks.text_row("XFD1048576", "x")
TWENTY_THOUSAND_PARTS: dict[str, str | bytes] = {
    f"xl/worksheets/part-with-a-name-{n}.xml": b"" for n in range(20_000)
}


def bomb() -> bytes:
    return workbooks.xlsx(SITI, more={"xl/sharedStrings.xml": b"<t>" + b"a" * 60_000_000})


def bomb_with_false_sizes() -> bytes:
    """The directory says 100 bytes; the part unpacks to 60 MB."""
    content = bytearray(workbooks.xlsx(" " * 60_000_000 + SITI))
    entry = content.index(b"xl/worksheets/sheet1.xml", content.index(b"PK\x01\x02")) - 46
    struct.pack_into("<L", content, entry + 24, 100)
    return bytes(content)


def encrypted_zip() -> bytes:
    content = bytearray(workbooks.xlsx(SITI))
    entry = content.index(b"PK\x01\x02")
    struct.pack_into("<H", content, entry + 8, 1)
    return bytes(content)


def damaged_part() -> bytes:
    content = bytearray(workbooks.xlsx(SITI * 50))
    start = content.index(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml")
    content[start + 20 : start + 40] = bytes(20)
    return bytes(content)


HOSTILE: list[tuple[str, str, bytes, set[str]]] = [
    ("nothing", "a.xlsx", b"", {"file.empty"}),
    ("text named xlsx", "a.xlsx", b"NIK,Nama\n1,Siti\n", {"file.not_a_workbook"}),
    ("PDF", "a.pdf", b"%PDF-1.7\n" + b"x" * 100, {"file.not_a_workbook"}),
    ("PDF named csv", "a.csv", b"%PDF-1.7\n" + b"x" * 100, {"file.not_a_workbook"}),
    ("web page named xls", "a.xls", b"<html><table><tr><td>NIK</td></tr></table></html>", {"file.not_a_workbook"}),
    ("picture", "a.csv", b"\x89PNG\r\n\x1a\n" + bytes(100), {"file.not_a_workbook"}),
    ("noise", "a.csv", bytes(range(256)) * 40, {"file.not_a_workbook"}),
    ("only zeros", "a.csv", bytes(5000), {"file.not_a_workbook"}),
    ("zip of pictures", "a.xlsx", workbooks.zipped({"a.png": b"x"}), {"file.not_a_workbook"}),
    ("letter", "a.docx", workbooks.zipped({"word/document.xml": "<w/>"}), {"file.not_a_workbook"}),
    ("zip cut off", "a.xlsx", workbooks.xlsx(SITI)[:300], {"file.damaged"}),
    ("part damaged", "a.xlsx", damaged_part(), {"file.damaged"}),
    ("sheet cut off", "a.xlsx", workbooks.xlsx('<row><c r="A1" t="b"><v>'), {"file.damaged"}),
    ("old letter", "a.doc", workbooks.compound("WordDocument", b""), {"file.not_a_workbook"}),
    ("old workbook cut off", "a.xls", workbooks.xls()[:1200], {"file.damaged", "file.crashed"}),
    ("old workbook of noise", "a.xls", workbooks.compound("Workbook", random.Random(7).randbytes(9000)), {"file.damaged", "file.crashed"}),
    ("password on xlsx", "a.xlsx", workbooks.compound("EncryptedPackage", b"x"), {"file.encrypted"}),
    ("password on xls", "a.xls", workbooks.xls(encrypted=True), {"file.encrypted"}),
    ("password on zip", "a.xlsx", encrypted_zip(), {"file.encrypted"}),
    ("password on ods", "a.ods", workbooks.ods("", manifest="<manifest:encryption-data/>"), {"file.encrypted"}),
    ("macro", "a.xlsm", workbooks.xlsx(SITI, more={"xl/vbaProject.bin": b"x"}), {"file.macro"}),
    ("macro in xls", "a.xls", workbooks.compound("_VBA_PROJECT", b"x"), {"file.macro"}),
    ("far cell alone", "a.xlsx", workbooks.xlsx(FAR), {"file.too_many_columns"}),
    ("far cell and A1", "a.xlsx", workbooks.xlsx(SITI + FAR), {"file.too_many_columns"}),
    ("far cell in disguise", "a.xlsx", workbooks.xlsx((SITI + FAR).replace('"', "'")), {"file.crashed"}),
    ("cell out of this world", "a.xlsx", workbooks.xlsx(workbooks.text_row("ZZZZZZZZ" + "9" * 20, "x")), {"file.too_many_columns"}),
    ("bomb", "a.xlsx", bomb(), {"file.bomb"}),
    ("bomb with false sizes", "a.xlsx", bomb_with_false_sizes(), {"file.damaged"}),
    ("many parts", "a.xlsx", workbooks.zipped(TWENTY_THOUSAND_PARTS), {"file.bomb"}),
    ("repeated rows", "a.ods", workbooks.ods('<table:table-row table:number-rows-repeated="1000000000"><table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'), {"file.too_many_rows", "file.crashed"}),
    ("laughs", "a.xlsx", workbooks.xlsx(workbooks.text_row("A1", "&l9;"), before=f'<!DOCTYPE l [<!ENTITY l0 "ha">{LAUGHS}]>'), {"file.damaged"}),
    ("file of the server", "a.xlsx", workbooks.xlsx(workbooks.text_row("A1", "&x;"), before='<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), {"file.damaged"}),
    ("no rows", "a.xlsx", workbooks.written([]), {"file.no_rows"}),
    ("only blanks", "a.csv", b" ;  ;\r\n;;\r\n\r\n", {"file.no_rows"}),
    ("only hidden", "a.xlsx", workbooks.written([], [["Siti"]], hidden=(1,)), {"file.no_rows"}),
    ("formula without value", "a.xlsx", workbooks.xlsx('<row><c r="A1"><f>1+1</f></c></row>'), {"file.no_rows"}),
    ("a million columns", "a.csv", b"x," * 1_000_000 + b"x\n", {"file.too_many_columns"}),
    ("one enormous cell", "a.csv", b'"' + b"x" * 1_000_000 + b'"\n', {"file.quotes"}),
    ("quotation mark left open", "a.csv", b'NIK,Nama\n1,"Siti\n2,Budi\n3,Ani\n', {"file.quotes"}),
    ("alphabet unknown", "a.csv", b"Nama\n\x81\x8d\x8f\x90\x9d\n", {"file.encoding"}),
    ("half a UTF-16 letter", "a.csv", "Siti".encode("utf-16") + b"x", {"file.encoding"}),
]  # fmt: skip


def answer_to(content: bytes, name: str = "") -> str | list[Row]:
    try:
        inspect(content, name)
        return list(read_limited(content, wall_seconds=20))
    except Unreadable as refused:
        return refused.code


@pytest.mark.parametrize(
    ("name", "content", "codes"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE]
)
def test_it_answers_with_a_code(name: str, content: bytes, codes: set[str]) -> None:
    answer = answer_to(content, name)
    assert answer in codes
    assert answer in CODES


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    with pytest.raises(Unreadable) as refused:
        inspect(bytes(40 * 1024 * 1024 + 1), "a.csv")
    assert refused.value.code == "file.too_large"


def test_a_bomb_of_blanks_inside_the_limits_is_only_read() -> None:
    """A high ratio of packing is normal for a small sheet of formatted blanks."""
    rows = workbooks.text_row("A1", "Siti") + '<row r="9"/>' * 100_000
    assert [row.cells for row in read_limited(workbooks.xlsx(rows))] == [("Siti",)]


def test_right_to_left_names_and_control_signs_arrive_as_they_are_but_nul_is_shown() -> None:
    [row] = read_limited("محمد;\u202eitiS;a\0b;\x01\r\n".encode())
    assert row.cells == ("محمد", "\u202eitiS", "a\ufffdb", "\x01")


def test_formulas_arrive_as_text_or_as_their_stored_value_and_never_run() -> None:
    [row] = read_limited(b'=1+1;"=HYPERLINK(""http://x"";""Siti"")";@SUM(A1)\r\n')
    assert row.cells == ("=1+1", '=HYPERLINK("http://x";"Siti")', "@SUM(A1)")
    stored = workbooks.xlsx('<row><c r="A1" t="str"><f>HYPERLINK("x")</f><v>Siti</v></c></row>')
    assert [row.cells for row in read_limited(stored)] == [("Siti",)]


def test_any_damage_to_a_workbook_ends_in_rows_or_a_code() -> None:
    """Twelve bytes changed at random in each of forty files: the child may die, the reader may not."""
    whole = workbooks.written([["NIK", "Nama"], ["1571015205740001", "Siti Aminah"]])
    dice = random.Random(20261122)
    for _ in range(40):
        content = bytearray(whole)
        for _ in range(12):
            content[dice.randrange(4, len(content))] = dice.randrange(256)
        answer = answer_to(bytes(content))
        assert isinstance(answer, list) or answer in CODES


def test_a_file_of_the_server_never_enters_a_workbook() -> None:
    """An external entity in the shared strings: refused or empty, but never the file's content."""
    out = io.BytesIO(workbooks.xlsx('<row><c r="A1" t="s"><v>0</v></c></row>'))
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr(
            "xl/sharedStrings.xml",
            f'<!DOCTYPE s [<!ENTITY x SYSTEM "file://{os.path.abspath(__file__)}">]><sst><si><t>&x;</t></si></sst>',
        )
    assert "each ends in a code" not in str(answer_to(out.getvalue()))
