"""Why a file cannot be read at all, as stable codes, and the limits beyond which it is not."""

from typing import NamedTuple

CODES = (
    "file.empty",  # 0 bytes
    "file.not_a_workbook",  # neither xlsx, xls, ods nor delimited text, or named as one and is not
    "file.damaged",  # a workbook whose parts cannot be read
    "file.encrypted",  # asks for a password
    "file.macro",  # carries a program
    "file.bomb",  # small file, enormous content
    "file.too_large",
    "file.no_rows",
    "file.too_many_rows",
    "file.too_many_columns",
    "file.encoding",  # text in an unknown alphabet
    "file.quotes",  # delimited text with a quotation mark that is never closed
    "file.timeout",  # took longer than allowed
    "file.crashed",  # the reader ran out of memory or died on it
)


class Unreadable(Exception):
    """The file cannot be read: `code` says why, `where` (a cell such as "XFD9", or "") which place to look at."""

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.where = where


class Limits(NamedTuple):
    """What is still read; bytes, seconds, counts of rows, columns and characters."""

    max_file_bytes: int = 40 * 1024 * 1024
    max_unpacked_bytes: int = 400 * 1024 * 1024
    max_pack_ratio: int = 100
    max_rows: int = 200_000
    max_columns: int = 200
    max_cell_chars: int = 2_000


LIMITS = Limits()
