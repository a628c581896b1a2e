"""`lindung law contribution`: what a month costs by the regulations, step by step with its articles; no database."""

from collections.abc import Iterable
from datetime import date
from json import loads
from typing import Any, NamedTuple

import click

from lindung.cli.given import DAY, MONTH, PROGRAMMES, RUPIAH
from lindung.cli.layout import show_facts, show_table
from lindung.cli.plain import plain
from lindung.cli.refusing import Answering, Refused
from lindung.cli.speaking import say, say_json, words
from lindung.law import contributions
from lindung.law.contributions import DueDate
from lindung.law.decision import Decision, weakest
from lindung.law.money import rupiah
from lindung.law.months import Month
from lindung.law.terms import Payer, Programme, RiskClass, Sector, Segment, Term
from lindung.law.text import Text
from lindung.law.values import NoLawForDate

_BPU_SECTORS = (Sector.OTHER, Sector.ROAD_TRANSPORT)


class Question(NamedTuple):
    """What was asked. Money is whole rupiah a month; `known` replays the law as known on that day."""

    segment: Segment
    month: Month
    programmes: tuple[Programme, ...]
    payer: Payer
    income: int | None
    sector: Sector
    wage: int | None
    risk_class: RiskClass | None
    in_jkp: bool
    labour_intensive: bool
    known: date | None


def _choice(terms: Iterable[Term]) -> click.Choice[str]:
    """The stored words of a list of terms; Click itself would offer the names of the enumeration."""
    return click.Choice([term.value for term in terms])


@click.group(help=words(Text("Hitung menurut peraturan.", "Compute by the regulations.")))
def law() -> None:
    """Commands that ask the law alone."""


@law.command(
    cls=Answering,
    help=words(
        Text(
            "Iuran satu orang untuk satu bulan, langkah demi langkah dengan pasalnya. BPU: --income memilih "
            "lapisan. PU: --wage dan --risk-class wajib.",
            "One person's contribution for a month, step by step with its articles. BPU: --income chooses the "
            "band. PU: --wage and --risk-class are required.",
        )
    ),
)
@click.option("--segment", type=_choice(Segment), required=True)
@click.option("--month", type=MONTH, required=True)
@click.option("--programmes", type=PROGRAMMES, default="jkk,jkm", show_default=True)
@click.option("--payer", type=_choice(Payer), help="BPU: self; PU: employer")
@click.option("--income", type=RUPIAH, help=words(Text("BPU: penghasilan sebulan.", "BPU: monthly income.")))
@click.option("--sector", type=_choice(_BPU_SECTORS), help="BPU")
@click.option("--wage", type=RUPIAH, help=words(Text("PU: upah sebulan.", "PU: monthly wage.")))
@click.option("--risk-class", type=_choice(RiskClass), help="PU")
@click.option("--in-jkp", is_flag=True, help=words(Text("PU: peserta JKP.", "PU: takes part in JKP.")))
@click.option(
    "--labour-intensive",
    is_flag=True,
    help=words(Text("PU: industri padat karya.", "PU: labour-intensive industry.")),
)
@click.option(
    "--known",
    type=DAY,
    help=words(Text("Menurut hukum yang dikenal pada hari ini.", "By the law as known on this day.")),
)
@click.option("--json", "as_json", is_flag=True, help=words(Text("Untuk mesin.", "For machines.")))
def contribution(
    segment: str,
    month: Month,
    programmes: tuple[Programme, ...],
    payer: str | None,
    sector: str | None,
    risk_class: str | None,
    as_json: bool,
    **rest: Any,
) -> None:
    """Ask the law and show its decision."""
    asked = Question(
        segment=Segment(segment),
        month=month,
        programmes=programmes,
        payer=Payer(payer or (Payer.SELF if segment == Segment.BPU else Payer.EMPLOYER)),
        sector=Sector(sector or Sector.OTHER),
        risk_class=RiskClass(risk_class) if risk_class else None,
        **rest,
    )
    _refuse_mixed(asked, sector)
    decision, due = _decided(asked)
    if as_json:
        say_json(_json(decision, due))
    else:
        _show(decision, due)


def _refuse_mixed(asked: Question, sector: str | None) -> None:
    """An answer to half of a question would be believed for the whole."""
    for_pu = {"--wage": asked.wage, "--risk-class": asked.risk_class}
    only_pu = {
        **for_pu,
        "--in-jkp": asked.in_jkp or None,
        "--labour-intensive": asked.labour_intensive or None,
    }
    only_bpu = {"--income": asked.income, "--sector": sector}
    foreign = only_pu if asked.segment is Segment.BPU else only_bpu
    wrong = [name for name, value in foreign.items() if value is not None]
    if wrong:
        raise click.UsageError(words(_FOREIGN.filled(names=", ".join(wrong), segment=asked.segment.label)))
    lacking = [name for name, value in for_pu.items() if value is None]
    if asked.segment is Segment.PU and lacking:
        raise click.UsageError(words(_LACKING.filled(names=", ".join(lacking))))


_FOREIGN = Text("{names} tidak berlaku untuk {segment}.", "{names} does not apply to a {segment}.")
_LACKING = Text("Untuk penerima upah (PU) tambahkan {names}.", "For a wage earner (PU) add {names}.")


def _decided(asked: Question) -> tuple[Decision, list[tuple[Programme, DueDate]]]:
    try:
        decision = _bpu(asked) if asked.segment is Segment.BPU else _pu(asked)
        return decision, [(programme, _due(asked, programme)) for programme in asked.programmes]
    except NoLawForDate as why:
        raise Refused("law.none_for_date", why.text) from why


def _bpu(asked: Question) -> Decision:
    return contributions.bpu(
        month=asked.month,
        programmes=asked.programmes,
        monthly_income=asked.income,
        payer=asked.payer,
        sector=asked.sector,
        known=asked.known,
    )


def _pu(asked: Question) -> Decision:
    return contributions.pu(
        month=asked.month,
        wage=asked.wage or 0,
        risk_class=asked.risk_class or "",
        programmes=asked.programmes,
        in_jkp=asked.in_jkp,
        payer=asked.payer,
        labour_intensive=asked.labour_intensive,
        known=asked.known,
    )


def _due(asked: Question, programme: Programme) -> DueDate:
    return contributions.due_date(
        segment=asked.segment, programme=programme, month=asked.month, known=asked.known
    )


def _json(decision: Decision, due: list[tuple[Programme, DueDate]]) -> dict[str, Any]:
    """The canonical decision, with its sentences, its weakest confidence, sums by programme and due dates beside it."""
    components = dict.fromkeys(step.key.split(".")[0] for step in decision.steps)
    return {
        **loads(decision.to_json()),
        "amounts": {name: decision.amount(name) for name in components},
        "confidence": weakest(*(step.confidence for step in decision.steps)).value,
        "articles": [plain(citation.text) for citation in decision.citations],
        "sentences": [plain(sentence) for sentence in decision.sentences],
        "due": {programme.value: plain(day) for programme, day in due},
        "digest": decision.digest(),
    }


def _show(decision: Decision, due: list[tuple[Programme, DueDate]]) -> None:
    headings = (
        Text("Langkah", "Step"),
        Text("Jumlah", "Amount"),
        Text("Dasar", "Basis"),
        Text("Keyakinan", "Confidence"),
    )
    rows = [
        (step.label, rupiah(step.amount), step.citation.text, step.confidence.label)
        for step in decision.steps
    ]
    show_table(headings, rows, right=(1,))
    click.echo("")
    show_facts(((Text("Jumlah sebulan", "Total a month"), rupiah(decision.total)),))
    click.echo("")
    for sentence in (*decision.sentences, *(day.sentence for _, day in due)):
        say(sentence)
