"""The values every endpoint shares: ids, months, words, sentences in two languages, a page of a list."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from lindung.law.months import Month, NotAMonth
from lindung.law.text import Text

LARGEST = 2**63 - 1
EARLIEST, LATEST = date(2015, 7, 1), date(2100, 12, 31)
"""Since PP 44/2015 there is law to answer by; beyond the next generation nobody needs an answer."""
_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"

Id = Annotated[int, Field(ge=1, le=LARGEST)]
Money = Annotated[int, Field(ge=1, le=LARGEST, strict=True, description="Whole rupiah.")]
Words = Annotated[str, Field(min_length=1, max_length=200, pattern=_PRINTABLE)]
MonthText = Annotated[
    str, BeforeValidator(str), Field(description="Month, such as 2026-11.", examples=["2026-11"])
]
Limit = Annotated[int, Field(ge=1, le=100, description="How many items at most.")]
CursorText = Annotated[str, Field(max_length=500, description="From `next_cursor` of the page before.")]


_NOT_A_MONTH = Text(
    "Tulis bulan sebagai tahun-bulan, misalnya 2026-11.", "Write the month as year-month, such as 2026-11."
)
_NO_MONTH = Text("Untuk bulan ini tidak ada aturan tersimpan.", "There is no law stored for this month.")
_NO_DAY = Text("Untuk hari ini tidak ada aturan tersimpan.", "There is no law stored for this day.")
OWN_FAULTS = {text.en: text for text in (_NOT_A_MONTH, _NO_MONTH, _NO_DAY)}
"""What the checks below say, by the English sentence: only that one comes back from whoever runs them."""


def _known_month(text: str) -> str:
    try:
        month = Month.parse(text)
    except NotAMonth as error:
        raise ValueError(_NOT_A_MONTH.en) from error
    if not EARLIEST <= month.first_day() <= LATEST:
        raise ValueError(_NO_MONTH.en)
    return text


def _known_day(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise ValueError(_NO_DAY.en)
    return day


AskedMonth = Annotated[
    str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2026-11"]), AfterValidator(_known_month)
]
AskedDay = Annotated[date, AfterValidator(_known_day)]


class Answer(BaseModel):
    """What is read from a room's own value, attribute by attribute; a room may know more than is told."""

    model_config = ConfigDict(from_attributes=True)


class Order(BaseModel):
    """What is sent; a name that is not known is refused, so that a typing error changes nothing unnoticed."""

    model_config = ConfigDict(extra="forbid")


class TextAnswer(Answer):
    """One sentence in Indonesian and in English."""

    id: str
    en: str
