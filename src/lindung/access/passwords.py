"""A password that names the programme, the city or the office is as guessable as one from a list of common ones."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import get_language

from lindung.access.models import Organisation, User
from lindung.access.scope import NOBODY, SystemScope, system_scope
from lindung.law.text import Text

_WORDS = (
    "lindung bpjs bpjstk bpjsketenagakerjaan ketenagakerjaan jamsostek jaminan sosial disnaker kesra "
    "pemkot pemda kota kabupaten kelurahan kecamatan dinas jambi petugas operator bendahara walikota "
    "admin administrator indonesia merdeka nusantara bismillah alhamdulillah assalamualaikum rahasia "
    "sandi password katasandi selamat pagi siang malam sayang cinta doraemon garuda pancasila"
)
CONTEXT_WORDS = frozenset(_WORDS.split())
TOO_OBVIOUS = Text(
    "Kata sandi ini mudah ditebak: isinya kata umum dan angka. Pakai beberapa kata yang tidak berkaitan.",
    "This password is easy to guess: common words and digits. Use several words that have nothing in common.",
)
_SHORTEST_REMAINDER = 6
_SHORTEST_WORD = 4
"""Letters of a word in an office's name; shorter ones (di, dan) stand in every sentence."""


class NotMadeOfContextWords:
    """Refuses a password of which, without words everybody here would try first, too little is left.

    Those words are the programme's own, and what the names of this installation's cities and offices are made of.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError with a sentence that says what to do."""
        rest = re.sub(r"[^a-z]", "", _without_disguise(password.lower()))
        for word in sorted(CONTEXT_WORDS | _words_of_offices(), key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(rest) < _SHORTEST_REMAINDER:
            raise ValidationError(said(TOO_OBVIOUS), code="password_too_obvious")

    def get_help_text(self) -> str:
        """What the page says beside the field."""
        return said(
            Text(
                "Jangan memakai nama program, kota, atau kantor.",
                "Do not use the name of the programme, the city or the office.",
            )
        )


def _words_of_offices() -> frozenset[str]:
    """Also of offices that whoever sets a password does not see: those who guess know them all."""
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        names = " ".join(Organisation.objects.values_list("name", flat=True)).lower()
    return frozenset(word for word in re.findall(r"[a-z]+", names) if len(word) >= _SHORTEST_WORD)


def _without_disguise(password: str) -> str:
    """p4ssw0rd is password."""
    return password.translate(str.maketrans("013457@$!", "oieastasi"))


def said(text: Text) -> str:
    """The sentence in the language of the page."""
    return text.said_in("en" if (get_language() or "id").startswith("en") else "id")
