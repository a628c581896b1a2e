"""The keys of an installation: made once, kept outside the database, readable by its owner only."""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from lindung.engine import state
from lindung.engine.troubles import KeyUnreadable
from lindung.law.text import Text

ROLES_WITH_PASSWORD = ("postgres", "lindung_owner", "lindung_app", "lindung_auditor")

_NAMES = ("django_secret_key", "sealing_ring.json", "blind_index_key")
_IRREPLACEABLE = ("sealing_ring.json", "blind_index_key", "password_postgres")


class SealingRing(NamedTuple):
    """The sealing keys by version byte; new seals use `newest`, old ones stay readable."""

    newest: int
    keys: dict[int, bytes]


def django_secret_key() -> str:
    """The key that signs sessions and form tokens."""
    return _kept("django_secret_key", lambda: secrets.token_urlsafe(64))


def sealing_ring() -> SealingRing:
    """The 32-byte keys that seal NIK, phone numbers and files."""
    kept = json.loads(_kept("sealing_ring.json", lambda: json.dumps({"1": secrets.token_hex(32)})))
    ring = {int(version): bytes.fromhex(key) for version, key in kept.items()}
    return SealingRing(max(ring), ring)


def blind_index_key() -> bytes:
    """The 32-byte key under which equal NIKs are found again without being readable."""
    return bytes.fromhex(_kept("blind_index_key", lambda: secrets.token_hex(32)))


def checkpoint_key() -> bytes:
    """The 32-byte Ed25519 key that signs checkpoints; made with the first. Raises KeyUnreadable.

    It is not missed where it is gone: a new one signs from then on, and the old public key lies with the old files.
    """
    try:
        key = bytes.fromhex(_kept(_CHECKPOINT, lambda: secrets.token_hex(32)))
    except (OSError, ValueError) as error:
        raise KeyUnreadable(_UNREADABLE.filled(file=str(folder() / _CHECKPOINT))) from error
    if len(key) != 32:
        raise KeyUnreadable(_UNREADABLE.filled(file=str(folder() / _CHECKPOINT)))
    return key


def has_checkpoint_key() -> bool:
    """Whether checkpoints were signed here; looking makes no key."""
    return (folder() / _CHECKPOINT).exists()


_CHECKPOINT = "checkpoint_signing_key"
_UNREADABLE = Text(
    "Kunci {file} tidak terbaca. Kembalikan dari cadangan, atau pindahkan supaya dibuat yang baru.",
    "The key {file} cannot be read. Bring it back from a backup, or move it away so that a new one is made.",
)


def role_password(role: str) -> str:
    """The password of a database role; each in a file of its own, so that a process can be given just one."""
    if role not in ROLES_WITH_PASSWORD:
        raise ValueError(f"{role} has no password")
    return _kept(f"password_{role}", lambda: secrets.token_urlsafe(32))


def fingerprint() -> str:
    """A mark by which the database recognises the keys that sealed it; it reveals nothing of them.

    Adding a newer sealing key leaves it as it is; other keys give another one.
    """
    ring = sealing_ring()
    first = ring.keys[min(ring.keys)]
    return hmac.new(blind_index_key() + first, b"lindung installation", hashlib.sha256).hexdigest()


def make_all() -> None:
    """Make every key that does not exist yet."""
    django_secret_key()
    sealing_ring()
    blind_index_key()
    for role in ROLES_WITH_PASSWORD:
        role_password(role)


def missing() -> list[str]:
    """The names of keys that do not exist yet; looking makes none."""
    names = [*_NAMES, *(f"password_{role}" for role in ROLES_WITH_PASSWORD)]
    return [name for name in names if not (folder() / name).exists()]


def missing_for_good() -> list[str]:
    """Those missing keys that cannot be made anew once there are data: only a backup brings them back."""
    return [name for name in missing() if name in _IRREPLACEABLE]


def folder(where: Path | None = None) -> Path:
    """Where the keys lie: mode 0700, ours alone."""
    return (where or state.home()) / "keys"


def _kept(name: str, make: Callable[[], str]) -> str:
    path = folder() / name
    if path not in _read:
        try:
            _read[path] = path.read_text(encoding="ascii")
        except FileNotFoundError:
            _read[path] = _make_once(path, make())
    return _read[path]


_read: dict[Path, str] = {}
"""What this process has read already: sealing asks for its key once per value."""


def _make_once(path: Path, content: str) -> str:
    """Write a key so that of two first starts at the same moment both end with the same one.

    The finished file is linked into place: a link never replaces what is there.
    """
    state.prepare(path.parent.parent)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    finally:
        draft.unlink()
    return content
