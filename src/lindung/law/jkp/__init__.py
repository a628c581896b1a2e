"""The cash of JKP for who was dismissed: the conditions in the order of PP 37/2021, then six months of cash."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from lindung.law.asking_back import MissingFacts
from lindung.law.decision import Alternative, Citation, Confidence, Decision, Fact, Refusal, Step
from lindung.law.eligibility import firm_duties
from lindung.law.eligibility.firm_duties import listed
from lindung.law.jkp import cash as jkp_cash
from lindung.law.jkp.facts import Facts as Facts
from lindung.law.jkp.facts import Reason as Reason
from lindung.law.jkp.facts import answerable, check, in_a_row, lacking, written
from lindung.law.jkp.joining import Joining, age, day_needed, joining
from lindung.law.money import rupiah
from lindung.law.months import day_label, months_later
from lindung.law.parameter import in_force
from lindung.law.reading import Read, Reading
from lindung.law.terms import Programme, Segment
from lindung.law.text import Text
from lindung.law.values import Law, NoLawForDate

PARTICIPANTS = Citation("PP 37/2021", "4")
BEGINS = Citation("PP 37/2021", "50")
EXCLUDED = Citation("PP 37/2021", "20")
FIXED_TERM = Citation("PP 37/2021", "20", "2")


class _Finding(NamedTuple):
    """One condition: the step that says how it stands, and the refusal where it is not met."""

    step: Step
    refusal: Refusal | None = None
    too_late: bool = False


def benefit(facts: Facts, *, known: date | None = None, law: Law | None = None) -> Decision:
    """The cash of all months, by the law of the day of dismissal: PP 37/2021, from 7 Feb 2025 PP 6/2025.

    Where the law changed between dismissal and claim, what the law of the claim gives is an alternative.
    `known` replays the law as known on that day. Raises Contradiction, NoLawForDate, and MissingFacts unless
    the reason or a condition that comes first refuses anyway.
    """
    stored = law or in_force()
    reading = Reading(stored, on=facts.event_date, known=known)
    kept = written(facts, known)
    if not _exists(reading):
        nothing = _refused("jkp.exists", BEGINS, _NO_JKP, _NO_JKP_THEN)
        return reading.decision("jkp", steps=(nothing.step,), facts=kept, refusal=nothing.refusal)
    check(reading, facts)
    steps: list[Step] = []
    for found in _conditions(reading, facts, joining(stored, facts)):
        steps.append(found.step)
        if found.refusal:
            return reading.decision(
                "jkp",
                steps=tuple(steps),
                facts=kept,
                refusal=found.refusal,
                alternatives=_in_spite(reading, facts, found),
            )
    cash = _cash(reading, facts)
    other = _by_law_of_claim(reading, facts, sum(step.amount for step in cash))
    return reading.decision("jkp", steps=(*steps, *cash), facts=kept, alternatives=other)


_WHOLE = (
    "jkp.months_looked_at",
    "jkp.months_needed",
    "jkp.consecutive_months_needed",
    "jkp.cash_rates",
    "jkp.cash_wage_cap",
    "jkp.most_claims",
    "jkp.months_between_claims",
    "jkp.claim_months",
    "jkp.claims_open",
)
"""What PP 37/2021 brought at once: JKP without one of these is no law."""


def _exists(reading: Reading) -> bool:
    """Whether there is JKP on that day. Raises NoLawForDate when only a part of its law is stored."""
    stored = [id for id in _WHOLE if reading.exists(id)]
    if 0 < len(stored) < len(_WHOLE):
        raise NoLawForDate(next(id for id in _WHOLE if id not in stored), reading.on, Programme.JKP.label)
    return bool(stored)


def _conditions(reading: Reading, facts: Facts, joined: Joining) -> Iterator[_Finding]:
    """Every condition in the order of the articles; the first that is not met refuses."""
    yield from _joined(reading, facts, joined)
    yield from _months(reading, facts, joined)
    yield from _reason(reading, facts)
    yield from _earlier(reading, facts)
    yield from _arrears(reading, facts)
    yield from _claimed(reading, facts)


# P4: an Indonesian wage earner who joined below the age limit, in a firm that is in the other programmes.


def _joined(reading: Reading, facts: Facts, joined: Joining) -> Iterator[_Finding]:
    if facts.segment not in (None, Segment.PU):
        yield _refused("jkp.segment", PARTICIPANTS, _ONLY_EMPLOYED, _BE_EMPLOYED)
    if facts.member_since and facts.event_date < facts.member_since:
        words = {"event": day_label(facts.event_date), "since": day_label(facts.member_since)}
        yield _refused("jkp.member", PARTICIPANTS, _NOT_YET_MEMBER.filled(**words), _CHECK_DAYS)
    if facts.indonesian is False:
        yield _refused("jkp.citizen", PARTICIPANTS, _FOREIGN, _BE_INDONESIAN)
    if facts.indonesian is None or facts.segment is None:
        reading.assume(_TAKEN_AS_INDONESIAN)
    yield from _age(reading, facts, joined)
    yield from _programmes(reading, facts)


def _age(reading: Reading, facts: Facts, joined: Joining) -> Iterator[_Finding]:
    if facts.birth_date is None:
        reading.assume(_TAKEN_AS_YOUNG)
        return
    below, step = age(reading, facts.birth_date, joined)
    if below is False:
        yield _against(step, step.sentence, _CHECK_BIRTH)
    elif below:
        yield _Finding(step)


def _programmes(reading: Reading, facts: Facts) -> Iterator[_Finding]:
    if facts.firm_size is None or facts.held is None:
        reading.assume(_TAKEN_AS_IN_ALL)
        return
    step, lacking = firm_duties.lacking_for_jkp(reading, facts.firm_size, facts.held)
    if not lacking:
        yield _Finding(step)
        return
    names = listed(list(lacking))
    yield _against(step, _LACKING.filled(programmes=names), _JOIN_FIRST.filled(programmes=names))


# P19: enough months paid among the last ones; until 6 February 2025 some of them in a row.


def _months(reading: Reading, facts: Facts, joined: Joining) -> Iterator[_Finding]:
    if facts.months_paid is None:
        _ask(reading, facts, joined)
        return
    looked_at = reading.whole("jkp.months_looked_at")
    needed = reading.whole("jkp.months_needed")
    yield _Finding(looked_at.step("jkp.months_looked_at", 0, working={"months": looked_at.value}))
    said = _MONTHS.filled(paid=facts.months_paid, needed=needed.value)
    yield _enough(needed, facts.months_paid, said)
    _ask(reading, facts, joined)
    row = reading.whole("jkp.consecutive_months_needed")
    paid = in_a_row(reading, facts)
    # Who was not dismissed is refused next, whatever was paid in a row.
    if row.value and paid is not None:
        said = _IN_A_ROW if facts.consecutive_months is not None else _IN_A_ROW_FOR_SURE
        yield _enough(row, paid, said.filled(paid=paid, needed=row.value))


def _ask(reading: Reading, facts: Facts, joined: Joining) -> None:
    """Raises MissingFacts, naming at once what still decides; nothing where P20 refuses whatever else is said."""
    if not answerable(reading, facts):
        return
    day = ("member_since",) if day_needed(reading, facts, joined) else ()
    if day or lacking(reading, facts):
        raise MissingFacts(*lacking(reading, facts), *day)


def _enough(needed: Read[int], paid: int, said: Text) -> _Finding:
    step = needed.step("jkp.months", 0, working={"paid": paid, "needed": needed.value})._replace(
        sentence=said
    )
    if paid >= needed.value:
        return _Finding(step)
    return _against(step, said, _PAY_MORE.filled(needed=needed.value))


# P20: not for who left by himself, was disabled, retired or died; fixed-term work only when ended early.


def _reason(reading: Reading, facts: Facts) -> Iterator[_Finding]:
    if facts.reason is Reason.CONTRACT_END:
        reading.note(_CONTRACT_UNREAD)
        yield _refused("jkp.reason", FIXED_TERM, _CONTRACT_ENDED, _END_EARLY)
    elif facts.reason is not Reason.DISMISSAL:
        said = _NOT_DISMISSED.filled(reason=facts.reason.label)
        yield _refused("jkp.reason", EXCLUDED, said, _BE_DISMISSED, Confidence.READ_IN_LAW)


# Not more than so many times in a working life, and so far apart.


def _earlier(reading: Reading, facts: Facts) -> Iterator[_Finding]:
    if facts.earlier_claims is None:
        reading.assume(_TAKEN_AS_FIRST)
    if not facts.earlier_claims:
        return
    most = reading.whole("jkp.most_claims")
    count = len(facts.earlier_claims)
    said = _CLAIMS.filled(count=count, most=most.value)
    step = most.step("jkp.earlier_claims", 0, working={"count": count, "most": most.value})
    if count >= most.value:
        yield _against(step, said, _NO_MORE_CLAIMS)
    yield _Finding(step._replace(sentence=said))
    yield _far_apart(reading, max(facts.earlier_claims), facts.claimed_on or facts.event_date)


def _far_apart(reading: Reading, last: date, now: date) -> _Finding:
    gap = reading.whole("jkp.months_between_claims")
    again = months_later(last, gap.value)
    said = _APART.filled(last=day_label(last), months=gap.value, again=day_label(again))
    working: dict[str, Fact] = {"months": gap.value, "last": last.isoformat(), "again": again.isoformat()}
    step = gap.step("jkp.apart", 0, working=working)._replace(sentence=said)
    return _Finding(step) if now >= again else _against(step, said, _CLAIM_LATER.filled(day=day_label(again)))


# P39A, from 7 February 2025: a bankrupt or closed employer that owes contributions.


def _arrears(reading: Reading, facts: Facts) -> Iterator[_Finding]:
    if facts.months_in_arrears is None:
        reading.assume(_TAKEN_AS_PAID)
    if not facts.months_in_arrears:
        return
    if not (facts.employer_closed and reading.exists("jkp.arrears_limit")):
        reading.note(_ARREARS_UNREAD.filled(months=facts.months_in_arrears))
        return
    limit = reading.whole("jkp.arrears_limit")
    words: dict[str, str | int | Text] = {"months": facts.months_in_arrears, "limit": limit.value}
    working: dict[str, Fact] = {"months": facts.months_in_arrears, "limit": limit.value}
    step = limit.step("jkp.arrears", 0, working=working)
    if facts.months_in_arrears <= limit.value:
        yield _Finding(step._replace(sentence=_STILL_PAID.filled(**words)))
        return
    yield _against(step, _OWES_TOO_MUCH.filled(**words), _SETTLE)


# P40: claimed in time.


def _claimed(reading: Reading, facts: Facts) -> Iterator[_Finding]:
    window = reading.whole("jkp.claim_months")
    last = months_later(facts.event_date, window.value)
    if facts.claimed_on is None:
        reading.assume(_TAKEN_AS_IN_TIME)
    opened = reading.at(facts.claimed_on or last).whole("jkp.claims_open")
    if opened.value != 1:
        step = opened.step("jkp.claims_open", 0, working={"open": opened.value})
        yield _against(step, _NOT_OPEN, _CLAIM_WHEN_OPEN)
    words: dict[str, str | int | Text] = {"months": window.value, "last": day_label(last)}
    step = window.step("jkp.claim", 0, working={"months": window.value, "last": last.isoformat()})
    said = _IN_TIME.filled(**words)
    if facts.claimed_on is None or facts.claimed_on <= last:
        yield _Finding(step._replace(sentence=said))
        return
    late = _LATE.filled(**words, claimed=day_label(facts.claimed_on))
    working = {**step.working, "claimed_on": facts.claimed_on.isoformat()}
    yield _against(step._replace(working=working), late, _TOO_LATE)._replace(too_late=True)


# P21: the cash of each month stands in jkp_cash.


def _cash(reading: Reading, facts: Facts) -> tuple[Step, ...]:
    if facts.wage is None:
        raise MissingFacts("wage")
    return tuple(jkp_cash.months(reading, facts.wage))


def _by_law_of_claim(reading: Reading, facts: Facts, total: int) -> tuple[Alternative, ...]:
    """What the law of the day of the claim would give, where that is something else."""
    if facts.claimed_on is None:
        return ()
    then = reading.at(facts.claimed_on)
    other = sum(step.amount for step in _cash(then, facts))
    if other == total:
        return ()
    citation = then.rate_in("jkp.cash_rates", "1").citation
    return (Alternative(other, _LAW_OF_CLAIM.filled(amount=rupiah(other)), citation),)


def _in_spite(reading: Reading, facts: Facts, found: _Finding) -> tuple[Alternative, ...]:
    """What another reading would give all the same: the law of the claim, or a contract's end as dismissal."""
    if found.step.key == "jkp.reason" and answerable(reading, facts):
        total = sum(step.amount for step in _cash(reading, facts))
        said = _CONTRACT_AS_DISMISSAL.filled(amount=rupiah(total))
        return (Alternative(total, said, reading.rate_in("jkp.cash_rates", "1").citation),)
    if not found.too_late or facts.claimed_on is None:
        return ()
    window = reading.at(facts.claimed_on).whole("jkp.claim_months")
    if facts.claimed_on > months_later(facts.event_date, window.value):
        return ()
    return _by_law_of_claim(reading, facts, 0)


def _against(step: Step, fact: Text, would_change: Text) -> _Finding:
    return _Finding(step._replace(sentence=fact), Refusal(step.citation, fact, would_change))


def _refused(
    key: str,
    citation: Citation,
    fact: Text,
    would_change: Text,
    confidence: Confidence = Confidence.SECONDARY,
) -> _Finding:
    step = Step(key, Programme.JKP.label, 0, citation, confidence, fact, {})
    return _Finding(step, Refusal(citation, fact, would_change))


_NO_JKP = Text("Pada hari itu belum ada JKP.", "There was no JKP on that day yet.")
_NO_JKP_THEN = Text(
    "JKP ada bagi yang diputus hubungan kerjanya sesudah aturan JKP berlaku.",
    "There is JKP for who is dismissed after its law began.",
)
_ONLY_EMPLOYED = Text("Hanya pekerja penerima upah (PU) yang ikut JKP.", "Only wage earners (PU) are in JKP.")
_BE_EMPLOYED = Text(
    "JKP berlaku bagi pekerja yang punya hubungan kerja dan didaftarkan oleh pemberi kerja.",
    "JKP holds for who is in an employment relation and registered by the employer.",
)
_NOT_YET_MEMBER = Text(
    "Pada {event} belum menjadi peserta JKP; kepesertaan mulai {since}.",
    "On {event} there was no membership of JKP yet; it begins on {since}.",
)
_CHECK_DAYS = Text(
    "Manfaat ada bila kejadian sesudah kepesertaan mulai. Periksa kedua tanggal.",
    "There is a benefit when the event is after membership began. Check both days.",
)
_FOREIGN = Text("JKP hanya untuk warga negara Indonesia.", "JKP is for Indonesian citizens only.")
_BE_INDONESIAN = Text(
    "Manfaat ada bila pekerja warga negara Indonesia.", "There is a benefit for an Indonesian citizen."
)
_TAKEN_AS_INDONESIAN = Text(
    "Dianggap warga negara Indonesia dan penerima upah.", "Taken to be an Indonesian wage earner."
)
_TAKEN_AS_YOUNG = Text(
    "Dianggap belum mencapai batas usia saat menjadi peserta JKP.",
    "Taken to have been below the age limit on joining JKP.",
)
_CHECK_BIRTH = Text(
    "Periksa tanggal lahir dan tanggal menjadi peserta JKP.",
    "Check the birth date and the day of joining JKP.",
)
_TAKEN_AS_IN_ALL = Text(
    "Dianggap sudah ikut semua program yang disyaratkan menurut skala usaha.",
    "Taken to be in every programme that the size of the firm requires.",
)
_LACKING = Text(
    "Pekerja belum ikut {programmes}, padahal disyaratkan untuk JKP.",
    "The worker is not in {programmes}, which JKP requires.",
)
_JOIN_FIRST = Text(
    "Manfaat ada bila pekerja sudah diikutkan dalam {programmes}.",
    "There is a benefit when the worker is in {programmes}.",
)
_MONTHS = Text(
    "Di antaranya dibayar iuran {paid} bulan; paling sedikit {needed} bulan.",
    "Of these {paid} months are paid; at least {needed} are needed.",
)
_IN_A_ROW = Text(
    "Iuran dibayar {paid} bulan berturut-turut; paling sedikit {needed} bulan.",
    "{paid} months in a row are paid; at least {needed} are needed.",
)
_IN_A_ROW_FOR_SURE = Text(
    "Dengan iuran sebanyak itu pasti ada {paid} bulan berturut-turut atau lebih; paling sedikit {needed} bulan.",
    "With so many paid months {paid} or more are sure to be in a row; at least {needed} months are needed.",
)
_PAY_MORE = Text(
    "Manfaat ada bila {needed} bulan itu terpenuhi. Periksa apakah semua iuran sudah tercatat.",
    "There is a benefit once those {needed} months are met. Check that every contribution is recorded.",
)
_NOT_DISMISSED = Text(
    "JKP tidak diberikan bila sebabnya {reason}.", "JKP is not given when the cause is {reason}."
)
_BE_DISMISSED = Text(
    "JKP diberikan bila pemberi kerja memutus hubungan kerja.",
    "JKP is given when the employer ends the employment.",
)
_CONTRACT_ENDED = Text(
    "Kontrak berakhir pada waktunya, bukan diputus lebih awal: tidak ada JKP.",
    "The contract ended in time and was not cut short: there is no JKP.",
)
_END_EARLY = Text(
    "JKP diberikan bila pemberi kerja memutus kontrak sebelum waktunya.",
    "JKP is given when the employer ends the contract early.",
)
_CONTRACT_UNREAD = Text(
    "Bahwa berakhirnya kontrak pada waktunya tidak memberi JKP berasal dari kutipan, belum diperiksa pada "
    "naskah.",
    "That a contract's end in time gives no JKP is from a quotation, not verified against the text.",
)
_CONTRACT_AS_DISMISSAL = Text(
    "Menunggu ketetapan: bila berakhirnya kontrak dihitung sebagai pemutusan hubungan kerja, JKP "
    "seluruhnya {amount}.",
    "Awaiting determination: if the end of a contract counts as dismissal, JKP is {amount} in all.",
)
_TAKEN_AS_FIRST = Text("Dianggap belum pernah menerima JKP.", "Taken never to have drawn JKP before.")
_CLAIMS = Text(
    "JKP sudah pernah diterima {count} kali; paling banyak {most} kali selama usia kerja.",
    "JKP was drawn {count} times before; at most {most} times in a working life.",
)
_NO_MORE_CLAIMS = Text(
    "Periksa apakah semua klaim terdahulu benar atas nama pekerja ini.",
    "Check that every earlier claim really is of this worker.",
)
_APART = Text(
    "Klaim terakhir {last}; klaim berikutnya paling cepat {months} bulan sesudahnya, {again}.",
    "The last claim was on {last}; the next comes {months} months later at the earliest, {again}.",
)
_CLAIM_LATER = Text(
    "JKP dapat diberikan lagi untuk klaim mulai {day}.", "JKP can be given again for claims from {day}."
)
_TAKEN_AS_PAID = Text("Dianggap pengusaha tidak menunggak iuran.", "Taken: the employer owes nothing.")
_ARREARS_UNREAD = Text(
    "Pengusaha menunggak {months} bulan. Apakah itu menahan JKP belum diperiksa pada naskah; Lindung tidak "
    "menahannya.",
    "The employer owes {months} months. Whether that holds JKP back is not verified against the text; "
    "Lindung does not.",
)
_STILL_PAID = Text(
    "Perusahaan pailit atau tutup dan menunggak {months} bulan, paling lama {limit} bulan: JKP tetap dibayar.",
    "The employer is bankrupt or closed and owes {months} months, at most {limit}: JKP is still paid.",
)
_OWES_TOO_MUCH = Text(
    "Perusahaan pailit atau tutup dan menunggak {months} bulan, lebih dari {limit} bulan.",
    "The employer is bankrupt or closed and owes {months} months, more than {limit}.",
)
_SETTLE = Text(
    "Minta pengusaha melunasi tunggakan, lalu tanyakan BPJS Ketenagakerjaan.",
    "Have the employer settle the arrears, then ask BPJS Ketenagakerjaan.",
)
_TAKEN_AS_IN_TIME = Text("Dianggap klaim diajukan tepat waktu.", "The claim is taken to be in time.")
_NOT_OPEN = Text("Pada waktu itu klaim JKP belum dibuka.", "JKP claims were not open yet at that time.")
_CLAIM_WHEN_OPEN = Text("Ajukan setelah klaim JKP dibuka.", "Claim once JKP claims are open.")
_IN_TIME = Text(
    "Klaim paling lambat {months} bulan sejak pemutusan hubungan kerja, yaitu {last}.",
    "The claim must come within {months} months of the dismissal, by {last}.",
)
_LATE = Text(
    "Klaim diajukan {claimed}, lewat {months} bulan sejak pemutusan hubungan kerja, yaitu {last}.",
    "The claim came on {claimed}, past {months} months from the dismissal, {last}.",
)
_TOO_LATE = Text(
    "Periksa tanggal pemutusan hubungan kerja dan tanggal klaim.",
    "Check the day of the dismissal and the day of the claim.",
)
_LAW_OF_CLAIM = Text(
    "Menunggu ketetapan: bila aturan pada hari klaim yang berlaku, JKP seluruhnya {amount}.",
    "Awaiting determination: if the law of the day of the claim holds, JKP is {amount} in all.",
)
