"""The pages of employers: units, workers with their wages, forms to print, and who may open them."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lindung.access.models import AuditEvent, Role
from lindung.access.scope import in_scope
from lindung.identity import places
from lindung.insight import employers as insight
from lindung.law.money import rupiah
from lindung.membership.employment import EmployerUnit, MinimumWage
from lindung.partnership.models import FundingSource
from web.conftest import SignIn
from web.test_branch import bring_in
from web.village import NOW, Village, acting
from web.workplaces import THE_HOK, workplace

NEW = {
    "title": "Kebersihan DLH",
    "staff_kind": "cleaners",
    "occupation": "Petugas kebersihan",
    "risk_class": "low",
    "risk_basis": "Surat cabang 12/2026",
    "region_code": "15.71",
    "quota": "900",
    "since": "2026-12",
    "npp": "",
}


def token(client: Client, path: str) -> str:
    """The once-token of a form as it was opened."""
    form = client.get(path).context["form"]
    return str(form["once"].initial)


def sent(client: Client, path: str, **fields: str) -> Client:
    return client.post(path, {"once": token(client, path), **fields})


def given(client: Client, **changes: str) -> dict[str, str]:
    """The form for a new unit, filled in with its first choices."""
    form = client.get("/pemberi-kerja/baru/").context["form"]
    office, source = (str(form.fields[name].choices[0][0]) for name in ("office", "source"))
    return {**NEW, "office": office, "source": source, **changes}


def test_it_says_what_to_do_first(village: Village, signed_in: SignIn) -> None:
    page = signed_in(Role.CITY_OFFICER).get("/pemberi-kerja/").content.decode()
    assert "Belum ada unit." in page
    assert "Buka unit baru" in page
    assert "Petugas kota yang membukanya" in signed_in(Role.AUDITOR).get("/pemberi-kerja/").content.decode()


def test_an_officer_opens_a_unit_and_finds_it(village: Village, signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    answer = sent(client, "/pemberi-kerja/baru/", **given(client))
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "Kebersihan DLH" in page
    assert "Belum ada pekerja untuk Desember 2026" in page
    assert "Kerja sama unit ini belum berlaku" in page
    officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=officer):
        unit = EmployerUnit.objects.select_related("agreement").get()
        assert (unit.agreement.kind, unit.agreement.programmes) == ("employer", ["jkk", "jkm", "jht"])
        assert unit.agreement.state == "draft"
        assert AuditEvent.objects.filter(action="employer.opened").count() == 1


def test_a_second_press_opens_no_second_unit(village: Village, signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    fields = {**given(client), "once": token(client, "/pemberi-kerja/baru/")}
    first, second = (client.post("/pemberi-kerja/baru/", fields) for _ in range(2))
    assert first["Location"] == second["Location"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("npp", "123", "NPP terdiri dari 8 angka"),
        ("title", "Nama\x00palsu", "tanda yang tidak terlihat"),
        ("since", "besok", "Tulis bulan dan tahun"),
        ("office", "999999", "Pilih"),
        ("risk_basis", "", "Isi Dasar kelas risiko"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    village: Village, signed_in: SignIn, field: str, value: str, said: str
) -> None:
    client = signed_in(Role.CITY_OFFICER)
    answer = sent(client, "/pemberi-kerja/baru/", **given(client, **{field: value}))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "Surat cabang 12/2026" in page or field == "risk_basis"


def test_the_unit_shows_each_worker_with_wage_check_and_cost(village: Village, signed_in: SignIn) -> None:
    """115,000 a day is 2,875,000 a month: below 3,000,000, counted as it is reported."""
    place = workplace(village, workers=2)
    page = signed_in(Role.CITY_OFFICER).get(f"/pemberi-kerja/{place.unit_id}/").content.decode()
    for words in (
        "Dewi Sartika A",
        rupiah(115_000),
        rupiah(2_875_000),
        rupiah(188_025),
        rupiah(2 * 188_025),
        "di bawah minimum",
        "JHT, bagian pekerja",
        rupiah(2 * 57_500),
        "Perkiraan Lindung",
    ):
        assert words in page, words


@pytest.mark.parametrize(
    "path", ["/pemberi-kerja/", "/pemberi-kerja/{unit}/", "/pemberi-kerja/{unit}/daftar-upah/"]
)
def test_it_asks_the_database_no_more_for_many_workers(
    village: Village, signed_in: SignIn, path: str
) -> None:
    client, asked = signed_in(Role.CITY_OFFICER), []
    place = workplace(village, workers=1)
    for more in (0, 8):
        officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
        with in_scope(scope, actor=officer):
            add(village, place.agreement_id, more)
        client.get("/pemberi-kerja/")  # a session that is already warm
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path.format(unit=place.unit_id)).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]


def add(village: Village, agreement_id: int, count: int) -> None:
    from lindung.membership import joining
    from web.workplaces import DECEMBER, entry

    officer, _ = acting(village.users[Role.CITY_OFFICER], NOW.date())
    for number in range(1, count + 1):
        joining.join(
            agreement_id=agreement_id,
            entry=entry(number),
            first_month=DECEMBER,
            below_minimum=True,
            by=officer,
            now=NOW,
        )


def test_forms_are_there_to_print(village: Village, signed_in: SignIn) -> None:
    place = workplace(village)
    client = signed_in(Role.CITY_OFFICER)
    member = place.workers[0].membership_id
    for path, words in (
        (f"/pemberi-kerja/{place.unit_id}/f1/", ("Dinas Tenaga Kerja", "Risiko rendah", "diisi cabang")),
        (f"/pemberi-kerja/{place.unit_id}/daftar-upah/", ("Dewi Sartika A", rupiah(2_875_000))),
        (f"/kepesertaan/{member}/f1a/", ("Dewi Sartika A", places.PLACES[THE_HOK].name, rupiah(2_875_000))),
    ):
        page = client.get(path).content.decode()
        for word in words:
            assert word in page, (path, word)
        assert "1571025203840010" not in page


def test_the_wage_list_counts_on_from_page_to_page(
    village: Village, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(insight, "PER_PAGE", 2)
    place = workplace(village, workers=3)
    client = signed_in(Role.CITY_OFFICER)
    second = client.get(f"/pemberi-kerja/{place.unit_id}/daftar-upah/?halaman=2").content.decode()
    assert re.findall(r'data-label="No\.">(\d+)<', second) == ["3"]
    assert 'rel="prev"' in second
    assert 'rel="next"' not in second
    assert "Nomor 3 sampai 3 dari 3 orang" in second


def test_the_wage_list_is_printed_whole_with_both_numbers_masked(
    village: Village, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(insight, "PER_PAGE", 2)
    place = workplace(village, workers=3)
    client = signed_in(Role.CITY_OFFICER)
    path = f"/pemberi-kerja/{place.unit_id}/daftar-upah/"
    first = client.get(path).content.decode()
    assert "Seluruhnya 3 orang" not in first
    (whole,) = re.findall(r'href="(\?bulan=2026-12&amp;semua=1)"', first)
    page = client.get(path + whole.replace("&amp;", "&")).content.decode()
    assert re.findall(r'data-label="No\.">(\d+)<', page) == ["1", "2", "3"]
    assert re.findall(r'data-label="NIK"><span class="nobr">([^<]+)<', page)[0] == "157102••••••••10"
    assert re.findall(r'data-label="KPJ"><span class="nobr">([^<]+)<', page) == ["–"] * 3
    assert "Seluruhnya 3 orang, Rp564.075." in page
    assert "1571025203840010" not in page
    bring_in(client, village, "KPJ,NIK,Nama\r\n19015012347,'1571025203840010,Dewi Sartika A\r\n")
    assert "190••••••47" in client.get(path).content.decode()


def test_the_branch_s_number_and_the_minimum_wage_are_written_down(
    village: Village, signed_in: SignIn
) -> None:
    place = workplace(village)
    client = signed_in(Role.CITY_OFFICER)
    assert sent(client, f"/pemberi-kerja/{place.unit_id}/npp/", npp="1234").status_code == 422
    assert sent(client, f"/pemberi-kerja/{place.unit_id}/npp/", npp="12345678").status_code == 302
    assert "12345678" in client.get(f"/pemberi-kerja/{place.unit_id}/").content.decode()
    wage = {"region_code": "15.71", "year": "2027", "amount": "3.200.000", "decree_number": "KEP/2027"}
    path = "/pemberi-kerja/upah-minimum/"
    assert sent(client, path, **wage, decree_date="2026-12-01").status_code == 302
    again = sent(client, path, **wage, decree_date="2026-12-02")
    assert again.status_code == 422
    assert "sudah dicatat" in again.content.decode()
    officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=officer):
        assert MinimumWage.objects.get(year=2027).amount == 3_200_000


@pytest.mark.parametrize(
    ("role", "opens"),
    [
        (Role.CITY_OFFICER, (200, 200)),
        (Role.AUDITOR, (200, 403)),
        (Role.FINANCE_OFFICER, (200, 403)),
        (Role.BRANCH_OFFICER, (200, 403)),
        (Role.KELURAHAN_OPERATOR, (403, 403)),
        (Role.ADMINISTRATOR, (403, 403)),
        (Role.MAYOR, (403, 403)),
    ],
)
def test_it_opens_to_each_role_what_its_sheet_allows(
    village: Village, signed_in: SignIn, role: Role, opens: tuple[int, int]
) -> None:
    place, client = workplace(village), signed_in(role)
    answers = client.get(f"/pemberi-kerja/{place.unit_id}/"), client.get("/pemberi-kerja/baru/")
    assert tuple(answer.status_code for answer in answers) == opens


def test_it_is_not_there_for_another_city(village: Village, signed_in: SignIn) -> None:
    place, stranger = workplace(village), signed_in(village.stranger)
    member = place.workers[0].membership_id
    for path in (
        f"/pemberi-kerja/{place.unit_id}/",
        f"/pemberi-kerja/{place.unit_id}/f1/",
        f"/pemberi-kerja/{place.unit_id}/npp/",
        f"/kepesertaan/{member}/f1a/",
        f"/kepesertaan/{member}/keluar/",
        f"/kepesertaan/{member}/upah/",
        f"/kerja-sama/{place.agreement_id}/perubahan/",
        f"/kerja-sama/{place.agreement_id}/masuk/",
    ):
        assert stranger.get(path).status_code == 404, path
    assert "Kebersihan Disnaker" not in stranger.get("/pemberi-kerja/").content.decode()
    with_sources = in_scope(
        acting(village.stranger, NOW.date())[1], actor=acting(village.stranger, NOW.date())[0]
    )
    with with_sources:
        assert FundingSource.objects.count() == 1
