"""What the pages of an agreement ask for: the draft, its steps, its papers, its money, and the papers of a year."""

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django import forms
from django.http import QueryDict

from lindung.access.models import Organisation
from lindung.law.money import counted
from lindung.law.text import Text
from lindung.partnership.agreements import SegmentPlan, Terms
from lindung.partnership.budget_years import Turn
from lindung.partnership.models import Agreement, AgreementKind, ArrearsBearer, FundingSource, SourceOrigin
from lindung.partnership.papers import File, NewBearer, NewEnd, NewQuota, PaperEntry, Signed
from lindung.partnership.story import BEARERS
from lindung.web.fields import Day, Faulty, Rupiah, Words, spoken
from lindung.web.sending import PageForm
from lindung.web.words import PROGRAMMES

_PLACE = Text("Tempat ditandatangani", "Place of signing")
_NUMBER = Text("Nomor surat", "Number of the paper")
_SIGNED_ON = Text("Tanggal surat", "Date of the paper")
_SCAN = Text("Pindaian surat", "Scan of the paper")
_SCAN_HINT = Text("PDF, JPG atau PNG, paling besar 10 MB.", "PDF, JPG or PNG, 10 MB at most.")
_BAD_LINE = Text(
    "Tulis satu orang tiap baris: nama; jabatan; pihak pertama, pihak kedua, atau saksi.",
    "Write one person a line: name; office; first party, second party, or witness.",
)
_PARTIES = {
    "pihak pertama": "first", "pertama": "first", "first party": "first", "1": "first",
    "pihak kedua": "second", "kedua": "second", "second party": "second", "2": "second",
    "saksi": "witness", "witness": "witness", "3": "witness",
}  # fmt: skip


KINDS = {
    AgreementKind.SPONSORED: Text(
        "Kota atau dana lain, untuk pesertanya", "The city or another fund, for its members"
    ),
    AgreementKind.INDEPENDENT: Text(
        "Peserta sendiri, lewat wadah", "The participants themselves, through a group"
    ),
}
"""What an agreement is written for; an employer's comes with its unit."""


def _choices(pairs: Iterable[tuple[Any, Text]]) -> list[tuple[Any, Any]]:
    return [(value, spoken(text)) for value, text in pairs]


def _named(text: str) -> Text:
    return Text(text, text)


class TermsForm(PageForm):
    """What an agreement says; the choices are the offices and the sources of its own city."""

    title = Words(max_length=160, label=spoken(Text("Nama kerja sama", "Name of the agreement")))
    paying_office = forms.ChoiceField(label=spoken(Text("Kantor yang membayar", "Paying office")))
    funding_source = forms.ChoiceField(label=spoken(Text("Sumber dana", "Funding source")))
    programmes = forms.MultipleChoiceField(
        label=spoken(Text("Program", "Programmes")),
        choices=_choices(
            (code, Text(f"{code.upper()} ({text.id})", f"{code.upper()} ({text.en})"))
            for code, text in PROGRAMMES.items()
            if code in ("jkk", "jkm", "jht")
        ),
        widget=forms.CheckboxSelectMultiple,
    )
    since = Day(label=spoken(Text("Berlaku mulai", "In force from")))
    until = Day(
        required=False,
        label=spoken(Text("Berakhir sebelum tanggal", "Ends before")),
        help_text=spoken(Text("Kosong berarti tanpa batas akhir.", "Empty means open-ended.")),
    )
    monthly_income = Rupiah(
        required=False,
        label=spoken(Text("Penghasilan sebulan untuk iuran", "Monthly income for the contribution")),
        help_text=spoken(
            Text(
                "Rupiah bulat; kosong berarti golongan terendah.",
                "Whole rupiah; empty means the lowest band.",
            )
        ),
    )
    arrears_borne_by = forms.ChoiceField(
        label=spoken(Text("Siapa menanggung tunggakan menurut PKS", "Who bears arrears by the PKS")),
        choices=_choices(BEARERS.items()),
        initial=ArrearsBearer.UNSAID,
    )

    def __init__(self, *args: Any, sponsor_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = Organisation.objects.filter(pk=sponsor_id) | Organisation.objects.filter(parent=sponsor_id)
        _offer(self, "paying_office", [(office.pk, office.name) for office in offices.order_by("name")])
        _offer(self, "funding_source", sources_of(sponsor_id))

    def terms(self, *, source_id: int | None = None) -> Terms:
        """What was filled in; ``source_id`` where the kind of the agreement says whose money it is."""
        told = self.cleaned_data
        return Terms(
            title=told["title"],
            paying_office_id=int(told["paying_office"]),
            funding_source_id=int(told["funding_source"]) if source_id is None else source_id,
            programmes=tuple(told["programmes"]),
            since=told["since"],
            until=told["until"],
            monthly_income=told["monthly_income"],
            arrears_borne_by=told["arrears_borne_by"],
        )


class SegmentForm(PageForm):
    """A group of workers with its quota."""

    segment_label = Words(max_length=120, label=spoken(Text("Segmen pekerja", "Segment of workers")))
    occupation = Words(
        max_length=80,
        label=spoken(Text("Pekerjaan bila daftar tidak menyebutnya", "Work where the list names none")),
    )
    quota = forms.IntegerField(
        min_value=0, max_value=10_000_000, label=spoken(Text("Kuota orang", "Quota of people"))
    )

    def plan(self, *, funding_source_id: int | None = None) -> SegmentPlan:
        """What was filled in; the code is made of the label."""
        told = self.cleaned_data
        code = "-".join(
            "".join(sign if sign.isalnum() else " " for sign in told["segment_label"].lower()).split()
        )
        return SegmentPlan(
            code[:40], told["segment_label"], told["occupation"], told["quota"], funding_source_id
        )


class OwnSegmentForm(SegmentForm):
    """A further segment, which may be paid from a source of its own."""

    source = forms.ChoiceField(
        required=False,
        label=spoken(Text("Sumber dana segmen ini", "Funding source of this segment")),
    )

    def __init__(self, *args: Any, sponsor_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = ("", spoken(Text("Sama dengan kerja samanya", "Same as the agreement")))
        _offer(self, "source", [own, *sources_of(sponsor_id)])


class NewAgreementForm(TermsForm, SegmentForm):
    """The first draft: its code, its terms and its first segment."""

    kind = forms.ChoiceField(
        label=spoken(Text("Siapa yang membayar iuran", "Who pays the contributions")),
        choices=_choices(KINDS.items()),
        required=False,
        initial=AgreementKind.SPONSORED,
        help_text=spoken(
            Text(
                "Peserta mandiri membayar sendiri lewat wadah; sumber dana dan anggaran tidak diperlukan.",
                "Independent members pay for themselves through a group; no source and no budget are needed.",
            )
        ),
    )
    code = forms.SlugField(
        max_length=40,
        label=spoken(Text("Kode kerja sama", "Code of the agreement")),
        help_text=spoken(
            Text(
                "Huruf, angka dan tanda hubung, misalnya jambi-rentan.",
                "Letters, digits, dashes: jambi-rentan.",
            )
        ),
    )
    field_order = (
        "kind", "code", "title", "paying_office", "funding_source", "programmes", "since", "until", "monthly_income",
        "arrears_borne_by",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["funding_source"].required = self._asks("kind") == AgreementKind.SPONSORED

    def _asks(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name)) or AgreementKind.SPONSORED)


class EditForm(TermsForm):
    """A draft as it was shown; the revision says whether it is still that."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class ConfirmForm(PageForm):
    """A step that needs nothing but the press of a button."""


class ReasonForm(PageForm):
    """A step that says why."""

    reason = Words(max_length=400, label=spoken(Text("Alasan", "Reason")))


class TerminateForm(ReasonForm):
    """From which day, and why."""

    on = Day(label=spoken(Text("Tidak berlaku lagi mulai", "No longer in force from")))
    sure_of = forms.CharField(widget=forms.HiddenInput, max_length=10, required=False)
    field_order = ("on", "reason")

    def is_sure(self) -> bool:
        """Whether whoever sends it was told what stopping on this very day means; else the next page tells."""
        day = str(self.cleaned_data["on"])
        sent = QueryDict(mutable=True)
        sent.update(self.data)
        sent["sure_of"] = day
        self.data = sent
        return bool(self.cleaned_data["sure_of"] == day)


class PaperForm(PageForm):
    """A signed paper: number, place, date, period, parties, who signed, and its scan."""

    number = Words(max_length=80, label=spoken(_NUMBER))
    signed_at = Words(max_length=80, label=spoken(_PLACE))
    signed_on = Day(label=spoken(_SIGNED_ON))
    since = Day(required=False, label=spoken(Text("Berlaku mulai", "In force from")))
    until = Day(required=False, label=spoken(Text("Berakhir sebelum tanggal", "Ends before")))
    first_party = Words(max_length=160, label=spoken(Text("Pihak pertama", "First party")))
    second_party = Words(max_length=160, label=spoken(Text("Pihak kedua", "Second party")))
    signatories = forms.CharField(
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=spoken(Text("Penanda tangan", "Signatories")),
        help_text=spoken(_BAD_LINE),
    )
    file = forms.FileField(
        required=False,
        label=spoken(_SCAN),
        help_text=spoken(_SCAN_HINT),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def clean_signatories(self) -> tuple[Signed, ...]:
        """Everybody named, line by line."""
        lines = [line.strip() for line in self.cleaned_data["signatories"].splitlines()]
        return tuple(_signed(line) for line in lines if line)

    def entry(self, kind: str) -> PaperEntry:
        """What was filled in, as a paper of this kind."""
        told = self.cleaned_data
        return PaperEntry(
            kind=kind,
            number=told["number"],
            signed_at=told["signed_at"],
            signed_on=told["signed_on"],
            first_party=told["first_party"],
            second_party=told["second_party"],
            since=told["since"],
            until=told["until"],
            signatories=told["signatories"],
            file=sent_file(self),
        )


class MouForm(PaperForm):
    """An MoU or a decree beside the PKS."""

    kind = forms.ChoiceField(
        label=spoken(Text("Jenis surat", "Kind of paper")),
        choices=_choices(
            (
                ("mou", Text("MoU (nota kesepahaman)", "MoU")),
                ("pks", Text("PKS baru", "New PKS")),
                ("sk", _named("SK")),
            )
        ),
    )
    field_order = ("kind",)


class AddendumForm(PaperForm):
    """An addendum with what it changes: quotas by segment, the end, who bears arrears."""

    new_end = Day(
        required=False, label=spoken(Text("Akhir kerja sama yang baru", "New end of the agreement"))
    )
    open_end = forms.BooleanField(
        required=False,
        label=spoken(Text("Kerja sama menjadi tanpa batas akhir", "The agreement becomes open-ended")),
    )
    bearer = forms.ChoiceField(
        required=False, label=spoken(Text("Penanggung tunggakan yang baru", "Arrears now borne by"))
    )

    until_was = Day(required=False, widget=forms.HiddenInput)
    bearer_was = Words(widget=forms.HiddenInput)

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._segments = list(agreement.segments.order_by("pk"))
        unchanged = ("", spoken(Text("Tidak berubah", "Unchanged")))
        _offer(self, "bearer", [unchanged, *_choices(BEARERS.items())])
        self.fields["until_was"].initial = agreement.until
        self.fields["bearer_was"].initial = agreement.arrears_borne_by
        for segment in self._segments:
            label = Text("Kuota {label} (sekarang {n})", "Quota of {label} (now {n})")
            self.fields[f"quota_{segment.pk}"] = forms.IntegerField(
                required=False,
                min_value=0,
                max_value=10_000_000,
                label=spoken(label.filled(label=segment.label, n=counted(segment.quota))),
            )
            self.fields[f"was_{segment.pk}"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=segment.quota
            )

    def changes(self) -> tuple[NewQuota | NewEnd | NewBearer, ...]:
        """Only what was filled in and differs."""
        told = self.cleaned_data
        found: list[NewQuota | NewEnd | NewBearer] = [
            NewQuota(segment.pk, told[f"was_{segment.pk}"], told[f"quota_{segment.pk}"])
            for segment in self._segments
            if told.get(f"quota_{segment.pk}") is not None
        ]
        if told["open_end"] or told["new_end"]:
            found.append(NewEnd(told["until_was"], None if told["open_end"] else told["new_end"]))
        if told["bearer"]:
            found.append(NewBearer(told["bearer_was"], told["bearer"]))
        return tuple(change for change in found if change[-1] != change.was)


class BudgetForm(PageForm):
    """Money of a year from one source; a raise or a cut when there is a budget already."""

    kind = forms.ChoiceField(
        label=spoken(Text("Yang dicatat", "What is recorded")),
        choices=_choices(
            (
                ("first", Text("Anggaran tahun itu", "The budget of that year")),
                ("raise", Text("Tambahan anggaran", "A raise of the budget")),
                ("cut", Text("Pengurangan anggaran", "A cut of the budget")),
            )
        ),
    )

    year = forms.IntegerField(
        min_value=2015, max_value=2100, label=spoken(Text("Tahun anggaran", "Budget year"))
    )
    source = forms.ChoiceField(label=spoken(Text("Sumber dana", "Funding source")))
    amount = Rupiah(label=spoken(Text("Jumlah rupiah", "Amount in rupiah")))
    number = Words(max_length=80, label=spoken(Text("Nomor DPA atau DPPA", "Number of the DPA or DPPA")))
    signed_on = Day(label=spoken(_SIGNED_ON))

    def __init__(self, *args: Any, sponsor_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "source", sources_of(sponsor_id))


class SourceForm(PageForm):
    """A pot of money: where it comes from, and its name."""

    origin = forms.ChoiceField(
        label=spoken(Text("Asal dana", "Origin of the money")),
        choices=_choices((origin.value, origin.said) for origin in SourceOrigin),
    )
    name = Words(max_length=120, label=spoken(Text("Nama sumber dana", "Name of the source")))


class YearPaperForm(PageForm):
    """A Perwal, SK or DPA of a year; a Perwal may hold for several, a DPA names its budget code."""

    number = Words(max_length=80, label=spoken(_NUMBER))
    signed_on = Day(label=spoken(_SIGNED_ON))
    last_year = forms.IntegerField(
        required=False,
        min_value=2015,
        max_value=2100,
        label=spoken(Text("Berlaku sampai tahun", "Holds until year")),
    )
    budget_code = Words(
        max_length=80,
        label=spoken(Text("Kode anggaran (rekening belanja)", "Budget code (expenditure line)")),
    )
    file = forms.FileField(
        required=False,
        label=spoken(_SCAN),
        help_text=spoken(_SCAN_HINT),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def __init__(self, *args: Any, paper_kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if paper_kind != "perwal":
            del self.fields["last_year"]
        if paper_kind != "dpa":
            del self.fields["budget_code"]


class TurnForm(PageForm):
    """At whose desk a paper lies, and since when."""

    turn = forms.ChoiceField(
        label=spoken(Text("Sekarang di meja", "Now at the desk of")),
        choices=_choices((turn.value, turn.said) for turn in Turn),
    )
    since = Day(label=spoken(Text("Sejak tanggal", "Since")))

    def clean_since(self) -> date:
        """Nothing lies anywhere from a day that has not come."""
        since: date = self.cleaned_data["since"]
        if since.year < 2015:
            raise Faulty(
                Text("Tanggal ini terlalu lama. Periksa tahunnya.", "This date is too old. Check the year.")
            )
        return since


def _offer(form: forms.Form, field: str, choices: list[tuple[Any, Any]]) -> None:
    cast(forms.ChoiceField, form.fields[field]).choices = choices


def sources_of(sponsor_id: int) -> list[tuple[int, str]]:
    """The pots of money of a city, for a choice."""
    return list(FundingSource.objects.filter(sponsor=sponsor_id).order_by("name").values_list("pk", "name"))


def sent_file(form: PageForm) -> File | None:
    """The scan that was sent along, if any."""
    sent = form.cleaned_data.get("file")
    return File(sent.name[-255:], sent.read()) if sent else None


def _signed(line: str) -> Signed:
    parts = [part.strip() for part in line.split(";")]
    party = _PARTIES.get(parts[2].lower()) if len(parts) == 3 else None
    if party is None or not parts[0] or not parts[1] or len(parts[0]) > 120 or len(parts[1]) > 160:
        raise Faulty(_BAD_LINE)
    if not line.isprintable():
        raise Faulty(_BAD_LINE)
    return Signed(parts[0], parts[1], party)
