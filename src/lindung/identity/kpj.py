"""KPJ, the member number that BPJS Ketenagakerjaan gives: eleven digits, and how much of them may be shown.

The last digit behaves like a Luhn check digit, but BPJS has never said so: a number that fails it is looked at
once more by whoever typed it, and never refused.

>>> compact("1901 5012-347")
'19015012347'
>>> problems("19015012347"), problems("1901501234"), problems("")
((), ('kpj.length',), ('kpj.missing',))
>>> problems("00000000000")
('kpj.one_digit',)
>>> looks_mistyped("19015012347"), looks_mistyped("19015012343")
(False, True)
>>> masked("19015012347")
'190••••••47'
"""

from lindung.identity import nik

LENGTH = 11


def compact(text: str) -> str:
    """The digits alone, without quotes, spaces, dots and dashes; other signs stay in place."""
    return nik.compact(text)


def problems(text: str) -> tuple[str, ...]:
    """`kpj.missing`, `kpj.not_digits`, `kpj.length`, `kpj.one_digit` (filled in for want of a number), or nothing."""
    number = compact(text)
    if not number:
        return ("kpj.missing",)
    if not (number.isascii() and number.isdecimal()):
        return ("kpj.not_digits",)
    if len(number) != LENGTH:
        return ("kpj.length",)
    return ("kpj.one_digit",) if len(set(number)) == 1 else ()


def looks_mistyped(text: str) -> bool:
    """Whether a whole number fails the Luhn rule: most slips of one digit do."""
    number = compact(text)
    if problems(number):
        return False
    total = 0
    for place, digit in enumerate(map(int, reversed(number))):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 != 0


def masked(text: str) -> str:
    """The number as it may be shown: three digits, dots, two digits."""
    number = compact(text)
    return f"{number[:3]}••••••{number[-2:]}" if len(number) == LENGTH else "•" * len(number)
