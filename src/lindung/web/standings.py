"""How people stand, as lists and tables show it: a word, a picture and a colour for each."""

from typing import NamedTuple

from lindung.insight.exports import WORDS
from lindung.law.text import Text


class StandingLook(NamedTuple):
    """`key` stands in addresses; the word never goes without its picture, nor the colour without both."""

    key: str
    label: Text
    icon: str
    colour: str


LOOKS = {
    look.key: look
    for look in (
        StandingLook("protected", WORDS["protected"], "shield", "is-good"),
        StandingLook("at_risk", WORDS["at_risk"], "shield-wait", "is-fix"),
        StandingLook("proposed", WORDS["proposed"], "wait", "is-note"),
        StandingLook("lapsed", WORDS["lapsed"], "shield-off", "is-stop"),
        StandingLook("ended", WORDS["ended"], "skip", "soft"),
    )
}
"""From best to worst."""
