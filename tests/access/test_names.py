"""Rows and the people behind them: a row stays when whoever wrote it is out of sight, without a name."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import world
from lindung.access.models import ApiClient, Role, User
from lindung.access.names import UNSEEN, with_users
from lindung.access.scope import SystemScope, system_scope

pytestmark = pytest.mark.django_db


def keys(*pairs: tuple[User, User]) -> None:
    """A key of the first, made by the second."""
    for number, (user, maker) in enumerate(pairs):
        with system_scope(SystemScope.DEMO, actor=world.Actor.of(maker)):
            ApiClient.objects.create(
                client_id=f"lc_{number}",
                name="uji",
                user=user,
                permissions=["see_bills"],
                secret_hash=bytes([number]) * 32,
                created_by=maker,
                created_at=world.at(world.TODAY),
            )


def test_a_row_stays_without_the_name_of_whoever_is_out_of_sight() -> None:
    jambi, bungo = world.city(), world.city("bungo")
    siti, stranger = jambi.users[Role.CITY_OFFICER], bungo.users[Role.CITY_OFFICER]
    keys((siti, stranger), (stranger, siti))
    with jambi.acting():
        own, other = with_users(ApiClient.objects.order_by("pk"), "user", "created_by", "revoked_by")
        assert (own.user.name, own.created_by.name) == (siti.name, UNSEEN)
        assert (other.user.username, other.created_by.name) == (UNSEEN, siti.name)
        assert (other.user_id, own.revoked_by) == (stranger.pk, None)


def test_it_asks_once_however_many_rows_there_are() -> None:
    jambi = world.city()
    siti, budi = jambi.users[Role.CITY_OFFICER], jambi.users[Role.FINANCE_OFFICER]
    keys(*[(siti, budi)] * 5)
    with jambi.acting():
        rows = list(ApiClient.objects.all())
        with CaptureQueriesContext(connection) as asked:
            with_users(rows, "user", "created_by")
    assert len(asked) == 1
