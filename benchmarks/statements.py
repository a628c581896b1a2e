"""Measures a bank statement of 100,000 lines against 100,000 open bills: brought in, and what each line may be for.

    .venv/bin/python -m benchmarks.statements                 100,000 lines, 100,000 bills
    .venv/bin/python -m benchmarks.statements --rows 2000     a quick look

The baseline is one plain SQL join of the same lines with the same bills by code and amount, without names, sums,
ranks, reasons or row security: what no program that compares them can avoid. Everything happens in a database server
and state folder of its own, which are removed at the end.
"""

import argparse
import datetime as dt
import json
import time
from typing import TYPE_CHECKING

import psycopg

from benchmarks.roster import own_server

if TYPE_CHECKING:
    from benchmarks.city import City

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 20)
SOME_PRICES = 997
"""How many different amounts there are: bills of self-payers are alike."""

_PLAIN = """
CREATE TEMP TABLE plain AS
SELECT l.id AS line, b.id AS bill
  FROM contributions_statementline l
  JOIN LATERAL unnest(l.words) w(word) ON true
  JOIN contributions_bill b ON 'LND' || lpad(b.id::text, 6, '0') = w.word AND b.total = l.amount
 WHERE l.state = 'unmatched'
"""


def main() -> None:
    """Run it once and print what it took as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000, help="lines, and open bills")
    options = parser.parse_args()
    with own_server():
        from benchmarks.city import SYSTEM, City
        from lindung.access.scope import SystemScope, system_scope

        with system_scope(SystemScope.DEMO, actor=SYSTEM):
            city = City.new("bank")
        first = open_bills(city, options.rows)
        content = statement(options.rows, first)
        print(json.dumps(measured(city, content) | {"rows": options.rows}, indent=2))


def open_bills(city: "City", rows: int) -> int:
    """So many open bills, each a self-payer's own, written past the triggers; the id of the first."""
    from lindung.engine import addresses

    with psycopg.connect(**addresses.as_administrator()) as connection:
        connection.execute("SET session_replication_role = replica")
        event = connection.execute("SELECT max(id) FROM access_auditevent").fetchone()
        for table, given in (
            (
                "people_person",
                {
                    "name": "'Warga ' || md5(n::text)",
                    "name_key": "'warga ' || md5(n::text)",
                    "nik_index": "sha256(int8send(n))",
                    "twin_index": "sha256(int8send(-n))",
                    "sex": "'F'",
                },
            ),
            (
                "membership_membership",
                {
                    "person_id": "1000000 + n",
                    "work_id": "1000000 + n",
                    "agreement_id": str(city.agreement_id),
                },
            ),
            (
                "contributions_bill",
                {
                    "membership_id": "1000000 + n",
                    "agreement_id": str(city.agreement_id),
                    "status": "'final'",
                    "month": "date '2026-11-01'",
                    "total": f"16800 + n % {SOME_PRICES}",
                    "people": "1",
                },
            ),
        ):
            _filled(connection, table, given | {"id": "1000000 + n", "event_id": str(event[0] if event else 1),
                                                "sponsor_id": str(city.sponsor_id)}, rows)  # fmt: skip
        connection.execute("ANALYZE")
    return 1_000_001


def _filled(
    connection: "psycopg.Connection[tuple[object, ...]]", table: str, given: dict[str, str], rows: int
) -> None:
    """Rows with these values; whatever else a row must have is the plainest value of its type."""
    columns = connection.execute(
        "SELECT column_name, udt_name, is_nullable, column_default, is_generated FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s",
        [table],
    ).fetchall()
    plain = {"int8": "1", "int4": "1", "int2": "1", "bool": "false", "date": "date '2026-01-01'", "bytea": "int8send(n)",
             "timestamptz": "now()", "jsonb": "'{}'", "_varchar": "'{jkk}'", "_int8": "'{}'"}  # fmt: skip
    values = {
        str(name): given.get(str(name), plain.get(str(kind), "'x'"))
        for name, kind, nullable, default, generated in columns
        if generated == "NEVER" and (str(name) in given or (nullable == "NO" and default is None))
    }
    connection.execute(
        f"INSERT INTO {table} ({', '.join(values)}) SELECT {', '.join(values.values())}"
        f" FROM generate_series(1, {rows}) n".encode()
    )


def statement(rows: int, first: int) -> bytes:
    """An MT940: a half names its bill, the other half is anything, with and without a name nobody has."""
    lines, total = [":20:BENCH", ":25:1110005556667", ":28C:1/1", ":60F:C261101IDR0,00"], 0
    for n in range(rows):
        amount = 16_800 + (n + 1) % SOME_PRICES
        text = (
            f"IURAN LND{first + n:06}"
            if n % 4 < 2
            else f"TRF WARGA {n}"
            if n % 4 == 2
            else f"SETORAN TUNAI {n}"
        )
        total += amount
        lines += [f":61:{DAY:%y%m%d%m%d}C{amount},00NTRFNONREF//B{n}", f":86:{text}"]
    return "\r\n".join([*lines, f":62F:C261130IDR{total},00", "-"]).encode()


def measured(city: "City", content: bytes) -> dict[str, float]:
    """Seconds to bring it in, to compare all lines with all bills, and for the plain join."""
    from django.db import connection

    from lindung.access.scope import in_scope
    from lindung.contributions import matching, statements
    from lindung.contributions.statement_records import StatementLine

    with in_scope(city.scope, actor=city.officer):
        begun = time.perf_counter()
        statements.receive(
            name="b.sta", content=content, sponsor_id=city.sponsor_id, by=city.officer, now=NOW
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            brought_in = time.perf_counter()
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    with in_scope(city.scope, actor=city.officer):
        ids = list(StatementLine.objects.values_list("pk", flat=True))
        started = time.perf_counter()
        found = matching.proposals(ids)
        compared = time.perf_counter()
        exact = matching.count_exact()
        counted = time.perf_counter()
    plain = _plain()
    return {
        "bring_in_s": round(brought_in - begun, 2),
        "match_s": round(compared - started, 2),
        "count_exact_s": round(counted - compared, 2),
        "plain_join_s": round(plain, 2),
        "ratio_to_plain_join": round((compared - started) / plain, 1),
        "lines_with_proposals": sum(bool(each) for each in found.values()),
        "exact": exact,
    }


def _plain() -> float:
    from lindung.engine import addresses

    with psycopg.connect(**addresses.as_administrator()) as connection:
        begun = time.perf_counter()
        connection.execute(_PLAIN)
        return time.perf_counter() - begun


if __name__ == "__main__":
    main()
