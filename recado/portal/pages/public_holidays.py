"""A country's public holidays of one year, by their names in a reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from recado.portal.pages.country_calendar import Calendar

_LANGUAGES = {"en": ("en_GB", "en_US", "en_AU", "en")}  # in the order in which we would rather read them


class Asked(NamedTuple):
    """Which holidays: of what country (ISO 3166-1), what part of it (None: all of it), in what language, of what year."""

    country: str
    subdivision: str | None
    language: str
    year: int


Holidays = Callable[[Asked], tuple[tuple[date, str], ...]]


@lru_cache(maxsize=64)
def public_holidays(asked: Asked) -> tuple[tuple[date, str], ...]:
    """Give them in the order of the year; none of a country that nobody has a calendar of."""
    from recado.portal.pages.country_calendar import country_calendar  # noqa: PLC0415 (late, with the library: 40 ms)

    calendar = country_calendar(asked.country)
    if calendar is None:
        return ()
    days = calendar(
        subdiv=asked.subdivision if asked.subdivision in calendar.subdivisions else None,
        years=asked.year,
        language=_language(calendar, asked.language),
    )
    return tuple((day, str(name)) for day, name in sorted(days.items()) if day.year == asked.year)


def _language(calendar: Calendar, language: str) -> str | None:
    """Find the name of the reader's language as a calendar knows it, else that of the country's own.

    Told none, the library would take the language of the machine it runs on.
    """
    wanted = (language.replace("-", "_"), *_LANGUAGES.get(language[:2], (language[:2],)))
    return next((name for name in wanted if name in calendar.supported_languages), calendar.default_language)
