"""Portals shown in a browser of this machine: only portals, only to this machine, with a real server's headers."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from recado.cli.preview import serving
from recado.errors import WorkError
from recado.portal.headers import CONTENT_SECURITY_POLICY
from recado.speech import speak

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PORTALS = {"acme": "Acme <& Sons>", "beta": "Beta"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name in ("acme", "beta", "_desk"):
        (tmp_path / "site" / name / "tasks").mkdir(parents=True)
        (tmp_path / "site" / name / "index.html").write_text(f"home of {name}", encoding="utf-8")
        (tmp_path / "site" / name / "404.html").write_text(f"not in {name}", encoding="utf-8")
        (tmp_path / "site" / name / "tasks" / "report.pdf").write_text("a report", encoding="utf-8")
    (tmp_path / "clients.yml").write_text("secret", encoding="utf-8")
    return tmp_path / "site"


@contextmanager
def a_browser(site: Path) -> Iterator[http.client.HTTPConnection]:
    with serving(site, PORTALS) as address:
        connection = http.client.HTTPConnection("127.0.0.1", urlsplit(address).port or 0, timeout=20)
        try:
            yield connection
        finally:
            connection.close()


def got(browser: http.client.HTTPConnection, path: str, **headers: str) -> tuple[int, str]:
    browser.request("GET", path, headers=headers)
    answer = browser.getresponse()
    return answer.status, answer.read().decode()


def test_each_portal_has_its_own_path_and_the_root_lists_them(site: Path) -> None:
    with a_browser(site) as browser:
        assert got(browser, "/acme/") == (200, "home of acme")
        assert got(browser, "/beta/tasks/report.pdf") == (200, "a report")
        status, page = got(browser, "/")
        assert status == 200
        assert '<a href="/acme/">Acme &lt;&amp; Sons&gt;</a>' in page
        assert "_desk" not in page


@pytest.mark.parametrize(
    "path",
    [
        "/_desk/",
        "/_desk/index.html",
        "/acme/../_desk/index.html",
        "/acme/%2e%2e/_desk/index.html",
        "/acme/..%2f_desk/index.html",
        "/acme/../../clients.yml",
        "/../clients.yml",
        "//_desk/index.html",
        "/[x",
        "//[x",
        "/%00",
        "/acme/%00",
        "/acme/%ed%a0%80",
        "/acme",
        "/acme/tasks/",
        "/acme/nothing",
        "/nobody/",
    ],
)
def test_nothing_but_the_files_of_portals_is_served(site: Path, path: str) -> None:
    with a_browser(site) as browser:
        status, page = got(browser, path)
        assert status in ({301} if path == "/acme" else {404})
        assert "_desk" not in page
        assert "secret" not in page


def test_what_is_not_there_is_said_by_the_portals_own_page(site: Path) -> None:
    with a_browser(site) as browser:
        assert got(browser, "/acme/nothing") == (404, "not in acme")


def test_no_address_makes_it_complain(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with a_browser(site) as browser:
        for path in ("//[x", "//[x/..", "/acme/%00", "/%00/", "/acme/%ed%a0%80", "*", "/acme/a%0d%0ab"):
            assert got(browser, path)[0] == 404
    assert capfd.readouterr().err == ""


def test_only_the_head_is_answered_to_who_asks_for_no_more(site: Path) -> None:
    with a_browser(site) as browser:
        for path in ("/", "/acme/"):
            browser.request("HEAD", path)
            answer = browser.getresponse()
            assert (answer.status, answer.read()) == (200, b"")


def test_the_list_is_in_the_language_of_who_looks(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECADO_LANGUAGE", "es")
    speak("es")
    with a_browser(site) as browser:
        page = got(browser, "/")[1]
    assert '<html lang="es">' in page
    assert "<h1>" in page
    assert "Tus portales" in page


def test_the_look_of_the_list_comes_from_this_server(site: Path) -> None:
    with a_browser(site) as browser:
        assert '<link rel="stylesheet" href="/_list.css">' in got(browser, "/")[1]
        status, look = got(browser, "/_list.css")
    assert status == 200
    assert "prefers-color-scheme: dark" in look


def test_every_answer_has_the_headers_of_a_real_server(site: Path) -> None:
    with a_browser(site) as browser:
        for path in ("/", "/acme/", "/acme/nothing", "/nobody/"):
            browser.request("GET", path)
            answer = browser.getresponse()
            answer.read()
            assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(("host", "status"), [("localhost", 200), ("127.0.0.1", 200), ("rebound.example", 421), ("", 421)])
def test_a_page_elsewhere_cannot_look_in_by_a_name_that_leads_here(site: Path, host: str, status: int) -> None:
    with a_browser(site) as browser:
        assert got(browser, "/acme/", Host=f"{host}:{browser.port}" if host else "")[0] == status


def test_a_port_that_is_taken_is_said_with_what_to_do(site: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(WorkError, match=rf"Port {port} .*--port 8001"), serving(site, PORTALS, port=port):
            pass


@pytest.mark.e2e
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_builds_shows_and_ends_when_it_is_told_to(workspace: Path, number: signal.Signals) -> None:
    arguments = [sys.executable, "-m", "recado", "serve", "--port", "0", "--workspace", str(workspace)]
    environment = {**os.environ, "RECADO_LANGUAGE": "en"}
    with subprocess.Popen(  # noqa: S603 (our own program)
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            address = next(line.split()[-1] for line in process.stdout if "http://" in line)
            connection = http.client.HTTPConnection("127.0.0.1", urlsplit(address).port or 0, timeout=20)
            status, page = got(connection, urlsplit(address).path)
            connection.close()
            process.send_signal(number)
            assert process.wait(20) == 0
            assert process.stderr.read() == ""
        finally:
            process.kill()
    assert (status, "Acme" in page) == (200, True)
