"""A web server that runs as a child of the test, and what it answers to a path asked as it is written."""

from __future__ import annotations

import base64
import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator
    from pathlib import Path

_SECONDS = 20
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"

Door = tuple[str, str] | None  # who, and by which password


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass(frozen=True, slots=True)
class WebServer:
    """One that runs at a port of 127.0.0.1."""

    port: int
    folder: Path
    reloading: tuple[str, ...]

    def ask(self, path: str, door: Door = None, method: str = "GET", **headers: str) -> Answer:
        """Ask for a path, sent as it is written: no client of ours makes it harmless first.

        Who connects while the server reloads may be dropped: as a browser does, it asks again.
        """
        sent = {"Host": f"127.0.0.1:{self.port}", **{name.replace("_", "-"): value for name, value in headers.items()}}
        until = time.monotonic() + _SECONDS
        while True:
            with suppress(ConnectionError), socket.create_connection(("127.0.0.1", self.port), timeout=_SECONDS) as connection:
                return _asked(connection, method, path, door, sent)
            if time.monotonic() > until:
                raise RuntimeError(f"every connection to port {self.port} is dropped")

    def ask_securely(self, port: int, host: str, trusting: ssl.SSLContext, path: str, door: Door = None) -> Answer:
        """Ask by TLS at another of its ports, as for a host of that name."""
        with (
            socket.create_connection(("127.0.0.1", port), timeout=_SECONDS) as plain,
            trusting.wrap_socket(plain, server_hostname=host) as connection,
        ):
            return _asked(connection, "GET", path, door, {"Host": host})

    def reload(self) -> None:
        """Have it read its configuration again, as the VA's command would."""
        subprocess.run(self.reloading, check=True, env=_environment(self.folder), capture_output=True, timeout=_SECONDS)  # noqa: S603


def _asked(connection: socket.socket, method: str, path: str, door: Door, headers: dict[str, str]) -> Answer:
    if door is not None:
        headers["Authorization"] = "Basic " + base64.b64encode(":".join(door).encode()).decode()
    line = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    connection.sendall(f"{line}Connection: close\r\n\r\n".encode("latin-1"))
    answer = http.client.HTTPResponse(connection, method=method)
    answer.begin()
    return Answer(answer.status, answer.headers, answer.read())


def program(name: str) -> str | None:
    return shutil.which(name, path=_PATH)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(arguments: tuple[str, ...], folder: Path, port: int, reloading: tuple[str, ...]) -> Iterator[WebServer]:
    """Run a server until the block ends; it answers at its port before the block begins."""
    said = folder / "said"
    with said.open("wb") as out:
        process = subprocess.Popen(arguments, env=_environment(folder), stdout=out, stderr=out, start_new_session=True)  # noqa: S603
    try:
        _wait(process, port, said)
        yield WebServer(port, folder, reloading)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(_SECONDS)


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}


def _wait(process: subprocess.Popen[bytes], port: int, said: Path) -> None:
    def answers() -> bool:
        if process.poll() is not None:
            raise RuntimeError(f"it ended: {said.read_text(errors='replace')}")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        return False

    wait_until(answers, f"no answer at port {port}")


def wait_until(is_so: Callable[[], bool], otherwise: str) -> None:
    """Wait for what a server does by itself, as soon as it can."""
    until = time.monotonic() + _SECONDS
    while not is_so():
        if time.monotonic() > until:
            raise RuntimeError(otherwise)
        time.sleep(0.01)
