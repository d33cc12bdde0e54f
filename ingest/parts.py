"""The walk over the MIME leaves of one mail: what is its text, what are its files, each with its own bytes.

It answers where mail-parser's flat lists cannot: attached messages stay closed files, nothing is decoded twice or lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

from ingest.attachment import Attachment, default_name, safe_name, unique_name, with_extension
from ingest.charset import decode
from ingest.headers import read_headers
from ingest.leaf import MESSAGE_TYPES, leaf_content, raw_field
from ingest.tnef import SIGNATURE, read_tnef
from ingest.uuencode import take_uuencoded
from ingest.words import decode_value, parameters
from recado.model.secrets_in_text import masked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from ingest.tnef import TnefFile

MOST_TEXT: Final = 500_000  # bytes of one text part, pictures within its HTML not counted
MOST_TEXT_IN_ALL: Final = 1_000_000  # the same of all text parts: two forms of the longest
MOST_FILES: Final = 200
_DATA_ADDRESS: Final = re.compile(rb"""(["'])data:[^"']*\1""", re.IGNORECASE)
_BODY_TYPES: Final = frozenset({"text/plain", "text/html"})
_HTML: Final = re.compile(r"\s*<(?:!doctype\s+html|html|body|div|table)\b[^<>]*>", re.IGNORECASE)
# Other forms of the same words, made for one program: their reader is not ours.
_DUPLICATE_TYPES: Final = frozenset({"text/x-amp-html", "text/watch-html", "text/enriched", "text/richtext"})


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part that is words: `is_html` or plain; `is_flowed` and `deletes_space` as RFC 3676 means them.

    Or the place of a picture between words: `picture` is its content id, or its name where it has none, and `text` shows it.
    """

    text: str
    is_html: bool = False
    is_flowed: bool = False
    deletes_space: bool = False
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the mail's text: plain and HTML parts that say the same (multipart/alternative), or one kind alone."""

    plain: tuple[TextPart, ...] = ()
    html: tuple[TextPart, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """What a mail holds: its passages in order, its files with unique names, its calendar invitations, and what was odd.

    `messages` are the bytes of the mails attached to it, those in reports of a machine left out. `fallback` is the text of a
    winmail.dat, for a mail that has no other.
    """

    passages: tuple[Passage, ...]
    attachments: tuple[Attachment, ...]
    invitations: tuple[bytes, ...]
    messages: tuple[bytes, ...]
    fallback: tuple[Passage, ...]
    oddities: tuple[str, ...]


class TooManyFilesError(Exception):
    """A mail holds more than `MOST_FILES` files."""


def read_contents(message: Message) -> Contents:
    """Walk the leaves of a parsed message (made of `ClosedMessage`). Charsets and transfer encodings are read leniently.

    Raises TooManyFilesError; files within others (winmail.dat, uuencoded ones in a text) stay there where they would be the
    ones too many.
    """
    try:
        return _contents(message, _Walk())
    except TooManyFilesError:
        return _contents(message, _Walk(opens=False))


def _contents(message: Message, walk: _Walk) -> Contents:
    walk.part(message)
    shown = frozenset(unquote(found) for text in walk.texts() for found in _SHOWN.findall(text.text))
    return Contents(
        tuple(passage for each in walk.passages if (passage := _without_shown(each, shown)).plain or passage.html),
        tuple(replace(each, inline=True) if each.content_id in shown else each for each in walk.attachments),
        tuple(walk.invitations),
        () if message.get_content_type() == "multipart/report" else tuple(walk.messages),
        tuple(walk.fallback),
        tuple(dict.fromkeys(walk.oddities)),
    )


_SHOWN: Final = re.compile(r"""["'(=\s]cid:([^"'\s>)]{1,500})""", re.IGNORECASE)


def _without_shown(passage: Passage, shown: frozenset[str]) -> Passage:
    """Take out the places of pictures that the HTML shows at places of its own."""
    return replace(passage, html=tuple(text for text in passage.html if not text.picture or text.picture not in shown))


@dataclass(slots=True)
class _Walk:
    """What has been seen so far; `opens` if the files within other files are taken out of them."""

    opens: bool = True
    passages: list[Passage] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    invitations: list[bytes] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    fallback: list[Passage] = field(default_factory=list)
    oddities: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    has_begun: bool = False
    text_bytes: int = 0
    related: int = 0  # how many multipart/related it is in

    def texts(self) -> Iterator[TextPart]:
        """Give the HTML that was seen, a winmail.dat's too."""
        for passage in (*self.passages, *self.fallback):
            yield from (text for text in passage.html if not text.picture)

    def part(self, part: Message) -> None:
        kind = part.get_content_type()
        if kind.startswith("multipart/") and part.is_multipart():
            self._multipart(part, kind)
        else:
            self._leaf(part, kind)

    def _multipart(self, part: Message, kind: str) -> None:
        children = [child for child in part.get_payload() if not isinstance(child, str)]
        if kind != "multipart/alternative":
            self.related += kind == "multipart/related"
            for child in children:
                self.part(child)
            self.related -= kind == "multipart/related"
            return
        outer, self.passages = self.passages, []
        for child in children:
            self.part(child)
        inner, self.passages = self.passages, outer
        plain = tuple(text for passage in inner for text in passage.plain)
        html = tuple(text for passage in inner for text in passage.html)
        if plain or html:
            self.passages.append(Passage(plain, html))

    def _leaf(self, part: Message, kind: str) -> None:
        _, type_parameters = parameters(raw_field(part, "content-type"))
        disposition, disposition_parameters = parameters(raw_field(part, "content-disposition"))
        name = safe_name(disposition_parameters.get("filename", "") or type_parameters.get("name", ""))
        content = leaf_content(part)
        is_first, self.has_begun = not self.has_begun, True
        # What a mail begins with is its text, also under a file's name (RFC 8621 §4.1.4).
        is_file = disposition == "attachment" or (bool(name) and not (is_first and kind in _BODY_TYPES))
        if kind.startswith("multipart/"):  # a multipart without parts: its words are all there is
            self.oddities.append("broken-structure")
            kind = "text/plain"
        is_text = kind in _BODY_TYPES and not is_file
        files: tuple[tuple[bytes, bytes], ...] = ()
        if is_text and kind == "text/plain" and self.opens:
            content, files = take_uuencoded(content, most=MOST_FILES)
        if is_text and self._is_too_long(content):
            self.oddities.append("long-text")
            self._file(part, content, kind, name, is_inline=False)
        elif is_text:
            self._text(content, kind, type_parameters)
        elif kind in {"text/calendar", "application/ics"}:
            self._invitation(content, kind, name)
        elif content.startswith(SIGNATURE) and self._opens(content):
            pass
        elif kind not in _DUPLICATE_TYPES or is_file:
            self._file(part, content, kind, name, is_inline=disposition == "inline")
        for file_name, file in files:
            self._add(safe_name(decode_value(file_name)), "application/octet-stream", file, is_inline=False, content_id=None)

    def _is_too_long(self, content: bytes) -> bool:
        """Tell whether a text is more than anyone wrote by hand, alone or with those before it: then it is kept as a file."""
        length = len(_DATA_ADDRESS.sub(b"", content))
        if length > MOST_TEXT or self.text_bytes + length > MOST_TEXT_IN_ALL:
            return True
        self.text_bytes += length
        return False

    def _text(self, content: bytes, kind: str, type_parameters: dict[str, str]) -> None:
        words = decode(content, type_parameters.get("charset", ""))
        text = TextPart(
            text=words,
            is_html=kind == "text/html" or bool(_HTML.match(words)),  # some programs call both forms plain
            is_flowed=type_parameters.get("format", "").lower() == "flowed",
            deletes_space=type_parameters.get("delsp", "").lower() == "yes",
        )
        self.passages.append(Passage(html=(text,)) if text.is_html else Passage(plain=(text,)))

    def _opens(self, content: bytes) -> bool:
        """Take the text and the files out of a winmail.dat; False if it has to be kept, for what could not be read in it."""
        opened = read_tnef(content)
        if opened is None or not (opened.text or opened.files):
            return False
        if opened.text:
            text = TextPart(opened.text[:MOST_TEXT], is_html=opened.is_html)
            self.fallback.append(Passage(html=(text,)) if opened.is_html else Passage(plain=(text,)))
        if not self.opens:
            return not opened.files and opened.is_whole
        for file in opened.files:
            kind = "application/ms-tnef" if file.content.startswith(SIGNATURE) else _type_of(file)
            name = safe_name(decode_value(file.name.encode()))
            self._add(name, kind, file.content, is_inline=file.content_id is not None, content_id=file.content_id)
        return opened.is_whole

    def _invitation(self, content: bytes, kind: str, name: str) -> None:
        """Keep a calendar object once: Google and Outlook send it both as an alternative and as a file."""
        if any(content.split() == other.split() for other in self.invitations):
            return
        self.invitations.append(content)
        self._add(name or "invite.ics", kind, content, is_inline=False, content_id=None)

    def _file(self, part: Message, content: bytes, kind: str, name: str, *, is_inline: bool) -> None:
        if kind in MESSAGE_TYPES:
            self.messages.append(content)
            name = name or _name_of_message(content)
        content_id = decode_value(raw_field(part, "content-id")).strip("<> ") or None
        added = self._add(name, kind, content, is_inline=is_inline, content_id=content_id)
        if is_inline and kind.startswith("image/") and not self.related:
            place = content_id or added
            shown = f'<p><img src="cid:{quote(place)}"></p>'
            self.passages.append(Passage(html=(TextPart(shown, is_html=True, picture=place),)))

    def _add(self, name: str, kind: str, content: bytes, *, is_inline: bool, content_id: str | None) -> str:
        if len(self.attachments) >= MOST_FILES:
            raise TooManyFilesError
        named = with_extension(name, kind) if name else default_name(kind, len(self.attachments) + 1)
        unique = unique_name(named, self.names)
        self.names.add(unique.casefold())
        self.attachments.append(Attachment(unique, kind, content, inline=is_inline, content_id=content_id))
        return unique


def _type_of(file: TnefFile) -> str:
    """Give the type that a file of a winmail.dat says it has, or any."""
    return file.content_type if re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", file.content_type) else "application/octet-stream"


def _name_of_message(content: bytes) -> str:
    """Name an attached message by its subject, without what is secret in it."""
    subject = masked(decode_value(read_headers(content).first("subject")))
    name = safe_name(subject.replace("/", "-").replace("\\", "-"))
    return f"{name}.eml" if name else ""
