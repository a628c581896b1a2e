"""Shows a decision of the law on a terminal: its steps with their articles, the sums, and every sentence."""

import click

from lindung.cli.layout import show_facts, show_table
from lindung.cli.speaking import say
from lindung.law.decision import Decision, Payment, Step
from lindung.law.money import rupiah
from lindung.law.text import Text, joined

_HEADINGS = (
    Text("Langkah", "Step"),
    Text("Jumlah", "Amount"),
    Text("Dasar", "Basis"),
    Text("Keyakinan", "Confidence"),
)


def show_decision(decision: Decision, *, is_benefit: bool) -> None:
    """The outcome, the money by step, the sums, later payments, and the sentences to read aloud."""
    paid = any(step.amount for step in decision.steps)
    if is_benefit or decision.refusal:
        say(_GRANTED if decision.granted else _REFUSED)
    if paid:
        show_table(_HEADINGS, [_row(step) for step in decision.steps], right=(1,))
        click.echo("")
        show_facts(_sums(decision))
    if decision.schedule:
        click.echo("")
        show_table(_LATER, [_later(payment) for payment in decision.schedule], right=(1,))
    if paid or decision.refusal:
        click.echo("")
    articles = {step.sentence: step.citation.text for step in decision.steps + decision.deductions}
    for sentence in decision.sentences:
        say(
            _WITH_ARTICLE.filled(said=sentence, source=articles[sentence])
            if sentence in articles
            else sentence
        )
    click.echo("")


_WITH_ARTICLE = Text("{said} ({source})", "{said} ({source})")
_GRANTED = Text("Berhak menurut peraturan.", "Granted by the regulations.")
_REFUSED = Text("Tidak berhak menurut peraturan.", "Refused by the regulations.")
_LATER = (Text("Dibayar kemudian", "Paid later"), Text("Jumlah", "Amount"), Text("Keterangan", "About"))


def _row(step: Step) -> tuple[object, ...]:
    return step.label, rupiah(step.amount), step.citation.text, step.confidence.label


def _later(payment: Payment) -> tuple[object, ...]:
    about = [
        _ABOUT[name].filled(value=_WORDS.get(str(value), str(value))) for name, value in payment.about.items()
    ]
    return _KINDS[payment.key], rupiah(payment.amount), joined(tuple(about), ", ")


_KINDS = {
    "scholarship": Text("Beasiswa", "Scholarship"),
    "held": Text("Ditahan dahulu", "Held back for now"),
    "jp.deferred": Text("Iuran JP ditunda", "JP contribution deferred"),
}
_ABOUT = {
    "child": Text("anak ke-{value}", "child {value}"),
    "year": Text("tahun ajaran {value}", "school year {value}"),
    "level": Text("{value}", "{value}"),
    "after": Text("setelah {value}", "after {value}"),
    "part": Text("bagian {value}", "the part of {value}"),
    "month": Text("bulan {value}", "month {value}"),
}
_WORDS = {
    "arrears_paid": Text("tunggakan lunas", "the arrears are paid"),
    "employer": Text("pemberi kerja", "the employer"),
    "worker": Text("pekerja", "the worker"),
}


def _sums(decision: Decision) -> list[tuple[Text, object]]:
    sums: list[tuple[Text, object]] = [(Text("Jumlah", "Total"), rupiah(decision.total))]
    sums += [(step.label, rupiah(-step.amount)) for step in decision.deductions]
    if decision.deductions:
        sums.append((Text("Diterima", "Paid out"), rupiah(decision.net)))
    return sums
