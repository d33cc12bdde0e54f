"""A reader of mails in this very process: what the tests put in the place of the child that reads them at home."""

from __future__ import annotations

import sys
from collections import deque
from typing import TYPE_CHECKING, Self

from ingest.parse import parse_mail

if TYPE_CHECKING:
    from ingest.mail import Mail, Unreadable


class ReaderTwin:
    """Answers as the reader does, in the order asked."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._asked: deque[bytes] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def start(self) -> None:
        """There is nothing to start."""

    def close(self) -> None:
        self._asked.clear()

    def ask(self, raw: bytes) -> None:
        self._asked.append(raw)

    def is_answered(self, _seconds: float) -> bool:
        return True

    def answer(self) -> Mail | Unreadable:
        return parse_mail(self._asked.popleft(), max_bytes=self._max_bytes)


def read_in_this_process() -> None:
    """Let every module of ingest that holds the reader hold its twin. It cannot be undone: for a process of the test's own."""
    for name, module in tuple(sys.modules.items()):
        if name.startswith("ingest.") and hasattr(module, "Reader"):
            module.Reader = ReaderTwin  # type: ignore[attr-defined] # what the modules of this name hold
