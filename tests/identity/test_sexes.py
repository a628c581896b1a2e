"""Sex as lists write it."""

import pytest

from lindung.identity import sexes


@pytest.mark.parametrize(
    "written", ["L", "l", "LK", "Lk.", "Laki-laki", "LAKI - LAKI", "laki2", "Pria", "M", "Male"]
)
def test_it_reads_a_man(written: str) -> None:
    assert sexes.read(written) == "M"


@pytest.mark.parametrize("written", ["P", "PR", "Pr.", "Perempuan", "WANITA", "F", "female", " p "])
def test_it_reads_a_woman(written: str) -> None:
    assert sexes.read(written) == "F"


@pytest.mark.parametrize("written", ["", "-", "L/P", "x", "1", "Bapak"])
def test_anything_else_is_not_known(written: str) -> None:
    assert sexes.read(written) is None
