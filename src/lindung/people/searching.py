"""Finds people for an officer: by name, or by NIK together with the birth date, never by a number alone.

Every search counts against the limit of who asks and leaves an event; neither says how many people there are.
"""

import datetime
from typing import NamedTuple

from lindung.access.audit import record
from lindung.access.limiter import Limit, hit_all
from lindung.access.scope import Actor
from lindung.access.sealing import blind_index
from lindung.engine.refusals import Refusal
from lindung.identity import names, nik
from lindung.law.text import Text
from lindung.people.models import Person

MOST = 50
SHORTEST = 3
"""People shown at most, and letters of a name at least."""
LIMITS = ((60, 10 * 60), (500, 24 * 60 * 60))
NUMBER_LIMITS = ((20, 10 * 60), (100, 24 * 60 * 60))
"""Searches of one user, and those with a number, within so many seconds."""


class Sought(NamedTuple):
    """What an officer asks for, as typed; empty and None when not given."""

    name: str = ""
    birth_date: datetime.date | None = None
    nik: str = ""


class NotEnough(Refusal):
    """What was given would find people for a number alone, or too many."""

    code = "search.not_enough"


class TooOften(Refusal):
    """The limit of who asks is used up."""

    code = "search.too_often"


def search(sought: Sought, *, by: Actor, sponsor_id: int | None, now: datetime.datetime) -> tuple[int, ...]:
    """The ids of at most `MOST` people in the caller's scope, by name.

    Raises NotEnough for a number alone, for a name of fewer than `SHORTEST` letters, and for a birth date alone;
    TooOften when the limit is used up.
    """
    _refuse_too_little(sought)
    _count(sought, by, now)
    found = _by_number(sought.nik, sought.birth_date) if sought.nik else _by_name(sought)
    subject = f"person:{found[0]}" if len(found) == 1 else f"user:{by.user_id}"
    detail = {"by": _way(sought), "found": len(found)}
    record("worker.searched", by=by, subject=subject, sponsor_id=sponsor_id, detail=detail)
    return found


def _refuse_too_little(sought: Sought) -> None:
    if any(sign.isdigit() for sign in sought.name):
        raise NotEnough(_NUMBER_IN_NAME, field="name")
    if sought.nik and nik.problems(sought.nik):
        raise NotEnough(_NOT_A_NIK, field="nik")
    if not sought.nik and len(names.key(sought.name).replace(" ", "")) < SHORTEST:
        raise NotEnough(_DATE_ALONE if sought.birth_date and not sought.name else _SHORT, field="name")


def _count(sought: Sought, by: Actor, now: datetime.datetime) -> None:
    limits = [Limit(f"search|{by.user_id}|{seconds}", times, seconds) for times, seconds in LIMITS]
    if sought.nik:
        limits += [
            Limit(f"search-nik|{by.user_id}|{seconds}", times, seconds) for times, seconds in NUMBER_LIMITS
        ]
    if not hit_all(limits, now=now):
        raise TooOften(_TOO_OFTEN)


def _by_number(number: str, birth_date: datetime.date | None) -> tuple[int, ...]:
    if birth_date is None:
        raise NotEnough(_NUMBER_ALONE, field="birth_date")
    found = Person.objects.filter(nik_index=blind_index("nik", nik.compact(number)), birth_date=birth_date)
    return tuple(found.values_list("pk", flat=True))


def _by_name(sought: Sought) -> tuple[int, ...]:
    """People in whose name every word asked for occurs, in whatever order and spelling."""
    found = Person.objects.all()
    if sought.birth_date is not None:
        found = found.filter(birth_date=sought.birth_date)
    for word in names.key(sought.name).split():
        found = found.filter(name_key__contains=word)
    return tuple(found.order_by("name", "pk").values_list("pk", flat=True)[:MOST])


def _way(sought: Sought) -> str:
    if sought.nik:
        return "nik_and_birth_date"
    return "name_and_birth_date" if sought.birth_date else "name"


_NUMBER_ALONE = Text(
    "Nomor saja tidak cukup: NIK dapat ditebak. Isi juga tanggal lahirnya.",
    "A number alone is not enough: a NIK can be guessed. Give the birth date as well.",
)
_NUMBER_IN_NAME = Text(
    "Nama tidak memuat angka. Tulis NIK pada isiannya sendiri, bersama tanggal lahir; dengan nomor KPJ tidak ada pencarian.",
    "A name has no digits. Write a NIK into its own field, with the birth date; there is no search by KPJ.",
)
_NOT_A_NIK = Text(
    "NIK harus 16 angka yang benar. Periksa pada KTP.",
    "A NIK has sixteen digits that make sense. Check it on the identity card.",
)
_DATE_ALONE = Text(
    "Tanggal lahir saja tidak cukup. Isi juga nama, atau NIK.",
    "A birth date alone is not enough. Give a name or a NIK as well.",
)
_SHORT = Text("Tulis sekurangnya tiga huruf dari nama.", "Write at least three letters of the name.")
_TOO_OFTEN = Text(
    "Anda sudah terlalu sering mencari. Tunggu sepuluh menit, lalu coba lagi.",
    "You have searched too often. Wait ten minutes, then try again.",
)
