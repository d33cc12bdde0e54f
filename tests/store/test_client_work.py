"""One client's files, read: all of them, no one else's, and every mistake at once."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from recado.errors import FileError
from recado.model.client_work import ClientWork, File
from recado.store.client_work import load_client_work, read_client_work
from recado.store.listing import list_client
from recado.store.practice_file import parse_practice

if TYPE_CHECKING:
    from pathlib import Path

    from recado.store.workspace import ClientFolder

PRACTICE = """\
practice:
  name: Clara Vidal
  owner: Clara Vidal
  email: clara@vidal.example
  language: es
  timezone: Europe/Madrid
  country: ES
mailbox: {address: pedidos@vidal.example, host: imap.vidal.example, user: pedidos, password: {env: VIDAL_IMAP}}
clients:
  acme: {code: ACME, name: Acme, senders: ["@acme.example"]}
"""
MESSAGE = "---\nfrom: jane@acme.example\nreceived: {at}\nkind: {kind}\nverified: {verified}\n---\nHello\n"


def load(client: ClientFolder) -> ClientWork:
    return load_client_work(client, parse_practice(PRACTICE).record("acme"))


def problems(client: ClientFolder) -> list[str]:
    with pytest.raises(FileError) as caught:
        load(client)
    return str(caught.value).splitlines()


def put(client: ClientFolder, name: str, text: str) -> Path:
    path = client.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def thread(client: ClientFolder) -> None:
    put(client, "tasks/0042-x.md", "---\ntitle: Posts\n---\n")
    first = MESSAGE.format(at="2026-11-24T08:12:09Z", kind="request", verified="pass")
    put(client, "tasks/0042-x/20261124T081209Z-7f3a91c2.md", first)
    put(client, "tasks/0042-x/files/7f3a91c2-brief.pdf", "pdf")
    put(client, "tasks/0042-x/files/report.pdf", "report")
    put(client, "tasks/0042-x/files/.hidden", "x")
    put(client, "tasks/0042-x/private.md", "hers")


def test_a_thread_holds_its_messages_attachments_and_deliveries(client: ClientFolder) -> None:
    thread(client)
    (found,) = load(client).threads
    assert found.task.title == "Posts"
    assert [message.id for message in found.messages] == ["7f3a91c2"]
    assert found.files == (File("7f3a91c2-brief.pdf", 3, "7f3a91c2"), File("report.pdf", 6, None))
    assert [file.shown_name for file in found.files] == ["brief.pdf", "report.pdf"]


def test_pages_and_the_welcome_are_the_vas_own_words(client: ClientFolder) -> None:
    put(client, "welcome.md", "Welcome!\n")
    put(client, "pages/how-we-work.md", "---\ntitle: How we work\n---\nWords\n")
    put(client, "pages/returns.md", "# Returns #\n\nWords\n")
    put(client, "pages/two-words.md", "Words\n")
    work = load(client)
    assert work.welcome == "Welcome!\n"
    assert [(page.slug, page.title) for page in work.pages] == [
        ("how-we-work", "How we work"),
        ("returns", "Returns"),
        ("two-words", "Two words"),
    ]
    assert work.pages[0].text == "Words\n"


def test_a_client_without_files_is_an_empty_one(client: ClientFolder) -> None:
    work = load(client)
    assert (work.threads, work.changes, work.time, work.invoices, work.pages) == ((), (), (), (), ())
    assert (work.welcome, work.updated) == ("", None)


def test_the_last_update_is_the_newest_instant_that_may_be_shown(client: ClientFolder) -> None:
    thread(client)
    assert load(client).updated == datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC)
    withheld = MESSAGE.format(at="2026-11-25T08:00:00Z", kind="reply", verified="fail")
    put(client, "tasks/0042-x/20261125T080000Z-00000001.md", withheld)
    assert load(client).updated == datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC)
    put(client, "history.csv", "at,ref,by,from,to\n2026-11-26T08:00:00Z,ACME-42,hand,,done\n")
    assert load(client).updated == datetime(2026, 11, 26, 8, tzinfo=UTC)


@pytest.mark.parametrize("kept", ["20261124T081209Z-7f3a91c2.md", "files/report.pdf"])
def test_a_renamed_task_does_not_lose_its_conversation_or_its_files_unnoticed(client: ClientFolder, kept: str) -> None:
    thread(client)
    for other in {"20261124T081209Z-7f3a91c2.md", "files/report.pdf", "files/7f3a91c2-brief.pdf"} - {kept}:
        (client.thread("0042-x") / other).unlink()
    client.task_file("0042-x").rename(client.task_file("0042-posts"))
    (line,) = problems(client)
    assert line.startswith("portal_src/acme/tasks/0042-x:1: this folder has the number of 0042-posts.md, but another name;")
    assert line.endswith("expected the folder to be called 0042-posts")
    client.thread("0042-x").rename(client.thread("0042-posts"))
    (read,) = load(client).threads
    assert len(read.messages) + len(read.files) == 1


def test_a_task_that_notepad_renamed_is_told_once(client: ClientFolder) -> None:
    thread(client)
    client.task_file("0042-x").rename(client.tasks / "0042-x.md.txt")
    expected = "the name of a task's file ends in .md; expected it without .txt"
    assert problems(client) == [f"portal_src/acme/tasks/0042-x.md.txt:1: {expected}"]


def test_a_thread_that_is_only_now_being_filed_is_no_mistake(client: ClientFolder) -> None:
    thread(client)
    client.task_file("0042-x").unlink()
    put(client, "tasks/0043-y.md", "---\ntitle: Other\n---\n")
    assert [thread.task.title for thread in load(client).threads] == ["Other"]


def test_every_mistake_in_every_kind_of_file_is_told_in_one_run(client: ClientFolder) -> None:
    thread(client)
    put(client, "tasks/0043-y.md", "---\ntitle: x\nstatus: finished\n---\n")
    put(client, "tasks/0042-x/20261125T080000Z-00000001.md", "no front matter\n")
    (client.thread("0042-x") / "files" / "folder").mkdir()
    put(client, "history.csv", "at,ref,by,from,to\nx,ACME-42,hand,,new\n")
    put(client, "time/2026-11.csv", "id\n1\n")
    put(client, "invoices/2026-0001.yml", "number: 1\n")
    put(client, "pages/broken.md", "---\ntitle: a: b\n---\nWords\n")
    (client.root / "welcome.md").symlink_to("nowhere.md")
    files = {line.split(":")[0].removeprefix("portal_src/acme/") for line in problems(client)}
    assert files == {
        "tasks/0043-y.md",
        "tasks/0042-x/20261125T080000Z-00000001.md",
        "tasks/0042-x/files/folder",
        "history.csv",
        "time/2026-11.csv",
        "invoices/2026-0001.yml",
        "pages/broken.md",
        "welcome.md",
    }


LINKED_FILES = [
    "tasks/0043-link.md",
    "tasks/0042-x/20261125T080000Z-00000001.md",
    "tasks/0042-x/files/theirs.pdf",
    "welcome.md",
    "pages/theirs.md",
    "history.csv",
    "time/2026-11.csv",
    "invoices/2026-0001.yml",
]
LINKED_FOLDERS = ["pages/theirs.md", "time/2026-11.csv", "invoices/2026-0001.yml"]


@pytest.mark.parametrize(
    ("name", "link"),
    [(name, name) for name in LINKED_FILES] + [(name, name.partition("/")[0]) for name in LINKED_FOLDERS],
)
def test_no_link_brings_in_anything_of_another_clients(client: ClientFolder, name: str, link: str) -> None:
    thread(client)
    theirs = client.root.with_name("other")
    (theirs / name).parent.mkdir(parents=True, exist_ok=True)
    (theirs / name).write_text("their secret\n")
    (client.root / link).parent.mkdir(parents=True, exist_ok=True)
    (client.root / link).symlink_to(theirs / link)
    said = "\n".join(problems(client))
    assert link in said
    assert "link" in said
    assert "their secret" not in said


def test_a_linked_folder_of_files_brings_in_nothing(client: ClientFolder) -> None:
    put(client, "tasks/0042-x.md", "---\ntitle: Posts\n---\n")
    other = client.root.with_name("other") / "files"
    other.mkdir(parents=True)
    (other / "theirs.pdf").write_text("x")
    client.thread("0042-x").mkdir()
    (client.thread("0042-x") / "files").symlink_to(other)
    (said,) = problems(client)
    assert "tasks/0042-x/files:1: this folder is a link; expected the folder itself" in said


def test_a_name_that_is_not_utf8_is_told_and_not_met_by_a_page(client: ClientFolder) -> None:
    thread(client)
    put(client, "pages/how.md", "How")
    for folder in (b"tasks/0042-x/files", b"pages"):
        name = os.path.join(os.fsencode(client.root), folder, b"caf\xe9.md")  # noqa: PTH118 (bytes: no Path takes them)
        with open(name, "wb") as stream:  # noqa: PTH123 (the same)
            stream.write(b"x")
    said = "this name is not UTF-8; expected a name in letters that can be read"
    assert problems(client) == [
        f"portal_src/acme/pages/caf\\xe9.md:1: {said}",
        f"portal_src/acme/tasks/0042-x/files/caf\\xe9.md:1: {said}",
    ]


def test_a_link_to_itself_is_told(client: ClientFolder) -> None:
    client.root.mkdir(parents=True, exist_ok=True)
    client.welcome.symlink_to(client.welcome.name)
    assert problems(client) == [
        "portal_src/acme/welcome.md:1: this link leads out of the client's folder; expected the file itself"
    ]


@pytest.mark.timeout(30)
def test_a_pipe_is_told_and_not_waited_for(client: ClientFolder) -> None:
    client.tasks.mkdir(parents=True, exist_ok=True)
    os.mkfifo(client.tasks / "0001-x.md")
    said = "this is no file of the client's own (a link that leads out, or a folder); expected a file"
    assert problems(client) == [f"portal_src/acme/tasks/0001-x.md:1: {said}"]


BROKEN: dict[str, tuple[str | bytes | None, int, str]] = {
    "tasks/0001-yaml.md": ("---\ntitle: a: b\n---\n", 2, "a second colon stands in this line"),
    "tasks/0002-status.md": ("---\ntitle: x\nstatus: finished\n---\n", 3, "`status` is 'finished'; expected one of new,"),
    "tasks/0042-again.md": ("---\ntitle: x\n---\n", 1, "ACME-42 is already 0042-again-too.md"),
    "tasks/posts.md": ("---\ntitle: x\n---\n", 1, "a task's file name starts with its number"),
    "tasks/0003-merge.md": ("---\n<<<<<<< a\ntitle: x\n=======\ntitle: y\n>>>>>>> b\n---\n", 2, "(a merge conflict)"),
    "tasks/0004-body.md": ("---\ntitle: x\n---\n<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n", 4, "(a merge conflict)"),
    "tasks/0005-ref.md": ("---\ntitle: x\nref: ACME-7\n---\n", 3, "`ref` is ACME-7, but the file's name says ACME-5"),
    "tasks/0006-title.md": ("---\nstatus: done\n---\n", 2, "`title` is missing; expected a value for it"),
    "tasks/0007-open.md": ("---\ntitle: x\n", 1, "the front matter is not closed"),
    "tasks/0008-twice.md": ("---\ntitle: x\ntitle: y\n---\n", 3, "`title` stands here twice (first on line 2)"),
    "tasks/0009-latin.md": (b"---\ntitle: caf\xe9\n---\n", 2, "this is not UTF-8 text; expected the file saved as UTF-8"),
    "tasks/0010-folder.md": (None, 1, "this is a folder; expected a file of that name"),
    "tasks/0012-notepad.md.txt": ("---\ntitle: x\n---\n", 1, "ends in .md; expected it without .txt"),
    "tasks/0011-out.md": ("../../other.md", 1, "this link leads out of the client's folder"),
}


def test_every_kind_of_broken_task_is_told_in_one_run_and_the_rest_is_read(client: ClientFolder) -> None:
    client.root.with_name("other.md").write_text("their secret\n")
    put(client, "tasks/0042-again-too.md", "---\ntitle: Posts\n---\n")
    for name, (content, _line, _said) in BROKEN.items():
        if content is None:
            (client.root / name).mkdir()
        elif name.endswith("out.md"):
            (client.root / name).symlink_to(str(content))
        else:
            (client.root / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    read = read_client_work(client, parse_practice(PRACTICE).record("acme"), list_client(client))
    assert [thread.task.title for thread in read.work.threads] == ["Posts"]
    told = {problem.file.removeprefix("portal_src/acme/"): problem for problem in read.problems}
    assert len(told) == len(read.problems)
    assert {name: (problem.line, BROKEN[name][2] in problem.text) for name, problem in told.items()} == {
        name: (line, True) for name, (_content, line, _said) in BROKEN.items()
    }
    assert problems(client) == [str(problem) for problem in read.problems]
