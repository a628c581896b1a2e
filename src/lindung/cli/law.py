"""`lindung law`: asks the regulations, step by step with their articles; no database."""

import sys
from collections.abc import Iterator, Mapping
from json import dumps
from typing import Any

import click

from lindung.cli.deciding import show_decision
from lindung.cli.given import DAY, MONTH, PROGRAMMES, RUPIAH, facts_given
from lindung.cli.layout import show_table
from lindung.cli.refusing import Refused
from lindung.cli.speaking import say, say_json, words
from lindung.engine.state import CHECKOUT
from lindung.law.parameter import in_force
from lindung.law.proving import Proof, prove_stored
from lindung.law.questions import answers, asking, lines
from lindung.law.questions.fields import Fault, Unanswerable
from lindung.law.terms import Payer, RiskClass, Sector, Segment
from lindung.law.text import Text
from lindung.law.values import Kind, Parameter, Table, shown

_CASES = CHECKOUT / "tests" / "law" / "cases"

_HOW = Text(
    "Keterangan ditulis nama=nilai, atau satu objek JSON setiap baris pada masukan standar. Dengan --json jawaban "
    "keluar satu baris JSON setiap pertanyaan. Keterangan yang dikenal: {fields}.",
    "Facts are written name=value, or as one JSON object a line on standard input. With --json the answers come as "
    "one line of JSON each. Known facts: {fields}.",
)
_NOTHING_ASKED = Text(
    "Tulis keterangan, misalnya: ./lindung law benefit programme=JKM segment=BPU event_date=2026-05-10 "
    "member_since=2025-12-01 months_paid=5",
    "Give facts, such as: ./lindung law benefit programme=JKM segment=BPU event_date=2026-05-10 "
    "member_since=2025-12-01 months_paid=5",
)
_UNANSWERED = Text(
    "{count} dari {all} pertanyaan belum dapat dijawab.", "{count} of {all} questions could not be answered."
)


class Questions(click.Group):
    """Every question of the law is a command; its module is imported when it is asked."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The questions first, then what looks at the stored law itself."""
        return [*asking.QUESTIONS, *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; None when there is none."""
        return _question(cmd_name) if cmd_name in asking.QUESTIONS else super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The overview, without importing the questions."""
        rows = [(name, words(question.line)) for name, question in asking.QUESTIONS.items()]
        rows += [(name, command.get_short_help_str()) for name, command in self.commands.items()]
        with formatter.section(words(Text("Perintah", "Commands"))):
            formatter.write_dl(rows)


@click.group(cls=Questions, help=words(Text("Hitung menurut peraturan.", "Compute by the regulations.")))
def law() -> None:
    """Commands that ask the law alone."""


def _question(name: str) -> click.Command:
    fields = ", ".join(asking.subject(name).FIELDS)
    about = asking.QUESTIONS[name].line
    described = Text(f"{about.id} {_HOW.id}", f"{about.en} {_HOW.en}").filled(fields=fields)
    options = _CONTRIBUTION_OPTIONS if name == "contribution" else []
    return click.Command(
        name,
        params=[click.Argument(["facts"], nargs=-1), *options, _AS_JSON],
        callback=lambda facts, as_json, **typed: _ask(name, facts, as_json, typed),
        help=words(described),
    )


_AS_JSON = click.Option(
    ["--json", "as_json"], is_flag=True, help=words(Text("Untuk mesin.", "For machines."))
)
_CONTRIBUTION_OPTIONS: list[click.Parameter] = [
    click.Option(["--segment"], type=click.Choice([one.value for one in Segment])),
    click.Option(["--month"], type=MONTH),
    click.Option(["--programmes"], type=PROGRAMMES),
    click.Option(["--payer"], type=click.Choice([one.value for one in Payer])),
    click.Option(["--income"], type=RUPIAH, help="BPU"),
    click.Option(
        ["--sector"], type=click.Choice([Sector.OTHER.value, Sector.ROAD_TRANSPORT.value]), help="BPU"
    ),
    click.Option(["--wage"], type=RUPIAH, help="PU"),
    click.Option(["--risk-class"], type=click.Choice([one.value for one in RiskClass]), help="PU"),
    click.Option(["--in-jkp", "jkp_member"], is_flag=True, default=None, help="PU"),
    click.Option(["--labour-intensive"], is_flag=True, default=None, help="PU"),
    click.Option(["--known"], type=DAY),
]


def _ask(name: str, facts: tuple[str, ...], as_json: bool, typed: Mapping[str, Any]) -> None:
    given = facts_given(facts, typed)
    asked = iter([dumps(given, default=str).encode()]) if given else _typed_lines()
    answered = [_answer(name, line, as_json) for line in asked]
    if not answered:
        raise click.UsageError(words(_NOTHING_ASKED))
    if not all(answered):
        raise Refused("law.unanswered", _UNANSWERED.filled(count=answered.count(False), all=len(answered)))


def _typed_lines() -> Iterator[bytes]:
    """The lines of standard input, blank ones left out; none when a person sits before it."""
    if sys.stdin.isatty():
        return iter(())
    return (line for line in sys.stdin.buffer if line.strip())


def _answer(name: str, line: bytes, as_json: bool) -> bool:
    """Answer one question; whether it could be."""
    try:
        decision = asking.decide(name, lines.parsed(line))
    except Unanswerable as why:
        _show_faults(why.faults, as_json)
        return False
    if as_json:
        _write(asking.shape(name)(decision))
    else:
        show_decision(decision, is_benefit=name == "benefit")
    return True


def _show_faults(faults: tuple[Fault, ...], as_json: bool) -> None:
    if as_json:
        _write(answers.fault(faults))
    for fault in faults:
        say(fault.message, error=True)


def _write(answer: answers.Answer) -> None:
    click.echo(dumps(answer, ensure_ascii=False, separators=(",", ":")))


@law.command(
    short_help=words(Text("Nilai hukum yang tersimpan.", "The stored legal values.")),
    help=words(
        Text(
            "Nilai hukum yang tersimpan, dengan pasal, masa berlaku dan keyakinan. PREFIX memilih, misalnya jkm.",
            "The stored legal values, with article, period and confidence. PREFIX chooses, such as jkm.",
        )
    ),
)
@click.argument("prefix", default="")
def parameters(prefix: str) -> None:
    """Show what is stored, tables row by row."""
    found = [one for one in in_force().parameters.values() if one.id.startswith(prefix)]
    if not found:
        raise Refused("law.no_parameter", _NO_PARAMETER.filled(prefix=prefix))
    headings = (
        Text("Nilai", "Value"),
        Text("Berlaku mulai", "In force from"),
        Text("Besarnya", "Amount"),
        Text("Keyakinan", "Confidence"),
        Text("Dasar", "Basis"),
    )
    show_table(headings, [row for parameter in found for row in _rows(parameter)])


_NO_PARAMETER = Text("Tidak ada nilai yang dimulai {prefix}.", "No value begins with {prefix}.")


def _rows(parameter: Parameter) -> Iterator[tuple[object, ...]]:
    for dated in parameter.values:
        since, source = dated.period.since, dated.citation.text
        if isinstance(dated.value, Table):
            for row in dated.value.rows:
                amount = shown(Kind.NUMBER, row.value)
                yield f"{parameter.id}[{row.key}]", since, amount, row.confidence.label, source
        else:
            yield parameter.id, since, shown(parameter.kind, dated.value), dated.confidence.label, source


@law.command(
    short_help=words(Text("Apakah setiap nilai terbukti.", "Whether every value is proven.")),
    help=words(
        Text(
            "Apakah setiap nilai punya pasal dan kasus, dan apakah setiap angka yang bergeser satu ketahuan.",
            "Whether every value has its article and a case, and whether every number moved by one is noticed.",
        )
    ),
)
@click.option("--json", "as_json", is_flag=True, help=words(Text("Untuk mesin.", "For machines.")))
def coverage(as_json: bool) -> None:
    """Prove the stored law by its cases."""
    if not _CASES.is_dir():
        raise Refused("law.no_cases", _NO_CASES)
    proof = prove_stored(_CASES)
    if as_json:
        say_json(proof._asdict() | {"holds": proof.holds})
    else:
        _show_proof(proof)
    if not proof.holds:
        raise Refused("law.unproven", _UNPROVEN)


_NO_CASES = Text(
    "Kasus uji ada dalam kode sumber (tests/law/cases), tidak di sini.",
    "The cases are part of the source code (tests/law/cases), which is not here.",
)
_UNPROVEN = Text("Ada yang belum terbukti; lihat di atas.", "Something is not proven; see above.")


_COVERED = Text("{rate}% {label}: {done} dari {whole}", "{rate}% {label}: {done} of {whole}")


def _show_proof(proof: Proof) -> None:
    killed = proof.mutants - len(proof.survivors)
    for label, done, whole in (
        (
            Text("nilai dengan pasal", "parameters cited"),
            proof.parameters - len(proof.uncited),
            proof.parameters,
        ),
        (
            Text("pasal dengan kasus", "articles with a case"),
            proof.articles - len(proof.uncovered),
            proof.articles,
        ),
        (
            Text("kasus yang cocok", "cases as the table says"),
            proof.cases - len(proof.wrong_cases),
            proof.cases,
        ),
        (Text("pergeseran yang ketahuan", "mutations killed"), killed, proof.mutants),
    ):
        say(_COVERED.filled(rate=100 * done // max(whole, 1), label=label, done=done, whole=whole))
    for confidence, count in proof.sureness.items():
        say(
            Text("     {label}: {count}", "     {label}: {count}").filled(label=confidence.label, count=count)
        )
    for problem in (*proof.uncited, *proof.uncovered, *proof.wrong, *proof.survivors):
        click.echo(f"  {problem}")
