"""Letters: one file for each kelurahan, printed once, printed again when paper is lost, handed over by name."""

import pytest

import world
from lindung.access.models import AuditEvent
from lindung.notices import letters
from lindung.notices.letters import NotHandedOver, NothingToPrint, Printed
from lindung.notices.models import Notice, State
from notices.conftest import MORNING
from notices.test_outbox import queue, siti, told


def printed(place: world.City, *, again: bool = False) -> Printed:
    with place.acting() as officer:
        return letters.print_letters(
            sponsor_id=place.sponsor.pk,
            kelurahan_code=world.THE_HOK,
            again=again,
            by=officer,
            now=MORNING,
            on=MORNING.date(),
        )


def states(place: world.City) -> list[str]:
    with place.acting():
        return list(Notice.objects.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def two_letters(jambi: world.City) -> world.City:
    queue(
        jambi,
        told(siti(jambi, phone="")),
        told(siti(jambi, phone="", ref="person:2", name='#set page(width: 1pt) "Budi" $x$ *tebal*')),
    )
    return jambi


def test_it_prints_one_file_and_marks_what_it_printed(two_letters: world.City) -> None:
    made = printed(two_letters)
    assert made.content.startswith(b"%PDF-")
    assert (made.name, made.letters) == ("surat-thehok-2026-08-10.pdf", 2)
    assert made.content.count(b"/Type /Page\n") == 2 or b"/Count 2" in made.content
    assert states(two_letters) == [State.PRINTED, State.PRINTED]


def test_it_prints_again_what_was_printed_and_nothing_twice_by_itself(two_letters: world.City) -> None:
    printed(two_letters)
    with pytest.raises(NothingToPrint):
        printed(two_letters)
    assert printed(two_letters, again=True).letters == 2
    with two_letters.acting():
        assert AuditEvent.objects.filter(action="letters.printed").count() == 2


def test_it_is_handed_over_by_name(two_letters: world.City) -> None:
    printed(two_letters)
    with two_letters.acting() as officer:
        given = {"sponsor_id": two_letters.sponsor.pk, "kelurahan_code": world.THE_HOK}
        with pytest.raises(NotHandedOver):
            letters.hand_over(**given, to=" ", by=officer, now=MORNING)
        assert letters.hand_over(**given, to="Lurah The Hok", by=officer, now=MORNING) == 2
        with pytest.raises(NotHandedOver):
            letters.hand_over(**given, to="Lurah The Hok", by=officer, now=MORNING)
        found = Notice.objects.first()
        assert found is not None
        assert (found.handed_over_to, found.handed_over_by_id) == ("Lurah The Hok", officer.user_id)


def test_it_counts_by_kelurahan(two_letters: world.City) -> None:
    with two_letters.acting():
        [place] = letters.places()
    assert (place.kelurahan, place.waiting, place.printed, place.handed_over) == ("Thehok", 2, 0, 0)


def test_another_city_sees_none_of_them(two_letters: world.City) -> None:
    bungo = world.city("bungo", branch=two_letters.branch)
    with bungo.acting():
        assert letters.places() == []
    with pytest.raises(NothingToPrint):
        printed(bungo)
