"""A folder on a server, reached by ssh: small scripts that run there, and rsync, over one connection."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from recado.deploy.places import ssh
from recado.deploy.places.far_shell import FarShell
from recado.deploy.places.rsync_words import no_shell, not_installed, refusal_of
from recado.deploy.places.running import Ended, environment, run
from recado.errors import WorkError
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_LONGEST_SOCKET = 70  # a socket's path has room for about a hundred characters, of which ssh takes some for itself
_IDLE = 15  # seconds that a connection stays when we are killed
_ADDRESS = re.compile(r"(?P<host>(?:[^@:/\s]+@)?(?:\[[0-9A-Fa-f:.%\w]+\]|[^@:/\s]+)):(?P<path>.+)", re.DOTALL)
# A script begins once all of it has arrived, and runs to its end also where the line is cut meanwhile. What it tells begins
# with a word of ours: logging in may tell more.
_SCRIPT = """\
set -eu
trap '' HUP PIPE
unset CDPATH
umask 022
tell() {{ printf 'recado:%s\\n' "$1" || :; }}
{values}
work() {{
{script}
}}
work {arguments}
tell done
exit 0
"""
_TOLD = "recado:"


class Address(NamedTuple):
    """Where a folder stands: a host as ssh takes it (None: on this machine), and a path there."""

    host: str | None
    path: str


def address_of(to: str) -> Address:
    """Read `me@host:/srv/portal`, `host:path` from one's home there, or a path on this machine. Raises WorkError."""
    if to.startswith(("/", "./", "../", "~/")):
        return Address(None, str(Path(to).expanduser().absolute()))
    found = _ADDRESS.fullmatch(to)
    if found is None or to.startswith("-") or found["path"].startswith((":", "//")):  # an option; a daemon's module; a URL
        raise WorkError(
            _("{to!r} is no address for rsync over SSH. Write it as me@host:/srv/portal in clients.yml.").format(to=to)
        )
    path = found["path"].removeprefix("~/")
    return Address(found["host"], path.rstrip("/") or ("/" if path.startswith("/") else "."))


@dataclass(frozen=True, slots=True)
class FarFolder:
    """The folder, while its connection is open."""

    address: Address
    name: str
    shell: tuple[str, ...]
    variables: Mapping[str, str] = field(default_factory=dict)
    far_shell: FarShell | None = None

    def script(self, text: str, names: Sequence[str] = (), **values: str) -> list[str]:
        """Run a script there, in which `place` is the folder and `names` are the arguments; give what it tells.

        Raises WorkError.
        """
        given = {"place": self.address.path, **values}
        set_up = "\n".join(f"{name}={shlex.quote(value)}" for name, value in given.items())
        whole = _SCRIPT.format(values=set_up, arguments=" ".join(map(shlex.quote, names)), script=text)
        ended = self._ended(whole.encode("utf-8", "surrogateescape"))
        if ended.status:
            raise refusal_of(ended, self.name)
        lines = ended.output.decode("utf-8", "surrogateescape").splitlines()
        told = [line.removeprefix(_TOLD) for line in lines if line.startswith(_TOLD)]
        if told[-1:] != ["done"]:
            raise no_shell(self.name)
        return told[:-1]

    def rsync(self, *options: str, source: Path, below: str, given: bytes = b"") -> bytes:
        """Send what a folder here holds to a folder below this one; give what rsync tells. Raises WorkError."""
        shell = ("-e", " ".join(map(_for_rsync, self.shell))) if self.address.host else ()
        host = f"{self.address.host}:" if self.address.host else ""
        ended = self._run(
            ("rsync", "-s", "--timeout=120", *shell, *options, "--", f"{source}/", f"{host}{self.address.path}/{below}/"), given
        )
        if ended.status:
            raise refusal_of(ended, self.name)
        return ended.output

    def close(self) -> None:
        """End the connection."""
        if self.far_shell is not None:
            self.far_shell.close()
            self._run([*self.shell, "-Oexit", *host_of(self.address)])

    def _ended(self, script: bytes) -> Ended:
        """Run a script to its end, there or here."""
        if self.far_shell is None:
            return self._run(["sh"], b"{\n%s\n}\n" % script)
        try:
            return self.far_shell.ask(script)
        except FileNotFoundError:
            raise not_installed(self.shell[0]) from None

    def _run(self, command: Sequence[str], given: bytes = b"") -> Ended:
        try:
            return run(command, self.variables, given=given)
        except FileNotFoundError:
            raise not_installed(command[0]) from None


@contextmanager
def far_folder(to: str) -> Iterator[FarFolder]:
    """Give the folder, with one connection for all that is done there. Raises WorkError."""
    address = address_of(to)
    variables = environment("RSYNC_")
    if address.host is None:
        yield FarFolder(address, to, (), variables)
        return
    with _private_folder() as folder:
        asked = shlex.split(os.environ.get("RSYNC_RSH", "")) or ["ssh"]
        shared = ("-oControlMaster=auto", f"-oControlPersist={_IDLE}", f"-oControlPath={folder}/s")
        plain = ("-T", "-oClearAllForwardings=yes", "-oRemoteCommand=none", "-oPermitLocalCommand=no")
        shell = (*asked, *ssh.OPTIONS, *plain, *shared)
        far_shell = FarShell((*shell, *host_of(address), "sh"), variables)
        far = FarFolder(address, to, shell, variables, far_shell)
        try:
            yield far
        finally:
            far.close()


@contextmanager
def _private_folder() -> Iterator[Path]:
    """Give a folder of our own with a short name."""
    usual = tempfile.gettempdir()
    folder = Path(tempfile.mkdtemp(prefix="recado-", dir=usual if len(usual) < _LONGEST_SOCKET - 20 else "/tmp"))  # noqa: S108
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def host_of(address: Address) -> tuple[str, ...]:
    """Give the host as ssh takes it: without the brackets that rsync wants around an IPv6 address."""
    return ("--", (address.host or "").replace("[", "").replace("]", ""))


def _for_rsync(word: str) -> str:
    """Quote a word of rsync's `-e`, which knows quotes but no backslash."""
    return word if re.fullmatch(r"[\w@%+=:,./-]+", word) else '"{}"'.format(word.replace('"', '""'))
