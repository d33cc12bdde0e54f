"""A portal the plain way: one Markdown file a page, all of them through one ordinary MkDocs project with our theme.

Nothing of the program's shells is used here. What is shared is what a page says (its parts, cleaned and escaped), which enters
where a plugin of MkDocs would let it in: at `on_page_content`, and what stands around the page as escaped `page.meta`.
"""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING, Any

import yaml
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.base import Config
from mkdocs.plugins import BasePlugin

from recado.portal.brand import palette
from recado.portal.fill import parts, parts_environment
from recado.portal.own_pages import own_pages
from recado.portal.pages import pages_of
from recado.portal.reader import Reader
from recado.portal.site import Frame
from recado.portal.theme import theme_language, theme_stylesheet
from recado.resources import program_templates

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    import pytest

    from recado.model.client_work import ClientWork
    from recado.portal.page import Page
    from recado.speech import Catalogue

PLACES = ("index.html", "requests/index.html", "new.html", "invoices/index.html", "welcome.html")
NOT_FOUND = "404.html"  # to MkDocs no page but a file of the theme: built like the others, and not in the sitemap


def published_plainly(work: ClientWork, now: datetime, folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """Build a client's portal with MkDocs alone, on the day of `now`; gives the folder of what it published.

    `folder` is empty, and holds the project afterwards.
    """
    reader = Reader.of(work.record, now)
    pages = list(pages_of(work, reader))
    pages += own_pages(work.pages, reader.words, [page.url for page in pages])
    frame = Frame.of(work, reader, palette(work.record.client.brand.colour or work.record.business.brand.colour))
    environment = parts_environment(reader.words)
    values = {page.url: _escaped(frame.values(page) | parts(environment, page, frame.root(page))) for page in pages}
    address = work.record.business.portal_url
    return build_plainly(
        folder,
        {page.url: _source(page, reader.words, values[page.url]) for page in pages},
        f"{address.rstrip('/')}/{work.record.key}/" if address else None,
        now,
        patch,
        language=reader.language,
        plugin=_plugin(values, reader.words),
    )


def build_plainly(
    folder: Path,
    sources: Mapping[str, str],
    address: str | None,
    now: datetime,
    patch: pytest.MonkeyPatch,
    *,
    language: str = "en",
    plugin: object = None,
) -> Path:
    """Write a project (the Markdown of each page by its URL) and build it; gives the folder of what was published."""
    for url, source in sources.items():
        file = folder / "docs" / f"{url.removesuffix('.html')}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source, encoding="utf-8")
    project = {
        "site_name": "Portal",
        "site_url": address,
        "use_directory_urls": False,
        "theme": {
            "name": "material",
            "custom_dir": str(program_templates() / "theme"),
            "language": theme_language(language),
            "font": False,
        },
        "plugins": [],
        "markdown_extensions": ["attr_list", {"tables": {"use_align_attribute": True}}, "md_in_html"],
        "nav": [{_front(sources[url])["title"]: f"{url.removesuffix('.html')}.md"} for url in PLACES if url in sources] or None,
        "not_in_nav": "*\n",
        "extra": {"slots": {}, "theme_stylesheet": theme_stylesheet().name},
    }
    (folder / "mkdocs.yml").write_text(json.dumps(project), encoding="utf-8")  # JSON is YAML
    patch.setenv("NO_MKDOCS_2_WARNING", "1")
    patch.setenv("SOURCE_DATE_EPOCH", str(int(now.timestamp())))
    patch.setattr(logging.getLogger("mkdocs"), "propagate", False)
    configuration: Any = load_config(str(folder / "mkdocs.yml"))
    configuration.theme.static_templates.discard(NOT_FOUND)  # ours is not the theme's
    if plugin is not None:
        configuration.plugins["portal"] = plugin
    else:
        patch.setattr(configuration.theme, "dirs", [configuration.theme.dirs[-1]])  # only the sitemap is asked for
        (folder / "bare").mkdir()
        (folder / "bare" / "main.html").touch()
        configuration.theme.dirs.insert(0, str(folder / "bare"))
    configuration.plugins.on_startup(command="build", dirty=False)
    build(configuration)
    return folder / "site"


def _source(page: Page, words: Catalogue, values: Mapping[str, str]) -> str:
    """Write the Markdown of a page: our words of its kind, and marks where its parts go."""
    environment = Environment(
        autoescape=False,  # noqa: S701 (Markdown of our own words and of marks)
        undefined=StrictUndefined,
        loader=ChoiceLoader([FileSystemLoader(program_templates() / "shells")]),
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(_=words.gettext, gettext=words.gettext, ngettext=words.ngettext, pgettext=words.pgettext)
    text = environment.get_template(f"{page.kind}.md.j2").render(slot=_mark)
    lost = {name for name in _marked(text) if name not in values}
    assert not lost, f"{page.url} has nothing for {lost}"
    return text


def _front(source: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(source.split("---\n", 2)[1])
    return found


def _plugin(values: Mapping[str, Mapping[str, Markup]], words: Catalogue) -> object:
    class NoOptions(Config):  # type: ignore[no-untyped-call,misc,unused-ignore] # MkDocs types its plugins in part
        pass

    class Portal(BasePlugin[NoOptions]):  # type: ignore[no-untyped-call,misc,unused-ignore] # the same
        """What a person would write to get mail into a MkDocs site."""

        def on_page_markdown(self, markdown: str, page: Any, config: Any, files: Any) -> str:
            del config, files
            page.meta["title"] = values[page.file.dest_uri]["title"]
            return markdown

        def on_page_content(self, html: str, page: Any, config: Any, files: Any) -> str:
            del config, files
            own = values[page.file.dest_uri]
            return _MARKED.sub(lambda mark: own[_name(mark)], html)

        def on_env(self, env: Any, config: Any, files: Any) -> Any:
            del config, files
            env.globals["_"] = lambda text: escape(words.gettext(text))  # a theme's templates do not escape by themselves
            return env

        def on_template_context(self, context: Any, template_name: str, config: Any) -> Any:
            del template_name, config  # the sitemap's, no other
            return context | {"pages": [file for file in context["pages"] if file.dest_uri != NOT_FOUND]}

        def on_page_context(self, context: Any, page: Any, config: Any, nav: Any) -> Any:
            del nav
            config.extra["slots"] = dict(values[page.file.dest_uri]) | {"title": page.meta["title"]}
            return context

    return Portal()


def _escaped(values: Mapping[str, str]) -> dict[str, Markup]:
    return {name: escape(value) for name, value in values.items()}


# ---- Marks: small letters and digits, so that they come through Markdown; other than the program's ----

_MARKED = re.compile(r"qj((?:[0-9a-f]{2})+)jq")


def _mark(name: str) -> str:
    return f"qj{name.encode().hex()}jq"


def _name(mark: re.Match[str]) -> str:
    return bytes.fromhex(mark[1]).decode()


def _marked(text: str) -> Iterable[str]:
    return (_name(mark) for mark in _MARKED.finditer(text))
