"""Styled words within a line → Markdown: emphasis that closes at line ends, links, code; white space as a browser folds it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from ingest.content.escape import escape, safe_url, with_links

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Elements that stand within a line; all others stand on lines of their own.
_INLINE: Final = frozenset(
    "a abbr b big cite code del em font i img ins kbd q s samp small span strike strong sub sup tt u var".split()
)
BREAK: Final = "\n"  # in a span of its own: the end of a line
_SPACE: Final = re.compile(r"[ \t\n\r\f\u00a0\u200b\u200c\u200d\u2060\u034f\u00ad]+")
_VISIBLE_SCHEMES: Final = ("http://", "https://", "mailto:", "tel:")


def is_inline_tag(tag: str) -> bool:
    """Tell whether an element stands within a line."""
    return tag in _INLINE


@dataclass(frozen=True, slots=True)
class Span:
    """Words of one look. `link` is where they lead, or ''; `is_literal`: already Markdown, to be left as it is."""

    text: str
    is_strong: bool = False
    is_emphasised: bool = False
    is_code: bool = False
    is_literal: bool = False
    link: str = ""

    def saying(self, text: str) -> Span:
        """Give other words in the same look."""
        return Span(text, self.is_strong, self.is_emphasised, self.is_code, self.is_literal, self.link)


def inline_lines(spans: Iterable[Span]) -> list[str]:
    """Write a run of words as lines of Markdown, an empty one where two breaks met; line starts are not escaped yet."""
    lines: list[list[Span]] = [[]]
    for span in spans:
        if span.text == BREAK and not span.is_literal:
            lines.append([])
        else:
            lines[-1].append(span)
    written = [_line(line) for line in lines]
    while written and not written[-1]:
        written.pop()
    return written


def _line(spans: Sequence[Span]) -> str:
    folded = _folded(spans)
    return "".join(_linked(link, list(group)) for link, group in groupby(folded, key=lambda span: span.link)).strip()


def _folded(spans: Sequence[Span]) -> list[Span]:
    """Fold white space across the spans of a line."""
    folded: list[Span] = []
    ends_in_space = True
    for span in spans:
        text = span.text if span.is_literal else _SPACE.sub(_one_space, span.text)
        if ends_in_space:
            text = text.lstrip(" ")
        if text:
            folded.append(span.saying(text))
            ends_in_space = text.endswith(" ")
    return folded


def _one_space(match: re.Match[str]) -> str:
    """Fold a run of white space; zero-width characters alone are nothing."""
    return " " if any(char in " \t\n\r\f\u00a0" for char in match[0]) else ""


def _linked(link: str, spans: Sequence[Span]) -> str:
    if not link.lower().startswith(_VISIBLE_SCHEMES):
        return _emphasised(spans)
    words = "".join(span.text for span in spans)
    shown = words.strip()
    if not shown:
        return words
    before, after = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
    if _says_itself(shown, link) and not any(span.is_literal for span in spans):
        return f"{before}{f'<{safe_url(link)}>' if link.lower().startswith('http') else escape(shown)}{after}"
    return f"{before}[{_emphasised(spans, with_addresses=False).strip()}]({_target(link)}){after}"


def _says_itself(words: str, link: str) -> bool:
    """Tell whether a link's words are its address."""
    return words.rstrip("/") == link.rstrip("/") or f"mailto:{words}".lower() == link.lower()


def _target(link: str) -> str:
    return safe_url(link).replace("(", "%28").replace(")", "%29")


def _emphasised(spans: Sequence[Span], *, with_addresses: bool = True) -> str:
    """Write spans with their emphasis; neighbours of one look are one, so that `**a****b**` never stands there."""
    pieces: list[str] = []
    for look, group in groupby(spans, key=lambda span: (span.is_strong, span.is_emphasised, span.is_code)):
        members = list(group)
        words = "".join(member.text for member in members)
        shown = words.strip()
        if not shown:
            pieces.append(words)
            continue
        before, after = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
        is_strong, is_emphasised, is_code = look
        if is_code and not set("`|\\") & set(shown):
            body = f"`{shown}`"
        else:
            write = with_links if with_addresses else escape
            runs = groupby(members, key=lambda member: member.is_literal)
            body = "".join(
                "".join(m.text for m in run) if literal else write("".join(m.text for m in run)) for literal, run in runs
            ).strip()
        mark = ("**" if is_strong else "") + ("*" if is_emphasised else "")
        # Emphasis of nothing but marks is read as other marks.
        mark = mark if any(char.isalnum() for char in shown) else ""
        pieces.append(f"{before}{mark}{body}{mark}{after}")
    return "".join(pieces)
