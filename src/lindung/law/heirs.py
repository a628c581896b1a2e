"""Who receives the death benefit: the relatives whom the law puts first, step by step."""

from datetime import date
from typing import NamedTuple

from lindung.law.decision import Citation, Confidence, Decision, Refusal, Step
from lindung.law.parameter import in_force
from lindung.law.reading import Read, Reading
from lindung.law.terms import Term
from lindung.law.text import Text
from lindung.law.values import Law


class Relative(Term):
    """Who is left behind, in the words of PP 44/2015 P37(5)."""

    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    GRANDCHILD = "grandchild"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    PARENT_IN_LAW = "parent_in_law"
    NAMED_IN_WILL = "named_in_will"

    @property
    def label(self) -> Text:
        """The relative as people say it."""
        return _RELATIVES[self]


_RELATIVES = {
    Relative.SPOUSE: Text("Istri atau suami", "The wife or husband"),
    Relative.CHILD: Text("Anak", "The child"),
    Relative.PARENT: Text("Orang tua", "The parent"),
    Relative.GRANDCHILD: Text("Cucu", "The grandchild"),
    Relative.GRANDPARENT: Text("Kakek atau nenek", "The grandparent"),
    Relative.SIBLING: Text("Saudara kandung", "The brother or sister"),
    Relative.PARENT_IN_LAW: Text("Mertua", "The parent-in-law"),
    Relative.NAMED_IN_WILL: Text("Orang yang ditunjuk dalam wasiat", "The person named in the will"),
}


class Facts(NamedTuple):
    """Who is left behind on the day of the death; the order in which they are named does not matter."""

    event_date: date
    relatives: tuple[Relative, ...]


NO_HEIR = Citation("PP 44/2015", "34", "2")


def order(facts: Facts, *, known: date | None = None, law: Law | None = None) -> Decision:
    """Which of the relatives receive the death benefit of JKM or JKK, and why the others do not.

    PP 44/2015 P37(5), P40: widow, widower or child; without them blood relatives up and down to the second
    degree; then brothers and sisters; then parents-in-law; then who is named in a will. Moves no money: every
    amount is 0. Refused when nobody is an heir (P34(2)). Raises NoLawForDate.
    """
    reading = Reading(law or in_force(), on=facts.event_date, known=known)
    ranks = {one: reading.amount_in("heirs.rank", one.value) for one in Relative if one in facts.relatives}
    first = min((rank.value for rank in ranks.values()), default=None)
    if first is None:
        return _nobody(reading, facts)
    receivers = [one for one, rank in ranks.items() if rank.value == first]
    if len(receivers) > 1:
        reading.note(_SPLIT_UNREAD)
    steps = tuple(_step(one, rank, first) for one, rank in ranks.items())
    return reading.decision("heirs", steps=steps, facts=_written(facts))


def _step(relative: Relative, rank: Read[int], first: int) -> Step:
    receives = rank.value == first
    working = {"rank": rank.value, "first": first, "receives": receives}
    said = (_RECEIVES if receives else _STANDS_BACK).filled(who=relative.label, rank=rank.value, first=first)
    return rank.step(f"heirs.{relative}", 0, working=working)._replace(sentence=said)


def _nobody(reading: Reading, facts: Facts) -> Decision:
    refusal = Refusal(NO_HEIR, _NOBODY, _SHOW_WILL)
    told = Step("heirs.none", _NO_HEIR_LABEL, 0, NO_HEIR, Confidence.READ_IN_LAW, _NOBODY, {})
    return reading.decision("heirs", steps=(told,), facts=_written(facts), refusal=refusal)


def _written(facts: Facts) -> dict[str, str | tuple[str, ...]]:
    named = tuple(one.value for one in Relative if one in facts.relatives)
    return {"event_date": facts.event_date.isoformat(), "relatives": named}


_RECEIVES = Text(
    "{who} menerima santunan: ahli waris urutan ke-{rank}.",
    "{who} receives the benefit: number {rank} in the order of heirs.",
)
_STANDS_BACK = Text(
    "{who} tidak menerima: urutan ke-{rank}, dan masih ada ahli waris urutan ke-{first}.",
    "{who} does not receive: number {rank}, and there are heirs at number {first}.",
)
_SPLIT_UNREAD = Text(
    "Cara membagi santunan di antara beberapa ahli waris pada urutan yang sama belum diperiksa pada naskah.",
    "How heirs at the same place in the order share the benefit is not verified against the text.",
)
_NO_HEIR_LABEL = Text("Ahli waris", "Heirs")
_NOBODY = Text(
    "Tidak ada ahli waris: hanya biaya pemakaman yang dibayar, kepada orang yang mengurus pemakaman.",
    "There is no heir: only the funeral grant is paid, to the person who arranged the funeral.",
)
_SHOW_WILL = Text(
    "Bila ada surat wasiat yang menunjuk seseorang, bawa surat itu.",
    "If a will names somebody, bring the will.",
)
