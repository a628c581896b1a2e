"""Who may open which page: every role at every door, and nobody without signing in."""

from django.test import Client
from django.urls import reverse

from lindung.access.models import Role
from lindung.access.roles import ROLES, Permission
from web.conftest import SignIn
from web.village import Village

PAGES = {
    "today": ("GET", "/", Permission.SEE_TODAY),
    "roster": ("GET", "/daftar/{roster}/", Permission.SEE_ROSTERS),
    "worker": ("GET", "/pekerja/{siti}/", Permission.SEE_WORKERS),
    "bills": ("GET", "/tagihan/", Permission.SEE_BILLS),
    "bill": ("GET", "/tagihan/{bill}/", Permission.SEE_BILLS),
    "bill_annex": ("GET", "/tagihan/{bill}/lampiran.csv", Permission.SEE_BILLS),
    "bill_draw": ("POST", "/tagihan/susun/", Permission.DRAW_BILL),
    "bill_pay": ("POST", "/tagihan/{bill}/bayar/", Permission.RECORD_PAYMENT),
    "bill_confirm": ("POST", "/tagihan/{bill}/sahkan/1/", Permission.CONFIRM_PAYMENT),
    "bill_cancel": ("POST", "/tagihan/{bill}/batalkan/", Permission.DRAW_BILL),
    "upload": ("POST", "/kerja-sama/{agreement}/unggah/", Permission.UPLOAD_ROSTER),
    "rosters": ("GET", "/daftar/", Permission.SEE_ROSTERS),
    "upload_page": ("GET", "/kerja-sama/{agreement}/unggah/", Permission.UPLOAD_ROSTER),
    "progress": ("GET", "/daftar/{roster}/kemajuan/", Permission.SEE_ROSTERS),
    "cancel": ("POST", "/daftar/{roster}/batal/", Permission.UPLOAD_ROSTER),
    "resume": ("POST", "/daftar/{roster}/lanjut/", Permission.UPLOAD_ROSTER),
    "columns": ("GET", "/daftar/{roster}/kolom/", Permission.UPLOAD_ROSTER),
    "recheck": ("POST", "/daftar/{roster}/periksa-ulang/", Permission.UPLOAD_ROSTER),
    "download": ("GET", "/daftar/{roster}/unduh/", Permission.UPLOAD_ROSTER),
    "correct": ("GET", "/daftar/{roster}/perbaikan/", Permission.UPLOAD_ROSTER),
    "row": ("GET", "/daftar/{roster}/baris/4/", Permission.SEE_ROSTERS),
    "cell": ("GET", "/daftar/{roster}/baris/4/kolom/1/", Permission.MEND_ROSTER),
    "worker_correct": ("GET", "/pekerja/{siti}/betulkan/", Permission.CHANGE_MEMBERS),
    "agreements": ("GET", "/kerja-sama/", Permission.SEE_AGREEMENTS),
    "agreement": ("GET", "/kerja-sama/{agreement}/", Permission.SEE_AGREEMENTS),
    "agreement_year": ("GET", "/kerja-sama/{agreement}/tahun/2027/", Permission.SEE_AGREEMENTS),
    "agreement_document": ("GET", "/kerja-sama/{agreement}/berkas/1/", Permission.SEE_AGREEMENTS),
    "agreement_new": ("GET", "/kerja-sama/baru/", Permission.WRITE_AGREEMENT),
    "agreement_edit": ("GET", "/kerja-sama/{agreement}/ubah/", Permission.WRITE_AGREEMENT),
    "agreement_submit": ("POST", "/kerja-sama/{agreement}/ajukan/", Permission.WRITE_AGREEMENT),
    "agreement_send_back": ("POST", "/kerja-sama/{agreement}/kembalikan/", Permission.APPROVE_AGREEMENT),
    "agreement_signed": ("GET", "/kerja-sama/{agreement}/tanda-tangan/", Permission.WRITE_AGREEMENT),
    "agreement_activate": ("POST", "/kerja-sama/{agreement}/aktifkan/", Permission.APPROVE_AGREEMENT),
    "agreement_end": ("POST", "/kerja-sama/{agreement}/tutup/", Permission.WRITE_AGREEMENT),
    "agreement_terminate": ("GET", "/kerja-sama/{agreement}/hentikan/", Permission.WRITE_AGREEMENT),
    "agreement_paper": ("GET", "/kerja-sama/{agreement}/surat/", Permission.WRITE_AGREEMENT),
    "agreement_addendum": ("GET", "/kerja-sama/{agreement}/adendum/", Permission.WRITE_AGREEMENT),
    "agreement_segment": ("GET", "/kerja-sama/{agreement}/segmen/", Permission.WRITE_AGREEMENT),
    "agreement_budget": ("GET", "/kerja-sama/{agreement}/anggaran/", Permission.RECORD_BUDGET),
    "agreement_source": ("GET", "/kerja-sama/{agreement}/sumber-dana/", Permission.RECORD_BUDGET),
    "year_paper": ("GET", "/kerja-sama/{agreement}/tahun/2028/sk/", Permission.WRITE_AGREEMENT),
    "year_dpa": ("GET", "/kerja-sama/{agreement}/tahun/2028/dpa/", Permission.RECORD_BUDGET),
    "year_turn": ("GET", "/kerja-sama/{agreement}/tahun/2028/sk/giliran/", Permission.WRITE_AGREEMENT),
    "year_withdraw": ("GET", "/kerja-sama/{agreement}/dokumen-tahun/1/tarik/", Permission.WRITE_AGREEMENT),
    "enrol": ("POST", "/daftar/{roster}/daftarkan/", Permission.ENROL),
    "authority": ("GET", "/pengaturan/kewenangan/", Permission.SEE_AUTHORITY),
    "propose authority": ("GET", "/pengaturan/kewenangan/usul/", Permission.SET_AUTHORITY),
    "approve authority": ("POST", "/pengaturan/kewenangan/1/", Permission.SET_AUTHORITY),
    "branch files": ("GET", "/bpjs/", Permission.SEE_DIFFERENCES),
    "bring in": ("GET", "/bpjs/unggah/", Permission.IMPORT_BRANCH_WORD),
    "branch file": ("GET", "/bpjs/berkas/1/", Permission.SEE_DIFFERENCES),
    "differences": ("GET", "/bpjs/beda/", Permission.SEE_DIFFERENCES),
    "difference": ("GET", "/bpjs/beda/kpj/", Permission.SEE_DIFFERENCES),
    "users": ("GET", "/pengguna/", Permission.MANAGE_USERS),
    "invite": ("GET", "/pengguna/undang/", Permission.MANAGE_USERS),
    "user": ("GET", "/pengguna/0/", Permission.MANAGE_USERS),
    "change": ("GET", "/pengguna/usulan/0/", Permission.MANAGE_USERS),
    "link": ("POST", "/pengguna/usulan/0/tautan/", Permission.MANAGE_USERS),
}


def at(village: Village, address: str) -> str:
    """The address in this village; bill 1 is nobody's, and who may not ask is told so before it is sought."""
    return address.format(
        roster=village.roster_id, siti=village.siti_id, agreement=village.agreement_id, bill=1
    )


def asked(client: Client, village: Village, page: str) -> int:
    """The status of the answer to one page."""
    method, address, _ = PAGES[page]
    path = at(village, address)
    return client.generic(method, path).status_code


def is_closed(page: str, status: int) -> bool:
    """Refused; or, from the first page, led to where an administrator works."""
    return status == 403 or (page == "today" and status == 302)


def test_it_opens_to_each_role_what_its_sheet_allows_and_nothing_else(
    village: Village, signed_in: SignIn
) -> None:
    opened = {
        role: {page for page in PAGES if not is_closed(page, asked(signed_in(role), village, page))}
        for role in Role
    }
    allowed = {
        role: {page for page, (_, _, permission) in PAGES.items() if permission in ROLES[role].may}
        for role in Role
    }
    assert opened == allowed


def test_it_sends_a_stranger_to_the_sign_in_page(village: Village) -> None:
    client = Client()
    for method, address, _ in PAGES.values():
        path = at(village, address)
        answer = client.generic(method, path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("account_login"))


def test_it_leads_an_administrator_to_the_users(signed_in: SignIn) -> None:
    answer = signed_in(Role.ADMINISTRATOR).get("/", follow=True)
    assert answer.redirect_chain == [("/pengguna/", 302)]
    assert "Menunggu persetujuan" in answer.content.decode()


def test_it_tells_one_who_may_not_what_to_do(signed_in: SignIn) -> None:
    answer = signed_in(Role.CITY_OFFICER).get("/pengguna/")
    assert answer.status_code == 403
    assert "Peran Anda tidak boleh membuka ini" in answer.content.decode()


def test_it_lets_nobody_in_on_a_password_alone(village: Village) -> None:
    client = Client()
    client.force_login(village.users[Role.CITY_OFFICER])
    for _, address, _ in PAGES.values():
        path = at(village, address)
        assert client.get(path).headers["Location"].startswith(reverse("mfa_activate_totp"))
