"""The installed theme, looked at without importing it."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from recado.portal.theme import generator_versions, theme_language, theme_stylesheet, theme_word

ROOT = Path(__file__).parents[2]


def test_versions_are_those_that_are_installed() -> None:
    assert generator_versions() == {name: metadata.version(name) for name in generator_versions()}
    assert {"mkdocs", "mkdocs-material", "markdown", "jinja2"} <= generator_versions().keys()


def test_nothing_is_imported_for_a_digest() -> None:
    program = """
import sys
from recado.portal.shells import ShellWork, begin_shells, shells_digest
from recado.portal.theme import theme_stylesheet
shells_digest(ShellWork("es", False, None, ()), {})
theme_stylesheet()
print(*[name for name in ("mkdocs", "material", "markdown", "jinja2", "babel", "importlib.metadata", "tempfile", "logging")
        if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)  # noqa: S603
    assert (done.returncode, done.stderr, done.stdout.strip()) == (0, "", "")


@pytest.mark.parametrize(
    ("language", "own", "direction"),
    [("en", "en", "ltr"), ("es-MX", "es", "ltr"), ("he", "he", "rtl"), ("pt-BR", "pt-BR", "ltr"), ("xx", "en", "ltr")],
)
def test_the_themes_own_words_are_those_of_its_language_or_english(language: str, own: str, direction: str) -> None:
    assert theme_language(language) == own
    assert theme_word(language, "direction") == direction
    assert theme_word(language, "no.such.word") == "no.such.word"


def test_there_is_one_stylesheet() -> None:
    assert theme_stylesheet().read_text(encoding="utf-8").startswith("@charset")
