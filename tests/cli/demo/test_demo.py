"""`lindung demo`, as a newcomer runs it: built once, served to this computer, entered by link or password and code."""

import http.client
import http.cookiejar
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cli.conftest import Answer, program, surroundings
from lindung.engine import state
from lindung.engine.state import CHECKOUT

pytestmark = pytest.mark.slow

EXAMPLES = CHECKOUT / "examples"
KESRA = "kesra-petugas-keagamaan.xlsx"


@pytest.fixture(scope="module")
def home(server: Path) -> Iterator[Path]:
    """A state folder for the example alone, inside that of the run."""
    folder = server / "newcomer"
    yield folder
    program("demo", "stop", LINDUNG_HOME=str(folder))
    shutil.rmtree(folder)


class Start(NamedTuple):
    """How a start of the example ended, and the seconds it took."""

    answer: Answer
    seconds: float


def demo(home: Path, *arguments: str | Path) -> Answer:
    """The example on that state folder."""
    return program("demo", *arguments, LINDUNG_HOME=str(home))


@pytest.fixture(scope="module")
def first(home: Path) -> Start:
    """The first start, which builds."""
    return _timed(home, "--no-serve", "--json")


def _timed(home: Path, *arguments: str) -> Start:
    started = time.monotonic()
    return Start(demo(home, *arguments), time.monotonic() - started)


def test_it_says_how_kota_jambi_stands(first: Start) -> None:
    assert first.answer.code == 0, first.answer.err
    figures = first.answer.json
    assert figures["on"] == "2026-11-22"
    assert (figures["protected"], figures["monthly_cost"]) == (4_316, 72_508_800)
    assert figures["funds_until"] == "2026-11"
    assert figures["shortfalls"] == {"jambi-rentan": 10_500_000, "jambi-keagamaan": 4_605_600}
    assert [each["rows"]["enrolled"] for each in figures["lists"]] == [3_000, 1_316]
    assert figures["built"]["anew"] is True


def test_it_counts_the_city_s_own_cleaners_apart(first: Start) -> None:
    """905 by list, one who left, one who came in her place; each pays JHT, too."""
    (unit,) = first.answer.json["employers"]
    assert (unit["people"], unit["code"]) == (905, "jambi-petugas-kebersihan-dlh")
    assert 0 < unit["jht"] < unit["monthly_cost"]
    covered = {each["code"]: each["covered"] for each in first.answer.json["agreements"]}
    assert covered == {"jambi-rentan": 3_000, "jambi-keagamaan": 1_316, unit["code"]: 905}


def test_the_second_start_builds_nothing_and_is_quick(first: Start, home: Path) -> None:
    second = _timed(home, "--no-serve", "--json")
    assert second.answer.json["built"]["anew"] is False
    assert second.answer.json["protected"] == 4_316
    assert second.seconds < 20


def test_it_says_where_the_stories_of_money_are(first: Start) -> None:
    """A second city of the same branch, of which nothing is counted among Kota Jambi's figures."""
    told = {each["code"]: (each["text"]["en"], each["path"]) for each in first.answer.json["stories"]}
    assert list(told) == ["semester", "short", "stopped", "offered", "alone", "bank"]
    assert told["semester"][0] == "A semester paid ahead: July 2026 to December 2026, one SP2D"
    assert told["short"][0] == "The bill of October 2026 lacks Rp1"
    assert told["stopped"][0] == "A sponsor stopped: 20 people lapsed on 1 October 2026"
    assert told["offered"][0].endswith("2 of 20 people accepted")
    assert told["bank"][0].endswith("2 lines wait")
    assert all(path.startswith("/") for _, path in told.values())


def test_one_order_pays_the_six_bills_of_a_semester(first: Start, home: Path) -> None:
    for month in ("2026-07", "2026-12"):
        shown = _bill(home, "muarojambi-desa", month)
        assert (shown["status"], shown["people"], shown["total"]) == ("paid", 24, 24 * 8_400)
    short = _bill(home, "muarojambi-nelayan", "2026-10")
    assert (short["status"], short["total"]) == ("final", 18 * 16_800)
    assert _bill(home, "muarojambi-nelayan", "2026-11")["status"] == "draft"


def test_its_book_holds_and_is_signed(first: Start, home: Path) -> None:
    answer = program("verify", "--json", LINDUNG_HOME=str(home))
    assert answer.code == 0, [each for each in answer.json["proofs"] if not each["holds"]]
    (signed,) = answer.json["checkpoints"]
    assert signed["holds"] is True


def _bill(home: Path, agreement: str, month: str) -> Any:
    asked = ("--agreement", agreement, "--month", month, "--by", "yuli.muarojambi", "--json")
    return program("bill", "show", *asked, LINDUNG_HOME=str(home)).json


def test_people_read_the_same_figures(first: Start, home: Path) -> None:
    out = demo(home, "--no-serve").out
    assert re.search(r"People protected +4,316\n", out)
    assert re.search(r"Contributions a month +Rp72\.508\.800\n", out)
    assert re.search(r"Money lasts until +November 2026\n", out)


def test_other_commands_mean_the_example_where_nothing_else_is(first: Start, home: Path) -> None:
    file = EXAMPLES / "never-seen-before.xlsx"
    checked = program(
        "roster", "check", file, "--agreement", "jambi-rentan", "--json", LINDUNG_HOME=str(home)
    )
    assert checked.code == 3
    verdicts = checked.json["summary"]["verdicts"]
    assert [verdicts[name] for name in ("ready", "to_fix", "refused")] == [30, 5, 3]
    assert "invented data" in checked.err
    shown = program("cover", "show", "1", "--by", "siti.rahma", "--json", LINDUNG_HOME=str(home))
    assert (shown.code, shown.json["on"]) == (0, "2026-11-22")


def test_an_unknown_role_is_told_which_there_are(first: Start, home: Path) -> None:
    answer = demo(home, "code", "king", "--json")
    assert answer.code == 1
    assert answer.json["error"]["code"] == "demo.unknown_role"
    assert "city_officer" in answer.err


BILL = ("--agreement", "jambi-keagamaan", "--month", "2026-10", "--by", "ahmad.kesra", "--json")


@pytest.mark.parametrize("content", [None, b"no workbook"])
def test_a_wrong_workbook_leaves_the_example_as_it_was(
    first: Start, home: Path, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "disnaker-pekerja-rentan.xlsx").write_bytes(content)
    answer = demo(home, "--no-serve", "--json", "--workbooks", tmp_path)
    assert answer.code == 1
    assert answer.json["error"]["code"] == ("file.not_a_workbook" if content else "file.missing")
    assert program("bill", "show", *BILL, LINDUNG_HOME=str(home)).json["people"] == 1_316


def test_without_its_keys_it_says_that_it_can_be_built_from_nothing(first: Start, home: Path) -> None:
    keys, elsewhere = home / "demo" / "keys", home / "demo" / "keys.away"
    keys.rename(elsewhere)
    answer = demo(home, "--no-serve", "--json")
    elsewhere.rename(keys)
    assert (answer.code, answer.json["error"]["code"]) == (1, "demo.beyond_repair")
    assert "./lindung demo --reset" in answer.err


def test_other_computers_and_taken_ports_are_refused_before_anything_is_built(tmp_path: Path) -> None:
    elsewhere = tmp_path / "untouched"
    assert demo(elsewhere, "--host", "0.0.0.0").code == 2
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = demo(elsewhere, "--port", str(port))
    assert answer.code == 1
    assert f"./lindung demo --port {port + 1}" in answer.err
    assert not elsewhere.exists()


def test_it_never_moves_in_where_something_else_lies(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "thesis.txt").write_text("mine", encoding="utf-8")
    answer = demo(tmp_path, "--no-serve", "--json")
    assert answer.json["error"]["code"] == "demo.folder_taken"
    assert [path.name for path in (tmp_path / "demo").iterdir()] == ["thesis.txt"]


def test_code_and_stop_say_that_there_is_no_example_yet(tmp_path: Path) -> None:
    for command in (("code", "mayor"), ("stop",)):
        answer = demo(tmp_path, *command)
        assert (answer.code, "./lindung demo" in answer.err) == (1, True)


def test_a_link_opens_the_day_once_and_only_from_this_machine(first: Start, home: Path) -> None:
    with _served(home) as site:
        link = next(each["url"] for each in site["links"] if each["role"] == "city_officer")
        assert link.startswith(site["address"] + "/")
        assert _status_for_host(link, "lindung.example.org") in (400, 404)
        visitor = _Visitor()
        page = visitor.press_the_button(link)
        assert "4.316" in page
        assert _Visitor().refused(link) == 410


def test_a_password_and_a_code_open_it_too(first: Start, home: Path) -> None:
    with _served(home) as site:
        told = demo(home, "code", "finance_officer", "--json").json
        assert told["username"] == "bendahara.disnaker"
        visitor = _Visitor()
        asked = visitor.send(site["address"] + "/", {"login": told["username"], "password": told["password"]})
        assert 'name="code"' in asked
        page = visitor.send(visitor.address, {"code": told["code"]})
        assert "4.316" in page
    assert demo(home, "code", "bendahara.disnaker", "--json").json["password"] == told["password"]
    assert demo(home, "code", "bendahara.muarojambi", "--json").json["role"] == "finance_officer"


def test_one_row_of_a_workbook_changes_the_figures(first: Start, home: Path, tmp_path: Path) -> None:
    """Killed in the middle the old example stays whole; begun again the new one follows its workbook."""
    shutil.copytree(EXAMPLES / "jambi", tmp_path / "lists")
    _without_line(tmp_path / "lists" / KESRA, _ordinary_line(home))
    _killed_while_building(home, tmp_path / "lists")
    kept = program("bill", "show", *BILL, LINDUNG_HOME=str(home))
    assert kept.json["people"] == 1_316
    changed = demo(home, "--no-serve", "--json", "--workbooks", tmp_path / "lists").json
    assert (changed["built"]["anew"], changed["protected"]) == (True, 4_315)
    assert changed["monthly_cost"] == 72_508_800 - 16_800


class _Visitor:
    """A browser without a screen: it keeps cookies, and sends a page's form with its token."""

    def __init__(self) -> None:
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )
        self.address = ""

    def press_the_button(self, link: str) -> str:
        """Open a page and send its form as it is."""
        return self.send(link, {})

    def send(self, address: str, fields: dict[str, str]) -> str:
        """Open a page and send the form in its middle with these fields; the page that answers."""
        page = self._opened(urllib.request.Request(address))
        form = re.search(r'<main.*?<form[^>]*method="post".*?</form>', page, re.DOTALL)
        assert form is not None, page
        hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))
        action = re.search(r'<form[^>]*action="([^"]*)"', form[0][form[0].index("<form") :])
        target = urllib.parse.urljoin(self.address, action[1] if action else "")
        body = urllib.parse.urlencode({**hidden, **fields}).encode()
        return self._opened(urllib.request.Request(target, body, {"Referer": self.address}))

    def refused(self, link: str) -> int:
        """The status with which a form is refused."""
        with pytest.raises(urllib.error.HTTPError) as refused:
            self.press_the_button(link)
        refused.value.close()
        return refused.value.code

    def _opened(self, request: urllib.request.Request) -> str:
        with self._opener.open(request, timeout=30) as answer:
            self.address = answer.url
            page: str = answer.read().decode()
        return page


@contextmanager
def _served(home: Path) -> Iterator[dict[str, Any]]:
    """The example being served on a free port, until the block ends; ended with Ctrl-C it ends well."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = _started(home, "--port", str(port), "--json")
    assert process.stdout is not None
    try:
        yield _first_json(process.stdout)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.communicate()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def _started(home: Path, *arguments: str | Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "lindung", "demo", *map(str, arguments)],
        env=surroundings(LINDUNG_HOME=str(home)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _first_json(lines: Iterator[str]) -> dict[str, Any]:
    written = ""
    for line in lines:
        written += line
        if line == "}\n":
            break
    found: dict[str, Any] = json.loads(written)
    return found


def _status_for_host(link: str, host: str) -> int:
    parts = urllib.parse.urlsplit(link)
    assert parts.hostname
    connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=30)
    try:
        connection.request("GET", parts.path, headers={"Host": host})
        return connection.getresponse().status
    finally:
        connection.close()


def _killed_while_building(home: Path, lists: Path) -> None:
    process = _started(home, "--no-serve", "--json", "--workbooks", lists)
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        if "1315" in line:  # the second list is enrolled, the months are not yet paid
            break
    process.kill()
    out, _ = process.communicate()
    assert (process.returncode, out) == (-signal.SIGKILL, ""), said


def _ordinary_line(home: Path) -> int:
    """A line of Kesra's list that is enrolled, and that no other line refers to."""
    answer = program(
        "roster", "check", EXAMPLES / "jambi" / KESRA, "--agreement", "jambi-keagamaan", "--json",
        "--by", "siti.rahma", LINDUNG_HOME=str(home),
    )  # fmt: skip
    rows = answer.json["rows"]
    messages = " ".join(problem["message"]["en"] for row in rows for problem in row["problems"])
    mentioned = set(map(int, re.findall(r"line ([0-9]+)", messages)))
    return next(
        int(row["number"])
        for row in rows
        if row["verdict"] == "enrolled" and row["number"] not in mentioned and len(row["problems"]) == 1
    )


def _without_line(workbook: Path, line: int) -> None:
    """Take one line out of a workbook, as an officer would who empties its cells."""
    with zipfile.ZipFile(workbook) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    name = "xl/worksheets/sheet1.xml"
    emptied, found = re.subn(rf'<row r="{line}".*?</row>'.encode(), b"", parts[name], flags=re.DOTALL)
    assert found == 1
    with zipfile.ZipFile(workbook, "w", zipfile.ZIP_DEFLATED) as written:
        for part, content in {**parts, name: emptied}.items():
            written.writestr(part, content)


def test_the_state_of_the_run_is_no_example() -> None:
    """The tests above worked on a folder of their own."""
    assert not state.is_demo()
