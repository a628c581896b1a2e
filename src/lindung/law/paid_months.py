"""How many months a membership can hold by a day: those that have passed, paid or not, and some paid in advance."""

from datetime import date

from lindung.law import limits
from lindung.law.asking_back import Contradiction
from lindung.law.months import Month, duration
from lindung.law.terms import Segment
from lindung.law.text import Text
from lindung.law.values import Law


def check(
    paid: int | None,
    *,
    unpaid: int | None = None,
    looked_at: int | None = None,
    segment: Segment,
    member_since: date | None,
    on: date,
    known: date | None = None,
    law: Law | None = None,
) -> None:
    """Raises Contradiction where more months are paid, or are unpaid, than the membership can hold by that day.

    It holds its months, the first and the last both counted, and what may be paid in advance: nothing for a
    wage earner, up to the longest period of practice for all others. `unpaid` are the months in arrears: a month
    is paid or unpaid, never both, and nobody in arrears has paid in advance. `looked_at` is for law that counts
    the paid months among so many last ones: those in arrears are the last of them. Raises NoLawForDate.
    """
    if member_since is not None and on >= member_since:
        months = Month.of(member_since).months_until(Month.of(on)) + 1
        ahead = 0 if segment is Segment.PU else limits.months_ahead(on=on, known=known, law=law)
        _check_paid(paid or 0, months, ahead)
        _check_unpaid(unpaid or 0, paid or 0, months)
    if looked_at is not None and (paid or 0) <= looked_at:
        _check_unpaid(min(unpaid or 0, looked_at), paid or 0, looked_at, said=_MORE_THAN_LOOKED_AT)


def _check_paid(paid: int, months: int, ahead: int) -> None:
    if paid > months + ahead:
        said = _MORE_THAN_MEMBERSHIP if ahead == 0 else _MORE_THAN_IN_ADVANCE
        words = {"paid": duration(paid), "months": duration(months), "ahead": duration(ahead)}
        raise Contradiction("months_paid", said.filled(**words))


def _check_unpaid(unpaid: int, paid: int, months: int, *, said: Text | None = None) -> None:
    if unpaid == 0 or unpaid + paid <= months:
        return
    said = said or (_UNPAID_AND_PAID if paid else _UNPAID)
    words = {"unpaid": duration(unpaid), "paid": duration(paid), "months": duration(months)}
    raise Contradiction("months_in_arrears", said.filled(**words))


_MORE_THAN_MEMBERSHIP = Text(
    "Iuran dibayar {paid}, padahal kepesertaan baru {months}. Periksa months_paid dan member_since.",
    "Contributions of {paid} are paid, but the membership has only {months}. Check months_paid and member_since.",
)
_MORE_THAN_IN_ADVANCE = Text(
    "Iuran dibayar {paid}, padahal kepesertaan baru {months} dan paling banyak {ahead} dibayar di muka. Periksa "
    "months_paid dan member_since.",
    "Contributions of {paid} are paid, but the membership has only {months}, and at most {ahead} are paid in "
    "advance. Check months_paid and member_since.",
)
_UNPAID = Text(
    "Menunggak {unpaid}, padahal kepesertaan baru {months}. Periksa months_in_arrears dan member_since.",
    "{unpaid} are unpaid, but the membership has only {months}. Check months_in_arrears and member_since.",
)
_UNPAID_AND_PAID = Text(
    "Menunggak {unpaid} dan dibayar {paid}, padahal kepesertaan baru {months}. Periksa months_in_arrears, "
    "months_paid dan member_since.",
    "{unpaid} are unpaid and {paid} are paid, but the membership has only {months}. Check months_in_arrears, "
    "months_paid and member_since.",
)
_MORE_THAN_LOOKED_AT = Text(
    "Dari {months} terakhir {paid} dibayar, padahal {unpaid} di antaranya menunggak. Periksa months_in_arrears dan "
    "months_paid.",
    "Of the last {months}, {paid} are paid, yet {unpaid} are in arrears. Check months_in_arrears and "
    "months_paid.",
)
