"""What a mail of the demo is made of, before a mail program writes it: who, when, about what, and in answer to what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime

Language = Literal["en", "es"]
REQUESTS = "requests@marta.example"


@dataclass(frozen=True, slots=True)
class Author:
    """Someone who writes: `helo` is the host that sends their mail, `zone` where they sit."""

    name: str
    address: str
    zone: ZoneInfo
    language: Language
    helo: str

    @property
    def domain(self) -> str:
        """Give the domain of their address."""
        return self.address.partition("@")[2]


MARTA = Author("Marta Ruiz", REQUESTS, ZoneInfo("Europe/Madrid"), "es", "mx.marta.example")


@dataclass(frozen=True, slots=True)
class File:
    """A file that hangs on a mail."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Earlier:
    """The mail that is answered or forwarded: what a mail program quotes, and the ids it carries on."""

    message_id: str
    author: Author
    sent: datetime
    subject: str
    text: str
    references: tuple[str, ...] = ()
    to: str = REQUESTS

    @property
    def chain(self) -> tuple[str, ...]:
        """Give the References of an answer to it (RFC 5322 §3.6.4)."""
        return (*self.references, self.message_id)


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail. `text` is what they write: paragraphs, `- ` lists, `**bold**`; `signature` what their program adds."""

    key: str
    author: Author
    sent: datetime
    subject: str
    text: str
    answers: Earlier | None = None
    forwards: Earlier | None = None
    files: tuple[File, ...] = ()
    signature: str = ""
    to: str = REQUESTS

    @property
    def local(self) -> datetime:
        """Give when it was sent, on the writer's own clock."""
        return self.sent.astimezone(self.author.zone)


def answer_to(letter: Letter, message_id: str, key: str, sent: datetime, text: str) -> Earlier:
    """Give Marta's answer to a letter: she wrote it from her mail program, so the clients' mails quote it."""
    return Earlier(
        message_id=f"<{key}@marta.example>",
        author=MARTA,
        sent=sent,
        subject=f"Re: {letter.subject}",
        text=text,
        references=(message_id,),
        to=letter.author.address,
    )


def blocks(text: str) -> list[list[str]]:
    """Cut a text into paragraphs and lists, each a list of its lines."""
    return [block.splitlines() for block in text.strip().split("\n\n")]


def is_list(block: list[str]) -> bool:
    """Tell whether every line of a block is a point of a list."""
    return all(line.startswith("- ") for line in block)


def inline_html(text: str) -> str:
    """Write a line as HTML: escaped, with its bold words."""
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(text, quote=False))


def plain(text: str) -> str:
    """Write a text as a plain mail has it: bold as *bold*."""
    return re.sub(r"\*\*(.+?)\*\*", r"*\1*", text.strip())


def quoted_lines(text: str) -> str:
    """Put `> ` before every line."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())
