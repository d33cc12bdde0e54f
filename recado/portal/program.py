"""What every page depends on besides its own words: the program, its templates, the libraries it stands on, clients.yml.

Told by names and stamps of files, which cost two milliseconds; those of the workspace, which its owner edits, by their content.
"""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import recado
from recado.resources import program_templates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recado.store.workspace import Workspace

_NO_SOURCES = frozenset({"__pycache__", "init"})


def digest_of(*texts: str) -> str:
    """Give one digest of some texts, each by itself."""
    digest = hashlib.blake2b(digest_size=16)
    for text in texts:
        content = text.encode(errors="surrogateescape")
        digest.update(b"%d " % len(content) + content)
    return digest.hexdigest()


def program_inputs(workspace: Workspace) -> str:
    """Give a digest of the program and of a workspace's own templates, as they are now."""
    digest = hashlib.blake2b(_code_inputs().encode(), digest_size=16)
    for folder in dict.fromkeys((program_templates(), workspace.templates)):
        if folder is None:
            continue
        of = _digest_of_content if folder == workspace.templates else _stamp
        digest.update(f"\0{folder}\0".encode())
        for line in sorted(_lines(str(folder), "", of)):
            digest.update(line.encode(errors="surrogateescape"))
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _code_inputs() -> str:
    """Give a digest of the program's code and its libraries as this process has them, whatever is installed meanwhile."""
    lines = sorted(_lines(str(Path(recado.__file__).parent), "", _stamp))
    return digest_of(recado.__version__, sys.version, *lines, *sorted(_libraries()))


def practice_inputs(program: str, content: bytes) -> str:
    """Give a digest of all that every portal depends on: the same (`program`), and the bytes of clients.yml."""
    digest = hashlib.blake2b(program.encode(), digest_size=16)
    digest.update(content)
    return digest.hexdigest()


def _lines(folder: str, within: str, of: Callable[[os.DirEntry[str]], str]) -> Iterator[str]:
    """Give a line for each file below a folder: its name, and what tells how it is.

    What leads nowhere, or is gone meanwhile (an editor's file, say), has none: who needs it tells.
    """
    try:
        entries = os.scandir(folder)
    except OSError:
        return
    with entries:
        for entry in entries:
            if entry.name in _NO_SOURCES or entry.name.startswith("."):
                continue
            name = f"{within}/{entry.name}"
            with suppress(OSError):
                if entry.is_dir():
                    yield from _lines(entry.path, name, of)
                elif entry.is_file():
                    yield f"{name} {of(entry)}\n"


def _stamp(entry: os.DirEntry[str]) -> str:
    """Tell how a file of the program is, which nobody edits while it runs: its size, and when it was last changed."""
    state = entry.stat()
    return f"{state.st_size} {state.st_mtime_ns} {state.st_ino}"


def _digest_of_content(entry: os.DirEntry[str]) -> str:
    """Tell how a file of the workspace's is: there are few, and a time may be put back, or come twice."""
    with open(entry.path, "rb") as stream:  # noqa: PTH123 (half the time)
        return hashlib.file_digest(stream, "blake2b").hexdigest()


def _libraries() -> Iterator[str]:
    """Give the names of what is installed, which hold their versions."""
    for place in sys.path:
        if place.endswith("-packages"):
            try:
                yield from (f"{name}\n" for name in os.listdir(place) if name.endswith(".dist-info"))  # noqa: PTH208 (half the time)
            except OSError:
                continue
