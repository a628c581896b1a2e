"""The contribution formulas over columns: Polars expressions in memory, SQL text for PostgreSQL, DuckDB and
Spark.

The formulas themselves stand in `tariffs.py`; here their operations learn columns. Columns hold whole
numbers of 64 bits and words; before an expression is built, ranges prove that nothing can overflow for
amounts up to GREATEST.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Literal, TypeVar, cast

import polars as pl
from sqlglot import exp

from lindung.law import formula
from lindung.law.contributions import (
    BPU_PROGRAMMES,
    GIVE_TO_JKP,
    PU_PROGRAMMES,
    asked_programmes,
    bpu_tariff,
    pu_tariffs,
)
from lindung.law.contributions.tariffs import counted_as_jkp, payable
from lindung.law.formula import Amount, AnyWord, Range, amount_of, choose, if_missing, is_one_of, rate_of
from lindung.law.money import Rounding, rounding_terms
from lindung.law.months import Month
from lindung.law.parameter import in_force
from lindung.law.reading import Reading
from lindung.law.terms import Payer, Programme, RiskClass, Sector, Segment
from lindung.law.values import Law, NotInTable, Table

GREATEST = 10**12
"""The greatest monthly income or wage, in rupiah, for which columns are proven not to overflow."""

COUNTED_PROGRAMMES = tuple(programme for programme in PU_PROGRAMMES if programme is not Programme.JKP)
"""What a column of wages may be asked for; whether a part counts as JKP is the column `in_jkp`."""

Column = TypeVar("Column", pl.Expr, exp.Expr)
Dialect = Literal["postgres", "duckdb", "spark"]


class UnsoundColumns(ValueError):
    """Kolom berisi angka atau kata di luar batas. / A column holds numbers or words out of bounds."""


def bpu(
    *,
    month: Month,
    programmes: Iterable[str],
    income: Column,
    payer: Column,
    sector: Column,
    known: date | None = None,
    law: Law | None = None,
) -> dict[str, Column]:
    """Contributions of non-wage earners as columns: one per programme, and "total", in whole rupiah.

    The same formulas as `contributions.bpu`; an income that is NULL stands in the lowest band. Give columns
    that are sound (`sound_bpu`). Raises UnknownTerm, NoLawForDate, TooLarge.
    """
    asked = asked_programmes(programmes, BPU_PROGRAMMES)
    reading = Reading.for_month(law or in_force(), month, known=known)
    due = {
        programme.value: _column(income, _bpu_due(reading, programme, month, income, payer, sector))
        for programme in asked
    }
    for programme in asked:
        _bpu_due(reading, programme, month, Range(0, GREATEST), AnyWord(), AnyWord())
    return due | {"total": _sum(list(due.values()))}


def pu(
    *,
    month: Month,
    programmes: Iterable[str],
    wage: Column,
    risk_class: Column,
    in_jkp: Column,
    payer: Column,
    sector: Column,
    known: date | None = None,
    law: Law | None = None,
) -> dict[str, Column]:
    """Contributions of wage earners as columns: one per programme, "jkp" (part of the bill) and "total".

    The same formulas as `contributions.pu`; `in_jkp` is a column of true and false, `sector` is
    labour_intensive or other. Before JKP existed (2 February 2021) nobody is counted in it. Raises
    UnknownTerm, NoLawForDate, TooLarge.
    """
    reading = Reading.for_month(law or in_force(), month, known=known)
    asked = asked_programmes(programmes, COUNTED_PROGRAMMES)
    _prove_pu(reading, asked, month)
    due: dict[str, Column] = {
        one.value: _pu_due(reading, one, month, wage, risk_class, payer, sector) for one in asked
    }
    counted: dict[str, Column] = {
        one.value: choose(in_jkp, _counted(reading, one, wage, due[one.value]), _column(wage, 0))
        for one in _counted_programmes(reading, asked)
    }
    left: dict[str, Column] = {key: due[key] - counted[key] for key in counted}
    jkp = _column(wage, 0)
    for part in counted.values():
        jkp = jkp + part
    return due | left | {"jkp": jkp, "total": _sum(list(due.values()))}


def sound_bpu(*, income: Column, payer: Column, sector: Column) -> Column:
    """The condition that a row may be computed by `bpu`: income NULL or 0 to GREATEST, known words."""
    sectors = frozenset({Sector.ROAD_TRANSPORT.value, Sector.OTHER.value})
    return _all(_amount_is_sound(if_missing(income, 0)), _known(payer, Payer), is_one_of(sector, sectors))


def sound_pu(*, wage: Column, risk_class: Column, payer: Column, sector: Column) -> Column:
    """The condition that a row may be computed by `pu`: wage 0 to GREATEST, known words."""
    sectors = frozenset({Sector.LABOUR_INTENSIVE.value, Sector.OTHER.value})
    return _all(
        _amount_is_sound(wage),
        _known(risk_class, RiskClass),
        _known(payer, Payer),
        is_one_of(sector, sectors),
    )


def computed(
    frame: pl.DataFrame, columns: dict[str, pl.Expr], *, sound: pl.Expr, amount: str
) -> pl.DataFrame:
    """The frame with the computed columns. `amount` names its column of incomes or wages.

    Raises UnsoundColumns for a row that is not sound, and for amounts that are not stored as whole numbers:
    Polars would cut or overflow them silently.
    """
    if not (frame.schema[amount].is_integer() or frame.schema[amount] == pl.Null):
        raise UnsoundColumns(UnsoundColumns.__doc__)
    judged = frame.select(sound.fill_null(value=False).alias("sound"))
    if not judged["sound"].all():
        raise UnsoundColumns(UnsoundColumns.__doc__)
    return frame.with_columns(**columns)


def sql(expression: exp.Expr, *, dialect: Dialect) -> str:
    """The expression as SQL text. Raises ValueError for a dialect that was not proven."""
    if dialect not in ("postgres", "duckdb", "spark"):
        raise ValueError(dialect)
    ready = _plain_division(expression) if dialect == "postgres" else expression
    return ready.sql(dialect=dialect)


def _plain_division(expression: exp.Expr) -> exp.Expr:
    """PostgreSQL divides whole numbers by `/`; its DIV goes through NUMERIC and is slower."""
    whole = exp.Paren(this=expression.copy())
    for inner in reversed(list(whole.find_all(exp.IntDiv))):
        inner.replace(exp.Div(this=inner.this, expression=inner.expression, typed=True))
    return cast(exp.Expr, whole.this)


def _bpu_due(
    reading: Reading, programme: Programme, month: Month, income: object, payer: object, sector: object
) -> object:
    reliefs = reading.reliefs(segment=Segment.BPU, programme=programme, month=month)
    normal: object = bpu_tariff(reading, programme).normal(income=income)
    return payable(normal, reliefs=reliefs, payer=payer, sector=sector, rounding=reading.rounding())


def _pu_due(
    reading: Reading,
    programme: Programme,
    month: Month,
    wage: Column,
    risk_class: object,
    payer: object,
    sector: object,
) -> Column:
    reliefs = reading.reliefs(segment=Segment.PU, programme=programme, month=month)
    rounding = reading.rounding()
    parts: list[Column] = []
    for tariff in pu_tariffs(reading, programme).values():
        normal = tariff.normal(wage=wage, risk_class=risk_class)
        parts.append(payable(normal, reliefs=reliefs, payer=payer, sector=sector, rounding=rounding))
    return _sum(parts)


def _prove_pu(reading: Reading, asked: tuple[Programme, ...], month: Month) -> None:
    """Raise TooLarge when a wage up to GREATEST could overflow on the way."""
    wages = Range(0, GREATEST)
    for programme in asked:
        for tariff in pu_tariffs(reading, programme).values():
            normal = tariff.normal(wage=wages, risk_class=AnyWord())
            reliefs = reading.reliefs(segment=Segment.PU, programme=programme, month=month)
            payable(normal, reliefs=reliefs, payer=AnyWord(), sector=AnyWord(), rounding=reading.rounding())
            if programme in _counted_programmes(reading, asked):
                _counted(reading, programme, wages, normal)


def _counted_programmes(reading: Reading, asked: tuple[Programme, ...]) -> tuple[Programme, ...]:
    """The programmes of which a part counts as JKP: none before JKP existed."""
    if not reading.exists("jkp.wage_cap"):
        return ()
    return tuple(programme for programme in asked if programme in GIVE_TO_JKP)


def _counted(reading: Reading, programme: Programme, wage: Amount, due: Amount) -> Amount:
    rate = reading.rate(f"jkp.from_{programme}.rate").value
    cap = reading.whole("jkp.wage_cap").value
    return counted_as_jkp(wage, due=due, rate=rate, cap=cap, rounding=reading.rounding())


def _column(like: Column, value: object) -> Column:
    """A number as a column of the same engine as `like`; a column as it is."""
    column = value
    if isinstance(value, int):
        column = pl.lit(value, dtype=pl.Int64) if isinstance(like, pl.Expr) else _number(value)
    return cast(Column, column)


def _sum(parts: list[Column]) -> Column:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _amount_is_sound(amount: Column) -> Column:
    within: object = (amount >= 0) & (amount <= GREATEST)
    return cast(Column, within)


def _known(word: Column, words: type[Payer] | type[RiskClass]) -> object:
    return is_one_of(word, frozenset(one.value for one in words))


def _all(first: Column, *others: object) -> Column:
    held: object = first
    for other in others:
        held = cast(Column, held) & cast(Column, other)
    return cast(Column, held)


# Polars. Results are Int64; `when` treats an unknown condition as false, as SQL does.


@formula.share_of.register
def _(base: pl.Expr, rate: Fraction, rounding: Rounding) -> pl.Expr:
    addend, divisor, factor = rounding_terms(rate, rounding)
    return (base.cast(pl.Int64) * factor + addend) // divisor


@formula.scale_by.register
def _(numerator: pl.Expr, base: object, denominator: int, rounding: Rounding) -> pl.Expr:
    addend, divisor, factor = rounding_terms(Fraction(1, denominator), rounding)
    return (_polars(base) * numerator * factor + addend) // divisor


@formula.look_up.register
def _(key: pl.Expr, table: Table) -> pl.Expr:
    found = pl.lit(None, dtype=pl.Int64)
    for row in table.rows:
        found = pl.when(key >= _bound(row.key)).then(pl.lit(amount_of(row), dtype=pl.Int64)).otherwise(found)
    return found


@formula.share_by_name.register
def _(key: pl.Expr, base: object, rates: Table, rounding: Rounding) -> pl.Expr:
    found = pl.lit(None, dtype=pl.Int64)
    for row in rates.rows:
        found = pl.when(key == row.key).then(formula.share(base, rate_of(row), rounding)).otherwise(found)
    return found


@formula.given_or.register
def _(value: pl.Expr, instead: int) -> pl.Expr:
    return value.cast(pl.Int64).fill_null(instead)


@formula.is_among.register
def _(word: pl.Expr, words: frozenset[str]) -> pl.Expr:
    return word.is_in(sorted(words))


@formula.chosen.register
def _(condition: pl.Expr, then: object, otherwise: object) -> pl.Expr:
    return pl.when(condition).then(_polars(then)).otherwise(_polars(otherwise))


@formula.capped.register
def _(value: pl.Expr, limit: object) -> pl.Expr:
    return pl.when(value > _polars(limit)).then(_polars(limit)).otherwise(value)


@formula.floored.register
def _(value: pl.Expr, limit: object) -> pl.Expr:
    return pl.when(value < _polars(limit)).then(_polars(limit)).otherwise(value)


def _polars(value: object) -> pl.Expr:
    if isinstance(value, bool):
        return pl.lit(value)
    return value if isinstance(value, pl.Expr) else pl.lit(value, dtype=pl.Int64)


# SQL. Every share is computed in BIGINT and divided as whole numbers; the numbers are never negative.


@formula.share_of.register
def _(base: exp.Expr, rate: Fraction, rounding: Rounding) -> exp.Expr:
    addend, divisor, factor = rounding_terms(rate, rounding)
    return _divided(exp.Mul(this=_bigint(base), expression=_number(factor)), addend, divisor)


@formula.scale_by.register
def _(numerator: exp.Expr, base: object, denominator: int, rounding: Rounding) -> exp.Expr:
    addend, divisor, factor = rounding_terms(Fraction(1, denominator), rounding)
    product = exp.Mul(this=_factor(_sql(base)), expression=_factor(numerator.copy()))
    return _divided(exp.Mul(this=product, expression=_number(factor)), addend, divisor)


@formula.look_up.register
def _(key: exp.Expr, table: Table) -> exp.Expr:
    found = exp.Case()
    for row in reversed(table.rows):
        reached = exp.GTE(this=key.copy(), expression=_number(_bound(row.key)))
        found = found.when(reached, _number(amount_of(row)), copy=False)
    return found


@formula.share_by_name.register
def _(key: exp.Expr, base: object, rates: Table, rounding: Rounding) -> exp.Expr:
    found = exp.Case()
    for row in rates.rows:
        named = exp.EQ(this=key.copy(), expression=exp.Literal.string(str(row.key)))
        found = found.when(named, _sql(formula.share(base, rate_of(row), rounding)), copy=False)
    return found


@formula.given_or.register
def _(value: exp.Expr, instead: int) -> exp.Expr:
    return exp.Coalesce(this=_bigint(value), expressions=[_number(instead)])


@formula.is_among.register
def _(word: exp.Expr, words: frozenset[str]) -> exp.Expr:
    return exp.In(this=word.copy(), expressions=[exp.Literal.string(one) for one in sorted(words)])


@formula.chosen.register
def _(condition: exp.Expr, then: object, otherwise: object) -> exp.Expr:
    return _either(condition.copy(), _sql(then), _sql(otherwise))


@formula.capped.register
def _(value: exp.Expr, limit: object) -> exp.Expr:
    above = exp.GT(this=value.copy(), expression=_sql(limit))
    return _either(above, _sql(limit), value.copy())


@formula.floored.register
def _(value: exp.Expr, limit: object) -> exp.Expr:
    below = exp.LT(this=value.copy(), expression=_sql(limit))
    return _either(below, _sql(limit), value.copy())


def _either(condition: exp.Expr, then: exp.Expr, otherwise: exp.Expr) -> exp.Expr:
    return exp.Case().when(condition, then, copy=False).else_(otherwise, copy=False)


def _sql(value: object) -> exp.Expr:
    if isinstance(value, exp.Expr):
        return value.copy()
    return exp.Boolean(this=value) if isinstance(value, bool) else _number(cast(int, value))


def _divided(product: exp.Expr, addend: int, divisor: int) -> exp.Expr:
    dividend = exp.Add(this=product, expression=_number(addend)) if addend else product
    return exp.Paren(this=exp.IntDiv(this=exp.Paren(this=dividend), expression=_number(divisor)))


def _factor(value: exp.Expr) -> exp.Expr:
    return value if isinstance(value, exp.Literal | exp.Paren) else exp.Paren(this=_bigint(value))


def _number(value: int) -> exp.Expr:
    return exp.Literal.number(value)


def _bigint(value: exp.Expr) -> exp.Expr:
    return exp.Cast(this=value.copy(), to=exp.DataType.build("BIGINT"))


def _bound(key: int | str) -> int:
    if isinstance(key, int):
        return key
    raise NotInTable(NotInTable.__doc__)
