"""The quarantine while a worker watches: real processes that file in turns, and what was said is known to the next mail."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from imapclient import IMAPClient

from recado.demo.servers import imap_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e

PASSWORD = "only for this test"
PRACTICE = """\
practice: {{name: Marta, owner: Marta Ruiz, email: marta@marta.example, timezone: Europe/Madrid, language: en, country: ES}}
mailbox:
  address: requests@marta.example
  host: 127.0.0.1
  port: {port}
  security: none
  user: requests
  password: {{env: RECADO_IMAP_PASSWORD}}
clients:
  acme: {{code: ACME, name: Acme, contacts: [{{name: Jane, email: jane@acme.example}}]}}   # the first
"""
ENVIRONMENT = {**os.environ, "RECADO_IMAP_PASSWORD": PASSWORD, "RECADO_LANGUAGE": "en"}


class Line:
    """A mailbox, a workspace, and a worker that watches."""

    def __init__(self, port: int, workspace: Path, worker: subprocess.Popen[str]) -> None:
        self.port, self.workspace, self.worker = port, workspace, worker

    def deliver(self, sender: str, number: int, *, answers: int | None = None) -> dict[str, Any]:
        """Let a mail arrive, and give what the worker says of it."""
        thread = f"In-Reply-To: <{answers}@x>\r\n" if answers is not None else ""
        raw = f"From: {sender}\r\nSubject: Posters\r\nMessage-ID: <{number}@x>\r\n{thread}\r\nMail {number}.\r\n"
        with IMAPClient("127.0.0.1", port=self.port, ssl=False, timeout=20) as client:
            client.login("requests", PASSWORD)
            client.append("INBOX", raw.encode())
        assert self.worker.stdout is not None
        line = next(line for line in self.worker.stdout if line.startswith("{"))
        said: dict[str, Any] = json.loads(line)
        return said

    def recado(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "recado", *arguments, "--workspace", str(self.workspace)]
        done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 (ours)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    with imap_server("requests", PASSWORD) as port:
        (tmp_path / "clients.yml").write_text(PRACTICE.format(port=port), encoding="utf-8")
        with watching(tmp_path) as worker:
            yield Line(port, tmp_path, worker)


@contextmanager
def watching(workspace: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "ingest", "--watch", "--json", "--workspace", str(workspace)]
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as worker:  # noqa: S603 (ours)
        try:
            yield worker
        finally:
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(20) in {0, -signal.SIGTERM, 143}


def test_mail_is_accepted_and_rejected_while_a_worker_watches_and_the_next_mails_know_it(line: Line) -> None:
    stranger = line.deliver("Ann <ann@elsewhere.example>", 1)
    assert stranger["became"] == "quarantine"
    name = stranger["where"].rpartition("-")[2]
    assert "recado quarantine accept" in line.recado("quarantine", "show", name)
    said = line.recado("quarantine", "accept", name, "--client", "acme", "--remember")
    assert f"{name} is filed in ACME-1: Posters" in said
    text = (line.workspace / "clients.yml").read_text(encoding="utf-8")
    assert "# the first" in text
    answer = line.deliver("Ann <ann@elsewhere.example>", 2, answers=1)
    assert (answer["became"], answer["where"]) == ("reply", "ACME-1")
    assert line.deliver("Ann <ann@elsewhere.example>", 1)["became"] == "repeat"

    unwanted = line.deliver("Bad <bad@spam.example>", 3)
    assert unwanted["became"] == "quarantine"
    line.recado("quarantine", "reject", unwanted["where"].rpartition("-")[2])
    assert line.deliver("Bad <bad@spam.example>", 3)["became"] == "repeat"
    assert "The quarantine is empty." in line.recado("quarantine", "list")

    checks = json.loads(line.recado("doctor", "--json"))
    assert "bad" not in {check["verdict"] for check in checks}
    assert "a `recado ingest` is at work here" in {check["said"] for check in checks}
