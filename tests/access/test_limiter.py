"""Exactly `limit` attempts get through, however they arrive."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from access.conftest import NOW
from lindung.access.limiter import Limit, Verdict, forget, hit, hit_all, sweep
from lindung.access.models import LimiterCounter


def attempt(number: int = 0, *, later: int = 0) -> Verdict:
    return hit("siti|10.0.0.1", limit=5, window_seconds=300, now=NOW + timedelta(seconds=later))


@pytest.mark.django_db
class TestOneAfterTheOther:
    def test_it_lets_the_first_five_through_and_says_how_long_to_wait(self) -> None:
        assert [attempt().allowed for _ in range(7)] == [True] * 5 + [False] * 2
        assert attempt(later=100) == Verdict(allowed=False, left=0, retry_after=200)

    def test_it_says_how_many_are_left(self) -> None:
        assert [attempt().left for _ in range(6)] == [4, 3, 2, 1, 0, 0]

    def test_it_opens_a_new_window_when_the_old_one_is_over(self) -> None:
        for _ in range(9):
            attempt()
        assert not attempt(later=299).allowed
        assert attempt(later=300) == Verdict(allowed=True, left=4, retry_after=0)

    def test_it_counts_each_key_by_itself(self) -> None:
        for _ in range(9):
            attempt()
        assert hit("budi|10.0.0.1", limit=5, window_seconds=300, now=NOW).allowed

    def test_it_forgets_when_told(self) -> None:
        for _ in range(9):
            attempt()
        forget("siti|10.0.0.1")
        assert attempt().left == 4

    def test_it_stands_when_the_request_around_it_is_rolled_back(self) -> None:
        with transaction.atomic():
            for _ in range(5):
                attempt()
            transaction.set_rollback(True)
        assert not attempt().allowed

    def test_it_keeps_no_name_in_clear(self) -> None:
        attempt()
        with connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(counter::text, ' ') FROM access_limitercounter counter")
            assert "siti" not in cursor.fetchone()[0]

    def test_it_sweeps_only_what_is_over(self) -> None:
        attempt()
        hit("long", limit=1, window_seconds=3600, now=NOW)
        assert sweep(now=NOW + timedelta(seconds=301)) == 1
        assert LimiterCounter.objects.count() == 1


def test_it_sweeps_by_itself_while_it_counts(fresh_database: str) -> None:
    for number in range(400):
        hit(f"key {number}", limit=1, window_seconds=1, now=NOW + timedelta(seconds=number))
    assert LimiterCounter.objects.count() < 200


def test_it_stops_at_the_first_limit_that_is_used_up(fresh_database: str) -> None:
    near, far = Limit("near", 2, 60), Limit("far", 9, 60)
    assert [hit_all([near, far], now=NOW) for _ in range(4)] == [True, True, False, False]
    assert hit("far", limit=9, window_seconds=60, now=NOW).left == 6


def test_it_lets_exactly_five_of_forty_through_at_the_same_moment(fresh_database: str) -> None:
    def on_its_own_connection(number: int) -> bool:
        try:
            return attempt(number).allowed
        finally:
            connection.close()

    with ThreadPoolExecutor(40) as pool:
        verdicts = list(pool.map(on_its_own_connection, range(40)))
    assert verdicts.count(True) == 5


def test_it_lets_exactly_five_of_forty_transactions_through(fresh_database: str) -> None:
    def inside_a_transaction(number: int) -> bool:
        try:
            with transaction.atomic():
                return attempt(number).allowed
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        verdicts = list(pool.map(inside_a_transaction, range(40)))
    assert verdicts.count(True) == 5
