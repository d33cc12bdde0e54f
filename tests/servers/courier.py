"""Courier's IMAP server (`imapd`) on loopback: no MOVE, folders under `INBOX.`. Debian's, unpacked beside the environment.

Courier's own log-in daemon has its places fixed at /etc and /run, one for a machine. So who stands at the door here is ours: it
takes any user with the password, and hands the connection over to the real `imapd`, as `imaplogin` does.
"""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

UNPACKED = Path(sys.prefix) / "courier"
# What Debian's /etc/courier/imapd says.
_CAPABILITY = "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE"
_SECONDS = 20


def is_unpacked() -> bool:
    """Tell whether tools/unpacked-courier has done its work here."""
    return os.access(UNPACKED / "usr/bin/imapd", os.X_OK)


class Courier:
    """A Courier that runs: a process of `imapd` for each connection, over one Maildir."""

    def __init__(self, folder: Path, password: str, *, certificate: Path | None = None) -> None:
        self._certificate = certificate
        self._capability = _CAPABILITY + (" STARTTLS" if certificate else "")
        self._maildir = folder / "Maildir"
        self._password = password
        self._processes: list[subprocess.Popen[bytes]] = []
        if not self._maildir.exists():
            folder.mkdir(parents=True, exist_ok=True)
            maker = UNPACKED / "usr/bin/maildirmake.courier"
            subprocess.run([maker, self._maildir], check=True, timeout=_SECONDS, env=_environment())  # noqa: S603 (Debian's)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it and every connection; nothing answers at its port any more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(_SECONDS)
        for process in self._processes:
            process.kill()
            process.wait(_SECONDS)

    def _accept(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._log_in, args=(connection,), daemon=True).start()

    def _log_in(self, connection: socket.socket) -> None:
        with suppress(OSError), ExitStack() as until_left:
            until_left.enter_context(connection)
            connection.sendall(f"* OK [CAPABILITY {self._capability}] Courier-IMAP ready.\r\n".encode())
            while line := _line(connection):
                tag, _, said = line.partition(" ")
                words = shlex.split(said)
                match words[0].upper():
                    case "CAPABILITY":
                        answer = f"* CAPABILITY {self._capability}\r\n{tag} OK CAPABILITY completed\r\n"
                    case "STARTTLS" if self._certificate is not None:
                        connection.sendall(f"{tag} OK Begin SSL/TLS negotiation now.\r\n".encode())
                        connection = until_left.enter_context(self._behind_tls(connection, self._certificate))
                        continue
                    case "LOGIN" if words[2] == self._password:
                        self._hand_over(connection, words[1], tag)
                        return
                    case "LOGIN":
                        answer = f"{tag} NO Login failed.\r\n"
                    case _:
                        answer = f"{tag} BAD Not before LOGIN.\r\n"
                connection.sendall(answer.encode())

    def _behind_tls(self, connection: socket.socket, certificate: Path) -> socket.socket:
        """Put Courier's own `couriertls` between; give the side that is in the clear."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(  # noqa: S603 (Debian's)
                [UNPACKED / "usr/bin/couriertls", "-server", "-remotefd=0", f"-localfd={theirs.fileno()}"],
                env=_environment() | {"TLS_CERTFILE": str(certificate), "TLS_VERIFYPEER": "NONE"},
                stdin=connection.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._processes.append(process)
        return ours

    def _hand_over(self, connection: socket.socket, user: str, tag: str) -> None:
        environment = _environment() | {
            "AUTHENTICATED": user,
            "AUTHADDR": user,
            "IMAPLOGINTAG": tag,
            "IMAP_CAPABILITY": _CAPABILITY,
            "IMAP_KEYWORDS": "1",
            "IMAP_ACL": "1",
            "IMAP_USELOCKS": "1",
            "IMAP_IDLE_TIMEOUT": "60",
            "IMAP_MAILBOX_SANITY_CHECK": "1",
            "PROTOCOL": "IMAP",
            "TCPREMOTEIP": "127.0.0.1",
            "TCPREMOTEPORT": "143",
        }
        process = subprocess.Popen(  # noqa: S603 (Debian's)
            [UNPACKED / "usr/bin/imapd", self._maildir.name],
            cwd=self._maildir.parent,
            env=environment,
            stdin=connection.fileno(),
            stdout=connection.fileno(),
            stderr=subprocess.DEVNULL,
        )
        self._processes.append(process)


@contextmanager
def running_courier(folder: Path, password: str, *, certificate: Path | None = None) -> Iterator[Courier]:
    """Run a Courier where any user has this password, and all have one mailbox. `certificate`: for STARTTLS, with its key."""
    running = Courier(folder, password, certificate=certificate)
    try:
        yield running
    finally:
        running.stop()


def _environment() -> dict[str, str]:
    libraries = [UNPACKED / "usr/lib", *sorted(UNPACKED.glob("usr/lib/*-linux-gnu")), *sorted(UNPACKED.glob("lib/*-linux-gnu"))]
    return {
        "LD_LIBRARY_PATH": ":".join(map(str, libraries)),
        "GAMIN_DEBUG_SERVER": str(UNPACKED / "usr/libexec/gam_server"),  # where libgamin finds it, which is not installed
        "PATH": os.environ.get("PATH", ""),
    }


def _line(connection: socket.socket) -> str:
    """Read one line and not a byte beyond it: what follows is for imapd."""
    line = b""
    while not line.endswith(b"\r\n") and (byte := connection.recv(1)):
        line += byte
    return line.decode("latin-1").strip()
