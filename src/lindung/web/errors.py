"""Turns what is not in the reader's sight into a page that is not there."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404


@contextmanager
def missing_when_not_in_sight() -> Iterator[None]:
    """Rows of another city do not exist for this reader: the page answers 404, never "forbidden"."""
    try:
        yield
    except ObjectDoesNotExist as error:
        raise Http404(type(error).__qualname__) from error
