"""What is already filed: known from the files themselves, so that a mail is filed once and a reply finds its thread.

Repeats are known by Message-ID together with the digest, never by Message-ID alone (DESIGN, promise 1).
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ThreadKey:
    """Where a task stands: the client's key, its number, its name."""

    client: str
    number: int
    name: str


@dataclass(slots=True)
class Filed:
    """The messages, threads and quarantined mails of a workspace, as far as a decision needs them."""

    repeats: dict[tuple[str, str], str] = field(default_factory=dict)
    by_message_id: dict[str, list[ThreadKey]] = field(default_factory=dict)
    by_number: dict[tuple[str, int], ThreadKey] = field(default_factory=dict)
    quarantined: set[str] = field(default_factory=set)

    def add_thread(self, thread: ThreadKey, message_id: str = "") -> None:
        """Remember a task; `message_id` is the one its front matter names."""
        self.by_number[thread.client, thread.number] = thread
        self._point(message_id, thread)

    def add_message(self, thread: ThreadKey, message_id: str, digest: str, where: str) -> None:
        """Remember a message of a thread. One without a digest was written by hand, and never counts as a repeat."""
        self._point(message_id, thread)
        if digest:
            self.repeats[message_id, digest] = where

    def add_quarantined(self, message_id: str, digest: str, where: str) -> None:
        """Remember a mail that no one could file. Its id names no thread: a stranger may have written anything into it."""
        self.quarantined.add(message_id)
        if digest:
            self.repeats[message_id, digest] = where

    def where(self, message_id: str, digest: str) -> str | None:
        """Tell where this very mail was filed before."""
        return self.repeats.get((message_id, digest))

    def has_message_id(self, message_id: str) -> bool:
        """Tell whether any mail that came, of whatever content, has this id."""
        return bool(message_id) and (message_id in self.by_message_id or message_id in self.quarantined)

    def threads_of(self, message_id: str) -> tuple[ThreadKey, ...]:
        """List the threads that hold a message of this id: more than one only where someone reused it."""
        return tuple(self.by_message_id.get(message_id, ()))

    def _point(self, message_id: str, thread: ThreadKey) -> None:
        threads = self.by_message_id.setdefault(message_id, []) if message_id else []
        if thread not in threads:
            threads.append(thread)
