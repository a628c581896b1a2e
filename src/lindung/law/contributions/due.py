"""When a contribution is due: by segment and programme, moved to the next working day on a holiday."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from lindung.law.contributions.steps import together
from lindung.law.decision import Citation, Confidence, Decision, Fact, Step
from lindung.law.months import Month, day_label
from lindung.law.parameter import in_force
from lindung.law.reading import Reading
from lindung.law.terms import Programme, Segment, UnknownTerm
from lindung.law.text import Text
from lindung.law.values import Law
from lindung.law.workdays import Calendar, first_working_day, weekday

GROUPS = {
    Segment.BPU: {Programme.JKK: "jkk_jkm", Programme.JKM: "jkk_jkm", Programme.JHT: "jht"},
    Segment.PU: {
        Programme.JKK: "jkk_jkm",
        Programme.JKM: "jkk_jkm",
        Programme.JHT: "jht",
        Programme.JP: "jp",
        Programme.JKP: "jkk_jkm",
    },
}
"""Programmes that share one article on due days. JKP is a part of the JKK contribution and due with it.
For construction and migrant work no due day was read."""


class DueDate(NamedTuple):
    """The last day to pay in time; `day_in_law` is the day before it moved for a holiday."""

    on: date
    day_in_law: date
    citation: Citation
    confidence: Confidence
    sentence: Text


def due_date(
    *,
    segment: str,
    programme: str,
    month: Month,
    is_working_day: Calendar = weekday,
    known: date | None = None,
    law: Law | None = None,
) -> DueDate:
    """The last day to pay a month's contribution in time; on a holiday the next working day.

    BPU: JKK and JKM in the month itself (PP 44/2015 P24(3)), JHT in the month after (PP 46/2015 P21(3)).
    PU: in the month after (PP 44/2015 P21, PP 46/2015 P19, PP 45/2015 P30). Raises UnknownTerm,
    NoLawForDate, NoWorkingDay.
    """
    reading = Reading.for_month(law or in_force(), month, known=known)
    return found(reading, Segment(segment), Programme(programme), month, is_working_day)


@lru_cache(maxsize=4_096)
def first_due_day(*, segment: str, programmes: frozenset[str], month: Month) -> date:
    """The earliest due date of a month among the programmes, by the law in force and a week of five days.

    Remembered, because a page asks it for every month of every agreement. Raises as `due_date` does.
    """
    return min(due_date(segment=segment, programme=name, month=month).on for name in programmes)


def found(
    reading: Reading,
    segment: Segment,
    programme: Programme,
    month: Month,
    is_working_day: Calendar,
) -> DueDate:
    """The due date as part of another decision. Raises as `due_date` does."""
    group = f"due.{segment}.{_group(segment, programme)}"
    day = reading.whole(f"{group}.day")
    due_month = month.plus(reading.whole(f"{group}.months_after").value)
    in_law = min(due_month.first_day() + timedelta(days=day.value - 1), due_month.last_day())
    on = first_working_day(in_law, is_working_day)
    doubt = _doubt(reading, segment, month, day.citation, moved=on != in_law)
    if doubt:
        reading.note(doubt)
    sentence = (_DUE if on == in_law else _DUE_MOVED).filled(
        programme=programme.label, month=month.label, day=day_label(on), day_in_law=day_label(in_law)
    )
    return DueDate(on, in_law, day.citation, Confidence.UNVERIFIED if doubt else day.confidence, sentence)


def step(due: DueDate, programme: Programme) -> Step:
    """The due date as a step that moves no money: `due.jkk` with the day under `on`."""
    working: dict[str, Fact] = {"on": due.on.isoformat(), "day_in_law": due.day_in_law.isoformat()}
    label = _LABEL.filled(programme=programme.upper())
    return Step(f"due.{programme}", label, 0, due.citation, due.confidence, due.sentence, working)


def with_due_dates(
    decision: Decision,
    *,
    segment: Segment,
    programmes: Iterable[Programme],
    month: Month,
    is_working_day: Calendar,
    known: date | None = None,
    law: Law | None = None,
) -> Decision:
    """The decision with a step for each programme's due date; unchanged where no due day is stored.

    Raises NoLawForDate, NoWorkingDay.
    """
    if segment not in GROUPS:
        return decision
    reading = Reading.for_month(law or in_force(), month, known=known)
    steps = tuple(
        step(found(reading, segment, programme, month, is_working_day), programme) for programme in programmes
    )
    return together(decision, reading.decision("due", steps=steps, facts={}))


def _doubt(
    reading: Reading, segment: Segment, month: Month, citation: Citation, *, moved: bool
) -> Text | None:
    """What was not read of the due days in the months of PP 49/2020: the way a holiday moves the 30th, and
    whether the due day within the month itself moved too."""
    if citation.regulation == _COVID:
        return _EARLIER if moved else None
    reliefs = reading.reliefs(segment=segment, programme=Programme.JKK, month=month)
    return _SAME_MONTH if any(one.citation.regulation == _COVID for one in reliefs) else None


_COVID = "PP 49/2020"


def _group(segment: Segment, programme: Programme) -> str:
    if segment not in GROUPS:
        raise UnknownTerm(segment, GROUPS)
    if programme not in GROUPS[segment]:
        raise UnknownTerm(programme, GROUPS[segment])
    return GROUPS[segment][programme]


_LABEL = Text("Jatuh tempo iuran {programme}", "Due day of the {programme} contribution")
_DUE = Text(
    "Bayar iuran {programme} untuk {month} paling lambat {day}.",
    "Pay the {programme} contribution for {month} by {day}.",
)
_DUE_MOVED = Text(
    "Bayar iuran {programme} untuk {month} paling lambat {day}, karena {day_in_law} hari libur.",
    "Pay the {programme} contribution for {month} by {day}, because {day_in_law} is a holiday.",
)
_EARLIER = Text(
    "Jatuh tempo masa PP 49/2020 yang kena hari libur: satu sumber pers menyebut hari kerja sebelumnya; Lindung "
    "memakai hari kerja berikutnya. Ini belum diperiksa pada naskah.",
    "A due day under PP 49/2020 that is a holiday: one press source says the working day before; Lindung takes "
    "the next working day. This is not verified against the text.",
)
_SAME_MONTH = Text(
    "PP 49/2020 mengundurkan jatuh tempo di bulan berikutnya. Apakah JKK dan JKM BPU, yang dibayar pada bulan "
    "iuran itu sendiri, ikut mundur belum diperiksa pada naskah; Lindung tidak mengundurkannya.",
    "PP 49/2020 moved the due day in the following month. Whether JKK and JKM of non-wage earners, paid in the "
    "contribution month itself, moved too is not verified against the text; Lindung does not move them.",
)
