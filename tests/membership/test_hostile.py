"""Files that mean harm, through the real intake: a sentence in both languages, nothing stored, nothing left running."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import world
from database import fetched
from formats import workbooks
from formats.test_hostile import FAR, HOSTILE
from formats.test_hostile import SITI as LONE_CELL
from lindung.formats.unreadable import Unreadable
from lindung.formats.workbook import inspect
from lindung.membership import enrolling, problems, rosters
from lindung.partnership.models import Agreement
from lindung.people.models import Person
from membership.rows import HEADINGS
from membership.sheets import FIRST, READY, Told, cells, counts, opened, receive, text, told
from world import BUDI, SITI, City

SECONDS = 30
LETTERS = "ABCDEFGHIJ"


def row(number: int, *texts: str) -> str:
    """A row of a workbook written by hand, with the texts as they stand in the file."""
    inside = "".join(
        f'<c r="{letter}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
        for letter, text in zip(LETTERS, texts, strict=False)
    )
    return f"<row>{inside}</row>"


def honest(number: int = FIRST, **changes: str) -> str:
    listed = {"No": "1", **cells(SITI), **changes}
    return row(1, *HEADINGS) + row(number, *[listed.get(heading, "") for heading in HEADINGS])


@pytest.fixture
def jambi(db: None) -> City:
    return world.city()


@pytest.fixture
def rentan(jambi: City) -> Agreement:
    return world.agreement(jambi)


@pytest.fixture(autouse=True)
def _soon_over_and_nobody_left() -> Iterator[None]:
    """Every one of these ends within half a minute, and the process that read the file is gone."""
    tasks = Path(f"/proc/{os.getpid()}/task")
    begun, before = time.monotonic(), [task.read_text() for task in tasks.glob("*/children")]
    yield
    assert time.monotonic() - begun < SECONDS
    assert [task.read_text() for task in tasks.glob("*/children")] == before


def refusal(jambi: City, rentan: Agreement, content: bytes, name: str) -> str:
    """The code by which the file is refused; nothing of it is stored, and the next file is taken as ever."""
    before = counts()
    with pytest.raises(Unreadable) as refused:
        receive(jambi, rentan, content, name=name)
    assert counts() == before
    assert fetched("SELECT 1") == [(1,)], "the connection lives"
    sentence = problems.message(refused.value.code, refused.value.where)
    assert sentence.id
    assert sentence.en
    assert sentence.id != sentence.en
    return refused.value.code


# What the reader itself lives through is tried in tests/formats; here each file meets the whole of the intake,
# which may stop at the missing headings before the reader has come to the harm.
@pytest.mark.parametrize(
    ("name", "content", "codes"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE]
)
def test_it_is_refused_with_a_sentence_and_leaves_nothing(
    jambi: City, rentan: Agreement, name: str, content: bytes, codes: set[str]
) -> None:
    assert refusal(jambi, rentan, content, name) in codes | {"file.no_header"}


LISTS = [
    ("a far cell after an honest list", workbooks.xlsx(honest() + FAR), "file.too_many_columns"),
    ("a far row after an honest list", workbooks.xlsx(honest(1_048_576)), "file.too_many_rows"),
    ("a single cell", workbooks.xlsx(LONE_CELL), "file.no_header"),
    ("a bomb beside an honest list", workbooks.xlsx(honest(), more={"xl/media/a.xml": b"a" * 60_000_000}), "file.bomb"),
    ("a million columns of headings", b";".join([b"Nama", b"NIK", b"Tgl Lahir", b"x" * 9] * 250_000), "file.too_many_columns"),
    ("a list that is cut off", text(*[cells(SITI)] * 50)[:-40] + b'"', "file.quotes"),
    ("headings in one cell", b'"Nama NIK Tanggal Lahir Kelurahan"\r\n"Siti 1571 12-05-1974 Legok"\r\n', "file.no_header"),
    ("headings again and nobody below", text(dict(zip(HEADINGS, HEADINGS, strict=True))), "file.no_rows"),
    ("200,001 rows", b"Nama;NIK;Tgl Lahir;Kelurahan\r\n" + b"x\r\n" * 200_001, "file.too_many_rows"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "code"), [case[1:] for case in LISTS], ids=[case[0] for case in LISTS])
def test_a_list_that_means_harm_is_refused_too(
    jambi: City, rentan: Agreement, content: bytes, code: str
) -> None:
    assert refusal(jambi, rentan, content, "") == code


FORMULAS = ('=HYPERLINK("http://x";"Siti")', "+1+1", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1+1")


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_for_a_name_enrols_nobody_and_is_shown_as_text(
    jambi: City, rentan: Agreement, formula: str
) -> None:
    roster = receive(jambi, rentan, text(cells(SITI, Nama=formula), cells(BUDI, Alamat=formula)))
    assert told(jambi, roster) == {FIRST: Told("to_fix", ("name.not_letters",)), FIRST + 1: READY}
    with jambi.acting():
        shown = rosters.page(roster, verdict=None, number=1)
    assert shown.rows[0].cells[1].text == formula
    assert opened(jambi, roster)[FIRST + 1].cells[6] == formula


def test_a_formula_in_a_workbook_is_read_as_the_value_it_had(jambi: City, rentan: Agreement) -> None:
    live = honest().replace(
        f'<c r="B{FIRST}" t="inlineStr"><is><t>{SITI.name}</t></is></c>',
        f'<c r="B{FIRST}" t="str"><f>HYPERLINK("http://x")</f><v>{SITI.name}</v></c>',
    )
    assert "HYPERLINK" in live
    assert told(jambi, receive(jambi, rentan, workbooks.xlsx(live))) == {FIRST: READY}


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("محمد يوسف", "ready"),
        ("\u202eitiS hanimA", "to_fix"),
        ("Siti\u200b Aminah", "ready"),
        ("Siti\0Aminah", "to_fix"),
        ("Siti\x07Aminah", "to_fix"),
        ("<script>alert(1)</script>", "to_fix"),
        ("Siti'; DROP TABLE people_person; --", "to_fix"),
        ("Siti\U0001f600", "to_fix"),
        ("ﷺ" * 20, "to_fix"),
        ("Ṣītī Ā́minah", "ready"),
    ],
)
def test_names_of_any_script_are_taken_or_shown_and_never_do_anything(
    jambi: City, rentan: Agreement, name: str, verdict: str
) -> None:
    roster = receive(jambi, rentan, text(cells(SITI, Nama=name), cells(BUDI)))
    assert told(jambi, roster)[FIRST].verdict == verdict
    with jambi.acting() as officer:
        done = enrolling.enrol(roster_id=roster, by=officer, now=world.at(world.REGISTERED))
        assert done.enrolled == Person.objects.count() == (2 if verdict == "ready" else 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_csv_of_any_usual_alphabet_is_the_same_list(jambi: City, rentan: Agreement, encoding: str) -> None:
    content = text(cells(SITI, Nama="Siti Nur'aini"), cells(BUDI)).decode().encode(encoding)
    assert told(jambi, receive(jambi, rentan, content)) == {FIRST: READY, FIRST + 1: READY}


def test_a_row_of_the_longest_cells_a_sheet_may_have_is_judged(jambi: City, rentan: Agreement) -> None:
    long = dict.fromkeys(HEADINGS, "ayam " * 5_000)
    roster = receive(jambi, rentan, text(long, cells(SITI)))
    assert told(jambi, roster)[FIRST].verdict == "to_fix"
    assert all(len(cell) <= 2_001 for cell in opened(jambi, roster)[FIRST].cells)
    with jambi.acting() as officer:
        assert enrolling.enrol(roster_id=roster, by=officer, now=world.at(world.REGISTERED)).enrolled == 1


def test_what_a_file_claims_to_be_does_not_decide_how_it_is_read(jambi: City, rentan: Agreement) -> None:
    """A csv under the name of a workbook is refused; a workbook under that of a csv is read as what it is."""
    assert refusal(jambi, rentan, text(cells(SITI)), "daftar.xlsx") == "file.not_a_workbook"
    disguised = workbooks.xlsx(honest())
    assert inspect(disguised, "daftar.csv") == "xlsx"
    assert told(jambi, receive(jambi, rentan, disguised, name="daftar.csv")) == {FIRST: READY}
