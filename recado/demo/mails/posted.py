"""A mail as it is handed to the practice's exchanger, and what has to become of it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from recado.demo.mails.letter import File

if TYPE_CHECKING:
    from datetime import datetime

    from recado.demo.mails.letter import Letter

Expected = Literal["request", "reply", "note", "quarantine", "repeat"]
_TYPES = {"jpg": "image/jpeg", "pdf": "application/pdf"}


@dataclass(frozen=True, slots=True)
class DemoMail:
    """One mail of the demo.

    `raw` is what follows DATA; `envelope_from` and `helo` what the sending host says before it. `note` says in words what the
    mail is, `expected` what has to become of it, `client` whose it is (None: nobody's). `verified` is what the exchanger can
    find out about the sender. `sent` is in UTC.
    """

    key: str
    raw: bytes
    sent: datetime
    envelope_from: str
    helo: str
    note: str
    expected: Expected
    client: str | None
    verified: Literal["pass", "fail", "none"] = "pass"


def post(letter: Letter, raw: bytes, note: str, expected: Expected, client: str | None) -> DemoMail:
    """Send a letter the honest way: from its author's address, by its author's host."""
    return DemoMail(letter.key, raw, letter.sent, letter.author.address, letter.author.helo, note, expected, client)


def attached(name: str, shown: str = "") -> File:
    """Read one of the files that come with the demo's mail; `shown` is the name it has in the mail."""
    content = files("recado.demo.mails").joinpath("files", name).read_bytes()
    return File(shown or name, _TYPES[name.rpartition(".")[2]], content)
