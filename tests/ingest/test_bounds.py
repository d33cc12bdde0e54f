from __future__ import annotations

import pytest

from ingest import bounds
from ingest.bounds import excess, header_excess
from ingest.headers import read_headers
from ingest.mail import Mail, Unreadable
from ingest.parse import parse_mail

HEAD = b"From: jane@acme.example\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
MOST = 25_000_000


def mixed(parts: int, boundary: bytes = b"b") -> bytes:
    part = b"--" + boundary + b"\r\n\r\nhello\r\n"
    return (
        HEAD
        + b"Content-Type: multipart/mixed; boundary="
        + boundary
        + b"\r\n\r\n"
        + part * parts
        + b"--"
        + boundary
        + b"--\r\n"
    )


def deep(levels: int) -> bytes:
    return HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (number, number) for number in range(levels)
    )


def parameters(count: int) -> bytes:
    return HEAD + b"Content-Type: text/plain" + b"; a=b" * count + b"\r\n\r\nhello\r\n"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (HEAD + b"X-A: " + b"a" * bounds.MOST_HEADER_BYTES + b"\r\n\r\n", "header-too-large"),
        (mixed(bounds.MOST_PARTS + 1), "too-many-parts"),
        (mixed(bounds.MOST_PARTS + 1, b"it's a (boundary)"), "too-many-parts"),
        (deep(bounds.MOST_LEVELS + 1), "too-deep"),
        (HEAD + b"Content-Type: message/rfc822\n\n" * (bounds.MOST_LEVELS + 1), "too-deep"),
        (parameters(bounds.MOST_PARAMETERS + 1), "too-many-parameters"),
        (HEAD + b"\r\nhello" + b"\r\n" * MOST, "too-large"),
    ],
)
def test_what_is_too_much_is_said_before_anything_is_parsed(raw: bytes, code: str) -> None:
    said = excess(raw, MOST)
    assert said is not None
    assert said[0] == code
    answer = parse_mail(raw)
    assert isinstance(answer, Unreadable)
    assert answer.reason == code


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"X-A: " + b"a" * (bounds.MOST_HEADER_BYTES - 1_000) + b"\r\n\r\nhello",
        mixed(bounds.MOST_PARTS - 1),
        deep(bounds.MOST_LEVELS),
        parameters(bounds.MOST_PARAMETERS),
        HEAD + b"\r\n" + b"-- \r\nJane\r\n--\r\nJane\r\n" * 900,  # signature marks, and no parts
        HEAD + b"\r\n" + b"".join(b"-- line %d of a script\r\n" % number for number in range(15_000)),
        HEAD + b"X-A: b\r\n" * 1_900 + b"\r\nhello",
    ],
    ids=["a large header", "many parts", "deep", "many parameters", "signatures", "comments of SQL", "many fields"],
)
def test_what_is_within_the_bounds_is_read(raw: bytes) -> None:
    assert excess(raw, MOST) is None
    assert header_excess(read_headers(raw)) is None
    assert isinstance(parse_mail(raw), Mail)


@pytest.mark.parametrize(
    ("field", "code"),
    [
        (b"To: " + b"a@b.example, " * (bounds.MOST_ADDRESSES + 1), "too-many-addresses"),
        (b"Cc: " + b"," * (bounds.MOST_ADDRESSES + 1), "too-many-addresses"),
        (b"Cc: " + b"<" * (bounds.MOST_ADDRESSES + 1), "too-many-addresses"),
        (b"To: a@b.example\r\n" * (bounds.MOST_ADDRESSES + 1), "too-many-addresses"),
        (b"Reply-To: " + b"(" * (bounds.MOST_COMMENTS + 1), "too-many-comments"),
        (b"Date: " + b"(" * (bounds.MOST_COMMENTS + 1), "too-many-comments"),
        (b"X-A: b\r\n" * (bounds.MOST_FIELDS + 1), "too-many-fields"),
    ],
)
def test_what_is_too_much_in_the_header_is_said(field: bytes, code: str) -> None:
    said = header_excess(read_headers(HEAD + field + b"\r\n\r\nhello"))
    assert said is not None
    assert said[0] == code


def test_the_words_of_an_attached_file_are_no_levels() -> None:
    """A file that is itself a text about mail: what it says is not what the mail is made of."""
    file = b"".join(b"Content-Type: multipart/mixed; boundary=x%d\r\n\r\n" % number for number in range(2_000))
    kept = b"--b\r\nContent-Type: text/plain; name=a.txt\r\n\r\n" + b"About mail\r\n" * 1_000
    raw = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n" + kept + file + b"--b--\r\n"
    answer = parse_mail(raw)
    assert isinstance(answer, Mail)
    assert [attachment.name for attachment in answer.attachments] == ["a.txt"]
    assert answer.attachments[0].content.endswith(b"x1999\r\n")
