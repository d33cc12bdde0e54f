"""Which lines of a mail are its writer's, which are history, which signature: one decision for plain text and HTML.

Nothing is thrown away. Answers between quoted lines stay whole with them, and a forwarded text is what the mail is
about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from ingest.content.doubt import is_doubtful
from ingest.content.forwarded import LONGEST_BLOCK, block_end
from ingest.content.line import Line, Mark
from ingest.content.phrases import (
    ATTRIBUTION,
    FORWARD,
    HEADER_LINES,
    MOBILE_SIGNATURE,
    NEUTRAL_ATTRIBUTION,
    SEPARATOR,
    SHORT_ATTRIBUTION,
    SIGNATURE_MARK,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST_ATTRIBUTION: Final = 4  # lines over which a mail program may wrap "On … wrote:"
_LONGEST_ANNOUNCEMENT: Final = 300  # characters; longer is prose
_HEADER_BLOCK: Final = 8  # lines in which From, Sent, To, Subject must stand, those of more recipients not counted
_RECIPIENTS: Final = re.compile(r"[@;]|[,>]\s*$")
_LONGEST_SIGNATURE: Final = 25


class Role(Enum):
    """Whose line it is."""

    WRITTEN = auto()
    QUOTED = auto()
    SIGNATURE = auto()
    SIGNATURE_MARK = auto()  # the "-- " above it, which says nothing more


@dataclass(frozen=True, slots=True)
class Reading:
    """The role of each line, and whether the mail passes another's text on: then `block` is where its headers stand, or -1.

    `is_doubtful`: nobody can say whose text it is that is passed on, for another mail may begin above; `block` is -1 then.
    """

    roles: tuple[Role, ...]
    is_forward: bool
    block: int = -1
    is_doubtful: bool = False


def read_roles(lines: Sequence[Line], *, is_forward: bool = False) -> Reading:
    """Decide for each line. `is_forward`: the subject says so, then what is passed on is no history; its own history is."""
    history = _history(lines)
    forwards = is_forward or _has_forward_mark(lines, history)
    announced, block = _forwarded_block(lines) if forwards else (len(lines), -1)
    doubtful = is_doubtful(lines, announced, block)
    if forwards:
        history = _history_within(lines, block)
    roles = [Role.QUOTED if number in history else Role.WRITTEN for number in range(len(lines))]
    if not forwards:
        for number in _signature(lines, history):
            is_mark = bool(SIGNATURE_MARK.fullmatch(lines[number].text))
            roles[number] = Role.SIGNATURE_MARK if is_mark else Role.SIGNATURE
    if not any(role is Role.WRITTEN and not line.is_blank for role, line in zip(roles, lines, strict=True)):
        roles = [Role.WRITTEN] * len(lines)  # the cut would leave nothing: the whole is the text
    return Reading(tuple(roles), forwards, -1 if doubtful else block, doubtful)


def _history(lines: Sequence[Line]) -> frozenset[int]:
    """Give the lines of the quoted history; none if there is none, or if answers stand between its lines."""
    last = max((number for number, line in enumerate(lines) if line.depth), default=-1)
    end = next((number for number in range(len(lines)) if _begins_the_rest(lines, number, last)), len(lines))
    end = _with_rule(lines, end)
    quotation = _quotation(lines[:end])
    return frozenset((*quotation, *range(end, len(lines))))


def _begins_the_rest(lines: Sequence[Line], number: int, last_marked: int) -> bool:
    """Tell whether all from here on is history: Outlook's header block, a separator, "On … wrote:" without quote marks.

    `last_marked` is the last line of all that has quote marks, -1 for none.
    """
    line = lines[number]
    if line.mark is Mark.HISTORY_TO_THE_END:
        return True
    if line.depth or line.is_blank:
        return False
    if SEPARATOR.fullmatch(line.text) or _is_header_block(lines, number):
        return True
    end = _attribution_end(lines, number)
    if not end or not NEUTRAL_ATTRIBUTION.fullmatch(" ".join(line.text.strip() for line in lines[number:end])):
        return False
    following = _next_seen(lines, end)
    return last_marked < following < len(lines)


def _quotation(lines: Sequence[Line]) -> range:
    """Give the quoted lines with the one that announces them, if they stand as one at the end or at the top."""
    quoted = [number for number, line in enumerate(lines) if line.depth and not line.is_blank]
    start = next((number for number, line in enumerate(lines) if line.depth or line.mark is Mark.HISTORY), None)
    if start is None:
        return range(0)
    first = _announcement(lines, start)
    if not quoted:
        return range(first, len(lines))
    answers = [number for number in range(quoted[0], len(lines)) if not lines[number].depth and not lines[number].is_blank]
    if not answers or _is_footer(lines, answers):
        return range(first, len(lines))
    if answers[0] > quoted[-1] and all(line.is_blank for line in lines[:first]):
        return range(first, answers[0])  # answered below
    return range(0)


def _announcement(lines: Sequence[Line], start: int) -> int:
    """Give where the "On … wrote:" that ends just before `start` begins, or `start`."""
    last = start - 1
    while last >= 0 and lines[last].is_blank:
        last -= 1
    candidates: dict[int, str] = {}
    for first in range(last, max(last - _LONGEST_ATTRIBUTION, -1), -1):
        if lines[first].is_blank:
            break
        candidates[first] = " ".join(line.text.strip() for line in lines[first : last + 1])
    for pattern in (ATTRIBUTION, NEUTRAL_ATTRIBUTION, SHORT_ATTRIBUTION):
        for first, text in candidates.items():  # the shortest whose brackets close
            if text.count("<") == text.count(">") and len(text) <= _LONGEST_ANNOUNCEMENT and pattern.fullmatch(text):
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
    others = 0
    for line in lines[start : start + LONGEST_BLOCK]:
        if line.is_blank:
            if found:
                break
            continue
        labels = {label for label, pattern in HEADER_LINES.items() if pattern.fullmatch(line.text)}
        others += bool(labels) or not _RECIPIENTS.search(line.text)
        if others > _HEADER_BLOCK or (labels and labels <= found):
            break
        found |= labels
    # A letter may say "From: Madrid, To: Paris, Date: Monday"; a program always names the subject too.
    return {"from", "subject"} <= found and bool(found & {"sent", "to"})


def _with_rule(lines: Sequence[Line], start: int) -> int:
    """Take the rule above a header block along."""
    above = start - 1
    while above >= 0 and lines[above].is_blank and lines[above].mark is not Mark.RULE:
        above -= 1
    if above >= 0 and lines[above].mark is Mark.RULE and start < len(lines):
        return above
    return (
        above if above >= 0 and len(set(lines[above].text.strip())) == 1 and lines[above].text.strip()[0] in "_-=*" else start
    )


def _next_seen(lines: Sequence[Line], start: int) -> int:
    return next((number for number in range(start, len(lines)) if not lines[number].is_blank), len(lines))


def _is_footer(lines: Sequence[Line], answers: Sequence[int]) -> bool:
    """Tell whether what stands below a quotation is only a signature."""
    first = lines[answers[0]]
    if any(lines[number].depth for number in range(answers[0], len(lines))):
        return False
    return bool(SIGNATURE_MARK.fullmatch(first.text) or first.mark is Mark.SIGNATURE or MOBILE_SIGNATURE.fullmatch(first.text))


def _has_forward_mark(lines: Sequence[Line], history: frozenset[int]) -> bool:
    """Tell whether a forwarded message is announced above the history, or by its first lines."""
    end = min(history) + 3 if history else len(lines)
    return any(FORWARD.fullmatch(line.text) and line.depth <= 1 for line in lines[:end])


def _forwarded_block(lines: Sequence[Line]) -> tuple[int, int]:
    """Give where the original is announced, and where its headers stand, or -1.

    They stand below the mark that announces it, or as Outlook's block alone. Nothing announced: past the last line.
    """
    for number, line in enumerate(lines):
        if line.depth > 1 or line.is_blank:
            continue
        if FORWARD.fullmatch(line.text) or SEPARATOR.fullmatch(line.text):
            below = _next_seen(lines, number + 1)
            return number, below if block_end([each.text for each in lines[below : below + LONGEST_BLOCK]]) else -1
        if _is_header_block(lines, number):
            return number, number
    return len(lines), -1


def _history_within(lines: Sequence[Line], block: int) -> frozenset[int]:
    """Give the history below the original's own words; none if nothing of it were left, or if it passes on once more."""
    if block < 0:
        return frozenset()
    start = block + block_end([line.text for line in lines[block : block + LONGEST_BLOCK]])
    depth = min((line.depth for line in lines[start:] if not line.is_blank), default=0)
    below = [Line(line.text, max(line.depth - depth, 0), line.mark) for line in lines[start:]]
    history = _history(below)
    passes_on = _has_forward_mark(below, history)
    if passes_on or all(line.is_blank for number, line in enumerate(below) if number not in history):
        return frozenset()
    return frozenset(start + number for number in history)


def _signature(lines: Sequence[Line], history: frozenset[int]) -> range:
    """Give the signature at the end of what was written: after a mark, or a telephone's own last line."""
    own = [number for number in range(len(lines)) if number not in history]
    while own and lines[own[-1]].is_blank:
        own.pop()
    if not own:
        return range(0)
    last = own[-1]
    # Where bare dashes stand more than once they divide what was written.
    divides = sum(lines[number].text == "--" for number in own) > 1
    for number in own[-_LONGEST_SIGNATURE:]:
        line = lines[number]
        if line.text == "--" and divides and line.mark is not Mark.SIGNATURE:
            continue
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
