"""The pages of agreements: a new one from draft to force by two people, its papers, its years, and who may see them."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

import agreed
from lindung.access.appointing import appoint
from lindung.access.models import AuditEvent, Organisation, Role, User
from lindung.access.scope import NOBODY, SystemScope, in_scope, system_scope
from lindung.partnership import agreements as room
from lindung.partnership.models import Agreement, Budget, FundingSource, Paper
from web.agreement_writing import PKS, as_user, draft, sent, state_of
from web.conftest import SignIn
from web.village import BUILDER, NOW, Village, acting

SCAN = b"%PDF-1.4\nPKS"


class TestTheFirstPage:
    def test_an_edit_is_told_as_an_edit(self, village: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        made = draft(village, officer)
        address = f"/kerja-sama/{made}/ubah/"
        shown = officer.get(address).context["form"]
        same = {field.html_name: field.value() for field in shown if field.value() is not None}
        _, page = sent(officer, address, same | {"title": "Ojek kota"})
        assert (page.count("Konsep ditulis"), page.count("Konsep diubah")) == (1, 1)

    def test_without_a_budget_nothing_is_said_to_last(self, village: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        made = draft(village, officer, since="2026-12-01")
        page = officer.get(f"/kerja-sama/{made}/").content.decode()
        assert "belum ada anggaran 2026 yang dicatat" in page
        assert "cukup sampai" not in page

    def test_a_first_city_finds_where_to_name_its_money(self, village: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        assert 'href="/kerja-sama/sumber-dana/"' in officer.get("/kerja-sama/baru/").content.decode()
        fields = {"origin": "baznas", "name": "Baznas Kota Jambi"}
        _, page = sent(officer, "/kerja-sama/sumber-dana/", fields)
        assert "Pilih di sini untuk kerja samanya" in page
        assert "<h1>Kerja sama baru</h1>" in page
        assert ">Baznas Kota Jambi</option>" in page
        status, page = sent(officer, "/kerja-sama/sumber-dana/", fields)
        assert (status, "Sumber dana dengan nama ini sudah ada" in page) == (422, True)


class TestTheWay:
    def test_it_goes_from_a_draft_to_force_by_two_people(self, village: Village, signed_in: SignIn) -> None:
        officer, branch = signed_in(Role.CITY_OFFICER), signed_in(Role.BRANCH_OFFICER)
        made = draft(village, officer)
        sent(officer, f"/kerja-sama/{made}/ajukan/", {})
        _, page = sent(branch, f"/kerja-sama/{made}/kembalikan/", {"reason": "Kuota terlalu kecil"})
        assert "Konsep dikembalikan" in page
        assert "Kuota terlalu kecil" in officer.get(f"/kerja-sama/{made}/").content.decode()
        sent(officer, f"/kerja-sama/{made}/ajukan/", {})
        scan = SimpleUploadedFile("pks.pdf", SCAN)
        _, page = sent(officer, f"/kerja-sama/{made}/tanda-tangan/", {**PKS, "file": scan})
        assert "Menunggu orang kedua" in page
        assert "Rina Marlina, Kepala Dinas" in page
        _, page = sent(branch, f"/kerja-sama/{made}/aktifkan/", {})
        assert "Kerja sama berlaku" in page
        assert state_of(village, made) == "active"

    def test_pressing_twice_stores_one(self, village: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        made = draft(village, officer)
        address = f"/kerja-sama/{made}/ajukan/"
        token = officer.get(address).context["form"]["once"].value()
        first, second = (officer.post(address, {"once": token}) for _ in range(2))
        assert (first.status_code, first.headers["Location"]) == (
            second.status_code,
            second.headers["Location"],
        )
        with as_user(village.users[Role.CITY_OFFICER]):
            assert Agreement.objects.get(pk=made).changes.filter(to_state="in_review").count() == 1

    def test_two_officers_on_one_draft_do_not_overwrite_each_other(
        self, village: Village, signed_in: SignIn
    ) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        made = draft(village, officer)
        address = f"/kerja-sama/{made}/ubah/"
        shown = officer.get(address).context["form"]
        fields = {name: shown[name].value() for name in shown.fields if shown[name].value() is not None}
        fields["since"] = "2027-01-01"
        assert officer.post(address, {**fields, "title": "Pertama"}).status_code == 302
        token = officer.get(address).context["form"]["once"].value()
        late = officer.post(address, {**fields, "once": token, "title": "Kedua"})
        assert late.status_code == 422
        assert "baru saja diubah orang lain" in late.content.decode()
        with as_user(village.users[Role.CITY_OFFICER]):
            assert Agreement.objects.get(pk=made).title == "Pertama"

    def test_a_step_that_is_taken_already_is_refused_in_words(
        self, village: Village, signed_in: SignIn
    ) -> None:
        status, page = sent(signed_in(Role.CITY_OFFICER), f"/kerja-sama/{village.agreement_id}/ajukan/", {})
        assert status == 422
        assert "berstatus Berlaku" in page

    def test_months_that_are_billed_are_not_cut_off(self, village: Village, signed_in: SignIn) -> None:
        fields = {"on": "2026-09-01", "reason": "Dana dialihkan", "sure_of": "2026-09-01"}
        address = f"/kerja-sama/{village.agreement_id}/hentikan/"
        status, page = sent(signed_in(Role.CITY_OFFICER), address, fields)
        assert status == 422
        assert "Bulan sesudah tanggal itu sudah ditagih" in page


class TestPapers:
    def test_an_addendum_changes_the_quota_and_says_so_in_the_story(
        self, village: Village, signed_in: SignIn
    ) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        address = f"/kerja-sama/{village.agreement_id}/adendum/"
        (quota,) = [name for name in officer.get(address).context["form"].fields if name.startswith("quota_")]
        _, page = sent(officer, address, {**PKS, "number": "ADD/1", quota: "9"})
        assert "Adendum ADD/1" in page
        assert "Kuota Pekerja rentan: 3 menjadi 9" in page

    def test_an_addendum_that_changes_nothing_is_none(self, village: Village, signed_in: SignIn) -> None:
        address = f"/kerja-sama/{village.agreement_id}/adendum/"
        status, page = sent(signed_in(Role.CITY_OFFICER), address, PKS)
        assert status == 422
        assert "Sebut apa yang diubah adendum ini" in page

    def test_a_scan_comes_back_as_a_file_and_never_as_a_page(
        self, village: Village, signed_in: SignIn
    ) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        scan = SimpleUploadedFile("MoU kota <b>.pdf", SCAN)
        fields = {**PKS, "number": "MoU/1", "kind": "mou", "file": scan}
        sent(officer, f"/kerja-sama/{village.agreement_id}/surat/", fields)
        with as_user(village.users[Role.CITY_OFFICER]):
            document = Paper.objects.get(number="MoU/1").document_id
        answer = officer.get(f"/kerja-sama/{village.agreement_id}/berkas/{document}/")
        assert (answer.content, answer.headers["X-Content-Type-Options"]) == (SCAN, "nosniff")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "<" not in answer.headers["Content-Disposition"]
        with as_user(village.users[Role.CITY_OFFICER]):
            assert AuditEvent.objects.filter(action="document.opened").count() == 1

    def test_a_file_of_the_roster_is_not_handed_out_here(self, village: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        with as_user(village.users[Role.CITY_OFFICER]):
            roster = Agreement.objects.get(pk=village.agreement_id).rosters.get()
        assert (
            officer.get(f"/kerja-sama/{village.agreement_id}/berkas/{roster.document_id}/").status_code == 404
        )

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"number": "PKS\x001"}, "tanda yang tidak terlihat"),
            ({"signed_on": "31-02-2026"}, "Tulis tanggal sebagai"),
            ({"signed_on": "20-02-2027"}, "Tanggal surat tidak boleh sesudah hari ini, 10 November 2026"),
            ({"signed_on": "01-01-1900"}, "paling awal bertanggal 1 Januari 2014"),
            ({"signatories": "Rina Marlina"}, "Tulis satu orang tiap baris"),
            ({"file": SimpleUploadedFile("a.pdf", b"MZ")}, "PDF, JPG atau PNG"),
            ({"kind": "letter"}, "dari daftar"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(
        self, village: Village, signed_in: SignIn, changed: dict[str, object], sentence: str
    ) -> None:
        address = f"/kerja-sama/{village.agreement_id}/surat/"
        status, page = sent(signed_in(Role.CITY_OFFICER), address, {**PKS, "kind": "mou", **changed})
        assert status == 422
        assert sentence in page
        assert 'value="Disnaker"' in page

    def test_a_source_and_its_budget_are_recorded_and_raised(
        self, village: Village, signed_in: SignIn
    ) -> None:
        treasurer = signed_in(Role.FINANCE_OFFICER)
        base = f"/kerja-sama/{village.agreement_id}"
        sent(treasurer, f"{base}/sumber-dana/", {"origin": "dbh_sawit", "name": "DBH sawit 2026"})
        with as_user(village.users[Role.FINANCE_OFFICER]):
            source = FundingSource.objects.get(name="DBH sawit 2026")
        money = {
            "year": "2026",
            "source": source.pk,
            "number": "DPA/1",
            "signed_on": "2026-01-05",
            "kind": "first",
        }
        assert (
            "Anggaran tercatat" in sent(treasurer, f"{base}/anggaran/", {**money, "amount": "1.000.000"})[1]
        )
        again = sent(treasurer, f"{base}/anggaran/", {**money, "amount": "5"})[1]
        assert "Pilih tambahan atau pengurangan, atau tarik yang salah catat" in again
        raised = {**money, "amount": "Rp 250.000", "number": "DPPA/1", "kind": "raise"}
        page = sent(treasurer, f"{base}/anggaran/", raised)[1]
        assert "Rp1.250.000" in page
        cut = {**money, "amount": "400.000", "number": "DPPA/2", "kind": "cut"}
        assert "Rp850.000" in sent(treasurer, f"{base}/anggaran/", cut)[1]
        deeper = sent(treasurer, f"{base}/anggaran/", {**cut, "amount": "900.000", "number": "DPPA/3"})
        assert deeper[0] == 422
        assert "lebih besar daripada anggaran yang tersisa" in deeper[1]
        with as_user(village.users[Role.FINANCE_OFFICER]):
            first, _, last = Budget.objects.filter(funding_source=source).order_by("pk")
        early = sent(treasurer, f"{base}/anggaran/{first.pk}/tarik/", {"reason": "Salah ketik"})
        assert "atau tarik perubahannya dulu" in early[1]
        page = sent(treasurer, f"{base}/anggaran/{last.pk}/tarik/", {"reason": "Salah ketik"})[1]
        assert "Catatan anggaran ditarik" in page
        assert "Rp1.250.000" in page
        assert "Ditarik oleh Finance Officer Dinas Tenaga Kerja, 10 November 2026: Salah ketik" in page
        again = sent(treasurer, f"{base}/anggaran/{last.pk}/tarik/", {"reason": "Lagi"})
        assert "sudah ditarik" in again[1]

    def test_what_the_bills_take_is_not_cut_or_withdrawn(self, village: Village, signed_in: SignIn) -> None:
        """Three months of Rp33.600 are billed and paid: of Rp168.000, Rp67.200 may go."""
        treasurer = signed_in(Role.FINANCE_OFFICER)
        base = f"/kerja-sama/{village.agreement_id}/anggaran/"
        with as_user(village.users[Role.FINANCE_OFFICER]):
            made = Budget.objects.get(agreement_id=village.agreement_id, year=2026)
        money = {
            "year": "2026", "source": made.funding_source_id, "number": "DPPA/9", "signed_on": "2026-10-05",
            "kind": "cut",
        }  # fmt: skip
        for answer in (
            sent(treasurer, base, {**money, "amount": "67.201"}),
            sent(treasurer, f"{base}{made.pk}/tarik/", {"reason": "Salah"}),
        ):
            assert answer[0] == 422
            assert "Tagihan tahun itu sudah memakai lebih" in answer[1]
        assert sent(treasurer, base, {**money, "amount": "67.200"})[0] == 200


class TestYears:
    def test_it_says_what_is_missing_and_whose_turn_it_is(self, village: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        base = f"/kerja-sama/{village.agreement_id}/tahun/2028/"
        page = officer.get(base).content.decode()
        assert "Belum lengkap: 3 surat belum ada" in page
        sent(officer, f"{base}dpa/giliran/", {"turn": "bpkad", "since": "2026-11-02"})
        assert "Giliran <b>BPKAD</b>, sejak 2 November 2026" in officer.get(base).content.decode()
        for kind, more in (
            ("perwal", {"last_year": "2029"}),
            ("sk", {}),
            ("dpa", {"budget_code": "2.07.03"}),
        ):
            fields = {"number": f"{kind}/2028", "signed_on": "2026-11-03", **more}
            assert sent(officer, f"{base}{kind}/", fields)[0] == 200
        assert "Lengkap: iuran mulai Januari 2028" in officer.get(base).content.decode()

    def test_a_paper_recorded_by_mistake_is_withdrawn(self, village: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        with as_user(village.users[Role.CITY_OFFICER]):
            held = Agreement.objects.get(pk=village.agreement_id)
            made = held.year_papers.get(kind="sk", year=2027)
        address = f"/kerja-sama/{village.agreement_id}/dokumen-tahun/{made.pk}/tarik/"
        assert "Surat ini berlaku untuk tahun 2027." in officer.get(address).content.decode()
        assert "tidak dihitung lagi" in sent(officer, address, {"reason": "Salah unggah"})[1]
        assert "Ditarik oleh" in officer.get(f"/kerja-sama/{village.agreement_id}/").content.decode()
        trail = signed_in(Role.AUDITOR).get(f"/jejak/kerja-sama/{village.agreement_id}/").content.decode()
        assert "tahun 2027. Alasan: Salah unggah." in trail

    def test_a_paper_under_paid_months_is_not_withdrawn(self, village: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        with as_user(village.users[Role.CITY_OFFICER]):
            perwal = Agreement.objects.get(pk=village.agreement_id).year_papers.get(kind="perwal")
        address = f"/kerja-sama/{village.agreement_id}/dokumen-tahun/{perwal.pk}/tarik/"
        assert (
            f"untuk tahun {perwal.year} sampai {perwal.last_year};" in officer.get(address).content.decode()
        )
        status, page = sent(officer, address, {"reason": "Salah unggah"})
        assert status == 422
        assert "sudah ditagih atau dibayar atas dasar surat ini" in page

    def test_a_year_outside_all_plans_is_no_page(self, village: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        for tail in ("tahun/1999/", "tahun/2027/surat/", "tahun/2027/pks/"):
            assert officer.get(f"/kerja-sama/{village.agreement_id}/{tail}").status_code == 404

    def test_today_says_what_january_lacks(self, village: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        with as_user(village.users[Role.CITY_OFFICER]):
            made = Agreement.objects.get(pk=village.agreement_id).year_papers.get(kind="dpa", year=2027)
        sent(
            officer,
            f"/kerja-sama/{village.agreement_id}/dokumen-tahun/{made.pk}/tarik/",
            {"reason": "DPA belum disahkan"},
        )
        page = officer.get("/").content.decode()
        assert "iuran 2027 belum bisa dibayar, belum ada DPA. Giliran: PPTK." in page
        assert f"/kerja-sama/{village.agreement_id}/tahun/2027/" in page
        assert "iuran 2027" not in signed_in(Role.KELURAHAN_OPERATOR).get("/").content.decode()


class TestSeeing:
    def test_another_city_finds_nothing(self, village: Village, signed_in: SignIn) -> None:
        stranger = signed_in(village.stranger)
        listed = stranger.get("/kerja-sama/").content.decode()
        assert "bungo-rentan" in listed
        assert "jambi-rentan" not in listed
        for tail in (
            "",
            "ubah/",
            "ajukan/",
            "surat/",
            "adendum/",
            "anggaran/",
            "tahun/2027/",
            "tahun/2027/sk/",
        ):
            assert stranger.get(f"/kerja-sama/{village.agreement_id}/{tail}").status_code == 404, tail

    def test_who_only_looks_finds_no_button(self, village: Village, signed_in: SignIn) -> None:
        page = signed_in(Role.MAYOR).get(f"/kerja-sama/{village.agreement_id}/").content.decode()
        assert "Tidak ada yang perlu Anda lakukan di sini" in page
        assert not re.search(r'class="button[^"]*" href="/kerja-sama/\d+/', page)

    def test_it_says_in_an_empty_city_what_to_do_first(self, village: Village, signed_in: SignIn) -> None:
        with system_scope(SystemScope.DEMO, actor=NOBODY):
            tebo = Organisation.objects.create(kind="city", code="tebo", name="Kabupaten Tebo")
            newcomer = User.objects.create_user("tebo", name="Petugas Tebo")
            appoint(
                newcomer,
                role=Role.CITY_OFFICER,
                organisation=tebo,
                since=date(2026, 1, 1),
                by=BUILDER,
                now=NOW,
            )
        page = signed_in(newcomer).get("/kerja-sama/").content.decode()
        assert "Mulai dengan menulis konsepnya" in page

    def test_it_asks_as_often_for_one_as_for_many(self, village: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        counts = []
        for more in (0, 6):
            _further(village, more)
            officer.get("/kerja-sama/")
            with CaptureQueriesContext(connection) as queries:
                assert officer.get("/kerja-sama/").status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_the_story_asks_as_often_for_many_papers(self, village: Village, signed_in: SignIn) -> None:
        officer, counts = signed_in(Role.CITY_OFFICER), []
        address = f"/kerja-sama/{village.agreement_id}/"
        for number in range(2):
            officer.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert officer.get(address).status_code == 200
            counts.append(len(queries))
            for each in range(4):
                fields = {**PKS, "number": f"MoU/{number}/{each}", "kind": "mou"}
                sent(officer, f"{address}surat/", fields)
        assert counts[0] == counts[1]


def _further(village: Village, count: int) -> None:
    """More agreements of the city, in force."""
    writer = acting(village.users[Role.CITY_OFFICER], NOW.date())
    second = acting(village.users[Role.BRANCH_OFFICER], NOW.date())
    with in_scope(writer[1], actor=writer[0]):
        like = Agreement.objects.get(pk=village.agreement_id)
    for number in range(count):
        agreed.another(like, f"lagi-{number}", writer=writer, second=second, now=NOW, since=date(2026, 8, 1))


def test_the_second_person_is_asked_for_even_when_the_page_is_forced(
    village: Village, signed_in: SignIn
) -> None:
    """The branch officer drafted nothing; the finance officer who mended the draft is refused in words."""
    officer, treasurer = signed_in(Role.CITY_OFFICER), signed_in(Role.FINANCE_OFFICER)
    made = draft(village, officer)
    actor, scope = acting(village.users[Role.FINANCE_OFFICER], NOW.date())
    with in_scope(scope, actor=actor):
        held = Agreement.objects.get(pk=made)
        terms = room.Terms(held.title, held.paying_office_id, held.funding_source_id, ("jkk",), held.since)
        room.edit_draft(agreement_id=made, revision=1, terms=terms, by=actor, now=NOW)
    sent(officer, f"/kerja-sama/{made}/ajukan/", {})
    sent(officer, f"/kerja-sama/{made}/tanda-tangan/", PKS)
    status, page = sent(treasurer, f"/kerja-sama/{made}/aktifkan/", {})
    assert status == 422
    assert "Minta orang lain yang mengaktifkannya" in page
