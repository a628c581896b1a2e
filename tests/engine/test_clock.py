"""The one clock, and LINDUNG_NOW in its place."""

from datetime import UTC, date, datetime

import pytest

from lindung.engine import clock
from lindung.engine.troubles import ClockUnreadable


def test_it_tells_the_time_of_jakarta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINDUNG_NOW", raising=False)
    assert abs(clock.now() - datetime.now(UTC)).total_seconds() < 5
    assert str(clock.now().tzinfo) == "Asia/Jakarta"
    assert not clock.is_fixed()


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-11-22", datetime(2026, 11, 22, tzinfo=clock.JAKARTA)),
        ("2026-11-22T09:30", datetime(2026, 11, 22, 9, 30, tzinfo=clock.JAKARTA)),
        ("2026-11-22 23:30+00:00", datetime(2026, 11, 23, 6, 30, tzinfo=clock.JAKARTA)),
    ],
)
def test_lindung_now_stands_in_for_it(
    monkeypatch: pytest.MonkeyPatch, written: str, moment: datetime
) -> None:
    monkeypatch.setenv("LINDUNG_NOW", written)
    assert clock.now() == moment
    assert clock.today() == moment.date()
    assert clock.is_fixed()


def test_the_day_is_that_of_jakarta_and_not_of_greenwich(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINDUNG_NOW", "2026-11-30T18:00Z")
    assert clock.today() == date(2026, 12, 1)


@pytest.mark.parametrize("garbage", ["kemarin", "22-11-2026", "2026-13-01", "2026-02-30"])
def test_garbage_is_refused_with_an_example(monkeypatch: pytest.MonkeyPatch, garbage: str) -> None:
    monkeypatch.setenv("LINDUNG_NOW", garbage)
    with pytest.raises(ClockUnreadable, match="2026-11-22") as refusal:
        clock.now()
    assert garbage in refusal.value.text.id
