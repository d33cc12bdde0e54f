"""Reads an encrypted portal as docs/encrypted-portals.md describes it, and knows nothing else of the program that wrote it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import json
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from pathlib import Path

CHUNK = 1048576
TAG = 16


def hkdf(key: bytes, info: bytes, salt: bytes = b"") -> bytes:
    """RFC 5869 with SHA-256, one block of output."""
    extracted = hmac.new(salt or bytes(32), key, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()


class IndependentReader:
    """An encrypted portal in a folder, opened with its passphrase."""

    def __init__(self, folder: Path, passphrase: str) -> None:
        opened = json.loads((folder / "portal.json").read_text(encoding="utf-8"))
        assert opened["version"] == 1
        salt, wrapped = base64.b64decode(opened["salt"]), base64.b64decode(opened["wrapped"])
        wrapping = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, opened["iterations"], 32)
        self._content = AESGCM(wrapping).decrypt(wrapped[:12], wrapped[12:], b"recado/1 key")
        self._folder = folder

    def name(self, path: str) -> str:
        return hmac.new(hkdf(self._content, b"recado/1 name"), path.encode(), hashlib.sha256).digest()[:16].hex()

    def read(self, path: str) -> bytes:
        """Raises FileNotFoundError, and cryptography's InvalidTag where the blob is not what was published."""
        blob = (self._folder / "f" / self.name(path)).read_bytes()
        nonce, sealed = blob[:16], blob[16:]
        cipher = AESGCM(hkdf(self._content, b"recado/1 file", nonce))
        chunks = [sealed[start : start + CHUNK + TAG] for start in range(0, len(sealed), CHUNK + TAG)] or [b""]
        plaintext = b"".join(
            cipher.decrypt(number.to_bytes(11, "big") + bytes([number == len(chunks) - 1]), chunk, path.encode())
            for number, chunk in enumerate(chunks)
        )
        return gzip.decompress(plaintext[1:]) if plaintext[:1] == b"\x01" else plaintext[1:]
