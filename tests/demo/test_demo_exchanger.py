"""What the demo's exchanger says of a sender and does to a mail's headers, without any server."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.demo.exchanger import Reception, by_its_own_date, is_for, mark_received
from recado.demo.header_block import header_values, with_fields_on_top, without_fields
from recado.demo.sender_checks import Envelope, authentication_results, check_sender

HOSTS = {"acme.example": frozenset({"out.acme.example"}), "list.example": frozenset({"mx.list.example"})}
NOW = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)
RECEPTION = Reception("requests@marta.example", "mx.marta.example", HOSTS, lambda _: NOW)


@pytest.mark.parametrize(
    ("helo", "mail_from", "sender", "spf", "dmarc"),
    [
        ("out.acme.example", "jane@acme.example", "jane@acme.example", "pass", "pass"),
        ("OUT.acme.example.", "jane@ACME.example", "Jane <jane@Acme.example>", "pass", "pass"),
        ("evil.example", "jane@acme.example", "jane@acme.example", "fail", "fail"),
        ("mx.list.example", "bounce@list.example", "jane@acme.example", "pass", "fail"),
        ("out.acme.example", "jane@acme.example", "jane@mail.acme.example", "pass", "pass"),
        ("out.acme.example", "", "jane@acme.example", "pass", "pass"),
        ("evil.example", "", "jane@acme.example", "none", "fail"),
        ("evil.example", "x@nowhere.example", "jane@acme.example", "none", "fail"),
        ("mta.some.example", "a@some.example", "a@some.example", "none", "none"),
        ("out.acme.example", "jane@acme.example", "jane@notacme.example", "pass", "none"),
        ("out.acme.example", "jane@acme.example", "jane@acme.example, tom@acme.example", "pass", "permerror"),
        ("out.acme.example", "jane@acme.example", "nobody", "pass", "permerror"),
    ],
)
def test_a_sender_passes_only_from_a_host_of_the_domain_in_from(
    helo: str, mail_from: str, sender: str, spf: str, dmarc: str
) -> None:
    findings = check_sender(f"From: {sender}\r\n\r\n".encode(), Envelope(helo, mail_from), HOSTS)
    assert (findings.spf, findings.dmarc) == (spf, dmarc)


def test_two_from_headers_have_no_domain_to_compare_with() -> None:
    raw = b"From: jane@acme.example\r\nFrom: jane@acme.example\r\n\r\n"
    assert check_sender(raw, Envelope("out.acme.example", "jane@acme.example"), HOSTS).dmarc == "permerror"


@pytest.mark.parametrize("mail_from", ['"a; dmarc=pass"@acme.example', "a@acme.example; dmarc=pass", "a@(x)acme.example"])
@pytest.mark.parametrize("helo", ["x; dmarc=pass", "a\tb", ""])
def test_an_envelope_cannot_write_a_verdict_of_its_own(mail_from: str, helo: str) -> None:
    findings = check_sender(b"From: jane@acme.example\r\n\r\n", Envelope(helo, mail_from), HOSTS)
    written = authentication_results(findings, "mx.marta.example")
    assert written.count("dmarc=") == 1
    assert "dmarc=fail" in written
    assert len(written.split(";")) == 4


def test_claims_of_the_mail_about_itself_go_and_ours_stand_on_top() -> None:
    raw = (
        b"Received: from a\r\nAUTHENTICATION-RESULTS : mx.marta.example;\r\n\tdmarc=pass\r\nFrom: jane@acme.example\r\n"
        b"Return-Path: <>\r\nX: 1\rAuthentication-Results: mx.marta.example; dmarc=pass\nSubject: s\r\n\r\n"
        b"Authentication-Results: this is the body\r\n"
    )
    marked = mark_received(raw, Envelope("evil.example", "jane@acme.example"), "requests@marta.example", NOW, RECEPTION)
    assert marked.startswith(b"Authentication-Results: mx.marta.example;\r\n\tdmarc=fail header.from=acme.example;\r\n")
    assert len(header_values(marked, b"authentication-results")) == 1
    assert header_values(marked, b"return-path") == (b"<jane@acme.example>",)
    assert len(header_values(marked, b"received")) == 2
    assert marked.endswith(b"Subject: s\r\n\r\nAuthentication-Results: this is the body\r\n")


@given(st.binary(max_size=200), st.sets(st.sampled_from([b"a", b"subject", b"from"])))
def test_taking_fields_out_leaves_none_of_them_and_loses_nothing_else(raw: bytes, names: set[bytes]) -> None:
    left = without_fields(raw, frozenset(names))
    assert not any(header_values(left, name) for name in names if b"\r" not in raw and b"\n" not in raw)
    assert without_fields(raw, frozenset()) == raw
    assert len(left) <= len(raw)


@given(st.lists(st.tuples(st.sampled_from(["A", "Bb", "From"]), st.text("xyz ;", max_size=9)), max_size=5))
def test_fields_put_on_top_can_be_read_and_taken_out_again(fields: list[tuple[str, str]]) -> None:
    raw = b"Subject: s\r\n\r\nbody"
    marked = with_fields_on_top(raw, tuple(fields))
    for name, _ in fields:
        written = tuple(value.strip().encode() for other, value in fields if other == name)
        assert header_values(marked, name.lower().encode()) == written
    assert without_fields(marked, frozenset({b"a", b"bb", b"from"})) == raw


@pytest.mark.parametrize(
    ("recipient", "taken"),
    [
        ("requests@marta.example", True),
        ("Requests@MARTA.example", True),
        ("requests+acme@marta.example", True),
        ("marta@marta.example", False),
        ("requests@marta.example.evil.example", False),
        ("requests", False),
        ("", False),
    ],
)
def test_only_mail_for_the_request_address_is_taken(recipient: str, *, taken: bool) -> None:
    assert is_for(recipient, "requests@marta.example") is taken


@pytest.mark.parametrize(
    ("date", "arrives"),
    [
        ("Date: Tue, 24 Nov 2026 19:12:03 +1100", datetime(2026, 11, 24, 8, 12, 3, tzinfo=UTC)),
        ("Date: Tue, 24 Nov 2026 08:12:03 -0000", NOW),
        ("Date: yesterday", NOW),
        ("Date: Tue, 99 Nov 2026 19:12:03 +1100", NOW),
        ("X: none", NOW),
    ],
)
def test_the_demo_lets_a_mail_arrive_when_it_was_written(date: str, arrives: datetime) -> None:
    arrival = by_its_own_date(lambda: NOW)
    assert arrival(f"{date}\r\nSubject: s\r\n\r\n".encode()) == arrives
