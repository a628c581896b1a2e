"""Which column was read as what: on the list's page, and opened again to be put right until somebody is enrolled."""

from django.test import Client

from formats import workbooks
from lindung.access.models import Role
from lindung.membership import arriving
from web.conftest import SignIn
from web.test_roster_mending import hidden
from web.test_rosters import uploaded
from web.village import NEXT_ROWS, Village, sheet

RIGHT = {
    "column-0": "name",
    "column-1": "nik",
    "column-2": "birth",
    "column-3": "sex",
    "column-4": "kelurahan",
}


def opened(client: Client, roster: str) -> dict[str, str]:
    """What the page about the columns holds beside the choices."""
    page = client.get(f"{roster}kolom/").content.decode()
    return {name: hidden(page, name) for name in ("once", "sheet", "revision")}


def test_the_list_says_what_was_read_and_leads_to_the_choice(village: Village, signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    roster = uploaded(client, village.agreement_id, sheet(*NEXT_ROWS)).headers["Location"]
    page = client.get(roster).content.decode()
    assert "Kolom yang dibaca" in page
    assert "dikenali dari judulnya" in page
    assert f'href="{roster}kolom/"' in page
    choice = client.get(f"{roster}kolom/").content.decode()
    assert "isi yang sudah Anda perbaiki tetap dipakai" in choice
    assert '<option value="nik" selected>' in choice
    assert "Lewati lembar ini" not in choice


def test_it_is_chosen_again_and_the_list_is_checked_anew(village: Village, signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    roster = uploaded(client, village.agreement_id, sheet(*NEXT_ROWS)).headers["Location"]
    opening = opened(client, roster)
    gap = client.post(f"{roster}kolom/", {**opening, "column-0": "nik"})
    assert gap.status_code == 422
    alone = client.post(f"{roster}kolom/", {**opening, "skip": "1"})
    assert "satu-satunya lembar" in alone.content.decode()
    assert client.post(f"{roster}kolom/", {**opening, **RIGHT}).headers["Location"] == roster
    assert "Daftar sedang diperiksa" in client.get(roster).content.decode()


def test_an_answer_for_the_first_sheet_is_never_taken_for_the_second(
    village: Village, signed_in: SignIn
) -> None:
    """Two officers had the same page open; the list asks about its second sheet once the first is answered."""
    client = signed_in(Role.CITY_OFFICER)
    strange = [["Siapa", "Berapa", "Kapan"], ["Dewi Sartika", "1571024806900004", "08/06/1990"]]
    content = workbooks.written(strange, [["Orang", "Angka", "Hari"], *strange[1:]])
    roster = uploaded(client, village.agreement_id, content, "dua.xlsx").headers["Location"]
    stale = opened(client, roster)
    assert stale["sheet"] == "Data 1"
    named = {"column-0": "name", "column-1": "nik", "column-2": "birth"}
    assert client.post(f"{roster}kolom/", {**opened(client, roster), **named}).headers["Location"] == roster
    arriving.judge_kept(roster_id=int(roster.split("/")[2]))
    swapped = {"column-0": "nik", "column-1": "name", "column-2": "birth"}
    answer = client.post(f"{roster}kolom/", {**stale, **swapped})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "baru saja diubah orang lain" in page
    assert '<option value="name" selected>' in page[: page.index("column-1")], "what the colleague chose"
    assert opened(client, roster)["sheet"] == "Data 2"


def test_after_enrolment_the_page_says_why_it_is_closed(village: Village, signed_in: SignIn) -> None:
    client, roster = signed_in(Role.CITY_OFFICER), f"/daftar/{village.roster_id}/"
    page = client.get(roster).content.decode()
    assert "Kolom yang dibaca" in page
    assert "arti kolomnya tidak diubah lagi" in page
    assert f'href="{roster}kolom/"' not in page
    assert client.get(f"{roster}kolom/").headers["Location"] == roster
    assert "Sudah ada yang didaftarkan dari daftar ini" in client.get(roster).content.decode()


def test_who_may_not_send_lists_sees_what_was_read_and_no_way_to_change_it(
    village: Village, signed_in: SignIn
) -> None:
    officer = signed_in(Role.CITY_OFFICER)
    roster = uploaded(officer, village.agreement_id, sheet(*NEXT_ROWS)).headers["Location"]
    page = signed_in(Role.KELURAHAN_OPERATOR).get(roster).content.decode()
    assert "Kolom yang dibaca" in page
    assert f'href="{roster}kolom/"' not in page


def test_what_is_not_read_is_said_on_the_list_and_before_enrolling(
    village: Village, signed_in: SignIn
) -> None:
    client = signed_in(Role.CITY_OFFICER)
    rows = b"Nama,NIK,Tgl Lahir,L/P,Kelurahan,Tugas\r\nDewi Sartika,1571024806900004,08/06/1990,P,The Hok,Sopir\r\n"
    roster = uploaded(client, village.agreement_id, rows).headers["Location"]
    for page in (roster, f"{roster}daftarkan/"):
        said = client.get(page).content.decode()
        assert "Kolom Tugas tidak dibaca." in said
        assert "Pekerjaan 1 orang akan dicatat &#x27;Buruh harian lepas&#x27;" in said
        assert f'href="{roster}kolom/"' in said


def test_two_columns_that_claim_the_birth_date_are_asked_about(village: Village, signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    rows = b"Nama,NIK,Kelahiran,Tgl Lahir,L/P,Kelurahan\r\nDewi Sartika,1571024806900004,Jambi,08/06/1990,P,The Hok\r\n"
    roster = uploaded(client, village.agreement_id, rows).headers["Location"]
    assert client.get(roster).headers["Location"] == f"{roster}kolom/"
    page = client.get(f"{roster}kolom/").content.decode()
    assert "dua kolom mengaku hal yang sama" in page
    assert "perkiraan; periksa" in page


def test_a_row_whose_columns_were_read_anew_says_that_and_a_column_without_a_heading_has_a_name(
    village: Village, signed_in: SignIn
) -> None:
    client = signed_in(Role.CITY_OFFICER)
    rows = b"Nama,NIK,,L/P,Kelurahan\r\nDewi Sartika,1571024806900004,31-02-1990,P,The Hok\r\n"
    roster = uploaded(client, village.agreement_id, rows).headers["Location"]
    for last in ("kelurahan", "other"):
        client.post(f"{roster}kolom/", {**opened(client, roster), **RIGHT, "column-4": last})
        arriving.judge_kept(roster_id=int(roster.split("/")[2]))
    page = client.get(roster).content.decode()
    assert "kolom dibaca ulang" in page
    assert ">diubah<" not in page
    assert '<th scope="col" role="columnheader">Kolom 3</th>' in page
    assert "di kolom Kolom 3" in page
    row = client.get(f"{roster}baris/2/").content.decode()
    assert "Kolom dibaca ulang" in row
    assert "Sebelumnya" not in row
    assert "Kolom 3" in client.get(f"{roster}baris/2/kolom/2/").content.decode()
