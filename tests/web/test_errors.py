"""What cannot be shown or done is said in a sentence that tells what to do next."""

import logging

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.template.loader import get_template
from django.test import RequestFactory

from lindung.access.models import Role
from lindung.engine.log_lines import RefusalsInOneLine
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


@pytest.mark.parametrize(
    "path",
    [
        "/bpjs/beda/%00/",
        "/bpjs/beda/kpj%00/",
        "/cakupan/15.71%00/",
        "/jejak/pekerja%00/1/",
        "/undangan/a%00/",
    ],
)
def test_a_zero_byte_in_an_address_is_a_page_that_is_not_there(signed_in: SignIn, path: str) -> None:
    for role in (Role.CITY_OFFICER, Role.AUDITOR):
        answer = signed_in(role).get(path)
        assert answer.status_code == 404
        assert "Mulai lagi dari Hari ini" in answer.content.decode()


@pytest.mark.parametrize("zero", ["%00", "1%00", "%%0000"])
def test_a_zero_byte_behind_the_question_mark_breaks_no_page(signed_in: SignIn, zero: str) -> None:
    names = "kelurahan keadaan kerja-sama setelah halaman jenis bulan tahun hasil pembanding on agreement month isi"
    query = "&".join(f"{name}={zero}" for name in names.split())
    officer = signed_in(Role.CITY_OFFICER)
    for path in (
        "/pekerja/",
        "/tagihan/",
        "/tagihan/susun/",
        "/daftar/",
        "/kerja-sama/",
        "/cakupan/",
        "/bpjs/beda/",
    ):
        assert officer.get(f"{path}?{query}").status_code in (200, 404, 422), path


def test_a_refusal_is_one_line_of_the_log(signed_in: SignIn, caplog: pytest.LogCaptureFixture) -> None:
    assert signed_in(Role.MAYOR).get("/pengguna/").status_code == 403
    (record,) = [each for each in caplog.records if each.name == "django.request"]
    assert record.exc_info is not None
    assert RefusalsInOneLine().filter(record)
    line = logging.Formatter("%(levelname)s %(message)s").format(record)
    assert line == "WARNING Forbidden (Permission denied): /pengguna/"
    assert settings.LOGGING["handlers"]["stderr"]["filters"] == ["refusals"]


def test_a_fault_keeps_its_trace() -> None:
    record = logging.makeLogRecord({"exc_info": (ValueError, ValueError("a"), None)})
    assert RefusalsInOneLine().filter(record)
    assert record.exc_info is not None
