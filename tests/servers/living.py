"""Whether a process lives, by its number: one that ended and was not yet asked for does not."""

from __future__ import annotations

from pathlib import Path

_DEAD = {"Z", "X"}


def is_alive(process: int) -> bool:
    """Tell whether it is at work."""
    try:
        return Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] not in _DEAD
    except OSError:
        return False
