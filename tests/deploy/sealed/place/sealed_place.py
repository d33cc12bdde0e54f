"""A place of encrypted portals in a folder, and a server before it that knows nothing of them, as a static host does."""

from __future__ import annotations

import shutil
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from recado.deploy.sealed.door import root_files
from recado.deploy.sealed.key import PortalKey, new_key
from recado.portal.build import BuildOptions, build_practice
from recado.resources import demo_practice
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recado.deploy.form import Form
    from recado.deploy.sealed.door import Door

MARK = ".portal"


def build_demo(root: Path) -> Path:
    """Build the demo practice's portals in an empty folder; gives the folder of the sites."""
    shutil.copy(demo_practice() / "clients.yml", root)
    shutil.copytree(demo_practice() / "portal_src", root / "portal_src")
    workspace = Workspace(root)
    result = build_practice(workspace, load_practice(workspace), BuildOptions(datetime(2026, 11, 24, 8, 40, tzinfo=UTC)))
    assert not result.errors
    return workspace.site


def quick_key(folder: str | None = None) -> PortalKey:
    """Make a key that takes no time to open: how many rounds a passphrase goes through is not what is tested."""
    return new_key(folder, iterations=1000)


def paths_of(portal: Path) -> list[str]:
    return sorted(file.relative_to(portal).as_posix() for file in portal.rglob("*") if file.is_file() and file.name != MARK)


def seal(portal: Path, form: Form, place: Path) -> Path:
    """Put a portal into a place, all of it anew."""
    folder = place / form.folder
    paths = paths_of(portal)
    for path in paths:
        target = folder / form.name(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        form.put(portal / path, path, target)
    for name, content in form.besides(paths).items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


def put_root(place: Path, door: Door) -> None:
    place.mkdir(parents=True, exist_ok=True)
    for name, content in root_files(door).items():
        (place / name).write_bytes(content)


class StaticHost:
    """Serves a folder under `/portals/`, as a project of a Pages host; notes every path that was asked for."""

    def __init__(self, place: Path) -> None:
        self.asked: list[str] = []
        self.headers: dict[str, str] = {}  # sent with every answer
        handler = partial(_Handler, directory=str(place), asked=self.asked, headers_sent=self.headers)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.port = self._server.server_port
        self.address = f"http://127.0.0.1:{self.port}/portals/"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def static_host(place: Path) -> Iterator[StaticHost]:
    host = StaticHost(place)
    try:
        yield host
    finally:
        host.stop()


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *args: Any, asked: list[str], headers_sent: dict[str, str], **kwargs: Any) -> None:
        self._asked, self._headers_sent = asked, headers_sent
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        self._asked.append(self.path)
        super().do_GET()

    def translate_path(self, path: str) -> str:
        return super().translate_path("/" + path.removeprefix("/portals/") if path.startswith("/portals/") else "/..nothing")

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        if code != 404:
            super().send_error(code, message, explain)
            return
        page = f"{self.directory}/404.html"
        with open(page, "rb") as stream:  # noqa: PTH123 (what this class's own parent does)
            content = stream.read()
        self.send_response(404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def end_headers(self) -> None:
        for name, value in self._headers_sent.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        return
