"""The tables of cases that a lawyer reads: what is asked, what is given, what the law must answer."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

from lindung.law import arrears, contributions, eligibility
from lindung.law.contributions import DueDate
from lindung.law.decision import Citation, Decision
from lindung.law.months import Month
from lindung.law.questions import answers, asking
from lindung.law.questions.answers import Answer
from lindung.law.questions.fields import Unanswerable
from lindung.law.values import Law, NoLawForDate

Said = Decision | DueDate

RULES: Mapping[str, Callable[..., Said]] = {
    "bpu": contributions.bpu,
    "pu": contributions.pu,
    "due": contributions.due_date,
    "age": eligibility.bpu,
    "arrears": arrears.consequence,
    "jkm": arrears.jkm_waiting,
}
"""Rules that a case asks directly, with their own words; every other case asks a question of the door."""
_DATES = ("on", "birth_date", "registered_on", "known")


class Case(NamedTuple):
    """One row of a table: `expect` holds what the answer must say, by path."""

    id: str
    articles: tuple[str, ...]
    ask: str
    given: Mapping[str, object]
    expect: Mapping[str, object]


class NotACase(ValueError):
    """Kasus ini tidak lengkap. / This case is not whole."""


def read(folder: Path) -> tuple[Case, ...]:
    """Every case of the folder's *.toml. Raises NotACase, naming file and case."""
    return tuple(case for path in sorted(folder.glob("*.toml")) for case in _of_file(path))


def differences(case: Case, law: Law) -> Iterator[str]:
    """Where the law's answer is not what the table says; an article it no longer rests on is one, too."""
    try:
        said = decided(case, law)
    except NoLawForDate as refusal:
        yield from () if case.expect.get("no_law") else (str(refusal),)
        return
    except Unanswerable as fault:
        yield from _faults(case, fault)
        return
    written = _Written(case, said)
    for path, value in case.expect.items():
        got = written.found(path, value)
        if not _same(path, got, value):
            yield f"{path}: {got!r} instead of {value!r}"
    cited = _cited(said)
    yield from (f"{article} is not among the articles" for article in case.articles if article not in cited)


def _of_file(path: Path) -> Iterator[Case]:
    table = tomllib.loads(path.read_text("utf-8"))
    for raw in table.get("case", []):
        try:
            yield Case(
                f"{path.stem}: {raw['name']}",
                _articles(raw["articles"], raw["expect"]),
                raw["ask"],
                raw["given"],
                raw["expect"],
            )
        except (KeyError, TypeError) as lacking:
            raise NotACase(f"{path.name}: {raw.get('name')}: {lacking}") from lacking
    for block in table.get("rows", []):
        yield from _of_rows(path, block)


def _of_rows(path: Path, block: Mapping[str, list[list[object]]]) -> Iterator[Case]:
    """Cases that differ in a few fields only: a block names its columns, and each row is a case.

    A column `given.x` is a fact, `expect.x` an answer, `article` one more article; `articles`, `given` and
    `expect` of the block hold for all rows.
    """
    whole = cast(Mapping[str, object], block)
    for number, row in enumerate(block["row"], start=1):
        named = dict(zip(cast(list[str], block["columns"]), row, strict=True))
        facts = {key[6:]: value for key, value in named.items() if key.startswith("given.")}
        expected = {key[7:]: value for key, value in named.items() if key.startswith("expect.")}
        yield Case(
            f"{path.stem}: {whole['name']} {row[0]} ({number})",
            _articles(
                [*cast(list[str], block["articles"]), *_also(named)],
                expected,
            ),
            str(whole["ask"]),
            cast(dict[str, object], whole.get("given", {})) | facts,
            cast(dict[str, object], whole.get("expect", {})) | expected,
        )


def _articles(named: list[str], expect: Mapping[str, object]) -> tuple[str, ...]:
    """The articles a case names; that of the refusal it expects is one of them."""
    refused = expect.get("refusal.cite")
    return (*named, str(refused)) if refused else tuple(named)


def _also(row: Mapping[str, object]) -> list[str]:
    return [str(row["article"])] if "article" in row else []


def decided(case: Case, law: Law) -> Said:
    """What the law says to the case. Raises Unanswerable, NoLawForDate."""
    rule = RULES.get(case.ask)
    if rule is None:
        return asking.decide(asking.called(case.ask), _written(case.given), law=law)
    given: dict[str, object] = {}
    for name, value in case.given.items():
        given[name] = date.fromisoformat(str(value)) if name in _DATES else value
        if name == "month":
            given[name] = Month.parse(str(value))
    return rule(**given, law=law)


def _written(value: object) -> object:
    """TOML knows dates, JSON only their text."""
    if isinstance(value, Mapping):
        return {str(name): _written(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_written(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _answer(case: Case, said: Decision) -> Answer:
    return answers.benefit(said) if case.ask in RULES else asking.shape(asking.called(case.ask))(said)


def _faults(case: Case, fault: Unanswerable) -> list[str]:
    named = [one.field for one in fault.faults]
    expected = case.expect.get("error")
    wanted = expected if isinstance(expected, list) else [expected]
    if expected is None or any(field not in named for field in wanted):
        return [str(fault)]
    code = case.expect.get("code")
    return [] if code is None or code in [one.code for one in fault.faults] else [f"codes of {fault}"]


def _cited(said: Said) -> set[str]:
    citations = said.citations if isinstance(said, Decision) else (said.citation,)
    return {_written_out(citation) for citation in citations}


@cache
def _written_out(citation: Citation) -> str:
    return citation.text.id


class _Written:
    """What was said, written out as an answer only where a case asks for more than is at hand."""

    def __init__(self, case: Case, said: Said) -> None:
        self._case, self._said = case, said
        self._answer: Answer | None = None

    def found(self, path: str, value: object) -> object:
        """What stands at that path of the answer."""
        said = self._said
        if isinstance(said, DueDate):
            return said.sentence.id if path == "says" else str(getattr(said, path))
        if path in _AT_ONCE:
            return _AT_ONCE[path](said)
        if path in ("unverified", "alternatives"):
            return _doubts(path, value, said)
        if path.startswith("components."):
            return answers.components(said.steps).get(path.removeprefix("components."))
        self._answer = self._answer or _answer(self._case, said)
        try:
            return _at(self._answer, path)
        except LookupError:
            return sum(step.amount for step in said.steps if step.belongs_to(path))


# Most of what cases expect is at hand without writing out the whole answer.
_AT_ONCE: Mapping[str, Callable[[Decision], object]] = {
    "total": lambda said: said.total,
    "decision": lambda said: said.outcome.value,
    "outcome": lambda said: said.outcome.value,
    "says": lambda said: " ".join(text.id for text in said.sentences),
    "base": lambda said: said.steps[0].working.get("base"),
}


def _doubts(path: str, value: object, said: Decision) -> object:
    if isinstance(value, list):
        return [other.total for other in said.alternatives]
    return len(said.unverified if path == "unverified" else said.alternatives)


def _at(answer: object, path: str) -> object:
    for name in path.split("."):
        if isinstance(answer, list):
            answer = answer[int(name)]
        elif isinstance(answer, Mapping):
            answer = answer[name]
        else:
            raise LookupError(path)
    return answer


def _same(path: str, got: object, value: object) -> bool:
    if path == "says":
        pieces = value if isinstance(value, list) else [value]
        return all(str(piece) in str(got) for piece in pieces)
    return got == _written(value)
