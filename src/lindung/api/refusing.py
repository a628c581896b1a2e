"""Which problem an exception is: what a room refuses, what the database refuses, and what nobody has thought of."""

import logging

from django.core.exceptions import (
    BadRequest,
    DisallowedHost,
    ObjectDoesNotExist,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from django.http.multipartparser import MultiPartParserError
from ninja.errors import HttpError, ValidationError
from psycopg import errors as pg

from lindung.access.audit import PersonalDataInAudit
from lindung.api.codes import CODES
from lindung.api.faults import fault_of
from lindung.api.problems import BY_STATUS, Fault, Problem
from lindung.engine.refusals import Refusal, constraint_of, explained
from lindung.formats.unreadable import Unreadable
from lindung.law.values import NoLawForDate
from lindung.membership import problems

log = logging.getLogger(__name__)

_WILL_PASS = (pg.DeadlockDetected, pg.SerializationFailure)
_UNREADABLE = (BadRequest, SuspiciousOperation, MultiPartParserError, UnicodeError)


def will_pass(error: Exception) -> bool:
    """Whether two orders only stood in each other's way: carried out again, it will go through."""
    return isinstance(error, OperationalError) and isinstance(error.__cause__, _WILL_PASS)


def problem_of(error: Exception) -> Problem:
    """The problem that an exception is; what nobody has thought of is written to the log and said without details."""
    found = _of_request(error) or _of_room(error) or _of_database(error)
    if found is None:
        log.error("an answer of the API failed", exc_info=error)
        return Problem("service.fault")
    return found


def _of_request(error: Exception) -> Problem | None:
    if isinstance(error, Problem):
        return error
    if isinstance(error, ValidationError):
        return Problem("request.invalid", errors=[_fault(each) for each in error.errors])
    if isinstance(error, HttpError):
        return Problem(BY_STATUS.get(error.status_code, "request.malformed"), status=error.status_code)
    if isinstance(error, RequestDataTooBig):
        return Problem("request.too_large")
    if isinstance(error, DisallowedHost):
        return Problem("request.host")
    if isinstance(error, Http404):
        return Problem("request.not_found")
    return Problem("request.malformed") if isinstance(error, _UNREADABLE) else None


def _of_room(error: Exception) -> Problem | None:
    if isinstance(error, Refusal):
        status = CODES[error.code].status if error.code in CODES else 409
        return Problem(error.code, text=error.text, status=status)
    if isinstance(error, Unreadable):
        return Problem(error.code, text=problems.message(error.code, error.where), status=422)
    if isinstance(error, NoLawForDate):
        return Problem("law.none_for_date", text=error.text, status=409)
    if isinstance(error, PersonalDataInAudit):
        return Problem("reveal.personal_data")
    return Problem("record.not_found") if isinstance(error, ObjectDoesNotExist) else None


def _of_database(error: Exception) -> Problem | None:
    if isinstance(error, IntegrityError):
        text = explained(error)
        return Problem(f"refused.{constraint_of(error)}", text=text, status=409) if text else None
    if isinstance(error, OperationalError | InterfaceError):
        log.error("the database did not answer the API", exc_info=error)
        return Problem("service.unavailable", headers={"Retry-After": "2"})
    return None


def _fault(found: dict[str, object]) -> Fault:
    place = found.get("loc")
    parts = list(place) if isinstance(place, tuple | list) else []
    # Behind "body" stands the name of our own parameter, which the sender does not know.
    parts = [*parts[:1], *parts[2:]] if parts[:1] == ["body"] else parts
    return fault_of({**found, "loc": parts})
