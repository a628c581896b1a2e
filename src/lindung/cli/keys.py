"""What `client create`, `revoke`, `list` and `serve` do and answer: keys of other systems."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from lindung.access import clients
from lindung.access.clients import ClientShown, NewKey
from lindung.access.models import Organisation, User
from lindung.access.roles import Permission
from lindung.cli.acting import acting
from lindung.cli.layout import show_facts, show_table
from lindung.cli.refusing import Refused
from lindung.cli.speaking import say
from lindung.engine import clock
from lindung.engine.refusals import Refusal
from lindung.law.text import Text


def created(*, name: str, user: str, scope: str, username: str, wet: bool) -> NewKey:
    """Make a key as this administrator; without `wet` it is taken back. Raises Refused."""
    asked = [_permission(word.strip()) for word in scope.split(",") if word.strip()]
    with (
        acting(username, Permission.MANAGE_USERS, command="client create", wet=wet) as standing,
        _refusing(),
    ):
        try:
            owner = clients.user_for_key(user)
        except User.DoesNotExist:
            raise Refused("user.unknown", _NO_USER.filled(user=user)) from None
        return clients.create(name=name, user=owner, permissions=asked, by=standing.actor, now=clock.now())


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
        return clients.listed()


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
