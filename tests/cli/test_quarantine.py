"""`recado quarantine`: what could not be filed is shown, accepted or rejected, each mail once, whatever dies in between."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from ingest.intake import Arrived, Intake
from recado.errors import WorkError
from recado.store.filing import file_by_hand
from recado.store.messages import read_messages
from recado.store.practice_file import load_practice
from recado.store.quarantine import quarantined_mails, rejected
from recado.store.steps import Step, observed
from recado.store.turn import filing_turn
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WHEN = datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC)
NOW = "2026-11-24T08:40:00Z"
STRANGER = b"From: Ann Lee <ann@elsewhere.example>\r\nTo: requests@marta.example\r\nSubject: Posters\r\nMessage-ID: <p1@x>\r\n"
PLAIN = STRANGER + b"\r\nTwo posters, please.\r\n"
WITH_PROGRAM = (
    STRANGER.replace(b"p1", b"p2")
    + b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    + b"--b\r\nContent-Type: text/plain\r\n\r\nSee both.\r\n"
    + b'--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="brief.pdf"\r\n\r\n%PDF-1.4 x\r\n'
    + b'--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="run.exe"\r\n\r\nMZ\r\n'
    + b"--b--\r\n"
)
NO_HEADER = b"\r\nno header at all\r\n"


class DiedError(Exception):
    """The process died here."""


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECADO_NOW", NOW)


def quarantine(folder: Path, raw: bytes = PLAIN, received: datetime = WHEN) -> str:
    """Let a mail go to the quarantine as the worker does, and give its ID."""
    workspace = Workspace(folder)
    intake = Intake(workspace, load_practice(workspace))
    outcome = intake.take(Arrived(raw, received))
    assert outcome.is_quarantined
    return outcome.where.rpartition("-")[2]


def messages(folder: Path, client: str = "acme") -> list[Any]:
    tasks = Workspace(folder).client(client)
    names = sorted(path.stem for path in tasks.tasks.glob("*.md"))
    return [message for name in names for message in read_messages(tasks, name, [])]


def names_in_quarantine(folder: Path) -> list[str]:
    return sorted(path.name for path in Workspace(folder).quarantine.iterdir() if path.name != "rejected.csv")


def test_a_mail_is_shown_with_its_words_its_files_and_ready_commands(run: Callable[..., Any], workspace: Path) -> None:
    mail = quarantine(workspace, WITH_PROGRAM)
    said = run("quarantine", "show", mail, "--workspace", workspace)
    assert said.status == 0
    assert "Posters" in said.out
    assert "From: Ann Lee <ann@elsewhere.example>" in said.out
    assert "It carries a file that could run as a program on your computer." in said.out
    assert f"  recado quarantine accept {mail} --client KEY --remember\n" in said.out
    assert "KEY is one of: acme, beta." in said.out
    assert "See both." in said.out
    assert "run.exe (1 kB) · this could run as a program" in said.out
    data = json.loads(run("quarantine", "show", mail[:4], "--json", "--workspace", workspace).out)
    assert [(each["name"], each["runs"]) for each in data["attachments"]] == [("brief.pdf", False), ("run.exe", True)]
    assert data["commands"][-1] == f"recado quarantine reject {mail}"


def test_a_strangers_answer_in_a_thread_is_offered_for_the_thread_and_not_to_be_remembered(
    run: Callable[..., Any], workspace: Path
) -> None:
    run("task", "new", "acme", "Posters", "--workspace", workspace)
    mail = quarantine(workspace, PLAIN.replace(b"Subject: Posters", b"Subject: Re: Posters [ACME-1]"))
    said = run("quarantine", "show", mail, "--workspace", workspace)
    assert "the mail answers ACME-1." in said.out
    assert "Found: ann@elsewhere.example, answering ACME-1\n" in said.out
    commands = [line.strip() for line in said.out.splitlines() if line.startswith("  recado")]
    assert commands == [
        f"recado quarantine accept {mail} --task ACME-1",
        f"recado quarantine accept {mail} --client KEY",
        f"recado quarantine reject {mail}",
    ]


def test_html_is_shown_as_words_and_nothing_of_it_as_it_is(run: Callable[..., Any], workspace: Path) -> None:
    raw = STRANGER + b"Content-Type: text/html\r\n\r\n<p>Hi <b>there</b><script>alert(1)</script>\x1b[31m red</p>\r\n"
    said = run("quarantine", "show", quarantine(workspace, raw), "--workspace", workspace)
    assert "alert" not in said.out
    assert "\x1b" not in said.out
    assert "there" in said.out


def test_an_id_that_is_unknown_too_short_or_of_several_is_said(run: Callable[..., Any], workspace: Path) -> None:
    mail = quarantine(workspace)
    for named, what in (("ffffffff", "There is no mail"), (mail[:3], "at least 4 digits")):
        said = run("quarantine", "show", named, "--workspace", workspace)
        assert said.status == 2
        assert what in said.err
    (one,) = (path for path in Workspace(workspace).quarantine.glob("*.eml"))
    twin = one.with_name(f"20251124T081209Z-{mail}.eml")
    twin.write_bytes(b"x")
    said = run("quarantine", "show", mail, "--workspace", workspace)
    assert said.status == 2
    assert "could be several" in said.err
    assert run("quarantine", "show", one.stem, "--workspace", workspace).status == 0


def test_an_accepted_mail_is_a_task_as_if_its_sender_had_been_known(run: Callable[..., Any], workspace: Path) -> None:
    mail = quarantine(workspace)
    said = run("quarantine", "accept", mail, "--client", "acme", "--workspace", workspace)
    assert (said.status, said.out.splitlines()[0]) == (0, f"{mail} is filed in ACME-1: Posters")
    (message,) = messages(workspace)
    assert (message.kind, message.verified, message.received, message.message_id) == ("request", "accepted", WHEN, "<p1@x>")
    assert message.text == "Two posters, please."
    task = (workspace / "portal_src" / "acme" / "tasks" / "0001-posters.md").read_text(encoding="utf-8")
    assert "requester: Ann Lee <ann@elsewhere.example>" in task
    assert names_in_quarantine(workspace) == []
    history = (workspace / "portal_src" / "acme" / "history.csv").read_text(encoding="utf-8")
    assert "2026-11-24T08:12:09Z,ACME-1,ingest,,new" in history
    intake = Intake(Workspace(workspace), load_practice(Workspace(workspace)))
    assert intake.take(Arrived(PLAIN, WHEN)).became == "repeat"


def test_a_mail_accepted_into_a_task_is_an_answer_there(run: Callable[..., Any], workspace: Path) -> None:
    run("task", "new", "acme", "Posters", "--workspace", workspace)
    mail = quarantine(workspace)
    said = run("quarantine", "accept", mail, "--task", "ACME-1", "--json", "--workspace", workspace)
    assert json.loads(said.out)[0]["ref"] == "ACME-1"
    (message,) = messages(workspace)
    assert (message.kind, message.verified, message.flags) == ("reply", "accepted", ("no-date", "third-party"))


@pytest.mark.parametrize(("remember", "status"), [(True, "new"), (False, "done")])
def test_an_answer_of_a_client_opens_what_is_done_and_one_of_a_stranger_does_not(
    run: Callable[..., Any],
    workspace: Path,
    remember: bool,  # noqa: FBT001 (a table)
    status: str,
) -> None:
    client = Workspace(workspace).client("acme")
    file_by_hand(client, "ACME", "Posters", due=None, service=None, by="marta", now=datetime(2026, 11, 20, tzinfo=UTC))
    history = client.history.read_text(encoding="utf-8")
    client.history.write_text(history + "2026-11-21T08:00:00Z,ACME-1,marta,accepted,done\n", encoding="utf-8")
    file = client.task_file("0001-posters")
    file.write_text(file.read_text(encoding="utf-8").replace("accepted", "done"), encoding="utf-8")
    more = ("--remember",) if remember else ()
    said = run("quarantine", "accept", quarantine(workspace), "--task", "ACME-1", *more, "--workspace", workspace)
    assert said.status == 0
    assert f"status: {status}" in file.read_text(encoding="utf-8")
    assert ("is open again" in said.out) is remember


def test_what_could_run_is_left_out_and_the_mail_as_it_came_is_kept_private(run: Callable[..., Any], workspace: Path) -> None:
    mail = quarantine(workspace, WITH_PROGRAM)
    said = run("quarantine", "accept", mail, "--client", "acme", "--workspace", workspace)
    assert "Left out, because it could run as a program: run.exe." in said.out
    (message,) = messages(workspace)
    assert "program-left-out" in message.flags
    assert [name.partition("-")[2] for name in message.attachments] == ["brief.pdf"]
    (kept,) = (workspace / "portal_src" / "acme" / "private" / "mail").iterdir()
    assert kept.read_bytes() == WITH_PROGRAM
    assert not list((workspace / "portal_src" / "acme").rglob("*run.exe"))


def test_of_a_mail_that_cannot_be_read_no_task_is_made_and_the_bytes_are_kept(run: Callable[..., Any], workspace: Path) -> None:
    mail = quarantine(workspace, NO_HEADER)
    said = run("quarantine", "accept", mail, "--client", "acme", "--workspace", workspace)
    assert said.status == 0
    assert "cannot be read, so no task was made" in said.out
    assert messages(workspace) == []
    (kept,) = (workspace / "portal_src" / "acme" / "private" / "mail").iterdir()
    assert kept.read_bytes() == NO_HEADER
    assert names_in_quarantine(workspace) == []
    assert len(list(rejected(Workspace(workspace)))) == 1


@pytest.mark.parametrize("raw", [PLAIN, WITH_PROGRAM])
@pytest.mark.parametrize("where", ["client", "task"])
def test_whatever_dies_while_a_mail_is_accepted_the_same_command_ends_with_it_filed_once(
    run: Callable[..., Any], workspace: Path, raw: bytes, where: str
) -> None:
    run("task", "new", "acme", "Posters", "--workspace", workspace)
    destination = ("--task", "ACME-1") if where == "task" else ("--client", "acme")
    mail = quarantine(workspace, raw)
    dying = 0
    while dying < 20:
        steps: list[Step] = []

        def look_on(step: Step, steps: list[Step] = steps, at: int = dying) -> None:
            steps.append(step)
            if len(steps) > at:
                raise DiedError(step)

        try:
            with observed(look_on):
                said = run("quarantine", "accept", mail, *destination, "--workspace", workspace)
        except DiedError:
            dying += 1
            continue
        break
    assert said.status == 0
    assert dying >= 1
    assert names_in_quarantine(workspace) == []
    assert [message.message_id for message in messages(workspace)] == ["<p2@x>" if raw is WITH_PROGRAM else "<p1@x>"]


def test_a_mail_that_was_filed_before_the_crash_is_only_removed(
    run: Callable[..., Any], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = quarantine(workspace)

    def died(*_all: object) -> None:
        raise WorkError("died")

    with monkeypatch.context() as patch:
        patch.setattr("ingest.release.take_out", died)
        assert run("quarantine", "accept", mail, "--client", "acme", "--workspace", workspace).status == 1
    assert len(names_in_quarantine(workspace)) == 2
    said = run("quarantine", "accept", mail, "--client", "beta", "--workspace", workspace)
    assert f"{mail} was filed before, in ACME-1" in said.out
    assert (len(messages(workspace)), len(messages(workspace, "beta"))) == (1, 0)
    assert names_in_quarantine(workspace) == []


def test_accepting_waits_for_its_turn_and_not_for_the_end_of_the_worker(run: Callable[..., Any], workspace: Path) -> None:
    from ingest.worker import only_worker  # noqa: PLC0415

    mail = quarantine(workspace)
    with only_worker(Workspace(workspace)):
        assert run("quarantine", "accept", mail, "--client", "acme", "--workspace", workspace).status == 0
    with filing_turn(Workspace(workspace)):
        pass


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Say whose it is"),
        (("--client", "nobody"), "There is no client 'nobody'"),
        (("--task", "ACME-9"), "There is no task ACME-9"),
        (("--task", "ACME-1", "--client", "beta"), "ACME-1 is a task of acme, not of beta."),
    ],
)
def test_a_destination_that_is_none_is_said_and_nothing_moves(
    run: Callable[..., Any], workspace: Path, arguments: tuple[str, ...], said: str
) -> None:
    run("task", "new", "acme", "Posters", "--workspace", workspace)
    answer = run("quarantine", "accept", quarantine(workspace), *arguments, "--workspace", workspace)
    assert answer.status == 2
    assert said in answer.err
    assert len(names_in_quarantine(workspace)) == 2
    assert messages(workspace) == []


def test_a_remembered_sender_is_known_from_then_on(run: Callable[..., Any], workspace: Path) -> None:
    mail = quarantine(workspace)
    said = run("quarantine", "accept", mail, "--client", "acme", "--remember", "--workspace", workspace)
    assert "ann@elsewhere.example may write for acme from now on." in said.out
    practice = load_practice(Workspace(workspace))
    assert practice.clients["acme"].senders == ("ann@elsewhere.example",)
    again = Intake(Workspace(workspace), practice).take(Arrived(PLAIN.replace(b"p1", b"p9"), WHEN))
    assert (again.became, again.client) == ("request", "acme")


def test_a_whole_domain_is_remembered_but_not_a_public_one(run: Callable[..., Any], workspace: Path) -> None:
    public = quarantine(workspace, PLAIN.replace(b"elsewhere.example", b"gmail.com"))
    said = run("quarantine", "accept", public, "--client", "acme", "--remember-domain", "--workspace", workspace)
    assert said.status == 2
    assert "@gmail.com is a public mail provider" in said.err
    assert messages(workspace) == []
    assert run("quarantine", "accept", public, "--client", "acme", "--remember", "--workspace", workspace).status == 0
    other = quarantine(workspace)
    assert run("quarantine", "accept", other, "--client", "beta", "--remember-domain", "--workspace", workspace).status == 0
    clients = load_practice(Workspace(workspace)).clients
    assert clients["acme"].senders == ("ann@gmail.com",)
    assert clients["beta"].senders == ("@beta.example", "@elsewhere.example")


def test_a_mail_with_no_one_sender_is_accepted_but_nobody_is_remembered(run: Callable[..., Any], workspace: Path) -> None:
    raw = b"From: jane@acme.example\r\nFrom: evil@x.example\r\nSubject: Which\r\nMessage-ID: <w@x>\r\n\r\nHello.\r\n"
    mail = quarantine(workspace, raw)
    refused = run("quarantine", "accept", mail, "--client", "acme", "--remember", "--workspace", workspace)
    assert refused.status == 2
    assert "no sender that could be remembered" in refused.err
    assert run("quarantine", "accept", mail, "--client", "acme", "--workspace", workspace).status == 0
    (message,) = messages(workspace)
    assert message.sender.email == ""
    assert "repeated-header" in message.flags


def test_a_rejected_mail_is_gone_is_known_when_it_comes_again_and_stays_in_the_mailbox(
    run: Callable[..., Any], workspace: Path
) -> None:
    mail = quarantine(workspace, PLAIN.replace(b"Posters", b"=cmd()"))
    said = run("quarantine", "reject", mail, "--workspace", workspace)
    assert said.status == 0
    assert "The original stays in the mailbox, in Recado/Quarantine." in said.out
    assert names_in_quarantine(workspace) == []
    text = (Workspace(workspace).quarantine / "rejected.csv").read_text(encoding="utf-8")
    assert text.splitlines()[0] == "received,rejected,message_id,digest,from,subject,reason,name"
    assert f",'=cmd(),unknown-sender,20261124T081209Z-{mail}" in text
    ((message_id, digest, where),) = rejected(Workspace(workspace))
    assert (message_id, where) == ("<p1@x>", f"20261124T081209Z-{mail}")
    assert digest.startswith("sha256:")


def test_the_old_ones_are_rejected_together(run: Callable[..., Any], workspace: Path) -> None:
    quarantine(workspace, PLAIN, datetime(2026, 10, 24, 8, tzinfo=UTC))
    young = quarantine(workspace, PLAIN.replace(b"p1", b"p3"))
    said = run("quarantine", "reject", "--older-than", "30d", "--yes", "--workspace", workspace)
    assert said.out.startswith("1 mail is out of the quarantine.")
    assert [mail.id for mail in quarantined_mails(Workspace(workspace))] == [young]
    assert (
        "Nothing in the quarantine is older" in run("quarantine", "reject", "--older-than", "4w", "--workspace", workspace).out
    )
    for arguments in ((), (young, "--older-than", "30d"), ("--older-than", "soon")):
        assert run("quarantine", "reject", *arguments, "--workspace", workspace).status == 2


def test_rejecting_again_after_a_crash_writes_no_second_row(
    run: Callable[..., Any], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = quarantine(workspace)

    def died(*_all: object) -> None:
        raise WorkError("died")

    with monkeypatch.context() as patch:
        patch.setattr("recado.store.quarantine.take_out", died)
        assert run("quarantine", "reject", mail, "--workspace", workspace).status == 1
    assert run("quarantine", "reject", mail, "--workspace", workspace).status == 0
    assert len(list(rejected(Workspace(workspace)))) == 1


def test_the_va_is_asked_before_anything_is_removed(
    run: Callable[..., Any], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = quarantine(workspace)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.confirm", lambda *_all, **_more: (_ for _ in ()).throw(__import__("click").Abort()))
    said = run("quarantine", "reject", mail, "--workspace", workspace)
    assert said.status == 130
    assert len(names_in_quarantine(workspace)) == 2
