"""Writing so that a reader, or a crash, never meets half a file: beside, synced, renamed, the folder synced."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_ONE_BY_ONE = 4
_SIDE_BY_SIDE = 8


class ChangedUnderUsError(Exception):
    """A file is no longer what was read: someone saved it meanwhile, and their words stay."""


def write_whole(path: Path, content: bytes, *, is_lasting: bool = True, mode: int = 0o644) -> None:
    """Put a whole file at `path`, replacing what stands there. Synced, with its folder. Raises OSError.

    Not `is_lasting`: what is known from other files too. A power cut may leave the old one there, or an empty one.
    `mode`: who may do what with it, less what the umask takes away.
    """
    make_folder(path.parent)
    beside = _write_beside(path, content, is_lasting=is_lasting, mode=mode)
    try:
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    if is_lasting:
        sync_folder(path.parent)


@contextmanager
def written_beside(path: Path, mode: int = 0o644) -> Iterator[BinaryIO]:
    """Give a stream; what is written to it is put at `path` once the block ends, and is nothing where it fails.

    Not synced: what is known from other files too. `mode` as above. Raises OSError.
    """
    make_folder(path.parent)
    beside = _beside(path)
    descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "w+b") as stream:
            yield stream
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def write_aside(path: Path, content: bytes) -> None:
    """Write a new file in a folder that no one reads yet; it is synced with others (`sync_all`). Raises OSError."""
    _write(path, content, is_lasting=False)


def write_beside(path: Path, content: bytes) -> Path:
    """Write a file beside its place, and tell where; it is synced with others, and then put there by `place_new`."""
    return _write_beside(path, content, is_lasting=False)


def place_new(beside: Path, path: Path) -> bool:
    """Give a file its name unless one stands there already, which is then left as it is. Tells whether it did."""
    try:
        _link(beside, path)
    except FileExistsError:
        return False
    finally:
        with suppress(OSError):
            beside.unlink()
    return True


def write_new(path: Path, content: bytes) -> bool:
    """Put a whole file at `path` unless one stands there already, which is then left as it is. Tells whether it wrote."""
    make_folder(path.parent)
    if not place_new(_write_beside(path, content), path):
        return False
    sync_folder(path.parent)
    return True


def replace_if_unchanged(path: Path, read: bytes, content: bytes) -> None:
    """Replace a file that is still byte for byte what was read. Raises ChangedUnderUsError otherwise."""
    beside = _write_beside(path, content)
    try:
        beside.chmod(path.stat().st_mode & 0o777)  # whoever could write it still can, whatever the umask
        if path.read_bytes() != read:
            raise ChangedUnderUsError(path)
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, each durable in the one that holds it. Raises OSError."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make a folder's entries durable: after a rename, before anything that counts on it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_all(paths: Iterable[Path]) -> None:
    """Make files and folders durable, each once, several side by side: the disk writes them in one go. Raises OSError."""
    wanted = tuple(dict.fromkeys(paths))
    if len(wanted) <= _ONE_BY_ONE:
        for path in wanted:
            _sync(path)
        return
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 (late: a pass over little mail needs none)

    with ThreadPoolExecutor(_SIDE_BY_SIDE) as side_by_side:
        for _done in side_by_side.map(_sync_each, (wanted[start::_SIDE_BY_SIDE] for start in range(_SIDE_BY_SIDE))):
            pass


def _sync_each(paths: Iterable[Path]) -> None:
    for path in paths:
        _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _link(beside: Path, path: Path) -> None:
    """Give the file its name unless that is taken. Raises FileExistsError."""
    try:
        os.link(beside, path)
    except FileExistsError:
        raise
    except OSError as error:
        # exFAT and some network shares have no hard links. One worker a workspace: nobody takes the name in between.
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}:
            raise
        if path.exists():
            raise FileExistsError(path) from error
        beside.rename(path)


def _write_beside(path: Path, content: bytes, *, is_lasting: bool = True, mode: int = 0o644) -> Path:
    beside = _beside(path)
    _write(beside, content, is_lasting=is_lasting, mode=mode)
    return beside


def _beside(path: Path) -> Path:
    """Name a file beside another. A leading dot and a tail of chance: no build, and no second run, takes it for anything."""
    return path.with_name(f".{path.name[:80]}.{secrets.token_hex(6)}.part")


def _write(path: Path, content: bytes, *, is_lasting: bool, mode: int = 0o644) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            if is_lasting:
                os.fsync(stream.fileno())
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
