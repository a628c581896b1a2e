"""Which dates a signed paper can bear: not after the day it is recorded, and not before there was anything to sign."""

from datetime import date, datetime

from lindung.engine.clock import JAKARTA
from lindung.engine.refusals import Refusal
from lindung.law.months import day_label
from lindung.law.text import Text
from lindung.partnership.budget_years import YearPaperKind

FIRST_DAY = date(2015, 1, 1)
"""Budget years begin in 2015: no paper about one is older."""
FIRST_AGREEMENT_DAY = date(2014, 1, 1)
"""BPJS Ketenagakerjaan began on this day (UU 24/2011, article 62): nobody signed anything with it before."""
YEARS_AHEAD = 2
"""A decree or a budget line is signed at the earliest two years before its year."""


class SignedLater(Refusal):
    """A paper bears a day that has not come when it is recorded."""

    code = "paper.signed_in_the_future"

    def __init__(self, on: date, *, field: str = "signed_on") -> None:
        text = Text(
            "Tanggal surat tidak boleh sesudah hari ini, {day}. Catat surat sesudah ditandatangani.",
            "A paper cannot be dated after today, {day}. Record it once it is signed.",
        )
        super().__init__(text.filled(day=day_label(on)), field=field)


class SignedTooEarly(Refusal):
    """A paper bears a day on which it cannot have been signed yet."""

    code = "paper.signed_too_early"

    def __init__(self, first: date, *, field: str = "signed_on") -> None:
        text = Text(
            "Surat ini paling awal bertanggal {day}. Periksa tahunnya.",
            "This paper is dated {day} at the earliest. Check the year.",
        )
        super().__init__(text.filled(day=day_label(first)), field=field)


def recorded_on(now: datetime) -> date:
    """The day on which something is recorded, by the office's clock."""
    return now.astimezone(JAKARTA).date()


def require_dated(*, signed_on: date, kind: str, on: date, field: str = "signed_on") -> None:
    """Raise SignedLater or SignedTooEarly where a paper of this kind cannot bear the date when recorded on a day."""
    first = FIRST_AGREEMENT_DAY if kind in ("mou", "pks", "instrument") else FIRST_DAY
    _require_between(first, signed_on, on, field=field)


def require_dated_for(*, signed_on: date, kind: str, year: int, on: date) -> None:
    """Raise SignedLater or SignedTooEarly where the paper of a budget year cannot bear the date.

    A Perwal is the legal base of many years and may be older than two years before the first it is recorded for.
    """
    first = FIRST_DAY if kind == YearPaperKind.PERWAL else max(FIRST_DAY, date(year - YEARS_AHEAD, 1, 1))
    _require_between(first, signed_on, on, field="signed_on")


def _require_between(first: date, signed_on: date, last: date, *, field: str) -> None:
    if signed_on > last:
        raise SignedLater(last, field=field)
    if signed_on < first:
        raise SignedTooEarly(first, field=field)


CONSTRAINT_MESSAGES = {
    "paper_signed_when_recorded": Text(
        "Tanggal surat tidak boleh sesudah hari surat dicatat. Catat sesudah ditandatangani.",
        "A paper cannot be dated after the day it is recorded. Record it once it is signed.",
    ),
    "paper_date_plausible": Text(
        "Tanggal surat terlalu lama: paling awal 1 Januari 2014 untuk MoU dan PKS, 2015 untuk surat lain.",
        "The paper is dated too early: 1 January 2014 for MoU and PKS, 2015 for other papers.",
    ),
    "year_paper_signed_when_recorded": Text(
        "Tanggal surat tidak boleh sesudah hari surat dicatat. Catat sesudah ditandatangani.",
        "A paper cannot be dated after the day it is recorded. Record it once it is signed.",
    ),
    "year_paper_date_plausible": Text(
        "Tanggal surat terlalu lama: SK dan DPA paling awal dua tahun sebelum tahunnya, Perwal tahun 2015.",
        "The paper is dated too early: SK and DPA two years before their year, a Perwal 2015.",
    ),
}
