"""`payment record` and `payment confirm`: an SP2D to the rupiah, two people, and only then a paid month."""

import pytest

from cli.conftest import Run, as_officer
from cli.town import Town
from lindung.contributions.models import PaidMonth, Payment

AGREEMENT = ("--agreement", "jambi-rentan", "--month", "2026-11")
ORDER = ("--order", "SP2D/77", "--date", "2026-11-20", "--amount", "33.600")
RECORD = ("payment", "record", *AGREEMENT, *ORDER)
CONFIRM = ("payment", "confirm", *AGREEMENT, "--order", "SP2D/77")
OFFICER, TREASURER = ("--by", "city_officer"), ("--by", "finance_officer")


@pytest.fixture
def drawn(town: Town, run: Run) -> Town:
    """The town with the bill of November 2026 drawn."""
    assert run("bill", "draw", *AGREEMENT, *OFFICER, "--wet-run").code == 0
    return town


def test_two_people_pay_a_month(drawn: Town, run: Run) -> None:
    recorded = run(*RECORD, *OFFICER, "--wet-run", "--json")
    assert (recorded.code, recorded.json["bill_status"], recorded.json["confirmed_by"]) == (0, "final", None)
    assert _paid_months(drawn) == 0
    confirmed = run(*CONFIRM, *TREASURER, "--wet-run", "--json").json
    assert (confirmed["bill_status"], confirmed["confirmed_by"]) == ("paid", "finance_officer")
    assert _paid_months(drawn) == 4  # two people, JKK and JKM


def test_repeating_either_step_changes_nothing(drawn: Town, run: Run) -> None:
    for _ in range(2):
        assert run(*RECORD, *OFFICER, "--wet-run").code == 0
    for _ in range(2):
        assert run(*CONFIRM, *TREASURER, "--wet-run").code == 0
    assert run(*RECORD, *OFFICER, "--wet-run").code == 0
    assert _paid_months(drawn) == 4


def test_a_trial_pays_nothing(drawn: Town, run: Run) -> None:
    assert run(*RECORD, *OFFICER, "--json").json["dry"] is True
    with as_officer(drawn):
        assert not Payment.objects.filter(order_number="SP2D/77").exists()
    run(*RECORD, *OFFICER, "--wet-run")
    tried = run(*CONFIRM, *TREASURER)
    assert "paid; the month is paid for 2 people" in tried.out
    assert "nothing was stored" in tried.out
    assert _paid_months(drawn) == 0


def test_nobody_confirms_what_he_recorded(drawn: Town, run: Run) -> None:
    run(*RECORD, *TREASURER, "--wet-run")
    answer = run(*CONFIRM, *TREASURER, "--wet-run", "--json")
    assert answer.code == 1
    assert answer.json["error"]["code"] == "payment.same_person"
    assert _paid_months(drawn) == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--date", "2026-11-23"), "payment.in_future", "has not come yet"),
        (("--order", " "), "payment.no_number", "Write the number"),
        (("--month", "2026-12"), "bill.not_drawn", "./lindung bill draw"),
        (("--month", "2026-10"), "bill.paid", "paid already, by SP2D/2026-10"),
        (("--order", "SP2D/2026-10"), "payment.order_taken", "Check the number"),
        (("--by", "auditor"), "user.not_allowed", "City officer, Finance officer"),
    ],
)
def test_it_refuses_to_record(
    drawn: Town, run: Run, arguments: tuple[str, str], code: str, said: str
) -> None:
    answer = run(*RECORD, *OFFICER, *arguments, "--wet-run", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (1, code)
    assert said in answer.err


def test_it_says_which_orders_wait_when_another_is_confirmed(drawn: Town, run: Run) -> None:
    run(*RECORD, *OFFICER, "--wet-run")
    answer = run("payment", "confirm", *AGREEMENT, "--order", "SP2D/78", *TREASURER)
    assert answer.code == 1
    assert "waiting: SP2D/77" in answer.err


def test_an_order_for_a_paid_bill_is_held(drawn: Town, run: Run) -> None:
    """The money came twice; it waits for the next bill, and nobody's month is paid twice."""
    run(*RECORD, *OFFICER, "--wet-run")
    run(*RECORD, *OFFICER, "--order", "SP2D/78", "--wet-run")
    run(*CONFIRM, *TREASURER, "--wet-run")
    answer = run("payment", "confirm", *AGREEMENT, "--order", "SP2D/78", *TREASURER, "--wet-run", "--json")
    assert (answer.json["state"], answer.json["bill_status"], answer.json["held"]) == (
        "confirmed",
        "paid",
        33_600,
    )
    assert _paid_months(drawn) == 4


def test_a_wrong_record_is_rejected_and_recorded_again(drawn: Town, run: Run) -> None:
    run(*RECORD, *OFFICER, "--amount", "336", "--wet-run")
    reject = ("payment", "reject", *AGREEMENT, "--order", "SP2D/77", "--reason", "salah ketik")
    assert run(*reject, *OFFICER, "--wet-run", "--json").json["state"] == "rejected"
    assert run(*RECORD, *OFFICER, "--wet-run", "--json").json["amount"] == 33_600
    assert run(*CONFIRM, *TREASURER, "--wet-run", "--json").json["bill_status"] == "paid"


def test_money_goes_back_only_by_two_people(drawn: Town, run: Run) -> None:
    run(*RECORD, *OFFICER, "--wet-run")
    run(*CONFIRM, *TREASURER, "--wet-run")
    reverse = ("payment", "reverse", *AGREEMENT, "--order", "SP2D/77", *TREASURER, "--wet-run", "--json")
    assert run(*reverse).json["error"]["code"] == "payment.reversal_not_asked"
    assert run(*reverse, "--reason", "Transfer kembali").json["state"] == "asked"
    assert run(*reverse).json["error"]["code"] == "payment.reversal_same_person"
    assert _paid_months(drawn) == 4


@pytest.mark.parametrize("amount", ["33,600", "33600.0", "-33600", "all"])
def test_an_amount_that_is_none_is_wrong_usage(run: Run, amount: str) -> None:
    answer = run(*RECORD, *OFFICER, "--amount", amount)
    assert answer.code == 2
    assert "is not an amount" in answer.err


def _paid_months(town: Town) -> int:
    with as_officer(town):
        return PaidMonth.objects.filter(agreement_id=town.agreement_id, month="2026-11-01").count()
