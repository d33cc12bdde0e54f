"""Portals as `recado serve` shows them: each page as it was built, and a script of this server's that keeps it up to date.

The script is never in a built file. It is loaded from this server like any other, so that the strict policy holds.
"""

from __future__ import annotations

import html
import re
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from recado.cli.live_board import LIST
from recado.cli.preview import Portals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recado.cli.live_board import Board

_PREFIX = "/_live/"  # no client's key starts with an underscore
_KINDS = {"live.js": "text/javascript; charset=utf-8", "live.css": "text/css; charset=utf-8"}
_KEY = re.compile(r"[a-z0-9-]*", re.ASCII)


class LivePortals(Portals):
    """Serves the portals with what keeps them up to date."""

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        self.board = board
        super().__init__(*args, **kwargs)

    @property
    def names(self) -> Mapping[str, str]:
        """The portals that can be opened now."""
        return self.board.names

    def send_head(self) -> Any:
        """Answer for the script and its stream too, and put the script into a page on its way."""
        name = self.asked.removeprefix(_PREFIX) if self.asked.startswith(_PREFIX) else ""
        if name in _KINDS:
            self.answer(HTTPStatus.OK, (files("recado.cli") / name).read_bytes(), kind=_KINDS[name])
            return None
        if name == "events":
            self._stream()
            return None
        version = self._version()
        file = Path(self.translate_path(self.path))
        if self.asked.endswith("/"):
            file /= "index.html"
        try:
            page = file.read_bytes() if file.suffix == ".html" else None
        except (OSError, ValueError):
            page = None
        if page is None:
            return super().send_head()
        self.answer(HTTPStatus.OK, self._with_script(page, version))
        return None

    def answer_page(self, status: HTTPStatus, page: bytes) -> None:
        """Put the script also into the list of portals, and into the page for what is not there: it may be there soon."""
        self.answer(status, self._with_script(page, self._version()))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with a page that looks again where a portal is not there, or not yet."""
        if code == HTTPStatus.NOT_FOUND and self.portal not in self.names and _KEY.fullmatch(self.portal):
            self.answer_page(HTTPStatus.NOT_FOUND, self.small_page(""))
        else:
            super().send_error(code, message, explain)

    def _version(self) -> str:
        """Name what the asked portal is built as. Asked before the page is read: a newer page is loaded once more."""
        return self.board.version(self.portal if _KEY.fullmatch(self.portal) else LIST)

    def _with_script(self, page: bytes, version: str) -> bytes:
        script = (
            f'<link rel="stylesheet" href="{_PREFIX}live.css">'
            f'<script src="{_PREFIX}live.js" data-portal="{html.escape(self.portal)}" data-version="{version}"></script>'
        ).encode()
        before, end, after = page.rpartition(b"</body>")
        return before + script + end + after if end else page + script

    def _stream(self) -> None:
        asked = parse_qs(self.path.partition("?")[2], keep_blank_values=True)
        portal, version = (asked.get(name, [""])[0] for name in ("portal", "version"))
        if not _KEY.fullmatch(portal):
            super().send_error(HTTPStatus.BAD_REQUEST)
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        if self.command == "HEAD":
            return
        self.wfile.write(b"retry: 1000\n\n")  # milliseconds until it asks again, once this server was ended and started
        for message in self.board.messages(portal, version):
            self.wfile.write(f"data: {message}\n\n".encode() if message else b":\n\n")
