"""A mailbox on a port of this machine, opened as the program opens it; and mails to put into it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ingest.mailbox import Mailbox
from recado.model.secret import Revealed

if TYPE_CHECKING:
    from recado.model.practice import Practice
    from recado.model.servers import Mailbox as Settings

PASSWORD = "only for this test"
RAW = b"From: jane@acme.example\r\nSubject: Posts\r\nMessage-ID: <1@acme.example>\r\n\r\nPlease.\r\n"
MOST = 25_000_000


def settings_at(practice: Practice, port: int, **more: Any) -> Settings:
    """Give the practice's mailbox, at a port."""
    return replace(practice.mailbox, port=port, **more)


def opened(practice: Practice, port: int, *, timeout: float = 5, secret: str = PASSWORD, **more: Any) -> Mailbox:
    """Give a mailbox to be entered."""
    return Mailbox(settings_at(practice, port, **more), lambda: Revealed(secret), timeout=timeout)


def raws(*uids: int) -> dict[int, bytes]:
    """Make mails, by UID, each with a Message-ID of its own."""
    return {uid: RAW.replace(b"<1@", b"<%d@" % uid) for uid in uids}
