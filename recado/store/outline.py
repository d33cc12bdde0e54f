"""The outline of a listing: what is looked at to see whether a client's files are still the same, without walking through them.

Light and quick, for every build asks it of every file of a practice.
"""

from __future__ import annotations

import os
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from recado.store.listing import digest_of_stamps

if TYPE_CHECKING:
    from recado.store.listing import Listing, Stamp
    from recado.store.workspace import ClientFolder


class Outline(NamedTuple):
    """What is looked at to see whether a listing would still be the same: folders and files, one a line, and digests of both.

    A folder in which a name came or went has another stamp. '' where only a listing tells.
    """

    folders: str = ""
    files: str = ""
    digest_of_folders: str = ""
    digest_of_files: str = ""


class Seen(Enum):
    """What a look at an outline tells of a client's files."""

    SAME = auto()
    OTHER = auto()
    UNKNOWN = auto()


def outline_of(listing: Listing) -> Outline:
    """Give the outline of a listing; none where it holds a link, which may lead to what changes elsewhere."""
    seen = listing.folders | listing.files
    if not listing.folders or listing.unsettled or any(stamp[0] < 0 for stamp in seen.values()):
        return Outline()
    if any("\n" in path for path in seen):
        return Outline()
    digests = [digest_of_stamps(stamps.values()) for stamps in (listing.folders, listing.files)]
    return Outline("\n".join(listing.folders), "\n".join(listing.files), *digests) if all(digests) else Outline()


def look_at_outline(folder: ClientFolder, outline: Outline) -> Seen:
    """Tell whether a listing would be as the one of the outline; UNKNOWN where names came or went: only a listing tells."""
    if not outline.digest_of_folders:
        return Seen.UNKNOWN
    root = f"{folder.root}/"
    try:
        if outline.files and digest_of_stamps(_stamps_of(root, outline.files)) != outline.digest_of_files:
            return Seen.OTHER
        is_same = digest_of_stamps(_stamps_of(root, outline.folders)) == outline.digest_of_folders
    except (OSError, ValueError):  # a file that is gone may have gone to another folder
        return Seen.UNKNOWN
    return Seen.SAME if is_same else Seen.UNKNOWN


def _stamps_of(root: str, paths: str) -> list[Stamp]:
    """Stamp what an outline names. Called for every file of a practice."""
    look = os.lstat
    stamps: list[Stamp] = []
    for path in paths.split("\n"):
        found = look(root + path)
        stamps.append((found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino))
    return stamps
