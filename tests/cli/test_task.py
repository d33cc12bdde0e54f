"""`recado task`: made, listed, shown and moved on; what the VA wrote stays as she wrote it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BY_HAND = """\
---
# Jane calls about this one
title: December posts   # three of them
status: doing
colour: [blue, green]
due: 2026-11-28
received: 2026-11-20T08:00:00Z
---
The words.
"""
ANSWER = """\
---
message_id: <2@acme.example>
from: Jane Doe <jane@acme.example>
received: 2026-11-24T08:12:09Z
kind: reply
verified: fail
attachments: [7f3a91c2-brief.pdf]
---
Here is the brief.
"""


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECADO_NOW", "2026-11-24T08:40:00Z")


@pytest.fixture
def task(workspace: Path) -> Path:
    file = workspace / "portal_src" / "acme" / "tasks" / "0042-december-posts.md"
    file.parent.mkdir(parents=True)
    file.write_text(BY_HAND, encoding="utf-8")
    return file


def history(workspace: Path) -> list[str]:
    return (workspace / "portal_src" / "acme" / "history.csv").read_text(encoding="utf-8").splitlines()[1:]


def test_a_new_task_has_a_file_a_row_and_the_next_number(run: Callable[..., Any], workspace: Path) -> None:
    said = run(
        "task", "new", "acme", "Order", "the", "leaflets", "--due", "2026-12-04", "--service", "print", "--workspace", workspace
    )
    assert (said.status, said.out) == (0, "ACME-1 is in portal_src/acme/tasks/0001-order-the-leaflets.md\n")
    data = json.loads(run("task", "new", "acme", "Another", "--json", "--workspace", workspace).out)
    assert (data["ref"], data["status"], data["assignee"]) == ("ACME-2", "accepted", "marta")
    assert history(workspace) == [
        "2026-11-24T08:40:00Z,ACME-1,marta,,accepted",
        "2026-11-24T08:40:00Z,ACME-2,marta,,accepted",
    ]
    (listed,) = json.loads(run("task", "list", "--json", "--workspace", workspace).out)[:1]
    assert (listed["title"], listed["due"], listed["service"]) == ("Order the leaflets", "2026-12-04", "print")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nobody", "x"), "There is no client 'nobody' in clients.yml; there are: acme, beta."),
        (("acme", "x", "--service", "magic"), "There is no service 'magic' in clients.yml; there are: print."),
        (("acme", "x", "--due", "soon"), "--due is 'soon'; expected a day such as 2026-12-04."),
        (("acme", " "), "A task needs a title"),
        (("acme", "bell \a"), "A task needs a title"),
    ],
)
def test_what_no_task_can_be_made_of_is_said_and_no_number_is_given(
    arguments: tuple[str, ...], said: str, run: Callable[..., Any], workspace: Path
) -> None:
    refused = run("task", "new", *arguments, "--workspace", workspace)
    assert refused.status == 2
    assert refused.err.startswith(said)
    assert not (workspace / "portal_src").exists()


@pytest.mark.parametrize(
    "title", ["--- ", "a: b # c", "'quoted\"", "{{ 7*7 }}", "!!python/name:os", "[x]", "two\nlines", "👩‍💻 ñ", "null", "1:30"]
)
def test_any_title_can_be_read_again(title: str, run: Callable[..., Any], workspace: Path) -> None:
    assert run("task", "new", "acme", "--workspace", workspace, "--", title).status == 0
    (listed,) = json.loads(run("task", "list", "--json", "--workspace", workspace).out)
    assert listed["title"] == " ".join(title.split())


@pytest.mark.parametrize(
    ("verb", "status"),
    [
        ("accept", "accepted"),
        ("start", "doing"),
        ("wait", "waiting"),
        ("review", "review"),
        ("approve", "approval"),
        ("done", "done"),
        ("cancel", "cancelled"),
    ],
)
def test_each_verb_writes_its_status_and_one_row(verb: str, status: str, run: Callable[..., Any], workspace: Path) -> None:
    run("task", "new", "acme", "Posts", "--workspace", workspace)
    said = run("task", verb, "acme-1", "--json", "--workspace", workspace)
    assert json.loads(said.out) == [{"ref": "ACME-1", "title": "Posts", "from": "accepted", "to": status}]
    shown = json.loads(run("task", "show", "ACME-1", "--json", "--workspace", workspace).out)
    assert shown["status"] == status
    rows = ["2026-11-24T08:40:00Z,ACME-1,marta,,accepted"]
    if status != "accepted":
        rows.append(f"2026-11-24T08:40:00Z,ACME-1,marta,accepted,{status}")
    assert history(workspace) == rows


def test_done_changes_one_word_of_the_file_and_keeps_comments_and_keys_it_does_not_know(
    run: Callable[..., Any], workspace: Path, task: Path
) -> None:
    said = run("task", "done", "ACME-42", "--workspace", workspace)
    assert said.out == "ACME-42 is now done: December posts\n"
    assert task.read_text(encoding="utf-8") == BY_HAND.replace("status: doing", "status: done")
    again = run("task", "done", "ACME-42", "--workspace", workspace)
    assert (again.status, again.out) == (0, "ACME-42 is done already: December posts\n")
    assert history(workspace) == [
        "2026-11-20T08:00:00Z,ACME-42,hand,,doing",
        "2026-11-24T08:40:00Z,ACME-42,marta,doing,done",
    ]


@pytest.mark.e2e
def test_a_status_changed_in_the_editor_is_noticed_by_the_build(
    run: Callable[..., Any], workspace: Path, task: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("build", "--client", "acme", "--workspace", workspace).status == 0
    task.write_text(BY_HAND.replace("status: doing", "status: done"), encoding="utf-8")
    monkeypatch.setenv("RECADO_NOW", "2026-11-25T10:00:00Z")
    assert run("build", "--client", "acme", "--workspace", workspace).status == 0
    assert run("build", "--client", "acme", "--workspace", workspace).status == 0
    assert history(workspace) == [
        "2026-11-20T08:00:00Z,ACME-42,hand,,doing",
        "2026-11-25T10:00:00Z,ACME-42,hand,doing,done",
    ]


@pytest.mark.parametrize(
    ("ref", "said"),
    [
        ("ACME-7", "There is no task ACME-7. `recado task list --all` shows them all."),
        ("NOPE-1", "No client has the code NOPE; there are: ACME, BETA."),
        ("forty-two", "'forty-two' is no ref; expected one such as ACME-42."),
        ("ACME-0", "'ACME-0' is no ref"),
        ("ACME-", "'ACME-' is no ref"),
    ],
)
def test_a_ref_that_is_none_is_said_and_the_good_one_before_it_stays_as_it_is(
    ref: str, said: str, run: Callable[..., Any], workspace: Path, task: Path
) -> None:
    for command in (("show", ref), ("done", "ACME-42", ref)):
        refused = run("task", *command, "--workspace", workspace)
        assert (refused.status, refused.out) == (2, "")
        assert refused.err.startswith(said)
    assert task.read_text(encoding="utf-8") == BY_HAND


def test_a_list_shows_what_is_open_the_next_due_first(run: Callable[..., Any], workspace: Path, task: Path) -> None:
    del task
    run("task", "new", "beta", "No due day", "--workspace", workspace)
    run("task", "new", "beta", "Due soon", "--due", "2026-11-25", "--workspace", workspace)
    run("task", "new", "beta", "Over", "--workspace", workspace)
    run("task", "done", "BETA-3", "--workspace", workspace)

    def refs(*arguments: str) -> list[str]:
        return [row["ref"] for row in json.loads(run("task", "list", *arguments, "--json", "--workspace", workspace).out)]

    assert refs() == ["BETA-2", "ACME-42", "BETA-1"]
    assert refs("--client", "beta") == ["BETA-2", "BETA-1"]
    assert refs("--status", "done") == ["BETA-3"]
    assert refs("--all") == ["BETA-2", "ACME-42", "BETA-1", "BETA-3"]
    words = run("task", "list", "--workspace", workspace).out
    assert words.splitlines()[0].split() == ["Ref", "Task", "Status", "Due", "Service"]
    assert run("task", "list", "--client", "nobody", "--workspace", workspace).status == 2


def test_a_task_is_shown_with_its_messages_and_what_is_withheld(run: Callable[..., Any], workspace: Path, task: Path) -> None:
    thread = task.with_suffix("")
    thread.mkdir()
    (thread / "20261124T081209Z-7f3a91c2.md").write_text(ANSWER, encoding="utf-8")
    words = run("task", "show", "ACME-42", "--workspace", workspace).out
    for said in (
        "ACME-42 December posts",
        "Due: 2026-11-28",
        "The words.",
        "Here is the brief.",
        "withheld",
        "7f3a91c2-brief.pdf",
    ):
        assert said in words
    (message,) = json.loads(run("task", "show", "ACME-42", "--json", "--workspace", workspace).out)["messages"]
    assert (message["id"], message["withheld"], message["attachments"]) == ("7f3a91c2", True, ["7f3a91c2-brief.pdf"])


def test_an_empty_list_says_how_tasks_come(run: Callable[..., Any], workspace: Path) -> None:
    assert "recado ingest" in run("task", "list", "--workspace", workspace).out


def test_a_list_of_some_tasks_that_is_empty_does_not_say_that_there_are_none(
    run: Callable[..., Any], workspace: Path, task: Path
) -> None:
    del task
    said = "No tasks such as these. `recado task list --all` shows them all.\n"
    for only in (("--client", "beta"), ("--status", "review")):
        assert run("task", "list", *only, "--workspace", workspace).out == said


def test_a_list_says_who_has_answered_and_what_is_withheld(run: Callable[..., Any], workspace: Path, task: Path) -> None:
    thread = task.with_suffix("")
    thread.mkdir()
    answer = ANSWER.replace("verified: fail", "verified: pass").replace("2026-11-24T08:12:09Z", "2026-11-24T09:00:00Z")
    assert run("task", "wait", "ACME-42", "--workspace", workspace).status == 0
    assert "they have answered" not in run("task", "list", "--workspace", workspace).out
    (thread / "20261124T090000Z-7f3a91c3.md").write_text(answer, encoding="utf-8")
    assert "waiting for the client: they have answered" in run("task", "list", "--workspace", workspace).out
    (thread / "20261124T081209Z-7f3a91c2.md").write_text(ANSWER, encoding="utf-8")
    assert "they have answered · 1 message withheld" in run("task", "list", "--workspace", workspace).out


def request(thread: Path, verified: str, text: str = "The words.") -> None:
    thread.mkdir(exist_ok=True)
    asked = ANSWER.replace("kind: reply", "kind: request").replace("verified: fail", f"verified: {verified}")
    (thread / "20261123T081209Z-0a0a0a0a.md").write_text(asked.replace("Here is the brief.", text), encoding="utf-8")


@pytest.mark.parametrize(
    ("of_request", "of_answer", "status", "said"),
    [
        ("fail", "pass", "doing", "doing (withheld)"),
        ("rejected", "pass", "doing", "doing (withheld)"),
        ("pass", "fail", "doing", "doing · 1 message withheld"),
        ("pass", "fail", "done", "done"),
        ("pass", "rejected", "doing", "doing"),
        ("pass", "pass", "doing", "doing"),
    ],
)
def test_a_list_tells_a_task_that_is_off_the_portal_from_one_with_a_message_that_waits(
    run: Callable[..., Any], workspace: Path, task: Path, *, of_request: str, of_answer: str, status: str, said: str
) -> None:
    task.write_text(BY_HAND.replace("status: doing", f"status: {status}"), encoding="utf-8")
    request(task.with_suffix(""), of_request)
    answer = task.with_suffix("") / "20261124T081209Z-7f3a91c2.md"
    answer.write_text(ANSWER.replace("verified: fail", f"verified: {of_answer}"), encoding="utf-8")
    (row,) = run("task", "list", "--all", "--workspace", workspace).out.splitlines()[1:]
    assert row.split("  ")[2].strip() == said


def test_a_task_whose_request_is_withheld_says_so_at_the_top_with_what_to_do(
    run: Callable[..., Any], workspace: Path, task: Path
) -> None:
    request(task.with_suffix(""), "fail")
    lines = run("task", "show", "ACME-42", "--workspace", workspace).out.splitlines()
    assert lines[1].startswith("Your mail server's check failed: this may not be from jane@acme.example")
    assert lines[2:4] == ["  recado message accept 0a0a0a0a", "  recado message reject 0a0a0a0a"]


def test_a_task_with_an_answer_that_waits_says_at_the_top_which(run: Callable[..., Any], workspace: Path, task: Path) -> None:
    request(task.with_suffix(""), "pass")
    (task.with_suffix("") / "20261124T081209Z-7f3a91c2.md").write_text(ANSWER, encoding="utf-8")
    lines = run("task", "show", "ACME-42", "--workspace", workspace).out.splitlines()
    assert lines[1:3] == [
        "1 message is kept from the portal until you have said your word:",
        "  recado message show 7f3a91c2",
    ]


@pytest.mark.parametrize(("text", "times"), [("*The* words.", 0), ("Other words.", 1)])
def test_a_tasks_text_is_shown_beside_its_request_only_where_it_says_more(
    run: Callable[..., Any], workspace: Path, task: Path, text: str, times: int
) -> None:
    request(task.with_suffix(""), "pass", text)
    said = run("task", "show", "ACME-42", "--workspace", workspace).out
    assert said.count("The words.") == times
    assert said.count(text) == 1


@pytest.mark.parametrize(
    ("language", "wanted", "status"),
    [
        ("en", "doing", 0),
        ("en", "Doing ", 0),
        ("en", "for the client's approval", 0),
        ("es", "en marcha", 0),
        ("es", "doing", 0),
    ],
)
def test_a_status_is_found_by_its_word_in_files_and_by_the_one_that_is_shown(
    run: Callable[..., Any],
    workspace: Path,
    task: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    language: str,
    wanted: str,
    status: int,
) -> None:
    assert task.is_file()
    monkeypatch.setenv("RECADO_LANGUAGE", language)
    said = run("task", "list", "--status", wanted, "--json", "--workspace", workspace)
    assert said.status == status
    assert [each["ref"] for each in json.loads(said.out)] == ([] if "approval" in wanted else ["ACME-42"])


def test_a_status_that_is_none_is_refused_with_both_words_of_each(run: Callable[..., Any], workspace: Path) -> None:
    said = run("task", "list", "--status", "begun", "--workspace", workspace)
    assert said.status == 2
    assert "'begun' is no status; expected one of: new, accepted, doing, waiting (waiting for the client)," in said.err


def test_a_wait_without_a_question_says_how_to_ask(run: Callable[..., Any], workspace: Path, task: Path) -> None:
    said = run("task", "wait", "ACME-42", "--workspace", workspace)
    assert said.status == 0
    assert "You have not asked them anything in this thread yet" in said.err
    assert "requests@marta.example" in said.err
    thread = task.with_suffix("")
    thread.mkdir()
    asked = ANSWER.replace("kind: reply", "kind: outgoing").replace("verified: fail", "verified: pass")
    (thread / "20261124T081209Z-7f3a91c2.md").write_text(asked, encoding="utf-8")
    assert run("task", "wait", "ACME-42", "--workspace", workspace).err == ""


def test_one_file_that_cannot_be_read_hides_no_other(run: Callable[..., Any], workspace: Path, task: Path) -> None:
    (task.parent / "0043-broken.md").write_text("---\ntitle: [\n---\n", encoding="utf-8")
    said = run("task", "list", "--workspace", workspace)
    assert said.status == 1
    assert "ACME-42" in said.out
    assert "0043-broken.md:3: this is not YAML" in said.err


def test_a_status_is_read_as_people_write_it(run: Callable[..., Any], workspace: Path, task: Path) -> None:
    task.write_text(BY_HAND.replace("status: doing", "status: Done"), encoding="utf-8")
    (listed,) = json.loads(run("task", "list", "--all", "--json", "--workspace", workspace).out)
    assert listed["status"] == "done"
