"""Filling: a page's parts, rendered from its model, placed in the finished shell of its kind.

A shell was cut at its slots beforehand, and a page is the joined list of pieces and values: no text ever meets a placeholder.
"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound
from markupsafe import Markup, escape

from recado.portal.compiled_parts import CompiledParts
from recado.resources import program_templates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, MutableMapping

    from recado.portal.page import Page, Shell
    from recado.speech import Catalogue


def parts_environment(words: Catalogue, overrides: Path | None = None) -> Environment:
    """Make the environment in which parts are rendered: everything is escaped, and a name that is not there is an error.

    `overrides` is a workspace's own `site_templates`: a file of its `parts/` stands before the program's of the same name.
    The words are global, so that imported macros have them too: `_`, `ngettext` and `pgettext` give plain text, which is
    escaped like any other; `{% trans %}` may hold markup of our own, and escapes what it is given.

    Portals in one language share one, while no file of theirs changes.
    """
    folders = tuple(folder / "parts" for folder in (overrides, program_templates()) if folder is not None)
    return _environment(words, folders, tuple(_stamps(folders)))


def parts(environment: Environment, page: Page, root: str | None = None) -> dict[str, Markup]:
    """Render each block of `parts/KIND.html.j2` for a page: what goes into the slots of that name.

    A template sees `page` (the model), `root` (the way up to the portal's root; `page.root` unless told) and the words.
    A kind without a file has no slots.
    """
    name = f"{page.kind}.html.j2"
    try:
        template = environment.get_template(name)
    except TemplateNotFound as missing:
        if missing.name != name:
            raise
        return {}
    seen = dict(environment.globals, page=page.model, root=page.root if root is None else root)
    context = template.new_context(seen, shared=True)  # for all of its blocks: none of them may change it
    return {
        name: Markup("".join(block(context)).strip())  # noqa: S704 (rendered with autoescape on)
        for name, block in template.blocks.items()
    }


def fill(shell: Shell, values: Mapping[str, str]) -> str:
    """Give the finished page. Plain text is escaped; Markup is placed as it is. Raises KeyError for a slot without a value."""
    filled = [shell.pieces[0]]
    for name, piece in zip(shell.slots, shell.pieces[1:], strict=True):
        value = values[name]
        filled += (value if isinstance(value, Markup) else escape(value), piece)
    return "".join(filled)


class _Parts(Environment):
    """An environment whose templates have no globals of their own: all see the same, in one plain dictionary."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Give the globals of a template. The library's chain of two dictionaries takes a third of the time of rendering."""
        return {**self.globals, **(d or {})}


@lru_cache(maxsize=8)
def _environment(words: Catalogue, folders: tuple[Path, ...], stamps: tuple[_Stamp, ...]) -> Environment:  # noqa: ARG001
    """Make one; the stamps of all files are part of what it is known by."""
    environment = _Parts(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FileSystemLoader(folders),
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=CompiledParts(program_templates()),
    )
    environment.globals.update(_=words.gettext, gettext=words.gettext, ngettext=words.ngettext, pgettext=words.pgettext)
    return environment


_Stamp = tuple[str, int, int, int, int]


def _stamps(folders: Iterable[Path]) -> Iterator[_Stamp]:
    """Tell how all templates of some folders stand: the path, the size, the times and the inode of each."""
    for folder in folders:
        for place, inner, names in os.walk(folder):
            inner[:] = sorted(set(inner) - {"__pycache__"})
            for name in sorted(names):
                path = Path(place, name)
                with suppress(OSError):  # it was there a moment ago
                    found = path.stat()
                    yield str(path), found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino
