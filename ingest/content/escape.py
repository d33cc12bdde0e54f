"""Words that are not Markdown, written so that Markdown shows them as they are.

Holds for Python-Markdown and CommonMark alike: what one of them cannot escape with a backslash (`<`, `~`, `=`, `|`)
becomes an entity.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Sequence

_INLINE: Final = re.compile(
    r"""
      (?P<slash>[\\`*{])
    | (?P<less><)
    | (?P<entity>&(?=\#?\w{1,40};))
    | (?P<tildes>~(?=~)|(?<=~)~)
    | (?P<underscore>(?<![^\W_])_|_(?![^\W_]))
    | (?P<bracket>[\[\]])
    """,
    re.VERBOSE,
)
_SIGNS: Final = re.compile(r"[\\`*{<&~_\[\]]")  # every one that the above may be about: most lines have none
# A bracket that no link, footnote or reference can be made of stays as it is: [ACME-42], [1].
_HARMLESS: Final = re.compile(r"(?<![\]!])\[[^\[\]^\\`*<{_\n]+\](?=[^(\[:\s]|\s+[^\s(\[:])")
_LINE_START: Final = re.compile(
    r"(?P<mark>#|>|[+\-](?=\s|$|[\-| ]*$))"
    r"|(?P<number>\d{1,9})(?P<dot>[.)])(?=\s|$)"
    r"|(?P<entity>=+\s*$|~{3}|:(?=\s|$))"
)
_TABLE_RULE: Final = re.compile(r"(?=[^|\-]*[|\-])[\s|:+\-\\]*")
_URL: Final = re.compile(
    r"<(?P<angled>https?://[^\s<>]+)>|(?<![\w@/])(?P<bare>https?://[^\s<>\"`\u00ab\u00bb\u201c\u201d]+)", re.IGNORECASE
)
_TRAILING: Final = ".,;:!?'*_~\u2026"
_ENTITY_IN_URL: Final = re.compile(r"(&(?!amp;)#?\w{1,40});")


def escape(text: str) -> str:
    """Escape one line's words for use within a line: nothing in it is emphasis, link, code, HTML or an attribute list."""
    if _SIGNS.search(text) is None:
        return text
    kept = [(match.start(), match.end()) for match in _HARMLESS.finditer(text)]
    brackets = {place for start, end in kept for place in (start, end - 1)}

    def escaped(match: re.Match[str]) -> str:
        match match.lastgroup:
            case "less":
                return "&lt;"
            case "entity":
                return "&amp;"
            case "tildes":
                return "&#126;"
            case "bracket" if match.start() in brackets:
                return match[0]
            case _:
                return "\\" + match[0]

    return _INLINE.sub(escaped, text)


def escape_line_start(line: str) -> str:
    """Escape what would make a line (already escaped within) a heading, quotation, list, rule, table or definition."""
    if _TABLE_RULE.fullmatch(line):
        return line.replace("-", r"\-").replace("+", r"\+").replace("|", "&#124;")
    match = _LINE_START.match(line)
    if match is None:
        return line
    rest = line[match.end() :]
    if match["mark"]:
        return f"\\{match[0]}{rest}"
    if match["number"]:
        return f"{match['number']}\\{match['dot']}{rest}"
    return f"&#{ord(match[0][0])};{match[0][1:]}{rest}"


def with_links(text: str) -> str:
    """Escape one line's words, and make each web address in it a link that shows itself: `<https://…>`."""
    if "://" not in text:
        return escape(text)
    pieces: list[str] = []
    place = 0
    for match in _URL.finditer(text):
        if match.start() < place:
            continue
        address = match["angled"] or _without_trailing(match["bare"])
        before = text[place : match.start()]
        pieces.extend((escape(before), " " if before[-1:].isalnum() else "", f"<{safe_url(address)}>"))
        place = match.end() if match["angled"] else match.start() + len(address)
    pieces.append(escape(text[place:]))
    return "".join(pieces)


def quoted(blocks: Sequence[str]) -> str:
    """Write blocks as a Markdown quotation."""
    return "\n".join(f"> {line}" if line.strip() else ">" for line in "\n\n".join(blocks).split("\n"))


def fenced(lines: Sequence[str]) -> str:
    """Write lines as a block of code, its fence longer than any in it."""
    longest = max((len(run) for line in lines for run in re.findall(r"`{3,}", line)), default=2)
    fence = "`" * (longest + 1)
    return "\n".join((fence, *lines, fence))


def safe_url(url: str) -> str:
    """Give a web address in which no character means anything to Markdown; what it points to stays the same."""
    return _ENTITY_IN_URL.sub(r"\1%3B", quote(url, safe="!#$%&'*+,-./0123456789:;=?@_~" + _LETTERS))


def _without_trailing(url: str) -> str:
    """Leave the full stop and the closing bracket of a sentence out of its address."""
    unopened = {closing: url.count(closing) - url.count(opening) for opening, closing in ("()", "[]")}
    end = len(url)
    while end:
        last = url[end - 1]
        if last in _TRAILING:
            end -= 1
        elif unopened.get(last, 0) > 0:
            unopened[last] -= 1
            end -= 1
        else:
            break
    return url[:end]


_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
