"""What a person types after a command: months, dates, amounts and lists, read strictly and refused in plain words."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date

import click

from lindung.cli.speaking import words
from lindung.law.months import Month, NotAMonth
from lindung.law.questions import lines
from lindung.law.questions.fields import Unanswerable
from lindung.law.terms import Programme, UnknownTerm
from lindung.law.text import Text

# 16800, 16.800 and Rp16.800; a comma or "50.40" could mean two amounts and is refused.
_RUPIAH = re.compile(r"(?:Rp\.?\s?)?([0-9]{1,15}|[0-9]{1,3}(?:\.[0-9]{3}){1,4})", re.IGNORECASE)

_NO_MONTH = Text(
    "{typed} bukan bulan. Tulis tahun-bulan, misalnya 2026-11.",
    "{typed} is not a month. Write year-month, such as 2026-11.",
)
_NO_DAY = Text(
    "{typed} bukan tanggal. Tulis tahun-bulan-tanggal, misalnya 2026-11-22.",
    "{typed} is not a date. Write year-month-day, such as 2026-11-22.",
)
_NO_AMOUNT = Text(
    "{typed} bukan jumlah rupiah. Tulis bilangan bulat, misalnya 50400000 atau 50.400.000.",
    "{typed} is not an amount. Write whole rupiah, such as 50400000 or 50.400.000.",
)
_NO_PROGRAMME = Text(
    "{typed} bukan program. Tulis pilihan dengan koma, misalnya jkk,jkm (ada: {known}).",
    "{typed} is not a programme. Write a choice with commas, such as jkk,jkm (there are: {known}).",
)


class MonthGiven(click.ParamType[Month, str | Month]):
    """A contribution month, written 2026-11."""

    name = "2026-11"

    def convert(self, value: str | Month, param: click.Parameter | None, ctx: click.Context | None) -> Month:
        """The month. Fails with exit code 2."""
        if isinstance(value, Month):
            return value
        try:
            return Month.parse(value.strip())
        except NotAMonth:
            self.fail(words(_NO_MONTH.filled(typed=repr(value))), param, ctx)


class DayGiven(click.ParamType[date, str | date]):
    """A day, written 2026-11-22."""

    name = "2026-11-22"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day. Fails with exit code 2."""
        if isinstance(value, date):
            return value
        try:
            # fromisoformat alone also takes 20261122 and 2026-W47-7.
            return date.fromisoformat(value if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) else "")
        except ValueError:
            self.fail(words(_NO_DAY.filled(typed=repr(value))), param, ctx)


class RupiahGiven(click.ParamType[int, str | int]):
    """Whole rupiah, written 50400000, 50.400.000 or Rp50.400.000."""

    name = "rupiah"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The amount. Fails with exit code 2."""
        if isinstance(value, int):
            return value
        found = _RUPIAH.fullmatch(value.strip())
        if found is None:
            self.fail(words(_NO_AMOUNT.filled(typed=repr(value))), param, ctx)
        return int(found[1].replace(".", ""))


class ProgrammesGiven(click.ParamType[tuple[Programme, ...], str | tuple[Programme, ...]]):
    """Programmes with commas between them: jkk,jkm."""

    name = "jkk,jkm"

    def convert(
        self, value: str | tuple[Programme, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Programme, ...]:
        """The programmes in the order typed. Fails with exit code 2."""
        if isinstance(value, tuple):
            return value
        try:
            return tuple(Programme(word.strip().lower()) for word in value.split(","))
        except UnknownTerm:
            known = ", ".join(Programme)
            self.fail(words(_NO_PROGRAMME.filled(typed=repr(value), known=known)), param, ctx)


MONTH, DAY, RUPIAH, PROGRAMMES = MonthGiven(), DayGiven(), RupiahGiven(), ProgrammesGiven()


def facts_given(typed: Iterable[str], options: Mapping[str, object]) -> dict[str, object]:
    """The facts of a question to the law from name=value words and from options; raises click.UsageError.

    A value is read as JSON where it is JSON, such as 1000000, true or [..]; a,b is a list of words.
    """
    facts = {name: _plain(value) for name, value in options.items() if value is not None}
    for word in typed:
        name, equals, value = word.partition("=")
        if not equals or not name or name in facts:
            raise click.UsageError(words((_NO_FACT if not equals or not name else _TWICE).filled(typed=word)))
        facts[name] = _read(value)
    return facts


_NO_FACT = Text("Tulis {typed} sebagai nama=nilai.", "Write {typed} as name=value.")
_TWICE = Text("{typed}: keterangan ini tertulis dua kali.", "{typed}: this fact is written twice.")


def _read(value: str) -> object:
    if value[:1] in ("[", "{"):
        return _read_strictly(value)
    try:
        return json.loads(value)
    except ValueError:
        return value.split(",") if "," in value else value


def _read_strictly(value: str) -> object:
    """A list or an object, as strict as a line of JSON: no name twice, no damaged text."""
    try:
        return lines.parsed(value.encode(errors="surrogatepass"))
    except Unanswerable as why:
        raise click.UsageError(words(why.faults[0].message)) from why


def _plain(value: object) -> object:
    if isinstance(value, tuple) and not isinstance(value, Month):
        return [str(one) for one in value]
    return value if isinstance(value, bool | int) else str(value)
