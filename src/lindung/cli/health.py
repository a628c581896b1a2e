"""`lindung doctor`: is everything the programme stands on in order?"""

import click

from lindung.cli.speaking import say_json, words
from lindung.engine import doctor as examination
from lindung.law.text import Text

_MARKS: dict[examination.Verdict, Text] = {
    "fine": Text("baik", "fine"),
    "warning": Text("PERHATIKAN", "WARNING"),
    "wrong": Text("SALAH", "WRONG"),
    "not looked at": Text("-", "-"),
}


@click.command(
    help=words(
        Text(
            "Periksa apakah semuanya sehat; tidak mengubah apa pun. Kode keluar 0: sehat, 1: ada yang salah.",
            "Check that all is well; changes nothing. Exit code 0: healthy, 1: something is wrong.",
        )
    )
)
@click.option("--json", "as_json", is_flag=True, help=words(Text("Untuk mesin.", "For machines.")))
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Show every check."""
    checks = examination.examine()
    if as_json:
        say_json([{**check._asdict(), "text": check.text._asdict()} for check in checks])
    else:
        for check in checks:
            click.echo(f"{words(_MARKS[check.verdict]):<11}{check.name:<10}{words(check.text)}")
    ctx.exit(0 if examination.is_healthy(checks) else 1)
