"""Passwords that everybody here would try first."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import override

from access.conftest import Town
from lindung.access.models import Organisation
from lindung.access.scope import NOBODY, SystemScope, system_scope

pytestmark = pytest.mark.django_db


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
        "aaaaaaaaaaaaaaaa",
        "............",
        "abababcabcab",
        "abcdefghijkl",
        "zyxwvutsrqpo",
        "abcabcabcabc",
        "ABCabcABCabc",
        "qwertyuiopas",
        "Qwertyuiop!23",
        "123412341234",
        "1qaz2wsx3edc",
        "1q2w3e4r5t6y",
        "asdfghjklzxcvbnm",
        "kucing-kucing-",
        "kucing kucing kucing",
        "aaaaaaaaabcdefgh",
    ],
)
def test_it_refuses_what_everybody_would_try(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


def test_it_refuses_the_users_own_name(town: Town) -> None:
    with pytest.raises(ValidationError):
        validate_password("sitiaminah26", town.siti)


@pytest.mark.parametrize(
    "password",
    [
        "kerbau menyeberang tujuh sungai",
        "xW9-hgalQ2-pprtz",
        "jambu merah di kota tua",
        "mnop rusa minum kopi",
        "pisang goreng pisang rebus",
        "tujuh tujuh ekor rusa",
        "bakso-urat-pedas-77",
        "hijklima gunung batu",
    ],
)
def test_it_takes_words_that_have_nothing_in_common(password: str) -> None:
    validate_password(password)


@pytest.mark.parametrize(
    "password", ["Pemerintah Kota Jambi", "P3merintahJambi2026", "Sejahtera Bahagia 1", "rsud raden mattaher"]
)
def test_it_refuses_the_names_of_the_offices_here(town: Town, password: str) -> None:
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        make = Organisation.objects.create
        make(kind="office", code="pemerintah", name="Pemerintah Kota Jambi", parent=town.jambi)
        make(kind="office", code="sejahtera", name="Yayasan Sejahtera Bahagia", parent=town.jambi)
        make(kind="hospital", code="rs", name="RSUD Raden Mattaher")
    with pytest.raises(ValidationError):
        validate_password(password)


def test_it_takes_a_sentence_in_which_an_office_is_only_one_word(town: Town) -> None:
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        Organisation.objects.create(kind="hospital", code="rs", name="RSUD Raden Mattaher")
    validate_password("raden makan durian busuk")


def test_it_says_what_to_do_in_both_languages() -> None:
    with override("id"), pytest.raises(ValidationError, match="Pakai beberapa kata"):
        validate_password("lindunglindung")
    with override("en"), pytest.raises(ValidationError, match="Use several words"):
        validate_password("lindunglindung")
