"""The pages on which an agreement ends: closed when its period is over, or stopped before, and what it offers then."""

from datetime import date

from lindung.access.models import Role
from lindung.membership import ending
from web.agreement_writing import ENDS, as_user, sent, withdraw
from web.conftest import SignIn
from web.village import NOW, Village, acting


class TestClosing:
    def test_it_says_how_many_memberships_end_and_where_it_is_asked_for(
        self, village: Village, signed_in: SignIn
    ) -> None:
        """Siti and Budi are paid until October 2026; the period is over on 1 November, which is ten days ago."""
        officer = signed_in(Role.CITY_OFFICER)
        _, page = sent(officer, f"/kerja-sama/{village.agreement_id}/adendum/", ENDS)
        address = f"/kerja-sama/{village.agreement_id}/tutup/"
        today = officer.get("/").content.decode()
        assert f'href="{address}"' in today
        assert "masanya berakhir sebelum 1 November 2026. Tutup" in today
        assert "Kepesertaan 2 orang berakhir bersamanya" in officer.get(address).content.decode()
        _, page = sent(officer, address, {})
        assert "Kepesertaan 2 orang berakhir; bulan terakhirnya Oktober 2026." in page
        assert address not in officer.get("/").content.decode()

    def test_it_tells_before_it_is_terminated(self, village: Village, signed_in: SignIn) -> None:
        officer, address = signed_in(Role.CITY_OFFICER), f"/kerja-sama/{village.agreement_id}/hentikan/"
        assert "Kepesertaan 2 orang berakhir bersamanya" in officer.get(address).content.decode()
        fields = {"on": "2026-12-01", "reason": "Dana dialihkan"}
        status, page = sent(officer, address, {**fields, "sure_of": "2062-12-01"})
        assert status == 200
        assert (
            "2 orang tidak dibayari lagi mulai 1 Desember 2026; bulan terakhir yang dibayar November" in page
        )
        assert 'name="sure_of" value="2026-12-01"' in page
        assert "Ya, tanggalnya benar" in page, "the second press does not look like the first"
        assert "Berlaku" in officer.get(f"/kerja-sama/{village.agreement_id}/").content.decode()
        _, page = sent(officer, address, {**fields, "sure_of": "2026-12-01"})
        assert "Kepesertaan 2 orang berakhir; bulan terakhirnya November 2026." in page

    def test_a_slip_of_the_year_is_put_right_by_somebody_else(
        self, village: Village, signed_in: SignIn
    ) -> None:
        officer, base = signed_in(Role.CITY_OFFICER), f"/kerja-sama/{village.agreement_id}/"
        slip = {"on": "2062-12-01", "reason": "Dana dialihkan", "sure_of": "2062-12-01"}
        sent(officer, f"{base}hentikan/", slip)
        link = f"{base}hentikan/perbaiki/"
        assert link not in officer.get(base).content.decode()
        assert officer.get(link).status_code == 403
        treasurer = signed_in(Role.FINANCE_OFFICER)
        assert link in treasurer.get(base).content.decode()
        right = {"on": "2026-12-01", "reason": "Salah ketik tahun"}
        _, page = sent(treasurer, link, right)
        assert "2 orang tidak dibayari lagi mulai 1 Desember 2026" in page
        _, page = sent(treasurer, link, {**right, "sure_of": "2026-12-01"})
        assert "Tanggal berhentinya diperbaiki" in page
        assert "sampai sebelum 1 Desember 2026" in page
        assert link not in page, "whoever put it right does not put himself right"


class TestOver:
    """The village's agreement is stopped on 10 November 2026 with a later last month."""

    def stopped(self, village: Village, on: str) -> None:
        with as_user(village.users[Role.CITY_OFFICER]):
            officer, _ = acting(village.users[Role.CITY_OFFICER], NOW.date())
            ending.terminate(
                agreement_id=village.agreement_id,
                on=date.fromisoformat(on),
                reason="Diganti",
                by=officer,
                now=NOW,
            )

    def test_while_months_are_owed_it_says_what_they_lack_and_takes_money(
        self, village: Village, signed_in: SignIn
    ) -> None:
        withdraw(village, "dpa", 2027)
        self.stopped(village, "2027-03-01")
        page = signed_in(Role.FINANCE_OFFICER).get(f"/kerja-sama/{village.agreement_id}/").content.decode()
        assert "Iuran 2027 belum bisa dibayar: 1 dokumen belum ada." in page
        assert "Catat anggaran" in page

    def test_once_nothing_is_owed_it_asks_for_nothing(self, village: Village, signed_in: SignIn) -> None:
        withdraw(village, "dpa", 2027)
        self.stopped(village, "2026-11-01")
        page = signed_in(Role.FINANCE_OFFICER).get(f"/kerja-sama/{village.agreement_id}/").content.decode()
        assert "belum bisa dibayar" not in page
        assert "Catat anggaran" not in page
