"""The mailbox: IMAP, behind a few typed calls. The inbox is read and emptied, the Sent folder only looked into."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from ingest.connection import Connection, LoginRefusedError, MailboxError, MailRefusedError
from ingest.fetching import Envelope, envelopes_of, fetch_batch, in_batches
from ingest.idle import idle, until_readable
from ingest.moving import move_mails
from ingest.sent import SentMark, sent_mails
from recado.clock import now
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

    from ingest.arrived import Arrived
    from ingest.idle import Wait
    from recado.model.secret import Revealed
    from recado.model.servers import Mailbox as Settings

__all__ = ["Envelope", "LoginRefusedError", "MailRefusedError", "Mailbox", "MailboxError", "SentMark"]

_TIMEOUT = 30.0


class Mailbox:
    """One connection. Use it as a context manager; no mail is ever marked as read.

    UIDs are good for one connection and one listing: what becomes of a mail is known by the mail itself, never by its UID.
    """

    def __init__(self, settings: Settings, password: Callable[[], Revealed], *, timeout: float = _TIMEOUT) -> None:
        """Take where the mailbox is. Nothing is connected before `with`; `timeout` is in seconds, for each answer.

        `password` looks the password up: it is asked once the server answers.
        """
        self._settings = settings
        self._connection = Connection(settings, password, timeout)
        self._listed = 0
        self._refused: MailRefusedError | None = None

    def __enter__(self) -> Self:
        """Connect, log in, see that the folders are there, and open the inbox. Raises MailboxError."""
        try:
            self._connection.open()
            for folder in (self._settings.done, self._settings.quarantine):
                with self._connection.step(_("making the folder {folder}").format(folder=self._connection.named(folder))):
                    self._connection.make(folder)
            self._listed, _is_new = self._select_inbox()
        except BaseException:
            self._connection.close(politely=False)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Log out; after an error only hang up, for a server that does not answer would be waited for once more.

        Raises MailRefusedError as `raise_refused` does.
        """
        self._connection.close(politely=kind is None)
        if kind is None:
            self.raise_refused()

    def waiting(self) -> tuple[Envelope, ...]:
        """List the mails in the inbox, in the order in which they came; not those marked as deleted. Raises MailboxError."""
        self._listed, is_new = self._select_inbox()
        with self._connection.step(_("listing the inbox")):
            if not is_new:  # what came since is told by a command that is no search
                self._connection.client.noop()
            self._connection.heard_of_mail()  # whatever it was, it is about to be listed
            uids = self._connection.client.search(["UNDELETED"])
            return envelopes_of(self._connection, uids)

    def fetch(self, envelopes: Sequence[Envelope], most_bytes: int) -> Iterator[tuple[Envelope, Arrived]]:
        """Fetch mails in bulk, in their order, without marking them as read; of those that are too large, the header alone.

        One that is gone (another program moved it) is left out, and so is one that the server refuses (`raise_refused`).
        Raises MailboxError.
        """
        for batch in in_batches(envelopes, most_bytes):
            self._select_inbox_again()
            with self._remembered():
                yield from fetch_batch(self._connection, batch, most_bytes)

    def move_to_done(self, uids: Sequence[int]) -> None:
        """Move filed mails out of the inbox; those that are gone are passed over. Raises MailboxError."""
        self._move(uids, self._settings.done)

    def move_to_quarantine(self, uids: Sequence[int]) -> None:
        """Move mails that no one could file out of the inbox. Raises MailboxError."""
        self._move(uids, self._settings.quarantine)

    def raise_refused(self) -> None:
        """Raise MailRefusedError where the server refused to give or to move single mails since this was last asked.

        It keeps no other mail back, so it is told at the end. Such a mail waits in the inbox, to be met again.
        """
        refused, self._refused = self._refused, None
        if refused is not None:
            raise refused

    def sent(self, after: SentMark | None, most_bytes: int) -> Iterator[tuple[SentMark, Arrived]]:
        """Fetch what the Sent folder holds beyond a mark, oldest first; nothing where clients.yml names none.

        Nothing there is changed. The inbox may be read and emptied in between. Raises MailboxError.
        """
        if self._settings.sent is not None:
            yield from sent_mails(self._connection, self._settings.sent, after, most_bytes, now().date())

    @property
    def can_idle(self) -> bool:
        """Tell whether the server says by itself when mail comes. Raises MailboxError."""
        with self._connection.step(_("asking what it can do")):
            return self._connection.can("IDLE")

    def idle(self, seconds: float, wait: Wait = until_readable) -> bool:
        """Wait until mail came (True), so many seconds passed, or `wait` is told to stop. Raises MailboxError.

        It may also end early for nothing. For at most 29 minutes (RFC 2177), and where the server can.
        """
        self._select_inbox()
        with self._connection.step(_("waiting for mail")):
            return idle(self._connection, seconds, wait)

    # ---- Below: the protocol ----

    def _select_inbox(self) -> tuple[int, bool]:
        inbox = self._settings.inbox
        with self._connection.step(_("opening the folder {folder}").format(folder=self._connection.named(inbox))):
            return self._connection.select(inbox)

    def _select_inbox_again(self) -> None:
        """Open the inbox where another folder is open. Its UIDs must be those of the listing, or they name other mails."""
        validity, _is_new = self._select_inbox()
        if validity != self._listed:
            raise MailboxError(
                _(
                    "The inbox at {host} was made anew while it was being read. Nothing is lost: what waits is filed at the "
                    "next try."
                ).format(host=self._settings.host)
            )

    def _move(self, uids: Sequence[int], folder: str) -> None:
        self._select_inbox_again()
        with self._remembered():
            move_mails(self._connection, uids, folder)

    @contextmanager
    def _remembered(self) -> Iterator[None]:
        try:
            yield
        except MailRefusedError as error:
            self._refused = error
