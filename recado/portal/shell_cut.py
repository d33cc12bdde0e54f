"""A shell from a page: its words said in a language, and cut at its slots, which stand in it as placeholders.

Light: shells that are kept need no more than this, neither Jinja nor the generator.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from recado.errors import WorkError
from recado.portal.later_words import UnsayableError, say
from recado.portal.page import Shell
from recado.portal.theme import theme_word
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from recado.speech import Catalogue

# What every page has besides the slots of its kind: placed by the theme, filled from the practice and the page.
FRAME_SLOTS = ("root", "title", "client", "owner", "mark", "address", "subject", "imprint", "wash_light", "wash_dark")


class ShellRun(NamedTuple):
    """What came of a run: each kind's page, the slots that its template asked for, and what the stand-ins in it say.

    Without pages it tells that these templates need a run a language.
    """

    pages: Mapping[str, str]
    asked: Mapping[str, Sequence[str]]
    sayings: list[list[Any]]

    @property
    def is_for_every_language(self) -> bool:
        """Tell whether words can be filled in."""
        return bool(self.pages)


def cut_shells(run: ShellRun, language: str, words: Catalogue) -> dict[str, Shell]:
    """Say a run's words in a language, and cut its pages at their slots. Raises UnsayableError, WorkError for a lost slot."""

    def own_word(key: str) -> str:
        return theme_word(language, key)

    def said(page: str) -> str:
        try:
            return say(page, run.sayings, words, own_word) if run.sayings else page
        except (ValueError, LookupError, TypeError, AttributeError) as error:  # a translation that takes no such value
            raise UnsayableError from error

    return {kind: _cut(kind, said(page), run.asked[kind]) for kind, page in run.pages.items()}


# ---- Placeholders: small letters only, so that they come unchanged through Markdown, slugs, tag stripping and URLs ----

_MARK = "zqx"
_HYPHEN = "zqu"
_FOUND = re.compile(rf"{_MARK}([a-z]+?){_MARK}")
_NAME = re.compile(r"[a-z]+(?:_[a-z]+)*", re.ASCII)


def placeholder(name: str) -> str:
    """Give what stands for the value of a slot. Raises WorkError for a name that would not come through."""
    if not _NAME.fullmatch(name) or "zq" in name:
        raise WorkError(_("A slot is named {name!r}; expected small letters and single underscores.").format(name=name))
    return f"{_MARK}{name.replace('_', _HYPHEN)}{_MARK}"


def slot_giver(asked: list[str]) -> Callable[[str], str]:
    """Give what a template calls for a slot; the names go into `asked`."""

    def slot(name: str) -> str:
        asked.append(name)
        return placeholder(name)

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
