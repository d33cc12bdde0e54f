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
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recado.errors import WorkError
from recado.portal.headers import SECURITY_HEADERS
from recado.reasons import reason_of
from recado.speech import _, terminal_language
from recado.store.stopping import until_told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

HOST = "127.0.0.1"
_LOOK = "/_list.css"  # no client's key starts with an underscore
_NAMES = frozenset({HOST, "localhost"})
_HEADERS = {**SECURITY_HEADERS, "Cache-Control": "no-store"}


@contextmanager
def serving(
    site: Path, portals: Mapping[str, str], *, port: int = 0, handler: Callable[..., Portals] | None = None
) -> Iterator[str]:
    """Serve the portals of a site folder while the block runs; gives the address. `portals` names each by its key.

    Port 0 takes a free one. `handler` answers in the place of `Portals`. Raises WorkError where the port is taken.
    """
    words = {"heading": _("Your portals"), "language": terminal_language()}  # the threads that answer speak no language
    try:
        server = _Server((HOST, port), partial(handler or Portals, directory=str(site), portals=portals, **words))
    except OSError as error:
        raise WorkError(
            _("Port {port} of this machine is taken ({reason}). Choose another: --port 8001").format(
                port=port, reason=reason_of(error)
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


class Portals(SimpleHTTPRequestHandler):
    """Serves whole files of the portals; the root lists them, for the VA alone."""

    def __init__(self, *args: Any, portals: Mapping[str, str], heading: str, language: str, **kwargs: Any) -> None:
        self._portals = portals
        self._heading = heading
        self._language = language
        super().__init__(*args, **kwargs)

    @property
    def names(self) -> Mapping[str, str]:
        """The name of each portal by its key."""
        return self._portals

    @property
    def asked(self) -> str:
        """The path that was asked for, as it was written. Whatever stands there: urlsplit would refuse some of it."""
        return self.path.partition("#")[0].partition("?")[0]

    @property
    def portal(self) -> str:
        """The first part of the path: a portal's key, where it is one."""
        return self.asked.lstrip("/").partition("/")[0]

    def send_head(self) -> Any:
        """Answer, or give the file to answer with. What no file can be called (NUL, half a letter) is not there."""
        if self.asked == "/":
            self.answer_page(HTTPStatus.OK, self._list())
            return None
        if self.asked == _LOOK:
            self.answer(HTTPStatus.OK, (files("recado.cli") / "list.css").read_bytes(), kind="text/css; charset=utf-8")
            return None
        try:
            return super().send_head()
        except ValueError:
            self.send_error(HTTPStatus.NOT_FOUND)
            return None

    def parse_request(self) -> bool:
        """Refuse who asks for another host: a page elsewhere could give its own name this address (DNS rebinding)."""
        if not super().parse_request():
            return False
        if self.headers.get("Host", "").partition(":")[0].lower() in _NAMES:
            return True
        self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
        return False

    def end_headers(self) -> None:
        """Add the headers of a real server."""
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def translate_path(self, path: str) -> str:
        """Find the file. Only portals are served, whatever else stands beside them; asked of what results, its .. resolved."""
        found = super().translate_path(path)
        inside = Path(found).relative_to(self.directory).parts
        return found if inside and inside[0] in self.names else str(Path(self.directory) / ".nothing")

    def list_directory(self, path: Any) -> None:
        """List nothing."""
        del path
        self.send_error(HTTPStatus.NOT_FOUND)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with the portal's own page for what is not there."""
        page = Path(self.directory) / self.portal / "404.html" if code == HTTPStatus.NOT_FOUND else None
        if page is not None and self.portal in self.names and page.is_file():
            self.answer_page(HTTPStatus.NOT_FOUND, page.read_bytes())
        else:
            super().send_error(code, message, explain)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the standard library's name)
        """Keep quiet: the terminal is for the addresses to open."""

    def answer_page(self, status: HTTPStatus, page: bytes) -> None:
        """Answer with a page that is no file asked for by its name."""
        self.answer(status, page)

    def answer(self, status: HTTPStatus, content: bytes, kind: str = "text/html; charset=utf-8") -> None:
        """Answer with a status and something whole."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def small_page(self, content: str) -> bytes:
        """Write a page of this server's own around some HTML."""
        title = html.escape(self._heading)
        return (
            f'<!doctype html><html lang="{html.escape(self._language)}"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
            f'<link rel="stylesheet" href="{_LOOK}"><title>{title}</title></head>'
            f'<body><h1><a href="/">{title}</a></h1>{content}</body></html>'
        ).encode()

    def _list(self) -> bytes:
        names = self.names.items()
        links = "".join(f'<li><a href="/{html.escape(key)}/">{html.escape(name)}</a></li>' for key, name in names)
        return self.small_page(f"<ul>{links}</ul>")
