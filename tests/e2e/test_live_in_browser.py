"""`recado serve` as the VA has it open: she saves a file, and the page in her browser shows it; or what is wrong with it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hostile_texts import HOSTILE
from playwright.sync_api import expect

from recado.cli.live_board import Board, Shown
from recado.cli.live_pages import LivePortals
from recado.cli.preview import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.e2e

SOON = 60_000  # milliseconds; on a machine that does much else
PRACTICE = """\
practice: {name: Marta, owner: Marta Ruiz, email: marta@marta.example, timezone: Europe/Madrid, language: en, country: ES}
mailbox: {address: requests@marta.example, host: 127.0.0.1, user: requests, password: {env: NONE}}
clients:
  acme: {code: ACME, name: Acme, senders: ["@acme.example"]}
"""
TASK = "---\ntitle: {title}\nstatus: {status}\nreceived: 2026-11-20T08:00:00Z\n---\nTen posts\n"


@dataclass(frozen=True, slots=True)
class Serving:
    """A workspace, its served address, and the process that serves it."""

    root: Path
    address: str
    process: subprocess.Popen[str]

    @property
    def task(self) -> Path:
        return self.root / "portal_src" / "acme" / "tasks" / "0001-posts.md"

    def save(self, title: str, status: str = "doing") -> None:
        """Save as most editors do: beside, and then renamed."""
        beside = self.task.with_name(".0001-posts.md.swp")
        beside.write_text(TASK.format(title=title, status=status), encoding="utf-8")
        beside.replace(self.task)

    def ended(self) -> tuple[str, str]:
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=60)
        assert self.process.returncode == 0
        return out, err


@contextmanager
def served(root: Path) -> Iterator[Serving]:
    (root / "clients.yml").write_text(PRACTICE, encoding="utf-8")
    task = root / "portal_src" / "acme" / "tasks" / "0001-posts.md"
    task.parent.mkdir(parents=True)
    task.write_text(TASK.format(title="First title", status="doing"), encoding="utf-8")
    arguments = [sys.executable, "-u", "-m", "recado", "serve", "--port", "0", "--workspace", str(root)]
    environment = {**os.environ, "RECADO_LANGUAGE": "en"}
    with subprocess.Popen(  # noqa: S603 (our own program)
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True
    ) as process:
        try:
            assert process.stdout is not None
            line = next(line for line in process.stdout if "http://" in line)
            yield Serving(root, line.split()[-1].removesuffix("acme/"), process)
        finally:
            process.kill()


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """Open a page, which may say nothing in its console."""
    complaints: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        yield page
        assert not complaints


def test_a_file_that_is_saved_is_seen_and_a_mistake_is_shown_until_it_is_put_right(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path) as serving, opened(browser, f"{serving.address}acme/requests/acme-1.html") as page:
        heading, note = page.locator("h1"), page.locator(".recado-live")
        expect(heading).to_have_text("First title")
        serving.save("Second title")
        expect(heading).to_have_text("Second title", timeout=SOON)
        expect(note).to_have_count(0)
        serving.save("Third <b>title</b>", status="odd")
        expect(note).to_contain_text("portal_src/acme/tasks/0001-posts.md:3: ", timeout=SOON)
        expect(note).to_contain_text("This portal stays as it was")
        expect(heading).to_have_text("Second title")
        assert note.evaluate("note => getComputedStyle(note).position") == "fixed"  # its looks came, under the strict policy
        page.reload()
        expect(note).to_contain_text("0001-posts.md:3: ", timeout=SOON)
        serving.save("Third <b>title</b>")
        expect(heading).to_have_text("Third <b>title</b>", timeout=SOON)
        expect(note).to_have_count(0)
        page.goto("about:blank")
        _out, err = serving.ended()
        assert re.match(r"portal_src/acme/tasks/0001-posts\.md:3: .*\nUntil this is put right", err)
    built = [file for file in (tmp_path / "site").rglob("*") if file.is_file() and b"_live" in file.read_bytes()]
    assert built == []


def test_a_client_who_is_new_appears_in_the_list_and_under_the_address_that_was_open(browser: Browser, tmp_path: Path) -> None:
    with (
        served(tmp_path) as serving,
        browser.new_context() as context,
        opened(browser, serving.address) as listed,
    ):
        early = context.new_page()  # this one hears that there is no such page yet
        early.goto(f"{serving.address}beta/")
        expect(early.locator("h1")).to_have_text("Your portals")
        more = PRACTICE + '  beta: {code: BETA, name: Beta <& Co, senders: ["@beta.example"]}\n'
        (tmp_path / "clients.yml").write_text(more, encoding="utf-8")
        expect(listed.get_by_role("link", name="Beta <& Co")).to_be_visible(timeout=SOON)
        expect(early.locator("h1")).to_contain_text("Hello", timeout=SOON)
        (tmp_path / "clients.yml").write_text(PRACTICE, encoding="utf-8")
        expect(listed.get_by_role("link", name="Beta <& Co")).to_have_count(0, timeout=SOON)
        listed.goto("about:blank")


def test_notes_kept_for_herself_do_not_stir_the_page(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path) as serving, opened(browser, f"{serving.address}acme/requests/acme-1.html") as page:
        private = tmp_path / "portal_src" / "acme" / "private"
        private.mkdir()
        (private / "call.md").write_text("She is late again", encoding="utf-8")
        beta = tmp_path / "portal_src" / "_desk"
        beta.mkdir()
        (beta / "ideas.md").write_text("ideas", encoding="utf-8")
        (serving.task.parent / "0001-posts.md~").write_text("x", encoding="utf-8")
        page.reload()
        serving.save("Second title")
        expect(page.locator("h1")).to_have_text("Second title", timeout=SOON)
        page.goto("about:blank")
        out, err = serving.ended()
        assert (out.count("acme: "), err) == (1, "")


def test_what_is_wrong_and_a_clients_name_are_shown_as_the_text_that_they_are(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "index.html").write_text('<link rel="icon" href="data:,"><h1>Hello</h1>', encoding="utf-8")
    hostile = " ".join(HOSTILE[0:20])
    board = Board(tmp_path, Shown({"acme": hostile}, trouble={"acme": HOSTILE}, advice=hostile))
    with serving(tmp_path, {}, handler=partial(LivePortals, board=board)) as address:
        with opened(browser, f"{address}acme/") as page:
            note = page.locator(".recado-live")
            expect(note.locator("li")).to_have_count(len(HOSTILE), timeout=SOON)
            assert note.locator("li, p").evaluate_all("found => found.map(each => each.textContent)") == [hostile, *HOSTILE]
            assert note.locator("*:not(p, ul, li)").count() == 0
            page.goto(address)
            expect(page.get_by_role("link", name=hostile)).to_be_visible()
            page.goto("about:blank")
        board.close()
