"""SMS and WhatsApp by the HTTP interface of a provider, described in one file: `gateways.toml` in the state folder.

Which address, which method, which headers, what the body looks like, where the provider's reference stands in the
answer and which status codes are final is written there (docs/notices.md). No redirect is followed, no address inside
the own network is called unless `private = true` says so, and everything has a time limit.
"""

import os
import re
import time
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

import httpx

from lindung.engine import state
from lindung.law.text import Text
from lindung.notices.models import Channel
from lindung.notices.reaching import AddressInside, reached_at
from lindung.notices.set_up import NotReadable
from lindung.notices.ways import Again, Outcome, Parcel, Refused, Sent, Unclear

CONNECTING, ANSWERING = 5.0, 15.0
"""Seconds until the connection stands, and for the whole answer."""
LONGEST_ANSWER = 64 * 1024
_PLACEHOLDER = re.compile(r"\{(to|to_plain|to_name|title|text|once|token|sender)\}")
_KNOWN = {
    "url", "method", "private", "headers", "token_file", "sender", "format", "body", "answer", "deduplicates", "ask"
}  # fmt: skip


class Ask(NamedTuple):
    """How the provider is asked what became of a parcel: a GET whose status says found or missing."""

    url: str
    found: tuple[int, ...]
    missing: tuple[int, ...]


class Gateway(NamedTuple):
    """One provider as it is described in the file."""

    url: str
    method: str
    private: bool
    headers: Mapping[str, str]
    token: str
    sender: str
    as_json: bool
    body: Any
    reference: str
    accepted: tuple[int, ...]
    refused: tuple[int, ...]
    again: tuple[int, ...]
    when: Mapping[str, Any]
    deduplicates: bool
    asking: Ask | None

    def send(self, parcel: Parcel) -> Outcome:
        """One request. What surely did not arrive is tried again; what may have arrived is unclear."""
        given = self._values(parcel)
        body = _filled(self.body, given)
        sent = {"json": body} if self.as_json else {"data": body}
        try:
            status, answer = self._request(self.method, _filled_url(self.url, given), given, sent)
        except (httpx.ConnectError, httpx.ConnectTimeout, OSError):
            return Again("gateway.unreachable")
        except AddressInside:
            return Again("gateway.private")
        except (httpx.HTTPError, _TooSlow):
            return Unclear("gateway.unclear")
        return self._outcome(status, answer)

    def ask(self, parcel: Parcel) -> Outcome | None:
        """What became of it, where the provider can be asked: sent, never come, or still not known."""
        if self.asking is None:
            return None
        given = self._values(parcel)
        try:
            status, answer = self._request("GET", _filled_url(self.asking.url, given), given, {})
        except (httpx.HTTPError, OSError, AddressInside, _TooSlow):
            return None
        if status in self.asking.found:
            return Sent(_at(answer, self.reference))
        return Again("crashed") if status in self.asking.missing else None

    def _outcome(self, status: int, answer: bytes) -> Outcome:
        if status in self.accepted:
            if all(_at(answer, path).lower() == str(wanted).lower() for path, wanted in self.when.items()):
                return Sent(_at(answer, self.reference) if self.reference else "")
            return Refused("gateway.refused")
        if status in self.refused:
            return Refused("gateway.refused")
        if 300 <= status < 400:
            return Again("gateway.redirects")
        if status in (401, 403):
            return Again("gateway.signing_in")
        return Again("gateway.later") if status in self.again else Unclear("gateway.unclear")

    def _request(
        self, method: str, url: str, given: Mapping[str, str], sent: Mapping[str, Any]
    ) -> tuple[int, bytes]:
        """Connect to the address that was looked at, under the name that was meant."""
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        address = reached_at(host, port, private=self.private)
        at = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        headers = {
            **{name: _replaced(text, given) for name, text in self.headers.items()},
            "Host": parts.netloc,
        }
        timeout = httpx.Timeout(ANSWERING, connect=CONNECTING)
        with (
            httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False) as client,
            client.stream(
                method,
                urlunsplit(parts._replace(netloc=at)),
                headers=headers,
                extensions={"sni_hostname": host},
                **sent,
            ) as response,
        ):
            return response.status_code, _read(response)

    def _values(self, parcel: Parcel) -> dict[str, str]:
        return {
            "to": parcel.address,
            "to_plain": parcel.address.lstrip("+"),
            "to_name": parcel.to_name,
            "title": parcel.title,
            "text": parcel.body,
            "once": parcel.once,
            "token": self.token,
            "sender": self.sender,
        }


class _TooSlow(Exception):
    """The answer came in drops, or was longer than any answer is."""


def from_file() -> dict[Channel, Gateway]:
    """The gateways of `gateways.toml`; none without the file. Raises NotReadable with what is wrong in it."""
    path = place()
    if not path.exists():
        return {}
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
        return {_channel(name): _gateway(table, path.parent) for name, table in written.items()}
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotReadable(_UNREADABLE.filled(file=path.name, fault=str(error)[:80])) from error


def place() -> Path:
    """LINDUNG_GATEWAYS, else `gateways.toml` in the state folder."""
    return Path(os.environ.get("LINDUNG_GATEWAYS") or state.home() / "gateways.toml")


def _channel(name: str) -> Channel:
    if name not in (Channel.SMS, Channel.WHATSAPP):
        raise ValueError(f"[{name}]")
    return Channel(name)


def _gateway(table: Mapping[str, Any], folder: Path) -> Gateway:
    unknown = set(table) - _KNOWN
    if unknown:
        raise ValueError(", ".join(sorted(unknown)))
    private, answer, url = bool(table.get("private", False)), table.get("answer", {}), table["url"]
    parts = urlsplit(url)
    if parts.scheme != "https" and not (private and parts.scheme == "http") or not parts.hostname:
        raise ValueError("url")
    token = (
        (folder / table["token_file"]).read_text(encoding="utf-8").strip() if "token_file" in table else ""
    )
    return Gateway(
        url=url,
        method=table.get("method", "POST"),
        private=private,
        headers=dict(table.get("headers", {})),
        token=token,
        sender=table.get("sender", ""),
        as_json=_one_of(table.get("format", "json"), "json", "form") == "json",
        body=table["body"],
        reference=answer.get("reference", ""),
        accepted=tuple(answer.get("accepted", (200, 201, 202))),
        refused=tuple(answer.get("refused", (400, 422))),
        again=tuple(answer.get("again", (429, 503))),
        when=dict(answer.get("when", {})),
        deduplicates=bool(table.get("deduplicates", False)),
        asking=_asking(table["ask"], url) if "ask" in table else None,
    )


def _asking(table: Mapping[str, Any], url: str) -> Ask:
    """Asked at the same place only: the key goes along."""
    if urlsplit(table["url"])[:2] != urlsplit(url)[:2]:
        raise ValueError("ask.url")
    return Ask(table["url"], tuple(table.get("found", (200,))), tuple(table.get("missing", (404,))))


def _one_of(value: str, *allowed: str) -> str:
    if value not in allowed:
        raise ValueError(value)
    return value


def _filled(part: Any, given: Mapping[str, str]) -> Any:
    """The body with its placeholders replaced, however deep they stand; a value is never read as a placeholder."""
    if isinstance(part, str):
        return _replaced(part, given)
    if isinstance(part, dict):
        return {name: _filled(each, given) for name, each in part.items()}
    return [_filled(each, given) for each in part] if isinstance(part, list) else part


def _filled_url(url: str, given: Mapping[str, str]) -> str:
    return _replaced(url, {name: quote(value, safe="") for name, value in given.items()})


def _replaced(text: str, given: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: given[found[1]], text)


def _read(response: httpx.Response) -> bytes:
    begun, content = time.monotonic(), b""
    for piece in response.iter_bytes():
        content += piece
        if len(content) > LONGEST_ANSWER or time.monotonic() - begun > ANSWERING:
            raise _TooSlow
    return content


def _at(answer: bytes, path: str) -> str:
    """What stands at `messages.0.id` of a JSON answer, as text; "" where nothing stands there."""
    try:
        found = httpx.Response(200, content=answer).json()
        for name in path.split("."):
            found = found[int(name)] if isinstance(found, list) else found[name]
    except (ValueError, KeyError, IndexError, TypeError):
        return ""
    return str(found)[:120]


_UNREADABLE = Text(
    "{file} tidak bisa dipakai: {fault}. Lihat docs/notices.md.",
    "{file} cannot be used: {fault}. See docs/notices.md.",
)
