"""Everything one client's portal is built from, read from that client's folder and from nowhere else."""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from recado.errors import FileError, Problem
from recado.model.client_work import ClientWork, File, OwnPage, Thread
from recado.model.task import number_in_name
from recado.reasons import reason_of_number
from recado.speech import _
from recado.store.history import changes_in
from recado.store.invoices import issued_once, parse_invoice
from recado.store.kept_files import FilesToRead, KeptFiles
from recado.store.listing import Listing, is_closed, is_file, is_link, list_client, nothing_listed, size_of
from recado.store.messages import MESSAGE_NAME, parse_message
from recado.store.source import no_file_of_their_own, readable, stays_inside, text_of
from recado.store.tasks import each_once, parse_task
from recado.store.time_entries import MONTH, parse_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from typing import TypeVar

    from recado.model.history import Change
    from recado.model.invoice import Invoice
    from recado.model.message import Message
    from recado.model.practice import ClientRecord
    from recado.model.task import Task
    from recado.model.time_entry import TimeEntry
    from recado.store.workspace import ClientFolder

    T = TypeVar("T")

_OF_A_MESSAGE = re.compile(r"([0-9a-f]{8})-.+", re.ASCII)
_HEADING = re.compile(r"^#\s+(.+?)\s*#*\s*$", re.MULTILINE)


class ReadWork(NamedTuple):
    """A client's work as it was read, without what has problems, and what is kept for reading it again.

    `problems` stand in the order of files and lines; `listing` is the one it was read by.
    """

    work: ClientWork
    problems: tuple[Problem, ...]
    kept: KeptFiles
    listing: Listing


def load_client_work(client: ClientFolder, record: ClientRecord) -> ClientWork:
    """Read one client's files. Raises FileError with every mistake in them."""
    read = read_client_work(client, record, list_client(client))
    if read.problems:
        raise FileError(read.problems)
    return read.work


def read_client_work(client: ClientFolder, record: ClientRecord, listing: Listing, kept: KeptFiles | None = None) -> ReadWork:
    """Read one client's files as they are listed; those that did not change since they were kept are not read again."""
    problems: list[Problem] = []
    if os.path.islink(client.root):  # noqa: PTH114 (a link that leads to itself is no error)
        listing = nothing_listed(listing)  # it could be another client's: nothing in it is read, or kept
        problems.append(Problem(readable(client.root.relative_to(client.workspace).as_posix()), 1, _linked_folder()))
    files = FilesToRead(client, record.client.code, listing, kept, problems)
    _refuse_folders(client, files, listing)
    tree = _Tree(listing)
    _expect_names(tree, files)
    threads = tuple(_read_thread(client, task, tree, files, listing) for task in _read_tasks(record.client.code, tree, files))
    changes = _read_history(files, listing)
    invoices = _read_invoices(tree, files)
    work = ClientWork(
        record=record,
        threads=threads,
        changes=changes,
        time=_read_time(tree, files),
        invoices=tuple(invoice for invoice, _path in invoices),
        invoice_sources={invoice.number or "": files.digest(path) for invoice, path in invoices},
        welcome=_read_welcome(files, listing),
        pages=_read_pages(tree, files),
        updated=_newest(threads, changes),
    )
    return ReadWork(work, FileError(problems).problems, files.kept, listing)


class _Tree:
    """A listing, sorted by what its files are. Names of each are in order."""

    def __init__(self, listing: Listing) -> None:
        self.tasks: list[str] = []
        self.messages: dict[str, list[str]] = defaultdict(list)
        self.files: dict[str, list[str]] = defaultdict(list)
        self.time: list[str] = []
        self.invoices: list[str] = []
        self.pages: list[str] = []
        single = {"time": (self.time, ".csv"), "invoices": (self.invoices, ".yml"), "pages": (self.pages, ".md")}
        for path in sorted(listing.files):
            first, *rest = path.split("/")
            if first == "tasks":
                self._sort_task(path, rest)
            elif first in single and len(rest) == 1 and rest[0].endswith(single[first][1]):
                single[first][0].append(path)

    def _sort_task(self, path: str, rest: list[str]) -> None:
        match rest:
            case [name] if name.endswith((".md", ".md.txt")):
                self.tasks.append(path)
            case [name, message] if message.endswith(".md") and MESSAGE_NAME.fullmatch(message[:-3]):
                self.messages[name].append(path)
            case [name, "files", _file]:
                self.files[name].append(path)


def _text(files: FilesToRead, path: str, parse: Callable[[str, str], T | None]) -> T | None:
    """Give what a text says."""

    def parsed(content: bytes, file: str) -> T | None:
        text = text_of(content, file, files.problems)
        return None if text is None else parse(text, file)

    return files.value(path, parsed)


def _refuse_folders(client: ClientFolder, files: FilesToRead, listing: Listing) -> None:
    """Tell of folders that are links, or cannot be looked into: nothing below them is listed, and so nothing is read."""
    for path, stamp in listing.files.items():
        if is_closed(stamp):
            said = _("this folder cannot be read: {reason}").format(reason=reason_of_number(stamp[1]))
            files.problems.append(Problem(files.shown(path), 1, said))
        elif is_link(stamp) and os.path.isdir(client.root / path):  # noqa: PTH112 (of a link to itself, Path raises an error)
            files.problems.append(Problem(files.shown(path), 1, _linked_folder()))


def _linked_folder() -> str:
    return _("this folder is a link; expected the folder itself, or its files copied here")


def _expect_names(tree: _Tree, files: FilesToRead) -> None:
    """Tell of threads whose task's file has another name: whoever renames the one must not lose the other from the portal.

    A folder whose number no task has may be one that is only now being filed.
    """
    tasks = {path.removeprefix("tasks/").removesuffix(".md") for path in tree.tasks if path.endswith(".md")}
    if folders := (tree.messages.keys() | tree.files.keys()) - tasks:
        named = {number_in_name(task): task for task in sorted(tasks, reverse=True)}
        for folder in folders:
            number = number_in_name(folder)
            if number is not None and number in named:
                said = _("this folder has the number of {task}.md, but another name; expected the folder to be called {task}")
                files.problems.append(Problem(files.shown(f"tasks/{folder}"), 1, said.format(task=readable(named[number]))))


def _read_tasks(code: str, tree: _Tree, files: FilesToRead) -> tuple[Task, ...]:
    def read(path: str) -> Task | None:
        if path.endswith(".txt"):  # what Windows' Notepad makes of a name it is given
            said = _("the name of a task's file ends in .md; expected it without .txt")
            files.problems.append(Problem(files.shown(path), 1, said))
            return None
        name = path.removeprefix("tasks/").removesuffix(".md")
        return _text(files, path, lambda text, file: parse_task(name, text, code, file, files.problems))

    return each_once(((read(path), files.shown(path)) for path in tree.tasks), files.problems)


def _read_thread(client: ClientFolder, task: Task, tree: _Tree, files: FilesToRead, listing: Listing) -> Thread:
    paths = tree.messages.get(task.name, [])
    found = (_read_message(path, files) for path in paths)
    messages = tuple(sorted((message for message in found if message), key=lambda message: (message.received, message.name)))
    given = tuple(_read_files(client, tree.files.get(task.name, ()), {message.id for message in messages}, files, listing))
    told = [task.name.encode(errors="surrogateescape"), files.digest(f"tasks/{task.name}.md")]
    for path in paths:
        told += (path[path.rfind("/") + 1 :].encode(), files.digest(path))
    digest = hashlib.blake2b(b"\0".join(told), digest_size=16)
    for path in tree.files.get(task.name, ()):
        unsettled = "?" if path in listing.unsettled else ""
        digest.update(f"\0{path} {listing.files[path]}{unsettled}".encode(errors="surrogateescape"))
    return Thread(task, messages, given, digest.digest())


def _read_message(path: str, files: FilesToRead) -> Message | None:
    name = path.rpartition("/")[2][:-3]
    return _text(files, path, lambda text, file: parse_message(name, text, file, files.problems))


def _read_files(
    client: ClientFolder, paths: list[str] | tuple[()], ids: set[str], files: FilesToRead, listing: Listing
) -> Iterator[File]:
    """Read what files a task has. One whose message is not there (yet) is left out: half a mail is shown to no one.

    That message may be withheld, too. Eight figures that no message has are a date or a number of the VA's: a delivery.
    """
    for path in paths:
        stamp, name = listing.files[path], path.rpartition("/")[2]
        is_own = is_file(stamp) or (
            is_link(stamp) and stays_inside(client, client.root / path) and (client.root / path).is_file()
        )
        if not is_own:
            files.problems.append(Problem(files.shown(path), 1, no_file_of_their_own()))
            continue
        if not _is_text(name, files.shown(path), files.problems):
            continue
        found = _OF_A_MESSAGE.fullmatch(name)
        digits = found[1] if found else ""
        if digits in ids or not digits or digits.isdecimal():
            yield File(name, size_of(stamp), digits if digits in ids else None)


def _read_history(files: FilesToRead, listing: Listing) -> tuple[Change, ...]:
    def parsed(content: bytes, file: str) -> tuple[Change, ...]:
        return changes_in(content, file, files.problems)

    return (files.value("history.csv", parsed) or ()) if "history.csv" in listing.files else ()


def _read_time(tree: _Tree, files: FilesToRead) -> tuple[TimeEntry, ...]:
    paths = [path for path in tree.time if MONTH.fullmatch(path.removeprefix("time/"))]
    if not paths:
        return ()
    found = (_text(files, path, lambda text, file: parse_time(text, file, files.problems)) for path in paths)
    return tuple(sorted((entry for some in found for entry in some or ()), key=lambda entry: (entry.start, entry.id)))


def _read_invoices(tree: _Tree, files: FilesToRead) -> list[tuple[Invoice, str]]:
    if not tree.invoices:
        return []

    def parsed(text: str, file: str) -> Invoice | None:
        return parse_invoice(text, file, files.problems)

    return issued_once(((_text(files, path, parsed), path) for path in tree.invoices), files.shown, files.problems)


def _read_welcome(files: FilesToRead, listing: Listing) -> str:
    if "welcome.md" not in listing.files:  # a link that leads nowhere is, and a mistake to tell
        return ""
    return _text(files, "welcome.md", lambda text, file: _welcome(text, file, files.problems)) or ""


def _welcome(text: str, file: str, problems: list[Problem]) -> str | None:
    if "<<<<<<< " not in text:  # what a merge leaves
        return text
    from recado.store.checked import problems_of_yaml  # noqa: PLC0415 (late, as for pages)
    from recado.store.front_matter import read_front_matter  # noqa: PLC0415

    found = problems_of_yaml(read_front_matter(text).front, file)
    problems += found
    return None if found else text


def _read_pages(tree: _Tree, files: FilesToRead) -> tuple[OwnPage, ...]:
    pages = []
    for path in tree.pages:
        name = path.removeprefix("pages/")
        if not _is_text(name, files.shown(path), files.problems):
            continue
        page = _text(files, path, lambda text, file, name=name: _own_page(name, text, file, files.problems))  # type: ignore[misc] # (a default binds it)
        if page is not None:
            pages.append(page)
    return tuple(pages)


def _own_page(name: str, text: str, file: str, problems: list[Problem]) -> OwnPage | None:
    from recado.store.checked import problems_of_yaml  # noqa: PLC0415 (late, with YAML and pydantic: few have such pages)
    from recado.store.front_matter import read_front_matter  # noqa: PLC0415

    marked, stem = read_front_matter(text), name.removesuffix(".md")
    if found := problems_of_yaml(marked.front, file):
        problems += found
        return None  # half a page, or one of two versions
    front = marked.front.value if isinstance(marked.front.value, dict) else {}
    heading = _HEADING.search(marked.body)
    title = front.get("title") or (heading[1] if heading else stem.replace("-", " ").capitalize())
    return OwnPage(stem, str(title), marked.body)


def _is_text(name: str, file: str, problems: list[Problem]) -> bool:
    """Tell whether a file's name can stand on a page: one from an old archive may be in another encoding than UTF-8."""
    is_text = readable(name) == name
    if not is_text:
        problems.append(Problem(file, 1, _("this name is not UTF-8; expected a name in letters that can be read")))
    return is_text


def _newest(threads: tuple[Thread, ...], changes: tuple[Change, ...]) -> datetime | None:
    """Give the newest instant that the files tell: "last updated" is this, and never the clock."""
    instants = [change.at for change in changes]
    instants += [message.received for thread in threads for message in thread.messages if not message.is_withheld]
    return max(instants, default=None)
