"""The proof of the law takes a core of its own for a few seconds: it runs beside the other tests of the law."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import pytest

from lindung.law.proving import Proof, prove_stored

CASES = Path(__file__).parent / "cases"


@pytest.fixture(scope="session", autouse=True)
def proof_of_the_cases(request: pytest.FixtureRequest) -> Iterator[Callable[[], Proof]]:
    """Begins with the first test of the law, where the tests that ask for it are among those that run.

    Where another process has the other core already, nothing is won by that.
    """
    asked = any(item.path.name == "test_cases.py" for item in request.session.items)
    if not asked or "PYTEST_XDIST_WORKER" in os.environ:
        yield cache(lambda: prove_stored(CASES))
        return
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
        yield beside.submit(prove_stored, CASES).result


@pytest.fixture
def proof(proof_of_the_cases: Callable[[], Proof]) -> Proof:
    """What the cases prove of the stored law; waits until it is known."""
    return proof_of_the_cases()
