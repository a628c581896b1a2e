"""Where both chains stood, signed and kept outside the database: who rewrites the past there cannot rewrite this."""

import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import connection

from lindung.engine import keys, state
from lindung.engine.refusals import Refusal
from lindung.law.text import Text
from lindung.ledger import blocks
from lindung.ledger.blocks import Tip
from lindung.ledger.models import Chain

VERSION = 1
LARGEST = 65_536
"""Bytes; a checkpoint has a thousand."""


class Checkpoint(NamedTuple):
    """Where the chains of an installation stood at a moment; a chain without blocks has no tip.

    `installation` is the identifier that PostgreSQL gave the data when they were made; a physical copy has the same.
    `key` names the key that signed it.
    """

    installation: str
    at: datetime
    tips: dict[str, Tip]
    key: str
    signature: bytes

    @property
    def short(self) -> str:
        """Sixteen hexadecimal signs in four groups, for paper: another checkpoint has others."""
        digest = hashlib.sha256(_canonical(_said(self))).hexdigest()
        return "-".join(digest[start : start + 4] for start in range(0, 16, 4))


class Written(NamedTuple):
    """A checkpoint and the files in which it stands now."""

    checkpoint: Checkpoint
    files: list[Path]


class NotACheckpoint(Refusal):
    """The file cannot be read, or is not a checkpoint of a version we know."""

    code = "checkpoint.unreadable"

    def __init__(self, file: Path, why: object) -> None:
        super().__init__(_UNREADABLE.filled(file=str(file), why=str(why)))


class FileThere(Refusal):
    """A checkpoint never takes the place of a file that is there."""

    code = "checkpoint.file_there"

    def __init__(self, file: Path) -> None:
        super().__init__(_THERE.filled(file=str(file)), field="out")


class NoPlace(Refusal):
    """The file cannot be written there."""

    code = "checkpoint.not_written"

    def __init__(self, file: Path, why: object) -> None:
        super().__init__(_NOT_WRITTEN.filled(file=str(file), why=str(why)), field="out")


_UNREADABLE = Text(
    "{file} tidak terbaca sebagai pos periksa ({why}). Ambil salinan yang utuh.",
    "{file} cannot be read as a checkpoint ({why}). Take a copy that is whole.",
)
_THERE = Text(
    "{file} sudah ada dan tidak ditimpa. Pilih nama lain.",
    "{file} is there already and is not overwritten. Choose another name.",
)
_NOT_WRITTEN = Text(
    "{file} tidak bisa ditulis ({why}). Pilih folder yang bisa ditulis.",
    "{file} cannot be written ({why}). Choose a folder you can write to.",
)
_FOREIGN = Text(
    "Pos periksa ini dari instalasi lain ({theirs}; di sini {ours}). Data yang dipulihkan dari dump adalah instalasi "
    "baru: lihat docs/verify.md.",
    "This checkpoint is of another installation ({theirs}; here {ours}). Data restored from a dump are a new one: "
    "see docs/verify.md.",
)
_UNKNOWN_KEY = Text(
    "Ditandatangani dengan kunci {key}, yang tidak dikenal di sini. Taruh {file} dari tempat asalnya di {folder}.",
    "Signed with key {key}, which is not known here. Put {file} from where it was made into {folder}.",
)
_FORGED = Text(
    "Tanda tangannya tidak cocok: isi berkas ini diubah sesudah ditandatangani.",
    "Its signature does not fit: the file was changed after it was signed.",
)
_CUT = Text(
    "Rantai {chain}: blok {number} tidak ada lagi. Ekor rantai dipotong, atau ini cadangan yang lebih lama.",
    "Chain {chain}: block {number} is gone. The tail was cut off, or this is an older backup.",
)
_REWRITTEN = Text(
    "Rantai {chain}: blok {number} bukan lagi blok yang ditandatangani. Masa lalu ditulis ulang.",
    "Chain {chain}: block {number} is not the one that was signed. The past was rewritten.",
)


def write(*, now: datetime, out: Path | None = None) -> Written:
    """Close what can be closed, sign where both chains stand, and keep that in the folder and, if named, in `out`.

    Each file is whole or not there, and nothing is overwritten. Raises FileThere and NoPlace for `out`,
    FolderUnusable for the folder, KeyUnreadable, and what `blocks.close` raises; RuntimeError inside a transaction,
    where a block could still be taken back after it was signed.
    """
    if connection.in_atomic_block:
        raise RuntimeError("a checkpoint signs what is committed")
    blocks.close()
    made = _signed(Checkpoint(installation(), now.astimezone(UTC), blocks.tips(), "", b""))
    content = _canonical(_said(made) | {"signature": made.signature.hex()}) + b"\n"
    place = _prepared()
    own = place / f"checkpoint-{made.at:%Y%m%dT%H%M%SZ}-{made.short}.json"
    files = [own] if out is None else [out, own]
    for file in files:
        _put(file, content, again=file == own)
    return Written(made, files)


def folder() -> Path:
    """Where checkpoints are kept: LINDUNG_CHECKPOINTS, else `checkpoints` in the state folder."""
    chosen = os.environ.get("LINDUNG_CHECKPOINTS")
    return Path(chosen).expanduser().absolute() if chosen else state.checkpoint_folder(state.home())


def files() -> list[Path]:
    """The checkpoint files of the folder, oldest first."""
    return sorted(folder().glob("checkpoint-*.json"))


def newest() -> Checkpoint | None:
    """The newest that can be read and whose signature fits, for paper; None when there is none."""
    read_ones = []
    for file in files():
        with suppress(NotACheckpoint):
            read_ones.append(read(file))
    signed = [each for each in read_ones if _signature_fault(each) is None]
    return max(signed, key=lambda each: (each.at, sum(tip.rows for tip in each.tips.values())), default=None)


def read(file: Path) -> Checkpoint:
    """What a file says; whether it is true is asked by `faults`. Raises NotACheckpoint."""
    try:
        if file.stat().st_size > LARGEST:
            raise NotACheckpoint(file, f"> {LARGEST} bytes")
        return _understood(json.loads(file.read_bytes()))
    except OSError as error:
        raise NotACheckpoint(file, error.strerror) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotACheckpoint(file, f"{type(error).__name__}: {error}") from error


def faults(checkpoint: Checkpoint) -> list[Text]:
    """Where signature, installation and chains are not what the checkpoint says; nothing when all is as it was."""
    forged = _signature_fault(checkpoint)
    if forged is not None:
        return [forged]
    here = installation()
    if checkpoint.installation != here:
        return [_FOREIGN.filled(theirs=checkpoint.installation, ours=here)]
    return [
        fault
        for chain, tip in checkpoint.tips.items()
        if (fault := _chain_fault(chain, tip, blocks.block_at(chain, tip.number))) is not None
    ]


def installation() -> str:
    """The identifier of the data folder, from the server itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier::text FROM pg_control_system()")
        (identifier,) = cursor.fetchone()
    return str(identifier)


def _chain_fault(chain: str, then: Tip, now: Tip | None) -> Text | None:
    if now is None:
        return _CUT.filled(chain=chain, number=then.number)
    return None if now == then else _REWRITTEN.filled(chain=chain, number=then.number)


def _signature_fault(checkpoint: Checkpoint) -> Text | None:
    key = _known_keys().get(checkpoint.key)
    if key is None:
        name = _key_file(checkpoint.key).name
        return _UNKNOWN_KEY.filled(key=checkpoint.key, file=name, folder=str(folder()))
    try:
        key.verify(checkpoint.signature, _canonical(_said(checkpoint)))
    except InvalidSignature:
        return _FORGED
    return None


def _signed(unsigned: Checkpoint) -> Checkpoint:
    signer = Ed25519PrivateKey.from_private_bytes(keys.checkpoint_key())
    named = unsigned._replace(key=_id(signer.public_key()))
    return named._replace(signature=signer.sign(_canonical(_said(named))))


def _said(checkpoint: Checkpoint) -> dict[str, Any]:
    """What is signed."""
    return {
        "version": VERSION,
        "installation": checkpoint.installation,
        "at": checkpoint.at.isoformat(),
        "key": checkpoint.key,
        "chains": {
            chain: {"number": tip.number, "until": tip.until_txid, "hash": tip.hash.hex(), "rows": tip.rows}
            for chain, tip in checkpoint.tips.items()
        },
    }


def _understood(said: Mapping[str, Any]) -> Checkpoint:
    if said["version"] != VERSION:
        raise ValueError(f"version {said['version']}")
    tips = {
        Chain(chain).value: Tip(
            int(tip["number"]), int(tip["until"]), bytes.fromhex(tip["hash"]), int(tip["rows"])
        )
        for chain, tip in said["chains"].items()
    }
    at = datetime.fromisoformat(said["at"]).astimezone(UTC)
    return Checkpoint(str(said["installation"]), at, tips, str(said["key"]), bytes.fromhex(said["signature"]))


def _canonical(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def _known_keys() -> dict[str, Ed25519PublicKey]:
    """Our own key, where there is one (looking makes none), and the public keys that lie with the checkpoints."""
    known = [_loaded(file) for file in sorted(folder().glob("key-*.pem"))]
    if keys.has_checkpoint_key():
        known.append(Ed25519PrivateKey.from_private_bytes(keys.checkpoint_key()).public_key())
    return {_id(key): key for key in known if key is not None}


def _loaded(file: Path) -> Ed25519PublicKey | None:
    """The key of this file; None when it holds none, so that what it signed is said to be of an unknown key."""
    try:
        key = serialization.load_pem_public_key(file.read_bytes())
    except (OSError, ValueError):
        return None
    return key if isinstance(key, Ed25519PublicKey) else None


def _id(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def _key_file(key: str) -> Path:
    return folder() / f"key-{key}.pem"


def _prepared() -> Path:
    """The folder, with our public key in it."""
    place = folder()
    try:
        if place.parent == state.home():
            state.prepare(place.parent)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise NoPlace(place, error.strerror) from error
    public = Ed25519PrivateKey.from_private_bytes(keys.checkpoint_key()).public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    _put(_key_file(_id(public)), pem, again=True)
    return place


def _put(file: Path, content: bytes, *, again: bool) -> None:
    """Write a file whole or not at all: what is linked into place never replaces what is there.

    With `again` a file that is there with just this content is fine.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        _drafted(draft, content)
        os.link(draft, file)
        _to_disk([file.parent])
    except FileExistsError as error:
        if not (again and file.read_bytes() == content):
            raise FileThere(file) from error
    except OSError as error:
        raise NoPlace(file, error.strerror) from error
    finally:
        draft.unlink(missing_ok=True)


def _drafted(draft: Path, content: bytes) -> None:
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def _to_disk(folders: Iterable[Path]) -> None:
    """A new name is safe when its folder is."""
    for each in folders:
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
