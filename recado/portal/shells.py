"""Shells: each kind of page as the site generator built it, cut at the places where a page's data goes.

A shell holds our words and the theme, in one language; nothing of a client, nor of a practice. One shell of a kind serves every
portal of that language, at any depth.
"""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from recado import __version__
from recado.errors import WorkError
from recado.portal.generator import PLACES, Project, generate, generator_versions, theme_stylesheet
from recado.portal.page import Shell
from recado.portal.template_faults import check_icon, told_of_templates
from recado.resources import program_templates
from recado.speech import _
from recado.store.atomic import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from recado.speech import Catalogue

# What every page has besides the slots of its kind: placed by the theme, filled from the practice and the page.
FRAME_SLOTS = ("root", "title", "client", "owner", "mark", "address", "subject", "imprint", "wash_light", "wash_dark")


@dataclass(frozen=True, slots=True)
class ShellWork:
    """What shells are made from: a language's words, and the folders of templates, the program's first."""

    language: str
    is_formal: bool
    words: Catalogue
    templates: tuple[Path, ...]

    @classmethod
    def of(cls, language: str, words: Catalogue, *, is_formal: bool = False, overrides: Path | None = None) -> ShellWork:
        """Take the program's templates and, file by file before them, a workspace's own."""
        folders = tuple(folder for folder in (program_templates(), overrides) if folder is not None)
        return cls(language, is_formal, words, folders)


def shells(work: ShellWork, kinds: Mapping[str, str], cache: Path | None = None) -> dict[str, Shell]:
    """Give the shells of some kinds of page. `kinds` says for each the URL where such a page stands (`requests/any.html`).

    `cache` is the folder where they are kept (`.recado/shells`): it may be empty, broken or gone. Raises FileError
    where a template is wrong, WorkError where it loses a slot, or the generator complains.
    """
    kept = cache / f"{_digest(work, kinds)}.json" if cache else None
    found = _read(kept) if kept else None
    if found is None or set(found) != set(kinds):
        found = make_shells(work, kinds)
        if kept:
            _keep(kept, found)
    return found


def make_shells(work: ShellWork, kinds: Mapping[str, str]) -> dict[str, Shell]:
    """Make the shells of some kinds of page by one run of the site generator. Raises FileError, WorkError."""
    environment = _environment(work)
    overrides = work.templates[1] if len(work.templates) > 1 else None
    asked: dict[str, tuple[str, ...]] = {}
    pages: dict[str, str] = {}
    for kind, url in kinds.items():
        slots: list[str] = []
        with told_of_templates(overrides):
            pages[_path(url)] = environment.get_template(f"{kind}.md.j2").render(slot=_slot_giver(slots))
        if _path(url) in PLACES:
            check_icon(kind, pages[_path(url)], overrides)
        asked[kind] = tuple(slots)
    project = Project(
        pages=pages,
        language=work.language,
        themes=[folder / "theme" for folder in work.templates if (folder / "theme").is_dir()],
        words=_words(work.words),
        extra={"slots": {name: _placeholder(name) for name in FRAME_SLOTS}, "theme_stylesheet": theme_stylesheet().name},
        extensions={"attr_list": {}, "tables": {"use_align_attribute": True}, "md_in_html": {}},
    )
    with told_of_templates(overrides):
        built = generate(project)
    return {kind: _cut(kind, built[_path(url)].html, asked[kind]) for kind, url in kinds.items()}


def _environment(work: ShellWork) -> Environment:
    environment = Environment(
        autoescape=False,  # noqa: S701 (Markdown of our own words and placeholders: nothing from outside comes here)
        undefined=StrictUndefined,
        loader=ChoiceLoader([FileSystemLoader(folder / "shells") for folder in reversed(work.templates)]),
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(_words(work.words))
    return environment


def _words(words: Catalogue) -> dict[str, Callable[..., str]]:
    return {"_": words.gettext, "gettext": words.gettext, "ngettext": words.ngettext, "pgettext": words.pgettext}


def _path(url: str) -> str:
    return f"{url.removesuffix('.html')}.md"


# ---- Placeholders: small letters only, so that they come unchanged through Markdown, slugs, tag stripping and URLs ----

_MARK = "zqx"
_HYPHEN = "zqu"
_FOUND = re.compile(rf"{_MARK}([a-z]+?){_MARK}")
_NAME = re.compile(r"[a-z]+(?:_[a-z]+)*", re.ASCII)


def _placeholder(name: str) -> str:
    if not _NAME.fullmatch(name) or "zq" in name:
        raise WorkError(_("A slot is named {name!r}; expected small letters and single underscores.").format(name=name))
    return f"{_MARK}{name.replace('_', _HYPHEN)}{_MARK}"


def _slot_giver(asked: list[str]) -> Callable[[str], str]:
    def slot(name: str) -> str:
        asked.append(name)
        return _placeholder(name)

    return slot


def _cut(kind: str, html: str, asked: Iterable[str]) -> Shell:
    parts = _FOUND.split(html)
    pieces, slots = tuple(parts[::2]), tuple(name.replace(_HYPHEN, "_") for name in parts[1::2])
    lost = sorted(set(asked) - set(slots))
    if lost:
        told = _(
            "The shell {kind} has lost {slots} on its way through the site generator: a slot has to stand in a block of HTML."
        )
        raise WorkError(told.format(kind=kind, slots=", ".join(lost)))
    if any("zq" in piece and (_MARK in piece or _HYPHEN in piece) for piece in pieces):
        raise WorkError(
            _("A placeholder was left in the shell {kind}: no word of a template may hold “zqx”.").format(kind=kind)
        )
    return Shell(kind, pieces, slots)


# ---- The cache: by the digest of all that a shell depends on ----


def _digest(work: ShellWork, kinds: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    told = [__version__, generator_versions(), work.language, work.is_formal, sorted(kinds.items())]
    digest.update(json.dumps(told, sort_keys=True).encode())
    for folder in work.templates:
        for part in ("shells", "theme", "translations"):
            for file in sorted((folder / part).rglob("*")):
                if file.is_file():
                    content = file.read_bytes()
                    digest.update(f"\0{part}/{file.relative_to(folder / part).as_posix()}\0{len(content)}\0".encode() + content)
        digest.update(b"\1")
    return digest.hexdigest()[:32]


def _read(file: Path) -> dict[str, Shell] | None:
    try:
        kept = json.loads(file.read_bytes())
        return {kind: Shell(kind, tuple(entry["pieces"]), tuple(entry["slots"])) for kind, entry in kept.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # gone, or half written: it is made again


def _keep(file: Path, made: Mapping[str, Shell]) -> None:
    text = json.dumps({kind: {"pieces": shell.pieces, "slots": shell.slots} for kind, shell in made.items()})
    with suppress(OSError):  # a cache that cannot be kept costs time, nothing else
        write_whole(file, text.encode())
