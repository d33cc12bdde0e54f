"""Files that were read, and what they said: with the same stamp one is not read again, with the same content not parsed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, cast

from recado.store.listing import Listing, Stamp, is_file
from recado.store.source import read_content, readable

if TYPE_CHECKING:
    from collections.abc import Callable

    from recado.errors import Problem
    from recado.store.workspace import ClientFolder

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file as it was read. `stamp` is None where it may have changed since under the same one."""

    stamp: Stamp | None
    digest: bytes
    value: object


@dataclass(frozen=True, slots=True)
class KeptFiles:
    """The files of a client that were read, by their path from the client's folder."""

    files: dict[str, KeptFile] = field(default_factory=dict)


class FilesToRead:
    """A client's files as they are listed, read one by one, and what was kept of them. What has problems is never kept."""

    def __init__(self, client: ClientFolder, listing: Listing, kept: KeptFiles | None, problems: list[Problem]) -> None:
        """Take them; what cannot be read is added to `problems`."""
        self._client = client
        self._root = str(client.root)
        self._shown = client.root.relative_to(client.workspace).as_posix()
        self._listing = listing
        self._before = kept.files if kept else {}
        self.kept = KeptFiles()
        self.problems = problems

    def shown(self, path: str) -> str:
        """Write a path as errors show it, from the workspace's root."""
        return readable(f"{self._shown}/{path}")

    def value(self, path: str, parse: Callable[[bytes, str], T | None]) -> T | None:
        """Give what a file says; None where it cannot be read. `parse` takes its content and what errors call it."""
        stamp, before = self._listing.files[path], self._before.get(path)
        settled = None if path in self._listing.unsettled else stamp
        if before is not None and before.stamp == stamp:
            self.kept.files[path] = before
            return cast("T", before.value)
        content = self._content(path, stamp)
        if content is None:
            return None
        digest = hashlib.blake2b(content, digest_size=16).digest()
        if before is not None and before.digest == digest:
            value = cast("T | None", before.value)
        else:
            told = len(self.problems)
            value = parse(content, self.shown(path))
            if len(self.problems) > told:
                return value
        self.kept.files[path] = KeptFile(settled, digest, value)
        return value

    def digest(self, path: str) -> bytes:
        """Give the digest of a file that was read; nothing where it could not be."""
        known = self.kept.files.get(path)
        return known.digest if known else b""

    def _content(self, path: str, stamp: Stamp) -> bytes | None:
        if is_file(stamp):  # below real folders, and no link itself: it leads nowhere else
            try:
                with open(f"{self._root}/{path}", "rb", buffering=0) as file:  # noqa: PTH123 (for each file of a build: half the time)
                    return file.read()
            except OSError:
                pass  # told below
        return read_content(self._client, self._client.root / path, self.problems)
