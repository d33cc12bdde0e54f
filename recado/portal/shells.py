"""Shells: each kind of page as the site generator built it, cut at the places where a page's data goes.

A shell holds our words and the theme, in one language; nothing of a client, nor of a practice. One shell of a kind serves every
portal of that language, at any depth. They are kept without a language, and its words filled in: one run serves all.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from recado.portal.later_words import UnsayableError
from recado.portal.shell_cut import FRAME_SLOTS, ShellRun, cut_shells
from recado.portal.shell_key import run_key, words_key
from recado.resources import program_templates
from recado.store.aside import begin_aside
from recado.store.sealed import sealed, unsealed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from recado.portal.page import Shell
    from recado.speech import Catalogue

T = TypeVar("T")

__all__ = ["FRAME_SLOTS", "ShellWork", "begin_shells", "ensure_shells", "make_shells", "shells", "shells_digest"]

_MOST_KEPT = 32  # files of runs; the others were made of templates that are no more
_MOST_IN_MEMORY = 32


class ShellWork(NamedTuple):
    """What shells are made from: a language's words, and the folders of templates, the program's first."""

    language: str
    is_formal: bool
    words: Catalogue
    templates: tuple[Path, ...]

    @classmethod
    def of(cls, language: str, words: Catalogue, *, is_formal: bool = False, overrides: Path | None = None) -> ShellWork:
        """Take the program's templates and, file by file before them, a workspace's own."""
        return cls(language, is_formal, words, _templates(overrides))


def begin_shells(
    overrides: Path | None, kinds: Mapping[str, str], cache: Path | None = None, *, is_to_be_kept: bool = True
) -> Callable[[], None]:
    """Begin to make what shells of any language are cut from, where it is not kept; gives what waits until it is there.

    It is made in a process of its own, where that is safe, so that this one stays small and goes on meanwhile. `overrides` is a
    workspace's own `site_templates`; `cache` is the folder where it is kept (`.recado/shells`): None, and an earlier build's is
    not used. Not `is_to_be_kept`: not yet, but once it is asked for again in this process. Waiting raises FileError where a
    template is wrong, WorkError where it loses a slot, or the generator complains.
    """
    templates = _templates(overrides)
    key = run_key(templates, kinds)
    if _found(key, kinds, cache, is_to_be_kept=is_to_be_kept) is not None:
        return _nothing
    kept = _file(cache, key) if is_to_be_kept else None
    waiting = begin_aside(lambda: _made(templates, kinds, kept))

    def wait() -> None:
        if key not in _runs:
            _remember(_runs, key, waiting())

    return wait


def ensure_shells(overrides: Path | None, kinds: Mapping[str, str], cache: Path | None = None) -> None:
    """Make what shells of any language are cut from, where it is not kept: as `begin_shells`, and wait."""
    begin_shells(overrides, kinds, cache)()


def shells(work: ShellWork, kinds: Mapping[str, str], cache: Path | None = None) -> dict[str, Shell]:
    """Give the shells of some kinds of page. `kinds` says for each the URL where such a page stands (`requests/any.html`).

    `cache` is the folder where they are kept (`.recado/shells`): it may be empty, broken or gone. Raises FileError
    where a template is wrong, WorkError where it loses a slot, or the generator complains.
    """
    key = run_key(work.templates, kinds)
    language_key = f"{key}-{words_key(work.templates, work.language, is_formal=work.is_formal)}"
    if language_key not in _shells:
        _remember(_shells, language_key, _in_language(work, kinds, key, language_key, cache))
    return _shells[language_key]


def shells_digest(work: ShellWork, kinds: Mapping[str, str]) -> str:
    """Give a digest of all that shells depend on: templates and words by their content, versions. Cheap; nothing is made."""
    return f"{run_key(work.templates, kinds)}-{words_key(work.templates, work.language, is_formal=work.is_formal)}"


def make_shells(work: ShellWork, kinds: Mapping[str, str]) -> dict[str, Shell]:
    """Make the shells of some kinds of page by a run of the generator in their own language. Raises FileError, WorkError."""
    from recado.portal.shell_run import run_for_language  # noqa: PLC0415 (late, with the generator)

    run = run_for_language(work.templates, kinds, work.language, work.words)
    return cut_shells(run, work.language, work.words)


def _in_language(
    work: ShellWork, kinds: Mapping[str, str], key: str, language_key: str, cache: Path | None
) -> dict[str, Shell]:
    run = _found(key, kinds, cache)
    if run is None:
        run = _made(work.templates, kinds, _file(cache, key))
        _remember(_runs, key, run)
    if run.is_for_every_language:
        with suppress(UnsayableError):
            return cut_shells(run, work.language, work.words)
    kept = _file(cache, language_key)
    run = _read(kept, kinds) if kept else None
    if run is None:
        from recado.portal.shell_run import run_for_language  # noqa: PLC0415 (late, with the generator)

        run = run_for_language(work.templates, kinds, work.language, work.words)
        _keep(kept, run)
    return cut_shells(run, work.language, work.words)


def _made(templates: tuple[Path, ...], kinds: Mapping[str, str], kept: Path | None) -> ShellRun:
    from recado.portal.shell_run import run_for_every_language  # noqa: PLC0415 (late: Jinja and the generator)

    run = run_for_every_language(templates, kinds)
    _keep(kept, run)
    return run


def _templates(overrides: Path | None) -> tuple[Path, ...]:
    return tuple(folder for folder in (program_templates(), overrides) if folder is not None)


def _nothing() -> None:
    """Wait for nothing."""


# ---- What is kept: in this process for the next portal, in files for the next build ----

_runs: OrderedDict[str, ShellRun] = OrderedDict()
_shells: OrderedDict[str, dict[str, Shell]] = OrderedDict()


def _remember(kept: OrderedDict[str, T], key: str, value: T) -> None:
    kept[key] = value
    while len(kept) > _MOST_IN_MEMORY:
        kept.popitem(last=False)


def _found(key: str, kinds: Mapping[str, str], cache: Path | None, *, is_to_be_kept: bool = True) -> ShellRun | None:
    kept = _file(cache, key)
    if key not in _runs and kept and (run := _read(kept, kinds)):
        _remember(_runs, key, run)
    elif is_to_be_kept and key in _runs and kept and not kept.exists():
        _keep(kept, _runs[key])
    return _runs.get(key)


def _file(cache: Path | None, key: str) -> Path | None:
    return cache / f"{key}.json" if cache else None


def _read(file: Path, kinds: Mapping[str, str]) -> ShellRun | None:
    """Read a run; None where it is gone, or not whole: it is made again."""
    try:
        kept = json.loads(unsealed(file.read_bytes()))
        run = ShellRun(dict(kept["pages"]), dict(kept["asked"]), list(kept["sayings"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return run if not run.pages or (set(run.pages) == set(kinds) == set(run.asked)) else None


def _keep(file: Path | None, run: ShellRun) -> None:
    """Keep a run. What cannot be kept costs time, nothing else; a power cut may lose it."""
    from recado.store.atomic import write_whole  # noqa: PLC0415 (late: most builds keep nothing new)

    if file is None:
        return
    text = json.dumps({"pages": dict(run.pages), "asked": dict(run.asked), "sayings": run.sayings})
    with suppress(OSError):
        write_whole(file, sealed(text.encode()), is_lasting=False)
        newest = sorted(file.parent.glob("*.json"), key=lambda kept: kept.stat().st_mtime_ns, reverse=True)
        for old in newest[_MOST_KEPT:]:
            old.unlink()
