"""When a month is due and how many unpaid ones the cover survives: for wage earners (PU) and for others (BPU)."""

from collections.abc import Sequence
from datetime import date

from lindung.law import contributions as law
from lindung.law import limits
from lindung.law.months import Month, months_from
from lindung.law.terms import Segment
from lindung.partnership.models import Agreement, AgreementKind


def segment_of(agreement: Agreement) -> Segment:
    """By which rules an agreement's people are insured."""
    return Segment.PU if agreement.kind == AgreementKind.EMPLOYER else Segment.BPU


def due(month: Month, programmes: Sequence[str], *, segment: str = Segment.BPU) -> date:
    """The earliest due date of a month among the programmes.

    BPU: PP 44/2015 Pasal 24, PP 46/2015 Pasal 21; PU: the month after, PP 44/2015 Pasal 21, PP 46/2015 Pasal 19.
    """
    return law.first_due_day(segment=segment, programmes=frozenset(programmes), month=month)


def due_dates(agreement: Agreement, month: Month) -> tuple[law.DueDate, ...]:
    """The last day for each of the agreement's programmes, in the order they are named, by a week of five days.

    BPU: JKK and JKM in the month itself, JHT in the next one; PU: all in the next one. Moved to the next working day.
    """
    segment = segment_of(agreement)
    return tuple(law.due_date(segment=segment, programme=name, month=month) for name in agreement.programmes)


def unpaid_months(
    *,
    paid_until: Month | None,
    first: Month,
    on: date,
    programmes: Sequence[str],
    segment: str = Segment.BPU,
) -> list[Month]:
    """The months after ``paid_until`` (from ``first``, when none is paid) whose due date lies before the day."""
    start = paid_until.next() if paid_until else first
    months = months_from(start, Month.of(on))
    return [month for month in months if due(month, programmes, segment=segment) < on]


def months_at_risk(programmes: Sequence[str], *, on: date, segment: str = Segment.BPU) -> int:
    """How many unpaid months in a row change nothing yet, by the law of the day.

    Beyond them a BPU has no cover (PP 44/2015 Pasal 39 and 42), and for a wage earner the employer pays first
    (Pasal 38 and 41).
    """
    return limits.arrears_months(segment=segment, programmes=programmes, on=on)


FOREVER = 12 * 1_000


def lapses_after(programmes: Sequence[str], *, on: date, segment: str) -> int:
    """After how many unpaid months in a row the cover ends: never for a wage earner, whose employer owes them."""
    return FOREVER if segment == Segment.PU else months_at_risk(programmes, on=on, segment=segment)
