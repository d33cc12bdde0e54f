"""What in a mail points at threads, and which thread that is among those its writer may write in.

The whole chain counts, the nearest id first (RFC 5322 §3.6.4): what rewrites ids (Exchange, Amazon SES) leaves some of it. Then
the plus-tag, which we gave and a program wrote back; then a ref in the subject, which a person may have typed. Never the
subject alone, nor marks in the quoted text: those stay when an old mail is used to begin something new.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.whose import tags_of
from recado.model.ref import refs_in_subject

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ingest.filed import Known, ThreadKey
    from ingest.mail import Mail
    from recado.model.practice import Practice


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing in a mail that points at threads. `clients` are those whose it is, also where the task is not there.

    `is_ours`: a ref or tag that we gave; an id is only what a mail program wrote.
    """

    threads: tuple[ThreadKey, ...]
    clients: frozenset[str]
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The thread a mail answers, if any; all that it names by a ref or tag of ours; whether it pointed at another's before."""

    thread: ThreadKey | None
    named: tuple[ThreadKey, ...]
    is_foreign: bool


def hints_in(mail: Mail, practice: Practice, known: Known) -> tuple[Hint, ...]:
    """List what in a mail points at threads, in the order in which it counts. An id that no thread holds is no hint."""
    return tuple(_hints(mail, practice, known))


def find_thread(hints: Collection[Hint], candidates: Collection[str]) -> Found:
    """Find the thread among the writer's own clients only. A hint that names two of theirs names neither."""
    own = [[thread for thread in hint.threads if thread.client in candidates] for hint in hints]
    place = next((number for number, threads in enumerate(own) if len(threads) == 1), None)
    before = list(hints)[: len(own) if place is None else place]
    return Found(
        thread=None if place is None else own[place][0],
        named=tuple(threads[0] for hint, threads in zip(hints, own, strict=True) if hint.is_ours and threads),
        is_foreign=any(not hint.clients.intersection(candidates) for hint in before),
    )


def _hints(mail: Mail, practice: Practice, known: Known) -> Iterator[Hint]:
    for message_id in dict.fromkeys((*mail.in_reply_to, *reversed(mail.references))):
        if threads := tuple(thread for thread in known.threads_of(message_id) if thread.client in practice.clients):
            yield Hint(threads, frozenset(thread.client for thread in threads))
    for tag in tags_of(mail, practice):
        if tag.number is not None:
            yield _named(tag.client, tag.number, known)
    for ref in refs_in_subject(mail.subject):
        if client := practice.key_of_code(ref.code):
            yield _named(client, ref.number, known)


def _named(client: str, number: int, known: Known) -> Hint:
    thread = known.numbered(client, number)
    return Hint(() if thread is None else (thread,), frozenset((client,)), is_ours=True)
