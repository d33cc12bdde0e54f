"""OpenSSH's server as a plain program: loopback, a throw-away folder, keys and home. From Debian's openssh-server."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECONDS = 20
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
_SERVER = """\
ListenAddress 127.0.0.1:{port}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/key.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
MaxStartups 100
ForceCommand {folder}/shell
"""
# Whoever logs in is at home in the test's own folder.
_SHELL = """\
#!/bin/sh
HOME={home}
export HOME
cd "$HOME" || exit 1
[ ! -r "$HOME/.profile" ] || . "$HOME/.profile"
exec sh -c "$SSH_ORIGINAL_COMMAND"
"""
_CLIENT = """\
Host server
HostName 127.0.0.1
Port {port}
User {user}
HostKeyAlias server
UserKnownHostsFile {folder}/known_hosts
GlobalKnownHostsFile {folder}/nobody
IdentityFile {folder}/key
IdentitiesOnly yes
IdentityAgent none
"""


@dataclass(frozen=True, slots=True)
class Sshd:
    """A server that runs, and how its one user reaches it: as `server`, by a configuration of ssh's."""

    folder: Path
    home: Path
    port: int

    def shell(self, *, port: int | None = None, without_host_key: bool = False, without_key: bool = False) -> str:
        """Write a client's configuration, and give the command for RSYNC_RSH and GIT_SSH_COMMAND that uses it."""
        text = _CLIENT.format(port=port or self.port, folder=self.folder, user=pwd.getpwuid(os.geteuid()).pw_name)
        if without_host_key:
            text = text.replace("known_hosts", "nobody")
        if without_key:
            text = text.replace(f"{self.folder}/key\n", f"{self.folder}/other_key\n")
        file = self.folder / f"client-{len(list(self.folder.iterdir()))}"
        file.write_text(text, encoding="utf-8")
        return f"ssh -F {shlex.quote(str(file))}"

    @property
    def log(self) -> str:
        """Give what the server wrote so far."""
        return (self.folder / "log").read_text(encoding="utf-8")


def is_installed() -> bool:
    """Tell whether this machine has the server, and what its client needs."""
    return all(shutil.which(name, path=_PATH) for name in ("sshd", "ssh", "ssh-keygen"))


@contextmanager
def running_sshd(folder: Path) -> Iterator[Sshd]:
    """Run a server with one user: who runs the test."""
    folder.mkdir(parents=True)
    home = folder / "home"
    home.mkdir()
    for name in ("host_key", "key", "other_key"):
        _do("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(folder / name))
    (folder / "known_hosts").write_text(f"server {(folder / 'host_key.pub').read_text()}", encoding="utf-8")
    shell = folder / "shell"
    shell.write_text(_SHELL.format(home=shlex.quote(str(home))), encoding="utf-8")
    shell.chmod(0o755)
    if os.geteuid() == 0:  # where its unprivileged half lives; Debian's service makes it
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    port = _free_port()
    configuration = folder / "sshd_config"
    configuration.write_text(_SERVER.format(port=port, folder=folder), encoding="utf-8")
    program = shutil.which("sshd", path=_PATH)
    assert program
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "-D", "-e", "-f", configuration], stderr=log)  # noqa: S603 (Debian's)
    try:
        _wait_until_it_answers(port, folder / "log")
        yield Sshd(folder, home, port)
    finally:
        process.terminate()
        process.wait(_SECONDS)


def _do(*command: str) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True)  # noqa: S603 (OpenSSH's)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _wait_until_it_answers(port: int, log: Path) -> None:
    until = time.monotonic() + _SECONDS
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as client:
            if client.recv(4) == b"SSH-":
                return
        if time.monotonic() > until:
            raise RuntimeError(log.read_text(encoding="utf-8"))
        time.sleep(0.01)
