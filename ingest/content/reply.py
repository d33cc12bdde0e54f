"""A plain text → what they wrote, the history and the signature; before and after it becomes Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.charset import clean_text
from ingest.content.forwarded import LONGEST_BLOCK, read_forwarded
from ingest.content.history import Role, read_roles
from ingest.content.line import Line
from ingest.content.plain import plain_to_markdown, unflow
from ingest.content.written import Written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

_MARKS: Final = re.compile(r"(?: ?>)+ ?")


@dataclass(frozen=True, slots=True)
class Reply:
    """The three parts of a plain text, as they stood there. `block`: the lines at which a forwarded mail says whose it is.

    `is_doubtful` as in `Reading`.
    """

    written: str
    quoted: str
    signature: str
    is_forward: bool = False
    block: tuple[str, ...] = ()
    is_doubtful: bool = False


def split_reply(text: str, *, is_forward: bool = False) -> Reply:
    """Set the history and the signature of a plain text apart. Nothing is lost; with nothing written, the whole is the text."""
    lines = clean_text(text).split("\n")
    seen = [_line(line) for line in lines]
    reading = read_roles(seen, is_forward=is_forward)
    return Reply(
        written=_with_role(lines, reading.roles, Role.WRITTEN),
        quoted=_with_role(lines, reading.roles, Role.QUOTED),
        signature=_with_role(lines, reading.roles, Role.SIGNATURE),
        is_forward=reading.is_forward,
        block=tuple(line.text for line in seen[reading.block : reading.block + LONGEST_BLOCK]) if reading.block >= 0 else (),
        is_doubtful=reading.is_doubtful,
    )


def quote_depth(line: str) -> tuple[int, str]:
    """Count the quote marks at the start of a line, and give the rest of it."""
    marks = _MARKS.match(line)
    return (marks[0].count(">"), line[marks.end() :]) if marks else (0, line)


def read_plain(
    text: str,
    *,
    is_forward: bool = False,
    is_flowed: bool = False,
    deletes_space: bool = False,
    zone: tzinfo | None = None,
) -> Written:
    """Read a plain text part as Markdown, its history and signature apart. `zone` is that of a forwarded mail's date."""
    if is_flowed:
        text = "\n".join(unflow(clean_text(text), deletes_space=deletes_space))
    reply = split_reply(text, is_forward=is_forward)
    text, quoted, signature = [
        plain_to_markdown(part, is_wrapped=not is_flowed) for part in (reply.written, reply.quoted, reply.signature)
    ]
    forwarded = read_forwarded(reply.block, zone) if reply.block else None
    return Written(text, quoted, signature, is_forward=reply.is_forward, forwarded=forwarded, is_doubtful=reply.is_doubtful)


def _line(text: str) -> Line:
    depth, words = quote_depth(text)
    return Line(words, depth)


def _with_role(lines: Sequence[str], roles: Sequence[Role], role: Role) -> str:
    """Join the lines of a role."""
    return "\n".join(line for line, its in zip(lines, roles, strict=True) if its is role).strip("\n")
