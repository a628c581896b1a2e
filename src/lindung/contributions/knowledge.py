"""A past day answered twice: by all that is recorded now, and by what was recorded by its end; and why they differ."""

from collections.abc import Iterator
from datetime import date

from lindung.contributions.cover import Cover, Known, MonthCover, WorkCover, cover_of
from lindung.law.months import Month, day_label
from lindung.law.text import Text

MOST_REASONS = 12
"""More would hide the answer; the last one then says how many are left out."""


def other_answer(found: Cover) -> Cover:
    """The same person and day by the other knowledge. Raises Person.DoesNotExist when not in scope."""
    known = Known.THEN if found.known is Known.NOW else Known.NOW
    return cover_of(found.person_id, on=found.on, known=known)


def why_they_differ(one: Cover, other: Cover) -> tuple[Text, ...]:
    """Every record made after the day that changes the answer, as sentences; empty when both say the same."""
    now, then = (one, other) if one.known is Known.NOW else (other, one)
    if _said(now) == _said(then):
        return ()
    reasons = tuple(_reasons(now, then))
    if len(reasons) <= MOST_REASONS:
        return reasons
    more = _MORE.filled(count=len(reasons) - MOST_REASONS + 1)
    return (*reasons[: MOST_REASONS - 1], more)


def _said(found: Cover) -> tuple[object, ...]:
    """What an answer says, without the sentences made of it."""
    works = (
        (work.membership_id, work.state, work.paid_until, work.until, work.arrears) for work in found.works
    )
    return (found.state, *works)


def _reasons(now: Cover, then: Cover) -> Iterator[Text]:
    before = {work.membership_id: work for work in then.works}
    for work in now.works:
        yield from _of_work(work, before.pop(work.membership_id, None))
    for gone in before.values():
        yield from _of_end(gone.agreement_code, gone.end_recorded_on)


def _of_work(now: WorkCover, then: WorkCover | None) -> Iterator[Text]:
    known, were = _paid(now), _paid(then) if then else {}
    for month in sorted(known.keys() - were.keys()):
        yield _later(known[month])
    for month in sorted(were.keys() - known.keys()):
        if were[month].taken_back_on:
            yield _back(were[month])
    if then is not None and then.until != now.until:
        yield from _of_end(now.agreement_code, then.end_recorded_on)


def _paid(work: WorkCover) -> dict[Month, MonthCover]:
    return {each.month: each for each in work.months if each.state == "paid"}


def _later(paid: MonthCover) -> Text:
    return _LATER.filled(
        month=paid.month.label,
        reference=paid.reference or "-",
        dated=_day(paid.paid_on),
        recorded=_day(paid.recorded_on),
    )


def _back(paid: MonthCover) -> Text:
    return _BACK.filled(month=paid.month.label, reference=paid.reference or "-", day=_day(paid.taken_back_on))


def _of_end(code: str, recorded_on: date | None) -> Iterator[Text]:
    if recorded_on is not None:
        yield _END.filled(code=code, day=day_label(recorded_on))


def _day(day: date | None) -> Text:
    return day_label(day) if day else Text("-", "-")


_LATER = Text(
    "Iuran {month} dibayar dengan {reference} bertanggal {dated}, tetapi baru disahkan pada {recorded}.",
    "{month} was paid by {reference} dated {dated}, but confirmed only on {recorded}.",
)
_BACK = Text(
    "Iuran {month} yang lunas dengan {reference} ditarik kembali pada {day}.",
    "{month}, paid by {reference}, was taken back on {day}.",
)
_END = Text(
    "Akhir kepesertaan di {code} baru dicatat atau diubah pada {day}.",
    "The end of the membership under {code} was recorded or changed only on {day}.",
)
_MORE = Text("Dan {count} catatan lain.", "And {count} more records.")
