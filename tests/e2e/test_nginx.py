"""What is nginx's own: passwords read at every request, a path before the portals, TLS as certbot leaves it."""

from __future__ import annotations

import os
import ssl
from typing import TYPE_CHECKING

import nginx as servers
import pytest
from certificate import make_certificate
from guarded_place import GuardedPlace, guarded
from nginx import nginx
from web_server import free_port

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not servers.is_installed(), reason="Debian's nginx is not installed (apt-get install nginx)"),
]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for key in ("hale", "tomillo", "southerly"):
        (tmp_path / "site" / key / "requests").mkdir(parents=True)
        (tmp_path / "site" / key / "index.html").write_text(f"home of {key}", encoding="utf-8")
        (tmp_path / "site" / key / "404.html").write_text(f"not in {key}", encoding="utf-8")
    return tmp_path / "site"


def test_a_new_client_and_another_password_count_at_once_and_are_open_at_no_time(site: Path, tmp_path: Path) -> None:
    with guarded("nginx", tmp_path, site) as (place, server):
        new = ("southerly", "the password of southerly")
        assert server.ask("/southerly/").status == server.ask("/southerly/", new).status == 404  # shown before it has one
        place.passwords["southerly"] = new[1]
        place.write()
        assert server.ask("/southerly/").status == server.ask("/southerly/", place.door("hale")).status == 401
        assert server.ask("/southerly/", new).body == b"home of southerly"
        place.passwords["southerly"] = "another"
        place.write()
        assert server.ask("/southerly/", new).status == 401
        assert server.ask("/southerly/", place.door("southerly")).status == 200
        del place.passwords["southerly"]
        place.write()
        assert server.ask("/southerly/", ("southerly", "another")).status == 404


def test_a_password_that_cannot_be_read_opens_nothing(site: Path, tmp_path: Path) -> None:
    with guarded("nginx", tmp_path, site) as (place, server):
        password = place.base / "server" / "passwords" / "hale"
        kept = password.read_bytes()
        for spoilt in (b"", b"hale:", b"hale:\n", b"hale", b"hale:$2b$\n", kept[:20]):
            password.write_bytes(spoilt)
            for door in (None, ("hale", ""), place.door("hale"), ("", "")):
                assert server.ask("/hale/", door).status >= 400
        password.unlink()
        password.mkdir()
        assert server.ask("/hale/", place.door("hale")).status >= 400


def test_below_a_path_only_that_is_served(site: Path, tmp_path: Path) -> None:
    with guarded("nginx", tmp_path, site, "/my/clients-1.2") as (place, server):
        mine = place.door("hale")
        assert server.ask("/my/clients-1.2/hale/", mine).body == b"home of hale"
        assert server.ask("/my/clients-1.2/hale/nothing", mine).body == b"not in hale"
        assert server.ask("/my/clients-1.2/hale", mine).headers["Location"] == "/my/clients-1.2/hale/"
        assert server.ask("/my/clients-1.2/tomillo/", mine).status == 401
        for path in ("/hale/", "/my/hale/", "/my/clients-1x2/hale/", "/my/clients-1.2/", "/x/my/clients-1.2/hale/"):
            assert server.ask(path, mine).status == 404


def test_a_reload_keeps_answering(site: Path, tmp_path: Path) -> None:
    with guarded("nginx", tmp_path, site) as (place, server):
        server.reload()
        assert server.ask("/hale/", place.door("hale")).body == b"home of hale"


def test_by_https_the_portal_opens_and_by_http_nothing_but_the_way_there(site: Path, tmp_path: Path) -> None:
    place = GuardedPlace("nginx", tmp_path / "place", site, "https://portal.test")
    secure, plain, challenge = free_port(), free_port(), tmp_path / "challenge"
    (challenge / ".well-known" / "acme-challenge").mkdir(parents=True)
    (challenge / ".well-known" / "acme-challenge" / "token").write_text("answer", encoding="utf-8")
    (challenge / "secret").write_text("secret", encoding="utf-8")
    certificate = make_certificate(tmp_path / "certificate", "DNS:portal.test")
    text = place.configuration.read_text(encoding="utf-8")
    # A machine's own ports and certificates are root's: the rest is as it was made.
    for made, here in (
        ("listen [::]:80;", ""),
        ("listen [::]:443 ssl http2;", ""),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{secure} ssl http2;"),
        ("/etc/letsencrypt/live/portal.test/fullchain.pem", str(certificate.chain_and_key)),
        ("/etc/letsencrypt/live/portal.test/privkey.pem", str(certificate.chain_and_key)),
        ("root /var/www/html;", f"root {challenge};"),
    ):
        assert text.count(made) == 1
        text = text.replace(made, here)
    place.configuration.write_text(text, encoding="utf-8")
    trusting = ssl.create_default_context(cafile=str(certificate.authority))
    user = "user root;" if os.geteuid() == 0 else ""
    with nginx(tmp_path / "nginx", place.configuration, plain, user=user) as server:
        led = server.ask("/hale/?a", place.door("hale"))
        assert (led.status, led.headers["Location"]) == (301, "https://portal.test/hale/?a")
        assert server.ask("/.well-known/acme-challenge/token").body == b"answer"
        assert server.ask("/.well-known/acme-challenge/../../secret").status == 301
        opened = server.ask_securely(secure, "portal.test", trusting, "/hale/", place.door("hale"))
        assert (opened.status, opened.body) == (200, b"home of hale")
        assert opened.headers["Strict-Transport-Security"] == "max-age=31536000"
        refused = server.ask_securely(secure, "portal.test", trusting, "/hale/", place.door("tomillo"))
        assert refused.status == 401
        assert refused.headers["Strict-Transport-Security"] == "max-age=31536000"
