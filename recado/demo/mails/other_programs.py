"""Mail of other programs: a webmail that still writes Latin-1, Thunderbird's flowed lines, an app that sends HTML alone."""

from __future__ import annotations

import textwrap
from email.utils import format_datetime
from typing import TYPE_CHECKING

from recado.demo.mails.letter import plain
from recado.demo.mails.mime import encoded_word, file_part, mailbox, message, multipart, text_part, token

if TYPE_CHECKING:
    from recado.demo.mails.letter import Letter
    from recado.demo.mails.mime import Fields, Part


def webmail(letter: Letter) -> bytes:
    """Write a letter as a provider's old webmail sends it: ISO-8859-1 and quoted-printable, also in the headers."""
    text = text_part(f"{_signed(letter)}\n", "plain", "iso-8859-1", "quoted-printable")
    fields = (
        ("Received", f"from [192.0.2.17] by webmail.{letter.author.domain} with HTTP; {format_datetime(letter.local)}"),
        ("MIME-Version", "1.0"),
        ("Date", format_datetime(letter.local)),
        ("From", mailbox(letter.author.name, letter.author.address, "iso-8859-1")),
        ("To", letter.to),
        ("Subject", encoded_word(letter.subject, "iso-8859-1")),
        ("Message-ID", f"<{token(letter.key, 32)}@{letter.author.domain}>"),
        ("User-Agent", "Roundcube Webmail/1.4.15"),
    )
    return message(fields, _with_files(letter, text, "=_"))


def thunderbird(letter: Letter) -> bytes:
    """Write a letter as Thunderbird sends it: format=flowed, so that a line which ends in a blank goes on (RFC 3676)."""
    # A line of its own, and the two dashes over a signature, do not flow.
    flowed = "\n".join(" \n".join(textwrap.wrap(line, 72)) if line != "-- " else line for line in _signed(letter).split("\n"))
    text = text_part(f"{flowed}\n", "plain", "UTF-8", "8bit", "; format=flowed")
    fields = (
        (
            "Message-ID",
            f"<{token(letter.key, 8)}-{token(letter.key, 4)}-4b1e-8d2a-{token(letter.key, 12)}@{letter.author.domain}>",
        ),
        ("Date", format_datetime(letter.local)),
        ("MIME-Version", "1.0"),
        ("User-Agent", "Mozilla Thunderbird"),
        ("Content-Language", "en-GB"),
        ("To", letter.to),
        ("From", mailbox(letter.author.name, letter.author.address)),
        ("Subject", encoded_word(letter.subject)),
    )
    return message(fields, _with_files(letter, text, "------------"))


def html_only(letter: Letter, html: str) -> bytes:
    """Write a letter as an app sends it that knows no plain text: `html` is the page, base64 around it."""
    fields = (
        ("Date", format_datetime(letter.local)),
        ("From", mailbox(letter.author.name, letter.author.address)),
        ("To", letter.to),
        ("Message-ID", f"<{token(letter.key, 10)}.{token(f'{letter.key}a', 6)}@{letter.author.domain}>"),
        ("Subject", encoded_word(letter.subject)),
        ("X-Mailer", "Pocketpost 7.2 (Android)"),
        ("MIME-Version", "1.0"),
    )
    return message(fields, text_part(html, "html", "utf-8", "base64"))


def automatic(letter: Letter, fields: Fields) -> bytes:
    """Write an automatic answer as a mail server sends it (RFC 3834 §5); `fields` are those of its program."""
    own = (
        ("From", mailbox(letter.author.name, letter.author.address)),
        ("To", letter.to),
        ("Subject", encoded_word(letter.subject)),
        ("Date", format_datetime(letter.local)),
        ("Message-ID", f"<auto.{token(letter.key, 20)}@{letter.author.domain}>"),
        ("MIME-Version", "1.0"),
    )
    threading: Fields = ()
    if letter.answers:
        threading = (("In-Reply-To", letter.answers.message_id), ("References", " ".join(letter.answers.chain)))
    return message((*own, *threading, *fields), text_part(f"{letter.text}\n", "plain", "utf-8", "quoted-printable"))


def _signed(letter: Letter) -> str:
    return plain(letter.text) + (f"\n\n-- \n{letter.signature}" if letter.signature else "")


def _with_files(letter: Letter, text: Part, edge: str) -> Part:
    if not letter.files:
        return text
    files = [file_part(file.name, file.content_type, file.content) for file in letter.files]
    return multipart(
        "mixed", f"{edge}{token(letter.key, 24)}", [text, *files], b"This is a multi-part message in MIME format.\r\n"
    )
