"""The sentences of the account pages: each fault says what to do, in both languages."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from lindung.web.form_problems import form_problems


class SignIn(forms.Form):
    """The fields of the sign-in page."""

    login = forms.CharField()
    password = forms.CharField()


class NewPassword(forms.Form):
    """The field a new password is repeated in."""

    password2 = forms.CharField()


def wrong(code: str, **params: object) -> forms.Form:
    """A form that was sent and refused as a whole for this reason."""
    form = SignIn({"login": "siti", "password": "x"})
    form.add_error(None, ValidationError("whatever the library says", code=code, params=params))
    return form


def test_it_says_which_field_is_empty_and_leads_to_it() -> None:
    found = form_problems(SignIn({"login": "", "password": "x"}))
    assert [(problem.field_id, problem.text.id) for problem in found] == [("id_login", "Isi nama pengguna.")]


class Page(forms.Form):
    """A form of ours: its first input is hidden."""

    once = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(required=False)


def test_a_fault_of_the_whole_form_leads_to_an_input_that_is_seen() -> None:
    assert [problem.field_id for problem in form_problems(Page({}))] == ["id_name"]
    form = Page({"once": "1"})
    form.add_error(None, ValidationError("x"))
    assert [problem.field_id for problem in form_problems(form)] == ["id_name"]
    del form.fields["name"]
    assert [problem.field_id for problem in form_problems(form)] == [""]


def test_it_does_not_say_whether_the_name_or_the_password_was_wrong() -> None:
    (found,) = form_problems(wrong("username_password_mismatch"))
    assert found.field_id == "id_login"
    assert found.text.en == "The user name or password does not match. Check both and try again."


@pytest.mark.parametrize(
    "code", ["too_many_login_attempts", "rate_limited", "incorrect_code", "account_inactive"]
)
def test_it_has_a_sentence_of_its_own_for_every_refusal_of_signing_in(code: str) -> None:
    (found,) = form_problems(wrong(code))
    assert "whatever" not in found.text.id + found.text.en
    assert found.text.id != found.text.en


def test_it_speaks_even_of_a_fault_it_does_not_know() -> None:
    (found,) = form_problems(wrong("made_up_tomorrow"))
    assert found.text.id == "Isian ini belum benar. Periksa, lalu coba lagi."


def test_it_says_how_long_a_password_must_be() -> None:
    form = NewPassword({"password2": "x"})
    form.add_error("password2", ValidationError("x", code="password_too_short", params={"min_length": 12}))
    (found,) = form_problems(form)
    assert "12 huruf" in found.text.id


def test_it_says_when_two_new_passwords_differ() -> None:
    form = NewPassword({"password2": "x"})
    form.add_error("password2", "You must type the same password each time.")
    (found,) = form_problems(form)
    assert found.text.id == "Dua isian kata sandi baru tidak sama. Ketik ulang keduanya."
