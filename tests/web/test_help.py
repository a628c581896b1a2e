"""Help and words: what each page is for, first steps by role, and meanings that open where a word stands."""

import re

import pytest
from django.template import Context, Template

from lindung.access.models import Role
from lindung.access.roles import Permission
from lindung.law.text import Text
from lindung.web import menu
from lindung.web.glossary import glossary
from lindung.web.help import purpose_of
from lindung.web.menu import DOORS, Door
from web.conftest import SignIn
from web.test_templates import ALL


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.page)
def test_each_door_says_what_is_behind_it(door: Door) -> None:
    purpose = purpose_of(door.template)
    assert purpose is not None, f"{door.template} has no sentence of class purpose"
    assert len(purpose.id.split()) <= 20


@pytest.mark.parametrize(
    ("role", "there", "missing"),
    [
        (Role.CITY_OFFICER, "Unggah daftar pekerja", "Siapa membuka data"),
        (Role.FINANCE_OFFICER, "/tagihan/", "Unggah daftar"),
        (Role.MAYOR, "enam angka", "/tagihan/"),
        (Role.CLAIMS_APPROVER, "Buka Hari ini", "/tagihan/"),
    ],
)
def test_it_tells_each_role_of_its_own_pages(signed_in: SignIn, role: Role, there: str, missing: str) -> None:
    page = signed_in(role).get("/bantuan/").content.decode()
    main = page[page.index("<main") :]
    assert there in main
    assert missing not in main


def test_it_fills_in_the_day_that_a_page_names(signed_in: SignIn) -> None:
    main = signed_in(Role.CITY_OFFICER).get("/bantuan/").content.decode()
    assert "terlindungi pada 10 November 2026" in main
    assert "{day}" not in main


def test_it_helps_an_administrator_who_has_no_pages(signed_in: SignIn) -> None:
    answer = signed_in(Role.ADMINISTRATOR).get("/bantuan/")
    assert answer.status_code == 200
    assert "Halaman Anda" in answer.content.decode()


def test_it_explains_every_word_in_both_languages_without_repeating_it() -> None:
    for term in glossary().values():
        assert term.meaning.id != term.meaning.en, term.key
        assert all(len(text.split()) >= 3 for text in term.meaning), term.key


def test_every_word_a_page_explains_is_in_the_glossary() -> None:
    named = set(re.findall(r'{% term "([a-z_0-9]+)"', ALL))
    assert named
    assert named <= set(glossary())
    assert {"jkk", "jkm", "jht"} <= set(glossary())


def test_it_gives_each_word_on_a_page_an_id_of_its_own() -> None:
    page = Template('{% load speaking %}{% term "sp2d" %}{% term "sp2d" %}{% term "jkk" label %}')
    made = page.render(Context({"label": "JKK & co"}))
    ids = re.findall(r' id="([^"]+)"', made)
    assert len(ids) == len(set(ids)) == 3
    assert re.findall(r'popovertarget="([^"]+)"', made) == ids
    assert "JKK &amp; co" in made


def test_it_refuses_a_word_it_does_not_know() -> None:
    with pytest.raises(KeyError):
        Template('{% load speaking %}{% term "entah" %}').render(Context())


def test_it_lists_every_word_under_an_address_of_its_own(signed_in: SignIn) -> None:
    page = signed_in(Role.MAYOR).get("/istilah/").content.decode()
    assert all(f'id="{key}"' in page for key in glossary())


def test_the_menu_holds_only_doors_that_are_open(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    extra = Door("users", "web:help", Text("Pengguna", "Users"), Permission.MANAGE_USERS)
    monkeypatch.setattr(menu, "DOORS", (*DOORS, extra))
    assert "Pengguna" not in signed_in(Role.CITY_OFFICER).get("/").content.decode()
    assert "Pengguna" in signed_in(Role.ADMINISTRATOR).get("/bantuan/").content.decode()


def test_it_puts_money_first_for_whoever_pays_and_keeps_the_row_short(signed_in: SignIn) -> None:
    def row(role: Role) -> list[str]:
        page = signed_in(role).get("/bantuan/").content.decode()
        menu = page[page.index('<nav class="doors"') :]
        return re.findall(r"<a [^>]*>([^<]+)</a>", menu[: menu.index("</nav>")].split("<details")[0])

    assert row(Role.FINANCE_OFFICER)[:5] == [
        "Hari ini",
        "Tagihan",
        "Uang belum dikenali",
        "Rekening koran",
        "Dana",
    ]
    assert "Dana" in row(Role.CITY_OFFICER)
    assert "Ekspor" not in row(Role.CITY_OFFICER)
    assert max(len(row(role)) for role in (Role.CITY_OFFICER, Role.BRANCH_OFFICER, Role.AUDITOR)) <= 10
