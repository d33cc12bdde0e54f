"""The installed theme (Material for MkDocs), as files: its stylesheet, its languages; and the versions that pages depend on.

Light: nothing of MkDocs is imported, for a build whose shells are kept needs no more than this.
"""

from __future__ import annotations

import json
import os
import re
import sys
from functools import lru_cache
from importlib.machinery import PathFinder
from pathlib import Path

from recado.errors import WorkError
from recado.speech import _

_BEHIND = "en"  # the theme's words, where a language lacks one


@lru_cache(maxsize=1)
def theme_templates() -> Path:
    """Give the folder of the theme's templates."""
    return _package("material") / "templates"


def theme_stylesheet() -> Path:
    """Give the theme's one stylesheet that pages use, as a file of the installed theme."""
    found = sorted((theme_templates() / "assets" / "stylesheets").glob("main.*.min.css"))
    if len(found) != 1:
        raise WorkError(
            _("The installed theme (mkdocs-material) has no stylesheet that is known here. Install a version that is locked.")
        )
    return found[0]


def theme_language(language: str) -> str:
    """Give the language of the theme's own words for a reader's language: English where it lacks that."""
    names = (language, language.split("-")[0])
    return next((name for name in names if _language_file(name).is_file()), _BEHIND)


def theme_word(language: str, key: str) -> str:
    """Give one of the theme's own words (`language`, `direction`) for a reader's language, as its templates do."""
    return _words(theme_language(language)).get(key) or _words(_BEHIND).get(key) or key


@lru_cache(maxsize=1)
def generator_versions() -> dict[str, str]:
    """Give the versions of all that a generated page depends on, from the names of what is installed."""
    packages = {"mkdocs": "mkdocs", "mkdocs-material": "material", "markdown": "markdown", "jinja2": "jinja2"}
    packages |= {"pymdown-extensions": "pymdownx", "nh3": "nh3"}  # for the VA's own pages
    return {name: _version(name, _package(package).parent) for name, package in packages.items()}


def _version(name: str, place: Path) -> str:
    wanted = name.replace("-", "_")
    for entry in os.listdir(place):  # noqa: PTH208 (half the time of making paths)
        told, _dash, version = entry.removesuffix(".dist-info").partition("-")
        if entry.endswith(".dist-info") and told.lower().replace("-", "_") == wanted:
            return version
    from importlib import metadata  # noqa: PLC0415 (late: 18 ms, and only for what is installed in another way)

    return metadata.version(name)


def _package(name: str) -> Path:
    loaded = sys.modules.get(name)
    origin = loaded.__file__ if loaded else getattr(PathFinder.find_spec(name), "origin", None)
    if origin is None:
        raise WorkError(_("{name} is not installed. Install Recado again: pip install recado.").format(name=name))
    return Path(origin).parent


def _language_file(name: str) -> Path:
    return theme_templates() / "partials" / "languages" / f"{name}.html"


@lru_cache(maxsize=8)
def _words(language: str) -> dict[str, str]:
    """Read a language of the theme's: a macro that holds a table of its words, one a line."""
    text = _language_file(language).read_text(encoding="utf-8")
    return {json.loads(key): json.loads(word) for key, word in _WORD.findall(text)}


_WORD = re.compile(r'^\s*("(?:[^"\\]|\\.)*"):\s*("(?:[^"\\]|\\.)*"),?\s*$', re.MULTILINE)
