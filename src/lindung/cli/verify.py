"""`lindung verify`: is everything that must be true of the stored rows true, and is the past what was signed?"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lindung.cli.acting import as_json, enter, telling
from lindung.cli.refusing import Answering
from lindung.cli.speaking import say, say_json, words
from lindung.law.text import Text

if TYPE_CHECKING:
    from lindung.insight.verifying import Held, Outcome, Verification

_FINE, _WRONG = Text("cocok", "holds"), Text("SALAH", "WRONG")


@click.command(
    cls=Answering,
    help=words(
        Text(
            "Buktikan setiap hal yang harus benar, cocokkan rantai dengan pos periksa, dan sebutkan yang tidak bisa "
            "dilihat. Tidak mengubah apa pun. Kode keluar 0: semua cocok, 1: ada yang salah.",
            "Prove everything that must be true, hold the chains against the checkpoints, and say what cannot be seen. "
            "Changes nothing. Exit code 0: all holds, 1: something is wrong.",
        )
    ),
)
@click.option(
    "--checkpoint",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=words(
        Text(
            "Cocokkan dengan berkas ini, bukan dengan semua yang ada di folder.",
            "Hold against this file instead of all that lie in the folder.",
        )
    ),
)
@as_json
@click.pass_context
def verify(ctx: click.Context, file: Path | None, as_json: bool) -> None:
    """Show each proof and each checkpoint."""
    enter()
    from lindung.insight import verifying

    with telling():
        found = verifying.verify(checkpoint=file)
    if as_json:
        say_json(_plain(found))
    else:
        _show(found)
    ctx.exit(0 if found.holds else 1)


def _show(found: "Verification") -> None:
    for outcome in found.outcomes:
        _line(not outcome.wrong, f"{words(outcome.proof.sentence)} ({outcome.proof.code})", outcome.wrong)
    for held in found.checkpoints:
        name = f"{held.file.name} ({held.says.short})" if held.says else held.file.name
        _line(not held.faults, name, [words(fault) for fault in held.faults])
    click.echo()
    say(Text("Yang tidak bisa dilihat di sini:", "What cannot be seen here:"))
    for unseen in found.unseen:
        click.echo(f"- {words(unseen)}")
    click.echo()
    say(_summary(found))


def _line(holds: bool, what: str, wrong: list[str]) -> None:
    click.echo(f"{words(_FINE if holds else _WRONG):<7}{what}")
    for each in wrong:
        click.echo(f"         {each}")


def _summary(found: "Verification") -> Text:
    faults = sum(bool(each.wrong) for each in found.outcomes) + sum(
        bool(each.faults) for each in found.checkpoints
    )
    if faults:
        return Text(
            "SALAH: {faults}. Jangan ubah apa pun; simpan salinan basis data dan pos periksa, lalu cari sebabnya.",
            "WRONG: {faults}. Change nothing; keep a copy of the database and of the checkpoints, then look "
            "for the cause.",
        ).filled(faults=faults)
    return Text(
        "Semua cocok. Pembuktian: {proofs}, pos periksa: {checkpoints}.",
        "All of it holds. Proofs: {proofs}, checkpoints: {checkpoints}.",
    ).filled(proofs=len(found.outcomes), checkpoints=len(found.checkpoints))


def _plain(found: "Verification") -> dict[str, object]:
    return {
        "holds": found.holds,
        "proofs": [_plain_outcome(each) for each in found.outcomes],
        "checkpoints": [_plain_held(each) for each in found.checkpoints],
        "unseen": [each._asdict() for each in found.unseen],
    }


def _plain_outcome(outcome: "Outcome") -> dict[str, object]:
    proof = outcome.proof
    return {
        "code": proof.code,
        "sentence": proof.sentence._asdict(),
        "holds": not outcome.wrong,
        "wrong": outcome.wrong,
    }


def _plain_held(held: "Held") -> dict[str, object]:
    says = held.says
    return {
        "file": str(held.file),
        "at": says.at.isoformat() if says else None,
        "short": says.short if says else None,
        "holds": not held.faults,
        "faults": [fault._asdict() for fault in held.faults],
    }
