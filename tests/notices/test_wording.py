"""The words: plain, short enough for one SMS whatever the name, and golden."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from lindung.law.text import Text
from lindung.notices.models import Channel
from lindung.notices.quiet import is_quiet, next_open
from lindung.notices.wording import LONGEST_SMS, UnknownKind, kinds, title_of, values_of, wording
from notices.conftest import MORNING, NIGHT

VALUES: dict[str, str | Text] = {
    "name": "Siti Aminah",
    "agreement": "Pekerja rentan Kota Jambi",
    "payer": "Kota Jambi",
    "month": Text("Agustus 2026", "August 2026"),
    "until": Text("September 2026", "September 2026"),
    "paid_until": Text("September 2026", "September 2026"),
    "short_month": Text("September 2026", "September 2026"),
    "shortfall": "Rp999.999.999.999",
    "price": "Rp36.800",
    "day": Text("16 September 2026", "16 September 2026"),
    "said": Text("Pekerja rentan: iuran belum dibayar.", "Vulnerable workers: not paid."),
    "article": Text("PP 44/2015 Pasal 24", "PP 44/2015 Pasal 24"),
}


@pytest.mark.parametrize("kind", kinds())
def test_it_is_said_as_it_was_agreed(kind: str, snapshot: SnapshotAssertion) -> None:
    said = {
        f"{channel.value} {language}": wording(kind, channel, VALUES, language)
        for channel in (Channel.SMS, Channel.LETTER)
        for language in ("id", "en")
    }
    assert said == snapshot


@pytest.mark.parametrize("kind", kinds())
@settings(max_examples=20)
@given(name=st.text(max_size=200), payer=st.text(max_size=120))
def test_it_fits_into_one_sms_whatever_the_names(kind: str, name: str, payer: str) -> None:
    values = {**VALUES, "name": name, "payer": payer, "agreement": name}
    for language in ("id", "en"):
        _, text = wording(kind, Channel.SMS, values, language)
        assert len(text) <= LONGEST_SMS
        assert text.isascii()


@pytest.mark.parametrize("kind", kinds())
def test_it_needs_only_values_that_are_known_here(kind: str) -> None:
    assert values_of(kind) <= set(VALUES)
    assert "nik" not in values_of(kind)


@pytest.mark.parametrize("kind", kinds())
def test_no_sentence_is_long(kind: str) -> None:
    _, text = wording(kind, Channel.LETTER, VALUES)
    assert max(len(sentence.split()) for sentence in re.split(r"[.:?!]\s", text)) <= 26


def test_a_kind_without_words_is_refused() -> None:
    with pytest.raises(UnknownKind):
        wording("cover.guessed", Channel.SMS, VALUES)
    assert title_of("cover.guessed").id == "cover.guessed"


class TestQuietHours:
    def test_they_reach_over_midnight(self) -> None:
        hours = [
            hour for hour in range(24) if is_quiet(MORNING.replace(hour=hour), quiet_from=20, quiet_until=7)
        ]
        assert hours == [0, 1, 2, 3, 4, 5, 6, 20, 21, 22, 23]

    def test_they_may_lie_within_a_day(self) -> None:
        hours = [
            hour for hour in range(24) if is_quiet(MORNING.replace(hour=hour), quiet_from=12, quiet_until=14)
        ]
        assert hours == [12, 13]

    def test_what_comes_in_them_waits_for_their_end(self) -> None:
        assert next_open(MORNING, quiet_from=20, quiet_until=7) == MORNING
        assert next_open(NIGHT, quiet_from=20, quiet_until=7) == NIGHT.replace(day=11, hour=7)
        early = NIGHT.replace(hour=3)
        assert next_open(early, quiet_from=20, quiet_until=7) == early.replace(hour=7)
