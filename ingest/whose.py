"""Whose an address is: the practice's own, the request address, which clients'; and whose the plus-tags of a mail name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from recado.model.address import domain_of, normalise_address, untagged
from recado.model.written import domain_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.mail import Mail
    from recado.model.address import Person
    from recado.model.practice import Practice

_LONGEST_NUMBER: Final = 9  # digits, as in a ref


def clients_of(address: str, practice: Practice) -> tuple[str, ...]:
    """List the clients an address may write for: those who have it among their contacts or senders, else whose domain it is."""
    wanted = normalise_address(address)
    bare = untagged(wanted)[0]

    def named(key: str) -> bool:
        client = practice.clients[key]
        known = [contact.email for contact in client.contacts] + [s for s in client.senders if domain_in(s) is None]
        return any(normalise_address(each) in {wanted, bare} for each in known)

    by_name = tuple(key for key in practice.clients if named(key))
    if by_name:
        return by_name
    domain = domain_of(address)
    return tuple(key for key, client in practice.clients.items() if domain in {domain_in(sender) for sender in client.senders})


def is_own(address: str, practice: Practice) -> bool:
    """Tell whether an address is the practice's: the VA's, her people's, or the request address."""
    own = [practice.business.email, practice.mailbox.address, *(person.email for person in practice.business.people.values())]
    return bare(address) in {bare(each) for each in own}


def is_request_address(address: str, practice: Practice) -> bool:
    """Tell whether mail to an address comes to the mailbox that is read, with or without a plus-tag."""
    return bare(address) == bare(practice.mailbox.address)


def bare(address: str) -> str:
    """Give the normalised form of an address without its plus-tag."""
    return untagged(normalise_address(address))[0]


def recipients(mail: Mail) -> Iterator[Person]:
    """Give all whom a mail was addressed to."""
    yield from mail.to
    yield from mail.cc


@dataclass(frozen=True, slots=True)
class Tag:
    """What a plus-tag of the request address names: a client (`requests+acme@…`), or a task of it (`requests+acme-42@…`)."""

    client: str
    number: int | None = None


def tags_of(mail: Mail, practice: Practice) -> tuple[Tag, ...]:
    """Read the plus-tags of the request address in To and Cc: a client's key or code, with a task's number or without."""
    found: dict[Tag, None] = {}
    for person in recipients(mail):
        if is_request_address(person.email, practice) and (tag := _tag(untagged(normalise_address(person.email))[1], practice)):
            found[tag] = None
    return tuple(found)


def _tag(text: str, practice: Practice) -> Tag | None:
    # A client's key may itself end in a number, and comes first.
    if client := _client_named(text, practice):
        return Tag(client)
    name, _, number = text.rpartition("-")
    client = _client_named(name, practice)
    if client is None or not (number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER):
        return None
    return Tag(client, int(number))


def _client_named(name: str, practice: Practice) -> str | None:
    return next((key for key, client in practice.clients.items() if name in {key, client.code.lower()}), None)
