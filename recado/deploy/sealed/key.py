"""The key of an encrypted portal: a passphrase for people, and the content key that it opens (docs/encrypted-portals.md)."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from recado.deploy.passphrase import new_passphrase
from recado.model.secret import Revealed

VERSION = 1
# OWASP's password storage advice for PBKDF2 with SHA-256. The passphrase has 99 bits: this is the second wall, not the first.
ITERATIONS = 600_000
_FOLDER_BYTES = 16
_KEY_BYTES = 32
_SALT_BYTES = 16
_NONCE_BYTES = 12


class PortalKey(NamedTuple):
    """All that the VA keeps of one portal's key.

    `folder` is the portal's name in a place: chance, so that it tells nothing. `content` is the content key, base64
    of 32 bytes. `salt`, `iterations` and `wrapped` are public, base64: with them, the passphrase opens the content key.
    """

    folder: str
    passphrase: Revealed
    content: Revealed
    salt: str
    iterations: int
    wrapped: str


def new_key(folder: str | None = None, *, iterations: int = ITERATIONS) -> PortalKey:
    """Make a key; `folder` is the name that the portal has already, None where it has none."""
    passphrase, content, salt = new_passphrase(), secrets.token_bytes(_KEY_BYTES), secrets.token_bytes(_SALT_BYTES)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    wrapping = hashlib.pbkdf2_hmac("sha256", passphrase.reveal().encode(), salt, iterations, _KEY_BYTES)
    wrapped = nonce + AESGCM(wrapping).encrypt(nonce, content, f"recado/{VERSION} key".encode())
    return PortalKey(
        folder or base64.b32encode(secrets.token_bytes(_FOLDER_BYTES)).decode().rstrip("=").lower(),
        passphrase,
        Revealed(_text(content)),
        _text(salt),
        iterations,
        _text(wrapped),
    )


def written(key: PortalKey) -> str:
    """Write a key, secrets and all, for the one place where it is kept."""
    return json.dumps(
        key._asdict() | {"passphrase": key.passphrase.reveal(), "content": key.content.reveal(), "version": VERSION}
    )


def read(text: str) -> PortalKey:
    """Read a key that was written. Raises ValueError, which repeats nothing of it."""
    try:
        said = json.loads(text)
        if said.pop("version") != VERSION:
            raise ValueError
        return PortalKey(**said | {"passphrase": Revealed(said["passphrase"]), "content": Revealed(said["content"])})
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ValueError("not a key") from None


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
