"""What a blob holds: a byte that says how, then the file, packed with gzip where that makes it smaller."""

from __future__ import annotations

import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from zlib import _Compress

STORED, GZIP = b"\x00", b"\x01"
# A file that is larger is never held whole, here or in a browser (site_templates/door/sw.js says the same).
HELD = 8 << 20
_PIECE = 1 << 20
_LEVEL = 6
_SHRINKING = frozenset(
    ".html .css .js .json .svg .xml .txt .csv .tsv .md .ics .vcf .eml .log .yml .yaml .rtf .bmp .tif .tiff .wav".split()
)


def packed(content: bytes, path: str) -> bytes:
    """Give the plaintext of a file that is held in memory."""
    if _shrinks(path):
        packer = _packer()
        smaller = packer.compress(content) + packer.flush()
        if len(smaller) < len(content):
            return GZIP + smaller
    return STORED + content


def pieces(source: Path, path: str) -> Iterator[bytes]:
    """Give the plaintext of a large file piece by piece, the same each time. Raises OSError."""
    packer = _packer() if _shrinks(path) else None
    yield GZIP if packer else STORED
    with source.open("rb") as stream:
        while piece := stream.read(_PIECE):
            yield packer.compress(piece) if packer else piece
    if packer:
        yield packer.flush()


def _shrinks(path: str) -> bool:
    return PurePosixPath(path.lower()).suffix in _SHRINKING


def _packer() -> _Compress:
    return zlib.compressobj(_LEVEL, wbits=31)  # 31: with gzip's header, its time 0 and without a name
