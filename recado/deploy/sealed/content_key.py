"""What the content key of a portal gives: the name of a file, the nonce and the key of a blob (docs/encrypted-portals.md)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from recado.deploy.sealed.key import VERSION

if TYPE_CHECKING:
    from recado.model.secret import Revealed

NONCE_BYTES = 16
_NAME_BYTES = 16
_KEY_BYTES = 32


class ContentKey:
    """The content key, and what is derived from it once."""

    def __init__(self, content: Revealed) -> None:
        """Take the key as a portal's key holds it, in base64."""
        self._content = base64.b64decode(content.reveal(), validate=True)
        self._names = self._derived("name")
        self._nonces = self._derived("nonce")

    @property
    def identity(self) -> str:
        """Tell one key from another, without a way back to it."""
        return self._derived("identity").hex()

    def name(self, path: str) -> str:
        """Give the name of a file's blob: 32 hexadecimal digits."""
        return hmac.digest(self._names, bound(path), "sha256")[:_NAME_BYTES].hex()

    def nonce(self, path: str, digest: bytes) -> bytes:
        """Give the nonce of a blob. `digest` is the SHA-256 of all its plaintext: another plaintext never meets this nonce."""
        return hmac.digest(self._nonces, digest + bound(path), "sha256")[:NONCE_BYTES]

    def file_key(self, nonce: bytes) -> bytes:
        """Give the key under which the chunks of one blob are encrypted."""
        return self._derived("file", salt=nonce)

    def _derived(self, purpose: str, salt: bytes | None = None) -> bytes:
        return HKDF(SHA256(), _KEY_BYTES, salt, f"recado/{VERSION} {purpose}".encode()).derive(self._content)


def bound(path: str) -> bytes:
    """Give a path in the bytes in which a blob is bound to it: those of its link, percent-decoded."""
    return path.encode("utf-8", "surrogateescape")


def digest_of(plaintext: bytes) -> bytes:
    """Give the digest that a nonce is made from."""
    return hashlib.sha256(plaintext).digest()
