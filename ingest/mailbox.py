"""The mailbox: IMAP, behind a few typed calls. What IMAPClient raises becomes an error that says what did not answer."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, Self

from imapclient import IMAPClient
from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError, LoginError

from ingest.intake import Arrived
from recado.errors import WorkError
from recado.model.servers import LOOPBACK
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from recado.model.secret import Revealed
    from recado.model.servers import Mailbox as Settings

_TIMEOUT = 30.0
_HEADER_OF_LARGE = 64 * 1024
_TROUBLES = (OSError, IMAPClientError)


class MailboxError(WorkError):
    """The mailbox did not do what was asked. The text says which step failed, and what to do."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail that waits in the inbox: its UID, and its size in bytes, asked before it is fetched."""

    uid: int
    size: int


class Mailbox:
    """One connection. Use it as a context manager; the inbox is selected, and no mail is ever marked as read."""

    def __init__(self, settings: Settings, password: Callable[[], Revealed], *, timeout: float = _TIMEOUT) -> None:
        """Take where the mailbox is. Nothing is connected before `with`; `timeout` is in seconds, for each answer.

        `password` looks the password up: it is asked once the server answers.
        """
        self._settings = settings
        self._password = password
        self._timeout = timeout
        self._client: Any = None
        self._prefix = ""
        self._separator = "/"

    def __enter__(self) -> Self:
        """Connect, log in, and see that the folders are there. Raises MailboxError."""
        try:
            self._connect()
            self._log_in()
            with self._step(_("asking where folders stand")):
                self._read_namespace()
            for folder in (self._settings.done, self._settings.quarantine):
                with self._step(_("making the folder {folder}").format(folder=folder)):
                    self._make(self._named(folder))
            with self._step(_("opening the folder {folder}").format(folder=self._settings.inbox)):
                self._client.select_folder(self._named(self._settings.inbox))
        except BaseException:
            self._hang_up()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Log out; after an error only hang up, for a server that does not answer would be waited for once more."""
        if kind is None:
            self._log_out()
        self._hang_up()

    def waiting(self) -> tuple[Envelope, ...]:
        """List the mails in the inbox, in the order in which they came. Raises MailboxError."""
        with self._step(_("listing the inbox")):
            uids = self._client.search(["UNDELETED"])
            sizes = self._client.fetch(uids, ["RFC822.SIZE"]) if uids else {}
        found = ((uid, sizes.get(uid, {}).get(b"RFC822.SIZE")) for uid in sorted(uids))
        return tuple(Envelope(uid, int(size)) for uid, size in found if size is not None)

    def fetch(self, envelope: Envelope, most_bytes: int) -> Arrived | None:
        """Fetch a mail without marking it as read; of one that is too large, its header alone.

        None: it is gone, for another program moved it. Raises MailboxError.
        """
        is_cut = envelope.size > most_bytes
        part = f"BODY.PEEK[HEADER]<0.{_HEADER_OF_LARGE}>" if is_cut else "BODY.PEEK[]"
        with self._step(_("fetching a mail")):
            found = self._client.fetch([envelope.uid], [part, "INTERNALDATE"]).get(envelope.uid)
        if found is None:
            return None
        raw = next((value for key, value in found.items() if key.startswith(b"BODY[")), None)
        received = found.get(b"INTERNALDATE")
        if raw is None or received is None:
            return None
        return Arrived(bytes(raw), received.astimezone(UTC).replace(microsecond=0), is_cut)

    def move_to_done(self, uid: int) -> None:
        """Move a filed mail out of the inbox. Raises MailboxError."""
        self._move(uid, self._settings.done)

    def move_to_quarantine(self, uid: int) -> None:
        """Move a mail that no one could file out of the inbox. Raises MailboxError."""
        self._move(uid, self._settings.quarantine)

    # ---- Below: the protocol ----

    def _connect(self) -> None:
        settings = self._settings
        if settings.security == "none" and settings.host not in LOOPBACK:  # clients.yml refuses it too
            raise MailboxError(_("Mail is not fetched unprotected from {host}.").format(host=settings.host))
        context = ssl.create_default_context() if settings.security != "none" else None
        try:
            self._client = IMAPClient(
                settings.host,
                port=settings.port,
                ssl=settings.security == "tls",
                ssl_context=context,
                use_uid=True,
                timeout=self._timeout,
            )
            if settings.security == "starttls":
                self._client.starttls(context)
            self._client.normalise_times = False
            # A command goes out in several small writes: without this, each may wait for the one before to be acknowledged.
            self._client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except ssl.SSLCertVerificationError as error:
            raise MailboxError(
                _(
                    "{host} could not prove who it is ({reason}). Check `mailbox.host` in clients.yml: it must be the name in "
                    "the server's certificate."
                ).format(host=settings.host, reason=error.verify_message or error)
            ) from error
        except (OSError, IMAPClientError, CapabilityError) as error:
            said = _(
                "The mailbox at {host}:{port} does not answer ({reason}). Check `mailbox.host`, `port` and `security` in "
                "clients.yml, and that this machine is online."
            ).format(host=settings.host, port=settings.port, reason=_reason(error))
            if settings.host in LOOPBACK:
                said += " " + _("The demo's own mailbox is started by `recado demo --mailbox`, in another terminal.")
            raise MailboxError(said) from error

    def _log_in(self) -> None:
        try:
            self._present(self._settings.user, self._password().reveal())
        except LoginError as error:
            if isinstance(error.__context__, IMAPClientAbortError):  # the line broke: that says nothing of the password
                raise self._failed(_("logging in"), _unspoken(error)) from error
            raise MailboxError(
                _(
                    "{host} refuses the user {user} with this password. Check `mailbox.user`, and the password kept as "
                    "{place}; many providers want an app password here."
                ).format(host=self._settings.host, user=self._settings.user, place=self._settings.password)
            ) from error
        except _TROUBLES as error:
            raise self._failed(_("logging in"), _unspoken(error)) from error

    def _present(self, user: str, password: str) -> None:
        """Log in by LOGIN, which takes ASCII alone (RFC 3501 §9), or by AUTHENTICATE PLAIN, which takes any password."""
        if (user + password).isascii():
            self._client.login(user, password)
        elif self._client.has_capability("AUTH=PLAIN"):
            self._client.plain_login(user, password)
        else:
            raise MailboxError(
                _(
                    "{host} takes only passwords of plain letters, digits and signs (ASCII), and this one has others. Give the "
                    "mailbox another password there."
                ).format(host=self._settings.host)
            )

    def _read_namespace(self) -> None:
        """Learn the prefix and separator of personal folders (RFC 2342): Courier has all of them under `INBOX.`."""
        if not self._client.has_capability("NAMESPACE"):
            return
        personal = self._client.namespace().personal
        if personal:
            prefix, separator = personal[0]
            self._prefix, self._separator = _text(prefix), _text(separator) or "/"

    def _named(self, folder: str) -> str:
        """Give a folder's name on this server; in clients.yml levels are separated by `/`."""
        name = folder.replace("/", self._separator)
        return name if name.upper() == "INBOX" or name.startswith(self._prefix) else f"{self._prefix}{name}"

    def _make(self, folder: str) -> None:
        if not self._client.folder_exists(folder):
            self._client.create_folder(folder)
            with contextlib.suppress(IMAPClientError):  # a convenience: mail programs show what is subscribed
                self._client.subscribe_folder(folder)

    def _move(self, uid: int, folder: str) -> None:
        """Move by MOVE (RFC 6851), else by COPY and deletion of that UID alone (UIDPLUS)."""
        name = self._named(folder)
        with self._step(_("moving a mail to {folder}").format(folder=name)):
            if self._client.has_capability("MOVE"):
                self._client.move([uid], name)
                return
            self._client.copy([uid], name)
            self._client.delete_messages([uid], silent=True)
            if self._client.has_capability("UIDPLUS"):
                self._client.uid_expunge([uid])

    @contextlib.contextmanager
    def _step(self, what: str) -> Iterator[None]:
        try:
            yield
        except _TROUBLES as error:
            raise self._failed(what, error) from error

    def _failed(self, what: str, error: Exception) -> MailboxError:
        return MailboxError(
            _("The mailbox at {host} failed at {what} ({reason}). Nothing is lost: run it again.").format(
                host=self._settings.host, what=what, reason=_reason(error)
            )
        )

    def _log_out(self) -> None:
        with contextlib.suppress(*_TROUBLES):
            self._client.logout()

    def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(*_TROUBLES):
                client.shutdown()


def _unspoken(error: Exception) -> OSError:
    """Give an error of logging in without the server's words: some servers say the command again, and the password in it."""
    return error if isinstance(error, OSError) else ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).strip().rstrip(".")


def _text(value: object) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else str(value or "")
