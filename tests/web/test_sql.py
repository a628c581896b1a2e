"""What every page asks of the database: the statements are a snapshot, and never grow with the rows shown.

A new page gets a line in `PAGES`; then `pytest tests/web/test_sql.py --snapshot-update` writes what it asks, and a
reader of the change sees every statement that was added.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from pytest_django.plugin import DjangoDbBlocker
from syrupy.assertion import SnapshotAssertion

from lindung.access.models import Role
from lindung.insight.record_names import KINDS
from lindung.web.urls import urlpatterns
from stages import Stage as Saved
from stages import stage_of
from web.site import undone
from web.stage import Stage, grown, staged
from web.village import NOW

pytestmark = pytest.mark.slow


class Asked(NamedTuple):
    """A page as one role opens it."""

    role: Role
    path: Callable[[Stage], str]


def _pages() -> Iterator[tuple[str, Asked]]:
    for role, lines in _TABLE.items():
        for name, path in lines.items():
            yield name, Asked(role, path)


Path = Callable[[Stage], str]
_TABLE: dict[Role, dict[str, Path]] = {
    Role.CITY_OFFICER: {
        "today": lambda at: "/",
        "help": lambda at: "/bantuan/",
        "terms": lambda at: "/istilah/",
        "agreements": lambda at: "/kerja-sama/",
        "agreement_new": lambda at: "/kerja-sama/baru/",
        "source_new": lambda at: "/kerja-sama/sumber-dana/",
        "agreement": lambda at: f"/kerja-sama/{at.village.agreement_id}/",
        "agreement_of_a_unit": lambda at: f"/kerja-sama/{at.employers_agreement}/",
        "agreement_edit": lambda at: f"/kerja-sama/{at.draft}/ubah/",
        "agreement_submit": lambda at: f"/kerja-sama/{at.draft}/ajukan/",
        "agreement_signed": lambda at: f"/kerja-sama/{at.draft}/tanda-tangan/",
        "agreement_end": lambda at: f"/kerja-sama/{at.village.agreement_id}/tutup/",
        "agreement_terminate": lambda at: f"/kerja-sama/{at.village.agreement_id}/hentikan/",
        "agreement_paper": lambda at: f"/kerja-sama/{at.draft}/surat/",
        "agreement_addendum": lambda at: f"/kerja-sama/{at.village.agreement_id}/adendum/",
        "agreement_segment": lambda at: f"/kerja-sama/{at.draft}/segmen/",
        "agreement_budget": lambda at: f"/kerja-sama/{at.draft}/anggaran/",
        "agreement_budget_withdraw": lambda at: (
            f"/kerja-sama/{at.village.agreement_id}/anggaran/{at.budget}/tarik/"
        ),
        "agreement_source": lambda at: f"/kerja-sama/{at.draft}/sumber-dana/",
        "agreement_year": lambda at: f"/kerja-sama/{at.village.agreement_id}/tahun/2026/",
        "agreement_year_paper": lambda at: f"/kerja-sama/{at.draft}/tahun/2026/sk/",
        "agreement_dpa": lambda at: f"/kerja-sama/{at.draft}/tahun/2026/dpa/",
        "agreement_year_turn": lambda at: f"/kerja-sama/{at.draft}/tahun/2026/sk/giliran/",
        "agreement_year_withdraw": lambda at: (
            f"/kerja-sama/{at.village.agreement_id}/dokumen-tahun/{at.year_paper}/tarik/"
        ),
        "roster_upload": lambda at: f"/kerja-sama/{at.village.agreement_id}/unggah/",
        "rosters": lambda at: "/daftar/",
        "roster": lambda at: f"/daftar/{at.village.roster_id}/",
        "roster_progress": lambda at: f"/daftar/{at.village.roster_id}/kemajuan/",
        "roster_columns": lambda at: f"/daftar/{at.strange_list}/kolom/",
        "roster_correct": lambda at: f"/daftar/{at.village.roster_id}/perbaikan/",
        "roster_correction": lambda at: f"/daftar/{at.village.roster_id}/perbaikan/{at.correction}/",
        "roster_row": lambda at: f"/daftar/{at.village.roster_id}/baris/4/",
        "roster_row_aside": lambda at: f"/daftar/{at.village.roster_id}/baris/4/lewati/",
        "roster_cell": lambda at: f"/daftar/{at.village.roster_id}/baris/4/kolom/1/",
        "worker": lambda at: f"/pekerja/{at.village.siti_id}/",
        "workers": lambda at: "/pekerja/",
        "workers_standing": lambda at: "/pekerja/?keadaan=protected",
        "worker_search": lambda at: "/pekerja/cari/",
        "reveal": lambda at: f"/pekerja/{at.village.siti_id}/nik/",
        "worker_correct": lambda at: f"/pekerja/{at.village.siti_id}/betulkan/",
        "family": lambda at: f"/pekerja/{at.village.siti_id}/keluarga/",
        "employers": lambda at: "/pemberi-kerja/",
        "employer_new": lambda at: "/pemberi-kerja/baru/",
        "minimum_wage": lambda at: "/pemberi-kerja/upah-minimum/",
        "employer": lambda at: f"/pemberi-kerja/{at.unit}/",
        "employer_number": lambda at: f"/pemberi-kerja/{at.unit}/npp/",
        "form_f1": lambda at: f"/pemberi-kerja/{at.unit}/f1/",
        "wage_list": lambda at: f"/pemberi-kerja/{at.unit}/daftar-upah/",
        "member_changes": lambda at: f"/kerja-sama/{at.employers_agreement}/perubahan/?bulan=2026-12",
        "member_join": lambda at: f"/kerja-sama/{at.village.agreement_id}/masuk/",
        "member_leave": lambda at: f"/kepesertaan/{at.membership}/keluar/",
        "member_wage": lambda at: f"/kepesertaan/{at.employed}/upah/",
        "member_undo": lambda at: f"/perubahan/{at.change}/batal/",
        "form_f1a": lambda at: f"/kepesertaan/{at.employed}/f1a/",
        "selfpay_offers": lambda at: f"/kerja-sama/{at.village.agreement_id}/tawaran-mandiri/",
        "selfpay_bills": lambda at: f"/kerja-sama/{at.group}/tagihan-mandiri/",
        "selfpay_draw": lambda at: f"/kerja-sama/{at.group}/tagihan-mandiri/susun/",
        "selfpay_accept": lambda at: f"/kepesertaan/{at.membership}/mandiri/",
        "selfpay_take_over": lambda at: f"/kepesertaan/{at.own}/dibayari-kota/",
        "selfpay_ahead": lambda at: f"/kepesertaan/{at.own}/tagihan/",
        "selfpay_income": lambda at: f"/kepesertaan/{at.own}/penghasilan/",
        "bills": lambda at: "/tagihan/",
        "bill_draw": lambda at: "/tagihan/susun/",
        "bill_draw_trial": lambda at: f"/tagihan/susun/?agreement={at.village.agreement_id}&month=2026-12",
        "bill": lambda at: f"/tagihan/{at.bill}/",
        "bill_people": lambda at: f"/tagihan/{at.bill}/orang/",
        "bill_by_name": lambda at: f"/tagihan/{at.bill}/per-nama/",
        "bill_by_name_file": lambda at: f"/tagihan/{at.bill}/per-nama/berkas/",
        "bill_pay": lambda at: f"/tagihan/{at.bill}/bayar/",
        "bill_cancel": lambda at: f"/tagihan/{at.bill}/batalkan/",
        "bill_finalise": lambda at: f"/tagihan/{at.draft_bill}/tetapkan/",
        "bill_supersede": lambda at: f"/tagihan/{at.bill}/ganti/",
        "bill_ahead": lambda at: "/tagihan/di-muka/",
        "bill_ahead_trial": lambda at: (
            f"/tagihan/di-muka/?agreement={at.village.agreement_id}&month=2026-12&period=1"
        ),
        "bill_period": lambda at: f"/tagihan/di-muka/{at.village.agreement_id}/2026-11/1/",
        "bill_runs": lambda at: "/tagihan/sekaligus/",
        "bill_run": lambda at: f"/tagihan/sekaligus/{at.run}/",
        "bill_run_progress": lambda at: f"/tagihan/sekaligus/{at.run}/kemajuan/",
        "runway": lambda at: "/dana/",
        "losses": lambda at: "/dana/kehilangan/",
        "losses_of": lambda at: f"/dana/kehilangan/{at.village.agreement_id}/",
        "losses_people": lambda at: "/dana/kehilangan/orang/",
        "losses_people_of": lambda at: f"/dana/kehilangan/{at.village.agreement_id}/orang/",
        "refunds": lambda at: "/pengembalian/",
        "exports": lambda at: "/ekspor/",
        "notices": lambda at: "/pemberitahuan/",
        "notice": lambda at: f"/pemberitahuan/{at.notice}/",
        "notice_decide": lambda at: f"/pemberitahuan/{at.notice}/putuskan/",
        "notice_letters": lambda at: "/pemberitahuan/surat/",
        "letters_hand_over": lambda at: "/pemberitahuan/surat/15.71.02.1004/serahkan/",
        "notices_setting": lambda at: "/pemberitahuan/pengaturan/",
        "export_new": lambda at: "/ekspor/baru/?isi=workers",
        "branch_imports": lambda at: "/bpjs/",
        "branch_bring_in": lambda at: "/bpjs/unggah/",
        "branch_import": lambda at: f"/bpjs/berkas/{at.word}/",
        "differences": lambda at: "/bpjs/beda/",
        "difference": lambda at: f"/bpjs/beda/{at.difference}/",
        "account_sessions": lambda at: "/akun/sesi/",
    },
    Role.KELURAHAN_OPERATOR: {
        "today_of_an_operator": lambda at: "/",
        "coverage_of": lambda at: "/cakupan/15.71.02.1004/",
        "account_device": lambda at: "/akun/perangkat/",
    },
    Role.FINANCE_OFFICER: {
        "today_of_finance": lambda at: "/",
        "refunds_in_sums": lambda at: "/pengembalian/",
        "statements": lambda at: "/rekening-koran/",
        "statement_bring_in": lambda at: "/rekening-koran/unggah/",
        "statement": lambda at: f"/rekening-koran/{at.statement}/",
        "statement_known": lambda at: f"/rekening-koran/{at.statement}/?keadaan=known",
        "unmatched": lambda at: "/uang-belum-dikenali/",
        "lines_accept_progress": lambda at: "/uang-belum-dikenali/kemajuan/",
        "bank_line": lambda at: f"/uang-belum-dikenali/{at.bank_line}/",
        "line_set_aside": lambda at: f"/uang-belum-dikenali/{at.bank_line}/sisihkan/",
        "agreement_send_back": lambda at: f"/kerja-sama/{at.draft}/kembalikan/",
        "agreement_correct_stop": lambda at: f"/kerja-sama/{at.village.agreement_id}/hentikan/perbaiki/",
        "agreement_activate": lambda at: f"/kerja-sama/{at.draft}/aktifkan/",
        "bill_confirm": lambda at: f"/tagihan/{at.bill}/sahkan/{at.order}/",
        "purse": lambda at: f"/kerja-sama/{at.village.agreement_id}/uang/",
        "money_record": lambda at: f"/kerja-sama/{at.village.agreement_id}/uang/catat/",
        "money_settle": lambda at: f"/kerja-sama/{at.village.agreement_id}/uang/lunasi/",
        "payment": lambda at: f"/uang/{at.order}/",
        "payment_confirm": lambda at: f"/uang/{at.order}/sahkan/",
        "payment_reject": lambda at: f"/uang/{at.order}/tolak/",
    },
    Role.BRANCH_OFFICER: {
        "today_of_the_branch": lambda at: "/",
        "own_number": lambda at: f"/pekerja/{at.village.siti_id}/kpj/",
        "own_status": lambda at: f"/pekerja/{at.village.siti_id}/status/",
        "own_balance": lambda at: f"/pekerja/{at.village.siti_id}/saldo-jht/",
        "own_code": lambda at: f"/tagihan/{at.bill}/kode-iuran/",
    },
    Role.CLAIMS_APPROVER: {"own_determination": lambda at: f"/pekerja/{at.village.siti_id}/penetapan/"},
    Role.MAYOR: {"today_of_the_mayor": lambda at: "/", "coverage": lambda at: "/cakupan/"},
    Role.AUDITOR: {
        "today_of_an_auditor": lambda at: "/",
        "trail_all": lambda at: "/jejak/",
        "trail": lambda at: f"/jejak/pekerja/{at.village.siti_id}/",
        "trail_of_an_agreement": lambda at: f"/jejak/kerja-sama/{at.village.agreement_id}/",
        "trail_of_a_bill": lambda at: f"/jejak/tagihan/{at.bill}/",
        "trail_of_a_list": lambda at: f"/jejak/daftar/{at.village.roster_id}/",
    },
    Role.ADMINISTRATOR: {
        "tasks": lambda at: "/pekerjaan-latar/",
        "task_close": lambda at: f"/pekerjaan-latar/{at.task}/tutup/",
        "users": lambda at: "/pengguna/",
        "user": lambda at: f"/pengguna/{at.village.users[Role.CITY_OFFICER].pk}/",
        "user_invite": lambda at: "/pengguna/undang/",
        "user_ask": lambda at: f"/pengguna/{at.village.users[Role.CITY_OFFICER].pk}/usul/akhiri/",
        "api_keys": lambda at: "/pengguna/kunci/",
        "api_key_new": lambda at: "/pengguna/kunci/baru/",
        "api_key_revoke": lambda at: f"/pengguna/kunci/{at.key}/",
        "user_change": lambda at: f"/pengguna/usulan/{at.request}/",
        "authority": lambda at: "/pengaturan/kewenangan/",
        "authority_propose": lambda at: "/pengaturan/kewenangan/usul/",
        "trail_of_a_user": lambda at: f"/jejak/pengguna/{at.village.users[Role.CITY_OFFICER].pk}/",
    },
}
PAGES = dict(_pages())
"""By the name of the address; one line for each state that asks something else."""

NO_PAGE = {
    # Files.
    "agreement_document", "roster_download", "bill_annex", "bill_paper", "bill_proof", "bill_semester", "bill_by_name_sheet",
    "losses_file", "losses_file_of", "refunds_file",
    # Before anybody has signed in.
    "join", "demo_sign_in",
    # Leads on when nothing is ready to be enrolled; tests/web/test_rosters.py asks it.
    "roster_enrol",
    # Leads on when people of the list are enrolled; tests/web/test_roster_decisions.py asks it.
    "roster_withdraw",
    # Lead on while no money waits or is confirmed; tests/web/test_money.py asks them.
    "bill_shortfall", "payment_ask_reversal", "payment_reverse",
    # Buttons: they only take what is sent.
    "roster_cancel", "roster_resume", "roster_recheck", "roster_row_keep", "roster_row_back",
    "bill_period_finalise", "bill_run_again",
    "user_end_sessions", "user_link", "user_revoke_link",
    "api_key_make",
    "line_accept", "lines_accept_exact", "line_take_back", "selfpay_tell",
    "account_end_session", "account_end_others", "account_forget_device", "account_save_draft", "account_stay",
    "export_approve", "export_fetch", "notices_again", "letters_print", "task_again", "choose_language", "authority_decide",
}  # fmt: skip

_LITERALS = re.compile(r"'(?:[^']|'')*'(?:::\w+)?|\b\d+(?:\.\d+)?\b|ARRAY\[[^\]]*\]")
_COLUMNS = re.compile(r'SELECT (?:DISTINCT )?"[^(]*?" FROM ')
_LISTS = re.compile(r"\((?:\?(?:::\w+)?,? ?)+\)")
_CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK")


def statement(sql: str) -> str:
    """A statement without its values, and without the columns that the ORM lists."""
    bare = _LITERALS.sub("?", " ".join(sql.split()))
    return _COLUMNS.sub("SELECT … FROM ", _LISTS.sub("(?)", bare))


def asked(stage: Stage, page: Asked) -> list[str]:
    """The statements of the second time the page is opened: the first writes when the session was seen."""
    client, path = stage.signed_in(page.role), page.path(stage)
    inside = {"HX-Request": "true"} if path.endswith("/kemajuan/") else {}
    client.get(path, headers=inside)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path, headers=inside).status_code == 200, path
    found = [statement(query["sql"]) for query in queries]
    return [sql for sql in found if not sql.startswith(_CONTROL)]


saved_stage = stage_of(staged, now=NOW)


Statements = dict[str, list[str]]


@contextmanager
def at(saved_stage: Saved[Stage], blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """The stage outside of any one test; all that is done to it is undone."""
    with blocker.unblock(), pytest.MonkeyPatch.context() as patch, undone():
        patch.setenv("LINDUNG_NOW", NOW.isoformat())
        yield saved_stage.found()


@pytest.fixture(scope="module")
def few(saved_stage: Saved[Stage], django_db_blocker: DjangoDbBlocker) -> Statements:
    """What each page asks with one of everything."""
    with at(saved_stage, django_db_blocker) as stage:
        return {name: asked(stage, page) for name, page in PAGES.items()}


@pytest.fixture(scope="module")
def many(saved_stage: Saved[Stage], django_db_blocker: DjangoDbBlocker) -> Statements:
    """What each page asks once there is more to show."""
    with at(saved_stage, django_db_blocker) as stage:
        grown(stage)
        return {name: asked(stage, page) for name, page in PAGES.items()}


def test_it_asks_what_it_asked_before(few: Statements, snapshot: SnapshotAssertion) -> None:
    for name, statements in few.items():
        assert "\n".join(statements) == snapshot(name=name), name


def test_it_asks_as_much_for_many_rows_as_for_few(few: Statements, many: Statements) -> None:
    assert growing(few, many) == {}


def growing(few: Statements, many: Statements) -> dict[str, tuple[int, int]]:
    """The pages that ask more often once there is more to show, and how often.

    A trail asks once for the names of each kind of record it mentions, however many they are.
    """
    counts = {name: (len(few[name]), len(many[name])) for name in PAGES}
    allowed = {name: len(KINDS) if name.startswith("trail") else 0 for name in PAGES}
    return {name: (one, more) for name, (one, more) in counts.items() if abs(more - one) > allowed[name]}


def test_it_knows_every_page(saved_stage: Saved[Stage]) -> None:
    stage = saved_stage.found()
    known = {resolve(page.path(stage).split("?")[0]).url_name for page in PAGES.values()}
    assert {each.name for each in urlpatterns} == known | NO_PAGE
