"""Values that are kept between two runs: read back only where they are whole, ours alone, and of the same sources and program.

A workspace may come from a stranger, with its `.recado`: what is kept there is read as values and can run nothing.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import stat
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from recado import __version__

_DIGEST = 32  # bytes
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
_PROGRAM = Path(__file__).resolve().parent.parent
# What values are made of besides our own classes. None of these does anything but hold what it is given.
_PLAIN = frozenset(
    {
        ("datetime", "date"),
        ("datetime", "datetime"),
        ("datetime", "time"),
        ("datetime", "timedelta"),
        ("datetime", "timezone"),
        ("decimal", "Decimal"),
        ("zoneinfo", "ZoneInfo"),
        ("builtins", "frozenset"),
        ("builtins", "set"),
    }
)


def read_kept(file: Path, key: bytes, modules: tuple[str, ...]) -> object | None:
    """Give the value that was kept under this key; None where there is none to be trusted, whatever is in its place.

    The classes in it may come from the modules that are named, or stand below them (`recado.model`), and from nowhere else.
    """
    try:
        with open(file, "rb", opener=_opened) as stream:
            if not _is_our_own(stream) or stream.read(_DIGEST) != _digest(key):
                return None
            if stream.read(_DIGEST) != hashlib.file_digest(stream, _hash).digest():
                return None
            stream.seek(2 * _DIGEST)
            kept: object = _Values(stream, modules).load()
    except Exception:  # noqa: BLE001 (bytes that are no value of ours raise anything; the value is then made again)
        return None
    return kept


def write_kept(file: Path, key: bytes, value: object) -> None:
    """Keep a value under a key, readable by its owner alone. Where that is not possible nothing is kept, and nothing said."""
    from recado.store.atomic import written_beside  # noqa: PLC0415 (late: a run that finds what was kept writes nothing)

    with suppress(OSError), written_beside(file, mode=0o600) as stream:
        stream.write(_digest(key) + bytes(_DIGEST))
        hashed = _Hashed(stream)
        pickler = pickle.Pickler(hashed, pickle.HIGHEST_PROTOCOL)
        # As it pickles by itself, a zone asks for `getattr`: a name that may not be among what is read back.
        pickler.dispatch_table = {ZoneInfo: lambda zone: (ZoneInfo, (zone.key,))}
        pickler.dump(value)
        stream.seek(_DIGEST)
        stream.write(hashed.digest())


class _Hashed:
    """Passes on what is written, and knows its digest: a value of many MB is never in memory a second time."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._hash = _hash()

    def write(self, content: bytes) -> int:
        self._hash.update(content)
        return self._stream.write(content)

    def digest(self) -> bytes:
        return self._hash.digest()


def program_digest(*packages: str) -> bytes:
    """Give a digest of the program as it stands: its version, Python's, and the size and time of each module of some packages.

    A package is named below `recado`, such as `model`. It is part of the key of what that code made: other code makes it anew.
    """
    known = [__version__, sys.implementation.cache_tag or sys.version]
    for package in packages:
        with os.scandir(_PROGRAM / package) as entries:
            stamps = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith(".py")]
        known += [f"{name} {found.st_size} {found.st_mtime_ns}" for name, found in sorted(stamps)]
    return _digest("\n".join(known).encode())


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_DIGEST).digest()


def _hash() -> hashlib.blake2b:
    return hashlib.blake2b(digest_size=_DIGEST)


def _is_our_own(stream: BinaryIO) -> bool:
    """Tell whether it is a regular file that belongs to whoever runs this, and that nobody else can write."""
    found = os.fstat(stream.fileno())
    return stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & _OTHERS_MAY_WRITE


def _opened(name: str, flags: int) -> int:
    """Open what stands there itself, not what a link leads to, and without waiting for what a pipe may say."""
    return os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


class _Values(pickle.Unpickler):
    """Makes values again: of the classes of some modules of ours, and of a few plain ones."""

    def __init__(self, stream: BinaryIO, modules: tuple[str, ...]) -> None:
        super().__init__(stream)
        self._modules = modules

    def find_class(self, module: str, name: str) -> Any:
        is_ours = any(module == each or module.startswith(f"{each}.") for each in self._modules)
        if "." in name or not (is_ours or (module, name) in _PLAIN):
            raise pickle.UnpicklingError(f"{module}.{name} is no value to keep")
        found = getattr(import_module(module), name)
        # What a module of ours has from elsewhere, or its functions, are no values either.
        if not isinstance(found, type) or (is_ours and found.__module__ != module):
            raise pickle.UnpicklingError(f"{module}.{name} is no value to keep")
        return found
