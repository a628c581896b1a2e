"""An agreement holds what its papers say: the parties, the period, the programmes, the money, the price."""

from datetime import date

import pytest

import world
from database import execute, forbidden, refused
from lindung.access.models import Role
from lindung.law.months import Month
from lindung.partnership.models import Agreement, Paper, PaperKind, PayerKind
from lindung.partnership.pricing import price


@pytest.fixture
def jambi(db: None) -> world.City:
    return world.city()


def paper(
    place: world.City, promised: Agreement, kind: PaperKind, number: str, on: date, second: str = "BPJS"
) -> Paper:
    with place.acting():
        return Paper.objects.create(
            agreement=promised,
            sponsor=place.sponsor,
            kind=kind,
            number=number,
            signed_at="Jambi",
            signed_on=on,
            recorded_on=on,
            first_party="Dinas Tenaga Kerja",
            second_party=second,
        )


class TestPapers:
    def test_it_may_have_a_pks_that_is_older_than_its_mou(self, jambi: world.City) -> None:
        """Kota Jambi registered on 22 May 2025 and signed its MoU on 28 May: nobody is turned away for it."""
        promised = world.agreement(jambi)  # its PKS is of the first day of its first month
        paper(jambi, promised, PaperKind.MOU, "MoU/06/2025", date(2025, 6, 2))
        with jambi.acting():
            kinds = list(promised.papers.order_by("signed_on").values_list("kind", flat=True))
        assert kinds == ["pks", "mou"]

    def test_it_needs_no_mou_at_all(self, jambi: world.City) -> None:
        promised = world.agreement(jambi)
        paper(jambi, promised, PaperKind.PKS, "PKS/01/2025", date(2025, 5, 19))
        world.enrol(jambi, promised, world.SITI)
        assert world.bill(jambi, promised, Month(2025, 6)).people == 1

    def test_it_names_one_party_only_on_a_decree(self, jambi: world.City) -> None:
        promised = world.agreement(jambi)
        assert paper(jambi, promised, PaperKind.SK, "SK/112/2025", date(2025, 5, 20), second="").pk
        with refused("paper_of_two_parties_names_both"):
            paper(jambi, promised, PaperKind.PKS, "PKS/01/2025", date(2025, 5, 19), second="")

    def test_it_is_never_rewritten(self, jambi: world.City) -> None:
        """A signed paper changes by an addendum, and a budget by another paper."""
        promised = world.agreement(jambi, budgets={2026: 1_000_000})
        paper(jambi, promised, PaperKind.PKS, "PKS/01/2025", date(2025, 5, 19))
        with jambi.acting():
            for table, change in (
                ("paper", "number = 'PKS/02/2025'"),
                ("budget", "amount = 1"),
                ("agreement", "state = 'ended'"),
                ("agreement", "sponsor_id = 1"),
                ("agreementchange", "reason = 'lain'"),
                ("agreementstep", "second_person = false"),
                ("yearneed", "paper = 'sk'"),
                ("yearpaper", "number = 'lain'"),
                ("signatory", "name = 'lain'"),
                ("segment", "code = 'lain'"),
                ("fundingsource", "kind = 'self'"),
            ):
                for statement in (
                    f"UPDATE partnership_{table} SET {change}",
                    f"DELETE FROM partnership_{table}",
                ):
                    with forbidden():
                        execute(statement)

    @pytest.mark.parametrize("change", ["title = 'Lain'", "until = '2027-01-01'", "programmes = '{jkk}'"])
    def test_it_does_not_change_under_the_people_who_were_promised_it(
        self, jambi: world.City, change: str
    ) -> None:
        world.agreement(jambi)
        with jambi.acting(), refused("agreement_terms_change_by_addendum"):
            execute(f"UPDATE partnership_agreement SET {change}")

    @pytest.mark.parametrize("role", [Role.MAYOR, Role.AUDITOR])
    def test_it_does_not_change_for_those_who_only_look(self, jambi: world.City, role: Role) -> None:
        promised = world.agreement(jambi)
        with jambi.acting(role):
            assert Agreement.objects.filter(pk=promised.pk).exists()
            assert Agreement.objects.filter(pk=promised.pk).update(until=date(2027, 1, 1)) == 0


class TestPrice:
    """What one worker costs, by the programmes and the money of the agreement."""

    @pytest.mark.parametrize(
        ("programmes", "income", "total"),
        [
            (("jkk", "jkm"), None, 16_800),
            (("jkk",), None, 10_000),
            (("jkk", "jkm", "jht"), None, 36_800),
            (("jkk", "jkm"), 1_098_999, 16_800),
        ],
    )
    def test_it_is_the_sum_of_its_programmes(
        self, jambi: world.City, programmes: tuple[str, ...], income: int | None, total: int
    ) -> None:
        promised = world.agreement(jambi, programmes=programmes, income=income)
        decision = price(promised, month=Month(2025, 6))
        assert decision.total == total
        assert sum(decision.amount(programme) for programme in programmes) == total

    @pytest.mark.parametrize(
        ("payer", "sector", "month", "total"),
        [
            (PayerKind.APBD, "other", Month(2026, 6), 16_800),
            (PayerKind.APBD, "road_transport", Month(2026, 6), 16_800),
            (PayerKind.APBN, "other", Month(2026, 6), 16_800),
            (PayerKind.CSR, "other", Month(2026, 6), 8_400),
            (PayerKind.SELF, "road_transport", Month(2026, 1), 8_400),
            (PayerKind.SELF, "other", Month(2026, 1), 16_800),
            (PayerKind.SELF, "other", Month(2026, 4), 8_400),
            (PayerKind.SELF, "road_transport", Month(2027, 3), 8_400),
            (PayerKind.SELF, "road_transport", Month(2027, 4), 16_800),
        ],
    )
    def test_it_depends_on_whose_money_it_is(
        self, jambi: world.City, payer: PayerKind, sector: str, month: Month, total: int
    ) -> None:
        """PP 50/2025 halves JKK and JKM in 2026, except where APBN or APBD pays."""
        assert price(world.agreement(jambi, payer=payer), month=month, sector=sector).total == total
