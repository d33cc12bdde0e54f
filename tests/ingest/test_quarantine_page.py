"""The page beside a quarantined mail: words for every reason, and nothing of the mail but as data."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest import mail as reading
from ingest.mail import Unreadable
from ingest.parse import parse_mail
from ingest.quarantine_page import Quarantined, quarantine_page, reason_in_words, short_reason
from ingest.routing import Quarantine, Reason
from recado.model.message import Verified
from recado.speech import catalogue
from recado.store.front_matter import read_front_matter

WHEN = datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC)
DIGEST = "sha256:" + "7f3a91c2" * 8


def page_of(raw: bytes, reason: Reason = Reason.UNKNOWN_SENDER, detail: str = "who@elsewhere.example") -> str:
    quarantined = Quarantined(Quarantine(reason, detail), parse_mail(raw), "<1@x>", DIGEST, WHEN, Verified.NONE)
    return quarantine_page(quarantined, "en")


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_reason_has_its_words(reason: Reason, language: str) -> None:
    why, what_to_do = reason_in_words(reason, catalogue(language))
    assert why.endswith(".")
    assert what_to_do
    assert short_reason(reason) != reason.value


CODES = (
    "too-large too-deep too-many-parameters too-many-parts too-many-fields too-many-addresses too-many-comments "
    "header-too-large no-header too-slow too-much-memory broken"
).split()


@pytest.mark.parametrize("code", CODES)
def test_what_cannot_be_read_says_what_kept_it_from_being_read(code: str) -> None:
    why, what_to_do = reason_in_words(Reason.UNREADABLE, catalogue("en"), f"{code}: 7 of them")
    said_of_any = reason_in_words(Reason.UNREADABLE, catalogue("en"), "")[0]
    assert (why == said_of_any) is (code == "broken")
    assert ("max_message" in what_to_do) is (code == "too-large")


def test_every_code_of_the_bounds_is_among_those_that_have_words() -> None:
    ingest = Path(reading.__file__).parent
    codes = {
        found
        for file in ingest.glob("*.py")
        if file.name != "quarantine_page.py"
        for found in re.findall(r'"((?:header-)?too-[a-z-]+|no-header)"', file.read_text(encoding="utf-8"))
    }
    assert codes == {*CODES} - {"broken"}


@pytest.mark.parametrize("code", ["no-from", "several-from-headers", "several-addresses", "unreadable-address"])
def test_a_mail_without_one_sender_says_what_stands_there_instead(code: str) -> None:
    why, _what_to_do = reason_in_words(Reason.NO_SENDER, catalogue("en"), f"{code}: x")
    assert why != reason_in_words(Reason.NO_SENDER, catalogue("en"), "")[0]


def test_the_page_says_why_and_what_to_do_and_keeps_what_the_mail_says_as_data() -> None:
    page = page_of(b"From: A Stranger <who@elsewhere.example>\r\nSubject: Offer\r\n\r\nBuy.\r\n")
    read = read_front_matter(page)
    assert read.front.value == {
        "reason": "unknown-sender",
        "detail": "who@elsewhere.example",
        "from": "A Stranger <who@elsewhere.example>",
        "subject": "Offer",
        "received": "2026-11-24T08:12:09Z",
        "verified": "none",
        "message_id": "<1@x>",
        "digest": DIGEST,
    }
    assert "Nobody in clients.yml writes from this address." in read.body
    assert "Buy." not in page


@pytest.mark.parametrize(
    "subject",
    ["---", "a: b", "=?utf-8?q?x=0Areason=3A_automatic?=", "{{ 7*7 }}", "!!python/object:os.system", "<img onerror=x>"],
)
def test_no_subject_becomes_a_key_or_a_line_of_its_own(subject: str) -> None:
    page = page_of(f"From: who@elsewhere.example\r\nSubject: {subject}\r\n\r\nx\r\n".encode())
    read = read_front_matter(page)
    assert isinstance(read.front.value, dict)
    assert list(read.front.value)[:4] == ["reason", "detail", "from", "subject"]
    assert read.front.value["reason"] == "unknown-sender"
    assert "\n" not in str(read.front.value["subject"])


def test_of_a_mail_that_cannot_be_read_there_is_no_sender_and_no_subject() -> None:
    quarantined = Quarantined(
        Quarantine(Reason.UNREADABLE, "no-header: x"), Unreadable("no-header", "x"), "", DIGEST, WHEN, Verified.NONE
    )
    value = read_front_matter(quarantine_page(quarantined, "en")).front.value
    assert value == {
        "reason": "unreadable",
        "detail": "no-header: x",
        "received": "2026-11-24T08:12:09Z",
        "verified": "none",
        "digest": DIGEST,
    }


def test_a_reason_of_a_later_version_is_given_as_it_stands() -> None:
    assert short_reason("made-up") == "made-up"
