"""The mailbag, sent, read and filed: what became of each mail is what the demo says should become of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ingest.worker import one_pass, only_worker
from recado.demo.dates import ANCHOR
from recado.demo.exchanger import by_its_own_date
from recado.demo.mailbag import AUTHORISED_HOSTS, deliver, mailbag
from recado.demo.servers import demo_servers, reception_of
from recado.demo.workspace import make_demo_workspace
from recado.model.message import Verified
from recado.model.secret import Revealed
from recado.resources import demo_practice
from recado.store.client_work import load_client_work
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.intake import Outcome
    from recado.demo.mailbag import DemoMail

pytestmark = pytest.mark.e2e

PASSWORD = "only for this test"


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, list[tuple[DemoMail, Outcome]]]:
    directory: Path = tmp_path_factory.mktemp("demo")
    practice = load_practice(Workspace(demo_practice()))
    bag = mailbag(ANCHOR)
    reception = reception_of(practice, AUTHORISED_HOSTS, by_its_own_date(lambda: ANCHOR))
    with demo_servers(practice, PASSWORD, reception) as servers:
        make_demo_workspace(directory, demo_practice(), ANCHOR, servers.imap_port, servers.smtp_port)
        workspace = Workspace(directory)
        list(deliver(bag, practice.mailbox.address, servers.host, servers.smtp_port))
        with only_worker(workspace):
            outcomes = list(one_pass(workspace, load_practice(workspace), lambda: Revealed(PASSWORD)))
            assert list(one_pass(workspace, load_practice(workspace), lambda: Revealed(PASSWORD))) == []
    return workspace, list(zip(bag, outcomes, strict=True))


def test_each_mail_becomes_what_its_note_says(filed: tuple[Workspace, list[tuple[DemoMail, Outcome]]]) -> None:
    _, pairs = filed
    assert {mail.key: outcome.became for mail, outcome in pairs} == {mail.key: mail.expected for mail, _ in pairs}
    assert [mail.key for mail, outcome in pairs if outcome.is_withheld] == ["pretender"]


def test_each_mail_is_filed_at_the_client_who_wrote_it(filed: tuple[Workspace, list[tuple[DemoMail, Outcome]]]) -> None:
    workspace, pairs = filed
    codes = {key: client.code for key, client in load_practice(workspace).clients.items()}
    for mail, outcome in pairs:
        if mail.client and mail.expected != "quarantine":
            assert outcome.where.startswith(f"{codes[mail.client]}-")


def test_the_filed_workspace_reads_and_holds_only_what_was_verified_as_sent(
    filed: tuple[Workspace, list[tuple[DemoMail, Outcome]]],
) -> None:
    workspace, pairs = filed
    practice = load_practice(workspace)
    messages = [
        message
        for key in practice.clients
        for thread in load_client_work(workspace.client(key), practice.record(key)).threads
        for message in thread.messages
    ]
    failed = [message.sender.email for message in messages if message.verified is Verified.FAIL]
    assert failed == ["jane@southerly.example"]
    assert len(list(workspace.quarantine.glob("*.eml"))) == sum(mail.expected == "quarantine" for mail, _ in pairs)
