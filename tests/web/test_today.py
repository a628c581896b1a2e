"""The page "Hari ini": the day's figures, what needs the officer, and the way in for lists."""

import re
from datetime import date

import pytest
from django.conf import settings

import agreed
from lindung.access.models import Role
from lindung.access.scope import in_scope
from lindung.law import limits
from lindung.law.parameter import in_force
from lindung.partnership.agreements import SegmentPlan, Terms, draft_agreement
from lindung.partnership.models import Agreement, ArrearsBearer
from web.conftest import SignIn
from web.village import NOW, Village, acting


def test_it_says_who_is_protected_what_it_costs_and_how_long_the_money_lasts(signed_in: SignIn) -> None:
    page = signed_in(Role.CITY_OFFICER).get("/").content.decode()
    assert re.findall(r"<dd>(2|Rp33\.600|Desember 2026)</dd>", page)[:3] == ["2", "Rp33.600", "Desember 2026"]


def test_it_shows_only_the_agreements_of_the_reader_s_own_city(village: Village, signed_in: SignIn) -> None:
    ours = signed_in(Role.CITY_OFFICER).get("/").content.decode()
    theirs = signed_in(village.stranger).get("/").content.decode()
    assert "jambi-rentan" in ours
    assert "bungo-rentan" not in ours
    assert "jambi-rentan" not in theirs
    assert "bungo-rentan" in theirs


def test_it_leads_from_a_need_to_the_list_that_needs_it(village: Village, signed_in: SignIn) -> None:
    page = signed_in(Role.CITY_OFFICER).get("/").content.decode()
    needs = re.search(r'<ul class="needs">.*?</ul>', page, re.DOTALL)
    assert needs is not None
    assert f'href="/daftar/{village.roster_id}/"' in needs.group()


def test_it_draws_the_money_with_words_for_those_who_cannot_see_it(signed_in: SignIn) -> None:
    page = signed_in(Role.CITY_OFFICER).get("/").content.decode()
    assert re.search(r"<desc id=\"bar-said-\d+\">Dana cukup sampai Desember 2026\.", page)
    assert re.search(r"<th scope=\"row\">November 2026</th><td>dananya ada</td>", page)


def test_it_offers_to_upload_only_to_those_who_may(signed_in: SignIn) -> None:
    assert b'type="file"' in signed_in(Role.CITY_OFFICER).get("/").content
    assert b'type="file"' not in signed_in(Role.MAYOR).get("/").content


def test_it_leads_nobody_to_a_page_that_would_turn_him_away(signed_in: SignIn) -> None:
    """The mayor reads what needs doing, and has no right to open the lists."""
    page = signed_in(Role.MAYOR).get("/").content.decode()
    assert "perlu diperbaiki" in page
    assert "/daftar/" not in page


def test_it_is_kept_by_no_browser(signed_in: SignIn) -> None:
    answer = signed_in(Role.CITY_OFFICER).get("/")
    assert "no-store" in answer.headers["Cache-Control"]


def test_it_names_the_reader_with_role_and_office(signed_in: SignIn) -> None:
    page = signed_in(Role.CITY_OFFICER).get("/").content.decode()
    assert "Petugas kota, Dinas Tenaga Kerja" in page


@pytest.mark.parametrize(
    ("allowed", "indonesian", "english"),
    [
        (3, "menunggak paling lama 3 bulan.", "at most 3 months behind."),
        (1, "menunggak paling lama 1 bulan.", "at most 1 month behind."),
    ],
)
def test_it_says_how_long_cover_survives_as_the_law_has_it(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch, allowed: int, indonesian: str, english: str
) -> None:
    stored, id = in_force(), "arrears.bpu.jkm.months"
    limit = stored.parameters[id].values[0]._replace(value=allowed)
    changed = {**stored.parameters, id: stored.parameters[id]._replace(values=(limit,))}
    monkeypatch.setattr(limits, "in_force", lambda: stored._replace(parameters=changed))
    reader = signed_in(Role.CITY_OFFICER)
    assert indonesian in reader.get("/").content.decode()
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert english in reader.get("/").content.decode()


def test_an_agreement_that_has_not_begun_says_when_it_does(village: Village, signed_in: SignIn) -> None:
    """Nobody reads that it costs Rp0, or that its money does not reach, before its first month."""
    place = coming(village)
    page = signed_in(Role.CITY_OFFICER).get("/").content.decode()
    card = re.search(rf'<article class="card stack" id="kerja-sama-{place}".*?</article>', page, re.DOTALL)
    assert card is not None
    assert "<dd>mulai Januari 2027</dd>" in card.group()
    assert "Kerja sama ini mulai Januari 2027; anggaran 2026 tidak dipakai." in card.group()
    assert "Rp0" not in card.group()
    assert "Dana tidak cukup" not in card.group()
    listed = signed_in(Role.CITY_OFFICER).get("/kerja-sama/").content.decode()
    assert ">mulai Januari 2027</td>" in listed


def coming(village: Village) -> int:
    """An agreement in force from January on."""
    officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=officer):
        held = Agreement.objects.get(pk=village.agreement_id)
        drafted = draft_agreement(
            code="jambi-sawit",
            sponsor_id=held.sponsor_id,
            branch_id=held.branch_id,
            terms=Terms(
                title="Petani sawit",
                paying_office_id=held.paying_office_id,
                funding_source_id=held.funding_source_id,
                programmes=("jkk", "jkm"),
                since=date(2027, 1, 1),
                arrears_borne_by=ArrearsBearer.SPONSOR,
            ),
            segments=(SegmentPlan("sawit", "Petani sawit", "Petani", 10),),
            by=officer,
            now=NOW,
        )
    promised = agreed.brought_into_force(
        drafted,
        writer=(officer, scope),
        second=acting(village.users[Role.BRANCH_OFFICER], NOW.date()),
        now=NOW,
    )
    return int(promised.pk)
