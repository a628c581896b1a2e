"""The pages of drafts, superseded bills, months ahead and monthly runs."""

import pytest

from lindung.access.models import Role
from lindung.contributions import runs
from lindung.contributions.bill_records import BillRun
from lindung.contributions.models import Bill
from lindung.law.months import Month
from web.conftest import SignIn
from web.test_bills import in_jambi, november, recorded, sent, status, token_of
from web.village import NOW, Village

DRAW = "/tagihan/susun/?agreement={}&month=2026-11"
AHEAD = "/tagihan/di-muka/?agreement={}&month=2026-11&period={}"


def drafted(village: Village, signed_in: SignIn) -> int:
    """November as a draft, kept by the officer on the page."""
    answer = sent(signed_in(Role.CITY_OFFICER), DRAW.format(village.agreement_id), how="draft")
    return int(answer.headers["Location"].rstrip("/").rsplit("/", 1)[1])


class TestDraft:
    def test_it_is_kept_shown_and_made_final(self, village: Village, signed_in: SignIn) -> None:
        bill, officer = drafted(village, signed_in), signed_in(Role.CITY_OFFICER)
        page = officer.get(f"/tagihan/{bill}/").content.decode()
        assert "Ini masih draf" in page
        assert "Catat SP2D" not in page
        assert (
            "Peserta, upah dan dendanya masih sama"
            in officer.get(f"/tagihan/{bill}/tetapkan/").content.decode()
        )
        assert sent(officer, f"/tagihan/{bill}/tetapkan/").status_code == 302
        assert status(village, bill) == "final"
        assert "Catat SP2D" in officer.get(f"/tagihan/{bill}/").content.decode()

    def test_finance_sees_it_and_cannot_make_it_final(self, village: Village, signed_in: SignIn) -> None:
        bill, finance = drafted(village, signed_in), signed_in(Role.FINANCE_OFFICER)
        assert "Tetapkan tagihan" not in finance.get(f"/tagihan/{bill}/").content.decode()
        assert finance.post(f"/tagihan/{bill}/tetapkan/").status_code == 403

    def test_it_has_a_filter_of_its_own(self, village: Village, signed_in: SignIn) -> None:
        bill = drafted(village, signed_in)
        page = signed_in(Role.CITY_OFFICER).get("/tagihan/?keadaan=draft").content.decode()
        assert f"/tagihan/{bill}/" in page
        assert page.count("<td role=") == 5

    def test_it_is_done_once_when_pressed_twice(self, village: Village, signed_in: SignIn) -> None:
        bill, officer = drafted(village, signed_in), signed_in(Role.CITY_OFFICER)
        path = f"/tagihan/{bill}/tetapkan/"
        token = token_of(officer.get(path).content.decode())
        assert [officer.post(path, token).status_code for _ in range(2)] == [302, 302]


class TestReplacing:
    @pytest.mark.parametrize(
        ("choice", "becomes"), [("draft", "draft"), ("drafts", "draft"), ("final", "final")]
    )
    def test_it_draws_another_in_its_place(
        self, village: Village, signed_in: SignIn, choice: str, becomes: str
    ) -> None:
        old, officer = november(village), signed_in(Role.CITY_OFFICER)
        answer = sent(officer, f"/tagihan/{old}/ganti/", choice=choice)
        new = int(answer.headers["Location"].rstrip("/").rsplit("/", 1)[1])
        assert (status(village, old), status(village, new)) == ("superseded", becomes)
        assert f'href="/tagihan/{new}/"' in officer.get(f"/tagihan/{old}/").content.decode()

    def test_it_waits_while_an_order_is_recorded(self, village: Village, signed_in: SignIn) -> None:
        old, officer = november(village), signed_in(Role.CITY_OFFICER)
        recorded(village, officer, old)
        answer = sent(officer, f"/tagihan/{old}/ganti/", choice="final")
        assert answer.status_code == 422
        assert "menunggu pengesahan" in answer.content.decode()

    def test_it_asks_what_takes_its_place(self, village: Village, signed_in: SignIn) -> None:
        old = november(village)
        assert sent(signed_in(Role.CITY_OFFICER), f"/tagihan/{old}/ganti/").status_code == 422


class TestAhead:
    def test_it_shows_the_price_of_each_month_then_draws_them(
        self, village: Village, signed_in: SignIn
    ) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        path = AHEAD.format(village.agreement_id, 2)
        page = officer.get(path).content.decode()
        assert "November 2026 sampai Desember 2026: Rp67.200" in page
        assert page.count("Belum disusun") == 2
        answer = officer.post("/tagihan/di-muka/", token_of(page))
        assert answer.headers["Location"] == f"/tagihan/di-muka/{village.agreement_id}/2026-11/2/"
        paper = officer.get(answer.headers["Location"]).content.decode()
        assert "Masih harus dibayar: Rp67.200" in paper
        with in_jambi(village):
            assert Bill.objects.filter(status="final").count() == 2

    def test_drafts_of_a_period_are_made_final_together(self, village: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        page = officer.get(AHEAD.format(village.agreement_id, 2)).content.decode()
        where = officer.post("/tagihan/di-muka/", {**token_of(page), "how": "draft"}).headers["Location"]
        token = token_of(officer.get(where).content.decode())
        assert officer.post(f"{where}tetapkan/", token).status_code == 302
        with in_jambi(village):
            assert Bill.objects.filter(status="final").count() == 2

    @pytest.mark.parametrize(
        ("period", "said"),
        [("semester", "Semester mulai Januari atau Juli"), ("x", "")],
    )
    def test_it_says_what_is_wrong(self, village: Village, signed_in: SignIn, period: str, said: str) -> None:
        answer = signed_in(Role.CITY_OFFICER).get(AHEAD.format(village.agreement_id, period))
        assert answer.status_code == 422
        assert said in answer.content.decode()

    @pytest.mark.parametrize("first", ["2026-13", "apa", "2030-01"])
    def test_a_period_that_is_none_is_missing(self, village: Village, signed_in: SignIn, first: str) -> None:
        path = f"/tagihan/di-muka/{village.agreement_id}/{first}/2/"
        assert signed_in(Role.CITY_OFFICER).get(path).status_code == 404


class TestRun:
    def test_it_is_started_followed_and_tried_again(self, village: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        answer = sent(officer, "/tagihan/sekaligus/", month="2026-11", how="final")
        where = answer.headers["Location"]
        assert "Sedang disusun" in officer.get(where).content.decode()
        with in_jambi(village):
            run_id = BillRun.objects.get().pk
        runs.carry_out(run_id=run_id, today=NOW.date())
        done = officer.get(f"{where}kemajuan/", headers={"HX-Request": "true"})
        assert done.headers["HX-Refresh"] == "true"
        page = officer.get(where).content.decode()
        assert "Tersusun" in page
        assert officer.get(f"{where}kemajuan/").headers["Location"] == where
        with in_jambi(village):
            assert Bill.objects.get(month=Month(2026, 11).first_day()).total == 33_600
        assert "1 dari 1 tersusun" in officer.get("/tagihan/sekaligus/").content.decode()

    def test_what_was_refused_is_shown_with_its_reason(self, village: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        where = sent(officer, "/tagihan/sekaligus/", month="2027-12", how="draft").headers["Location"]
        with in_jambi(village):
            run_id = BillRun.objects.get().pk
        runs.carry_out(run_id=run_id, today=NOW.date())
        page = officer.get(where).content.decode()
        assert "Tagihan paling jauh 12 bulan ke depan" in page
        assert officer.post(f"{where}lagi/", token_of(page)).status_code == 302

    def test_it_is_asked_for_a_month_without_agreements(self, village: Village, signed_in: SignIn) -> None:
        answer = sent(signed_in(Role.CITY_OFFICER), "/tagihan/sekaligus/", month="2020-01", how="draft")
        assert answer.status_code == 422
        assert "Tidak ada kerja sama yang berlaku pada Januari 2020" in answer.content.decode()
