"""/healthz and /readyz tell the truth when nothing else works."""

import pytest
from django.test import Client


def test_a_process_without_a_database_is_alive_but_not_ready(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINDUNG_DATABASE_NAME", "no_such_database")
    assert Client().get("/healthz").status_code == 200
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "database down"}


@pytest.mark.django_db
def test_with_a_database_it_is_ready() -> None:
    assert Client().get("/readyz").json() == {"status": "ok"}


def test_they_answer_under_any_host_name_and_without_a_session() -> None:
    answer = Client(headers={"host": "10.0.0.7"}).get("/healthz")
    assert answer.status_code == 200
    assert not answer.cookies
