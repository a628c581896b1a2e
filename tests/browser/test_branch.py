"""The pages of authority and BPJS's word in Chromium: on a phone and on a desk, axe finds nothing, nothing sticks out."""

import pytest
from django.urls import reverse

from browser.conftest import Enter
from browser.visiting import DESK, PHONE, Visit, faults_of
from lindung.access.models import Appointment, Role
from lindung.access.scope import NOBODY, SystemScope, system_scope
from web.village import BUDI, SITI

pytestmark = pytest.mark.browser

NUMBERS = (
    f"KPJ,NIK,Nama\r\n19015012347,'{SITI},Siti Aminah\r\n19015012347,'{BUDI},Budi Santoso\r\n1,2,Siapa\r\n"
)


def bring_in(visit: Visit) -> None:
    """An officer brings a file of the branch in, by the page itself."""
    page = visit.page
    visit.open(reverse("web:branch_bring_in"))
    page.get_by_label("Isi berkas").select_option("member_number")
    page.get_by_label("Berkas", exact=True).set_input_files(
        {"name": "kpj-cabang-jambi.csv", "mimeType": "text/csv", "buffer": NUMBERS.encode()}
    )
    page.get_by_role("button", name="Masukkan").click()
    page.get_by_role("heading", name="Baris yang tidak masuk").wait_for()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_it_shuts_nobody_out_of_the_pages_of_bpjs(visitor: Enter, width: int) -> None:
    visit = visitor(Role.CITY_OFFICER, width=width)
    faults = {}

    def look(name: str) -> None:
        faults[name] = faults_of(visit.page)

    for name in ("branch_imports", "differences", "branch_bring_in", "authority"):
        visit.open(reverse(f"web:{name}"))
        look(f"{name}, empty")
    visit.page.goto(visit.site + reverse("web:branch_bring_in"))
    visit.page.get_by_role("button", name="Masukkan").evaluate("button => button.form.noValidate = true")
    visit.page.get_by_role("button", name="Masukkan").click()
    look("bring in, refused")
    bring_in(visit)
    look("a file")
    for name in ("branch_imports", "differences"):
        visit.open(reverse(f"web:{name}"))
        look(name)
    visit.page.get_by_role("link", name="Satu KPJ untuk dua orang").click()
    look("a difference")
    visit.page.get_by_label("Alasan").fill("Sudah ditanyakan ke cabang.")
    visit.page.get_by_role("button", name="Jelaskan").click()
    visit.page.get_by_role("status").wait_for()
    visit.open(f"/pekerja/{visit.village.siti_id}/")
    look("the worker")
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_it_lets_two_administrators_give_an_authority(visitor: Enter, width: int) -> None:
    visit = visitor(Role.ADMINISTRATOR, width=width)
    page = visit.page
    visit.open(reverse("web:authority_propose"))
    assert faults_of(page) == {}
    page.get_by_label("Ditetapkan oleh").select_option("here")
    page.get_by_label("Jenis surat").fill("Surat kuasa")
    page.get_by_label("Nomor surat").fill("SKU/1/2026")
    page.get_by_label("Tanggal surat").fill("2026-11-01")
    page.get_by_role("button", name="Kirim usul").click()
    page.get_by_role("heading", name="Menunggu persetujuan").first.wait_for()
    assert faults_of(page) == {}
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        assert Appointment.objects.filter(role=Role.ADMINISTRATOR).count() == 1
    page.get_by_role("button", name="Tarik usul").click()
    page.get_by_role("status").wait_for()
    assert faults_of(page) == {}
