"""What a lasting injury gives: the disability table of PP 44/2015 Lampiran III, part lost or function lost."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from lindung.law.decision import Fact, Step
from lindung.law.jkk.losses import (
    BOTH,
    COUNTED,
    HOLDS,
    LABELS,
    MEASURED,
    MOST,
    RANGED,
    UNLISTED,
    VISUAL_EFFICIENCY,
    other_side,
)
from lindung.law.jkk.rounding import Part, rounded_once
from lindung.law.money import NotAnAmount, percent, rupiah, share
from lindung.law.reading import Read, Reading
from lindung.law.text import Text, joined

TABLE = "jkk.disability.table"


class Eyes(NamedTuple):
    """How well each eye still sees, from 0 (blind) to 1."""

    best: Fraction
    worst: Fraction


@dataclass(frozen=True, slots=True)
class Injury:
    """One lasting injury: its code in the table, which part is lost, and how many times the line counts.

    `loss` is the part of the function that is lost, or for a range the assessed part of its greatest value;
    `count` the fingers or toes, or tens of decibel or of percent. `eyes` may stand instead of `count` for
    lost visual efficiency.
    """

    code: str
    loss: Fraction
    count: int = 1
    eyes: Eyes | None = None

    def __str__(self) -> str:
        """The injury as one fact of a decision: right_thumb 1/1 1."""
        seen = tuple(_written(eye) for eye in self.eyes) if self.eyes else ()
        return " ".join((self.code, _written(self.loss), str(self.count), *seen))


class UnfitInjury(ValueError):
    """Cacat ini tidak dapat dinilai. / This injury cannot be assessed."""

    def __init__(self, place: int, field: str, code: str, text: Text) -> None:
        super().__init__(f"{place}: {text.id} / {text.en}")
        self.place = place
        self.field = field
        self.code = code
        self.text = text


class _Assessed(NamedTuple):
    """One injury with its line of the table, how many times that counts, and the share of the whole it makes."""

    injury: Injury
    line: str
    row: Read[Fraction]
    times: int
    rate: Fraction


def partial(
    reading: Reading, injuries: tuple[Injury, ...], *, left_handed: bool, base: int, functional: bool
) -> tuple[Step, ...]:
    """The benefit for lasting injuries, one step each; `base` is the monthly wage in whole rupiah.

    1. A lost part gives the percentage of the table of 80 times the wage; a lost function that share of it.
    2. For a left-handed worker the values of left and right change places.
    3. Several injuries add, at most the percentage of total disability; a last step says so. The whole is
       rounded once.

    PP 44/2015 P25, PP 82/2019 P I, Lampiran III. Raises UnfitInjury, NotAnAmount, NoLawForDate.
    """
    if base < 0:
        raise NotAnAmount(NotAnAmount.__doc__)
    check(reading, injuries, functional=functional)
    multiple = reading.whole("jkk.wage_months").value
    together = _put_together(injuries)
    each = [_assessed(reading, one, left_handed=left_handed) for one in together]
    parts = rounded_once(reading, base, [one.rate * multiple for one in each])
    steps = tuple(_step(reading, one, part, multiple, base) for one, part in zip(each, parts, strict=True))
    rates = sum((one.rate for one in each), Fraction(0))
    if not _adds(reading, together, rates):
        return steps
    return (*steps, _together(reading, rates, multiple, base, paid=sum(step.amount for step in steps)))


def binocular_efficiency(reading: Reading, eyes: Eyes) -> Fraction:
    """How well both eyes see together: (3 x best + worst) / 4. The divisor is inferred, not printed."""
    weight = reading.whole("jkk.disability.vision.best_weight").value
    return (weight * eyes.best + eyes.worst) / reading.whole("jkk.disability.vision.divisor").value


def _put_together(injuries: tuple[Injury, ...]) -> tuple[Injury, ...]:
    """The same fingers or toes, lost to the same part, as one injury that counts as many times."""
    found: dict[tuple[str, Fraction], Injury] = {}
    for one in injuries:
        same = found.get((one.code, one.loss))
        found[one.code, one.loss] = replace(one, count=same.count + one.count) if same else one
    return tuple(found.values())


def _assessed(reading: Reading, injury: Injury, *, left_handed: bool) -> _Assessed:
    line = other_side(injury.code) if left_handed else injury.code
    row = reading.rate_in(TABLE, line)
    times = _tens_lost(reading, injury.eyes) if injury.eyes else injury.count
    return _Assessed(injury, line, row, times, row.value * injury.loss * times)


def _step(reading: Reading, assessed: _Assessed, part: Part, multiple: int, base: int) -> Step:
    injury, line, row, times, rate = assessed
    working: dict[str, Fact] = {
        "line": line,
        "percent": _written(row.value),
        "loss": _written(injury.loss),
        "count": times,
        "rate": _written(rate),
        "multiple": multiple,
        "base": base,
        **({"paid_before": part.before} if part.before else {}),
        "rounding": reading.rounding().value,
    }
    if injury.eyes:
        working["efficiency"] = _written(binocular_efficiency(reading, injury.eyes))
    step = row.step(f"jkk.disability.{injury.code}", part.amount, base=base, working=working)
    said = _sentence(reading, assessed, multiple, base, amount=part.amount)
    swapped = (_SWAPPED,) if line != injury.code else ()
    return step._replace(label=LABELS[injury.code], sentence=joined((said, *swapped, *part.remark)))


def _sentence(reading: Reading, assessed: _Assessed, multiple: int, base: int, *, amount: int) -> Text:
    made = _made(reading, assessed.row, assessed.injury, assessed.times)
    return _OF_WAGE.filled(
        what=LABELS[assessed.injury.code],
        made=joined((*made, Text("jadi ", "so ")), ", ") if made else Text("", ""),
        rate=percent(assessed.rate),
        multiple=multiple,
        base=rupiah(base),
        amount=rupiah(amount),
    )


def _tens_lost(reading: Reading, eyes: Eyes) -> int:
    """How many whole tens of percent of the visual efficiency are lost."""
    reading.note(_ONLY_WHOLE_TENS)
    return int((1 - binocular_efficiency(reading, eyes)) * 10)


def _made(reading: Reading, row: Read[Fraction], injury: Injury, count: int) -> tuple[Text, ...]:
    """What made the rate where it is not simply the value of the line."""
    made = []
    if injury.eyes:
        made.append(_SEES.filled(efficiency=percent(binocular_efficiency(reading, injury.eyes))))
    if count != 1 or injury.eyes:
        made.append(_COUNTED.filled(count=count, percent=row.shown))
    elif injury.loss != 1:
        made.append((_GREATEST if injury.code in RANGED else _WORTH).filled(percent=row.shown))
    if injury.loss != 1:
        made.append((_ASSESSED if injury.code in RANGED else _FUNCTION).filled(loss=percent(injury.loss)))
    return tuple(made)


# Several injuries: the percentages add, at most as much as total disability gives.


def _adds(reading: Reading, injuries: tuple[Injury, ...], rates: Fraction) -> bool:
    """Whether several losses meet: several lines, a line counted more than once, more than any one line."""
    repeated = any(one.count > 1 and one.code not in MEASURED for one in injuries)
    greatest = max(Fraction(row.value) for row in reading.table(TABLE).rows)
    return len(injuries) > 1 or repeated or rates > greatest


def _together(reading: Reading, rates: Fraction, multiple: int, base: int, *, paid: int) -> Step:
    most = reading.rate("jkk.disability.most")
    over = rates > most.value
    taken = paid - share(base, most.value * multiple, reading.rounding()) if over else 0
    if over:
        reading.rounded(base, most.value * multiple)
    working: dict[str, Fact] = {
        "rates": _written(rates),
        "most": _written(most.value),
        "multiple": multiple,
        "base": base,
        "paid": paid - taken,
    }
    said = (_OVER if over else _TOGETHER).filled(
        rates=percent(rates), most=most.shown, taken=rupiah(taken), paid=rupiah(paid - taken)
    )
    return most.step("jkk.disability.together", -taken, working=working)._replace(sentence=said)


# What cannot be assessed: said with the injury and the field at fault, never a number.


def check(reading: Reading, injuries: tuple[Injury, ...], *, functional: bool) -> None:
    """Raise UnfitInjury for the first injury that the table cannot hold, naming the field at fault."""
    for place, injury in enumerate(injuries):
        faults = (
            *_code_faults(injury, injuries[:place], injuries),
            *_count_faults(injury, injuries[:place]),
            *_eyes_faults(injury),
            *_loss_faults(reading, injury, functional=functional),
        )
        for field, code, text in faults[:1]:
            raise UnfitInjury(place, field, code, text)


_Fault = tuple[str, str, Text]


def _code_faults(injury: Injury, before: tuple[Injury, ...], all_: tuple[Injury, ...]) -> Iterator[_Fault]:
    if injury.code in UNLISTED:
        yield "code", "not_in_table", UNLISTED[injury.code]
    elif injury.code not in LABELS:
        yield "code", "unknown_word", _UNKNOWN.filled(known=", ".join(LABELS))
    if injury.code not in COUNTED and injury.code in [other.code for other in before]:
        yield "code", "repeated", _repeated(injury.code)
    for other in all_:
        if injury.code in HOLDS.get(other.code, ()):
            yield "code", "held", _HELD.filled(what=LABELS[injury.code], whole=LABELS[other.code])


def _repeated(code: str) -> Text:
    """What to write instead of a line that stands there twice."""
    if code in MEASURED:
        return _MEASURED_ONCE.filled(what=LABELS[code])
    if code in BOTH:
        return _WRITE_BOTH.filled(what=LABELS[code], both=BOTH[code])
    return _REPEATED.filled(what=LABELS.get(code, _THIS))


def _count_faults(injury: Injury, before: tuple[Injury, ...]) -> Iterator[_Fault]:
    most = MOST.get(injury.code, 1)
    counted = sum(other.count for other in before if other.code == injury.code)
    if not 1 <= injury.count <= most:
        yield "count", "not_a_count", _COUNT.filled(most=most)
    elif injury.code in COUNTED and counted + injury.count > most:
        total = counted + injury.count
        yield "count", "not_a_count", _TOO_MANY.filled(what=LABELS[injury.code], total=total, most=most)


def _eyes_faults(injury: Injury) -> Iterator[_Fault]:
    if injury.eyes is None:
        return
    best, worst = injury.eyes
    if injury.code != VISUAL_EFFICIENCY:
        yield "best_eye", "out_of_place", _EYES
    if not 0 <= worst <= best <= 1:
        yield "worst_eye", "contradiction", _WORST


def _loss_faults(reading: Reading, injury: Injury, *, functional: bool) -> Iterator[_Fault]:
    if not 0 < injury.loss <= 1:
        yield "loss", "not_a_fraction", _LOSS
    elif injury.code in RANGED:
        least = reading.rate_in("jkk.disability.least", injury.code).value
        greatest = Fraction(reading.table(TABLE).row(injury.code).value)
        if injury.loss * greatest < least:
            yield "loss", "below_least", _LEAST.filled(least=percent(least), greatest=percent(greatest))
    elif injury.loss != 1 and (not functional or injury.code in MEASURED):
        yield "loss", "out_of_place", _WHOLE


def _written(rate: Fraction) -> str:
    return f"{rate.numerator}/{rate.denominator}"


_OF_WAGE = Text(
    "Santunan cacat {what}: {made}{rate} dari {multiple} kali upah sebulan {base}, yaitu {amount}.",
    "Disability benefit, {what}: {made}{rate} of {multiple} times the monthly wage of {base}, which is "
    "{amount}.",
)
_SEES = Text("daya lihat kedua mata bersama {efficiency}", "both eyes together see {efficiency}")
_COUNTED = Text("{count} kali {percent}", "{count} times {percent}")
_WORTH = Text("nilainya {percent}", "it is worth {percent}")
_GREATEST = Text("nilai tertingginya {percent}", "its greatest value is {percent}")
_FUNCTION = Text("fungsi hilang {loss}", "{loss} of the function is lost")
_ASSESSED = Text("dinilai {loss} dari itu", "assessed at {loss} of that")
_SWAPPED = Text(
    "Karena kidal, dipakai nilai sisi sebelahnya.",
    "Because the worker is left-handed, the value of the other side is used.",
)
_TOGETHER = Text(
    "Semua cacat dijumlahkan: {rates}, tidak lebih dari {most}.",
    "All injuries are added: {rates}, not more than {most}.",
)
_OVER = Text(
    "Semua cacat dijumlahkan: {rates}, tetapi paling banyak {most}. Dikurangi {taken}, menjadi {paid}.",
    "All injuries are added: {rates}, but at most {most}. {taken} is taken off, which leaves {paid}.",
)
_ONLY_WHOLE_TENS = Text(
    "Bahwa hanya tiap 10% penuh daya lihat yang hilang dihitung belum diperiksa pada naskah.",
    "That only each full 10% of lost visual efficiency counts is not verified against the text.",
)
_UNKNOWN = Text(
    "Cacat ini tidak ada dalam tabel. Pilih salah satu: {known}.",
    "The table has no such injury. Choose one of: {known}.",
)
_THIS = Text("cacat ini", "this injury")
_REPEATED = Text(
    "{what} tertulis dua kali, padahal hanya ada satu. Hapus salah satu.",
    "{what} stands here twice, yet there is only one. Remove one of them.",
)
_MEASURED_ONCE = Text(
    "{what} tertulis dua kali. Tulis sekali, dengan berapa kali 10 di count.",
    "{what} stands here twice. Write it once, with how many tens in count.",
)
_WRITE_BOTH = Text(
    "{what} tertulis dua kali. Bila keduanya hilang, tulis sekali {both}.",
    "{what} stands here twice. If both are lost, write {both} once.",
)
_HELD = Text(
    "{what} sudah termasuk dalam {whole}. Hapus salah satu.",
    "{what} is already part of {whole}. Remove one of them.",
)
_COUNT = Text("Jumlah cacat ini harus dari 1 sampai {most}.", "The count of this injury must be 1 to {most}.")
_TOO_MANY = Text(
    "{what}: semuanya {total}, padahal paling banyak {most}. Perbaiki jumlahnya.",
    "{what}: {total} in all, yet there are at most {most}. Correct the count.",
)
_EYES = Text(
    "best_eye dan worst_eye hanya untuk visual_efficiency_per_10.",
    "best_eye and worst_eye are for visual_efficiency_per_10 only.",
)
_WORST = Text(
    "Mata yang lebih buruk tidak boleh lebih baik daripada mata yang lebih baik.",
    "The worse eye cannot see better than the better eye.",
)
_LOSS = Text("loss harus lebih dari nol, paling banyak 1/1.", "loss must be more than zero, at most 1/1.")
_LEAST = Text(
    "loss adalah bagian dari {greatest}; hasilnya paling sedikit {least}.",
    "loss is a part of {greatest}; the result must be at least {least}.",
)
_WHOLE = Text(
    "loss di bawah 1/1 hanya untuk fungsi anggota tubuh yang berkurang (partial_functional).",
    "loss below 1/1 is only for a function that is lessened (partial_functional).",
)
