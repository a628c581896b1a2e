"""Who reports an accident at work, by when, and when the right to claim lapses: PP 44/2015 P26, P43 to P52."""

from datetime import date, timedelta
from typing import NamedTuple

from lindung.law.deadlines import working_day_after, written_holidays
from lindung.law.decision import Citation, Confidence, Decision, Fact, Refusal, Step
from lindung.law.months import day_label, months_later
from lindung.law.parameter import in_force
from lindung.law.reading import Reading
from lindung.law.terms import Segment, UnknownTerm
from lindung.law.text import Text, joined
from lindung.law.values import Law
from lindung.law.workdays import Holidays

SEGMENTS = (Segment.PU, Segment.BPU, Segment.CONSTRUCTION)
DAY = 24 * 60


class Moment(NamedTuple):
    """A day and, where it is known, the minute of that day from 0 to 1439."""

    day: date
    minute: int | None = None

    def plus_hours(self, hours: int) -> "Moment":
        """So many hours later; without a minute, so many whole days later."""
        if self.minute is None:
            return Moment(self.day + timedelta(days=hours // 24))
        days, minute = divmod(self.minute + hours * 60, DAY)
        return Moment(self.day + timedelta(days=days), minute)

    def is_after(self, limit: "Moment") -> bool:
        """Whether this is later; on the same day without both minutes it is not taken to be."""
        if self.day != limit.day or self.minute is None or limit.minute is None:
            return self.day > limit.day
        return self.minute > limit.minute

    @property
    def label(self) -> Text:
        """The day, with the hour where it is known: 12 Mei 2026 pukul 14.30."""
        if self.minute is None:
            return day_label(self.day)
        hour, minute = divmod(self.minute, 60)
        return _AT_HOUR.filled(day=day_label(self.day), time=f"{hour:02d}.{minute:02d}")

    def __str__(self) -> str:
        hours = "" if self.minute is None else f"T{self.minute // 60:02d}:{self.minute % 60:02d}"
        return f"{self.day.isoformat()}{hours}"


class Facts(NamedTuple):
    """What is known of one accident and its reports.

    `ended` is when the doctor found recovery, lasting disability or death; `advised` whether the advisory doctor
    recommends the return-to-work programme; `complete_on` the day the claim file was complete; `holidays` are the
    days off besides Saturday and Sunday (None: not named).
    """

    segment: Segment
    event: Moment
    diagnosed_on: date | None = None
    reported: Moment | None = None
    ended: Moment | None = None
    ended_reported: Moment | None = None
    complete_on: date | None = None
    claimed_on: date | None = None
    advised: bool = False
    holidays: Holidays = None


class Lapse(NamedTuple):
    """Until when the benefit can be claimed: `last_day` still counts, the day after it does not."""

    last_day: date
    months: int
    citation: Citation
    step: Step


def report(facts: Facts, *, known: date | None = None, law: Law | None = None) -> Decision:
    """Every clock of one accident, each a step of 0 rupiah; refused when the right to claim has lapsed.

    1. Stage I runs from the accident or the diagnosis, stage II from recovery, disability or death: 2 x 24 hours
       (PP 44/2015 P43, P44). 2. A late report of an employer (Permenaker 1/2025). 3. The conclusion of BPJS.
    4. Payment after a complete file (P37). 5. The lapse (P26). 6. Return to work and no dismissal (P49, P52).

    Raises UnknownTerm for migrant work, NoLawForDate, NoWorkingDay.
    """
    if facts.segment not in SEGMENTS:
        raise UnknownTerm(facts.segment, SEGMENTS)
    reading = Reading(law or in_force(), on=facts.event.day, known=known)
    lapse = lapses_on(reading, facts.event.day, facts.diagnosed_on)
    steps = (
        *_reports(reading, facts),
        *_conclusion(reading, facts),
        *_payment(reading, facts),
        lapse.step,
        *_work_goes_on(facts),
    )
    refusal = claimed_too_late(reading, lapse, facts.claimed_on) if facts.claimed_on else None
    return reading.decision("accident_report", steps=steps, facts=_written(facts, known), refusal=refusal)


def lapses_on(reading: Reading, event_date: date, diagnosed_on: date | None = None) -> Lapse:
    """When the right to claim lapses: so many months after the accident, or after the diagnosis of a disease.

    PP 44/2015 P26: 2 years; PP 82/2019 P I number 2: 5 years. A right that had not lapsed when the longer time
    came is taken to have it, which is not verified. Raises NoLawForDate.
    """
    start = diagnosed_on or event_date
    rule = reading.at(start).whole("jkk.claim.months")
    last = months_later(start, rule.value)
    later = reading.at(last).whole("jkk.claim.months")
    if later.value > rule.value:
        reading.note(_TRANSITION)
        rule, last = later, months_later(start, later.value)
    step = rule.step("jkk.claim", 0, working={"months": rule.value, "last_day": last.isoformat()})
    said = joined((step.sentence, _LAST_DAY.filled(day=day_label(last))))
    return Lapse(last, rule.value, rule.citation, step._replace(sentence=said))


def claimed_too_late(reading: Reading, lapse: Lapse, claimed_on: date) -> Refusal | None:
    """The refusal of a claim made after the right lapsed; None when it was made in time.

    A claim on the last day is taken to be in time, and the decision says that this was not read.
    """
    if claimed_on == lapse.last_day:
        reading.note(_LAST_DAY_UNREAD)
    if claimed_on <= lapse.last_day:
        return None
    said = _LAPSED.filled(claimed=day_label(claimed_on), day=day_label(lapse.last_day))
    return Refusal(lapse.citation, said, _PROVE_EARLIER.filled(day=day_label(lapse.last_day)))


# P43: the employer reports; P44: the participant or the family. Both to BPJS and to the manpower office.


def _reports(reading: Reading, facts: Facts) -> tuple[Step, ...]:
    if facts.segment is Segment.CONSTRUCTION:
        reading.note(_CONSTRUCTION)
    start = Moment(facts.diagnosed_on) if facts.diagnosed_on else facts.event
    steps = _stage(reading, facts, "stage_one", start, facts.reported)
    if facts.ended is None:
        return steps
    return steps + _stage(reading, facts, "stage_two", facts.ended, facts.ended_reported)


def _stage(
    reading: Reading, facts: Facts, stage: str, start: Moment, done: Moment | None
) -> tuple[Step, ...]:
    own = "bpu" if facts.segment is Segment.BPU else "pu"
    rule = reading.at(start.day).whole(f"jkk.report.{own}.{stage}.hours")
    limit = start.plus_hours(rule.value)
    late = done is not None and done.is_after(limit)
    working: dict[str, Fact] = {"hours": rule.value, "limit": str(limit), "late": late}
    step = rule.step(f"jkk.report.{stage}", 0, working=working)
    said = [step.sentence, _UNTIL.filled(limit=limit.label)]
    if done is not None:
        said.append((_LATE if late else _IN_TIME).filled(done=done.label))
        if done.day == limit.day and (done.minute is None or limit.minute is None):
            reading.assume(_SAME_HOUR)
    told = step._replace(sentence=joined(tuple(said)))
    return (told, *_since_2025(reading.at(start.day), stage, late=late and own == "pu"))


def _since_2025(reading: Reading, stage: str, *, late: bool) -> tuple[Step, ...]:
    """Permenaker 1/2025: other ways to report, and what a late employer owes."""
    rules = {"by_phone": True, "late_is_debt": late}
    read = {name: reading.whole(f"jkk.report.{name}") for name, asked in rules.items() if asked}
    held = {name: rule for name, rule in read.items() if rule.value}
    if held:
        reading.note(_EFFECTIVE)
    if "late_is_debt" in held and stage == "stage_two":
        reading.note(_WHICH_STAGE)
    return tuple(
        rule.step(f"jkk.report.{stage}.{name}", 0, working={"in_law": rule.value})
        for name, rule in held.items()
    )


# What BPJS does then.


def _conclusion(reading: Reading, facts: Facts) -> tuple[Step, ...]:
    if facts.reported is None or not reading.exists("jkk.report.conclusion.days"):
        return ()
    rule = reading.whole("jkk.report.conclusion.days")
    last = facts.reported.day + timedelta(days=rule.value)
    step = rule.step("jkk.report.conclusion", 0, working={"days": rule.value, "last_day": last.isoformat()})
    return (_dated(step, last),)


def _payment(reading: Reading, facts: Facts) -> tuple[Step, ...]:
    """P37: the clock is stored with the other deadlines, which also say what a late payment costs."""
    if facts.complete_on is None:
        return ()
    rule = reading.at(facts.complete_on).whole("deadline.jkk.pay.working_days")
    last = working_day_after(reading, facts.complete_on, rule.value, facts.holidays)
    step = rule.step("jkk.report.payment", 0, working={"days": rule.value, "last_day": last.isoformat()})
    return (_dated(step, last),)


def _dated(step: Step, last: date) -> Step:
    return step._replace(sentence=joined((step.sentence, _LAST_DAY.filled(day=day_label(last)))))


# P49: the advisory doctor recommends the return to work. P52: no dismissal meanwhile.


def _work_goes_on(facts: Facts) -> tuple[Step, ...]:
    steps = (_RETURN_TO_WORK,) if facts.advised else ()
    return steps if facts.segment is Segment.BPU else (*steps, _NO_DISMISSAL)


def _said(key: str, label: Text, article: str, sentence: Text) -> Step:
    """A rule without a number."""
    return Step(key, label, 0, Citation("PP 44/2015", article), Confidence.READ_IN_LAW, sentence, {})


def _written(facts: Facts, known: date | None) -> dict[str, Fact]:
    said = {"segment": facts.segment.value, "event": str(facts.event)}
    moments = {"reported": facts.reported, "ended": facts.ended, "ended_reported": facts.ended_reported}
    said |= {name: str(moment) for name, moment in moments.items() if moment}
    days = {
        "diagnosed_on": facts.diagnosed_on,
        "complete_on": facts.complete_on,
        "claimed_on": facts.claimed_on,
        "known": known,
    }
    said |= {name: day.isoformat() for name, day in days.items() if day}
    return {**said, "advised": facts.advised, "holidays": written_holidays(facts.holidays)}


_RETURN_TO_WORK = _said(
    "jkk.report.return_to_work",
    Text("Kembali bekerja", "Return to work"),
    "49",
    Text(
        "Dokter penasihat menyarankan: peserta ikut program kembali bekerja.",
        "The advisory doctor recommends it: the participant joins the return-to-work programme.",
    ),
)
_NO_DISMISSAL = _said(
    "jkk.report.no_dismissal",
    Text("Hubungan kerja", "Employment"),
    "52",
    Text(
        "Selama perawatan pemberi kerja tidak boleh memutus hubungan kerja. Pekerja yang cacat tetap dipekerjakan, "
        "kecuali sama sekali tidak mampu bekerja.",
        "During treatment the employer may not dismiss the worker. A disabled worker stays employed unless totally "
        "unable to work.",
    ),
)
_AT_HOUR = Text("{day} pukul {time}", "{day} at {time}")
_UNTIL = Text("Paling lambat {limit}.", "At the latest {limit}.")
_LAST_DAY = Text("Hari terakhir {day}.", "The last day is {day}.")
_IN_TIME = Text("Dilaporkan {done}: tepat waktu.", "Reported {done}: in time.")
_LATE = Text("Dilaporkan {done}: terlambat.", "Reported {done}: late.")
_SAME_HOUR = Text(
    "Jamnya tidak disebut: laporan pada hari terakhir dianggap tepat waktu.",
    "The hour was not named: a report on the last day is taken to be in time.",
)
_LAPSED = Text(
    "Diminta {claimed}, sesudah hari terakhir {day}: hak atas manfaat JKK sudah gugur.",
    "Claimed on {claimed}, after the last day {day}: the right to JKK has lapsed.",
)
_PROVE_EARLIER = Text(
    "Bila manfaat ini sudah pernah diminta paling lambat {day}, bawalah bukti permintaannya.",
    "If this was claimed by {day} before, bring the proof of that claim.",
)
_TRANSITION = Text(
    "Bahwa hak yang belum gugur pada 2 Desember 2019 mendapat batas yang lebih panjang belum diperiksa pada naskah.",
    "That a right which had not lapsed on 2 December 2019 has the longer time is not verified against the text.",
)
_LAST_DAY_UNREAD = Text(
    "Apakah hari terakhir itu sendiri masih dihitung belum diperiksa pada naskah; di sini masih dihitung.",
    "Whether that last day itself still counts is not verified against the text; here it does.",
)
_EFFECTIVE = Text(
    "Bahwa Permenaker 1/2025 berlaku sejak 24 Februari 2025 belum diperiksa pada naskah.",
    "That Permenaker 1/2025 is in force from 24 February 2025 is not verified against the text.",
)
_WHICH_STAGE = Text(
    "Apakah laporan tahap II yang terlambat juga menjadikan manfaat utang pemberi kerja belum diperiksa pada naskah.",
    "Whether a late stage II report also makes the benefit the employer's debt is not verified against the text.",
)
_CONSTRUCTION = Text(
    "Bahwa pemberi kerja jasa konstruksi melapor seperti pemberi kerja lain belum diperiksa pada naskah.",
    "That an employer in construction reports like other employers is not verified against the text.",
)
