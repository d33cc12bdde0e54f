"""The verdict on a workspace and its mailbox: what was lost, doubled or half-written. It reads the files, and asks no index."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from imap_twin import SENT

from ingest.mail import Mail
from ingest.parse import parse_mail
from recado.errors import FileError
from recado.store.client_work import load_client_work
from recado.store.filing import UNFINISHED
from recado.store.front_matter import read_front_matter
from recado.store.messages import message_files

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from imap_twin import ImapTwin

    from recado.model.client_work import ClientWork, Thread
    from recado.model.practice import Practice
    from recado.store.workspace import ClientFolder, Workspace

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Delivered:
    """A mail that came, as it must be known again: by Message-ID and digest; what cannot be read, by its bytes."""

    raw: bytes
    key: Key
    attachments: tuple[tuple[str, bytes], ...]

    @classmethod
    def of(cls, raw: bytes) -> Delivered:
        mail = parse_mail(raw)
        if not isinstance(mail, Mail):
            return cls(raw, ("", ""), ())
        files = tuple((attachment.name, attachment.content) for attachment in mail.attachments)
        return cls(raw, (mail.message_id, mail.digest), files)


def half_written(workspace: Workspace, practice: Practice, mails: Sequence[Delivered]) -> Iterator[str]:
    """Tell what a build would see of half a mail now, whatever died a moment ago."""
    by_key = {mail.key: mail for mail in mails}
    for key in practice.clients:
        try:
            work = load_client_work(workspace.client(key), practice.record(key))
        except FileError as error:
            yield f"half-written: {error}"
            continue
        for thread in work.threads:
            yield from _half_a_thread(workspace.client(key), thread, by_key)
    for eml in _quarantined(workspace):
        if eml.read_bytes() not in {mail.raw for mail in mails}:
            yield f"half-written: {eml.name} is no mail that came"
        if not eml.with_suffix(".md").is_file():
            yield f"half-written: {eml.name} has no page"


def lost(
    workspace: Workspace, practice: Practice, twin: ImapTwin, mails: Sequence[Delivered], taken: Collection[Key] = ()
) -> Iterator[str]:
    """Tell which mails are neither filed nor where they will be found: at no moment may there be one.

    `taken`: but for those that the VA took away or deleted herself.
    """
    yield from _missing(workspace, practice, [*twin.waiting(), *twin.kept(SENT)], mails, taken)


def _missing(
    workspace: Workspace, practice: Practice, waiting: list[bytes], mails: Sequence[Delivered], taken: Collection[Key]
) -> Iterator[str]:
    filed, kept = _filed(workspace, practice), _kept(workspace)
    # A mail may come by two ways, and differ in what is said of the way: what its digest covers is the mail.
    safe = {mail.key for mail in mails if filed[mail.key] or mail.raw in kept or mail.raw in waiting}
    for key in dict.fromkeys(mail.key for mail in mails):
        if key not in safe and key not in taken:
            yield f"lost: {key[0] or 'a mail without an id'}"


def verdict(
    workspace: Workspace,
    practice: Practice,
    twin: ImapTwin,
    mails: Sequence[Delivered],
    *,
    moved: Sequence[bytes] = (),
    taken: Collection[Key] = (),
) -> list[str]:
    """Give every complaint after a clean pass; none means exactly once.

    `moved`: the originals that left the inbox. `taken`: mails that the VA took away or deleted herself.
    """
    found = [*half_written(workspace, practice, mails), *_missing(workspace, practice, [], mails, taken)]
    filed, kept = _filed(workspace, practice), Counter(_kept(workspace))
    times = Counter({mail.key: filed[mail.key] for mail in mails})
    times.update(mail.key for mail in {mail.raw: mail for mail in mails}.values() for _time in range(kept[mail.raw]))
    found += [
        f"doubled: {key[0] or 'a mail without an id'} is there {count} times" for key, count in times.items() if count > 1
    ]
    found += [f"unknown: a message {key[0]} that never came" for key in set(filed) - {mail.key for mail in mails}]
    found += [f"left in the inbox: {raw[:80]!r}" for raw in twin.waiting()]
    originals = {*twin.kept("Recado/Done"), *twin.kept("Recado/Quarantine")}
    found += [f"the original is gone: {raw[:80]!r}" for raw in moved if raw not in originals]
    for key in practice.clients:
        found += _complaints(workspace.client(key), practice, key)
    return found


def _complaints(client: ClientFolder, practice: Practice, key: str) -> Iterator[str]:
    if not client.tasks.is_dir():
        return
    for path in client.tasks.rglob("*"):
        if path.name == UNFINISHED or (path.is_dir() and path.name.endswith(".part")):
            yield f"unfinished: {path.name} is left"
    folders = {path.name for path in client.tasks.iterdir() if path.is_dir()}
    files = {path.name.removesuffix(".md") for path in client.tasks.glob("*.md")}
    yield from (f"unfinished: the folder {name} has no task" for name in folders - files)
    try:
        work = load_client_work(client, practice.record(key))
    except FileError:
        return  # told already
    yield from _complaints_of_history(work)
    numbers = [thread.task.ref.number for thread in work.threads]
    if len(set(numbers)) != len(numbers):
        yield f"a number was given twice: {numbers}"
    # Once the newest task is deleted, its number is known from one of these alone.
    written = client.highest.read_bytes().strip() if client.highest.is_file() else b""
    remembered = max([int(written) if written.isdigit() else 0, *(change.ref.number for change in work.changes)])
    if remembered < max(numbers, default=0):
        yield f"the highest number is not kept: {max(numbers)} was given, {remembered} is remembered"


def _complaints_of_history(work: ClientWork) -> Iterator[str]:
    for thread in work.threads:
        rows = [change for change in work.changes if change.ref == thread.task.ref]
        if [row.before for row in rows].count(None) != 1:
            yield f"history: {thread.task.ref} has {len(rows)} rows, and not one that is its first"
        for earlier, later in pairwise(rows):
            if later.before != earlier.after:
                yield f"history: {thread.task.ref} goes from {later.before} where it was {earlier.after}"
        if rows and rows[-1].after != thread.task.status:
            yield f"history: {thread.task.ref} is {thread.task.status}, and the history says {rows[-1].after}"


def _half_a_thread(client: ClientFolder, thread: Thread, by_key: dict[Key, Delivered]) -> Iterator[str]:
    folder = client.thread(thread.task.name) / "files"
    listed: list[str] = []
    for message in thread.messages:
        listed += message.attachments
        mail = by_key.get((message.message_id, message.digest))
        if mail is None:
            continue
        if len(mail.attachments) != len(message.attachments):
            yield f"half-written: {message.name} has {len(message.attachments)} of {len(mail.attachments)} files"
        for name, (_name, content) in zip(message.attachments, mail.attachments, strict=False):
            if not (folder / name).is_file() or (folder / name).read_bytes() != content:
                yield f"half-written: {name} is not whole"
    if shown := {file.name for file in thread.files if file.message} - set(listed):
        yield f"half-written: {sorted(shown)} belong to no message"
    if not thread.messages:
        yield f"half-written: {thread.task.ref} has no message"


def _filed(workspace: Workspace, practice: Practice) -> Counter[Key]:
    """Count the message files of each mail, whatever else is wrong in their folder. What no reader sees does not count."""
    found: Counter[Key] = Counter()
    for key in practice.clients:
        client = workspace.client(key)
        names = [path.name for path in client.tasks.iterdir() if path.is_dir()] if client.tasks.is_dir() else []
        for name in (each for each in names if not each.startswith(".")):
            for file in message_files(client, name):
                front = read_front_matter(file.read_text(encoding="utf-8", errors="replace")).front.value
                if isinstance(front, dict):
                    found[str(front.get("message_id") or ""), str(front.get("digest") or "")] += 1
    return found


def _quarantined(workspace: Workspace) -> list[Path]:
    return sorted(workspace.quarantine.glob("*.eml")) if workspace.quarantine.is_dir() else []


def _kept(workspace: Workspace) -> list[bytes]:
    return [eml.read_bytes() for eml in _quarantined(workspace)]


def told(workspace: Workspace, practice: Practice) -> list[object]:
    """Tell what the files say, without what a fault may change: the numbers (one may be skipped), when a row was written."""
    said: list[object] = []
    for key in practice.clients:
        work = load_client_work(workspace.client(key), practice.record(key))
        place = {thread.task.ref: number for number, thread in enumerate(work.threads)}
        for thread in work.threads:
            task = thread.task
            slug = task.name.partition("-")[2]
            said.append((key, slug, task.title, task.status, task.body, task.message))
            said += [(m.kind, m.verified, m.flags, m.digest, m.text, m.attachments) for m in thread.messages]
            said.append(sorted(file.name for file in thread.files))
        said += sorted((place.get(row.ref, -1), row.by, str(row.before), row.after) for row in work.changes)
    said += [(eml.name, eml.read_bytes()) for eml in _quarantined(workspace)]
    return said
