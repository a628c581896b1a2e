"""The group of all commands. A command's module is imported only when that command is used: a start stays quick.

Exit codes of every command: 0 done, 1 it could not be done and a sentence says what to do, 2 wrong usage.
A command with codes of its own names them in its help.
"""

import sys
from importlib import import_module
from typing import NamedTuple

import click

from lindung import __version__
from lindung.cli.speaking import say, words
from lindung.engine.troubles import Trouble
from lindung.law.text import Text


class Place(NamedTuple):
    """Where a command lives, and the line that the overview shows for it."""

    module: str
    name: str
    line: Text


COMMANDS = {
    "demo": Place(
        "demo", "demo", Text("Kota Jambi sebagai contoh, siap dibuka.", "Kota Jambi as an example.")
    ),
    "serve": Place("serving", "serve", Text("Jalankan Lindung di peramban.", "Serve Lindung to browsers.")),
    "work": Place("working", "work", Text("Kerjakan tugas yang menunggu.", "Do the tasks that wait.")),
    "doctor": Place("health", "doctor", Text("Periksa apakah semuanya sehat.", "Check that all is well.")),
    "db": Place("database", "database", Text("Basis data: start, stop, status.", "The database server.")),
    "agreement": Place(
        "agreement", "agreement", Text("Kerja sama: daftar, cerita, langkah.", "Agreements and their steps.")
    ),
    "roster": Place(
        "roster", "roster", Text("Daftar pekerja: periksa, daftarkan.", "Rosters: check, enrol.")
    ),
    "member": Place(
        "member", "member", Text("Satu orang: masuk, keluar, upah.", "One person: joins, leaves, wage.")
    ),
    "bill": Place("bill", "bill", Text("Tagihan satu bulan.", "The bill of a month.")),
    "payment": Place("payment", "payment", Text("Catat pembayaran (SP2D).", "Record a payment (SP2D).")),
    "payments": Place(
        "payments", "payments", Text("Rekening koran: masukkan, lihat.", "Bank statements: bring in, see.")
    ),
    "cover": Place("cover", "cover", Text("Perlindungan satu orang.", "One person's cover.")),
    "runway": Place(
        "runway", "runway", Text("Sampai kapan dana cukup, dan peringatan.", "How long money lasts; alarms.")
    ),
    "branch": Place(
        "branch",
        "branch",
        Text("Kata BPJS: masukkan berkas, lihat beda.", "BPJS's word: files, differences."),
    ),
    "verify": Place(
        "verify", "verify", Text("Buktikan bahwa semuanya cocok.", "Prove that all of it agrees.")
    ),
    "checkpoint": Place(
        "checkpoint", "checkpoint", Text("Tanda tangani keadaan buku.", "Sign where the book stands.")
    ),
    "notices": Place(
        "notices", "notices", Text("Pemberitahuan: keadaan, kirim sekarang.", "Notices: states, send now.")
    ),
    "user": Place("user", "user", Text("Dua administrator pertama.", "The first two administrators.")),
    "client": Place("client", "client", Text("Kunci API untuk sistem lain.", "API keys of other systems.")),
    "law": Place("law", "law", Text("Hitung menurut peraturan.", "Compute by the regulations.")),
    "check": Place("checking", "check", Text("Periksa kode sumber.", "Check the source code.")),
    "test": Place(
        "checking", "test", Text("Periksa kode lalu jalankan semua uji.", "Check, then run all tests.")
    ),
}


class Commands(click.Group):
    """A group that knows its commands by name and place, and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return that command; None when there is no such name."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        command: click.Command = getattr(import_module(f"lindung.cli.{place.module}"), place.name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The overview, written from the table above: nothing is imported for it."""
        with formatter.section(words(Text("Perintah", "Commands"))):
            formatter.write_dl([(name, words(place.line)) for name, place in COMMANDS.items()])


@click.group(
    cls=Commands,
    help=words(
        Text(
            "Lindung: jaminan sosial ketenagakerjaan yang dibayar pemerintah daerah, "
            "dari surat yang ditandatangani sampai jumlah yang tepat. Mulai dengan: ./lindung demo",
            "Lindung: employment social security paid by local governments, "
            "from the signed paper to the exact amount. Start with: ./lindung demo",
        )
    ),
)
@click.version_option(__version__, prog_name="lindung")
def lindung() -> None:
    """Everything starts here."""


def run() -> None:
    """Run the command line; a Trouble becomes its sentence and exit code 1."""
    try:
        lindung(prog_name="lindung")
    except Trouble as trouble:
        say(trouble.text, error=True)
        sys.exit(1)
