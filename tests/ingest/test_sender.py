"""Who sent a mail, and how far the trusted server vouches for it."""

from __future__ import annotations

import pytest

from ingest.headers import read_headers
from ingest.mail import Mail
from ingest.parse import parse_mail
from ingest.sender import SenderProblem, is_aligned, open_signers, read_sender, verify
from recado.model.address import Person
from recado.model.message import Verified
from recado.model.servers import Trust

OURS = Trust(authserv_id="mx.marta.example")
GMAIL = Trust(provider="gmail")
FASTMAIL = Trust(provider="fastmail")
MICROSOFT = Trust(provider="microsoft365")


def sender_of(*fields: bytes) -> Person | SenderProblem:
    return read_sender(read_headers(b"\r\n".join((*fields, b"", b"")))).sender


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        (b"jane@acme.example", "", "jane@acme.example"),
        (b"Jane Doe <jane@acme.example>", "Jane Doe", "jane@acme.example"),
        (b'"Doe, Jane" <jane@acme.example>', "Doe, Jane", "jane@acme.example"),
        (b"jane@acme.example (Jane Doe)", "Jane Doe", "jane@acme.example"),
        (b"=?utf-8?q?Nu=C3=B1o?= <n@acme.example>", "Nuño", "n@acme.example"),
        (b'"=?utf-8?q?Nu=C3=B1o?=" <n@acme.example>', "Nuño", "n@acme.example"),
        ("Nuño <n@acme.example>".encode(), "Nuño", "n@acme.example"),
        ("Nuño <n@acme.example>".encode("latin-1"), "Nuño", "n@acme.example"),
        (b"=?utf-8?q?a=0D=0ABcc:_v=40x=2Eexample?= <j@acme.example>", "", "j@acme.example"),
        (b'"jane@acme.example" <jane@acme.example>', "", "jane@acme.example"),
        (b"jane@acme.example <jane@acme.example>", "", "jane@acme.example"),
        (b"[Ext] J. Doe <jane@acme.example>", "[Ext] J. Doe", "jane@acme.example"),
    ],
)
def test_one_strict_address_is_the_sender(value: bytes, name: str, address: str) -> None:
    assert sender_of(b"From: " + value) == Person(name, address)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ((b"Subject: x",), "no-from"),
        ((b"From:",), "no-from"),
        ((b"From: a@acme.example", b"From: b@acme.example"), "several-from-headers"),
        ((b"From: a@acme.example, b@acme.example",), "several-addresses"),
        ((b"From: <boss@client.example>evil@x.example",), "unreadable-address"),
        ((b"From: boss@client.example <evil@x.example>",), "unreadable-address"),
        ((b"From: <boss@client.example> <evil@x.example>",), "unreadable-address"),
        ((b"From: Jane",), "unreadable-address"),
        ((b"From: undisclosed: ;",), "unreadable-address"),
        ((b"From: a@b@c.example",), "unreadable-address"),
        ((b"From: jane@localhost",), "unreadable-address"),
        ((b"From: =?utf-8?q?jane=40acme=2Eexample?=",), "unreadable-address"),
        ((b"Sender: jane@acme.example", b"Reply-To: jane@acme.example"), "no-from"),
    ],
)
def test_anything_else_is_a_problem_with_its_reason(fields: tuple[bytes, ...], code: str) -> None:
    problem = sender_of(*fields)
    assert isinstance(problem, SenderProblem)
    assert problem.code == code


def test_a_name_that_looks_like_another_address_is_dropped_and_told() -> None:
    reading = read_sender(read_headers(b'From: "boss@client.example" <evil@x.example>\r\n\r\n'))
    assert reading.sender == Person("", "evil@x.example")
    assert reading.has_deceptive_name


def test_reply_to_never_names_the_sender() -> None:
    assert sender_of(b"Reply-To: boss@client.example", b"From: evil@x.example") == Person("", "evil@x.example")


def mail(*results: str, sender: str = "jane@acme.example", more: str = "") -> Mail:
    fields = "".join(f"Authentication-Results: {result}\r\n" for result in results)
    read = parse_mail(f"{fields}From: {sender}\r\nSubject: s\r\n{more}\r\nhi\r\n".encode())
    assert isinstance(read, Mail)
    return read


@pytest.mark.parametrize(
    ("result", "verdict"),
    [
        ("mx.marta.example; dmarc=pass header.from=acme.example", Verified.PASS),
        ("MX.Marta.Example 1; dmarc=pass (p=none) header.from=acme.example", Verified.PASS),
        ("mx.marta.example; dmarc=pass", Verified.PASS),
        ("mx.marta.example; spf=pass smtp.mailfrom=jane@acme.example", Verified.PASS),
        ("mx.marta.example; spf=pass smtp.mailfrom=acme.example", Verified.PASS),
        ("mx.marta.example; spf=pass smtp.mailfrom=bounce@mail.acme.example", Verified.PASS),
        ("mx.marta.example; dkim=pass header.d=acme.example", Verified.PASS),
        ("mx.marta.example; dkim=pass header.i=@acme.example header.s=s1", Verified.PASS),
        ('mx.marta.example; dkim/1 = pass reason="good; really" header.d=acme.example', Verified.PASS),
        ("mx.marta.example; dkim=fail header.d=acme.example; dkim=pass header.d=acme.example", Verified.PASS),
        (
            "mx.marta.example;\r\n\tspf=none;\r\n\tdkim=pass (a (nested) comment; dkim=fail) header.d=acme.example",
            Verified.PASS,
        ),
        ("mx.marta.example; dmarc=fail header.from=acme.example; spf=pass smtp.mailfrom=acme.example", Verified.FAIL),
        ("mx.marta.example; dmarc=pass header.from=evil.example", Verified.FAIL),
        ("mx.marta.example; spf=pass smtp.mailfrom=evil.example; dkim=pass header.d=evil.example", Verified.FAIL),
        ("mx.marta.example; spf=pass smtp.mailfrom=notacme.example", Verified.FAIL),
        ("mx.marta.example; dkim=pass header.d=example", Verified.FAIL),
        ("mx.marta.example; spf=softfail smtp.mailfrom=acme.example", Verified.FAIL),
        ("mx.marta.example; spf=none; dkim=none; dmarc=none", Verified.FAIL),
        ("mx.marta.example; dkim=neutral (dkim=pass header.d=acme.example)", Verified.FAIL),
        ('mx.marta.example; dkim=neutral reason="x; dkim=pass header.d=acme.example"', Verified.FAIL),
        ("mx.marta.example; none", Verified.NONE),
        ("mx.marta.example", Verified.NONE),
        ("mx.evil.example; dmarc=pass header.from=acme.example", Verified.NONE),
        ("(mx.marta.example) mx.evil.example; dmarc=pass header.from=acme.example", Verified.NONE),
        ("mx.marta.example.evil.example; dmarc=pass", Verified.NONE),
        ("dmarc=pass header.from=acme.example", Verified.NONE),
        ("", Verified.NONE),
        (';;;==="', Verified.NONE),
    ],
)
def test_what_the_trusted_server_says_decides(result: str, verdict: Verified) -> None:
    assert verify(mail(result), OURS) is verdict


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


@pytest.mark.parametrize("mailfrom", ['"jane doe"@acme.example', "prvs=1a2b=jane@acme.example", "jane/sales@acme.example"])
def test_an_odd_address_of_their_own_domain_passes(mailfrom: str) -> None:
    assert verify(mail(f"mx.marta.example; spf=pass smtp.mailfrom={mailfrom}"), OURS) is Verified.PASS


def test_only_the_topmost_header_counts() -> None:
    passing = "mx.marta.example; dmarc=pass header.from=acme.example"
    failing = "mx.marta.example; dmarc=fail header.from=acme.example"
    assert verify(mail(passing, failing), OURS) is Verified.PASS
    assert verify(mail(failing, passing), OURS) is Verified.FAIL
    assert verify(mail("mx.evil.example; dmarc=pass", passing), OURS) is Verified.NONE


def test_without_trust_or_header_nothing_is_said() -> None:
    assert verify(mail("mx.marta.example; dmarc=pass"), None) is Verified.NONE
    assert verify(mail(), OURS) is Verified.NONE


@pytest.mark.parametrize(
    ("trust", "result", "verdict"),
    [
        (GMAIL, "mx.google.com; dkim=pass header.i=@acme.example header.s=x header.b=abc", Verified.PASS),
        (GMAIL, "mx.google.com.evil.example; dmarc=pass", Verified.NONE),
        (FASTMAIL, "mx4.messagingengine.com; dmarc=pass header.from=acme.example", Verified.PASS),
        (FASTMAIL, "messagingengine.com.evil.example; dmarc=pass", Verified.NONE),
        (
            MICROSOFT,
            (
                "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=acme.example; dkim=pass (signature was verified) "
                "header.d=acme.example;dmarc=pass action=none header.from=acme.example;compauth=pass reason=100"
            ),
            Verified.PASS,
        ),
        (
            MICROSOFT,
            "spf=fail smtp.mailfrom=acme.example; dkim=none;dmarc=fail action=quarantine header.from=acme.example",
            Verified.FAIL,
        ),
        (MICROSOFT, "mx.evil.example; dmarc=pass header.from=acme.example", Verified.NONE),
    ],
)
def test_a_provider_is_known_by_its_own_ids(trust: Trust, result: str, verdict: Verified) -> None:
    assert verify(mail(result), trust) is verdict


@pytest.mark.parametrize(
    "more",
    ["Subject: again\r\n", "To: a@x.example\r\nTo: b@x.example\r\n", "Reply-To: a@x.example\r\nReply-To: b@x.example\r\n"],
)
def test_a_repeated_field_never_passes(more: str) -> None:
    read = mail("mx.marta.example; dmarc=pass header.from=acme.example", more=more)
    assert "repeated-header" in read.flags
    assert verify(read, OURS) is Verified.NONE


def test_a_repeated_field_does_not_hide_a_failure() -> None:
    assert verify(mail("mx.marta.example; dmarc=fail", more="Subject: again\r\n"), OURS) is Verified.FAIL


def test_a_bare_carriage_return_never_passes() -> None:
    assert verify(mail("mx.marta.example; dmarc=pass", more="X-A: b\rX-C: d\r\n"), OURS) is Verified.NONE


def test_a_signature_over_part_of_the_body_is_not_believed() -> None:
    signature = "DKIM-Signature: v=1; a=rsa-sha256; d=acme.example;\r\n\tl=120; bh=x; b=y\r\n"
    assert verify(mail("mx.marta.example; dkim=pass header.d=acme.example; dmarc=pass", more=signature), OURS) is Verified.FAIL
    assert (
        verify(mail("mx.marta.example; spf=pass smtp.mailfrom=acme.example; dmarc=pass", more=signature), OURS) is Verified.PASS
    )
    assert open_signers(["v=1; d=acme.example; bl=5; b=l=3"]) == frozenset()


@pytest.mark.parametrize(
    ("one", "other", "aligned"),
    [
        ("acme.example", "acme.example", True),
        ("ACME.example.", "acme.example", True),
        ("mail.acme.example", "acme.example", True),
        ("acme.example", "eu.acme.example", True),
        ("müller.example", "xn--mller-kva.example", True),
        ("acme.example", "acme.example.evil.example", False),
        ("xacme.example", "acme.example", False),
        ("example", "acme.example", False),
        ("", "acme.example", False),
    ],
)
def test_alignment_is_relaxed_but_not_loose(one: str, other: str, *, aligned: bool) -> None:
    assert is_aligned(one, other) is aligned
    assert is_aligned(other, one) is aligned
