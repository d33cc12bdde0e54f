from __future__ import annotations

import base64
import email
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.headers import digest, read_headers
from ingest.stretches import shorten

if TYPE_CHECKING:
    from email.message import Message

HEAD = b"From: jane@acme.example\r\nSubject: files\r\nMIME-Version: 1.0\r\n"
MIXED = HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
PART = b"--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
LONG = base64.encodebytes(bytes(range(256)) * 40).replace(b"\n", b"\r\n")


def shown(message: Message) -> list[object]:
    """Give all that the parser made of a mail, part by part."""
    return [
        [
            list(part.raw_items()),
            None if part.is_multipart() else getattr(part, "_payload", None),
            part.preamble or None,
            part.epilogue,
            [type(defect) for defect in part.defects],
        ]
        for part in message.walk()
    ]


MAILS = {
    "a file": MIXED + PART + LONG + b"\r\n--b--\r\n",
    "two files and a text": MIXED + b"--b\r\n\r\nhello\r\n" + (PART + LONG) * 2 + b"--b--\r\n",
    "8-bit letters": HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "ñandú\r\n".encode() * 900,
    "one line": HEAD + b"\r\n" + b"x" * 9000,
    "bare carriage returns": MIXED + (PART + b"a\rb\r" * 2000 + b"\r").replace(b"\r\n", b"\r") + b"--b--\r",
    "line feeds alone": (MIXED + PART + LONG + b"\r\n--b--\r\n").replace(b"\r\n", b"\n"),
    "a long preamble and a long end": MIXED + LONG + PART + LONG + b"\r\n--b--\r\n" + LONG,
    "a boundary that is never closed": MIXED + PART + LONG,
    "the words that would stand in its place": HEAD
    + b"\r\nset-aside-0x0. set-aside-1x"
    + LONG
    + b"set-aside-0123456789abcdefx7."
    + LONG,
}


@pytest.mark.parametrize("raw", MAILS.values(), ids=MAILS)
def test_a_mail_in_short_gives_the_same_parts(raw: bytes) -> None:
    shortened = shorten(raw, kept_head=300, kept_tail=20, least=100)
    assert shortened.aside
    assert len(shortened.short) < len(raw) // 2
    assert shown(shortened.parsed()) == shown(email.message_from_bytes(raw))


@pytest.mark.parametrize("raw", MAILS.values(), ids=MAILS)
def test_a_mail_in_short_keeps_its_digest(raw: bytes) -> None:
    shortened = shorten(raw, kept_head=300, kept_tail=21, least=100)
    headers, whole = read_headers(shortened.short), read_headers(raw)
    assert digest(headers, shortened.whole(headers.body)) == digest(whole, [whole.body])


@pytest.mark.parametrize(
    "raw",
    [
        MIXED + b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + HEAD + b"X-A: " + LONG + b"\r\n\r\nhello\r\n--b--\r\n",
        MIXED.replace(b"mixed", b"digest") + b"--b\r\n\r\n" + HEAD + b"X-A: " + LONG + b"\r\n\r\nhello\r\n--b--\r\n",
        HEAD + b"Content-Type: message/rfc822\r\n\r\n" + HEAD + b"X-A: " + LONG + b"\r\n\r\nhello\r\n",
        MIXED + b"--b\r\nX-A: " + LONG + b"\r\n\r\nhello\r\n--b--\r\n",
    ],
    ids=["a message", "a digest", "a message alone", "a part"],
)
def test_nothing_is_set_aside_from_the_header_of_a_part_or_an_attached_message(raw: bytes) -> None:
    assert shorten(raw, kept_head=300, kept_tail=20, least=100).short is raw


def test_a_small_mail_is_parsed_as_it_is() -> None:
    raw = MAILS["a file"]
    assert shorten(raw).short is raw


def test_a_mail_of_many_dashed_lines_is_parsed_as_it_is() -> None:
    raw = HEAD + b"\r\n" + b"--\r\n" * 30_000 + b"x" * 1_000_000
    assert shorten(raw).short is raw


@given(
    st.lists(
        st.sampled_from([b"\r\n", b"\n", b"\r", b"--b", b"--b--", b"-", b"x" * 200, b"y", b"\xf1", b"set-aside-0x", b"X: y"]),
        max_size=40,
    )
)
def test_whatever_is_set_aside_comes_back(pieces: list[bytes]) -> None:
    raw = MIXED + b"".join(pieces)
    shortened = shorten(raw, kept_head=100, kept_tail=3, least=10)
    assert b"".join(shortened.whole(shortened.short)) == raw
    assert shown(shortened.parsed()) == shown(email.message_from_bytes(raw))


@given(st.lists(st.sampled_from([b"\r\n", b"\r", b"\n", b"x"]), max_size=12), st.lists(st.integers(0, 20), max_size=3))
def test_the_digest_does_not_depend_on_the_pieces(parts: list[bytes], cuts: list[int]) -> None:
    body = b"".join(parts)
    places = sorted({0, len(body), *(min(cut, len(body)) for cut in cuts)})
    pieces = [body[begin:end] for begin, end in pairwise(places)]
    headers = read_headers(HEAD)
    assert digest(headers, pieces) == digest(headers, [body])


def test_nothing_is_set_aside_where_the_mail_holds_the_word_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    class Unlucky:
        def __init__(self, _raw: bytes) -> None: ...

        def hexdigest(self) -> str:
            return "0" * 64

    monkeypatch.setattr("ingest.stretches.hashlib.sha256", Unlucky)
    raw = HEAD + b"\r\nset-aside-0000000000000000x0." + LONG * 3
    assert shorten(raw).short is raw
    assert shorten(raw.replace(b"set-aside", b"put-aside")).short != raw
