"""`client create`, `revoke`, `list`, `serve`: keys of other systems, given and withdrawn by an administrator."""

from datetime import date

import pytest

from cli.conftest import Run
from cli.town import Town
from lindung.access.models import ApiClient, Appointment, Organisation, Role, ServedCity, User
from lindung.access.scope import NOBODY, SystemScope, system_scope

FIRST = ("--by", "administrator", "--second", "administrator2", "--reason", "Nota dinas 4/2026")
CREATE = ("client", "create", "Kepegawaian", "--user", "city_officer", *FIRST)


@pytest.fixture(autouse=True)
def _second(town: Town) -> None:
    """Another administrator of Jambi, who approves."""
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        user = User.objects.create_user("administrator2", name="Administrator dua")
        jambi = Organisation.objects.get(code="jambi")
        Appointment.objects.create(
            user=user, role=Role.ADMINISTRATOR, organisation=jambi, since=date(2026, 1, 1)
        )


def test_a_trial_makes_no_key(town: Town, run: Run) -> None:
    answer = run(*CREATE, "--json")
    assert (answer.code, answer.json["dry"]) == (0, True)
    assert not ApiClient.objects.exists()


def test_a_wet_run_shows_the_secret_once(town: Town, run: Run) -> None:
    made = run(*CREATE, "--scope", "see_bills, see_workers", "--wet-run", "--json").json
    assert made["permissions"] == ["see_bills", "see_workers"]
    listed = run("client", "list", "--by", "administrator", "--json")
    assert listed.json["clients"][0]["client_id"] == made["client_id"]
    assert made["secret"] not in listed.out


def test_a_partner_gets_a_machine_that_cannot_sign_in_and_the_city_along(town: Town, run: Run) -> None:
    made = run("client", "create", "Absensi", "--partner", "Absensi Kota", *FIRST, "--wet-run", "--json").json
    assert "upload_roster" in made["permissions"]
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        machine = ApiClient.objects.select_related("user").get(client_id=made["client_id"]).user
    assert not machine.has_usable_password()
    assert ServedCity.objects.filter(integrator__name="Absensi Kota", city__code="jambi").count() == 1


def test_people_read_what_to_do_with_it(town: Town, run: Run) -> None:
    out = run(*CREATE, "--wet-run").out
    assert "Keep this secret now" in out
    assert "lc_" in run("client", "list", "--by", "administrator").out


def test_a_key_is_withdrawn_once(town: Town, run: Run) -> None:
    key = run(*CREATE, "--wet-run", "--json").json["client_id"]
    revoke = ("client", "revoke", key, "--by", "administrator", "--wet-run", "--json")
    assert run(*revoke).json["revoked"] == key
    assert run(*revoke).json["error"]["code"] == "client.unknown"


def test_a_partner_is_given_a_city_and_it_is_taken_away(town: Town, run: Run) -> None:
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        Organisation.objects.create(kind="integrator", code="mitra", name="Sistem mitra")
    serve = ("client", "serve", "--integrator", "mitra", "--city", "jambi", "--by", "administrator", "--json")
    assert run(*serve, "--wet-run").json["serves"] is True
    assert run(*serve, "--wet-run").json["error"]["code"] == "refused.served_city_once"
    assert run(*serve, "--end", "--wet-run").json["serves"] is False
    assert run(*serve, "--end").json["error"]["code"] == "client.not_serving"
    assert ServedCity.objects.filter(ended_at__isnull=True).count() == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((*CREATE[:5], "--by", "city_officer", *FIRST[2:]), "user.not_allowed"),
        ((*CREATE, "--second", "city_officer"), "user.not_allowed"),
        ((*CREATE, "--second", "administrator"), "account.second_person"),
        (("client", "create", "X", *FIRST), "client.whose"),
        ((*CREATE, "--partner", "Absensi"), "client.whose"),
        (("client", "create", "X", "--user", "nobody", *FIRST), "user.unknown"),
        (("client", "create", "X", "--user", "administrator2", *FIRST), "client.beyond_role"),
        (("client", "create", "X", "--partner", "Absensi", "--scope", "enrol", *FIRST), "client.beyond_role"),
        ((*CREATE, "--scope", "fly"), "client.permission_unknown"),
        ((*CREATE, "--scope", "confirm_payment"), "client.beyond_role"),
        (("client", "create", "X", "--user", "stranger", *FIRST), "user.unknown"),
        (("client", "serve", "--integrator", "mitra", "--city", "bungo", "--by", "administrator"),
         "organisation.unknown"),
        (("client", "revoke", "lc_nobody", "--by", "administrator"), "client.unknown"),
        (("client", "serve", "--integrator", "x", "--city", "jambi", "--by", "administrator"),
         "organisation.unknown"),
    ],
)  # fmt: skip
def test_it_refuses_with_what_to_do(town: Town, run: Run, arguments: tuple[str, ...], code: str) -> None:
    answer = run(*arguments, "--wet-run", "--json")
    assert answer.code == 1
    assert answer.json["error"]["code"] == code


def test_it_says_so_when_there_is_no_key_yet(town: Town, run: Run) -> None:
    assert "There is no key yet" in run("client", "list", "--by", "administrator").out
