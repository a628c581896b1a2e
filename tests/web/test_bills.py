"""The pages of bills: what is owed and why, drawn, recorded, confirmed by a second person, or cancelled."""

import io
import re
import zipfile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import agreed
from lindung.access.models import Role
from lindung.access.scope import Actor, in_scope, scope_of
from lindung.contributions import billing, payments
from lindung.contributions.models import Bill, BillStatus, PaidMonth, Payment
from lindung.engine.refusals import Refusal
from lindung.law.months import Month
from lindung.membership import joining
from lindung.membership.joining import Entry
from lindung.partnership import agreements, papers
from lindung.partnership.agreements import SegmentPlan
from lindung.partnership.models import Agreement, SourceOrigin
from lindung.partnership.papers import NewQuota
from web.conftest import SignIn
from web.village import NOW, PRICE, Village

NOVEMBER = Month(2026, 11)
TWO = 2 * PRICE
BAZNAS_FARMER = Entry(
    name="Dewi Sartika",
    nik="1571024806900004",
    birth="1990-06-08",
    birth_place="Jambi",
    sex="P",
    kelurahan="The Hok",
    occupation="Petani",
)
ORDER = {"order_number": "SP2D/77", "ordered_on": "2026-11-09", "amount": "33.600"}


def in_jambi(village: Village):  # type: ignore[no-untyped-def]  # a context manager of the house
    officer = village.users[Role.CITY_OFFICER]
    return in_scope(scope_of(officer, NOW.date()), actor=Actor.of(officer))


def november(village: Village) -> int:
    """The bill of November, drawn by the officer."""
    officer = village.users[Role.CITY_OFFICER]
    with in_jambi(village):
        drawn = billing.draw_up(
            agreement_id=village.agreement_id, month=NOVEMBER, by=Actor.of(officer), today=NOW.date()
        )
        return int(drawn.pk)


def status(village: Village, bill_id: int) -> str:
    with in_jambi(village):
        return str(Bill.objects.get(pk=bill_id).status)


def token_of(page: str) -> dict[str, str]:
    """The hidden fields of the form on the page, as a browser would send them."""
    form = page[page.rindex('<form method="post" class="stack"') :]
    return dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)"', form))


def sent(client: Client, path: str, **fields: str):  # type: ignore[no-untyped-def]  # Django's own answer
    """Open the page, fill it in, and send it."""
    return client.post(path, {**token_of(client.get(path).content.decode()), **fields})


def recorded(village: Village, client: Client, bill_id: int) -> int:
    assert sent(client, f"/tagihan/{bill_id}/bayar/", **ORDER).status_code == 302
    with in_jambi(village):
        return int(Payment.objects.get(bill_id=bill_id).pk)


def shared_with_baznas(village: Village, by: Actor) -> None:
    """A third worker, whom Baznas pays from November on: its money is relieved until December 2026 (PP 50/2025)."""
    promised = Agreement.objects.get(pk=village.agreement_id)
    source = agreements.add_source(
        sponsor_id=promised.sponsor_id, origin=SourceOrigin.BAZNAS, name="Baznas Kota Jambi", by=by
    )
    plan = SegmentPlan("baznas", "Petani", "Petani", 0, source.pk)
    segment = agreements.add_segment(agreement_id=promised.pk, plan=plan, by=by)
    entry = agreed.pks("jambi-rentan", NOW.date())._replace(kind="addendum", number="ADD/BAZNAS")
    papers.record_paper(
        agreement_id=promised.pk, entry=entry, by=by, now=NOW, changes=[NewQuota(segment.pk, was=0, quota=1)]
    )
    joining.join(
        agreement_id=promised.pk,
        entry=BAZNAS_FARMER,
        first_month=NOVEMBER,
        segment_code="baznas",
        by=by,
        now=NOW,
    )


class TestSeeing:
    def test_it_lists_each_month_with_its_sum_and_its_badge(
        self, village: Village, signed_in: SignIn
    ) -> None:
        page = signed_in(Role.FINANCE_OFFICER).get("/tagihan/").content.decode()
        assert re.findall(r"<a href=\"/tagihan/\d+/\">([A-Z][a-z]+ 2026)", page) == [
            "Oktober 2026",
            "September 2026",
            "Agustus 2026",
        ]
        assert page.count("Rp33.600") == 3
        assert page.count('<span class="badge paid">Sudah dibayar</span>') == 3

    def test_it_filters_by_year_and_standing(self, village: Village, signed_in: SignIn) -> None:
        november(village)
        officer = signed_in(Role.CITY_OFFICER)
        assert officer.get("/tagihan/?keadaan=final").content.decode().count('role="rowheader"') == 1
        assert b"Pilih saringan lain" in officer.get("/tagihan/?tahun=2025").content
        assert officer.get("/tagihan/?tahun=abad&keadaan=apa&halaman=-3").status_code == 200

    def test_it_says_what_to_do_first_where_there_is_none(self, village: Village, signed_in: SignIn) -> None:
        page = signed_in(village.stranger).get("/tagihan/").content.decode()
        assert "Belum ada tagihan. Daftarkan orang" in page

    def test_it_gives_the_article_behind_the_sum(self, village: Village, signed_in: SignIn) -> None:
        page = signed_in(Role.FINANCE_OFFICER).get(f"/tagihan/{november(village)}/").content.decode()
        assert "PP 44/2015 Pasal 20 ayat (3)" in page
        assert "2 orang" in page
        assert "Thehok" in page

    def test_it_says_who_loses_what_on_which_day(self, village: Village, signed_in: SignIn) -> None:
        """October is paid: in arrears after the due day of November, over after that of February."""
        page = signed_in(Role.FINANCE_OFFICER).get(f"/tagihan/{november(village)}/").content.decode()
        assert "2 orang yang lunas s.d. Oktober 2026" in page
        assert "Menunggak mulai <b>17 November 2026</b>" in page
        assert "perlindungan berhenti pada <b>16 Februari 2027</b>" in page
        assert "Pasal 42" in page

    def test_it_shows_the_names_only_to_those_who_may_see_workers(
        self, village: Village, signed_in: SignIn
    ) -> None:
        bill = november(village)
        page = signed_in(Role.CITY_OFFICER).get(f"/tagihan/{bill}/orang/").content.decode()
        assert "Siti Aminah" in page
        assert "1571025203840001" not in page
        assert signed_in(Role.FINANCE_OFFICER).get(f"/tagihan/{bill}/orang/").status_code == 403
        assert "Siti" not in signed_in(Role.FINANCE_OFFICER).get(f"/tagihan/{bill}/").content.decode()

    def test_it_has_nothing_for_another_city(self, village: Village, signed_in: SignIn) -> None:
        bill = november(village)
        stranger = signed_in(village.stranger)
        for path in (
            "",
            "orang/",
            "bayar/",
            "batalkan/",
            "lampiran.xlsx",
            "lampiran.csv",
            "tagihan.pdf",
            "semester.pdf",
        ):
            assert stranger.get(f"/tagihan/{bill}/{path}").status_code == 404, path

    def test_it_says_who_pays_how_much_where_several_funds_pay(
        self, village: Village, signed_in: SignIn
    ) -> None:
        finance = signed_in(Role.FINANCE_OFFICER)
        with in_jambi(village):
            officer = Actor.of(village.users[Role.CITY_OFFICER])
            shared_with_baznas(village, officer)
        bill = november(village)
        page = " ".join(finance.get(f"/tagihan/{bill}/").content.decode().split())
        assert "<dt>APBD Kota Jambi</dt><dd>Rp33.600 untuk 2 orang</dd>" in page
        assert "<dt>Baznas Kota Jambi</dt><dd>Rp8.400 untuk 1 orang</dd>" in page
        book = zipfile.ZipFile(io.BytesIO(finance.get(f"/tagihan/{bill}/lampiran.xlsx").content))
        assert "Dibayar dari Baznas Kota Jambi" in book.read("xl/sharedStrings.xml").decode()

    def test_it_writes_the_annex_as_files_in_which_nothing_acts(
        self, village: Village, signed_in: SignIn
    ) -> None:
        finance, bill = signed_in(Role.FINANCE_OFFICER), november(village)
        csv = finance.get(f"/tagihan/{bill}/lampiran.csv")
        assert csv.headers["Content-Disposition"] == (
            'attachment; filename="lampiran-jambi-rentan-2026-11.csv"'
        )
        assert '"Thehok"' in csv.content.decode("utf-8-sig")
        assert '"Jumlah","","","2","33600"' in csv.content.decode("utf-8-sig")
        book = zipfile.ZipFile(io.BytesIO(finance.get(f"/tagihan/{bill}/lampiran.xlsx").content))
        assert "Finance Officer Dinas Tenaga Kerja" in book.read("xl/sharedStrings.xml").decode()
        assert finance.get(f"/tagihan/{bill}/lampiran.exe").status_code == 404

    def test_it_hands_out_the_bill_and_its_proof_as_pdf(self, village: Village, signed_in: SignIn) -> None:
        finance, bill = signed_in(Role.FINANCE_OFFICER), november(village)
        with in_jambi(village):
            paid = Bill.objects.get(month="2026-10-01").pk
        paper = finance.get(f"/tagihan/{bill}/tagihan.pdf")
        assert (paper.headers["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
        assert paper.headers["Content-Disposition"] == (
            'attachment; filename="tagihan-jambi-rentan-2026-11.pdf"'
        )
        assert "Bukti lunas" not in finance.get(f"/tagihan/{bill}/").content.decode()
        assert finance.get(f"/tagihan/{bill}/bukti-lunas.pdf").status_code == 404
        assert "Bukti lunas (PDF)" in finance.get(f"/tagihan/{paid}/").content.decode()
        assert finance.get(f"/tagihan/{paid}/bukti-lunas.pdf").content[:5] == b"%PDF-"

    def test_it_writes_names_into_the_workbook_for_who_may_see_workers_alone(
        self, village: Village, signed_in: SignIn
    ) -> None:
        bill = november(village)
        for role, named in ((Role.CITY_OFFICER, True), (Role.AUDITOR, True), (Role.FINANCE_OFFICER, False)):
            book = signed_in(role).get(f"/tagihan/{bill}/lampiran.xlsx").content
            said = zipfile.ZipFile(io.BytesIO(book)).read("xl/sharedStrings.xml").decode()
            assert ("Siti Aminah" in said) is named

    def test_it_asks_as_many_questions_for_many_bills_as_for_few(
        self, village: Village, signed_in: SignIn
    ) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        officer.get("/tagihan/")
        few = questions(officer, "/tagihan/")
        november(village)
        assert questions(officer, "/tagihan/") == few


def questions(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


class TestDrawing:
    PATH = "/tagihan/susun/"

    def test_it_shows_the_bill_before_it_is_drawn_and_keeps_nothing(
        self, village: Village, signed_in: SignIn
    ) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        path = f"{self.PATH}?agreement={village.agreement_id}&month=2026-11"
        page = officer.get(path).content.decode()
        assert "Bila disusun sekarang" in page
        assert "<dd>Rp33.600</dd>" in page
        assert "PP 44/2015 Pasal 20 ayat (3)" in page
        with in_jambi(village):
            assert not Bill.objects.filter(month=NOVEMBER.first_day()).exists()

    def test_it_draws_what_was_shown_once_however_often_it_is_pressed(
        self, village: Village, signed_in: SignIn
    ) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        fields = token_of(
            officer.get(f"{self.PATH}?agreement={village.agreement_id}&month=2026-11").content.decode()
        )
        answers = [officer.post(self.PATH, fields) for _ in range(2)]
        assert {answer.status_code for answer in answers} == {302}
        assert len({answer.headers["Location"] for answer in answers}) == 1
        with in_jambi(village):
            assert Bill.objects.filter(month=NOVEMBER.first_day()).count() == 1

    def test_two_officers_who_draw_get_one_bill(self, village: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        path = f"{self.PATH}?agreement={village.agreement_id}&month=2026-11"
        seen_by_both = [token_of(officer.get(path).content.decode()) for _ in range(2)]
        first, second = (officer.post(self.PATH, fields).headers["Location"] for fields in seen_by_both)
        assert first == second
        told = officer.get(first).content.decode()
        assert told.count("Tagihan November 2026 sudah disusun.") == 1
        there = (
            "Tagihan November 2026 sudah ada: disusun City Officer Dinas Tenaga Kerja pada 10 November 2026."
        )
        assert there in told
        assert b"sudah disusun" in officer.get(path).content

    @pytest.mark.parametrize(
        ("month", "said"),
        [
            ("2026-07", "di luar masa kerja sama"),
            ("2028-01", "paling jauh 12 bulan ke depan"),
            ("kemarin", "Tulis bulan dan tahun"),
        ],
    )
    def test_it_says_at_the_field_why_a_month_cannot_be_drawn(
        self, village: Village, signed_in: SignIn, month: str, said: str
    ) -> None:
        answer = signed_in(Role.CITY_OFFICER).get(
            self.PATH, {"agreement": village.agreement_id, "month": month}
        )
        assert answer.status_code == 422
        assert said in answer.content.decode()

    def test_it_offers_only_agreements_in_sight(self, village: Village, signed_in: SignIn) -> None:
        stranger = signed_in(village.stranger)
        assert b"jambi-rentan" not in stranger.get(self.PATH).content
        path = f"{self.PATH}?agreement={village.agreement_id}&month=2026-11"
        assert stranger.get(path).status_code == 422
        page = stranger.get(self.PATH).content.decode()
        assert "Rp33.600" not in page


class TestRecording:
    def test_it_takes_the_order_and_sends_it_to_a_second_person(
        self, village: Village, signed_in: SignIn
    ) -> None:
        officer, bill = signed_in(Role.CITY_OFFICER), november(village)
        answer = sent(officer, f"/tagihan/{bill}/bayar/", **ORDER)
        assert answer.headers["Location"] == f"/tagihan/{bill}/"
        page = officer.get(f"/tagihan/{bill}/").content.decode()
        assert "SP2D SP2D/77 sudah dicatat" in page
        assert "Menunggu pengesahan" in page
        assert status(village, bill) == BillStatus.FINAL

    def test_an_amount_of_nothing_is_said_at_its_field_and_keeps_what_was_typed(
        self, village: Village, signed_in: SignIn
    ) -> None:
        """Less or more than the bill is taken as it came (tests/web/test_money.py); nothing at all is a slip."""
        bill = november(village)
        answer = sent(signed_in(Role.CITY_OFFICER), f"/tagihan/{bill}/bayar/", **ORDER | {"amount": "0"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Nilai harus lebih dari nol" in page
        assert 'value="SP2D/77"' in page
        assert 'href="#id_amount"' in page

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"ordered_on": "2026-11-30"}, "belum tiba"),
            ({"ordered_on": "2025-11-09"}, "lebih tua daripada tahun anggaran"),
            ({"order_number": "SP2D/2026-10"}, "sudah dicatat: Rp33.600, tanggal"),
            ({"order_number": "SP2D\0"}, "tanda yang tidak terlihat"),
            ({"amount": "banyak"}, "rupiah bulat"),
            ({"order_number": ""}, "Isi Nomor SP2D"),
        ],
    )
    def test_it_says_why_an_order_is_not_taken(
        self, village: Village, signed_in: SignIn, fields: dict[str, str], said: str
    ) -> None:
        bill = november(village)
        answer = sent(signed_in(Role.CITY_OFFICER), f"/tagihan/{bill}/bayar/", **ORDER | fields)
        assert answer.status_code == 422
        assert said in answer.content.decode()

    def test_the_same_order_of_two_officers_is_one_order(self, village: Village, signed_in: SignIn) -> None:
        """The city's officer and the finance officer have the same paper on their desks."""
        bill = november(village)
        for role in (Role.CITY_OFFICER, Role.FINANCE_OFFICER):
            assert sent(signed_in(role), f"/tagihan/{bill}/bayar/", **ORDER).status_code == 302
        with in_jambi(village):
            assert Payment.objects.filter(bill_id=bill).count() == 1

    def test_it_leads_from_a_paid_bill_back_to_it(self, village: Village, signed_in: SignIn) -> None:
        with in_jambi(village):
            paid = Bill.objects.get(month=Month(2026, 10).first_day()).pk
        answer = signed_in(Role.CITY_OFFICER).get(f"/tagihan/{paid}/bayar/")
        assert answer.headers["Location"] == f"/tagihan/{paid}/"


class TestConfirming:
    def test_the_second_person_pays_the_month_for_everybody(
        self, village: Village, signed_in: SignIn
    ) -> None:
        bill = november(village)
        order = recorded(village, signed_in(Role.CITY_OFFICER), bill)
        finance = signed_in(Role.FINANCE_OFFICER)
        answer = sent(finance, f"/tagihan/{bill}/sahkan/{order}/")
        assert answer.headers["Location"] == f"/tagihan/{bill}/"
        assert "Sudah dibayar" in finance.get(f"/tagihan/{bill}/").content.decode()
        with in_jambi(village):
            assert PaidMonth.objects.filter(month=NOVEMBER.first_day()).count() == 4
        worker = signed_in(Role.CITY_OFFICER).get(f"/pekerja/{village.siti_id}/").content.decode()
        assert "Iuran lunas s.d. November 2026" in worker

    def test_pressing_twice_and_coming_back_pays_once(self, village: Village, signed_in: SignIn) -> None:
        bill = november(village)
        order = recorded(village, signed_in(Role.CITY_OFFICER), bill)
        finance, path = signed_in(Role.FINANCE_OFFICER), f"/tagihan/{bill}/sahkan/{order}/"
        fields = token_of(finance.get(path).content.decode())
        assert {finance.post(path, fields).status_code for _ in range(2)} == {302}
        assert finance.get(path).headers["Location"] == f"/tagihan/{bill}/"
        with in_jambi(village):
            assert PaidMonth.objects.filter(month=NOVEMBER.first_day()).count() == 4

    def test_nobody_confirms_what_he_recorded(self, village: Village, signed_in: SignIn) -> None:
        bill, finance = november(village), signed_in(Role.FINANCE_OFFICER)
        order = recorded(village, finance, bill)
        path = f"/tagihan/{bill}/sahkan/{order}/"
        assert "Minta bendahara lain" in finance.get(path).content.decode()
        other = token_of(finance.get(f"/tagihan/{bill}/bayar/").content.decode())
        answer = finance.post(path, other)
        assert answer.status_code == 422
        assert "Minta bendahara lain" in answer.content.decode()
        assert status(village, bill) == BillStatus.FINAL

    def test_a_second_order_for_a_paid_bill_is_held(self, village: Village, signed_in: SignIn) -> None:
        """Two papers for one month: the money came twice, so the second waits for the next bill, and the page says so."""
        bill, officer = november(village), signed_in(Role.CITY_OFFICER)
        first = recorded(village, officer, bill)
        assert (
            sent(officer, f"/tagihan/{bill}/bayar/", **ORDER | {"order_number": "SP2D/78"}).status_code == 302
        )
        with in_jambi(village):
            second = Payment.objects.get(order_number="SP2D/78").pk
        finance = signed_in(Role.FINANCE_OFFICER)
        fields = token_of(finance.get(f"/tagihan/{bill}/sahkan/{second}/").content.decode())
        sent(finance, f"/tagihan/{bill}/sahkan/{first}/")
        answer = finance.post(f"/tagihan/{bill}/sahkan/{second}/", fields)
        assert answer.status_code == 302
        assert "Uang disahkan dan menjadi titipan" in finance.get(f"/tagihan/{bill}/").content.decode()
        assert finance.get(f"/tagihan/{bill}/sahkan/{second}/").status_code == 302

    def test_it_knows_no_order_of_another_bill(self, village: Village, signed_in: SignIn) -> None:
        bill = november(village)
        with in_jambi(village):
            other = Payment.objects.exclude(bill_id=bill).first()
            assert other is not None
        assert signed_in(Role.FINANCE_OFFICER).get(f"/tagihan/{bill}/sahkan/{other.pk}/").status_code == 404


class TestCancelling:
    def test_it_cancels_with_a_reason_and_lets_the_month_be_drawn_again(
        self, village: Village, signed_in: SignIn
    ) -> None:
        officer, bill = signed_in(Role.CITY_OFFICER), november(village)
        path = f"/tagihan/{bill}/batalkan/"
        assert sent(officer, path).status_code == 422
        assert sent(officer, path, reason="members").status_code == 302
        page = officer.get(f"/tagihan/{bill}/").content.decode()
        assert "Tagihan ini dibatalkan." in page
        assert "Apa akibatnya" not in page
        assert november(village) != bill

    def test_it_refuses_while_an_order_waits(self, village: Village, signed_in: SignIn) -> None:
        officer, bill = signed_in(Role.CITY_OFFICER), november(village)
        path = f"/tagihan/{bill}/batalkan/"
        fields = token_of(officer.get(path).content.decode())
        recorded(village, officer, bill)
        answer = officer.post(path, {**fields, "reason": "budget"})
        assert answer.status_code == 422
        assert "menunggu pengesahan" in answer.content.decode()

    def test_it_takes_no_order_for_a_cancelled_bill(self, village: Village, signed_in: SignIn) -> None:
        """One officer has the form open while another cancels the bill."""
        officer, bill = signed_in(Role.CITY_OFFICER), november(village)
        fields = token_of(officer.get(f"/tagihan/{bill}/bayar/").content.decode())
        sent(officer, f"/tagihan/{bill}/batalkan/", reason="mistake")
        answer = officer.post(f"/tagihan/{bill}/bayar/", {**fields, **ORDER})
        assert answer.status_code == 422
        assert "sudah dibatalkan" in answer.content.decode()


def test_what_the_room_refuses_is_never_a_broken_page() -> None:
    """Every way in which the room of bills and payments says no is a sentence that the pages say."""
    named = [
        found
        for room in (billing, payments)
        for found in vars(room).values()
        if isinstance(found, type) and issubclass(found, Exception)
    ]
    assert len(named) >= 11
    assert all(issubclass(found, Refusal) for found in named)
