"""The kinds of input our forms have; each reads what people really type and says what to do when it cannot."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy

from lindung.law.months import Month
from lindung.law.text import Text
from lindung.web.language import said

spoken = lazy(said, str)
"""A text that is put into the reader's language when it is shown: for labels and hints of a form's class."""

MOST_RUPIAH = 10**15
_MONEY = re.compile(
    r"^(?:rp\.?\s*)?(?P<digits>[0-9]{1,3}(?:[. ][0-9]{3})+|[0-9]+)(?:,(?:00|-))?$", re.IGNORECASE
)
_DAY = re.compile(r"^(?P<d>[0-9]{1,2})[-/. ](?P<m>[0-9]{1,2})[-/. ](?P<y>[0-9]{4})$")
_MONTH = re.compile(r"^(?:(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})|(?P<m2>[0-9]{1,2})[-/](?P<y2>[0-9]{4}))$")


class Faulty(ValidationError):
    """A fault of an input in the words of whoever found it."""

    def __init__(self, text: Text) -> None:
        super().__init__(said(text), code="said")
        self.text = text


_NOT_MONEY = Text(
    "Tulis jumlah dalam rupiah bulat, misalnya 1.250.000.", "Write whole rupiah, for example 1.250.000."
)
_IN_RUPIAH = Text("Rupiah bulat, misalnya 1.250.000.", "Whole rupiah, for example 1.250.000.")
_NOT_A_DAY = Text(
    "Tulis tanggal sebagai hari-bulan-tahun, misalnya 31-12-2026.",
    "Write the date as day-month-year, for example 31-12-2026.",
)
_YEARS = range(1900, 2201)
_LONG_AGO = Text("Tahun ini sebelum 1900. Periksa tahunnya.", "This year is before 1900. Check the year.")
_FAR_AHEAD = Text("Tahun ini sesudah 2200. Periksa tahunnya.", "This year is after 2200. Check the year.")
_NOT_A_MONTH = Text("Tulis bulan dan tahun, misalnya 12-2026.", "Write month and year, for example 12-2026.")
_UNPRINTABLE = Text(
    "Isian ini memuat tanda yang tidak terlihat. Ketik ulang, jangan disalin.",
    "This entry holds invisible signs. Type it instead of pasting it.",
)


class Words(forms.CharField):
    """A line of text without signs that nobody sees."""

    def clean(self, value: Any) -> str:
        """The line, trimmed. Raises Faulty for control characters, the NUL byte first of all."""
        if isinstance(value, str) and any(not sign.isprintable() for sign in value.strip()):
            raise Faulty(_UNPRINTABLE)
        cleaned: str = super().clean(value)
        return cleaned


class Rupiah(forms.Field):
    """Whole rupiah as people write them: 1250000, 1.250.000, Rp 1.250.000,00. Gives an int."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"help_text": spoken(_IN_RUPIAH), **options})

    def to_python(self, value: Any) -> int | None:
        """The amount. Raises Faulty for anything else, a comma with cents included."""
        text = str(value or "").strip()
        if not text:
            return None
        found = _MONEY.match(text)
        amount = int(re.sub(r"\D", "", found["digits"])) if found else MOST_RUPIAH + 1
        if amount > MOST_RUPIAH:
            raise Faulty(_NOT_MONEY)
        return amount

    def prepare_value(self, value: Any) -> Any:
        """An amount with its thousands parted; what was typed stays as typed."""
        return f"{value:,}".replace(",", ".") if isinstance(value, int) else value


class Day(forms.Field):
    """A date as people write it, or as the browser's calendar gives it. Gives a date."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def to_python(self, value: Any) -> date | None:
        """The date. Raises Faulty for what is none."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            found = _DAY.match(text)
            day = (
                date(int(found["y"]), int(found["m"]), int(found["d"])) if found else date.fromisoformat(text)
            )
        except ValueError:
            raise Faulty(_NOT_A_DAY) from None
        if not _YEARS.start <= day.year < _YEARS.stop:
            raise Faulty(_LONG_AGO if day.year < _YEARS.start else _FAR_AHEAD)
        return day


class MonthChoice(forms.Field):
    """A contribution month, from the browser's calendar (2026-12) or typed (12-2026). Gives a Month."""

    widget = forms.DateInput(attrs={"type": "month", "placeholder": ""})

    def to_python(self, value: Any) -> Month | None:
        """The month. Raises Faulty for what is none."""
        if isinstance(value, Month) or not str(value or "").strip():
            return value if isinstance(value, Month) else None
        found = _MONTH.match(str(value).strip())
        number = int((found["m"] or found["m2"]) if found else 0)
        year = int((found["y"] or found["y2"]) if found else 0)
        if not (1 <= number <= 12 and 2015 <= year <= 2100):
            raise Faulty(_NOT_A_MONTH)
        return Month(year, number)

    def prepare_value(self, value: Any) -> Any:
        """As the browser's calendar wants it."""
        return str(value) if isinstance(value, Month) else value
