"""Who acts at the command line, in whose sight, and whether what is done stays or was only tried."""

import os
import pwd
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click
import psycopg

from lindung.cli.demo import house
from lindung.cli.refusing import Refused
from lindung.cli.speaking import say, words
from lindung.engine import addresses, clock, postgres, provision, state
from lindung.engine.troubles import DatabaseUnreachable
from lindung.law.months import day_label
from lindung.law.text import Text

if TYPE_CHECKING:
    from lindung.access.models import Role
    from lindung.access.roles import Permission
    from lindung.access.scope import Actor
    from lindung.access.standing import Standing
    from lindung.engine.refusals import Refusal
    from lindung.partnership.models import Agreement

_MOST_NAMES = 12
_LOST = Text(
    "Basis data berhenti menjawab; tidak ada yang berubah. Periksa dengan ./lindung doctor, lalu ulangi.",
    "The database stopped answering; nothing has changed. Look with ./lindung doctor, then repeat.",
)

by_user = click.option(
    "--by",
    "username",
    required=True,
    metavar="USER",
    envvar="LINDUNG_USER",
    help=words(
        Text(
            "Nama pengguna yang bertindak; juga dari LINDUNG_USER.",
            "User name of who acts; also from LINDUNG_USER.",
        )
    ),
)
agreement_code = click.option(
    "--agreement",
    "code",
    required=True,
    metavar="CODE",
    help=words(Text("Kode kerja sama.", "Code of the agreement.")),
)
wet_run = click.option(
    "--wet-run",
    "wet",
    is_flag=True,
    help=words(
        Text("Sungguh simpan; tanpa ini hanya dicoba.", "Really store it; without this it is only tried.")
    ),
)
segment_option = click.option(
    "--segment",
    default="",
    help=words(Text("Kelompok pekerja, bila ada beberapa.", "Group of workers, where there are several.")),
)
as_json = click.option("--json", "as_json", is_flag=True, help=words(Text("Untuk mesin.", "For machines.")))


def enter() -> None:
    """Make the database and Django ready: the first line of every command that works with data.

    Where nobody has set up an installation yet and the example is there, the example is meant; it is said so.
    """
    if _means_the_example():
        house.enter()
        say(
            Text("Contoh Kota Jambi (data rekaan).", "The example of Kota Jambi (invented data)."), error=True
        )
    provision.ready()


@contextmanager
def acting(username: str, permission: "Permission", *, command: str, wet: bool) -> "Iterator[Standing]":
    """Act as this user, in one transaction and in the user's sight; without `wet` nothing of it stays.

    A dry run does everything, lets the database check it as at the end, and then takes it back. A wet run notes on
    the audit trail that the command line was used, and by which account of this machine: nobody signed in for it.
    Raises Refused with what to do; what the database refuses is told in the words of the room that owns the rule.
    """
    from lindung.access.scope import in_scope

    standing = _standing(username, permission, clock.today())
    with telling(), in_scope(standing.scope, actor=standing.actor):
        yield standing
        if wet:
            _note(standing, command)
        else:
            _take_back()


@contextmanager
def installing(*, wet: bool) -> "Iterator[Actor]":
    """Act as the installation, in the name of the machine's account: where there is no user who could act yet."""
    from lindung.access.scope import Actor, SystemScope, system_scope

    actor = Actor(None, _account())
    with telling(), system_scope(SystemScope.MAINTENANCE, actor=actor):
        yield actor
        if not wet:
            _take_back()


def _take_back() -> None:
    """End a trial: the database checks what it would check at the end, and keeps nothing."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    transaction.set_rollback(True)


@contextmanager
def telling() -> "Iterator[None]":
    """What a room or the database refuses, said as a command says it."""
    from django.db import IntegrityError, InterfaceError, OperationalError

    from lindung.engine.refusals import Refusal, constraint_of, explained

    try:
        yield
    except Refusal as refusal:
        raise Refused(refusal.code, _typed(_for_options(refusal.text), refusal)) from refusal
    except IntegrityError as error:
        text = explained(error)
        if text is None:  # a rule without words is a fault of the programme: its trace is wanted
            raise
        raise Refused(f"refused.{constraint_of(error)}", text) from error
    except (OperationalError, InterfaceError) as error:
        raise DatabaseUnreachable(_LOST) from error


_OPTIONS = {
    Text("Periksa bulannya", "Check the month"): Text("Periksa --month", "Check --month"),
    Text("Periksa tanggalnya", "Check the date"): Text("Periksa --date", "Check --date"),
    Text("Periksa tahunnya", "Check its year"): Text(
        "Periksa tahunnya di --date", "Check the year at --date"
    ),
    Text("Periksa nilai dan bulannya", "Check amount and month"): Text(
        "Periksa --amount atau --month", "Check --amount or --month"
    ),
    Text("Minta bendahara lain", "Ask another finance officer"): Text(
        "Ulangi dengan --by bendahara lain", "Repeat with --by another finance officer"
    ),
    Text("Daftarkan orang dulu", "Enrol people first"): Text(
        "Daftarkan orang dulu: ./lindung roster enrol", "Enrol people first: ./lindung roster enrol"
    ),
    Text("Lihat daftarnya di halaman Kunci API", "See the list on the page API keys"): Text(
        "Lihat daftarnya: ./lindung client list", "See the list: ./lindung client list"
    ),
    Text(". Pilih ", ". Choose "): Text(". Isi --first-month ", ". Set --first-month "),
}
"""What a room tells a person to do, as it is done at the command line."""


def _for_options(text: Text) -> Text:
    """The sentence of a refusal with the options of the command line in the place of the fields of a page."""
    for said, option in _OPTIONS.items():
        text = Text(text.id.replace(said.id, option.id), text.en.replace(said.en, option.en))
    return text


def _typed(text: Text, refusal: "Refusal") -> Text:
    """The month of a refusal as the option takes it, 2026-11, where the sentence says to set it."""
    from lindung.membership.enrolling import TooEarly

    if not isinstance(refusal, TooEarly):
        return text
    month = refusal.earliest
    said, typed = (month.label.id, month.label.en), f"--first-month {month}"
    return Text(
        text.id.replace(f"--first-month {said[0]}", typed), text.en.replace(f"--first-month {said[1]}", typed)
    )


def segment_of(agreement: "Agreement", code: str) -> str:
    """The code of the segment that is meant, "" for the only one. Raises Refused with the codes there are."""
    codes = list(agreement.segments.order_by("pk").values_list("code", flat=True))
    if code in codes or not code and len(codes) <= 1:
        return code
    raise Refused("roster.segment_not_chosen", _SEGMENTS.filled(codes=", ".join(codes)))


_SEGMENTS = Text(
    "Sebutkan kelompok pekerjanya dengan --segment: {codes}.",
    "Name the group of workers with --segment: {codes}.",
)


def agreement_of(code: str) -> "Agreement":
    """The agreement of this code among those in sight. Raises Refused with the codes there are."""
    from lindung.partnership.models import Agreement

    found = Agreement.objects.select_related("funding_source", "paying_office").filter(code=code).first()
    if found is not None:
        return found
    known = list(Agreement.objects.order_by("code").values_list("code", flat=True)[:_MOST_NAMES])
    raise Refused("agreement.unknown", _no_agreement(code, known))


def _no_agreement(code: str, known: list[str]) -> Text:
    if not known:
        text = Text(
            "Tidak ada kerja sama {code!r}; belum ada satu pun di sini. Contoh lengkap: ./lindung demo",
            "There is no agreement {code!r}; there is none here at all. For a whole example: ./lindung demo",
        )
    else:
        text = Text(
            "Tidak ada kerja sama {code!r}. Pilih salah satu: {known}.",
            "There is no agreement {code!r}. Choose one of: {known}.",
        )
    return text.filled(code=code, known=_nearest(code, known))


def tried(wet: bool) -> None:
    """The line that ends every changing command."""
    if not wet:
        say(
            Text(
                "Ini hanya percobaan; tidak ada yang disimpan. Tambahkan --wet-run untuk menyimpan.",
                "This was a trial; nothing was stored. Add --wet-run to store it.",
            )
        )


def _means_the_example() -> bool:
    if state.is_demo() or addresses.external_url() is not None:
        return state.is_demo()
    example = house.folder()
    if not (state.is_demo(example) and state.server_folder(example).exists()):
        return False
    return not postgres.status().initialised or _nobody_is_here()


def _nobody_is_here() -> bool:
    """Whether this installation is as new: no organisation, so nobody who could act."""
    provision.ensure()
    with psycopg.connect(**addresses.as_role(addresses.APP)) as connection:
        row = connection.execute("SELECT EXISTS (SELECT FROM access_organisation)").fetchone()
    return row is not None and not row[0]


def _standing(username: str, permission: "Permission", on: date) -> "Standing":
    from lindung.access.models import User
    from lindung.access.scope import user_named
    from lindung.access.standing import standing_on

    try:
        user = user_named(username)
    except User.DoesNotExist:
        raise Refused("user.unknown", _unknown_user(username, permission, on)) from None
    standing = standing_on(user, on)
    if standing.appointment is None:
        raise Refused(
            "user.no_appointment",
            _NO_ROLE.filled(username=username, day=day_label(on)),
        )
    if not standing.may(permission):
        raise Refused("user.not_allowed", _not_allowed(username, standing.appointment.role, permission, on))
    return standing


def _unknown_user(username: str, permission: "Permission", on: date) -> Text:
    allowed = _who_may(permission, on)
    if not allowed:
        return Text(
            f"Tidak ada pengguna {username!r}, dan belum ada yang boleh melakukan ini.",
            f"There is no user {username!r}, and nobody yet who may do this.",
        )
    return Text(
        f"Tidak ada pengguna {username!r}. Yang boleh melakukan ini: {_nearest(username, allowed)}.",
        f"There is no user {username!r}. Who may do this: {_nearest(username, allowed)}.",
    )


def _not_allowed(username: str, role: str, permission: "Permission", on: date) -> Text:
    from lindung.access.roles import ROLES, duties_of

    held = duties_of(role).label
    may = [duties.label for duties in ROLES.values() if permission in duties.may]
    who = _nearest(username, _who_may(permission, on))
    return Text(
        f"{username} ({held.id}) tidak boleh melakukan ini. Yang boleh: {', '.join(label.id for label in may)}"
        f" ({who}).",
        f"{username} ({held.en}) may not do this. Who may: {', '.join(label.en for label in may)} ({who}).",
    )


def _who_may(permission: "Permission", on: date) -> list[str]:
    from lindung.access.roles import ROLES
    from lindung.access.scope import NOBODY, SystemScope, system_scope

    roles = [role for role, duties in ROLES.items() if permission in duties.may]
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        return _names_of_holders(roles, on)


def _names_of_holders(roles: "list[Role]", on: date) -> list[str]:
    from django.db.models import Q

    from lindung.access.models import Appointment

    held = Appointment.objects.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on, role__in=roles)
    names = (
        held.filter(user__is_active=True).order_by("user__username").values_list("user__username", flat=True)
    )
    return list(names[: 10 * _MOST_NAMES])


_NO_ROLE = Text(
    "{username} tidak punya jabatan pada {day}. Minta pengelola mengangkatnya, atau pilih pengguna lain.",
    "{username} holds no role on {day}. Ask the administrator for one, or choose another user.",
)


def _nearest(typed: str, known: Iterable[str]) -> str:
    """The names that resemble what was typed, else the first few."""
    names = list(known)
    close = get_close_matches(typed.lower(), names, n=_MOST_NAMES, cutoff=0.6)
    return ", ".join(close or names[:_MOST_NAMES])


def _note(standing: "Standing", command: str) -> None:
    from lindung.access import audit

    user = standing.user
    organisation = standing.appointment.organisation if standing.appointment else None
    audit.record(
        "command_line.used",
        by=standing.actor,
        subject=f"user:{user.pk if user else 0}",
        sponsor_id=organisation.sponsor_id if organisation else None,
        detail={"command": command, "account": _account()},
    )


def _account() -> str:
    """The account of this machine, by its number: the environment's word for it is anybody's."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
