"""Files that were read, and what they said: with the same stamp one is not read again, with the same content not parsed."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from recado.store.list_again import list_again
from recado.store.listing import Listing, Stamp, is_file, list_client
from recado.store.source import read_content, readable

if TYPE_CHECKING:
    from collections.abc import Callable

    from recado.errors import Problem
    from recado.store.workspace import ClientFolder

T = TypeVar("T")
_FEW = 50


class KeptFile(NamedTuple):
    """One file as it was read: the digest of its content (16 bytes), and what that says.

    `stamp` is None where it may have changed since under the same one.
    """

    stamp: Stamp | None
    digest: bytes
    value: object


@dataclass(frozen=True, slots=True)
class KeptFiles:
    """The files of a client that were read, by their path from the client's folder. None of them had a mistake.

    `code` is the client's as they were read: the refs of its tasks start with it.
    """

    code: str = ""
    files: dict[str, KeptFile] = field(default_factory=dict)


def settled(client: ClientFolder, listing: Listing, kept: KeptFiles, *, is_told: bool) -> tuple[Listing, KeptFiles]:
    """Look once more at what had been changed just before it was read, and give the two without what is unsettled no more.

    What is still the same, now that the clock has gone on, is settled: another change would give it another stamp. Where many
    files are not, they are left to the next build, which reads them in any case. `is_told`: folders are not looked into.
    """
    late = [path for path in listing.unsettled if path in kept.files and is_file(listing.files[path])]
    if len(late) > _FEW or (not late and (is_told or listing.folders)):
        return listing, kept
    again = list_again(client, listing, [client.root / path for path in late]) if is_told else list_client(client)
    files, unsettled = dict(kept.files), set(listing.unsettled)
    for path in late:
        stamp, known = listing.files[path], kept.files[path]
        if again.files.get(path) != stamp or path in again.unsettled:
            continue
        content = _content_of(f"{client.root}/{path}", stamp[0])
        if content is not None and _digest(content) == known.digest:
            files[path] = KeptFile(stamp, known.digest, known.value)
            unsettled.remove(path)
    folders = again.folders if again.files == listing.files else {}
    return listing._replace(unsettled=frozenset(unsettled), folders=folders), KeptFiles(kept.code, files)


class FilesToRead:
    """A client's files as they are listed, read one by one, and what was kept of them. What has problems is never kept."""

    def __init__(
        self, client: ClientFolder, code: str, listing: Listing, kept: KeptFiles | None, problems: list[Problem]
    ) -> None:
        """Take them; what cannot be read is added to `problems`. What was kept under another code counts for nothing."""
        self._client = client
        self._root = str(client.root)
        self._shown = client.root.relative_to(client.workspace).as_posix()
        self._listing = listing
        self._before = kept.files if kept is not None and kept.code == code else {}
        stamps = listing.files
        # What may have changed under its stamp was kept without one.
        self._same = {
            path: file for path, file in self._before.items() if file.stamp is not None and stamps.get(path) == file.stamp
        }
        self.kept = KeptFiles(code)
        self.problems = problems

    def shown(self, path: str) -> str:
        """Write a path as errors show it, from the workspace's root; '' is the client's folder itself."""
        return readable(f"{self._shown}/{path}" if path else self._shown)

    def value(self, path: str, parse: Callable[[bytes, str], T | None]) -> T | None:
        """Give what a file says; None where it cannot be read. `parse` takes its content and what errors call it."""
        known = self._same.get(path)
        if known is not None:
            self.kept.files[path] = known
            return cast("T", known.value)
        stamp, before = self._listing.files[path], self._before.get(path)
        settled = None if path in self._listing.unsettled else stamp
        content = self._content(path, stamp)
        if content is None:
            return None
        digest = _digest(content)
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
        if is_file(stamp):  # listed below real folders, and no link itself: it leads nowhere else
            content = _content_of(f"{self._root}/{path}", stamp[0])
            if content is not None:
                return content
        return read_content(self._client, self._client.root / path, self.problems)


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()


def _content_of(path: str, size: int) -> bytes | None:
    """Read a file of about this size; None where that fails, or a link came in its place: the long way tells why."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        parts = [os.read(descriptor, size + 1)]
        while parts[-1]:
            parts.append(os.read(descriptor, size + 1))
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return b"".join(parts)
