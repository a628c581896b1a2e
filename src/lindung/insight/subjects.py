"""What an event of the trail is about, by name: "document:1" says nothing to an auditor."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from lindung.law.months import Month
from lindung.law.text import Text

# Row security leaves out what the reader does not see; then its number stands there.
_NAMES = """
SELECT 'person:' || id, name FROM people_person WHERE id = ANY (%(person)s)
UNION ALL SELECT 'agreement:' || id, title FROM partnership_agreement WHERE id = ANY (%(agreement)s)
UNION ALL SELECT 'document:' || id, name FROM documents_document WHERE id = ANY (%(document)s)
UNION ALL SELECT 'user:' || id, name FROM access_user WHERE id = ANY (%(user)s)
UNION ALL SELECT 'bill:' || id, to_char(month, 'YYYY-MM') FROM contributions_bill WHERE id = ANY (%(bill)s)
UNION ALL SELECT 'roster:' || r.id, d.name FROM membership_roster r JOIN documents_document d ON d.id = r.document_id
           WHERE r.id = ANY (%(roster)s)
"""
_KINDS = {
    "person": Text("pekerja {name}", "worker {name}"),
    "agreement": Text("kerja sama {name}", "agreement {name}"),
    "document": Text("dokumen {name}", "document {name}"),
    "user": Text("pengguna {name}", "user {name}"),
    "bill": Text("tagihan {name}", "bill of {name}"),
    "roster": Text("daftar {name}", "list {name}"),
    "export": Text("ekspor {name}", "export {name}"),
}
_NUMBERED = Text("nomor {n}", "number {n}")
_NOTHING = Text("tidak menemukan siapa pun", "found nobody")
_OTHER = Text("catatan lain", "another record")


def names_of(subjects: Iterable[str]) -> dict[str, Text]:
    """Each subject of the trail ("roster:12") as a person would name it; asked of the database at once."""
    wanted = set(subjects)
    ids: defaultdict[str, list[int]] = defaultdict(list)
    for subject in wanted:
        kind, _, number = subject.partition(":")
        if number.isdigit():
            ids[kind].append(int(number))
    kinds = ("person", "agreement", "document", "user", "bill", "roster")
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {kind: ids[kind] for kind in kinds})
        names = dict(cursor.fetchall())
    return {subject: _named(subject, names.get(subject, "")) for subject in wanted}


def _named(subject: str, name: str) -> Text:
    kind, _, number = subject.partition(":")
    if number == "none":
        return _NOTHING
    if kind not in _KINDS:
        return _OTHER
    if not name:
        return _KINDS[kind].filled(name=_NUMBERED.filled(n=number))
    return _KINDS[kind].filled(name=Month.parse(name).label if kind == "bill" else name)
