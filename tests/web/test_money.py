"""The pages of money: what came and waits, said before it happens; rejected, reversed by two, carried by a letter."""

import pytest
from django.test import Client

from lindung.access.models import Role, User
from lindung.access.scope import SystemScope, system_scope
from lindung.contributions.models import Payment
from web.conftest import SignIn
from web.test_bills import ORDER, in_jambi, november, sent, status
from web.village import BUILDER, Village


def order_of(village: Village, number: str = "SP2D/77") -> int:
    with in_jambi(village):
        return int(Payment.objects.filter(order_number=number).order_by("-pk")[0].pk)


def short(village: Village, signed_in: SignIn, amount: str = "33.599") -> tuple[int, int]:
    """November's bill and an order for it, one rupiah short, recorded."""
    bill = november(village)
    answer = sent(signed_in(Role.CITY_OFFICER), f"/tagihan/{bill}/bayar/", **ORDER | {"amount": amount})
    assert answer.status_code == 302
    return bill, order_of(village)


def another_treasurer(village: Village) -> User:
    """A second finance officer of the same office."""
    from lindung.access.appointing import appoint
    from web.village import AGREED

    one = village.users[Role.FINANCE_OFFICER]
    with system_scope(SystemScope.DEMO, actor=BUILDER):
        made = User.objects.create_user("bendahara.dua", name="Bendahara Dua")
        held = one.appointments.get()
        appoint(
            made, role=Role.FINANCE_OFFICER, organisation=held.organisation, kelurahan_code="",
            since=AGREED.date(), by=BUILDER, now=AGREED,
        )  # fmt: skip
    return made


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


class TestTooLittle:
    def test_it_says_before_that_one_rupiah_lacks_and_holds_the_rest(
        self, village: Village, signed_in: SignIn
    ) -> None:
        bill, order = short(village, signed_in)
        finance = signed_in(Role.FINANCE_OFFICER)
        foreseen = page(finance, f"/tagihan/{bill}/sahkan/{order}/")
        assert "masih kurang Rp1" in foreseen
        assert "Rp33.599 menjadi titipan" in foreseen
        assert sent(finance, f"/tagihan/{bill}/sahkan/{order}/").status_code == 302
        shown = page(finance, f"/tagihan/{bill}/")
        assert "Tagihan ini masih kurang <b>Rp1</b>" in shown
        assert "Kurang Rp1</span>" in shown
        assert "November 2026 masih kurang Rp1: " in page(finance, "/")
        assert status(village, bill) == "final"

    def test_it_carries_what_lacks_by_a_letter(self, village: Village, signed_in: SignIn) -> None:
        bill, order = short(village, signed_in)
        finance = signed_in(Role.FINANCE_OFFICER)
        sent(finance, f"/tagihan/{bill}/sahkan/{order}/")
        path = f"/tagihan/{bill}/kekurangan/"
        assert "kekurangan Rp1 ditagih pada bulan berikut" in page(finance, path)
        letter = {"letter_number": "B/12/112026", "told_on": "2026-11-10"}
        assert sent(finance, path, **letter).status_code == 302
        assert "dibawa ke tagihan berikut menurut surat B/12/112026" in page(finance, f"/tagihan/{bill}/")
        assert status(village, bill) == "paid"


class TestTooMuch:
    def test_it_says_before_what_is_held_and_shows_it_in_the_purse(
        self, village: Village, signed_in: SignIn
    ) -> None:
        bill, order = short(village, signed_in, amount="67.200")
        finance = signed_in(Role.FINANCE_OFFICER)
        foreseen = page(finance, f"/tagihan/{bill}/sahkan/{order}/")
        assert "Melunasi tagihan November 2026 sebesar Rp33.600: bulan itu terbayar bagi 2 orang" in foreseen
        assert "Rp33.600 menjadi titipan" in foreseen
        sent(finance, f"/tagihan/{bill}/sahkan/{order}/")
        assert "SP2D/77" in page(finance, f"/kerja-sama/{village.agreement_id}/uang/")
        assert "Masih titipan" in page(finance, f"/uang/{order}/")


class TestWithoutABill:
    def test_money_that_names_no_bill_pays_the_oldest(self, village: Village, signed_in: SignIn) -> None:
        bill = november(village)
        officer, finance = signed_in(Role.CITY_OFFICER), signed_in(Role.FINANCE_OFFICER)
        path = f"/kerja-sama/{village.agreement_id}/uang/catat/"
        answer = sent(officer, path, **ORDER | {"source": "receipt"})
        order = order_of(village)
        assert answer.headers["Location"] == f"/uang/{order}/"
        assert "Sahkan SP2D/77, Rp33.600." in page(finance, "/")
        assert "Melunasi tagihan November 2026" in page(finance, f"/uang/{order}/sahkan/")
        assert sent(finance, f"/uang/{order}/sahkan/").status_code == 302
        assert status(village, bill) == "paid"

    def test_held_money_pays_a_bill_that_is_drawn_later(self, village: Village, signed_in: SignIn) -> None:
        officer, finance = signed_in(Role.CITY_OFFICER), signed_in(Role.FINANCE_OFFICER)
        sent(officer, f"/kerja-sama/{village.agreement_id}/uang/catat/", **ORDER)
        sent(finance, f"/uang/{order_of(village)}/sahkan/")
        bill = november(village)
        assert "Titipan cukup untuk tagihan ini" in page(finance, f"/tagihan/{bill}/")
        path = f"/kerja-sama/{village.agreement_id}/uang/lunasi/"
        assert sent(finance, path).status_code == 302
        assert status(village, bill) == "paid"


class TestRejecting:
    def test_a_mistyped_order_is_rejected_and_typed_again(self, village: Village, signed_in: SignIn) -> None:
        bill, order = short(village, signed_in)
        officer = signed_in(Role.CITY_OFFICER)
        assert sent(officer, f"/uang/{order}/tolak/", reason="salah ketik").status_code == 302
        assert "salah ketik" in page(officer, f"/uang/{order}/")
        assert sent(officer, f"/tagihan/{bill}/bayar/", **ORDER).status_code == 302
        assert order_of(village) != order

    def test_it_asks_for_a_reason(self, village: Village, signed_in: SignIn) -> None:
        _, order = short(village, signed_in)
        assert sent(signed_in(Role.CITY_OFFICER), f"/uang/{order}/tolak/", reason=" ").status_code == 422


class TestReversing:
    def test_one_asks_and_another_carries_out_and_both_see_who_loses_what(
        self, village: Village, signed_in: SignIn
    ) -> None:
        bill, order = short(village, signed_in, amount="33.600")
        finance = signed_in(Role.FINANCE_OFFICER)
        sent(finance, f"/tagihan/{bill}/sahkan/{order}/")
        asking = f"/uang/{order}/minta-balik/"
        assert "2 orang tidak lagi terbayar untuk November 2026" in page(finance, asking)
        assert sent(finance, asking, reason="Transfer kembali").status_code == 302
        own = sent(finance, f"/uang/{order}/balikkan/")
        assert own.status_code == 422
        assert "Minta bendahara lain" in own.content.decode()
        assert "Pembalikan SP2D/77, Rp33.600, menunggu bendahara lain." in page(finance, "/")
        other = signed_in(another_treasurer(village))
        assert "Jalankan pembalikan SP2D/77, Rp33.600." in page(other, "/")
        assert "2 orang tidak lagi terbayar" in page(other, f"/uang/{order}/balikkan/")
        assert sent(other, f"/uang/{order}/balikkan/").status_code == 302
        assert status(village, bill) == "final"
        assert "dibalik. Transfer kembali" in page(finance, f"/tagihan/{bill}/")


@pytest.mark.parametrize("path", ["/uang/999999/", "/kerja-sama/999999/uang/", "/uang/999999/balikkan/"])
def test_it_has_nothing_out_of_sight(signed_in: SignIn, path: str) -> None:
    assert signed_in(Role.FINANCE_OFFICER).get(path).status_code == 404
