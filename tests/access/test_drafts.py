"""What was typed and not sent: kept for its writer alone, sealed, replaced and forgotten."""

import datetime

import world
from lindung.access import drafts
from lindung.access.models import Draft, Role

NOW = world.at(world.TODAY)
FIELDS = {"name": ["Siti Aminah"], "programmes": ["jkk", "jkm"]}


def test_it_gives_back_what_was_typed(db: None) -> None:
    place = world.city()
    with place.acting() as siti:
        assert siti.user_id is not None
        assert drafts.kept(user_id=siti.user_id, page="/a/") == {}
        assert drafts.keep(user_id=siti.user_id, page="/a/", fields=FIELDS, now=NOW)
        assert drafts.keep(user_id=siti.user_id, page="/a/", fields={"name": ["Siti"]}, now=NOW)
        assert drafts.kept(user_id=siti.user_id, page="/a/") == {"name": ["Siti"]}
        assert b"Siti" not in bytes(Draft.objects.get().content)
        drafts.forget(user_id=siti.user_id, page="/a/")
        assert drafts.kept(user_id=siti.user_id, page="/a/") == {}


def test_it_shows_a_draft_to_nobody_else(db: None) -> None:
    place = world.city()
    with place.acting() as siti:
        assert siti.user_id is not None
        drafts.keep(user_id=siti.user_id, page="/a/", fields=FIELDS, now=NOW)
    with place.acting(Role.AUDITOR):
        assert not Draft.objects.exists()


def test_it_keeps_nothing_that_is_too_large_and_nothing_for_long(db: None) -> None:
    place = world.city()
    with place.acting() as siti:
        assert siti.user_id is not None
        assert not drafts.keep(user_id=siti.user_id, page="/a/", fields={"x": ["y" * 200_000]}, now=NOW)
        drafts.keep(user_id=siti.user_id, page="/old/", fields=FIELDS, now=NOW)
        later = NOW + drafts.KEPT_FOR + datetime.timedelta(seconds=1)
        drafts.keep(user_id=siti.user_id, page="/new/", fields=FIELDS, now=later)
        assert [draft.page for draft in Draft.objects.all()] == ["/new/"]
