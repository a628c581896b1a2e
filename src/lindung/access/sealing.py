"""Sealing: NIK, telephone numbers, files and second factors are unreadable in the database.

A sealed value is bound to its table, column and row: moved to another place it does not open. Equal values
are found by a blind index under a key that the database never sees.

    version (1 byte) | nonce (12 bytes) | AES-256-GCM ciphertext and tag
"""

import hmac
import secrets
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lindung.engine import keys

NONCE_BYTES = 12
INDEX_KINDS = frozenset(
    {
        "nik",
        "twin",
        "phone",
        "kpj",
        "sign_in_link",
        "limiter",
        "one_time_link",
        "session",
        "device",
        "api_secret",
        "api_token",
    }
)


class SealBroken(Exception):
    """The sealed value does not belong to this place, was changed, or its key is missing."""


def seal(text: str, *, table: str, column: str, row_id: int | str) -> bytes:
    """Seal one text for one place."""
    return seal_bytes(text.encode(), table=table, column=column, row_id=row_id)


def unseal(blob: bytes | memoryview, *, table: str, column: str, row_id: int | str) -> str:
    """Open what `seal` closed. Raises SealBroken anywhere but in its own place."""
    return unseal_bytes(blob, table=table, column=column, row_id=row_id).decode()


def seal_bytes(content: bytes, *, table: str, column: str, row_id: int | str) -> bytes:
    """Seal the bytes of a file for one place."""
    version, cipher = _newest(keys.folder())
    nonce = secrets.token_bytes(NONCE_BYTES)
    return version + nonce + cipher.encrypt(nonce, content, _place(table, column, row_id))


def unseal_bytes(blob: bytes | memoryview, *, table: str, column: str, row_id: int | str) -> bytes:
    """Open what `seal_bytes` closed. Raises SealBroken anywhere but in its own place."""
    return _opened(_ring(keys.folder()), bytes(blob), _place(table, column, row_id))


def seal_many(values: Iterable[tuple[int | str, str]], *, table: str, column: str) -> list[bytes]:
    """Seal a column of (row id, text), in order; one system call for all nonces."""
    rows = list(values)
    version, cipher = _newest(keys.folder())
    prefix = _place(table, column, "")
    nonces = secrets.token_bytes(NONCE_BYTES * len(rows))
    sealed = []
    for number, (row_id, text) in enumerate(rows):
        nonce = nonces[number * NONCE_BYTES : (number + 1) * NONCE_BYTES]
        place = prefix + str(row_id).encode()
        sealed.append(version + nonce + cipher.encrypt(nonce, text.encode(), place))
    return sealed


def unseal_many(blobs: Iterable[tuple[int | str, bytes]], *, table: str, column: str) -> list[str]:
    """Open a column of (row id, sealed value), in order. Raises SealBroken at the first wrong one."""
    ring = _ring(keys.folder())
    prefix = _place(table, column, "")
    return [_opened(ring, bytes(blob), prefix + str(row_id).encode()).decode() for row_id, blob in blobs]


def blind_index(kind: str, value: str) -> bytes:
    """32 bytes that are equal for equal values of one kind and tell nothing else.

    Raises ValueError for an unknown kind. The value must already be in its one compact form.
    """
    return blind_index_many(kind, [value])[0]


def blind_index_many(kind: str, values: Iterable[str]) -> list[bytes]:
    """The blind index of a whole column, in order."""
    if kind not in INDEX_KINDS:
        raise ValueError(f"no blind index of kind {kind!r}")
    key, prefix = _index_key(keys.folder()), f"{kind}|"
    return [hmac.digest(key, (prefix + value).encode(), "sha256") for value in values]


def _opened(ring: dict[bytes, AESGCM], sealed: bytes, place: bytes) -> bytes:
    cipher = ring.get(sealed[:1])
    if cipher is None:
        raise SealBroken(f"{place.decode()}: no key of this version")
    try:
        return cipher.decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], place)
    except (InvalidTag, ValueError) as error:
        raise SealBroken(f"{place.decode()}: sealed for another place, or changed") from error


def _place(table: str, column: str, row_id: int | str) -> bytes:
    return f"{table}|{column}|{row_id}".encode()


# The keys of one state folder are read once; the folder is part of the call, as tests have several.
@lru_cache(maxsize=4)
def _ring(folder: Path) -> dict[bytes, AESGCM]:
    return {bytes([version]): AESGCM(key) for version, key in keys.sealing_ring().keys.items()}


@lru_cache(maxsize=4)
def _newest(folder: Path) -> tuple[bytes, AESGCM]:
    version = bytes([keys.sealing_ring().newest])
    return version, _ring(folder)[version]


@lru_cache(maxsize=4)
def _index_key(folder: Path) -> bytes:
    return keys.blind_index_key()
