"""`lindung check` and `lindung test`: the house rules and the tests, the same everywhere."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import click

from lindung.cli.speaking import say, words
from lindung.engine.state import CHECKOUT
from lindung.law.text import Text

PROGRAMS = Path(sys.executable).parent
CHECKS = {
    "ruff check": [str(PROGRAMS / "ruff"), "check", "."],
    "ruff format": [str(PROGRAMS / "ruff"), "format", "--check", "."],
    "mypy --strict": [sys.executable, "-m", "mypy"],
    "import contract": [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
    "house rules": [sys.executable, "-m", "pytest", "-q", "tests/test_house.py"],
}
ON_EVERY_CORE = ["-n", "auto", "--maxprocesses", "4", "--dist", "loadfile", "--no-loadscope-reorder"]
"""The whole suite, its files shared out among processes, each with a database server of its own."""
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


@click.command(
    help=words(
        Text(
            "Periksa kode sumber: gaya, tipe, dan batas antarruang. Kode keluar 1 bila ada yang gagal.",
            "Check the source: style, types and the borders between rooms. Exit code 1 when one fails.",
        )
    )
)
@click.pass_context
def check(ctx: click.Context) -> None:
    """Run all checks, also after one failed."""
    ctx.exit(0 if _all_pass() else 1)


@click.command(
    context_settings={"ignore_unknown_options": True},
    help=words(
        Text(
            "Periksa kode sumber, lalu jalankan semua uji di semua inti; dengan argumen lain, pytest memakai itu saja.",
            "Check the source, then run all tests, on every core; with other arguments, pytest runs with those.",
        )
    ),
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def test(ctx: click.Context, arguments: tuple[str, ...]) -> None:
    """Run the checks and then pytest, even when a check failed; fail when either did."""
    checked = _all_pass()
    _provide_chromium()
    tested = _run([sys.executable, "-m", "pytest", *(arguments or ON_EVERY_CORE)]) == 0
    ctx.exit(0 if checked and tested else 1)


def _all_pass() -> bool:
    results = [_one_passes(name, command) for name, command in CHECKS.items()]
    return all(results)


def _one_passes(name: str, command: list[str]) -> bool:
    started = time.monotonic()
    passed = _run(command) == 0
    seconds = f"{time.monotonic() - started:.1f} s"
    good, bad = Text("lulus", "passed"), Text("GAGAL", "FAILED")
    click.echo(f"{words(good if passed else bad):<8}{name:<18}{seconds:>7}")
    return passed


def _run(command: list[str]) -> int:
    """Run a tool of this environment on the checkout; its output goes straight to the terminal."""
    sys.stdout.flush()
    return subprocess.run(  # noqa: S603 - our own tools, no shell
        command, cwd=CHECKOUT, env={**os.environ, "PYTHONPATH": str(CHECKOUT / "src")}, check=False
    ).returncode


def _provide_chromium() -> None:
    """The browser tests need a Chromium: Debian's package, where we may install one; never a download of our own."""
    if any(map(shutil.which, CHROMIUMS)):
        return
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        say(Text("Memasang Chromium untuk uji peramban ...", "Installing Chromium for the browser tests ..."))
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update", "-q"], ["install", "-qy", "--no-install-recommends", "chromium"]):
            subprocess.run(  # noqa: S603 - Debian's own tool with fixed arguments
                [apt, *step], env=quiet, stdout=subprocess.DEVNULL, check=False
            )
    if not any(map(shutil.which, CHROMIUMS)):
        say(
            Text(
                "Tidak ada Chromium: uji peramban dilewati. Pasang paket chromium.",
                "No Chromium: the browser tests are skipped. Install the package chromium.",
            ),
            error=True,
        )
