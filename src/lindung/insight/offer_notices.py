"""Tells people whose sponsor stops that they can pay for themselves: whoever has a telephone, each once."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice

from lindung.access import audit
from lindung.access.models import Organisation
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.access.sealing import unseal_many
from lindung.engine.refusals import Refusal
from lindung.insight.self_offers import Offer, everybody_offered
from lindung.law.money import rupiah
from lindung.law.text import Text
from lindung.notices import switching
from lindung.notices.delivering import DELIVERER
from lindung.notices.outbox import Queued, Told, send_many
from lindung.notices.recipients import Recipient
from lindung.partnership.models import Agreement, AgreementKind
from lindung.people.models import Person

KIND = "offer.self_pay"
AT_ONCE = 2_000
"""People in one transaction."""


class NobodyToldYet(Refusal):
    """Nobody can be told of an offer: the city goes on paying, or tells nobody of anything."""

    code = "offer.not_told"


def ask(*, agreement_id: int, by: Actor, now: datetime) -> None:
    """Have everybody with a telephone told, by the process beside the web; asked again, only who has come since.

    Raises NobodyToldYet while the agreement has no end or the city has not switched notices on, and
    Agreement.DoesNotExist out of sight.
    """
    agreement = Agreement.objects.get(pk=agreement_id, kind=AgreementKind.SPONSORED)
    if agreement.until is None:
        raise NobodyToldYet(_GOES_ON)
    if not switching.setting_of(agreement.sponsor_id).is_on:
        raise NobodyToldYet(_SWITCHED_OFF)
    audit.record(
        "offers.told",
        by=by,
        subject=f"agreement:{agreement_id}",
        sponsor_id=agreement.sponsor_id,
        detail={"at": now.isoformat()},
    )
    # Here: the task is made of what stands below.
    from lindung.insight.tasks import tell_offers

    tell_offers.defer(agreement_id=agreement_id)


def offers_told(*, agreement_id: int, on: date, now: datetime) -> Queued:
    """Tell whoever has a telephone and no new payer yet, in parts that are committed one by one. Safe to be done again."""
    result = Queued()
    with system_scope(SystemScope.NOTIFYING, actor=DELIVERER):
        agreement = Agreement.objects.get(pk=agreement_id)
        payer = Organisation.objects.get(pk=agreement.sponsor_id).name
        offers = iter([each for each in everybody_offered(agreement, on=on) if not each.accepted])
    while part := list(islice(offers, AT_ONCE)):
        with system_scope(SystemScope.NOTIFYING, actor=DELIVERER):
            told = list(_told(part, agreement, payer))
            result = result.plus(send_many(kind=KIND, told=told, by=DELIVERER, now=now))
    return result


def _told(offers: Sequence[Offer], agreement: Agreement, payer: str) -> Iterator[Told]:
    people = Person.objects.filter(pk__in=[each.person_id for each in offers], phone_sealed__isnull=False)
    sealed = [(pk, bytes(phone)) for pk, phone in people.values_list("pk", "phone_sealed") if phone]
    opened = unseal_many(sealed, table="people_person", column="phone_sealed")
    phones = dict(zip((pk for pk, _ in sealed), opened, strict=True))
    for each in offers:
        if each.person_id in phones:
            to = Recipient(
                f"person:{each.person_id}",
                each.name,
                agreement.sponsor_id,
                person_id=each.person_id,
                phone=phones[each.person_id],
            )
            values: dict[str, str | Text] = {
                "name": each.name,
                "payer": payer,
                "month": each.first.label,
                "price": rupiah(each.price),
            }
            yield Told(to, values, f"agreement:{agreement.pk}")


_GOES_ON = Text(
    "Kerja sama ini belum punya akhir. Beri tahu orang setelah tanggal berakhirnya dicatat.",
    "This agreement has no end yet. Tell people once its last day is recorded.",
)
_SWITCHED_OFF = Text(
    "Pemberitahuan kota ini belum dinyalakan. Nyalakan dulu di halaman Pemberitahuan.",
    "Notices of this city are not switched on. Switch them on at the page Notices first.",
)
