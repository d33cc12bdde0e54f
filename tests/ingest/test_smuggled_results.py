"""What a sender can choose in the words of the trusted server (a local part, above all) never speaks for the server."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.mail import Mail
from ingest.parse import parse_mail
from ingest.sender import verify
from recado.model.message import Verified
from recado.model.servers import Trust

OURS = Trust(authserv_id="mx.marta.example")


def mail(result: str) -> Mail:
    """Read a mail of Jane's over which the trusted server wrote this."""
    read = parse_mail(b"From: jane@acme.example\r\nSubject: s\r\n\r\nhi\r\n")
    assert isinstance(read, Mail)
    return replace(read, authentication_results=(result,))


@pytest.mark.parametrize(
    "mailfrom",
    [
        "acme.example=x@evil.example",
        "acme.example/x@evil.example",
        '"acme.example"@evil.example',
        '"x@acme.example"@evil.example',
        '"jane@acme.example "@evil.example',
        'acme.example"@evil.example',
        '"a; dkim=pass header.d=acme.example; b"@evil.example',
    ],
)
def test_what_a_sender_chose_before_the_at_sign_is_no_domain(mailfrom: str) -> None:
    assert verify(mail(f"mx.marta.example; spf=pass smtp.mailfrom={mailfrom}"), OURS) is Verified.FAIL
    assert verify(mail(f"mx.marta.example; dkim=pass header.i={mailfrom}"), OURS) is Verified.FAIL


def test_a_property_told_twice_and_differently_is_not_believed() -> None:
    smuggled = '"x) smtp.mailfrom=acme.example ("@evil.example'
    result = f"mx.marta.example; spf=pass (mx: domain of {smuggled} permits it) smtp.mailfrom={smuggled}"
    assert verify(mail(result), OURS) is Verified.FAIL


@pytest.mark.parametrize(
    "result",
    [
        'spf=pass (mx: domain of "a); dkim=pass header.d=acme.example; ("@evil.example permits it) smtp.mailfrom=evil.example',
        'spf=pass (mx: domain of "a) smtp.mailfrom=acme.example ("@evil.example permits it)',
        'spf=pass (mx: domain of "a); dmarc=pass header.from=acme.example; x=(" permits it) smtp.mailfrom=evil.example',
        "dkim=pass header.d=acme.example; spf=none (mx: never ends; dmarc=fail header.from=acme.example",
        'dkim=pass header.d=acme.example; spf=none smtp.mailfrom="never ends; dmarc=fail header.from=acme.example',
        "dkim=pass header.d=acme.example; " + "x" * 20_000,
        'spf=fail ("',
    ],
)
def test_words_that_can_be_read_in_two_ways_fail(result: str) -> None:
    assert verify(mail(f"mx.marta.example; {result}"), OURS) is Verified.FAIL


def test_a_quoted_word_in_a_comment_is_no_ambiguity() -> None:
    plain = (
        'mx.marta.example; spf=pass (mx: domain of "jane doe"@acme.example permits it) smtp.mailfrom="jane doe"@acme.example'
    )
    assert verify(mail(plain), OURS) is Verified.PASS


PIECES = st.sampled_from(
    [
        *'"\\();= @',
        "dkim=pass header.d=acme.example",
        "dmarc=pass header.from=acme.example",
        "spf=pass smtp.mailfrom=acme.example",
        "smtp.mailfrom=acme.example",
        "jane@acme.example",
        '\\"',
        "; ",
    ]
)


@given(st.lists(PIECES | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=4), max_size=8).map("".join))
def test_no_local_part_that_a_sender_chooses_makes_a_mail_pass(local: str) -> None:
    quoted = '"' + local.replace("\\", "\\\\").replace('"', '\\"') + '"'
    envelope = f"{quoted}@evil.example"
    google = f"spf=pass (mx: domain of {envelope} permits 192.0.2.1 as sender) smtp.mailfrom={envelope}"
    signed = f"dkim=pass (good) header.i={envelope}"
    for result in (google, signed, f"{signed}; {google}; dmarc=none header.from=acme.example"):
        assert verify(mail(f"mx.marta.example; {result}"), OURS) is not Verified.PASS
