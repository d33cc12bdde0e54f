"""The conversation of a request, newest first.

Quotes are folded, automatic answers quiet, and of a withheld message there is a line and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recado.model.message import Kind, Message
from recado.portal.body import body

if TYPE_CHECKING:
    from markupsafe import Markup

    from recado.portal.pages.view import ShownThread, View
    from recado.portal.reader import When


@dataclass(frozen=True, slots=True)
class Entry:
    """One message. `kind` is `message`, `note` (an automatic answer) or `withheld`, which has nothing but its `when`."""

    kind: str
    author: str
    when: When
    text: Markup | None = None
    quoted: Markup | None = None


def conversation(thread: ShownThread, view: View) -> tuple[Entry, ...]:
    """Give the conversation without the request itself, which stands above it, newest first."""
    entries: list[Entry] = []
    may_quote = True
    for message in thread.messages:
        if message.is_withheld:
            # From here on a quote may repeat what is withheld.
            may_quote = False
            entries.append(Entry("withheld", "", view.reader.moment(message.received)))
        elif message is not thread.request:
            entries.append(_entry(message, view, may_quote=may_quote))
    return tuple(reversed(entries))


def author(message: Message, view: View) -> str:
    """Name who wrote a message: a person both sides know by the first name, anyone else by the whole."""
    sender = message.sender
    contact = view.record.client.contact_at(sender.email)
    if contact:
        return contact.person.first_name
    if message.kind is Kind.OUTGOING:
        return _colleague(sender.email, view) or view.me
    return sender.name or sender.email


def _colleague(address: str, view: View) -> str:
    return next((person.name for person in view.business.people.values() if person.email == address), "")


def _entry(message: Message, view: View, *, may_quote: bool) -> Entry:
    words = view.reader.words
    return Entry(
        kind="note" if message.kind is Kind.NOTE else "message",
        author=author(message, view),
        when=view.reader.moment(message.received),
        text=body(message.text, words, top=4) if message.text.strip() else None,
        quoted=body(message.quoted, words, top=4) if message.quoted.strip() and may_quote else None,
    )
