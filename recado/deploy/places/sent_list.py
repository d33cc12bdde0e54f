"""What was sent to a place, as far as it can be told from here: the stamp of each file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recado.deploy.walk import Stamp
from recado.portal.kept_json import read_json, write_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_SECOND = 1_000_000_000  # nanoseconds


class SentList(NamedTuple):
    """The files of one release, by their paths."""

    release: str
    files: Mapping[str, Stamp]


def is_mistaken(one: Stamp, other: Stamp) -> bool:
    """Tell whether rsync, which knows seconds, takes the one file for the other though it is another."""
    return one != other and one.size == other.size and one.modified // _SECOND == other.modified // _SECOND


def read_list(file: Path) -> SentList | None:
    """Read what was kept; None where it is gone, or not whole."""
    kept = read_json(file)
    try:
        return SentList(str(kept["release"]), {path: Stamp(*stamp) for path, stamp in kept["files"].items()})
    except (KeyError, TypeError, AttributeError):
        return None


def keep_list(file: Path, sent: SentList) -> None:
    """Keep it; what cannot be kept costs time."""
    write_json(file, {"release": sent.release, "files": sent.files})
