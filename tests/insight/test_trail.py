"""The catalogue of the trail: every action that our programme writes has its sentence, in both languages alike."""

import ast
import re
from collections.abc import Iterator

from lindung.engine.state import CHECKOUT
from lindung.insight import trail

FIRST = {"record": ("action", 0), "note_visit": ("action", 0), "note_failure": ("action", 0)}
"""The functions that write an event, and where in their call its action stands."""


def written() -> set[str]:
    """The actions that programme text hands to whoever writes into the trail; what a run fills in is a star."""
    found: set[str] = set()
    for module in (CHECKOUT / "src/lindung").rglob("*.py"):
        tree = ast.parse(module.read_text("utf-8"))
        for call, (name, place) in calls_of(tree, writers_of(tree)):
            given = argument(call, name, place)
            found |= set(words_of(given)) if given is not None else set()
    return found


def writers_of(tree: ast.Module) -> dict[str, tuple[str, int]]:
    """The first writers, and the functions of this module that hand a parameter of theirs on to a writer."""
    writers, before = dict(FIRST), 0
    while len(writers) != before:
        before = len(writers)
        for made in ast.walk(tree):
            if isinstance(made, ast.FunctionDef):
                names = [each.arg for each in (*made.args.args, *made.args.kwonlyargs)]
                for call, (name, place) in calls_of(made, writers):
                    given = argument(call, name, place)
                    if isinstance(given, ast.Name) and given.id in names:
                        writers.setdefault(made.name, (given.id, names.index(given.id)))
    return writers


def calls_of(
    tree: ast.AST, writers: dict[str, tuple[str, int]]
) -> Iterator[tuple[ast.Call, tuple[str, int]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in writers:
                yield node, writers[name]


def argument(call: ast.Call, name: str, place: int) -> ast.expr | None:
    named = [each.value for each in call.keywords if each.arg == name]
    return named[0] if named else call.args[place] if place < len(call.args) else None


def words_of(given: ast.expr) -> Iterator[str]:
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        yield given.value
    elif isinstance(given, ast.IfExp):
        yield from (*words_of(given.body), *words_of(given.orelse))
    elif isinstance(given, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in given.values)


def test_it_has_a_sentence_for_everything_that_is_written() -> None:
    found, known = written(), set(trail.sentences())
    assert {"agreement.activated", "budget.raised", "difference.*", "appoint", "sign_in"} <= found
    patterns = {action: re.escape(action).replace(r"\*", r"\w+") for action in found}
    assert (
        sorted(action for action in found if not any(re.fullmatch(patterns[action], each) for each in known))
        == []
    )


def test_it_names_the_same_details_in_both_languages() -> None:
    blanks = re.compile(r"\{\w+\}")
    for action, text in trail.sentences().items():
        assert sorted(blanks.findall(text.id)) == sorted(blanks.findall(text.en)), action
        assert text.id != text.en, action
        assert text.id.endswith((".", "}")), action
