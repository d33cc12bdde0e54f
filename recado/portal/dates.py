"""Days in a reader's words: `Thursday 26`, `jueves 26 de noviembre`, by patterns that translators write for their language.

CLDR's own patterns are made for forms (`jueves, 26 de noviembre`); ours are what someone would say. A portal says the same few
days on all of its pages: what was written once is kept.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from babel.dates import format_date, format_time

from recado.portal.amounts import NO_BREAK

if TYPE_CHECKING:
    from datetime import date, time

    from babel import Locale

    from recado.speech import Catalogue


_KEPT = 4096


@lru_cache(maxsize=_KEPT)
def format_day(day: date, parts: str, locale: Locale, words: Catalogue, *, short: bool = False) -> str:
    """Write the named parts of a day, such as `weekday day month`; `short` abbreviates the names and never breaks."""
    pattern = (_month_first(parts) if _says_month_first(locale) else "") or _day_first(parts, words)
    if short:
        pattern = pattern.replace("EEEE", "EEE").replace("cccc", "ccc").replace("MMMM", "MMM").replace(" 'de' ", " ")
    written = format_date(day, pattern, locale=locale)
    return written.replace(" ", NO_BREAK) if short else written


@lru_cache(maxsize=_KEPT)
def format_clock(clock: time, pattern: str, locale: Locale) -> str:
    """Write a time of day, never broken; `pattern` is CLDR's, or `short` for the one of the locale: `6:50 pm`, `18:50`."""
    return format_time(clock, pattern, locale=locale).replace("\u202f", NO_BREAK).replace(" ", NO_BREAK)


def _says_month_first(locale: Locale) -> bool:
    return str(locale.datetime_skeletons["MMMd"].pattern).startswith("M")


def _day_first(parts: str, words: Catalogue) -> str:
    return {
        "weekday": "cccc",
        "weekday day": words.pgettext("date pattern", "EEEE d"),
        "weekday day month": words.pgettext("date pattern", "EEEE d MMMM"),
        "weekday day month year": words.pgettext("date pattern", "EEEE d MMMM y"),
        "day month": words.pgettext("date pattern", "d MMMM"),
        "day month year": words.pgettext("date pattern", "d MMMM y"),
        "month": "LLLL",
        "month year": words.pgettext("date pattern", "LLLL y"),
    }[parts]


def _month_first(parts: str) -> str:
    """Give the pattern of a country that says the month before the day (the United States); '' where it makes no difference."""
    return {
        "weekday day month": "EEEE, MMMM d",
        "weekday day month year": "EEEE, MMMM d, y",
        "day month": "MMMM d",
        "day month year": "MMMM d, y",
    }.get(parts, "")
