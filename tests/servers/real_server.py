"""The three real IMAP servers of the tests, each behind the same few names."""

from __future__ import annotations

import os
import socket
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import courier
import dovecot
import pytest
from imapclient import IMAPClient

from recado.demo.servers import imap_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NAMES = ("dovecot", "courier", "pymap")
USER = "requests"
PASSWORD = "only for this test"


@dataclass(frozen=True, slots=True)
class RealServer:
    """A server that runs on 127.0.0.1, with one empty mailbox.

    `has_move`: it knows MOVE. `pushes`: it says in IDLE that mail came, within a second or so. `prefix` and `separator`: how
    its folders are named.
    """

    name: str
    port: int
    stop: Callable[[], None]
    has_move: bool
    pushes: bool
    prefix: str = ""
    separator: str = "/"

    def folder(self, name: str) -> str:
        """Give a folder's name on this server; levels are separated by `/`."""
        return self.prefix + name.replace("/", self.separator)

    @contextmanager
    def other_program(self) -> Iterator[IMAPClient]:
        """Give another mail program that has the mailbox open."""
        with IMAPClient("127.0.0.1", port=self.port, ssl=False, timeout=20) as client:
            client.normalise_times = False
            client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.login(USER, PASSWORD)
            yield client


def must_be_here(name: str, *, is_here: bool) -> None:
    """Skip the test where a server could not be had; in CI that is a failure."""
    said = f"{name} is not here; `make dev` sets it up where it can"
    if not is_here and os.environ.get("CI"):
        pytest.fail(said)
    if not is_here:
        pytest.skip(said)


@contextmanager
def real_server(name: str, folder: Path) -> Iterator[RealServer]:
    """Run one of the servers."""
    is_here = {"dovecot": dovecot.is_installed(), "courier": courier.is_unpacked()}.get(name, True)  # pymap comes with us
    must_be_here(name, is_here=is_here)
    with ExitStack() as until_left:
        match name:
            case "dovecot":
                one = until_left.enter_context(dovecot.running_dovecot(USER, PASSWORD))
                yield RealServer(name, one.port, one.stop, has_move=True, pushes=True, separator=".")
            case "courier":
                other = until_left.enter_context(courier.running_courier(folder, PASSWORD))
                yield RealServer(name, other.port, other.stop, has_move=False, pushes=False, prefix="INBOX.", separator=".")
            case _:
                port = until_left.enter_context(imap_server(USER, PASSWORD))
                yield RealServer(name, port, until_left.close, has_move=True, pushes=True)
