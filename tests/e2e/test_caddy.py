"""What is Caddy's own: a reload for new passwords, a path before the portals, TLS from the address alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import caddy as servers
import pytest
from caddy import caddy, trusting
from guarded_place import GuardedPlace, guarded
from web_server import free_port

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not servers.is_installed(), reason="Debian's caddy is not installed (apt-get install caddy)"),
]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for key in ("hale", "tomillo", "southerly"):
        (tmp_path / "site" / key / "requests").mkdir(parents=True)
        (tmp_path / "site" / key / "index.html").write_text(f"home of {key}", encoding="utf-8")
        (tmp_path / "site" / key / "404.html").write_text(f"not in {key}", encoding="utf-8")
    return tmp_path / "site"


def test_after_a_reload_a_new_client_and_another_password_count_and_nothing_is_open_before(site: Path, tmp_path: Path) -> None:
    with guarded("caddy", tmp_path, site) as (place, server):
        new = ("southerly", "the password of southerly")
        place.passwords["southerly"] = new[1]
        place.write()
        assert server.ask("/southerly/").status == server.ask("/southerly/", new).status == 404  # not read yet
        server.reload()
        assert server.ask("/southerly/").status == server.ask("/southerly/", place.door("hale")).status == 401
        assert server.ask("/southerly/", new).body == b"home of southerly"
        place.passwords["southerly"] = "another"
        place.write()
        server.reload()
        assert server.ask("/southerly/", new).status == 401
        assert server.ask("/southerly/", place.door("southerly")).status == 200
        del place.passwords["southerly"]
        place.write()
        server.reload()
        assert server.ask("/southerly/", ("southerly", "another")).status == 404


def test_below_a_path_only_that_is_served(site: Path, tmp_path: Path) -> None:
    with guarded("caddy", tmp_path, site, "/my/clients-1.2") as (place, server):
        mine = place.door("hale")
        assert server.ask("/my/clients-1.2/hale/", mine).body == b"home of hale"
        assert server.ask("/my/clients-1.2/hale/nothing", mine).body == b"not in hale"
        assert server.ask("/my/clients-1.2/hale", mine).headers["Location"] == "/my/clients-1.2/hale/"
        assert server.ask("/my/clients-1.2/tomillo/", mine).status == 401
        for path in ("/hale/", "/my/hale/", "/my/clients-1x2/hale/", "/my/clients-1.2/", "/x/my/clients-1.2/hale/"):
            assert server.ask(path, mine).status == 404


def test_the_page_for_what_is_missing_is_for_who_gave_the_password(site: Path, tmp_path: Path) -> None:
    with guarded("caddy", tmp_path, site) as (place, server):
        for path in ("/hale/.portal", "/hale/%00", "/nobody/"):
            for door in (None, place.door("tomillo"), place.door("hale")):
                assert server.ask(path, door).body == b""
        assert server.ask("/hale/nothing", place.door("hale")).body == b"not in hale"


def test_by_https_the_portal_opens_with_a_certificate_of_its_own(site: Path, tmp_path: Path) -> None:
    place = GuardedPlace("caddy", tmp_path / "place", site, "https://portal.test")
    secure, plain = free_port(), free_port()
    # A machine's own ports are root's, and nobody signs for a name of this machine alone.
    more = f"local_certs\n\tdefault_bind 127.0.0.1\n\thttp_port {plain}\n\thttps_port {secure}"
    with caddy(tmp_path / "caddy", place.configuration, plain, more=more) as server:
        trusted = trusting(server, secure, "portal.test")
        opened = server.ask_securely(secure, "portal.test", trusted, "/hale/", place.door("hale"))
        assert (opened.status, opened.body) == (200, b"home of hale")
        assert opened.headers["Strict-Transport-Security"] == "max-age=31536000"
        refused = server.ask_securely(secure, "portal.test", trusted, "/hale/", place.door("tomillo"))
        assert refused.status == 401
        assert refused.headers["Strict-Transport-Security"] == "max-age=31536000"
        led = server.ask("/hale/", place.door("hale"), Host="portal.test")
        assert led.status == 308
        assert led.headers["Location"].startswith("https://portal.test")
