"""A place as a web server finds it: a release that `current` leads to, old ones beside it, and the server's configuration."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

import caddy as caddy_server
import nginx as nginx_server
from caddy import caddy
from nginx import nginx
from portal_builds import recado
from web_server import free_port

from recado.deploy.servers.configuration import NAMES, configured
from recado.deploy.servers.password import hashed
from recado.model.secret import Revealed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from web_server import Door, WebServer

    from recado.deploy.servers.configuration import Kind

# A folder's name with letters that mean something in one configuration language or the other.
ODD = "por\"tal's; de #1 Ñ\\n (x)"
# What no build publishes as it is: should one ever stand there all the same, it is not shown.
RUNNABLE = {
    "hostile.html": b"<!doctype html><script>document.title = 'ran'</script>",
    "hostile.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "hostile.xml": b"<?xml version='1.0'?><x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "photo.12345678.jpg": b"not of ours, though its name looks as if it carried a digest",
}

BESIDE = b"in the release, and in no portal"


INLINE = (
    "<!doctype html><title>still</title><script>document.title = 'ran'</script><img src=x onerror=\"document.title = 'ran'\">"
)
PHOTOS, FILES = "requests/tom-36", "requests/tom-31"  # of the demo's tomillo: a request with photos, and one with files
INSTALLED = {"nginx": nginx_server.is_installed, "caddy": caddy_server.is_installed}


def demo_site(folder: Path) -> Path:
    """Build the demo's portals, and put into one of them what no build would."""
    made = recado("demo", "--no-serve", "--dir", folder / "demo", environment={"RECADO_LANGUAGE": "en", "HOME": str(folder)})
    assert (made.status, made.err) == (0, "")
    site = folder / "demo" / "site"
    for name, content in RUNNABLE.items():
        (site / "tomillo" / PHOTOS / name).write_bytes(content)
    (site / "tomillo" / "pages" / "inline.html").write_text(INLINE, encoding="utf-8")
    return site


class GuardedPlace:
    """A place with two portals that are open to whom they should be, `hale` and `tomillo`; another has no password."""

    def __init__(self, kind: Kind, base: Path, site: Path, address: str) -> None:
        self.kind = kind
        self.base = base
        self.address = address
        self.passwords = {key: f"the password of {key}" for key in ("hale", "tomillo")}
        for release in ("20261124T080000Z-0001", "20261124T090000Z-0001"):
            (base / "releases" / release).mkdir(parents=True)
            for name in ("index.html", "404.html"):
                (base / "releases" / release / name).write_bytes(BESIDE)
        for portal in ("hale", "tomillo", "southerly"):
            shutil.copytree(site / portal, base / "portals" / portal / "1")
            for release in ("20261124T080000Z-0001", "20261124T090000Z-0001"):
                (base / "releases" / release / portal).symlink_to(f"../../portals/{portal}/1")
        self.switch("20261124T090000Z-0001")
        self.write()

    @property
    def configuration(self) -> Path:
        return self.base / NAMES[self.kind]

    def door(self, portal: str) -> Door:
        return portal, self.passwords[portal]

    def portal(self, key: str) -> Path:
        return self.base / "current" / key

    def paths(self, key: str) -> dict[str, bytes]:
        """Give what is in a portal by its path, as a browser asks for it; without what is never shown."""
        root = self.portal(key)
        files = {file.relative_to(root).as_posix(): file.read_bytes() for file in root.rglob("*") if file.is_file()}
        return {quote(path, safe="/~"): content for path, content in files.items() if not path.startswith(".")}

    def switch(self, release: str) -> None:
        beside = self.base / ".current"
        beside.symlink_to(f"releases/{release}")
        beside.replace(self.base / "current")

    def write(self) -> None:
        """Write what stands beside the releases, and remove what does not any more."""
        shutil.rmtree(self.base / "server", ignore_errors=True)
        known = {key: hashed(Revealed(password)) for key, password in self.passwords.items()}
        for path, content in configured(self.kind, str(self.base), self.address, known).items():
            (self.base / path).parent.mkdir(parents=True, exist_ok=True)
            (self.base / path).write_bytes(content)


@contextmanager
def guarded(kind: Kind, folder: Path, site: Path, prefix: str = "") -> Iterator[tuple[GuardedPlace, WebServer]]:
    """Serve a place until the block ends."""
    port = free_port()
    name = ODD if kind == "nginx" else ODD.replace("\\", "")  # which Caddy is not told of
    place = GuardedPlace(kind, folder / name, site, f"http://127.0.0.1:{port}{prefix}")
    if kind == "caddy":
        with caddy(folder / "caddy", place.configuration, port) as server:
            yield place, server
    else:
        # Started by root the workers would be nobody, who cannot look into a test's folder.
        user = "user root;" if os.geteuid() == 0 else ""
        with nginx(folder / "nginx", place.configuration, port, user=user) as server:
            yield place, server
