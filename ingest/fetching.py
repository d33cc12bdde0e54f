"""Fetching mails in bulk: few round trips, and never more in memory than one batch. No mail is marked as read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from ingest.arrived import Arrived
from ingest.connection import TROUBLES, Connection, MailRefusedError, is_refusal
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BATCH_MAILS = 100
BATCH_BYTES = 8_000_000
HEADER_OF_LARGE = 64 * 1024
# A command line stays far below the 8,192 bytes that a server has to take (RFC 7162 §4).
COMMAND_UIDS = 500
_UNAVAILABLE = b"From: System Administrator <root@localhost>\r\nSubject: message unavailable\r\n"


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail that waits in a folder: its UID, and its size in bytes, asked before it is fetched."""

    uid: int
    size: int


def envelopes_of(connection: Connection, uids: Sequence[int]) -> tuple[Envelope, ...]:
    """Ask the sizes of mails in the open folder, in the order of their UIDs; those that are gone are left out."""
    found: list[Envelope] = []
    for some in parted(sorted(uids), COMMAND_UIDS):
        sizes = connection.client.fetch(some, ["RFC822.SIZE"])
        known = ((uid, sizes.get(uid, {}).get(b"RFC822.SIZE")) for uid in some)
        found += (Envelope(uid, int(size)) for uid, size in known if size is not None)
    return tuple(found)


def fetch_batch(connection: Connection, batch: Sequence[Envelope], most_bytes: int) -> Iterator[tuple[Envelope, Arrived]]:
    """Fetch one batch of `in_batches` from the open folder, in its order; those that are gone are left out.

    Where the server refuses the whole (one of them cannot be read there), each is asked for alone. Raises MailboxError;
    MailRefusedError for what was refused alone, after the others.
    """
    is_cut = batch[0].size > most_bytes
    refused: Exception | None = None
    try:
        found = _ask(connection, batch, is_cut=is_cut)
        asked = [(envelope, found.get(envelope.uid)) for envelope in batch]
    except TROUBLES as error:
        if not is_refusal(error):
            raise connection.failed(_("fetching a mail"), error) from error
        asked = []
        for envelope in batch:
            try:
                asked.append((envelope, _ask(connection, [envelope], is_cut=is_cut).get(envelope.uid)))
            except TROUBLES as again:
                if not is_refusal(again):
                    raise connection.failed(_("fetching a mail"), again) from again
                refused = again
    for envelope, answer in asked:
        arrived = _arrived(answer, is_cut=is_cut) if answer else None
        if arrived is not None and not _stands_for_one_gone(envelope, arrived.raw):
            yield envelope, arrived
    if refused is not None:
        raise connection.failed(_("fetching a mail"), refused, MailRefusedError) from refused


def in_batches(envelopes: Sequence[Envelope], most_bytes: int) -> Iterator[tuple[Envelope, ...]]:
    """Part mails into batches, in their order: so many mails and announced bytes at the most, or a single larger one.

    A batch holds either mails of `most_bytes` at the most, or larger ones, of which the header alone is fetched.
    """
    batch: list[Envelope] = []
    weight = 0
    for envelope in envelopes:
        is_cut = envelope.size > most_bytes
        more = min(envelope.size, HEADER_OF_LARGE) if is_cut else envelope.size
        is_other_kind = bool(batch) and (batch[0].size > most_bytes) is not is_cut
        if batch and (is_other_kind or len(batch) == BATCH_MAILS or weight + more > BATCH_BYTES):
            yield tuple(batch)
            batch, weight = [], 0
        batch.append(envelope)
        weight += more
    if batch:
        yield tuple(batch)


def parted(uids: Sequence[int], most: int) -> Iterator[list[int]]:
    """Part UIDs into lists of so many at the most."""
    for start in range(0, len(uids), most):
        yield list(uids[start : start + most])


def _ask(connection: Connection, batch: Sequence[Envelope], *, is_cut: bool) -> dict[int, dict[bytes, Any]]:
    part = f"BODY.PEEK[HEADER]<0.{HEADER_OF_LARGE}>" if is_cut else "BODY.PEEK[]"
    found: dict[int, dict[bytes, Any]] = connection.client.fetch([each.uid for each in batch], [part, "INTERNALDATE"])
    return found


def _stands_for_one_gone(envelope: Envelope, raw: bytes) -> bool:
    """Tell whether the server made this up for a mail that another program moved away meanwhile, as Courier does.

    It is not as long as was announced; so whoever writes the same words is not passed over.
    """
    return len(raw) != envelope.size and (not raw or raw.startswith(_UNAVAILABLE))


def _arrived(answer: dict[bytes, Any], *, is_cut: bool) -> Arrived | None:
    raw = next((value for key, value in answer.items() if key.startswith(b"BODY[")), None)
    received = answer.get(b"INTERNALDATE")
    if raw is None or received is None:
        return None
    return Arrived(bytes(raw), received.astimezone(UTC).replace(microsecond=0), is_cut)
