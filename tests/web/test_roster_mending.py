"""A list mended on its pages: a cell in its place or on a page of its own, a corrected file, the workbook to take along."""

import re
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lindung.access.middleware import SEEN
from lindung.access.models import AuditEvent, Role
from lindung.access.scope import in_scope
from lindung.formats import workbook
from lindung.formats.cells import text_of
from lindung.membership import handing_back
from web.conftest import SignIn
from web.test_rosters import uploaded
from web.village import FAULTY_ROWS, NEXT_ROWS, NOW, READY_ROWS, SITI, Village, acting, sheet

NUR = 4
"""Her line: the NIK has eight digits."""
NAME, NIK_COLUMN, KELURAHAN = 0, 1, 4
RIGHT = "1571025203840005"
INSIDE = {"HX-Request": "true"}


def address(village: Village, column: int = NIK_COLUMN, line: int = NUR) -> str:
    return f"/daftar/{village.roster_id}/baris/{line}/kolom/{column}/"


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def sent(client: Client, path: str, **fields: str) -> HttpResponse:
    """The form of this page filled in and sent."""
    page = client.get(path).content.decode()
    tokens = {name: hidden(page, name) for name in ("once", "revision")}
    answer: HttpResponse = client.post(path, {**tokens, **fields})  # type: ignore[assignment]  # django-stubs
    return answer


def compared(client: Client, village: Village, *rows: str) -> str:
    """A corrected file sent; the address of its summary."""
    path = f"/daftar/{village.roster_id}/perbaikan/"
    page = client.get(path).content.decode()
    file = SimpleUploadedFile("perbaikan.csv", sheet(*rows))
    return client.post(path, {"once": hidden(page, "once"), "file": file}).headers["Location"]


class TestACell:
    def test_it_mends_a_cell_on_a_page_of_its_own(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        assert sent(client, address(village), text=RIGHT).status_code == 302
        page = client.get(f"/daftar/{village.roster_id}/").content.decode()
        assert "1 orang siap didaftarkan" in page
        row = client.get(f"/daftar/{village.roster_id}/baris/{NUR}/").content.decode()
        assert "City Officer Dinas Tenaga Kerja" in row
        assert "Sebelumnya" in row
        assert RIGHT not in row

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            (RIGHT, "Baris diperbaiki dan diperiksa lagi."),
            ("157102520384", "Disimpan; masih perlu diperbaiki: NIK harus 16 angka; di sini 12."),
            ("15710252", "Isinya sama seperti sebelumnya; tidak ada yang berubah."),
        ],
    )
    def test_it_says_what_is_still_to_mend(
        self, village: Village, signed_in: SignIn, typed: str, told: str
    ) -> None:
        client = signed_in(Role.CITY_OFFICER)
        row = sent(client, address(village), text=typed).headers["Location"]
        assert told in client.get(row).content.decode()

    def test_the_form_fits_what_is_asked(self, village: Village, signed_in: SignIn) -> None:
        """A NIK that is empty is not optional, and a phone brings up its numbers; a remark may stay empty."""
        client = signed_in(Role.KELURAHAN_OPERATOR)
        number, remark = (client.get(address(village, column=at)).content.decode() for at in (NIK_COLUMN, 5))
        assert 'inputmode="numeric"' in number
        assert 'inputmode="numeric"' not in remark
        name = client.get(address(village, column=NAME)).content.decode()
        assert "boleh kosong" not in number + name
        assert "boleh kosong" in remark
        assert sent(client, address(village, column=NAME), text="").status_code == 422

    def test_it_gives_the_row_back_where_scripts_run(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        form = client.get(address(village), headers=INSIDE).content.decode()
        assert form.startswith("<form")
        tokens = {name: hidden(form, name) for name in ("once", "revision")}
        row = client.post(address(village), {**tokens, "text": RIGHT}, headers=INSIDE)
        assert row.content.decode().startswith(f'<tr role="row" id="baris-{NUR}">')
        assert "Siap" in row.content.decode()

    def test_it_never_puts_a_whole_number_into_the_form(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        sent(client, address(village), text=RIGHT)
        page = client.get(address(village)).content.decode()
        assert RIGHT not in page
        assert "Ketik nomor lengkapnya" in page
        answer = sent(client, address(village), text="")
        assert answer.status_code == 422

    def test_it_says_so_when_somebody_else_was_quicker(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        page = client.get(address(village)).content.decode()
        sent(client, address(village), text=RIGHT)
        stale = {
            "once": hidden(page, "once"),
            "revision": hidden(page, "revision"),
            "text": "1571025203840006",
        }
        answer = client.post(address(village), stale)
        assert answer.status_code == 422
        assert "Anda sendiri sudah mengubah baris ini" in answer.content.decode()
        sent(signed_in(Role.KELURAHAN_OPERATOR), address(village), text="1571025203840007")
        answer = client.post(address(village), stale | {"once": "another"})
        assert "baru saja diubah orang lain" in answer.content.decode()

    def test_a_page_of_its_own_is_sent_as_a_page(self, village: Village, signed_in: SignIn) -> None:
        page = signed_in(Role.CITY_OFFICER).get(address(village)).content.decode()
        assert "<html" in page
        assert "hx-" not in page

    def test_a_refused_cell_comes_back_in_its_place_with_what_was_typed(
        self, village: Village, signed_in: SignIn
    ) -> None:
        client = signed_in(Role.CITY_OFFICER)
        path = address(village, column=0)
        form = client.get(path, headers=INSIDE).content.decode()
        sent(signed_in(Role.KELURAHAN_OPERATOR), path, text="Nur Hasanah binti Ali")
        fields = {name: hidden(form, name) for name in ("once", "revision")} | {"text": "Nur H."}
        refused = client.post(path, fields, headers=INSIDE)
        page = refused.content.decode()
        assert page.startswith("<form")
        assert 'hx-target="this"' in page
        assert "HX-Retarget" not in refused.headers
        assert "baru saja diubah orang lain" in page
        assert "Isi sekarang: Nur Hasanah binti Ali" in page
        assert 'value="Nur H."' in page
        again = {name: hidden(page, name) for name in ("once", "revision")} | {"text": "Nur H."}
        row = client.post(path, again, headers=INSIDE)
        assert row.content.decode().startswith("<tr")
        assert (row.headers["HX-Retarget"], row.headers["HX-Reswap"]) == ("closest tr", "outerHTML")
        assert "Nur H." in row.content.decode()

    def test_a_sign_nobody_sees_leaves_the_form_in_its_place(
        self, village: Village, signed_in: SignIn
    ) -> None:
        client = signed_in(Role.CITY_OFFICER)
        form = client.get(address(village, column=0), headers=INSIDE).content.decode()
        fields = {name: hidden(form, name) for name in ("once", "revision")} | {"text": "Nur\0Hasanah"}
        refused = client.post(address(village, column=0), fields, headers=INSIDE)
        assert refused.content.decode().startswith("<form")
        assert "tanda yang tidak terlihat" in refused.content.decode()
        assert "Isi sekarang: Nur Hasanah" in refused.content.decode()

    def test_a_row_enrolled_meanwhile_stands_there_as_a_row(
        self, village: Village, signed_in: SignIn
    ) -> None:
        answer = signed_in(Role.CITY_OFFICER).get(address(village, line=2), headers=INSIDE)
        assert answer.headers["HX-Retarget"] == "closest tr"
        assert answer.content.decode().startswith('<tr role="row" id="baris-2">')

    def test_enter_stores_what_was_typed_and_no_suggestion(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        sent(client, address(village, column=KELURAHAN), text="The Hokk")
        page = client.get(address(village, column=KELURAHAN), headers=INSIDE).content.decode()
        assert 'name="suggestion"' in page
        assert page.index("Simpan</button>") < page.index('name="suggestion"')

    def test_it_does_a_second_press_once(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        page = client.get(address(village)).content.decode()
        fields = {"once": hidden(page, "once"), "revision": hidden(page, "revision"), "text": RIGHT}
        assert [client.post(address(village), fields).status_code for _ in range(2)] == [302, 302]
        assert "revisi" not in client.get(f"/daftar/{village.roster_id}/baris/{NUR}/").content.decode()

    @pytest.mark.parametrize("text", ["a\0b", "x" * 501, "a\u202eb"])
    def test_it_refuses_what_nobody_can_see(self, village: Village, signed_in: SignIn, text: str) -> None:
        answer = sent(signed_in(Role.CITY_OFFICER), address(village, column=0), text=text)
        assert answer.status_code == 422

    def test_an_enrolled_row_is_not_changed_here(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        assert (
            client.get(address(village, line=2)).headers["Location"]
            == f"/daftar/{village.roster_id}/baris/2/"
        )

    def test_it_knows_no_row_of_another_city(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(village.stranger)
        assert client.get(address(village)).status_code == 404
        assert client.get(f"/daftar/{village.roster_id}/baris/{NUR}/").status_code == 404
        assert client.post(f"/daftar/{village.roster_id}/unduh/").status_code == 404
        assert client.get(f"/daftar/{village.roster_id}/perbaikan/").status_code == 404

    def test_an_operator_mends_her_own_kelurahan_and_moves_nobody_out_of_it(
        self, village: Village, signed_in: SignIn
    ) -> None:
        client = signed_in(Role.KELURAHAN_OPERATOR)
        answer = sent(client, address(village, column=KELURAHAN), text="Legok")
        assert answer.status_code == 422
        assert "kelurahan lain" in answer.content.decode()
        assert sent(client, address(village), text=RIGHT).status_code == 302


class TestTheWorkbook:
    def test_it_takes_the_workbook_along_with_two_columns_more(
        self, village: Village, signed_in: SignIn
    ) -> None:
        answer = signed_in(Role.CITY_OFFICER).post(f"/daftar/{village.roster_id}/unduh/")
        assert (
            answer.headers["Content-Disposition"]
            == 'attachment; filename="Data Pekerja FIX (2) - hasil.xlsx"'
        )
        rows = [
            [text_of(cell) for cell in row.cells]
            for row in workbook.read_limited(answer.content)
            if row.number
        ]
        assert rows[0][-2:] == ["Hasil", "Yang perlu diperbaiki"]
        assert [row[6] for row in rows[1:5]] == ["Terdaftar", "Terdaftar", "Perbaiki", "Ditolak"]
        assert "Diambil dari Lindung oleh" in rows[-1][0]

    def test_it_is_on_the_trail(self, village: Village, signed_in: SignIn) -> None:
        signed_in(Role.CITY_OFFICER).post(f"/daftar/{village.roster_id}/unduh/")
        actor, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
        with in_scope(scope, actor=actor):
            event = AuditEvent.objects.get(action="roster.taken_out")
        assert (event.actor_id, event.detail) == (actor.user_id, {"rows": 4, "last": 5})

    def test_the_page_says_that_the_code_is_asked_and_a_link_alone_hands_out_nothing(
        self, village: Village, signed_in: SignIn
    ) -> None:
        client = signed_in(Role.CITY_OFFICER)
        assert "kode Anda ditanyakan lagi" in client.get(f"/daftar/{village.roster_id}/").content.decode()
        assert client.get(f"/daftar/{village.roster_id}/unduh/").status_code == 405

    def test_one_user_takes_out_so_many_a_day_and_no_more(
        self, village: Village, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(handing_back, "MOST_A_DAY", 1)
        client, path = signed_in(Role.CITY_OFFICER), f"/daftar/{village.roster_id}/unduh/"
        assert client.post(path).status_code == 200
        answer = client.post(path, follow=True)
        assert answer.redirect_chain == [(f"/daftar/{village.roster_id}/", 302)]
        assert "Lanjutkan besok" in answer.content.decode()
        actor, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
        with in_scope(scope, actor=actor):
            assert AuditEvent.objects.filter(action="roster.taken_out").count() == 1


class TestACorrection:
    def test_it_says_what_would_change_and_changes_it_when_agreed(
        self, village: Village, signed_in: SignIn
    ) -> None:
        client = signed_in(Role.CITY_OFFICER)
        mended = FAULTY_ROWS[0].replace("15710252", RIGHT)
        address_of_summary = compared(client, village, *READY_ROWS, mended, NEXT_ROWS[0])
        summary = client.get(address_of_summary).content.decode()
        assert "1 berubah, 1 baru, 1 hilang" in summary
        assert "Belum ada baris yang siap" not in summary
        client.post(address_of_summary, {"once": hidden(summary, "once")})
        after = client.get(f"/daftar/{village.roster_id}/").content.decode()
        assert "Nur Hasanah" in after
        assert "1 orang siap didaftarkan" in after  # the quota is three, and two are enrolled
        assert "Baris ini tidak ada lagi di berkas perbaikan terakhir" in after

    def test_it_shows_each_cell_before_and_after_and_no_whole_number(
        self, village: Village, signed_in: SignIn
    ) -> None:
        client = signed_in(Role.CITY_OFFICER)
        mended = FAULTY_ROWS[0].replace("15710252", RIGHT).replace("Sayur", "Penjahit")
        summary = client.get(compared(client, village, *READY_ROWS, mended)).content.decode()
        assert "Baris 4<br>Nur Hasanah" in summary
        assert "Sayur → <b>Penjahit</b>" in summary
        assert "•••••••• → <b>157102••••••••05</b>" in summary
        assert RIGHT not in summary

    def test_it_asks_whose_text_a_cell_gets_that_somebody_else_mended_too(
        self, village: Village, signed_in: SignIn
    ) -> None:
        client = signed_in(Role.CITY_OFFICER)
        sent(signed_in(Role.KELURAHAN_OPERATOR), address(village, column=NAME), text="Nur Hasanah Ali")
        rows = FAULTY_ROWS[0].replace("Nur Hasanah", "Nur Hasanah Binti"), FAULTY_ROWS[1]
        page = compared(client, village, *READY_ROWS, *rows)
        summary = client.get(page).content.decode()
        assert "Baris 4: Nur Hasanah Ali, Nama Lengkap" in summary
        assert "Isi daftar, lebih baru: Nur Hasanah Ali" in summary
        assert "Isi berkas Anda: Nur Hasanah Binti" in summary
        fields = {"once": hidden(summary, "once")}
        assert client.post(page, fields).status_code == 422
        assert client.post(page, {**fields, "cell-4-0": "file"}).status_code == 302
        row = client.get(f"/daftar/{village.roster_id}/baris/{NUR}/").content.decode()
        assert "Nur Hasanah Binti" in row

    def test_it_asks_for_the_file_again_when_the_list_has_changed(
        self, village: Village, signed_in: SignIn
    ) -> None:
        client = signed_in(Role.CITY_OFFICER)
        page = compared(client, village, *READY_ROWS, *NEXT_ROWS)
        before = client.get(page).content.decode()
        sent(client, address(village), text=RIGHT)
        assert "Unggah berkas ini sekali lagi" in client.get(page).content.decode()
        assert client.post(page, {"once": hidden(before, "once")}).status_code == 422

    def test_it_names_the_enrolled_whom_the_file_changes_or_leaves_out_and_says_the_road(
        self, village: Village, signed_in: SignIn
    ) -> None:
        client = signed_in(Role.CITY_OFFICER)
        mistyped = READY_ROWS[0].replace(SITI, "1571025203840007")
        page = client.get(compared(client, village, mistyped, *FAULTY_ROWS)).content.decode()
        assert "Sudah terdaftar, lain isinya di berkas" in page
        assert f'<a href="/pekerja/{village.siti_id}/">Siti Aminah</a>' in page
        assert "NIK lain berarti orang lain" in page
        assert "Tetap peserta, walau tidak ada di berkas" in page
        assert "Budi Santoso</a>" in page
        assert "buka halaman orangnya dan Catat keluar" in page
        assert "1571025203840007" not in page

    def test_where_only_an_enrolled_person_differs_he_is_named_too(
        self, village: Village, signed_in: SignIn
    ) -> None:
        client = signed_in(Role.CITY_OFFICER)
        mistyped = READY_ROWS[0].replace("The Hok", "Legok")
        page = client.get(compared(client, village, mistyped, READY_ROWS[1], *FAULTY_ROWS)).content.decode()
        assert f'<a href="/pekerja/{village.siti_id}/">Siti Aminah</a>' in page
        assert "tidak ada yang perlu disimpan" in page
        assert "Simpan perubahan" not in page

    def test_an_enrolled_row_and_the_workers_page_say_what_to_do_about_a_wrong_nik(
        self, village: Village, signed_in: SignIn
    ) -> None:
        client = signed_in(Role.CITY_OFFICER)
        row = client.get(f"/daftar/{village.roster_id}/baris/2/").content.decode()
        assert f'href="/pekerja/{village.siti_id}/"' in row
        for path in (f"/pekerja/{village.siti_id}/", f"/pekerja/{village.siti_id}/betulkan/"):
            page = client.get(path).content.decode()
            assert "lalu daftarkan lagi dengan NIK yang benar" in page
        assert "lalu daftarkan lagi dengan NIK yang benar" in row

    def test_a_workbook_of_another_list_leads_to_that_list(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        workbook_of_it = client.post(f"/daftar/{village.roster_id}/unduh/").content
        other = uploaded(client, village.agreement_id, sheet(*NEXT_ROWS)).headers["Location"]
        page = client.get(f"{other}perbaikan/").content.decode()
        file = SimpleUploadedFile("hasil.xlsx", workbook_of_it)
        answer = client.post(f"{other}perbaikan/", {"once": hidden(page, "once"), "file": file})
        assert answer.status_code == 422
        assert "unduhan dari daftar lain: Data Pekerja FIX (2)" in answer.content.decode()
        assert f'class="button" href="/daftar/{village.roster_id}/"' in answer.content.decode()

    def test_it_asks_for_a_tick_before_most_of_a_list_vanishes(
        self, village: Village, signed_in: SignIn
    ) -> None:
        client = signed_in(Role.CITY_OFFICER)
        page = compared(client, village, READY_ROWS[0])
        summary = client.get(page).content.decode()
        assert "3 dari 4 baris daftar memang tidak ikut lagi" in summary
        fields = {"once": hidden(summary, "once")}
        refused = client.post(page, fields)
        assert refused.status_code == 422
        assert "3 dari 4 baris daftar tidak ada di berkas ini" in refused.content.decode()
        assert client.post(page, {**fields, "vanish": "on"}).status_code == 302

    def test_it_says_why_a_corrected_file_cannot_be_read(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        path = f"/daftar/{village.roster_id}/perbaikan/"
        page = client.get(path).content.decode()
        file = SimpleUploadedFile("perbaikan.xlsx", b"\x89PNG")
        answer = client.post(path, {"once": hidden(page, "once"), "file": file})
        assert answer.status_code == 422
        assert "bukan buku kerja" in answer.content.decode()
        without = client.post(path, {"once": hidden(page, "once")})
        assert without.status_code == 422


def test_it_asks_for_the_columns_when_nobody_knows_the_headings(village: Village, signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    strange = sheet(*NEXT_ROWS).replace(b"Nama Lengkap,NIK,Tanggal Lahir", b"Siapa,Nomornya,Kapan")
    roster = uploaded(client, village.agreement_id, strange).headers["Location"]
    asking = client.get(roster).headers["Location"]
    assert asking == f"{roster}kolom/"
    page = client.get(asking).content.decode()
    assert "Nomornya" in page
    assert "1571024806900004" not in page
    opening = {name: hidden(page, name) for name in ("once", "sheet", "revision")}
    gap = client.post(asking, {**opening, "column-0": "name"})
    assert gap.status_code == 422
    assert "Pilih juga kolom untuk: NIK" in gap.content.decode()
    chosen = {
        "column-0": "name",
        "column-1": "nik",
        "column-2": "birth",
        "column-3": "sex",
        "column-4": "kelurahan",
    }
    assert client.post(asking, {**opening, **chosen}).headers["Location"] == roster
    assert "Berkas sudah tersimpan" in client.get(roster).content.decode()


def test_it_asks_the_same_of_the_database_however_many_rows_a_page_shows(
    village: Village, signed_in: SignIn
) -> None:
    client = signed_in(Role.CITY_OFFICER)
    few = uploaded(client, village.agreement_id, sheet(NEXT_ROWS[0])).headers["Location"]
    rows = [
        f"Warga {name} Lestari,15710252038400{at:02},12/03/1984,P,The Hok,Sayur"
        for at, name in enumerate(_NAMES, 10)
    ]
    many = uploaded(client, village.agreement_id, sheet(*rows)).headers["Location"]
    assert queries(client, few) == queries(client, many)
    assert queries(client, "/daftar/") == queries(client, f"/daftar/?kerja-sama={village.agreement_id}")


_NAMES = ("Ami", "Beti", "Cici", "Deti", "Eka", "Fani", "Gita", "Hana", "Ika", "Juli", "Kiki", "Lala")


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    return len(asked)


def test_a_cell_typed_after_the_end_of_the_session_is_found_again_after_signing_in(
    village: Village, signed_in: SignIn
) -> None:
    client = signed_in(Role.CITY_OFFICER)
    path = address(village, column=0)
    form = client.get(path, headers=INSIDE).content.decode()
    fields = {name: hidden(form, name) for name in ("once", "revision")} | {"text": "Nur Hasanah Ali"}
    session = client.session
    session[SEEN] -= 16 * 60
    session.save()
    table = {"Referer": f"http://testserver/daftar/{village.roster_id}/"}
    answer = client.post(path, fields, headers=INSIDE | table)
    assert answer.headers["HX-Redirect"] == f"/akun/masuk/?{urlencode({'next': path})}&habis=isian"
    page = signed_in(Role.CITY_OFFICER).get(path).content.decode()
    assert 'value="Nur Hasanah Ali"' in page
    assert "dipulihkan" in page
