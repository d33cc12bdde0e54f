"""Text that someone wrote, as HTML that can do nothing but be read.

Nothing else in the portal makes `Markup` of what comes from mail or from a file; all other text is escaped (DESIGN, promise 3).
"""

from __future__ import annotations

import html
import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from markupsafe import Markup

from recado.portal.prose import prose_html
from recado.speech import SOURCE_LANGUAGE, Catalogue, catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from recado.portal.kept_picture import KeptPicture

TAGS = frozenset("p br hr strong em del code pre blockquote ul ol li h2 h3 h4 h5 h6 table thead tbody tr th td a".split())
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}}
LINK_REL = "noopener noreferrer nofollow"

_LONGEST = 100_000  # characters; a longer text is shown as it was typed
# The library takes time by the square of a text's length: a long one is read in pieces of about this many characters.
_PIECE = 10_000
_LONGEST_PIECE = 20_000  # one that nothing divides is shown as it was typed
_MOST_STEPS = (
    4_000_000  # from each bracket the library looks for its end: half a second's work, and what needs more is shown as typed
)


def body(
    text: str, words: Catalogue | None = None, *, top: int = 3, pictures: Mapping[str, KeptPicture] = MappingProxyType({})
) -> Markup:
    """Give the HTML of one text: a message, a task's body, words of welcome.

    HTML in it is shown as the text it is. `words` are the reader's (they say that a picture is on another server); `top` is the
    level of its highest heading, which has to stand under the page's own. `pictures` are those that came along, by what points
    at them in the text: no other is loaded. Nothing is raised on any text.
    """
    readable = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(readable) > _LONGEST:
        return _as_typed(readable)
    spoken = words or catalogue(SOURCE_LANGUAGE)
    return Markup("\n").join(_piece(piece, spoken, top, pictures) for piece in _pieces(readable))


def _piece(text: str, words: Catalogue, top: int, pictures: Mapping[str, KeptPicture]) -> Markup:
    brackets = text.count("[")
    if len(text) > _LONGEST_PIECE or (brackets and brackets * _longest(text) > _MOST_STEPS):
        return _as_typed(text)
    written = prose_html(text)
    if written is not None:
        return Markup(written)  # noqa: S704 (escaped, and the same as the long way gives)
    from recado.portal.marked_up import marked_up_html  # noqa: PLC0415 (late: 60 ms that many a portal does not need)

    try:
        return Markup(marked_up_html(text, words, top, pictures))  # noqa: S704 (cleaned by the allow-list above)
    except RecursionError:  # a thousand quotes in one another: nothing that a person wrote
        return _as_typed(text)


def _longest(text: str) -> int:
    return max(map(len, text.split("\n\n")))


def _pieces(text: str) -> Iterator[str]:
    """Divide a long text at blank lines, where a new paragraph begins: not within a list, a quotation or a block of code."""
    if len(text) <= _LONGEST_PIECE:
        yield text
        return
    lines: list[str] = []
    size = 0
    is_code = is_after_blank = False
    for line in text.split("\n"):
        if size >= _PIECE and is_after_blank and not is_code and _PARAGRAPH.match(line):
            yield "\n".join(lines)
            lines, size = [], 0
        is_code ^= line.startswith(("```", "~~~"))
        is_after_blank = not line.strip()
        lines.append(line)
        size += len(line) + 1
    yield "\n".join(lines)


_PARAGRAPH = re.compile(r"(?![-*+>|]|\d+[.)])\S")  # a line that begins what belongs to nothing above it


# C0 and C1 control characters, and Unicode's non-characters, which HTML does not allow; tab and newline stay.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")


def _as_typed(text: str) -> Markup:
    paragraphs = (html.escape(part.strip("\n")).replace("\n", "<br>") for part in re.split(r"\n\s*\n", text) if part.strip())
    return Markup("\n").join(Markup(f"<p>{paragraph}</p>") for paragraph in paragraphs)  # noqa: S704 (escaped just before)
