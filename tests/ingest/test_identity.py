from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from ingest.identity import Identity, identify
from ingest.mail import Mail, Unreadable
from ingest.parse import parse_mail

if TYPE_CHECKING:
    from types import FrameType

    from ingest.headers import Headers

HEAD = b"From: jane@acme.example\r\nSubject: s\r\nMessage-ID: <one@acme.example>\r\nMIME-Version: 1.0\r\n"
MIXED = HEAD + b'Content-Type: multipart/mixed;\r\n boundary="b"\r\n\r\n--b\r\n\r\nhello\r\n'
FILE = b"--b\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"\r\nhello\r\n",
        b"\r\n\r\n" + HEAD + b"\r\nhello\r\n",
        HEAD.replace(b"Message-ID: <one@acme.example>\r\n", b"") + b"\r\nhello\r\n",
        HEAD.replace(b"\r\n", b"\n") + b"\nhello\n",
        MIXED + FILE + b"a\r\n" * 100_000 + b"--b--\r\n",
        MIXED.replace(b'boundary="b"', b'boundary="b\r\n "') + b"--b--\r\n",
    ],
)
def test_a_mail_is_known_by_the_same_whether_it_is_read_or_not(raw: bytes) -> None:
    mail = parse_mail(raw)
    assert isinstance(mail, Mail)
    assert identify(raw) == Identity(mail.message_id, mail.digest)


def test_another_mail_is_known_by_another_digest() -> None:
    assert identify(MIXED + FILE + b"a\r\n" * 100_000).digest != identify(MIXED + FILE + b"a\r\n" * 99_999 + b"b\r\n").digest


@pytest.mark.parametrize("raw", [b"", b"no header", HEAD + b"X-A: " + b"a" * 1_000_000])
def test_what_is_no_mail_is_known_by_nothing(raw: bytes) -> None:
    assert identify(raw) == Identity()


@pytest.mark.parametrize("error", [MemoryError(), ValueError("odd")])
def test_a_mail_that_ends_its_parser_keeps_what_it_is_known_by(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fails(_headers: Headers) -> object:
        raise error

    raw = HEAD + b"\r\nhello\r\n"
    known_by = identify(raw)
    monkeypatch.setattr("ingest.parse.read_sender", fails)
    answer = parse_mail(raw)
    assert isinstance(answer, Unreadable)
    assert Identity(answer.message_id, answer.digest) == known_by


def steps_to_identify(raw: bytes) -> int:
    """Count the lines of ours that are gone through; each may look through the whole mail."""
    steps = 0

    def counted(frame: FrameType, event: str, _argument: object) -> object:
        nonlocal steps
        if not frame.f_globals.get("__name__", "").startswith("ingest."):  # what collects garbage may come at any time
            return None
        steps += event == "line"
        return counted

    before = sys.gettrace()
    sys.settrace(counted)  # type: ignore[arg-type]  # a function that gives itself has no type that can be written
    try:
        identify(raw)
    finally:
        sys.settrace(before)
    return steps


def test_finding_what_a_mail_is_known_by_takes_no_more_steps_where_its_words_are_ours() -> None:
    ours = [HEAD + b"\r\n" + b" ".join(b"set-aside-%dx" % n for n in range(words)) for words in (2_000, 8_000)]
    assert steps_to_identify(ours[0]) == steps_to_identify(ours[1])
