"""The pages of bank statements in Chromium: on a phone and on a desk, axe finds nothing, nothing sticks out."""

from datetime import date

import pytest
from django.urls import reverse

from browser.conftest import Enter
from browser.visiting import DESK, PHONE, faults_of
from formats.statements import Wire, mt940
from lindung.access.models import Role

pytestmark = pytest.mark.browser

LINES = [
    Wire(date(2026, 11, 9), 33_600, "TRF DINAS TENAGA KERJA KOTA JAMBI IURAN NOVEMBER", bank="A"),
    Wire(date(2026, 11, 9), -6_500, "BIAYA ADMINISTRASI", bank="B"),
    Wire(date(2026, 11, 9), 1_234, "BUNGA", bank="C", cents=56),
    Wire(date(2026, 11, 9), 50_000, "SETORAN TUNAI", bank="D"),
]


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_it_shuts_nobody_out_of_the_pages_of_bank_statements(visitor: Enter, width: int) -> None:
    visit = visitor(Role.FINANCE_OFFICER, width=width)
    page, faults = visit.page, {}

    def look(name: str) -> None:
        faults[name] = faults_of(page)

    for name in ("statements", "unmatched", "statement_bring_in"):
        visit.open(reverse(f"web:{name}"))
        look(f"{name}, empty")
    for content in (b"%PDF", mt940(LINES)):
        page.get_by_label("Berkas rekening koran").set_input_files(
            {"name": "rekening-november.sta", "mimeType": "text/plain", "buffer": content}
        )
        page.get_by_role("button", name="Masukkan").click()
        page.wait_for_load_state()
        look(f"brought in, {len(content)} bytes")
    page.get_by_role("link", name="Kenali uangnya").click()
    page.get_by_role("heading", name="Uang belum dikenali").wait_for()
    look("the queue")
    page.get_by_role("link", name="50.000").click()
    page.get_by_role("heading", name="Bagi sendiri").wait_for()
    look("a line")
    page.get_by_role("link", name="Sisihkan").click()
    page.get_by_label("Alasan").fill("Salah kirim, akan dikembalikan.")
    look("setting aside")
    page.get_by_role("button", name="Sisihkan").click()
    page.get_by_role("status").wait_for()
    visit.open(reverse("web:unmatched") + "?keadaan=disisihkan")
    look("set aside")
    visit.open(reverse("web:statements"))
    look("the list")
    assert {name: found for name, found in faults.items() if found} == {}
