"""Signing in with password and code, what is counted, what is written down, and what cannot be skipped."""

import json
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from access.conftest import PASSWORD, Town
from lindung.access import guessing, second_factor
from lindung.access.limiter import forget
from lindung.access.models import AuditEvent, User
from lindung.access.scope import NOBODY, Actor, Scope, in_scope, system_scope
from lindung.access.signing_in import AccountAdapter


def trail(*actions: str) -> list[str]:
    with system_scope("maintenance", actor=NOBODY):
        return list(
            AuditEvent.objects.filter(action__in=actions).order_by("pk").values_list("action", flat=True)
        )


def give_password(client: Client, name: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/akun/masuk/", {"login": name, "password": password}, **more)


def give_code(client: Client, user: User, path: str = "/akun/pengaman/authenticate/") -> Any:
    return client.post(path, {"code": second_factor.current_code(user).digits})


def signed_in(client: Client, user: User) -> bool:
    return client.session.get("_auth_user_id") == str(user.pk)


def sign_in(client: Client, user: User) -> None:
    give_password(client, user.username)
    give_code(client, user)
    assert signed_in(client, user)


class TestTwoFactors:
    def test_it_asks_for_the_code_after_the_password(self, client: Client, site: Town) -> None:
        assert give_password(client, "budi").url == "/akun/pengaman/authenticate/"
        assert not signed_in(client, site.budi)
        assert give_code(client, site.budi).url == "/"
        assert signed_in(client, site.budi)
        assert client.get("/").status_code == 200

    def test_it_takes_the_name_in_any_case(self, client: Client, site: Town) -> None:
        assert give_password(client, "Budi").url == "/akun/pengaman/authenticate/"

    def test_it_refuses_a_page_between_password_and_code(self, client: Client, site: Town) -> None:
        give_password(client, "budi")
        assert client.get("/").url.startswith("/akun/masuk/")

    def test_it_refuses_a_wrong_code(self, client: Client, site: Town) -> None:
        give_password(client, "budi")
        right = int(second_factor.current_code(site.budi).digits)
        answer = client.post("/akun/pengaman/authenticate/", {"code": f"{(right + 1) % 1_000_000:06}"})
        assert "incorrect_code" in answer.content.decode()
        assert not signed_in(client, site.budi)
        assert trail("code_failed") == ["code_failed"]

    def test_it_takes_a_code_once(self, client: Client, site: Town) -> None:
        code = second_factor.current_code(site.budi).digits
        assert guessing.is_first_use(site.budi.pk, code, now=_now())
        give_password(client, "budi")
        answer = client.post("/akun/pengaman/authenticate/", {"code": code})
        assert "incorrect_code" in answer.content.decode()
        assert not signed_in(client, site.budi)

    def test_it_counts_codes_however_right_they_are(self, client: Client, site: Town) -> None:
        give_password(client, "budi")
        for _ in range(5):
            assert guessing.may_try_code(site.budi.pk, now=_now())
        assert "too_many_login_attempts" in give_code(client, site.budi).content.decode()
        assert not signed_in(client, site.budi)

    def test_it_sends_a_user_without_second_factor_to_set_one_up(self, client: Client, site: Town) -> None:
        give_password(client, "siti")
        assert signed_in(client, site.siti)
        for address in ("/", "/write/", "/users/", "/akun/kata-sandi/", "/akun/pengaman/"):
            assert client.get(address).url.startswith("/akun/pengaman/totp/activate/"), address
        assert client.post("/write/").url == "/akun/pengaman/totp/activate/"

    def test_it_lets_her_in_once_it_is_set_up(self, client: Client, site: Town) -> None:
        give_password(client, "siti")
        assert client.get("/akun/pengaman/totp/activate/").status_code == 200
        secret = client.session["mfa.totp.secret"]
        assert secret not in everything_in_clear()
        answer = client.post("/akun/pengaman/totp/activate/", {"code": code_of(secret)})
        assert answer.url == "/akun/pengaman/recovery-codes/"
        assert second_factor.is_set_up(site.siti)
        assert client.get("/").status_code == 200

    def test_it_asks_for_the_code_in_a_session_that_came_about_otherwise(
        self, client: Client, site: Town
    ) -> None:
        """A reset password, a forced session: whatever signs a user in, the code is still asked."""
        client.force_login(site.budi)
        assert client.get("/").url.startswith("/akun/pengaman/reauthenticate/")
        give_code(client, site.budi, "/akun/pengaman/reauthenticate/")
        assert client.get("/").status_code == 200

    def test_it_does_not_take_one_users_code_for_another(self, client: Client, site: Town) -> None:
        sign_in(client, site.budi)
        session = client.session
        assert second_factor.has_passed(session, site.budi)
        assert not second_factor.has_passed(session, site.stranger)

    def test_it_cannot_be_switched_off_by_oneself(self, client: Client, site: Town) -> None:
        sign_in(client, site.budi)
        give_code_again(client, site.budi)
        client.post("/akun/pengaman/totp/deactivate/")
        assert second_factor.is_set_up(site.budi)

    def test_it_takes_a_recovery_code_once(self, client: Client, site: Town) -> None:
        codes = recovery_codes(site.budi)
        give_password(client, "budi")
        client.post("/akun/pengaman/authenticate/", {"code": codes[0]})
        assert signed_in(client, site.budi)
        other = Client()
        give_password(other, "budi")
        other.post("/akun/pengaman/authenticate/", {"code": codes[0]})
        assert not signed_in(other, site.budi)


class TestSecrets:
    def test_it_keeps_no_totp_secret_in_clear(self, site: Town) -> None:
        with system_scope("maintenance", actor=NOBODY):
            kept = Authenticator.objects.get(user=site.budi, type="totp").data["secret"]
        secret = second_factor.MFAAdapter().decrypt(kept)
        assert len(secret) == 32
        assert secret not in everything_in_clear()

    def test_it_keeps_no_recovery_seed_in_clear(self, site: Town) -> None:
        codes = recovery_codes(site.budi)
        assert not any(code in everything_in_clear() for code in codes)

    def test_it_keeps_no_session_in_clear(self, client: Client, site: Town) -> None:
        sign_in(client, site.budi)
        assert "_auth_user" not in everything_in_clear()

    def test_it_does_not_open_a_session_under_another_key(self, client: Client, site: Town) -> None:
        sign_in(client, site.budi)
        other = Client()
        other.get("/akun/masuk/")
        other.session.save()
        with system_scope("maintenance", actor=NOBODY):
            mine = Session.objects.get(session_key=client.session.session_key)
            theirs = Session.objects.filter(session_key=other.session.session_key)
            theirs.update(session_data=mine.session_data)
        assert not signed_in(other, site.budi)


class TestCounting:
    def test_it_looks_at_five_wrong_passwords_and_not_at_the_right_one_after(
        self, client: Client, site: Town
    ) -> None:
        for _ in range(5):
            assert "username_password_mismatch" in give_password(client, "budi", "wrong").content.decode()
        answer = give_password(client, "budi")
        assert "too_many_login_attempts" in answer.content.decode()
        assert len(trail("sign_in_failed")) == 5

    def test_it_does_not_lock_out_the_colleague_at_the_next_desk(self, client: Client, site: Town) -> None:
        for _ in range(6):
            give_password(client, "budi", "wrong")
        assert give_password(client, "siti").status_code == 302

    def test_it_does_not_lock_out_an_officer_by_a_stranger_elsewhere(
        self, client: Client, site: Town
    ) -> None:
        for _ in range(60):
            guessing.may_try_password("budi", "203.0.113.9", now=_now())
        assert give_password(client, "budi").status_code == 302

    def test_it_counts_a_name_that_nobody_has_the_same_way(self, client: Client, site: Town) -> None:
        for _ in range(5):
            assert "username_password_mismatch" in give_password(client, "nobody", "wrong").content.decode()
        assert "too_many_login_attempts" in give_password(client, "nobody", "wrong").content.decode()

    def test_it_forgets_the_attempts_of_whoever_knows_the_password(self, client: Client, site: Town) -> None:
        for _ in range(4):
            give_password(client, "budi", "wrong")
        sign_in(client, site.budi)
        other = Client()
        for _ in range(5):
            assert "username_password_mismatch" in give_password(other, "budi", "wrong").content.decode()

    def test_it_refuses_somebody_who_is_not_active(self, client: Client, site: Town) -> None:
        with system_scope("demo", actor=NOBODY):
            User.objects.filter(pk=site.budi.pk).update(is_active=False)
        give_password(client, "budi")
        assert not signed_in(client, site.budi)
        assert client.get("/").url.startswith("/akun/masuk/")


class TestTrail:
    def test_it_notes_who_came_and_went(self, client: Client, site: Town) -> None:
        sign_in(client, site.budi)
        client.post("/akun/keluar/")
        assert trail("sign_in", "sign_out") == ["sign_in", "sign_out"]
        with in_scope(Scope.of_sponsors(site.jambi.pk), actor=Actor.of(site.siti)):
            event = AuditEvent.objects.get(action="sign_in")
        assert (event.actor_id, event.detail) == (site.budi.pk, {"from": "127.0.0.1"})

    def test_it_does_not_write_down_what_was_typed(self, client: Client, site: Town) -> None:
        give_password(client, "1571014708900001", "1571014708900001")
        with system_scope("maintenance", actor=NOBODY):
            event = AuditEvent.objects.get(action="sign_in_failed")
        assert event.subject == "user:unknown"
        assert "1571014708900001" not in json.dumps(event.detail) + event.actor_name

    def test_it_makes_the_cookie_worthless_when_one_signs_out(self, client: Client, site: Town) -> None:
        sign_in(client, site.budi)
        stolen = client.cookies["lindung"].value
        answer = client.post("/akun/keluar/")
        assert answer["Clear-Site-Data"] == '"cache", "storage"'
        thief = Client()
        thief.cookies["lindung"] = stolen
        assert thief.get("/").url.startswith("/akun/masuk/")

    def test_it_does_not_sign_out_by_a_mere_link(self, client: Client, site: Town) -> None:
        sign_in(client, site.budi)
        client.get("/akun/keluar/")
        assert signed_in(client, site.budi)

    def test_it_offers_no_way_to_sign_up_or_to_reset_by_mail(self, client: Client, site: Town) -> None:
        for address in ("signup", "daftar", "password/reset", "email"):
            assert client.get(f"/akun/{address}/").status_code == 404
        assert not AccountAdapter().is_open_for_signup(HttpRequest())


def _now() -> Any:
    return timezone.now()


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def give_code_again(client: Client, user: User) -> None:
    """The next code, as if half a minute had passed: the first one is used."""
    code = second_factor.current_code(user).digits
    forget(f"used|{user.pk}|{code}")
    cache.clear()
    client.post("/akun/pengaman/reauthenticate/", {"code": code})


def recovery_codes(user: User) -> list[str]:
    with system_scope("demo", actor=Actor.of(user)):
        codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    return codes


def everything_in_clear() -> str:
    """Every text the app can read in the tables of sign-in, as this transaction sees it."""
    found = []
    with system_scope("maintenance", actor=NOBODY), connection.cursor() as cursor:
        for table in (
            "mfa_authenticator",
            "django_session",
            "access_user",
            "lindung_cache",
            "access_signinlink",
        ):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            found.append(cursor.fetchone()[0] or "")
    return " ".join(found)
