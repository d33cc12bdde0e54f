"""Somebody who has the wheel, an empty home and a terminal, and types what a guide says."""

from __future__ import annotations

import os
import pwd
import shlex
import signal
import subprocess
import sys
import sysconfig
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SECONDS = 120
# What is asked of the machine, of the network or of github.com, and not of Recado.
_STAND_INS = {
    # Installs nothing, and needs no rights: the folders of this test are the newcomer's.
    "sudo": 'case "$*" in "apt install python3-venv git" | "apt install caddy") exit 0 ;; esac\nexec "$@"',
    # The libraries come from the environment of the tests, where pip finds them installed already.
    "python3": '{python} "$@" || exit\nif [ "$1 $2" = "-m venv" ]; then echo {libraries} >"$3"/{packages}/libraries.pth; fi',
    "ssh": 'test "$*" = "-T git@github.com" && echo "Hi ana! You\'ve successfully authenticated" && exit 1',
    "systemctl": "exit 0",
}


class Newcomer:
    """What was exported, and the folder that was gone to, last from one block to the next, as in one terminal."""

    def __init__(self, folder: Path, language: str) -> None:
        """Give a home with nothing in it but the folder that ssh-keygen would make."""
        self.home = folder / "home"
        (self.home / ".ssh").mkdir(mode=0o700, parents=True)
        (folder / "temporary").mkdir()
        self.workspace = self.home / "my-practice"
        self._folder = folder
        programs = folder / "bin"
        programs.mkdir()
        values = {
            "python": shlex.quote(getattr(sys, "_base_executable", sys.executable)),
            "libraries": shlex.quote(sysconfig.get_path("purelib")),
            "packages": f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages",
        }
        for name, script in _STAND_INS.items():
            (programs / name).write_text(f"#!/bin/sh\n{script.format(**values) if name == 'python3' else script}\n")
            (programs / name).chmod(0o755)
        self.environment = {
            "HOME": str(self.home),
            "USER": pwd.getpwuid(os.geteuid()).pw_name,
            "PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin",
            "LANG": language,
            "PWD": str(self.home),
            "TMPDIR": str(folder / "temporary"),
            "PIP_NO_INDEX": "1",
        }

    def type(self, commands: str, *, answers: tuple[str, ...] = (), status: int = 0) -> str:
        """Type some lines, which stop where one fails; gives what they said."""
        end = self._folder / "environment"
        done = subprocess.run(  # noqa: S603 (a guide of ours)
            ["bash", "-e", "-c", f"{commands}\nenv -0 >{shlex.quote(str(end))}"],  # noqa: S607 (the newcomer's own)
            cwd=self.environment["PWD"],
            env=self.environment,
            input="".join(f"{answer}\n" for answer in answers),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
        assert done.returncode == status, f"{commands}\n{done.stdout}"
        if status == 0:
            self.environment = dict(line.split("=", 1) for line in end.read_text().split("\0") if line)
        return done.stdout

    @contextmanager
    def left_running(self, command: str) -> Iterator[subprocess.Popen[str]]:
        """Type what goes on until it is told to end, as the block ends; it has to end well."""
        process = subprocess.Popen(  # noqa: S603 (as above)
            ["bash", "-c", f"exec {command}"],  # noqa: S607 (as above)
            cwd=self.environment["PWD"],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield process
            process.send_signal(signal.SIGTERM)
            said, _nothing = process.communicate(timeout=_SECONDS)
            assert process.returncode == 0, said
        finally:
            process.kill()
            process.communicate()

    def write_into_practice(self, lines: str) -> None:
        """Put lines in place of those that say the same behind a `#`, in clients.yml."""
        file = self.workspace / "clients.yml"
        key = lines.strip().partition(":")[0]
        written = file.read_text(encoding="utf-8").splitlines()
        (first,) = (at for at, line in enumerate(written) if line.lstrip().startswith(f"#{key}:"))
        last = first + 1
        while written[last].startswith("#  "):  # what belongs to it
            last += 1
        assert last - first == (3 if key == "places" else 1)
        file.write_text("\n".join([*written[:first], *lines.splitlines(), *written[last:], ""]), encoding="utf-8")
