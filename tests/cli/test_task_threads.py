"""`recado task merge` and `split`: nothing is lost, doubled or overwritten, whatever dies in between."""

from __future__ import annotations

import json
import os
import shutil
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from recado.model.ref import Ref
from recado.store.messages import read_messages
from recado.store.practice_file import load_practice
from recado.store.tasks import find_task, read_tasks
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from recado.model.message import Message

NOW = "2026-11-24T10:00:00Z"
TASK = "---\ntitle: {title}\nstatus: {status}\nreceived: 2026-11-20T08:00:00Z\n---\nThe words of {title}.\n"
MESSAGE = """\
---
message_id: <{id}@acme.example>
digest: sha256:{id}
from: Jane Doe <jane@acme.example>
received: 2026-11-{day}T08:12:09Z
kind: {kind}
verified: {verified}
mine: kept   # by hand
attachments: [{attachments}]
subject: "Re: About {id}"
---
Text of {id} in {thread}.
"""


class DiedError(BaseException):
    """The process died here: nothing in it could say so."""


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECADO_NOW", NOW)


@pytest.fixture
def tasks(workspace: Path) -> Path:
    """ACME-1 with two messages, a file of one, and a delivery; ACME-2 with a message and a delivery of that name."""
    folder = workspace / "portal_src" / "acme" / "tasks"
    for name, title in (("0001-posts", "Posts"), ("0002-texts", "Texts")):
        (folder / name / "files").mkdir(parents=True)
        (folder / f"{name}.md").write_text(TASK.format(title=title, status="doing"), encoding="utf-8")
        (folder / name / "files" / "report.pdf").write_text(f"report of {title}", encoding="utf-8")
        (folder / name / "private.md").write_text(f"My notes on {title}.\n", encoding="utf-8")
    put(folder / "0001-posts", "aaaaaaaa", 20, kind="request", attachment="brief.pdf")
    put(folder / "0001-posts", "bbbbbbbb", 22)
    put(folder / "0002-texts", "cccccccc", 21, kind="request")
    return folder


def put(thread: Path, digits: str, day: int, *, kind: str = "reply", verified: str = "pass", attachment: str = "") -> Path:
    name = f"{digits}-{attachment}" if attachment else ""
    if name:
        (thread / "files" / name).write_text(f"file of {thread.name}", encoding="utf-8")
    file = thread / f"202611{day}T081209Z-{digits}.md"
    text = MESSAGE.format(id=digits, day=day, kind=kind, verified=verified, attachments=name, thread=thread.name)
    file.write_text(text, encoding="utf-8")
    return file


def messages(workspace: Path, name: str) -> tuple[Message, ...]:
    return read_messages(Workspace(workspace).client("acme"), name, [])


def all_messages(workspace: Path) -> list[str]:
    client = Workspace(workspace).client("acme")
    found = [message.text for task in read_tasks(client, "ACME", []) for message in read_messages(client, task.name, [])]
    assert len(found) == len({*found}), "doubled"
    return sorted(found)


class Mortal:
    """A process that dies before its `last`-th change of the disk, on a workspace as it was at the beginning."""

    def __init__(self, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.workspace = workspace
        self.pristine = shutil.copytree(workspace, workspace.with_name("pristine"))
        self.monkeypatch = monkeypatch

    def lives(self) -> Iterator[Callable[[Callable[[], Any]], bool]]:
        """Give, for each change of the disk, what does something and dies there; that tells whether it died."""
        for last in range(200):
            shutil.rmtree(self.workspace)
            shutil.copytree(self.pristine, self.workspace)
            yield partial(self._died, last)

    def _died(self, last: int, work: Callable[[], Any]) -> bool:
        changes = 0

        def mortal(name: str) -> Callable[..., Any]:
            real = getattr(os, name)

            def change(*arguments: Any, **more: Any) -> Any:
                nonlocal changes
                if changes == last:
                    raise DiedError(name)
                changes += 1
                return real(*arguments, **more)

            return change

        with self.monkeypatch.context() as patch:
            for name in ("rename", "replace", "link", "unlink", "rmdir", "mkdir"):
                patch.setattr(os, name, mortal(name))
            try:
                work()
            except DiedError:
                return True
        return False


def test_a_merge_moves_all_and_overwrites_nothing(run: Callable[..., Any], workspace: Path, tasks: Path) -> None:
    said = run("task", "merge", "ACME-1", "ACME-2", "--workspace", workspace)
    assert (said.status, said.out) == (0, "ACME-1 is merged into ACME-2: 2 messages moved. ACME-1 is cancelled.\n")
    merged = messages(workspace, "0002-texts")
    assert [(m.id, m.kind, m.attachments) for m in merged] == [
        ("aaaaaaaa", "reply", ("aaaaaaaa-brief.pdf",)),
        ("cccccccc", "request", ()),
        ("bbbbbbbb", "reply", ()),
    ]
    files = {path.name: path.read_text(encoding="utf-8") for path in (tasks / "0002-texts" / "files").iterdir()}
    assert files == {
        "aaaaaaaa-brief.pdf": "file of 0001-posts",
        "report.pdf": "report of Texts",
        "report-2.pdf": "report of Posts",
    }
    notes = (tasks / "0002-texts" / "private.md").read_text(encoding="utf-8")
    assert notes == "My notes on Texts.\n\n---\n\nACME-1:\n\nMy notes on Posts.\n"
    assert not (tasks / "0001-posts").exists()
    text = (tasks / "0001-posts.md").read_text(encoding="utf-8")
    assert "status: cancelled" in text
    assert "merged: ACME-2" in text
    assert text.endswith("The words of Posts.\n\nIt goes on in ACME-2.\n")
    assert (tasks / "0002-texts.md").read_text(encoding="utf-8") == TASK.format(title="Texts", status="doing")
    history = (tasks.parent / "history.csv").read_text(encoding="utf-8")
    assert f"{NOW},ACME-1,marta,doing,cancelled" in history
    assert "mine: kept   # by hand" in (tasks / "0002-texts" / "20261120T081209Z-aaaaaaaa.md").read_text(encoding="utf-8")


def test_a_message_whose_digits_are_taken_gets_others_and_its_files_with_it(
    run: Callable[..., Any], workspace: Path, tasks: Path
) -> None:
    put(tasks / "0002-texts", "aaaaaaaa", 23, attachment="brief.pdf")
    file = tasks / "0001-posts" / "20261120T081209Z-aaaaaaaa.md"
    file.write_text(file.read_text(encoding="utf-8") + "![b](files/aaaaaaaa-brief.pdf)\n", encoding="utf-8")
    assert run("task", "merge", "ACME-1", "ACME-2", "--workspace", workspace).status == 0
    by_id = {message.id: message for message in messages(workspace, "0002-texts")}
    assert by_id["aaaaaaaa"].attachments == ("aaaaaaaa-brief.pdf",)
    assert by_id["aaaaaaab"].attachments == ("aaaaaaab-brief.pdf",)
    assert by_id["aaaaaaab"].text.endswith("![b](files/aaaaaaab-brief.pdf)")
    files = tasks / "0002-texts" / "files"
    assert (files / "aaaaaaaa-brief.pdf").read_text(encoding="utf-8") == "file of 0002-texts"
    assert (files / "aaaaaaab-brief.pdf").read_text(encoding="utf-8") == "file of 0001-posts"


def test_whatever_dies_in_a_merge_the_same_command_finishes_it(
    run: Callable[..., Any], workspace: Path, tasks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tasks / "0002-texts", "aaaaaaaa", 23, attachment="brief.pdf")
    everything = all_messages(workspace)
    deaths = 0
    for died in Mortal(workspace, monkeypatch).lives():
        if not died(lambda: run("task", "merge", "ACME-1", "ACME-2", "--workspace", workspace)):
            break
        deaths += 1
        assert all_messages(workspace) == everything
        assert run("task", "merge", "ACME-1", "ACME-2", "--workspace", workspace).status == 0
        assert all_messages(workspace) == everything
        assert [message.id for message in messages(workspace, "0002-texts")] == ["aaaaaaab", "cccccccc", "bbbbbbbb", "aaaaaaaa"]
        assert sorted(path.name for path in (tasks / "0002-texts" / "files").iterdir() if path.name[0] != ".") == [
            "aaaaaaaa-brief.pdf",
            "aaaaaaab-brief.pdf",
            "report-2.pdf",
            "report.pdf",
        ]
        assert (tasks / "0002-texts" / "private.md").read_text(encoding="utf-8").count("My notes on Posts.") == 1
        text = (tasks / "0001-posts.md").read_text(encoding="utf-8")
        assert (text.count("It goes on in ACME-2."), "status: cancelled" in text) == (1, True)
        assert (tasks.parent / "history.csv").read_text(encoding="utf-8").count(",cancelled\n") == 1
    assert deaths > 15


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ACME-1", "ACME-1"), "cannot be merged into itself"),
        (("ACME-1", "BETA-1"), "what two clients wrote never stands together"),
        (("ACME-1", "ACME-9"), "There is no task ACME-9"),
        (("ACME-9", "ACME-1"), "There is no task ACME-9"),
    ],
)
def test_a_merge_that_makes_no_sense_is_refused(
    run: Callable[..., Any], workspace: Path, tasks: Path, arguments: tuple[str, str], said: str
) -> None:
    run("task", "new", "beta", "Other", "--workspace", workspace)
    before = {path: path.read_bytes() for path in tasks.rglob("*") if path.is_file()}
    answer = run("task", "merge", *arguments, "--workspace", workspace)
    assert answer.status == 2
    assert said in answer.err
    assert {path: path.read_bytes() for path in tasks.rglob("*") if path.is_file()} == before


def test_a_task_that_went_into_another_goes_into_no_third(run: Callable[..., Any], workspace: Path, tasks: Path) -> None:
    run("task", "new", "acme", "Third", "--workspace", workspace)
    assert run("task", "merge", "ACME-1", "ACME-2", "--workspace", workspace).status == 0
    assert "merged into ACME-2 already" in run("task", "merge", "ACME-1", "ACME-3", "--workspace", workspace).err
    assert "merged into ACME-2 already" in run("task", "merge", "ACME-3", "ACME-1", "--workspace", workspace).err
    assert run("task", "merge", "ACME-1", "ACME-2", "--workspace", workspace).status == 0
    client = Workspace(workspace).client("acme")
    assert str(find_task(client, Ref("ACME", 1))[0].merged_into) == "ACME-2"
    assert find_task(client, Ref("ACME", 2))[0].merged_into is None
    assert tasks.is_dir()


@pytest.mark.parametrize(("withheld", "said"), [("0001-posts", "ACME-1 began with a mail"), ("0002-texts", "ACME-2 began")])
def test_what_a_withheld_mail_began_is_not_merged_for_its_words_would_be_shown(
    run: Callable[..., Any], workspace: Path, tasks: Path, withheld: str, said: str
) -> None:
    put(tasks / withheld, "99999999", 11, kind="request", verified="fail")
    answer = run("task", "merge", "ACME-1", "ACME-2", "--workspace", workspace)
    assert answer.status == 2
    assert said in answer.err
    assert "recado message accept 99999999" in answer.err


def test_a_split_makes_a_task_of_one_message(run: Callable[..., Any], workspace: Path, tasks: Path) -> None:
    put(tasks / "0001-posts", "dddddddd", 23, attachment="more.pdf")
    said = run("task", "split", "ACME-1", "dddd", "--json", "--workspace", workspace)
    data = json.loads(said.out)
    assert (data["ref"], data["messages"]) == ("ACME-3", 1)
    (task,) = (each for each in read_tasks(Workspace(workspace).client("acme"), "ACME", []) if each.ref.number == 3)
    assert (task.title, task.status, str(task.requester)) == ("About dddddddd", "new", "Jane Doe <jane@acme.example>")
    assert task.body == "Text of dddddddd in 0001-posts.\n"
    (message,) = messages(workspace, task.name)
    assert (message.kind, message.attachments) == ("request", ("dddddddd-more.pdf",))
    assert (tasks / task.name / "files" / "dddddddd-more.pdf").is_file()
    assert not (tasks / "0001-posts" / "files" / "dddddddd-more.pdf").exists()
    assert [message.id for message in messages(workspace, "0001-posts")] == ["aaaaaaaa", "bbbbbbbb"]
    assert "2026-11-23T08:12:09Z,ACME-3,marta,,new" in (tasks.parent / "history.csv").read_text(encoding="utf-8")


def test_a_split_takes_what_followed_where_it_is_told_to(run: Callable[..., Any], workspace: Path, tasks: Path) -> None:
    put(tasks / "0001-posts", "dddddddd", 23)
    said = run("task", "split", "ACME-1", "bbbb", "--following", "--title", "Another matter", "--workspace", workspace)
    place = "ACME-3 is in portal_src/acme/tasks/0003-another-matter.md\n"
    assert said.out == f"2 messages moved from ACME-1 into ACME-3.\n{place}"
    again = run("task", "split", "ACME-1", "bbbb", "--following", "--title", "Another matter", "--workspace", workspace)
    assert again.out == f"It was split off before. Nothing was moved now.\n{place}"
    assert [(m.id, m.kind) for m in messages(workspace, "0003-another-matter")] == [
        ("bbbbbbbb", "request"),
        ("dddddddd", "reply"),
    ]
    assert [message.id for message in messages(workspace, "0001-posts")] == ["aaaaaaaa"]


def test_a_message_that_was_merged_back_is_split_off_into_a_task_of_its_own_again(
    run: Callable[..., Any], workspace: Path, tasks: Path
) -> None:
    run("task", "split", "ACME-1", "bbbb", "--title", "Another matter", "--workspace", workspace)
    run("task", "merge", "ACME-3", "ACME-1", "--workspace", workspace)
    said = run("task", "split", "ACME-1", "bbbb", "--title", "Another matter", "--workspace", workspace)
    assert said.out == "1 message moved from ACME-1 into ACME-4.\nACME-4 is in portal_src/acme/tasks/0004-another-matter.md\n"
    assert [message.id for message in messages(workspace, "0004-another-matter")] == ["bbbbbbbb"]
    assert "status: new" in (tasks / "0004-another-matter.md").read_text(encoding="utf-8")


def test_a_message_of_a_split_off_task_that_was_cancelled_is_split_off_no_second_time(
    run: Callable[..., Any], workspace: Path, tasks: Path
) -> None:
    run("task", "split", "ACME-1", "bbbb", "--title", "Another matter", "--workspace", workspace)
    run("task", "cancel", "ACME-3", "--workspace", workspace)
    said = run("task", "split", "ACME-1", "bbbb", "--workspace", workspace)
    assert said.status == 2
    assert len(list(tasks.glob("*.md"))) == 3


@pytest.mark.parametrize("is_numbered_anew", [False, True])
def test_half_a_rename_that_a_power_cut_leaves_doubles_nothing(
    *, run: Callable[..., Any], workspace: Path, tasks: Path, is_numbered_anew: bool
) -> None:
    everything = all_messages(workspace)
    name = "20261122T081209Z-bbbbbbb" + ("c" if is_numbered_anew else "b")
    os.link(tasks / "0001-posts" / "20261122T081209Z-bbbbbbbb.md", tasks / "0002-texts" / f"{name}.md")
    assert run("task", "merge", "ACME-1", "ACME-2", "--workspace", workspace).status == 0
    assert all_messages(workspace) == everything


def test_whatever_dies_in_a_split_the_same_command_finishes_it_with_one_new_task(
    run: Callable[..., Any], workspace: Path, tasks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tasks / "0001-posts", "dddddddd", 23, attachment="more.pdf")
    everything = all_messages(workspace)
    deaths = 0
    for died in Mortal(workspace, monkeypatch).lives():
        if not died(lambda: run("task", "split", "ACME-1", "bbbb", "--following", "--workspace", workspace)):
            break
        deaths += 1
        on_disk = [path.stem for path in tasks.rglob("2026*Z-*.md")]
        assert len(on_disk) == len({*on_disk}) == len(everything)
        assert run("task", "split", "ACME-1", "bbbb", "--following", "--workspace", workspace).status == 0
        assert all_messages(workspace) == everything
        assert len(read_tasks(Workspace(workspace).client("acme"), "ACME", [])) == 3
        (new,) = (path for path in tasks.glob("*-about-bbbbbbbb.md"))
        assert [message.id for message in messages(workspace, new.stem)] == ["bbbbbbbb", "dddddddd"]
        assert [path.name for path in (tasks / new.stem / "files").iterdir()] == ["dddddddd-more.pdf"]
        assert (tasks.parent / "history.csv").read_text(encoding="utf-8").count(",new\n") == 1
        assert sorted(path.name for path in (tasks / "0001-posts" / "files").iterdir()) == ["aaaaaaaa-brief.pdf", "report.pdf"]
    assert deaths > 10


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ACME-2", "cccc"), "has no other message"),
        (("ACME-1", "aaaa", "--following"), "has no other message"),
        (("ACME-1", "cccc"), "cccccccc is in ACME-2, not in ACME-1."),
        (("ACME-1", "ffff"), "There is no message"),
    ],
)
def test_a_split_that_makes_no_sense_is_refused_and_no_number_given(
    run: Callable[..., Any], workspace: Path, tasks: Path, arguments: tuple[str, ...], said: str
) -> None:
    answer = run("task", "split", *arguments, "--workspace", workspace)
    assert answer.status == 2
    assert said in answer.err
    assert not (tasks / ".highest").exists()


def test_the_withheld_mail_that_began_a_task_is_not_split_off_but_a_withheld_answer_is(
    run: Callable[..., Any], workspace: Path, tasks: Path
) -> None:
    put(tasks / "0002-texts", "dddddddd", 23, verified="fail")
    assert run("task", "split", "ACME-2", "dddd", "--workspace", workspace).status == 0
    (message,) = messages(workspace, "0003-about-dddddddd")
    assert (message.kind, message.is_withheld) == ("request", True)
    put(tasks / "0001-posts", "99999999", 11, kind="request", verified="fail")
    answer = run("task", "split", "ACME-1", "9999", "--workspace", workspace)
    assert answer.status == 2
    assert "kept from the portal" in answer.err


def test_a_second_merge_says_that_it_was_merged_before(run: Callable[..., Any], workspace: Path, tasks: Path) -> None:
    assert run("task", "merge", "ACME-1", "ACME-2", "--workspace", workspace).status == 0
    before = (tasks / "0001-posts.md").read_bytes()
    said = run("task", "merge", "ACME-1", "ACME-2", "--workspace", workspace)
    assert (said.status, said.out) == (0, "ACME-1 was merged into ACME-2 before. Nothing was changed.\n")
    assert (tasks / "0001-posts.md").read_bytes() == before
    assert json.loads(run("task", "merge", "ACME-1", "ACME-2", "--json", "--workspace", workspace).out)["was_merged"] is True


@pytest.mark.parametrize("verb", ["accept", "start", "wait", "review", "approve", "done", "cancel"])
def test_a_merged_task_is_moved_on_no_more_and_says_where_it_goes_on(
    run: Callable[..., Any], workspace: Path, tasks: Path, verb: str
) -> None:
    run("task", "merge", "ACME-1", "ACME-2", "--workspace", workspace)
    before = (tasks / "0001-posts.md").read_bytes()
    said = run("task", verb, "ACME-2", "ACME-1", "--workspace", workspace)
    assert said.status == 2
    assert said.err.startswith("ACME-1 goes on in ACME-2")
    assert (tasks / "0001-posts.md").read_bytes() == before
    assert "status: doing" in (tasks / "0002-texts.md").read_text(encoding="utf-8")
    assert "goes on in ACME-2" in run("task", "list", "--all", "--workspace", workspace).out
    assert "It goes on in ACME-2." in run("task", "show", "ACME-1", "--workspace", workspace).out.splitlines()[1]


def test_answers_to_a_merged_tasks_mails_find_the_other(run: Callable[..., Any], workspace: Path, tasks: Path) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415

    from ingest.intake import Arrived, Intake  # noqa: PLC0415

    assert tasks.is_dir()
    assert run("task", "merge", "ACME-1", "ACME-2", "--workspace", workspace).status == 0
    space = Workspace(workspace)
    answer = b"From: jane@acme.example\r\nMessage-ID: <n@x>\r\nIn-Reply-To: <bbbbbbbb@acme.example>\r\n"
    outcome = Intake(space, load_practice(space)).take(Arrived(answer + b"\r\nMore.\r\n", datetime(2026, 11, 24, tzinfo=UTC)))
    assert (outcome.became, outcome.where) == ("reply", "ACME-2")
