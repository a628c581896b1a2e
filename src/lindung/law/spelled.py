"""Whole numbers in Indonesian words (terbilang), as they stand under the figures of a bill or a receipt.

>>> spelled(0), spelled(11), spelled(1_017), spelled(33_600)
('nol', 'sebelas', 'seribu tujuh belas', 'tiga puluh tiga ribu enam ratus')
>>> spelled_rupiah(16_800)
'enam belas ribu delapan ratus rupiah'
"""

_DIGITS = (
    "",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
)
_SCALES = ("", "ribu", "juta", "miliar", "triliun", "kuadriliun")
LIMIT = 1000 ** len(_SCALES)
"""The first number that has no words here."""


def spelled(number: int) -> str:
    """A whole number from 0 to below `LIMIT` in words. Raises ValueError for any other."""
    if not 0 <= number < LIMIT:
        raise ValueError(f"no words for {number}")
    if number == 0:
        return "nol"
    parts = []
    for place, scale in enumerate(_SCALES):
        group = number // 1000**place % 1000
        if group:
            # One thousand is "seribu"; one million stays "satu juta".
            parts.append("seribu" if (group, scale) == (1, "ribu") else f"{_hundreds(group)} {scale}".strip())
    return " ".join(reversed(parts))


def spelled_rupiah(amount: int) -> str:
    """Whole rupiah in words. Raises ValueError as `spelled` does."""
    return f"{spelled(amount)} rupiah"


def _hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    head = "seratus" if hundreds == 1 else f"{_DIGITS[hundreds]} ratus" if hundreds else ""
    return f"{head} {_tens(rest)}".strip()


def _tens(number: int) -> str:
    if number < 12:
        return _DIGITS[number]
    if number < 20:
        return f"{_DIGITS[number - 10]} belas"
    tens, rest = divmod(number, 10)
    return f"{_DIGITS[tens]} puluh {_DIGITS[rest]}".strip()
