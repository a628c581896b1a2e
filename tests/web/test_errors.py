"""What cannot be shown or done is said in a sentence that tells what to do next."""

import pytest
from django.db import IntegrityError
from django.template.loader import get_template
from django.test import RequestFactory

from lindung.access.models import Role
from lindung.engine.refusals import explained
from web.conftest import SignIn


class Refused(Exception):
    """What the driver raises, as far as the page looks at it."""

    class Diagnosis:
        """The name of the constraint that refused."""

        constraint_name: str | None = None

    diag = Diagnosis()


def integrity_error(constraint: str | None) -> IntegrityError:
    """Django's error with the driver's error as its cause."""
    cause = Refused()
    cause.diag = Refused.Diagnosis()
    cause.diag.constraint_name = constraint
    error = IntegrityError("refused")
    error.__cause__ = cause
    return error


def test_it_says_in_words_what_the_database_refused() -> None:
    sentence = explained(integrity_error("membership_within_quota"))
    assert sentence is not None
    assert "Kuota" in sentence.id


@pytest.mark.parametrize("constraint", [None, "made_up"])
def test_it_does_not_explain_away_a_broken_program(constraint: str | None) -> None:
    assert explained(integrity_error(constraint)) is None


def test_it_says_what_to_do_when_a_page_is_not_there(signed_in: SignIn) -> None:
    answer = signed_in(Role.CITY_OFFICER).get("/tidak-ada/")
    assert answer.status_code == 404
    assert "Mulai lagi dari Hari ini" in answer.content.decode()


def test_it_says_what_to_do_when_a_form_was_open_too_long(signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    client.handler.enforce_csrf_checks = True
    answer = client.post("/ganti-bahasa/", {"language": "en"})
    assert answer.status_code == 403
    assert "terlalu lama terbuka" in answer.content.decode()


@pytest.mark.parametrize("name", ["400.html", "429.html", "500.html"])
def test_it_speaks_even_when_everything_else_is_broken(name: str) -> None:
    """These pages are drawn without a database, a session or a user."""
    page = get_template(name).render({}, RequestFactory().get("/") if name != "500.html" else None)
    assert 'href="/"' in page
    assert "coba lagi" in page.lower()


def test_it_answers_every_page_with_a_policy_that_forbids_foreign_code(signed_in: SignIn) -> None:
    policy = signed_in(Role.CITY_OFFICER).get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
