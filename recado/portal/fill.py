"""Filling: a page's parts, rendered from its model, placed in the finished shell of its kind.

A shell was cut at its slots beforehand, and a page is the joined list of pieces and values: no text ever meets a placeholder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, TemplateNotFound
from markupsafe import Markup, escape

from recado.resources import program_templates

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jinja2 import Template

    from recado.portal.page import Page, Shell
    from recado.speech import Catalogue


def parts_environment(words: Catalogue, overrides: Path | None = None) -> Environment:
    """Make the environment in which parts are rendered: everything is escaped, and a name that is not there is an error.

    `overrides` is a workspace's own `site_templates`: a file of its `parts/` stands before the program's of the same name.
    The words are global, so that imported macros have them too: `_`, `ngettext` and `pgettext` give plain text, which is
    escaped like any other; `{% trans %}` may hold markup of our own, and escapes what it is given.
    """
    folders = [folder / "parts" for folder in (overrides, program_templates()) if folder is not None]
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(_=words.gettext, gettext=words.gettext, ngettext=words.ngettext, pgettext=words.pgettext)
    return environment


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
    return {block: _block(template, block, page.model, page.root if root is None else root) for block in template.blocks}


def fill(shell: Shell, values: Mapping[str, str]) -> str:
    """Give the finished page. Plain text is escaped; Markup is placed as it is. Raises KeyError for a slot without a value."""
    filled = [shell.pieces[0]]
    for name, piece in zip(shell.slots, shell.pieces[1:], strict=True):
        filled.append(str(escape(values[name])))
        filled.append(piece)
    return "".join(filled)


def _block(template: Template, name: str, model: object, root: str) -> Markup:
    context = template.new_context({"page": model, "root": root})
    return Markup("".join(template.blocks[name](context)).strip())  # noqa: S704 (rendered with autoescape on)
