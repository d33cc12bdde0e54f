"""Small things that are kept between builds, as JSON: whole or not at all. What cannot be kept costs time, nothing else."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from recado.store.sealed import sealed, unsealed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def read_json(file: Path) -> dict[str, Any]:
    """Read what was kept; nothing where it is gone, or not whole."""
    try:
        kept = json.loads(unsealed(file.read_bytes()))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def write_json(file: Path, value: Mapping[str, object]) -> None:
    """Keep it. A power cut may lose it: no sync."""
    aside = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(sealed(json.dumps(value).encode()))
        aside.replace(file)
