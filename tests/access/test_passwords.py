"""Passwords that everybody here would try first."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import override

from access.conftest import Town


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "qwertyuiop12",
        "123456789012",
        "pendek",
        "LindungJambi2026",
        "BPJSketenagakerjaan1",
        "bismillah123",
        "D1sn4k3rJ4mb1!!",
        "rahasia-petugas-1",
    ],
)
def test_it_refuses_what_everybody_would_try(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


def test_it_refuses_the_users_own_name(town: Town) -> None:
    with pytest.raises(ValidationError):
        validate_password("sitiaminah26", town.siti)


@pytest.mark.parametrize(
    "password", ["kerbau menyeberang tujuh sungai", "xW9-hgalQ2-pprtz", "jambu merah di kota tua"]
)
def test_it_takes_words_that_have_nothing_in_common(password: str) -> None:
    validate_password(password)


def test_it_says_what_to_do_in_both_languages() -> None:
    with override("id"), pytest.raises(ValidationError, match="Pakai beberapa kata"):
        validate_password("lindunglindung")
    with override("en"), pytest.raises(ValidationError, match="Use several words"):
        validate_password("lindunglindung")
