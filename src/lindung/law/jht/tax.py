"""The income tax on old-age savings (JHT) paid out: final within two calendar years, then ordinary."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from lindung.law.decision import Citation, Confidence, Step
from lindung.law.money import percent, rupiah, share
from lindung.law.months import day_label
from lindung.law.reading import Reading
from lindung.law.text import Text

NOT_FINAL = Citation("PP 68/2009", "6")


class Withdrawal(NamedTuple):
    """Savings that were paid out earlier. Whole rupiah, before tax.

    `partial` says whether the rest stayed in the account; None means that nobody said.
    """

    on: date
    amount: int
    partial: bool | None = None


class Tax(NamedTuple):
    """What is kept back for tax, or why it is not computed here."""

    deductions: tuple[Step, ...]
    explained: tuple[Step, ...]
    what_would_change: tuple[Text, ...]
    final_until: int
    """The last calendar year whose payments are taxed finally."""


class _Cumulated(NamedTuple):
    """This payment on top of the earlier ones, and what of it lies above the untaxed sum."""

    before: int
    exempt: int
    amount: int

    @property
    def whole(self) -> int:
        return self.before + self.amount

    @property
    def above_before(self) -> int:
        return max(0, self.before - self.exempt)

    @property
    def above(self) -> int:
        return max(0, self.whole - self.exempt)

    @property
    def taxed(self) -> int:
        return self.above - self.above_before


def on_savings(
    reading: Reading, *, amount: int, earlier: Iterable[Withdrawal] = (), has_npwp: bool | None
) -> Tax:
    """The tax on `amount` rupiah paid on the day of the reading; None: nobody said whether there is a NPWP.

    Payments of two calendar years count together: nothing up to Rp50,000,000, 5% above, final (PP 68/2009
    P2(2), P5). From the third calendar year after the first payment the ordinary rates hold, not final (P6):
    they depend on all income of the year, so no tax is computed. Raises NoLawForDate.
    """
    past = tuple(earlier)
    first = min((one.on for one in past), default=reading.on)
    last_year = first.year + reading.whole("jht_tax.years").value - 1
    _note_closed_accounts(reading, past)
    if reading.on.year > last_year:
        return _ordinary(reading, first, last_year)
    parts = _Cumulated(
        before=sum(one.amount for one in past), exempt=reading.whole("jht_tax.exempt").value, amount=amount
    )
    return _final(reading, parts, has_npwp=has_npwp, last_year=last_year)


def _note_closed_accounts(reading: Reading, past: tuple[Withdrawal, ...]) -> None:
    if any(one.partial is False for one in past):
        reading.note(_CLOSED_ACCOUNT)


def _ordinary(reading: Reading, first: date, last_year: int) -> Tax:
    reading.note(_NOT_COMPUTED)
    step = Step(
        key="jht.tax_not_computed",
        label=_TAX,
        amount=0,
        citation=NOT_FINAL,
        confidence=Confidence.READ_IN_LAW,
        sentence=_ORDINARY.filled(first=day_label(first), year=last_year),
        working={"first_paid_on": first.isoformat(), "final_until": last_year},
    )
    return Tax((), (step,), (), last_year)


def _final(reading: Reading, parts: _Cumulated, *, has_npwp: bool | None, last_year: int) -> Tax:
    rate = reading.rate("jht_tax.rate")
    used = rate.value
    if parts.taxed and has_npwp is None:
        reading.assume(_HAS_NPWP)
    if parts.taxed and has_npwp is False:
        used *= 1 + reading.rate("jht_tax.no_npwp_surcharge").value
        reading.note(_SURCHARGE_ON_FINAL)
    tax, with_npwp = _tax(reading, parts, used), _tax(reading, parts, rate.value)
    step = rate.step(
        "tax.final", tax, working=_working(parts, used, last_year) | {"tax_with_npwp": with_npwp}
    )
    said = _sentence(parts).filled(
        before=rupiah(parts.before), whole=rupiah(parts.whole), exempt=rupiah(parts.exempt),
        taxed=rupiah(parts.taxed), rate=percent(used), tax=rupiah(tax),
    )  # fmt: skip
    cheaper = (_WITH_NPWP.filled(tax=rupiah(with_npwp)),) if used > rate.value else ()
    return Tax((step._replace(label=_TAX, sentence=said),), (), cheaper, last_year)


def _tax(reading: Reading, parts: _Cumulated, rate: Fraction) -> int:
    """The tax on everything paid so far less the tax on what was paid before: together never more or less."""
    reading.rounded(parts.above, rate)
    reading.rounded(parts.above_before, rate)
    rule = reading.rounding()
    return share(parts.above, rate, rule) - share(parts.above_before, rate, rule)


def _working(parts: _Cumulated, rate: Fraction, last_year: int) -> dict[str, str | int]:
    return {
        "before": parts.before,
        "cumulative": parts.whole,
        "exempt": parts.exempt,
        "base": parts.taxed,
        "rate": str(rate),
        "final_until": last_year,
    }


def _sentence(parts: _Cumulated) -> Text:
    if parts.taxed:
        return _TAXED_TOGETHER if parts.before else _TAXED
    return _UNTAXED_TOGETHER if parts.before else _UNTAXED


_TAX = Text("Pajak penghasilan", "Income tax")
_UNTAXED = Text(
    "Tidak ada pajak: pembayaran {whole} tidak lebih dari {exempt}.",
    "There is no tax: the payment of {whole} is not more than {exempt}.",
)
_UNTAXED_TOGETHER = Text(
    "Tidak ada pajak: bersama pembayaran sebelumnya {before} jumlahnya {whole}, tidak lebih dari {exempt}.",
    "There is no tax: with the earlier payments of {before} it comes to {whole}, not more than {exempt}.",
)
_TAXED = Text(
    "Pajak final {rate} dari {taxed}, bagian di atas {exempt}: {tax}.",
    "Final tax of {rate} on {taxed}, the part above {exempt}: {tax}.",
)
_TAXED_TOGETHER = Text(
    "Bersama pembayaran sebelumnya {before} jumlahnya {whole}. Pajak final {rate} dari {taxed}, bagian "
    "pembayaran ini di atas {exempt}: {tax}.",
    "With the earlier payments of {before} it comes to {whole}. Final tax of {rate} on {taxed}, the part of "
    "this payment above {exempt}: {tax}.",
)
_ORDINARY = Text(
    "Pembayaran pertama sudah terjadi pada {first}. Pajak final hanya sampai akhir tahun {year}; pembayaran "
    "ini kena pajak dengan tarif biasa, dan pajaknya belum dipotong dari jumlah ini.",
    "The first payment was made on {first}. The final tax holds only to the end of {year}; this payment is "
    "taxed at the ordinary rates, and the tax is not yet taken off this sum.",
)
_NOT_COMPUTED = Text(
    "Pajak dengan tarif biasa bergantung pada seluruh penghasilan setahun dan tidak dihitung di sini. Uang "
    "yang diterima bisa lebih kecil; tanyakan kepada BPJS Ketenagakerjaan atau kantor pajak.",
    "Tax at the ordinary rates depends on all income of the year and is not computed here. Less may reach "
    "the hand; ask BPJS Ketenagakerjaan or the tax office.",
)
_HAS_NPWP = Text(
    "Dianggap penerima mempunyai NPWP.", "It is taken for granted that the receiver has a tax number (NPWP)."
)
_SURCHARGE_ON_FINAL = Text(
    "Belum diperiksa pada naskah apakah pajak yang lebih tinggi bagi yang tidak mempunyai NPWP juga berlaku "
    "untuk pajak final JHT.",
    "Whether the higher tax of those without a tax number (NPWP) also holds for the final tax on JHT is not "
    "verified against the text.",
)
_WITH_NPWP = Text("Dengan NPWP pajaknya {tax}.", "With a tax number (NPWP) the tax is {tax}.")
_CLOSED_ACCOUNT = Text(
    "Belum diperiksa pada naskah apakah JHT yang dahulu dibayar penuh ikut dijumlahkan untuk pajak; di sini "
    "ikut dijumlahkan.",
    "Whether savings that were once paid in full count together for the tax is not verified against the "
    "text; here they do.",
)
