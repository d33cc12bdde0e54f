"""What is already filed: known from the files themselves, so that a mail is filed once and a reply finds its thread.

Repeats are known by Message-ID together with the digest, never by Message-ID alone (DESIGN, promise 1). The index is a table
beside the files (`.recado`): it saves reading them again, and may be deleted at any time (`ingest.rescan` makes it).
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from recado.model.instant import compact_instant
from recado.model.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

_VERSION = 2
# What a spoilt table raises: also, of what is wrong with it, words that are no UTF-8.
SPOILT = (sqlite3.Error, UnicodeDecodeError)
_TABLES = """
CREATE TABLE threads (client TEXT, name TEXT, number INTEGER, has_task INTEGER, stamp TEXT, PRIMARY KEY (client, name));
CREATE INDEX thread_numbers ON threads (client, number);
CREATE TABLE messages (client TEXT, name TEXT, file TEXT, message_id TEXT, digest TEXT, said TEXT, subject TEXT, people TEXT,
  is_outgoing INTEGER, is_withheld INTEGER, PRIMARY KEY (client, name, file));
CREATE INDEX message_ids ON messages (message_id);
CREATE TABLE others (file TEXT PRIMARY KEY, stamp TEXT, message_id TEXT, digest TEXT);
CREATE INDEX other_ids ON others (message_id);
"""


@dataclass(frozen=True, slots=True)
class ThreadKey:
    """Where a task stands: the client's key, its number, its name."""

    client: str
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What a task's file and the history say now. `closed_at`: since when it is done or cancelled, None where unknown.

    `goes_on_in`: the number of the task of the same client that it was merged into.
    """

    status: Status = Status.NEW
    title: str = ""
    closed_at: datetime | None = None
    goes_on_in: int | None = None


@dataclass(frozen=True, slots=True)
class ThreadFacts:
    """What a decision may ask of one thread.

    `subjects`: of its messages as they arrived, and the task's title. `people`: the normalised addresses of all who sent or
    received one of its messages. `outgoing_ids`: the Message-IDs of the VA's own messages.
    """

    status: Status
    subjects: tuple[str, ...]
    people: frozenset[str]
    outgoing_ids: frozenset[str]
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """What is remembered of a filed message. `where` is its task's ref; `people` are normalised addresses.

    `is_withheld`: it is there, and says nothing of its thread: a forger may have named anyone and anything in it.
    """

    message_id: str
    digest: str
    where: str
    file: str = ""
    subject: str = ""
    people: tuple[str, ...] = ()
    is_outgoing: bool = False
    is_withheld: bool = False


class Known(Protocol):
    """What a decision may ask of what is filed."""

    def where(self, message_id: str, digest: str, received: datetime | None = None) -> str | None:
        """Tell where this very mail stands: a filed message, else one in the quarantine, or that was rejected there.

        `received`: it must have come at that instant too.
        """

    def is_filed(self, message_id: str, digest: str) -> bool:
        """Tell whether this very mail is a message, be it withheld, and not only in the quarantine."""

    def is_believed(self, message_id: str, digest: str) -> bool:
        """Tell whether this very mail is filed, and not withheld."""

    def has_message_id(self, message_id: str) -> bool:
        """Tell whether any mail that came, of whatever content, has this id."""

    def threads_of(self, message_id: str) -> tuple[ThreadKey, ...]:
        """List the threads that hold a message of this id: more than one only where someone reused it."""

    def numbered(self, client: str, number: int) -> ThreadKey | None:
        """Give a client's task by its number."""

    def about(self, thread: ThreadKey) -> ThreadFacts:
        """Tell what a decision may ask of one thread."""


class Filed:
    """The messages, threads and quarantined mails of a workspace, as far as a decision needs them (`Known`)."""

    def __init__(self, file: Path | None = None, task_of: Callable[[ThreadKey], TaskFacts] | None = None) -> None:
        """Open the table, or make it; without a file it is kept in memory. `task_of` reads what a task says now."""
        self._task_of = task_of or (lambda _thread: TaskFacts())
        self._table = _opened(file)

    def close(self) -> None:
        """Let go of the table. What was not saved is read from the files again."""
        self._table.close()

    def save(self) -> None:
        """Keep what was learnt, for the next process."""
        self._table.commit()

    def undo(self) -> None:
        """Forget what was learnt since the last `save`: it is read from the files again."""
        self._table.rollback()

    # ---- Known ----

    def where(self, message_id: str, digest: str, received: datetime | None = None) -> str | None:
        """Tell where this very mail stands. What was written by hand has no digest, and is never a repeat."""
        if not digest:
            return None
        begins = compact_instant(received) if received else ""
        found = self._table.execute(
            "SELECT said FROM messages WHERE message_id = ? AND digest = ? AND file LIKE ? "
            "UNION ALL SELECT file FROM others WHERE message_id = ? AND digest = ? AND file LIKE ?",
            (message_id, digest, f"{begins}%", message_id, digest, f"{begins}%"),
        ).fetchone()
        return str(found[0]) if found else None

    def is_filed(self, message_id: str, digest: str) -> bool:
        """Tell whether this very mail is a message, be it withheld, and not only in the quarantine."""
        found = "SELECT 1 FROM messages WHERE message_id = ? AND digest = ?"
        return bool(digest) and self._table.execute(found, (message_id, digest)).fetchone() is not None

    def is_believed(self, message_id: str, digest: str) -> bool:
        """Tell whether this very mail is filed, and not withheld."""
        found = "SELECT 1 FROM messages WHERE message_id = ? AND digest = ? AND NOT is_withheld"
        return bool(digest) and self._table.execute(found, (message_id, digest)).fetchone() is not None

    def has_message_id(self, message_id: str) -> bool:
        """Tell whether any mail that came, of whatever content, has this id."""
        found = "SELECT 1 FROM messages WHERE message_id = ? UNION ALL SELECT 1 FROM others WHERE message_id = ? LIMIT 1"
        return bool(message_id) and self._table.execute(found, (message_id, message_id)).fetchone() is not None

    def threads_of(self, message_id: str) -> tuple[ThreadKey, ...]:
        """List the threads that hold a message of this id. A quarantined mail leads to none: anyone may have written its id."""
        if not message_id:
            return ()
        rows = self._table.execute(
            "SELECT DISTINCT threads.client, threads.number, threads.name FROM messages JOIN threads USING (client, name) "
            "WHERE message_id = ? AND has_task AND NOT is_withheld ORDER BY threads.client, threads.number",
            (message_id,),
        )
        return tuple(ThreadKey(*row) for row in rows)

    def numbered(self, client: str, number: int) -> ThreadKey | None:
        """Give a client's task by its number; of one that was merged into another, that one."""
        seen: set[int] = set()
        while True:
            row = self._table.execute(
                "SELECT client, number, name FROM threads WHERE client = ? AND number = ? AND has_task", (client, number)
            ).fetchone()
            if row is None:
                return None
            thread = ThreadKey(*row)
            further = self._task_of(thread).goes_on_in
            seen.add(number)
            if further is None or further in seen:
                return thread
            number = further

    def about(self, thread: ThreadKey) -> ThreadFacts:
        """Tell what a decision may ask of one thread."""
        task = self._task_of(thread)
        rows = self._table.execute(
            "SELECT subject, people, is_outgoing, message_id FROM messages WHERE client = ? AND name = ? AND NOT is_withheld",
            (thread.client, thread.name),
        ).fetchall()
        subjects = dict.fromkeys(subject for subject in (task.title, *(row[0] for row in rows)) if subject)
        people = frozenset(address for row in rows for address in row[1].split("\n") if address)
        outgoing = frozenset(row[3] for row in rows if row[2] and row[3])
        return ThreadFacts(task.status, tuple(subjects), people, outgoing, task.closed_at)

    def set_aside(self, message_id: str, digest: str) -> tuple[str, ...]:
        """Give the names under which this very mail stands in the quarantine, or was rejected there."""
        rows = self._table.execute("SELECT file FROM others WHERE message_id = ? AND digest = ?", (message_id, digest))
        return tuple(row[0] for row in rows)

    # ---- Learning ----

    def add_thread(self, thread: ThreadKey, *, has_task: bool = True, stamp: str = "") -> None:
        """Remember a task. `stamp` tells when its folder last changed; empty: to be looked at again."""
        self._table.execute(
            "INSERT OR REPLACE INTO threads VALUES (?, ?, ?, ?, ?)",
            (thread.client, thread.name, thread.number, has_task, stamp),
        )

    def add_message(self, thread: ThreadKey, message: MessageFacts) -> None:
        """Remember a message of a thread."""
        self._table.execute(
            "INSERT OR REPLACE INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                thread.client,
                thread.name,
                message.file or f"{message.message_id} {message.digest}",
                message.message_id,
                message.digest,
                message.where,
                message.subject,
                "\n".join(message.people),
                message.is_outgoing,
                message.is_withheld,
            ),
        )

    def add_other(self, message_id: str, digest: str, where: str, *, stamp: str = "") -> None:
        """Remember a mail that no one could file, or that the VA rejected: its name in the quarantine."""
        self._table.execute("INSERT OR REPLACE INTO others VALUES (?, ?, ?, ?)", (where, stamp, message_id, digest))

    # ---- For the rescan ----

    def stamps_of(self, client: str) -> dict[str, tuple[str, bool]]:
        """Give, of every thread of a client by its name, the stamp it was read at, and whether it had its task."""
        rows = self._table.execute("SELECT name, stamp, has_task FROM threads WHERE client = ?", (client,))
        return {name: (stamp, bool(has_task)) for name, stamp, has_task in rows}

    def files_of(self, thread: ThreadKey) -> set[str]:
        """Give the names of the message files of a thread that were read."""
        rows = self._table.execute("SELECT file FROM messages WHERE client = ? AND name = ?", (thread.client, thread.name))
        return {row[0] for row in rows}

    def others(self) -> dict[str, str]:
        """Give the stamp of every quarantined mail that was read, by its name."""
        return dict(self._table.execute("SELECT file, stamp FROM others").fetchall())

    def filed_after_all(self) -> tuple[str, ...]:
        """Give the names in the quarantine of mails that are filed, and not withheld, since."""
        rows = self._table.execute(
            "SELECT others.file FROM others JOIN messages USING (message_id, digest) WHERE message_id <> '' AND NOT is_withheld"
        )
        return tuple(row[0] for row in rows)

    def clients(self) -> set[str]:
        """Give the keys of the clients that something is known of."""
        return {row[0] for row in self._table.execute("SELECT DISTINCT client FROM threads")}

    def forget_threads(self, client: str, names: Iterable[str]) -> None:
        """Forget threads that are no longer there, and their messages."""
        gone = [(client, name) for name in names]
        self._table.executemany("DELETE FROM threads WHERE client = ? AND name = ?", gone)
        self._table.executemany("DELETE FROM messages WHERE client = ? AND name = ?", gone)

    def forget_messages(self, thread: ThreadKey, files: Iterable[str]) -> None:
        """Forget messages that are no longer there."""
        gone = [(thread.client, thread.name, file) for file in files]
        self._table.executemany("DELETE FROM messages WHERE client = ? AND name = ? AND file = ?", gone)

    def forget_others(self, files: Iterable[str]) -> None:
        """Forget mails that are no longer in the quarantine."""
        self._table.executemany("DELETE FROM others WHERE file = ?", [(file,) for file in files])


def _opened(file: Path | None) -> sqlite3.Connection:
    """Open the table; one that is damaged, or of another version, is made anew. Where that cannot be, memory keeps it."""
    if file is None:
        return _made(sqlite3.connect(":memory:"))
    for _attempt in range(2):
        table = None
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            table = sqlite3.connect(file, timeout=0)
            (version,) = table.execute("PRAGMA user_version").fetchone()
            # A spoilt page could hide a row, and the mail it stands for would be filed again: 1 ms for 1,000 messages.
            if version == _VERSION and table.execute("PRAGMA quick_check").fetchone() == ("ok",):
                return table
            if version == 0 and not table.execute("SELECT 1 FROM sqlite_master").fetchone():
                return _made(table)
        except (*SPOILT, OSError):
            pass
        if table is not None:
            table.close()
        with suppress(OSError):
            forget_index(file)
    return _made(sqlite3.connect(":memory:"))


def _made(table: sqlite3.Connection) -> sqlite3.Connection:
    table.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {_VERSION}; COMMIT;")
    return table


def forget_index(file: Path) -> None:
    """Remove the table: the next look makes it from the files. Raises OSError."""
    for each in (file, file.with_name(f"{file.name}-journal")):
        with suppress(FileNotFoundError):
            each.unlink()
