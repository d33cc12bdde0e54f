"""Which language a reader is spoken to in, and the locale that writes its dates and numbers."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError

from recado.speech import SOURCE_LANGUAGE, languages

if TYPE_CHECKING:
    from pathlib import Path


def spoken_language(language: str, overrides: Path | None) -> str:
    """Give the language that the words will be in: the reader's, where the program or the workspace speaks it."""
    base = language.split("-")[0]
    own = overrides is not None and any((overrides / "translations" / f"{tag}.po").is_file() for tag in (language, base))
    return language if own or base in languages() or language in languages() else SOURCE_LANGUAGE


@lru_cache(maxsize=64)
def locale_of(language: str, country: str) -> Locale:
    """Find the locale of a language as a country uses it: `en` in Australia is en_AU; a pair that Babel lacks is the language.

    A language that names its country itself (`en-GB`) keeps it. What Babel does not know at all is read as English.
    """
    own = language.replace("-", "_")
    base = own.split("_")[0]
    for tag in (own, f"{base}_{country}") if "_" in own else (f"{own}_{country}",):
        found = _parsed(tag)
        # Babel answers a pair that it lacks with the language's largest country: en_ZZ would be American.
        if found is not None and found.territory == tag.split("_")[-1]:
            return found
    return _parsed(base) or Locale("en")


def _parsed(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag)
    except (UnknownLocaleError, ValueError):
        return None
