"""How far the trusted server vouches for the sender of a mail."""

from __future__ import annotations

import pytest

from ingest.mail import Mail
from ingest.parse import parse_mail
from ingest.sender import open_signers, verify
from recado.model.message import Verified
from recado.model.servers import Trust

OURS = Trust(authserv_id="mx.marta.example")
GMAIL = Trust(provider="gmail")
FASTMAIL = Trust(provider="fastmail")
MICROSOFT = Trust(provider="microsoft365")


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


@pytest.mark.parametrize("mailfrom", ['"jane doe"@acme.example', "prvs=1a2b=jane@acme.example", "jane/sales@acme.example"])
def test_an_odd_address_of_their_own_domain_passes(mailfrom: str) -> None:
    assert verify(mail(f"mx.marta.example; spf=pass smtp.mailfrom={mailfrom}"), OURS) is Verified.PASS


def test_only_the_topmost_header_counts() -> None:
    passing = "mx.marta.example; dmarc=pass header.from=acme.example"
    failing = "mx.marta.example; dmarc=fail header.from=acme.example"
    assert verify(mail(passing, failing), OURS) is Verified.PASS
    assert verify(mail(failing, passing), OURS) is Verified.FAIL
    assert verify(mail("mx.evil.example; dmarc=pass", passing), OURS) is Verified.NONE


def test_fastmails_header_of_the_sender_stands_below_its_others() -> None:
    others = ("phl-mx-08.messagingengine.com; x-csa=none; x-me-sender=none", "phl-mx-08.messagingengine.com; bimi=skipped (no)")
    passing = "phl-mx-08.messagingengine.com; dkim=pass header.d=acme.example"
    failing = "phl-mx-08.messagingengine.com; dkim=none; spf=fail smtp.mailfrom=acme.example"
    assert verify(mail(*others, passing), FASTMAIL) is Verified.PASS
    assert verify(mail(*others, failing, passing), FASTMAIL) is Verified.FAIL
    assert verify(mail(others[0], "mx.evil.example; bimi=none", passing), FASTMAIL) is Verified.NONE
    assert verify(mail(*others), FASTMAIL) is Verified.NONE


def test_of_any_other_server_the_topmost_header_alone_counts() -> None:
    assert verify(mail("mx.marta.example; bimi=none", "mx.marta.example; dmarc=pass"), OURS) is Verified.NONE


def test_what_another_header_says_of_earlier_hands_is_not_read() -> None:
    sealed = "ARC-Authentication-Results: i=1; mx.marta.example; dmarc=pass header.from=acme.example\r\n"
    renamed = "Authentication-Results-Original: mx.marta.example; dmarc=pass header.from=acme.example\r\n"
    assert verify(mail(more=sealed + renamed), OURS) is Verified.NONE


def test_without_trust_or_header_nothing_is_said() -> None:
    assert verify(mail("mx.marta.example; dmarc=pass"), None) is Verified.NONE
    assert verify(mail(), OURS) is Verified.NONE


@pytest.mark.parametrize(
    ("trust", "result", "verdict"),
    [
        (GMAIL, "mx.google.com; dkim=pass header.i=@acme.example header.s=x header.b=abc", Verified.PASS),
        (
            GMAIL,
            (
                "mx.google.com;\r\n       dkim=pass header.i=@acme.example header.s=google header.b=Ab3+/x9=;\r\n       "
                "arc=pass (i=1 spf=pass spfdomain=acme.example dkim=pass dmarc=pass fromdomain=acme.example);"
                "\r\n       spf=pass (google.com: domain of jane@acme.example designates 209.85.220.41 as permitted sender) "
                "smtp.mailfrom=jane@acme.example;\r\n       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=acme.example;\r\n"
                "       dara=pass header.i=@marta.example"
            ),
            Verified.PASS,
        ),
        (
            GMAIL,  # what ARC says of earlier hands is theirs
            (
                "mx.google.com; dkim=fail header.i=@acme.example; arc=pass (i=2 spf=pass dkim=pass dmarc=pass); "
                "spf=softfail smtp.mailfrom=list@elsewhere.example; dmarc=fail (p=NONE) header.from=acme.example"
            ),
            Verified.FAIL,
        ),
        (GMAIL, "mx.google.com; arc=pass (i=1 spf=pass dkim=pass dmarc=pass)", Verified.NONE),
        (GMAIL, "mx.google.com.evil.example; dmarc=pass", Verified.NONE),
        (FASTMAIL, "mx4.messagingengine.com; dmarc=pass header.from=acme.example", Verified.PASS),
        (
            FASTMAIL,
            (
                "mx6.messagingengine.com;\r\n    dkim=pass (2048-bit rsa key sha256) header.d=acme.example "
                "header.i=@acme.example header.b=Ab3x header.a=rsa-sha256 header.s=s1 x-bits=2048;\r\n    dmarc=pass "
                "policy.published-domain-policy=none policy.applied-disposition=none (p=none,d=none) policy.policy-from=p "
                "header.from=acme.example;\r\n    iprev=pass smtp.remote-ip=192.0.2.1 (mail.acme.example);\r\n    spf=pass "
                "smtp.mailfrom=jane@acme.example smtp.helo=mail.acme.example"
            ),
            Verified.PASS,
        ),
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
            MICROSOFT,  # signed by the tenant's own name, and sent from a server of the domain's
            (
                "spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=acme.example; dkim=pass (signature was verified)\r\n "
                "header.d=acme.onmicrosoft.com;dmarc=bestguesspass action=none\r\n header.from=acme.example;"
                "compauth=pass reason=109"
            ),
            Verified.PASS,
        ),
        (
            MICROSOFT,  # an older form names the recipient's domain between the results
            (
                "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=acme.example; marta.example; dkim=none (message not signed) "
                "header.d=none;marta.example; dmarc=none action=none header.from=acme.example;"
            ),
            Verified.PASS,
        ),
        (
            MICROSOFT,
            "spf=fail smtp.mailfrom=acme.example; dkim=none;dmarc=fail action=quarantine header.from=acme.example",
            Verified.FAIL,
        ),
        (
            MICROSOFT,  # Microsoft's own verdict: forged, whatever passed
            (
                "spf=pass smtp.mailfrom=acme.example; dkim=none header.d=none;dmarc=none action=none header.from=acme.example;"
                "compauth=fail reason=001"
            ),
            Verified.FAIL,
        ),
        (
            MICROSOFT,  # and its pass by reputation or ARC is no proof
            (
                "spf=fail smtp.mailfrom=other.example; dkim=none header.d=none;dmarc=fail action=none header.from=acme.example;"
                "compauth=pass reason=130"
            ),
            Verified.FAIL,
        ),
        (
            MICROSOFT,
            (
                "spf=none smtp.mailfrom=other.example; dkim=none header.d=none;dmarc=none action=none header.from=acme.example;"
                "compauth=pass reason=703"
            ),
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
    ("signature", "open_for"),
    [
        ("v=1; d=acme.example; h=from:to:subject; b=x", set()),
        ("v=1; h=From : Subject ; d=Acme.Example; b=x", set()),
        ("v=1; d=acme.example; h=from:to:date; b=x", {"acme.example"}),
        ("v=1; d=acme.example; h=from:x-subject; b=x", {"acme.example"}),
        ("v=1; d=acme.example; h=from:subject; l=0; b=x", {"acme.example"}),
        ("v=1; h=from; b=x", set()),
    ],
)
def test_a_signature_that_leaves_the_subject_open_is_known(signature: str, open_for: set[str]) -> None:
    assert open_signers([signature]) == open_for


def test_a_signature_that_leaves_the_subject_open_is_not_believed() -> None:
    signature = "DKIM-Signature: v=1; a=rsa-sha256; d=acme.example; h=from:date; bh=x; b=y\r\n"
    signed = mail("mx.marta.example; dkim=pass header.d=acme.example; dmarc=pass", more=signature)
    assert verify(signed, OURS) is Verified.FAIL
