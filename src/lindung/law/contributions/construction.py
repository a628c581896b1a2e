"""What the cover of a construction contract costs: by wages where they are known, else by slices of its value."""

from collections.abc import Iterable
from datetime import date

from lindung.law.contributions import asked_programmes
from lindung.law.contributions.steps import Paying, relieved, share_step
from lindung.law.contributions.tariffs import WageTariff, slice_of
from lindung.law.decision import Citation, Confidence, Decision, Fact, Step
from lindung.law.money import NotAnAmount, rupiah
from lindung.law.months import Month
from lindung.law.parameter import in_force
from lindung.law.reading import Reading
from lindung.law.terms import Payer, Programme, Sector, Segment
from lindung.law.text import Text
from lindung.law.values import Law

PROGRAMMES = (Programme.JKK, Programme.JKM)
SOURCE = Citation("PP 44/2015", "54-55")


class NoBase(ValueError):
    """Sebutkan upah atau nilai kontrak, salah satu. / Give the wages or the contract value, one of them."""


def contribution(
    *,
    month: Month,
    programmes: Iterable[str] = PROGRAMMES,
    wages: int | None = None,
    contract_value: int | None = None,
    contract_months: int | None = None,
    payer: str = Payer.EMPLOYER,
    known: date | None = None,
    law: Law | None = None,
) -> Decision:
    """The contribution for casual, piece and fixed-term construction workers; the employer pays all.

    With `wages` (all workers' wages of the month, whole rupiah) it is for that month; with
    `contract_value` (whole rupiah, without VAT) for the whole contract, each rate on its slice, by the law
    of `month`, in which the contract begins. `contract_months` only says how the price would be shared out.
    Sources: PP 44/2015 P54-55; PP 49/2020. Raises UnknownTerm, NotAnAmount, NoBase, NoLawForDate.
    """
    asked = asked_programmes(programmes, PROGRAMMES)
    base = _base(wages, contract_value)
    paying = Paying(Segment.CONSTRUCTION, month, Payer(payer), Sector.OTHER)
    reading = Reading.for_month(law or in_force(), month, known=known)
    normal = _by_wages if contract_value is None else _by_value
    steps: tuple[Step, ...] = ()
    for one in asked:
        part = relieved(reading, normal(reading, one, base), key=one.value, programme=one, paying=paying)
        steps += part.steps
    if contract_value is not None:
        reading.assume(_WITHOUT_VAT)
        steps += _shared_out(reading, sum(step.amount for step in steps), contract_months)
    facts: dict[str, Fact] = {
        "segment": Segment.CONSTRUCTION.value,
        "month": str(month),
        "programmes": tuple(asked),
        "wage": wages,
        "contract_value": contract_value,
        "contract_months": contract_months,
        "payer": paying.payer.value,
        "known": known.isoformat() if known else None,
    }
    return reading.decision("contribution.construction", steps=steps, facts=facts)


def _base(wages: int | None, contract_value: int | None) -> int:
    given = [amount for amount in (wages, contract_value) if amount is not None]
    if len(given) != 1:
        raise NoBase(NoBase.__doc__)
    if given[0] < 0:
        raise NotAnAmount(NotAnAmount.__doc__)
    return given[0]


def _by_wages(reading: Reading, programme: Programme, wages: int) -> tuple[Step, ...]:
    rate = reading.rate(f"construction.{programme}.wage_rate")
    amount = WageTariff(rate.value, reading.rounding()).normal(wage=wages, risk_class=None)
    return (share_step(reading, rate, programme.value, amount, wages),)


def _by_value(reading: Reading, programme: Programme, value: int) -> tuple[Step, ...]:
    """One step for each slice the value reaches into; a slice goes from its lower bound to the next one."""
    id = f"construction.{programme}.slice_rates"
    bounds = [row.key for row in reading.table(id).rows if isinstance(row.key, int)]
    steps = []
    for place, (low, high) in enumerate(zip(bounds, [*bounds[1:], value], strict=True), start=1):
        part = slice_of(value, low=low, high=high)
        if part or low == 0:
            rate = reading.rate_in(id, low)
            amount = WageTariff(rate.value, reading.rounding()).normal(wage=part, risk_class=None)
            steps.append(_slice_step(share_step(reading, rate, f"{programme}.{place}", amount, part), low))
    return tuple(steps)


def _slice_step(step: Step, low: int) -> Step:
    if not low:
        return step
    above = _ABOVE.filled(said=step.sentence, low=rupiah(low))
    return step._replace(sentence=above, working={**step.working, "above": low})


def _shared_out(reading: Reading, total: int, months: int | None) -> tuple[Step, ...]:
    """How an even share-out would look; no text that says how it is shared was read."""
    if not months:
        return ()
    each, first = divmod(total, months)
    reading.note(_SHARES_UNREAD)
    sentence = _SHARED.filled(months=months, each=rupiah(each), first=rupiah(each + first))
    working: dict[str, Fact] = {"months": months, "each": each, "first": each + first}
    return (Step("shares", _SHARES, 0, SOURCE, Confidence.UNVERIFIED, sentence, working),)


_WITHOUT_VAT = Text(
    "Nilai kontrak dihitung tanpa PPN (dari sumber kedua).",
    "The contract value counts without VAT (from a secondary source).",
)
_ABOVE = Text("{said} Ini bagian nilai kontrak di atas {low}.", "{said} This is the part above {low}.")
_SHARES = Text("Pembagian iuran per bulan", "The price by month")
_SHARED = Text(
    "Bila dibagi {months} bulan: {first} pada bulan pertama, lalu {each} sebulan.",
    "Shared over {months} months: {first} in the first month, then {each} a month.",
)
_SHARES_UNREAD = Text(
    "Cara membagi iuran kontrak per bulan belum diperiksa pada naskah.",
    "How the price of a contract is shared over its months is not verified against the text.",
)
