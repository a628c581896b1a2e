"""The pension (JP) when a participant reaches the age, is totally disabled, or dies: monthly or at once."""

from collections.abc import Mapping
from datetime import MAXYEAR, date
from typing import NamedTuple

from lindung.law.asking_back import MissingFacts
from lindung.law.decision import UNREAD, Alternative, Citation, Confidence, Decision, Fact, Refusal, Step
from lindung.law.jp import pension as jp_pension
from lindung.law.jp import survivors as jp_survivors
from lindung.law.jp.facts import Facts as Facts
from lindung.law.jp.facts import Reason as Reason
from lindung.law.jp.facts import check, registered, written
from lindung.law.jp.pension import YearWage
from lindung.law.money import percent, rupiah
from lindung.law.months import age_on, birthday, day_label, months_later
from lindung.law.parameter import in_force
from lindung.law.reading import Reading
from lindung.law.terms import Programme, Segment
from lindung.law.text import Text
from lindung.law.values import Law, NoLawForDate

MEMBERSHIP = Citation("PP 45/2015", "3")
PARTICIPANTS = Citation("PP 45/2015", UNREAD)
RECEIVERS = Citation("PP 45/2015", "14")
SAVINGS = Citation("PP 45/2015", "24")


class _Months(NamedTuple):
    """How many months count for a monthly pension, and the step that says so; `monthly` False: paid at
    once."""

    monthly: bool
    months: int
    step: Step


def benefit(facts: Facts, *, known: date | None = None, law: Law | None = None) -> Decision:
    """The pension of one month, or contributions and yield at once, by the law of the day of the event.

    PP 45/2015 P14-P24. `known` replays the law as known on that day. Raises MissingFacts, Contradiction,
    NoLawForDate.
    """
    check(facts)
    reading = Reading(law or in_force(), on=facts.event_date, known=known)
    if not reading.exists("jp.full_months"):
        raise NoLawForDate("jp.full_months", facts.event_date, Programme.JP.label)
    kept = written(facts, known)
    refused = _not_covered(facts)
    reached = None if refused else _age_reached(facts, law=law, known=known)
    refused = refused or _too_young(reading, facts, reached)
    if refused:
        step, refusal = refused
        return reading.decision("jp", steps=(step,), facts=kept, refusal=refusal)
    if facts.segment is None:
        reading.assume(_TAKEN_AS_EMPLOYED)
    age, begins = _begins(reading, facts, reached)
    months = _months(begins, facts)
    if not months.monthly:
        steps = (*age, months.step, _at_once(facts))
        return reading.decision("jp", steps=steps, facts=kept)
    return _monthly(begins, facts, kept, (*age, months.step), months.months)


def _not_covered(facts: Facts) -> tuple[Step, Refusal] | None:
    """Not a wage earner, not yet a member, or nothing paid yet: PP 45/2015 P3."""
    if facts.segment not in (None, Segment.PU):
        return _refused(PARTICIPANTS, _ONLY_EMPLOYED, _BE_EMPLOYED)
    if facts.member_since and facts.event_date < facts.member_since:
        days = {"event": day_label(facts.event_date), "since": day_label(facts.member_since)}
        working: dict[str, Fact] = {
            "event_date": facts.event_date.isoformat(),
            "member_since": facts.member_since.isoformat(),
        }
        return _refused(MEMBERSHIP, _NOT_YET_MEMBER.filled(**days), _BE_MEMBER, working)
    if facts.months_paid == 0:
        return _refused(MEMBERSHIP, _NOTHING_PAID, _PAY_FIRST)
    return None


def _refused(
    citation: Citation, fact: Text, would_change: Text, working: Mapping[str, Fact] | None = None
) -> tuple[Step, Refusal]:
    step = Step("jp.refused", _JP, 0, citation, Confidence.SECONDARY, fact, dict(working or {}))
    return step, Refusal(citation, fact, would_change)


def pensionable_from(birth: date, *, known: date | None = None, law: Law | None = None) -> date:
    """The first birthday on which the age of that day's law is reached; who has reached it keeps it.

    The age rises by a year every three years: PP 45/2015 P15. Raises NoLawForDate.
    """
    stored = law or in_force()
    for age in range(MAXYEAR - birth.year):
        reading = Reading(stored, on=birthday(birth, age), known=known)
        if reading.exists("jp.pension_age") and reading.whole("jp.pension_age").value <= age:
            return reading.on
    raise NoLawForDate("jp.pension_age", birth, Programme.JP.label)


def _age_reached(facts: Facts, *, known: date | None, law: Law | None) -> date | None:
    """When the pensionable age is reached, for retirement; who was older when the law began counts at once.

    Raises MissingFacts for the birth date, and with it for the months paid.
    """
    if facts.reason is not Reason.RETIREMENT:
        return None
    if facts.birth_date is None:
        raise MissingFacts("birth_date", *(("months_paid",) if facts.months_paid is None else ()))
    now = Reading(law or in_force(), on=facts.event_date, known=known).whole("jp.pension_age")
    day = pensionable_from(facts.birth_date, known=known, law=law)
    old_enough = age_on(facts.birth_date, facts.event_date) >= now.value
    return facts.event_date if old_enough and day > facts.event_date else day


def _too_young(reading: Reading, facts: Facts, reached: date | None) -> tuple[Step, Refusal] | None:
    """Retirement before the pensionable age: PP 45/2015 P15."""
    if reached is None or reached <= facts.event_date:
        return None
    age = reading.at(reached).whole("jp.pension_age")
    working: dict[str, Fact] = {"age": age.value, "day": reached.isoformat()}
    fact = _TOO_YOUNG.filled(age=age.value, day=day_label(reached))
    would = _WAIT_FOR_AGE.filled(day=day_label(reached))
    return age.step("jp.age", 0, working=working)._replace(sentence=fact), Refusal(age.citation, fact, would)


def _begins(reading: Reading, facts: Facts, reached: date | None) -> tuple[tuple[Step, ...], Reading]:
    """When the pension begins: at the event, but put off for no longer than P15(4) allows.

    Nobody puts off a pension before joining: who was old enough then puts it off from the day of joining.
    """
    if reached is None:
        return (), reading
    steps = (_old_enough(reading, facts, reached),)
    deferral = reading.whole("jp.deferral_months")
    last = months_later(max(reached, facts.member_since or reached), deferral.value)
    if facts.event_date <= last:
        return steps, reading
    put_off = deferral.step("jp.deferral", 0, working={"months": deferral.value, "last": last.isoformat()})
    said = _PUT_OFF.filled(months=deferral.value, last=day_label(last))
    return (*steps, put_off._replace(sentence=said)), reading.at(last)


def _old_enough(reading: Reading, facts: Facts, reached: date) -> Step:
    """The age as reached; where that was before joining, that it counts from then on, which nobody verified."""
    age = reading.at(reached).whole("jp.pension_age")
    working: dict[str, Fact] = {"age": age.value, "day": reached.isoformat()}
    words: dict[str, str | int | Text] = {"age": age.value, "day": day_label(reached)}
    said, since = _OLD_ENOUGH, facts.member_since
    if since and reached < since:
        reading.note(_JOINED_LATE_UNREAD)
        said = _OLD_BEFORE_JOINING
        working["member_since"], words["since"] = since.isoformat(), day_label(since)
    return age.step("jp.age", 0, working=working)._replace(sentence=said.filled(**words))


def _paid(facts: Facts) -> int:
    """Raises MissingFacts where nobody said how many months are paid."""
    if facts.months_paid is None:
        raise MissingFacts("months_paid")
    return facts.months_paid


def _months(reading: Reading, facts: Facts) -> _Months:
    """The months that count: those paid (P19), or as many as the law deems for disability and death
    (P20, P21)."""
    full, months = reading.whole("jp.full_months"), _paid(facts)
    paid: dict[str, Fact] = {"paid": months, "full": full.value}
    words = {"paid": months, "full": full.value}
    if months >= full.value:
        step = full.step("jp.months", 0, working=paid)._replace(sentence=_FULL.filled(**words))
        return _Months(True, months, step)
    deemed = _deemed(reading, facts)
    if deemed:
        return deemed
    step = full.step("jp.months", 0, working=paid)._replace(sentence=_TOO_FEW.filled(**words))
    return _Months(False, months, step)


def _deemed(reading: Reading, facts: Facts) -> _Months | None:
    """Fewer months count as fifteen years after the waiting time, when enough of them are paid.

    Raises MissingFacts for the day of registration, which decides only here.
    """
    if facts.reason is Reason.RETIREMENT:
        return None
    if facts.member_since is None:
        raise MissingFacts("member_since")
    paid = _paid(facts)
    which = "disability" if facts.reason is Reason.TOTAL_DISABILITY else "survivors"
    wait = reading.whole(f"jp.{which}.wait_months")
    density = reading.rate(f"jp.{which}.density")
    waited = facts.event_date >= months_later(facts.member_since, wait.value)
    since_registration = registered(facts.member_since, facts.event_date)
    dense = paid >= density.value * since_registration
    if waited and dense != (paid >= density.value * (since_registration + 1)):
        reading.note(_DENSITY_UNREAD)
    if which == "survivors" and waited and dense and paid < wait.value:
        reading.note(_YEAR_UNREAD)
    if not (waited and dense):
        return None
    deemed = reading.whole(f"jp.{which}.deemed_months")
    words = {"paid": paid, "registered": since_registration, "deemed": deemed.value}
    said = _DEEMED.filled(**words, density=percent(density.value))
    working: dict[str, Fact] = {**words, "density": percent(density.value).id, "wait_months": wait.value}
    return _Months(True, deemed.value, deemed.step("jp.months", 0, working=working)._replace(sentence=said))


def _at_once(facts: Facts) -> Step:
    """Contributions and their yield, paid at once: P24. Raises MissingFacts for the balance."""
    if facts.balance is None:
        raise MissingFacts("balance")
    said = _SAVINGS.filled(amount=rupiah(facts.balance))
    return Step("jp.lump_sum", _SAVED, facts.balance, SAVINGS, Confidence.READ_IN_LAW, said, {})


def _monthly(
    reading: Reading, facts: Facts, kept: Mapping[str, Fact], before: tuple[Step, ...], months: int
) -> Decision:
    wages = _wages_needed(facts)
    inflation = facts.inflation or {}
    by_formula = jp_pension.formula(reading, wages, inflation, months=months, since=facts.member_since)
    if facts.reason is Reason.DEATH:
        if facts.others_unnamed:
            reading.assume(_TAKEN_AS_CHILDREN_ALONE)
        shares = _shares(reading, facts, by_formula.amount)
        steps = (*before, *by_formula.wages, _explains(by_formula.step, "jp.formula"))
        if shares is None:
            return _nobody(reading, kept, steps)
    else:
        shares = (by_formula.step._replace(key="jp.pension_monthly"),)
        steps = (*before, *by_formula.wages)
    share = sum(step.amount for step in shares)
    bounds = jp_pension.bounds(reading, share)
    first = share + sum(step.amount for step in bounds)
    growth = jp_pension.later_years(reading, first, inflation, paid_on=facts.paid_on)
    return reading.decision(
        "jp",
        steps=(*steps, *shares, *bounds, *growth),
        facts=kept,
        what_would_change=(_YEARLY,),
        alternatives=_bounded_before(
            reading, facts, by_formula.amount, first + sum(one.amount for one in growth)
        ),
    )


def _wages_needed(facts: Facts) -> tuple[YearWage, ...]:
    """The wages; raises MissingFacts naming at once what else a monthly pension always needs."""
    missing = [] if facts.yearly_wages else ["yearly_wages"]
    if facts.reason is Reason.DEATH and facts.survivors is None:
        missing.append("survivors")
    years = [row.year for row in facts.yearly_wages or ()] or [facts.event_date.year - 1]
    if facts.inflation is None and min(years) < facts.event_date.year:
        missing.append("inflation")
    if missing:
        raise MissingFacts(*missing)
    return facts.yearly_wages or ()


def _shares(reading: Reading, facts: Facts, pension: int, *, bounded: bool = True) -> tuple[Step, ...] | None:
    """The survivors' pension; where children take over, first what the widow or widower drew: `bounded` or not
    by the least and the greatest pension."""
    if not facts.spouse_ended:
        return _drawn(reading, facts, pension, spouse_drew=None)
    drew = jp_survivors.spouse(reading, pension).steps
    if bounded:
        drew += jp_pension.bounds(reading, sum(step.amount for step in drew))
    drawn = _drawn(reading, facts, pension, spouse_drew=sum(step.amount for step in drew))
    before = tuple(_explains(step, step.key.replace("pension_monthly", "drawn_before")) for step in drew)
    return (*before, *drawn) if drawn else None


def _drawn(
    reading: Reading, facts: Facts, pension: int, *, spouse_drew: int | None
) -> tuple[Step, ...] | None:
    drawn = jp_survivors.receiver(
        reading,
        facts.survivors or (),
        pension,
        died_on=facts.event_date,
        on=facts.paid_on or facts.event_date,
        spouse_drew=spouse_drew,
    )
    return drawn.steps if drawn else None


def _explains(step: Step, key: str) -> Step:
    """The step as an explanation: it moves no money, its amount stands in the working."""
    return step._replace(key=key, amount=0, working={**step.working, "amount": step.amount})


def _nobody(reading: Reading, kept: Mapping[str, Fact], steps: tuple[Step, ...]) -> Decision:
    reading.note(_NOBODY_UNREAD)
    refusal = Refusal(RECEIVERS, _NOBODY, _SOMEBODY)
    return reading.decision("jp", steps=steps, facts=kept, refusal=refusal)


def _bounded_before(reading: Reading, facts: Facts, pension: int, total: int) -> tuple[Alternative, ...]:
    """P18 bounds the pension: what is paid, or the formula before it is shared? The other reading, for death.

    It is shared, taken over by children, and grown until the day of payment as the `total` of the answer was.
    """
    if facts.reason is not Reason.DEATH:
        return ()
    bounds = jp_pension.bounds(reading, pension)
    shares = _shares(reading, facts, pension + sum(step.amount for step in bounds), bounded=False) or ()
    first = sum(step.amount for step in shares)
    growth = jp_pension.later_years(reading, first, facts.inflation or {}, paid_on=facts.paid_on)
    other = first + sum(step.amount for step in growth)
    if other == total:
        return ()
    said = _BOUND_FIRST.filled(amount=rupiah(other))
    return (Alternative(other, said, reading.whole("jp.minimum").citation),)


_JP = Text("Jaminan Pensiun (JP)", "Pension (JP)")
_SAVED = Text("Iuran dan hasil pengembangannya", "Contributions and their yield")
_TAKEN_AS_EMPLOYED = Text(
    "Dianggap peserta penerima upah, karena hanya pekerja penerima upah ikut JP.",
    "Taken to be a wage earner, since only wage earners are in JP.",
)
_TAKEN_AS_CHILDREN_ALONE = Text(
    "Yang disebut hanya anak; dianggap tidak ada janda, duda, atau orang tua.",
    "Only children were named; it is taken that there is neither a widow, a widower nor a parent.",
)
_ONLY_EMPLOYED = Text("Hanya pekerja penerima upah (PU) yang ikut JP.", "Only wage earners (PU) are in JP.")
_BE_EMPLOYED = Text(
    "JP berlaku bila bekerja dengan menerima upah dan didaftarkan oleh pemberi kerja.",
    "JP holds for who works for a wage and is registered by the employer.",
)
_NOT_YET_MEMBER = Text(
    "Pada {event} belum menjadi peserta JP; kepesertaan mulai {since}.",
    "On {event} there was no membership of JP yet; it begins on {since}.",
)
_BE_MEMBER = Text(
    "Manfaat ada bila kejadian sesudah kepesertaan mulai. Periksa kedua tanggal.",
    "There is a benefit when the event is after membership began. Check both days.",
)
_NOTHING_PAID = Text("Belum ada iuran JP yang dibayar.", "No JP contribution has been paid yet.")
_PAY_FIRST = Text(
    "Kepesertaan berlaku sejak iuran pertama dibayar.",
    "Membership holds once the first contribution is paid.",
)
_TOO_YOUNG = Text(
    "Usia pensiun {age} tahun baru tercapai pada {day}.",
    "The pensionable age of {age} is reached only on {day}.",
)
_WAIT_FOR_AGE = Text("Pensiun dapat diminta mulai {day}.", "The pension can be asked for from {day}.")
_OLD_ENOUGH = Text(
    "Usia pensiun {age} tahun tercapai pada {day}.", "The pensionable age of {age} was reached on {day}."
)
_OLD_BEFORE_JOINING = Text(
    "Usia pensiun {age} tahun sudah tercapai pada {day}, sebelum menjadi peserta JP. Karena itu pensiun dan "
    "penundaannya dihitung sejak menjadi peserta pada {since}.",
    "The pensionable age of {age} was reached on {day} already, before joining JP. So the pension and its being put "
    "off count from joining on {since}.",
)
_JOINED_LATE_UNREAD = Text(
    "Apakah orang yang sudah mencapai usia pensiun masih dapat menjadi peserta JP belum diperiksa pada naskah; "
    "tanyakan BPJS.",
    "Whether somebody who has reached the pensionable age can still join JP is not verified against the text; ask "
    "BPJS.",
)
_PUT_OFF = Text(
    "Pensiun ditunda paling lama {months} bulan, jadi dihitung mulai {last}.",
    "The pension is put off for at most {months} months, so it begins on {last}.",
)
_FULL = Text(
    "Iuran dibayar {paid} bulan, paling sedikit {full} bulan: pensiun dibayar setiap bulan.",
    "{paid} months are paid, at least {full} are needed: the pension is paid every month.",
)
_TOO_FEW = Text(
    "Iuran dibayar {paid} bulan, kurang dari {full} bulan: tidak ada pensiun bulanan, "
    "iuran dan hasilnya dibayar sekaligus.",
    "{paid} months are paid, fewer than {full}: there is no monthly pension; contributions and their "
    "yield are paid at once.",
)
_DEEMED = Text(
    "Iuran dibayar {paid} dari {registered} bulan sejak terdaftar, paling sedikit {density}: "
    "dihitung sebagai {deemed} bulan.",
    "{paid} of {registered} months since registration are paid, at least {density}: "
    "they count as {deemed} months.",
)
_DENSITY_UNREAD = Text(
    "Apakah bulan kejadian ikut dihitung dalam kepadatan iuran belum diperiksa pada naskah; "
    "di sini menentukan. Lindung tidak menghitungnya.",
    "Whether the month of the event counts in the share of months paid is not verified against the text; "
    "it decides here. Lindung does not count it.",
)
_YEAR_UNREAD = Text(
    "Apakah satu tahun berarti kepesertaan atau iuran belum diperiksa pada naskah; di sini menentukan. "
    "Lindung menghitung kepesertaan.",
    "Whether the year means membership or contributions is not verified against the text; it decides here. "
    "Lindung counts membership.",
)
_SAVINGS = Text(
    "Iuran dan hasil pengembangannya {amount} dibayar sekaligus.",
    "Contributions and their yield of {amount} are paid at once.",
)
_YEARLY = Text(
    "Setiap tahun sesudahnya pensiun naik sesuai inflasi tahun sebelumnya.",
    "Every year after, the pension grows by the inflation of the year before.",
)
_NOBODY = Text(
    "Tidak ada janda, duda, anak atau orang tua yang berhak atas pensiun.",
    "There is no widow, widower, child or parent with a right to the pension.",
)
_SOMEBODY = Text(
    "Periksa lagi apakah ada janda atau duda, anak di bawah batas usia yang belum bekerja dan belum menikah, "
    "atau orang tua.",
    "Check again for a widow or widower, a child below the age limit who neither works nor is married, "
    "or a parent.",
)
_NOBODY_UNREAD = Text(
    "Ke mana iuran dan hasilnya bila tidak ada penerima pensiun belum diperiksa pada naskah; tanyakan BPJS.",
    "Where contributions and yield go when nobody draws the pension is not verified against the text; ask "
    "BPJS.",
)
_BOUND_FIRST = Text(
    "Menunggu ketetapan: bila batas paling sedikit dan paling banyak berlaku sebelum pensiun dibagi, "
    "pensiun sebulan {amount}.",
    "Awaiting determination: if the least and the greatest pension hold before it is shared, "
    "the monthly pension is {amount}.",
)
