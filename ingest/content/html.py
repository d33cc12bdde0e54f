"""HTML of a mail → Markdown: its paragraphs, headings, lists, tables, emphasis and links; nothing that would be fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ingest.content.escape import escape_line_start, fenced, quoted
from ingest.content.inline import BREAK, Span, inline_lines
from ingest.content.markup import Element
from ingest.content.picture import picture_span
from ingest.content.plain import plain_to_markdown
from ingest.content.table import data_rows, pipe_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BLOCKS: Final = frozenset(
    """
    address article aside blockquote caption center dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li
    main nav ol p pre section table tbody td tfoot th thead tr ul
    """.split()
)
_LISTS: Final = frozenset({"ul", "ol"})
_STRONG: Final = frozenset({"b", "strong"})
_EMPHASISED: Final = frozenset({"i", "em", "cite", "var"})
_CODE: Final = frozenset({"code", "kbd", "samp", "tt"})
_WITHOUT_LOOK: Final = _BLOCKS | {"span", "font"}  # by themselves: they may have a style
_BOLD_STYLE: Final = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)")
_ITALIC_STYLE: Final = re.compile(r"font-style\s*:\s*italic")
_PLAIN_STYLE: Final = re.compile(r"font-weight\s*:\s*(?:normal|[1-4]00)")
_OFFICE_ITEM: Final = re.compile(r"mso-list\s*:\s*\S+\s+level(\d)")
_OFFICE_MARKER: Final = re.compile(r"mso-list\s*:\s*ignore")
_LIST_START: Final = re.compile(r"(?:-|\d{1,9}\.) ")
_NUMBER: Final = re.compile(r"\s*\(?(\d{1,3})[.)]")


def tree_to_markdown(root: Element, names: Mapping[str, str]) -> str:
    """Write the tree of a mail's HTML as Markdown. `names` gives the attachment that each content id means.

    So an attached picture keeps its place. Tracking pixels are gone; remote pictures become links. Words that look like
    Markdown or HTML are escaped. Never raises.
    """
    return "\n\n".join(_Writer(names).blocks(root, Span("")))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes elements as blocks, each a string of one or more lines without blank lines around it."""

    names: Mapping[str, str]
    is_nested: bool = False  # in a list or a quotation, where Python-Markdown knows no fences
    is_in_list: bool = False  # where it knows no quotations

    def blocks(self, element: Element, style: Span) -> list[str]:
        """Write what is in an element. `style` is the look of the words around it."""
        blocks: list[str] = []
        run: list[Span] = []
        children = element.children
        place = 0
        while place < len(children):
            child = children[place]
            place += 1
            if isinstance(child, str):
                run.append(style.saying(child))
            elif child.tag not in _BLOCKS and not _holds_block(child):
                run.extend(self.spans(child, style))
            else:
                blocks.extend(_paragraphs(run))
                run = []
                if _OFFICE_ITEM.search(child.style):
                    last = _office_list_end(children, place)
                    items = [item for item in children[place - 1 : last] if isinstance(item, Element)]
                    blocks.extend(self.office_list(items, style))
                    place = last
                else:
                    blocks.extend(self.block(child, style))
        return [*blocks, *_paragraphs(run)]

    def block(self, element: Element, style: Span) -> list[str]:
        """Write one block element."""
        tag = element.tag
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            words = " ".join(inline_lines(self.spans(element, style)))
            # Hash marks at the end of a heading are read as part of its mark.
            bare = words.rstrip("#")
            words = bare + r"\#" * (len(words) - len(bare))
            return [f"{'#' * int(tag[1])} {words}"] if words else []
        if tag in _LISTS:
            return self.items(element, style)
        if tag == "blockquote" and not self.is_in_list:
            inner = replace(self, is_nested=True).blocks(element, style)
            return [quoted(inner)] if inner else []
        if tag == "pre":
            return self.preformatted(element)
        if tag == "hr":
            return ["---"]
        if tag == "table" and (rows := data_rows(element)):
            return [pipe_table([[" ".join(inline_lines(self.spans(cell, style))) for cell in row] for row in rows])]
        return self.blocks(element, _styled(element, style))

    def preformatted(self, element: Element) -> list[str]:
        """Write `pre`: short lines are kept as they stand, prose that a program put there is read as plain text."""
        lines = _plain_text(element).expandtabs(8).strip("\n").split("\n")
        if not any(line.strip() for line in lines):
            return []
        if self.is_nested or not any(line.startswith("  ") or "   " in line.strip() for line in lines):
            return [plain_to_markdown("\n".join(lines))]
        return [fenced([line.rstrip() for line in lines])]

    def items(self, element: Element, style: Span) -> list[str]:
        """Write a list: what follows in an item stands four columns in, which every reader of Markdown takes as part of it."""
        start = element.get("start")
        number = int(start) if start.isdecimal() and len(start) < 4 else 1  # noqa: PLR2004 (longer is no list)
        before: list[str] = []
        items: list[str] = []
        for child in element.children:
            if isinstance(child, str) and not child.strip():
                continue
            item = child if isinstance(child, Element) else Element("li", children=[child])
            inner = (
                replace(self, is_nested=True, is_in_list=True).blocks(item, style)
                if item.tag not in _LISTS
                else self.items(item, style)
            )
            if not inner:
                continue
            if item.tag in _LISTS or _LIST_START.match(inner[0]):  # only a list in it: it belongs to the item above
                if items:
                    items[-1] += ("\n\n" if "\n" in items[-1] else "\n") + _indented("\n\n".join(inner))
                else:
                    before.extend(inner)
                continue
            items.append(_item(f"{number}." if element.tag == "ol" else "-", inner))
            number += 1
        between = "\n\n" if any("\n\n" in item for item in items) else "\n"
        return [*before, between.join(items)] if items else before

    def office_list(self, paragraphs: Sequence[Element], style: Span) -> list[str]:
        """Write the paragraphs that Outlook marks as list items, their typed bullets left out."""
        written: list[str] = []
        for paragraph in paragraphs:
            level = _OFFICE_ITEM.search(paragraph.style)
            marker = "".join(part.text() for part in paragraph.walk() if _OFFICE_MARKER.search(part.style))
            number = _NUMBER.match(marker)
            words = " ".join(inline_lines(self.spans(paragraph, style)))
            indent = "    " * (min(int(level[1]), 6) - 1 if level else 0)
            if words:
                written.append(f"{indent if written else ''}{f'{number[1]}.' if number else '-'} {escape_line_start(words)}")
        return ["\n".join(written)] if written else []

    def spans(self, element: Element, style: Span) -> list[Span]:
        """Give the words of an inline element (or of a block that must fit in one line) as styled runs."""
        if element.tag == "br":
            return [style.saying(BREAK)]
        if element.tag == "img":
            return picture_span(element, style, self.names)
        if _OFFICE_MARKER.search(element.style):
            return []
        inner_style = _styled(element, style)
        spans: list[Span] = []
        for child in element.children:
            if isinstance(child, str):
                spans.append(inner_style.saying(child))
            else:
                between = [style.saying(" ")] if child.tag in _BLOCKS else []
                spans.extend((*between, *self.spans(child, inner_style), *between))
        return spans


def _styled(element: Element, style: Span) -> Span:
    if not element.attributes and element.tag in _WITHOUT_LOOK:
        return style
    look = element.style
    is_strong = (style.is_strong or element.tag in _STRONG or bool(_BOLD_STYLE.search(look))) and not _PLAIN_STYLE.search(look)
    return replace(
        style,
        is_strong=is_strong,
        is_emphasised=style.is_emphasised or element.tag in _EMPHASISED or bool(_ITALIC_STYLE.search(look)),
        is_code=style.is_code or element.tag in _CODE,
        link=element.get("href") if element.tag == "a" and element.get("href") else style.link,
    )


def _paragraphs(run: Sequence[Span]) -> list[str]:
    """Make paragraphs of a run of words: one line break stays one, an empty line begins a new paragraph."""
    paragraphs: list[list[str]] = [[]]
    for line in inline_lines(run):
        if line:
            paragraphs[-1].append(escape_line_start(line))
        elif paragraphs[-1]:
            paragraphs.append([])
    return ["  \n".join(lines) for lines in paragraphs if lines]


def _item(marker: str, blocks: Sequence[str]) -> str:
    first, *rest = blocks
    is_tight = len(rest) == 1 and bool(_LIST_START.match(rest[0]))
    body = ("\n" if is_tight else "\n\n").join([first, *rest])
    return f"{marker} {_indented(body).lstrip(' ')}"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.split("\n"))


def _office_list_end(children: Sequence[Element | str], place: int) -> int:
    """Give where the run of Outlook's list paragraphs ends."""
    end = place
    for number in range(place, len(children)):
        child = children[number]
        if isinstance(child, Element) and _OFFICE_ITEM.search(child.style):
            end = number + 1
        elif not (isinstance(child, str) and not child.strip()):
            break
    return end


def _plain_text(element: Element) -> str:
    return "".join(
        child if isinstance(child, str) else "\n" if child.tag == "br" else _plain_text(child) for child in element.children
    )


def _holds_block(element: Element) -> bool:
    return any(below.tag in _BLOCKS for below in element.walk())
