"""Measures a month of money, from the bill to the paid months, beside the same writes as bare SQL, in one run.

    .venv/bin/python -m benchmarks.money                   10,000, 100,000 and 1,000,000 members
    .venv/bin/python -m benchmarks.money --people 10000    a quick look

A month of one agreement is billed, paid by a treasury order, confirmed by the second person, booked, and every member's
months are written. The baseline writes the very same rows in the same tables (constraints, triggers, row security,
partitions) by plain set-based SQL, with tariffs that are ready. The two take turns, month by month, over the same
members, in a database server of their own.
"""

import argparse
import datetime as dt
import json
import statistics
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from benchmarks.roster import own_server

if TYPE_CHECKING:
    from benchmarks.city import City
    from lindung.law.months import Month

TURNS = 3


def main() -> None:
    """Run every size and print what it took as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    options = parser.parse_args()
    report = []
    with own_server():
        from benchmarks import crowd
        from benchmarks.city import City

        for people in options.people:
            city = City.new(f"money{people}", quota=people)
            crowd.enrol(city, people)
            report.append(measured(city, people))
            print(json.dumps(report[-1]), flush=True)
    print(json.dumps(report, indent=2))


def measured(city: "City", people: int) -> dict[str, float]:
    """Seconds of each way for one month, the medians of as many turns, and what one member costs."""
    from benchmarks import bare_money
    from lindung.law.months import Month

    months = iter([Month(2025, 6).plus(number) for number in range(2 * TURNS + 2)])
    through_lindung(city, next(months))  # the first month warms both
    bare_money.through_bare_sql(city, next(months))
    ours, bare = [], []
    for _ in range(TURNS):
        ours.append(_timed(through_lindung, city, months))
        bare.append(_timed(bare_money.through_bare_sql, city, months))
    seconds = statistics.median(ours)
    return {
        "people": people,
        "lindung_s": round(seconds, 3),
        "bare_sql_s": round(statistics.median(bare), 3),
        "ratio_to_bare_sql": round(seconds / statistics.median(bare), 2),
        "us_a_member": round(seconds / people * 1e6, 1),
    }


def _timed(way: "Callable[[City, Month], None]", city: "City", months: "Iterator[Month]") -> float:
    month = next(months)
    started = time.perf_counter()
    way(city, month)
    return time.perf_counter() - started


def through_lindung(city: "City", month: "Month") -> None:
    """Bill, record, confirm: what the officer and the finance officer do."""
    from lindung.access.scope import in_scope
    from lindung.contributions import billing, payments

    now = dt.datetime.combine(month.first_day(), dt.time(9), dt.UTC)
    with in_scope(city.scope, actor=city.officer):
        bill = billing.draw_up(agreement_id=city.agreement_id, month=month, by=city.officer, today=now.date())
    with in_scope(city.scope, actor=city.officer):
        order = payments.record(
            bill_id=bill.pk, order_number=f"SP2D/{month}", ordered_on=now.date(), amount=bill.total,
            by=city.officer, now=now,
        )  # fmt: skip
    with in_scope(city.scope, actor=city.colleague):
        payments.confirm(payment_id=order.pk, bill_id=bill.pk, by=city.colleague, now=now)


if __name__ == "__main__":
    main()
