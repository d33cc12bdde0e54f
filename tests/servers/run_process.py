"""`recado run` as a process of its own, with places that copy (`copied_places`), and the lines that it says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import TYPE_CHECKING

from real_server import PASSWORD, USER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SECONDS = 60
PROGRAM = (str(Path(__file__).with_name("copied_places.py")),)
PRACTICE = """\
practice:
  {{name: Marta Ruiz, owner: Marta Ruiz, email: marta@marta.example, timezone: Europe/Madrid, language: en, country: ES}}
mailbox:
  address: requests@marta.example
  host: 127.0.0.1
  port: {port}
  security: none
  user: {user}
  password: {{env: RECADO_IMAP_PASSWORD}}
  trust: {{authserv_id: mx.marta.example}}
places:
  web: {{kind: directory, path: {root}/published, access: nginx}}
clients:
  acme: {{code: ACME, name: Acme, contacts: [{{name: Jane Doe, email: jane@acme.example}}]}}
  beta: {{code: BETA, name: Beta, senders: ["@beta.example"]}}
"""

TASK = "---\ntitle: Logo\nstatus: {status}\nreceived: 2026-11-20T08:00:00Z\n---\n{text}\n"
WATCHING = "Watching requests@marta.example"
PUBLISHED = "web: "


def write_practice(root: Path, port: int) -> None:
    """Write clients.yml, with the mailbox at a port of this machine."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "clients.yml").write_text(PRACTICE.format(port=port, user=USER, root=root), encoding="utf-8")


def raw_mail(number: int, text: str = "Please.") -> bytes:
    """Make a request of a client's."""
    head = "Authentication-Results: mx.marta.example; dkim=pass header.d=acme.example\r\nFrom: jane@acme.example\r\n"
    return f"{head}Subject: Mail number {number}\r\nMessage-ID: <{number}@acme.example>\r\n\r\n{text}\r\n".encode()


class Run:
    """A run, and what it says."""

    def __init__(self, root: Path, process: subprocess.Popen[str]) -> None:
        """Listen to a process."""
        self.root = root
        self.process = process
        self.said: list[str] = []
        self._lines: Queue[str | None] = Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def until(self, *words: str) -> str:
        """Wait until it has said all of these, in any order, from now on; give the last line."""
        missing = set(words)
        line: str | None = ""
        while missing:
            try:
                line = self._lines.get(timeout=SECONDS)
            except Empty:
                line = None
            assert line is not None, f"it never said {missing}; it said:\n{''.join(self.said)}"
            missing -= {each for each in missing if each in line}
        return line or ""

    def place(self, name: str, doing: str) -> None:
        """Let a place do something else from now on; '' lets it work."""
        folder = self.root / "places"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(doing, encoding="utf-8")

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Tell it to end; gives its status, and after how many seconds it ended."""
        began = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(SECONDS), time.monotonic() - began

    def published(self, path: str) -> str:
        """Read a published page; '' where there is none."""
        page = self.root / "published" / path
        return page.read_text(encoding="utf-8") if page.exists() else ""

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            self.said.append(line)
            self._lines.put(line)
        self._lines.put(None)


@contextmanager
def a_run(root: Path, program: Sequence[str] = PROGRAM, options: Sequence[str] = (), **environment: str) -> Iterator[Run]:
    """Run it in a workspace until the block is left."""
    with subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, *program, str(root), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"RECADO_IMAP_PASSWORD": PASSWORD, "RECADO_LANGUAGE": "en", "PYTHONUNBUFFERED": "1"} | environment,
    ) as process:
        try:
            yield Run(root, process)
        finally:
            process.kill()


@contextmanager
def running(root: Path, port: int) -> Iterator[Run]:
    """Run it in a new practice, and wait until it watches the mailbox and has published."""
    write_practice(root, port)
    with a_run(root) as run:
        run.until(WATCHING, PUBLISHED)
        yield run


def promised_seconds() -> float:
    """Two seconds; in proportion on a machine that has more work than processors."""
    return 2.0 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def edit(root: Path, name: str, text: str) -> Path:
    """Save a task of acme's, as an editor does."""
    file = root / "portal_src" / "acme" / "tasks" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(".tmp")
    beside.write_text(text, encoding="utf-8")
    return beside.replace(file)


def recado(command: str, root: Path) -> subprocess.CompletedProcess[str]:
    """Run another command of ours in the workspace."""
    return subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-m", "recado", command, "--workspace", str(root)],
        capture_output=True,
        text=True,
        env={**os.environ, "RECADO_LANGUAGE": "en", "RECADO_IMAP_PASSWORD": "x"},
        check=False,
    )
