"""Compiled templates of the program, kept beside them in `__pycache__` as Python keeps its own; a workspace's are not kept.

What is kept is code, and trusted as far as the templates beside it are: no folder of a workspace may hold any.
"""

from __future__ import annotations

import hashlib
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
from jinja2 import BytecodeCache

from recado import __version__

if TYPE_CHECKING:
    from jinja2.bccache import Bucket

_DIGEST = 32  # bytes
_VERSIONS = f"{__version__} {jinja2.__version__} {sys.implementation.cache_tag}"


class CompiledParts(BytecodeCache):
    """Keeps what was compiled of the templates in one folder and below it. Any other is compiled in each run."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of the program's own templates."""
        self._folder = folder

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002 (its path is name enough)
        """Know a template by where it stands: its code names that place where it fails."""
        return filename or ""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was kept: whole, of the same words, by the same program."""
        file = self._place(bucket)
        if file is None:
            return
        with suppress(OSError):
            content = file.read_bytes()
            if content[:_DIGEST] == _digest(bucket, content[_DIGEST:]):
                bucket.bytecode_from_string(content[_DIGEST:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled. Where that is not possible nothing is kept, and nothing said."""
        file = self._place(bucket)
        if file is None:
            return
        from recado.store.atomic import write_whole  # noqa: PLC0415 (late: a run that finds what was kept writes nothing)

        code = bucket.bytecode_to_string()
        with suppress(OSError):
            write_whole(file, _digest(bucket, code) + code, is_lasting=False)

    def _place(self, bucket: Bucket) -> Path | None:
        file = Path(bucket.key)
        return file.parent / "__pycache__" / f"{file.name}.code" if file.is_relative_to(self._folder) else None


def _digest(bucket: Bucket, code: bytes) -> bytes:
    known = f"{_VERSIONS} {bucket.key} {bucket.checksum} ".encode(errors="surrogateescape")
    return hashlib.blake2b(known + code, digest_size=_DIGEST).digest()
