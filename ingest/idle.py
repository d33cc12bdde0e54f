"""Waiting for the server to say that something came (IDLE, RFC 2177), without taking silence or a broken line for news."""

from __future__ import annotations

import select
import ssl
import time
from typing import TYPE_CHECKING, Any, Protocol

from imapclient.exceptions import IMAPClientError

if TYPE_CHECKING:
    from ingest.connection import Connection


class Wait(Protocol):
    """Waits until a file descriptor can be read (True), or so many seconds; False as well where it was told to stop."""

    def __call__(self, descriptor: int, seconds: float, /) -> bool:
        """Wait."""


def until_readable(descriptor: int, seconds: float, /) -> bool:
    """Wait until a file descriptor can be read (True), or so many seconds."""
    return bool(select.select([descriptor], [], [], seconds)[0])


def idle(connection: Connection, seconds: float, wait: Wait) -> bool:
    """Wait in the open folder until something came (True), so many seconds passed, or `wait` is told to stop.

    Ends early, with False, where the server says something else. What a dead connection raises is raised: IMAPClient's own
    `idle_check` takes its end for silence, over and over, and its `idle` takes news that came just before for an error.
    """
    client = connection.client
    client.noop()  # not every server tells who begins to wait of what came just before
    if connection.heard_of_mail():
        return True
    _begin(client)
    came = connection.heard_of_mail()
    descriptor = client.socket().fileno()
    end = time.monotonic() + seconds
    while not came and not _peeked(client):
        left = end - time.monotonic()
        if left <= 0 or not wait(descriptor, left):
            break
        if _peeked(client) is not None:  # not only half a TLS record, nor a ticket of the TLS layer's own
            break
    client.idle_done()  # waits for an answer no longer than the connection's timeout
    return came or connection.heard_of_mail()


def _begin(client: Any) -> None:
    """Send IDLE. What comes before the server is ready is kept with all that it says. Raises IMAPClientError."""
    imap = client._imap  # noqa: SLF001 (IMAPClient has no other way past what comes before the `+`; it does so itself)
    tag = client._idle_tag = imap._command("IDLE")  # noqa: SLF001 (as above)
    while (line := imap._get_response()) is not None:  # noqa: SLF001 (as above)
        if imap.tagged_commands[tag]:
            raise IMAPClientError(f"idle failed: {line.decode('ascii', 'replace')}")


def _peeked(client: Any) -> bytes | None:
    """Look at what has arrived, without taking it and without waiting. None: nothing that can be read yet.

    A line that came together with the one before it stands in a buffer already: the socket does not tell of it.
    """
    connected = client.socket()
    timeout = connected.gettimeout()
    connected.settimeout(0)
    try:
        there: bytes = client._imap.file.peek(1)  # noqa: SLF001 (as above)
    except (BlockingIOError, ssl.SSLWantReadError):
        return None
    finally:
        connected.settimeout(timeout)
    return there
