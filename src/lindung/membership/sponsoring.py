"""Says which city a word on a person is for: the one that sponsors him now, not one that once did."""

from datetime import date
from typing import NamedTuple

from lindung.membership.models import Membership
from lindung.people.models import PersonScope


class _Held(NamedTuple):
    """One membership: whose, and its half-open period."""

    sponsor_id: int
    since: date
    until: date | None

    def rank(self, on: date) -> tuple[int, int]:
        """In force, to begin (the next first), over (the latest first), never come into being."""
        if self.until is not None and self.until == self.since:
            return 3, -self.until.toordinal()
        if self.since > on:
            return 1, self.since.toordinal()
        if self.until is not None and self.until <= on:
            return 2, -self.until.toordinal()
        return 0, 0


def sponsors_of(person_id: int, *, on: date) -> tuple[int, ...]:
    """The sponsors of a person's memberships in force on the day; else the one whose begins next, else the latest.

    More than one when two works are paid for by two cities. As far as the caller sees: a city finds itself, its branch
    all its cities. Raises PersonScope.DoesNotExist when the person is not in sight.
    """
    rows = Membership.objects.filter(person_id=person_id).values_list("sponsor_id", "since", "until")
    ranked = sorted((_Held(*row).rank(on), row[0]) for row in rows)
    if not ranked:
        raise PersonScope.DoesNotExist
    best = ranked[0][0]
    return tuple(dict.fromkeys(sponsor for rank, sponsor in ranked if rank == best))


def sponsor_of(person_id: int, *, on: date) -> int:
    """The first of `sponsors_of`, for what is filed once. Raises PersonScope.DoesNotExist."""
    return sponsors_of(person_id, on=on)[0]
