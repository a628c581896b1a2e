"""An agreement holds what its papers say: the parties, the period, the programmes, the money."""

from datetime import date

import pytest

import world
from database import execute, forbidden, refused
from lindung.access.models import Role
from lindung.law.months import Month
from lindung.partnership.models import Agreement, Paper, PaperKind


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
