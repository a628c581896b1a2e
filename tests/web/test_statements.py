"""The pages of bank statements: brought in once, every line in its place, money matched with one press."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from formats.statements import Wire, mt940, table
from lindung.access.models import Role
from lindung.access.scope import in_scope
from lindung.contributions import match_runs, statements
from lindung.contributions.matching import pay_code
from lindung.contributions.models import Bill
from lindung.contributions.run_records import MatchRun
from lindung.contributions.statement_records import Statement, StatementFormat, StatementLine
from lindung.formats import mt940 as reader
from web.conftest import SignIn
from web.test_bills import november
from web.test_branch import token
from web.village import NOW, Village, acting

BRING_IN, QUEUE = "/rekening-koran/unggah/", "/uang-belum-dikenali/"
DAY = date(2026, 11, 9)
PRICE_OF_TWO = 33_600


def city_of(village: Village) -> int:
    (city,) = acting(village.users[Role.MAYOR], NOW.date())[1].sponsor_ids
    return int(city)


def brought_in(
    client: Client, village: Village, *lines: Wire, content: bytes = b"", **changes: object
) -> str:
    """Where a statement leads to."""
    sent = {
        "sponsor": city_of(village),
        "days": "dmy",
        "once": token(client, BRING_IN),
        "file": SimpleUploadedFile("november.sta", content or mt940(lines)),
    }
    answer = client.post(BRING_IN, sent | changes)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def banked(village: Village, lines: int = 1) -> tuple[int, int]:
    """A statement with lines that wait and one that went out, and the first of the waiting ones."""
    content = mt940(
        [money(-6_500, "BIAYA", f"X{lines}"), *(money(5_000 + n, bank=f"L{n}") for n in range(lines))]
    )
    actor, scope = acting(village.users[Role.FINANCE_OFFICER], NOW.date())
    with in_scope(scope, actor=actor):
        came = statements.take(
            found=reader.read(content),
            format=StatementFormat.MT940,
            name="oktober.sta",
            content=content,
            sponsor_id=city_of(village),
            by=actor,
            now=NOW,
        )
        return came.pk, StatementLine.objects.filter(state="unmatched").order_by("pk")[0].pk


def lines_of(village: Village) -> list[StatementLine]:
    actor, scope = acting(village.users[Role.FINANCE_OFFICER], NOW.date())
    with in_scope(scope, actor=actor):
        return list(StatementLine.objects.order_by("statement_id", "number"))


def waiting_run(village: Village) -> int:
    """The run that is on its way, as the worker is given it."""
    actor, scope = acting(village.users[Role.FINANCE_OFFICER], NOW.date())
    with in_scope(scope, actor=actor):
        (run,) = MatchRun.objects.filter(finished_at__isnull=True)
        (task,) = ProcrastinateJob.objects.filter(task_name=match_runs.TASK)
        assert task.args == {"run_id": run.pk}
        return int(run.pk)


def money(rupiah: int, text: str = "SETORAN", bank: str = "A") -> Wire:
    return Wire(DAY, rupiah, text, bank=bank)


class TestBringingIn:
    def test_it_shows_where_every_line_stands(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.FINANCE_OFFICER)
        where = brought_in(client, village, money(5_000), money(-6_500, "BIAYA", "B"))
        answer = client.get(where).content.decode()
        assert "2 = 1 uang masuk baru + 0 sudah ada + 1 uang keluar" in answer
        assert "•••6667" in answer
        assert "1110005556667" not in answer
        assert "november.sta" in client.get("/rekening-koran/").content.decode()

    def test_it_shows_lines_that_came_before_with_the_statement_they_came_with(
        self, village: Village, signed_in: SignIn
    ) -> None:
        client = signed_in(Role.FINANCE_OFFICER)
        first = brought_in(client, village, money(5_000))
        second = brought_in(client, village, money(5_000), money(7_000, bank="B"))
        answer = client.get(f"{second}?keadaan=known").content.decode()
        assert f'href="{first}"' in answer
        assert "Rekening koran yang masuk" in answer

    def test_it_takes_a_double_press_once(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.FINANCE_OFFICER)
        key = token(client, BRING_IN)
        for _ in range(2):
            brought_in(client, village, money(5_000), once=key)
        actor, scope = acting(village.users[Role.FINANCE_OFFICER], NOW.date())
        with in_scope(scope, actor=actor):
            assert Statement.objects.count() == 1

    def test_it_says_at_the_field_what_is_wrong(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.FINANCE_OFFICER)
        doubtful = table([money(16_800)], balance=False).replace(b"16.800,00", b"16.800")
        for content, words in (
            (mt940([money(5)])[:-30], "terpotong"),
            (b"%PDF-1.7 rekening", "bukan rekening koran"),
            (doubtful, "Pilih cara bank menulis angka"),
            (doubtful.split(b"\r\n", 1)[1].replace(b"16.800", b"16.800,00"), "Isi nomor rekeningnya"),
        ):
            sent = {
                "sponsor": city_of(village),
                "days": "dmy",
                "once": token(client, BRING_IN),
                "file": SimpleUploadedFile("a", content),
            }
            answer = client.post(BRING_IN, sent)
            assert answer.status_code == 422
            assert words in answer.content.decode()

    def test_it_opens_to_nobody_of_another_city(self, village: Village, signed_in: SignIn) -> None:
        where = brought_in(signed_in(Role.FINANCE_OFFICER), village, money(5_000))
        (line,) = lines_of(village)
        stranger = signed_in(Role.MAYOR)
        assert stranger.get(where).status_code == 403
        assert stranger.get(f"{QUEUE}{line.pk}/").status_code == 403
        assert signed_in(Role.FINANCE_OFFICER).get("/rekening-koran/999999/").status_code == 404


class TestMatching:
    def _bill(self, village: Village) -> Bill:
        number = november(village)
        actor, scope = acting(village.users[Role.FINANCE_OFFICER], NOW.date())
        with in_scope(scope, actor=actor):
            return Bill.objects.get(pk=number)

    def test_one_press_pays_the_bill_and_a_second_press_changes_nothing(
        self, village: Village, signed_in: SignIn
    ) -> None:
        bill, client = self._bill(village), signed_in(Role.FINANCE_OFFICER)
        brought_in(client, village, money(bill.total, pay_code(bill.pk)))
        page = client.get(QUEUE)
        assert "Menyebut kode tagihan" in page.content.decode()
        (waiting,) = page.context["found"].rows
        for words in ("1 tagihan lunas", "tidak menunggu lagi"):
            answer = client.post(
                f"{QUEUE}{waiting.line.id}/terima/", {"usul": waiting.targets[0].key}, follow=True
            )
            assert words in answer.content.decode()
        assert [line.state for line in lines_of(village)] == ["matched"]

    def test_one_press_accepts_all_that_is_exact(self, village: Village, signed_in: SignIn) -> None:
        bill, client = self._bill(village), signed_in(Role.FINANCE_OFFICER)
        brought_in(client, village, money(bill.total, pay_code(bill.pk)), money(77, "ENTAH", "B"))
        assert "Terima 1 yang pasti" in client.get(QUEUE).content.decode()
        answer = client.post(f"{QUEUE}terima-yang-pasti/", follow=True)
        assert "1 baris dicocokkan" in answer.content.decode()
        assert [line.state for line in lines_of(village)] == ["matched", "unmatched"]

    def test_a_long_run_is_shown_as_it_goes_and_its_outcome_afterwards(
        self, village: Village, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(match_runs, "AT_ONCE", 0)
        bill, client = self._bill(village), signed_in(Role.FINANCE_OFFICER)
        brought_in(client, village, money(bill.total, pay_code(bill.pk)), money(77, "ENTAH", "B"))
        page = client.post(f"{QUEUE}terima-yang-pasti/", follow=True).content.decode()
        assert "1 baris sedang dicocokkan" in page
        assert "Sedang dicocokkan" in page
        assert "Terima 1 yang pasti" not in page, "the press that is on its way is not offered again"
        part = client.get(f"{QUEUE}kemajuan/", headers={"HX-Request": "true"})
        assert "HX-Refresh" not in part.headers
        assert "<html" not in part.content.decode()
        run = waiting_run(village)
        while match_runs.worked(run, steps=1):
            continue
        assert client.get(f"{QUEUE}kemajuan/", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
        assert "Pencocokan terakhir" in client.get(QUEUE).content.decode()
        assert [line.state for line in lines_of(village)] == ["matched", "unmatched"]

    def test_where_nothing_is_exact_a_press_says_so(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.FINANCE_OFFICER)
        brought_in(client, village, money(77, "ENTAH"))
        answer = client.post(f"{QUEUE}terima-yang-pasti/", follow=True)
        assert "Tidak ada baris yang pasti" in answer.content.decode()
        assert client.get(f"{QUEUE}kemajuan/").headers["Location"] == QUEUE

    def test_money_is_given_out_by_bill_codes(self, village: Village, signed_in: SignIn) -> None:
        bill, client = self._bill(village), signed_in(Role.FINANCE_OFFICER)
        brought_in(client, village, money(bill.total, "ENTAH"))
        (line,) = lines_of(village)
        path = f"{QUEUE}{line.pk}/"
        for typed, words in (
            ("satu juta", "tidak terbaca"),
            ("LND999999 5", "Tidak ada tagihan LND999999"),
            (f"{pay_code(bill.pk)} 5", "keduanya harus sama"),
        ):
            answer = client.post(path, {"parts": typed, "once": token(client, path)})
            assert (answer.status_code, words in answer.content.decode()) == (422, True)
        typed = f"{pay_code(bill.pk)} {bill.total:,}".replace(",", ".")
        answer = client.post(path, {"parts": typed, "once": token(client, path)}, follow=True)
        assert "1 tagihan lunas" in answer.content.decode()

    def test_a_line_is_set_aside_and_comes_back(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.FINANCE_OFFICER)
        brought_in(client, village, money(5_000))
        (line,) = lines_of(village)
        path = f"{QUEUE}{line.pk}/sisihkan/"
        client.post(path, {"reason": "salah kirim", "once": token(client, path)})
        assert "salah kirim" in client.get(f"{QUEUE}?keadaan=disisihkan").content.decode()
        client.post(f"{QUEUE}{line.pk}/kembali/")
        assert [each.state for each in lines_of(village)] == ["unmatched"]

    def test_it_finds_money_by_amount_and_day(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.FINANCE_OFFICER)
        brought_in(client, village, money(5_000), money(7_000, bank="B"))
        for asked, rows in (
            (f"?jumlah=5.000&tanggal={DAY}", 1),
            ("?jumlah=6.000", 0),
            ("?jumlah=x", 2),
            ("", 2),
        ):
            assert len(client.get(QUEUE + asked).context["found"].rows) == rows

    def test_it_takes_no_proposal_that_no_button_sends(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.FINANCE_OFFICER)
        brought_in(client, village, money(5_000))
        (line,) = lines_of(village)
        for key in ("", "x", "1:::", "1::2:3", "9" * 5_000, "\0"):
            answer = client.post(f"{QUEUE}{line.pk}/terima/", {"usul": key}, follow=True)
            assert "tidak berlaku lagi" in answer.content.decode()

    def test_it_asks_the_database_as_often_for_many_lines_as_for_few(
        self, village: Village, signed_in: SignIn
    ) -> None:
        client = signed_in(Role.FINANCE_OFFICER)
        counts = []
        for lines in ([money(5_000)], [money(1_000 + n, bank=f"N{n}") for n in range(30)]):
            brought_in(client, village, *lines)
            client.get(QUEUE)
            with CaptureQueriesContext(connection) as queries:
                client.get(QUEUE)
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_those_who_look_find_no_button(self, village: Village, signed_in: SignIn) -> None:
        brought_in(signed_in(Role.FINANCE_OFFICER), village, money(5_000))
        (line,) = lines_of(village)
        looker = signed_in(Role.AUDITOR)
        answer = looker.get(f"{QUEUE}{line.pk}/").content.decode()
        assert "Bagi uang ini" not in answer
        assert f"{QUEUE}{line.pk}/terima/" not in answer
        assert looker.post(f"{QUEUE}{line.pk}/", {"parts": "x"}).status_code == 422
        assert looker.post(f"{QUEUE}{line.pk}/terima/", {"usul": "1:::"}).status_code == 403
