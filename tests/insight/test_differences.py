"""The queue "Beda dengan BPJS": every kind of difference, what explains it, and who sees it."""

from datetime import date
from typing import NamedTuple

import pytest

import code_lists
import employers
import selfpay
import world
from lindung.access.models import Role
from lindung.contributions import own_bills
from lindung.contributions.models import Bill
from lindung.insight import differences
from lindung.insight.differences import Difference
from lindung.law.months import Month
from lindung.membership import changes, explaining
from lindung.membership.branch_records import NoteState, WordKind
from lindung.membership.employment import LeaveReason
from lindung.partnership.models import Agreement
from stages import Stage as Saved
from stages import stage_of

JUNE, JULY = Month(2025, 6), Month(2025, 7)
ON = date(2025, 9, 1)
KPJ, OTHER_KPJ = "19015012347", "19015012354"


class Stage(NamedTuple):
    """Kota Jambi with Ibu Siti and Pak Budi, paid for June and July 2025."""

    jambi: world.City
    agreement: Agreement


def two_months_paid() -> Stage:
    jambi = world.city()
    agreement = world.agreement(jambi, budgets={2025: 10**9}, programmes=("jkk", "jkm", "jht"))
    world.enrol(jambi, agreement, world.SITI, world.BUDI)
    world.pay_months(jambi, agreement, JUNE, JULY)
    return Stage(jambi, agreement)


saved_stage = stage_of(two_months_paid, now=world.at(world.TODAY))


@pytest.fixture
def stage(saved_stage: Saved[Stage], db: None) -> Stage:
    return saved_stage.found()


def queue(stage: Stage, *, role: Role = Role.CITY_OFFICER, on: date = ON) -> list[Difference]:
    with stage.jambi.acting(role, on=on):
        return list(differences.page(on=on, state="").rows)


def only(stage: Stage, *, on: date = ON, of_death: bool = False) -> Difference:
    """The one difference there is, beside that a death which is determined leaves the person enrolled."""
    (found,) = [row for row in queue(stage, on=on) if (row.kind == "death") == of_death]
    return found


def numbers(stage: Stage, *pairs: tuple[str, world.Worker], on: date = ON) -> None:
    lines = (f"{number},'{worker.nik},{worker.name}" for number, worker in pairs)
    world.word(stage.jambi, WordKind.MEMBER_NUMBER, "KPJ,NIK,Nama", *lines, on=on)


def said(stage: Stage, kind: WordKind, headings: str, *lines: str, on: date = ON) -> None:
    world.word(stage.jambi, kind, headings, *lines, on=on)


class TestWhatDiffers:
    def test_it_is_empty_where_both_say_the_same(self, stage: Stage) -> None:
        numbers(stage, (KPJ, world.SITI), (OTHER_KPJ, world.BUDI))
        said(stage, WordKind.STATUS, "KPJ,Status,Sejak", f"{KPJ},Aktif,01-06-2025", on=ON)
        bill = "Kode Iuran,BLTH,Jumlah Peserta,Jumlah"
        said(stage, WordKind.CONTRIBUTION_CODE, bill, f"250600001,06-2025,2,{month_total(stage)}")
        assert queue(stage) == []
        with stage.jambi.acting(on=ON):
            assert differences.open_differences(on=ON) == 0

    def test_it_shows_one_number_given_to_two_people(self, stage: Stage) -> None:
        numbers(stage, (KPJ, world.SITI), (KPJ, world.BUDI))
        found = only(stage)
        assert found.kind == "kpj_shared"
        assert "2 orang berbeda" in found.ours.text.id
        assert {"Siti Aminah", "Budi Santoso"} <= set(found.ours.text.id.split(": ")[1].split(", "))
        assert found.theirs.text.id == "KPJ 190••••••47"
        assert (found.file, found.line) == ("member_number.csv", 3)

    def test_it_shows_two_numbers_of_one_person(self, stage: Stage) -> None:
        numbers(stage, (KPJ, world.SITI))
        numbers(stage, (OTHER_KPJ, world.SITI), on=date(2025, 9, 10))
        found = only(stage, on=date(2025, 9, 11))
        assert (found.kind, found.person) == ("kpj_several", "Siti Aminah")
        assert (found.ours.text.id, found.theirs.text.id) == (
            "Lebih dulu: KPJ 190••••••47",
            "Sekarang: KPJ 190••••••54",
        )
        assert found.age_days == 1

    def test_it_shows_who_is_inactive_though_paid(self, stage: Stage) -> None:
        said(
            stage, WordKind.STATUS, "NIK,Status,Sejak,Sebab", f"'{world.SITI.nik},Nonaktif,01-07-2025,Pindah"
        )
        found = only(stage)
        assert found.kind == "status_inactive"
        assert (found.ours.text.id, found.ours.badge.id) == ("Iuran lunas sampai Juli 2025", "Sudah dibayar")
        assert (found.theirs.text.id, found.theirs.badge.id) == (
            "Nonaktif sejak 1 Juli 2025 — Pindah",
            "Ketetapan BPJS",
        )

    def test_it_says_nothing_when_the_last_paid_month_is_before_the_end(self, stage: Stage) -> None:
        said(stage, WordKind.STATUS, "NIK,Status,Sejak", f"'{world.SITI.nik},Nonaktif,02-07-2025")
        assert queue(stage) == []

    def test_it_shows_who_is_active_though_long_unpaid(self, stage: Stage) -> None:
        late = date(2026, 3, 1)
        said(stage, WordKind.STATUS, "NIK,Status,Sejak", f"'{world.SITI.nik},Aktif,01-06-2025", on=late)
        assert only(stage, on=late).kind == "status_active"

    def test_it_agrees_that_a_wage_earner_is_active_though_long_unpaid(self, stage: Stage) -> None:
        """Of a non-wage earner the same word would differ: a wage earner's arrears are the employer's."""
        unit, late = employed(stage), date(2026, 3, 1)
        rows = [f"'{nik},Aktif,01-06-2025" for nik in (employers.DEWI.nik, world.BUDI.nik)]
        said(stage, WordKind.STATUS, "NIK,Status,Sejak", *rows, on=late)
        found = only(stage, on=late)
        assert (found.kind, found.person) == ("status_active", "Budi Santoso")
        left(stage, unit)
        assert {each.person for each in queue(stage, on=late)} == {"Budi Santoso", "Dewi Sartika"}

    def test_it_shows_a_wage_earner_inactive_for_the_unpaid_months_of_her_employer(
        self, stage: Stage
    ) -> None:
        """June is paid, BPJS says inactive since August: by the law she is covered and her employer owes."""
        employed(stage)
        rows = [f"'{nik},Nonaktif,02-08-2025" for nik in (employers.DEWI.nik, world.BUDI.nik)]
        said(stage, WordKind.STATUS, "NIK,Status,Sejak", *rows)
        found = only(stage)
        assert (found.kind, found.person) == ("status_inactive", "Dewi Sartika")
        assert found.ours.text.id == "Iuran lunas sampai Juni 2025"

    def test_it_judges_who_has_both_works_by_either(self, stage: Stage) -> None:
        """Pak Budi is sponsored until July 2025 and employed besides: in March 2026 his employer still covers him."""
        employed(stage, world.BUDI._replace(occupation="Petugas kebersihan"))
        said(
            stage,
            WordKind.STATUS,
            "NIK,Status,Sejak",
            f"'{world.BUDI.nik},Aktif,01-06-2025",
            on=date(2026, 3, 1),
        )
        assert queue(stage, on=date(2026, 3, 1)) == []

    def test_it_shows_a_code_of_another_amount_or_for_other_people(self, stage: Stage) -> None:
        bill = "Kode Iuran,BLTH,Jumlah Peserta,Jumlah,Kerja Sama"
        said(stage, WordKind.CONTRIBUTION_CODE, bill, f"2506,Juni 2025,1,Rp 16.800,{stage.agreement.code}")
        found = only(stage)
        assert (found.kind, found.agreement) == ("code", stage.agreement.title)
        assert "untuk 2 orang, Juni 2025" in found.ours.text.id
        assert found.theirs.text.id == "2506: Rp16.800 untuk 1 orang, Juni 2025"

    def test_it_takes_the_codes_of_one_file_together(self, stage: Stage) -> None:
        half = month_total(stage) // 2
        rows = [f"A{n},06-2025,1,{half}" for n in (1, 2)]
        said(stage, WordKind.CONTRIBUTION_CODE, "Kode Iuran,BLTH,Jumlah Peserta,Jumlah", *rows)
        assert queue(stage) == []

    def test_it_holds_the_bills_of_self_payers_together_against_their_code(self, stage: Stage) -> None:
        """Two of a group with a bill each of Rp16.800: one code over both is no difference, another amount is one."""
        group = selfpay.independent(stage.jambi)
        people = world.crowd(2)
        world.enrol(stage.jambi, group, *people, since=JULY, registered_on=date(2025, 6, 20))
        with stage.jambi.acting(on=date(2025, 7, 1)) as officer:
            drawn = own_bills.draw_all_own(
                agreement_id=group.pk, month=JULY, by=officer, today=date(2025, 7, 1)
            )
        bill = "Kode Iuran,BLTH,Jumlah Peserta,Jumlah,Kerja Sama"
        said(stage, WordKind.CONTRIBUTION_CODE, bill, f"2507,Juli 2025,2,{drawn.total},{group.code}")
        assert queue(stage) == []
        said(
            stage, WordKind.CONTRIBUTION_CODE, bill, f"2508,Juli 2025,2,{drawn.total + 1},{group.code}", on=ON
        )
        assert "untuk 2 orang, Juli 2025" in only(stage).ours.text.id

    def test_it_shows_a_code_for_a_month_without_a_bill(self, stage: Stage) -> None:
        said(stage, WordKind.CONTRIBUTION_CODE, "Kode Iuran,BLTH,Jumlah Peserta,Jumlah", "A1,2025-08,2,33600")
        assert only(stage).ours.text.id == "Belum ada tagihan Agustus 2025"

    def test_it_shows_a_determination_that_is_not_our_estimate(self, stage: Stage) -> None:
        determined(stage, "42.000.000")
        found = only(stage)
        assert found.kind == "determination"
        assert found.ours.text.id == "JKM Rp10.000.000"
        assert found.theirs.text.id == (
            "JKM Rp42.000.000, nomor PJ/1/2025, ditetapkan 10 hari sesudah kejadian (10 Agustus 2025)"
        )

    def test_it_says_nothing_of_a_determination_in_parts_that_sum_to_our_estimate(self, stage: Stage) -> None:
        headings = "NIK,Program,Tanggal Kejadian,Jenis Manfaat,Jumlah,Nomor Penetapan,Tanggal Penetapan"
        parts = [
            f"'{world.SITI.nik},JKM,10-08-2025,{part},{amount},PJ/1/2025,20-08-2025"
            for part, amount in (("Biaya pemakaman", 9_000_000), ("Santunan berkala", 1_000_000))
        ]
        said(stage, WordKind.DETERMINATION, headings, *parts)
        assert [row.kind for row in queue(stage)] == ["death"]

    def test_it_shows_who_died_and_is_enrolled_still(self, stage: Stage) -> None:
        determined(stage, "10.000.000")
        found = only(stage, of_death=True)
        assert found.title.id == "Meninggal menurut BPJS, padahal masih terdaftar atau ditagih"
        assert (found.person, found.ours.text.id) == ("Siti Aminah", "Masih terdaftar.")
        assert found.theirs.text.id == "Meninggal 10 Agustus 2025 (JKM, nomor PJ/1/2025)"
        assert (found.theirs.badge.id, found.file) == ("Ketetapan BPJS", "determination.csv")
        assert found.open_memberships == (siti_membership(stage),)

    def test_it_shows_what_was_billed_after_a_death_also_once_the_leave_is_recorded(
        self, stage: Stage
    ) -> None:
        world.pay_months(stage.jambi, stage.agreement, Month(2025, 8), Month(2025, 9))
        determined(stage, "10.000.000")
        left_after(stage, last_month=Month(2025, 9))
        found = only(stage, of_death=True)
        billed = "Ditagih untuk 1 bulan sesudah meninggal, terakhir September 2025."
        assert found.ours.text.id == f"Terdaftar sampai 30 September 2025. {billed}"
        assert found.open_memberships == ()
        assert only(stage, on=date(2025, 10, 1), of_death=True).ours.text.id == billed

    def test_it_says_nothing_of_a_death_once_the_leave_is_recorded_and_no_month_was_billed_since(
        self, stage: Stage
    ) -> None:
        determined(stage, "10.000.000")
        left_after(stage, last_month=Month(2025, 8))
        assert queue(stage) == []

    @pytest.mark.parametrize(
        ("programme", "benefit", "died"),
        [("JKK", "Biaya pemakaman", True), ("JKK", "Santunan berkala", False), ("JHT", "", False)],
    )
    def test_it_takes_only_what_is_paid_for_a_death_as_the_word_of_a_death(
        self, stage: Stage, programme: str, benefit: str, died: bool
    ) -> None:
        headings = "NIK,Program,Tanggal Kejadian,Jenis Manfaat,Jumlah,Nomor Penetapan,Tanggal Penetapan"
        line = f"'{world.SITI.nik},{programme},10-08-2025,{benefit},1000,PJ/1/2025,20-08-2025"
        said(stage, WordKind.DETERMINATION, headings, line)
        assert [row.kind for row in queue(stage)] == (["death"] if died else [])

    def test_it_shows_a_balance_that_is_not_what_was_deposited(self, stage: Stage) -> None:
        said(stage, WordKind.BALANCE, "NIK,Saldo", f"'{world.SITI.nik},1000")
        found = only(stage)
        assert (found.kind, found.theirs.text.id) == ("balance", "Saldo Rp1.000 pada 1 September 2025")

    def test_it_knows_nothing_of_a_word_that_came_later(self, stage: Stage) -> None:
        determined(stage, "42.000.000")
        assert queue(stage, on=date(2025, 8, 31)) == []


class TestExplaining:
    def test_it_is_explained_by_somebody_with_a_reason_and_opened_again(self, stage: Stage) -> None:
        determined(stage, "42.000.000")
        explain(stage, only(stage), "Cabang menghitung masa kepesertaan lama.")
        found = only(stage)
        assert (found.state, found.noted_by) == ("explained", stage.jambi.users[Role.CITY_OFFICER].name)
        with stage.jambi.acting(on=ON):
            assert differences.open_differences(on=ON) == 1
            assert [row.kind for row in differences.page(on=ON).rows] == ["death"]
        explain(stage, found, "Cabang menarik jawabannya.", state=NoteState.OPEN)
        assert only(stage).state == "open"

    def test_it_is_open_again_when_a_value_changes(self, stage: Stage) -> None:
        determined(stage, "42.000.000")
        explain(stage, only(stage), "Sudah ditanyakan ke cabang.")
        determined(stage, "41.000.000", on=date(2025, 9, 5))
        assert only(stage, on=date(2025, 9, 5)).state == "open"

    def test_it_needs_a_reason(self, stage: Stage) -> None:
        determined(stage, "42.000.000")
        with pytest.raises(explaining.NoReason):
            explain(stage, only(stage), " ok ")

    def test_it_keeps_no_nik_in_a_reason(self, stage: Stage) -> None:
        determined(stage, "42.000.000")
        explain(stage, only(stage), f"NIK {world.SITI.nik} dicek")
        assert world.SITI.nik not in only(stage).note


class TestSight:
    def test_it_is_hidden_from_a_stranger_of_another_city(self, stage: Stage) -> None:
        determined(stage, "42.000.000")
        bungo = world.city("bungo", branch=stage.jambi.branch)
        with bungo.acting(on=ON):
            assert differences.page(on=ON).rows == ()
            assert differences.open_differences(on=ON) == 0

    def test_it_is_seen_by_the_branch_and_the_auditor(self, stage: Stage) -> None:
        determined(stage, "42.000.000")
        for role in (Role.BRANCH_OFFICER, Role.AUDITOR):
            assert len(queue(stage, role=role)) == 2

    def test_it_asks_as_often_for_many_as_for_one(
        self, stage: Stage, django_assert_max_num_queries: object
    ) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        asked = []
        crowd = world.crowd(12)
        world.enrol(stage.jambi, stage.agreement, *crowd, since=Month(2025, 8))
        for people in (crowd[:2], crowd):
            numbers(stage, *[(KPJ, person) for person in people], *[(OTHER_KPJ, person) for person in people])
            with stage.jambi.acting(on=ON), CaptureQueriesContext(connection) as queries:
                shown = differences.page(on=ON).rows
            asked.append((len(shown) > 3, len(queries)))
        assert asked[1][0]
        assert asked[0][1] == asked[1][1]


def employed(stage: Stage, worker: world.Worker = employers.DEWI) -> int:
    """A wage earner of the city, paid for June 2025; the membership."""
    employers.minimum_wage(stage.jambi)
    unit = employers.unit(stage.jambi)
    (came,) = employers.employ(stage.jambi, unit, worker)
    world.pay(stage.jambi, unit.agreement, JUNE)
    return came.membership_id


def left(stage: Stage, membership_id: int) -> None:
    """Her last month is December 2025."""
    on = date(2025, 12, 20)
    with stage.jambi.acting(on=on) as officer:
        changes.leave(
            membership_id=membership_id,
            last_month=Month(2025, 12),
            reason=LeaveReason.MOVED,
            by=officer,
            now=world.at(on),
        )


def month_total(stage: Stage) -> int:
    with stage.jambi.acting(on=ON):
        bill = stage.agreement.bills.order_by("month").first()
        assert bill is not None
        return bill.total


def determined(stage: Stage, amount: str, *, on: date = ON) -> None:
    headings = "NIK,Nama,Program,Tanggal Kejadian,Jumlah,Nomor Penetapan,Tanggal Penetapan"
    line = f"'{world.SITI.nik},Siti Aminah,JKM,10-08-2025,{amount},PJ/1/2025,20-08-2025"
    said(stage, WordKind.DETERMINATION, headings, line, on=on)


def siti_membership(stage: Stage) -> int:
    with stage.jambi.acting(on=ON):
        return int(stage.agreement.memberships.get(person__name="Siti Aminah").pk)


def left_after(stage: Stage, *, last_month: Month) -> None:
    with stage.jambi.acting(on=ON) as officer:
        changes.leave(
            membership_id=siti_membership(stage),
            last_month=last_month,
            reason=LeaveReason.DIED,
            died_on=date(2025, 8, 10),
            by=officer,
            now=world.at(ON),
        )


def explain(stage: Stage, found: Difference, text: str, *, state: NoteState = NoteState.EXPLAINED) -> None:
    with stage.jambi.acting(on=ON) as officer:
        explaining.note(
            difference=found.key,
            fingerprint=found.fingerprint,
            sponsor_id=found.sponsor_id,
            state=state,
            text=text,
            by=officer,
            now=world.at(ON),
        )


class TestNames:
    def test_it_has_one_line_for_a_bill_whose_names_differ_and_opens_it_again_for_other_names(
        self, stage: Stage
    ) -> None:
        """Pak Budi is on our bill alone; somebody of the list is unknown. Then Ibu Siti is missing in his place."""
        codes = "Kode Iuran,BLTH,Jumlah Peserta,Jumlah"
        said(stage, WordKind.CONTRIBUTION_CODE, codes, f"250600001,06-2025,2,{month_total(stage)}")
        with stage.jambi.acting(on=ON):
            june = Bill.objects.get(agreement=stage.agreement, month=JUNE.first_day())
        assert queue(stage) == []
        code_lists.listed(stage.jambi, june, world.SITI, on=ON)
        found = only(stage)
        assert (found.kind, found.key) == ("code_names", f"code_names:{stage.agreement.pk}:2025-06")
        assert found.ours.text.id == "Juni 2025: 1 orang hanya di tagihan kita, 1 dengan iuran lain"
        assert found.theirs.text.id == "0 orang hanya di daftar BPJS, 1 baris tidak dikenal"
        assert (found.bill_id, found.import_id, found.theirs.badge.id) == (june.pk, None, "Ketetapan BPJS")
        code_lists.listed(stage.jambi, june, world.BUDI, on=ON)
        other = only(stage)
        assert other.theirs.text == found.theirs.text
        assert other.fingerprint != found.fingerprint
