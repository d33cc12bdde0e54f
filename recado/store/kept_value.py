"""Values that are kept between two runs: read back only where they are whole, ours alone, and of the same sources and program.

A workspace may come from a stranger, with its `.recado`: what is kept there is read as values and can run nothing.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import stat
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any
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
    content = _own_content(file)
    if content is None or content[:_DIGEST] != _digest(key):
        return None
    value = content[2 * _DIGEST :]
    if content[_DIGEST : 2 * _DIGEST] != _digest(value):
        return None
    try:
        kept: object = _Values(io.BytesIO(value), modules).load()
    except Exception:  # noqa: BLE001 (bytes that are no value of ours raise anything; the value is then made again)
        return None
    return kept


def write_kept(file: Path, key: bytes, value: object) -> None:
    """Keep a value under a key, readable by its owner alone. Where that is not possible nothing is kept, and nothing said."""
    from recado.store.atomic import write_whole  # noqa: PLC0415 (late: a run that finds what was kept writes nothing)

    stream = io.BytesIO()
    pickler = pickle.Pickler(stream, pickle.HIGHEST_PROTOCOL)
    # As it pickles by itself, a zone asks for `getattr`: a name that may not be among what is read back.
    pickler.dispatch_table = {ZoneInfo: lambda zone: (ZoneInfo, (zone.key,))}
    pickler.dump(value)
    pickled = stream.getvalue()
    with suppress(OSError):
        write_whole(file, _digest(key) + _digest(pickled) + pickled, is_lasting=False, mode=0o600)


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


def _own_content(file: Path) -> bytes | None:
    """Read a regular file that belongs to whoever runs this, and that nobody else can write."""
    try:
        with open(file, "rb", opener=_opened) as stream:
            found = os.fstat(stream.fileno())
            if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & _OTHERS_MAY_WRITE:
                return None
            return stream.read()
    except OSError:
        return None


def _opened(name: str, flags: int) -> int:
    """Open what stands there itself, not what a link leads to, and without waiting for what a pipe may say."""
    return os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


class _Values(pickle.Unpickler):
    """Makes values again: of the classes of some modules of ours, and of a few plain ones."""

    def __init__(self, stream: io.BytesIO, modules: tuple[str, ...]) -> None:
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
