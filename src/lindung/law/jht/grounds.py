"""When old-age savings (JHT) may be paid: each reason with its condition, and the day it is met."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from lindung.law.decision import Citation, Confidence, Fact, Refusal, Step
from lindung.law.jht.tax import Withdrawal
from lindung.law.months import birthday, day_label, months_later
from lindung.law.reading import Read, Reading
from lindung.law.terms import Term
from lindung.law.text import Text

BENEFIT = Citation("PP 46/2015", "22")
NO_HEIRS = Citation("PP 46/2015", "23")
BEFORE_LEAVING_RULES = Citation("PP 46/2015", "26")
READ = Confidence.READ_IN_LAW
_MONTHS_OF_YEAR = 12


class ImpossibleClaim(ValueError):
    """Hari-hari dalam klaim ini tidak mungkin. / The days of this claim are impossible."""


class Reason(Term):
    """Why savings are asked for: PP 46/2015 P22, Permenaker 4/2022."""

    RETIREMENT = "retirement"
    RESIGNATION = "resignation"
    DISMISSAL = "dismissal"
    CONTRACT_END = "contract_end"
    STOPPED_WORK = "stopped_work"
    DEATH = "death"
    TOTAL_DISABILITY = "total_disability"
    LEAVING_COUNTRY = "leaving_country"
    PARTIAL_10 = "partial_10"
    PARTIAL_30 = "partial_30"

    @property
    def label(self) -> Text:
        """The reason as people read it."""
        return _LABELS[self]

    @property
    def is_partial(self) -> bool:
        """Whether only a part of the savings is asked for."""
        return self in (Reason.PARTIAL_10, Reason.PARTIAL_30)


class Claim(NamedTuple):
    """The facts that open or close the account; `on` is the day on which the savings would be paid."""

    reason: Reason
    event_date: date
    on: date
    birth_date: date | None
    left_work_on: date | None
    member_since: date | None
    retirement_age: int | None
    has_heirs: bool | None
    foreigner: bool | None
    earlier: tuple[Withdrawal, ...] | None


class Ground(NamedTuple):
    """Why the savings may be paid, or the refusal; the steps move no money."""

    steps: tuple[Step, ...]
    refusal: Refusal | None = None
    not_yet: Text | None = None
    """How another reading of the waiting time would refuse, on the day where it matters."""
    what_would_change: tuple[Text, ...] = ()


def ground_of(paying: Reading, claim: Claim, age: Read[int]) -> Ground:
    """Whether this reason opens the savings on the day of the reading. Raises ImpossibleClaim when the fact
    that the reason needs is lacking."""
    return _GROUNDS[claim.reason](paying, claim, age)


def before_membership(age: Read[int], event: date, since: date) -> Ground:
    """Nothing can be saved before membership."""
    days = {"event": day_label(event), "since": day_label(since)}
    step = _said(age, {"event_date": event.isoformat(), "member_since": since.isoformat()})
    return Ground((step,), Refusal(BENEFIT, _NOT_A_MEMBER.filled(**days), _CHECK_MEMBERSHIP))


# PP 46/2015 P22: in full at 56; Permenaker 4/2022 P6(1): or at the retirement age of the work contract.


def _retirement(paying: Reading, claim: Claim, age: Read[int]) -> Ground:
    born = _needed(claim.birth_date)
    by_age = _at_age(claim, age, born)
    if claim.retirement_age is None or claim.retirement_age >= age.value or by_age.refusal is None:
        return by_age
    if not paying.exists("jht.waiting.contract_retirement"):
        return by_age
    waiting = paying.whole("jht.waiting.contract_retirement")
    reached = birthday(born, claim.retirement_age)
    payable = months_later(reached, waiting.value)
    step = _said(
        waiting,
        {"age": claim.retirement_age, "months": waiting.value, "payable_from": payable.isoformat()},
        _CONTRACT_AGE.filled(age=claim.retirement_age, day=day_label(reached)),
    )
    if claim.on < payable:
        return Ground((step,), _too_young(waiting.citation, claim.retirement_age, payable))
    return Ground((step,), what_would_change=(_MAY_WAIT,))


def _at_age(claim: Claim, age: Read[int], born: date) -> Ground:
    reached = birthday(born, age.value)
    step = _said(age, {"age": age.value, "payable_from": reached.isoformat()})
    if claim.on < reached:
        return Ground((step,), _too_young(age.citation, age.value, reached))
    said = _OLD_ENOUGH.filled(age=age.value, day=day_label(reached))
    return Ground((step._replace(sentence=said),), what_would_change=(_MAY_WAIT,))


def _too_young(citation: Citation, age: int, reached: date) -> Refusal:
    day = day_label(reached)
    return Refusal(citation, _TOO_YOUNG.filled(age=age, day=day), _ASK_FROM.filled(day=day))


# PP 46/2015 P22 and P23: death and permanent total disability.


def _death(paying: Reading, claim: Claim, _: Read[int]) -> Ground:
    if claim.has_heirs is None:
        paying.assume(_HAS_HEIRS)
    if claim.has_heirs is False:
        return Ground((_plain(claim.reason, NO_HEIRS, _TO_STATE),))
    return Ground((_plain(claim.reason, BENEFIT, _TO_HEIRS),))


def _total_disability(_: Reading, claim: Claim, __: Read[int]) -> Ground:
    return Ground((_plain(claim.reason, BENEFIT, _DISABLED),))


# PP 60/2015 and the rules of the minister: payment after leaving work, before the age of 56.


def _left_work(paying: Reading, claim: Claim, age: Read[int]) -> Ground:
    if claim.left_work_on is None:
        paying.assume(_LEFT_AT_EVENT)
    return _after_waiting(paying, claim, age, since=claim.left_work_on or claim.event_date)


def _leaving_country(paying: Reading, claim: Claim, age: Read[int]) -> Ground:
    if claim.foreigner is None:
        paying.assume(_IS_FOREIGNER)
    ground = _after_waiting(paying, claim, age, since=claim.event_date)
    if claim.foreigner is False and ground.refusal is None and not _old_enough(claim, age):
        refusal = Refusal(ground.steps[0].citation, _NOT_FOREIGN, _OTHER_REASON.filled(age=age.value))
        return Ground((_said(age, {"age": age.value}),), refusal)
    return ground


def _after_waiting(paying: Reading, claim: Claim, age: Read[int], *, since: date) -> Ground:
    if claim.birth_date is not None and _old_enough(claim, age):
        return _at_age(claim, age, claim.birth_date)
    id = f"jht.waiting.{claim.reason.value}"
    if not paying.exists(id):
        return _not_yet_a_reason(paying, claim, age)
    return _waited(claim, paying.whole(id), since=since)


def _waited(claim: Claim, waiting: Read[int], *, since: date) -> Ground:
    payable = months_later(since, waiting.value)
    words = {
        "since": day_label(since),
        "day": day_label(payable),
        "on": day_label(claim.on),
        "months": _months(waiting.value),
    }
    days = {"since": since.isoformat(), "payable_from": payable.isoformat(), "on": claim.on.isoformat()}
    step = _said(waiting, {"months": waiting.value, **days})
    if claim.on < payable:
        fact = (_STILL_WAITING if waiting.value else _NOT_LEFT).filled(**words)
        return Ground((step,), Refusal(waiting.citation, fact, _ASK_FROM.filled(**words)))
    said = (_WAITED if waiting.value else _NO_WAITING).filled(**words)
    unsettled = claim.on == payable and waiting.value > 0
    return Ground(
        (step._replace(sentence=said),), not_yet=_MUST_EXCEED.filled(**words) if unsettled else None
    )


def _old_enough(claim: Claim, age: Read[int]) -> bool:
    return claim.birth_date is not None and claim.on >= birthday(claim.birth_date, age.value)


def _not_yet_a_reason(paying: Reading, claim: Claim, age: Read[int]) -> Ground:
    paying.note(_OLD_TEXT_UNREAD)
    step = _said(age, {"age": age.value, "on": claim.on.isoformat()})
    fact = _NO_REASON_YET.filled(on=day_label(claim.on), reason=claim.reason.label)
    return Ground((step,), Refusal(BEFORE_LEAVING_RULES, fact, _OTHER_REASON.filled(age=age.value)))


# PP 46/2015 P22(4)-(5): a part, once, after ten years of membership.


def _partial(paying: Reading, claim: Claim, age: Read[int]) -> Ground:
    taken = [one for one in claim.earlier or () if one.partial is not False]
    times, years = paying.whole("jht.partial.times"), paying.whole("jht.partial.years")
    if len(taken) >= times.value:
        return _taken_already(paying, taken, times, age)
    since = _needed(claim.member_since)
    full = months_later(since, years.value * _MONTHS_OF_YEAR)
    days = {"since": day_label(since), "day": day_label(full)}
    working: dict[str, Fact] = {
        "years": years.value,
        "member_since": since.isoformat(),
        "payable_from": full.isoformat(),
    }
    if claim.on < full:
        fact = _TOO_NEW.filled(years=years.value, **days)
        refusal = Refusal(years.citation, fact, _ASK_FROM.filled(day=days["day"]))
        return Ground((_said(years, working),), refusal)
    return Ground((_said(years, working, _LONG_ENOUGH.filled(years=years.value, **days)),))


def _taken_already(paying: Reading, taken: list[Withdrawal], times: Read[int], age: Read[int]) -> Ground:
    if any(one.partial is None for one in taken):
        paying.assume(_WAS_PARTIAL)
    first = min(one.on for one in taken) if taken else paying.on
    step = _said(times, {"times": times.value, "taken_on": first.isoformat(), "age": age.value})
    fact = _TAKEN.filled(day=day_label(first), times=times.value)
    return Ground((step,), Refusal(times.citation, fact, _REST_LATER.filled(age=age.value)))


_GROUNDS: Mapping[Reason, Callable[[Reading, Claim, Read[int]], Ground]] = {
    Reason.RETIREMENT: _retirement,
    Reason.RESIGNATION: _left_work,
    Reason.DISMISSAL: _left_work,
    Reason.CONTRACT_END: _left_work,
    Reason.STOPPED_WORK: _left_work,
    Reason.DEATH: _death,
    Reason.TOTAL_DISABILITY: _total_disability,
    Reason.LEAVING_COUNTRY: _leaving_country,
    Reason.PARTIAL_10: _partial,
    Reason.PARTIAL_30: _partial,
}


def _months(count: int) -> Text:
    return Text(f"{count} bulan", f"{count} month" if count == 1 else f"{count} months")


def _needed(day: date | None) -> date:
    if day is None:
        raise ImpossibleClaim(ImpossibleClaim.__doc__)
    return day


def _said(rule: Read[int], working: Mapping[str, Fact], sentence: Text | None = None) -> Step:
    step = rule.step("jht.ground", 0, working={"value": rule.value, **working})
    return step if sentence is None else step._replace(sentence=sentence)


def _plain(reason: Reason, citation: Citation, sentence: Text) -> Step:
    return Step("jht.ground", reason.label, 0, citation, READ, sentence, {"reason": reason.value})


_LABELS = {
    Reason.RETIREMENT: Text("usia pensiun", "retirement age"),
    Reason.RESIGNATION: Text("mengundurkan diri", "resignation"),
    Reason.DISMISSAL: Text("pemutusan hubungan kerja", "dismissal"),
    Reason.CONTRACT_END: Text("kontrak kerja berakhir", "end of a fixed-term contract"),
    Reason.STOPPED_WORK: Text("peserta BPU berhenti bekerja", "a non-wage earner stops working"),
    Reason.DEATH: Text("meninggal dunia", "death"),
    Reason.TOTAL_DISABILITY: Text("cacat total tetap", "permanent total disability"),
    Reason.LEAVING_COUNTRY: Text("orang asing meninggalkan Indonesia", "a foreigner leaves Indonesia"),
    Reason.PARTIAL_10: Text("sebagian JHT untuk keperluan lain", "part of JHT for other needs"),
    Reason.PARTIAL_30: Text("sebagian JHT untuk rumah", "part of JHT for housing"),
}
_NOT_A_MEMBER = Text(
    "Kejadian pada {event} terjadi sebelum menjadi peserta pada {since}: belum ada tabungan JHT.",
    "The event on {event} was before membership began on {since}: there are no JHT savings yet.",
)
_CHECK_MEMBERSHIP = Text(
    "Periksa tanggal kejadian dan tanggal mulai menjadi peserta.",
    "Check the day of the event and the day membership began.",
)
_OLD_ENOUGH = Text("Usia {age} tahun tercapai pada {day}.", "The age of {age} was reached on {day}.")
_CONTRACT_AGE = Text(
    "Usia pensiun menurut perjanjian kerja, {age} tahun, tercapai pada {day}.",
    "The retirement age of the work contract, {age}, is reached on {day}.",
)
_TOO_YOUNG = Text("Usia {age} tahun baru tercapai pada {day}.", "The age of {age} is reached only on {day}.")
_ASK_FROM = Text("JHT dapat dibayar mulai {day}.", "JHT can be paid from {day}.")
_MAY_WAIT = Text("Peserta boleh menunda pembayaran JHT.", "The participant may put off the payment of JHT.")
_HAS_HEIRS = Text("Dianggap ada ahli waris.", "It is taken for granted that there are heirs.")
_TO_HEIRS = Text(
    "Peserta meninggal: tabungan JHT dibayar kepada ahli waris.",
    "The participant died: the JHT savings are paid to the heirs.",
)
_TO_STATE = Text(
    "Peserta meninggal tanpa ahli waris: tabungan JHT diserahkan kepada balai harta peninggalan.",
    "The participant died without heirs: the JHT savings go to the state heritage office.",
)
_DISABLED = Text(
    "Cacat total tetap: tabungan JHT dibayar kepada peserta.",
    "Permanent total disability: the JHT savings are paid to the participant.",
)
_LEFT_AT_EVENT = Text(
    "Dianggap berhenti bekerja pada hari kejadian.", "Work is taken to have ended on the day of the event."
)
_IS_FOREIGNER = Text(
    "Dianggap peserta orang asing yang meninggalkan Indonesia untuk selamanya.",
    "The participant is taken to be a foreigner who leaves Indonesia for good.",
)
_NOT_FOREIGN = Text(
    "Alasan meninggalkan Indonesia hanya untuk orang asing.",
    "Leaving Indonesia is a reason for foreigners only.",
)
_OTHER_REASON = Text(
    "JHT dibayar pada usia {age} tahun, karena cacat total tetap, atau kepada ahli waris bila peserta "
    "meninggal.",
    "JHT is paid at the age of {age}, on permanent total disability, or to the heirs on death.",
)
_STILL_WAITING = Text(
    "Masa tunggu {months} sejak {since} belum selesai pada {on}.",
    "The waiting time of {months} since {since} is not over on {on}.",
)
_NOT_LEFT = Text("Pada {on} peserta belum berhenti bekerja.", "On {on} work has not ended yet.")
_WAITED = Text(
    "Masa tunggu {months} sejak {since} selesai pada {day}.",
    "The waiting time of {months} since {since} was over on {day}.",
)
_NO_WAITING = Text(
    "Tanpa masa tunggu: JHT dapat dibayar mulai {day}.", "Without waiting: JHT can be paid from {day}."
)
_MUST_EXCEED = Text(
    "Menunggu ketetapan: bila {day} masih termasuk masa tunggu {months}, JHT baru dibayar esok harinya.",
    "Awaiting determination: if {day} still belongs to the waiting time of {months}, JHT is paid "
    "only from the next day.",
)
_OLD_TEXT_UNREAD = Text(
    "Belum diperiksa pada naskah apakah PP 46/2015, sebelum diubah PP 60/2015, sudah mengenal alasan ini.",
    "Whether PP 46/2015 knew this reason before PP 60/2015 changed it is not verified against the text.",
)
_NO_REASON_YET = Text(
    "Pada {on} belum ada aturan yang membayar JHT karena alasan ini: {reason}.",
    "On {on} no rule paid JHT for this reason yet: {reason}.",
)
_TOO_NEW = Text(
    "Peserta sejak {since}: {years} tahun kepesertaan baru tercapai pada {day}.",
    "A member since {since}: {years} years of membership are reached only on {day}.",
)
_LONG_ENOUGH = Text(
    "Peserta sejak {since}: {years} tahun kepesertaan tercapai pada {day}.",
    "A member since {since}: {years} years of membership were reached on {day}.",
)
_WAS_PARTIAL = Text(
    "Dianggap pengambilan JHT yang dahulu itu pengambilan sebagian.",
    "The earlier withdrawal is taken to have been a partial one.",
)
_TAKEN = Text(
    "Sebagian JHT sudah diambil pada {day}; pengambilan sebagian hanya {times} kali.",
    "A part of JHT was taken on {day}; the number of times allowed is {times}.",
)
_REST_LATER = Text(
    "Sisa tabungan dibayar pada usia {age} tahun, atau setelah berhenti bekerja.",
    "The rest is paid at the age of {age}, or after work has ended.",
)
