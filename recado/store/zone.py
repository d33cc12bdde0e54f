"""The time zone this machine is set to, as far as the system tells it."""

from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import available_timezones


def local_zone() -> str | None:
    """Give the IANA name of the system's zone; None where it tells none (or only UTC, which nobody lives in)."""
    told = os.environ.get("TZ", "").lstrip(":")
    link = Path("/etc/localtime")
    named = told or (str(link.resolve()).partition("zoneinfo/")[2] if link.is_symlink() else "")
    return named if named in available_timezones() and not named.startswith(("Etc/", "UTC")) else None
