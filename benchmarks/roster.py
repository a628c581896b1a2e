"""Measures a roster from its bytes to memberships, beside the same writes as bare SQL, in one run.

    .venv/bin/python -m benchmarks.roster              the 10,000-row xlsx and the 100,000-row csv
    .venv/bin/python -m benchmarks.roster --rows 500   a quick look

The baseline writes the very same rows (the same tables, constraints, row security and sealing) from values that
are ready in memory: what no program that stores these rows can avoid. Everything happens in a database server and
state folder of its own, which are removed at the end.
"""

import argparse
import csv
import datetime as dt
import io
import json
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.city import City

HEADINGS = ("NO", "NAMA", "NIK", "TTL", "JK", "ALAMAT", "RT", "KELURAHAN", "PEKERJAAN", "NO HP")
NOW = dt.datetime(2025, 5, 22, 9, tzinfo=dt.UTC)


def main() -> None:
    """Run both measurements and print them as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=10_000, help="rows of the xlsx")
    parser.add_argument("--csv-rows", type=int, default=100_000, help="rows of the csv; 0 leaves it out")
    parser.add_argument("--repeat", type=int, default=3, help="runs of the xlsx; the median is shown")
    options = parser.parse_args()
    with own_server():
        from benchmarks import bare_sql
        from benchmarks.city import City

        runs = []
        for number in range(options.repeat):
            content = xlsx(people(options.rows, 2 * number))
            run = through_lindung(City.new(f"x{number}"), content, "list.xlsx")
            bare = bare_sql.measured(City.new(f"b{number}"), xlsx(people(options.rows, 2 * number + 1)))
            runs.append(run | {"bare_sql_s": bare, "ratio_to_bare_sql": round(run["total_s"] / bare, 2)})
        report: dict[str, object] = {"xlsx": sorted(runs, key=lambda run: run["total_s"])[len(runs) // 2]}
        if options.csv_rows:
            report["csv"] = through_lindung(City.new("csv"), text(people(options.csv_rows, 500)), "list.csv")
    print(json.dumps(report, indent=2))


def through_lindung(city: "City", content: bytes, name: str) -> dict[str, float]:
    """Judge and enrol a file through the product; seconds, and the peak memory of each process in MiB."""
    from lindung.access.scope import in_scope
    from lindung.membership import enrolling, intake

    started = time.perf_counter()
    with in_scope(city.scope, actor=city.officer):
        roster = intake.receive(
            name=name, content=content, agreement_id=city.agreement_id, by=city.officer, now=NOW
        )
    judged = time.perf_counter()
    with in_scope(city.scope, actor=city.officer):
        enrolled = enrolling.enrol(roster_id=roster, by=city.officer, now=NOW).enrolled
    ended = time.perf_counter()
    return {
        "people_enrolled": enrolled,
        "judged_s": round(judged - started, 2),
        "enrolled_s": round(ended - judged, 2),
        "total_s": round(ended - started, 2),
        "own_peak_mib": _peak_mib(resource.RUSAGE_SELF),
        "reader_peak_mib": _peak_mib(resource.RUSAGE_CHILDREN),
        "server_peak_mib": _server_peak_mib(),
    }


def _server_peak_mib() -> int:
    """Peak memory of the server's process for our connection, its share of the shared buffers included."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    status = Path(f"/proc/{process}/status").read_text("ascii", "replace")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def _peak_mib(who: int) -> int:
    return resource.getrusage(who).ru_maxrss // 1024


@contextmanager
def own_server() -> Iterator[None]:
    """A database server in a folder of its own that the server's unprivileged user can reach."""
    home = Path(tempfile.mkdtemp(prefix="lindung-bench-"))
    home.chmod(0o755)
    os.environ["LINDUNG_HOME"] = str(home / "state")
    from lindung.engine import postgres, provision

    try:
        provision.ready()
        yield
    finally:
        postgres.stop()
        shutil.rmtree(home)


def people(count: int, seed: int) -> list[tuple[str, ...]]:
    """Invented rows, cheap to make: unique NIK with serials that no registry issues, names from short lists."""
    first = ("Siti", "Budi", "Nur", "Ahmad", "Dewi", "Joko", "Rina", "Yusuf", "Maria", "Hendra")
    last = (
        "Aminah",
        "Santoso",
        "Hidayah",
        "Fauzi",
        "Lestari",
        "Susilo",
        "Marlina",
        "Hidayat",
        "Sitorus",
        "Gunawan",
    )
    places = ("Thehok", "Legok", "Kasang", "Beringin", "Payo Lebar", "Talang Bakung", "Rawa Sari", "Eka Jaya")
    day_zero = dt.date(1965, 1, 1)
    rows = []
    for number in range(count):
        born = day_zero + dt.timedelta(days=number % 14_000)
        district = 1 + (number // 14_000) % 11
        nik = f"1571{district:02d}{born:%d%m%y}{9001 + seed // 9 * 10 + seed % 9:04d}"
        name = f"{first[number % 10]} {last[number // 10 % 10]} {_letters(number)}"
        place = places[number % len(places)]
        rows.append(
            (str(number + 1), name, nik, f"Jambi, {born:%d-%m-%Y}", "L", f"Jl. Merdeka No. {number % 140}",
             str(number % 40 + 1), place, "Buruh harian lepas", f"0840{10_000_000 + number + seed * 100_000}")
        )  # fmt: skip
    return rows


def _letters(number: int) -> str:
    """A made-up surname for each number, so that no two rows are the same person."""
    letters = "aeioubdkmnrst"
    word = ""
    while True:
        number, rest = divmod(number, len(letters))
        word += letters[rest]
        if number == 0:
            return word.capitalize()


def xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as a workbook of text cells."""
    from lindung.formats.sheets import Sheet, to_xlsx

    return to_xlsx([Sheet("Daftar", HEADINGS, rows)])


def text(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as csv."""
    out = io.StringIO()
    csv.writer(out).writerows([HEADINGS, *rows])
    return out.getvalue().encode()


if __name__ == "__main__":
    main()
