"""A line that programs read in different ways: nothing hides in it, and what was signed is not mistaken for what is read."""

from __future__ import annotations

import pytest

from ingest.headers import read_headers
from ingest.mail import Mail, SenderProblem, Unreadable
from ingest.mending import mended
from ingest.parse import parse_mail
from ingest.sender import verify
from recado.model.message import Verified
from recado.model.servers import Trust

OURS = Trust(authserv_id="mx.marta.example")
PASSES = b"Authentication-Results: mx.marta.example; dkim=pass header.d=acme.example; dmarc=pass header.from=acme.example\r\n"
FROM = b"From: Jane Doe <jane@acme.example>\r\n"
REST = b"To: requests@marta.example\r\nSubject: Lunch\r\nMessage-ID: <1@acme.example>\r\n"
BODY = b"\r\nAt noon?\r\n"


def read(raw: bytes) -> Mail:
    mail = parse_mail(raw)
    assert isinstance(mail, Mail)
    return mail


@pytest.mark.parametrize("space", [b" ", b"\t", b" \t  "])
@pytest.mark.parametrize(
    ("added", "name"),
    [
        (b"Subject%s: Our bank account has changed\r\n", "subject"),
        (b"Content-Type%s: text/html\r\nContent-Type: text/plain\r\n", "content-type"),
        (b"Reply-To: a@x.example\r\nReply-To%s: b@x.example\r\n", "reply-to"),
    ],
)
def test_a_field_with_space_before_its_colon_is_the_second_of_its_name(added: bytes, name: str, space: bytes) -> None:
    for raw in (FROM + REST + added % space, FROM + added % space + REST):
        mail = read(PASSES + raw + BODY)
        assert mail.repeated == (name,)
        assert verify(mail, OURS) is Verified.NONE


def test_a_from_with_space_before_its_colon_is_a_second_from() -> None:
    for raw in (FROM + b"From : Bob <bob@beta.example>\r\n", b"From : Bob <bob@beta.example>\r\n" + FROM):
        problem = read(PASSES + raw + REST + BODY).from_
        assert isinstance(problem, SenderProblem)
        assert problem.code == "several-from-headers"


def test_a_field_with_space_before_its_colon_is_read_like_any() -> None:
    mail = read(PASSES + FROM + REST.replace(b"Subject:", b"Subject :").replace(b"To:", b"To\t:") + BODY)
    assert (mail.subject, mail.flags[:1], mail.repeated, mail.text) == ("Lunch", ("no-date",), (), "At noon?")
    assert [person.email for person in mail.to] == ["requests@marta.example"]
    assert verify(mail, OURS) is Verified.PASS


def test_the_colon_of_a_text_stays_where_it_stood() -> None:
    text = b"Dear Marta\r\nNote : this\r\n\r\nMore : that\r\n"
    assert mended(FROM + text) == FROM + text
    assert mended(FROM + BODY + text) == FROM + BODY + text


@pytest.mark.parametrize(
    "line",
    [
        b"by b with SMTP; today",
        "Sübject: Our bank account has changed".encode(),
        b"Sub ject: Our bank account has changed",
        b"Subject\x0b: Our bank account has changed",
        b"Subject\x00: Our bank account has changed",
        b": no name",
        b">From jane@acme.example Mon Nov 24 2026",
    ],
)
def test_a_line_of_no_field_is_flagged_and_never_passes(line: bytes) -> None:
    raw = PASSES + REST + line + b"\r\n" + FROM + BODY
    mail = read(raw)
    assert "stray-line" in mail.flags
    assert verify(mail, OURS) is Verified.NONE
    assert verify(read(raw.replace(b"=pass", b"=fail")), OURS) is Verified.FAIL


def test_what_ordinary_mail_holds_is_no_stray_line() -> None:
    raw = b"From jane@acme.example Mon Nov 24 2026\r\n" + PASSES + FROM + b"X-Long: a\r\n\tb\r\n  \r\n" + REST + BODY
    assert not read_headers(raw).has_stray_line
    assert not read_headers(FROM + REST).has_stray_line
    assert verify(read(raw), OURS) is Verified.PASS


def test_the_digest_of_ordinary_mail_stays_what_it_was() -> None:
    assert read(FROM + REST + BODY).digest == "sha256:5d4646fd790805ad324efcf7367ef6fdca6a1231de8b4b5fe4b05cbd80fcd553"


@pytest.mark.parametrize("name", [b"Authentication-Results", b"authentication-results ", b"Authentication-Results\t"])
def test_a_line_below_the_servers_results_is_none_of_its_words(name: bytes) -> None:
    said = name + b": mx.marta.example; spf=none smtp.mailfrom=evil.example\r\n"
    raw = said + b"; dkim=pass header.d=acme.example\r\n" + FROM + REST + BODY
    assert mended(raw).startswith(name.strip() + said[len(name) :] + b"; dkim=pass")
    mail = parse_mail(raw)
    assert isinstance(mail, Unreadable) or verify(mail, OURS) is not Verified.PASS


def test_results_are_taken_from_the_header_as_it_came() -> None:
    said = b"Authentication-Results: mx.marta.example; spf=none smtp.mailfrom=evil.example\r\nReceived: from a\r\nby b\r\n"
    hidden = b"Authentication-Results: mx.marta.example; dmarc=pass header.from=acme.example\r\n"
    mail = read(said + hidden + FROM + REST + BODY)
    assert mail.authentication_results == ("mx.marta.example; spf=none smtp.mailfrom=evil.example",)
    assert verify(mail, OURS) is Verified.FAIL


def test_results_with_space_before_the_colon_are_no_servers() -> None:
    mail = read(PASSES.replace(b"Results:", b"Results :") + FROM + REST + BODY)
    assert "stray-line" in mail.flags
    assert verify(mail, OURS) is Verified.NONE
