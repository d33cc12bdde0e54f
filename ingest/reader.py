"""Reading mails (for now in this process)."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from ingest.parse import parse_mail

if TYPE_CHECKING:
    from ingest.mail import Mail, Unreadable


class Reader:
    """Reads mails in the order asked."""

    def __init__(self, max_bytes: int) -> None:
        """Take the most bytes of a mail that are read."""
        self._max_bytes = max_bytes
        self._asked: deque[bytes] = deque()

    def start(self) -> None:
        """Get ready."""

    def close(self) -> None:
        """End."""

    def ask(self, raw: bytes) -> None:
        """Hand a mail over."""
        self._asked.append(raw)

    def answer(self) -> Mail | Unreadable:
        """Give what the next one says."""
        return parse_mail(self._asked.popleft(), max_bytes=self._max_bytes)
