"""Mails made to keep a reader busy or to fill its memory, and what is to become of each. Made by us, none a real mail.

Run as a program it reads each in a child and says how much memory that took, this process and the child together.
"""

from __future__ import annotations

import base64
import io
import json
import random
import sys
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_BYTES: Final = 25_000_000
ANY: Final = "read, or not"
READ: Final = "read"
_HEAD: Final = b"From: Jane <jane@acme.example>\r\nTo: requests@marta.example\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
_TEXT: Final = b"Content-Type: text/plain; charset=utf-8\r\n\r\nhello\r\n"
_FILE: Final = b"Content-Type: application/pdf; name=a.pdf\r\n"


@dataclass(frozen=True, slots=True)
class Monster:
    """How it is made, and its end: `READ`, `ANY`, or why it is not read."""

    make: Callable[[], bytes]
    end: str


def _mixed(*parts: bytes) -> bytes:
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
    return _HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + body + b"--b--\r\n"


def _with_file(size: int) -> bytes:
    encoded = base64.encodebytes(random.Random(size).randbytes(size)).replace(b"\n", b"\r\n")  # noqa: S311 (no secret)
    return _mixed(_TEXT, _FILE + b"Content-Transfer-Encoding: base64\r\n\r\n" + encoded)


def _html(body: bytes) -> bytes:
    return _HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + body


def _plain(body: bytes) -> bytes:
    return _HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + body


def _deep(levels: int) -> bytes:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(levels))
    return _HEAD + nested + b"\r\nhello"


def _to(value: bytes) -> bytes:
    return _HEAD.replace(b"requests@marta.example", value) + b"\r\nhello"


def _zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(100_000_000))
    zipped = _FILE.replace(b"pdf", b"zip") + b"Content-Transfer-Encoding: base64\r\n\r\n"
    return _mixed(_TEXT, zipped + base64.encodebytes(packed.getvalue()))


MONSTERS: Final = {
    "30 MB": Monster(lambda: _with_file(22_000_000), "too-large"),
    "24.9 MB with a file": Monster(lambda: _with_file(18_150_000), READ),
    "20,000 parts": Monster(lambda: _mixed(*[_TEXT] * 20_000), "too-many-parts"),
    "16,000 addresses in To": Monster(
        lambda: _to(b",".join(b"a%d@b.example" % n for n in range(16_000))), "too-many-addresses"
    ),
    "16,000 addresses and names": Monster(
        lambda: _to(b", ".join(b"Ann %d <a%d@b.example>" % (n, n) for n in range(16_000))), "header-too-large"
    ),
    "2,000 open comments in To": Monster(lambda: _to(b"(" * 2_000), "too-many-comments"),
    "MIME 1,000 deep": Monster(lambda: _deep(1_000), "too-deep"),
    "1,000 messages in one another": Monster(lambda: _HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 1_000, "too-deep"),
    "a header of 1 MB": Monster(lambda: _HEAD + b"X-A: " + b"a" * 1_000_000 + b"\r\n\r\nhello", "header-too-large"),
    "a header of 24 MB": Monster(lambda: _HEAD + b"X-A: b\r\n" * 3_000_000, "header-too-large"),
    "a header of many fields": Monster(lambda: _HEAD + b"X-A: b\r\n" * 20_000 + b"\r\nhello", "too-many-fields"),
    "a field of many parameters": Monster(
        lambda: _HEAD + b"Content-Type: text/plain" + b";a=b" * 20_000, "too-many-parameters"
    ),
    "a zip bomb": Monster(_zip_bomb, READ),
    "122,000 line breaks of HTML": Monster(lambda: _html(b"<br>" * 122_000), READ),
    "450 kB of nested tables": Monster(lambda: _html(b"<table><tr><td>" * 30_000 + b"x"), READ),
    "a table of 24,000 rows": Monster(lambda: _html(b"<table>" + b"<tr><td>a<td>b</tr>" * 24_000), READ),
    "a table of 45,000 columns": Monster(lambda: _html(b"<table><tr>" + b"<td>a</td>" * 45_000 + b"</tr><tr><td>b"), ANY),
    "450 kB of emphasis left open": Monster(lambda: _html(b"<b><p>" * 75_000 + b"x"), ANY),
    "450 kB of beginnings of tags": Monster(lambda: _html(b"<a " * 150_000), ANY),
    "one line of 5 MB": Monster(lambda: _plain(b"x" * 5_000_000), READ),
    "100,000 levels of quotation": Monster(lambda: _plain(b">" * 100_000 + b" x"), READ),
    "100,000 quoted lines": Monster(lambda: _plain(b"> x\n" * 100_000), ANY),
    "22,000 announcements of a quotation": Monster(lambda: _plain(b"On Tue, Jane wrote:\n" * 22_000), ANY),
    "a file of 8,000,000 lines": Monster(lambda: _mixed(_TEXT, _FILE + b"\r\n" + b"a\r\n" * 8_000_000), READ),
    "6,000,000 dashed lines": Monster(lambda: _mixed(_TEXT, _FILE + b"\r\n" + b"--\r\n" * 6_000_000), "too-much-memory"),
    "200 files of 100 kB in short lines": Monster(lambda: _mixed(_TEXT, *[_FILE + b"\r\n" + b"a\n" * 50_000] * 200), ANY),
    "900 texts of 20 kB": Monster(lambda: _mixed(*[b"\r\n" + b"> hello\r\n\r\nbye\r\n" * 1_300] * 900), "too-many-parts"),
    "200 texts of 20 kB": Monster(lambda: _mixed(*[b"\r\n" + b"> hello\r\n\r\nbye\r\n" * 1_300] * 200), ANY),
    "a uuencoded file of 15 MB": Monster(
        lambda: _plain(b"begin 644 a\r\n" + (b"M" + b"0V%T" * 15 + b"\r\n") * 240_000 + b"end\r\n"), READ
    ),
    "7,000 empty uuencoded files": Monster(lambda: _plain(b"begin 644 a\nM\nend\n" * 7_000), READ),
    "64,000 words that stand for what is set aside": Monster(
        lambda: _plain(b" ".join(b"set-aside-%dx" % n for n in range(64_000))), READ
    ),
    "24 MB of empty lines": Monster(lambda: _HEAD + b"\n" * 24_000_000, READ),
}


def most_memory(pid: int | str) -> int:
    """Give the most memory (bytes) a process has had at once, 0 for one that is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


def kept_waiting(pid: int | str) -> float:
    """Give for how long (seconds) a process could have gone on, and others had the processors; 0 for one that is gone."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


def main(name: str) -> None:
    """Read one monster, the child warm before it, and print what it took (the making of the monster itself left out)."""
    from ingest.reader import Reader  # noqa: PLC0415 (not needed by who only makes them)

    kept = Path(sys.argv[2])
    with Reader(MOST_BYTES) as reader:
        reader.ask(_plain(b"hello"))
        reader.answer()
        raw = kept.read_bytes()
        before = kept_waiting("self") + kept_waiting(reader.pid or 0)
        began = time.monotonic()
        reader.ask(raw)
        child = 0
        waited = before
        while not reader.is_answered(0.01):
            child = max(child, most_memory(reader.pid or 0))
            waited = max(waited, kept_waiting("self") + kept_waiting(reader.pid or 0))
        answer = reader.answer()
        seconds = time.monotonic() - began - (waited - before)
        child = max(child, most_memory(reader.pid or 0))
    took = {"name": name, "end": getattr(answer, "reason", READ), "seconds": seconds, "bytes": child + most_memory("self")}
    sys.stdout.write(json.dumps(took))


if __name__ == "__main__":
    main(sys.argv[1])
