"""Sentences with links and bold words in them, as values: translators move the pieces, templates place them."""

from __future__ import annotations

import re
from string import Formatter
from typing import NamedTuple


class Piece(NamedTuple):
    """A stretch of a sentence. `href` makes it a link; `is_figure` sets its digits as figures."""

    text: str
    href: str = ""
    is_strong: bool = False
    is_figure: bool = False


Sentence = tuple[Piece, ...]
_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")


def sentence(words: str, **pieces: str | Piece) -> Sentence:
    """Put pieces into a translated sentence: `sentence("I need {things}.", things=Piece("two answers", "#turn"))`.

    A piece that the translation leaves out is left out; a name it invents raises KeyError, for then the catalogue is wrong.
    """
    parts: list[Piece] = []
    for literal, name, _, _ in Formatter().parse(words):
        if parts and parts[-1].text.endswith(".") and literal.startswith(".") and not literal.startswith(".."):
            literal = literal[1:]  # noqa: PLW2901 ("8:00 a.m." ends its sentence by itself)
        if literal:
            parts.append(Piece(literal))
        if name is not None:
            piece = pieces[name]
            parts.append(piece if isinstance(piece, Piece) else Piece(piece))
    return tuple(parts)


def joined(*sentences: Sentence) -> Sentence:
    """Join sentences with a space between them; empty ones are passed over."""
    parts: list[Piece] = []
    for part in filter(None, sentences):
        parts.extend((Piece(" "), *part) if parts else part)
    return tuple(parts)


def plain(parts: Sentence) -> str:
    """Give a sentence as plain text."""
    return "".join(piece.text for piece in parts)


def once_stopped(text: str) -> str:
    """End a sentence with one full stop, where its last word ("8:00 a.m.") has one of its own."""
    return _TWO_STOPS.sub(".", text)


def opening(text: str) -> str:
    """Give words as a sentence or a line begins with them: with a capital, the rest as it is."""
    return text[:1].upper() + text[1:]
