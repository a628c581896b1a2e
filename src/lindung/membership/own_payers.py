"""What stands behind a self-paying membership: the income that chooses its band, and the code under which it pays."""

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db import connection

from lindung.engine.refusals import Refusal
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.membership.models import Membership
from lindung.membership.own_records import OwnCode, OwnIncome
from lindung.partnership.models import Agreement, AgreementKind

DIGITS = 12
"""Eleven random digits, the first not nought, and Damm's check digit."""
_STEPS = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip
_RUN = re.compile(r"(?<![0-9])[1-9][0-9]{3}(?:[ .-]?[0-9]{4}){2}(?![0-9])")

_INCOMES = """
INSERT INTO membership_ownincome (membership_id, sponsor_id, since, monthly, event_id)
SELECT m.id, m.sponsor_id, m.since, %(income)s, %(event)s FROM membership_membership m
 WHERE m.event_id = %(event)s ORDER BY m.id
"""
# A code that is taken is drawn anew: of a hundred thousand million there is always another.
_CODES = """
INSERT INTO membership_owncode (membership_id, sponsor_id, code)
SELECT m.id, m.sponsor_id, own_code_new() FROM membership_membership m
 WHERE m.event_id = %(event)s AND NOT EXISTS (SELECT 1 FROM membership_owncode c WHERE c.membership_id = m.id)
 ORDER BY m.id ON CONFLICT (code) DO NOTHING
"""
_WITHOUT = """
SELECT EXISTS (SELECT 1 FROM membership_membership m WHERE m.event_id = %(event)s
                  AND NOT EXISTS (SELECT 1 FROM membership_owncode c WHERE c.membership_id = m.id))
"""


class NoIncome(Refusal):
    """An income is whole rupiah, nought or more, and below what nobody earns."""

    code = "member.income"

    def __init__(self) -> None:
        super().__init__(_NO_INCOME, field="income")


class OwnTerms(NamedTuple):
    """What somebody who pays for herself declared and chose; nothing of both where another pays."""

    income: int | None = None
    programmes: tuple[str, ...] = ()


MOST = 1_000_000_000
"""Whole rupiah a month: from here on it is a slip of the pen."""


def given(income: int | None) -> int:
    """The income as stored; nothing said stands in the lowest band. Raises NoIncome."""
    if income is not None and not 0 <= income < MOST:
        raise NoIncome
    return income or 0


def own_terms(agreement: Agreement, *, income: int | None, savings: bool) -> OwnTerms:
    """The income and the programmes of somebody who joins: JHT only where it is offered and wanted. Raises NoIncome."""
    if agreement.kind != AgreementKind.INDEPENDENT:
        return OwnTerms()
    wanted = tuple(each for each in agreement.programmes if each != "jht" or savings)
    declared = agreement.monthly_income if income is None else income
    return OwnTerms(given(declared), wanted)


def entered(*, event_id: int, income: int) -> None:
    """Write income and payment code of everybody whom this event made a member. Call it as the loader."""
    values = {"event": event_id, "income": income}
    with connection.cursor() as cursor:
        cursor.execute(_INCOMES, values)
        lacking = True
        while lacking:
            cursor.execute(_CODES, values)
            cursor.execute(_WITHOUT, values)
            (lacking,) = cursor.fetchone()


def income_of(membership_id: int, month: Month) -> int:
    """The declared income that holds in a month, whole rupiah; nought is the lowest band."""
    held = OwnIncome.objects.filter(
        membership_id=membership_id, since__lte=month.first_day(), withdrawn__isnull=True
    )
    return held.order_by("-since").values_list("monthly", flat=True).first() or 0


def code_of(membership_id: int) -> str:
    """The payment code (kode bayar) of a self-paying membership in sight; '' where it has none."""
    return OwnCode.objects.filter(pk=membership_id).values_list("code", flat=True).first() or ""


def memberships_of_codes(codes: Collection[str]) -> dict[str, Membership]:
    """The memberships in sight behind these codes, with their agreement and person; unknown codes are left out."""
    found = OwnCode.objects.filter(code__in=codes).select_related(
        "membership__agreement", "membership__person"
    )
    return {each.code: each.membership for each in found}


def spoken_code(code: str) -> str:
    """A code as it is printed: 1234 5678 9012."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def is_code(digits: str) -> bool:
    """Whether these are twelve digits that check each other."""
    return bool(re.fullmatch(r"[1-9][0-9]{11}", digits)) and _remainder(digits) == 0


def codes_in(text: str) -> tuple[str, ...]:
    """The payment codes that a line of a bank statement may name, each once, in order; blanks and dots may part them."""
    return tuple(dict.fromkeys(code for code in _runs(text) if is_code(code)))


def _runs(text: str) -> Iterable[str]:
    for found in _RUN.finditer(text):
        yield re.sub(r"[ .-]", "", found.group())


def _remainder(digits: str) -> int:
    reached = 0
    for digit in digits:
        reached = int(_STEPS[reached][int(digit)])
    return reached


_NO_INCOME = Text(
    "Tulis penghasilan sebulan dalam rupiah bulat, misalnya 1.500.000; kosong berarti golongan terendah.",
    "Write the monthly income in whole rupiah, such as 1.500.000; nothing means the lowest band.",
)
