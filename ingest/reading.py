"""Reading one mail that someone at the terminal asks for: in a child, as for the worker, for it is as hostile as any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.reader import Reader

if TYPE_CHECKING:
    from ingest.mail import Mail, Unreadable


def read_mail(raw: bytes, max_bytes: int) -> Mail | Unreadable:
    """Read one mail, within the worker's bounds of time and memory. Never fails for what the mail holds."""
    reader = Reader(max_bytes)
    reader.start()
    try:
        reader.ask(raw)
        return reader.answer()
    finally:
        reader.close()
