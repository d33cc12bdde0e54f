"""How a run stands, as it keeps it in `.recado/run.json` for `recado status`. Instants are ISO 8601; '' is none."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from recado.store.workspace import Workspace

FORMAT = 1


@dataclass(slots=True)
class MailboxStands:
    """The mailbox: when it was last looked through, and what is wrong since when."""

    address: str = ""
    host: str = ""
    is_connected: bool = False
    looked: str = ""
    filed: int = 0
    trouble: str = ""
    since: str = ""


@dataclass(slots=True)
class BuildsStand:
    """The portals: when one was last built, since when a build is at work; what is wrong with all, and with each client's."""

    at: str = ""
    seconds: float = 0.0
    busy: str = ""
    everywhere: list[str] = field(default_factory=list)
    trouble: dict[str, list[str]] = field(default_factory=dict)
    since: str = ""


@dataclass(slots=True)
class PlaceStands:
    """A place: when it was last seen to hold what it should, when something was last sent, and what is wrong since when."""

    held: str = ""
    sent: str = ""
    files: int = 0
    busy: str = ""
    trouble: str = ""
    since: str = ""
    next: str = ""


@dataclass(slots=True)
class JobStands:
    """A job: when it was last done, and what is wrong since when."""

    done: str = ""
    trouble: str = ""
    since: str = ""


@dataclass(slots=True)
class Standing:
    """All of it. `at` is when this was written, `ended` when the run came to its end."""

    pid: int
    version: str
    since: str
    at: str = ""
    ended: str = ""
    mailbox: MailboxStands = field(default_factory=MailboxStands)
    builds: BuildsStand = field(default_factory=BuildsStand)
    places: dict[str, PlaceStands] = field(default_factory=dict)
    jobs: dict[str, JobStands] = field(default_factory=dict)
    trouble: str = ""  # of the run itself: what it cannot keep
    format: int = FORMAT


def instant(at: datetime) -> str:
    """Write an instant in UTC, to the second."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def standing_file(workspace: Workspace) -> Path:
    """Give the place of what is kept."""
    return workspace.state / "run.json"


def lock_file(workspace: Workspace) -> Path:
    """Give the lock that a run holds as long as it lives."""
    return workspace.state / "locks" / "run.lock"


def written(standing: Standing) -> bytes:
    """Write how a run stands."""
    return json.dumps(asdict(standing), ensure_ascii=False, indent=1).encode(errors="replace")


def read_standing(content: bytes) -> Standing | None:
    """Read how a run stands; None where another program, or another version, wrote it."""
    try:
        data: dict[str, Any] = json.loads(content)
        if data["format"] != FORMAT:
            return None
        return Standing(
            **data
            | {
                "mailbox": MailboxStands(**data["mailbox"]),
                "builds": BuildsStand(**data["builds"]),
                "places": {name: PlaceStands(**place) for name, place in data["places"].items()},
                "jobs": {name: JobStands(**job) for name, job in data["jobs"].items()},
            }
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
