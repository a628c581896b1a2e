"""A cell of a list in Chromium: kept in its row when it is refused, stored as typed, found again after signing in."""

import re

import pytest
from playwright.sync_api import Locator, expect

from browser.conftest import Enter
from browser.signing_in import give_name_and_password, paste_code, session_of
from browser.visiting import DESK, PHONE, Visit, faults_of
from lindung.access.middleware import SEEN
from lindung.access.models import Role
from lindung.access.scope import in_scope
from lindung.membership import mending
from web.village import FAULTY_ROWS, NEXT_ROWS, NOW, READY_ROWS, Village, acting, sheet

pytestmark = pytest.mark.browser
NUR, KELURAHAN, WORK = 4, 4, 5
RIGHT = "1571025203840005"


def mended(
    village: Village,
    text: str,
    *,
    revision: int,
    column: int = KELURAHAN,
    by: Role = Role.CITY_OFFICER,
) -> None:
    """A cell of her row is typed anew, in another window or by somebody else."""
    actor, scope = acting(village.users[by], NOW.date())
    with in_scope(scope, actor=actor):
        mending.mend_cell(
            roster_id=village.roster_id,
            line=NUR,
            column=column,
            text=text,
            revision=revision,
            by=actor,
            now=NOW,
        )


def asked(visit: Visit, heading: str) -> tuple[Locator, Locator]:
    """Her row, with the form of this cell open in it, and the field of the form."""
    row = visit.page.locator(f"#baris-{NUR}")
    row.get_by_role("link", name=re.compile(f"Perbaiki {heading}")).click()
    field = row.get_by_label("Isi yang benar")
    expect(field).to_be_visible()
    return row, field


def test_the_page_of_a_cell_works_with_scripts(visitor: Enter) -> None:
    visit = visitor(Role.CITY_OFFICER)
    row = f"/daftar/{visit.village.roster_id}/baris/{NUR}/"
    visit.open(f"{row}kolom/1/")
    visit.page.get_by_role("link", name="Batal").click()
    expect(visit.page).to_have_url(visit.site + row)
    visit.open(f"{row}kolom/1/")
    visit.page.get_by_label("Isi yang benar").fill(RIGHT)
    visit.page.get_by_role("button", name="Simpan").click()
    expect(visit.page.get_by_text("Baris diperbaiki dan diperiksa lagi.")).to_be_visible()


def test_a_refused_cell_stays_in_its_row_and_enter_stores_what_was_typed(visitor: Enter) -> None:
    visit = visitor(Role.CITY_OFFICER)
    mended(visit.village, "Lego", revision=1)
    visit.open(f"/daftar/{visit.village.roster_id}/")
    row, field = asked(visit, "Kelurahan")
    expect(row.get_by_role("button", name="Legok")).to_be_visible()
    mended(visit.village, "Legog", revision=2)
    field.fill("The Hok")
    field.press("Enter")
    expect(row.get_by_text("Anda sendiri sudah mengubah baris ini")).to_be_visible()
    expect(row.get_by_text("Isi sekarang: Legog")).to_be_visible()
    expect(field).to_have_value("The Hok")
    assert faults_of(visit.page) == {}
    field.press("Enter")
    expect(row.get_by_text("The Hok", exact=True)).to_be_visible()
    expect(field).to_have_count(0)


def test_the_end_of_a_session_in_a_cell_costs_nothing(visitor: Enter) -> None:
    visit = visitor(Role.CITY_OFFICER)
    visit.open(f"/daftar/{visit.village.roster_id}/")
    row, field = asked(visit, "NIK")
    session = session_of(visit.page)
    session[SEEN] -= 16 * 60
    session.save()
    field.fill(RIGHT)
    row.get_by_role("button", name="Simpan").click()
    expect(visit.page.get_by_text("Isian Anda disimpan")).to_be_visible()
    officer = visit.village.users[Role.CITY_OFFICER]
    give_name_and_password(visit.page, officer)
    paste_code(visit.page, officer)
    expect(visit.page).to_have_url(re.compile(f"/baris/{NUR}/kolom/1/$"))
    expect(visit.page.get_by_label("Isi yang benar")).to_have_value(RIGHT)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_page_of_a_correction_shows_what_changes_and_asks_about_conflicts(
    visitor: Enter, width: int
) -> None:
    visit = visitor(Role.CITY_OFFICER, width=width)
    mended(visit.village, "Penjahit", revision=1, column=WORK, by=Role.KELURAHAN_OPERATOR)
    visit.open(f"/daftar/{visit.village.roster_id}/perbaikan/")
    line = FAULTY_ROWS[0].replace("15710252", RIGHT).replace("Sayur", "Tukang sayur")
    file = {"name": "b.csv", "mimeType": "text/csv", "buffer": sheet(*READY_ROWS, line, NEXT_ROWS[0])}
    visit.page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]  # playwright's own dict
    visit.page.get_by_role("button", name="Bandingkan").click()
    group = visit.page.get_by_role("group", name=re.compile("Baris 4"))
    expect(group.get_by_label("Isi daftar, lebih baru: Penjahit")).to_be_checked()
    assert faults_of(visit.page) == {}
    visit.page.get_by_role("button", name="Simpan perubahan").click()
    expect(visit.page.get_by_text("Perbaikan disimpan dan diperiksa.")).to_be_visible()
