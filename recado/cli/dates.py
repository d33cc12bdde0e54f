"""Instants in lists on the terminal: short, in the reader's language, in the practice's own time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.speech import SOURCE_LANGUAGE, terminal_language

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

_THIS_YEAR = 300  # days: longer ago, the year says more than the hour


def short_instant(at: datetime, zone: tzinfo, now: datetime) -> str:
    """Write an instant of a list: `24 Nov 08:12`, or `24 Nov 2024` where it is long ago (or far ahead)."""
    from babel.dates import format_datetime  # noqa: PLC0415 (late: not for --json)

    from recado.portal.locales import locale_of, spoken_language  # noqa: PLC0415

    language = spoken_language(terminal_language(), None) or SOURCE_LANGUAGE
    pattern = "d MMM HH:mm" if abs((now - at).days) <= _THIS_YEAR else "d MMM y"
    return format_datetime(at.astimezone(zone), pattern, locale=locale_of(language, "ES" if language == "es" else "GB"))
