"""A server that writes several Authentication-Results, one for each of its filters; and results that say nothing of anyone."""

from __future__ import annotations

import pytest

from ingest.mail import Mail
from ingest.parse import parse_mail
from ingest.sender import verify
from recado.model.message import Verified
from recado.model.servers import Trust

OURS = Trust(authserv_id="mx.marta.example")
MAILFROM = "smtp.mailfrom=jane@acme.example"
DMARC = "header.from=acme.example"


def verdict(*results: str) -> Verified:
    """Say what becomes of Jane's mail over which our server wrote these, top to bottom."""
    written = "".join(f"Authentication-Results: mx.marta.example; {result}\r\n" for result in results)
    read = parse_mail(f"{written}From: jane@acme.example\r\nSubject: s\r\n\r\nhi\r\n".encode())
    assert isinstance(read, Mail)
    return verify(read, OURS)


@pytest.mark.parametrize(
    "result",
    [
        f"spf=none {MAILFROM}; dkim=none; dmarc=none {DMARC}",
        f"spf=temperror {MAILFROM}; dkim=temperror header.d=acme.example; dmarc=temperror {DMARC}",
        f"dmarc=temperror {DMARC}",
        f"dmarc=permerror {DMARC}",
        f"dmarc=none {DMARC}",
        "dkim=none",
        f"spf=none smtp.mailfrom=acme.example smtp.helo=out.provider.example; dkim=permerror; dmarc=none {DMARC}",
    ],
)
def test_where_no_check_found_anything_nothing_is_said(result: str) -> None:
    assert verdict(result) is Verified.NONE


@pytest.mark.parametrize(
    "result",
    [
        "spf=none smtp.mailfrom=x@evil.example; dkim=none; dmarc=none header.from=acme.example",
        "spf=none smtp.mailfrom=x@no-such.acme.example; dkim=none",  # SPF is not inherited
        "spf=temperror smtp.mailfrom=x@evil.example; dkim=none; dmarc=temperror header.from=acme.example",
        "spf=pass smtp.mailfrom=x@evil.example; dkim=none; dmarc=none header.from=acme.example",
        f"spf=softfail {MAILFROM}; dkim=none",
        f"spf=neutral {MAILFROM}; dkim=none",
        "dkim=fail header.d=acme.example",
        "dkim=pass header.d=evil.example; dmarc=none header.from=acme.example",
        "spf=none smtp.helo=mail.evil.example; dkim=none; dmarc=none header.from=acme.example",
        "spf=none smtp.helo=mail.evil.example",
    ],
)
def test_a_forger_with_a_domain_of_their_own_fails_all_the_same(result: str) -> None:
    assert verdict(result) is Verified.FAIL


@pytest.mark.parametrize(
    "results",
    [
        ("dkim=none", f"spf=pass {MAILFROM}"),
        (f"dmarc=none {DMARC}", "dkim=pass header.d=acme.example", f"spf=pass {MAILFROM}"),
        ("spf=none smtp.helo=out.provider.example", "dkim=pass header.d=acme.example", f"dmarc=pass {DMARC}"),
        ("spf=pass smtp.helo=out.provider.example", f"spf=pass {MAILFROM}"),
        ("dkim=none", f"spf=none {MAILFROM}"),
    ],
)
def test_clients_of_a_server_with_several_filters_are_not_withheld_nor_believed(results: tuple[str, ...]) -> None:
    assert verdict(*results) is Verified.NONE


def test_what_stands_on_top_decides_where_it_tells_of_the_whole() -> None:
    assert (
        verdict(f"dmarc=pass {DMARC}", "dkim=fail header.d=acme.example", "spf=fail smtp.mailfrom=list.example")
        is Verified.PASS
    )
    assert verdict(f"spf=pass {MAILFROM}", f"dmarc=fail {DMARC}") is Verified.PASS


@pytest.mark.parametrize(
    "topmost",
    [
        f"dmarc=fail {DMARC}",
        "dkim=fail header.d=acme.example",
        f"spf=fail {MAILFROM}",
        "spf=none smtp.mailfrom=x@evil.example",
        "spf=fail smtp.helo=mail.evil.example",
        'spf=none smtp.helo="("; x=(never ends',
    ],
)
@pytest.mark.parametrize("forged", ["dkim=pass header.d=acme.example", f"dmarc=pass {DMARC}", f"spf=pass {MAILFROM}"])
def test_nothing_below_lifts_a_failure_on_top(topmost: str, forged: str) -> None:
    assert verdict(topmost, forged) is Verified.FAIL
    assert verdict(topmost, forged, forged, f"spf=pass {MAILFROM}") is Verified.FAIL


def test_what_stands_below_can_deny_where_the_topmost_says_nothing() -> None:
    assert verdict(f"dmarc=none {DMARC}", "dkim=none", "spf=pass smtp.mailfrom=x@evil.example") is Verified.FAIL
    assert verdict("dkim=none", f"dmarc=fail {DMARC}") is Verified.FAIL


def test_the_topmost_that_tells_of_a_check_tells_of_it_for_all() -> None:
    assert verdict("dkim=none", "spf=fail smtp.mailfrom=x@evil.example", f"spf=pass {MAILFROM}") is Verified.FAIL
    assert verdict("dkim=none", f"spf=pass {MAILFROM}", "spf=fail smtp.mailfrom=x@evil.example") is Verified.NONE


def test_another_servers_header_ends_what_ours_wrote() -> None:
    results = (
        "mx.marta.example; dkim=none",
        "mx.evil.example; bimi=none",
        "mx.marta.example; dmarc=fail header.from=acme.example",
    )
    written = "".join(f"Authentication-Results: {result}\r\n" for result in results)
    read = parse_mail(f"{written}From: jane@acme.example\r\n\r\nhi\r\n".encode())
    assert isinstance(read, Mail)
    assert verify(read, OURS) is Verified.NONE


def test_a_header_that_names_two_froms_as_passed_fails() -> None:
    assert verdict("dmarc=pass header.from=evil.example header.from=acme.example") is Verified.FAIL
    assert (
        verdict("dmarc=pass header.from=acme.example header.from=evil.example; dkim=pass header.d=acme.example")
        is Verified.FAIL
    )
    assert verdict("dmarc=pass header.from=acme.example header.from=acme.example") is Verified.PASS
    assert verdict("dmarc=pass") is Verified.PASS
