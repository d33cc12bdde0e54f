"""Reading mails that someone at the terminal asks for: in a child, as for the worker, for they are as hostile as any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ingest.mail import Mail, Unreadable


def read_mails(raws: Iterable[bytes], max_bytes: int) -> tuple[Mail | Unreadable, ...]:
    """Read mails one after the other, within the worker's bounds of time and memory. Never fails for what a mail holds."""
    read = []
    with Reader(max_bytes) as reader:
        for raw in raws:
            reader.ask(raw)
            read.append(reader.answer())
    return tuple(read)
