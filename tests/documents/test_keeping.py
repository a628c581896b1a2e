"""Files kept and taken out again."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.db import Error, connection, transaction

from access.conftest import NOW, Town
from lindung.access.models import AuditEvent, Organisation
from lindung.access.scope import NOBODY, Actor, Scope, SystemScope, in_scope, system_scope
from lindung.access.sealing import SealBroken, seal_bytes
from lindung.documents.keeping import FileDamaged, digest, fetch, keep
from lindung.documents.models import CONSTRAINT_MESSAGES, Document

LIST = b"PK\x03\x04 Siti Aminah 1571014708900001"


def inside(town: Town, city: Organisation | None = None, **more: Any) -> Any:
    scope = Scope.of_sponsors((city or town.jambi).pk, **more)
    return in_scope(scope, actor=Actor.of(town.siti))


def kept(town: Town, content: bytes = LIST, *, name: str = "daftar.xlsx", kind: str = "roster") -> Document:
    return keep(name, content, kind=kind, by=Actor.of(town.siti), sponsor_id=town.jambi.pk, now=NOW)


def test_it_gives_back_the_very_bytes(town: Town) -> None:
    with inside(town):
        document = kept(town)
        assert fetch(document, by=Actor.of(town.siti)) == LIST
    assert (document.size, document.sha256) == (len(LIST), hashlib.sha256(LIST).hexdigest())
    assert (document.name, document.received_by_id, document.received_at) == (
        "daftar.xlsx",
        town.siti.pk,
        NOW,
    )
    assert document.received_by_name == "Siti Aminah"


def test_it_keeps_an_empty_file_too(town: Town) -> None:
    with inside(town):
        assert fetch(kept(town, b""), by=Actor.of(town.siti)) == b""


def test_it_notes_who_opened_a_file(town: Town) -> None:
    with inside(town):
        document = kept(town)
        fetch(document, by=Actor.of(town.siti))
        event = AuditEvent.objects.get(action="document.opened")
    assert (event.actor_id, event.subject) == (town.siti.pk, f"document:{document.pk}")


def test_it_stores_the_same_bytes_once(town: Town) -> None:
    with inside(town):
        assert kept(town) == kept(town, name="daftar (1).xlsx")
        assert Document.objects.get().name == "daftar.xlsx"


def test_it_stores_another_kind_or_another_file_beside_it(town: Town) -> None:
    with inside(town):
        assert len({kept(town).pk, kept(town, kind="letter").pk, kept(town, LIST + b"!").pk}) == 3


def test_it_keeps_nothing_in_clear(town: Town) -> None:
    with inside(town), connection.cursor() as cursor:
        document = kept(town)
        cursor.execute("SELECT position(%s::bytea in content) FROM documents_document", [b"1571014708900001"])
        assert cursor.fetchone() == (0,)
        assert Document.objects.get(pk=document.pk).get_deferred_fields() == {"content"}


def test_it_shows_another_city_nothing(town: Town) -> None:
    with inside(town):
        document = kept(town)
    with inside(town, town.bungo):
        assert not Document.objects.exists()
        with pytest.raises(Document.DoesNotExist):
            fetch(document, by=Actor.of(town.siti))


def test_it_shows_a_kelurahan_operator_no_list_of_the_whole_city(town: Town) -> None:
    with inside(town):
        kept(town)
    with inside(town, kelurahan="15.71.07.1001"):
        assert not Document.objects.exists()


def test_it_shows_nothing_to_sql_without_a_scope(town: Town) -> None:
    with inside(town):
        kept(town)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM documents_document")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "statement", ["UPDATE documents_document SET name = ''", "DELETE FROM documents_document"]
)
def test_it_cannot_be_changed_or_removed_by_the_app(town: Town, statement: str) -> None:
    refused = pytest.raises(Error, match="permission denied")
    with refused, system_scope("maintenance", actor=NOBODY), connection.cursor() as cursor:
        cursor.execute(statement)


def test_it_refuses_a_file_for_a_city_out_of_sight(town: Town) -> None:
    with pytest.raises(Error, match="row-level security"), inside(town, town.bungo):
        kept(town)


def insert(town: Town, **changed: Any) -> Document:
    row = {
        "kind": "roster",
        "name": "x",
        "sha256": digest(LIST),
        "size": len(LIST),
        "content": b"sealed elsewhere",
        "sponsor": town.jambi,
        "received_by_name": "Siti Aminah",
        "received_at": NOW,
    }
    return Document.objects.create(**{**row, **changed})


def test_it_does_not_open_a_file_that_was_sealed_for_another_row(town: Town) -> None:
    with inside(town):
        first = kept(town)
        stolen = Document.objects.values_list("content", flat=True).get(pk=first.pk)
        second = insert(town, content=stolen, kind="letter")
        with pytest.raises(SealBroken):
            fetch(second, by=Actor.of(town.siti))


def test_it_does_not_hand_out_a_file_that_is_not_what_was_received(town: Town) -> None:
    with inside(town):
        other = seal_bytes(b"other", table="documents_document", column="content", row_id=999_999)
        document = insert(town, id=999_999, content=other)
        with pytest.raises(FileDamaged):
            fetch(document, by=Actor.of(town.siti))


BREAKERS: dict[str, Any] = {
    "document_once_per_sponsor_and_kind": lambda town: (kept(town), insert(town)),
    "document_hash_is_whole": lambda town: insert(town, sha256="XYZ"),
    "document_size_not_negative": lambda town: insert(town, size=-1),
}


@pytest.mark.parametrize("name", BREAKERS)
def test_it_is_refused_by_the_database(town: Town, name: str) -> None:
    with pytest.raises(Error, match=name), inside(town):
        BREAKERS[name](town)


def test_it_has_a_sentence_for_every_rule() -> None:
    assert set(CONSTRAINT_MESSAGES) == set(BREAKERS) == {rule.name for rule in Document._meta.constraints}


def test_it_is_one_document_for_ten_who_keep_it_at_the_same_moment(fresh_database: str) -> None:
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        city = Organisation.objects.create(kind="city", code="kota-jambi", name="Kota Jambi")
    siti = Actor(None, "Siti Aminah")

    def keep_it(_: int) -> int:
        try:
            with in_scope(Scope.of_sponsors(city.pk), actor=siti):
                return keep("x", LIST * 1000, kind="roster", by=siti, sponsor_id=city.pk, now=NOW).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert len(set(pool.map(keep_it, range(10)))) == 1


def test_it_lets_postgresql_not_try_to_compress(as_owner: psycopg.Connection[Any]) -> None:
    row = as_owner.execute(
        "SELECT attstorage FROM pg_attribute WHERE attrelid = 'documents_document'::regclass AND attname = 'content'"
    ).fetchone()
    assert row in {("e",), (b"e",)}


def test_it_goes_with_the_transaction_that_failed(town: Town) -> None:
    with inside(town):
        kept(town)
        transaction.set_rollback(True)
    with inside(town):
        assert not Document.objects.exists()
