"""A TCP proxy on loopback that cuts and delays: what a bad line does between a program and a server that is well."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECONDS = 20
_BYTES = 4096


class Proxy:
    """Passes on what is said to a port of this machine, and what it answers.

    `cut_after_answer` is how many more bytes of answers pass before every connection is cut, `cut_after_said` the same of what
    is said, `cut_at` the words of a command before which it is; `is_dead` lets nothing pass in either direction and hangs up on
    no one.
    """

    def __init__(self, to: int) -> None:
        self._to = to
        self.cut_after_answer: int | None = None
        self.cut_after_said: int | None = None
        self.cut_at: bytes | None = None
        self.is_dead = False
        self.connections = 0
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        """End it, and every connection."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join(_SECONDS)
        for each in self._open:
            each.close()

    def cut(self) -> None:
        """Cut every connection; new ones are taken."""
        for each in tuple(self._open):  # whoever comes again meanwhile is let in
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            try:
                server = socket.create_connection(("127.0.0.1", self._to), timeout=_SECONDS)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            for each in (client, server):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open += [client, server]
            for source, target, is_answer in ((client, server, False), (server, client, True)):
                thread = threading.Thread(target=self._pass_on, args=(source, target, is_answer), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _pass_on(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:  # noqa: FBT001 (a thread's)
        with suppress(OSError):
            while said := source.recv(_BYTES):
                if self.is_dead:
                    continue
                if not is_answer and self.cut_at is not None and self.cut_at in said:
                    self.cut_at = None
                    self.cut()
                    return
                name = "cut_after_answer" if is_answer else "cut_after_said"
                left: int | None = getattr(self, name)
                if left is not None:
                    said = said[:left]
                    target.sendall(said)
                    setattr(self, name, left - len(said) or None)
                    if left == len(said):
                        self.cut()
                        return
                    continue
                target.sendall(said)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            source.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxy(to: int) -> Iterator[Proxy]:
    """Run a proxy before a port of this machine."""
    running = Proxy(to)
    try:
        yield running
    finally:
        running.close()
