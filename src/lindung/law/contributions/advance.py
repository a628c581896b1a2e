"""What several months paid at once cost a non-wage earner: every month by its own law, equal months together."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from lindung.law import contributions
from lindung.law.contributions.steps import together
from lindung.law.decision import Decision, Fact, Step
from lindung.law.money import rupiah
from lindung.law.months import Month, months_from
from lindung.law.parameter import in_force
from lindung.law.reading import Reading
from lindung.law.terms import Sector
from lindung.law.text import Text
from lindung.law.values import Law

PERIODS = "bpu.advance_periods"


class NotAPeriod(ValueError):
    """Iuran dibayar tiap bulan atau {known} bulan sekaligus. / Pay each month, or {known} months at once."""

    def __init__(self, known: Iterable[int]) -> None:
        super().__init__(str(self.__doc__).format(known=", ".join(str(months) for months in known)))


class _Run(NamedTuple):
    """Consecutive months whose contribution is the same to the rupiah, by the same articles."""

    first: Month
    months: int
    steps: tuple[Step, ...]


def bpu(
    *,
    month: Month,
    months: int,
    programmes: Iterable[str],
    monthly_income: int | None = None,
    payer: str,
    sector: str = Sector.OTHER,
    known: date | None = None,
    law: Law | None = None,
) -> Decision:
    """The contribution of `months` months from `month` on, paid at once, as `contributions.bpu` has each.

    A relief that begins or ends within the period changes the price from that month on. The periods are
    those of practice (2, 3, 6, 12 months), not verified. Raises NotAPeriod and what `contributions.bpu`
    raises.
    """
    stored = law or in_force()
    reading = Reading(stored, on=month.first_day(), known=known)
    period = _period_step(reading, month, months)
    every = [
        contributions.bpu(
            month=one, programmes=programmes, monthly_income=monthly_income,
            payer=payer, sector=sector, known=known, law=stored,
        )
        for one in months_from(month, month.plus(months - 1))
    ]  # fmt: skip
    steps = tuple(_of_run(step, run) for run in _runs(month, every) for step in run.steps)
    whole = together(every[0], reading.decision("", steps=(), facts={}), *every[1:])
    facts: dict[str, Fact] = {**every[0].facts, "months": months}
    return whole._replace(question="contribution.bpu.advance", facts=facts, steps=(period, *steps))


def _period_step(reading: Reading, month: Month, months: int) -> Step:
    """Whether so many months may be paid at once, with how sure that is."""
    rows = reading.table(PERIODS).rows
    name = next((str(row.key) for row in rows if row.value == months), None)
    if name is None:
        raise NotAPeriod(int(row.value) for row in rows)
    read = reading.amount_in(PERIODS, name)
    last = month.plus(months - 1)
    sentence = _PERIOD.filled(months=months, first=month.label, last=last.label)
    working: dict[str, Fact] = {"months": months, "from": str(month), "to": str(last)}
    return read.step("period", 0, working=working)._replace(sentence=sentence)


def _runs(first: Month, decisions: list[Decision]) -> Iterator[_Run]:
    run = _Run(first, 0, decisions[0].steps)
    for place, decision in enumerate(decisions):
        if _price(decision.steps) == _price(run.steps):
            run = run._replace(months=run.months + 1)
        else:
            yield run
            run = _Run(first.plus(place), 1, decision.steps)
    yield run


def _price(steps: tuple[Step, ...]) -> list[object]:
    return [(step.key, step.amount, step.citation) for step in steps]


def _of_run(step: Step, run: _Run) -> Step:
    last = run.first.plus(run.months - 1)
    sentence = _SENTENCES[step.amount < 0, run.months > 1].filled(
        programme=step.key.split(".")[0].upper(),
        first=run.first.label,
        last=last.label,
        each=rupiah(abs(step.amount)),
        months=run.months,
        amount=rupiah(abs(step.amount) * run.months),
    )
    working: dict[str, Fact] = {
        **step.working,
        "monthly": step.amount,
        "months": run.months,
        "from": str(run.first),
        "to": str(last),
    }
    return step._replace(amount=step.amount * run.months, sentence=sentence, working=working)


_PERIOD = Text(
    "Dibayar sekaligus untuk {months} bulan, {first} sampai {last}.",
    "Paid at once for {months} months, {first} to {last}.",
)
_SENTENCES = {
    (False, False): Text(
        "Iuran {programme} {first}: {each}.", "The {programme} contribution {first}: {each}."
    ),
    (False, True): Text(
        "Iuran {programme} {first} sampai {last}: {each} sebulan, {months} bulan, jadi {amount}.",
        "The {programme} contribution {first} to {last}: {each} a month, {months} months, {amount} in all.",
    ),
    (True, False): Text(
        "Keringanan iuran {programme} {first}: {each}.", "The relief on {programme} {first}: {each}."
    ),
    (True, True): Text(
        "Keringanan iuran {programme} {first} sampai {last}: {each} sebulan, {months} bulan, jadi {amount}.",
        "The relief on {programme} {first} to {last}: {each} a month, {months} months, {amount} in all.",
    ),
}
"""What is said of a run: whether it is a relief, and whether it has more than one month."""
