"""When a registered person gets the number, the cover and the card."""

from datetime import date
from typing import NamedTuple

from lindung.law.asking_back import Contradiction
from lindung.law.deadlines import working_day_after, written_holidays
from lindung.law.decision import Citation, Confidence, Decision, Fact, Refusal, Step
from lindung.law.months import day_label
from lindung.law.parameter import in_force
from lindung.law.reading import Read, Reading
from lindung.law.terms import Segment
from lindung.law.text import Text
from lindung.law.values import Law
from lindung.law.workdays import Holidays

COVER = Citation("PP 44/2015", "6", "2-3")
WAYS = Citation("PP 44/2015", "11")


class Facts(NamedTuple):
    """What has been done so far; None: not yet. `event_date` asks whether cover held on that day. `non_asn`:
    staff of a state body. `holidays` are the days off besides Saturday and Sunday (None: not named)."""

    segment: Segment
    form_complete_on: date
    first_paid_on: date | None = None
    number_issued_on: date | None = None
    event_date: date | None = None
    non_asn: bool = False
    holidays: Holidays = None


def registration(facts: Facts, *, known: date | None = None, law: Law | None = None) -> Decision:
    """What follows from registering: number, cover, card. No money moves.

    1. The number follows a complete form and the first contribution (PP 44/2015 P6(2)); for non-ASN staff on
       the same day from 24 February 2025 (Permenaker 1/2025).
    2. Cover begins when the number is issued, even without the card (P6(2)-(3)); the card follows (P12).
    3. A non-wage earner registers alone, through a wadah or in a group (P11).

    Refused: nothing paid yet, or an event before the number. A number without a day of payment is taken to
    be paid for, since there is none before (P6(2)). Raises Contradiction where non-ASN staff are no wage
    earners or the number precedes form or payment, NoLawForDate.
    """
    if facts.non_asn and facts.segment is not Segment.PU:
        raise Contradiction("non_asn", STAFF_ARE_EMPLOYED)
    if facts.number_issued_on is not None and facts.number_issued_on < _complete_on(facts):
        raise Contradiction("number_issued_on", _BEFORE_FORM, code="too_early")
    reading = Reading(law or in_force(), on=facts.form_complete_on, known=known)
    if facts.number_issued_on is not None and facts.first_paid_on is None:
        reading.assume(_PAID_ASSUMED.filled(day=day_label(facts.number_issued_on)))
    steps = [_number(reading, facts), _cover(facts)]
    if facts.segment is Segment.BPU:
        steps.append(_WAYS_STEP)
    if facts.number_issued_on is not None:
        steps.append(_card(reading, facts, facts.number_issued_on))
    return reading.decision(
        "registration",
        steps=tuple(steps),
        facts=_facts(facts, known),
        refusal=_no_cover(facts),
    )


def _complete_on(facts: Facts) -> date:
    """The day from which nothing is lacking any more: the later of form and first contribution."""
    return max(facts.form_complete_on, facts.first_paid_on or facts.form_complete_on)


def _number(reading: Reading, facts: Facts) -> Step:
    clock = "non_asn_number" if facts.non_asn else "number"
    start = _complete_on(facts)
    rule = reading.at(start).whole(f"deadline.registration.{clock}.working_days")
    if facts.first_paid_on is None:
        return rule.step("registration.number", 0, working={"working_days": rule.value})
    return _clock(reading, rule, "registration.number", _Since(start, facts.holidays, _NUMBER))


def _card(reading: Reading, facts: Facts, issued: date) -> Step:
    rule = reading.at(issued).whole("deadline.registration.card.working_days")
    reading.note(_CARD_FROM)
    return _clock(reading, rule, "registration.card", _Since(issued, facts.holidays, _CARD))


class _Since(NamedTuple):
    """From when working days run, which days are off, and how their end is said."""

    start: date
    holidays: Holidays
    said: Text


def _clock(reading: Reading, rule: Read[int], key: str, since: _Since) -> Step:
    ends = working_day_after(reading, since.start, rule.value, since.holidays)
    working: dict[str, Fact] = {
        "working_days": rule.value,
        "from": since.start.isoformat(),
        "last_day": ends.isoformat(),
    }
    sentence = since.said.filled(days=rule.value, start=day_label(since.start), day=day_label(ends))
    return rule.step(key, 0, working=working)._replace(sentence=sentence)


def _cover(facts: Facts) -> Step:
    issued = facts.number_issued_on
    said = _COVER_FROM.filled(day=day_label(issued)) if issued else _COVER_LATER
    working: dict[str, Fact] = {"number_issued_on": issued.isoformat() if issued else None}
    return Step("registration.cover", _COVER_LABEL, 0, COVER, Confidence.READ_IN_LAW, said, working)


def _no_cover(facts: Facts) -> Refusal | None:
    """Why cover did not hold on the day asked about, or cannot begin yet."""
    issued, event = facts.number_issued_on, facts.event_date
    if issued is None and facts.first_paid_on is None:
        return Refusal(COVER, _NOT_PAID, _PAY_FIRST)
    if event is None or (issued is not None and issued <= event):
        return None
    if issued is None:
        return Refusal(COVER, _NO_NUMBER.filled(event=day_label(event)), _ASK_NUMBER)
    words = {"event": day_label(event), "day": day_label(issued)}
    return Refusal(COVER, _TOO_EARLY.filled(**words), _IF_LATER.filled(**words))


def _facts(facts: Facts, known: date | None) -> dict[str, Fact]:
    days = {
        "form_complete_on": facts.form_complete_on,
        "first_paid_on": facts.first_paid_on,
        "number_issued_on": facts.number_issued_on,
        "event_date": facts.event_date,
        "known": known,
    }
    return {
        **{name: day.isoformat() if day else None for name, day in days.items()},
        "segment": facts.segment.value,
        "non_asn": facts.non_asn,
        "holidays": written_holidays(facts.holidays),
    }


_WAYS_STEP = Step(
    key="registration.ways",
    label=Text("Cara mendaftar", "Ways to register"),
    amount=0,
    citation=WAYS,
    confidence=Confidence.READ_IN_LAW,
    sentence=Text(
        "Peserta BPU mendaftar sendiri, lewat wadah, atau dalam kelompok.",
        "A non-wage earner registers alone, through an association (wadah), or in a group.",
    ),
    working={},
)
STAFF_ARE_EMPLOYED = Text(
    "{field}: pegawai non-ASN didaftarkan sebagai penerima upah (PU). Periksa segmennya.",
    "{field}: non-ASN staff are registered as wage earners (PU). Check the segment.",
)
_PAID_ASSUMED = Text(
    "Nomor terbit {day}, padahal hari pembayaran iuran pertama tidak disebut: dianggap sudah dibayar, karena nomor "
    "tidak terbit sebelumnya.",
    "The number was issued on {day}, yet no day of the first payment is named: taken to be paid, since no number "
    "is issued before.",
)
_COVER_LABEL = Text("Mulai terlindungi", "Begin of cover")
_NUMBER = Text(
    "Formulir lengkap dan iuran pertama dibayar {start}: nomor peserta terbit paling lambat {day} "
    "({days} hari kerja).",
    "Form complete and first contribution paid on {start}: the number is issued by {day} "
    "({days} working days).",
)
_CARD = Text(
    "Nomor terbit {start}: kartu terbit paling lambat {day} ({days} hari kerja).",
    "Number issued on {start}: the card follows by {day} ({days} working days).",
)
_CARD_FROM = Text(
    "Waktu kartu dihitung sejak nomor terbit; hal ini belum diperiksa pada naskah.",
    "The time for the card is counted from the number; this is not verified against the text.",
)
_COVER_FROM = Text(
    "Perlindungan berlaku sejak nomor terbit, {day}, walau kartu belum ada.",
    "Cover holds from the day the number is issued, {day}, even without the card.",
)
_COVER_LATER = Text(
    "Perlindungan mulai saat nomor peserta terbit, walau kartu belum ada.",
    "Cover begins when the number is issued, even without the card.",
)
_NOT_PAID = Text(
    "Iuran pertama belum dibayar, jadi nomor peserta belum terbit.",
    "The first contribution is not paid, so there is no number yet.",
)
_PAY_FIRST = Text(
    "Bayar iuran pertama supaya nomor peserta terbit.", "Pay the first contribution to get the number."
)
_NO_NUMBER = Text(
    "Pada {event} nomor peserta belum terbit, jadi belum ada perlindungan.",
    "On {event} no number had been issued, so there was no cover.",
)
_ASK_NUMBER = Text(
    "Tanyakan tanggal terbit nomor peserta kepada kantor cabang BPJS Ketenagakerjaan.",
    "Ask the branch office of BPJS Ketenagakerjaan when the number was issued.",
)
_TOO_EARLY = Text(
    "Kejadian {event} lebih awal dari terbitnya nomor peserta, {day}: belum ada perlindungan.",
    "The event of {event} came before the number was issued on {day}: there was no cover yet.",
)
_IF_LATER = Text("Perlindungan berlaku untuk kejadian mulai {day}.", "Cover holds for events from {day}.")
_BEFORE_FORM = Text(
    "{field} lebih awal dari form_complete_on atau first_paid_on. Periksa tanggalnya.",
    "{field} is before form_complete_on or first_paid_on. Check the dates.",
)
