"""Plain text of a mail → Markdown that looks the same: its paragraphs, lines, lists, quotations and columns."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ingest.charset import clean_text
from ingest.content.escape import escape_line_start, fenced, quoted, with_links

if TYPE_CHECKING:
    from collections.abc import Sequence

_ITEM: Final = re.compile(r"(?P<indent> *)(?:(?P<bullet>[-*+•·‣◦▪–])|(?P<number>\d{1,3})[.)])(?P<gap> +)(?P<text>\S.*)")
_RULE: Final = re.compile(r" {0,3}(?:-{5,}|_{5,}|={5,}|\*{5,}|~{5,}|(?:- ?){5,})")
_QUOTE: Final = re.compile(r" ?>")
_COLUMNS: Final = re.compile(r"\S(?: {3,}|\t+)\S")
_NARROWEST, _WIDEST = 60, 80
_SENTENCE_ENDS: Final = (".", "!", "?", ":")
_SHORT: Final = 30  # a line this short below the end of a sentence stands by itself: "Thank you,"
_MOST_QUOTES: Final = 20


def plain_to_markdown(text: str, *, is_flowed: bool = False, deletes_space: bool = False, is_wrapped: bool = True) -> str:
    """Write plain mail text as Markdown. `is_flowed` and `deletes_space` are RFC 3676's format=flowed and delsp=yes.

    Lines that a mail program wrapped are joined (not if `is_wrapped` is false: then every line end is the writer's);
    other line ends stay. Lists of at least two items stay lists, columns stay columns.
    """
    cleaned = clean_text(text)
    lines = unflow(cleaned, deletes_space=deletes_space) if is_flowed else cleaned.split("\n")
    expanded = [line.replace("\u00a0", " ").expandtabs(8).rstrip() for line in lines]
    return "\n\n".join(_blocks(expanded, _wrap_width(expanded) if is_wrapped and not is_flowed else 0, 0))


def unflow(text: str, *, deletes_space: bool = False) -> list[str]:
    """Join the soft-broken lines of format=flowed (RFC 3676 §4); quote marks and the signature's `-- ` are kept."""
    depth_before = -1
    is_open = False
    pieces: list[list[str]] = []
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        if is_open and depth == depth_before:
            pieces[-1].append(content)
        else:
            pieces.append([">" * depth + (" " if depth and content else ""), content])
        is_open = content.endswith(" ") and content != "-- "
        if is_open and deletes_space:
            pieces[-1][-1] = content[:-1]
        depth_before = depth
    return ["".join(line) for line in pieces]


def _wrap_width(lines: Sequence[str]) -> int:
    """Give the width at which the writer's program wrapped, or 0 if it did not."""
    widths = [len(line) for line in lines if not _QUOTE.match(line)]
    if any(width > _WIDEST for width in widths if width) and sum(width > _WIDEST for width in widths) > len(widths) // 20:
        return 0
    widest = max((width for width in widths if width <= _WIDEST), default=0)
    return widest if widest >= _NARROWEST else 0


def _blocks(lines: Sequence[str], width: int, depth: int) -> list[str]:
    blocks: list[str] = []
    place = 0
    while place < len(lines):
        end = place + 1
        if not lines[place].strip():
            pass
        elif _QUOTE.match(lines[place]) and depth < _MOST_QUOTES:
            while end < len(lines) and _QUOTE.match(lines[end]):
                end += 1
            inner = [line.lstrip().removeprefix(">").removeprefix(" ") for line in lines[place:end]]
            blocks.append(quoted(_blocks(inner, _wrap_width(inner), depth + 1)))
        elif _RULE.fullmatch(lines[place]):
            blocks.append("---")
        elif (end := _list_end(lines, place)) > place:
            blocks.append(_list(lines[place:end]))
        else:
            end = _paragraph_end(lines, place)
            blocks.append(_paragraph(lines[place:end], width, depth))
        place = end
    return blocks


def _paragraph_end(lines: Sequence[str], place: int) -> int:
    end = place + 1
    while end < len(lines) and lines[end].strip() and not _QUOTE.match(lines[end]) and not _RULE.fullmatch(lines[end]):
        if _list_end(lines, end) > end:
            break
        end += 1
    return end


def _paragraph(lines: Sequence[str], width: int, depth: int) -> str:
    # Columns keep their places in code; within a quotation Python-Markdown knows no fences.
    if not depth and len(lines) > 1 and sum(1 for line in lines if _COLUMNS.search(line)) > len(lines) // 2:
        return fenced(lines)
    joined = [lines[0].strip()]
    for before, line in pairwise(lines):
        first_word = line.split(maxsplit=1)[0]
        is_full = len(before) + 1 + len(first_word) > width
        is_closed = before.rstrip().endswith(_SENTENCE_ENDS) and len(line) < _SHORT
        if width and is_full and not is_closed and not _ITEM.match(line):
            joined[-1] += f" {line.strip()}"
        else:
            joined.append(line.strip())
    return "  \n".join(escape_line_start(with_links(line)) for line in joined)


def _list_end(lines: Sequence[str], place: int) -> int:
    """Give where a list that begins here ends; `place` itself if there is none (one item, numbers not from 1)."""
    first = _ITEM.fullmatch(lines[place])
    if first is None:
        return place
    items = 0
    expected = 1
    end = place
    body = len(first["indent"]) + 1
    while end < len(lines):
        line = lines[end]
        item = _ITEM.fullmatch(line)
        indent = len(line) - len(line.lstrip())
        if item and indent <= len(first["indent"]) + 1:
            if bool(item["number"]) is not bool(first["number"]) or (item["number"] and int(item["number"]) != expected):
                break
            items, expected = items + 1, expected + 1
        elif (line.strip() and indent < body) or (not line.strip() and not _continues(lines, end, first)):
            break
        end += 1
    while end > place and not lines[end - 1].strip():
        end -= 1
    return end if items > 1 else place


def _continues(lines: Sequence[str], blank: int, first: re.Match[str]) -> bool:
    """Tell whether a list goes on after one blank line: with an item of its kind."""
    item = _ITEM.fullmatch(lines[blank + 1]) if blank + 1 < len(lines) else None
    return bool(item and bool(item["number"]) is bool(first["number"]) and abs(len(item["indent"]) - len(first["indent"])) <= 1)


def _list(lines: Sequence[str]) -> str:
    written: list[str] = []
    indents: list[int] = []
    for line in lines:
        item = _ITEM.fullmatch(line)
        if item is None:
            if line.strip():
                written[-1] += f" {with_links(line.strip())}"
            continue
        indent = len(item["indent"])
        while indents and indents[-1] > indent + 1:
            indents.pop()
        if not indents or indent > indents[-1] + 1:
            indents.append(indent)
        marker = f"{item['number']}." if item["number"] else "-"
        written.append(f"{'    ' * (len(indents) - 1)}{marker} {escape_line_start(with_links(item['text'].strip()))}")
    return "\n".join(written)
