"""What is kept of a portal between builds: what was read, from what each page was made, and what stands in its folder.

It stands in `.recado/portals`. It is of use only together with the folder that it describes, which carries the same digest.
"""

from __future__ import annotations

from contextlib import suppress
from operator import is_
from secrets import token_hex
from typing import TYPE_CHECKING, Any, NamedTuple

from recado.portal.program import digest_of
from recado.portal.standing import stamp_of
from recado.store.kept_value import read_kept, write_kept
from recado.store.packed_files import pack_files, unpack_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from recado.model.client_work import Thread
    from recado.store.kept_files import KeptFiles
    from recado.store.listing import Listing
    from recado.store.packed_files import PackedFiles, Values

_VALUES = "values-"
_MODULES = ("recado.model", "recado.portal.kept_portal", "recado.store.kept_files", "recado.store.packed_files")


class KeptPage(NamedTuple):
    """A page that was made: from what, when, and until when it may stand (seconds of the epoch; None: for ever).

    `digest` is that of its HTML.
    """

    inputs: str
    since: float
    until: float | None
    digest: str

    def stands(self, inputs: str, now: datetime) -> bool:
        """Tell whether the page of these inputs is this one, and what it says of today still so."""
        moment = now.timestamp()
        return self.inputs == inputs and self.since <= moment and (self.until is None or moment < self.until)


class KeptFile(NamedTuple):
    """A file that was published: `key` tells from what, `digest` is that of its content."""

    key: str
    digest: str


class KeptPortal(NamedTuple):
    """What was kept of one portal. `site` is the digest of its content.

    `threads` are those prepared to be shown, by what they were read from (None: shown as it was read); `pages` and `files` are
    known by their path, `groups` those of the values in `read`.
    """

    site: str
    listing: Listing
    read: KeptFiles
    threads: Mapping[bytes, Thread | None] = {}
    pages: Mapping[str, KeptPage] = {}
    files: Mapping[str, KeptFile] = {}
    groups: Mapping[str, Group] = {}


class Group(NamedTuple):
    """What some of a client's files said, and the name under which that is kept. One in which nothing changed stays."""

    name: str
    values: Values


class _Kept(NamedTuple):
    """A kept portal, packed; the values of each group stand in a file of its own."""

    site: str
    packed: PackedFiles
    groups: Mapping[str, str]
    threads: Mapping[bytes, Thread | None]
    pages: Mapping[str, tuple[Any, ...]]
    files: Mapping[str, KeptFile]


# The one that this process kept last, with the stamp of its file: who watches and builds needs the same one again and again.
_held: dict[Path, tuple[str, str, KeptPortal]] = {}


def read_portal(state: Path, program: str) -> KeptPortal | None:
    """Give what was kept by the same program; None where there is nothing of use."""
    file, key = state / "kept", program.encode()
    held = _held.get(file)
    if held is not None and held[:2] == (program, stamp_of(file)):
        return held[2]
    _held.clear()
    kept = read_kept(file, key, _MODULES)
    if not isinstance(kept, _Kept):
        return None
    try:
        groups = {group: Group(name, values) for group, name in kept.groups.items() if (values := _values(state / name, key))}
        listing, read = unpack_files(kept.packed, {group: each.values for group, each in groups.items()})
        pages = {url: KeptPage(*page) for url, page in kept.pages.items()}
    except (ValueError, KeyError, StopIteration, TypeError, AttributeError):  # they do not fit together
        return None
    return KeptPortal(kept.site, listing, read, kept.threads, pages, kept.files, groups)


def keep_portal(state: Path, program: str, portal: KeptPortal) -> None:
    """Keep it for the next build; what cannot be kept costs time, nothing else. `portal.groups` are those of the last one."""
    file, key = state / "kept", program.encode()
    packed, values = pack_files(portal.listing, portal.read)
    groups = {group: _kept_group(state, key, portal.groups.get(group), some) for group, some in values.items()}
    names = {group: each.name for group, each in groups.items()}
    pages = {url: tuple(page) for url, page in portal.pages.items()}  # plain ones: there are thousands
    write_kept(file, key, _Kept(portal.site, packed, names, portal.threads, pages, portal.files))
    for old in state.glob(f"{_VALUES}*"):
        if old.name not in names.values():
            with suppress(OSError):
                old.unlink()
    _held.clear()
    _held[file] = (program, stamp_of(file), portal._replace(groups=groups))


def _kept_group(state: Path, key: bytes, before: Group | None, values: Values) -> Group:
    """Keep the values of a group, unless they are the very same as before."""
    if before and len(before.values) == len(values) and all(map(is_, before.values, values)):
        return before
    name = f"{_VALUES}{token_hex(8)}"
    write_kept(state / name, key, values)
    return Group(name, values)


def _values(file: Path, key: bytes) -> Values:
    values = read_kept(file, key, _MODULES)
    return values if isinstance(values, tuple) else ()


def digest_of_site(pages: Mapping[str, KeptPage], files: Mapping[str, KeptFile]) -> str:
    """Give the digest of a portal's content: every path in it, and what stands there."""
    told = {path: page.digest for path, page in pages.items()} | {path: file.digest for path, file in files.items()}
    return digest_of(*(f"{path} {told[path]}" for path in sorted(told)))
