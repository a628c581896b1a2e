"""The collector of cycles rests during a bulk run and works again afterwards, also after an error."""

import gc

import pytest

from lindung.engine import collecting


def test_it_rests_inside_and_works_again_afterwards() -> None:
    with collecting.paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_works_again_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), collecting.paused():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_it_leaves_alone_what_somebody_else_switched_off() -> None:
    with collecting.paused():
        with collecting.paused():
            pass
        assert not gc.isenabled()
