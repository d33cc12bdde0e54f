"""The files beside a place's releases: which there are, and that nothing in a path, a name or an address leaves its quotes."""

from __future__ import annotations

import re

import bcrypt
import pytest
from hypothesis import given
from hypothesis import strategies as some

from recado.deploy.servers.configuration import NAMES, Kind, configured
from recado.deploy.servers.password import COST, hashed
from recado.deploy.servers.quoting import caddy_quoted, nginx_quoted, shell_comment_quoted
from recado.errors import WorkError
from recado.model.secret import Revealed
from recado.portal.headers import SECURITY_HEADERS

HASH = b"$2b$05$nRo5fhdo2jmlC.mP.jtXZumUTLT4ULvnclmWePXjnYsM.4OnYzI6e"
OTHER = b"$2b$05$nQgRpCZm3/W1Sx1xQDJeROfbUGlXgqzBw4gj8BEyj57a/U7Ae555m"
PASSWORDS = {"acme": HASH, "_desk": OTHER}
KINDS: tuple[Kind, ...] = ("nginx", "caddy")
ADDRESS = "https://portal.marta.example"


def text(kind: Kind, base: str = "/srv/portal", address: str = ADDRESS) -> str:
    return configured(kind, base, address, PASSWORDS)[NAMES[kind]].decode()


def test_for_nginx_each_password_is_a_file_and_none_is_in_the_configuration() -> None:
    files = configured("nginx", "/srv/portal", ADDRESS, PASSWORDS)
    assert files["server/passwords/acme"] == b"acme:" + HASH + b"\n"
    assert files["server/passwords/_desk"] == b"_desk:" + OTHER + b"\n"
    assert set(files) == {"server/nginx.conf", "server/passwords/acme", "server/passwords/_desk"}
    assert b"$2b$" not in files["server/nginx.conf"]
    assert configured("nginx", "/srv/portal", ADDRESS, {})["server/nginx.conf"] == files["server/nginx.conf"]


def test_for_caddy_each_portal_is_a_block_with_its_own_password_and_folder() -> None:
    files = configured("caddy", "/srv/portal", ADDRESS, PASSWORDS)
    assert set(files) == {"server/Caddyfile"}
    _before, desk, acme = re.split(r"\n\t\t@portal_\w+ path_regexp ", files["server/Caddyfile"].decode())
    for block, portal, its, others in ((desk, "_desk", OTHER, HASH), (acme, "acme", HASH, OTHER)):
        assert block.startswith(f'"^/{portal}(?:/|$)"\n')
        assert f"{portal} {its.decode()}\n" in block
        assert others.decode() not in block
        assert f"root * `/srv/portal/current/{portal}`" in block


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_practice_gives_the_same_bytes_in_any_order(kind: Kind) -> None:
    reversed_ = dict(reversed(PASSWORDS.items()))
    assert configured(kind, "/srv/portal", ADDRESS, PASSWORDS) == configured(kind, "/srv/portal/", ADDRESS, reversed_)


@pytest.mark.parametrize("kind", KINDS)
def test_every_header_stands_there_and_strict_transport_only_with_tls(kind: Kind) -> None:
    for name, value in SECURITY_HEADERS.items():
        assert f'{name} "{value}"' in text(kind)
    assert "Strict-Transport-Security" in text(kind)
    assert "Strict-Transport-Security" not in text(kind, address="http://127.0.0.1:8080")


def test_plain_http_is_heard_on_this_machine_only() -> None:
    lines = text("nginx", address="http://127.0.0.1:8080").splitlines()
    assert [line.split() for line in lines if "listen" in line] == [["listen", "127.0.0.1:8080;"]]
    caddy = text("caddy", address="http://localhost:8080")
    assert "http://localhost:8080 {\n\tbind 127.0.0.1\n" in caddy
    assert "listen [::1]:8080;" in text("nginx", address="http://[::1]:8080")


def test_with_tls_plain_http_only_leads_to_https() -> None:
    plain, secure = text("nginx").split("server {\n")[1:]
    assert "listen 80;" in plain
    assert "return 301 https://portal.marta.example$request_uri;" in plain
    assert "/.well-known/acme-challenge/" in plain
    assert "current" not in plain
    assert "listen 443 ssl http2;" in secure
    assert "/etc/letsencrypt/live/portal.marta.example/privkey.pem" in secure


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("base", ["/srv/a\nb", "/srv/a\tb", "/srv/a\x7fb", "/srv/a\udcffb"])
def test_a_path_that_no_line_can_hold_is_refused(kind: Kind, base: str) -> None:
    with pytest.raises(WorkError, match="Choose another path"):
        text(kind, base)


@pytest.mark.parametrize(
    ("kind", "base"),
    [
        ("nginx", "/srv/$a"),
        ("caddy", "/srv/a`b"),
        ("caddy", "/srv/{env.HOME}"),
        ("caddy", "/srv/a*"),
        ("caddy", "/srv/[a]"),
        ("caddy", "/srv/a\\b"),
    ],
)
def test_a_path_that_the_server_would_read_otherwise_is_refused(kind: Kind, base: str) -> None:
    with pytest.raises(WorkError, match="Choose another path"):
        text(kind, base)


@given(some.text())
def test_nothing_leaves_its_quotes(path: str) -> None:
    for quote, read in ((nginx_quoted, read_as_nginx), (caddy_quoted, read_as_caddy)):
        try:
            quoted = quote(path)
        except WorkError:
            continue
        assert read(quoted) == path
    assert "'" not in shell_comment_quoted(path)[1:-1].replace("'\\''", "")


def read_as_nginx(quoted: str) -> str:
    """Read one word as nginx's tokenizer does; variables are not for a path."""
    assert "$" not in quoted
    letters, found = iter(quoted[1:]), ""
    for letter in letters:
        if letter == '"':
            break
        found += next(letters) if letter == "\\" else letter
    assert next(letters, None) is None
    return found


def read_as_caddy(quoted: str) -> str:
    assert "{" not in quoted
    assert quoted[0] == quoted[-1] == "`"
    assert "`" not in quoted[1:-1]
    return quoted[1:-1]


@pytest.mark.parametrize(
    ("portal", "password"),
    [("a/b", HASH), ("../a", HASH), ("", HASH), ("a b", HASH), (".a", HASH), ("acme", b"secret"), ("acme", b"")],
)
def test_what_is_no_portal_or_no_hash_never_gets_into_a_file(portal: str, password: bytes) -> None:
    for kind in KINDS:
        with pytest.raises(ValueError, match="not a portal's folder"):
            configured(kind, "/srv/portal", ADDRESS, {portal: password})


def test_a_hash_is_bcrypt_at_the_cost_that_was_chosen_with_a_salt_of_its_own() -> None:
    one, other = (hashed(Revealed("k7mfa-q2pdx-9tehw-4wsbn")) for _ in range(2))
    assert one != other
    assert one.startswith(b"$2b$%02d$" % COST)
    assert bcrypt.checkpw(b"k7mfa-q2pdx-9tehw-4wsbn", one)
    assert not bcrypt.checkpw(b"k7mfa-q2pdx-9tehw-4wsbm", one)
