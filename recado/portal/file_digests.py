"""Files by their content: each is read once in a process, and again where its stamp changed.

Light, for every build asks.
"""

from __future__ import annotations

import hashlib
import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SETTLED = 50_000_000  # ns: what was written later than this before it was read may be written again under the same stamp

_known: dict[str, tuple[tuple[int, ...], str]] = {}


def file_digest(path: str, state: os.stat_result | None = None) -> str:
    """Give the digest of a file's content. `state` is that of the file, where it was just asked. Raises OSError."""
    state = state or os.stat(path)  # noqa: PTH116 (half the time)
    stamp = (state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)
    known = _known.get(path)
    if known is not None and known[0] == stamp:
        return known[1]
    read_at = time.time_ns()
    with open(path, "rb") as stream:  # noqa: PTH123 (half the time)
        digest = hashlib.blake2b(stream.read(), digest_size=16).hexdigest()
    if state.st_ctime_ns + _SETTLED < read_at:
        _known[path] = (stamp, digest)
    else:
        _known.pop(path, None)
    return digest


def folder_digests(folder: str, within: str) -> Iterator[str]:
    """Give the name and the digest of each file below a folder, in the order of their names; none where it is not there."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        name = f"{within}/{entry.name}"
        if entry.is_dir():
            yield from folder_digests(entry.path, name)
        elif entry.is_file():
            yield name
            yield file_digest(entry.path, entry.stat())
