"""Somebody who died according to BPJS: the worker's page says so first, and the bill names whom it still asks for."""

import re

from django.http import HttpResponse

from lindung.access.models import Role
from lindung.partnership.deciders import Function
from web.conftest import SignIn
from web.test_bills import november
from web.test_branch import DEATH, bring_in
from web.test_own_decisions import FIELDS, LETTER, granted
from web.village import Village


def test_the_page_of_the_worker_says_first_that_she_died(village: Village, signed_in: SignIn) -> None:
    client, path = signed_in(Role.CITY_OFFICER), f"/pekerja/{village.siti_id}/"
    before = client.get(path).content.decode()
    assert "meninggal pada" not in before
    assert "Penetapan manfaat" not in before
    bring_in(client, village, DEATH, kind="determination")
    page = client.get(path).content.decode()
    first = re.search(r'<section class="answer.*?</section>', page, re.DOTALL)
    assert first is not None
    assert "Siti Aminah meninggal pada 12 Oktober 2026." in first.group()
    assert "Ketetapan BPJS" in first.group()
    assert "Menurut catatan iuran saja" in page
    assert 'class="answer is-good"' not in page


def test_it_shows_the_determination_beside_our_estimate_with_its_file(
    village: Village, signed_in: SignIn
) -> None:
    client = signed_in(Role.CITY_OFFICER)
    bring_in(client, village, DEATH, kind="determination")
    page = client.get(f"/pekerja/{village.siti_id}/").content.decode()
    table = page[page.index('id="determined"') : page.index('id="family"')]
    for words in ("Rp42.000.000", "Ketetapan BPJS", "Rp10.000.000", "Perkiraan Lindung", "PJ/7", "kpj.csv"):
        assert words in table


def test_a_benefit_in_parts_is_compared_once_by_its_sum(village: Village, signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    head, line, _ = DEATH.split("\r\n")
    parts = (("20000000", "Santunan sekaligus"), ("12000000", "Santunan berkala"), ("10000000", "Pemakaman"))
    lines = [f"{line.replace('42000000', amount)},{benefit}" for amount, benefit in parts]
    bring_in(client, village, "\r\n".join([f"{head},Manfaat", *lines, ""]), kind="determination")
    page = client.get(f"/pekerja/{village.siti_id}/").content.decode()
    table = page[page.index('id="determined"') : page.index('id="family"')]
    assert table.count("Perkiraan Lindung") == 1
    sums = table[table.index("3 bagian dijumlahkan") :]
    assert "Rp42.000.000" in sums
    assert "Perkiraan Lindung" in sums


def test_it_knows_nothing_of_the_death_on_a_day_before_it_was_told(
    village: Village, signed_in: SignIn
) -> None:
    client = signed_in(Role.CITY_OFFICER)
    bring_in(client, village, DEATH, kind="determination")
    page = client.get(f"/pekerja/{village.siti_id}/?on=2026-11-08").content.decode()
    assert "meninggal pada" not in page


def test_the_list_and_the_search_say_that_she_died_instead_of_how_she_stands(
    village: Village, signed_in: SignIn
) -> None:
    client = signed_in(Role.CITY_OFFICER)
    assert line_of_siti(client.get("/pekerja/")).count("Meninggal") == 0
    bring_in(client, village, DEATH, kind="determination")
    pages = (client.get("/pekerja/"), client.post("/pekerja/cari/", {"name": "Siti Aminah", "once": "s1"}))
    for page in pages:
        line = line_of_siti(page)
        assert "Meninggal" in line
        assert "12 Oktober 2026" in line
        assert 'class="tag is-good"' not in line


def line_of_siti(page: HttpResponse) -> str:
    """Her row of the table."""
    row = re.search(
        r"<tr role=\"row\"><th scope=\"row\"[^<]*<a[^>]*>Siti Aminah</a>.*?</tr>",
        page.content.decode(),
        re.DOTALL,
    )
    assert row is not None
    return row.group()


def test_hari_ini_of_the_officer_leads_to_those_who_died_and_are_billed_still(
    village: Village, signed_in: SignIn
) -> None:
    client = signed_in(Role.CITY_OFFICER)
    assert "sudah meninggal" not in client.get("/").content.decode()
    bring_in(client, village, DEATH, kind="determination")
    page = client.get("/").content.decode()
    assert "1 orang sudah meninggal dan masih ditagih: catat keluar." in page
    assert 'href="/bpjs/beda/?jenis=death"' in page


def test_a_death_determined_here_stands_in_the_queue_without_a_file(
    village: Village, signed_in: SignIn
) -> None:
    granted(village, Function.BENEFIT_DETERMINATION)
    approver = signed_in(Role.CLAIMS_APPROVER)
    sent = FIELDS["penetapan"] | LETTER
    assert approver.post(f"/pekerja/{village.siti_id}/penetapan/", sent).status_code == 302
    officer = signed_in(Role.CITY_OFFICER)
    queue = officer.get("/bpjs/beda/?jenis=death").content.decode()
    assert "Meninggal menurut penetapan di sini" in queue
    assert "Diputuskan di sini, 10 November 2026" in queue
    one = officer.get(f"/bpjs/beda/death:{village.siti_id}/").content.decode()
    assert "Catat keluar karena meninggal" in one
    assert "1 orang sudah meninggal" in officer.get("/").content.decode()


def test_a_bill_names_those_who_died_before_its_month_to_who_may_see_them(
    village: Village, signed_in: SignIn
) -> None:
    officer = signed_in(Role.CITY_OFFICER)
    bill = november(village)
    assert "sudah meninggal" not in officer.get(f"/tagihan/{bill}/").content.decode()
    bring_in(officer, village, DEATH, kind="determination")
    page = officer.get(f"/tagihan/{bill}/").content.decode()
    assert "1 orang dalam tagihan ini sudah meninggal" in page
    assert f'<a href="/pekerja/{village.siti_id}/">Siti Aminah</a>, meninggal 12 Oktober 2026' in page
    assert "Batalkan tagihan ini" in page
    finance = signed_in(Role.FINANCE_OFFICER).get(f"/tagihan/{bill}/").content.decode()
    assert "1 orang dalam tagihan ini sudah meninggal" in finance
    assert "Siti Aminah" not in finance
