"""What cannot be shown or done, told to the person: missing pages, and what the database refused."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError
from django.http import Http404

from lindung.access.models import CONSTRAINT_MESSAGES as ACCESS
from lindung.contributions.models import CONSTRAINT_MESSAGES as CONTRIBUTIONS
from lindung.law.text import Text
from lindung.membership.models import CONSTRAINT_MESSAGES as MEMBERSHIP
from lindung.partnership.models import CONSTRAINT_MESSAGES as PARTNERSHIP
from lindung.people.models import CONSTRAINT_MESSAGES as PEOPLE

_REFUSALS = {**ACCESS, **PEOPLE, **PARTNERSHIP, **MEMBERSHIP, **CONTRIBUTIONS}


@contextmanager
def missing_when_not_in_sight() -> Iterator[None]:
    """Rows of another city do not exist for this reader: the page answers 404, never "forbidden"."""
    try:
        yield
    except ObjectDoesNotExist as error:
        raise Http404(type(error).__qualname__) from error


def refusal(error: IntegrityError) -> Text | None:
    """The sentence of the constraint that refused, or None when it has none (then it is a broken program)."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return _REFUSALS.get(getattr(diagnosis, "constraint_name", None) or "")
