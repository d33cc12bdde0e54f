"""What `recado serve` adds to the pages it shows, and what it tells those that are open."""

from __future__ import annotations

import http.client
import json
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from recado.cli.live_board import LIST, Board, Shown
from recado.cli.live_pages import LivePortals
from recado.cli.preview import serving
from recado.portal.headers import CONTENT_SECURITY_POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = {"acme": "Acme"}
SCRIPT = '<script src="/_live/live.js" data-portal="{key}" data-version="{version}"></script>'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    portal = tmp_path / "site" / "acme"
    (portal / "requests").mkdir(parents=True)
    (portal / "index.html").write_text("<body><p>home</p></body>", encoding="utf-8")
    (portal / "requests" / "acme-1.html").write_text("<body><p>one</p></body>", encoding="utf-8")
    (portal / "404.html").write_text("<body><p>not here</p></body>", encoding="utf-8")
    (portal / "report.pdf").write_text("</body>", encoding="utf-8")
    return tmp_path / "site"


@contextmanager
def served(board: Board, site: Path) -> Iterator[http.client.HTTPConnection]:
    with serving(site, {}, handler=partial(LivePortals, board=board)) as address:
        connection = http.client.HTTPConnection("127.0.0.1", urlsplit(address).port or 0, timeout=20)
        try:
            yield connection
        finally:
            connection.close()
            board.close()


def got(browser: http.client.HTTPConnection, path: str, method: str = "GET") -> tuple[int, str]:
    browser.request(method, path)
    answer = browser.getresponse()
    return answer.status, answer.read().decode()


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/acme/", 200, "home"),
        ("/acme/index.html?a=1#top", 200, "home"),
        ("/acme/requests/acme-1.html", 200, "one"),
        ("/acme/requests/none.html", 404, "not here"),
    ],
)
def test_each_page_has_the_script_at_its_end_with_what_it_shows(site: Path, path: str, status: int, words: str) -> None:
    board = Board(site, Shown(NAMES))
    with served(board, site) as browser:
        script = SCRIPT.format(key="acme", version=board.version("acme"))
        page = f'<body><p>{words}</p><link rel="stylesheet" href="/_live/live.css">{script}</body>'
        assert got(browser, path) == (status, page)


def test_the_script_is_in_no_built_file_and_in_nothing_but_pages(site: Path) -> None:
    with served(Board(site, Shown(NAMES)), site) as browser:
        assert got(browser, "/acme/report.pdf") == (200, "</body>")
        assert got(browser, "/acme/") != got(browser, "/acme/report.pdf")
    assert not [file for file in site.rglob("*") if file.is_file() and "_live" in file.read_text(encoding="utf-8")]


def test_the_list_and_a_portal_that_is_not_there_yet_are_kept_up_to_date_too(site: Path) -> None:
    board = Board(site, Shown(NAMES))
    with served(board, site) as browser:
        assert SCRIPT.format(key="", version=board.version(LIST)) in got(browser, "/")[1]
        status, page = got(browser, "/beta/")
        assert (status, SCRIPT.format(key="beta", version="") in page) == (404, True)


@pytest.mark.parametrize("name", ["live.js", "live.css"])
def test_the_script_and_the_looks_of_its_note_come_from_this_server_under_the_strict_policy(site: Path, name: str) -> None:
    with served(Board(site), site) as browser:
        browser.request("GET", f"/_live/{name}")
        answer = browser.getresponse()
        assert b"recado-live" in answer.read()
        assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/_live/", "/_live/live.py", "/_live/../acme/", "/[x", "//[x", "/%00", "/acme/%00", "/acme/%ed%a0%80"]
)
def test_an_odd_address_is_not_there(site: Path, path: str) -> None:
    with served(Board(site, Shown(NAMES)), site) as browser:
        assert got(browser, path)[0] in ({200} if path == "/_live/../acme/" else {404})


def test_a_head_request_has_no_body(site: Path) -> None:
    with served(Board(site, Shown(NAMES)), site) as browser:
        for path in ("/", "/acme/", "/_live/live.js", "/_live/events?portal=acme&version="):
            assert got(browser, path, "HEAD") == (200, "")


def test_only_a_key_can_be_listened_to(site: Path) -> None:
    with served(Board(site), site) as browser:
        assert got(browser, "/_live/events?portal=..&version=")[0] == 400


def test_an_open_page_hears_what_is_wrong_and_then_that_its_portal_was_built(site: Path) -> None:
    board = Board(site, Shown(NAMES))
    with served(board, site) as browser:
        browser.request("GET", f"/_live/events?portal=acme&version={board.version('acme')}")
        answer = browser.getresponse()
        assert answer.headers["Content-Type"] == "text/event-stream"
        heard = _messages(answer)
        assert next(heard) == {"load": False, "advice": "", "lines": []}
        board.show(Shown(NAMES, trouble={"acme": ("a.md:1: odd <b>",)}, advice="Mend it"))
        assert next(heard) == {"load": False, "advice": "Mend it", "lines": ["a.md:1: odd <b>"]}
        (site / "acme").rename(site / ".old")
        (site / ".old").rename(site / "acme")
        board.show(Shown(NAMES))
        assert next(heard) == {"load": True, "advice": "", "lines": []}


def test_a_page_stays_while_its_portal_is_not_there(site: Path) -> None:
    board = Board(site, Shown(NAMES))
    version = board.version("acme")
    (site / "acme").rename(site / ".old")
    assert board.version("acme") == ""
    assert json.loads(next(board.messages("acme", version)) or "")["load"] is False
    assert json.loads(next(board.messages("acme", "")) or "")["load"] is False


def test_the_list_is_loaded_again_when_a_client_comes_or_goes(site: Path) -> None:
    board = Board(site, Shown(NAMES))
    version = board.version(LIST)
    board.show(Shown(NAMES | {"beta": "Beta"}))
    assert json.loads(next(board.messages(LIST, version)) or "")["load"] is True


def _messages(answer: http.client.HTTPResponse) -> Iterator[object]:
    for line in answer:
        if line.startswith(b"data: "):
            yield json.loads(line.removeprefix(b"data: "))
