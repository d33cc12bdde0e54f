"""Watching three real servers, as the command does it: mail that comes is filed, and a server that dies is outlived."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager
from queue import Queue
from typing import TYPE_CHECKING

import pytest
from dovecot import dovecots_folder, is_installed, start_dovecot
from imapclient import IMAPClient
from proxy import proxy
from real_server import NAMES, PASSWORD, USER, must_be_here, real_server

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

pytestmark = pytest.mark.e2e

SECONDS = 40
PRACTICE = """\
practice:
  {{name: Marta Ruiz, owner: Marta Ruiz, email: marta@marta.example, timezone: Europe/Madrid, language: en, country: ES}}
mailbox:
  address: requests@marta.example
  host: 127.0.0.1
  port: {port}
  security: none
  user: {user}
  password: {{env: RECADO_IMAP_PASSWORD}}
clients:
  acme: {{code: ACME, name: Acme, contacts: [{{name: Jane Doe, email: jane@acme.example}}]}}
"""


def raw_mail(number: int) -> bytes:
    return f"From: jane@acme.example\r\nSubject: Mail\r\nMessage-ID: <{number}@acme.example>\r\n\r\nPlease.\r\n".encode()


class Watch:
    """`recado ingest --watch`, and the lines that it said, to both sides, in their order."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: Queue[str] = Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            self._lines.put(line)

    def until(self, *words: str) -> str:
        """Wait until it has said all of these, in any order; give the last line."""
        missing = set(words)
        while missing:
            line = self._lines.get(timeout=SECONDS)
            missing -= {each for each in missing if each in line}
        return line

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SECONDS)


WATCH = ("-m", "ingest", "--watch", "--workspace")
# The inbox is never looked through because it is time to, only where the server tells that something came: in IDLE (Dovecot),
# or when IDLE is renewed. pymap begins to wait after what it has not told yet: of a mail that comes between its answer to NOOP
# and its IDLE it says nothing until something else comes (`MailboxData.update_selected` waits first and looks then).
WATCH_BY_WORD_ALONE = """
import sys
from functools import partial
from ingest import watch
from recado.cli.root import load_command
never = 365 * 86400
watch.Watching = partial(watch.Watching, pace=watch.Pace(search=never, poll=never, sent=never, beat={beat}))
load_command("ingest").main(["--watch", "--workspace", sys.argv[1]])
"""


@contextmanager
def a_watch(folder: Path, port: int, program: Sequence[str] = WATCH) -> Iterator[Watch]:
    folder.mkdir()
    (folder / "clients.yml").write_text(PRACTICE.format(port=port, user=USER), encoding="utf-8")
    with subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, *program, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "RECADO_IMAP_PASSWORD": PASSWORD, "RECADO_LANGUAGE": "en", "PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            yield Watch(process)
        finally:
            process.kill()


@pytest.mark.parametrize("name", NAMES)
def test_mail_that_comes_while_it_is_watched_is_filed_and_the_watch_ends_when_told(tmp_path: Path, name: str) -> None:
    with (
        real_server(name, tmp_path / "server") as server,
        server.other_program() as other,
        a_watch(tmp_path / "workspace", server.port) as watch,
    ):
        watch.until("Watching requests@marta.example at 127.0.0.1")
        for number in range(3):
            other.append("INBOX", raw_mail(number))
            assert watch.until("new task").startswith(f"new task: ACME-{number + 1}")
        assert watch.end() == 0
        other.select_folder("INBOX")
        assert other.search(["UNDELETED"]) == []


@pytest.mark.parametrize(("name", "beat"), [("dovecot", "never"), ("pymap", "watch.Pace().beat")])
def test_mail_is_filed_because_the_server_told_of_it_and_not_because_it_was_time_to_look(
    tmp_path: Path, name: str, beat: str
) -> None:
    with (
        real_server(name, tmp_path / "server") as server,
        server.other_program() as other,
        a_watch(tmp_path / "workspace", server.port, ("-c", WATCH_BY_WORD_ALONE.format(beat=beat))) as watch,
    ):
        watch.until("Watching")
        for number in range(3):
            other.append("INBOX", raw_mail(number))
            watch.until(f"new task: ACME-{number + 1}")
        assert watch.end() == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_line_that_is_cut_while_it_is_watched_is_taken_up_again(tmp_path: Path, name: str) -> None:
    with (
        real_server(name, tmp_path / "server") as server,
        server.other_program() as other,
        proxy(server.port) as line,
        a_watch(tmp_path / "workspace", line.port) as watch,
    ):
        watch.until("Watching")
        line.cut()
        watch.until("Trying again in")
        other.append("INBOX", raw_mail(1))
        watch.until("answers again", "new task: ACME-1")
        assert watch.end() == 0


def test_a_server_that_is_killed_and_started_again_goes_on_being_watched(tmp_path: Path) -> None:
    must_be_here("dovecot", is_here=is_installed())
    with ExitStack() as until_left:
        folder = until_left.enter_context(dovecots_folder())
        server = start_dovecot(folder, USER, PASSWORD)
        until_left.callback(server.stop)
        watch = until_left.enter_context(a_watch(tmp_path / "workspace", server.port))
        watch.until("Watching")
        server.stop()
        assert "Trying again in" in watch.until("does not answer")
        again = start_dovecot(folder, USER, PASSWORD, port=server.port)
        until_left.callback(again.stop)
        with IMAPClient("127.0.0.1", port=again.port, ssl=False, timeout=20) as other:
            other.login(USER, PASSWORD)
            other.append("INBOX", raw_mail(1))
        watch.until("answers again", "new task: ACME-1")
        assert watch.end() == 0
