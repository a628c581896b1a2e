"""Cheap checks of an uploaded file before anything parses it: what it is, and whether it may be opened."""

import io
import struct
import zipfile
import zlib
from typing import Literal

from lindung.formats.unreadable import LIMITS, Limits, Unreadable

Format = Literal["xlsx", "xls", "ods", "text"]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_XLS = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")  # Excel 2 to 5 without a container
_XLS_GLOBALS = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILEPASS = 0x002F
_RECORDS_BEFORE_PASSWORD = 16
_END_OF_DIRECTORY = b"PK\x05\x06"
# Each entry of the directory costs time and memory to list: a workbook has some dozens.
_MAX_DIRECTORY_BYTES = 1024 * 1024
# Below this nothing can exhaust the reader, whatever the ratio: small sheets of blanks pack very well.
_HARMLESS_UNPACKED_BYTES = 32 * 1024 * 1024
_ENCRYPTED_FLAG = 0x1
_OPEN_DOCUMENT = b"opendocument.spreadsheet"
_MANIFEST_BYTES = 64 * 1024
_WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_NOT_TEXT = (
    b"%PDF",
    b"<",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
)


def inspect(content: bytes, name: str, *, limits: Limits = LIMITS) -> Format:
    """What kind of file this is, by its content; the name only tells what it claims to be.

    Raises Unreadable with `file.empty`, `.too_large`, `.not_a_workbook`, `.encrypted`, `.macro` or `.bomb`.
    """
    if not content:
        raise Unreadable("file.empty")
    if len(content) > limits.max_file_bytes:
        raise Unreadable("file.too_large")
    if content.startswith(_ZIP):
        return _inspect_zip(content, limits)
    if content.startswith(_OLE):
        return _inspect_ole(content)
    if content.startswith(_OLD_XLS):
        raise Unreadable("file.not_a_workbook")
    _inspect_text(content, name)
    return "text"


def _inspect_zip(content: bytes, limits: Limits) -> Format:
    _refuse_long_directory(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return _inspect_parts(packed, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise Unreadable("file.damaged") from error


def _refuse_long_directory(content: bytes) -> None:
    """Before the entries are listed: a million of them are an attack on whoever lists them."""
    end = content.rfind(_END_OF_DIRECTORY)
    if end < 0 or len(content) < end + 22:
        raise Unreadable("file.damaged")
    (directory_bytes,) = struct.unpack_from("<L", content, end + 12)
    if directory_bytes > _MAX_DIRECTORY_BYTES:
        raise Unreadable("file.bomb")


def _inspect_parts(packed: zipfile.ZipFile, limits: Limits) -> Format:
    entries = packed.infolist()
    names = {entry.filename.lower() for entry in entries}
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
        raise Unreadable("file.encrypted")
    _refuse_bomb(entries, limits)
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Unreadable("file.macro")
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names and _OPEN_DOCUMENT in _start_of(packed, "mimetype"):
        if b"encryption-data" in _start_of(packed, "META-INF/manifest.xml"):
            raise Unreadable("file.encrypted")
        return "ods"
    raise Unreadable("file.not_a_workbook")


def _start_of(packed: zipfile.ZipFile, name: str) -> bytes:
    if name not in packed.namelist():
        return b""
    with packed.open(name) as part:
        return part.read(_MANIFEST_BYTES)


def _refuse_bomb(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > limits.max_unpacked_bytes:
        raise Unreadable("file.bomb")
    if unpacked > _HARMLESS_UNPACKED_BYTES and unpacked > packed * limits.max_pack_ratio:
        raise Unreadable("file.bomb")


def _inspect_ole(content: bytes) -> Format:
    if _stream("EncryptedPackage") in content:
        raise Unreadable("file.encrypted")
    if _stream("_VBA_PROJECT") in content:
        raise Unreadable("file.macro")
    if _stream("Workbook") in content or _stream("Book") in content:
        if _asks_for_password(content):
            raise Unreadable("file.encrypted")
        return "xls"
    raise Unreadable("file.not_a_workbook")


def _stream(name: str) -> bytes:
    return name.encode("utf-16-le")


def _asks_for_password(content: bytes) -> bool:
    """Whether a FILEPASS record follows the beginning of the Excel 97 stream; the parser calls such a file damaged."""
    at = content.find(_XLS_GLOBALS)
    for _ in range(_RECORDS_BEFORE_PASSWORD if at >= 0 else 0):
        if at + 4 > len(content):
            return False
        kind, length = struct.unpack_from("<HH", content, at)
        if kind == _FILEPASS:
            return True
        at += 4 + length
    return False


def _inspect_text(content: bytes, name: str) -> None:
    if content.startswith(_NOT_TEXT) or name.lower().endswith(_WORKBOOK_NAMES):
        raise Unreadable("file.not_a_workbook")
    if not content.startswith(_BYTE_ORDER_MARKS) and _mostly_not_letters(content[:4096]):
        raise Unreadable("file.not_a_workbook")


def _mostly_not_letters(start: bytes) -> bool:
    # UTF-16 without its mark has a NUL beside every plain letter; a few stray NULs elsewhere are only dirt.
    zeros = start.count(0)
    if zeros and zeros in (start[0::2].count(0), start[1::2].count(0)) and zeros > len(start) // 4:
        return False
    signs = sum(byte < 32 and byte not in b"\t\n\r\f\x1a" for byte in start)
    return signs * 10 > len(start)
