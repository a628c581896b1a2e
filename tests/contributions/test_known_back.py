"""Money that went back later was still there on the day."""

from datetime import date

import world
from contributions.conftest import Place
from lindung.access.models import Role
from lindung.claims.answered import answer_on
from lindung.contributions import reversing
from lindung.contributions.cover import CoverState, Known, cover_of
from lindung.contributions.models import Payment
from lindung.law.months import Month

JUNE = Month(2025, 6)
TODAY = date(2025, 12, 1)


def test_then_the_month_still_counted(jambi: Place) -> None:
    """June, paid on the tenth, went back on 20 July."""
    world.pay(jambi.city, jambi.agreement, JUNE)
    back = world.at(date(2025, 7, 20))
    with jambi.city.acting(on=TODAY) as officer:
        payment = Payment.objects.get()
        reversing.ask(payment_id=payment.pk, reason="dikembalikan bank", by=officer, now=back)
    with jambi.city.acting(Role.FINANCE_OFFICER, on=TODAY) as treasurer:
        reversing.reverse(payment_id=payment.pk, by=treasurer, now=back)
    with jambi.city.acting(on=TODAY):
        day = date(2025, 6, 20)
        assert cover_of(jambi.siti, on=day).state == CoverState.PROPOSED
        assert cover_of(jambi.siti, on=day, known=Known.THEN).state == CoverState.PROTECTED
        assert cover_of(jambi.siti, on=date(2025, 7, 20), known=Known.THEN).state == CoverState.PROPOSED
        (reason,) = answer_on(jambi.siti, on=day, today=TODAY).reasons
    assert reason.id.endswith("ditarik kembali pada 20 Juli 2025.")
