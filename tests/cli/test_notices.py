"""`notices list` and `notices deliver`: counted in the user's sight, sent only when it is meant."""

from cli.conftest import Run, as_officer
from cli.town import Town
from lindung.access.models import Organisation, Role
from lindung.access.scope import Actor
from lindung.engine import clock
from lindung.notices import outbox, switching
from lindung.notices.models import Notice, State
from lindung.notices.recipients import Recipient

OFFICER = ("--by", "city_officer")


def told(town: Town) -> None:
    now, officer = clock.now(), Actor.of(town.users[Role.CITY_OFFICER])
    with as_officer(town):
        city = Organisation.objects.get(code="jambi")
        switching.switch(
            sponsor_id=city.pk, is_on=True, channels=["sms"], quiet_from=3, quiet_until=4, revision=0, by=officer,
            now=now,
        )  # fmt: skip
        to = Recipient("person:1", "Siti Aminah", city.pk, phone="+6281274012345")
        values = {"name": to.name, "month": "Oktober 2026", "payer": city.name}
        assert outbox.send(kind="cover.paid", to=to, values=values, subject="2026-10", by=officer, now=now)


def test_it_counts_them_and_sends_only_when_it_is_meant(town: Town, run: Run) -> None:
    assert run("notices", "list", *OFFICER).out == "There is no notice yet.\n"
    told(town)
    assert run("notices", "list", *OFFICER, "--json").json == {"waiting": 1}
    tried = run("notices", "deliver", *OFFICER, "--json").json
    assert (tried["dry"], tried["due"], tried["no_channel"]) == (True, 1, 0)
    done = run("notices", "deliver", *OFFICER, "--wet-run", "--json").json
    assert (done["dry"], done["due"], done["sent"], done["no_channel"]) == (False, 1, 0, 1)
    with as_officer(town):
        assert Notice.objects.get().state == State.NO_CHANNEL
    assert "No channel set up" in run("notices", "list", *OFFICER).out


def test_an_auditor_sends_nothing(town: Town, run: Run) -> None:
    answer = run("notices", "deliver", "--by", "auditor", "--wet-run", "--json")
    assert answer.json["error"]["code"] == "user.not_allowed"
