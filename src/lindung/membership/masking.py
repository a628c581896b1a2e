"""Hides numbers that identify a person wherever an officer's words are shown or kept in clear."""

import re

from lindung.identity import nik

# A NIK or the number of a family card, in any cell: lists have them in columns of remarks, heirs and spouses too.
_NUMBER = re.compile(r"(?<![0-9])[0-9]{16}(?![0-9])")


def masked_within(text: str) -> str:
    """The text with every number of sixteen digits masked.

    >>> masked_within("istri 1571085205749001 (ikut)")
    'istri 157108••••••••01 (ikut)'
    """
    return _NUMBER.sub(lambda found: nik.masked(found[0]), text)
