"""Every word that a portal says is in the Spanish catalogue, with the same values in it, and none is there for nothing."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from recado.resources import program_templates

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

ROOT = Path(__file__).parents[2]
# `_` in Python is the terminal's word (recado/speech.py); what a client reads goes through the reader's gettext.
PYTHON = {"gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
TEMPLATES = PYTHON | {"_": None}
PLACES = (
    ("recado/portal", [("**.py", "python")], PYTHON),
    ("site_templates/parts", [("**.j2", "jinja2.ext:babel_extract")], TEMPLATES),
    ("site_templates/shells", [("**.j2", "jinja2.ext:babel_extract")], TEMPLATES),
    ("site_templates/theme", [("**.html", "jinja2.ext:babel_extract")], TEMPLATES),
)

Key = tuple[str | None, str]


@cache
def said() -> frozenset[Key]:
    """Find what the portal's code and templates say."""
    found: set[Key] = set()
    for folder, methods, keywords in PLACES:
        for _, _, words, _, context in extract_from_dir(ROOT / folder, method_map=methods, keywords=keywords):
            found.add((context, words if isinstance(words, str) else words[0]))
    return frozenset(found)


@cache
def catalogue(name: str) -> Catalog:
    with (program_templates() / "translations" / f"{name}.po").open("rb") as stream:
        return read_po(stream)


def keys(name: str) -> frozenset[Key]:
    return frozenset(
        (entry.context, entry.id if isinstance(entry.id, str) else entry.id[0]) for entry in catalogue(name) if entry.id
    )


def test_words_are_found_at_all() -> None:
    assert (None, "Skip to content") in said()
    assert ("status", "Under way") in said()
    assert (None, "one thing from you") in said()


def test_everything_is_said_in_spanish() -> None:
    assert sorted(said() - keys("es"), key=str) == []


def test_the_formal_catalogue_differs_only_in_what_there_is() -> None:
    assert keys("es@formal") <= keys("es")


# What click names in English whatever we speak: the sentence says it in its own words.
SAID_IN_ENGLISH = {
    "{name} {filename!r} is a directory.": {"name"},
    "{name} {filename!r} is a file.": {"name"},
    "{value!r} is not a valid {number_type}.": {"number_type"},
}


@pytest.mark.parametrize("name", ["es", "es@formal"])
def test_translations_are_whole_and_hold_the_same_values(name: str) -> None:
    for entry in catalogue(name):
        sources = _forms(entry.id)
        strings = _forms(entry.string)
        if not entry.id:
            continue
        assert all(strings), entry.id
        assert len(strings) == (catalogue(name).num_plurals if isinstance(entry.id, tuple) else 1), entry.id
        known = {field for source in sources for field in fields(source)}
        for string in strings:
            assert fields(string) <= known, entry.id
        # A singular may say "un día" for {number}; nothing else may get lost.
        assert fields(strings[-1]) == fields(sources[-1]) - SAID_IN_ENGLISH.get(str(entry.id), set()), entry.id


def test_formal_words_never_say_tu() -> None:
    assert [entry.string for entry in catalogue("es@formal") if entry.id and says_tu(entry.string)] == []


def test_what_says_tu_has_its_formal_words() -> None:
    """A client who is addressed as usted reads es@formal first and es behind it."""
    informal = {(entry.context, _forms(entry.id)[0]) for entry in catalogue("es") if entry.id and says_tu(entry.string)}
    assert sorted(informal & said() - keys("es@formal"), key=str) == []


def says_tu(text: object) -> bool:
    """Tell whether a translation addresses someone as tú: by its pronouns, or by the verbs that the catalogue uses."""
    words = {word.strip(".,:;¿?¡!«»") for form in _forms(text) for word in form.lower().split()}
    pronouns = {"tú", "tu", "tus", "te", "ti", "contigo", "tuya", "tuyo"}
    verbs = {"escribe", "escríbeme", "pregúntame", "cuéntame", "decide", "empieza", "mira", "tienes", "debes", "puedes"}
    return bool(
        words & (pronouns | verbs | {"ves", "necesitas", "gastes", "prefieres", "pides", "pediste", "sepas", "manda", "pégalo"})
    )


def _forms(text: object) -> tuple[str, ...]:
    """Give the forms of an entry: one, or the singular and the plurals."""
    return tuple(str(form) for form in text) if isinstance(text, list | tuple) else (str(text or ""),)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
