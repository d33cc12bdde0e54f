"""The program's words in a reader's language: gettext catalogues, written as `.po`, and no step to make them ready.

Adding a language is adding `site_templates/translations/LANGUAGE.po`. A catalogue `es@formal.po` holds only what differs
when a client is addressed formally, and stands before `es.po`.
"""

from __future__ import annotations

import gettext as stdlib_gettext
import os
import stat
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING

from recado.resources import program_templates

if TYPE_CHECKING:
    from pathlib import Path

SOURCE_LANGUAGE = "en"


class Catalogue:
    """The words of one language. What no catalogue has stands in English, as it is written in the code."""

    def __init__(self, chain: stdlib_gettext.NullTranslations) -> None:
        """Take the catalogues of a language, the most particular first, as one gettext chain."""
        self._chain = chain

    def gettext(self, text: str) -> str:
        """Translate one sentence."""
        return self._chain.gettext(text) if text else text

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Translate a sentence about `number` things, by the language's own plural rule."""
        return self._chain.ngettext(one, many, number)

    def pgettext(self, context: str, text: str) -> str:
        """Translate a word that needs its context told: `pgettext("status", "Done")`."""
        return self._chain.pgettext(context, text)


def catalogue(language: str, *, formal: bool = False, overrides: Path | None = None) -> Catalogue:
    """Give the words of a BCP 47 language, as its files say them now. Raises FileError with what is wrong in them.

    `es-MX` looks for `es-MX.po`, then `es.po`; formal address for `es-MX@formal.po` and `es@formal.po` before them.
    `overrides` is a workspace's own `site_templates`, whose `translations/` stand before the program's. English without a
    file is the source itself.
    """
    folders = [folder for folder in (overrides, program_templates()) if folder is not None]
    base = language.split("-")[0]
    names = [language] if language == base else [language, base]
    if formal:
        names = [f"{name}@formal" for name in names] + names
    files = [folder / "translations" / f"{name}.po" for name in names for folder in folders]
    return _chained(tuple((file, *stamp) for file in files if (stamp := _stamp(file)) is not None))


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        state = file.stat()
    except OSError:
        return None
    return (state.st_size, state.st_mtime_ns, state.st_ctime_ns) if stat.S_ISREG(state.st_mode) else None


@lru_cache(maxsize=64)
def _chained(stamped: tuple[tuple[Path, int, int, int], ...]) -> Catalogue:
    """Chain the catalogues of some files. What they are kept by tells also when they were changed."""
    chain = stdlib_gettext.NullTranslations()
    if stamped:
        from recado.compiled_words import translations_of  # noqa: PLC0415 (late: English needs none)

        for file, *_stamp in reversed(stamped):
            # A new object each time: one that two chains share would carry the fallbacks of both.
            translations = translations_of(file)
            translations.add_fallback(chain)
            chain = translations
    return Catalogue(chain)


def languages() -> tuple[str, ...]:
    """List the languages the program itself speaks."""
    files = (program_templates() / "translations").glob("*.po")
    return tuple(sorted({SOURCE_LANGUAGE, *(file.stem.split("@")[0] for file in files)}))


# ---- The terminal's language: that of the person at the keyboard, not of a client ----

_terminal: ContextVar[Catalogue | None] = ContextVar("terminal", default=None)


def speak(language: str | None) -> None:
    """Set the language in which commands and errors speak. None: English."""
    speaks = language is not None and language.split("-")[0] != SOURCE_LANGUAGE
    _terminal.set(catalogue(language) if language is not None and speaks else None)


def terminal_language(environment: dict[str, str] | os._Environ[str] = os.environ) -> str:
    """Tell the language of a terminal: `RECADO_LANGUAGE`, else the locale's variables, as gettext reads them."""
    for name in ("RECADO_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value:
            language = value.split(":")[0].split(".")[0].split("@")[0].replace("_", "-")
            return SOURCE_LANGUAGE if language in {"C", "POSIX", ""} else language
    return SOURCE_LANGUAGE


def _(text: str) -> str:
    """Translate a sentence for the person at the terminal."""
    words = _terminal.get()
    return words.gettext(text) if words else text


def pgettext(context: str, text: str) -> str:
    """Translate a word that needs its context told, for the person at the terminal."""
    words = _terminal.get()
    return words.pgettext(context, text) if words else text


def ngettext(one: str, many: str, number: int) -> str:
    """Translate a sentence about `number` things for the person at the terminal."""
    words = _terminal.get()
    return words.ngettext(one, many, number) if words else (one if number == 1 else many)
