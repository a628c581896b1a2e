"""The money of an agreement that is over: its end is not the end of the city's money."""

from datetime import date

import world
from contributions.conftest import Place
from lindung.insight import today as insight
from lindung.law.months import Month
from lindung.membership import ending


def test_the_end_of_an_agreement_is_not_the_end_of_the_money(jambi: Place) -> None:
    """One stops with money for all its months; the other's reaches to November, and that is what the city is told."""
    on, june = date(2025, 9, 22), Month(2025, 6)
    for code, budget in (("guru", 10**6), ("ojek", 6 * 16_800)):
        made = world.agreement(jambi.city, code, budgets={2025: budget})
        worker = world.STRANGER._replace(nik=f"15711017089000{len(code)}{budget % 7}")
        world.enrol(jambi.city, made, worker, since=june)
        if code == "guru":
            with jambi.city.acting(on=on) as officer:
                ending.terminate(
                    agreement_id=made.pk, on=date(2025, 9, 21), reason="Digeser", by=officer, now=world.at(on)
                )
    with jambi.city.acting(on=on):
        found = insight.today(on=on)
    reaches = {each.code: each.funds_until for each in found.agreements if each.budget}
    assert reaches == {"guru-jambi": Month(2025, 9), "ojek-jambi": Month(2025, 11)}
    assert found.funds_until == Month(2025, 11)
