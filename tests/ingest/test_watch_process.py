"""Watching, as real processes: they end when they are told to, in every state, and outlive a server that goes away."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import pytest

from recado.store.tasks import task_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recado.store.workspace import Workspace

pytestmark = pytest.mark.e2e

MAIL = b"From: jane@acme.example\r\nSubject: Posts\r\nMessage-ID: <1@acme.example>\r\n\r\nPlease.\r\n"
WATCHING = "Watching requests@marta.example at 127.0.0.1: "
ENDED = "The watching has ended. What comes now waits in the mailbox."
# As the command does it, but looking every second, and trying again at once.
QUICK = """
import sys
from pathlib import Path
from ingest.in_force import InForce
from ingest.mailbox import Mailbox
from ingest.watch import Pace, Watching, watch
from ingest.worker import Worker, only_worker
from recado.model.secret import Revealed
from recado.store.workspace import Workspace
workspace = Workspace(Path(sys.argv[1]))
def note(line): print(line, file=sys.stderr, flush=True)
with only_worker(workspace):
    watch(Watching(
        InForce(workspace, note),
        lambda practice: Mailbox(practice.mailbox, lambda: Revealed("x"), timeout=1),
        lambda practice: Worker(workspace, practice),
        lambda outcome: print(outcome.became, flush=True), note,
        Pace(search=1, poll=1, beat=30), lambda: 0.01,
    ))
"""


def promised_seconds() -> float:
    """Two seconds; in proportion on a machine that has more work than processors."""
    return 2.0 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@contextmanager
def a_process(workspace: Workspace, port: int, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    text = workspace.practice_file.read_text(encoding="utf-8").replace("port: 11143", f"port: {port}")
    workspace.practice_file.write_text(text, encoding="utf-8")
    process = subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "RECADO_IMAP_PASSWORD": "x", "RECADO_LANGUAGE": "en"},
        bufsize=0,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def as_the_command(workspace: Workspace) -> tuple[str, ...]:
    return ("-m", "ingest", "--watch", "--workspace", str(workspace.root))


def line_from(stream: IO[bytes] | None, seconds: float = 30) -> str:
    assert stream is not None
    line = b""
    until = time.monotonic() + seconds
    while not line.endswith(b"\n"):
        ready, _, _ = select.select([stream], [], [], max(0.0, until - time.monotonic()))
        assert ready, f"nothing was said; so far: {line!r}"
        more = os.read(stream.fileno(), 1)
        assert more, f"it ended; so far: {line!r}"
        line += more
    return line.decode().rstrip("\n")


def ended_by(process: subprocess.Popen[bytes], number: signal.Signals) -> tuple[float, int, str]:
    """Send a signal; give the seconds until the process ended, its status and what it said to stderr."""
    assert process.stderr is not None
    process.send_signal(number)
    began = time.monotonic()
    status = process.wait(20)
    said = process.stderr.read().decode()
    return time.monotonic() - began, status, "".join(line for line in said.splitlines() if not line.startswith(WATCHING))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("at", ["greeting", "LOGIN", "SELECT", "UID SEARCH", "UID FETCH", "UID MOVE", "IDLE"])
def test_a_watch_ends_within_two_seconds_even_where_the_server_keeps_silent(
    workspace: Workspace, scripted_imap: Callable[..., Any], at: str, number: signal.Signals
) -> None:
    server = scripted_imap(capabilities="MOVE IDLE")
    server.folders["INBOX"][1] = MAIL
    server.hangs_at = at
    with a_process(workspace, server.port, *as_the_command(workspace)) as process:
        assert server.was_asked.wait(30)
        seconds, status, said = ended_by(process, number)
    assert seconds < promised_seconds()
    assert (status, said) == (0, ENDED)


@pytest.mark.parametrize("at", ["", "DONE", "LOGOUT"])
def test_a_watch_that_waits_in_idle_ends_within_two_seconds(
    workspace: Workspace, scripted_imap: Callable[..., Any], at: str
) -> None:
    server = scripted_imap(capabilities="MOVE IDLE")
    server.hangs_at = at
    with a_process(workspace, server.port, *as_the_command(workspace)) as process:
        assert server.is_idling.wait(30)
        seconds, status, said = ended_by(process, signal.SIGTERM)
    assert seconds < promised_seconds()
    assert (status, said) == (0, ENDED)


def test_a_watch_that_waits_to_try_again_ends_at_once(workspace: Workspace, scripted_imap: Callable[..., Any]) -> None:
    server = scripted_imap()
    server.refuses = "LOGIN"
    with a_process(workspace, server.port, *as_the_command(workspace)) as process:
        assert "Trying again in" in line_from(process.stderr)
        seconds, status, said = ended_by(process, signal.SIGTERM)
    assert seconds < promised_seconds()
    assert (status, said) == (0, ENDED)


def test_a_watch_files_what_is_there_and_ends_when_it_is_told_to(
    workspace: Workspace, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap(capabilities="MOVE")
    server.folders["INBOX"][1] = MAIL
    with a_process(workspace, server.port, *as_the_command(workspace)) as process:
        assert line_from(process.stdout) == "new task: ACME-1 · jane@acme.example · Posts"
        seconds, status, said = ended_by(process, signal.SIGTERM)
    assert seconds < promised_seconds()
    assert (status, said) == (0, ENDED)
    assert server.folders["INBOX"] == {}


def test_a_watch_that_is_told_to_stop_amid_many_mails_ends_in_time_and_the_next_files_the_others(
    workspace: Workspace, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap(capabilities="MOVE IDLE")
    mails = 300
    server.folders["INBOX"] = {number + 1: MAIL.replace(b"<1@", b"<%d@" % number) for number in range(mails)}
    with a_process(workspace, server.port, *as_the_command(workspace)) as process:
        assert line_from(process.stdout).startswith("new task: ACME-1 ")
        seconds, status, _said = ended_by(process, signal.SIGTERM)
    assert seconds < promised_seconds()
    assert status == 0
    assert server.folders["INBOX"]  # it did not simply end its work
    with a_process(workspace, server.port, "-m", "ingest", "--once", "--workspace", str(workspace.root)) as process:
        output, _errors = process.communicate(timeout=120)
    assert process.returncode == 0
    assert b"quarantine" not in output
    assert server.folders["INBOX"] == {}
    assert len(list(task_files(workspace.client("acme")))) == mails


def test_a_watch_files_what_comes_while_it_waits_on_one_connection(
    workspace: Workspace, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap(capabilities="MOVE IDLE")
    with a_process(workspace, server.port, *as_the_command(workspace)) as process:
        for number in range(3):
            assert server.is_idling.wait(30)
            server.is_idling.clear()
            server.deliver(number + 1, MAIL.replace(b"<1@", b"<%d@" % number))
            assert line_from(process.stdout).startswith("new task: ACME-")
        assert ended_by(process, signal.SIGTERM)[1] == 0
    assert server.connections == 1
    assert server.folders["INBOX"] == {}


def test_a_watch_outlives_a_server_that_goes_away_and_comes_back(
    workspace: Workspace, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap(capabilities="MOVE")
    server.hangs_up_at = "greeting"
    with a_process(workspace, server.port, "-c", QUICK, str(workspace.root)) as process:
        assert "does not answer" in line_from(process.stderr)
        server.folders["INBOX"][1] = MAIL
        server.hangs_up_at = ""
        assert line_from(process.stdout) == "request"
        server.hangs_up_at = "UID SEARCH"
        while "failed at listing the inbox" not in line_from(process.stderr):
            pass
        server.folders["INBOX"][2] = MAIL.replace(b"<1@", b"<2@")
        server.hangs_up_at = ""
        assert line_from(process.stdout) == "request"
        _seconds, status, _said = ended_by(process, signal.SIGTERM)
    assert status == 0


def test_a_server_that_dies_while_it_is_waited_for_is_noticed_at_once_and_not_asked_without_end(
    workspace: Workspace, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap(capabilities="MOVE IDLE")
    with a_process(workspace, server.port, "-c", QUICK.replace("search=1", "search=600"), str(workspace.root)) as process:
        assert server.is_idling.wait(30)
        assert line_from(process.stderr).startswith(WATCHING)
        server.is_idling.clear()
        server.folders["INBOX"][1] = MAIL
        server.cut()
        assert "failed at waiting for mail" in line_from(process.stderr)
        assert line_from(process.stdout) == "request"
        assert line_from(process.stderr) == "The mailbox at 127.0.0.1 answers again."
        assert server.is_idling.wait(30)
        assert ended_by(process, signal.SIGTERM)[1] == 0
    assert server.connections == 2


def test_a_network_that_goes_dead_while_it_is_waited_for_is_noticed_when_idle_is_renewed(
    workspace: Workspace, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap(capabilities="MOVE IDLE")
    with a_process(workspace, server.port, "-c", QUICK, str(workspace.root)) as process:
        assert server.is_idling.wait(30)
        server.hangs_at = "DONE"  # nothing is answered any more, and nothing hung up
        while "failed at waiting for mail" not in line_from(process.stderr):
            pass
        server.hangs_at = ""
        assert line_from(process.stderr) == "The mailbox at 127.0.0.1 answers again."
        assert ended_by(process, signal.SIGTERM)[1] == 0


def test_a_watch_says_each_mail_on_a_line_of_json(workspace: Workspace, scripted_imap: Callable[..., Any]) -> None:
    server = scripted_imap(capabilities="MOVE")
    server.folders["INBOX"][1] = MAIL
    with a_process(workspace, server.port, *as_the_command(workspace), "--json") as process:
        assert '"where": "ACME-1"' in line_from(process.stdout)
        assert ended_by(process, signal.SIGTERM)[1] == 0


def test_a_watch_that_is_killed_leaves_a_mail_to_be_met_again_and_the_lock_to_the_next(
    workspace: Workspace, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap(capabilities="MOVE IDLE")
    server.folders["INBOX"][1] = MAIL
    server.hangs_at = "UID MOVE"
    with a_process(workspace, server.port, *as_the_command(workspace)) as process:
        assert server.was_asked.wait(30)
        process.kill()
        process.wait(20)
    server.hangs_at = ""
    with a_process(workspace, server.port, *as_the_command(workspace)) as process:
        assert line_from(process.stdout).startswith("filed before: ACME-1")
        assert ended_by(process, signal.SIGTERM)[1] == 0
    assert len(server.folders["Recado/Done"]) == 1
