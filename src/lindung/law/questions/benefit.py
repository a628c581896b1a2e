"""The question for a benefit: the programme decides which facts are needed, all others may be absent."""

from collections.abc import Callable

from lindung.law import paid_months
from lindung.law.decision import Decision
from lindung.law.jkk.facts import Ending
from lindung.law.parameter import in_force
from lindung.law.questions import jht, jkk, jkm, jkp, jp
from lindung.law.questions.fields import Given
from lindung.law.reading import Reading
from lindung.law.terms import Programme, Segment
from lindung.law.text import Text
from lindung.law.values import Law

PROGRAMMES: dict[Programme, Callable[..., Decision]] = {
    Programme.JKK: jkk.asked,
    Programme.JKM: jkm.asked,
    Programme.JHT: jht.asked,
    Programme.JP: jp.asked,
    Programme.JKP: jkp.asked,
}
FIELDS = tuple(
    dict.fromkeys(("programme", "known", *jkm.FIELDS, *jkk.FIELDS, *jht.FIELDS, *jp.FIELDS, *jkp.FIELDS))
)

_AMOUNTS = ("wage", "base", "balance")
_DAYS = ("event_date", "member_since", "birth_date", "left_work_on", "paid_on", "known")
_COUNTS = ("months_paid", "months_in_arrears")
_FLAGS = ("has_heirs", "left_handed", "has_npwp")


def asked(given: Given, *, law: Law | None = None) -> Decision:
    """The decision of the programme that is asked about. Raises Unanswerable, naming the fields."""
    given.only(*FIELDS)
    given.require("programme")
    programme = given.word("programme", Programme)
    _check_all(given)
    given = _with_reason(given, programme)
    if programme in (Programme.JKK, Programme.JKP):
        _check_paid_months(given, programme, law)
    return PROGRAMMES[programme](given, law=law)


def _with_reason(given: Given, programme: Programme) -> Given:
    """`outcome` tells of an accident or a death, `reason` why savings or a pension are asked for: where both
    speak, they must agree, and death and disability may be named by either. Raises Unanswerable."""
    outcome = given.maybe.word("outcome", Ending)
    if outcome is None or programme is Programme.JKK:
        return given
    if programme is Programme.JKM and outcome is not Ending.DEATH:
        given.refuse("outcome", "contradiction", _NOT_DEAD)
    if programme in (Programme.JHT, Programme.JP) and outcome in (Ending.DEATH, Ending.TOTAL_DISABILITY):
        if "reason" not in given:
            return Given({**given.facts, "reason": outcome.value})
        if given.text("reason").lower() != outcome:
            given.refuse("outcome", "contradiction", _TWO_REASONS)
    return given


def _check_paid_months(given: Given, programme: Programme, law: Law | None) -> None:
    """Nothing is said where the day or the segment is still to be asked for. Raises Contradiction, NoLawForDate."""
    of_job_loss = programme is Programme.JKP
    on = given.maybe.day("event_date") or (given.maybe.day("left_work_on") if of_job_loss else None)
    segment = given.maybe.word("segment", Segment) or (Segment.PU if of_job_loss else None)
    if on is None or segment is None:
        return
    known = given.maybe.day("known")
    paid_months.check(
        given.maybe.count("months_paid"),
        unpaid=given.maybe.count("months_in_arrears"),
        looked_at=_months_looked_at(Reading(law or in_force(), on=on, known=known)) if of_job_loss else None,
        segment=segment,
        member_since=given.maybe.day("member_since"),
        on=on,
        known=known,
        law=law,
    )


def _months_looked_at(reading: Reading) -> int | None:
    """None before JKP began, when nothing is paid anyway."""
    looked_at = "jkp.months_looked_at"
    return reading.whole(looked_at).value if reading.exists(looked_at) else None


def _check_all(given: Given) -> None:
    """A fact that this programme does not need must still be a sound fact: it may be a slip of the column."""
    for names, read in (
        (_AMOUNTS, given.amount),
        (_DAYS, given.day),
        (_COUNTS, given.count),
        (_FLAGS, given.flag),
    ):
        for name in names:
            if name in given:
                read(name)


_NOT_DEAD = Text(
    "{field}: JKM dibayar bila peserta meninggal. Tulis death, atau tanyakan JKK untuk kecelakaan kerja.",
    "{field}: JKM is paid when the participant dies. Write death, or ask for JKK after an accident at work.",
)
_TWO_REASONS = Text(
    "{field} dan reason menyebut dua hal yang berbeda. Pakai salah satu.",
    "{field} and reason name two different things. Use one of them.",
)
