"""`recado run`, told to end: in every phase it ends within two seconds, and what it leaves is met again by the next."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from real_server import real_server
from run_process import (
    PROGRAM,
    PUBLISHED,
    TASK,
    WATCHING,
    a_run,
    edit,
    promised_seconds,
    raw_mail,
    recado,
    running,
    write_practice,
)
from scripted_imap import ScriptedImap

from recado.store.tasks import task_files
from recado.store.workspace import Workspace

pytestmark = pytest.mark.e2e


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "practice"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_waits_ends_within_two_seconds(tmp_path: Path, root: Path, number: signal.Signals) -> None:
    with real_server("pymap", tmp_path / "server") as server, running(root, server.port) as run:
        code, seconds = run.end(number)
        assert (code, seconds < promised_seconds()) == (0, True)
    assert "The run has ended." in run.said[-1]


@pytest.mark.parametrize("at", ["LOGIN", "UID FETCH", "UID MOVE", "IDLE"])
def test_a_run_whose_mailbox_keeps_silent_ends_within_two_seconds_and_loses_no_mail(root: Path, at: str) -> None:
    server = ScriptedImap(capabilities="MOVE IDLE")
    try:
        server.folders["INBOX"][1] = raw_mail(1)
        server.hangs_at = at
        write_practice(root, server.port)
        with a_run(root) as run:
            assert server.was_asked.wait(30)
            code, seconds = run.end()
        assert (code, seconds < promised_seconds()) == (0, True)
        server.hangs_at = ""
        with a_run(root) as run:
            run.until(WATCHING)
            while not run.published("acme/requests/acme-1.html"):
                run.until(PUBLISHED)
            assert run.end()[0] == 0
    finally:
        server.close()
    assert server.folders["INBOX"] == {}
    assert len(list(task_files(Workspace(root).client("acme")))) == 1


SLOW_BUILD = """
import sys, threading
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import copied_places
from recado.portal import portal_build
first, begun = [True] if sys.argv[2] == "first" else [], []
def hang(self, kept, told, whole=portal_build.PortalBuild._read):
    if first or begun:
        print("building", flush=True)
        threading.Event().wait(600)
    return whole(self, kept, told)
portal_build.PortalBuild._read = hang
if not first:
    from recado.cli import run_files
    def go_on(self, whole=run_files.Files.go_on):
        begun.append(True)
        whole(self)
    run_files.Files.go_on = go_on
copied_places.main(Path(sys.argv[3]).resolve(), as_json=False)
"""


@pytest.mark.parametrize("when", ["first", "later"])
def test_a_build_that_is_at_work_is_broken_off_and_the_old_portal_stands(tmp_path: Path, root: Path, when: str) -> None:
    with real_server("pymap", tmp_path / "server") as server:
        with running(root, server.port) as run:
            run.end()
        before = run.published("acme/index.html")
        edit(root, "0009-logo.md", TASK.format(status="doing", text="A blue logo."))
        if when == "later":
            recado("build", root)
        with a_run(root, ("-c", SLOW_BUILD, str(Path(PROGRAM[0]).parent), when)) as run:
            if when == "later":
                run.until(WATCHING)
                edit(root, "0009-logo.md", TASK.format(status="doing", text="A red logo."))
            run.until("building")
            code, seconds = run.end()
        assert (code, seconds < promised_seconds()) == (0, True)
        assert "</html>" in before
        assert "</html>" in (root / "site" / "acme" / "index.html").read_text(encoding="utf-8")
        with a_run(root) as run:
            run.until(WATCHING)
            while not run.published("acme/requests/acme-9.html"):
                run.until(PUBLISHED)
            assert run.end()[0] == 0


def test_a_run_told_to_end_twice_ends_at_once(root: Path) -> None:
    server = ScriptedImap(capabilities="MOVE IDLE")
    try:
        server.hangs_at = "LOGIN"
        write_practice(root, server.port)
        with a_run(root) as run:
            assert server.was_asked.wait(30)
            run.process.send_signal(signal.SIGINT)
            assert run.end(signal.SIGINT)[0] in {0, 130}
    finally:
        server.close()
