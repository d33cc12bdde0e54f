"""Which lines of a mail are its writer's, which are the history below, which the signature: one decision for plain text and HTML.

Nothing is thrown away. Answers between quoted lines stay whole with them, and a forwarded text is what the mail is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from ingest.content.phrases import (
    ATTRIBUTION,
    FORWARD,
    HEADER_LINES,
    MOBILE_SIGNATURE,
    NEUTRAL_ATTRIBUTION,
    SEPARATOR,
    SIGNATURE_MARK,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST_ATTRIBUTION: Final = 4  # lines over which a mail program may wrap "On … wrote:"
_HEADER_BLOCK: Final = 8  # lines in which From, Sent, To, Subject must stand
_LONGEST_SIGNATURE: Final = 25


class Mark(Enum):
    """What the markup says of where a line begins."""

    NONE = auto()
    HISTORY = auto()
    SIGNATURE = auto()


class Role(Enum):
    """Whose line it is."""

    WRITTEN = auto()
    QUOTED = auto()
    SIGNATURE = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is seen: its words without quote marks, and how many marks (or quoting elements) it stands in."""

    text: str
    depth: int = 0
    mark: Mark = Mark.NONE

    @property
    def is_blank(self) -> bool:
        """Tell whether it shows nothing."""
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class Reading:
    """The role of each line, and whether the mail passes another's text on."""

    roles: tuple[Role, ...]
    is_forward: bool


def read_roles(lines: Sequence[Line], *, is_forward: bool = False) -> Reading:
    """Decide for each line. `is_forward`: the subject says so, then nothing is history."""
    history = _history(lines)
    forwards = is_forward or _has_forward_mark(lines, history)
    if forwards:
        history = range(0)
    roles = [Role.QUOTED if number in history else Role.WRITTEN for number in range(len(lines))]
    if not forwards:
        for number in _signature(lines, history):
            roles[number] = Role.SIGNATURE
    if not any(role is Role.WRITTEN and not line.is_blank for role, line in zip(roles, lines, strict=True)):
        roles = [Role.WRITTEN] * len(lines)  # the cut would leave nothing: the whole is the text
    return Reading(tuple(roles), forwards)


def _history(lines: Sequence[Line]) -> range:
    """Give the lines of the quoted history; empty if there is none, or if answers stand between its lines."""
    for number, line in enumerate(lines):
        if line.is_blank and line.mark is not Mark.HISTORY:
            continue
        if line.mark is Mark.HISTORY or line.depth:
            return _quotation(lines, number)
        if SEPARATOR.fullmatch(line.text) or _is_header_block(lines, number):
            return range(_with_rule(lines, number), len(lines))
        if end := _attribution_end(lines, number):
            following = _next_seen(lines, end)
            if following < len(lines) and lines[following].depth:
                return _quotation(lines, following, number)
            return range(number, len(lines))
    return range(0)


def _quotation(lines: Sequence[Line], start: int, announced: int | None = None) -> range:
    """Give the history that begins with a quotation at `start`, with the line that announces it."""
    first = announced if announced is not None else _announcement(lines, start)
    if not any(line.depth for line in lines[start:]):
        return range(first, len(lines))
    begin = next(number for number in range(start, len(lines)) if lines[number].depth)
    answers = [number for number in range(begin, len(lines)) if not lines[number].depth and not lines[number].is_blank]
    is_top_free = all(line.is_blank for line in lines[:first])
    if not answers:
        return range(first, len(lines))
    after = answers[0]
    is_one_block = not any(lines[number].depth for number in range(after, len(lines)))
    if is_one_block and is_top_free:
        return range(first, after)  # answered below
    if is_one_block and _is_footer(lines, after):
        return range(first, len(lines))
    return range(0)


def _announcement(lines: Sequence[Line], start: int) -> int:
    """Give where the "On … wrote:" that ends just before `start` begins, or `start`."""
    last = start - 1
    while last >= 0 and lines[last].is_blank:
        last -= 1
    for first in range(last, max(last - _LONGEST_ATTRIBUTION, -1), -1):
        if lines[first].is_blank:
            break
        text = " ".join(line.text.strip() for line in lines[first : last + 1])
        if ATTRIBUTION.fullmatch(text) or (NEUTRAL_ATTRIBUTION.fullmatch(text) and len(text) < 200):  # noqa: PLR2004 (longer is prose)
            return first
    return start


def _attribution_end(lines: Sequence[Line], start: int) -> int:
    """Give the line after an "On … wrote:" that begins here and may be wrapped, or 0."""
    text = ""
    for number in range(start, min(start + _LONGEST_ATTRIBUTION, len(lines))):
        if lines[number].is_blank:
            break
        text = f"{text} {lines[number].text.strip()}".strip()
        if ATTRIBUTION.fullmatch(text):
            return number + 1
    return 0


def _is_header_block(lines: Sequence[Line], start: int) -> bool:
    """Tell whether Outlook's From, Sent, To, Subject stand here, in any order and language."""
    if not any(HEADER_LINES[label].fullmatch(lines[start].text) for label in ("from", "sent")):
        return False
    found: set[str] = set()
    for line in lines[start : start + _HEADER_BLOCK]:
        if line.is_blank:
            if found:
                break
            continue
        found |= {label for label, pattern in HEADER_LINES.items() if pattern.fullmatch(line.text)}
    return "from" in found and len(found & {"sent", "to", "subject"}) >= 2  # noqa: PLR2004 (one alone is a letter's "To:")


def _with_rule(lines: Sequence[Line], start: int) -> int:
    """Take the rule above a header block along."""
    above = start - 1
    while above >= 0 and lines[above].is_blank:
        above -= 1
    return (
        above if above >= 0 and len(set(lines[above].text.strip())) == 1 and lines[above].text.strip()[0] in "_-=*" else start
    )


def _next_seen(lines: Sequence[Line], start: int) -> int:
    return next((number for number in range(start, len(lines)) if not lines[number].is_blank), len(lines))


def _is_footer(lines: Sequence[Line], start: int) -> bool:
    """Tell whether what follows a quotation is only a signature."""
    return bool(
        SIGNATURE_MARK.fullmatch(lines[start].text)
        or lines[start].mark is Mark.SIGNATURE
        or MOBILE_SIGNATURE.fullmatch(lines[start].text)
    )


def _has_forward_mark(lines: Sequence[Line], history: range) -> bool:
    """Tell whether a forwarded message is announced above the history, or by its first lines."""
    end = history.start + 3 if history else len(lines)
    return any(FORWARD.fullmatch(line.text) and line.depth <= 1 for line in lines[:end])


def _signature(lines: Sequence[Line], history: range) -> range:
    """Give the signature at the end of what was written: after a mark, or a telephone's own last line."""
    own = [number for number in range(len(lines)) if number not in history]
    while own and lines[own[-1]].is_blank:
        own.pop()
    if not own:
        return range(0)
    last = own[-1]
    for number in own[-_LONGEST_SIGNATURE:]:
        line = lines[number]
        if line.depth == 0 and (line.mark is Mark.SIGNATURE or SIGNATURE_MARK.fullmatch(line.text)):
            return range(number, last + 1) if number in range(own[0], last + 1) and _is_run(own, number) else range(0)
    for number in own[-2:]:
        if MOBILE_SIGNATURE.fullmatch(lines[number].text):
            return range(number, last + 1)
    return range(0)


def _is_run(own: list[int], start: int) -> bool:
    """Tell whether no history stands between the mark and the end."""
    tail = own[own.index(start) :]
    return tail[-1] - tail[0] == len(tail) - 1
