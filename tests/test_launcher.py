"""./lindung from a bare checkout: what it sets up, in which order, and what it says when it cannot.

A stand-in for Python plays its part in a moment and writes down what it was asked to do.
"""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from lindung.engine.state import CHECKOUT

SHELL = shutil.which("dash") or "/bin/sh"
TOOLS = ("cat", "cmp", "cp", "dirname", "mkdir", "mv", "readlink", "rm", "sh", "sleep", "tail")
"""All that the launcher and the stand-in find on their path: no Python, no uv."""
PYTHON = """#!/bin/sh
echo "$*" >>"$NOTES"
case "$*" in
    -V) echo "Python 3.11.9" ;;
    *"import ensurepip"*) [ ! -e "$NOTES.no_ensurepip" ] ;;
    *"sys.version_info <"*) [ ! -e "$NOTES.too_old" ] ;;
    *"%d.%d"*) echo 3.11 ;;
    "-m pip --python"*--version) [ ! -e "$NOTES.no_pip" ] ;;
    "-m venv"*) for venv in "$@"; do :; done; mkdir -p "$venv/bin"; cp "$0" "$venv/bin/python" ;;
    *"install --quiet"*) sleep "${SLOWLY:-0}"; [ ! -e "$NOTES.offline" ] || { echo "no network"; exit 1; } ;;
    -\\ *) cat >/dev/null ;;
    "-P -m lindung"*) shift 3; for word in "$@"; do printf '<%s>' "$word"; done; pwd ;;
esac
"""
UV = """#!/bin/sh
case "$1" in
    venv) for venv in "$@"; do :; done; mkdir -p "$venv/bin"; cp "$LINDUNG_PYTHON" "$venv/bin/python" ;;
esac
"""


class Checkout:
    """A checkout in a folder with a space in its name, and the notes of its stand-in Python."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "kantor wali kota"
        self.notes = folder / "notes"
        self.root.mkdir()
        shutil.copy(CHECKOUT / "lindung", self.root)
        (self.root / "requirements.lock").write_text("click==8\n", encoding="ascii")
        self.tools = folder / "tools"
        self.tools.mkdir()
        for tool in TOOLS:
            (self.tools / tool).symlink_to(shutil.which(tool) or pytest.fail(f"{tool} is missing here"))
        self.python = folder / "stand-in"
        self.python.write_text(PYTHON, encoding="ascii")
        self.python.chmod(0o755)

    def start(self, *words: str, by: Path | None = None, **more: str) -> "subprocess.Popen[str]":
        path = {"PATH": str(self.tools), "LINDUNG_PYTHON": str(self.python), "NOTES": str(self.notes)}
        return subprocess.Popen(
            [SHELL, by or self.root / "lindung", *words],
            env={**path, "LINDUNG_LANG": "en", **more},
            cwd="/usr",
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, by: Path | None = None, **more: str) -> tuple[int, str, str]:
        process = self.start(*words, by=by, **more)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    def asked(self, part: str) -> int:
        """How often Python was asked for something with these words in it."""
        return sum(part in line for line in self.notes.read_text(encoding="utf-8").splitlines())

    def mark(self, fault: str) -> None:
        self.notes.with_name(f"notes.{fault}").touch()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_it_sets_up_once_and_then_goes_straight_to_the_command_line(checkout: Checkout) -> None:
    code, out, err = checkout.run("cover", "show", "Siti Aminah")
    assert (code, out) == (0, "<cover><show><Siti Aminah>/usr\n")
    assert "Setting up" in err
    code, out, err = checkout.run("doctor")
    assert (code, out, err) == (0, "<doctor>/usr\n", "")
    assert checkout.asked("--require-hashes") == 1


def test_it_may_be_called_through_links_from_anywhere(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "first").symlink_to(checkout.root / "lindung")
    (tmp_path / "second").symlink_to("bin/first")
    assert checkout.run(by=tmp_path / "second")[0] == 0
    assert (checkout.root / ".venv" / "lindung.stamp").exists()


def test_a_changed_lock_is_installed_into_the_same_environment(checkout: Checkout) -> None:
    checkout.run()
    (checkout.root / "requirements.lock").write_text("click==9\n", encoding="ascii")
    assert checkout.run()[0] == 0
    assert checkout.asked("--require-hashes") == 2
    assert checkout.asked("-m venv") == 1


def test_an_interrupted_installation_is_repeated(checkout: Checkout) -> None:
    process = checkout.start(SLOWLY="30")
    wait_for(lambda: checkout.notes.exists() and checkout.asked("--require-hashes") == 1)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    code, out, err = checkout.run("doctor")
    assert (code, out) == (0, "<doctor>/usr\n"), err
    assert checkout.asked("--require-hashes") == 2


def test_of_several_first_starts_one_installs_and_the_others_wait(checkout: Checkout) -> None:
    starts = [checkout.start("doctor", SLOWLY="1") for _ in range(4)]
    answers = [start.communicate(timeout=60)[0] for start in starts]
    assert answers == ["<doctor>/usr\n"] * 4
    assert checkout.asked("--require-hashes") == 1


def test_the_lock_of_a_dead_start_passes_to_exactly_one_successor(checkout: Checkout) -> None:
    with subprocess.Popen(["true"]) as dead:
        pass
    (checkout.root / ".venv.lock").mkdir()
    (checkout.root / ".venv.lock" / "holder").write_text(f"{dead.pid}\n", encoding="ascii")
    starts = [checkout.start("doctor", SLOWLY="1") for _ in range(4)]
    assert [start.communicate(timeout=60)[0] for start in starts] == ["<doctor>/usr\n"] * 4
    assert checkout.asked("--require-hashes") == 1
    assert not (checkout.root / ".venv.lock").exists()


def test_without_ensurepip_the_systems_pip_does_it(checkout: Checkout) -> None:
    checkout.mark("no_ensurepip")
    assert checkout.run()[0] == 0
    assert checkout.asked("-m venv --without-pip") == 1


def test_without_either_it_names_the_package_to_install(checkout: Checkout) -> None:
    checkout.mark("no_ensurepip")
    checkout.mark("no_pip")
    code, _, err = checkout.run()
    assert code == 1
    assert "apt install python3.11-venv" in err


def test_without_a_suitable_python_it_says_which_one_it_needs(checkout: Checkout) -> None:
    checkout.mark("too_old")
    code, _, err = checkout.run()
    assert code == 1
    assert "Python 3.11" in err


def test_a_failed_installation_shows_why_and_leaves_no_stamp(checkout: Checkout) -> None:
    checkout.mark("offline")
    code, _, err = checkout.run()
    assert code == 1
    assert "no network" in err
    assert "internet" in err
    assert not (checkout.root / ".venv" / "lindung.stamp").exists()
    assert not (checkout.root / ".venv.lock").exists()


@pytest.mark.parametrize(("uv_works", "pip_installs"), [(True, 0), (False, 1)])
def test_uv_is_used_when_present_and_never_required(
    checkout: Checkout, uv_works: bool, pip_installs: int
) -> None:
    uv = checkout.tools / "uv"
    uv.write_text(UV if uv_works else "#!/bin/sh\nexit 1\n", encoding="ascii")
    uv.chmod(0o755)
    assert checkout.run("doctor")[1] == "<doctor>/usr\n"
    assert checkout.asked("-m pip install") == pip_installs


def test_it_speaks_both_languages_until_one_is_chosen(checkout: Checkout) -> None:
    err = checkout.run(LINDUNG_LANG="")[2]
    assert "Menyiapkan" in err
    assert "Setting up" in err


def wait_for(question: object) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if callable(question) and question():
            return
        time.sleep(0.05)
    pytest.fail("it did not happen in 20 seconds")
