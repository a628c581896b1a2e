"""Measures one question to the law, from the bytes of its line to the bytes of the answer.

.venv/bin/python -m benchmarks.law [--repeat 5]

The baseline reads the same line as JSON and writes the same answer as JSON, and computes nothing: what any door
that speaks JSON lines must pay. The questions are those of the lawyers' tables.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from lindung.law.cases import RULES, read
from lindung.law.parameter import in_force
from lindung.law.questions import lines
from lindung.law.questions.answers import Answer

CASES = Path(__file__).resolve().parents[1] / "tests" / "law" / "cases"
ROUNDS = 20


def main() -> None:
    """Print a line for each kind of question: microseconds, the baseline, the ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=5)
    repeat = parser.parse_args().repeat
    in_force()
    print("| question | lines | a question | the same JSON alone | ratio |\n|---|---:|---:|---:|---:|")
    for name, asked in questions().items():
        said = [(line, lines.answer(name, line)) for line in asked]
        ours = median(repeat, partial(answered, name, asked))
        bare = median(repeat, partial(passed_on, said))
        each, alone = (1_000_000 * spent / len(said) / ROUNDS for spent in (ours, bare))
        print(f"| {name} | {len(said)} | {each:.0f} us | {alone:.0f} us | {ours / bare:.1f} |")


def answered(name: str, asked: list[bytes]) -> None:
    """Every line answered by the law."""
    for line in asked:
        written(lines.answer(name, line))


def passed_on(said: list[tuple[bytes, Answer]]) -> None:
    """Every line read, and the answer that is there already written."""
    for line, answer in said:
        json.loads(line)
        written(answer)


def questions() -> dict[str, list[bytes]]:
    """The lines of every question of the door, from the tables of cases."""
    found: dict[str, list[bytes]] = {}
    for case in read(CASES):
        if case.ask not in RULES:
            found.setdefault(case.ask, []).append(json.dumps(dict(case.given), default=str).encode())
    return found


def written(answer: object) -> str:
    """The bytes that go out."""
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


def median(repeat: int, work: Callable[[], object]) -> float:
    """The median of so many runs of ROUNDS rounds, in seconds."""
    return statistics.median(_timed(work) for _ in range(repeat))


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    for _ in range(ROUNDS):
        work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
