"""A paper before it is set: its letterhead, facts, sections and signatures, all of it plain text."""

from typing import NamedTuple


class Table(NamedTuple):
    """Headings and rows of equal length; `right` names the columns of amounts, `total` is the last row or empty."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()
    total: tuple[str, ...] = ()


class Section(NamedTuple):
    """A heading with sentences under it and, if there is one, a table; `apart` begins it on a page of its own."""

    title: str
    sentences: tuple[str, ...] = ()
    table: Table | None = None
    apart: bool = False


class Signature(NamedTuple):
    """A place to sign: in which office; the name is written by hand where it is empty."""

    role: str
    name: str = ""


class Paper(NamedTuple):
    """A whole paper in Indonesian, the language of the office.

    `figure` and `in_words` are the amount it is about; `watermark` lies across every page of what does not hold;
    `made` says who took the paper out and when, `fingerprint` how its books can be proved.
    """

    title: str
    letterhead: tuple[str, ...]
    under: str
    facts: tuple[tuple[str, str], ...]
    figure: str
    in_words: str
    sections: tuple[Section, ...]
    signatures: tuple[Signature, ...] = ()
    watermark: str = ""
    made: str = ""
    fingerprint: str = ""
