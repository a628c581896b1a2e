"""What a dated legal value is: its days in force, the day it became known, its article, how sure we are."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Literal, NamedTuple

from lindung.law.decision import Citation, Confidence
from lindung.law.money import Rounding, percent, rupiah
from lindung.law.months import Month, Period, day_label
from lindung.law.text import Text


class NoLawForDate(LookupError):
    """Belum ada aturan yang tersimpan untuk {on}: {label}. / No rule is stored for {on}: {label}."""

    def __init__(self, id: str, on: date, label: Text) -> None:
        indonesian, english = str(self.__doc__).split(" / ")
        self.text = Text(indonesian, english).filled(label=label, on=day_label(on))
        super().__init__(f"{id}: {self.text.id} / {self.text.en}")
        self.id = id
        self.on = on


class NotInTable(LookupError):
    """Tabel ini tidak memuat yang ditanyakan. / This table does not hold what was asked."""


class Kind(StrEnum):
    """What a parameter's value is."""

    RUPIAH = "rupiah"
    FRACTION = "fraction"
    NUMBER = "number"
    DAYS = "days"
    MONTHS = "months"
    TABLE = "table"
    ROUNDING_RULE = "rounding_rule"


class Row(NamedTuple):
    """One row of a table. Its own confidence holds where it is less sure than the table."""

    key: int | str
    value: int | Fraction
    confidence: Confidence


class Table(NamedTuple):
    """A table that is read by lower bound (`from`, in rupiah, ascending) or by name (`is`)."""

    match: Literal["from", "is"]
    rows: tuple[Row, ...]

    def row(self, key: int | str) -> Row:
        """The row whose band holds the key, or whose name it is. Raises NotInTable."""
        for row in reversed(self.rows):
            if row.key == key or (isinstance(row.key, int) and isinstance(key, int) and row.key <= key):
                return row
        raise NotInTable(NotInTable.__doc__)


Value = int | Fraction | Table | Rounding


class DatedValue(NamedTuple):
    """A value with the half-open days it holds, the day it could be known, and its source."""

    period: Period
    known: date
    value: Value
    citation: Citation
    confidence: Confidence
    note: Text | None
    corrects: bool
    """Whether it replaces, from the day it became known, what was believed about the same days."""


class Parameter(NamedTuple):
    """One legal value through time."""

    id: str
    kind: Kind
    label: Text
    sentence: Text
    checked_on: date
    values: tuple[DatedValue, ...]

    def value(self, *, on: date, known: date | None = None) -> DatedValue:
        """The value in force on that day, as far as it was known on the day `known` (None: as known today).

        Raises NoLawForDate before the first value and after an end without successor.
        """
        held = [
            value
            for value in self.values
            if (value.period.contains(on) if known is None else self._held(value, on=on, known=known))
        ]
        if not held:
            raise NoLawForDate(self.id, on, self.label)
        return held[0] if len(held) == 1 else max(held, key=lambda one: (one.known, one.period.since))

    def _held(self, value: DatedValue, *, on: date, known: date) -> bool:
        if value.known > known:
            return False
        ended = value.period.until is not None and on >= value.period.until
        return value.period.since <= on and not (ended and self._end_was_known(value, known))

    def _end_was_known(self, value: DatedValue, known: date) -> bool:
        """An end brought by a successor could not be known before the successor was."""
        follow = [other.known for other in self.values if other.period.since == value.period.until]
        return not follow or min(follow) <= known


class Relief(NamedTuple):
    """A temporary cut of contributions, under conditions over the facts of the contribution.

    It holds for contribution months (`first_month` to `last_month`, both included), for the named programmes,
    sectors and payers, and takes the fraction `cut` off the normal contribution.
    """

    id: str
    label: Text
    sentence: Text
    checked_on: date
    segments: frozenset[str]
    programmes: frozenset[str]
    sectors: frozenset[str]
    payers: frozenset[str]
    first_month: Month
    last_month: Month
    known: date
    cut: Fraction
    citation: Citation
    confidence: Confidence

    def concerns(self, *, segment: str, programme: str, month: Month, known: date | None = None) -> bool:
        """Whether the relief exists for that segment, programme and month, whoever pays."""
        told = known is None or self.known <= known
        named = segment in self.segments and programme in self.programmes
        return told and named and self.first_month <= month <= self.last_month

    def reaches(self, *, payer: str, sector: str) -> bool:
        """Whether payer and sector meet the conditions."""
        return payer in self.payers and sector in self.sectors

    def meets(self, other: "Relief") -> bool:
        """Whether one contribution could fall under both."""
        months = self.first_month <= other.last_month and other.first_month <= self.last_month
        common = (
            self.segments & other.segments,
            self.programmes & other.programmes,
            self.sectors & other.sectors,
            self.payers & other.payers,
        )
        return months and all(common)


class Law(NamedTuple):
    """All stored parameters and reliefs; immutable, so that a changed law is another Law."""

    parameters: Mapping[str, Parameter]
    reliefs: tuple[Relief, ...]

    def value(self, id: str, *, on: date, known: date | None = None) -> DatedValue:
        """The value of a parameter on a day. Raises KeyError for an unknown id, NoLawForDate for the day."""
        return self.parameters[id].value(on=on, known=known)

    def reliefs_for(
        self, *, segment: str, programme: str, month: Month, known: date | None = None
    ) -> tuple[Relief, ...]:
        """The reliefs of that month; at most one of them reaches any payer and sector."""
        return tuple(
            relief
            for relief in self.reliefs
            if relief.concerns(segment=segment, programme=programme, month=month, known=known)
        )

    @property
    def citations(self) -> frozenset[Citation]:
        """Every article that stands behind a stored value."""
        values = (value.citation for parameter in self.parameters.values() for value in parameter.values)
        return frozenset(values) | {relief.citation for relief in self.reliefs}


def shown(kind: Kind, value: int | Fraction | Rounding) -> Text:
    """The value as people read it: Rp6.800, 0,24%, 3."""
    if isinstance(value, Rounding):
        return value.label
    if isinstance(value, Fraction):
        return percent(value)
    written = rupiah(value) if kind is Kind.RUPIAH else str(value)
    return Text(written, written)
