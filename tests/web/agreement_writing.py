"""What the tests of agreements type: a new one from its draft on, and the page that follows what was sent."""

from collections.abc import Mapping
from contextlib import AbstractContextManager

from django.test import Client

from lindung.access.models import Role, User
from lindung.access.scope import in_scope
from lindung.partnership import year_papers
from lindung.partnership.models import Agreement
from web.village import NOW, Village, acting

DRAFT = {
    "code": "jambi-ojek",
    "title": "Pengemudi ojek",
    "programmes": ["jkk", "jkm"],
    "since": "2027-01-01",
    "arrears_borne_by": "unsaid",
    "segment_label": "Tukang ojek",
    "occupation": "Tukang ojek",
    "quota": "40",
}
PKS = {
    "number": "PKS/09/2026",
    "signed_at": "Jambi",
    "signed_on": "2026-11-09",
    "first_party": "Disnaker",
    "second_party": "BPJS",
    "signatories": "Rina Marlina; Kepala Dinas; pihak pertama\nAndi; Kepala Cabang; pihak kedua",
}
ENDS = {**PKS, "number": "ADD/9", "new_end": "2026-11-01"}


def sent(client: Client, address: str, fields: Mapping[str, object]) -> tuple[int, str]:
    """Open the page, send it with its one-time token and the fields; the status and the page that follows."""
    page = client.get(address)
    assert page.status_code == 200, address
    form = page.context["form"]
    hidden = {field.html_name: field.value() for field in form.hidden_fields() if field.value() is not None}
    answer = client.post(address, {**hidden, **fields}, follow=True)
    return answer.status_code, answer.content.decode()


def as_user(user: User) -> AbstractContextManager[None]:
    actor, scope = acting(user, NOW.date())
    return in_scope(scope, actor=actor)


def draft(village: Village, client: Client, **changed: str) -> int:
    """The draft of a new agreement, written on the page; its id."""
    with as_user(village.users[Role.CITY_OFFICER]):
        held = Agreement.objects.get(pk=village.agreement_id)
    own = {"paying_office": held.paying_office_id, "funding_source": held.funding_source_id}
    status, page = sent(client, "/kerja-sama/baru/", DRAFT | own | changed)
    assert (status, "Konsep tersimpan" in page) == (200, True)
    with as_user(village.users[Role.CITY_OFFICER]):
        return Agreement.objects.get(code="jambi-ojek").pk


def state_of(village: Village, agreement_id: int) -> str:
    with as_user(village.users[Role.CITY_OFFICER]):
        return Agreement.objects.get(pk=agreement_id).state


def withdraw(village: Village, kind: str, year: int) -> None:
    officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=officer):
        made = Agreement.objects.get(pk=village.agreement_id).year_papers.get(kind=kind, year=year)
        year_papers.withdraw_year_paper(year_paper_id=made.pk, reason="Salah", by=officer, now=NOW)
