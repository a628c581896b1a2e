"""Who tries to break what is promised about drafts, superseded bills, charges and monthly runs."""

from datetime import date

import world
from breaking import AUGUST, JULY, Breaker, Stage, copied, update
from lindung.contributions.bill_records import BillCharge, BillRun, BillRunRow
from lindung.contributions.models import Bill


def charged(**changes: object) -> Breaker:
    """A charge from June on an August that has no lines yet, but for the changes."""

    def attempt(stage: Stage) -> None:
        with stage.jambi.acting():
            bill = copied(Bill, status="final", month=AUGUST.first_day())
            bill.save(force_insert=True)
            _charge(stage, bill_id=bill.pk, **changes).save(force_insert=True)

    return attempt


def _charge(stage: Stage, **changes: object) -> BillCharge:
    given = {
        "from_bill_id": stage.june.bill_id,
        "kind": "fine",
        "amount": 1,
        "sponsor_id": stage.jambi.sponsor.pk,
        "event_id": stage.july.event_id,
    }
    return BillCharge(**given | changes)


def charged_twice(stage: Stage) -> None:
    with stage.jambi.acting():
        bill = copied(Bill, status="final", month=AUGUST.first_day())
        bill.save(force_insert=True)
        for _ in range(2):
            _charge(stage, bill_id=bill.pk).save(force_insert=True)


def charged_from_itself(stage: Stage) -> None:
    with stage.jambi.acting():
        bill = copied(Bill, status="final", month=AUGUST.first_day())
        bill.save(force_insert=True)
        _charge(stage, bill_id=bill.pk, from_bill_id=bill.pk).save(force_insert=True)


def charged_on_another_city(stage: Stage) -> None:
    with stage.bungo.acting():
        _charge(stage, bill_id=stage.july.pk, sponsor_id=stage.bungo.sponsor.pk, from_bill_id=None).save()


def superseded_without_successor(stage: Stage) -> None:
    update(stage, Bill, pk=stage.july.pk, status="superseded")


def superseded_by_another_month(stage: Stage) -> None:
    update(stage, Bill, pk=stage.july.pk, status="superseded", superseded_by_id=stage.june.bill_id)


def run_of(stage: Stage, **changes: object) -> BillRun:
    """A run of July. Call it as the officer."""
    given = {
        "sponsor_id": stage.jambi.sponsor.pk,
        "month": JULY.first_day(),
        "as_draft": False,
        "started_by_id": stage.jambi.actor().person_id,
        "started_at": world.at(world.TODAY),
        "event_id": stage.july.event_id,
    }
    return BillRun.objects.create(**given | changes)


def runs_twice(stage: Stage) -> None:
    with stage.jambi.acting():
        run_of(stage)
        run_of(stage)


def runs_in_the_middle_of_a_month(stage: Stage) -> None:
    with stage.jambi.acting():
        run_of(stage, month=date(2025, 7, 2))


def row(times: int = 1, **changes: object) -> Breaker:
    """Rows of a run of July, but for the changes."""

    def attempt(stage: Stage) -> None:
        with stage.jambi.acting():
            own = {
                "run_id": run_of(stage).pk,
                "agreement_id": stage.agreement.pk,
                "sponsor_id": stage.jambi.sponsor.pk,
            }
            for _ in range(times):
                BillRunRow.objects.create(
                    **own | {k: v(stage) if callable(v) else v for k, v in changes.items()}
                )

    return attempt


def row_of_a_foreign_run(stage: Stage) -> None:
    with stage.jambi.acting():
        run = run_of(stage)
    with stage.bungo.acting():
        BillRunRow.objects.create(
            run_id=run.pk, agreement_id=stage.bungos.agreement_id, sponsor_id=stage.bungo.sponsor.pk
        )


BREAKERS: dict[str, Breaker] = {
    "bill_superseded_by_another": superseded_without_successor,
    "bill_superseded_within_its_purse": superseded_by_another_month,
    "charge_once_per_bill": charged_twice,
    "charge_is_positive": charged(amount=0),
    "charge_kind_known": charged(kind="gift"),
    "charge_of_its_sponsors_bill": charged_on_another_city,
    "charge_from_its_sponsors_bill": lambda stage: charged(from_bill_id=stage.bungos.pk)(stage),
    "charge_from_its_own_purse": charged_from_itself,
    "bill_run_once_per_month": runs_twice,
    "bill_run_month_is_a_first_day": runs_in_the_middle_of_a_month,
    "bill_run_names_an_agreement_once": row(times=2),
    "bill_run_row_says_its_end": row(state="done"),
    "bill_run_row_of_its_sponsors_run": row_of_a_foreign_run,
    "bill_run_row_of_its_sponsors_agreement": row(agreement_id=lambda stage: stage.bungos.agreement_id),
    "bill_run_row_of_its_sponsors_bill": row(state="done", bill_id=lambda stage: stage.bungos.pk),
}
