"""The page of a worker: the answer first, then month by month, then what happens if nothing is paid."""

import re

from django.conf import settings

from lindung.access.models import Role
from web.conftest import SignIn
from web.village import SITI, Village


def test_it_answers_first_whether_she_is_protected_today(village: Village, signed_in: SignIn) -> None:
    page = signed_in(Role.CITY_OFFICER).get(f"/pekerja/{village.siti_id}/").content.decode()
    answer = re.search(r'<section class="answer is-good".*?</section>', page, re.DOTALL)
    assert answer is not None
    assert "Siti Aminah terlindungi" in answer.group()
    assert "Oktober 2026" in answer.group()


def test_it_shows_each_month_with_a_word_and_a_picture(village: Village, signed_in: SignIn) -> None:
    page = signed_in(Role.CITY_OFFICER).get(f"/pekerja/{village.siti_id}/").content.decode()
    months = re.findall(r'<li class="[^"]*"><b>(\w+)</b><svg.*?</svg><span>([\w ]+)</span></li>', page)
    assert months == [
        ("Agu", "Lunas"),
        ("Sep", "Lunas"),
        ("Okt", "Lunas"),
        ("Nov", "Waktunya bayar"),
        ("Des", "Nanti"),
    ]


def test_it_says_what_happens_if_nothing_more_is_paid_with_the_article(
    village: Village, signed_in: SignIn
) -> None:
    page = signed_in(Role.CITY_OFFICER).get(f"/pekerja/{village.siti_id}/").content.decode()
    steps = re.search(r'<ol class="steps">.*?</ol>', page, re.DOTALL)
    assert steps is not None
    assert "(PP 44/2015 Pasal 39)" in steps.group()


def test_it_names_articles_and_counts_months_in_the_reader_s_language(
    village: Village, signed_in: SignIn
) -> None:
    reader = signed_in(Role.CITY_OFFICER)
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = reader.get(f"/pekerja/{village.siti_id}/?on=2026-11-20").content.decode()
    assert "(PP 44/2015 Article 39)" in page
    assert "Pasal" not in page
    assert "1 month behind</span>" in page
    assert "1 months" not in page


def test_it_masks_the_nik(village: Village, signed_in: SignIn) -> None:
    page = signed_in(Role.CITY_OFFICER).get(f"/pekerja/{village.siti_id}/").content.decode()
    assert SITI not in page
    assert SITI[:6] in page


def test_it_answers_for_another_day_as_it_was_known_then(village: Village, signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    before = client.get(f"/pekerja/{village.siti_id}/?on=2026-07-31").content.decode()
    assert "iuran pertama belum dibayar" in before
    never = client.get(f"/pekerja/{village.siti_id}/?on=2026-07-01").content.decode()
    assert "belum terdaftar" in never


def test_it_shows_today_and_says_so_when_a_date_cannot_be_read(village: Village, signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    for day in (
        "kemarin",
        "2026-13-01",
        "2026-02-30",
        "\N{ARABIC-INDIC DIGIT TWO}026-01-01",
        "0001-01-01",
        "9999-12-31",
    ):
        answer = client.get(f"/pekerja/{village.siti_id}/", {"on": day})
        assert answer.status_code == 422, day
        assert "Tanggal itu tidak terbaca" in answer.content.decode()


def test_it_survives_days_far_away(village: Village, signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    for day in ("2015-07-01", "2100-12-31"):
        assert client.get(f"/pekerja/{village.siti_id}/", {"on": day}).status_code == 200, day


def test_it_knows_nobody_of_another_city(village: Village, signed_in: SignIn) -> None:
    assert signed_in(village.stranger).get(f"/pekerja/{village.siti_id}/").status_code == 404


def test_it_is_kept_by_no_browser(village: Village, signed_in: SignIn) -> None:
    answer = signed_in(Role.CITY_OFFICER).get(f"/pekerja/{village.siti_id}/")
    assert "no-store" in answer.headers["Cache-Control"]
