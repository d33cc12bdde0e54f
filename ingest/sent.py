"""A look into the mailbox's Sent folder: what the VA answered from her mail program. Nothing there is changed or moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from imapclient.exceptions import IMAPClientError

from ingest.connection import MailboxError, is_refusal
from ingest.fetching import envelopes_of, fetch_batch, in_batches
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ingest.arrived import Arrived
    from ingest.connection import Connection

# How far back the first look goes, and the first after the folder was made anew.
DAYS_BACK = timedelta(days=30)
_NAMED_AT_MOST = 12
_SENT = b"\\Sent"  # RFC 6154


@dataclass(frozen=True, slots=True)
class SentMark:
    """How far the Sent folder was read: up to this UID, which means something together with its UIDVALIDITY alone."""

    uidvalidity: int
    uid: int


def sent_mails(
    connection: Connection, folder: str, after: SentMark | None, most_bytes: int, today: date
) -> Iterator[tuple[SentMark, Arrived]]:
    """Fetch what stands in the Sent folder beyond a mark, oldest first, each with the mark that it sets.

    Without a mark, or where the folder was made anew since: what came in the last 30 days. The folder is opened for reading
    only (EXAMINE). Raises MailboxError; where there is no such folder, with what to write in clients.yml.
    """
    uidvalidity = _examine(connection, folder)
    with connection.step(_("listing the folder {folder}").format(folder=connection.named(folder))):
        if after is not None and after.uidvalidity == uidvalidity:
            # `n:*` always gives the last mail, also where its UID is smaller (RFC 3501 §6.4.8).
            found = connection.client.search(["UNDELETED", "UID", f"{after.uid + 1}:*"])
            uids = [uid for uid in found if uid > after.uid]
        else:
            uids = connection.client.search(["UNDELETED", "SINCE", today - DAYS_BACK])
        envelopes = envelopes_of(connection, uids)
    for batch in in_batches(envelopes, most_bytes):
        if _examine(connection, folder) != uidvalidity:  # the inbox was read in between, and this folder made anew
            return
        for envelope, arrived in fetch_batch(connection, batch, most_bytes):
            yield SentMark(uidvalidity, envelope.uid), arrived


def _examine(connection: Connection, folder: str) -> int:
    what = _("opening the folder {folder}").format(folder=connection.named(folder))
    with connection.step(what):
        try:
            uidvalidity, is_new = connection.select(folder, read_only=True)
            if not is_new:  # what came since is told by a command that is no search
                connection.client.noop()
        except IMAPClientError as error:
            if not is_refusal(error) or connection.client.folder_exists(connection.named(folder)):
                raise
        else:
            return uidvalidity
    raise MailboxError(_missing(connection, folder))


def _missing(connection: Connection, folder: str) -> str:
    with connection.step(_("listing the folders")):
        folders = connection.client.list_folders()
    said = _("There is no folder {folder} in the mailbox at {host} (`mailbox.sent` in clients.yml).").format(
        folder=folder, host=connection.settings.host
    )
    names = [connection.written(name) for flags, _separator, name in folders if b"\\Noselect" not in flags]
    marked = [connection.written(name) for flags, _separator, name in folders if _SENT in flags]
    if marked:
        return f"{said} " + _("Its Sent folder is called {name}: write `sent: {name}`.").format(name=marked[0])
    return f"{said} " + _("The folders there: {names}. Write the one that holds what you sent, or take `sent:` out.").format(
        names=", ".join(names[:_NAMED_AT_MOST])
    )
