"""Putting a finished folder in the place of another at one stroke: whoever looks sees the old one or the new one, whole.

What depends on the system stands here: Linux can exchange two folders atomically, elsewhere two renames come close.
"""

from __future__ import annotations

import ctypes
import errno
import os
import secrets
import shutil
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def put_in_place(made: Path, place: Path) -> None:
    """Move the folder `made` to `place`, on the same file system; what stood there is deleted afterwards. Raises OSError."""
    if not place.exists():
        made.rename(place)
        return
    if _exchange(made, place):
        shutil.rmtree(made)
        return
    old = _renamed(place, "old")
    try:
        made.rename(place)
    except OSError:
        old.rename(place)
        raise
    shutil.rmtree(old)


def remove_whole(place: Path) -> None:
    """Delete a folder so that it is gone at one stroke, and not file by file. Raises OSError."""
    shutil.rmtree(_renamed(place, "gone"))


def _renamed(place: Path, kind: str) -> Path:
    """Rename a folder out of sight, beside where it stood; gives where it is now.

    `old` is one in whose place another is being put, `gone` one that is being deleted: who finds it tells them apart.
    """
    beside = place.with_name(f".{place.name}.{kind}-{secrets.token_hex(4)}")
    place.rename(beside)
    return beside


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders atomically (renameat2, Linux 3.15); False where the system or the file system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    if renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    failed = ctypes.get_errno()
    if failed in {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}:
        return False
    raise OSError(failed, os.strerror(failed), str(other))
