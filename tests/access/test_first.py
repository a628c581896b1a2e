"""The first two administrators: made once where nobody is, by links, and never where there is an administrator."""

import datetime

import pytest
from django.conf import LazySettings
from django.db import IntegrityError

import world
from database import at_once
from lindung.access import changing, first, joining
from lindung.access.changing import NotAllowed, Terms
from lindung.access.first import House, Invited, Named, NotAHouse, NotTheFirst
from lindung.access.joining import LinkSpent
from lindung.access.models import Appointment, AuditEvent, OneTimeLink, Organisation, Role, User
from lindung.access.scope import NOBODY, Actor, SystemScope, in_scope, scope_of, system_scope, user_named

NOW, TODAY = world.at(world.TODAY), world.TODAY
JAMBI = House(
    city=Named("jambi", "Kota Jambi"),
    region_code="15.71",
    branch=Named("cabang", "BPJS Ketenagakerjaan Cabang Jambi"),
    offices=(Named("disnaker", "Dinas Tenaga Kerja"),),
)
TWO = (Named("siti", "Siti Rahma"), Named("budi", "Budi Santoso"))
PASSWORD = "kerbau menyeberang tujuh sungai"
MACHINE = Actor(None, "lindung")


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def invited(
    house: House = JAMBI, people: tuple[Named, ...] = TWO, now: datetime.datetime = NOW
) -> list[Invited]:
    with system_scope(SystemScope.MAINTENANCE, actor=MACHINE):
        return first.invite(house=house, people=people, by=MACHINE, now=now, today=now.date())


def joined(invitation: Invited, now: datetime.datetime = NOW) -> User:
    return joining.accept(invitation.token, password=PASSWORD, now=now, today=now.date())


@pytest.mark.django_db
class TestBeginning:
    def test_ibu_siti_and_pak_budi_join_and_invite_the_third_together(self) -> None:
        siti, budi = (joined(each) for each in invited())
        city = Organisation.objects.get(code="jambi")
        with in_scope(scope_of(siti, TODAY), actor=Actor.of(siti)):
            terms = Terms(Role.CITY_OFFICER, Organisation.objects.get(code="disnaker"), TODAY)
            asked = changing.invite(
                name="Dewi", username="dewi", terms=terms, reason="Petugas baru", by=Actor.of(siti), now=NOW
            )
        with in_scope(scope_of(budi, TODAY), actor=Actor.of(budi)):
            changing.decide(change_id=asked.pk, approve=True, by=Actor.of(budi), now=NOW, today=TODAY)
            link = joining.issue(change_id=asked.pk, by=Actor.of(budi), now=NOW)
        joining.accept(link.token, password=PASSWORD, now=NOW, today=TODAY)
        assert user_named("dewi").is_active
        assert (city.region_code, city.branch and city.branch.code) == ("15.71", "cabang")

    def test_nobody_granted_the_first_role_and_the_trail_says_who_began(self) -> None:
        joined(invited()[0])
        with system_scope(SystemScope.DEMO, actor=NOBODY):
            held = Appointment.objects.get(user__username="siti")
            events = AuditEvent.objects.filter(actor_name="lindung").order_by("pk")
            assert [event.action for event in events] == [
                *["organisation.made"] * 3,
                *["invite_first_administrator"] * 2,
            ]
        assert (held.role, held.granted_by_id, held.granted_at) == (Role.ADMINISTRATOR, None, None)

    def test_it_makes_the_administrators_of_a_branch_alone(self) -> None:
        invited()
        people = (Named("nurul", "Nurul"), Named("teguh", "Teguh"))
        nurul = joined(invited(House(branch=JAMBI.branch), people)[0])
        with in_scope(scope_of(nurul, TODAY), actor=Actor.of(nurul)):
            assert Appointment.objects.get(user=nurul).organisation.code == "cabang"

    def test_the_second_gets_a_new_link_from_the_first(self) -> None:
        """Only the first has joined when the other link is lost: it is not the installation's turn any more."""
        siti, _ = invited()
        user = joined(siti)
        with in_scope(scope_of(user, TODAY), actor=Actor.of(user)):
            (waiting,) = OneTimeLink.objects.filter(used_at=None)
            again = joining.issue(change_id=waiting.change_id, by=Actor.of(user), now=NOW)
        assert joining.accept(again.token, password=PASSWORD, now=NOW, today=TODAY).username == "budi"


@pytest.mark.django_db
class TestRefusing:
    def test_it_refuses_where_there_is_an_administrator(self) -> None:
        joined(invited()[0])
        with pytest.raises(NotTheFirst):
            invited(people=(Named("dewi", "Dewi"), Named("tono", "Tono")))

    def test_the_database_refuses_it_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        joined(invited()[0])
        monkeypatch.setattr(first, "_has_administrator", lambda *_: False)
        with pytest.raises(IntegrityError, match="no administrator yet"):
            invited(people=(Named("dewi", "Dewi"), Named("tono", "Tono")))

    @pytest.mark.parametrize("errand", [SystemScope.DEMO, SystemScope.SIGNING_IN])
    def test_no_other_errand_may_invite_in_nobodys_name(self, errand: SystemScope) -> None:
        invited()
        with (
            pytest.raises(IntegrityError, match="no administrator yet"),
            system_scope(errand, actor=MACHINE),
        ):
            first.invite(house=JAMBI, people=TWO, by=MACHINE, now=NOW, today=TODAY)

    def test_links_of_before_stop_working_when_it_is_done_again(self) -> None:
        before = invited()
        later = NOW + datetime.timedelta(days=4)
        again = invited(now=later)
        for each in before:
            with pytest.raises(LinkSpent):
                joined(each, now=NOW)
        assert [joined(each, now=later).username for each in again] == ["siti", "budi"]
        assert Organisation.objects.filter(code="jambi").count() == 1

    @pytest.mark.parametrize("people", [TWO[:1], (TWO[0], TWO[0]), (*TWO, Named("dewi", "Dewi"))])
    def test_it_asks_for_two_people(self, people: tuple[Named, ...]) -> None:
        with pytest.raises(NotAHouse):
            invited(people=people)
        assert not Organisation.objects.exists()

    @pytest.mark.parametrize("house", [
        House(), House(offices=JAMBI.offices), House(branch=JAMBI.branch, offices=JAMBI.offices),
        JAMBI._replace(region_code=""), JAMBI._replace(region_code="15"),
        JAMBI._replace(branch=Named("jambi", "Cabang")),
    ])  # fmt: skip
    def test_it_refuses_a_house_that_is_none(self, house: House) -> None:
        with pytest.raises(NotAHouse):
            invited(house)
        assert not Organisation.objects.exists()

    @pytest.mark.parametrize("name", ["Siti", "", "siti rahma", "sitī", "x" * 61, "siti\x00"])
    def test_it_refuses_a_user_name_that_could_not_be_one(self, name: str) -> None:
        with pytest.raises(NotAllowed) as refusal:
            invited(people=(Named(name, "Siti"), TWO[1]))
        assert refusal.value.code == "account.name_malformed"

    def test_it_refuses_a_user_name_that_is_taken(self) -> None:
        world.city("bungo")
        with system_scope(SystemScope.DEMO, actor=NOBODY):
            User.objects.create_user("siti", name="Siti yang lain")
        with pytest.raises(NotAllowed) as refusal:
            invited()
        assert refusal.value.code == "account.name_taken"


def test_of_two_who_begin_at_once_one_pair_of_links_works(fresh_database: str) -> None:
    others = (Named("dewi", "Dewi"), Named("tono", "Tono"))
    found = at_once(invited, lambda: invited(people=others))
    assert [each for each in found if isinstance(each, Exception)] == []
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        assert OneTimeLink.objects.filter(used_at=None, revoked_at=None).count() == 2
        assert Organisation.objects.filter(code="jambi").count() == 1
