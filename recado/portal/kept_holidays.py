"""Public holidays, kept with the portal that names them: their library takes as long to load as a page to make."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from recado.portal.kept_json import read_json, write_json
from recado.portal.pages.public_holidays import Asked, public_holidays

if TYPE_CHECKING:
    from pathlib import Path


class KeptHolidays:
    """Knows public holidays, as `public_holidays` does. `file` is where they are kept, None: nowhere."""

    def __init__(self, file: Path | None, inputs: str) -> None:
        """Take up what was kept by the same program, of the digest `inputs`."""
        self._file = file
        self._inputs = inputs
        self._known: dict[Asked, tuple[tuple[date, str], ...]] | None = None

    def __call__(self, asked: Asked) -> tuple[tuple[date, str], ...]:
        """Give the holidays of a country and a year."""
        known = self._known if self._known is not None else _read(self._file, self._inputs)
        self._known = known
        if asked not in known:
            known[asked] = public_holidays(asked)
            if self._file is not None:
                years = [[*each, [[day.isoformat(), name] for day, name in days]] for each, days in known.items()]
                write_json(self._file, {"inputs": self._inputs, "years": years})
        return known[asked]


def _read(file: Path | None, inputs: str) -> dict[Asked, tuple[tuple[date, str], ...]]:
    kept = read_json(file) if file else {}
    if kept.get("inputs") != inputs:
        return {}
    try:
        return {
            Asked(*each): tuple((date.fromisoformat(day), str(name)) for day, name in days) for *each, days in kept["years"]
        }
    except (KeyError, TypeError, ValueError):
        return {}
