"""The pages of the money to come: what they say to whom, what they refuse, and what stands in their files."""

import io
from datetime import date

import pytest
import python_calamine
from django.http import HttpResponse

from lindung.access.models import AuditEvent, Role
from lindung.access.scope import NOBODY, SystemScope, in_scope, system_scope
from lindung.law.months import Month
from lindung.membership import changes
from lindung.membership.employment import LeaveReason
from web.conftest import SignIn
from web.test_changes import sitis
from web.village import NOW, Village, acting

LOSSES = "/dana/kehilangan/"


def text_of(answer: HttpResponse) -> str:
    """The page with its white space as one, so that sentences can be looked for."""
    return " ".join(answer.content.decode().split())


def workbook(answer: HttpResponse) -> dict[str, list[list[str]]]:
    """The sheets of a file by name, as rows of text."""
    book = python_calamine.load_workbook(io.BytesIO(answer.content))
    return {
        name: [[str(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python()]
        for name in book.sheet_names
    }


class TestTheMoney:
    def test_it_says_until_when_and_what_lacks(self, signed_in: SignIn, village: Village) -> None:
        """Five months for two people, from August: all of 2026 is in the budget of Rp168.000."""
        page = text_of(signed_in(Role.CITY_OFFICER).get("/dana/"))
        assert "Dana 2026" in page
        assert "anggaran Rp168.000, perlu Rp168.000 setahun, kurang <b>Rp0</b>" in page
        assert "Sampai Desember sudah cukup." in page

    def test_more_money_buys_what_the_law_says_it_costs(self, signed_in: SignIn) -> None:
        """One more from December on costs Rp16.800: Rp100.000 pay for five."""
        page = text_of(signed_in(Role.MAYOR).get("/dana/?tambahan=100.000"))
        assert "5 orang baru dari Desember 2026 sampai Desember (Rp16.800 per orang)" in page

    @pytest.mark.parametrize("asked", ["seratus juta", "-1", "1e9", "0", "9" * 40])
    def test_it_says_how_to_write_an_amount(self, signed_in: SignIn, asked: str) -> None:
        answer = signed_in(Role.CITY_OFFICER).get("/dana/", {"tambahan": asked})
        assert answer.status_code == 422
        assert "Tulis jumlah dalam rupiah bulat" in text_of(answer)

    def test_it_shows_that_no_month_is_paid_twice_with_its_proof(self, signed_in: SignIn) -> None:
        page = text_of(signed_in(Role.AUDITOR).get("/dana/"))
        assert (
            "0: kunci tabel bulan lunas (orang, pekerjaan, program, bulan) menolak pembayaran kedua." in page
        )


class TestWhoLosesWhat:
    def test_it_says_the_day_the_people_and_the_loss(self, signed_in: SignIn, village: Village) -> None:
        """October is the last paid month: four unpaid ones end on 15 February 2027."""
        page = text_of(signed_in(Role.MAYOR).get(f"{LOSSES}{village.agreement_id}/"))
        assert "2 orang lepas mulai 16 Februari 2027" in page
        assert "Mulai menunggak 17 November 2026" in page
        assert "Keluarga kehilangan Rp42.000.000." in page
        assert "PP 44/2015 Pasal 42" in page

    def test_names_are_for_those_who_may_see_people_and_never_with_a_number(
        self, signed_in: SignIn, village: Village
    ) -> None:
        officer, mayor = signed_in(Role.CITY_OFFICER), signed_in(Role.MAYOR)
        names = text_of(officer.get(f"{LOSSES}orang/"))
        assert "Siti Aminah" in names
        assert "157102" not in names
        assert mayor.get(f"{LOSSES}orang/").status_code == 403
        assert "Siti" not in text_of(mayor.get(LOSSES))
        assert "Lihat namanya" not in text_of(mayor.get(LOSSES))

    def test_the_file_counts_and_names_nobody(self, signed_in: SignIn, village: Village) -> None:
        sheets = workbook(signed_in(Role.MAYOR).get(f"{LOSSES}{village.agreement_id}/unduh/"))
        assert sheets["Menurut hari"][1:] == [
            ["2026-11-17", "Mulai menunggak 17 November 2026", "2"],
            ["2027-02-16", "Lepas mulai 16 Februari 2027", "2"],
        ]
        (row,) = sheets["Per kelurahan"][1:]
        assert row[1:] == ["Thehok", "15.71.02.1004", "2", "0", "2027-02-16", "2", "0"]
        assert not any("Siti" in cell for rows in sheets.values() for row in rows for cell in row)

    def test_another_city_finds_nothing_there(self, signed_in: SignIn, village: Village) -> None:
        stranger = signed_in(village.stranger)
        for path in ("", "orang/", "unduh/"):
            assert stranger.get(f"{LOSSES}{village.agreement_id}/{path}").status_code == 404
        assert "belum ada yang bisa hilang" in text_of(stranger.get(LOSSES))

    def test_hari_ini_rings_for_those_who_are_meant(self, signed_in: SignIn, village: Village) -> None:
        """On 10 November the contribution of November is a week from being overdue."""
        for role, rung in ((Role.CITY_OFFICER, True), (Role.FINANCE_OFFICER, True), (Role.AUDITOR, False)):
            page = text_of(signed_in(role).get("/"))
            assert (
                "iuran November 2026 belum dibayar. 2 orang menunggak mulai 17 November 2026" in page
            ) is rung


class TestPaidAfterDeath:
    def dies(self, village: Village, on: date) -> None:
        actor, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
        with in_scope(scope, actor=actor):
            changes.leave(
                membership_id=sitis(village),
                last_month=Month(2026, 10),
                reason=LeaveReason.DIED,
                died_on=on,
                by=actor,
                now=NOW,
            )

    def test_finance_sees_sums_by_bill_and_order_and_no_name(
        self, signed_in: SignIn, village: Village
    ) -> None:
        self.dies(village, date(2026, 8, 20))
        page = text_of(signed_in(Role.FINANCE_OFFICER).get("/pengembalian/"))
        assert "Rp33.600 untuk 2 bulan" in page
        assert "SP2D/2026-09" in page
        assert "Siti" not in page
        assert signed_in(Role.FINANCE_OFFICER).get("/pengembalian/unduh/").status_code == 403

    def test_it_lists_the_months_after_the_month_of_death_with_their_order(
        self, signed_in: SignIn, village: Village
    ) -> None:
        """Ibu Siti died on 20 August; September and October were paid."""
        self.dies(village, date(2026, 8, 20))
        page = text_of(signed_in(Role.CITY_OFFICER).get("/pengembalian/"))
        assert "Rp33.600 untuk 2 bulan, 1 orang" in page
        assert "SP2D/2026-09" in page
        assert "SP2D/2026-08" not in page
        assert "PP 44/2015 Pasal 23" in page

    def test_the_file_adds_up_and_is_on_the_trail(self, signed_in: SignIn, village: Village) -> None:
        self.dies(village, date(2026, 8, 20))
        rows = workbook(signed_in(Role.CITY_OFFICER).get("/pengembalian/unduh/"))["Pengembalian"]
        assert [row[5:7] for row in rows[1:]] == [["2026-09", "16800"], ["2026-10", "16800"], ["", "33600"]]
        with system_scope(SystemScope.DEMO, actor=NOBODY):
            event = AuditEvent.objects.get(action="refunds.taken")
        assert event.detail == {"people": 1, "months": 2, "amount": 33_600}

    def test_without_a_death_there_is_nothing_to_ask_back(self, signed_in: SignIn) -> None:
        assert "Tidak ada bulan yang dibayar sesudah meninggal" in text_of(
            signed_in(Role.CITY_OFFICER).get("/pengembalian/")
        )

    def test_whoever_may_not_see_people_does_not_see_the_list(self, signed_in: SignIn) -> None:
        for role in (Role.MAYOR, Role.KELURAHAN_OPERATOR):
            assert signed_in(role).get("/pengembalian/").status_code == 403

    def test_finance_sees_sums_without_names(self, signed_in: SignIn, village: Village) -> None:
        self.dies(village, date(2026, 8, 20))
        page = text_of(signed_in(Role.FINANCE_OFFICER).get("/pengembalian/"))
        assert "Rp33.600" in page
        assert "Siti" not in page


def test_the_page_of_a_worker_counts_her_months(signed_in: SignIn, village: Village) -> None:
    page = text_of(signed_in(Role.CITY_OFFICER).get(f"/pekerja/{village.siti_id}/"))
    assert "Santunan JKM penuh (Rp42.000.000).</b> Tercapai: 3 bulan lunas" in page
    assert "Beasiswa anak: 3 dari 36 bulan." in page
