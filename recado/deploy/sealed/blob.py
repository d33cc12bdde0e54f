"""A file as it is published: its nonce, then chunks, each encrypted and each bound to its place (docs/encrypted-portals.md).

The construction is STREAM, as age uses it: what is cut off, moved, changed or put under another name does not open.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from recado.deploy.sealed.content_key import bound, digest_of
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from recado.deploy.sealed.content_key import ContentKey

CHUNK = 1 << 20
_COUNTER_BYTES = 11


def blob_of(key: ContentKey, path: str, plaintext: bytes) -> bytes:
    """Encrypt what is held in memory."""
    return b"".join(_sealed(key, path, key.nonce(path, digest_of(plaintext)), [plaintext]))


def write_blob(key: ContentKey, path: str, plaintext: Iterable[bytes], again: Iterable[bytes], target: BinaryIO) -> None:
    """Encrypt what is too large to be held, by reading it twice: first for the nonce, then to write. Raises OSError.

    Where the second reading is not what the first was, the nonce is another content's: then what was written must go.
    """
    first, second = hashlib.sha256(), hashlib.sha256()
    for piece in plaintext:
        first.update(piece)
    target.writelines(_sealed(key, path, key.nonce(path, first.digest()), _noted(again, second)))
    if second.digest() != first.digest():
        raise OSError(_("{path} changed while it was encrypted. Run it again.").format(path=path))


def _noted(pieces: Iterable[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    for piece in pieces:
        digest.update(piece)
        yield piece


def _sealed(key: ContentKey, path: str, nonce: bytes, plaintext: Iterable[bytes]) -> Iterator[bytes]:
    cipher, beside = AESGCM(key.file_key(nonce)), bound(path)
    waiting, number = bytearray(), 0
    yield nonce
    for piece in plaintext:
        waiting += piece
        while len(waiting) > CHUNK:  # a full one waits as well: it may be the last
            yield cipher.encrypt(_chunk_nonce(number, is_last=False), bytes(waiting[:CHUNK]), beside)
            del waiting[:CHUNK]
            number += 1
    yield cipher.encrypt(_chunk_nonce(number, is_last=True), bytes(waiting), beside)


def _chunk_nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(_COUNTER_BYTES, "big") + bytes([is_last])
