"""`member join`, `leave` and `wage`: tried first, then stored; in the words of the pages."""

from cli.conftest import Run, as_officer
from cli.town import DEWI, SITI, Town
from lindung.membership.employment import MemberChange
from lindung.membership.models import Membership

OFFICER = ("--agreement", "jambi-rentan", "--by", "city_officer")
JOIN = ("member", "join", *OFFICER, "--name", "Dewi Sartika", "--birth", "1990-06-08", "--sex", "P")
HOME = ("--kelurahan", "Payo Lebar", "--occupation", "Penjahit")


def members(town: Town) -> int:
    with as_officer(town):
        return Membership.objects.filter(until__isnull=True).count()


def test_a_trial_changes_nothing_and_a_wet_run_does(town: Town, run: Run) -> None:
    tried = run(*JOIN, *HOME, typed=DEWI)
    assert (tried.code, members(town)) == (0, 2)
    assert "nothing was stored" in tried.out
    done = run(*JOIN, *HOME, "--wet-run", "--json", typed=DEWI)
    assert (done.code, done.json["change"], done.json["month"], members(town)) == (0, "join", "2026-12", 3)
    assert DEWI not in done.out


def test_who_leaves_leaves_a_reason(town: Town, run: Run) -> None:
    leave = ("member", "leave", town.siti_id, *OFFICER, "--last-month", "2026-11", "--reason", "died")
    assert run(*leave, "--json").json["error"]["code"] == "member.death_day"
    leave = (*leave, "--died-on", "2026-11-02")
    shown = run(*leave, "--wet-run")
    assert "help the family claim" in shown.out
    again = run(*leave, "--wet-run", "--json")
    assert (again.code, again.json["error"]["code"]) == (1, "member.left_already")
    with as_officer(town):
        assert MemberChange.objects.get().reason == "died"


def test_a_month_that_is_billed_stays(town: Town, run: Run) -> None:
    leave = ("member", "leave", town.siti_id, *OFFICER, "--last-month", "2026-09", "--reason", "moved")
    assert run(*leave, "--json").json["error"]["code"] == "refused.membership_not_ended_before_its_bill"


def test_it_says_what_stands_in_the_way(town: Town, run: Run) -> None:
    taken = run(*JOIN, *HOME, "--json", typed=SITI)
    assert (taken.code, taken.json["error"]["code"]) == (1, "member.not_ready")
    early = run(*JOIN, *HOME, "--first-month", "2026-01", "--json", typed=DEWI)
    assert early.json["error"]["code"] == "month.too_early"
    assert "--first-month" in early.json["error"]["message"]["en"]
    wage = ("member", "wage", town.siti_id, *OFFICER, "--since", "2026-12", "--amount", "115000")
    assert run(*wage, "--json").json["error"]["code"] == "member.no_wage_earner"
    unknown = run(
        "member", "leave", 999_999, *OFFICER, "--last-month", "2026-11", "--reason", "moved", "--json"
    )
    assert unknown.json["error"]["code"] == "member.unknown"


def test_only_who_may_change_members_does(town: Town, run: Run) -> None:
    leave = ("member", "leave", town.siti_id, "--agreement", "jambi-rentan", "--by", "auditor")
    refused = run(*leave, "--last-month", "2026-11", "--reason", "moved", "--json")
    assert refused.json["error"]["code"] == "user.not_allowed"
