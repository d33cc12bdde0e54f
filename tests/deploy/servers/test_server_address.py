"""Where a web server listens, for whom and below which path: from practice.portal_url, or refused with what to write."""

from __future__ import annotations

import pytest

from recado.deploy.servers.address import Site, read_address
from recado.errors import WorkError


@pytest.mark.parametrize(
    ("address", "site", "origin"),
    [
        ("https://portal.marta.example", Site("portal.marta.example", 443, "", ""), "https://portal.marta.example"),
        ("https://Portal.Marta.example/", Site("portal.marta.example", 443, "", ""), "https://portal.marta.example"),
        ("https://marta.example/my/clients/", Site("marta.example", 443, "/my/clients", ""), "https://marta.example"),
        ("https://marta.example:8443", Site("marta.example", 8443, "", ""), "https://marta.example:8443"),
        ("https://año.example", Site("xn--ao-zja.example", 443, "", ""), "https://xn--ao-zja.example"),
        ("http://127.0.0.1:8080", Site("127.0.0.1", 8080, "", "127.0.0.1"), "http://127.0.0.1:8080"),
        ("http://localhost/a", Site("localhost", 80, "/a", "127.0.0.1"), "http://localhost"),
        ("http://[::1]:8080", Site("::1", 8080, "", "::1"), "http://[::1]:8080"),
    ],
)
def test_an_address_says_where_to_listen_and_for_whom(address: str, site: Site, origin: str) -> None:
    assert read_address(address) == site
    assert read_address(address).origin == origin


@pytest.mark.parametrize(
    "address",
    ["http://portal.marta.example", "http://10.0.0.1:8080", "http://localhost.marta.example", "http://127.0.0.1.nip.io"],
)
def test_a_password_never_crosses_the_net_in_clear(address: str) -> None:
    with pytest.raises(WorkError, match=r"in clear.*Write https://"):
        read_address(address)


def test_without_an_address_the_line_to_add_is_told() -> None:
    with pytest.raises(WorkError, match=r"portal_url: https://portal\.marta\.example"):
        read_address(None)


@pytest.mark.parametrize(
    "address",
    [
        "https://portal.marta.example/a b",
        "https://portal.marta.example/a;b",
        "https://portal.marta.example/../a",
        "https://portal.marta.example/.well-known",
        "https://portal.marta.example//a",
        "https://portal.marta.example/$uri",
        "https://portal.marta.example/?a",
        "https://portal.marta.example/#a",
        "https://marta@portal.marta.example",
        "https://portal.marta.example:port",
        "https://portal.marta.example:99999",
        "https://*.marta.example",
        "https://a;b.example",
        "https://a{b}.example",
        'https://a"b.example',
        "https://a..example",
        "https://192.0.2.7",
        "https://[2001:db8::1]",
        "https://",
        "https://[",
        "http://[fe80::1%25lo]",
        "ftp://127.0.0.1",
    ],
)
def test_what_is_no_address_of_a_host_is_refused(address: str) -> None:
    with pytest.raises(WorkError, match=r"portal_url in clients\.yml"):
        read_address(address)
