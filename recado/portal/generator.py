"""The site generator: a plain project of Markdown pages in, finished HTML pages out. Today it is MkDocs with Material.

Nothing else in the program knows MkDocs: another generator that reads the same project can take its place here.
"""

from __future__ import annotations

import json
import logging
import os
import re
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recado.errors import WorkError
from recado.portal.theme import theme_language
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from recado.portal.later_words import LaterWords

PLACES = ("index.md", "requests/index.md", "new.md", "invoices/index.md", "welcome.md")


@dataclass(frozen=True, slots=True)
class Project:
    """A project: `pages` are Markdown by their path, and must hold the five PLACES, which are its navigation.

    `files` are other addresses that pages may link to. `themes` are folders of overrides of the theme, the later ones before
    the earlier (without any, pages are built bare); `words` are the functions that its templates call (`_`); `extra` is what
    they read as `config.extra`; `extensions` are those of Python-Markdown, with options. `later`: words are not said yet, the
    theme's own neither, and pages hold stand-ins of them.
    """

    pages: Mapping[str, str]
    language: str
    files: Sequence[str] = ()
    themes: Sequence[Path] = ()
    words: Mapping[str, Callable[..., object]] | None = None
    extra: Mapping[str, object] | None = None
    extensions: Mapping[str, Mapping[str, object]] | None = None
    later: LaterWords | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """One page as the generator gave it: `content` is the HTML of its Markdown, links resolved; `html` the whole page."""

    url: str
    title: str
    content: str
    html: str


def generate(project: Project) -> dict[str, Built]:
    """Build a project; the pages by their path.

    Nothing is printed. Raises WorkError with all that the generator had to complain about: what it only warns of (a link to
    nowhere, a page that is missing) is an error here.
    """
    os.environ["NO_MKDOCS_2_WARNING"] = "1"  # Material's banner about its future is for developers
    with tempfile.TemporaryDirectory(prefix="recado-") as name, _complaints() as complaints:
        folder = Path(name)
        _write(project, folder)
        built = _run(project, folder)
        if complaints:
            said = [f"  {_in_words(text)}" for text in complaints]
            raise WorkError("\n".join([_("The portal's pages could not be made:"), *said]))
        return built


def _write(project: Project, folder: Path) -> None:
    docs = folder / "docs"
    for path, text in project.pages.items():
        file = docs / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    partials = folder / "theme" / "partials"
    partials.mkdir(parents=True)
    if not project.themes:
        (folder / "theme" / "main.html").touch()  # bare: only what becomes of the Markdown is asked for
    if project.later is not None:
        (partials / "language.html").write_text("{% macro t(key) %}{{ theme_word(key) }}{% endmacro %}", encoding="utf-8")
    configuration = {
        "site_name": "Recado",
        "docs_dir": "docs",
        "site_dir": "site",
        "use_directory_urls": False,
        "theme": _theme(project) if project.themes else {"name": None, "custom_dir": "theme"},
        "plugins": [],
        "markdown_extensions": [{name: dict(options)} for name, options in (project.extensions or {}).items()],
        "nav": list(PLACES),
        "not_in_nav": "*\n",
        "extra": dict(project.extra or {}),
    }
    (folder / "mkdocs.yml").write_text(json.dumps(configuration), encoding="utf-8")  # JSON is YAML


def _theme(project: Project) -> dict[str, object]:
    return {"name": "material", "custom_dir": "theme", "language": theme_language(project.language), "font": False}


def _run(project: Project, folder: Path) -> dict[str, Built]:
    from mkdocs.commands.build import build  # noqa: PLC0415 (late: 140 ms, and most builds have their shells)
    from mkdocs.config import load_config  # noqa: PLC0415
    from mkdocs.exceptions import MkDocsException  # noqa: PLC0415

    try:
        configuration: Any = load_config(str(folder / "mkdocs.yml"))
        configuration.theme.static_templates.clear()  # no sitemap and no 404 but our own
        configuration.theme.dirs[:0] = [str(overrides) for overrides in reversed(project.themes)]
        configuration.theme.get_env = _without_files(configuration.theme.get_env)
        watched = _watcher(project)
        configuration.plugins["recado"] = watched
        configuration.plugins.on_startup(command="build", dirty=False)
        build(configuration)
    except MkDocsException as error:
        raise WorkError(_("The portal's pages could not be made: {reason}").format(reason=error)) from error
    return dict(watched.built)


def _without_files(get_env: Callable[[], Any]) -> Callable[[], Any]:
    """Keep the generator from looking through the theme's files: it has fourteen thousand, and none of them is published."""

    def made() -> Any:
        environment = get_env()
        environment.list_templates = lambda **_options: []
        return environment

    return made


def _watcher(project: Project) -> Any:  # noqa: C901 (a class late with its base; a plugin of MkDocs, which has no types)
    from mkdocs.config.base import Config  # noqa: PLC0415 (late, with MkDocs)
    from mkdocs.plugins import BasePlugin  # noqa: PLC0415
    from mkdocs.structure.files import File  # noqa: PLC0415

    class NoOptions(Config):  # type: ignore[no-untyped-call] # MkDocs types its plugins in part
        pass

    class Watcher(BasePlugin[NoOptions]):  # type: ignore[no-untyped-call] # MkDocs types its plugins in part
        """Notes what becomes of each page, gives the templates their words, and lets no file be written."""

        def __init__(self) -> None:
            self.built: dict[str, Built] = {}
            self._contents: dict[str, str] = {}

        def on_files(self, files: Any, config: Any) -> Any:
            for file in files.documentation_pages():
                # MkDocs takes a README for its folder's index.html; here each page stands where its own name says.
                file.dest_uri = f"{file.src_uri.removesuffix('.md')}.html"
            for path in project.files:
                files.append(File.generated(config, path, content=""))
            return files

        def on_page_markdown(self, markdown: str, page: Any, config: Any, files: Any) -> str:
            del config, files
            if project.later is not None:
                page.meta.update({key: project.later.watched(text) for key, text in page.meta.items() if isinstance(text, str)})
            return markdown

        def on_page_content(self, html: str, page: Any, config: Any, files: Any) -> str:
            del config, files
            self._contents[page.file.src_uri] = html
            return html

        def on_env(self, env: Any, config: Any, files: Any) -> Any:
            del config
            for file in list(files):
                if not file.is_documentation_page():
                    files.remove(file)  # it was there to be linked to
            env.globals.update(project.words or {})
            if project.later is not None:
                project.later.guard(env, is_markdown=False)
            return env

        def on_post_page(self, output: str, page: Any, config: Any) -> str:
            del config
            path = page.file.src_uri
            self.built[path] = Built(page.file.dest_uri, page.title, self._contents[path], output)
            return ""  # nothing is written: the page is taken from here

    return Watcher()


_DEAD_LINK = re.compile(r"Doc file '(?P<page>.+?)' contains a link '(?P<link>.+?)', but the target .+ is not found", re.DOTALL)


def _in_words(complaint: str) -> str:
    """Say what the generator warns of most in the reader's language; of all else, its own words."""
    dead = _DEAD_LINK.match(complaint)
    if dead is None:
        return complaint
    return _("{page}: the link {link!r} leads to nothing on this portal; correct it, or take it out").format(**dead.groupdict())


class _Complaints(logging.Handler):
    """Keeps what the generator warns of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Listen to the generator while it works, and keep it from the terminal."""
    logger, listener = logging.getLogger("mkdocs"), _Complaints()
    propagate, level = logger.propagate, logger.level
    logger.propagate = False
    logger.setLevel(logging.WARNING)
    logger.addHandler(listener)
    try:
        yield listener.texts
    finally:
        logger.removeHandler(listener)
        logger.propagate = propagate
        logger.setLevel(level)
