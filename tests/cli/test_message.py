"""`recado message`: what was withheld is found, and the VA's word decides; nothing else of a message's file ever changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from recado.model.message import Verified

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOW = "2026-11-24T10:00:00Z"
TASK = "---\ntitle: Posts\nstatus: {status}\nreceived: 2026-11-20T08:00:00Z\n---\nThe words.\n"
MESSAGE = """\
---
# kept
message_id: <{id}@acme.example>
from: Jane Doe <jane@acme.example>
received: 2026-11-{day}T08:12:09Z
kind: {kind}
verified: {verified}   # as it came
flags: [no-date, made-up]
attachments: []
---
{text}
"""
HISTORY = "at,ref,by,from,to\n2026-11-20T08:00:00Z,ACME-1,ingest,,new\n2026-11-21T08:00:00Z,ACME-1,marta,new,done\n"


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECADO_NOW", NOW)


@pytest.fixture
def thread(workspace: Path) -> Path:
    tasks = workspace / "portal_src" / "acme" / "tasks"
    (tasks / "0001-posts").mkdir(parents=True)
    (tasks / "0001-posts.md").write_text(TASK.format(status="doing"), encoding="utf-8")
    return tasks / "0001-posts"


def put(thread: Path, digits: str, verified: str, *, day: int = 22, kind: str = "reply", text: str = "One more thing.") -> Path:
    file = thread / f"202611{day}T081209Z-{digits}.md"
    file.write_text(MESSAGE.format(id=digits, day=day, kind=kind, verified=verified, text=text), encoding="utf-8")
    return file


def test_messages_are_listed_the_newest_first_with_what_to_know(run: Callable[..., Any], workspace: Path, thread: Path) -> None:
    put(thread, "aaaaaaaa", "pass", day=20, kind="request")
    put(thread, "bbbbbbbb", "fail", day=22)
    said = run("message", "list", "--workspace", workspace)
    assert said.status == 0
    lines = said.out.splitlines()
    assert [line.split()[0] for line in lines] == ["ID", "bbbbbbbb", "aaaaaaaa"]
    assert lines[1].endswith("22 Nov 09:12  Jane Doe  One more thing.  withheld, no date, made-up")
    assert lines[2].endswith("One more thing.  no date, made-up")
    assert len(json.loads(run("message", "list", "--limit", 1, "--json", "--workspace", workspace).out)) == 1


def test_what_is_withheld_is_found_alone_until_the_va_says_her_word(
    run: Callable[..., Any], workspace: Path, thread: Path
) -> None:
    put(thread, "aaaaaaaa", "pass")
    put(thread, "bbbbbbbb", "fail")
    put(thread, "cccccccc", "rejected", text="it says fail")
    (found,) = json.loads(run("message", "list", "--withheld", "--json", "--workspace", workspace).out)
    assert (found["id"], found["ref"], found["client"], found["withheld"]) == ("bbbbbbbb", "ACME-1", "acme", True)
    assert run("message", "accept", "bbbb", "--workspace", workspace).status == 0
    assert run("message", "list", "--withheld", "--workspace", workspace).out == "No message waits for your word.\n"


def test_lists_are_of_one_client_or_of_one_task(run: Callable[..., Any], workspace: Path, thread: Path) -> None:
    put(thread, "aaaaaaaa", "pass")

    def listed(*arguments: str) -> list[str]:
        return [each["id"] for each in json.loads(run("message", "list", *arguments, "--json", "--workspace", workspace).out)]

    assert listed("--client", "acme") == ["aaaaaaaa"]
    assert listed("--client", "beta") == []
    assert listed("--task", "ACME-1") == ["aaaaaaaa"]
    for slip in (("--task", "ACME-2"), ("--task", "ACME-1", "--client", "beta")):
        said = run("message", "list", *slip, "--workspace", workspace)
        assert said.status == 2
        assert "There is no task ACME-2" in said.err or "ACME-1 is a task of acme, not of beta." in said.err
    assert run("message", "list", "--client", "nobody", "--workspace", workspace).status == 2


@pytest.mark.parametrize(
    ("before", "word", "after", "said"),
    [
        ("fail", "accept", "accepted", "the portal shows it"),
        ("none", "accept", "accepted", "the portal shows it"),
        ("rejected", "accept", "accepted", "the portal shows it"),
        ("pass", "accept", "pass", "is believed already"),
        ("accepted", "accept", "accepted", "already"),
        ("fail", "reject", "rejected", "the portal never shows it"),
        ("accepted", "reject", "rejected", "the portal never shows it"),
        ("rejected", "reject", "rejected", "already"),
    ],
)
def test_the_word_is_written_and_every_other_byte_stays(
    run: Callable[..., Any], workspace: Path, thread: Path, *, before: str, word: str, after: str, said: str
) -> None:
    file = put(thread, "aaaaaaaa", before)
    text = file.read_text(encoding="utf-8")
    answer = run("message", word, "aaaaaaaa", "--workspace", workspace)
    assert (answer.status, said in answer.out) == (0, True)
    assert file.read_text(encoding="utf-8") == text.replace(f"verified: {before}", f"verified: {after}")
    assert ("recado build" in answer.out) is (before != after)
    assert Verified(after)


@pytest.mark.parametrize(
    ("day", "text", "is_open"),
    [(22, "One more thing.", True), (22, "Thank you!", False), (20, "Sent before it was done.", False)],
)
def test_an_accepted_answer_opens_what_is_done_by_the_rule_of_ingest(
    run: Callable[..., Any],
    workspace: Path,
    thread: Path,
    *,
    day: int,
    text: str,
    is_open: bool,
) -> None:
    task = thread.with_suffix(".md")
    task.write_text(TASK.format(status="done"), encoding="utf-8")
    (workspace / "portal_src" / "acme" / "history.csv").write_text(HISTORY, encoding="utf-8")
    put(thread, "aaaaaaaa", "fail", day=day, text=text)
    said = run("message", "accept", "aaaaaaaa", "--workspace", workspace)
    assert said.status == 0
    assert ("ACME-1 was done, and is open again." in said.out) is is_open
    assert ("status: new" in task.read_text(encoding="utf-8")) is is_open
    rows = (workspace / "portal_src" / "acme" / "history.csv").read_text(encoding="utf-8")
    assert (f"{NOW},ACME-1,marta,done,new" in rows) is is_open


def test_a_message_is_shown_with_its_commands_while_it_waits(run: Callable[..., Any], workspace: Path, thread: Path) -> None:
    put(thread, "aaaaaaaa", "fail")
    said = run("message", "show", "aaaaaaaa", "--workspace", workspace)
    assert "Sender: withheld: the check failed" in said.out
    assert "One more thing." in said.out
    assert "Your mail server's check failed: this may not be from jane@acme.example" in said.out
    assert "Ask them first, by another way than mail." in said.out
    assert "  recado message accept aaaaaaaa\n" in said.out
    data = json.loads(run("message", "show", "aaaaaaaa", "--json", "--workspace", workspace).out)
    assert (data["text"], data["verified"]) == ("One more thing.", "fail")


def test_a_rejected_message_says_the_way_back_and_a_request_what_to_do_with_its_task(
    run: Callable[..., Any], workspace: Path, thread: Path
) -> None:
    put(thread, "aaaaaaaa", "fail", kind="request")
    put(thread, "bbbbbbbb", "fail")
    assert "recado task cancel" not in run("message", "reject", "bbbb", "--workspace", workspace).out
    said = run("message", "reject", "aaaa", "--workspace", workspace).out.splitlines()
    assert said[1:] == [
        "If ACME-1, which it began, is no longer needed: recado task cancel ACME-1",
        "`recado build` brings the portal up to date.",
    ]
    shown = run("message", "show", "aaaa", "--workspace", workspace).out
    assert "If it is theirs after all:\n  recado message accept aaaaaaaa\n" in shown
    assert "recado message reject" not in shown


@pytest.mark.parametrize(("language", "when"), [("en", "22 Nov 09:12"), ("es", "22 nov 09:12"), ("xx", "22 Nov 09:12")])
def test_a_list_on_a_terminal_of_80_columns_has_one_line_a_message(
    run: Callable[..., Any],
    workspace: Path,
    thread: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    language: str,
    when: str,
) -> None:
    monkeypatch.setenv("RECADO_LANGUAGE", language)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("recado.cli.output.is_terminal", lambda: True)
    for number in range(1, 6):
        put(thread, f"aaaaaaa{number}", "pass", text="A subject that is quite a bit longer than the terminal is wide, " * 2)
    lines = run("message", "list", "--workspace", workspace).out.splitlines()
    assert len(lines) <= 11
    assert all(len(line) <= 80 for line in lines)
    assert lines[1].startswith(f"aaaaaaa5  ACME-1  {when}  Jane Doe  A subject")
    assert "…" in lines[1]


@pytest.mark.parametrize(
    ("named", "said"), [("ffff", "There is no message"), ("aaa", "at least 4 digits"), ("aaaa", "several")]
)
def test_an_id_that_names_none_or_several_is_said_and_nothing_written(
    run: Callable[..., Any], workspace: Path, thread: Path, named: str, said: str
) -> None:
    files = [put(thread, "aaaaaaaa", "fail"), put(thread, "aaaaaaab", "fail")]
    before = [file.read_bytes() for file in files]
    answer = run("message", "accept", "aaaaaaab", named, "--workspace", workspace)
    assert answer.status == 2
    assert said in answer.err
    assert [file.read_bytes() for file in files] == before


def test_a_message_that_cannot_be_read_is_told_with_the_others_listed(
    run: Callable[..., Any], workspace: Path, thread: Path
) -> None:
    put(thread, "aaaaaaaa", "pass")
    put(thread, "bbbbbbbb", "nonsense")
    said = run("message", "list", "--workspace", workspace)
    assert said.status == 1
    assert "aaaaaaaa" in said.out
    assert "expected one of pass, fail" in said.err
