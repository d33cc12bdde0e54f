"""Words said later: stand-ins for our words while pages are made without a language, and what each of them is to say.

One run of the site generator so serves every language. A stand-in knows what becomes of it (escaped, formatted, stripped of
tags); where a template does anything else with a word, pages are not fillable, and are made once for each language.
"""

from __future__ import annotations

import functools
import json
import re
from typing import TYPE_CHECKING, Any, Self

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2 import Environment

    from recado.speech import Catalogue

    # What a stand-in says, as JSON can hold it: ["gettext", TEXT], ["escape", TEXT WITH STAND-INS], …
    Saying = list[Any]

# Letters come unchanged through all that a page goes through. The backslash does not come through Markdown, but where Markdown
# takes a text as it is: so a word that Markdown would have read is known by its stand-in.
_MARK = "zqw"
_STAND_IN = re.compile(rf"{_MARK}\\_([a-y]+){_MARK}")
_LETTERS = "abcdefghijklmnopqrstuvwxy"  # no z: so a mark ends where it begins


class LaterWords:
    """Gives stand-ins for words, and notes in `sayings` what each of them says."""

    def __init__(self) -> None:
        self.sayings: list[Saying] = []
        self.is_fillable = True

    def functions(self) -> dict[str, Callable[..., object]]:
        """Give what templates call for words. `theme_word` is for the theme's own."""
        return {
            "_": lambda text: self._word("gettext", text),
            "gettext": lambda text: self._word("gettext", text),
            "ngettext": lambda one, many, number: self._word("ngettext", one, many, number),
            "pgettext": lambda context, text: self._word("pgettext", context, text),
            "theme_word": lambda key: self._word("theme", key),
        }

    def guard(self, environment: Environment, *, is_markdown: bool) -> None:
        """Take the place of an environment's filters: a word that is escaped or stripped of tags is so once it is said.

        `is_markdown`: the templates are those of Markdown pages, where JSON is a value of front matter and read back there.
        """
        for known in (environment.filters, environment.tests):
            for name, real in list(known.items()):
                known[name] = self._guarded(real)
        escaping = self._carried("escape", escape, is_markup=True)
        environment.filters |= {
            "e": escaping,
            "escape": escaping,
            "striptags": self._carried("striptags", environment.filters["striptags"]),
        }
        if is_markdown:
            environment.filters["tojson"] = _json_of_front_matter(environment.filters["tojson"])

    def watched(self, text: str) -> str:
        """Give a text that may hold stand-ins so that comparing it is noticed."""
        return _Watched(text, self) if _MARK in text else text

    def unfit(self) -> None:
        """Note that something was done with a word which cannot be done later."""
        self.is_fillable = False

    def note(self, saying: Saying, *, is_markup: bool = False) -> Word:
        """Give a stand-in for what a saying says."""
        self.sayings.append(saying)
        return Word(self, len(self.sayings) - 1, is_markup=is_markup)

    def _word(self, *saying: object) -> Word:
        if any(_MARK in str(part) for part in saying):
            self.unfit()
        return self.note(list(saying))

    def _carried(self, name: str, real: Callable[[object], object], *, is_markup: bool = False) -> Callable[[object], object]:
        def carried(value: object) -> object:
            if _MARK not in str(value) or (is_markup and hasattr(value, "__html__") and not _is_raw(value)):
                return real(value)
            return self.note([name, str(value)], is_markup=is_markup)

        return carried

    def _guarded(self, real: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(real)
        def guarded(*values: Any, **named: Any) -> Any:
            if any(isinstance(value, str | Word) and _MARK in str(value) for value in (*values, *named.values())):
                self.unfit()
            return real(*values, **named)

        return guarded


class Word:
    """The stand-in for a word, in a template's hands. What a word can do besides is not done later: it fails, or is noticed."""

    def __init__(self, words: LaterWords, number: int, *, is_markup: bool) -> None:
        self._words = words
        self._stand_in = f"{_MARK}\\_{_lettered(number)}{_MARK}"
        self.is_markup = is_markup

    def __str__(self) -> str:
        return self._stand_in

    def __html__(self) -> str:
        return self._stand_in if self.is_markup else str(self._words.note(["escape", self._stand_in], is_markup=True))

    def format(self, *values: object, **named: object) -> Word:
        """Put values into it, once it is said."""
        if self.is_markup:
            self._words.unfit()
        self._see(*values, *named.values())
        return self._words.note(["format", str(self), list(map(_plain, values)), _plain_of(named)])

    def __mod__(self, values: Mapping[str, object]) -> Word:
        """Put values into it as `{% trans %}` does."""
        self._see(*values.values())
        return self._words.note(["percent", str(self), _plain_of(values)])

    def __eq__(self, other: object) -> bool:
        self._words.unfit()
        return self is other

    def __hash__(self) -> int:
        self._words.unfit()
        return id(self)

    def _see(self, *values: object) -> None:
        if not all(isinstance(value, str | int | Word) for value in values):
            self._words.unfit()


class _Watched(str):
    """A text with stand-ins that was in a page's front matter."""

    __slots__ = ("_words",)
    _words: LaterWords

    def __new__(cls, text: str, words: LaterWords) -> Self:
        self = super().__new__(cls, text)
        self._words = words
        return self

    def __eq__(self, other: object) -> bool:
        self._words.unfit()
        return super().__eq__(other)

    __hash__ = str.__hash__


class UnsayableError(Exception):
    """A word's translation holds what the site generator might have read: pages in this language are made for real."""


def say(html: str, sayings: list[Saying], words: Catalogue, theme_word: Callable[[str], str]) -> str:
    """Put the words of a language where their stand-ins are, as if the page had been made in it. Raises UnsayableError."""

    def said(found: re.Match[str]) -> str:
        saying = sayings[_number(found[1])]
        text = _said(saying, sayings, words, theme_word)
        if saying[0] != "escape" and any(character in text for character in '<>&"\n'):
            raise UnsayableError(text)
        return text

    return _STAND_IN.sub(said, html)


def is_whole(html: str, sayings: list[Saying]) -> bool:
    """Tell whether every stand-in came through unchanged."""
    rest = _STAND_IN.sub("", html)
    return _MARK not in rest.lower() and all(_number(letters) < len(sayings) for letters in _STAND_IN.findall(html))


def _said(saying: Saying, sayings: list[Saying], words: Catalogue, theme_word: Callable[[str], str]) -> str:
    def inside(text: Any) -> Any:
        if not isinstance(text, str):
            return text
        return _STAND_IN.sub(lambda found: _said(sayings[_number(found[1])], sayings, words, theme_word), text)

    what, *parts = saying
    match what:
        case "gettext":
            return words.gettext(parts[0])
        case "pgettext":
            return words.pgettext(parts[0], parts[1])
        case "ngettext":
            return words.ngettext(parts[0], parts[1], parts[2])
        case "theme":
            return theme_word(parts[0])
        case "format":
            named = {name: inside(value) for name, value in parts[2].items()}
            return str(inside(parts[0]).format(*map(inside, parts[1]), **named))
        case "percent":
            return str(inside(parts[0]) % {name: inside(value) for name, value in parts[1].items()})
        case "striptags":
            return Markup(inside(parts[0])).striptags()  # noqa: S704 (what Jinja's filter does: the result is plain text)
        case _:
            return str(escape(inside(parts[0])))


def _json_of_front_matter(real: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(real)
    def tojson(context: Any, value: Any, *more: Any) -> Any:
        return json.dumps(str(value)) if isinstance(value, Word) else real(context, value, *more)

    return tojson


def _is_raw(value: object) -> bool:
    return isinstance(value, Word) and not value.is_markup


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Word) else value


def _plain_of(values: Mapping[str, object]) -> dict[str, object]:
    return {name: _plain(value) for name, value in values.items()}


def _lettered(number: int) -> str:
    letters = _LETTERS[number % len(_LETTERS)]
    while number := number // len(_LETTERS):
        letters = _LETTERS[number % len(_LETTERS)] + letters
    return letters


def _number(letters: str) -> int:
    return functools.reduce(lambda number, letter: number * len(_LETTERS) + _LETTERS.index(letter), letters, 0)
