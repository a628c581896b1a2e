"""The calendar of the house: what is done by itself and when, and the days of a month that people must keep."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicTask

from lindung.contributions.dues import due
from lindung.engine.clock import JAKARTA
from lindung.law.months import Month
from lindung.law.terms import Segment
from lindung.law.text import Text


class Entry(NamedTuple):
    """Something that is done again and again: how often, and when next (a day, or a moment in Asia/Jakarta)."""

    what: Text
    how_often: Text
    next: datetime | date


TASKS = {
    "jobs.sweep": Text(
        "Mengembalikan pekerjaan yang pelaksananya mati", "Giving back tasks whose worker has died"
    ),
    "notices.deliver": Text("Mengirim pemberitahuan yang menunggu", "Sending notices that wait"),
    "contributions.tell_standing": Text(
        "Memberi tahu pekerja yang iurannya belum dibayar", "Telling workers whose contribution is unpaid"
    ),
    "contributions.tell_paid": Text(
        "Memberi tahu pekerja bahwa iurannya dibayar", "Telling workers that their contribution is paid"
    ),
    "insight.tell_alarms": Text(
        "Memberi tahu petugas tentang peringatan 60, 30 dan 7 hari",
        "Telling officers of the alarms 60, 30 and 7 days ahead",
    ),
    "insight.tell_offers": Text(
        "Memberi tahu pekerja bahwa mereka dapat membayar sendiri", "Telling workers that they can pay alone"
    ),
    "contributions.draw_run": Text("Menyusun semua tagihan satu bulan", "Drawing all bills of a month"),
    "contributions.accept_exact": Text(
        "Menerima uang yang pasti dari rekening koran", "Accepting the exact lines of bank statements"
    ),
    "ledger.close": Text("Menutup buku dan jejak dalam blok", "Closing the book and the trail in blocks"),
    "ledger.checkpoint": Text("Menandatangani keadaan buku", "Signing where the book stands"),
    "membership.judge": Text("Memeriksa daftar pekerja", "Judging a list of workers"),
}
"""What each task does, in words."""

_OFTEN = {
    "* * * * * */5": Text("Setiap lima detik", "Every five seconds"),
    "* * * * *": Text("Setiap menit", "Every minute"),
    "*/5 * * * *": Text("Setiap lima menit", "Every five minutes"),
    "30 1 * * *": Text("Sekali sehari, 08.30 WIB", "Once a day, at 08:30 WIB"),
    "10 0-11 * * *": Text("Sekali sehari, sesudah 07.00 WIB", "Once a day, after 07:00 WIB"),
}
"""The calendar of the queue counts in UTC; people read the time of Jakarta."""


def task_name(task: str) -> Text:
    """What a task does, in words; one nobody has named is called by its code."""
    return TASKS.get(task, Text(task, task))


def by_itself(*, now: datetime) -> list[Entry]:
    """What runs without anybody asking, in the order in which it comes next."""
    entries = [_entry(each, now) for each in app.periodic_registry.periodic_tasks.values()]
    return sorted(entries, key=lambda entry: (str(entry.next), entry.what.id))


def of_the_month(*, on: date) -> list[Entry]:
    """The days people keep every month, from this day on, in order."""
    return sorted(_duties(on), key=lambda entry: str(entry.next))


def _entry(periodic: "PeriodicTask[..., object, ...]", now: datetime) -> Entry:
    coming = periodic.croniter.get_next(ret_type=float, start_time=now.timestamp())
    often = _OFTEN.get(periodic.cron, Text(f"Menurut {periodic.cron} (UTC)", f"By {periodic.cron} (UTC)"))
    return Entry(task_name(periodic.task.name), often, datetime.fromtimestamp(coming, JAKARTA))


def _duties(on: date) -> Iterator[Entry]:
    month = Month.of(on)
    first = on if on.day == 1 else month.next().first_day()
    yield Entry(
        Text("Menyusun tagihan bulan berjalan", "Drawing the bills of the month"),
        Text("Setiap tanggal 1", "Every 1st of the month"),
        first,
    )
    for segment, what in (
        (
            Segment.BPU,
            Text("Iuran pekerja bukan penerima upah (BPU) jatuh tempo", "Contributions of BPU are due"),
        ),
        (
            Segment.PU,
            Text("Iuran penerima upah (PU) jatuh tempo", "Contributions of wage earners (PU) are due"),
        ),
    ):
        days = (due(month.plus(step), ("jkk", "jkm"), segment=segment) for step in range(-1, 3))
        yield Entry(what, _DUE[segment], next(day for day in days if day >= on))


_DUE = {
    Segment.BPU: Text("Setiap bulan, menurut PP 44/2015 Pasal 24", "Every month, by PP 44/2015 Pasal 24"),
    Segment.PU: Text("Setiap bulan, menurut PP 44/2015 Pasal 21", "Every month, by PP 44/2015 Pasal 21"),
}
