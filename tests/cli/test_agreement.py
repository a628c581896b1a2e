"""`agreement list`, `show` and `step`: how an agreement stands, its story, and its steps, tried before they are taken."""

from datetime import date

import pytest

import agreed
from cli.conftest import Run, as_officer
from cli.town import AGREED, NOW, Town, acting
from lindung.access.models import Role
from lindung.access.scope import in_scope
from lindung.partnership import agreements, year_papers
from lindung.partnership.models import Agreement

LIST = ("agreement", "list", "--by", "city_officer")
SHOW = ("agreement", "show", "--agreement", "jambi-rentan", "--by", "city_officer")
STEP = ("agreement", "step")


@pytest.fixture
def draft(town: Town) -> str:
    """The code of a draft like the agreement in force."""
    officer, scope = acting(town.users[Role.CITY_OFFICER], AGREED.date())
    with in_scope(scope, actor=officer):
        held = Agreement.objects.get(pk=town.agreement_id)
        terms = agreements.Terms(
            "Baru", held.paying_office_id, held.funding_source_id, ("jkk",), date(2027, 1, 1)
        )
        made = agreements.draft_agreement(
            code="jambi-baru", sponsor_id=held.sponsor_id, branch_id=held.branch_id, terms=terms,
            segments=(agreements.SegmentPlan("s", "Semua", "Buruh", 5),), by=officer, now=AGREED,
        )  # fmt: skip
    return made.code


def state(town: Town, code: str) -> str:
    with as_officer(town):
        return Agreement.objects.get(code=code).state


def test_it_lists_how_each_agreement_stands(town: Town, run: Run) -> None:
    (row,) = run(*LIST, "--json").json
    assert (row["code"], row["state"], row["quota"], row["funds_until"]) == (
        "jambi-rentan",
        "active",
        3,
        "2026-12",
    )
    assert (row["missing_this_year"], row["missing_next_year"]) == ([], [])
    assert "jambi-rentan  Active" in run(*LIST).out


def test_it_tells_the_story_and_whose_turn_the_missing_papers_are(town: Town, run: Run) -> None:
    with as_officer(town):
        officer, _ = acting(town.users[Role.CITY_OFFICER], NOW.date())
        made = Agreement.objects.get(pk=town.agreement_id).year_papers.get(kind="dpa", year=2027)
        year_papers.withdraw_year_paper(year_paper_id=made.pk, reason="Salah", by=officer, now=NOW)
    told = run(*SHOW, "--json").json
    steps = [entry["what"]["en"] for entry in told["story"] if entry["on"] == AGREED.date().isoformat()]
    assert steps == [
        "PKS/jambi-rentan",
        "Draft written",
        "Submitted for review",
        "Recorded as signed",
        "Activated by a second person",
    ]
    assert told["missing"] == [
        {"year": 2027, "kind": "dpa", "turn": "pptk", "since": None, "needed_by": "2027-01-15"}
    ]
    assert "2027: DPA missing, at pptk" in run(*SHOW).out


def test_a_step_is_tried_before_it_is_taken(town: Town, run: Run, draft: str) -> None:
    asked = (*STEP, "submit", "--agreement", draft, "--by", "city_officer")
    assert run(*asked, "--json").json["state"] == "in_review"
    assert state(town, draft) == "draft"
    assert "Draft becomes In review" in run(*asked, "--wet-run").out
    assert state(town, draft) == "in_review"


def test_a_second_person_activates(town: Town, run: Run, draft: str) -> None:
    run(*STEP, "submit", "--agreement", draft, "--by", "city_officer", "--wet-run")
    with as_officer(town):
        officer, _ = acting(town.users[Role.CITY_OFFICER], NOW.date())
        made = Agreement.objects.get(code=draft)
        agreements.record_signed(
            agreement_id=made.pk, paper=agreed.pks(draft, NOW.date()), by=officer, now=NOW
        )
    mine = run(*STEP, "activate", "--agreement", draft, "--by", "city_officer", "--wet-run", "--json")
    assert mine.json["error"]["code"] == "user.not_allowed"
    theirs = run(*STEP, "activate", "--agreement", draft, "--by", "finance_officer", "--wet-run", "--json")
    assert (theirs.code, theirs.json["state"]) == (0, "active")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("submit", "--agreement", "jambi-rentan"), "agreement.step_not_possible"),
        (("end", "--agreement", "jambi-rentan"), "agreement.period_not_over"),
        (("terminate", "--agreement", "jambi-rentan"), "agreement.no_day"),
        (("terminate", "--agreement", "jambi-rentan", "--on", "2026-12-01"), "agreement.no_reason"),
        (
            ("terminate", "--agreement", "jambi-rentan", "--on", "2026-09-01", "--reason", "x"),
            "refused.agreement_not_ended_before_its_bills",
        ),
        (("submit", "--agreement", "bungo-rentan"), "agreement.unknown"),
    ],
)
def test_it_refuses_with_a_stable_code(town: Town, run: Run, arguments: tuple[str, ...], code: str) -> None:
    answer = run(*STEP, *arguments, "--by", "city_officer", "--wet-run", "--json")
    assert answer.code == 1
    assert answer.json["error"]["code"] == code


def test_a_stop_is_put_right_by_somebody_else(town: Town, run: Run) -> None:
    asked = ("--agreement", "jambi-rentan", "--reason", "Salah tahun", "--wet-run", "--json")
    stop = (*STEP, "terminate", *asked, "--on", "2062-12-01", "--by", "city_officer")
    assert run(*stop).json["until"] == "2062-12-01"
    right = (*STEP, "correct-stop", *asked, "--on", "2026-12-01", "--by")
    assert run(*right, "city_officer").json["error"]["code"] == "user.not_allowed"
    done = run(*right, "finance_officer").json
    assert (done["state"], done["until"], done["members_ended"]) == ("terminated", "2026-12-01", 2)
