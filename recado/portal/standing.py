"""How a portal stands: from what it was built, and until when it says what is so. Read by every build, so kept small.

It stands in `.recado/portals`, which may be deleted at any time: then everything is made again.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, NamedTuple

from recado.portal.kept_json import read_json, write_json
from recado.portal.place import discard, marked_site
from recado.store.outline import Outline

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from pathlib import Path

    from recado.store.workspace import Workspace


class Standing(NamedTuple):
    """What one portal was built from. `site` is the digest of its content, '' of one that was withdrawn.

    `record` is the digest of the client's record and of the program, `listing` that of the client's files ('': not settled, to
    be looked at again), `others` stamps of files beside clients.yml that it uses. It was built at `since`, and what it says of
    today holds until `until` (both in seconds of the epoch; None: for ever). `outline` is that of the client's files.
    """

    site: str
    record: str
    listing: str
    others: Mapping[str, str]
    since: float
    until: float | None
    pages: int
    notes: tuple[str, ...] = ()
    outline: Outline = Outline()

    def holds(self, record: str, root: Path, place: Path, now: datetime) -> bool:
        """Tell whether a portal is still what its build made of the same record, and what it says of today still so."""
        is_time = self.since <= now.timestamp() and (self.until is None or now.timestamp() < self.until)
        return (
            self.record == record
            and is_time
            and marked_site(place) == self.site
            and all(stamp_of(root / name) == stamp for name, stamp in self.others.items())
        )


def stamp_of(file: Path) -> str:
    """Write the stamp of a file; '' where there is none."""
    try:
        state = file.stat()
    except OSError:
        return ""
    return f"{state.st_size} {state.st_mtime_ns} {state.st_ctime_ns} {state.st_ino}"


def state_folder(workspace: Workspace, site: Path | None, key: str) -> Path:
    """Give the folder of what is kept of one portal: another for each folder of portals."""
    other = f"@{hashlib.sha256(os.fsencode(site.resolve())).hexdigest()[:8]}" if site and site != workspace.site else ""
    return workspace.state / "portals" / f"{key}{other}"


def standing_of(state: Path) -> Standing | None:
    """Read how a portal stands; None where that is not known."""
    kept = read_json(state / "standing.json")
    try:
        return Standing(**(kept | {"notes": tuple(kept["notes"]), "outline": Outline(*kept["outline"])}))
    except (KeyError, TypeError):
        return None


def keep_standing(state: Path, standing: Standing) -> None:
    """Keep how a portal stands."""
    write_json(state / "standing.json", standing._asdict())


def forget_others(workspace: Workspace, keys: Collection[str]) -> None:
    """Take away what is kept of the portals of clients who are no more."""
    portals = workspace.state / "portals"
    for kept in portals.iterdir() if portals.is_dir() else ():
        if kept.is_dir() and kept.name.partition("@")[0] not in keys:
            discard(kept)


def kept_records(workspace: Workspace, inputs: str) -> dict[str, str] | None:
    """Give the clients of a practice that did not change, and the digest of each one's record; None where it did."""
    kept = read_json(workspace.state / "portals" / "practice.json")
    records = kept.get("records")
    return records if kept.get("inputs") == inputs and isinstance(records, dict) else None


def keep_records(workspace: Workspace, inputs: str, records: Mapping[str, str]) -> None:
    """Keep the clients of a practice, in their order, and the digest of each one's record."""
    write_json(workspace.state / "portals" / "practice.json", {"inputs": inputs, "records": dict(records)})
