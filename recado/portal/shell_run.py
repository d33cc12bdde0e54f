"""A run of the site generator for shells: each kind of page with placeholders for data, and stand-ins for words.

One run serves every language. Where a template does with a word what cannot be done later, there is one run a language.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from recado.portal.generator import PLACES, Project, generate
from recado.portal.later_words import LaterWords, UnsayableError, is_whole
from recado.portal.shell_cut import FRAME_SLOTS, ShellRun, cut_shells, placeholder, slot_giver
from recado.portal.template_faults import check_icon, told_of_templates
from recado.portal.theme import theme_stylesheet
from recado.speech import SOURCE_LANGUAGE, catalogue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from recado.speech import Catalogue


def run_for_every_language(templates: tuple[Path, ...], kinds: Mapping[str, str]) -> ShellRun:
    """Make the pages of all kinds without a language. Raises FileError, WorkError where they cannot be made in any.

    `templates` are the folders of templates, the program's first; `kinds` says for each kind where such a page stands.
    """
    if not _looks_at_language(templates[1:]):
        words = LaterWords()
        try:
            run = _run(templates, kinds, SOURCE_LANGUAGE, words.functions(), words)
            with suppress(UnsayableError):
                cut_shells(run, SOURCE_LANGUAGE, catalogue(SOURCE_LANGUAGE))  # a slot that was lost is told now
        except Exception:  # noqa: BLE001 (whatever is wrong with it is said of real words, below)
            words.unfit()
        if words.is_fillable and all(is_whole(page, run.sayings) for page in run.pages.values()):
            return run
    run_for_language(templates, kinds, SOURCE_LANGUAGE, catalogue(SOURCE_LANGUAGE))
    return ShellRun({}, {}, [])


def run_for_language(templates: tuple[Path, ...], kinds: Mapping[str, str], language: str, words: Catalogue) -> ShellRun:
    """Make the pages of all kinds in one language. Raises FileError where a template is wrong, WorkError where they are."""
    functions: dict[str, Callable[..., object]] = {
        "_": words.gettext,
        "gettext": words.gettext,
        "ngettext": words.ngettext,
        "pgettext": words.pgettext,
    }
    run = _run(templates, kinds, language, functions, None)
    cut_shells(run, language, words)  # a slot that was lost is told before anything is kept
    return run


def _run(
    templates: tuple[Path, ...],
    kinds: Mapping[str, str],
    language: str,
    words: Mapping[str, Callable[..., object]],
    later: LaterWords | None,
) -> ShellRun:
    environment = _environment(templates, words, later)
    overrides = templates[1] if len(templates) > 1 else None
    asked: dict[str, tuple[str, ...]] = {}
    pages: dict[str, str] = {}
    for kind, url in kinds.items():
        slots: list[str] = []
        with told_of_templates(overrides):
            pages[_path(url)] = environment.get_template(f"{kind}.md.j2").render(slot=slot_giver(slots))
        if _path(url) in PLACES:
            check_icon(kind, pages[_path(url)], overrides)
        asked[kind] = tuple(slots)
    project = Project(
        pages=pages,
        language=language,
        themes=[folder / "theme" for folder in templates if (folder / "theme").is_dir()],
        words=words,
        extra={"slots": {name: placeholder(name) for name in FRAME_SLOTS}, "theme_stylesheet": theme_stylesheet().name},
        extensions={"attr_list": {}, "tables": {"use_align_attribute": True}, "md_in_html": {}},
        later=later,
    )
    with told_of_templates(overrides):
        built = generate(project)
    return ShellRun({kind: built[_path(url)].html for kind, url in kinds.items()}, asked, later.sayings if later else [])


def _environment(
    templates: Iterable[Path], words: Mapping[str, Callable[..., object]], later: LaterWords | None
) -> Environment:
    environment = Environment(
        autoescape=False,  # noqa: S701 (Markdown of our own words and placeholders: nothing from outside comes here)
        undefined=StrictUndefined,
        loader=ChoiceLoader([FileSystemLoader(folder / "shells") for folder in reversed(tuple(templates))]),
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(words)
    if later is not None:
        later.guard(environment, is_markdown=True)
    return environment


def _looks_at_language(overrides: Iterable[Path]) -> bool:
    """Tell whether a workspace's own theme asks which language it is in: no other than the real one is an answer."""
    files = (file for folder in overrides for file in sorted((folder / "theme").rglob("*")))
    return any(b"lang" in file.read_bytes() or "lang" in file.name for file in files if file.is_file())


def _path(url: str) -> str:
    return f"{url.removesuffix('.html')}.md"
