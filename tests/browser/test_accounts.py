"""Accounts in a real browser: an invitation from request to first sign-in, a session that dies while typing, Back."""

import os
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from browser.conftest import Enter, _fail_on_complaints, sign_in
from browser.signing_in import give_name_and_password, give_password, paste_code, session_of
from browser.visiting import DESK, PHONE, Visit, faults_of
from lindung.access import changing, joining, open_sessions
from lindung.access.account_models import ChangeKind
from lindung.access.appointing import appoint
from lindung.access.middleware import SEEN
from lindung.access.models import Organisation, Role, User
from lindung.access.scope import NOBODY, Actor, SystemScope, in_scope, scope_of, system_scope, user_named
from web.stage import keyed
from web.village import NOW, Village

pytestmark = pytest.mark.browser

NEW_PASSWORD = "kerbau menyeberang tujuh sungai"
WHY = "Nota dinas 12/2026"


@pytest.fixture
def second(village: Village) -> User:
    """The second administrator of Jambi."""
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        user = User.objects.create_user("teguh", name="Teguh Prasetyo")
        jambi = Organisation.objects.get(code="jambi")
        by = Actor(None, "tests")
        appoint(user, role=Role.ADMINISTRATOR, organisation=jambi, since=NOW.date(), by=by, now=NOW)
    return user


@pytest.fixture
def enter_as(browser: Browser, site: str, village: Village) -> Callable[[User], Visit]:
    """Opens a browser in which this very user has signed in."""

    def enter(user: User, width: int = DESK) -> Visit:
        context = browser.new_context(locale="id-ID", viewport={"width": width, "height": 800})
        sign_in(context, user, site)
        page = context.new_page()
        _fail_on_complaints(page)
        return Visit(page, site, village)

    return enter


def asked(village: Village, kind: ChangeKind) -> int:
    nurul = village.users[Role.ADMINISTRATOR]
    with in_scope(scope_of(nurul, NOW.date()), actor=Actor.of(nurul)):
        about = village.users[Role.CITY_OFFICER]
        return changing.ask(
            kind=kind, user=about, since=NOW.date(), reason=WHY, by=Actor.of(nurul), now=NOW
        ).pk


def link_of(change: int, by: User) -> str:
    with in_scope(scope_of(by, NOW.date()), actor=Actor.of(by)):
        changing.decide(change_id=change, approve=True, by=Actor.of(by), now=NOW, today=NOW.date())
    with in_scope(scope_of(by, NOW.date()), actor=Actor.of(by)):
        return f"/undangan/{joining.issue(change_id=change, by=Actor.of(by), now=NOW).token}/"


def sleep_through(page: Page, minutes: int) -> None:
    """Let the session's last request be so long ago."""
    session = session_of(page)
    session[SEEN] = int(time.time()) - minutes * 60
    session.save()


def fill_in_invitation(page: Page) -> None:
    page.get_by_label("Nama lengkap").fill("Dewi Lestari")
    page.get_by_label("Nama pengguna").fill("dewi.lestari")
    page.get_by_label("Peran").select_option(label="Bendahara")
    page.get_by_label("Kantor").select_option(label="Dinas Tenaga Kerja")
    page.get_by_label("Alasan").fill(WHY)


def picture(page: Page, name: str) -> None:
    """Kept where SHOTS says, to look at."""
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_it_has_no_account_page_that_shuts_anybody_out(
    visitor: Enter, second: User, village: Village, width: int
) -> None:
    change, other = asked(village, ChangeKind.END), asked(village, ChangeKind.RESET_PASSWORD)
    link = link_of(other, second)
    officer, key = village.users[Role.CITY_OFFICER].pk, keyed(village, "Kepegawaian")
    visits = {
        Role.ADMINISTRATOR: [
            "/pengguna/",
            "/pengguna/kunci/",
            "/pengguna/kunci/baru/",
            f"/pengguna/kunci/{key}/",
            "/pengguna/undang/",
            f"/pengguna/{officer}/",
            f"/pengguna/{officer}/usul/peran/",
            f"/pengguna/{officer}/usul/kode/",
            f"/pengguna/usulan/{change}/",
            f"/pengguna/usulan/{other}/",
            "/akun/sesi/",
            "/akun/kode/?next=/pengguna/",
        ],
        Role.KELURAHAN_OPERATOR: ["/akun/sesi/", "/akun/perangkat/"],
        None: [link, "/undangan/tidak-ada/", "/akun/masuk/?habis=isian&next=/"],
    }
    faults = {}
    for role, paths in visits.items():
        visit = visitor(role, width=width)
        for path in paths:
            visit.open(path)
            picture(visit.page, f"{width}-{role or 'nobody'}{path.split('?')[0].replace('/', '_')[:40]}")
            faults[path] = faults_of(visit.page)
    assert {path: found for path, found in faults.items() if found} == {}


def test_it_leads_an_invitation_from_the_request_to_the_first_sign_in(
    visitor: Enter, enter_as: Callable[[User], Visit], second: User
) -> None:
    """Given two administrators; when one asks and the other approves, then the invited comes in by her own."""
    asking = visitor(Role.ADMINISTRATOR)
    asking.open("/pengguna/undang/")
    fill_in_invitation(asking.page)
    asking.page.get_by_role("button", name="Ajukan undangan").click()
    expect(asking.page.get_by_text("Usulan tersimpan")).to_be_visible()
    expect(asking.page.get_by_role("button", name="Setujui")).to_have_count(0)

    approving = enter_as(second)
    approving.open("/")
    approving.page.get_by_role("link", name="Undang pengguna baru: Dewi Lestari").click()
    approving.page.get_by_role("button", name="Setujui").click()
    expect(approving.page.get_by_text("Disetujui. Sekarang cetak tautannya")).to_be_visible()
    approving.page.get_by_role("button", name="Buat tautan").click()
    assert faults_of(approving.page) == {}
    picture(approving.page, "link")
    address = approving.page.locator(".secret").inner_text()

    invited = visitor(width=PHONE)
    invited.page.goto(address)
    invited.page.get_by_label("Kata sandi baru", exact=True).fill("jambi2026")
    invited.page.get_by_label("Ulangi").fill("jambi2026")
    invited.page.get_by_role("button", name="Simpan kata sandi").click()
    expect(invited.page.locator(".wrong").first).to_be_visible()
    assert faults_of(invited.page) == {}
    invited.page.get_by_label("Kata sandi baru", exact=True).fill(NEW_PASSWORD)
    invited.page.get_by_label("Ulangi").fill(NEW_PASSWORD)
    invited.page.get_by_role("button", name="Simpan kata sandi").click()
    expect(invited.page.get_by_text("Masuk dengan nama pengguna dewi.lestari")).to_be_visible()
    invited.page.get_by_label("Nama pengguna").fill("dewi.lestari")
    invited.page.get_by_label("Kata sandi").fill(NEW_PASSWORD)
    invited.page.get_by_role("button", name="Lanjut").click()
    expect(invited.page.get_by_role("heading", name="Pasang kode masuk")).to_be_visible()

    again = visitor()
    again.page.goto(address)
    expect(again.page.get_by_text("Tautan ini sudah dipakai")).to_be_visible()


def test_it_says_what_to_do_with_an_old_link(
    visitor: Enter, second: User, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = link_of(asked(village, ChangeKind.RESET_PASSWORD), second)
    monkeypatch.setenv("LINDUNG_NOW", (NOW + timedelta(hours=73)).isoformat())
    visit = visitor()
    visit.open(link)
    expect(visit.page.get_by_text("Tautan ini lewat 72 jam. Minta pengelola")).to_be_visible()


def test_it_gives_back_what_was_typed_when_the_session_died_meanwhile(
    visitor: Enter, village: Village
) -> None:
    """Given a form half an hour old; when it is sent, then after signing in it stands there as it was."""
    visit = visitor(Role.ADMINISTRATOR)
    page, nurul = visit.page, village.users[Role.ADMINISTRATOR]
    give_password(nurul)
    sign_in(page.context, user_named(nurul.username), visit.site)
    visit.open("/pengguna/undang/")
    fill_in_invitation(page)
    sleep_through(page, 30)
    page.get_by_role("button", name="Ajukan undangan").click()
    expect(page.get_by_text("Isian Anda disimpan; masuk lagi")).to_be_visible()
    picture(page, "too-late")
    give_name_and_password(page, nurul)
    paste_code(page, nurul)
    expect(page.get_by_role("heading", name="Undang pengguna baru")).to_be_visible()
    expect(page.get_by_text("Isian Anda yang belum terkirim dipulihkan")).to_be_visible()
    expect(page.get_by_label("Nama lengkap")).to_have_value("Dewi Lestari")
    expect(page.get_by_label("Alasan")).to_have_value(WHY)
    page.get_by_role("button", name="Ajukan undangan").click()
    expect(page.get_by_text("Usulan tersimpan")).to_be_visible()


def test_it_keeps_what_is_typed_some_seconds_after_the_last_key(visitor: Enter) -> None:
    visit = visitor(Role.ADMINISTRATOR)
    visit.open("/pengguna/undang/")
    fill_in_invitation(visit.page)
    expect(visit.page.get_by_text("Isian tersimpan sementara.")).to_be_visible(timeout=8_000)
    visit.open("/pengguna/")
    visit.open("/pengguna/undang/")
    expect(visit.page.get_by_label("Nama lengkap")).to_have_value("Dewi Lestari")


def test_it_says_at_once_that_the_session_was_ended_and_keeps_the_last_word(
    visitor: Enter, village: Village
) -> None:
    """Given a form being typed in; when the session is ended elsewhere, then the next word is kept and the way told."""
    visit = visitor(Role.ADMINISTRATOR)
    page, nurul = visit.page, village.users[Role.ADMINISTRATOR]
    give_password(nurul)
    sign_in(page.context, user_named(nurul.username), visit.site)
    visit.open("/pengguna/undang/")
    fill_in_invitation(page)
    expect(page.get_by_text("Isian tersimpan sementara.")).to_be_visible(timeout=8_000)
    actor = Actor.of(nurul)
    with system_scope(SystemScope.SIGNING_IN, actor=actor):
        open_sessions.end_all(of_user=nurul.pk, by=actor, sponsor_id=None, now=timezone.now())
    page.get_by_label("Nama lengkap").fill("Dewi Lestari Putri")
    expect(page.get_by_text("Sesi Anda diakhiri dari tempat lain. Isian Anda disimpan")).to_be_visible(
        timeout=8_000
    )
    give_name_and_password(page, nurul)
    paste_code(page, nurul)
    expect(page.get_by_label("Nama lengkap")).to_have_value("Dewi Lestari Putri")


def test_it_warns_before_the_session_ends_and_lets_one_stay(visitor: Enter) -> None:
    visit = visitor(Role.ADMINISTRATOR)
    page = visit.page
    page.clock.install()
    visit.open("/pengguna/")
    going = page.get_by_role("alert").filter(has_text="berakhir dalam 2 menit")
    page.clock.fast_forward(12 * 60_000)
    expect(going).to_be_hidden()
    page.clock.fast_forward(70_000)
    expect(going).to_be_visible()
    assert faults_of(page) == {}
    picture(page, "going")
    sleep_through(page, 13)
    page.get_by_role("button", name="Tetap masuk").click()
    expect(going).to_be_hidden()
    assert time.time() - session_of(page)[SEEN] < 60


def test_it_shows_nothing_by_going_back_after_signing_out(visitor: Enter) -> None:
    visit = visitor(Role.ADMINISTRATOR)
    page = visit.page
    visit.open("/pengguna/")
    stolen = page.context.cookies()
    page.locator("details.who summary").click()
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_role("heading", name="Masuk ke Lindung")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Masuk ke Lindung")).to_be_visible()
    assert page.get_by_role("heading", name="Pengguna").count() == 0
    page.context.add_cookies(stolen)
    visit.open("/pengguna/")
    expect(page.get_by_role("heading", name="Masuk ke Lindung")).to_be_visible()


def test_it_loses_nothing_in_a_second_tab_after_signing_out_in_the_first(
    visitor: Enter, village: Village
) -> None:
    """The session is gone, whose it was nobody knows any more; but what was typed was kept while typing."""
    visit = visitor(Role.ADMINISTRATOR)
    tab, nurul = visit.page.context.new_page(), village.users[Role.ADMINISTRATOR]
    tab.goto(f"{visit.site}/pengguna/undang/")
    fill_in_invitation(tab)
    expect(tab.get_by_text("Isian tersimpan sementara.")).to_be_visible(timeout=8_000)
    visit.open("/pengguna/")
    visit.page.locator("details.who summary").click()
    visit.page.get_by_role("button", name="Keluar").click()
    expect(visit.page.get_by_role("heading", name="Masuk ke Lindung")).to_be_visible()
    tab.get_by_role("button", name="Ajukan undangan").click()
    expect(tab.get_by_role("heading", name="Masuk ke Lindung")).to_be_visible()
    sign_in(tab.context, nurul, visit.site)
    tab.goto(f"{visit.site}/pengguna/undang/")
    expect(tab.get_by_label("Nama lengkap")).to_have_value("Dewi Lestari")


def test_it_breaks_no_content_policy_when_part_of_a_page_is_swapped(visitor: Enter) -> None:
    visit = visitor(Role.ADMINISTRATOR)
    visit.open("/pengguna/")
    broken: list[str] = []
    visit.page.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
    visit.page.evaluate("htmx.ajax('GET', '/akun/sesi/', {target: '#main', select: '#main > *'})")
    expect(visit.page.get_by_role("heading", name="Sesi saya")).to_be_visible()
    assert visit.page.locator("#main svg").count() > 0
    assert broken == []


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_key_is_agreed_on_by_two_and_shown_once(
    visitor: Enter, enter_as: Callable[..., Visit], second: User, width: int
) -> None:
    """Given two administrators, when one asks and the other approves, then the secret stands on one page, once."""
    nurul, teguh = visitor(Role.ADMINISTRATOR, width=width), enter_as(second, width)
    nurul.open("/pengguna/kunci/baru/")
    nurul.page.get_by_label("Nama kunci").fill("Absensi")
    nurul.page.get_by_label("Bertindak sebagai").select_option(label="Sistem mitra baru")
    nurul.page.get_by_role("textbox", name="Nama sistem mitra baru").fill("Absensi Kota")
    nurul.page.get_by_label("Membaca daftar pekerja").check()
    nurul.page.get_by_role("textbox", name="Alasan").fill(WHY)
    nurul.page.get_by_role("button", name="Usulkan").click()
    expect(nurul.page.get_by_role("heading", level=1)).to_have_text("Kunci API baru: Absensi")
    teguh.open(nurul.page.url.removeprefix(nurul.site))
    teguh.page.get_by_role("button", name="Setujui").click()
    assert faults_of(teguh.page) == {}
    picture(teguh.page, f"{width}-key-approved")
    teguh.page.get_by_role("button", name="Buat kunci dan tampilkan rahasianya").click()
    secret = teguh.page.locator(".secret").nth(1).inner_text()
    assert faults_of(teguh.page) == {}
    picture(teguh.page, f"{width}-key-secret")
    teguh.page.go_back()
    assert secret not in teguh.page.content()
    teguh.open("/pengguna/kunci/")
    assert secret not in teguh.page.content()
    picture(teguh.page, f"{width}-keys")
