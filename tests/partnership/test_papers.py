"""Papers with their files and signatories, addenda that change what they name, and one MoU for several agreements."""

from datetime import date

import pytest

import agreed
import world
from database import refused
from lindung.access.models import Role
from lindung.documents import keeping
from lindung.documents.models import Document
from lindung.law.months import Month
from lindung.membership import changes
from lindung.membership.employment import LeaveReason
from lindung.membership.models import Membership
from lindung.partnership import agreements, papers
from lindung.partnership.models import Agreement, Paper, Signatory
from lindung.partnership.papers import File, NewBearer, NewEnd, NewQuota, PaperEntry

NOW = world.at(date(2025, 6, 10))
PDF = b"%PDF-1.4\nMoU"


@pytest.fixture
def jambi(db: None) -> world.City:
    return world.city()


def mou(file: File | None = None, *, signed_on: date = date(2025, 5, 28)) -> PaperEntry:
    entry = agreed.pks("x", signed_on)
    return entry._replace(kind="mou", number="MoU/JAMBI/05/2025", file=file)


class TestRecording:
    def test_its_file_is_sealed_and_comes_back_to_the_byte(self, jambi: world.City) -> None:
        promised = world.agreement(jambi)
        with jambi.acting() as by:
            made = papers.record_paper(
                agreement_id=promised.pk, entry=mou(File("mou.pdf", PDF)), by=by, now=NOW
            )
            kept = made.document
            assert kept is not None
            assert keeping.fetch(kept, by=by) == PDF
            assert PDF not in bytes(Document.objects.values_list("content", flat=True).get(pk=kept.pk))

    def test_it_names_everybody_who_signed(self, jambi: world.City) -> None:
        promised = world.agreement(jambi)
        with jambi.acting():
            told = Signatory.objects.filter(paper__agreement=promised).order_by("pk")
            assert [(each.name, each.party) for each in told] == [
                ("Rina Marlina", "first"),
                ("Andi Wijaya", "second"),
            ]

    @pytest.mark.parametrize("content", [b"", b"MZ\x90\x00", b"<html>", b"PK\x03\x04"])
    def test_it_takes_scans_only(self, jambi: world.City, content: bytes) -> None:
        promised = world.agreement(jambi)
        with jambi.acting() as by:
            with pytest.raises(papers.NotAScan):
                papers.record_paper(
                    agreement_id=promised.pk, entry=mou(File("a.pdf", content)), by=by, now=NOW
                )
            assert not promised.papers.filter(kind="mou").exists()

    def test_it_takes_nothing_larger_than_it_says(self, jambi: world.City) -> None:
        promised = world.agreement(jambi)
        large = File("a.pdf", b"%PDF-" + bytes(papers.MOST_BYTES))
        with jambi.acting() as by, pytest.raises(papers.TooLarge):
            papers.record_paper(agreement_id=promised.pk, entry=mou(large), by=by, now=NOW)

    def test_one_mou_stands_in_two_stories_with_one_file(self, jambi: world.City) -> None:
        first, second = world.agreement(jambi, "satu"), world.agreement(jambi, "dua")
        with jambi.acting() as by:
            papers.record_paper(agreement_id=first.pk, entry=mou(File("mou.pdf", PDF)), by=by, now=NOW)
            again = papers.record_paper(agreement_id=second.pk, entry=mou(), by=by, now=NOW)
            assert again.document_id == Paper.objects.get(agreement=first, kind="mou").document_id
            third = world.agreement(jambi, "tiga")
        with jambi.acting() as by, refused("mou_number_has_one_date"):
            papers.record_paper(agreement_id=third.pk, entry=mou(signed_on=date(2025, 5, 29)), by=by, now=NOW)

    def test_another_city_finds_no_agreement_to_record_for(self, jambi: world.City) -> None:
        promised, bungo = world.agreement(jambi), world.city("bungo", branch=jambi.branch)
        with bungo.acting() as by, pytest.raises(Agreement.DoesNotExist):
            papers.record_paper(agreement_id=promised.pk, entry=mou(), by=by, now=NOW)

    @pytest.mark.parametrize("role", [Role.MAYOR, Role.AUDITOR, Role.KELURAHAN_OPERATOR])
    def test_who_only_looks_records_nothing(self, jambi: world.City, role: Role) -> None:
        promised = world.agreement(jambi)
        with jambi.acting(role) as by, pytest.raises(Agreement.DoesNotExist):
            papers.record_paper(agreement_id=promised.pk, entry=mou(), by=by, now=NOW)


class TestAddenda:
    def test_one_paper_changes_quota_end_and_bearer_and_keeps_what_was(self, jambi: world.City) -> None:
        promised = world.agreement(jambi, quota=10)
        with jambi.acting():
            segment = promised.segments.get()
        made = world.amend(
            jambi,
            promised,
            NewQuota(segment.pk, was=10, quota=25),
            NewEnd(was=None, until=date(2027, 1, 1)),
            NewBearer(was="unsaid", bearer="sponsor"),
        )
        with jambi.acting():
            held = Agreement.objects.get(pk=promised.pk)
            assert (held.segments.get().quota, held.until, held.arrears_borne_by) == (
                25,
                date(2027, 1, 1),
                "sponsor",
            )
            assert [(each.term, each.quota_was, each.quota_is) for each in made.amendments.order_by("pk")][
                0
            ] == (
                "quota",
                10,
                25,
            )

    def test_it_changes_something_or_is_no_addendum(self, jambi: world.City) -> None:
        promised = world.agreement(jambi)
        with pytest.raises(papers.NothingChanged):
            world.amend(jambi, promised, NewBearer(was="unsaid", bearer="unsaid"))

    def test_two_who_raise_the_quota_at_once_do_not_undo_each_other(self, jambi: world.City) -> None:
        promised = world.agreement(jambi, quota=10)
        with jambi.acting():
            segment = promised.segments.get()
        world.amend(jambi, promised, NewQuota(segment.pk, was=10, quota=25))
        with refused("amendment_of_what_holds"):
            world.amend(jambi, promised, NewQuota(segment.pk, was=10, quota=12))

    def test_it_takes_no_place_away_from_somebody_who_holds_it(self, jambi: world.City) -> None:
        """Three hold places. When one has left before the addendum holds, two places are enough."""
        promised = world.agreement(jambi, quota=10)
        world.enrol(jambi, promised, *world.crowd(3))
        with refused("quota_not_below_its_members"):
            world.set_quota(jambi, promised, 2)
        world.set_quota(jambi, promised, 3)
        with jambi.acting() as by:
            changes.leave(
                membership_id=Membership.objects.earliest("pk").pk,
                last_month=Month(2025, 6),
                reason=LeaveReason.MOVED,
                by=by,
                now=world.at(world.REGISTERED),
            )
        with refused("quota_not_below_its_members"):
            world.set_quota(jambi, promised, 2)
        with jambi.acting():
            segment = promised.segments.get()
        world.amend(jambi, promised, NewQuota(segment.pk, was=3, quota=2), on=date(2025, 7, 1))

    def test_one_that_is_over_is_not_amended(self, jambi: world.City) -> None:
        promised = world.agreement(jambi)
        world.set_end(jambi, promised, date(2026, 1, 1))
        with jambi.acting() as by:
            agreements.end(agreement_id=promised.pk, by=by, now=world.at(date(2026, 1, 1)))
        with pytest.raises(papers.AddendumTooEarly):
            world.set_end(jambi, promised, date(2027, 1, 1))
