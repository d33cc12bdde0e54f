"""A week of mail into the files by real processes that are killed again and again: each mail ends in exactly one place."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from imapclient import IMAPClient

from recado.demo.exchanger import by_its_own_date
from recado.demo.mailbag import AUTHORISED_HOSTS, deliver, mailbag
from recado.demo.servers import DemoServers, demo_servers, reception_of
from recado.demo.workspace import make_demo_workspace
from recado.resources import demo_practice
from recado.store.client_work import load_client_work
from recado.store.history import read_history
from recado.store.practice_file import load_practice
from recado.store.quarantine import quarantined_mails
from recado.store.steps import Step
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recado.model.message import Message

pytestmark = pytest.mark.e2e

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)
PASSWORD = "only for this test"
BAG = mailbag(NOW)
DEMO = load_practice(Workspace(demo_practice()))


@pytest.fixture
def servers() -> Iterator[DemoServers]:
    reception = reception_of(DEMO, AUTHORISED_HOSTS, by_its_own_date(lambda: NOW))
    with demo_servers(DEMO, PASSWORD, reception) as running:
        yield running


@pytest.fixture
def workspace(tmp_path: Path, servers: DemoServers) -> Workspace:
    make_demo_workspace(tmp_path / "w", demo_practice(), NOW, servers.imap_port, servers.smtp_port)
    return Workspace(tmp_path / "w")


KILLED = """
import os, signal, sys
from recado.cli.frame import run
from recado.cli.root import recado
from recado.store.steps import observed
fatal = sys.argv.pop(1)
def die(step):
    if step == fatal:
        os.kill(os.getpid(), signal.SIGKILL)
with observed(die):
    run(recado)
"""


def ingest(workspace: Workspace, *, kill_at: Step | None = None) -> tuple[int, int]:
    """Run ingest as a process, killed at a step of filing; give its status and how many mails it told of."""
    command = ["-m", "recado"] if kill_at is None else ["-c", KILLED, kill_at]
    arguments = [sys.executable, *command, "ingest", "--once", "--workspace", str(workspace.root)]
    environment = {**os.environ, "RECADO_IMAP_PASSWORD": PASSWORD, "RECADO_LANGUAGE": "en"}
    done = subprocess.run(arguments, stdout=subprocess.PIPE, env=environment, text=True, timeout=60, check=False)  # noqa: S603
    return done.returncode, done.stdout.count(" · ")


def messages_of(workspace: Workspace) -> list[Message]:
    practice = load_practice(workspace)
    works = [load_client_work(workspace.client(key), practice.record(key)) for key in practice.clients]
    return [message for work in works for thread in work.threads for message in thread.messages]


def waiting(servers: DemoServers) -> int:
    with IMAPClient(servers.host, port=servers.imap_port, ssl=False, timeout=20) as client:
        client.login(DEMO.mailbox.user, PASSWORD)
        client.select_folder("INBOX", readonly=True)
        return len(client.search())


def test_a_week_of_mail_is_filed_exactly_once_by_workers_that_are_killed(workspace: Workspace, servers: DemoServers) -> None:
    had = messages_of(workspace)
    assert tuple(deliver(BAG, DEMO.mailbox.address, servers.host, servers.smtp_port)) == BAG
    for kill_at in (Step.DECIDED, Step.MADE_ASIDE, Step.PLACED, Step.FINISHED, Step.MOVING, Step.MOVED):
        assert ingest(workspace, kill_at=kill_at)[0] == -signal.SIGKILL
    assert ingest(workspace)[0] == 0
    assert waiting(servers) == 0

    messages, quarantined = messages_of(workspace), quarantined_mails(workspace)
    repeats = sum(mail.expected == "repeat" for mail in BAG)
    assert len(messages) - len(had) + len(quarantined) == len(BAG) - repeats
    ids = Counter((message.message_id, message.digest) for message in messages)
    assert max(ids.values()) == 1
    assert len(quarantined) == sum(mail.expected == "quarantine" for mail in BAG)
    practice = load_practice(workspace)
    for key in practice.clients:
        refs = [change.ref for change in read_history(workspace.client(key)) if change.before is None]
        assert len(set(refs)) == len(refs)

    assert ingest(workspace) == (0, 0)
    assert len(messages_of(workspace)) == len(messages)


def test_two_workers_at_once_are_one_worker_and_one_that_says_so(workspace: Workspace, servers: DemoServers) -> None:
    list(deliver(BAG[:3], DEMO.mailbox.address, servers.host, servers.smtp_port))
    had = len(messages_of(workspace))
    arguments = [sys.executable, "-m", "ingest", "--once", "--workspace", str(workspace.root)]
    environment = {**os.environ, "RECADO_IMAP_PASSWORD": PASSWORD, "RECADO_LANGUAGE": "en"}
    both = [
        subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True)  # noqa: S603
        for _worker in range(2)
    ]
    said = [(process.communicate(timeout=60)[1], process.returncode) for process in both]
    # One may have ended before the other began: then both are done.
    assert {status for _said, status in said} <= {0, 1}
    assert all("is already at work" in words for words, status in said if status == 1)
    assert len(messages_of(workspace)) - had == 3
    assert waiting(servers) == 0
