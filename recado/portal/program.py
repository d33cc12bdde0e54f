"""What every page depends on besides its own words: the program, its templates, the libraries it stands on, clients.yml.

The program's are told by names and stamps of files, which cost two milliseconds: their contents are read where shells and pages
are made. A workspace's own templates are read.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import recado
from recado.portal.file_digests import file_digest
from recado.resources import program_templates

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    digest = hashlib.blake2b(f"{recado.__version__} {sys.version}".encode(), digest_size=16)
    for folder in (Path(recado.__file__).parent, program_templates()):
        digest.update(f"\0{folder}\0".encode())
        for line in sorted(_stamps(str(folder), "")):
            digest.update(line.encode(errors="surrogateescape"))
    if workspace.templates is not None:
        for line in sorted(_contents(str(workspace.templates), "")):
            digest.update(line.encode(errors="surrogateescape"))
    for line in sorted(_libraries()):
        digest.update(line.encode())
    return digest.hexdigest()


def practice_inputs(workspace: Workspace) -> str:
    """Give a digest of all that every portal depends on: the same, and what clients.yml says. Raises nothing."""
    digest = hashlib.blake2b(program_inputs(workspace).encode(), digest_size=16)
    try:
        digest.update(workspace.practice_file.read_bytes())
    except OSError:
        digest.update(os.urandom(16))  # what cannot be read is told by who reads it
    return digest.hexdigest()


def _stamps(folder: str, within: str) -> Iterator[str]:
    """Give a line for each file below a folder: its name, size, and when it was last changed."""
    for name, entry in _files(folder, within):
        state = entry.stat()
        yield f"{name} {state.st_size} {state.st_mtime_ns} {state.st_ino}\n"


def _contents(folder: str, within: str) -> Iterator[str]:
    """Give a line for each file below a folder: its name and its content. They are few, and edited by hand."""
    for name, entry in _files(folder, within):
        try:
            yield f"{name} {file_digest(entry.path, entry.stat())}\n"
        except OSError as error:
            yield f"{name} {error}\n"  # what cannot be read is told by who reads it


def _files(folder: str, within: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name in _NO_SOURCES or entry.name.startswith("."):
                continue
            name = f"{within}/{entry.name}"
            if entry.is_dir():
                yield from _files(entry.path, name)
            else:
                yield name, entry


def _libraries() -> Iterator[str]:
    """Give the names of what is installed, which hold their versions."""
    for place in sys.path:
        if place.endswith("-packages"):
            try:
                yield from (f"{name}\n" for name in os.listdir(place) if name.endswith(".dist-info"))  # noqa: PTH208 (half the time)
            except OSError:
                continue
