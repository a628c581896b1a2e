"""What the reader makes of honest files, and how the child process begins and ends."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from formats import workbooks
from lindung.formats import workbook
from lindung.formats.cells import Cell, Day, Merge, Number, from_line, text_of, to_line
from lindung.formats.workbook import LIMITS, Row, Unreadable, read_limited

Children = list["subprocess.Popen[bytes]"]


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> Children:
    started: Children = []
    start = workbook._start

    def remembered(*arguments: object) -> "subprocess.Popen[bytes]":
        started.append(start(*arguments))  # type: ignore[arg-type]  # passes on what it was given
        return started[-1]

    monkeypatch.setattr(workbook, "_start", remembered)
    return started


def assert_none_left(children: Children) -> None:
    for child in children:
        assert child.returncode is not None, "not reaped"
        with pytest.raises(ProcessLookupError):
            os.killpg(child.pid, 0)


def cells(content: bytes) -> list[tuple[int, tuple[Cell, ...]]]:
    return [(row.number, row.cells) for row in read_limited(content)]


def test_it_tells_text_numbers_and_dates_apart() -> None:
    content = workbooks.written(
        [
            ["NIK", "Nama", "Lahir"],
            [1571015205740001, "Siti Aminah", date(1974, 5, 12)],
            ["1571015205740001", 12.5, True],
        ]
    )
    assert cells(content) == [
        (1, ("NIK", "Nama", "Lahir")),
        (2, (Number("1571015205740001"), "Siti Aminah", Day("1974-05-12"))),
        (3, ("1571015205740001", Number("12.5"), "TRUE")),
    ]


def test_it_writes_whole_numbers_with_all_their_digits() -> None:
    assert cells(workbooks.written([[1571010101740010, 9171010101740012, 10**20]])) == [
        (1, (Number("1571010101740010"), Number("9171010101740012"), Number("1" + "0" * 20)))
    ]


def test_it_keeps_the_time_of_a_date_that_has_one() -> None:
    assert cells(workbooks.written([[datetime(1974, 5, 12, 10, 30)]])) == [(1, (Day("1974-05-12T10:30:00"),))]  # noqa: DTZ001 - cells know no zone


def test_it_counts_rows_and_columns_as_the_sheet_does() -> None:
    """Title rows and blank rows stay in the count; a table that begins at C4 keeps two empty cells before it."""
    content = workbooks.xlsx(
        '<row r="4"><c r="C4" t="inlineStr"><is><t>NIK</t></is></c></row>'
        '<row r="7"><c r="C7"><v>1571015205740001</v></c><c r="D7" s="1"/></row>'
    )
    assert cells(content) == [(4, (None, None, "NIK")), (7, (None, None, Number("1571015205740001")))]


def test_it_takes_every_visible_sheet_in_its_order_and_names_the_hidden_ones() -> None:
    content = workbooks.written([["Petunjuk"]], [], [["Siti"], ["Budi"]], [["x"], ["y"]], hidden=(3,))
    assert [(row.sheet, row.number, row.cells) for row in read_limited(content)] == [
        ("Data 1", 1, ("Petunjuk",)),
        ("Data 3", 1, ("Siti",)),
        ("Data 3", 2, ("Budi",)),
        ("Data 4", 0, ()),
    ]


def test_it_counts_the_rows_of_all_sheets_together() -> None:
    with pytest.raises(Unreadable) as many:
        list(read_limited(workbooks.written([["a"]] * 3, [["b"]] * 3), limits=LIMITS._replace(max_rows=5)))
    assert many.value.code == "file.too_many_rows"


def test_it_reads_an_excel_97_workbook_whatever_its_name() -> None:
    assert workbook.inspect(workbooks.xls(), "daftar.xlsx") == "xls"
    assert cells(workbooks.xls()) == [(1, ("Siti",)), (2, (None, Number("1571015205740001")))]


def test_it_reads_an_open_document() -> None:
    content = workbooks.ods(
        '<table:table-row><table:table-cell table:number-columns-repeated="3"/></table:table-row>'
        '<table:table-row><table:table-cell/><table:table-cell office:value-type="string"><text:p>Siti</text:p>'
        '</table:table-cell><table:table-cell office:value-type="date" office:date-value="1974-05-12"/></table:table-row>'
    )
    assert cells(content) == [(2, (None, "Siti", Day("1974-05-12")))]


def test_it_cuts_a_cell_that_is_too_long_and_shows_that_it_did() -> None:
    [row] = read_limited(workbooks.written([["a" * 5000]]))
    assert row.cells == ("a" * 2000 + "…",)


@pytest.mark.parametrize(
    "cell", ["Siti", "", 'ab\n"c"', "é\u202e", None, Number("1571015205740001"), Day("1974-05-12")]
)
def test_a_cell_comes_back_from_its_line_as_it_was(cell: Cell) -> None:
    assert from_line(to_line(7, [cell, "x"])) == Row(7, (cell, "x"))
    assert text_of(cell) == (cell if isinstance(cell, str) else cell.text if cell else "")


def test_it_refuses_more_rows_than_it_may_and_names_a_far_cell() -> None:
    limits = LIMITS._replace(max_rows=10, max_columns=5)
    with pytest.raises(Unreadable) as many:
        list(read_limited(workbooks.written([["x"]] * 11), limits=limits))
    assert many.value.code == "file.too_many_rows"
    with pytest.raises(Unreadable) as wide:
        list(read_limited(workbooks.written([["x"] * 6]), limits=limits))
    assert (wide.value.code, wide.value.where) == ("file.too_many_columns", "F1")
    with pytest.raises(Unreadable) as far:
        list(
            read_limited(workbooks.xlsx(workbooks.text_row("A1048576", " ") + workbooks.text_row("A1", "x")))
        )
    assert (far.value.code, far.value.where) == ("file.too_many_rows", "A1048576")


def test_a_cell_far_out_that_only_carries_a_format_does_no_harm() -> None:
    content = workbooks.xlsx(workbooks.text_row("A1", "Siti") + '<row><c r="XFD1048576" s="1"/></row>')
    assert cells(content) == [(1, ("Siti",))]


def test_it_finds_a_far_cell_also_across_the_borders_of_its_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    from lindung.formats import parsing

    content = workbooks.xlsx(workbooks.text_row("A1", "Siti") + workbooks.text_row("XFD9", "x"))
    for size in (7, 64, 250):
        monkeypatch.setattr(parsing, "_CHUNK", size)
        with pytest.raises(Unreadable) as far:
            parsing.read(content, "xlsx", LIMITS)
        assert far.value.where == "XFD9"


def test_no_child_is_left_after_reading_to_the_end(children: Children) -> None:
    assert len(cells(workbooks.written([["Siti"]] * 1000))) == 1000
    assert_none_left(children)


def test_no_child_is_left_when_the_caller_stops_in_the_middle(children: Children) -> None:
    rows: Iterator[Row] = read_limited(b"Siti;Budi\r\n" * 150_000)
    assert next(rows).cells == ("Siti", "Budi")
    rows.close()  # type: ignore[attr-defined]  # a generator
    assert_none_left(children)


def test_a_child_that_never_answers_is_ended_in_time(
    children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(_script("exec sleep 60")))
    begun = time.monotonic()
    with pytest.raises(Unreadable) as slow:
        list(read_limited(b"x" * 10_000_000, wall_seconds=0.3))
    assert slow.value.code == "file.timeout"
    assert time.monotonic() - begun < 5
    assert_none_left(children)


def test_the_grandchildren_of_a_child_end_with_it(
    children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(_script("sleep 60 & wait")))
    with pytest.raises(Unreadable):
        list(read_limited(b"x", wall_seconds=0.3))
    _wait_for_the_end_of_the_group(children[0].pid)


@pytest.mark.parametrize(
    ("last_words", "code"),
    [
        ("kill -9 $$", "file.crashed"),
        ("kill -6 $$", "file.crashed"),
        ("kill -11 $$", "file.crashed"),
        ("exit 1", "file.crashed"),
        ("exit 0", "file.crashed"),
        ("kill -24 $$", "file.timeout"),
    ],
)
def test_a_child_that_dies_halfway_gives_a_code_and_no_success(
    last_words: str, code: str, children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = """echo '{"sheet": "Data"}'; echo '[1, ["Siti"]]'; """
    monkeypatch.setattr(sys, "executable", str(_script(answer + last_words)))
    rows = read_limited(b"x")
    assert next(rows).cells == ("Siti",)
    with pytest.raises(Unreadable) as dead:
        next(rows)
    assert dead.value.code == code
    assert_none_left(children)


def test_it_stops_a_parser_that_needs_too_much_memory_or_too_much_time(children: Children) -> None:
    with pytest.raises(Unreadable) as big:
        list(read_limited(workbooks.written([["Siti"]] * 100), memory_bytes=16 * 1024 * 1024))
    assert big.value.code == "file.crashed"
    rows = '<row><c r="A1"><v>1</v></c></row>' * 2_000_000
    with pytest.raises(Unreadable) as slow:
        list(
            read_limited(
                workbooks.xlsx(rows),
                cpu_seconds=1,
                limits=LIMITS._replace(max_rows=10_000_000, max_pack_ratio=9999),
            )
        )
    assert slow.value.code in {"file.timeout", "file.crashed"}
    assert_none_left(children)


def test_it_can_be_used_from_many_threads_at_once(children: Children) -> None:
    content = workbooks.written([["Siti"]] * 500)
    counts: list[int] = []
    threads = [threading.Thread(target=lambda: counts.append(len(cells(content)))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [500] * 6
    assert_none_left(children)


def test_the_child_sees_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LINDUNG_DATABASE_URL", "postgresql://secret")
    seen = tmp_path / "seen"
    monkeypatch.setattr(sys, "executable", str(_script(f"env > {seen}; pwd >> {seen}")))
    with pytest.raises(Unreadable):
        list(read_limited(b"x"))
    assert "secret" not in seen.read_text()
    assert seen.read_text().endswith("\n/\n")


def test_it_works_as_a_command_on_its_own() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lindung.formats.workbook"],
        input=b"NIK;Nama\r\n1571015205740001;Siti\r\n",
        capture_output=True,
        check=True,
        env={"PYTHONPATH": str(workbook._SOURCE)},
    )
    assert done.stdout.decode().splitlines() == [
        '{"sheet": ""}',
        '[1,["NIK","Nama"]]',
        '[2,["1571015205740001","Siti"]]',
        '{"rows": 2}',
    ]


_scripts: list[Path] = []


@pytest.fixture(autouse=True)
def _folder_for_scripts(tmp_path: Path) -> None:
    _scripts[:] = [tmp_path / "child"]


def _script(commands: str) -> Path:
    """A program in the place of our interpreter, to die as no well-behaved child can be asked to."""
    [path] = _scripts
    path.write_text(f"#!/bin/sh\n{commands}\n")
    path.chmod(0o755)
    return path


def _wait_for_the_end_of_the_group(group: int) -> None:
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("a grandchild lives on")


class TestMergedCells:
    def test_each_row_tells_the_merged_cells_that_reach_into_it(self) -> None:
        rows: list[list[object]] = [
            ["Judul", "", ""],
            ["Nama", "Lahir", ""],
            ["", "Kota", "Hari"],
            ["Siti", "x", "y"],
        ]
        content = workbooks.written(rows, merged=((0, 0, 0, 2), (1, 0, 2, 0), (1, 1, 1, 2)))
        found = {row.number: row.merges for row in read_limited(content)}
        down = Merge(2, 0, 3, 0)
        assert found == {1: (Merge(1, 0, 1, 2),), 2: (down, Merge(2, 1, 2, 2)), 3: (down,), 4: ()}

    def test_a_format_that_does_not_tell_says_nothing(self) -> None:
        row = '<table:table-row><table:table-cell office:value-type="string"><text:p>A</text:p></table:table-cell></table:table-row>'
        assert [row.merges for row in read_limited(workbooks.ods(row))] == [None]
        assert [row.merges for row in read_limited(b"a;b\r\n1;2\r\n")] == [None, None]

    def test_it_takes_no_more_of_them_than_can_lie_beside_each_other(self) -> None:
        many = "".join(f'<mergeCell ref="A1:A{last}"/>' for last in range(2, 400))
        content = workbooks.xlsx(workbooks.text_row("A1", "x"), after=f"<mergeCells>{many}</mergeCells>")
        with pytest.raises(Unreadable, match=r"file\.damaged"):
            list(read_limited(content))
