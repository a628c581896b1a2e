"""The same town and people as in the tests of access."""

from access.conftest import town

__all__ = ["town"]
