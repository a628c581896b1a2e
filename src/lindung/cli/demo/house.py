"""Where the example lives: a state folder of its own, a day of its own, and nothing shared with real people's data."""

import os
from pathlib import Path

from lindung.cli.refusing import Refused
from lindung.engine import state
from lindung.law.text import Text

TODAY = "2026-11-22T08:15"
"""The day on which the example plays, unless LINDUNG_NOW says another."""

# An address of a real database, and names of a real service, must not reach the example.
_NOT_FOR_THE_EXAMPLE = ("LINDUNG_DATABASE_URL", "LINDUNG_DATABASE_NAME", "LINDUNG_HOSTS")


def folder() -> Path:
    """The example's state folder: `demo` inside the ordinary one, or the ordinary one when that is an example."""
    return state.home() if state.is_demo() else state.demo_home()


def enter() -> None:
    """Make the example's folder and day those of this process and of every process it starts."""
    os.environ["LINDUNG_HOME"] = str(folder())
    os.environ.setdefault("LINDUNG_NOW", TODAY)
    for name in _NOT_FOR_THE_EXAMPLE:
        os.environ.pop(name, None)


def settle() -> None:
    """Make the example's folder, marked as one before anything is put into it, and enter it.

    Raises Refused when something else lies there already, FolderUnusable when it cannot be made.
    """
    where = folder()
    if where.exists() and not state.is_demo(where) and any(where.iterdir()):
        raise Refused(
            "demo.folder_taken",
            Text(
                f"Di {where} sudah ada hal lain, bukan contoh. Pindahkan, atau isi LINDUNG_HOME dengan folder lain.",
                f"{where} holds something else, not the example. Move it, or set LINDUNG_HOME to another folder.",
            ),
        )
    for path in (where.parent, where):
        state.prepare(path)
    state.mark_demo(where)
    enter()
