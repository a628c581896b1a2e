"""The same city as in the tests of contributions."""

from contributions.conftest import _months_open, jambi

__all__ = ["_months_open", "jambi"]
