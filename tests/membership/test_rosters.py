"""A roster as an officer reads it: the whole table, every fault in its cell, no number in full."""

from datetime import date

import pytest

import world
from lindung.access.models import Role
from lindung.law import limits
from lindung.law.months import Period
from lindung.law.parameter import in_force
from lindung.membership import enrolling, problems, rosters
from lindung.membership.models import Roster, Verdict
from lindung.membership.rosters import PER_PAGE, RosterPage
from lindung.partnership.models import Agreement
from membership.rows import HEADINGS
from membership.sheets import FIRST, ON, cells, newcomers, receive, text
from world import BUDI, SITI, STRANGER, City

NIK, PHONE = HEADINGS.index("NIK"), HEADINGS.index("HP")


@pytest.fixture
def jambi(db: None) -> City:
    return world.city()


@pytest.fixture
def rentan(jambi: City) -> Agreement:
    return world.agreement(jambi)


def page(
    place: City, roster: int, *, verdict: str | None = None, number: int = 1, role: Role = Role.CITY_OFFICER
) -> RosterPage:
    with place.acting(role):
        return rosters.page(roster, verdict=verdict, number=number)


def test_it_shows_the_table_as_the_officer_wrote_it_with_each_fault_in_its_cell(
    jambi: City, rentan: Agreement
) -> None:
    row = cells(BUDI, NIK="15710", Nama=" BUDI  SANTOSO", HP="tidak ada")
    shown = page(jambi, receive(jambi, rentan, text(cells(SITI, HP="08401234567"), row)))
    assert shown.headers == HEADINGS
    siti, budi = shown.rows
    assert (siti.number, siti.verdict, siti.problems) == (FIRST, "ready", ())
    assert [cell.text for cell in siti.cells][1:4] == ["Siti Aminah", "157102••••••••01", "Jambi"]
    assert not any(cell.problems for cell in siti.cells)
    assert (budi.number, budi.verdict) == (FIRST + 1, "to_fix")
    assert {
        HEADINGS[at]: [(problem.code, problem.kind) for problem in cell.problems]
        for at, cell in enumerate(budi.cells)
        if cell.problems
    } == {"NIK": [("nik.length", "blocks")], "HP": [("phone.unreadable", "note")]}
    [fault] = budi.cells[NIK].problems
    assert fault.message == ("NIK harus 16 angka; di sini 5.", "A NIK has 16 digits; here are 5.")
    assert fault.suggestion is not None
    assert budi.cells[1].text == " BUDI  SANTOSO"


def test_it_hides_every_whole_number_of_a_person_in_any_column(jambi: City, rentan: Agreement) -> None:
    """Lists name spouses, heirs and family cards beside the worker, and remarks hold anything."""
    content = (
        "Nama;NIK;No KK;Tgl Lahir;Kelurahan;NIK Istri;KET\r\n"
        f"Budi Santoso;'{BUDI.nik};1571100101090007;05-07-1979;Legok;{SITI.nik};lihat KTP {STRANGER.nik}, baru\r\n"
        "Rahmat;157110170890000;15711001;17-08-1990;Legok;;\r\n"
    )
    shown = page(jambi, receive(jambi, rentan, content.encode()))
    whole = repr(shown)
    for number in (BUDI.nik, SITI.nik, STRANGER.nik, "1571100101090007", "157110170890000"):
        assert number not in whole
    assert shown.rows[0].cells[6].text == "lihat KTP 157110••••••••03, baru"
    assert shown.rows[1].cells[1].text == "•" * 15, "what part of it is right nobody knows"


def test_a_heading_that_holds_a_number_shows_it_masked(jambi: City, rentan: Agreement) -> None:
    content = f"Nama;NIK;Tgl Lahir;Kelurahan;{SITI.nik}\r\nBudi Santoso;{BUDI.nik};05-07-1979;Legok\r\n"
    assert page(jambi, receive(jambi, rentan, content.encode())).headers[4] == "157102••••••••01"


def test_a_fault_in_an_empty_cell_at_the_end_of_a_row_is_shown_there(jambi: City, rentan: Agreement) -> None:
    """A sheet does not store the empty cells after the last filled one."""
    content = f"Nama;NIK;Tgl Lahir;Kelurahan\r\nBudi Santoso;{BUDI.nik};05-07-1979\r\n"
    [row] = page(jambi, receive(jambi, rentan, content.encode())).rows
    assert [problem.code for problem in row.cells[3].problems] == ["kelurahan.missing"]


def test_every_row_has_as_many_cells_as_there_are_headings(jambi: City, rentan: Agreement) -> None:
    content = (
        "Nama;NIK;Tgl Lahir;Kelurahan\r\n"
        f"Budi Santoso;{BUDI.nik};05-07-1979;Legok;catatan;lagi\r\n"
        f"Siti Aminah;{SITI.nik}\r\n"
    )
    shown = page(jambi, receive(jambi, rentan, content.encode()))
    assert shown.headers == ("Nama", "NIK", "Tgl Lahir", "Kelurahan", "", "")
    assert [len(row.cells) for row in shown.rows] == [6, 6]
    assert shown.rows[0].cells[4].text == "catatan"


def test_a_fault_without_a_cell_stands_beside_the_row(jambi: City) -> None:
    small = world.agreement(jambi, "kecil", quota=0)
    [row] = page(jambi, receive(jambi, small, text(cells(SITI)))).rows
    assert [problem.code for problem in row.problems] == ["quota.full"]


def test_it_pages_through_a_long_list_and_counts_the_whole(jambi: City, rentan: Agreement) -> None:
    people = [cells(worker) for worker in newcomers(2 * PER_PAGE + 1)]
    roster = receive(jambi, rentan, text(*people, cells(BUDI, NIK="")))
    first, third = page(jambi, roster), page(jambi, roster, number=3)
    assert (first.number, first.pages, len(first.rows)) == (1, 3, PER_PAGE)
    assert [row.number for row in third.rows] == [FIRST + 2 * PER_PAGE, FIRST + 2 * PER_PAGE + 1]
    everybody = {"ready": 101, "to_fix": 1, "refused": 0, "enrolled": 0, "ignored": 0}
    assert first.counts == third.counts == everybody


@pytest.mark.parametrize(("asked", "shown"), [(-3, 1), (0, 1), (2, 2), (99, 2)])
def test_it_shows_the_nearest_page_there_is(jambi: City, rentan: Agreement, asked: int, shown: int) -> None:
    roster = receive(jambi, rentan, text(*map(cells, newcomers(PER_PAGE + 1))))
    assert page(jambi, roster, number=asked).number == shown


def test_it_shows_the_rows_of_one_verdict(jambi: City, rentan: Agreement) -> None:
    roster = receive(jambi, rentan, text(cells(SITI), cells(BUDI, NIK=""), cells(STRANGER, Nama="")))
    assert [row.number for row in page(jambi, roster, verdict=Verdict.TO_FIX).rows] == [FIRST + 1, FIRST + 2]
    none = page(jambi, roster, verdict=Verdict.REFUSED)
    assert (none.rows, none.pages, none.headers) == ((), 1, HEADINGS)


def test_an_enrolled_row_leads_to_the_worker(jambi: City, rentan: Agreement) -> None:
    roster = receive(jambi, rentan, text(cells(SITI), cells(BUDI, NIK="")))
    with jambi.acting() as officer:
        enrolling.enrol(roster_id=roster, by=officer, now=world.at(ON))
        siti = world.person_id(SITI)
    assert [row.worker_id for row in page(jambi, roster).rows] == [siti, None]


def test_an_operator_reads_the_rows_of_one_kelurahan(jambi: City, rentan: Agreement) -> None:
    roster = receive(jambi, rentan, text(cells(SITI), cells(BUDI)), name="Daftar FIX.csv")
    whole, part = (page(jambi, roster, role=role) for role in (Role.CITY_OFFICER, Role.KELURAHAN_OPERATOR))
    assert (whole.name, part.name) == ("Daftar FIX.csv", f"{rentan.title}, 22-05-2025 09.00")
    assert [row.number for row in part.rows] == [FIRST]
    assert sum(part.counts.values()) == 1


def test_another_city_finds_no_such_roster(jambi: City, rentan: Agreement) -> None:
    roster = receive(jambi, rentan, text(cells(SITI)))
    with pytest.raises(Roster.DoesNotExist):
        page(world.city("bungo", branch=jambi.branch), roster)


def test_a_stored_refusal_keeps_the_number_the_law_had_when_it_was_judged(
    jambi: City, rentan: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of 22 May 2025, read again after the law has raised the least age that summer."""
    young = receive(jambi, rentan, text(cells(BUDI, **{"Tgl Lahir": "05-07-2020"})))
    stored, id = in_force(), "bpu.age.from"
    value = stored.parameters[id].values[0]
    raised = (
        value._replace(period=Period(value.period.since, date(2025, 8, 1))),
        value._replace(period=Period(date(2025, 8, 1)), value=15),
    )
    law = stored._replace(parameters={**stored.parameters, id: stored.parameters[id]._replace(values=raised)})
    monkeypatch.setattr(limits, "in_force", lambda: law)
    [row] = page(jambi, young).rows
    [fault] = [fault for cell in row.cells for fault in cell.problems if fault.code == "age.too_young"]
    assert fault.message.id == "Belum 13 tahun; peserta BPU paling muda 13 tahun."
    assert fault.message == problems.message("age.too_young", on=ON)
    assert (
        problems.message("age.too_young", on=date(2025, 8, 1)).en
        == "Not yet 15; a BPU participant is at least 15."
    )
