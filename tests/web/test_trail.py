"""The page "Jejak": who did what when, in sentences; who only looked stands in it too."""

import re
from typing import Any

import pytest
from django.conf import settings

from lindung.access import changing, joining
from lindung.access.models import AuditEvent, Organisation, Role
from lindung.access.scope import Actor, in_scope
from lindung.access.trail import STRANGER
from lindung.insight import trail as insight
from lindung.law.months import Month
from lindung.membership import changes, ending
from lindung.membership.employment import LeaveReason
from web.conftest import SignIn
from web.test_branch import DEATH, bring_in
from web.test_users import administrator
from web.village import NOW, SITI, Village, acting
from web.workplaces import workplace

REASON = {"once": "abc", "reason": "claim", "words": "Klaim almarhum"}


def sentences(page: str) -> list[str]:
    """The actions on a page, in order, as a person reads them."""
    cells = re.findall(r'data-label="Tindakan">(.*?)</td>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells]


def test_it_tells_the_whole_story_of_ibu_siti(village: Village, signed_in: SignIn) -> None:
    """Bulk runs are one event each, and stand in her trail because her rows carry their number."""
    page = signed_in(Role.AUDITOR).get(f"/jejak/pekerja/{village.siti_id}/").content.decode()
    said = sentences(page)
    assert said[0] == "Tagihan Oktober 2026 lunas: Rp33.600."
    assert said[1].startswith("Menyusun tagihan Oktober 2026: 2 orang, Rp33.600.")
    assert said[-1] == "Mendaftarkan 2 orang untuk iuran mulai 1 Agustus 2026."
    assert "Siti Aminah" in page


def test_it_shows_who_looked_and_why(village: Village, signed_in: SignIn) -> None:
    signed_in(Role.CITY_OFFICER).post(f"/pekerja/{village.siti_id}/nik/", REASON)
    auditor = signed_in(Role.AUDITOR)
    said = sentences(auditor.get(f"/jejak/pekerja/{village.siti_id}/?jenis=melihat").content.decode())
    assert said == ["melihat Melihat NIK lengkap. Alasan: Mengurus klaim. Klaim almarhum"]


def test_it_tells_a_new_wage_a_leave_and_an_undo_with_their_facts(
    village: Village, signed_in: SignIn
) -> None:
    place = workplace(village)
    (worker,) = place.workers
    officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    act: dict[str, Any] = {"membership_id": worker.membership_id, "by": officer, "now": NOW}
    with in_scope(scope, actor=officer):
        changes.change_wage(since=Month(2027, 1), basis="monthly", amount=3_100_000, **act)
        left = changes.leave(last_month=Month(2027, 2), reason=LeaveReason.WORK_ENDED, **act)
        changes.undo(change_id=left.change_id, by=officer, now=NOW)
    auditor = signed_in(Role.AUDITOR)
    page = auditor.get(f"/jejak/pekerja/{worker.person_id}/").content.decode()
    assert [each.split(" Dewi")[0] for each in sentences(page)[:3]] == [
        "Membatalkan perubahan kepesertaan: keluar, Februari 2027.",
        "Mengakhiri kepesertaan; bulan terakhirnya Februari 2027. Alasan: Berhenti bekerja.",
        "Mengubah upah peserta mulai Januari 2027: dari Rp2.875.000 menjadi Rp3.100.000 sebulan.",
    ]
    assert f'href="/jejak/pekerja/{worker.person_id}/"' in auditor.get("/jejak/").content.decode()


def test_it_tells_why_and_when_an_agreement_was_stopped(village: Village, signed_in: SignIn) -> None:
    officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=officer):
        ending.terminate(
            agreement_id=village.agreement_id, on=NOW.date().replace(month=12, day=1), by=officer, now=NOW,
            reason="Dinas dilebur, hubungi 0812-3456-7890.",
        )  # fmt: skip
    said = sentences(
        signed_in(Role.AUDITOR).get(f"/jejak/kerja-sama/{village.agreement_id}/").content.decode()
    )
    assert said[1].startswith(
        "Menghentikan kerja sama sebelum waktunya, mulai 1 Desember 2026. Alasan: Dinas dilebur, hubungi •••."
    )


def test_it_tells_two_reasons_of_one_name_apart() -> None:
    assert "cabang" in insight.told("nik.revealed", {"reason": "branch", "words": ""}).id
    said = insight.told("bill.cancelled", {"reason": "branch", "month": "2026-11"})
    assert said.id == "Membatalkan tagihan November 2026. Alasan: Berbeda dengan kode iuran BPJS."


def test_it_narrows_by_person_and_day(village: Village, signed_in: SignIn) -> None:
    auditor, treasurer = signed_in(Role.AUDITOR), village.users[Role.FINANCE_OFFICER]
    said = sentences(auditor.get(f"/jejak/?orang={treasurer.pk}").content.decode())
    assert said
    assert all("Mengesahkan pembayaran" in each or " lunas: " in each for each in said)
    assert "Belum ada peristiwa" in auditor.get("/jejak/?hari=2019-01-01").content.decode()
    assert sentences(auditor.get("/jejak/?hari=kemarin&sebelum=%00").content.decode())


@pytest.mark.parametrize("word", ["kerja-sama", "daftar", "pengguna"])
def test_it_has_a_trail_for_each_kind_of_record(village: Village, signed_in: SignIn, word: str) -> None:
    ids = {
        "kerja-sama": village.agreement_id,
        "daftar": village.roster_id,
        "pengguna": village.users[Role.CITY_OFFICER].pk,
    }
    assert sentences(signed_in(Role.AUDITOR).get(f"/jejak/{word}/{ids[word]}/").content.decode())


def test_it_names_records_as_people_do(village: Village, signed_in: SignIn) -> None:
    """A bill by its month and agreement, a list by its file; never a number where a name is in sight."""
    auditor = signed_in(Role.AUDITOR)
    whole = auditor.get("/jejak/").content.decode()
    (bill, *_) = re.findall(r'href="/jejak/tagihan/(\d+)/">([^<]+)<', whole)
    assert bill[1] == "Tagihan Oktober 2026 · Pekerja rentan Kota Jambi"
    assert "<p><a" in (page := auditor.get(f"/jejak/tagihan/{bill[0]}/").content.decode())
    assert "<title>Jejak · Tagihan Oktober 2026 · Pekerja rentan" in " ".join(page.split())
    assert not re.findall(r"(?:tagihan|daftar|kerja sama|pekerja|pengguna) nomor \d", whole)
    auditor.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = auditor.get(f"/jejak/tagihan/{bill[0]}/").content.decode()
    assert "Bill of October 2026 · Pekerja rentan" in english


def test_it_goes_on_to_what_is_older(
    village: Village, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    auditor = signed_in(Role.AUDITOR)
    whole = sentences(auditor.get("/jejak/").content.decode())
    monkeypatch.setattr(insight, "PER_PAGE", len(whole) - 1)
    page = auditor.get("/jejak/").content.decode()
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older is not None
    assert sentences(page) + sentences(auditor.get("/jejak/" + older[1]).content.decode()) == whole


def test_it_is_closed_to_officers_and_empty_for_other_cities(village: Village, signed_in: SignIn) -> None:
    assert signed_in(Role.CITY_OFFICER).get("/jejak/").status_code == 403
    assert signed_in(Role.CITY_OFFICER).get(f"/jejak/pekerja/{village.siti_id}/").status_code == 403
    administrator = signed_in(Role.ADMINISTRATOR)
    assert administrator.get(f"/jejak/pekerja/{village.siti_id}/").status_code == 404
    assert "Rp33.600" not in administrator.get("/jejak/").content.decode()
    assert signed_in(Role.AUDITOR).get("/jejak/pekerja/999999/").status_code == 404
    assert signed_in(Role.AUDITOR).get("/jejak/kucing/1/").status_code == 404


def test_it_tells_what_the_branch_said_of_her(village: Village, signed_in: SignIn) -> None:
    officer = signed_in(Role.CITY_OFFICER)
    bring_in(officer, village, DEATH, kind="determination")
    bring_in(officer, village, f"NIK,Saldo\r\n'{SITI},1000\r\n", kind="balance")
    said = sentences(signed_in(Role.AUDITOR).get(f"/jejak/pekerja/{village.siti_id}/").content.decode())
    assert said.count("Memasukkan berkas BPJS: 1 dari 1 baris diterima.") == 2
    assert "Menghitung perkiraan manfaat JKM." in said


def test_it_tells_who_asked_approved_and_linked_before_somebody_joined(
    village: Village, signed_in: SignIn
) -> None:
    jambi = Organisation.objects.get(code="jambi")
    asking, approving = (administrator(name) for name in ("admin.satu", "admin.dua"))
    terms = changing.Terms(Role.FINANCE_OFFICER, jambi, NOW.date())
    actor, scope = acting(asking, NOW.date())
    with in_scope(scope, actor=actor):
        asked = changing.invite(
            name="Dewi Lestari", username="dewi", terms=terms, reason="Nota", by=actor, now=NOW
        )
    actor, scope = acting(approving, NOW.date())
    with in_scope(scope, actor=actor):
        changing.decide(change_id=asked.pk, approve=True, by=actor, now=NOW, today=NOW.date())
        link = joining.issue(change_id=asked.pk, by=actor, now=NOW)
    dewi = joining.accept(link.token, password="kerbau menyeberang tujuh sungai", now=NOW, today=NOW.date())
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        said = sentences(signed_in(role).get(f"/jejak/pengguna/{dewi.pk}/").content.decode())
        assert said[-4:] == [
            "Menerima undangan dan memasang kata sandi.",
            "Membuat tautan untuk Dewi Lestari: Undang pengguna baru, Bendahara.",
            "Menyetujui perubahan akun Dewi Lestari: Undang pengguna baru, Bendahara.",
            "Mengusulkan perubahan akun Dewi Lestari: Undang pengguna baru, Bendahara.",
        ], role


def test_it_says_which_function_and_by_which_paper() -> None:
    detail = {"function": "payout", "decided_by": "here", "since": "2026-11-01", "paper": "Surat kuasa SKU/1"}
    assert insight.told("authority.approved", detail).id == (
        "Menyetujui siapa yang menetapkan mulai 1 November 2026. Pembayaran manfaat: Di sini, oleh kantor ini, "
        "menurut Surat kuasa SKU/1."
    )


def test_it_says_by_which_door_somebody_searched() -> None:
    told = [insight.told("person.sought_by_nik", {"through": door}).id for door in ("api", "command_line")]
    assert told == [
        "Mencari orang dengan NIK lewat sistem lain (API).",
        "Mencari orang dengan NIK lewat baris perintah.",
    ]


def test_it_names_who_has_not_signed_in_in_words() -> None:
    failed = AuditEvent(action="sign_in_failed", subject="user:1", actor_name=STRANGER.name)
    assert insight.actor_of(failed).id == "seseorang yang belum masuk"


def test_it_names_an_action_it_has_no_sentence_for() -> None:
    text = insight.told("new.thing", {"rows": 3})
    assert text.id == "Tindakan new.thing. rows: 3"


def test_it_survives_a_detail_that_is_missing_or_odd() -> None:
    assert insight.told("bill.drawn", {"month": "kemarin", "total": "banyak"}).id == (
        "Menyusun tagihan kemarin: – orang, banyak."
    )
    assert insight.told("nik.revealed", {"reason": "x", "words": ""}).en == "Saw the whole NIK. Reason: x. "
    assert Actor(None, "system").name == "system"
