"""Reads legal values for one decision and remembers which were used, so that the decision can say so."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Generic, NamedTuple, NoReturn, TypeVar

from lindung.law.decision import (
    Alternative,
    Citation,
    Confidence,
    Decision,
    Fact,
    Outcome,
    Payment,
    Refusal,
    Step,
    Used,
)
from lindung.law.money import Rounding, percent, rupiah
from lindung.law.months import Month, day_label
from lindung.law.text import Text
from lindung.law.values import DatedValue, Kind, Law, NoLawForDate, Parameter, Relief, Row, Table, shown

_Value = TypeVar("_Value")

CONTRIBUTION_ROUNDING, ROUNDING = "contribution.rounding", "amount.rounding"


class WrongKind(TypeError):
    """Nilai hukum ini jenisnya lain. / This legal value is of another kind."""


class Read(NamedTuple, Generic[_Value]):
    """One value as read for a decision, with its article and the sentence that stands beside it."""

    value: _Value
    shown: Text
    label: Text
    sentence: Text
    citation: Citation
    confidence: Confidence

    def step(
        self, key: str, amount: int, *, base: int = 0, working: Mapping[str, Fact] | None = None
    ) -> Step:
        """The step of a decision that this value makes; `amount` is signed rupiah, `base` what it is taken
        of."""
        sentence = self.sentence.filled(value=self.shown, amount=rupiah(abs(amount)), base=rupiah(base))
        return Step(key, self.label, amount, self.citation, self.confidence, sentence, dict(working or {}))


class Reading:
    """Legal values as of one day, and as known on another; lives for one decision only."""

    def __init__(self, law: Law, *, on: date, known: date | None = None, month: Month | None = None) -> None:
        self._law = law
        self._on = on
        self._known = known
        self._month = month
        self._rounding_id = ROUNDING if month is None else CONTRIBUTION_ROUNDING
        self._used: dict[tuple[str, date], Used] = {}
        self._unverified: dict[Text, None] = {}
        self._assumed: dict[Text, None] = {}

    @classmethod
    def for_month(cls, law: Law, month: Month, *, known: date | None = None) -> "Reading":
        """The law of a contribution month: as in force at its end, noting any change within the month."""
        return cls(law, on=month.last_day(), known=known, month=month)

    def at(self, on: date) -> "Reading":
        """The law of another day, read for the same decision: what is used is remembered together."""
        other = Reading(self._law, on=on, known=self._known)
        other._used, other._unverified, other._assumed = self._used, self._unverified, self._assumed
        return other

    @property
    def on(self) -> date:
        """The day whose law is read."""
        return self._on

    def whole(self, id: str) -> Read[int]:
        """A value in rupiah, months, days or a plain number. Raises NoLawForDate, WrongKind."""
        parameter, dated = self._look(id)
        if not isinstance(dated.value, int):
            _refuse_kind(id)
        return self._read(parameter, dated, dated.value)

    def rate(self, id: str) -> Read[Fraction]:
        """An exact rate. Raises NoLawForDate, WrongKind."""
        parameter, dated = self._look(id)
        if not isinstance(dated.value, Fraction):
            _refuse_kind(id)
        return self._read(parameter, dated, dated.value)

    def exists(self, id: str) -> bool:
        """Whether a value is in force on that day."""
        try:
            self._look(id)
        except NoLawForDate:
            return False
        return True

    def table(self, id: str) -> Table:
        """A whole table, for a formula over columns; only a row that is read counts as used."""
        _, dated = self._look(id)
        if not isinstance(dated.value, Table):
            _refuse_kind(id)
        return dated.value

    def amount_in(self, id: str, key: int | str) -> Read[int]:
        """The amount that a table gives for a key, as sure as its row. Raises NotInTable."""
        parameter, dated, row = self._row(id, key)
        if not isinstance(row.value, int):
            _refuse_kind(id)
        return self._read(parameter, dated, row.value, confidence=row.confidence, wording=_amount(row.value))

    def rate_in(self, id: str, key: int | str) -> Read[Fraction]:
        """The rate that a table gives for a key, as sure as its row. Raises NotInTable."""
        parameter, dated, row = self._row(id, key)
        if not isinstance(row.value, Fraction):
            _refuse_kind(id)
        return self._read(parameter, dated, row.value, confidence=row.confidence)

    def rounding(self) -> Rounding:
        """The rounding rule, for a formula; `rounded` says where it mattered."""
        _, dated = self._look(self._rounding_id)
        if not isinstance(dated.value, Rounding):
            _refuse_kind(self._rounding_id)
        return dated.value

    def rounded(self, base: int, rate: Fraction) -> None:
        """Remember the rounding rule as used when that share is not whole rupiah anyway."""
        if (base * rate).denominator > 1:
            parameter, dated = self._look(self._rounding_id)
            self._read(parameter, dated, self.rounding())

    def relief(self, relief: Relief) -> Read[Fraction]:
        """A relief that reaches this contribution."""
        cited = (relief.citation, relief.confidence)
        self._remember(Used(relief.id, relief.first_month.first_day(), *cited), relief.label, None)
        return Read(relief.cut, percent(relief.cut), relief.label, relief.sentence, *cited)

    def reliefs(self, *, segment: str, programme: str, month: Month) -> tuple[Relief, ...]:
        """The reliefs of a month as far as known; not yet counted as used."""
        return self._law.reliefs_for(segment=segment, programme=programme, month=month, known=self._known)

    def note(self, unverified: Text) -> None:
        """Say in the decision what nobody here has verified."""
        self._unverified[unverified] = None

    def assume(self, taken: Text) -> None:
        """Say in the decision what was taken for granted because nobody said otherwise."""
        self._assumed[taken] = None

    def decision(
        self,
        question: str,
        *,
        steps: tuple[Step, ...],
        facts: Mapping[str, Fact],
        outcome: Outcome = Outcome.GRANTED,
        what_would_change: tuple[Text, ...] = (),
        alternatives: tuple[Alternative, ...] = (),
        deductions: tuple[Step, ...] = (),
        schedule: tuple[Payment, ...] = (),
        refusal: Refusal | None = None,
    ) -> Decision:
        """The decision that was made with this reading, with all values used and all that is unverified."""
        return Decision(
            question=question,
            outcome=Outcome.REFUSED if refusal else outcome,
            facts=self._with_known(facts),
            steps=steps,
            used=tuple(self._used.values()),
            unverified=tuple(self._unverified),
            what_would_change=what_would_change,
            alternatives=alternatives,
            deductions=deductions,
            schedule=schedule,
            refusal=refusal,
            assumed=tuple(self._assumed),
        )

    def _with_known(self, facts: Mapping[str, Fact]) -> dict[str, Fact]:
        """The facts with the day whose knowledge was replayed: without it nobody could decide the same again."""
        known: dict[str, Fact] = {"known": self._known.isoformat()} if self._known else {}
        return {**facts, **known}

    def _look(self, id: str) -> tuple[Parameter, DatedValue]:
        return self._law.parameters[id], self._law.value(id, on=self._on, known=self._known)

    def _row(self, id: str, key: int | str) -> tuple[Parameter, DatedValue, Row]:
        parameter, dated = self._look(id)
        return parameter, dated, self.table(id).row(key)

    def _read(
        self,
        parameter: Parameter,
        dated: DatedValue,
        value: _Value,
        *,
        confidence: Confidence | None = None,
        wording: Text | None = None,
    ) -> Read[_Value]:
        sure = confidence or dated.confidence
        self._remember(
            Used(parameter.id, dated.period.since, dated.citation, sure), parameter.label, dated.note
        )
        said = wording or _wording(parameter.kind, value)
        return Read(value, said, parameter.label, parameter.sentence, dated.citation, sure)

    def _remember(self, used: Used, label: Text, note: Text | None) -> None:
        self._used[used.id, used.since] = used
        if used.confidence is Confidence.UNVERIFIED:
            self.note(note or _UNVERIFIED.filled(label=label, source=used.citation.text))
        if self._month is not None and used.since > self._month.first_day():
            self.note(_CHANGED_WITHIN.filled(label=label, day=day_label(used.since), month=self._month.label))


_UNVERIFIED = Text(
    "{label}: nilai ini belum diperiksa pada naskah {source}.",
    "{label}: this value is not verified against the text of {source}.",
)
_CHANGED_WITHIN = Text(
    "{label}: aturan berubah pada {day}; untuk seluruh iuran {month} dipakai aturan pada akhir bulan, "
    "dan ini belum diperiksa pada naskah.",
    "{label}: the rule changed on {day}; for the whole contribution of {month} the rule at the end of the "
    "month "
    "is used, which is not verified against the text.",
)


def _wording(kind: Kind, value: object) -> Text:
    if isinstance(value, int | Fraction | Rounding):
        return shown(kind, value)
    return Text("", "")


def _amount(value: int) -> Text:
    return shown(Kind.RUPIAH, value)


def _refuse_kind(id: str) -> NoReturn:
    raise WrongKind(f"{WrongKind.__doc__} ({id})")
