"""`recado ingest`, `quarantine`, `client` and `init`, as a person meets them."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from imapclient import IMAPClient

from ingest.intake import Outcome
from recado.cli.ingest import became_in_words, line_of, summary
from recado.demo.servers import imap_server
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PASSWORD = "only for this test"
MAIL = b"From: %s\r\nSubject: Posts [bold]\r\nMessage-ID: <%d@acme.example>\r\n\r\nPlease.\r\n"


def test_a_mailbox_that_does_not_answer_is_status_1_and_says_what_to_do(run: Callable[..., Any], workspace: Path) -> None:
    said = run("ingest", "--workspace", workspace)
    assert (said.status, said.out) == (1, "")
    assert "127.0.0.1:1 does not answer" in said.err
    as_json = run("ingest", "--json", "--workspace", workspace)
    assert (as_json.status, json.loads(as_json.out)) == (1, [])


def test_a_password_that_is_nowhere_is_said_with_the_variable(
    run: Callable[..., Any], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RECADO_IMAP_PASSWORD", raising=False)
    with imap_server("requests", PASSWORD) as port:
        at_port(workspace, port)
        said = run("ingest", "--workspace", workspace)
    assert said.status == 1
    assert "RECADO_IMAP_PASSWORD is not set" in said.err


def at_port(workspace: Path, port: int) -> None:
    file = workspace / "clients.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("port: 1\n", f"port: {port}\n"), encoding="utf-8")


@pytest.mark.e2e
def test_what_waits_is_filed_and_said_and_the_quarantine_is_listed(
    run: Callable[..., Any], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECADO_IMAP_PASSWORD", PASSWORD)
    with imap_server("requests", PASSWORD) as port:
        at_port(workspace, port)
        with IMAPClient("127.0.0.1", port=port, ssl=False, timeout=20) as client:
            client.login("requests", PASSWORD)
            for number, sender in enumerate((b"jane@acme.example", b"A [b]Stranger[/b] <who@elsewhere.example>")):
                client.append("INBOX", MAIL % (sender, number), msg_time=datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC))
        said = run("ingest", "--workspace", workspace)
        assert said.status == 0
        assert said.err.startswith("Nobody vouches for who sent these mails: `mailbox.trust` is not set")
        assert said.out.splitlines() == [
            "new task: ACME-1 · jane@acme.example · Posts [bold]",
            "quarantine: unknown sender · A [b]Stranger[/b] <who@elsewhere.example> · Posts [bold]",
            "2 mails: 1 × new task, 1 × quarantine. `recado quarantine list` shows what could not be filed.",
        ]
        assert run("ingest", "--once", "--workspace", workspace).out == "No new mail.\n"
        assert json.loads(run("ingest", "--json", "--workspace", workspace).out) == []
    (listed,) = json.loads(run("quarantine", "list", "--json", "--workspace", workspace).out)
    assert listed["reason"] == "unknown-sender"
    assert listed["received"] == "2026-11-24T08:12:09Z"
    assert (workspace / listed["file"]).is_file()
    words = run("quarantine", "list", "--workspace", workspace).out
    assert "unknown sender" in words
    assert listed["id"] in words


@pytest.mark.e2e
def test_a_wrong_password_is_status_1_and_says_where_it_is_kept(
    run: Callable[..., Any], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECADO_IMAP_PASSWORD", "guessed")
    with imap_server("requests", PASSWORD) as port:
        at_port(workspace, port)
        said = run("ingest", "--workspace", workspace)
    assert said.status == 1
    assert "{env: RECADO_IMAP_PASSWORD}" in said.err
    assert "guessed" not in said.err


def test_a_second_ingest_says_that_one_is_at_work(run: Callable[..., Any], workspace: Path) -> None:
    from ingest.worker import only_worker  # noqa: PLC0415

    with only_worker(Workspace(workspace)):
        said = run("ingest", "--workspace", workspace)
    assert said.status == 1
    assert "is already at work" in said.err


def outcome(
    became: str,
    where: str = "ACME-1",
    *,
    subject: str = "Posts",
    is_withheld: bool = False,
    is_reopened: bool = False,
    is_new_task: bool = False,
) -> Outcome:
    sender, why = "jane@acme.example", "unknown-sender: x"
    return Outcome(
        became, sender, subject, where, why, is_withheld=is_withheld, is_reopened=is_reopened, is_new_task=is_new_task
    )


def test_a_summary_counts_and_says_what_is_withheld() -> None:
    said = summary([outcome("request"), outcome("reply"), outcome("reply", is_withheld=True), outcome("repeat")])
    assert said.startswith("4 mails: 2 × answer, 1 × new task, 1 × filed before.")
    assert "1 mail failed the mail server's check and is kept from the portal." in said
    assert said.endswith("`recado message list --withheld` shows what waits for your word.")
    for became in ("request", "reply", "note", "outgoing", "quarantine", "repeat"):
        assert became_in_words(became) != became or became == "quarantine"


def test_a_summary_counts_finished_tasks_that_are_open_again_once_each() -> None:
    said = summary([outcome("reply", is_reopened=True), outcome("reply", is_reopened=True)])
    assert said == "2 mails: 2 × answer. 1 finished task is open again."


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (outcome("reply"), "answer: ACME-1 · jane@acme.example · Posts"),
        (outcome("reply", is_reopened=True), "answer: ACME-1, which is open again · jane@acme.example · Posts"),
        (outcome("reply", is_withheld=True), "withheld answer: ACME-1 · jane@acme.example · Posts"),
        (
            outcome("request", is_withheld=True, is_new_task=True),
            "new task: ACME-1 (withheld) · jane@acme.example · Posts",
        ),
        (outcome("outgoing", is_new_task=True), "new task, from a mail of yours: ACME-1 · jane@acme.example · Posts"),
        (outcome("outgoing"), "your own answer: ACME-1 · jane@acme.example · Posts"),
        (outcome("request", subject="", is_new_task=True), "new task: ACME-1 · jane@acme.example"),
        (outcome("quarantine", "20261124T081209Z-7f3a91c2"), "quarantine: unknown sender · jane@acme.example · Posts"),
    ],
)
def test_each_mail_is_said_with_what_became_of_its_task(one: Outcome, said: str) -> None:
    assert line_of(one) == said


def test_once_and_watch_together_are_refused(run: Callable[..., Any], workspace: Path) -> None:
    for options in (("--once", "--watch"), ("--watch", "--once")):
        said = run("ingest", *options, "--workspace", workspace)
        assert said.status == 2
        assert "give one of them" in said.err


def test_an_empty_quarantine_says_so(run: Callable[..., Any], workspace: Path) -> None:
    assert run("quarantine", "list", "--workspace", workspace).out == "The quarantine is empty.\n"


def test_clients_are_listed_with_their_open_tasks(run: Callable[..., Any], workspace: Path) -> None:
    run("task", "new", "acme", "Posts", "--workspace", workspace)
    rows = json.loads(run("client", "list", "--json", "--workspace", workspace).out)
    assert [(row["key"], row["open_tasks"], row["currency"], row["ended"]) for row in rows] == [
        ("acme", 1, "EUR", False),
        ("beta", 0, "EUR", False),
    ]
    assert run("client", "list", "--workspace", workspace).out.splitlines()[1].split() == [
        "acme",
        "ACME",
        "Acme",
        "en",
        "Europe/Madrid",
        "1",
    ]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_new_workspace_can_be_read_at_once(
    run: Callable[..., Any], tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECADO_LANGUAGE", language)
    folder = tmp_path / "deep" / "practice"
    assert run("init", folder, "--yes").status == 0
    practice = load_practice(Workspace(folder))
    assert practice.business.language == language
    assert practice.clients
    assert json.loads(run("client", "list", "--json", "--workspace", folder).out)
    assert ".recado" in (folder / ".gitignore").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("host", "provider"), [("imap.gmail.com", "gmail"), ("outlook.office365.com", "microsoft365"), ("imap.marta.example", None)]
)
def test_the_provider_whose_word_counts_is_known_by_its_server(
    run: Callable[..., Any], tmp_path: Path, host: str, provider: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = ["Marta Ruiz", "", "marta@marta.example", "en", "Europe/Madrid", "ES", "", host, "", *[""] * 4]
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{answer}\n" for answer in answers)))
    assert run("init", tmp_path / "new").status == 0
    trust = load_practice(Workspace(tmp_path / "new")).mailbox.trust
    assert (trust.provider if trust else None) == provider


def test_a_new_workspace_is_hers_alone_on_a_machine_with_other_users(run: Callable[..., Any], tmp_path: Path) -> None:
    assert run("init", tmp_path / "a" / "new", "--yes").status == 0
    assert (tmp_path / "a" / "new").stat().st_mode & 0o777 == 0o700
    (tmp_path / "hers").mkdir(mode=0o750)
    assert run("init", tmp_path / "hers", "--yes").status == 0
    assert (tmp_path / "hers").stat().st_mode & 0o777 == 0o750


def test_a_new_workspace_says_the_way_from_the_password_to_the_portal(run: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "my practice"
    lines = run("init", folder, "--yes").out.splitlines()[-6:]
    commands = [line.partition("#")[0].strip() for line in lines]
    assert commands == [
        f"cd '{folder}'",
        "export RECADO_IMAP_PASSWORD='…'",
        "recado doctor",
        "recado ingest",
        "recado serve",
        "recado deploy",
    ]
    assert "{env: RECADO_IMAP_PASSWORD}" in (folder / "clients.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("answers", "made"),
    [
        (("Casa Tomillo, S. L.", "", "Lucía Ferrer", "lucia@tomillo.example"), ("casa-tomillo", "CASA")),
        (("Southerly Creative Pty Ltd", "southerly", "Jane", "jane@southerly.example"), ("southerly", "SOUT")),
        (('Imogen: "Hale"', "", "", "imogen@hale.example"), ("imogen-hale", "IMOG")),
        (("7 Días", "No so", "7-dias", "", "ana@dias.example"), ("7-dias", "DIAS")),
        (("9", "", "", "nueve@nueve.example"), ("9", "ONE")),
        (("", "", "", ""), ("acme", "ACME")),
    ],
)
def test_a_new_workspace_begins_with_the_first_client(
    run: Callable[..., Any], tmp_path: Path, answers: tuple[str, ...], made: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    about = ("Marta Ruiz", "", "marta@marta.example", "en", "Europe/Madrid", "ES", "", "", "", *answers)
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{answer}\n" for answer in about)))
    assert run("init", tmp_path / "new").status == 0
    ((found, client),) = load_practice(Workspace(tmp_path / "new")).clients.items()
    assert (found, client.code) == made
    assert answers[0] in {"", client.name}
    assert client.contacts[0].email == (answers[-1] or "jane@acme.example")
    assert (tmp_path / "new" / "portal_src" / found / "welcome.md").is_file()


def test_each_line_of_a_new_clients_yml_can_be_used_by_taking_its_mark_away(run: Callable[..., Any], tmp_path: Path) -> None:
    assert run("init", tmp_path, "--yes").status == 0
    file = tmp_path / "clients.yml"
    written = re.sub(r"(?m)^( *)#(?=\S|  \S)", r"\1", file.read_text(encoding="utf-8"))
    file.write_text(written, encoding="utf-8")
    practice = load_practice(Workspace(tmp_path))
    assert practice.business.portal_url == "https://portal.example.com"
    assert practice.mailbox.trust is not None
    assert set(practice.places) == {"web", "server"}
    assert practice.clients["acme"].address_form == "formal"


def test_where_nobody_can_answer_it_is_said_how_it_goes_without(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    said = run("init", tmp_path / "new")
    assert said.status == 2
    assert "With --yes nothing is asked" in said.err
    assert not (tmp_path / "new").exists()


def test_a_workspace_that_is_there_is_left_alone(run: Callable[..., Any], workspace: Path) -> None:
    before = (workspace / "clients.yml").read_bytes()
    said = run("init", workspace, "--yes")
    assert said.status == 2
    assert "already" in said.err
    assert (workspace / "clients.yml").read_bytes() == before


def test_a_file_in_the_way_of_a_new_workspace_is_said(run: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert run("init", tmp_path / "file", "--yes").status == 2
    said = run("init", tmp_path / "file" / "deeper", "--yes")
    assert said.status in {1, 2}
    assert said.err
