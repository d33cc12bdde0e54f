"""The conversation of a request, newest first.

Quotes are folded, automatic answers quiet. Of a message that is being checked there is a line and nothing else, of one that
was rejected not even that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recado.model.message import Kind, Message
from recado.portal.body import body
from recado.portal.pages.pictures import pictures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup

    from recado.portal.mail_pictures import KeptPicture
    from recado.portal.pages.view import ShownThread, View
    from recado.portal.reader import When


class Entry(NamedTuple):
    """One message. `kind` is `message`, `note` (an automatic answer) or `withheld`, which has nothing but its `when`."""

    kind: str
    author: str
    when: When
    text: Markup | None = None
    quoted: Markup | None = None


def conversation(thread: ShownThread, view: View) -> tuple[Entry, ...]:
    """Give the conversation without the message that began it, which stands above it, newest first."""
    entries: list[Entry] = []
    may_quote = True
    kept = pictures(thread)
    for message in thread.messages:
        if message.is_withheld:
            # From here on a quote may repeat what is withheld.
            may_quote = False
            if thread.is_said_in_check(message):
                entries.append(Entry("withheld", "", view.reader.moment(message.received)))
        elif message is not thread.opening:
            entries.append(_entry(message, view, kept, may_quote=may_quote))
    return tuple(reversed(entries))


def author(message: Message, view: View) -> str:
    """Name who wrote a message: a person both sides know by the first name, anyone else by the whole.

    Of someone who is not of this client it says so: a name alone may be anyone's.
    """
    sender = message.sender
    contact = view.record.client.contact_at(sender.email)
    if contact:
        return contact.person.first_name
    if message.kind is Kind.OUTGOING:
        return _colleague(sender.email, view) or view.me
    name = sender.name or sender.email
    if message.is_from_outside:
        return view.reader.gettext("{name} (not of {client})").format(name=name, client=view.record.client.name)
    return name


def _colleague(address: str, view: View) -> str:
    return next((person.name for person in view.business.people.values() if person.email == address), "")


def _entry(message: Message, view: View, kept: Mapping[str, KeptPicture], *, may_quote: bool) -> Entry:
    words = view.reader.words
    return Entry(
        kind="note" if message.kind is Kind.NOTE else "message",
        author=author(message, view),
        when=view.reader.moment(message.received),
        text=body(message.text, words, top=4, pictures=kept) if message.text.strip() else None,
        quoted=body(message.quoted, words, top=4, pictures=kept) if message.quoted.strip() and may_quote else None,
    )
