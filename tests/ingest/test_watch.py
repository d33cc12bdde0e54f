"""Looking again and again: real processes that end when they are told to, and a server that goes away and comes back."""

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

from ingest.intake import Outcome
from ingest.watch import watch
from recado.errors import FileError, Problem, WorkError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recado.store.workspace import Workspace

MAIL = b"From: jane@acme.example\r\nSubject: Posts\r\nMessage-ID: <1@acme.example>\r\n\r\nPlease.\r\n"
# As the command does it, but looking every second.
QUICK = """
import sys
from pathlib import Path
from ingest.watch import watch
from ingest.worker import one_pass, only_worker
from recado.model.secret import Revealed
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace
workspace = Workspace(Path(sys.argv[1]))
practice = load_practice(workspace)
with only_worker(workspace):
    watch(lambda: one_pass(workspace, practice, lambda: Revealed("x")), lambda o: print(o.became, flush=True), every=1)
"""


def promised_seconds() -> float:
    """Two seconds; in proportion on a machine that has more work than processors."""
    return 2.0 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def an_outcome(became: str = "request") -> Outcome:
    return Outcome(became, "", "", "", "")


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


def ended_by(process: subprocess.Popen[bytes], number: signal.Signals) -> tuple[float, int, bytes]:
    """Send a signal; give the seconds until the process ended, its status and what it said to stderr."""
    assert process.stderr is not None
    process.send_signal(number)
    began = time.monotonic()
    status = process.wait(20)
    return time.monotonic() - began, status, process.stderr.read()


@pytest.mark.e2e
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("at", ["greeting", "LOGIN", "UID FETCH", "UID MOVE"])
def test_a_watch_ends_within_two_seconds_even_where_the_server_keeps_silent(
    workspace: Workspace, scripted_imap: Callable[..., Any], at: str, number: signal.Signals
) -> None:
    server = scripted_imap(capabilities="MOVE")
    server.folders["INBOX"][1] = MAIL
    server.hangs_at = at
    with a_process(workspace, server.port, "-m", "ingest", "--watch", "--workspace", str(workspace.root)) as process:
        assert server.was_asked.wait(30)
        seconds, status, said = ended_by(process, number)
    assert seconds < promised_seconds()
    assert (status, said) == (0, b"")


@pytest.mark.e2e
def test_a_watch_files_what_is_there_and_ends_when_it_is_told_to(
    workspace: Workspace, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap(capabilities="MOVE")
    server.folders["INBOX"][1] = MAIL
    with a_process(workspace, server.port, "-m", "ingest", "--watch", "--workspace", str(workspace.root)) as process:
        assert line_from(process.stdout) == "new task: ACME-1 · jane@acme.example · Posts"
        seconds, status, said = ended_by(process, signal.SIGTERM)
    assert seconds < promised_seconds()
    assert (status, said) == (0, b"")
    assert server.folders["INBOX"] == {}


@pytest.mark.e2e
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


@pytest.mark.e2e
def test_a_watch_says_each_mail_on_a_line_of_json(workspace: Workspace, scripted_imap: Callable[..., Any]) -> None:
    server = scripted_imap(capabilities="MOVE")
    server.folders["INBOX"][1] = MAIL
    arguments = ("-m", "ingest", "--watch", "--json", "--workspace", str(workspace.root))
    with a_process(workspace, server.port, *arguments) as process:
        assert '"where": "ACME-1"' in line_from(process.stdout)
        assert ended_by(process, signal.SIGTERM)[1] == 0


@pytest.mark.parametrize(
    "error", [WorkError("no answer"), OSError("disk full"), FileError([Problem("portal_src/acme/history.csv", 2, "broken")])]
)
def test_what_fails_once_is_said_and_tried_again(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    passes = 0
    said = []

    def one_pass() -> Iterator[Outcome]:
        nonlocal passes
        passes += 1
        if passes == 1:
            raise error
        yield an_outcome()

    def say(outcome: Outcome) -> None:
        said.append(outcome)
        os.kill(os.getpid(), signal.SIGTERM)

    watch(one_pass, say, every=1)
    assert (passes, len(said)) == (2, 1)
    assert capsys.readouterr().err == f"{error}\n"


def test_told_to_stop_it_finishes_the_mail_in_hand_and_begins_no_other() -> None:
    said: list[Outcome] = []

    def one_pass() -> Iterator[Outcome]:
        os.kill(os.getpid(), signal.SIGTERM)
        yield an_outcome("the one in hand")
        yield an_outcome("another")

    before = signal.getsignal(signal.SIGTERM)
    watch(one_pass, said.append)
    assert [outcome.became for outcome in said] == ["the one in hand"]
    assert signal.getsignal(signal.SIGTERM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_bug_is_not_swallowed() -> None:
    def one_pass() -> Iterator[Outcome]:
        raise ZeroDivisionError
        yield

    with pytest.raises(ZeroDivisionError):
        watch(one_pass, print)
