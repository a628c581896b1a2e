"""What the register says of a person put right: by whom, why, and what it said before; nobody becomes somebody else."""

from datetime import date

import pytest

import world
from database import at_once, fetched, refused
from lindung.access.models import AuditEvent, Role
from lindung.engine.refusals import ChangedMeanwhile
from lindung.identity import names
from lindung.people import correcting
from lindung.people.correcting import Identity, NotCorrected
from lindung.people.models import Person, PersonCorrection

NOW = world.at(world.TODAY)
RIGHT = Identity("Siti Aminah", "Jambi", world.SITI.birth_date, "F")
WHY = "Kolom salah dibaca, dicocokkan dengan KTP"


@pytest.fixture
def jambi(db: None) -> world.City:
    return world.city()


@pytest.fixture
def siti(jambi: world.City) -> int:
    """Enrolled under the words of another column."""
    [person_id] = world.enrol(
        jambi, world.agreement(jambi), world.SITI._replace(name="Buruh harian", birth_date=date(1984, 3, 13))
    )
    return person_id


def correct(
    place: world.City,
    person_id: int,
    to: Identity = RIGHT,
    *,
    reason: str = WHY,
    revision: int = 0,
    role: Role = Role.CITY_OFFICER,
    card_seen: bool = False,
) -> None:
    with place.acting(role) as officer:
        correcting.correct(
            person_id=person_id,
            to=to,
            reason=reason,
            revision=revision,
            by=officer,
            now=NOW,
            on=world.TODAY,
            card_seen=card_seen,
        )


def _by_hand(
    place: world.City, person_id: int, *, before: dict[str, str], after: dict[str, str], name: str = ""
) -> None:
    """A record of a correction written past the room, as the app's role may."""
    held = correcting.identity_of(Person.objects.get(pk=person_id)).stored()
    actor = place.actor()
    PersonCorrection.objects.create(
        person_id=person_id,
        revision=1,
        before=held | before,
        after=held | after,
        reason=WHY,
        corrected_by_id=actor.user_id,
        corrected_by_name=name or actor.name,
        corrected_at=NOW,
        event_id=world.event(place),
    )


def said(place: world.City, person_id: int) -> Identity:
    with place.acting():
        return correcting.identity_of(Person.objects.get(pk=person_id))


class TestPuttingRight:
    def test_it_changes_the_person_and_keeps_what_was_there(self, jambi: world.City, siti: int) -> None:
        before = said(jambi, siti)
        correct(jambi, siti)
        assert said(jambi, siti) == RIGHT
        with jambi.acting():
            [kept] = correcting.corrections_of(siti)
            person = Person.objects.get(pk=siti)
        assert (kept.before, kept.after, kept.reason) == (before, RIGHT, WHY)
        assert (kept.by, kept.at) == (jambi.actor().name, NOW)
        assert person.name_key == names.key("Siti Aminah"), "found by the right name from now on"

    def test_the_trail_says_who_and_why_and_no_name_or_number(self, jambi: world.City, siti: int) -> None:
        correct(jambi, siti)
        with jambi.acting():
            event = AuditEvent.objects.get(action="person.corrected")
        assert event.detail == {"fields": ["name", "birth_date"], "words": WHY}
        assert event.subject == f"person:{siti}"

    def test_it_can_be_put_back(self, jambi: world.City, siti: int) -> None:
        first = said(jambi, siti)
        correct(jambi, siti, first._replace(name="Siti Aminah"))
        correct(jambi, siti, first, revision=1)
        assert said(jambi, siti) == first
        with jambi.acting():
            assert [one.after.name for one in correcting.corrections_of(siti)] == [
                "Buruh harian",
                "Siti Aminah",
            ]

    @pytest.mark.parametrize(
        ("to", "reason", "code"),
        [
            (RIGHT._replace(name="12345"), WHY, "person.name"),
            (RIGHT._replace(name=""), WHY, "person.name"),
            (RIGHT._replace(birth_date=date(1990, 1, 1)), WHY, "person.birth_date"),
            (RIGHT._replace(sex="M"), WHY, "person.sex"),
            (RIGHT._replace(sex="X"), WHY, "person.sex"),
            (RIGHT._replace(birth_place="Jambi 36"), WHY, "person.birth_place"),
            (RIGHT, "  ", "person.reason"),
            (RIGHT, "x" * 201, "person.reason_long"),
            (RIGHT._replace(birth_date=date(2090, 1, 1)), WHY, "person.birth_in_future"),
            (RIGHT._replace(birth_date=date(1880, 1, 1)), WHY, "person.birth_long_ago"),
            (RIGHT, f"NIK {world.BUDI.nik}", "person.personal_data"),
        ],
    )
    def test_it_refuses_what_the_nik_does_not_bear_out(
        self, jambi: world.City, siti: int, to: Identity, reason: str, code: str
    ) -> None:
        before = said(jambi, siti)
        with pytest.raises(NotCorrected) as refusal:
            correct(jambi, siti, to, reason=reason)
        assert refusal.value.code == code
        assert said(jambi, siti) == before

    def test_a_birth_date_that_never_agreed_may_stay_as_it_was(self, jambi: world.City, siti: int) -> None:
        """PP 40/2019 Pasal 30: a NIK is never changed, also where the birth date in it is wrong."""
        correct(jambi, siti, said(jambi, siti)._replace(name="Siti Aminah"))
        assert said(jambi, siti).birth_date == date(1984, 3, 13)

    def test_a_birth_date_unlike_the_nik_is_taken_from_who_has_seen_the_card(
        self, jambi: world.City, siti: int
    ) -> None:
        """PP 40/2019 Pasal 30: the list takes it as lawful, and so does the correction of an enrolled person."""
        told = RIGHT._replace(birth_date=date(1984, 4, 2))
        with pytest.raises(NotCorrected) as refusal:
            correct(jambi, siti, told)
        assert "centang" in refusal.value.text.id
        correct(jambi, siti, told, card_seen=True)
        assert said(jambi, siti).birth_date == date(1984, 4, 2)
        with jambi.acting():
            [kept] = correcting.corrections_of(siti)
        assert (kept.card_seen, kept.reason) == (True, WHY)
        with pytest.raises(NotCorrected):
            correct(jambi, siti, told._replace(birth_date=date(2090, 1, 1)), revision=1, card_seen=True)

    def test_it_refuses_to_change_nothing(self, jambi: world.City, siti: int) -> None:
        with pytest.raises(NotCorrected) as refusal:
            correct(jambi, siti, said(jambi, siti))
        assert refusal.value.code == "person.nothing_corrected"


class TestWho:
    def test_a_stranger_of_another_city_finds_nobody(self, jambi: world.City, siti: int) -> None:
        bungo = world.city("bungo", branch=jambi.branch)
        with pytest.raises(Person.DoesNotExist):
            correct(bungo, siti)

    def test_who_only_reads_changes_nothing(self, jambi: world.City, siti: int) -> None:
        with pytest.raises(Person.DoesNotExist):
            correct(jambi, siti, role=Role.MAYOR)
        assert said(jambi, siti).name == "Buruh harian"

    def test_the_database_lets_no_name_change_without_its_record(self, jambi: world.City, siti: int) -> None:
        with refused("person_correction_is_kept"), jambi.acting():
            Person.objects.filter(pk=siti).update(name="Orang Lain")

    def test_the_record_says_what_the_row_held_before(self, jambi: world.City, siti: int) -> None:
        with refused("person_correction_is_kept"), jambi.acting():
            _by_hand(jambi, siti, before={"name": "Somebody"}, after={"name": "Orang Lain"})
            Person.objects.filter(pk=siti).update(name="Orang Lain", name_key=names.key("Orang Lain"))

    def test_the_key_of_the_name_changes_with_the_name_only(self, jambi: world.City, siti: int) -> None:
        """Else a search would find a person under another's name."""
        with refused("person_correction_is_kept"), jambi.acting():
            _by_hand(jambi, siti, before={}, after={"birth_place": "Bungo"})
            Person.objects.filter(pk=siti).update(birth_place="Bungo", name_key=names.key("Orang Lain"))

    def test_the_record_bears_the_name_of_who_acts(self, jambi: world.City, siti: int) -> None:
        with jambi.acting() as officer:
            _by_hand(jambi, siti, before={}, after={"name": "Siti Aminah"}, name="Ibu Wali Kota")
            [kept] = correcting.corrections_of(siti)
        assert kept.by == officer.name

    def test_nobody_writes_in_somebody_elses_name(self, jambi: world.City, siti: int) -> None:
        correct(jambi, siti)
        with jambi.acting():
            rights = "has_table_privilege(current_user, 'people_personcorrection', 'UPDATE, DELETE')"
            assert fetched(f"SELECT {rights}") == [(False,)]


def test_of_two_officers_at_once_the_second_is_told(fresh_database: str) -> None:
    jambi = world.city()
    [siti] = world.enrol(jambi, world.agreement(jambi), world.SITI._replace(name="Buruh harian"))
    outcomes = at_once(
        lambda: correct(jambi, siti), lambda: correct(jambi, siti, RIGHT._replace(name="Siti A"))
    )
    assert sorted(type(each) for each in outcomes if each is not None) == [ChangedMeanwhile]
    with jambi.acting():
        assert PersonCorrection.objects.count() == 1
