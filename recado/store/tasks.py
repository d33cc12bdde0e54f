"""Task files: read with every mistake and its line; written whole once, then changed in their front matter alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict

from recado.errors import FileError, Problem, UsageError
from recado.model.address import Person, parse_person
from recado.model.instant import format_instant, in_our_times, parse_due, parse_instant
from recado.model.quantity import format_work, parse_work
from recado.model.ref import Ref, parse_ref
from recado.model.status import Status
from recado.model.task import Task, number_in_name
from recado.model.written import Line, Truth, from_text
from recado.speech import _
from recado.store.atomic import replace_if_unchanged
from recado.store.checked import check, problems_of_yaml
from recado.store.editing import edited
from recado.store.front_matter import edit_front_matter, read_front_matter, write_front_matter
from recado.store.source import read_content, read_text, shown, text_of
from recado.store.strict_yaml import Document, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from recado.store.workspace import ClientFolder


def _status(text: str) -> Status:
    try:
        return Status(text.strip().lower())
    except ValueError as error:
        raise ValueError("expected one of new, accepted, doing, waiting, review, approval, done, cancelled") from error


def _due(text: str) -> date | datetime:
    try:
        return in_our_times(parse_due(text))
    except ValueError as error:
        raise ValueError("expected a day such as 2026-11-28, or a day and time with its zone") from error


def _instant(text: str) -> datetime:
    try:
        return in_our_times(parse_instant(text))
    except ValueError as error:
        raise ValueError("expected an instant such as 2026-11-24T08:12:09Z") from error


def _person(text: str) -> Person:
    """Read a requester leniently: a name alone is a person too, for a task the VA writes by hand."""
    if not text.strip():
        raise ValueError("expected a person such as Jane Doe <jane@acme.example>")
    try:
        return parse_person(text)
    except ValueError:
        return Person(text.strip(), "")


Instant = Annotated[datetime, from_text(_instant)]
WrittenPerson = Annotated[Person, from_text(_person)]


class TaskFront(BaseModel):
    """The front matter of a task; keys the program does not know are kept and ignored."""

    model_config = ConfigDict(frozen=True, extra="allow", arbitrary_types_allowed=True)

    title: Line
    ref: Annotated[Ref, from_text(parse_ref)] | None = None
    status: Annotated[Status, from_text(_status)] = Status.NEW
    important: Truth = False
    urgent: Truth = False
    service: Line = ""
    received: Instant | None = None
    due: Annotated[date | datetime, from_text(_due)] | None = None
    estimate: Annotated[int, from_text(parse_work)] | None = None
    requester: WrittenPerson | None = None
    assignee: Line = ""
    message: Line = ""
    merged: Annotated[Ref, from_text(parse_ref)] | None = None


def written_values(document: Document) -> Document:
    """Leave out the keys nothing is written for: `due:` alone means no due date."""
    value = document.value
    kept: Value = {k: v for k, v in value.items() if v is not None} if isinstance(value, dict) else {}
    return Document(kept, document.lines, document.faults)


def task_files(client: ClientFolder) -> list[Path]:
    """List the task files, in the order of their names. A folder without its task file is unfinished and not listed."""
    if not client.tasks.is_dir():
        return []
    return sorted(path for path in client.tasks.iterdir() if path.name.endswith(".md") and not path.name.startswith("."))


def read_tasks(client: ClientFolder, code: str, problems: list[Problem]) -> tuple[Task, ...]:
    """Read all tasks of a client whose refs start with `code`; what cannot be read is added to `problems`."""

    def read(path: Path) -> Task | None:
        text = read_text(client, path, problems)
        name = path.name.removesuffix(".md")
        return None if text is None else parse_task(name, text, code, shown(client, path), problems)

    return each_once(((read(path), shown(client, path)) for path in task_files(client)), problems)


def each_once(found: Iterable[tuple[Task | None, str]], problems: list[Problem]) -> tuple[Task, ...]:
    """Give the tasks that were read, each with what errors call its file, in the order of their refs; a ref is one task's."""
    tasks: dict[Ref, Task] = {}
    for task, file in found:
        if task is None:
            continue
        if task.ref in tasks:
            problems.append(_repeated(file, task.ref, f"{tasks[task.ref].name}.md"))
            continue
        tasks[task.ref] = task
    return tuple(tasks[ref] for ref in sorted(tasks))


def parse_task(name: str, text: str, code: str, file: str, problems: list[Problem]) -> Task | None:
    """Read one task of its file's name and text. None, and what is wrong added to `problems`, where it cannot be read."""
    marked = read_front_matter(text)
    document = written_values(marked.front)
    found = problems_of_yaml(document, file)
    number = number_in_name(name)
    if number is None:
        said = _(
            "a task's file name starts with its number; expected a name such as 0042-december-posts.md (`recado task new` "
            "gives one)"
        )
        found.append(Problem(file, 1, said))
    front = None
    if not document.faults:
        front, refused = check(TaskFront, document, file)
        found += refused
    if front is not None and number is not None and front.ref not in (None, Ref(code, number)):
        said = _("`ref` is {ref}, but the file's name says {other}; expected them to agree")
        found.append(Problem(file, document.line_of(("ref",)), said.format(ref=front.ref, other=Ref(code, number))))
    problems += found
    if found or front is None or number is None:
        return None
    return Task(
        ref=Ref(code, number),
        name=name,
        title=front.title,
        status=front.status,
        important=front.important,
        urgent=front.urgent,
        service=front.service or None,
        received=front.received,
        due=front.due,
        estimate=front.estimate,
        requester=front.requester,
        assignee=front.assignee or None,
        message=front.message or None,
        merged_into=front.merged,
        body=marked.body,
    )


def write_task(task: Task) -> str:
    """Write a task's file: what is not known is left out, so that the VA sees only what is so."""
    due = task.due
    values = {
        "ref": str(task.ref),
        "title": task.title,
        "status": task.status.value,
        "important": task.important,
        "urgent": task.urgent,
        "service": task.service,
        "received": format_instant(task.received) if task.received else None,
        "due": (format_instant(due) if isinstance(due, datetime) else due.isoformat()) if due else None,
        "estimate": format_work(task.estimate) if task.estimate else None,
        "requester": str(task.requester) if task.requester else None,
        "assignee": task.assignee,
        "message": task.message,
        "merged": str(task.merged_into) if task.merged_into else None,
    }
    return write_front_matter(values, task.body)


def find_task(client: ClientFolder, ref: Ref) -> tuple[Task, bytes]:
    """Find one task by its ref, with its file's bytes as they were read. Raises UsageError, FileError."""
    paths = [path for path in task_files(client) if number_in_name(path.name.removesuffix(".md")) == ref.number]
    if not paths:
        raise UsageError(_("There is no task {ref}. `recado task list --all` shows them all.").format(ref=ref))
    problems = [_repeated(shown(client, path), ref, paths[0].name) for path in paths[1:]]
    content = read_content(client, paths[0], problems)
    file = shown(client, paths[0])
    text = None if content is None else text_of(content, file, problems)
    task = None if text is None else parse_task(paths[0].name.removesuffix(".md"), text, ref.code, file, problems)
    if task is None or content is None or problems:
        raise FileError(problems)
    return task, content


def _repeated(file: str, ref: Ref, first: str) -> Problem:
    said = _("{ref} is already {other}; expected a number of its own (`recado task new` gives one)")
    return Problem(file, 1, said.format(ref=ref, other=first))


def set_front(client: ClientFolder, ref: Ref, changes: Mapping[str, str]) -> Task:
    """Set keys in a task's front matter, by atomic replacement, and give the task as it was before.

    If its file is saved by someone meanwhile, it is read again: their words stay. Raises WorkError if that never ends.
    """

    def edit() -> Task:
        task, content = find_task(client, ref)
        text = edit_front_matter(content.decode("utf-8"), changes)
        replace_if_unchanged(client.task_file(task.name), content, text.encode())
        return task

    return edited(ref, edit)
