"""The pages of people who pay for themselves: their price and code, their bills, the offer, and who goes over."""

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lindung.access.models import Role
from lindung.access.scope import in_scope
from lindung.contributions.models import Bill
from lindung.law.months import Month
from lindung.membership import joining, own_payers
from lindung.membership.models import Membership
from lindung.partnership.models import Agreement
from web.conftest import SignIn
from web.riders import riders
from web.test_bills import BAZNAS_FARMER
from web.test_employers import sent
from web.village import NOW, Village, acting


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def sitis(village: Village) -> int:
    officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=officer):
        return int(Membership.objects.filter(person_id=village.siti_id).latest("pk").pk)


class TestTheGroup:
    def test_an_officer_writes_an_agreement_of_people_who_pay_alone(
        self, village: Village, signed_in: SignIn
    ) -> None:
        client = signed_in(Role.CITY_OFFICER)
        form = client.get("/kerja-sama/baru/").context["form"]
        office = str(form.fields["paying_office"].choices[0][0])
        sent(
            client, "/kerja-sama/baru/", kind="independent", code="wadah-ojek", title="Wadah ojek",
            paying_office=office, programmes="jkk", since="2026-12-01", arrears_borne_by="participant",
            segment_label="Ojek", occupation="Tukang ojek", quota="100", funding_source="",
        )  # fmt: skip
        officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
        with in_scope(scope, actor=officer):
            made = Agreement.objects.select_related("funding_source").get(code="wadah-ojek")
        assert (made.kind, made.funding_source.kind) == ("independent", "self")
        page = text(client, f"/kerja-sama/{made.pk}/")
        assert "Tiap peserta membayar iurannya sendiri" in page
        assert "Catat anggaran" not in page

    def test_a_rider_joins_with_his_income_and_sees_price_code_and_day(
        self, village: Village, signed_in: SignIn
    ) -> None:
        group = riders(village)
        client = signed_in(Role.CITY_OFFICER)
        assert "Penghasilan sebulan" in text(client, f"/kerja-sama/{group.agreement_id}/masuk/")
        page = text(client, f"/pekerja/{group.members[0].person_id}/")
        assert "Peserta sendiri, lewat Wadah ojek Jambi" in page
        assert re.search(r"\b[1-9][0-9]{3} [0-9]{4} [0-9]{4}\b", page)
        assert "Rp8.400" in page, "JKK and JKM, halved for a rider"
        assert "sampai Maret 2027, sesudah itu Rp16.800" in page
        assert "Desember 2026, paling lambat" in page

    def test_a_month_is_drawn_for_all_and_stands_as_one_line(
        self, village: Village, signed_in: SignIn
    ) -> None:
        group = riders(village, members=3)
        client = signed_in(Role.CITY_OFFICER)
        path = f"/kerja-sama/{group.agreement_id}/tagihan-mandiri/"
        assert "Belum ada tagihan" in text(client, path)
        sent(client, f"{path}susun/", month="2026-12")
        page = text(client, path)
        assert "3 orang, Rp25.200" in page
        assert "Wadah ojek Jambi" in text(client, "/tagihan/"), "the list names the group, not its people"
        with CaptureQueriesContext(connection) as asked:
            text(client, path)
        assert len(asked) < 25

    def test_one_pays_half_a_year_ahead(self, village: Village, signed_in: SignIn) -> None:
        group = riders(village)
        member = group.members[0]
        client = signed_in(Role.CITY_OFFICER)
        sent(client, f"/kepesertaan/{member.membership_id}/tagihan/", first="2026-12", months="6")
        officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
        with in_scope(scope, actor=officer):
            totals = list(
                Bill.objects.filter(membership=member.membership_id).order_by("month").values_list("total")
            )
        assert totals == [(8_400,)] * 4 + [(16_800,)] * 2, "the relief for riders ends with March 2027"

    def test_a_new_income_holds_from_the_next_month(self, village: Village, signed_in: SignIn) -> None:
        group = riders(village)
        client = signed_in(Role.CITY_OFFICER)
        path = f"/kepesertaan/{group.members[0].membership_id}/penghasilan/"
        sent(client, path, since="2027-01", income="2.000.000")
        officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
        with in_scope(scope, actor=officer):
            assert own_payers.income_of(group.members[0].membership_id, Month(2027, 1)) == 2_000_000

    def test_another_city_finds_none_of_it(self, village: Village, signed_in: SignIn) -> None:
        group = riders(village)
        client = signed_in(village.stranger)
        member = group.members[0].membership_id
        for path in (
            f"/kerja-sama/{group.agreement_id}/tagihan-mandiri/",
            f"/kerja-sama/{village.agreement_id}/tawaran-mandiri/",
            f"/kepesertaan/{member}/penghasilan/",
            f"/kepesertaan/{member}/dibayari-kota/",
        ):
            assert client.get(path).status_code == 404, path
        officer = signed_in(Role.CITY_OFFICER)
        assert officer.get(f"/kepesertaan/{member}/mandiri/").status_code == 404, "nobody else pays for him"


class TestTheOffer:
    def test_it_counts_everybody_who_is_offered_the_same_price(
        self, village: Village, signed_in: SignIn
    ) -> None:
        officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
        with in_scope(scope, actor=officer):
            joining.join(
                agreement_id=village.agreement_id,
                entry=BAZNAS_FARMER,
                first_month=Month(2026, 11),
                by=officer,
                now=NOW,
            )
        page = text(signed_in(Role.CITY_OFFICER), f"/kerja-sama/{village.agreement_id}/tawaran-mandiri/")
        assert re.findall(r"<p>(\d+) orang, sebulan mulai", page) == ["2", "1"]

    def test_it_says_who_pays_how_much_from_when_and_by_which_day(
        self, village: Village, signed_in: SignIn
    ) -> None:
        page = text(signed_in(Role.CITY_OFFICER), f"/kerja-sama/{village.agreement_id}/tawaran-mandiri/")
        assert "belum punya akhir" in page
        assert "Siti" in page
        assert "Rp8.400" in page
        assert "PP 50/2025" in page
        assert "Membayar sendiri" in page
        printed = f"/kerja-sama/{village.agreement_id}/tawaran-mandiri/?kelurahan=15.71.02.1004&semua=1"
        assert "Tawaran mandiri: Thehok" in text(signed_in(Role.CITY_OFFICER), printed)

    def test_an_operator_sees_his_kelurahan_and_accepts_nothing(
        self, village: Village, signed_in: SignIn
    ) -> None:
        page = text(
            signed_in(Role.KELURAHAN_OPERATOR), f"/kerja-sama/{village.agreement_id}/tawaran-mandiri/"
        )
        assert "belum menjawab" in page
        assert "Legok" not in page

    def test_she_goes_over_and_the_city_takes_her_back(self, village: Village, signed_in: SignIn) -> None:
        group = riders(village)
        client = signed_in(Role.CITY_OFFICER)
        sent(client, f"/kepesertaan/{sitis(village)}/mandiri/", agreement=str(group.agreement_id), income="")
        page = text(client, f"/pekerja/{village.siti_id}/")
        assert "Peserta sendiri, lewat Wadah ojek Jambi" in page
        assert "sudah ada pembayar" in text(client, f"/kerja-sama/{village.agreement_id}/tawaran-mandiri/")
        answer = sent(
            client, f"/kepesertaan/{sitis(village)}/dibayari-kota/", agreement=str(village.agreement_id)
        )
        assert answer.status_code == 302  # type: ignore[attr-defined]  # what a client sends back
