"""An HTML part → what they wrote, the history and the signature, cut on the tree so that each keeps its structure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

from ingest.content.forwarded import LONGEST_BLOCK, read_forwarded
from ingest.content.history import Role, read_roles
from ingest.content.html import tree_to_markdown
from ingest.content.inline import is_inline_tag
from ingest.content.line import Line, Mark
from ingest.content.markup import VOID, Element, read_markup, selected
from ingest.content.reply import quote_depth
from ingest.content.written import Written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import tzinfo

# How mail programs mark what they quote. Gmail, Thunderbird, Proton, GMX, Tuta and others mark a place in which answers
# may stand…
_QUOTE_CLASSES: Final = frozenset(
    {"gmail_quote", "moz-cite-prefix", "protonmail_quote", "tutanota_quote", "zmail_extra", "airmail_on", "front-blockquote"}
)
_QUOTE_NAMES: Final = frozenset({"quote"})
# … Outlook, Yahoo and Zimbra mark where the history begins that goes on to the end.
_TO_THE_END: Final = frozenset(
    {
        "appendonsend",
        "divrplyfwdmsg",
        "x_divrplyfwdmsg",
        "x_appendonsend",
        "mail-editor-reference-message-container",
        "ms-outlook-mobile-reference-message",
        "olk_src_body_section",
        "replybody",
        "skydriveplaceholder",
        "stopspelling",
        "yahoo_quoted",
        "zwchr",
    }
)
_OUTLOOK_RULE: Final = re.compile(r"border:\s*none;\s*border-top:\s*solid\s+(?:#e1e1e1|#b5c4df|windowtext)")
_SIGNATURES: Final = frozenset(
    {
        "gmail_signature",
        "moz-signature",
        "applemailsignature",
        "signature",
        "ms-outlook-mobile-signature",
        "protonmail_signature_block",
        "x_signature",
    }
)
_CITED: Final = frozenset(
    {"gmail_quote", "protonmail_quote", "tutanota_quote", "iosymail", "ymail_android_signature_quote", "front-blockquote"}
)
_LEFT_RULE: Final = re.compile(r"border-left\s*:(?!\s*(?:none|0))")


def read_html(
    html: str, names: Mapping[str, str] | None = None, *, is_forward: bool = False, zone: tzinfo | None = None
) -> Written:
    """Read an HTML part as Markdown, its history and signature apart.

    `names` as in `tree_to_markdown`, `is_forward` as in `read_roles`; `zone` is that of a forwarded mail's date.
    """
    root = read_markup(html)
    lines = _lines(root)
    reading = read_roles([line.line() for line in lines], is_forward=is_forward)
    texts = []
    for role in (Role.WRITTEN, Role.QUOTED, Role.SIGNATURE):
        leaves = frozenset(leaf for line, its in zip(lines, reading.roles, strict=True) if its is role for leaf in line.leaves)
        part = selected(root, leaves) if leaves else None
        texts.append(tree_to_markdown(part, names or {}) if part else "")
    forwarded = None
    if reading.block >= 0:
        forwarded = read_forwarded([line.with_address() for line in lines[reading.block : reading.block + LONGEST_BLOCK]], zone)
    return Written(
        texts[0],
        texts[1],
        texts[2],
        is_forward=reading.is_forward,
        forwarded=forwarded,
        is_doubtful=reading.is_doubtful,
    )


@dataclass(slots=True)
class _SeenLine:
    """One line as a browser shows it, with the leaves of the tree (by identity) that make it."""

    depth: int
    mark: Mark = Mark.NONE
    pieces: list[str] = field(default_factory=list)
    leaves: list[int] = field(default_factory=list)
    address: str = ""  # one that a name links to without showing it

    def line(self) -> Line:
        """Give it as `read_roles` takes it: quote marks typed as text count too."""
        text = " ".join("".join(self.pieces).split())
        typed, words = quote_depth(text)
        return Line(words, self.depth + typed, self.mark)

    def with_address(self) -> str:
        """Give its words, with the address behind them if they show none."""
        words = self.line().text
        return f"{words} <{self.address}>" if self.address and "@" not in words else words


def _lines(root: Element) -> list[_SeenLine]:
    lines = [_SeenLine(0)]
    for event in _events(root, 0):
        current = lines[-1]
        if isinstance(event, _Break):
            if any(piece.strip() for piece in current.pieces) or (event.is_forced and current.leaves):
                lines.append(_SeenLine(event.depth))
            else:
                current.depth = event.depth
            if event.mark is not Mark.NONE and lines[-1].mark is Mark.NONE:
                lines[-1].mark = event.mark
        else:
            current.pieces.append(event.text)
            current.leaves.append(event.leaf)
            current.address = current.address or event.address
    return lines


class _Break(NamedTuple):  # made by the thousand, and quicker so than a frozen dataclass
    depth: int
    is_forced: bool = False
    mark: Mark = Mark.NONE


class _Leaf(NamedTuple):
    text: str
    leaf: int
    address: str = ""


def _events(element: Element, depth: int) -> Iterator[_Break | _Leaf]:
    """Give the leaves and line ends of a tree, in the order in which they are seen."""
    address = _address(element) if element.tag == "a" else ""
    for child in element.children:
        if isinstance(child, str):
            yield _Leaf(child, id(child), address)
            continue
        mark = _mark(child)
        inside = depth + _is_citation(child)
        is_line = mark is not Mark.NONE or inside != depth or not is_inline_tag(child.tag)
        if child.tag in VOID:
            if child.tag == "hr" or mark is not Mark.NONE:
                yield _Break(depth, mark=Mark.RULE if mark is Mark.NONE else mark)
            yield _Leaf("\N{OBJECT REPLACEMENT CHARACTER}" if child.tag == "img" else "", id(child))
            if child.tag != "img":
                yield _Break(depth, is_forced=True)
            continue
        if is_line:
            yield _Break(inside, mark=mark)
        yield from _events(child, inside)
        if is_line:
            yield _Break(depth)


def _address(link: Element) -> str:
    """Give the address that a `mailto:` link means, or ''."""
    scheme, _, rest = link.get("href").partition(":")
    return unquote(rest.partition("?")[0]) if scheme.lower() == "mailto" else ""


def _mark(element: Element) -> Mark:
    if not element.attributes:
        return Mark.NONE
    words = {
        word.lower() for word in (*element.classes, element.get("id"), *([element.get("name")] if element.tag == "div" else []))
    }
    if words & _TO_THE_END or _OUTLOOK_RULE.search(element.style):
        return Mark.HISTORY_TO_THE_END
    if words & (_QUOTE_CLASSES | _QUOTE_NAMES) or (element.tag == "blockquote" and element.get("type") == "cite"):
        return Mark.HISTORY
    return Mark.SIGNATURE if words & _SIGNATURES else Mark.NONE


def _is_citation(element: Element) -> int:
    """Give 1 for an element that quotes, not for one that only indents."""
    if element.tag != "blockquote":
        return 0
    return int(element.get("type") == "cite" or bool(element.classes & _CITED) or bool(_LEFT_RULE.search(element.style)))
