"""What `recado doctor` finds of the server that sends: whether it greets us, protected as clients.yml says."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from ingest.sending import check_sending
from recado.model.check import Verdict
from recado.model.servers import Outgoing

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def smtp_server(*answers: bytes) -> Iterator[int]:
    """Greet, and give one answer a command; then hang up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        with suppress(OSError):
            connection, _address = listener.accept()
            with connection, connection.makefile("rwb") as stream:
                for answer in answers:
                    stream.write(answer + b"\r\n")
                    stream.flush()
                    stream.readline()

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    with suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


def outgoing(port: int, security: str = "none") -> Outgoing:
    return Outgoing.read({"host": "127.0.0.1", "port": str(port), "security": security, "from": "Marta <marta@marta.example>"})


@pytest.mark.parametrize(
    ("answers", "security", "verdict"),
    [
        ((b"220 hello", b"250 hello", b"221 bye"), "none", Verdict.GOOD),
        ((b"220 hello", b"250 hello", b"221 bye"), "starttls", Verdict.BAD),
        ((b"220 hello",), "tls", Verdict.BAD),
        ((b"554 no",), "none", Verdict.BAD),
        ((), "none", Verdict.BAD),
    ],
)
def test_a_server_that_sends_is_greeted_and_what_is_wrong_with_it_said(
    answers: tuple[bytes, ...], security: str, verdict: Verdict
) -> None:
    with smtp_server(*answers) as port:
        check = check_sending(outgoing(port, security), timeout=5)
    assert check.verdict is verdict
    assert bool(check.advice) is (verdict is Verdict.BAD)


def test_a_port_where_nobody_listens_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    check = check_sending(outgoing(port), timeout=5)
    assert (check.verdict, "`outgoing.host`" in check.advice) == (Verdict.BAD, True)
