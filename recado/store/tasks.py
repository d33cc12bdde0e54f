"""Task files: read with every mistake and its line; written whole once, then changed in their front matter alone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from recado.errors import FileError, Problem, UsageError
from recado.model.instant import format_instant
from recado.model.quantity import format_work, parse_work
from recado.model.ref import Ref, parse_ref
from recado.model.task import Task, number_in_name
from recado.model.written import parse_line, parse_truth
from recado.speech import _
from recado.store.atomic import replace_if_unchanged
from recado.store.editing import edited
from recado.store.front_values import read_due, read_instant, read_person, read_status
from recado.store.quick_front import plain_front
from recado.store.source import read_content, read_text, shown, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from recado.store.workspace import ClientFolder


# The keys a task's file may say something for, and how each is read; others are the VA's own, and ignored.
_READERS: Mapping[str, Callable[[str], Any]] = {
    "title": parse_line,
    "ref": parse_ref,
    "status": read_status,
    "important": parse_truth,
    "urgent": parse_truth,
    "service": parse_line,
    "received": read_instant,
    "due": read_due,
    "estimate": parse_work,
    "requester": read_person,
    "assignee": parse_line,
    "message": parse_line,
    "merged": parse_ref,
}


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
    return _plain_task(name, text, code) or _any_task(name, text, code, file, problems)


def _plain_task(name: str, text: str, code: str) -> Task | None:
    """Read a plain file without a mistake; None where there is any doubt."""
    found, number = plain_front(text), number_in_name(name)
    if found is None or number is None:
        return None
    values, body = found
    said: dict[str, Any] = {}
    try:
        for key, value in values.items():
            read = _READERS.get(key)
            if read is not None:
                if not isinstance(value, str):
                    return None
                said[key] = read(value)
    except ValueError:
        return None
    if "title" not in said or said.pop("ref", (code, number)) != (code, number):
        return None
    return Task(ref=Ref(code, number), name=name, merged_into=said.pop("merged", None), body=body, **said)


def _any_task(name: str, text: str, code: str, file: str, problems: list[Problem]) -> Task | None:
    """Read any file, by YAML and pydantic, with all mistakes in it."""
    from recado.store.checked import check, problems_of_yaml  # noqa: PLC0415 (late: most files are plain)
    from recado.store.front_matter import read_front_matter  # noqa: PLC0415
    from recado.store.front_models import TaskFront  # noqa: PLC0415
    from recado.store.strict_yaml import written_values  # noqa: PLC0415

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
    from recado.store.front_matter import write_front_matter  # noqa: PLC0415 (late, with YAML: a build writes no task)

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
    from recado.store.front_matter import edit_front_matter  # noqa: PLC0415 (late, as above)

    def edit() -> Task:
        task, content = find_task(client, ref)
        text = edit_front_matter(content.decode("utf-8"), changes)
        replace_if_unchanged(client.task_file(task.name), content, text.encode())
        return task

    return edited(ref, edit)
