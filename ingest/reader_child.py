"""The child of `ingest.reader`: mails in by its standard input, what they say out by its standard output, until the input ends.

Both ways a frame is its length (8 bytes, big-endian) and so many bytes. The first frame out is `READY`, or an error's words;
every other one is a pickled `Mail` or `Unreadable`, in the order of the mails.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
from typing import TYPE_CHECKING, BinaryIO, Final

from ingest.identity import identify
from ingest.mail import TOO_MUCH_MEMORY, Mail, Unreadable
from recado.store.limits import bind, computing_at_most

if TYPE_CHECKING:
    from collections.abc import Callable

READY: Final = b"ready"
LENGTH: Final = 8  # bytes
MOST_SECONDS: Final = 2.0  # of computing for one mail
MOST_MEMORY: Final = 160_000_000  # bytes for one mail, beside what the program itself takes

# Cyclic rubbish of the parsers holds whole mails: it is looked for after so many bytes of them, and else seldom.
_COLLECTED_AFTER: Final = 4_000_000
_SELDOM: Final = (50_000, 20, 50)

# A mail with a bit of everything: reading it imports what is imported late.
_WARM: Final = b"""From: a@a.example
To: b@b.example
Date: Tue, 24 Nov 2026 08:12:03 +0000
Subject: =?utf-8?q?a?=
Message-ID: <a@a.example>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=a

--a
Content-Type: text/plain; charset=utf-8

a

> b
--a
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<p>a <b>b</b></p><table><tr><td>a</table><blockquote>c</blockquote>
--a--
"""


def main(max_bytes: int) -> None:
    """Serve the parent that started this process; ends with its input."""
    incoming = os.fdopen(0, "rb")
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints goes nowhere
    try:
        from ingest.parse import parse_mail  # noqa: PLC0415 (here, for an installation that lacks something must be told)

        read = parse_mail
        read(_WARM)
    except Exception as error:  # noqa: BLE001 (the parent raises it: no mail is at fault)
        _send(outgoing, f"{type(error).__name__}: {error}".encode())
        return
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_SELDOM)
    bind(MOST_MEMORY)
    _send(outgoing, READY)
    read_bytes = 0
    while (raw := _receive(incoming)) is not None:
        read_bytes += len(raw)
        answer = _answer(raw, max_bytes, read)
        del raw
        _send(outgoing, answer)
        del answer
        if read_bytes > _COLLECTED_AFTER:
            gc.collect()
            read_bytes = 0


def _answer(raw: bytes, max_bytes: int, read: Callable[..., Mail | Unreadable]) -> bytes:
    with computing_at_most(MOST_SECONDS):
        try:
            return pickle.dumps(read(raw, max_bytes=max_bytes), pickle.HIGHEST_PROTOCOL)
        except MemoryError:
            reason, detail = TOO_MUCH_MEMORY
        except BaseException as error:  # noqa: BLE001 (a panic of a Rust library is no Exception)
            reason, detail = "broken", type(error).__name__
        gc.collect()
        known_by = identify(raw)
        return pickle.dumps(Unreadable(reason, detail, known_by.message_id, known_by.digest), pickle.HIGHEST_PROTOCOL)


def _receive(incoming: BinaryIO) -> bytes | None:
    length = incoming.read(LENGTH)
    if len(length) < LENGTH:
        return None
    raw = incoming.read(int.from_bytes(length, "big"))
    return raw if len(raw) == int.from_bytes(length, "big") else None


def _send(outgoing: BinaryIO, content: bytes) -> None:
    try:
        outgoing.write(len(content).to_bytes(LENGTH, "big"))
        outgoing.write(content)
        outgoing.flush()
    except BrokenPipeError:  # the parent is gone, and with it who would read
        os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
