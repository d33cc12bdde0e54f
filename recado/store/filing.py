"""Putting messages, tasks and quarantined mails in their places, each visible whole or not at all (DESIGN, the commit point).

A new task: the folder with its message, its files and the finished task file inside (`.task`) is made aside and put in place
by one rename; the history gets its row; `.task` becomes `0042-….md` by a second rename. A folder that still holds `.task` is
unfinished.
A message in a thread: its attachments first, then its `.md`. A quarantined mail: its page first, then its `.eml`.

Every name is given by the mail's digest, so that the same mail filed again finds its own files there; where the digest's first
digits are another mail's, the next ones are taken: nobody's file is ever replaced by another's.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from recado.errors import FileError
from recado.model.history import BY_INGEST, Change
from recado.model.kept_picture import pointing
from recado.model.ref import Ref
from recado.model.status import Status
from recado.model.task import Task, number_in_name
from recado.store.atomic import make_folder, sync_file, sync_folder, write_aside, write_new, write_whole
from recado.store.front_matter import front_of, read_front_matter
from recado.store.history import append_history, read_history, write_rows
from recado.store.lock import locked
from recado.store.messages import message_files, name_of, write_message
from recado.store.numbers import next_number, numbers_settled
from recado.store.steps import Step, reached
from recado.store.tasks import parse_task, write_task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from recado.errors import Problem
    from recado.model.message import Message
    from recado.store.workspace import ClientFolder, Workspace

UNFINISHED = ".task"
_LONGEST_SLUG = 48
_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Attached:
    """A file to keep with a message: a safe name, without the message's digits, and its bytes."""

    name: str
    content: bytes


def slug_of(title: str) -> str:
    """Make the part of a file name that says what a task is about: small ASCII letters, digits, hyphens; `request` for none."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(words) > _LONGEST_SLUG:
        words = words[: _LONGEST_SLUG + 1].rpartition("-")[0] or words[:_LONGEST_SLUG]
    return words or "request"


def file_new_task(
    client: ClientFolder, make: Callable[[int, str], Task], slug: str, message: Message, files: Sequence[Attached]
) -> tuple[Task, Message]:
    """File a request as a new task, with the next number, and give both as they are filed. Raises OSError.

    `make` gives the task for a number and a name.
    """
    number = next_number(client)
    reached(Step.NUMBERED)
    name = f"{number:04d}-{slug}"
    named = next(_names_of(message, files))
    task = make(number, name)
    task = replace(task, body=pointing(task.body, named.message.id, [file.name for file in files]))
    aside = client.tasks / f".{name}.part"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    for file, content in named.files:
        (aside / "files").mkdir(exist_ok=True)
        write_aside(aside / "files" / file, content)
    if named.files:
        sync_folder(aside / "files")
    write_aside(aside / f"{named.message.name}.md", write_message(named.message).encode())
    write_aside(aside / UNFINISHED, write_task(task).encode())
    sync_folder(aside)
    reached(Step.MADE_ASIDE)
    aside.rename(client.thread(name))
    sync_folder(client.tasks)
    reached(Step.PLACED)
    _record(client, task)  # no row can be there yet: the number was given a moment ago, and never before
    _finish(client, task)
    numbers_settled(client)
    return task, named.message


def settle(client: ClientFolder) -> None:
    """Make lasting what filing new tasks left unsynced, once for many: the highest number, and the history. Raises OSError.

    Both are known from the tasks too, but no longer once the VA deletes one.
    """
    for file in (client.highest, client.history):
        with suppress(FileNotFoundError):
            sync_file(file)
    sync_folder(client.root)


def file_by_hand(
    client: ClientFolder,
    code: str,
    title: str,
    *,
    due: date | datetime | None,
    service: str | None,
    by: str,
    now: datetime,
) -> Task:
    """Make a task the VA begins herself: a number, a file, its first row in the history. Raises OSError."""
    number = next_number(client)
    task = Task(
        ref=Ref(code, number),
        name=f"{number:04d}-{slug_of(title)}",
        title=title,
        status=Status.ACCEPTED,
        received=now,
        due=due,
        service=service,
        assignee=by,
    )
    with locked(client.lock):  # whoever notices edits meanwhile sees both, or neither
        write_new(client.task_file(task.name), write_task(task).encode())
        write_rows(client, [Change(now, task.ref, by, None, task.status)])
    settle(client)
    return task


def file_into_thread(client: ClientFolder, task_name: str, message: Message, files: Sequence[Attached]) -> Message:
    """File a message of a task that is there, and give it under its name. Raises OSError.

    Filing the same again changes nothing.
    """
    folder = client.thread(task_name)
    there = message_files(client, task_name)
    named = next(each for each in _names_of(message, files) if not _is_others(each, there) and _is_free(folder, each))
    make_folder(folder)
    for file, content in named.files:
        write_new(folder / "files" / file, content)
        reached(Step.ATTACHED)
    write_new(folder / f"{named.message.name}.md", write_message(named.message).encode())
    reached(Step.PLACED)
    return named.message


def file_quarantined(workspace: Workspace, received: datetime, digest: str, page: str, raw: bytes) -> str:
    """Keep a mail no one could file: a page that says why, then its bytes. Gives its name there. Raises OSError."""
    make_folder(workspace.quarantine)
    names = (name_of(received, digits) for digits in _eights(digest))
    name = next(each for each in names if _is_free_for(workspace.quarantine / f"{each}.eml", raw))
    write_whole(workspace.quarantine / f"{name}.md", page.encode())
    reached(Step.EXPLAINED)
    write_new(workspace.quarantine / f"{name}.eml", raw)
    reached(Step.PLACED)
    return name


def complete_unfinished(client: ClientFolder, code: str) -> tuple[str, ...]:
    """Finish what a crash left between the two renames, and clear away what it left before the first. Gives the names."""
    if not client.tasks.is_dir():
        return ()
    completed = []
    for folder in sorted(client.tasks.iterdir()):
        if folder.name.startswith(".") and folder.name.endswith(".part"):
            clear_aside(client, folder.name)
        elif complete(client, code, folder.name):
            completed.append(folder.name)
    return tuple(completed)


def clear_aside(client: ClientFolder, name: str) -> None:
    """Clear away a folder that a crash left before it was put in place: its mail is still in the inbox."""
    aside = client.tasks / name
    if aside.is_dir() and not aside.is_symlink():
        shutil.rmtree(aside, ignore_errors=True)


def complete(client: ClientFolder, code: str, name: str) -> bool:
    """Finish a task's folder that a crash left between the two renames; tells whether it did. Raises OSError."""
    unfinished = client.thread(name) / UNFINISHED
    if not number_in_name(name) or not unfinished.is_file():
        return False
    if client.task_file(name).exists():
        with suppress(FileNotFoundError):
            unfinished.unlink()
        return False
    problems: list[Problem] = []
    task = parse_task(name, unfinished.read_text(encoding="utf-8"), code, name, problems)
    if task is None:
        return False
    if not _has_row(client, task.ref):
        _record(client, task)
    _finish(client, task)
    return True


def _record(client: ClientFolder, task: Task) -> None:
    if task.received is not None:  # the first sight of a task is its first row, at its `received`: a lost one comes back
        append_history(client, [Change(task.received, task.ref, BY_INGEST, None, Status.NEW)], is_lasting=False)
    reached(Step.RECORDED)


def _finish(client: ClientFolder, task: Task) -> None:
    (client.thread(task.name) / UNFINISHED).rename(client.task_file(task.name))
    sync_folder(client.tasks)
    reached(Step.FINISHED)


def _has_row(client: ClientFolder, ref: Ref) -> bool:
    """Tell whether a task's first row is written.

    Other rows that cannot be read are for the build to tell: they keep no mail waiting.
    """
    try:
        return any(change.ref == ref for change in read_history(client))
    except FileError:
        whole_lines = client.history.read_bytes().rpartition(b"\n")[0]
        return re.search(rf"^[^,]*,{ref},".encode(), whole_lines, re.MULTILINE) is not None


@dataclass(frozen=True, slots=True)
class _Named:
    message: Message
    files: tuple[tuple[str, bytes], ...]


def _names_of(message: Message, files: Sequence[Attached]) -> Iterator[_Named]:
    """Name a message and its files by 8 digits of its digest: the first, then the next ones, for where those are taken."""
    names = [file.name for file in files]
    for digits in _eights(message.digest):
        kept = tuple((f"{digits}-{file.name}", file.content) for file in files)
        name = name_of(message.received, digits)
        attachments = tuple(file for file, _content in kept)
        text, quoted = (pointing(words, digits, names) for words in (message.text, message.quoted))
        yield _Named(replace(message, name=name, attachments=attachments, text=text, quoted=quoted), kept)


def _eights(digest: str) -> Iterator[str]:
    """Give the digits of a digest eight by eight, beginning at each place in turn.

    Those with a letter come first: a file of the VA's own often begins with a date or an order number, and is a delivery then.
    """
    digits = digest.removeprefix("sha256:")
    eights = [digits[start : start + _DIGITS] for start in range(len(digits) - _DIGITS + 1)]
    return iter(sorted(eights, key=str.isdecimal))


def _is_others(named: _Named, there: Sequence[Path]) -> bool:
    """Tell whether another mail of the thread has these digits: files are told apart by them, whenever their mail came."""
    alike = (file for file in there if file.stem[-_DIGITS:] == named.message.id)
    return any(_digest_in(file) != named.message.digest for file in alike)


def _digest_in(file: Path) -> str:
    return str(front_of(file).get("digest", ""))


def _is_free(folder: Path, named: _Named) -> bool:
    return all(_is_free_for(folder / "files" / name, content) for name, content in named.files)


def _is_free_for(path: Path, content: bytes) -> bool:
    """Tell whether a place is empty, or holds these very bytes already: what a run left that died before its end."""
    try:
        return path.read_bytes() == content
    except FileNotFoundError:
        return True


def quarantined(workspace: Workspace) -> tuple[str, ...]:
    """Give the names of the quarantined mails that are whole (their `.eml` stands there), oldest first."""
    return tuple(eml.stem for eml in sorted(workspace.quarantine.glob("*.eml")))


def quarantined_pages(workspace: Workspace) -> Iterator[tuple[Path, dict[str, str]]]:
    """Give each quarantined mail that is whole (its `.eml` stands there), oldest first, with what its page says about it."""
    if not workspace.quarantine.is_dir():
        return
    for eml in sorted(workspace.quarantine.glob("*.eml")):
        page = eml.with_suffix(".md")
        text = page.read_text(encoding="utf-8", errors="replace") if page.is_file() else ""
        value = read_front_matter(text).front.value
        yield eml, {key: str(said) for key, said in value.items() if said} if isinstance(value, dict) else {}
