"""Dovecot as a plain program: loopback, a throw-away folder, no system service. From Debian's dovecot-imapd."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECONDS = 20
_CONFIGURATION = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
auth_failure_delay = 0
mail_fsync = never
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
first_valid_gid = 1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
}}
"""


@dataclass(frozen=True, slots=True)
class Dovecot:
    """A Dovecot that runs: its ports on 127.0.0.1 (`tls_port` 0: none), and the folder that holds all of it."""

    folder: Path
    port: int
    tls_port: int
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Kill it with all its processes, as a power cut would: nothing answers at its ports, and no connection is left."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(_SECONDS)


def is_installed() -> bool:
    """Tell whether this machine has a Dovecot that speaks IMAP."""
    return shutil.which("dovecot", path=_PATH) is not None and os.access("/usr/lib/dovecot/imap", os.X_OK)


@contextmanager
def dovecot(folder: Path, user: str, password: str) -> Iterator[int]:
    """Run a Dovecot with one user, in a folder of one's own; give its port."""
    running = start_dovecot(folder, user, password)
    try:
        yield running.port
    finally:
        running.stop()


@contextmanager
def dovecots_folder() -> Iterator[Path]:
    """Give a folder for a Dovecot: none of pytest's.

    Those are closed to others again whenever another pytest begins; and started by root, Dovecot reads mail as nobody.
    """
    with tempfile.TemporaryDirectory(prefix="dovecot-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def running_dovecot(user: str, password: str, *, certificate: Path | None = None) -> Iterator[Dovecot]:
    """Run a Dovecot with one user. `certificate`: a PEM with chain and key; then it has TLS too."""
    with dovecots_folder() as folder:
        running = start_dovecot(folder, user, password, certificate=certificate)
        try:
            yield running
        finally:
            running.stop()


def start_dovecot(folder: Path, user: str, password: str, *, certificate: Path | None = None, port: int = 0) -> Dovecot:
    """Start it, also over the mail of one that was stopped; the caller stops it."""
    port, tls_port = port or _free_port(), _free_port() if certificate else 0
    mail = folder / "mail"
    nobody, group = "nobody", "nogroup"
    if os.geteuid() != 0:  # then all of it is ours
        nobody, group = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
    mail.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        for above in (folder, *folder.parents):
            if not above.stat().st_mode & 0o001:
                above.chmod(above.stat().st_mode | 0o011)
        shutil.chown(mail, nobody, group)
    users = folder / "users"
    users.write_text(f"{user}:{{PLAIN}}{password}\n", encoding="utf-8")
    if os.geteuid() == 0:
        shutil.chown(users, nobody, group)
    configuration = folder / "dovecot.conf"
    configuration.write_text(
        _CONFIGURATION.format(
            folder=folder,
            port=port,
            tls_port=tls_port,
            user=nobody,
            group=group,
            ssl="yes" if certificate else "no",
            certificate=f"ssl_cert = <{certificate}\nssl_key = <{certificate}" if certificate else "",
        ),
        encoding="utf-8",
    )
    process = subprocess.Popen(  # noqa: S603 (Debian's)
        ["dovecot", "-F", "-c", configuration],  # noqa: S607 (wherever it stands)
        env={**os.environ, "PATH": _PATH},
        start_new_session=True,  # so that all of it can be ended at once
    )
    running = Dovecot(folder, port, tls_port, process)
    try:
        _wait_until(lambda: _answers(port), f"Dovecot does not answer; see {folder}/log")
    except BaseException:
        running.stop()
        raise
    return running


_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        return client.recv(4) == b"* OK"
    return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _wait_until(is_so: object, otherwise: str) -> None:
    assert callable(is_so)
    until = time.monotonic() + _SECONDS
    while not is_so():
        if time.monotonic() > until:
            raise RuntimeError(otherwise)
        time.sleep(0.01)
