"""One IMAP connection: made, logged in, its folders known. What IMAPClient raises becomes an error that says what failed."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import ssl
from typing import TYPE_CHECKING, Any

from imapclient import IMAPClient
from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError, LoginError

from recado.errors import WorkError
from recado.model.servers import LOOPBACK
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recado.model.secret import Revealed
    from recado.model.servers import Mailbox as Settings

# A date or a number of the server's that is none is a ValueError of the library's.
TROUBLES = (OSError, IMAPClientError, ValueError)
# A network that went away without a word is noticed two minutes later at the most, also while nothing is asked.
_KEEPALIVE = {"TCP_KEEPIDLE": 60, "TCP_KEEPALIVE": 60, "TCP_KEEPINTVL": 15, "TCP_KEEPCNT": 4}


class MailboxError(WorkError):
    """The mailbox did not do what was asked. The text says which step failed, and what to do."""


class LoginRefusedError(MailboxError):
    """The server does not take the user or the password: trying again soon helps nobody, and may lock the account."""


class MailRefusedError(MailboxError):
    """The server said NO to a single mail. Those beside it were dealt with, and the connection still stands."""


def is_refusal(error: Exception) -> bool:
    """Tell whether the server said NO (or BAD) to one command, and the connection still stands."""
    return isinstance(error, IMAPClientError) and not isinstance(error, IMAPClientAbortError)


class Connection:
    """A connection that is logged in. It knows where folders stand on this server, and which one is open."""

    def __init__(self, settings: Settings, password: Callable[[], Revealed], timeout: float) -> None:
        """Take where the mailbox is; nothing is connected before `open`. `timeout` is in seconds, for each answer.

        `password` looks the password up: it is asked once the server answers.
        """
        self.settings = settings
        self.client: Any = None
        self._password = password
        self._timeout = timeout
        self._prefix = ""
        self._separator = "/"
        self._opened: tuple[str, bool, int] | None = None

    def open(self) -> None:
        """Connect, log in, and learn how folders are named. Raises MailboxError."""
        self._connect()
        self._log_in()
        with self.step(_("asking where folders stand")):
            self._read_namespace()

    def close(self, *, politely: bool) -> None:
        """Hang up; `politely` says goodbye first, and waits for the answer."""
        client, self.client = self.client, None
        if client is None:
            return
        with contextlib.suppress(*TROUBLES):
            if politely:
                client.logout()
        with contextlib.suppress(*TROUBLES):
            client.shutdown()

    def can(self, capability: str) -> bool:
        """Tell whether the server has a capability, such as MOVE."""
        return bool(self.client.has_capability(capability))

    def named(self, folder: str) -> str:
        """Give a folder's name on this server; in clients.yml levels are separated by `/`."""
        name = folder.replace("/", self._separator)
        return name if name.upper() == "INBOX" or name.startswith(self._prefix) else f"{self._prefix}{name}"

    def written(self, name: str) -> str:
        """Give a folder's name as clients.yml says it: the other way round."""
        return name.removeprefix(self._prefix).replace(self._separator, "/")

    def make(self, folder: str) -> None:
        """Make a folder where it is missing; `folder` is its name in clients.yml."""
        name = self.named(folder)
        if not self.client.folder_exists(name):
            self.client.create_folder(name)
            with contextlib.suppress(IMAPClientError):  # a convenience: mail programs show what is subscribed
                self.client.subscribe_folder(name)

    def select(self, folder: str, *, read_only: bool = False) -> tuple[int, bool]:
        """Open a folder where it is not the one that is open. Gives its UIDVALIDITY, and whether it was opened just now."""
        if self._opened is not None and self._opened[:2] == (folder, read_only):
            return self._opened[2], False
        self._opened = None
        said = self.client.select_folder(self.named(folder), readonly=read_only)
        validity = int(said.get(b"UIDVALIDITY", 0))
        self._opened = (folder, read_only, validity)
        return validity, True

    def heard_of_mail(self) -> bool:
        """Tell whether the server said, in any answer since this was last asked, that something is in the open folder.

        It says so once: what came while another mail was being moved is told with that, and not again to who waits.
        """
        told = self.client._imap.untagged_responses  # noqa: SLF001 (IMAPClient gives no access to what was not asked for)
        exist, recent = told.pop("EXISTS", None), told.pop("RECENT", None)
        return bool(exist or recent)

    @contextlib.contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Do what is named in the block. Raises MailboxError, which says its name."""
        try:
            yield
        except TROUBLES as error:
            raise self.failed(what, error) from error

    def failed(self, what: str, error: Exception, kind: type[MailboxError] = MailboxError) -> MailboxError:
        """Give the error that says what failed, and why."""
        return kind(
            _(
                "The mailbox at {host} failed at {what} ({reason}). Nothing is lost: what waits is filed at the next try."
            ).format(host=self.settings.host, what=what, reason=_reason(error))
        )

    # ---- Below: connecting and logging in ----

    def _connect(self) -> None:
        settings = self.settings
        if settings.security == "none" and settings.host not in LOOPBACK:  # clients.yml refuses it too
            raise MailboxError(_("Mail is not fetched unprotected from {host}.").format(host=settings.host))
        context = ssl.create_default_context() if settings.security != "none" else None
        try:
            self.client = IMAPClient(
                settings.host,
                port=settings.port,
                ssl=settings.security == "tls",
                ssl_context=context,
                use_uid=True,
                timeout=self._timeout,
            )
            if settings.security == "starttls":
                self.client.starttls(context)
            self.client.normalise_times = False
            _set_up(self.client.socket())
        except ssl.SSLCertVerificationError as error:
            raise MailboxError(
                _(
                    "{host} could not prove who it is ({reason}). Check `mailbox.host` in clients.yml: it must be the name in "
                    "the server's certificate."
                ).format(host=settings.host, reason=error.verify_message or error)
            ) from error
        except (*TROUBLES, CapabilityError) as error:
            said = _(
                "The mailbox at {host}:{port} does not answer ({reason}). Check `mailbox.host`, `port` and `security` in "
                "clients.yml, and that this machine is online."
            ).format(host=settings.host, port=settings.port, reason=_reason(error))
            if settings.host in LOOPBACK:
                said += " " + _("The demo's own mailbox is started by `recado demo --mailbox`, in another terminal.")
            raise MailboxError(said) from error

    def _log_in(self) -> None:
        try:
            self._present(self.settings.user, self._password().reveal())
        except LoginError as error:
            if isinstance(error.__context__, IMAPClientAbortError):  # the line broke: that says nothing of the password
                raise self.failed(_("logging in"), _unspoken(error)) from error
            raise LoginRefusedError(
                _(
                    "{host} refuses the user {user} with this password. Check `mailbox.user`, and the password kept as "
                    "{place}; many providers want an app password here."
                ).format(host=self.settings.host, user=self.settings.user, place=self.settings.password)
            ) from error
        except TROUBLES as error:
            raise self.failed(_("logging in"), _unspoken(error)) from error

    def _present(self, user: str, password: str) -> None:
        """Log in by LOGIN, which takes ASCII alone (RFC 3501 §9), or by AUTHENTICATE PLAIN, which takes any password."""
        if (user + password).isascii():
            self.client.login(user, password)
        elif self.can("AUTH=PLAIN"):
            self.client.plain_login(user, password)
        else:
            raise LoginRefusedError(
                _(
                    "{host} takes only passwords of plain letters, digits and signs (ASCII), and this one has others. Give the "
                    "mailbox another password there."
                ).format(host=self.settings.host)
            )

    def _read_namespace(self) -> None:
        """Learn the prefix and separator of personal folders (RFC 2342): Courier has all of them under `INBOX.`."""
        if not self.can("NAMESPACE"):
            return
        personal = self.client.namespace().personal
        if personal:
            prefix, separator = personal[0]
            self._prefix, self._separator = _text(prefix), _text(separator) or "/"


def _set_up(connected: socket.socket) -> None:
    # A command goes out in several small writes: without this, each may wait for the one before to be acknowledged.
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEPALIVE.items():
        if hasattr(socket, name):  # each system has its own
            connected.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _unspoken(error: Exception) -> OSError:
    """Give an error of logging in without the server's words: some servers say the command again, and the password in it."""
    return error if isinstance(error, OSError) else ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).strip().rstrip(".")


def _text(value: object) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else str(value or "")
