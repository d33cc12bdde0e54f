"""Dates as mail programs write them above what they quote: in English and Spanish, without asking the system's locale."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from recado.demo.mails.letter import Language

_DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "es": "lunes martes miércoles jueves viernes sábado domingo".split(),
}
_MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
}


def weekday(day: datetime, language: Language) -> str:
    """Give the name of the day."""
    return _DAYS[language][day.weekday()]


def month(day: datetime, language: Language) -> str:
    """Give the name of the month."""
    return _MONTHS[language][day.month - 1]


def twelve_hours(moment: datetime) -> str:
    """Give a time as `8:22 PM`."""
    return f"{moment.hour % 12 or 12}:{moment:%M} {'AM' if moment.hour < 12 else 'PM'}"  # noqa: PLR2004 (noon)
