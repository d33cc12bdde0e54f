"""Whether it can be said whose mail is passed on: what stands around a block `From: … Subject: …` may be another's mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.content.forwarded import LONGEST_BLOCK, names_another, names_two

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.content.line import Line

_MOST_WORDS_ABOVE: Final = 200  # of whoever passes a mail on


def is_doubtful(lines: Sequence[Line], announced: int, block: int) -> bool:
    """Tell whether more stands above an original than the few words of whoever passes it on, or it stands in a quotation.

    `announced` is where the original is announced (past the end: nowhere), `block` where its headers stand, or -1.
    Likewise if it is announced and then not to be read, or names two senders.
    """
    above = [line for line in lines[:announced] if not line.is_blank]
    if names_another([line.text for line in above]):
        return True
    if announced == len(lines):
        return False
    announcement = lines[announced]
    is_quoted = announcement.depth > 0 and not announcement.text.rstrip().endswith(":")  # Apple Mail quotes its own in HTML
    return (
        block < 0
        or is_quoted
        or any(line.depth for line in above)
        or sum(len(line.text.split()) for line in above) > _MOST_WORDS_ABOVE
        or names_two([line.text for line in lines[block : block + LONGEST_BLOCK]])
    )
