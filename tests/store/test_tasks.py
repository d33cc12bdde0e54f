"""Tasks: written and read again they are equal; every mistake is told with file and line; no edit made meanwhile is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.model.address import Person
from recado.model.ref import Ref
from recado.model.status import Status
from recado.model.task import Task
from recado.store.tasks import parse_task, read_tasks, task_files, write_task

if TYPE_CHECKING:
    from pathlib import Path

    from recado.errors import Problem
    from recado.store.workspace import ClientFolder

RECEIVED = datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC)
FULL = """\
---
ref: ACME-42
title: December posts
status: new
important: false
urgent: false
service: social-media
received: 2026-11-24T08:12:09Z
due: 2026-11-28
estimate: 2h30m
requester: Jane Doe <jane@acme.example>
assignee: marta
message: <CAF3@mail.acme.example>
---
Posts for December.
"""
TASK = Task(
    ref=Ref("ACME", 42),
    name="0042-december-posts",
    title="December posts",
    service="social-media",
    received=RECEIVED,
    due=date(2026, 11, 28),
    estimate=150,
    requester=Person("Jane Doe", "jane@acme.example"),
    assignee="marta",
    message="<CAF3@mail.acme.example>",
    body="Posts for December.\n",
)

titles = st.one_of(
    st.sampled_from(
        [
            "template: x",
            "---",
            "a\n---\nstatus: done",
            "{{ secrets }}",
            "{% raw %}",
            "\"quoted\" 'twice'",
            "# heading",
            "colon: and # hash",
            "🌱 seedlings 👩🏽‍💻",
            "   leading spaces",
            "!!python/object/apply:os.system [ls]",
            "- item",
            "<img src=x onerror=alert(1)>",
            "null",
            "NO",
            "\x00\x1b[31m",
            "\u202egnp.exe",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
).filter(lambda title: bool(title.strip()))
words = st.one_of(st.none(), titles.map(str.strip))
names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(str.strip)
people = st.builds(
    Person, names.filter(lambda name: not (name.startswith('"') and name.endswith('"'))), st.just("jane@acme.example")
)
instants = st.integers(-2208988800, 221845392000).map(  # the years 1900 to 8999
    lambda seconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
made_tasks = st.builds(
    Task,
    ref=st.just(Ref("ACME", 42)),
    name=st.just("0042-x"),
    title=titles.map(str.strip),
    status=st.sampled_from(Status),
    important=st.booleans(),
    urgent=st.booleans(),
    service=words,
    received=st.one_of(st.none(), instants),
    due=st.one_of(st.none(), st.dates(date(1900, 1, 1), date(8999, 12, 31)), instants),
    estimate=st.one_of(st.none(), st.integers(1, 9999)),
    requester=st.one_of(st.none(), people),
    assignee=words,
    message=words,
    merged_into=st.one_of(st.none(), st.just(Ref("ACME", 7))),
    body=st.text(st.characters(exclude_categories=["Cs"])).filter(lambda body: "<<<<<<< " not in body),
)


def read(name: str, text: str) -> tuple[Task | None, list[str]]:
    problems: list[Problem] = []
    return parse_task(name, text, "ACME", f"tasks/{name}.md", problems), [str(problem) for problem in problems]


def put(client: ClientFolder, name: str, text: str | bytes) -> Path:
    path = client.tasks / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read_all(client: ClientFolder) -> tuple[tuple[Task, ...], list[str]]:
    problems: list[Problem] = []
    return read_tasks(client, "ACME", problems), [str(problem) for problem in problems]


def test_a_full_task_is_read() -> None:
    assert read("0042-december-posts", FULL) == (TASK, [])


def test_a_task_is_written_a_key_a_line_in_the_order_people_know() -> None:
    assert write_task(TASK) == FULL


@given(made_tasks)
def test_a_task_written_and_read_again_is_the_same(task: Task) -> None:
    assert read(task.name, write_task(task)) == (task, [])


def test_leading_and_trailing_spaces_are_no_part_of_a_title() -> None:
    task, problems = read("0042-x", write_task(Task(Ref("ACME", 42), "0042-x", "  spaced  ")))
    assert not problems
    assert task is not None
    assert task.title == "spaced"


def test_a_task_written_by_hand_needs_a_title_and_a_number_alone() -> None:
    assert read("7-call", "---\ntitle: Call them\n---\n") == (Task(Ref("ACME", 7), "7-call", "Call them"), [])


def test_keys_with_nothing_behind_them_are_as_good_as_left_out() -> None:
    text = "---\ntitle: Call\ndue:\nestimate:\nservice:\nassignee: \nrequester: ~\nreceived: null\nstatus:\n---\n"
    assert read("7", text) == (Task(Ref("ACME", 7), "7", "Call"), [])


def test_keys_the_program_does_not_know_are_no_mistake() -> None:
    assert read("7", "---\ntitle: Call\ntemplate: evil.html\nhide: [navigation]\ncolour: {a: b}\n---\n")[1] == []


def test_a_name_alone_is_a_requester_too() -> None:
    task, _problems = read("7", "---\ntitle: Call\nrequester: Jane\n---\n")
    assert task is not None
    assert task.requester == Person("Jane", "")


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ("2026-11-28", date(2026, 11, 28)),
        ("2026-11-28T17:00+11:00", datetime(2026, 11, 28, 6, tzinfo=UTC)),
        ("2026-11-28 17:00 Australia/Sydney", datetime(2026, 11, 28, 6, tzinfo=UTC)),
        ("'2026-11-28T17:00:00Z'", datetime(2026, 11, 28, 17, tzinfo=UTC)),
    ],
)
def test_a_due_date_is_a_day_or_an_instant(due: str, expected: date) -> None:
    task, problems = read("7", f"---\ntitle: Call\ndue: {due}\n---\n")
    assert not problems
    assert task is not None
    assert task.due == expected


MISTAKES = [
    ("0042-x", "Just words\n", 1, "`title` is missing; expected a value for it"),
    ("0042-x", "---\nstatus: new\n---\n", 2, "`title` is missing"),
    ("0042-x", "---\ntitle:\n---\n", 2, "`title` is missing"),
    (
        "0042-x",
        "---\ntitle: x\nstatus: finished\n---\n",
        3,
        "`status` is 'finished'; expected one of new, accepted, doing, waiting",
    ),
    ("0042-x", "---\ntitle: x\nstatus: Finished\n---\n", 3, "`status` is 'Finished'; expected one of"),
    ("0042-x", "---\ntitle: x\nstatus: [new]\n---\n", 3, "`status` is a list; expected one value"),
    ("0042-x", "---\ntitle: {a: b}\n---\n", 2, "`title`: expected one value"),
    ("0042-x", "---\ntitle: x\ndue: Friday\n---\n", 3, "`due` is 'Friday'; expected a day such as 2026-11-28"),
    ("0042-x", "---\ntitle: x\ndue: 2026-02-30\n---\n", 3, "`due` is '2026-02-30'; expected a day"),
    ("0042-x", "---\ntitle: x\ndue: 2026-11-28 17:00\n---\n", 3, "`due` is '2026-11-28 17:00'; expected a day such as"),
    ("0042-x", "---\ntitle: x\ndue: 2026-11-28 17:00 Mars/Base\n---\n", 3, "expected a day"),
    ("0042-x", "---\ntitle: x\ndue: 2026-11-28T17:00+01:00 Europe/Madrid\n---\n", 3, "expected a day"),
    ("0042-x", "---\ntitle: x\nreceived: yesterday\n---\n", 3, "`received` is 'yesterday'; expected an instant such as"),
    ("0042-x", "---\ntitle: x\nreceived: 2026-11-24\n---\n", 3, "`received` is '2026-11-24'; expected an instant"),
    ("0042-x", "---\ntitle: x\nreceived: 0001-01-01T00:00:00+14:00\n---\n", 3, "expected an instant"),
    ("0042-x", "---\ntitle: x\nestimate: 3\n---\n", 3, "`estimate` is '3'; expected hours and minutes such as 2h30m"),
    ("0042-x", "---\ntitle: x\nurgent: very\n---\n", 3, "`urgent` is 'very'; expected yes or no"),
    ("0042-x", "---\ntitle: x\nref: 42\n---\n", 3, "`ref` is '42'; expected a ref such as ACME-42"),
    (
        "0042-x",
        "---\ntitle: x\nref: ACME-41\n---\n",
        3,
        "`ref` is ACME-41, but the file's name says ACME-42; expected them to agree",
    ),
    ("0042-x", "---\ntitle: x\nmerged: yes\n---\n", 3, "`merged` is 'yes'; expected a ref such as ACME-42"),
    ("0042-x", "---\ntitle: x\nref: OTHER-42\n---\n", 3, "expected them to agree"),
    ("0042-x", "---\ntitle: x\nrequester: [Jane]\n---\n", 3, "`requester` is a list; expected one value"),
    ("december-posts", "---\ntitle: x\n---\n", 1, "a task's file name starts with its number; expected a name such as 0042-"),
    ("0000-x", "---\ntitle: x\n---\n", 1, "a task's file name starts with its number"),
    ("42december", "---\ntitle: x\n---\n", 1, "`recado task new` gives one"),
    ("0042-x", "---\ntitle: x\n<<<<<<< HEAD\nstatus: new\n=======\nstatus: done\n>>>>>>> main\n---\n", 3, "(a merge conflict)"),
    ("0042-x", "---\ntitle: x\n", 1, "the front matter is not closed"),
    ("0042-x", "---\ntitle: x\ntitle: y\n---\n", 3, "`title` stands here twice"),
    ("0042-x", "---\ntitle: a: b\n---\n", 2, "a second colon stands in this line"),
]


@pytest.mark.parametrize(("name", "text", "line", "said"), MISTAKES)
def test_a_mistake_in_a_task_is_one_line(name: str, text: str, line: int, said: str) -> None:
    task, problems = read(name, text)
    assert task is None
    assert problems == [problems[0]]
    assert problems[0].startswith(f"tasks/{name}.md:{line}: ")
    assert said in problems[0]


def test_all_mistakes_of_a_client_are_told_in_one_run_and_the_rest_is_read(client: ClientFolder, tmp_path: Path) -> None:
    put(client, "0001-good.md", "---\ntitle: Good\n---\n")
    put(client, "0002-status.md", "---\ntitle: x\nstatus: finished\nurgent: very\n---\n")
    put(client, "0003-merge.md", "---\ntitle: x\n<<<<<<< HEAD\n---\n")
    put(client, "0001-again.md", "---\ntitle: Again\n---\n")
    put(client, "no-number.md", "---\ntitle: x\n---\n")
    put(client, "0005-latin.md", "---\ntitle: x\n---\nse\xf1al\n".encode("latin-1"))
    (client.tasks / "0006-folder.md").mkdir()
    other = tmp_path / "portal_src" / "other" / "tasks"
    other.mkdir(parents=True)
    (other / "0007-secret.md").write_text("---\ntitle: Theirs\n---\n")
    (client.tasks / "0007-link.md").symlink_to(other / "0007-secret.md")
    (client.tasks / "0008-broken.md").symlink_to(client.tasks / "nothing.md")
    (client.tasks / "0009-unfinished").mkdir()
    put(client, ".0010-aside.md", "half")
    put(client, "notes.txt", "not a task")

    found, problems = read_all(client)

    assert [task.title for task in found] == ["Again"]
    folder = "portal_src/acme/tasks"
    assert [problem.split(": ")[0] for problem in problems] == [
        f"{folder}/0001-good.md:1",
        f"{folder}/0002-status.md:3",
        f"{folder}/0002-status.md:4",
        f"{folder}/0003-merge.md:3",
        f"{folder}/0005-latin.md:4",
        f"{folder}/0006-folder.md:1",
        f"{folder}/0007-link.md:1",
        f"{folder}/0008-broken.md:1",
        f"{folder}/no-number.md:1",
    ]
    assert "ACME-1 is already 0001-again.md; expected a number of its own" in problems[0]
    assert "this is not UTF-8 text; expected the file saved as UTF-8" in problems[4]
    assert "this is a folder; expected a file of that name" in problems[5]
    assert "this link leads out of the client's folder" in problems[6]
    assert "No such file" in problems[7]
    assert "Theirs" not in "".join(problems)


def test_a_byte_order_mark_and_windows_line_ends_are_read(client: ClientFolder) -> None:
    put(client, "0042-december-posts.md", b"\xef\xbb\xbf" + FULL.replace("\n", "\r\n").encode())
    assert read_all(client) == ((TASK,), [])


def test_a_link_inside_the_clients_folder_is_followed(client: ClientFolder) -> None:
    real = client.root / "kept.md"
    real.write_text("---\ntitle: Kept\n---\n")
    (client.tasks / "0001-link.md").symlink_to("../kept.md")
    assert [task.title for task in read_all(client)[0]] == ["Kept"]


@pytest.mark.parametrize("linked", ["tasks", "client"])
def test_a_linked_folder_shows_nothing_of_another_client(client: ClientFolder, linked: str) -> None:
    other = client.root.with_name("other")
    (other / "tasks").mkdir(parents=True)
    (other / "tasks" / "0001-secret.md").write_text("---\ntitle: Theirs\n---\n")
    client.tasks.rmdir()
    if linked == "tasks":
        client.tasks.symlink_to(other / "tasks")
    else:
        client.root.rmdir()
        client.root.symlink_to(other)
    found, problems = read_all(client)
    assert found == ()
    assert "this link leads out of the client's folder" in problems[0]


def test_tasks_stand_in_the_order_of_their_numbers(client: ClientFolder) -> None:
    for name in ("10-ten.md", "0002-two.md", "100-hundred.md", "9-nine.md"):
        put(client, name, "---\ntitle: x\n---\n")
    assert [task.ref.number for task in read_all(client)[0]] == [2, 9, 10, 100]


def test_a_client_without_tasks_has_none(client: ClientFolder) -> None:
    client.tasks.rmdir()
    assert task_files(client) == []
    assert read_all(client) == ((), [])


def test_an_instant_in_another_zone_is_written_in_utc() -> None:
    local = datetime.fromisoformat("2026-11-24T09:12:09+01:00")
    task, _problems = read("7", write_task(Task(Ref("ACME", 7), "7", "x", received=local, due=local + timedelta(hours=1))))
    assert task is not None
    assert (task.received, task.due) == (RECEIVED, RECEIVED + timedelta(hours=1))
