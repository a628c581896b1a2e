"""The reader's language: Indonesian unless she chose English."""

from django.utils.translation import get_language

from lindung.law.text import Language, Text


def reader_language() -> Language:
    """The language of the person for whom this page is made."""
    return "en" if (get_language() or "id").startswith("en") else "id"


def said(text: Text) -> str:
    """A bilingual text in the reader's language."""
    return text.said_in(reader_language())


def counted(count: int) -> str:
    """A count with its thousands parted: 4.316 in Indonesian, 4,316 in English."""
    grouped = f"{count:,}"
    return grouped if reader_language() == "en" else grouped.replace(",", ".")
