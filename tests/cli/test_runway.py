"""`runway`: the answer of the page of money, for a person and for a machine; and a past day by both knowledges."""

from cli.conftest import Run
from cli.town import Town

OFFICER = ("--by", "city_officer")


def test_it_answers_for_a_machine_and_for_one_agreement(town: Town, run: Run) -> None:
    whole = run("runway", *OFFICER, "--json").json
    assert whole["year"] == 2026
    codes = [each["detail"] for each in whole["agreements"]]
    one = run("runway", "--agreement", codes[0], *OFFICER, "--json").json
    assert [each["detail"] for each in one["agreements"]] == codes[:1]
    assert run("runway", *OFFICER).code == 0


def test_an_agreement_that_is_not_there_is_refused_with_what_to_do(town: Town, run: Run) -> None:
    answer = run("runway", "--agreement", "tidak-ada", *OFFICER)
    assert answer.code == 1
    assert "agreement list" in answer.err


def test_a_past_day_can_be_asked_as_it_was_known_then(town: Town, run: Run) -> None:
    told = run(
        "cover", "show", str(town.siti_id), *OFFICER, "--on", "2026-09-01", "--known", "then", "--json"
    ).json
    assert told["known"] == "then"
    assert run("cover", "show", str(town.siti_id), *OFFICER, "--known", "once").code == 2
