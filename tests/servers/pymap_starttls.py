"""pymap as its own program, with STARTTLS: the demo's embedded one has no need of it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECONDS = 20


@contextmanager
def pymap_with_starttls(user: str, password: str, certificate: Path) -> Iterator[int]:
    """Run a pymap with one user, whose mailbox is empty; give its port. `certificate`: a PEM with chain and key."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    program = Path(sys.executable).with_name("pymap")
    listening = ["--host", "127.0.0.1", "--port", str(port), "--cert", str(certificate), "--key", str(certificate)]
    account = ["dict", "--demo-user", user, "--demo-password", password]
    with subprocess.Popen([program, *listening, *account], stderr=subprocess.DEVNULL) as process:  # noqa: S603 (a dependency)
        try:
            until = time.monotonic() + _SECONDS
            while not _answers(port):
                assert process.poll() is None, "pymap has ended"
                assert time.monotonic() < until, "pymap does not answer"
                time.sleep(0.02)
            yield port
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        return client.recv(4) == b"* OK"
    return False
