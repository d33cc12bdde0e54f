"""The calendar of one country's public holidays, without those of all others: a page that needs none pays for none."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from holidays import HolidayBase

    Calendar = type[HolidayBase]

_ALL = "holidays.countries"


@lru_cache(maxsize=16)
def country_calendar(country: str) -> Calendar | None:
    """Give the calendar of a country by its ISO 3166-1 code; None where the library has none."""
    import holidays  # noqa: PLC0415 (late: 25 ms)
    from holidays.registry import COUNTRIES  # noqa: PLC0415

    known = {codes[1]: (module, codes[0]) for module, codes in COUNTRIES.items()}
    if country not in known:
        return None
    module, name = known[country]
    with _none_of_the_others(Path(holidays.__file__).parent):
        found: Calendar = getattr(import_module(f"{_ALL}.{module}"), name)
    return found


@contextmanager
def _none_of_the_others(library: Path) -> Iterator[None]:
    """Let a module of the library's countries be imported without its package, which imports 200 of them: 60 ms."""
    if _ALL in sys.modules:
        yield
        return
    bare = ModuleType(_ALL)
    bare.__path__ = [str(library / "countries")]
    sys.modules[_ALL] = bare
    try:
        yield
    finally:
        sys.modules.pop(_ALL, None)
