"""The same city as in the tests of contributions."""

from contributions.conftest import jambi, jambi_stage

__all__ = ["jambi", "jambi_stage"]
