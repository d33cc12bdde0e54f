"""Reading a catalogue of words, `.po`, as it is written: whole, or what is wrong in it with its line.

A workspace may bring its own, and a translation that asks for what its sentence does not have would stop whoever says it.
"""

from __future__ import annotations

import re
from gettext import GNUTranslations
from io import BytesIO
from string import Formatter
from typing import TYPE_CHECKING, Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, PoFileParser

from recado.errors import FileError, Problem
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAMED = re.compile(r"%\((\w+)\)")


def compiled_words(file: Path) -> bytes:
    """Compile a catalogue, once it is whole. Raises FileError with what is wrong, and where."""
    shown = f"{file.parent.parent.name}/{file.parent.name}/{file.name}"  # site_templates/translations/es.po
    catalogue = _read(file, shown)
    problems = [Problem(shown, line, said) for line, said in _mistakes(catalogue)]
    if problems:
        raise FileError(problems)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    try:
        GNUTranslations(BytesIO(compiled.getvalue()))
    except (ValueError, LookupError) as error:  # what only gettext reads: the rule of the plurals
        said = _("the head of this file cannot be read ({reason}); expected the Plural-Forms of its language")
        raise FileError([Problem(shown, 1, said.format(reason=error))]) from error
    return compiled.getvalue()


def _read(file: Path, shown: str) -> Catalog:
    reached = 0

    def lines() -> Iterator[bytes]:
        nonlocal reached
        for line in file.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True):
            reached += 1
            yield line

    # What the file's head says of its plurals goes before what Babel knows of its language.
    catalogue = _Catalogue(locale=file.stem.partition("@")[0].replace("-", "_"))
    try:
        PoFileParser(catalogue, abort_invalid=True).parse(lines())
    except UnicodeDecodeError as error:
        problem = Problem(shown, reached, _("this is not UTF-8 text; expected the file saved as UTF-8"))
        raise FileError([problem]) from error
    except PoFileError as error:
        problem = Problem(shown, error.lineno + 1, _unreadable(error))
    except (ValueError, LookupError, TypeError, AttributeError) as error:  # what the reader of these files raises of a line
        problem = Problem(shown, reached, _unreadable(error))
    else:
        return catalogue
    raise FileError([problem])


class _Catalogue(Catalog):
    """A catalogue whose head always says how its plurals are formed: Babel leaves that out for a language it does not know."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The lines of the head."""
        said = [(name, value) for name, value in super().mime_headers if name != "Plural-Forms"]
        return [("Plural-Forms", self.plural_forms), *said]

    @mime_headers.setter
    def mime_headers(self, headers: list[tuple[str, str]]) -> None:
        Catalog.mime_headers.__set__(self, headers)


def _unreadable(error: Exception) -> str:
    said = _("this line is no part of a catalogue ({reason}); expected msgid and msgstr, each with a text in double quotes")
    return said.format(reason=str(error) or type(error).__name__)


def _mistakes(catalogue: Catalog) -> Iterator[tuple[int, str]]:
    """Find the translations that could not be said: those that ask for a value that their sentence does not have."""
    for entry in catalogue:
        if not entry.id or entry.fuzzy:  # the head, and what is not used
            continue
        known = set().union(*(_values(form) for form in _forms(entry.id)))
        for form in _forms(entry.string):
            try:
                strange = sorted(_values(form) - known)
            except ValueError:
                yield entry.lineno or 1, _("a brace stands alone in this translation; expected the braces of its msgid")
                continue
            if strange:
                said = _(
                    "this translation has {{{value}}}, which its msgid has not; expected the values of the msgid, as they are"
                )
                yield entry.lineno or 1, said.format(value=strange[0])


def _values(text: str) -> set[str]:
    """List the values a sentence is filled with. Raises ValueError where its braces do not agree."""
    return {name for _text, name, _form, _turn in Formatter().parse(text) if name is not None} | set(_NAMED.findall(text))


def _forms(text: Any) -> tuple[str, ...]:
    return tuple(str(form) for form in text) if isinstance(text, list | tuple) else (str(text or ""),)
