"""What tests with real servers and a real browser share: a mail server at a time, a practice of its own, Debian's Chromium."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright
from real_mailbox import PRACTICE
from real_server import NAMES, RealServer, real_server

from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imapclient import IMAPClient
    from playwright.sync_api import Browser

    from recado.model.practice import Practice

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("Debian's chromium is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(params=NAMES)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RealServer]:
    with real_server(request.param, tmp_path / "server") as running:
        yield running


@pytest.fixture
def other(server: RealServer) -> Iterator[IMAPClient]:
    """Another mail program at the same mailbox."""
    with server.other_program() as client:
        yield client


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "clients.yml").write_text(PRACTICE, encoding="utf-8")
    return Workspace(folder)


@pytest.fixture
def practice(workspace: Workspace) -> Practice:
    return load_practice(workspace)
