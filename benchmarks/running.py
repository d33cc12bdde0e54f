"""`recado run` as a process of its own, in a practice with places: what it says, and what it takes of memory."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from made_mail import write_practice

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD = "only-to-measure"  # noqa: S105
PROGRAM = Path(__file__).parent.parent
GIVEN_UP = 120.0


def write_run_practice(root: Path, imap_port: int, places: str, url: str) -> None:
    """Write clients.yml: 20 clients, a mailbox at a port of this machine, and places (`  name: {…}` lines)."""
    write_practice(root, imap_port)
    file = root / "clients.yml"
    text = file.read_text(encoding="utf-8").replace("country: ES,", f'country: ES, portal_url: "{url}",', 1)
    file.write_text(text.replace("clients:\n", f"places:\n{places}clients:\n", 1), encoding="utf-8")


class Running:
    """A run, and the lines that it said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Listen to a process."""
        self.process = process
        self.lines: list[str] = []
        self._came = threading.Condition()
        threading.Thread(target=self._listen, daemon=True).start()

    def until(self, pattern: str) -> None:
        """Wait until a line matches."""
        found = re.compile(pattern)
        with self._came:
            if not self._came.wait_for(lambda: any(map(found.search, self.lines)), GIVEN_UP):
                raise SystemExit(f"It never said {pattern!r}; it said:\n" + "".join(self.lines[-20:]))

    def count(self, pattern: str) -> int:
        """Count the lines that match."""
        found = re.compile(pattern)
        with self._came:
            return sum(1 for line in self.lines if found.search(line))

    def megabytes(self) -> float:
        """Give what memory it takes itself, without its children."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def end(self) -> tuple[int, float]:
        """Tell it to end; gives its status, and after how many seconds it ended."""
        began = time.perf_counter()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(GIVEN_UP), time.perf_counter() - began

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            with self._came:
                self.lines.append(line)
                self._came.notify_all()


@contextmanager
def running(root: Path, keys: Path) -> Iterator[Running]:
    """Run `recado run` in a workspace until the block is left."""
    settings = {
        "RECADO_IMAP_PASSWORD": PASSWORD,
        "RECADO_LANGUAGE": "en",
        "RECADO_KEYS": str(keys),
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(PROGRAM),
    }
    with subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, "-m", "recado", "run", "--workspace", str(root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | settings,
    ) as process:
        try:
            yield Running(process)
        finally:
            process.kill()
