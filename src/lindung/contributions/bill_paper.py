"""A bill on paper, for the treasury's file: what is owed, by which articles, when, and what follows if nobody pays."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from lindung.access.models import Organisation
from lindung.contributions import bills, branch_word, unpaid
from lindung.contributions.bills import BillPage, KelurahanShare
from lindung.contributions.branch_records import ContributionCode
from lindung.contributions.dues import segment_of
from lindung.contributions.models import Bill
from lindung.contributions.unpaid import Unpaid
from lindung.documents.paper import Paper, Section, Signature, Table
from lindung.documents.pdf import pdf
from lindung.engine.clock import JAKARTA
from lindung.law.contributions.due import due_date
from lindung.law.money import counted, rupiah
from lindung.law.months import Month, day_label
from lindung.law.spelled import spelled_rupiah
from lindung.partnership.models import Paper as SignedPaper
from lindung.partnership.models import PaperKind

WATERMARKS = {"draft": "KONSEP", "cancelled": "DIBATALKAN", "superseded": "SUDAH DIGANTI"}
"""What lies across a bill that is not to be paid, by its status."""
SIGNERS = (
    Signature("Pejabat Pelaksana Teknis Kegiatan (PPTK)"),
    Signature("Bendahara Pengeluaran"),
    Signature("Kuasa Pengguna Anggaran (KPA)"),
)
_STATES = {
    "draft": "konsep, belum berlaku",
    "final": "belum lunas",
    "paid": "lunas",
    "cancelled": "dibatalkan",
    "superseded": "diganti tagihan lain",
}
_NOBODY = "Tidak ada orang dari tagihan ini yang dapat dilihat oleh pencetak."


class ChargeSaid(NamedTuple):
    """What a bill asks for beside its contributions: why, in words, and whole rupiah."""

    words: str
    amount: int


class Known(NamedTuple):
    """What the caller knows beside the bill: its charges, the rupiah that wait for it, how its books can be proved."""

    charges: tuple[ChargeSaid, ...] = ()
    held: int | None = None
    fingerprint: str = ""


NOTHING_MORE = Known()


class Taken(NamedTuple):
    """Who takes a paper out, and when."""

    by: str
    at: datetime

    @property
    def words(self) -> str:
        """As it stands at the foot of every page."""
        at = self.at.astimezone(JAKARTA)
        return f"Dicetak oleh {self.by}, {day_label(at.date()).id} pukul {at:%H.%M} · Lindung"


def bill_pdf(bill_id: int, *, on: date, taken: Taken, known: Known = NOTHING_MORE) -> bytes:
    """A bill as PDF, as it stands on the day. Raises Bill.DoesNotExist when it is not in scope."""
    return pdf(bill_paper(bill_id, on=on, taken=taken, known=known), on=taken.at)


def bill_paper(bill_id: int, *, on: date, taken: Taken, known: Known = NOTHING_MORE) -> Paper:
    """What stands on a bill's paper. Raises Bill.DoesNotExist when it is not in scope."""
    shown = bills.page_of(bill_id, on=on)
    bill = Bill.objects.select_related("agreement", "sponsor").get(pk=bill_id)
    losses = unpaid.if_unpaid(bill_id, on=on)
    sections = (
        _asked(shown, known.charges),
        _law(shown),
        _dues(bill),
        *((_funds(shown),) if shown.sources else ()),
        *((_left(shown, known.held),) if known.held is not None else ()),
        *((_if_unpaid(losses),) if losses else ()),
        _annex(shown.kelurahan),
    )
    return Paper(
        title=f"Tagihan iuran {shown.bill.month.label.id}",
        letterhead=letterhead(bill.sponsor, shown.bill.office),
        under=f"Jaminan sosial ketenagakerjaan · {shown.bill.title}",
        facts=_facts(shown, bill, branch_word.current_codes(bill)),
        figure=rupiah(shown.bill.total),
        in_words=spelled_rupiah(shown.bill.total),
        sections=sections,
        signatures=() if shown.bill.status in WATERMARKS else SIGNERS,
        watermark=WATERMARKS.get(shown.bill.status, ""),
        made=taken.words,
        fingerprint=known.fingerprint,
    )


def letterhead(sponsor: Organisation, office: str) -> tuple[str, ...]:
    """Whose paper it is, in capitals: the government above its office, or one line where they are the same."""
    lines = (sponsor.name,) if sponsor.name == office else (sponsor.name, office)
    return tuple(line.upper() for line in lines)


def signed_number(agreement_id: int) -> str:
    """Number and day of the newest PKS of an agreement; a dash where none is recorded."""
    signed = SignedPaper.objects.filter(agreement_id=agreement_id, kind=PaperKind.PKS)
    newest = signed.order_by("-signed_on", "-pk").first()
    return f"{newest.number}, {day_label(newest.signed_on).id}" if newest else "–"


def table_of(rows: Sequence[tuple[str, ...]], heads: tuple[str, ...], total: tuple[str, ...] = ()) -> Table:
    """A table whose first column is words and whose others are amounts."""
    return Table(heads, tuple(rows), right=tuple(range(1, len(heads))), total=total)


def _facts(shown: BillPage, bill: Bill, codes: Sequence[ContributionCode]) -> tuple[tuple[str, str], ...]:
    row = shown.bill
    return (
        ("Nomor tagihan", f"{row.code}/{row.month}/{row.id}"),
        ("Kerja sama", f"{row.title} ({row.code})"),
        ("Perjanjian kerja sama (PKS)", signed_number(row.agreement_id)),
        ("Dibayar oleh", "peserta sendiri" if bill.membership_id else row.office),
        ("Bulan iuran", row.month.label.id),
        ("Jumlah peserta", f"{counted(row.people).id} orang"),
        ("Keadaan", f"{_STATES.get(row.status, row.status)} ({row.badge.id})"),
        *((("Kode iuran", _code(each))) for each in codes),
    )


def _code(code: ContributionCode) -> str:
    people = counted(code.people).id
    said = day_label(code.said_on).id
    return f"{code.code}: {rupiah(code.amount)} untuk {people} orang, surat {said} ({code.badge.id})"


def _asked(shown: BillPage, charges: Sequence[ChargeSaid]) -> Section:
    rows = [(f"Iuran {name.upper()}", rupiah(amount)) for name, amount in shown.programmes]
    rows += [(charge.words, rupiah(charge.amount)) for charge in charges]
    total = ("Jumlah tagihan", rupiah(shown.bill.total))
    return Section("Yang ditagih", (), table_of(rows, ("Uraian", "Rupiah"), total))


def _law(shown: BillPage) -> Section:
    said = []
    for tariff in shown.tariffs:
        articles = "; ".join(dict.fromkeys(step.article.id for step in tariff.steps))
        people = counted(tariff.people).id
        said.append(f"{people} orang ({tariff.whom.id}), masing-masing {rupiah(tariff.each)}: {articles}.")
    if shown.more_tariffs:
        said.append(f"Dan {counted(shown.more_tariffs).id} keputusan tarif lain, tersimpan di Lindung.")
    return Section("Dasar hitungan", tuple(said))


def _dues(bill: Bill) -> Section:
    segment, month = segment_of(bill.agreement), Month.of(bill.month)
    rows = []
    for programme in bill.agreement.programmes:
        due = due_date(segment=segment, programme=programme, month=month)
        rows.append((programme.upper(), day_label(due.on).id, due.citation.text.id))
    return Section("Paling lambat dibayar", (), Table(("Program", "Jatuh tempo", "Dasar"), tuple(rows)))


def _funds(shown: BillPage) -> Section:
    rows = [(share.name, counted(share.people).id, rupiah(share.amount)) for share in shown.sources]
    return Section("Sumber dana", (), table_of(rows, ("Sumber", "Orang", "Rupiah")))


def _left(shown: BillPage, held: int) -> Section:
    left = max(0, shown.bill.total - held)
    return Section(
        "Titipan dan sisa bayar",
        (
            f"Sudah dititipkan untuk tagihan ini: {rupiah(held)}.",
            f"Masih harus dibayar: {rupiah(left)} ({spelled_rupiah(left)}).",
        ),
    )


def _if_unpaid(losses: Unpaid) -> Section:
    said = []
    for group in losses.groups:
        people = counted(group.people).id
        if group.paid_until is None:
            said.append(
                f"{people} orang belum punya bulan lunas: tanpa pembayaran ini mereka tidak terlindungi."
            )
        elif group.ends_on is None:
            said.append(
                f"{people} orang, lunas sampai {group.paid_until.label.id}: menjadi tunggakan pemberi kerja."
            )
        else:
            said.append(
                f"{people} orang, lunas sampai {group.paid_until.label.id}: perlindungan berakhir "
                f"{day_label(group.ends_on).id} bila tidak ada yang dibayar lagi."
            )
    said += [f"{stage.text.id} ({stage.article.id})" for stage in losses.after_limit]
    return Section("Bila tidak dibayar", tuple(said))


def _annex(shares: Sequence[KelurahanShare]) -> Section:
    title = "Lampiran: per kecamatan dan kelurahan"
    if not shares:
        return Section(title, (_NOBODY,), apart=True)
    rows = [
        (each.kecamatan or "–", each.name, counted(each.people).id, rupiah(each.amount)) for each in shares
    ]
    people, amount = sum(each.people for each in shares), sum(each.amount for each in shares)
    total = ("Jumlah", "", counted(people).id, rupiah(amount))
    heads = ("Kecamatan", "Kelurahan", "Orang", "Iuran")
    return Section(title, (), Table(heads, tuple(rows), right=(2, 3), total=total), apart=True)
