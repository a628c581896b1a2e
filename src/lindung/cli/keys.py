"""What `client create`, `revoke`, `list` and `serve` do and answer: keys of other systems."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from lindung.access import changing, clients, key_requests
from lindung.access.clients import ClientShown, NewKey
from lindung.access.models import AccountChange, Organisation, Role, User
from lindung.access.roles import Permission, duties_of
from lindung.access.scope import appointment_in_sight
from lindung.access.standing import Standing
from lindung.cli.acting import acting
from lindung.cli.layout import show_facts, show_table
from lindung.cli.refusing import Refused
from lindung.cli.speaking import say
from lindung.engine import clock
from lindung.engine.refusals import Refusal
from lindung.law.text import Text


class Wish(NamedTuple):
    """A key as it is asked for at the command line: of a user, or of a partner's system."""

    name: str
    user: str
    partner: str
    scope: str
    reason: str


def created(wish: Wish, *, username: str, second: str, wet: bool) -> NewKey:
    """Make a key that one administrator asks for and another approves; without `wet` it is taken back. Raises Refused."""
    if bool(wish.user) == bool(wish.partner):
        raise Refused("client.whose", _WHOSE)
    command, now, today = "client create", clock.now(), clock.today()
    with acting(username, Permission.MANAGE_USERS, command=command, wet=wet) as standing, _refusing():
        change = _asked(wish, standing)
        # Inside, so that the trial takes back what the second did as well.
        with acting(second, Permission.MANAGE_USERS, command=command, wet=True) as other:
            changing.decide(change_id=change.pk, approve=True, by=other.actor, now=now, today=today)
            return key_requests.make(change_id=change.pk, by=other.actor, now=now)


def _asked(wish: Wish, standing: Standing) -> AccountChange:
    by, now = standing.actor, clock.now()
    if wish.partner:
        city = key_requests.city_among(standing.scope.organisation_ids)
        return key_requests.ask_for_partner(
            name=wish.name,
            partner=key_requests.partner_named(wish.partner, city=city, by=by),
            city=city,
            permissions=_permissions(wish.scope, Role.INTEGRATOR),
            reason=wish.reason,
            by=by,
            now=now,
        )
    user = User.objects.filter(username=wish.user.lower()).first()
    if user is None:
        raise Refused("user.unknown", _NO_USER.filled(user=wish.user))
    held = appointment_in_sight(user, standing.on)
    return key_requests.ask_for_user(
        name=wish.name,
        user=user,
        permissions=_permissions(wish.scope, held.role if held else ""),
        reason=wish.reason,
        by=by,
        now=now,
    )


def _permissions(scope: str, role: str) -> list[Permission]:
    """Those named; without a name, all that the role has in the API."""
    named = [_permission(word.strip()) for word in scope.split(",") if word.strip()]
    held = duties_of(role).may if role else frozenset()
    return named or sorted(held & key_requests.OPENS.keys())


def revoked(*, client_id: str, username: str, wet: bool) -> None:
    """Withdraw a key as this administrator; without `wet` it is taken back. Raises Refused."""
    with (
        acting(username, Permission.MANAGE_USERS, command="client revoke", wet=wet) as standing,
        _refusing(),
    ):
        clients.revoke(client_id=client_id, by=standing.actor, now=clock.now())


def found(*, username: str) -> list[ClientShown]:
    """Every key. Raises Refused."""
    with acting(username, Permission.MANAGE_USERS, command="client list", wet=False):
        return clients.listed(on=clock.today())


def served(*, integrator: str, city: str, end: bool, username: str, wet: bool) -> None:
    """Give a partner a city, or take it away; without `wet` it is taken back. Raises Refused."""
    with acting(username, Permission.MANAGE_USERS, command="client serve", wet=wet) as standing:
        partner, place = _organisation(integrator, "integrator"), _organisation(city, "city")
        if not end:
            clients.serve(integrator=partner, city=place, by=standing.actor, now=clock.now())
        elif not clients.end_service(integrator=partner, city=place, by=standing.actor, now=clock.now()):
            raise Refused("client.not_serving", _NOT_SERVING.filled(integrator=integrator, city=city))


def show_new(key: NewKey) -> None:
    """Print a key; the secret is printed this once."""
    show_facts(
        (
            (Text("Pengenal", "Client id"), key.client_id),
            (Text("Rahasia", "Secret"), key.secret),
            (Text("Izin", "Permissions"), ", ".join(key.permissions)),
        )
    )
    say(
        Text(
            "Simpan rahasia ini sekarang; ia tidak bisa ditampilkan lagi.",
            "Keep this secret now; it cannot be shown again.",
        )
    )


def show(keys: Sequence[ClientShown]) -> None:
    """Print the keys."""
    if not keys:
        say(Text("Belum ada kunci. Buat dengan: ./lindung client create", "There is no key yet."))
        return
    rows = [
        (
            each.client_id,
            each.name,
            each.username,
            each.created_at.date(),
            each.revoked_at.date() if each.revoked_at else "",
            ", ".join(each.permissions),
        )
        for each in keys
    ]
    show_table(_HEADINGS, rows)


def say_revoked(client_id: str) -> None:
    """Say that a key is withdrawn."""
    say(Text("Kunci {id} dicabut.", "Key {id} is revoked.").filled(id=client_id))


def say_served(integrator: str, city: str, *, end: bool) -> None:
    """Say whether the partner works for the city now."""
    text = (
        Text("{mitra} tidak lagi melayani {kota}.", "{mitra} no longer serves {kota}.")
        if end
        else Text("{mitra} melayani {kota}.", "{mitra} serves {kota}.")
    )
    say(text.filled(mitra=integrator, kota=city))


@contextmanager
def _refusing() -> Iterator[None]:
    """What the room refuses, said as a command says it."""
    try:
        yield
    except Refusal as refusal:
        raise Refused(refusal.code, refusal.text) from refusal


def _permission(word: str) -> Permission:
    try:
        return Permission(word)
    except ValueError as error:
        known = ", ".join(sorted(Permission))
        raise Refused("client.permission_unknown", _NO_SUCH.filled(word=word, known=known)) from error


def _organisation(code: str, kind: str) -> Organisation:
    found = Organisation.objects.filter(code=code, kind=kind).first()
    if found is None:
        known = ", ".join(Organisation.objects.filter(kind=kind).values_list("code", flat=True)[:12])
        raise Refused("organisation.unknown", _NO_ORGANISATION.filled(code=code, known=known or "-"))
    return found


_HEADINGS = (
    Text("Pengenal", "Client id"),
    Text("Nama", "Name"),
    Text("Pengguna", "User"),
    Text("Dibuat", "Made"),
    Text("Dicabut", "Revoked"),
    Text("Izin", "Permissions"),
)
_WHOSE = Text("Sebut satu: --user atau --partner.", "Name one of them: --user or --partner.")
_NO_USER = Text("Tidak ada pengguna {user}. Periksa --user.", "There is no user {user}. Check --user.")
_NO_SUCH = Text(
    "Tidak ada izin {word}. Yang ada: {known}.", "There is no permission {word}. There are: {known}."
)
_NO_ORGANISATION = Text(
    "Tidak ada organisasi {code} dari jenis itu. Yang ada: {known}.",
    "There is no organisation {code} of that kind. There are: {known}.",
)
_NOT_SERVING = Text(
    "{integrator} tidak melayani {city}; tidak ada yang diakhiri.",
    "{integrator} does not serve {city}; there is nothing to end.",
)
