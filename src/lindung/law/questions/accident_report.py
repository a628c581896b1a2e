"""The question by when an accident at work must be reported, concluded, paid and claimed."""

import re

from lindung.law.decision import Decision
from lindung.law.jkk.reporting import Facts, Moment, report
from lindung.law.questions.calendar import holidays
from lindung.law.questions.fields import Given
from lindung.law.terms import Segment
from lindung.law.text import Text
from lindung.law.values import Law

FIELDS: tuple[str, ...] = (
    "segment", "event_date", "event_time", "diagnosed_on", "reported_on", "reported_time", "recovered_on",
    "recovered_time", "recovered_reported_on", "recovered_reported_time", "complete_on", "claimed_on",
    "return_to_work", "holidays", "known",
)  # fmt: skip
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def asked(given: Given, *, law: Law | None = None) -> Decision:
    """The clocks of one accident. Raises Unanswerable, naming the fields.

    `recovered_on` is the day of recovery, lasting disability or death; times are written 14:30.
    """
    given.require("segment", "event_date")
    facts = _facts(given)
    _check_order(given)
    return report(facts, known=given.maybe.day("known"), law=law)


def _facts(given: Given) -> Facts:
    segment = given.word("segment", Segment)
    if segment is Segment.MIGRANT:
        given.refuse("segment", "out_of_scope", _MIGRANT)
    event = _moment(given, "event")
    if event is None:
        given.refuse("event_date", "missing_fact", _NEEDED)
    return Facts(
        segment=segment,
        event=event,
        diagnosed_on=given.maybe.day("diagnosed_on"),
        reported=_moment(given, "reported"),
        ended=_moment(given, "recovered"),
        ended_reported=_moment(given, "recovered_reported"),
        complete_on=given.maybe.day("complete_on"),
        claimed_on=given.maybe.day("claimed_on"),
        advised=given.flag("return_to_work", False),
        holidays=holidays(given),
    )


def _moment(given: Given, name: str) -> Moment | None:
    """The day with its time, where it is given: reported_on with reported_time."""
    day = given.maybe.day("event_date" if name == "event" else f"{name}_on")
    clock = f"{name}_time"
    if clock not in given:
        return Moment(day) if day else None
    if day is None:
        given.refuse(clock, "out_of_place", _DAY_FIRST)
    found = _TIME.fullmatch(given.text(clock))
    if found is None:
        given.refuse(clock, "not_a_time", _NOT_A_TIME)
    return Moment(day, int(found[1]) * 60 + int(found[2]))


_ORDER = (
    ("event_date", "diagnosed_on"), ("event_date", "reported_on"), ("diagnosed_on", "reported_on"),
    ("event_date", "recovered_on"), ("recovered_on", "recovered_reported_on"), ("event_date", "complete_on"), ("event_date", "claimed_on"),
    ("diagnosed_on", "claimed_on"),
)  # fmt: skip


_HOURS = (("event", "reported"), ("event", "recovered"), ("recovered", "recovered_reported"))


def _check_order(given: Given) -> None:
    """Refuse a diagnosis, a report, an end or a claim that is earlier than what it is about, by day or by hour."""
    if "recovered_reported_on" in given and "recovered_on" not in given:
        given.require("recovered_on")
    for first, second in _ORDER:
        if first in given and second in given and given.day(second) < given.day(first):
            given.refuse(second, "contradiction", _TOO_EARLY.filled(field="{field}", first=first))
    for begin, end in _HOURS:
        before, after = _moment(given, begin), _moment(given, end)
        if before and after and before.is_after(after):
            given.refuse(
                f"{end}_time", "contradiction", _TOO_SOON.filled(field="{field}", first=f"{begin}_time")
            )


_MIGRANT = Text(
    "Laporan kecelakaan pekerja migran diatur tersendiri dan belum ada di sini.",
    "Accident reports of migrant workers have rules of their own that are not held here.",
)
_NEEDED = Text("Keterangan {field} belum ada.", "The fact {field} is missing.")
_DAY_FIRST = Text("{field} perlu tanggalnya juga.", "{field} needs its day, too.")
_NOT_A_TIME = Text('{field} harus jam seperti "14:30".', '{field} must be a time such as "14:30".')
_TOO_EARLY = Text(
    "{field} lebih awal dari {first}. Periksa kedua tanggal.", "{field} is before {first}. Check both dates."
)
_TOO_SOON = Text(
    "{field} lebih awal dari {first} pada hari yang sama. Periksa kedua jam.",
    "{field} is before {first} on the same day. Check both times.",
)
