"""The agreements that wait for somebody's next step, and those that were stopped a short while ago."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.db.models import Q

from lindung.access.roles import Permission
from lindung.insight.needs import Need
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.partnership.agreements import CORRECTABLE
from lindung.partnership.models import Agreement, AgreementChange, AgreementState

_WAITING = (AgreementState.DRAFT, AgreementState.IN_REVIEW, AgreementState.SIGNED)


def steps_waiting(*, on: date) -> tuple[Need, ...]:
    """What waits in the life of the agreements in sight, each for whoever may take the step.

    In one query, however many there are.
    """
    stopped = Q(to_state=AgreementState.TERMINATED, at__date__gte=on - CORRECTABLE)
    changes = AgreementChange.objects.filter(Q(agreement__state__in=_WAITING) | stopped)
    taken: dict[int, list[AgreementChange]] = {}
    for change in changes.select_related("agreement").order_by("pk"):
        taken.setdefault(change.agreement_id, []).append(change)
    needs = (need for steps in taken.values() for need in _waits(steps[-1].agreement, steps))
    return tuple(sorted(needs, key=lambda need: need.url_args))


def _waits(held: Agreement, steps: Sequence[AgreementChange]) -> Iterator[Need]:
    last, page = steps[-1], (held.pk,)
    approve = Permission.APPROVE_AGREEMENT
    if held.state == AgreementState.IN_REVIEW:
        text = _IN_REVIEW.filled(title=held.title)
        yield Need("review", "soon", text, "web:agreement", page, approve)
    elif held.state == AgreementState.DRAFT and last.from_state == AgreementState.IN_REVIEW:
        text = _SENT_BACK.filled(title=held.title, reason=last.reason)
        yield Need("sent_back", "soon", text, "web:agreement", page, Permission.WRITE_AGREEMENT)
    elif held.state == AgreementState.SIGNED:
        text = _SIGNED.filled(title=held.title)
        wrote = {step.by_id for step in steps if step.from_state == AgreementState.DRAFT}
        yield Need("activate", "soon", text, "web:agreement", page, approve, not_for=frozenset(wrote))
    elif held.state == AgreementState.TERMINATED and held.until is not None:
        month = Month.of(held.until - timedelta(days=1)).label
        text = _STOPPED.filled(title=held.title, month=month)
        yield Need("stopped", "info", text, "web:agreement", page, approve, not_for=frozenset({last.by_id}))


_IN_REVIEW = Text(
    "{title}: konsep menunggu diperiksa. Bacalah; kembalikan bila ada yang perlu diperbaiki.",
    "{title}: the draft waits for review. Read it; send it back if anything is to be mended.",
)
_SENT_BACK = Text(
    "{title}: konsep dikembalikan untuk diperbaiki: {reason}",
    "{title}: the draft was sent back to be mended: {reason}",
)
_SIGNED = Text(
    "{title}: sudah ditandatangani, menunggu orang kedua. Cocokkan dengan PKS-nya, lalu aktifkan.",
    "{title}: signed, and waits for a second person. Compare it with its PKS, then activate it.",
)
_STOPPED = Text(
    "{title}: dihentikan; bulan terakhir {month}. Cocokkan dengan suratnya; tanggal yang salah bisa Anda perbaiki.",
    "{title}: stopped; {month} is its last month. Compare it with the letter; you can put a wrong day right.",
)
