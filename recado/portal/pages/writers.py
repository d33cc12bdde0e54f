"""Who asks for things on the client's side: the contacts of clients.yml, then whoever else has asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.model.address import normalise_address

if TYPE_CHECKING:
    from recado.portal.pages.view import View

_MOST = 8


def writers(view: View) -> tuple[tuple[str, str], ...]:
    """Give names with their roles ('' where none is known): contacts in the file's order, then requesters by who asked last."""
    contacts = view.record.client.contacts
    known = {normalise_address(contact.email) for contact in contacts}
    others: dict[str, str] = {}
    for thread in sorted(view.threads, key=lambda thread: thread.task.ref, reverse=True):
        person = thread.task.requester
        if person and person.name:
            address = normalise_address(person.email) if person.email else person.name.casefold()
            if address not in known:
                others.setdefault(address, person.name)
    listed = [(contact.name, view.text_of(contact.role)) for contact in contacts]
    return tuple([*listed, *((name, "") for name in others.values())][:_MOST])
