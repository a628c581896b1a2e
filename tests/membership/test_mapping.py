"""Which column was read as what: shown for every list, and chosen anew until somebody of the list is enrolled."""

from lindung.membership import mapping
from lindung.membership.columns import Field


def test_every_kind_of_column_may_be_chosen() -> None:
    assert set(mapping.LABELS) == set(Field)
