"""The pages of a roster: taking a file in, reading its faults, enrolling what is ready."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

import agreed
from lindung.access.models import Role
from lindung.access.scope import in_scope
from lindung.contributions import billing
from lindung.formats.unreadable import LIMITS, Limits
from lindung.law.months import Month
from lindung.membership.models import Membership
from lindung.partnership.models import Agreement
from lindung.web import roster_uploads
from web.conftest import SignIn
from web.village import NEXT_ROWS, NOW, READY_ROWS, SITI, Village, acting, sheet


def uploaded(client: Client, agreement_id: int, content: bytes, name: str = "daftar.csv") -> HttpResponse:
    """The answer to sending this file for this agreement."""
    file = SimpleUploadedFile(name, content)
    answer: HttpResponse = client.post(f"/kerja-sama/{agreement_id}/unggah/", {"file": file})  # type: ignore[assignment]  # django-stubs
    return answer


def test_it_shows_every_fault_in_its_cell_with_what_to_do(village: Village, signed_in: SignIn) -> None:
    page = signed_in(Role.CITY_OFFICER).get(f"/daftar/{village.roster_id}/").content.decode()
    cell = page[page.index('data-label="NIK" class="blocks"') :]
    cell = cell[: cell.index("</td>")]
    assert 'class="value"' in cell
    assert 'class="problem blocks"' in cell
    assert "<i>" in cell  # the suggestion


def test_it_never_shows_a_whole_nik(village: Village, signed_in: SignIn) -> None:
    page = signed_in(Role.CITY_OFFICER).get(f"/daftar/{village.roster_id}/").content.decode()
    assert "Siti Aminah" in page
    assert SITI not in page


def test_it_filters_the_rows_and_survives_any_address(village: Village, signed_in: SignIn) -> None:
    everybody = {"Siti Aminah", "Budi Santoso", "Nur Hasanah", "M. Yusuf"}
    expected = {
        "?hasil=enrolled": {"Siti Aminah", "Budi Santoso"},
        "?hasil=to_fix": {"Nur Hasanah"},
        "?hasil=refused": {"M. Yusuf"},
        "?hasil=ready": set(),
        "?hasil=made-up": everybody,
        "?halaman=-1": everybody,
        "?halaman=999999999999999999999": everybody,
        "?halaman=\N{ARABIC-INDIC DIGIT THREE}": everybody,
    }
    client = signed_in(Role.CITY_OFFICER)
    shown = {asked: client.get(f"/daftar/{village.roster_id}/{asked}").content.decode() for asked in expected}
    assert {
        asked: {name for name in everybody if f">{name}<" in page} for asked, page in shown.items()
    } == expected


def test_it_leads_from_an_enrolled_row_to_the_worker(village: Village, signed_in: SignIn) -> None:
    page = signed_in(Role.CITY_OFFICER).get(f"/daftar/{village.roster_id}/").content.decode()
    assert f'href="/pekerja/{village.siti_id}/"' in page


def test_it_takes_a_list_and_shows_its_rows(village: Village, signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    answer = uploaded(client, village.agreement_id, sheet(*NEXT_ROWS))
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"]).content.decode()
    assert "1 orang siap didaftarkan" in page
    assert "Dewi Sartika" in page


def test_it_says_what_the_ready_people_cost_and_when_the_money_would_end(
    village: Village, signed_in: SignIn
) -> None:
    """Five months for two people were set aside; with a third from December on, December lacks one contribution."""
    client = signed_in(Role.CITY_OFFICER)
    address = uploaded(client, village.agreement_id, sheet(*NEXT_ROWS)).headers["Location"]
    for page in (client.get(address), client.get(f"{address}daftarkan/")):
        assert "Rp16.800" in page.content.decode()
        assert "November 2026" in page.content.decode()


def test_it_finds_the_same_list_again_when_it_is_sent_twice(village: Village, signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    first = uploaded(client, village.agreement_id, sheet(*NEXT_ROWS))
    again = uploaded(client, village.agreement_id, sheet(*NEXT_ROWS), name="lain.csv")
    assert first.headers["Location"] == again.headers["Location"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Berkas ini kosong"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "bukan buku kerja atau csv"),
        (b"PK\x03\x04" + bytes(50), "rusak"),
        (b"halo dunia\r\n", "Unggah"),
    ],
)
def test_it_keeps_the_page_and_says_why_a_file_was_not_taken(
    village: Village, signed_in: SignIn, content: bytes, sentence: str
) -> None:
    answer = uploaded(signed_in(Role.CITY_OFFICER), village.agreement_id, content, "daftar.xlsx")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in page
    assert sentence in page
    assert "Yang perlu Anda lakukan" in page


def test_it_asks_for_a_file_when_none_was_chosen(village: Village, signed_in: SignIn) -> None:
    answer = signed_in(Role.CITY_OFFICER).post(f"/kerja-sama/{village.agreement_id}/unggah/")
    assert answer.status_code == 422
    assert "Pilih berkas dulu" in answer.content.decode()


def test_it_does_not_even_read_a_file_that_is_too_large(
    village: Village, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_uploads, "LIMITS", Limits(max_file_bytes=10))
    answer = uploaded(signed_in(Role.CITY_OFFICER), village.agreement_id, sheet(*NEXT_ROWS))
    assert answer.status_code == 422
    assert "terlalu besar" in answer.content.decode()


def test_it_says_so_when_a_request_was_so_large_that_it_came_without_its_file(
    village: Village, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 100
    monkeypatch.setattr(roster_uploads, "LIMITS", Limits(max_file_bytes=100))
    answer = uploaded(signed_in(Role.CITY_OFFICER), village.agreement_id, sheet(*NEXT_ROWS))
    assert answer.status_code == 422
    assert "paling banyak 40 MB" in answer.content.decode()


def test_it_writes_no_list_into_the_temporary_folder(
    village: Village, signed_in: SignIn, settings: LazySettings, tmp_path: Path
) -> None:
    """There is no such folder here: whoever wanted to put the list there would fail."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "not there"
    padding = [f"JUMLAH {'x' * 1_500},,,,," for _ in range(2_000)]
    content = sheet(*NEXT_ROWS, *padding)
    assert len(content) > 3_000_000
    client = signed_in(Role.CITY_OFFICER)
    answer = uploaded(client, village.agreement_id, content)
    assert "Berkas sudah tersimpan" in client.get(answer.headers["Location"]).content.decode()


def test_the_limit_of_a_request_is_the_one_the_sentence_names(settings: LazySettings) -> None:
    assert settings.FILE_UPLOAD_MAX_MEMORY_SIZE == LIMITS.max_file_bytes == 40 * 1024 * 1024


def test_it_has_a_page_of_its_own_for_an_upload_which_says_what_is_wrong_there(
    village: Village, signed_in: SignIn
) -> None:
    client = signed_in(Role.CITY_OFFICER)
    assert "Paling besar 40 MB" in client.get(f"/kerja-sama/{village.agreement_id}/unggah/").content.decode()
    answer = client.post(f"/kerja-sama/{village.agreement_id}/unggah/", {"own-page": "1"})
    assert answer.status_code == 422
    assert "Pilih berkas dulu" in answer.content.decode()
    assert "Paling besar 40 MB" in answer.content.decode()


def test_it_asks_once_more_before_it_enrols(village: Village, signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    address = uploaded(client, village.agreement_id, sheet(*NEXT_ROWS)).headers["Location"]
    page = client.get(f"{address}daftarkan/").content.decode()
    assert "Daftarkan 1 orang?" in page
    assert "1 perlu diperbaiki, 1 ditolak" in page
    assert _enrolled(village) == 2


def test_it_enrols_the_ready_rows_and_says_how_many(village: Village, signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    address = uploaded(client, village.agreement_id, sheet(*NEXT_ROWS)).headers["Location"]
    page = client.post(f"{address}daftarkan/", follow=True).content.decode()
    assert "1 orang sudah terdaftar." in page
    assert _enrolled(village) == 3


def test_it_enrols_from_the_month_that_was_chosen(village: Village, signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    address = uploaded(client, village.agreement_id, sheet(*NEXT_ROWS)).headers["Location"]
    page = client.get(f"{address}daftarkan/").content.decode()
    assert '<option value="2026-11">' in page
    assert '<option value="2026-12" selected>' in page
    assert client.post(f"{address}daftarkan/", {"month": "2026-10"}).status_code == 409
    client.post(f"{address}daftarkan/", {"month": "2027-02"})
    actor, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=actor):
        assert Membership.objects.order_by("-since")[0].since == Month(2027, 2).first_day()


def test_it_enrols_nobody_twice(village: Village, signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    address = uploaded(client, village.agreement_id, sheet(*NEXT_ROWS)).headers["Location"]
    client.post(f"{address}daftarkan/")
    page = client.post(f"{address}daftarkan/", follow=True).content.decode()
    assert "Tidak ada yang berubah." in page
    assert _enrolled(village) == 3


def test_it_says_why_when_two_lists_together_pass_the_quota(village: Village, signed_in: SignIn) -> None:
    """Each list alone fits the one place that is left; the database lets only the first one in."""
    client = signed_in(Role.CITY_OFFICER)
    lists = [sheet(NEXT_ROWS[0]), sheet("Agus Salim,1571020203850005,02/03/1985,L,The Hok,Ojek")]
    first, second = (uploaded(client, village.agreement_id, each).headers["Location"] for each in lists)
    client.post(f"{first}daftarkan/")
    answer = client.post(f"{second}daftarkan/")
    assert answer.status_code == 409
    assert "Kuota segmen terlampaui" in answer.content.decode()
    assert _enrolled(village) == 3


def test_it_says_why_when_the_bill_of_the_first_month_is_drawn_already(
    village: Village, signed_in: SignIn
) -> None:
    """Who came after the bill of December would never be billed for it."""
    actor, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=actor):
        billing.draw_up(agreement_id=village.agreement_id, month=Month(2026, 12), by=actor, today=NOW.date())
    client = signed_in(Role.CITY_OFFICER)
    address = uploaded(client, village.agreement_id, sheet(*NEXT_ROWS)).headers["Location"]
    answer = client.post(f"{address}daftarkan/")
    assert answer.status_code == 409
    assert "Tagihan bulan itu sudah disusun" in answer.content.decode()
    assert _enrolled(village) == 2


def test_it_names_the_costs_of_the_agreements_first_month_when_that_is_later(
    village: Village, signed_in: SignIn
) -> None:
    """The agreement begins in March 2027, for which no money is set aside yet."""
    later = _another_agreement(village, since=Month(2027, 3))
    client = signed_in(Role.CITY_OFFICER)
    address = uploaded(client, later, sheet(*NEXT_ROWS)).headers["Location"]
    assert client.get(address).context["prospect"].first_month == Month(2027, 3)


def test_it_offers_no_enrolment_where_nothing_is_ready(village: Village, signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    page = client.get(f"/daftar/{village.roster_id}/").content.decode()
    assert '<button class="button" disabled>' in page
    assert client.get(f"/daftar/{village.roster_id}/daftarkan/").status_code == 302


def test_it_shows_the_list_without_the_button_to_those_who_only_look(
    village: Village, signed_in: SignIn
) -> None:
    page = signed_in(Role.AUDITOR).get(f"/daftar/{village.roster_id}/").content.decode()
    assert "Nur Hasanah" in page
    assert "Daftarkan" not in page


@pytest.mark.parametrize(
    ("role", "said"),
    [
        (Role.CITY_OFFICER, "Yang tersisa bisa diperbaiki, lalu didaftarkan menyusul."),
        (Role.KELURAHAN_OPERATOR, "Perbaiki yang ditandai. Yang sudah siap didaftarkan oleh petugas kota."),
        (Role.AUDITOR, "Keadaan tiap baris. Yang sudah siap didaftarkan oleh petugas kota."),
    ],
)
def test_it_tells_each_what_she_may_do_with_it(
    village: Village, signed_in: SignIn, role: Role, said: str
) -> None:
    """Of a list of which two are enrolled: that nobody is enrolled yet would be untrue."""
    page = signed_in(role).get(f"/daftar/{village.roster_id}/").content.decode()
    assert said in page
    assert "sebelum Anda menyetujui" not in page


def test_it_knows_no_list_and_no_agreement_of_another_city(village: Village, signed_in: SignIn) -> None:
    client = signed_in(village.stranger)
    assert client.get(f"/daftar/{village.roster_id}/").status_code == 404
    assert client.get(f"/daftar/{village.roster_id}/daftarkan/").status_code == 404
    assert client.post(f"/daftar/{village.roster_id}/daftarkan/").status_code == 404
    assert uploaded(client, village.agreement_id, sheet(*READY_ROWS)).status_code == 404


def _another_agreement(village: Village, *, since: Month) -> int:
    """One more agreement of the city, beginning in this month; its id."""
    actor, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=actor):
        like = Agreement.objects.get(pk=village.agreement_id)
    second = acting(village.users[Role.BRANCH_OFFICER], NOW.date())
    made = agreed.another(
        like, "jambi-nanti", since=since.first_day(), writer=(actor, scope), second=second, now=NOW
    )
    return int(made.pk)


def _enrolled(village: Village) -> int:
    actor, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=actor):
        return Membership.objects.filter(agreement_id=village.agreement_id).count()
