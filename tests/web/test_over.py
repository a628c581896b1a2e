"""An agreement that is over offers nothing that it refuses: no form, a sentence that says until when people are paid."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lindung.access.models import Role
from lindung.access.scope import in_scope
from lindung.insight import employers
from lindung.law.months import Month
from lindung.membership import ending, intake, joining
from lindung.membership.models import Roster
from lindung.partnership.agreements import AgreementOver
from web.conftest import SignIn
from web.village import NOW, Village, acting
from web.workplaces import workplace

SAID = "Kerja sama ini sudah dihentikan; pesertanya dibayari sampai Desember 2026."


@pytest.fixture
def stopped(village: Village) -> Village:
    stop(village, village.agreement_id)
    return village


def stop(village: Village, agreement_id: int) -> None:
    officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=officer):
        ending.terminate(agreement_id=agreement_id, on=date(2027, 1, 1), reason="x", by=officer, now=NOW)


@pytest.mark.parametrize("tail", ["unggah/", "masuk/", "perubahan/"])
def test_its_pages_say_so_and_offer_no_form(stopped: Village, signed_in: SignIn, tail: str) -> None:
    page = signed_in(Role.CITY_OFFICER).get(f"/kerja-sama/{stopped.agreement_id}/{tail}").content.decode()
    assert SAID in page
    for offered in ("Unggah dan periksa", "Nama lengkap sesuai KTP", "Masukkan satu orang</a>"):
        assert offered not in page


def test_neither_hari_ini_nor_the_lists_offer_an_upload(stopped: Village, signed_in: SignIn) -> None:
    client, upload = signed_in(Role.CITY_OFFICER), f"/kerja-sama/{stopped.agreement_id}/unggah/"
    assert upload not in client.get("/").content.decode()
    assert SAID in client.get("/").content.decode()
    assert upload not in client.get("/daftar/").content.decode()


def test_a_file_that_is_sent_all_the_same_is_not_kept(stopped: Village, signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    file = SimpleUploadedFile("baru.csv", b"Nama,NIK\nA,1\n")
    answer = client.post(f"/kerja-sama/{stopped.agreement_id}/unggah/", {"file": file, "own-page": "1"})
    assert (answer.status_code, SAID in answer.content.decode()) == (409, True)
    officer, scope = acting(stopped.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=officer):
        assert Roster.objects.filter(agreement=stopped.agreement_id).count() == 1
        with pytest.raises(AgreementOver):
            intake.receive(
                name="a.csv", content=b"x,y", agreement_id=stopped.agreement_id, by=officer, now=NOW
            )
        with pytest.raises(AgreementOver):
            joining.join(
                agreement_id=stopped.agreement_id,
                entry=joining.Entry("A", "1", "", "", "", "", ""),
                by=officer,
                now=NOW,
            )


def test_a_stopped_unit_says_until_when_its_people_are_paid_and_keeps_its_last_month(
    village: Village, signed_in: SignIn
) -> None:
    place = workplace(village, workers=2)
    stop(village, place.agreement_id)
    page = signed_in(Role.CITY_OFFICER).get(f"/pemberi-kerja/{place.unit_id}/").content.decode()
    assert SAID in page
    assert "belum berlaku" not in page
    assert "Masukkan pekerja" not in page
    assert "Unggah daftar upah" not in page
    officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=officer):
        later = employers.unit_page(place.unit_id, on=date(2027, 3, 5))
        assert (later.month, len(later.workers)) == (Month(2026, 12), 2)
