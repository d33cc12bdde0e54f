"""Messages and tasks made ready one by one, and put in place together: what many need synced is synced once, or side by side.

A new task: its folder with the message, its files and the finished task file inside (`.task`) is made aside, put in place by
one rename; the history gets its row; `.task` becomes `0042-….md` by a second rename. A folder that still holds `.task` is
unfinished. A message of a thread that is there: written beside, its attachments put in place first, then its `.md`.

What dies before `put_in_place` leaves `.part` names alone, which no one reads. What dies in it leaves whole messages in place,
or none; a folder that still holds `.task`, which the next run finishes; attachments whose message comes with the next run.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from recado.errors import FileError, Problem
from recado.model.history import BY_INGEST, Change
from recado.model.kept_picture import pointing
from recado.speech import _
from recado.store.atomic import make_folder, place_new, sync_all, write_aside, write_beside
from recado.store.history import append_history
from recado.store.mail_names import is_taken, names_for
from recado.store.messages import messages_in, write_message
from recado.store.numbers import next_number, numbers_settled
from recado.store.source import shown
from recado.store.steps import Step, reached
from recado.store.tasks import write_task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from recado.model.message import Message
    from recado.model.task import Task
    from recado.store.mail_names import Attached, Named
    from recado.store.workspace import ClientFolder

UNFINISHED = ".task"


@dataclass(frozen=True, slots=True)
class _NewTask:
    client: ClientFolder
    task: Task
    aside: Path


@dataclass(frozen=True, slots=True)
class _Beside:
    """A file that is written beside its place."""

    part: Path
    place: Path


@dataclass(frozen=True, slots=True)
class _Answer:
    """A message for a thread that is there, with its attachments."""

    named: Named
    files: tuple[_Beside, ...]
    message: _Beside


@dataclass(slots=True)
class Batch:
    """What is made ready, in its order. Put in place or dropped, it is empty again."""

    _tasks: dict[Path, _NewTask] = field(default_factory=dict)
    _answers: list[_Answer] = field(default_factory=list)
    _unsynced: list[Path] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing waits to be put in place."""
        return not self._tasks and not self._answers

    def new_task(
        self,
        client: ClientFolder,
        make: Callable[[int, str], Task],
        slug: str,
        message: Message,
        files: Sequence[Attached],
        *,
        private: str = "",
    ) -> tuple[Task, Message]:
        """Make a request ready as a new task, with the next number, and give both as they will be filed. Raises OSError.

        `make` gives the task for a number and a name; `private` is a note of the VA's, which is never built.
        """
        number = next_number(client)
        reached(Step.NUMBERED)
        name = f"{number:04d}-{slug}"
        named = next(names_for(message, files))
        task = make(number, name)
        task = replace(task, body=pointing(task.body, named.message.id, [file.name for file in files]))
        aside = client.tasks / f".{name}.part"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        try:
            written = _write_into(aside, named)
            if private:
                write_aside(aside / "private.md", f"{private}\n".encode())
                written.append(aside / "private.md")
            write_aside(aside / UNFINISHED, write_task(task).encode())
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
        self._unsynced += (*written, aside / UNFINISHED, aside)
        self._tasks[client.thread(name)] = _NewTask(client, task, aside)
        numbers_settled(client)
        reached(Step.MADE_ASIDE)
        return task, named.message

    def into_thread(self, client: ClientFolder, task_name: str, message: Message, files: Sequence[Attached]) -> Message:
        """Make a message ready for a task that is there, or in this batch; give it under its name. Raises OSError.

        Filing the same again changes nothing. Raises FileError where the folder of files is a link: it may lead anywhere.
        """
        folder = client.thread(task_name)
        if folder in self._tasks:
            folder = self._tasks[folder].aside
        there = messages_in(folder)
        named = next(
            each
            for each in names_for(message, files)
            if not is_taken(each, folder, there) and not self._is_waiting(folder, each)
        )
        if folder.name.startswith("."):
            self._unsynced += (*_write_into(folder, named), folder)
            return named.message
        if files and (folder / "files").is_symlink():
            said = _("this folder is a link; expected the folder itself")
            raise FileError([Problem(shown(client, folder / "files"), 1, said)])
        make_folder(folder / "files" if files else folder)
        written = _write_beside(folder, named)
        self._unsynced += (each.part for each in written)
        self._answers.append(_Answer(named, written[:-1], written[-1]))
        return named.message

    def put_in_place(self) -> None:
        """Put all of it in place. When this returns, it is on disk. Raises OSError; what is not in place then is dropped."""
        tasks, answers = tuple(self._tasks.values()), tuple(self._answers)
        try:
            sync_all(self._unsynced)
            self._place_attachments(answers)
            self._place(tasks, answers)
            self._finish(tasks)
        except BaseException:
            self.drop()
            raise
        self._tasks, self._answers, self._unsynced = {}, [], []

    def drop(self) -> None:
        """Leave what is not in place, and clear it away: its mails are still in the inbox."""
        for each in self._tasks.values():
            shutil.rmtree(each.aside, ignore_errors=True)
        for answer in self._answers:
            for beside in (*answer.files, answer.message):
                with suppress(OSError):
                    beside.part.unlink()
        self._tasks, self._answers, self._unsynced = {}, [], []

    def _place_attachments(self, answers: Sequence[_Answer]) -> None:
        files = [file for answer in answers for file in answer.files]
        for file in files:
            place_new(file.part, file.place)
        sync_all(file.place.parent for file in files)
        for _file in files:
            reached(Step.ATTACHED)

    def _place(self, tasks: Sequence[_NewTask], answers: Sequence[_Answer]) -> None:
        """Put folders and messages under their names: the commit point of each."""
        for each in tasks:
            each.aside.rename(each.client.thread(each.task.name))
        for answer in answers:
            place_new(answer.message.part, answer.message.place)
        sync_all(
            (*(each.client.tasks for each in tasks), *(answer.message.place.parent for answer in answers)),
        )
        for _each in (*tasks, *answers):
            reached(Step.PLACED)

    def _finish(self, tasks: Sequence[_NewTask]) -> None:
        """Write the tasks' first rows, and let the build see them."""
        clients = {each.client.key: each.client for each in tasks}
        for key, client in clients.items():
            of_client = [each.task for each in tasks if each.client.key == key]
            # No row of theirs can be there yet: their numbers were given a moment ago, and never before.
            append_history(client, [row for task in of_client for row in first_rows(task)], is_lasting=False)
            for _task in of_client:
                reached(Step.RECORDED)
        for each in tasks:
            unfinished, finished = each.client.thread(each.task.name) / UNFINISHED, each.client.task_file(each.task.name)
            if finished.exists():  # someone made a file of that very name meanwhile: it is theirs
                unfinished.unlink()
            else:
                unfinished.rename(finished)
            reached(Step.FINISHED)
        settled = [path for client in clients.values() for path in lasting_of(client)]
        sync_all(settled)
        for client in clients.values():
            numbers_settled(client)

    def _is_waiting(self, folder: Path, named: Named) -> bool:
        """Tell whether a mail that waits to be put in the same folder has the same digits: it is another one, then."""
        return any(a.message.place.parent == folder and a.named.message.id == named.message.id for a in self._answers)


def _write_into(aside: Path, named: Named) -> list[Path]:
    """Write a message and its files into a folder that no one reads yet; gives what is to be synced."""
    files = aside / "files"
    wanted = {files / name: content for name, content in named.files}
    wanted[aside / f"{named.message.name}.md"] = write_message(named.message).encode()
    if named.files:
        files.mkdir(exist_ok=True)
    written: list[Path] = []
    try:
        for path, content in wanted.items():
            write_aside(path, content)
            written.append(path)
    except BaseException:
        for path in written:
            with suppress(OSError):
                path.unlink()
        raise
    return [*wanted, *([files] if named.files else [])]


def _write_beside(folder: Path, named: Named) -> tuple[_Beside, ...]:
    """Write a message and its files beside their places, the message last."""
    wanted = {folder / "files" / name: content for name, content in named.files}
    wanted[folder / f"{named.message.name}.md"] = write_message(named.message).encode()
    written: list[_Beside] = []
    try:
        for place, content in wanted.items():
            written.append(_Beside(write_beside(place, content), place))
    except BaseException:
        for each in written:
            with suppress(OSError):
                each.part.unlink()
        raise
    return tuple(written)


def first_rows(task: Task) -> Iterable[Change]:
    """Give the first row of a task in the history. A lost one comes back: a task's first sight is its row, at `received`."""
    return () if task.received is None else (Change(task.received, task.ref, BY_INGEST, None, task.status),)


def lasting_of(client: ClientFolder) -> tuple[Path, ...]:
    """Give what is made lasting once tasks are finished: their folder, the highest number, and the history.

    The last two are known from the tasks too, but no longer once the VA deletes one.
    """
    return tuple(path for path in (client.tasks, client.highest, client.history, client.root) if path.exists())
