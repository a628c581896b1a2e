"""Contribution months (BLTH, bulan laporan tahun), half-open periods, and ages."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from lindung.law.text import Text

_NAMES = (
    ("Januari", "January"),
    ("Februari", "February"),
    ("Maret", "March"),
    ("April", "April"),
    ("Mei", "May"),
    ("Juni", "June"),
    ("Juli", "July"),
    ("Agustus", "August"),
    ("September", "September"),
    ("Oktober", "October"),
    ("November", "November"),
    ("Desember", "December"),
)


class NotAMonth(ValueError):
    """Tulis bulan sebagai tahun-bulan, misalnya 2026-11. / Write the month as year-month, such as 2026-11."""


class Month(NamedTuple):
    """A contribution month. Months compare and sort in calendar order."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month in which the day lies."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read "2026-11". Raises NotAMonth."""
        year, dash, number = text.partition("-")
        written = (
            len(year) == 4 and len(number) == 2 and (year + number).isascii() and (year + number).isdigit()
        )
        if not (dash and written and 1 <= int(number) <= 12 and int(year) >= 1):
            raise NotAMonth(NotAMonth.__doc__)
        return cls(int(year), int(number))

    def plus(self, months: int) -> "Month":
        """The month so many months later; earlier when negative."""
        years, index = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(years, index + 1)

    def next(self) -> "Month":
        """The month after this one."""
        return self.plus(1)

    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.number, 1)

    def last_day(self) -> date:
        """The last day of the month."""
        return date.fromordinal(self.end().toordinal() - 1)

    def end(self) -> date:
        """Where the half-open month ends: the first day of the next month."""
        return self.next().first_day()

    def months_until(self, other: "Month") -> int:
        """How many months later the other month is; negative when it is earlier."""
        return (other.year - self.year) * 12 + other.number - self.number

    def contains(self, day: date) -> bool:
        """Whether the day lies in this month."""
        return Month.of(day) == self

    @property
    def label(self) -> Text:
        """The month as people write it, such as November 2026."""
        indonesian, english = _NAMES[self.number - 1]
        return Text(f"{indonesian} {self.year}", f"{english} {self.year}")

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


class Period(NamedTuple):
    """A half-open stretch of days: `since` belongs to it, `until` does not; None means without end."""

    since: date
    until: date | None = None

    def contains(self, day: date) -> bool:
        """Whether the day belongs to the period."""
        return self.since <= day and (self.until is None or day < self.until)

    def overlaps(self, other: "Period") -> bool:
        """Whether the two periods share at least one day."""
        begins_before_other_ends = other.until is None or self.since < other.until
        other_begins_before_end = self.until is None or other.since < self.until
        return begins_before_other_ends and other_begins_before_end and not (self.is_empty or other.is_empty)

    @property
    def is_empty(self) -> bool:
        """Whether no day belongs to the period."""
        return self.until is not None and self.until <= self.since


def months_from(first: Month, last: Month) -> Iterator[Month]:
    """Every month from the first to the last, both included; none when the last is earlier."""
    return (first.plus(offset) for offset in range(first.months_until(last) + 1))


def age_on(birth: date, on: date) -> int:
    """Completed years of age on that day. Who is born on 29 February ages on 1 March in common years."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def birthday(birth: date, age: int) -> date:
    """The day on which the age is reached; agrees with `age_on`."""
    leapling = (birth.month, birth.day) == (2, 29)
    year = birth.year + age
    return date(year, 3, 1) if leapling and not _is_leap(year) else birth.replace(year=year)


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months later, or that month's last day when it has no such day."""
    month = Month.of(day).plus(months)
    return min(month.last_day(), date.fromordinal(month.first_day().toordinal() + day.day - 1))


def day_label(day: date) -> Text:
    """The day as people write it: 2 Desember 2019, 2 December 2019."""
    month = Month.of(day).label
    return Text(f"{day.day} {month.id}", f"{day.day} {month.en}")


def duration(count: int) -> Text:
    """So many months as people say them: 1 bulan, 1 month; 3 bulan, 3 months."""
    return Text(f"{count} bulan", f"{count} month" if count == 1 else f"{count} months")


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
