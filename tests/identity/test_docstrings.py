"""The examples in the docstrings of the room are true."""

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize("name", ["nik", "names", "phones", "sexes", "births", "places"])
def test_its_examples_are_true(name: str) -> None:
    result = doctest.testmod(import_module(f"lindung.identity.{name}"))
    assert result.attempted > 0
    assert result.failed == 0
