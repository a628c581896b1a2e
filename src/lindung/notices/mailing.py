"""E-mail by SMTP, through Django's own mail: over TLS everywhere but to this machine itself."""

import os
import smtplib
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from lindung.law.text import Text
from lindung.notices.set_up import NotReadable
from lindung.notices.ways import Again, Outcome, Parcel, Refused, Sent, Unclear

TIMEOUT = 20
"""Seconds for each answer of the mail server."""
_PORTS = {"smtps": 465, "smtp+starttls": 587, "smtp": 25}


class Mail(NamedTuple):
    """The mail server and the sender's address. A mail server does not drop a message it got twice."""

    host: str
    port: int
    scheme: str
    user: str
    password: str
    sender: str
    deduplicates: bool = False

    def send(self, parcel: Parcel) -> Outcome:
        """Hand one message to the mail server, under a Message-ID that stays the same at every attempt."""
        server = self._server()
        try:
            return self._opened(server) or self._handed(server, parcel)
        finally:
            _close(server)

    def ask(self, parcel: Parcel) -> Outcome | None:
        """A mail server cannot be asked."""
        return None

    def _opened(self, server: EmailBackend) -> Outcome | None:
        """None when the server listens; whatever goes wrong here, nothing was taken."""
        try:
            server.open()
        except smtplib.SMTPAuthenticationError:
            return Again("mail.signing_in")
        except (OSError, smtplib.SMTPException):
            return Again("mail.unreachable")
        return None

    def _handed(self, server: EmailBackend, parcel: Parcel) -> Outcome:
        try:
            server.send_messages([self._message(parcel)])
        except smtplib.SMTPResponseException as refusal:
            return _refused(refusal.smtp_code)
        except smtplib.SMTPRecipientsRefused as refusal:
            return _refused(min(code for code, _ in refusal.recipients.values()))
        except OSError:  # also a server that is gone: whether it kept the text, nobody knows
            return Unclear("mail.unclear")
        return Sent(self._message_id(parcel))

    def _server(self) -> EmailBackend:
        return EmailBackend(
            host=self.host,
            port=self.port,
            username=self.user,
            password=self.password,
            use_tls=self.scheme == "smtp+starttls",
            use_ssl=self.scheme == "smtps",
            timeout=TIMEOUT,
        )

    def _message(self, parcel: Parcel) -> EmailMessage:
        headers = {"Message-ID": self._message_id(parcel), "Auto-Submitted": "auto-generated"}
        return EmailMessage(parcel.title, parcel.body, self.sender, [parcel.address], headers=headers)

    def _message_id(self, parcel: Parcel) -> str:
        return f"<{parcel.once}@{self.sender.rpartition('@')[2].rstrip('>')}>"


def from_environment() -> Mail | None:
    """What LINDUNG_MAIL_URL and LINDUNG_MAIL_FROM say; None without them. Raises NotReadable."""
    url, sender = os.environ.get("LINDUNG_MAIL_URL", ""), os.environ.get("LINDUNG_MAIL_FROM", "")
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or "@" not in sender:
        raise NotReadable(_UNREADABLE)
    if parts.scheme == "smtp" and not _is_this_machine(parts.hostname):
        raise NotReadable(_IN_CLEAR)
    return Mail(
        parts.hostname,
        parts.port or _PORTS[parts.scheme],
        parts.scheme,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        sender,
    )


def _refused(code: int) -> Outcome:
    return Refused("mail.refused") if code >= 500 else Again("mail.later")


def _close(server: EmailBackend) -> None:
    """What the server answered stands; that it also says goodbye is not needed."""
    try:
        server.close()
    except (OSError, smtplib.SMTPException):
        return


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_UNREADABLE = Text(
    "LINDUNG_MAIL_URL atau LINDUNG_MAIL_FROM tidak terbaca. Contoh: smtp+starttls://nama:sandi@surel.kota.go.id:587 "
    "dan lindung@kota.go.id.",
    "LINDUNG_MAIL_URL or LINDUNG_MAIL_FROM cannot be read. Example: smtp+starttls://name:password@mail.city.go.id:587 "
    "and lindung@city.go.id.",
)
_IN_CLEAR = Text(
    "LINDUNG_MAIL_URL dengan smtp:// hanya untuk komputer ini sendiri. Pakai smtp+starttls:// atau smtps://.",
    "LINDUNG_MAIL_URL with smtp:// is for this computer itself only. Use smtp+starttls:// or smtps://.",
)
