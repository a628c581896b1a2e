"""How a person signs in with the browser, by hand: name, password, and the code from the telephone."""

from django.contrib.auth.hashers import make_password
from playwright.sync_api import Page

from lindung.access import second_factor
from lindung.access.models import User
from lindung.access.scope import NOBODY, SystemScope, system_scope
from lindung.access.sessions import SessionStore
from lindung.access.step_up import FRESH_FOR

PASSWORD = "kuda hijau makan awan"


def give_password(user: User) -> None:
    """From now on the user signs in with ``PASSWORD``."""
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        User.objects.filter(pk=user.pk).update(password=make_password(PASSWORD))


def give_name_and_password(page: Page, user: User) -> None:
    """The first page anybody sees."""
    page.get_by_label("Nama pengguna").fill(user.username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Lanjut").click()


def paste_code(page: Page, user: User, *, button: str = "Masuk") -> str:
    """The code of this moment as from the clipboard, all six digits in one event; which one it was."""
    code = second_factor.current_code(user).digits
    page.get_by_label("Kode masuk").focus()
    page.keyboard.insert_text(code)
    page.get_by_role("button", name=button).click()
    return code


def paste_next_code(page: Page, user: User, used: str, *, button: str) -> None:
    """A code that was not used yet: each works once, and the app shows another every half minute."""
    while second_factor.current_code(user).digits == used:
        page.wait_for_timeout(500)
    paste_code(page, user, button=button)


def session_of(page: Page) -> SessionStore:
    """The session behind the cookie of this page."""
    (cookie,) = [cookie for cookie in page.context.cookies() if cookie["name"] == "lindung"]
    return SessionStore(cookie["value"])


def let_code_grow_old(page: Page) -> None:
    """Let it be longer ago that this session saw a code than a weighty step allows."""
    session = session_of(page)
    session[second_factor.PASSED_AT] -= FRESH_FOR + 1
    session.save()
