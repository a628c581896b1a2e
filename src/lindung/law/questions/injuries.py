"""Reads the bills and the lasting injuries of an accident at work from facts typed by someone else."""

from fractions import Fraction

from lindung.law.jkk.care import Cost, CostKind
from lindung.law.jkk.disability import Eyes, Injury, UnfitInjury, check
from lindung.law.jkk.losses import BANDS, MEASURED, RANGED, VISUAL_EFFICIENCY
from lindung.law.parameter import in_force
from lindung.law.questions.fields import Given
from lindung.law.reading import Reading
from lindung.law.text import Text
from lindung.law.values import Law

COST_FIELDS = ("kind", "amount", "local_standard")
INJURY_FIELDS = ("code", "loss", "count", "best_eye", "worst_eye")


def costs(given: Given) -> tuple[Cost, ...]:
    """The bills under `costs`: [{"kind": "care", "amount": 1000000}]. Raises Unanswerable, naming the field.

    `local_standard` may stand beside care in a place without a cooperating hospital.
    """
    return tuple(_cost(one) for one in given.entries("costs", *COST_FIELDS))


def injuries(given: Given, *, law: Law | None = None) -> tuple[Injury, ...]:
    """The injuries under `injuries`: [{"code": "left_thumb", "loss": "1/1"}]; at least one, each known.

    The same finger or toe may stand there more than once; any other line only once.

    `loss` is needed where only a function is lost (outcome partial_functional) and for a range, `count` for
    lines that go by tens. Raises Unanswerable, naming the field; NoLawForDate.
    """
    given.require("injuries", "event_date")
    functional = given.text("outcome", "partial_anatomical").lower() == "partial_functional"
    entries = given.entries("injuries", *INJURY_FIELDS)
    if not entries:
        given.refuse("injuries", "missing_fact", _NONE)
    read = tuple(_injury(one, functional=functional) for one in entries)
    known = given.maybe.day("known")
    try:
        check(
            Reading(law or in_force(), on=given.day("event_date"), known=known), read, functional=functional
        )
    except UnfitInjury as unfit:
        entries[unfit.place].refuse(unfit.field, unfit.code, unfit.text)
    return read


def _cost(one: Given) -> Cost:
    one.require("kind", "amount")
    kind = one.word("kind", CostKind)
    if "local_standard" not in one:
        return Cost(kind, one.amount("amount"))
    if kind is not CostKind.CARE:
        one.refuse("local_standard", "out_of_place", _STANDARD)
    return Cost(kind, one.amount("amount"), one.amount("local_standard"))


def _injury(one: Given, *, functional: bool) -> Injury:
    code = one.text("code")
    eyes = _eyes(one)
    if code in MEASURED and eyes is None and "count" not in one:
        one.refuse("count", "missing_fact", _EYES_OR_TENS if code == VISUAL_EFFICIENCY else _TENS)
    if code in RANGED or (functional and code not in BANDS and code not in MEASURED):
        one.require("loss")
    return Injury(code, one.fraction("loss", Fraction(1)), one.count("count", 1), eyes)


def _eyes(one: Given) -> Eyes | None:
    if "best_eye" not in one and "worst_eye" not in one:
        return None
    one.require("best_eye", "worst_eye")
    if "count" in one:
        one.refuse("count", "contradiction", _COUNT_OR_EYES)
    return Eyes(one.fraction("best_eye"), one.fraction("worst_eye"))


_NONE = Text("Sebut paling sedikit satu cacat dalam {field}.", "Name at least one injury in {field}.")
_STANDARD = Text("{field} hanya untuk perawatan (care).", "{field} is for treatment (care) only.")
_TENS = Text(
    "Tulis {field}: berapa kali 10 desibel atau 10% yang hilang. Hilang 40 berarti 4.",
    "Write {field}: how many times 10 decibel or 10% are lost. 40 lost means 4.",
)
_EYES_OR_TENS = Text(
    "Tulis {field}: berapa kali 10% yang hilang (hilang 40% berarti 4). Atau tulis best_eye dan worst_eye, daya "
    'lihat tiap mata, misalnya "1/2".',
    "Write {field}: how many times 10% are lost (40% lost means 4). Or write best_eye and worst_eye, how well each "
    'eye sees, such as "1/2".',
)
_COUNT_OR_EYES = Text(
    "Pakai {field}, atau best_eye dan worst_eye, bukan keduanya.",
    "Use {field}, or best_eye and worst_eye, not both.",
)
