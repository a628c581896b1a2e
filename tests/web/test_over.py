"""An agreement that is over offers nothing that it refuses: no form, a sentence that says until when people are paid."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lindung.access.models import Role
from lindung.access.scope import in_scope
from lindung.contributions.cover import cover_of
from lindung.insight import employers
from lindung.law.months import Month
from lindung.membership import ending, intake, joining
from lindung.membership.models import Roster
from lindung.partnership import agreements, budgets
from lindung.partnership.agreements import AgreementOver
from lindung.partnership.models import Agreement, SourceOrigin
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


def test_who_is_paid_until_he_leaves_is_not_told_of_arrears(stopped: Village, signed_in: SignIn) -> None:
    """Siti is paid until October; stopped with October as the last month, she owes nothing."""
    officer, scope = acting(stopped.users[Role.CITY_OFFICER], NOW.date())
    treasurer, own = acting(stopped.users[Role.FINANCE_OFFICER], NOW.date())
    with in_scope(own, actor=treasurer):
        ending.correct_stop(
            agreement_id=stopped.agreement_id, on=date(2026, 11, 1), reason="x", by=treasurer, now=NOW
        )
    with in_scope(scope, actor=officer):
        (work,) = cover_of(stopped.siti_id, on=date(2026, 10, 20)).works
    assert (work.at_risk_from, work.until) == (None, date(2026, 11, 1))
    page = signed_in(Role.CITY_OFFICER).get(f"/pekerja/{stopped.siti_id}/").content.decode()
    assert "Keluar sejak" in page
    assert "Menunggak" not in page
    assert "Berhenti bila tidak dibayar" not in page


def test_an_agreement_without_an_end_says_how_many_it_has_before_it_is_closed(
    village: Village, signed_in: SignIn
) -> None:
    page = signed_in(Role.CITY_OFFICER).get(f"/kerja-sama/{village.agreement_id}/tutup/").content.decode()
    assert "tanpa batas akhir dan punya 2 peserta" in page
    assert "tertinggal" not in page


def test_a_source_that_pays_nobody_yet_is_not_called_too_small(village: Village, signed_in: SignIn) -> None:
    treasurer, scope = acting(village.users[Role.FINANCE_OFFICER], NOW.date())
    with in_scope(scope, actor=treasurer):
        sponsor = Agreement.objects.get(pk=village.agreement_id).sponsor_id
        source = agreements.add_source(
            sponsor_id=sponsor, origin=SourceOrigin.BAZNAS, name="Baznas Kota", by=treasurer
        )
        budgets.record_budget(
            agreement_id=village.agreement_id,
            funding_source_id=source.pk,
            year=2026,
            amount=10**9,
            by=treasurer,
            today=NOW.date(),
        )
    page = signed_in(Role.FINANCE_OFFICER).get(f"/kerja-sama/{village.agreement_id}/").content.decode()
    assert "belum ada yang dibayari dari sumber ini" in page
    assert "belum cukup untuk satu bulan pun" not in page
