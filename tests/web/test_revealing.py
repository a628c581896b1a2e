"""A whole NIK is seen for a reason, once, and by few; every look stands in the trail."""

import re
from datetime import timedelta

import pytest
from django.db import transaction

from lindung.access.models import AuditEvent, Role
from lindung.access.scope import SystemScope, in_scope, system_scope
from lindung.people import revealing
from web.conftest import SignIn
from web.village import BUILDER, NOW, SITI, Village, acting

REASON = {"once": "abc", "reason": "correct", "words": "Nama di KTP berbeda"}


def looks() -> list[AuditEvent]:
    with system_scope(SystemScope.MAINTENANCE, actor=BUILDER):
        return list(AuditEvent.objects.filter(action="nik.revealed").defer("txid"))


class TestPage:
    def test_it_asks_why_before_it_shows_anything(self, village: Village, signed_in: SignIn) -> None:
        answer = signed_in(Role.CITY_OFFICER).get(f"/pekerja/{village.siti_id}/nik/")
        page = answer.content.decode()
        assert answer.status_code == 200
        assert SITI not in page
        assert "Untuk apa NIK lengkap diperlukan?" in page
        assert looks() == []

    def test_it_shows_the_number_once_and_writes_down_why(self, village: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        answer = officer.post(f"/pekerja/{village.siti_id}/nik/", REASON)
        assert SITI in answer.content.decode()
        assert "no-store" in answer.headers["Cache-Control"]
        (look,) = looks()
        assert look.subject == f"person:{village.siti_id}"
        assert look.detail == {"reason": "correct", "words": "Nama di KTP berbeda"}
        assert look.sponsor_id in acting(village.users[Role.CITY_OFFICER], NOW.date())[1].sponsor_ids
        assert SITI not in officer.get(f"/pekerja/{village.siti_id}/nik/").content.decode()

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({"reason": "other", "words": ""}, "Tulis untuk apa"),
            ({"reason": "curiosity"}, ""),
            ({"reason": ""}, ""),
            ({"reason": "claim", "words": "NIK 1571025203840001"}, "Jangan menulis NIK"),
            ({"reason": "claim", "words": "a\x00b"}, "tanda yang tidak terlihat"),
            ({"once": ""}, "sudah lama terbuka"),
        ],
    )
    def test_it_shows_nothing_without_a_good_reason(
        self, village: Village, signed_in: SignIn, given: dict[str, str], why: str
    ) -> None:
        answer = signed_in(Role.CITY_OFFICER).post(f"/pekerja/{village.siti_id}/nik/", REASON | given)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert why in page
        assert not re.search(rf"secret[^<]*<?[^>]*>{SITI}", page)
        assert looks() == []

    @pytest.mark.parametrize(
        "role", [Role.KELURAHAN_OPERATOR, Role.AUDITOR, Role.MAYOR, Role.FINANCE_OFFICER]
    )
    def test_it_is_closed_to_who_may_not(self, village: Village, signed_in: SignIn, role: Role) -> None:
        answer = signed_in(role).post(f"/pekerja/{village.siti_id}/nik/", REASON)
        assert answer.status_code == 403
        assert SITI not in answer.content.decode()

    def test_it_knows_nobody_of_another_city(self, village: Village, signed_in: SignIn) -> None:
        assert signed_in(village.stranger).post(f"/pekerja/{village.siti_id}/nik/", REASON).status_code == 404
        assert looks() == []

    def test_it_is_offered_on_the_page_of_the_worker_to_those_who_may(
        self, village: Village, signed_in: SignIn
    ) -> None:
        page = f"/pekerja/{village.siti_id}/"
        assert f"{page}nik/" in signed_in(Role.CITY_OFFICER).get(page).content.decode()
        assert f"{page}nik/" not in signed_in(Role.AUDITOR).get(page).content.decode()


class TestLimit:
    def test_what_is_refused_costs_nothing_of_the_day(
        self, village: Village, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(revealing, "MOST_A_DAY", 1)
        officer, path = signed_in(Role.CITY_OFFICER), f"/pekerja/{village.siti_id}/nik/"
        for words in (f"NIK {SITI}", "telepon 0812-3456-7890"):
            assert officer.post(path, REASON | {"words": words}).status_code == 422
        assert SITI in officer.post(path, REASON).content.decode()

    def test_it_ends_after_a_hundred_in_a_day_and_begins_anew(
        self, village: Village, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(revealing, "MOST_A_DAY", 2)
        officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())

        def look(later: timedelta) -> str:
            with in_scope(scope, actor=officer):
                return revealing.reveal(
                    person_id=village.siti_id,
                    reason=revealing.Reason.CLAIM,
                    words="",
                    by=officer,
                    now=NOW + later,
                ).nik

        assert [look(timedelta(hours=hours)) for hours in (0, 1)] == [SITI, SITI]
        with pytest.raises(revealing.NotRevealed) as refusal:
            look(timedelta(hours=2))
        assert refusal.value.code == "reveal.too_many"
        assert look(timedelta(hours=25)) == SITI
        assert len(looks()) == 3

    def test_it_takes_the_event_back_with_everything_else(self, village: Village) -> None:
        """A look that was rolled back showed nothing."""
        officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
        with in_scope(scope, actor=officer):
            revealing.reveal(
                person_id=village.siti_id, reason=revealing.Reason.CLAIM, words="", by=officer, now=NOW
            )
            transaction.set_rollback(True)
        assert looks() == []
