"""Sex as lists write it, in Indonesian or English, read to one letter.

>>> read("Laki - laki"), read("PR"), read("?")
('M', 'F', None)
"""

from typing import Literal

Sex = Literal["M", "F"]

_WORDS: dict[str, Sex] = {
    **dict.fromkeys(
        ("l", "lk", "lki", "laki", "lakilaki", "laki2", "pria", "cowok", "m", "male", "man"), "M"
    ),
    **dict.fromkeys(("p", "pr", "prp", "perempuan", "wanita", "w", "f", "female", "woman"), "F"),
}


def read(text: str) -> Sex | None:
    """`"M"`, `"F"`, or None if the text names neither.

    P stands for *perempuan* in every Indonesian list; it is never read as *pria*.
    """
    return _WORDS.get("".join(filter(str.isalnum, text)).casefold())
