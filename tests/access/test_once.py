"""Orders that take effect once: pressed twice, sent by two at a time, rolled back, with a key of somebody else."""

import pytest
from django.db import transaction

import world
from database import at_once
from lindung.access.models import Role, SentOnce
from lindung.access.once import SameKeyOtherOrder, once

done: list[str] = []


def order(user_id: int, key: str = "k", what: bytes = b"pay", answer: str = "paid") -> tuple[str, bool]:
    def act() -> str:
        done.append(answer)
        return answer

    return once(user_id=user_id, key=key, order=what, act=act)


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    done.clear()


def test_it_carries_out_the_first_and_gives_the_second_its_answer(db: None) -> None:
    place = world.city()
    with place.acting() as siti:
        assert siti.user_id is not None
        assert order(siti.user_id) == ("paid", True)
        assert order(siti.user_id, answer="paid again") == ("paid", False)
    assert done == ["paid"]


def test_it_refuses_the_same_key_for_another_order(db: None) -> None:
    place = world.city()
    with place.acting() as siti:
        assert siti.user_id is not None
        order(siti.user_id)
        with pytest.raises(SameKeyOtherOrder):
            order(siti.user_id, what=b"pay more")
    assert done == ["paid"]


def test_it_forgets_an_order_that_was_rolled_back(db: None) -> None:
    place = world.city()
    with place.acting() as siti:
        assert siti.user_id is not None
        with transaction.atomic():
            order(siti.user_id)
            transaction.set_rollback(True)
        assert order(siti.user_id, answer="now") == ("now", True)


def test_it_keeps_the_keys_of_two_people_apart(db: None) -> None:
    place = world.city()
    for role in (Role.CITY_OFFICER, Role.AUDITOR):
        with place.acting(role) as person:
            assert person.user_id is not None
            assert order(person.user_id)[1]
            assert SentOnce.objects.count() == 1


def test_it_lets_one_of_many_at_the_same_moment_through(fresh_database: str) -> None:
    place = world.city()

    def press() -> bool:
        with place.acting() as siti:
            assert siti.user_id is not None
            return order(siti.user_id)[1]

    assert sorted(map(bool, at_once(*[press] * 8))) == [False] * 7 + [True]
    assert done == ["paid"]
