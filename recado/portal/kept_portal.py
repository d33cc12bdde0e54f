"""What is kept of a portal between builds: what was read, from what each page was made, and what stands in its folder.

It stands in `.recado/portals`. It is of use only together with the folder that it describes, which carries the same digest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from recado.portal.program import digest_of
from recado.store.kept_value import read_kept, write_kept

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from recado.model.client_work import Thread
    from recado.store.kept_files import KeptFiles
    from recado.store.listing import Listing

_MODULES = ("recado.model", "recado.portal.kept_portal", "recado.store.kept_files", "recado.store.listing")


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page that was made: from what, when, and until when it may stand (seconds of the epoch; None: for ever).

    `digest` is that of its HTML, `entry` its entry for the search.
    """

    inputs: str
    since: float
    until: float | None
    digest: str
    entry: str = ""

    def stands(self, inputs: str, now: datetime) -> bool:
        """Tell whether the page of these inputs is this one, and what it says of today still so."""
        moment = now.timestamp()
        return self.inputs == inputs and self.since <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that was published: `key` tells from what, `digest` is that of its content."""

    key: str
    digest: str


@dataclass(frozen=True, slots=True)
class KeptPortal:
    """What was kept of one portal. `site` is the digest of its content.

    `threads` are those prepared to be shown, by what they were read from; `pages` and `files` are known by their path.
    """

    site: str
    listing: Listing
    read: KeptFiles
    threads: Mapping[bytes, Thread] = field(default_factory=dict)
    pages: Mapping[str, KeptPage] = field(default_factory=dict)
    files: Mapping[str, KeptFile] = field(default_factory=dict)


def read_portal(state: Path, program: str) -> KeptPortal | None:
    """Give what was kept by the same program; None where there is nothing of use."""
    kept = read_kept(state / "kept", program.encode(), _MODULES)
    return kept if isinstance(kept, KeptPortal) else None


def keep_portal(state: Path, program: str, portal: KeptPortal) -> None:
    """Keep it for the next build; what cannot be kept costs time, nothing else."""
    write_kept(state / "kept", program.encode(), portal)


def digest_of_site(pages: Mapping[str, KeptPage], files: Mapping[str, KeptFile]) -> str:
    """Give the digest of a portal's content: every path in it, and what stands there."""
    told = {path: page.digest for path, page in pages.items()} | {path: file.digest for path, file in files.items()}
    return digest_of(*(f"{path} {told[path]}" for path in sorted(told)))
