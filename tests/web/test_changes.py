"""The pages of a month's changes: join by form, leave, new wage, undo, family, and the list of the month."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lindung.access.models import Role
from lindung.access.scope import in_scope
from lindung.identity import places
from lindung.membership.models import Membership
from web.conftest import SignIn
from web.test_branch import bring_in
from web.test_employers import add, sent
from web.village import NOW, REGISTERED, SITI, Village, acting
from web.workplaces import THE_HOK, workplace

DEWI = {
    "name": "Dewi Sartika",
    "nik": "1571024806900004",
    "birth_place": "Jambi",
    "birth": "08-06-1990",
    "sex": "P",
    "kelurahan": places.PLACES[THE_HOK].name,
    "occupation": "Pedagang",
    "phone": "",
    "first_month": "2026-12",
    "beside": "no",
}


def sitis(village: Village) -> int:
    officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=officer):
        return int(Membership.objects.get(person_id=village.siti_id).pk)


def test_one_person_is_entered_by_form(village: Village, signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    answer = sent(client, f"/kerja-sama/{village.agreement_id}/masuk/", **DEWI)
    assert answer.status_code == 302
    page = client.get(answer["Location"], follow=True).content.decode()
    assert "Dewi Sartika masuk mulai Desember 2026." in page
    changes = client.get(f"/kerja-sama/{village.agreement_id}/perubahan/?bulan=2026-12").content.decode()
    assert "Dewi Sartika" in changes
    assert "1 perubahan" in changes


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("nik", "15710248", "16 angka"),
        ("nik", SITI, "NIK ini terdaftar atas nama lain"),
        ("birth", "08-06-1930", "65"),
        ("first_month", "2026-01", "tidak boleh sebelum"),
        ("kelurahan", "Nirwana", "Pilih"),
        ("name", "De\x00wi", "tanda yang tidak terlihat"),
    ],
)
def test_what_would_be_wrong_in_a_list_is_wrong_here(
    village: Village, signed_in: SignIn, field: str, value: str, said: str
) -> None:
    client = signed_in(Role.CITY_OFFICER)
    answer = sent(client, f"/kerja-sama/{village.agreement_id}/masuk/", **DEWI | {field: value})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_she_leaves_and_it_can_be_taken_back(village: Village, signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    path = f"/kepesertaan/{sitis(village)}/keluar/"
    asked = sent(client, path, last_month="2026-11", reason="died")
    assert (asked.status_code, "Isi hari meninggalnya" in asked.content.decode()) == (422, True)
    answer = sent(client, path, last_month="2026-11", reason="died", died_on="2026-11-08")
    page = client.get(answer["Location"]).content.decode()
    assert "Siti Aminah meninggal pada 8 November 2026." in page
    assert "Menurut catatan iuran saja, tanpa kematian itu" in page
    assert 'class="answer is-good"' not in page
    assert "meninggal pada" not in client.get(answer["Location"] + "?on=2026-11-07").content.decode()
    assert "Bantu keluarganya mengurus santunan" in page
    assert "1 Desember 2026" in page
    changes = client.get(f"/kerja-sama/{village.agreement_id}/perubahan/?bulan=2026-11")
    (line,) = changes.context["found"].lines
    assert (line.kind, line.died, line.name) == ("leave", True, "Siti Aminah")
    assert "bantu keluarga" in changes.content.decode()
    undo = f"/perubahan/{line.change_id}/batal/"
    assert "Batalkan perubahan ini?" in client.get(undo).content.decode()
    assert sent(client, undo).status_code == 302
    again = client.get(f"/kerja-sama/{village.agreement_id}/perubahan/?bulan=2026-11")
    assert again.context["found"].lines == ()
    assert "meninggal pada" not in client.get(answer["Location"]).content.decode()
    assert sent(client, undo).status_code == 422


def test_a_month_that_is_billed_cannot_be_cut_off(village: Village, signed_in: SignIn) -> None:
    """October is billed and paid: who left in September is told too late."""
    answer = sent(
        signed_in(Role.CITY_OFFICER),
        f"/kepesertaan/{sitis(village)}/keluar/",
        last_month="2026-09",
        reason="moved",
    )
    assert answer.status_code == 422
    assert "Bulan itu sudah ditagih" in answer.content.decode()


def test_the_months_changes_lead_back_to_their_agreement(village: Village, signed_in: SignIn) -> None:
    own = f"/kerja-sama/{village.agreement_id}/"
    page = signed_in(Role.CITY_OFFICER).get(f"{own}perubahan/").content.decode()
    assert f'<a class="back" href="{own}">' in page


def test_a_leave_without_a_reason_is_not_taken(village: Village, signed_in: SignIn) -> None:
    path = f"/kepesertaan/{sitis(village)}/keluar/"
    answer = sent(signed_in(Role.CITY_OFFICER), path, last_month="2026-11", reason="")
    assert answer.status_code == 422
    assert "Isi Alasan" in answer.content.decode()


def test_a_wage_earner_comes_in_with_a_wage_and_gets_a_new_one(village: Village, signed_in: SignIn) -> None:
    place, client = workplace(village, workers=0), signed_in(Role.CITY_OFFICER)
    path = f"/kerja-sama/{place.agreement_id}/masuk/"
    fields = {name: value for name, value in DEWI.items() if name != "beside"}
    assert sent(client, path, **fields, wage="", basis="daily").status_code == 422
    came = sent(client, path, **fields, wage="115.000", basis="daily", below_minimum="on")
    assert came.status_code == 302
    line = client.get(f"/pemberi-kerja/{place.unit_id}/").context["found"].workers[0]
    assert line.wage == 2_875_000
    raised = sent(
        client, f"/kepesertaan/{line.membership_id}/upah/", since="2027-01", wage="3100000", basis="monthly"
    )
    assert raised.status_code == 302
    january = client.get(f"/pemberi-kerja/{place.unit_id}/daftar-upah/?bulan=2027-01")
    assert january.context["found"].workers[0].wage == 3_100_000
    listed = client.get(f"/kerja-sama/{place.agreement_id}/perubahan/?bulan=2027-01").content.decode()
    assert "Rp3.100.000 sebulan" in listed


def test_a_wage_below_the_minimum_is_asked_about_once(village: Village, signed_in: SignIn) -> None:
    place, client = workplace(village, workers=0), signed_in(Role.CITY_OFFICER)
    path = f"/kerja-sama/{place.agreement_id}/masuk/"
    fields = {name: value for name, value in DEWI.items() if name != "beside"}
    question = "Upah di bawah minimum ini memang benar"
    assert question not in client.get(path).content.decode()
    answer = sent(client, path, **fields, wage="1", basis="daily")
    assert answer.status_code == 422
    assert "Upah sebulan Rp25, di bawah upah minimum Rp3.000.000." in answer.content.decode()
    assert question in answer.content.decode()
    other = sent(client, path, **fields | {"name": ""}, wage="1", basis="daily")
    assert question not in other.content.decode()
    assert sent(client, path, **fields, wage="1", basis="daily", below_minimum="on").status_code == 302


def test_the_list_for_the_branch_names_each_by_numbers_and_wage(village: Village, signed_in: SignIn) -> None:
    place, client = workplace(village), signed_in(Role.CITY_OFFICER)
    (line,) = client.get(f"/kerja-sama/{place.agreement_id}/perubahan/?bulan=2026-12").context["found"].lines
    assert (line.nik_masked, line.kpj_masked) == ("157102••••••••10", "")
    assert line.told.id == "Rp115.000 sehari, Rp2.875.000 sebulan"
    assert line.on == NOW.date()
    bring_in(client, village)
    came = client.get(f"/kerja-sama/{village.agreement_id}/perubahan/?bulan=2026-08")
    assert {line.kpj_masked for line in came.context["found"].lines} == {"190••••••47"}
    page = came.content.decode()
    assert "190••••••47" in page
    assert "/batal/" not in page, "nobody who came by a list is undone here"


def test_a_day_of_the_list_is_the_offices_day(village: Village, signed_in: SignIn) -> None:
    """Who came by a list was recorded on the day of the enrolment, whatever the machine's clock said."""
    client = signed_in(Role.CITY_OFFICER)
    lines = client.get(f"/kerja-sama/{village.agreement_id}/perubahan/?bulan=2026-08").context["found"].lines
    assert {line.on for line in lines} == {REGISTERED.date()}


def test_a_bpu_is_given_no_wage(village: Village, signed_in: SignIn) -> None:
    path = f"/kepesertaan/{sitis(village)}/upah/"
    answer = sent(signed_in(Role.CITY_OFFICER), path, since="2026-12", wage="115.000", basis="daily")
    assert answer.status_code == 422
    assert "bukan peserta BPU" in answer.content.decode()


def test_a_family_is_written_down_beside_the_worker(village: Village, signed_in: SignIn) -> None:
    client, path = signed_in(Role.CITY_OFFICER), f"/pekerja/{village.siti_id}/keluarga/"
    child = {"relation": "child", "relative_name": "Ahmad Fauzan", "relative_birth_date": "01-02-2015"}
    assert sent(client, path, **child, relative_nik="").status_code == 302
    assert sent(client, path, **child, relative_nik="123").status_code == 422
    late = child | {"relative_birth_date": "01-02-2030"}
    assert sent(client, path, **late, relative_nik="").status_code == 422
    assert "Ahmad Fauzan" in client.get(path).content.decode()
    assert "Ahmad Fauzan" in client.get(f"/kepesertaan/{sitis(village)}/f1a/").content.decode()
    assert signed_in(village.stranger).get(path).status_code == 404


def test_the_list_of_the_month_asks_no_more_for_many_lines(village: Village, signed_in: SignIn) -> None:
    place, client, asked = workplace(village), signed_in(Role.CITY_OFFICER), []
    for more in (0, 8):
        officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
        with in_scope(scope, actor=officer):
            add(village, place.agreement_id, more)
        client.get("/pemberi-kerja/")  # a session that is already warm
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/kerja-sama/{place.agreement_id}/perubahan/?bulan=2026-12")
        asked.append(len(queries))
        assert len(page.context["found"].lines) == 1 + more
    assert asked[0] == asked[1]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.KELURAHAN_OPERATOR, Role.BRANCH_OFFICER])
def test_who_may_not_change_anybody_sees_no_form(village: Village, signed_in: SignIn, role: Role) -> None:
    client = signed_in(role)
    assert client.get(f"/kerja-sama/{village.agreement_id}/perubahan/").status_code == 200
    assert (
        "Masukkan satu orang"
        not in client.get(f"/kerja-sama/{village.agreement_id}/perubahan/").content.decode()
    )
    for path in (f"/kerja-sama/{village.agreement_id}/masuk/", f"/kepesertaan/{sitis(village)}/keluar/"):
        assert client.get(path).status_code == 403


def test_a_month_that_is_none_shows_this_one(village: Village, signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    for asked in ("kemarin", "2026-13", "%00", "9999-12"):
        page = client.get(f"/kerja-sama/{village.agreement_id}/perubahan/?bulan={asked}")
        assert page.context["found"].month.label.id == "November 2026"


def test_a_month_without_changes_offers_nothing_to_who_only_reads(
    village: Village, signed_in: SignIn
) -> None:
    path = f"/kerja-sama/{village.agreement_id}/perubahan/?bulan=2026-06"
    assert "atau masukkan orang baru" in signed_in(Role.CITY_OFFICER).get(path).content.decode()
    page = signed_in(Role.AUDITOR).get(path).content.decode()
    assert "Tidak ada perubahan untuk bulan ini. Lihat bulan lain." in page
    assert "orang baru" not in page
