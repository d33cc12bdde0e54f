"""Moving mails out of the open folder, many at once: by MOVE, or by what servers without it have. No mail is ever deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.connection import TROUBLES, Connection, MailRefusedError, is_refusal
from ingest.fetching import COMMAND_UIDS, parted
from recado.speech import _
from recado.store.steps import Step, reached

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def move_mails(connection: Connection, uids: Sequence[int], folder: str) -> None:
    """Move mails of the open folder to another, by MOVE (RFC 6851), else by COPY and deletion of these UIDs alone.

    A plain EXPUNGE would also delete what another program marked. So without UIDPLUS the mail stays, marked as deleted, and
    is not listed again. Mails that are gone are passed over. Raises MailboxError; MailRefusedError for what the server
    refused alone, after the others.
    """
    client, name = connection.client, connection.named(folder)
    what = _("moving a mail to {folder}").format(folder=name)
    giving = _Giving(connection, folder)
    with connection.step(what):
        has_move, has_uidplus = connection.can("MOVE"), connection.can("UIDPLUS")
        for some in parted(sorted(uids), COMMAND_UIDS):
            if has_move:
                giving.taken(some, lambda uids: client.move(uids, name))
            else:
                copied = giving.taken(some, lambda uids: client.copy(uids, name))
                reached(Step.COPIED)
                marked = giving.taken(copied, lambda uids: client.delete_messages(uids, silent=True))
                reached(Step.FLAGGED)
                if has_uidplus:
                    giving.taken(marked, client.uid_expunge)
            reached(Step.MOVED)
    if giving.refused is not None:
        raise connection.failed(what, giving.refused, MailRefusedError) from giving.refused


class _Giving:
    """Gives commands mails, and remembers what was refused: one mail that a server will not move keeps no other back."""

    def __init__(self, connection: Connection, folder: str) -> None:
        self._connection = connection
        self._folder = folder
        self.refused: Exception | None = None

    def taken(self, uids: Sequence[int], command: Callable[[Sequence[int]], object]) -> list[int]:
        """Give a command so many mails; where the server refuses them all together, each alone. Gives those that it took."""
        if not uids or self._refusal(uids, command) is None:
            return list(uids)
        self._connection.make(self._folder)  # perhaps another program took it away
        done = []
        for uid in uids:
            refusal = self._refusal([uid], command)
            if refusal is None:
                done.append(uid)
            self.refused = refusal or self.refused
        return done

    def _refusal(self, uids: Sequence[int], command: Callable[[Sequence[int]], object]) -> Exception | None:
        try:
            command(uids)
        except TROUBLES as error:
            if not is_refusal(error):
                raise
            return error
        return None
