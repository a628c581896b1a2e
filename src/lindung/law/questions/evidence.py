"""The question which papers this family brings, and how the list goes out of the door."""

from collections.abc import Mapping

from lindung.law import evidence
from lindung.law.decision import Confidence, Decision, Step
from lindung.law.evidence import Facts
from lindung.law.evidence.facts import CLAIMS, COUNTS, FLAGS, ONLY_CLAIM, WORDS, Claim, Heir, Marriage, Said
from lindung.law.evidence.papers import Need
from lindung.law.questions import answers
from lindung.law.questions.answers import Answer
from lindung.law.questions.fields import Given
from lindung.law.terms import Programme, Segment
from lindung.law.text import Text
from lindung.law.values import Law

FIELDS = ("programme", "outcome", "reason", "event_date", "amount", *WORDS, *FLAGS, *COUNTS, "known")

_NEWEST_ASSUMED = Text(
    "Tanggal kejadian tidak disebut; dipakai daftar berkas terbaru.",
    "The day of the event was not named; the newest list of papers is used.",
)
_HEIRS_ASSUMED = Text("Dianggap ada ahli waris.", "Taken for granted: there are heirs.")
_TWO_CLAIMS = Text(
    "{field}: outcome dan reason menyebut dua hal yang berbeda. Sebutkan salah satu saja.",
    "{field}: outcome and reason say two different things. Give only one of them.",
)
_NO_SUCH_CLAIM = Text("{{field}}: {programme} mengenal {known}.", "{{field}}: {programme} knows {known}.")
_NO_HEIR_YET_NAMED = Text(
    "{field}: disebut tidak ada ahli waris, tetapi ahli warisnya disebut. Periksa keduanya.",
    "{field}: no heirs, yet an heir is named. Check both.",
)
_NO_HEIR_YET_CHILDREN = Text(
    "{field}: disebut tidak ada ahli waris, padahal ada anak, dan anak adalah ahli waris. Periksa keduanya.",
    "{field}: no heirs, yet there are children, and children are heirs. Check both.",
)
_MINOR_PARENT = Text(
    "{field}: ahli warisnya orang tua, jadi tidak mungkin belum dewasa. Periksa keduanya.",
    "{field}: the heir is a parent, who cannot be a minor. Check both.",
)
_WAGE_EARNER_LEAVES = Text(
    "{field}: stopped_work hanya untuk BPU. Bagi penerima upah tulis resignation, dismissal atau "
    "contract_end.",
    "{field}: stopped_work is for BPU only. For wage earners write resignation, dismissal or contract_end.",
)
_EMPLOYED_ONLY = Text(
    "{{field}}: {programme} hanya untuk penerima upah (PU). Periksa programme dan segment.",
    "{{field}}: {programme} is for wage earners (PU) only. Check programme and segment.",
)
_NO_SPOUSE = Text(
    "{field}: disebut istri atau suami, padahal tidak menikah atau sudah bercerai. Periksa keduanya.",
    "{field}: a spouse, yet never married or divorced. Check both.",
)


def asked(given: Given, *, law: Law | None = None) -> Decision:
    """Decide which papers are needed. Raises Unanswerable, naming the fields; NoLawForDate."""
    given.require("programme")
    programme = given.word("programme", Programme)
    facts, assumed = facts_of(given, programme)
    known = given.maybe.day("known")
    return evidence.needed(facts, assumed=assumed, known=known, law=law)


def facts_of(given: Given, programme: Programme) -> tuple[Facts, tuple[Text, ...]]:
    """The facts as typed, and what is taken for granted. Raises Unanswerable, naming the fields."""
    claim = _claim(given, programme)
    said: dict[str, Said] = {
        name: given.word(name, words).value for name, words in WORDS.items() if name in given
    }
    said |= {name: given.flag(name) for name in FLAGS if name in given}
    said |= {name: given.count(name, most=100) for name in COUNTS if name in given}
    _refuse_by_segment(given, programme, claim, said)
    _refuse_by_heirs(given, said)
    _refuse_by_marriage(given, said)
    assumed = []
    if "event_date" not in given:
        assumed.append(_NEWEST_ASSUMED)
    if said.get("heirs_count") == 0:
        said["has_heirs"] = False
    elif claim is Claim.DEATH and "has_heirs" not in said:
        said["has_heirs"] = True
        assumed.append(_HEIRS_ASSUMED)
    event_date = given.maybe.day("event_date")
    amount = given.maybe.amount("amount")
    return Facts(programme, claim, event_date, said, amount), tuple(assumed)


def _refuse_by_segment(
    given: Given, programme: Programme, claim: Claim | None, said: Mapping[str, Said]
) -> None:
    """What the question for the benefit itself does not let pass: there is no list for a claim nobody has."""
    segment = said.get("segment")
    if segment is None:
        return
    if programme in (Programme.JP, Programme.JKP) and segment != Segment.PU:
        given.refuse("segment", "contradiction", _EMPLOYED_ONLY.filled(programme=programme.upper()))
    if claim is Claim.STOPPED_WORK and segment == Segment.PU:
        given.refuse("reason" if "reason" in given else "outcome", "wrong_reason", _WAGE_EARNER_LEAVES)


def _refuse_by_heirs(given: Given, said: Mapping[str, Said]) -> None:
    count = said.get("heirs_count")
    if said.get("has_heirs") is False and ("heir" in said or count):
        given.refuse("has_heirs", "contradicts_heir", _NO_HEIR_YET_NAMED)
    if count == 0 and ("heir" in said or said.get("has_heirs")):
        given.refuse("heirs_count", "contradicts_heir", _NO_HEIR_YET_NAMED)
    if said.get("children_studying") and (said.get("has_heirs") is False or count == 0):
        field = "has_heirs" if "has_heirs" in said else "heirs_count"
        given.refuse(field, "contradicts_heir", _NO_HEIR_YET_CHILDREN)
    if said.get("heir") == Heir.PARENT and said.get("heir_is_minor"):
        given.refuse("heir_is_minor", "contradicts_heir", _MINOR_PARENT)


def _refuse_by_marriage(given: Given, said: Mapping[str, Said]) -> None:
    if said.get("marriage") in (Marriage.DIVORCED, Marriage.NONE):
        if said.get("heir") == Heir.SPOUSE:
            given.refuse("heir", "contradicts_marriage", _NO_SPOUSE)
        if said.get("several_spouses"):
            given.refuse("several_spouses", "contradicts_marriage", _NO_SPOUSE)


def _claim(given: Given, programme: Programme) -> Claim | None:
    """What is claimed; an accident may be reported before anything can be claimed."""
    named = [field for field in ("reason", "outcome") if field in given]
    claims = {field: given.word(field, Claim) for field in named}
    if len(set(claims.values())) > 1:
        given.refuse("reason", "contradicts_outcome", _TWO_CLAIMS)
    for field, claim in claims.items():
        if claim not in CLAIMS[programme]:
            known = ", ".join(one for one in Claim if one in CLAIMS[programme])
            words = {"programme": programme.upper(), "known": known}
            given.refuse(field, "no_such_claim", _NO_SUCH_CLAIM.filled(**words))
    if claims:
        return claims[named[0]]
    if programme in (Programme.JHT, Programme.JP):
        given.require("reason")
    return ONLY_CLAIM.get(programme)


def shape(decision: Decision) -> Answer:
    """The list of papers as it goes out of the door: each with its need, reason, place and article."""
    papers = [step for step in decision.steps if step.key.startswith("evidence.")]
    documents = [_document(step) for step in papers]
    unsaid = [name for step in papers for name in _names(step)]
    return {
        "documents": documents,
        "codes": [document["code"] for document in documents],
        "groups": _groups(papers),
        "doubtful": [step.key.removeprefix("evidence.") for step in papers if _is_doubtful(step)],
        "unsaid": list(dict.fromkeys(unsaid)),
    } | answers.told(decision)


def _is_doubtful(step: Step) -> bool:
    return step.confidence is Confidence.UNVERIFIED


def _groups(papers: list[Step]) -> dict[str, list[str]]:
    """The papers of which one is enough, by what they prove."""
    groups: dict[str, list[str]] = {}
    for step in papers:
        if step.working["need"] == Need.ALTERNATIVE:
            groups.setdefault(str(step.working["group"]), []).append(step.key.removeprefix("evidence."))
    return groups


def _document(step: Step) -> Answer:
    working = step.working
    return {
        "code": step.key.removeprefix("evidence."),
        "document": step.label._asdict(),
        "need": working["need"],
        "applies": working["applies"],
        "group": working["group"],
        "because": {
            "fact": working["because"],
            "id": working["because_id"],
            "en": working["because_en"],
        },
        "sentence": step.sentence._asdict(),
        "where": {"id": working["from"], "en": working["from_en"]},
        "cite": step.citation.text.id,
        "confidence": step.confidence.value,
    }


def _names(step: Step) -> tuple[str, ...]:
    unsaid = step.working["unsaid"]
    return unsaid if isinstance(unsaid, tuple) else ()
