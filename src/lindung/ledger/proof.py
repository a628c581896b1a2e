"""What must be true of the stored rows, as one question to the database that finds nothing when it is."""

from typing import NamedTuple

from lindung.law.text import Text


class Proof(NamedTuple):
    """One invariant: its stable code, what it says, and how what breaks it is found.

    `sql` returns at most a sample of offending rows; its first column says what is wrong and names the row, as
    text. No row means that it holds.
    """

    code: str
    sentence: Text
    sql: str
