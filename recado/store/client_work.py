"""Everything one client's portal is built from, read from that client's folder and from nowhere else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recado.errors import FileError, Problem
from recado.model.client_work import ClientWork, File, OwnPage, Thread
from recado.speech import _
from recado.store.checked import problems_of_yaml
from recado.store.front_matter import read_front_matter
from recado.store.history import read_history
from recado.store.invoices import read_invoices
from recado.store.messages import read_messages
from recado.store.source import read_text, readable, shown, stays_inside
from recado.store.tasks import read_tasks
from recado.store.time_entries import read_time

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from recado.model.history import Change
    from recado.model.practice import ClientRecord
    from recado.model.task import Task
    from recado.store.workspace import ClientFolder

_OF_A_MESSAGE = re.compile(r"([0-9a-f]{8})-.+", re.ASCII)
_HEADING = re.compile(r"^#\s+(.+?)\s*#*\s*$", re.MULTILINE)


def load_client_work(client: ClientFolder, record: ClientRecord) -> ClientWork:
    """Read one client's files. Raises FileError with every mistake in them."""
    problems: list[Problem] = []
    threads = tuple(_read_thread(client, task, problems) for task in read_tasks(client, record.client.code, problems))
    changes: tuple[Change, ...] = ()
    try:
        changes = read_history(client)
    except FileError as error:
        problems += error.problems
    work = ClientWork(
        record=record,
        threads=threads,
        changes=changes,
        time=read_time(client, problems),
        invoices=read_invoices(client, problems),
        welcome=_read_welcome(client, problems),
        pages=_read_pages(client, problems),
        updated=_newest(threads, changes),
    )
    if problems:
        raise FileError(problems)
    return work


def _read_welcome(client: ClientFolder, problems: list[Problem]) -> str:
    is_there = client.welcome.exists() or client.welcome.is_symlink()  # a link that leads nowhere is a mistake to tell
    return (read_text(client, client.welcome, problems) or "") if is_there else ""


def _read_thread(client: ClientFolder, task: Task, problems: list[Problem]) -> Thread:
    messages = read_messages(client, task.name, problems)
    return Thread(task, messages, _read_files(client, task.name, {message.id for message in messages}, problems))


def _read_files(client: ClientFolder, task_name: str, ids: set[str], problems: list[Problem]) -> tuple[File, ...]:
    """Read what files a task has. One whose message is not there (yet) is left out: half a mail is shown to no one.

    That message may be withheld, too. Eight figures that no message has are a date or a number of the VA's: a delivery.
    """
    folder = client.thread(task_name) / "files"
    if not folder.is_dir():
        return ()
    files = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if not stays_inside(client, path) or not path.is_file():
            said = _("this is no file of the client's own (a link that leads out, or a folder); expected a file")
            problems.append(Problem(shown(client, path), 1, said))
            continue
        if not _is_text(client, path, problems):
            continue
        found = _OF_A_MESSAGE.fullmatch(path.name)
        digits = found[1] if found else ""
        if digits in ids or not digits or digits.isdecimal():
            files.append(File(path.name, path.stat().st_size, digits if digits in ids else None))
    return tuple(files)


def _read_pages(client: ClientFolder, problems: list[Problem]) -> tuple[OwnPage, ...]:
    if not client.pages.is_dir():
        return ()
    pages = []
    for path in sorted(client.pages.glob("*.md")):
        if path.name.startswith("."):  # an editor's lock, macOS's own
            continue
        text = read_text(client, path, problems) if _is_text(client, path, problems) else None
        if text is None:
            continue
        marked = read_front_matter(text)
        problems += problems_of_yaml(marked.front, shown(client, path))
        front = marked.front.value if isinstance(marked.front.value, dict) else {}
        heading = _HEADING.search(marked.body)
        title = front.get("title") or (heading[1] if heading else path.stem.replace("-", " ").capitalize())
        pages.append(OwnPage(path.stem, str(title), marked.body))
    return tuple(pages)


def _is_text(client: ClientFolder, path: Path, problems: list[Problem]) -> bool:
    """Tell whether a file's name can stand on a page: one from an old archive may be in another encoding than UTF-8."""
    is_text = readable(path.name) == path.name
    if not is_text:
        problems.append(
            Problem(shown(client, path), 1, _("this name is not UTF-8; expected a name in letters that can be read"))
        )
    return is_text


def _newest(threads: tuple[Thread, ...], changes: tuple[Change, ...]) -> datetime | None:
    """Give the newest instant that the files tell: "last updated" is this, and never the clock."""
    instants = [change.at for change in changes]
    instants += [message.received for thread in threads for message in thread.messages if not message.is_withheld]
    return max(instants, default=None)
