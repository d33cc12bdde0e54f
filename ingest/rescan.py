"""What is filed, read from the files: every thread and the quarantine, of which only what changed is opened again.

A thread's folder has a stamp: when it last changed, and which folder it is. An equal stamp means that no file came or went;
one so fresh that a change in the same tick of the clock would not show is not kept (git's rule for its index).
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from ingest.filed import MessageFacts, TaskFacts, ThreadKey
from recado.errors import FileError, Problem
from recado.model.address import normalise_address, parse_person
from recado.model.message import THIRD_PARTY, Kind, Verified
from recado.model.ref import Ref, parse_ref
from recado.model.status import Status
from recado.model.task import number_in_name
from recado.speech import _
from recado.store.atomic import sync_all
from recado.store.filing import clear_aside, clear_parts, complete, quarantined
from recado.store.front_matter import front_of
from recado.store.history import last_change
from recado.store.messages import MESSAGE_NAME
from recado.store.quarantine import rejected, take_out_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from ingest.filed import Filed
    from recado.model.practice import Practice
    from recado.store.workspace import ClientFolder, Workspace

_TICK_NS = 2_000_000_000  # generous: file systems stamp by the kernel's tick, 1 to 10 ms, and old ones by 2 s


def rescan(workspace: Workspace, practice: Practice, filed: Filed) -> None:
    """Bring `filed` up to date with the files, after finishing what a crash left unfinished. Raises OSError.

    What is learnt is made lasting first: a crash may have left it before its folder was synced, and its mail is moved away as a
    repeat from now on.
    """
    learnt: set[Path] = set()
    for key, client in practice.clients.items():
        learnt |= _rescan_client(workspace.client(key), client.code, filed)
    for gone in filed.clients() - set(practice.clients):
        filed.forget_threads(gone, filed.stamps_of(gone))
    learnt |= _rescan_quarantine(workspace, filed)
    if learnt:
        sync_all((*sorted(learnt), workspace.sources, workspace.root))
    filed.save()


def task_reader(workspace: Workspace, practice: Practice) -> Callable[[ThreadKey], TaskFacts]:
    """Give what reads a task as it is now: whoever edits it may have done so a moment ago."""

    def read(thread: ThreadKey) -> TaskFacts:
        client = workspace.client(thread.client)
        try:
            front = front_of(client.task_file(thread.name))
        except OSError:
            return TaskFacts()
        try:
            status = Status(_word(front, "status").lower() or Status.NEW)
        except ValueError:  # the build tells what is wrong with it
            status = Status.NEW
        further = _ref(_word(front, "merged"))
        closed = None
        if status in {Status.DONE, Status.CANCELLED}:
            closed = last_change(client, Ref(practice.clients[thread.client].code, thread.number))
        return TaskFacts(status, _word(front, "title"), closed, further.number if further else None)

    return read


def _rescan_client(client: ClientFolder, code: str, filed: Filed) -> set[Path]:
    """Bring one client's threads up to date, and give the folders in which something new was found."""
    known = filed.stamps_of(client.key)
    learnt: set[Path] = set()
    _expect_no_link(client.root, client.tasks)
    if not client.tasks.is_dir():
        filed.forget_threads(client.key, known)
        return learnt
    now = time.time_ns()
    tasks, folders = _entries(client)
    for name in folders:
        number = number_in_name(name)
        if number is None:
            continue
        thread = ThreadKey(client.key, number, name)
        stamp, had_task = known.get(name, ("", False))
        seen = folders[name]
        if stamp != _stamp(seen) or not had_task:
            if complete(client, code, name):  # where its task stands already, this clears away what a power cut brought back
                tasks.add(name)
                seen = client.thread(name).stat()
            if _rescan_thread(client, code, thread, filed, int(stamp.partition("-")[0] or 0)):
                learnt |= {each for each in (client.thread(name), client.thread(name) / "files") if each.is_dir()}
        if stamp != _stamp(seen) or had_task != (name in tasks):
            filed.add_thread(thread, has_task=name in tasks, stamp=_stamp(seen) if seen.st_mtime_ns < now - _TICK_NS else "")
    for name in tasks - set(folders):  # nothing hangs on it: written by hand, or merged
        number = number_in_name(name)
        if number is not None and known.get(name) != ("-", True):
            thread = ThreadKey(client.key, number, name)
            filed.forget_messages(thread, filed.files_of(thread))  # merged into another: they are found there
            filed.add_thread(thread, stamp="-")
    filed.forget_threads(client.key, set(known) - set(folders) - tasks)
    return learnt | {client.tasks, client.root} if learnt else learnt


def _entries(client: ClientFolder) -> tuple[set[str], dict[str, os.stat_result]]:
    """Give the names of the task files, and of the threads' folders with their state.

    A folder that is a link may lead anywhere: nothing is filed into it, as if the task were not there.
    """
    tasks: set[str] = set()
    links: set[str] = set()
    folders: dict[str, os.stat_result] = {}
    with os.scandir(client.tasks) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                if entry.name.endswith(".part"):
                    clear_aside(client, entry.name)
            elif entry.is_dir(follow_symlinks=False):
                folders[entry.name] = entry.stat(follow_symlinks=False)
            elif entry.name.endswith(".md"):
                tasks.add(entry.name.removesuffix(".md"))
            elif entry.is_symlink():
                links.add(entry.name)
    return tasks - links, folders


def _rescan_thread(client: ClientFolder, code: str, thread: ThreadKey, filed: Filed, since: int) -> bool:
    """Read the messages of a thread that came, or were judged anew, since it was last looked at; forget those that went.

    `since`: when the folder had changed last then, in ns; 0 reads all. Tells whether there were any that nobody knew.
    """
    clear_parts(client.thread(thread.name))
    with os.scandir(client.thread(thread.name)) as entries:
        files = {
            entry.name: entry.stat(follow_symlinks=False).st_mtime_ns
            for entry in entries
            if entry.name.endswith(".md") and MESSAGE_NAME.fullmatch(entry.name[:-3])
        }
    known = filed.files_of(thread)
    filed.forget_messages(thread, known - set(files))
    for file in sorted(name for name, written in files.items() if name not in known or written >= since):
        front = front_of(client.thread(thread.name) / file)
        is_withheld = _word(front, "verified") in {Verified.FAIL.value, Verified.REJECTED.value}
        filed.add_message(
            thread,
            MessageFacts(
                message_id=_word(front, "message_id"),
                digest=_word(front, "digest"),
                where=str(Ref(code, thread.number)),
                file=file,
                subject=_word(front, "subject"),
                people=tuple(_people(front)),
                is_outgoing=_word(front, "kind") == Kind.OUTGOING.value,
                is_withheld=is_withheld,
            ),
        )
    return not known.issuperset(files)


def _expect_no_link(*folders: Path) -> None:
    """See that folders are where they seem to be: a link could be another client's. Raises FileError."""
    for folder in folders:
        if folder.is_symlink():
            name = "/".join(folder.parts[folder.parts.index("portal_src") :])
            raise FileError([Problem(name, 1, _("this folder is a link; expected the folder itself"))])


def _rescan_quarantine(workspace: Workspace, filed: Filed) -> set[Path]:
    _expect_no_link(workspace.quarantine)
    known = filed.others()
    there = quarantined(workspace)
    done_with = {name: (message_id, digest) for message_id, digest, name in rejected(workspace)}
    filed.forget_others(set(known) - set(there) - set(done_with))
    for name, (message_id, digest) in done_with.items():
        if name not in known:
            filed.add_other(message_id, digest, name, stamp="-")
    for name in there:
        if name not in known:
            page = workspace.quarantine / f"{name}.md"
            front = front_of(page) if page.is_file() else {}
            filed.add_other(_word(front, "message_id"), _word(front, "digest"), name, stamp="-")
    for name in set(there).intersection(filed.filed_after_all()):  # a crash came between filing it and taking it out of here
        take_out_of(workspace.quarantine, name)
        filed.forget_others([name])
    return set() if known.keys() >= set(there) else {workspace.quarantine}


def _word(front: Mapping[str, object], key: str) -> str:
    value = front.get(key)
    return value.strip() if isinstance(value, str) else ""


def _ref(text: str) -> Ref | None:
    try:
        return parse_ref(text)
    except ValueError:  # not merged; or a mistake, for the build to tell
        return None


def _people(front: Mapping[str, object]) -> Iterator[str]:
    """Give who sent a message and who received it; of a third party's, its sender alone: they bring nobody else in."""
    with suppress(ValueError):
        yield normalise_address(parse_person(_word(front, "from")).email)
    if THIRD_PARTY not in _words(front, "flags"):
        yield from (normalise_address(address) for address in _words(front, "to"))


def _words(front: Mapping[str, object], key: str) -> list[str]:
    value = front.get(key)
    return [word for word in (value if isinstance(value, list) else [value]) if isinstance(word, str)]


def _stamp(seen: os.stat_result) -> str:
    return f"{seen.st_mtime_ns}-{seen.st_ino}"
