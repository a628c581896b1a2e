"""What a browser may do with our pages, at home and on the public network."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

ASK = """
import json, sys
from lindung import settings as s
names = ("SESSION_COOKIE_SECURE", "SESSION_COOKIE_NAME", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS",
         "SECURE_SSL_REDIRECT", "SECURE_PROXY_SSL_HEADER", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "DEBUG")
json.dump({name: getattr(s, name) for name in names}, sys.stdout)
"""


def settings_with(**environment: str) -> dict[str, Any]:
    """The settings as a new process with this environment reads them."""
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        env={**os.environ, **environment},
        capture_output=True,
        check=True,
        text=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_on_this_machine_only_loopback_is_served_without_https() -> None:
    found = settings_with()
    assert found["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert not found["SESSION_COOKIE_SECURE"]
    assert found["SECURE_PROXY_SSL_HEADER"] is None, "nobody in front may claim https for us"
    assert not found["DEBUG"]


def test_under_a_public_name_everything_is_https_only() -> None:
    found = settings_with(LINDUNG_HOSTS="lindung.jambikota.go.id")
    assert found["ALLOWED_HOSTS"][0] == "lindung.jambikota.go.id"
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert found["SECURE_SSL_REDIRECT"]
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://lindung.jambikota.go.id"]


def test_reading_the_settings_makes_no_file_and_starts_nothing(empty_home: Path) -> None:
    settings_with(LINDUNG_HOME=str(empty_home))
    assert list(empty_home.iterdir()) == []


@pytest.mark.django_db
def test_the_sign_in_page_carries_every_protection() -> None:
    answer = Client().get("/akun/masuk/")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert all(cookie["httponly"] for cookie in answer.cookies.values())


@pytest.mark.django_db
def test_a_host_name_that_is_not_ours_is_refused() -> None:
    assert Client(headers={"host": "elsewhere.example"}).get("/akun/masuk/").status_code == 400
