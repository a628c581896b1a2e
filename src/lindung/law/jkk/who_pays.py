"""Who pays a JKK benefit first, who pays the shortfall, and what unpaid months hold back: PP 44/2015 P32, P38,
P39."""

from typing import NamedTuple

from lindung.law.decision import Citation, Confidence, Fact, Payment, Step
from lindung.law.jkk.facts import Ending
from lindung.law.money import rupiah
from lindung.law.reading import Read
from lindung.law.scholarship import held_payment, told_only
from lindung.law.text import Text

FIRST_CONTRIBUTION = Citation("PP 44/2015", "6", "2")
EMPLOYER_OWES = Citation("PP 44/2015", "32")
"""P32(2)-(4): under-reported wage, worker not registered, programme not followed."""


class Parted(NamedTuple):
    """The steps that are paid now, and what is paid later."""

    steps: tuple[Step, ...]
    later: tuple[Payment, ...] = ()
    what_would_change: tuple[Text, ...] = ()


def total(steps: tuple[Step, ...]) -> int:
    """The sum of the steps in whole rupiah."""
    return sum(step.amount for step in steps)


# P32: the law counts with the true wage; BPJS pays by what it was told, the employer the rest.


def shortfall(by_law: tuple[Step, ...], by_report: tuple[Step, ...], *, reported: int) -> Parted:
    """Who pays what where the employer reported less than the wage; the whole stays what the law gives."""
    bpjs, whole = total(by_report), total(by_law)
    working: dict[str, Fact] = {"reported_wage": reported, "bpjs": bpjs, "employer": whole - bpjs}
    said = _SHORTFALL.filled(reported=rupiah(reported), bpjs=rupiah(bpjs), employer=rupiah(whole - bpjs))
    return Parted((_explaining(EMPLOYER_OWES, said, working),), (), (_REPORT_TRUE_WAGE,))


def unregistered(steps: tuple[Step, ...]) -> Parted:
    """The employer who did not register his worker in JKK pays all of it."""
    whole = total(steps)
    said = _UNREGISTERED.filled(employer=rupiah(whole))
    step = _explaining(EMPLOYER_OWES, said, {"bpjs": 0, "employer": whole})
    return Parted((*steps, step), (), (_REGISTER,))


def never_paid(steps: tuple[Step, ...]) -> Parted:
    """Without a first contribution cover has not begun (P6(2)): the employer pays all of it."""
    whole = total(steps)
    step = _explaining(
        FIRST_CONTRIBUTION, _NEVER_PAID.filled(employer=rupiah(whole)), {"bpjs": 0, "employer": whole}
    )
    return Parted((*steps, step), (), (_PAY_FIRST,))


# P38: wage earners stay covered; past the limit the employer pays first and reclaims.


def wage_earner_in_arrears(steps: tuple[Step, ...], limit: Read[int], months: int) -> Parted:
    """The same benefit; a step says who pays first."""
    if not months:
        return Parted(steps)
    working: dict[str, Fact] = {"months": months, "limit": limit.value}
    if months <= limit.value:
        return Parted((*steps, _of_arrears(limit, _BPJS_STILL_PAYS, working)))
    first = _of_arrears(limit, _EMPLOYER_FIRST, working)
    return Parted((*steps, first), (), (_EMPLOYER_SETTLES.filled(months=months),))


# P39: a non-wage earner within the limit gets treatment now, and money once recovered and paid up.


def participant_in_arrears(
    steps: tuple[Step, ...], limit: Read[int], months: int, *, ending: Ending | None
) -> Parted:
    """Treatment stays; every cash step becomes one that is held until the arrears are settled.

    The running school year is a payment of its own, so that it stays in sight among the school years.
    """
    if not months:
        return Parted(steps)
    held = tuple(step for step in steps if step.amount and not step.belongs_to("jkk.care"))
    school = tuple(step for step in held if step.belongs_to("jkk.scholarship_now"))
    amount, rest = total(held), total(held) - total(school)
    now = tuple(told_only(step) if step in held else step for step in steps)
    text = _HELD if ending is Ending.DEATH else _HELD_UNTIL_RECOVERED
    said = text.filled(months=months, held=rupiah(amount))
    step = limit.step("jkk.arrears", 0, working={"months": months, "limit": limit.value, "held": amount})
    grants = (Payment("held", rest, {"after": "arrears_paid"}),) if rest else ()
    years = tuple(held_payment(year) for year in school)
    advice = (_SETTLE.filled(months=months),)
    return Parted((step._replace(sentence=said), *now), (*grants, *years), advice)


def _of_arrears(limit: Read[int], sentence: Text, working: dict[str, Fact]) -> Step:
    said = sentence.filled(months=str(working["months"]), limit=limit.value)
    return limit.step("jkk.arrears", 0, working=working)._replace(sentence=said)


def _explaining(citation: Citation, sentence: Text, working: dict[str, Fact]) -> Step:
    return Step("jkk.who_pays", _LABEL, 0, citation, Confidence.READ_IN_LAW, sentence, working)


_LABEL = Text("Siapa membayar", "Who pays")
_SHORTFALL = Text(
    "Upah yang dilaporkan hanya {reported}. Dari santunan ini BPJS Ketenagakerjaan membayar {bpjs}; "
    "kekurangannya {employer} wajib dibayar pemberi kerja.",
    "Only {reported} was reported as the wage. Of these grants BPJS Ketenagakerjaan pays {bpjs}; the "
    "employer must pay the shortfall of {employer}.",
)
_REPORT_TRUE_WAGE = Text(
    "Pemberi kerja perlu melaporkan upah yang sebenarnya supaya BPJS Ketenagakerjaan membayar seluruhnya.",
    "The employer needs to report the true wage so that BPJS Ketenagakerjaan pays all of it.",
)
_UNREGISTERED = Text(
    "Pekerja belum didaftarkan dalam JKK: pemberi kerja wajib membayar seluruhnya, {employer}.",
    "The worker was not registered in JKK: the employer must pay all of it, {employer}.",
)
_NEVER_PAID = Text(
    "Belum ada iuran yang dibayar, jadi perlindungan belum mulai: pemberi kerja wajib membayar seluruhnya, "
    "{employer}.",
    "No contribution has been paid, so cover has not begun: the employer must pay all of it, {employer}.",
)
_PAY_FIRST = Text(
    "BPJS Ketenagakerjaan membayar bila iuran pertama sudah dibayar sebelum kecelakaan.",
    "BPJS Ketenagakerjaan pays if the first contribution was paid before the accident.",
)
_REGISTER = Text(
    "Pekerja yang belum didaftarkan dapat mendaftarkan diri; tagih manfaat ini kepada pemberi kerja.",
    "A worker who was not registered may register himself; claim this benefit from the employer.",
)
_BPJS_STILL_PAYS = Text(
    "{months} bulan belum dibayar, tidak lebih dari {limit} bulan: BPJS Ketenagakerjaan tetap membayar semua "
    "manfaat JKK.",
    "Unpaid months: {months}, not more than {limit}. BPJS Ketenagakerjaan still pays every JKK benefit.",
)
_EMPLOYER_FIRST = Text(
    "{months} bulan belum dibayar, lebih dari {limit} bulan: pemberi kerja membayar manfaat ini lebih dulu. "
    "BPJS Ketenagakerjaan menggantinya setelah tunggakan dan denda lunas.",
    "Unpaid months: {months}, more than {limit}. The employer pays this benefit first. BPJS Ketenagakerjaan "
    "repays him once arrears and fine are settled.",
)
_EMPLOYER_SETTLES = Text(
    "Pemberi kerja perlu melunasi tunggakan {months} bulan dan denda supaya BPJS Ketenagakerjaan membayar.",
    "The employer needs to settle the arrears of {months} months and the fine so that BPJS Ketenagakerjaan "
    "pays.",
)
_HELD = Text(
    "{months} bulan belum dibayar: perawatan tetap dijamin; uang santunan {held} dibayar setelah tunggakan "
    "lunas.",
    "Unpaid months: {months}. Treatment is given; the cash benefit of {held} is paid once the arrears are "
    "settled.",
)
_HELD_UNTIL_RECOVERED = Text(
    "{months} bulan belum dibayar: perawatan tetap dijamin; uang santunan {held} dibayar setelah sembuh dan "
    "tunggakan lunas.",
    "Unpaid months: {months}. Treatment is given; the cash benefit of {held} is paid after recovery and "
    "once the arrears are settled.",
)
_SETTLE = Text(
    "Lunasi tunggakan {months} bulan supaya uang santunan dibayar.",
    "Settle the arrears (unpaid months: {months}) so that the cash benefit is paid.",
)
