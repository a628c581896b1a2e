"""`bill draw`, `bill show` and `bill run`: bills with their tariffs, drawn once, by whoever may."""

from pathlib import Path

import pytest

from cli.conftest import Run, as_officer
from cli.town import Town
from lindung.contributions.models import Bill
from lindung.law import limits
from lindung.law.parameter import in_force
from lindung.law.values import Law, Table

DRAW = ("bill", "draw", "--agreement", "jambi-rentan", "--by", "city_officer", "--month")
SHOW = ("bill", "show", "--agreement", "jambi-rentan", "--by", "city_officer", "--month")


def test_a_trial_draws_the_bill_and_takes_it_back(town: Town, run: Run) -> None:
    answer = run(*DRAW, "2026-11", "--json")
    assert answer.code == 0
    assert answer.json["dry"] is True
    assert (answer.json["people"], answer.json["total"], answer.json["due_on"]) == (2, 33_600, "2026-11-16")
    assert answer.json["programmes"] == {"jkk": 20_000, "jkm": 13_600}
    assert run(*SHOW, "2026-11").code == 1


def test_a_wet_run_draws_it_once(town: Town, run: Run) -> None:
    first = run(*DRAW, "2026-11", "--wet-run", "--json").json
    second = run(*DRAW, "2026-11", "--wet-run", "--json").json
    assert (first["was_there"], second["was_there"]) == (False, True)
    with as_officer(town):
        assert Bill.objects.filter(month="2026-11-01").count() == 1


def test_it_shows_the_law_behind_each_amount_and_who_paid(town: Town, run: Run) -> None:
    found = run(*SHOW, "2026-10", "--json").json
    assert found["status"] == "paid"
    tariffs = {tariff["sector"]: tariff for tariff in found["tariffs"]}
    assert {sector: (each["people"], each["each"]) for sector, each in tariffs.items()} == {
        "other": (1, 16_800),
        "road_transport": (1, 16_800),
    }
    assert {"id": "PP 44/2015 Pasal 20 ayat (3)", "en": "PP 44/2015 Article 20(3)"} in tariffs["other"][
        "articles"
    ]
    (paid,) = found["payments"]
    assert (paid["order"], paid["recorded_by"], paid["confirmed_by"]) == (
        "SP2D/2026-10",
        "city_officer",
        "finance_officer",
    )


def test_people_read_the_same(town: Town, run: Run) -> None:
    out = run(*SHOW, "2026-10").out
    assert "Rp33.600" in out
    assert "SP2D/2026-10" in out
    assert "JKK contribution is Rp10.000" in out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((*SHOW, "2026-12"), "bill.not_drawn", "last: October 2026"),
        ((*DRAW, "2020-01"), "bill.outside_agreement", "outside the period of agreement"),
        ((*DRAW, "2027-12"), "bill.too_far_ahead", "A bill reaches at most 12 months ahead. Check --month."),
        (("bill", "draw", "--agreement", "bungo-rentan", "--by", "city_officer", "--month", "2026-11"),
         "agreement.unknown", "Choose one of: jambi-rentan."),
        (("bill", "draw", "--agreement", "jambi-rentan", "--by", "finance_officer", "--month", "2026-11"),
         "user.not_allowed", "Who may: City officer (city_officer"),
        (("bill", "show", "--agreement", "jambi-rentan", "--by", "mayor", "--month", "2026-10"),
         "user.not_allowed", "may not do this"),
        (("bill", "draw", "--agreement", "jambi-rentan", "--by", "nobody", "--month", "2026-11"),
         "user.unknown", "There is no user 'nobody'"),
    ],
)  # fmt: skip
def test_it_refuses_with_what_to_do(
    town: Town, run: Run, arguments: tuple[str, ...], code: str, said: str
) -> None:
    answer = run(*arguments, "--json")
    assert answer.code == 1
    assert answer.json["error"]["code"] == code
    assert said in answer.err


def test_a_user_whose_role_has_ended_may_not_act(
    town: Town, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINDUNG_NOW", "2024-12-31")  # the day before everybody's appointment
    answer = run(*DRAW, "2026-11", "--json")
    assert answer.json["error"]["code"] == "user.no_appointment"


@pytest.mark.parametrize("month", ["2026-13", "November", "2026-1"])
def test_a_month_that_is_none_is_wrong_usage(run: Run, month: str) -> None:
    answer = run(*DRAW, month)
    assert answer.code == 2
    assert "is not a month" in answer.err


def with_longest_period(months: int) -> Law:
    """The stored law, but with this as its only period of payment in advance."""
    stored, id = in_force(), "bpu.advance_periods"
    periods = stored.parameters[id].values[0]
    assert isinstance(periods.value, Table)
    short = Table("is", (periods.value.rows[0]._replace(value=months),))
    changed = stored.parameters[id]._replace(values=(periods._replace(value=short),))
    return stored._replace(parameters={**stored.parameters, id: changed})


@pytest.mark.parametrize(("longest", "said"), [(6, "at most 6 months ahead"), (1, "at most 1 month ahead")])
def test_how_far_a_bill_reaches_is_said_as_the_law_has_it(
    town: Town, run: Run, monkeypatch: pytest.MonkeyPatch, longest: int, said: str
) -> None:
    law = with_longest_period(longest)
    monkeypatch.setattr(limits, "in_force", lambda: law)
    assert said in run(*DRAW, "2027-12", "--json").err


def test_a_bill_says_when_each_programme_is_due_and_what_is_settled(town: Town, run: Run) -> None:
    found = run(*SHOW, "2026-10", "--json").json
    assert [(each["programme"], each["on"]) for each in found["due"]] == [
        ("jkk", "2026-10-15"),
        ("jkm", "2026-10-15"),
    ]
    assert (found["settled"], found["charges"]) == (33_600, [])


def test_a_draft_is_drawn_and_shown_as_one(town: Town, run: Run) -> None:
    assert run(*DRAW, "2026-11", "--draft", "--wet-run", "--json").json["status"] == "draft"
    assert "draft" in run(*SHOW, "2026-11").out


RUN = ("bill", "run", "--by", "city_officer", "--month")


def test_a_run_is_tried_then_done_and_may_be_repeated(town: Town, run: Run) -> None:
    tried = run(*RUN, "2026-11", "--json")
    assert (tried.code, tried.json["dry"]) == (0, True)
    with as_officer(town):
        assert not Bill.objects.filter(month="2026-11-01").exists()
    for _ in range(2):
        done = run(*RUN, "2026-11", "--wet-run", "--json").json
        assert [(each["state"], each["total"]) for each in done["agreements"]] == [("done", 33_600)]
    assert "Rp33.600" in run(*RUN, "2026-11").out


def test_a_run_that_could_not_draw_everything_says_why(town: Town, run: Run) -> None:
    answer = run(*RUN, "2027-12", "--json")
    assert answer.code == 1
    (line,) = answer.json["agreements"]
    assert line["state"] == "refused"
    assert "12 months ahead" in line["reason"]["en"]


PAPER = ("bill", "paper", "--agreement", "jambi-rentan", "--month")


def test_it_writes_the_paper_the_sheets_and_the_proof(town: Town, run: Run, tmp_path: Path) -> None:
    for name, more in (("a.pdf", ()), ("b.xlsx", ()), ("c.pdf", ("--proof",)), ("d.pdf", ("--semester",))):
        out = tmp_path / name
        answer = run(*PAPER, "2026-10", "--by", "city_officer", "--out", str(out), *more, "--json")
        assert answer.json == {"file": str(out), "bytes": out.stat().st_size}
        assert out.read_bytes()[:2] == (b"%P" if name.endswith("pdf") else b"PK")
        assert out.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("month", "by", "name", "more", "code"),
    [
        ("2026-10", "city_officer", "there.pdf", (), "file.exists"),
        ("2026-10", "city_officer", "none/a.pdf", (), "file.not_written"),
        ("2026-10", "city_officer", "a.docx", (), "bill.unknown_file"),
        ("2026-10", "city_officer", "a.xlsx", ("--proof",), "bill.unknown_file"),
        ("2026-12", "city_officer", "a.pdf", (), "bill.not_drawn"),
        ("2026-10", "kelurahan_operator", "a.pdf", (), "user.not_allowed"),
    ],
)
def test_it_leaves_no_file_where_it_refuses(
    town: Town, run: Run, tmp_path: Path, month: str, by: str, name: str, more: tuple[str, ...], code: str
) -> None:
    (tmp_path / "there.pdf").write_bytes(b"mine")
    answer = run(*PAPER, month, "--by", by, "--out", str(tmp_path / name), *more, "--json")
    assert (answer.code, answer.json["error"]["code"]) == (1, code)
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"mine"]
