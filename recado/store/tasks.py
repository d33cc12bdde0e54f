"""Task files: read with every mistake and its line; written whole once, then changed in their front matter alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict

from recado.errors import FileError, Problem, UsageError
from recado.model.address import Person
from recado.model.instant import format_instant
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
from recado.store.front_values import read_due, read_instant, read_person, read_status
from recado.store.given_once import each_once, repeated
from recado.store.plain_files import plain_task
from recado.store.source import read_content, read_text, shown, text_of
from recado.store.strict_yaml import Document, Value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from recado.store.workspace import ClientFolder


Instant = Annotated[datetime, from_text(read_instant)]
WrittenPerson = Annotated[Person, from_text(read_person)]


class TaskFront(BaseModel):
    """The front matter of a task; keys the program does not know are kept and ignored."""

    model_config = ConfigDict(frozen=True, extra="allow", arbitrary_types_allowed=True)

    title: Line
    ref: Annotated[Ref, from_text(parse_ref)] | None = None
    status: Annotated[Status, from_text(read_status)] = Status.NEW
    important: Truth = False
    urgent: Truth = False
    service: Line = ""
    received: Instant | None = None
    due: Annotated[date | datetime, from_text(read_due)] | None = None
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


def parse_task(name: str, text: str, code: str, file: str, problems: list[Problem]) -> Task | None:
    """Read one task of its file's name and text. None, and what is wrong added to `problems`, where it cannot be read."""
    return plain_task(name, text, code) or parse_task_in_full(name, text, code, file, problems)


def parse_task_in_full(name: str, text: str, code: str, file: str, problems: list[Problem]) -> Task | None:
    """Read one task by the strict loader and with every check. None, and what is wrong added to `problems`."""
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
    problems = [repeated(shown(client, path), ref, paths[0].name) for path in paths[1:]]
    content = read_content(client, paths[0], problems)
    file = shown(client, paths[0])
    text = None if content is None else text_of(content, file, problems)
    task = None if text is None else parse_task(paths[0].name.removesuffix(".md"), text, ref.code, file, problems)
    if task is None or content is None or problems:
        raise FileError(problems)
    return task, content


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
