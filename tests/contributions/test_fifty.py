"""Fifty at the same moment, by page and by API: one payment order has one effect, and everybody hears the same."""

from collections.abc import Callable

import pytest

from api.conftest import Machine
from api.conftest import token_of as key_of
from database import at_once
from lindung.access.models import Role
from lindung.access.scope import Actor, in_scope, scope_of
from lindung.contributions import billing
from lindung.contributions.models import Bill, PaidMonth, Payment, Settlement
from lindung.law.months import Month
from lindung.ledger.models import Instruction
from lindung.ledger.posting import balance
from web.conftest import signed_into
from web.test_bills import in_jambi, token_of
from web.village import NOW, Village, build

ORDER = {"order_number": "SP2D/77", "ordered_on": "2026-11-09", "amount": 33_600}
HALF = 25


@pytest.fixture
def village(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> Village:
    monkeypatch.setenv("LINDUNG_NOW", NOW.isoformat())
    return build()


def november(village: Village) -> Bill:
    officer = village.users[Role.CITY_OFFICER]
    with in_scope(scope_of(officer, NOW.date()), actor=Actor.of(officer)):
        return billing.draw_up(
            agreement_id=village.agreement_id, month=Month(2026, 11), by=Actor.of(officer), today=NOW.date()
        )


def by_page(village: Village, role: Role, path: str, **fields: str) -> list[Callable[[], int]]:
    """The page opened as often, in one browser, and each sent at the same moment."""
    client = signed_into(village, role)
    forms = [token_of(client.get(path).content.decode()) for _ in range(HALF)]

    def sent(form: dict[str, str]) -> int:
        browser = type(client)()
        browser.cookies = client.cookies.copy()
        return int(browser.post(path, {**form, **fields}).status_code)

    return [lambda form=form: sent(form) for form in forms]  # type: ignore[misc]  # each its own form


def by_api(village: Village, role: Role, path: str, body: object) -> list[Callable[[], int]]:
    """As many systems, each order under a key of its own."""
    machine = Machine(key_of(village, village.users[role]))
    keys = [f"{role.value}-{number:04}" for number in range(HALF)]
    return [lambda key=key: machine.post(path, body, key=key).status for key in keys]  # type: ignore[misc]  # as above


def test_fifty_record_and_fifty_confirm_one_order(village: Village) -> None:
    bill = november(village)
    typed = {name: str(value) for name, value in ORDER.items()}
    recorded = at_once(
        *by_page(village, Role.CITY_OFFICER, f"/tagihan/{bill.pk}/bayar/", **typed),
        *by_api(village, Role.CITY_OFFICER, f"/bills/{bill.pk}/payments", ORDER),
    )
    assert set(recorded) == {302, 201}
    with in_jambi(village):
        payment = Payment.objects.get(order_number="SP2D/77")
        before = Instruction.objects.count()
    confirmed = at_once(
        *by_page(village, Role.FINANCE_OFFICER, f"/tagihan/{bill.pk}/sahkan/{payment.pk}/"),
        *by_api(village, Role.FINANCE_OFFICER, f"/bills/{bill.pk}/payments/{payment.pk}/confirm", {}),
    )
    assert set(confirmed) == {302, 200}
    with in_jambi(village):
        assert Settlement.objects.filter(payment=payment).count() == 1
        assert Instruction.objects.count() == before + 2
        assert PaidMonth.objects.filter(month=bill.month).count() == 4
        assert balance(f"held:agreement:{village.agreement_id}") == 0
