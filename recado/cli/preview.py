"""Looking at built portals in a browser of this machine: each under its own path, on loopback only.

It sends the headers a real server in front of a portal sends, so that what works here works there.
"""

from __future__ import annotations

import html
import sys
import threading
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from recado.errors import WorkError
from recado.speech import _, terminal_language
from recado.store.stopping import until_told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HOST = "127.0.0.1"
_NAMES = frozenset({HOST, "localhost"})
# THREATS.md, "script injected anyway": nothing inline, nothing from elsewhere.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@contextmanager
def serving(site: Path, portals: Mapping[str, str], *, port: int = 0) -> Iterator[str]:
    """Serve the portals of a site folder while the block runs; gives the address. `portals` names each by its key.

    Port 0 takes a free one. Raises WorkError where the port is taken.
    """
    handler = partial(_Portals, directory=str(site), portals=portals)
    try:
        server = _Server((HOST, port), handler)
    except OSError as error:
        raise WorkError(
            _("Port {port} of this machine is taken ({reason}). Choose another: --port 8001").format(
                port=port, reason=error.strerror
            )
        ) from error
    thread = threading.Thread(target=server.serve_forever, name="preview", daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def wait_until_stopped() -> None:
    """Wait for Ctrl-C or SIGTERM."""
    with until_told() as stop:
        stop.wait()


class _Server(ThreadingHTTPServer):
    """Forgets visitors who hang up: a browser does so whenever someone clicks on."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Portals(SimpleHTTPRequestHandler):
    """Serves whole files of the portals; the root lists them, for the VA alone."""

    def __init__(self, *args: Any, portals: Mapping[str, str], **kwargs: Any) -> None:
        self.portals = portals
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        if urlsplit(self.path).path == "/":
            self._answer(HTTPStatus.OK, _list_of(self.portals))
        else:
            super().do_GET()

    def parse_request(self) -> bool:
        """Refuse who asks for another host: a page elsewhere could give its own name this address (DNS rebinding)."""
        if not super().parse_request():
            return False
        if self.headers.get("Host", "").partition(":")[0].lower() in _NAMES:
            return True
        self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
        return False

    def end_headers(self) -> None:
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def translate_path(self, path: str) -> str:
        # Only portals are served, whatever else stands in the folder; asked of the path that results, its .. resolved.
        found = super().translate_path(path)
        inside = Path(found).relative_to(self.directory).parts
        return found if inside and inside[0] in self.portals else str(Path(self.directory) / ".nothing")

    def list_directory(self, path: Any) -> None:
        del path
        self.send_error(HTTPStatus.NOT_FOUND)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with the portal's own page for what is not there."""
        page = Path(self.directory) / urlsplit(self.path).path.strip("/").split("/")[0] / "404.html"
        if code == HTTPStatus.NOT_FOUND and page.parent.name in self.portals and page.is_file():
            self._answer(HTTPStatus.NOT_FOUND, page.read_bytes())
        else:
            super().send_error(code, message, explain)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the standard library's name)
        """Keep quiet: the terminal is for the addresses to open."""

    def _answer(self, status: HTTPStatus, page: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)


def _list_of(portals: Mapping[str, str]) -> bytes:
    links = "".join(f'<li><a href="/{html.escape(key)}/">{html.escape(name)}</a></li>' for key, name in portals.items())
    title = html.escape(_("Your portals"))
    return (
        f'<!doctype html><html lang="{terminal_language()}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title></head><body><h1>{title}</h1><ul>{links}</ul></body></html>"
    ).encode()
