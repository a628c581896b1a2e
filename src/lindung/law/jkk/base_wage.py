"""The monthly wage that JKK benefits are taken of, and what BPJS was told of it: PP 44/2015 P20, P28, P32."""

from typing import NamedTuple

from lindung.law.asking_back import Contradiction
from lindung.law.decision import Citation, Confidence, Step
from lindung.law.jkk.facts import Facts, WorkerKind
from lindung.law.money import rupiah
from lindung.law.reading import Reading
from lindung.law.terms import Segment
from lindung.law.text import Text

LAST_WAGE = Citation("PP 44/2015", "32", "1")
LOWEST_WAGE = Citation("PP 44/2015", "28")
CHOSEN_BAND = Citation("PP 44/2015", "20", "2", "II")
BANDS = "bpu.bands"


class Base(NamedTuple):
    """Whole rupiah a month: what the law counts with, and what BPJS was told where that is less."""

    amount: int
    reported: int
    step: Step

    @property
    def is_under_reported(self) -> bool:
        """Whether the employer told BPJS less than he pays."""
        return self.reported < self.amount


def base_of(reading: Reading, facts: Facts) -> Base:
    """The base of these facts. Raises Contradiction for a base that is not there or is zero."""
    if not facts.is_wage_earner:
        step = _band(reading, facts)
        return Base(step.amount, step.amount, _explaining(step))
    if facts.segment is Segment.CONSTRUCTION:
        reading.note(_CONSTRUCTION)
    step = _wage(facts) if facts.worker_kind is WorkerKind.WORKER else _deemed(facts)
    reported = step.amount if facts.reported_wage is None else facts.reported_wage
    if reported > step.amount:
        reading.note(_OVER_REPORTED)
    return Base(step.amount, min(reported, step.amount), _explaining(step))


def check(reading: Reading, facts: Facts) -> None:
    """Refuse a base that the table cannot hold or that is not the base of the income given, and a wage of zero,
    also where nothing is computed from them. Raises Contradiction, NoLawForDate.

    Who is no worker may well have no wage: the lowest wage of the job counts then.
    """
    if facts.is_wage_earner:
        worker = facts.worker_kind is WorkerKind.WORKER
        field, wage = ("wage", facts.wage) if worker else ("lowest_wage", facts.lowest_wage)
        if wage is not None:
            _positive(field, wage)
        return
    if facts.base is None:
        return
    _check_bounds(reading, _positive("base", facts.base))
    if facts.income is None:
        return
    own = int(reading.amount_in(BANDS, facts.income).value)
    if own != facts.base:
        words = {"income": rupiah(facts.income), "own": rupiah(own), "base": rupiah(facts.base)}
        raise Contradiction("base", _OTHER_BAND.filled(**words))


def _check_bounds(reading: Reading, base: int) -> None:
    bases = [int(row.value) for row in reading.table(BANDS).rows]
    if not min(bases) <= base <= max(bases):
        bounds = {"least": rupiah(min(bases)), "most": rupiah(max(bases))}
        raise Contradiction("base", code="not_a_base", text=_OUT_OF_TABLE.filled(**bounds))


# P32(1): the last wage at the time of the accident, without a cap.


def _wage(facts: Facts) -> Step:
    wage = _positive("wage", facts.wage)
    return _step(wage, LAST_WAGE, _LAST_WAGE)


# P28: who is not a worker by contract is deemed to earn the lowest wage of the same job.


def _deemed(facts: Facts) -> Step:
    lowest = _positive("lowest_wage", facts.lowest_wage)
    return _step(lowest, LOWEST_WAGE, _DEEMED.filled(base="{base}", kind=facts.worker_kind.label))


# P20(2) with Lampiran II: a non-wage earner has the base of the band that was chosen.


def _band(reading: Reading, facts: Facts) -> Step:
    if facts.base is None:
        if facts.income is None:
            raise Contradiction("base", code="missing_fact", text=_NO_BASE)
        return _from_row(reading, facts.income)
    base = _positive("base", facts.base)
    key = next((int(row.key) for row in reading.table(BANDS).rows if row.value == base), None)
    if key is not None:
        return _from_row(reading, key)
    _check_bounds(reading, base)
    reading.note(_NOT_IN_TABLE.filled(base=rupiah(base)))
    return _step(base, CHOSEN_BAND, _TYPED)._replace(confidence=Confidence.UNVERIFIED)


def _from_row(reading: Reading, income: int) -> Step:
    row = reading.amount_in(BANDS, income)
    step = row.step("jkk.base", row.value, working={"base": row.value})
    return step._replace(label=_LABEL, sentence=_BAND.filled(base=rupiah(row.value)))


def _step(base: int, citation: Citation, sentence: Text) -> Step:
    said = sentence.filled(base=rupiah(base))
    return Step("jkk.base", _LABEL, base, citation, Confidence.READ_IN_LAW, said, {"base": base})


def _explaining(step: Step) -> Step:
    """The base itself is not paid."""
    return step._replace(amount=0)


def _positive(field: str, amount: int | None) -> int:
    if amount is None:
        raise Contradiction(field, code="missing_fact", text=_NO_BASE)
    if amount <= 0:
        raise Contradiction(field, code="no_wage", text=_NO_WAGE)
    return amount


_LABEL = Text("Dasar upah", "Wage base")
_LAST_WAGE = Text(
    "Dasar upah {base} sebulan: upah terakhir pada saat kecelakaan.",
    "Wage base {base} a month: the last wage at the time of the accident.",
)
_DEEMED = Text(
    "Dasar upah {base} sebulan: {kind} dianggap menerima upah terendah untuk pekerjaan yang sama.",
    "Wage base {base} a month: this {kind} is deemed to earn the lowest wage of the same job.",
)
_OUT_OF_TABLE = Text(
    "Dasar upah peserta BPU dari {least} sampai {most}. Periksa base, atau tulis penghasilannya sebagai income.",
    "The base of a non-wage earner is from {least} to {most}. Check base, or give the income as income.",
)
_OTHER_BAND = Text(
    "Penghasilan {income} masuk golongan dengan dasar upah {own}, bukan {base}. Hapus base, atau perbaiki salah satu.",
    "An income of {income} belongs to the band with the base {own}, not {base}. Remove base, or correct one of "
    "them.",
)
_TYPED = Text(
    "Dasar upah {base} sebulan, seperti yang disebutkan.", "Wage base {base} a month, as it was given."
)
_BAND = Text(
    "Dasar upah {base} sebulan, menurut golongan penghasilan yang dipilih peserta.",
    "Wage base {base} a month, by the income band that the participant chose.",
)
_NOT_IN_TABLE = Text(
    "Dasar upah {base} tidak ada dalam tabel golongan penghasilan; santunan dihitung dari dasar yang "
    "disebut. Periksa pada kartu atau bukti iuran.",
    "The wage base {base} is not in the table of income bands; the benefit is computed from the base as "
    "given. Check it on the card or the proof of contribution.",
)
_CONSTRUCTION = Text(
    "Manfaat JKK pekerja jasa konstruksi dihitung seperti penerima upah; hal ini belum diperiksa pada naskah.",
    "JKK benefits of construction workers are computed as for wage earners; this is not verified against "
    "the text.",
)
_OVER_REPORTED = Text(
    "Upah yang dilaporkan lebih besar dari upah terakhir. Santunan dihitung dari upah terakhir; hal ini "
    "belum diperiksa pada naskah.",
    "The reported wage is more than the last wage. The benefit is computed from the last wage; this is not "
    "verified against the text.",
)
_NO_BASE = Text(
    "Dasar upah belum disebut. Tambahkan upah, atau dasar upah bagi peserta BPU.",
    "The wage base is not given. Add the wage, or the wage base of a non-wage earner.",
)
_NO_WAGE = Text(
    "Upah harus lebih dari nol. Periksa jumlahnya.", "The wage must be more than zero. Check the amount."
)
