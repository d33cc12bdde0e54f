"""Plain paragraphs, as most of what people write is: the HTML that Markdown and the allow-list would give, without either.

Only where nothing in a text could mean anything to Markdown. All other texts go the long way (`marked_up`).
"""

from __future__ import annotations

import re

_WIDTH = 60  # a line this long was probably wrapped by a program, a shorter one ended by hand


def prose_html(text: str) -> str | None:
    """Give the HTML of a text of plain paragraphs; None where Markdown might read anything in it. Pure.

    Lines end in newlines alone, and control characters are gone already. What it gives is safe to show: all is escaped.
    """
    if not _PLAIN.fullmatch(text) or "://" in text or "](" in text or "~~" in text or _ENTITY.search(text):
        return None
    paragraphs: list[str] = []
    lines: list[str] = []
    written = text.split("\n")
    for number, line in enumerate(written, 1):
        if not line:
            if lines:
                paragraphs.append("".join(lines))
                lines = []
            continue
        if line[0].isspace() or line[-1].isspace() or _BEGINS.match(line):
            return None
        following = written[number] if number < len(written) else ""
        shown = _escaped(line)
        if following:
            shown += "<br>\n" if ends_by_hand(line, following) else "\n"
        lines.append(shown)
    if lines:
        paragraphs.append("".join(lines))
    return "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def ends_by_hand(line: str, following: str) -> bool:
    """Tell whether a line was ended by its writer: the next line's first word would still have stood on it."""
    return len(line) + 1 + len(following.split(" ", 1)[0]) <= _WIDTH


# No mark of Markdown's, and nothing that may be part of an address.
_PLAIN = re.compile(r"[^\t\\`*_|@\x02\x03]*")
_ENTITY = re.compile(r"&#?[0-9A-Za-z]+;")
# What a heading, a list, a quotation or a rule begins with.
_BEGINS = re.compile(r"(?:#{1,6}|\d+\.|[-+])(?: |\Z)|--|>")


def _escaped(line: str) -> str:
    """Escape a line as the allow-list writes it."""
    if "&" in line:
        line = line.replace("&", "&amp;")
    if "<" in line or ">" in line:
        line = line.replace("<", "&lt;").replace(">", "&gt;")
    return line.replace("\xa0", "&nbsp;") if "\xa0" in line else line
