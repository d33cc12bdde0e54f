"""The gist of a message: what it asks or says, in a line or two, for the note that waits for a client."""

from __future__ import annotations

import re

_READ = 4000  # characters: who has not come to the point by then has none that fits in two lines
_WELCOME = 60  # characters: a greeting is shorter
_GREETING = re.compile(
    r"^(?:hi|hello|dear|hey|good \w+|hola|buen\w{1,2} \w+|buenas|estimad[oa]s?|querid[oa])\b[^.!?:]{0,40}[,.!:]?$",
    re.IGNORECASE,
)
_LINK = re.compile(r"!?\[([^\]]{0,300})\]\([^)]{0,300}\)")
_MARKS = re.compile(
    r"(?<![\w\\])[*_`~]{1,3}|(?<!\\)[*_`~]{1,3}(?!\w)|^[ \t]*(?:#{1,6}|>+|[-+*]|\d{1,3}[.)])[ \t]+", re.MULTILINE
)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|<&])")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


def gist(markdown: str, limit: int) -> str:
    """Give the questions of a text with the words around them, else its first paragraph, in at most `limit` characters."""
    paragraphs = [text for text in map(_plain, re.split(r"\n\s*\n", markdown[:_READ])) if text]
    asking = next((text for text in paragraphs if "?" in text), None)
    if asking is None:
        return _cut(paragraphs[0], limit) if paragraphs else ""
    if len(asking) <= limit:
        return asking
    return _cut(" ".join(part for part in _SENTENCE_END.split(asking) if "?" in part), limit)


def _plain(markdown: str) -> str:
    """Take the Markdown marks and a greeting out of a paragraph and set it in one line."""
    text = _MARKS.sub("", _LINK.sub(r"\1", markdown))
    line = " ".join(_ESCAPE.sub(r"\1", text).split())
    greeting, _, rest = line.partition(". ") if ". " in line[:_WELCOME] else (line, "", "")
    return rest if _GREETING.match(greeting) else line


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,;:.") + "…"
