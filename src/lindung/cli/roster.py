"""`lindung roster`: judge a city's file without storing anything, or enrol its ready people."""

from pathlib import Path

import click

from lindung.cli.acting import agreement_code, as_json, by_user, enter, segment_option, tried, wet_run
from lindung.cli.given import MONTH
from lindung.cli.plain import plain
from lindung.cli.refusing import Answering, Refused
from lindung.cli.speaking import say_json, words
from lindung.engine import clock
from lindung.formats.unreadable import LIMITS
from lindung.law.months import Month
from lindung.law.text import Text

NEED_FIXING = 3
"""Exit code of `roster check` when the file was read and some rows are to fix or refused."""


@click.group(help=words(Text("Daftar pekerja: periksa, daftarkan.", "Rosters: check, enrol.")))
def roster() -> None:
    """Commands about a city's file."""


@roster.command(
    cls=Answering,
    help=words(
        Text(
            "Periksa FILE untuk satu kerja sama; tidak menyimpan apa pun. Kode keluar 0: semua baris siap, "
            "3: ada baris yang perlu diperbaiki atau ditolak, 1: berkas tidak terbaca, 2: perintah keliru.",
            "Judge FILE for an agreement; stores nothing. Exit code 0: all rows are ready, 3: some rows need "
            "fixing or are refused, 1: the file cannot be read, 2: wrong usage.",
        )
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@agreement_code
@segment_option
@click.option(
    "--by",
    "username",
    metavar="USER",
    envvar="LINDUNG_USER",
    help=words(
        Text(
            "Periksa sebagai pengguna ini, juga terhadap data peserta; juga dari LINDUNG_USER.",
            "Judge it as this user, against the register too; also from LINDUNG_USER.",
        )
    ),
)
@click.option(
    "--show-nik",
    is_flag=True,
    help=words(Text("Tampilkan NIK dan nomor KK apa adanya.", "Show NIK and family card numbers in full.")),
)
@click.option(
    "--notes",
    is_flag=True,
    help=words(Text("Tampilkan juga catatan pada baris yang siap.", "Show the notes on ready rows, too.")),
)
@as_json
@click.pass_context
def check(
    ctx: click.Context,
    file: Path,
    code: str,
    segment: str,
    username: str | None,
    show_nik: bool,
    notes: bool,
    as_json: bool,
) -> None:
    """Judge every row and say what to do about it."""
    content = content_of(file)
    enter()
    from lindung.cli import verdicts

    judged = verdicts.judged(
        content, name=file.name, code=code, segment=segment, username=username, today=clock.today()
    )
    if as_json:
        verdicts.write_json(judged, file=file.name, show_nik=show_nik)
    else:
        verdicts.show(judged, notes=notes, show_nik=show_nik)
    ctx.exit(0 if judged.all_ready else NEED_FIXING)


@roster.command(
    cls=Answering,
    help=words(
        Text(
            "Terima FILE dan daftarkan orang yang siap; baris lain dibiarkan. Tanpa --wet-run hanya dicoba.",
            "Take FILE in and enrol its ready people; other rows are left. Without --wet-run it is only tried.",
        )
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@agreement_code
@segment_option
@by_user
@click.option(
    "--first-month",
    type=MONTH,
    help=words(
        Text(
            "Bulan iuran pertama (bawaan: bulan depan, atau bulan pertama kerja sama bila lebih kemudian).",
            "First contribution month (default: next month, or the agreement's first when that is later).",
        )
    ),
)
@wet_run
@as_json
def enrol(
    file: Path,
    code: str,
    segment: str,
    username: str,
    first_month: Month | None,
    wet: bool,
    as_json: bool,
) -> None:
    """Receive, judge and enrol in one transaction."""
    content = content_of(file)
    enter()
    from lindung.cli import enrolment

    outcome = enrolment.enrolled(
        content,
        name=file.name,
        code=code,
        segment=segment,
        username=username,
        first_month=first_month,
        wet=wet,
    )
    if as_json:
        say_json({"dry": not wet, "file": file.name, "agreement": code, **plain(outcome)})
    else:
        enrolment.show(outcome)
        tried(wet)


def content_of(file: Path) -> bytes:
    """The bytes of the file, read no further than the largest list there may be. Raises Refused."""
    try:
        with file.open("rb") as opened:
            return opened.read(LIMITS.max_file_bytes + 1)
    except FileNotFoundError as error:
        raise Refused("file.missing", _NO_FILE.filled(file=str(file))) from error
    except IsADirectoryError as error:
        raise Refused("file.is_a_folder", _A_FOLDER.filled(file=str(file))) from error
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        why = getattr(error, "strerror", None) or str(error)
        raise Refused("file.not_readable", _CLOSED.filled(file=str(file), why=why)) from error


_NO_FILE = Text(
    "Berkas {file} tidak ada. Periksa nama dan foldernya.",
    "There is no file {file}. Check its name and folder.",
)
_A_FOLDER = Text(
    "{file} adalah folder. Sebutkan satu berkas .xlsx atau .csv di dalamnya.",
    "{file} is a folder. Name one .xlsx or .csv file in it.",
)
_CLOSED = Text(
    "Berkas {file} tidak bisa dibuka ({why}). Periksa hak bacanya.",
    "The file {file} cannot be opened ({why}). Check that you may read it.",
)
