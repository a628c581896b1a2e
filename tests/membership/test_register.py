"""A list compared with the register: known already, paid for by somebody else, one work too many, no place left."""

from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import world
from lindung.access.scope import SystemScope, system_scope
from lindung.law import limits
from lindung.law.parameter import in_force
from lindung.membership import duplicates, occupations, problems, register
from lindung.membership.judging import Judged
from lindung.membership.models import Verdict
from lindung.membership.register import Compared, Target
from lindung.partnership.models import Agreement
from membership.past import protected_before
from membership.rows import HEADINGS, ON, judge
from membership.sheets import cells, newcomers
from world import BUDI, SITI, STRANGER, City, Worker

pytestmark = pytest.mark.django_db
NIK = HEADINGS.index("NIK")
NEWCOMERS = newcomers(4)


class Lists(NamedTuple):
    """Two agreements of Jambi and one of another city."""

    jambi: City
    rentan: Agreement
    keagamaan: Agreement
    bungo: City
    theirs: Agreement


@pytest.fixture
def lists(db: None) -> Lists:
    jambi = world.city()
    bungo = world.city("bungo", branch=jambi.branch)
    return Lists(
        jambi,
        world.agreement(jambi, "rentan", quota=3),
        world.agreement(jambi, "keagamaan"),
        bungo,
        world.agreement(bungo, "rentan"),
    )


def compared(promised: Agreement, *rows: Judged, on: date = ON) -> Compared:
    """These rows as a list for this agreement."""
    segment = promised.segments.get()
    target = Target(promised.pk, promised.sponsor_id, segment.pk, segment.quota)
    with system_scope(SystemScope.JUDGING, actor=world.BUILDER):
        return register.compared(rows, target=target, on=on, nik_column=NIK)


def told(lists: Lists, promised: Agreement, worker: Worker, **changes: str) -> tuple[str, str, str]:
    """The verdict of one row, and the code and detail of what the register says of it."""
    with lists.jambi.acting():
        [row] = compared(promised, judge(cells(worker, **changes))).rows
    code, detail = next(((code, detail) for _, code, detail in row.problems if "register." in code), ("", ""))
    return row.verdict, code, detail


READY = ("ready", "", "")


def test_a_person_the_register_does_not_know_stays_ready(lists: Lists) -> None:
    assert told(lists, lists.rentan, SITI) == READY


def test_who_is_enrolled_under_this_agreement_is_told_so_and_linked_to_the_person(lists: Lists) -> None:
    [siti] = world.enrol(lists.jambi, lists.rentan, SITI)
    with lists.jambi.acting():
        found = compared(lists.rentan, judge(cells(BUDI), line=7), judge(cells(SITI), line=8))
    assert [row.verdict for row in found.rows] == ["ready", "enrolled"]
    assert found.rows[1].problems[0].code == "register.already_enrolled"
    assert found.people == {8: siti}


def test_another_person_under_a_number_that_is_enrolled_here_is_not_taken_for_the_enrolled_one(
    lists: Lists,
) -> None:
    world.enrol(lists.jambi, lists.rentan, SITI)
    assert told(lists, lists.rentan, BUDI, NIK=SITI.nik)[:2] == ("to_fix", "register.name_differs")


def test_another_person_under_a_known_number_is_to_be_fixed(lists: Lists) -> None:
    world.enrol(lists.bungo, lists.theirs, SITI)
    verdict, code, detail = told(lists, lists.rentan, STRANGER, NIK=SITI.nik)
    assert (verdict, code, detail) == ("to_fix", "register.name_differs", "")


@pytest.mark.parametrize(
    "spelt", [{"Nama": "SITI AMINNAH"}, {"Nama": "Hj. Siti Aminah, S.Pd"}, {"Tgl Lahir": "13-03-1984"}]
)
def test_a_slip_in_name_or_date_is_still_the_same_person(lists: Lists, spelt: dict[str, str]) -> None:
    world.enrol(lists.jambi, lists.rentan, SITI)
    assert told(lists, lists.rentan, SITI, **spelt)[:2] == ("enrolled", "register.already_enrolled")


def test_the_same_work_at_another_sponsor_is_refused_without_saying_who(lists: Lists) -> None:
    world.enrol(lists.bungo, lists.theirs, SITI)
    verdict, code, detail = told(lists, lists.rentan, SITI)
    assert (verdict, code) == ("refused", "register.other_sponsor")
    sentence = " ".join(problems.message(code, detail))
    for secret in ("Bungo", lists.theirs.title, lists.theirs.code, SITI.name, SITI.nik):
        assert secret not in sentence
    with lists.jambi.acting():
        found = compared(lists.rentan, judge(cells(SITI)))
    assert found.people == {}, "the row leads nobody to a person of another city"


def test_the_same_work_under_another_agreement_of_the_city_names_that_agreement(lists: Lists) -> None:
    world.enrol(lists.jambi, lists.keagamaan, BUDI)
    assert told(lists, lists.rentan, BUDI) == ("refused", "register.other_sponsor", lists.keagamaan.title)


def test_who_is_known_and_paid_for_by_nobody_today_may_be_enrolled_again(lists: Lists) -> None:
    protected_before(lists.bungo, lists.theirs, BUDI, "mosque_keeper", until=ON)
    protected_before(lists.bungo, lists.theirs, STRANGER, "driver", until=ON)
    assert told(lists, lists.rentan, BUDI) == READY, "in the same work"
    assert told(lists, lists.rentan, STRANGER) == READY, "in another one"
    assert told(lists, lists.rentan, BUDI, Nama="Joko Susilo", **{"Tgl Lahir": "01-01-1980"})[1] == (
        "register.name_differs"
    )


def test_a_second_work_is_held_up_until_somebody_has_made_sure(lists: Lists) -> None:
    world.enrol(lists.jambi, lists.keagamaan, BUDI)
    assert told(lists, lists.rentan, BUDI, Pekerjaan="Tukang ojek") == (
        "to_fix",
        "register.second_work",
        occupations.label("mosque_keeper").id,
    )


def test_a_work_in_words_of_another_sponsor_s_officer_is_not_repeated(lists: Lists) -> None:
    """What he typed himself may say who the person is; an occupation of our list does not."""
    world.enrol(lists.bungo, lists.theirs, BUDI._replace(occupation="Sopir pribadi Bupati"))
    _, code, detail = told(lists, lists.rentan, BUDI)
    assert code == "register.second_work"
    assert "upati" not in detail
    world.enrol(lists.bungo, lists.theirs, STRANGER)
    assert told(lists, lists.rentan, STRANGER, Pekerjaan="Marbot")[2] == "Tukang ojek"


def test_a_third_work_is_refused_whether_the_two_are_paid_or_were(lists: Lists) -> None:
    world.enrol(lists.jambi, lists.keagamaan, BUDI)
    protected_before(lists.bungo, lists.theirs, BUDI, "driver", until=None)
    assert told(lists, lists.rentan, BUDI, Pekerjaan="Penjahit")[:2] == ("refused", "register.third_work")
    assert told(lists, lists.rentan, BUDI, Pekerjaan="Sopir")[:2] == ("refused", "register.other_sponsor")
    assert told(lists, lists.rentan, BUDI)[:2] == ("refused", "register.other_sponsor")


def test_the_number_of_works_allowed_is_that_of_the_law(
    lists: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were the law to allow three works, a third would only be held up until somebody has made sure."""
    stored, id = in_force(), "registration.bpu.occupations"
    three = stored.parameters[id].values[0]._replace(value=3)
    changed = {**stored.parameters, id: stored.parameters[id]._replace(values=(three,))}
    monkeypatch.setattr(limits, "in_force", lambda: stored._replace(parameters=changed))
    world.enrol(lists.jambi, lists.keagamaan, BUDI)
    protected_before(lists.bungo, lists.theirs, BUDI, "driver", until=None)
    assert told(lists, lists.rentan, BUDI, Pekerjaan="Penjahit")[:2] == ("to_fix", "register.second_work")


def test_a_work_that_has_ended_counts_among_the_two_but_is_paid_by_nobody(lists: Lists) -> None:
    world.enrol(lists.bungo, lists.theirs, BUDI)
    protected_before(lists.bungo, lists.theirs, BUDI, "driver", until=date(2025, 8, 1))
    for on, code in ((date(2025, 7, 1), "register.second_work"), (ON, "register.other_sponsor")):
        with lists.jambi.acting():
            [row] = compared(lists.rentan, judge(cells(BUDI, Pekerjaan="Sopir")), on=on).rows
        assert row.problems[-1].code == code, "July is the last month: in July August is the first"


def test_it_compares_only_what_is_ready(lists: Lists) -> None:
    world.enrol(lists.jambi, lists.rentan, SITI)
    broken = judge(cells(SITI, Kelurahan=""))
    with lists.jambi.acting():
        assert compared(lists.rentan, broken).rows == [broken]


def test_the_last_place_is_given_and_the_next_person_waits(lists: Lists) -> None:
    """Three places, one of them taken: two of these three fit, in the order of the list."""
    world.enrol(lists.jambi, lists.rentan, STRANGER)
    with lists.jambi.acting():
        rows = [judge(cells(worker), line=line) for line, worker in enumerate((SITI, BUDI, NEWCOMERS[0]), 7)]
        found = compared(lists.rentan, *rows).rows
        fitting = compared(lists.rentan, *rows[:2]).rows
    assert [row.verdict for row in found] == ["ready", "ready", "to_fix"]
    assert found[2].problems == ((None, "quota.full", "3"),)
    assert [row.verdict for row in fitting] == ["ready", "ready"]


def test_rows_that_are_not_ready_take_no_place(lists: Lists) -> None:
    with lists.jambi.acting():
        rows = [
            judge(cells(SITI, NIK="")),
            judge(cells(BUDI, Nama="")),
            *map(judge, map(cells, NEWCOMERS[:3])),
        ]
        found = compared(lists.rentan, *rows).rows
    assert [row.verdict for row in found] == ["to_fix", "to_fix", "ready", "ready", "ready"]


def test_who_is_enrolled_already_takes_no_second_place(lists: Lists) -> None:
    world.enrol(lists.jambi, lists.rentan, SITI, BUDI, STRANGER)
    with lists.jambi.acting():
        found = compared(lists.rentan, *[judge(cells(worker)) for worker in (SITI, BUDI, STRANGER)]).rows
    assert [row.verdict for row in found] == ["enrolled"] * 3


@pytest.fixture
def known(lists: Lists) -> Lists:
    """One of the three places of the agreement is taken, and one person is protected by another city."""
    world.enrol(lists.jambi, lists.rentan, SITI)
    world.enrol(lists.bungo, lists.theirs, STRANGER)
    return lists


ROWS = st.sampled_from(
    [
        *(cells(worker) for worker in (SITI, BUDI, STRANGER, *NEWCOMERS)),
        cells(BUDI, NIK=SITI.nik),
        cells(STRANGER, Pekerjaan="Marbot"),
        cells(NEWCOMERS[0], NIK=""),
        {},
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(ROWS, max_size=10))
def test_no_row_is_lost_and_the_quota_is_never_exceeded(known: Lists, listed: list[dict[str, str]]) -> None:
    judged = [judge(row, line=line) for line, row in enumerate(listed, start=7)]
    marked = duplicates.marked(judged, nik_column=NIK, name_column=HEADINGS.index("Nama"))
    with known.jambi.acting():
        found = compared(known.rentan, *marked)
        taken = register.active_members(known.rentan.segments.get().pk, on=ON)
    by_verdict = {verdict: [row.line for row in found.rows if row.verdict == verdict] for verdict in Verdict}
    assert sorted(line for lines in by_verdict.values() for line in lines) == [row.line for row in judged]
    assert len(by_verdict[Verdict.READY]) + taken <= 3
    assert set(found.people) == set(by_verdict[Verdict.ENROLLED])
