"""Workbooks made by hand, byte by byte, for the things that no honest program writes."""

import io
import struct
import zipfile

from xlsxwriter import Workbook

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_OPEN = "urn:oasis:names:tc:opendocument:xmlns"


def zipped(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return out.getvalue()


def relation(kind: str, target: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'


def xlsx(
    rows: str, *, before: str = "", after: str = "", more: dict[str, str | bytes] | None = None
) -> bytes:
    """A one-sheet workbook with these `<row>` elements; `more` are further parts of the zip by path."""
    return zipped(
        {
            "_rels/.rels": relation("officeDocument", "xl/workbook.xml"),
            "xl/_rels/workbook.xml.rels": relation("worksheet", "worksheets/sheet1.xml"),
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            '<sheet name="Data" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/worksheets/sheet1.xml": f'<?xml version="1.0"?>{before}<worksheet xmlns="{_MAIN}"><sheetData>{rows}'
            f"</sheetData>{after}</worksheet>",
            **(more or {}),
        }
    )


def text_row(cell: str, text: str) -> str:
    return f'<row><c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c></row>'


def written(
    *sheets: list[list[object]],
    hidden: tuple[int, ...] = (),
    merged: tuple[tuple[int, int, int, int], ...] = (),
) -> bytes:
    """An honest workbook with these sheets; cells are ``merged`` in each: first line and column, last ones, from 0."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        for at, rows in enumerate(sheets):
            sheet = book.add_worksheet(f"Data {at + 1}")
            if at in hidden:
                sheet.hide()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            for top, left, bottom, right in merged:
                sheet.merge_range(top, left, bottom, right, rows[top][left])
    return out.getvalue()


def ods(rows: str, *, manifest: str = "") -> bytes:
    """An OpenDocument workbook of one sheet with these `<table:table-row>` elements."""
    return ods_of(f'<table:table table:name="Data">{rows}</table:table>', manifest=manifest)


def ods_of(tables: str, *, manifest: str = "") -> bytes:
    """An OpenDocument workbook with these `<table:table>` elements."""
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_OPEN}:manifest:1.0">{manifest}'
            "</manifest:manifest>",
            "content.xml": f'<office:document-content xmlns:office="{_OPEN}:office:1.0" xmlns:table="{_OPEN}:table:1.0"'
            f' xmlns:text="{_OPEN}:text:1.0"><office:body><office:spreadsheet>{tables}'
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def xls(*, encrypted: bool = False) -> bytes:
    """An Excel 97 workbook: the text Siti in A1, a NIK as a number in B2."""
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    if encrypted:
        start += _record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    sheet = (
        _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
        + _record(0x0200, struct.pack("<IIHHH", 0, 2, 0, 2, 0))
        + _record(0x0204, struct.pack("<HHHHB", 0, 0, 0, 4, 0) + b"Siti")
        + _record(0x0203, struct.pack("<HHHd", 1, 1, 0, 1571015205740001.0))
        + _record(0x000A, b"")
    )
    listed = len(start) + 4 + 12 + 4
    listing = _record(0x0085, struct.pack("<IBBBB", listed, 0, 0, 4, 0) + b"Data")
    return compound("Workbook", start + listing + _record(0x000A, b"") + sheet)


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def compound(stream: str, data: bytes) -> bytes:
    """An OLE compound file with one stream: header, one sector of FAT, one of directory, then the data."""
    data = data.ljust(4096, b"\0")  # shorter streams would live in the miniature FAT
    sectors = -(-len(data) // 512)
    data = data.ljust(sectors * 512, b"\0")
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), 0xFFFFFFFE]
    fat = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    directory = _entry("Root Entry", 5, child=1, start=0xFFFFFFFE, size=0) + _entry(
        stream, 2, start=2, size=len(data)
    )
    return header + fat + directory.ljust(512, b"\0") + data


def _entry(name: str, kind: int, *, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    entry = encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded), kind, 1)
    entry += struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child) + bytes(36)
    return entry + struct.pack("<IQ", start, size)
