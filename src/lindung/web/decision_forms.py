"""What is filled in where this house decides: the value, the letter behind it, its date, and a scan of it."""

from django import forms

from lindung.claims.models import Programme
from lindung.law.text import Text
from lindung.web.fields import Day, Rupiah, Words, spoken
from lindung.web.sending import PageForm

_EMPTY = ("", spoken(Text("– pilih –", "– choose –")))
_STATES = (
    _EMPTY,
    ("active", spoken(Text("Aktif", "Active"))),
    ("inactive", spoken(Text("Nonaktif", "Inactive"))),
)
_NUMBER = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})


class DecisionForm(PageForm):
    """By which letter, of which day, and its scan."""

    letter = Words(
        label=spoken(Text("Nomor surat keputusan", "Number of the decision's letter")), max_length=80
    )
    on = Day(
        label=spoken(Text("Tanggal keputusan", "Date of the decision")),
        help_text=spoken(Text("Tanggal yang tertulis pada suratnya.", "The date written on the letter.")),
    )
    file = forms.FileField(
        required=False,
        label=spoken(Text("Pindaian surat", "Scan of the letter")),
        help_text=spoken(Text("PDF, JPG atau PNG, paling besar 10 MB.", "PDF, JPG or PNG, 10 MB at most.")),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )


class NumberForm(DecisionForm):
    """A member number."""

    field_order = ("number", "letter", "on", "file")

    number = Words(
        label=spoken(Text("Nomor peserta (KPJ)", "Member number (KPJ)")),
        help_text=spoken(Text("11 angka.", "11 digits.")),
        max_length=20,
        widget=_NUMBER,
    )


class StatusForm(DecisionForm):
    """Active or not, since when and why."""

    field_order = ("state", "since", "why", "letter", "on", "file")

    state = forms.ChoiceField(label=spoken(Text("Status", "Status")), choices=_STATES)
    since = Day(label=spoken(Text("Sejak", "Since")))
    why = Words(label=spoken(Text("Sebab", "Reason")), max_length=120, required=False)


class BalanceForm(DecisionForm):
    """A JHT balance on a day."""

    field_order = ("balance", "as_of", "letter", "on", "file")

    balance = Rupiah(label=spoken(Text("Saldo JHT", "JHT balance")))
    as_of = Day(label=spoken(Text("Per tanggal", "As of")))


class CodeForm(DecisionForm):
    """A kode iuran."""

    field_order = ("code", "letter", "on", "file")

    code = Words(
        label=spoken(Text("Kode iuran", "Kode iuran")),
        help_text=spoken(
            Text("Untuk jumlah dan orang pada tagihan ini.", "For the amount and the people of this bill.")
        ),
        max_length=40,
    )


class DeterminationForm(DecisionForm):
    """A benefit: of which programme, for which event, how much."""

    field_order = ("programme", "event_date", "amount", "letter", "on", "file")

    letter = Words(label=spoken(Text("Nomor penetapan", "Number of the determination")), max_length=80)
    programme = forms.ChoiceField(
        label=spoken(Text("Program", "Programme")), choices=[_EMPTY, *Programme.choices]
    )
    event_date = Day(label=spoken(Text("Tanggal kejadian", "Date of the event")))
    amount = Rupiah(label=spoken(Text("Jumlah manfaat", "Amount of the benefit")))
