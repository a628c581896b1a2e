"""The ways out of the house: what each takes, what it answers, and which are set up here."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from lindung.law.text import Text
from lindung.notices.models import Channel


class Parcel(NamedTuple):
    """A notice as a channel gets it; ``once`` is the same at every attempt and differs for every notice."""

    id: int
    once: str
    address: str
    to_name: str
    title: str
    body: str


class Sent(NamedTuple):
    """The other side has taken it, under this reference of its own ("" when it names none)."""

    reference: str


class Refused(NamedTuple):
    """The other side will never take it: the number is wrong, the mailbox does not exist."""

    reason: str


class Again(NamedTuple):
    """It was surely not taken this time; it may be later."""

    reason: str


class Unclear(NamedTuple):
    """Nobody knows whether it was taken: the connection ended before the answer."""

    reason: str


Outcome = Sent | Refused | Again | Unclear


class Way(Protocol):
    """A channel that is set up. ``deduplicates``: a parcel sent twice with the same ``once`` arrives once."""

    @property
    def deduplicates(self) -> bool:
        """Whether the other side knows a parcel again by its `once`."""
        ...

    def send(self, parcel: Parcel) -> Outcome:
        """Hand it over, once, within the time limits of the channel; whatever goes wrong is an outcome."""
        ...

    def ask(self, parcel: Parcel) -> Outcome | None:
        """What became of a parcel whose end nobody knows; None where this channel cannot be asked."""
        ...


Ways = Mapping[Channel, Way]

REASONS = {
    "mail.refused": Text(
        "Alamat surel ditolak server penerima.", "The receiving server refused the address."
    ),
    "mail.later": Text("Server surel belum menerima; dicoba lagi.", "The mail server did not take it yet."),
    "mail.unreachable": Text("Server surel tidak bisa dihubungi.", "The mail server cannot be reached."),
    "mail.signing_in": Text(
        "Server surel menolak nama pengguna atau kata sandi. Periksa LINDUNG_MAIL_URL.",
        "The mail server refused user name or password. Check LINDUNG_MAIL_URL.",
    ),
    "mail.unclear": Text(
        "Sambungan ke server surel putus sebelum jawabannya. Mungkin sudah terkirim.",
        "The mail server was gone before its answer. It may have been sent.",
    ),
    "gateway.refused": Text(
        "Penyedia pesan menolak nomor atau isinya.", "The message provider refused the number or the text."
    ),
    "gateway.later": Text(
        "Penyedia pesan belum menerima; dicoba lagi.", "The message provider did not take it yet."
    ),
    "gateway.signing_in": Text(
        "Penyedia pesan menolak kunci kita. Periksa gateways.toml dan berkas kuncinya.",
        "The message provider refused our key. Check gateways.toml and the file with the key.",
    ),
    "gateway.unreachable": Text(
        "Penyedia pesan tidak bisa dihubungi.", "The message provider cannot be reached."
    ),
    "gateway.redirects": Text(
        "Alamat penyedia pesan mengalihkan ke alamat lain; itu tidak diikuti. Periksa gateways.toml.",
        "The provider's address leads elsewhere; that is not followed. Check gateways.toml.",
    ),
    "gateway.private": Text(
        "Alamat penyedia pesan menunjuk jaringan dalam. Tulis private = true bila memang begitu.",
        "The provider's address is inside the own network. Write private = true if that is meant.",
    ),
    "gateway.unclear": Text(
        "Penyedia pesan tidak menjawab sampai selesai. Mungkin sudah terkirim.",
        "The message provider did not answer to the end. It may have been sent.",
    ),
    "crashed": Text(
        "Pengiriman terputus di tengah jalan. Mungkin sudah terkirim: tanyakan kepada penerima.",
        "Sending broke off midway. It may have been sent: ask the receiver.",
    ),
    "no_channel": Text(
        "Saluran ini belum disiapkan di server. Lihat docs/notices.md.",
        "This channel is not set up on the server. See docs/notices.md.",
    ),
}
"""What stands in `Notice.reason` when no person wrote it, in words."""


def reason_of(stored: str) -> Text:
    """A stored reason in words: one of ours, or what a person wrote."""
    return REASONS.get(stored, Text(stored, stored))


def ways() -> dict[Channel, Way]:
    """The channels set up on this machine, read anew each time. Raises NotReadable when a setting makes no sense."""
    # Here, or both modules would need this one before it is whole.
    from lindung.notices import gateway, mailing

    mail = mailing.from_environment()
    found: dict[Channel, Way] = dict(gateway.from_file())
    return found | {Channel.EMAIL: mail} if mail else found
