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


class Directory:
    """Who may write for whom, made of a practice once and asked for any number of addresses."""

    __slots__ = ("_by_address", "_by_domain", "_own")

    def __init__(self, practice: Practice) -> None:
        self._by_address: dict[str, tuple[str, ...]] = {}
        self._by_domain: dict[str, tuple[str, ...]] = {}
        for key, client in practice.clients.items():
            for contact in client.contacts:
                _add(self._by_address, normalise_address(contact.email), key)
            for sender in client.senders:
                if (domain := domain_in(sender)) is None:
                    _add(self._by_address, normalise_address(sender), key)
                else:
                    _add(self._by_domain, domain, key)
        people = (person.email for person in practice.business.people.values())
        self._own = frozenset(bare(each) for each in (practice.business.email, practice.mailbox.address, *people))

    def clients_of(self, address: str) -> tuple[str, ...]:
        """List the clients an address may write for: those who name it, whatever its tag, else those whose domain it is."""
        wanted = normalise_address(address)
        found = dict.fromkeys((*self._by_address.get(wanted, ()), *self._by_address.get(untagged(wanted)[0], ())))
        return tuple(found) or self._by_domain.get(domain_of(address), ())

    def is_own(self, address: str) -> bool:
        """Tell whether an address is the practice's: the VA's, her people's, or the request address."""
        return bare(address) in self._own


def directory_of(practice: Practice) -> Directory:
    """Give the directory of a practice: the one made last, where it is asked for the same practice again."""
    if not _last or _last[0][0] is not practice:
        _last[:] = [(practice, Directory(practice))]
    return _last[0][1]


_last: list[tuple[Practice, Directory]] = []


def clients_of(address: str, practice: Practice) -> tuple[str, ...]:
    """List the clients an address may write for (`Directory`)."""
    return directory_of(practice).clients_of(address)


def is_own(address: str, practice: Practice) -> bool:
    """Tell whether an address is the practice's (`Directory`)."""
    return directory_of(practice).is_own(address)


def is_request_address(address: str, practice: Practice) -> bool:
    """Tell whether mail to an address comes to the mailbox that is read, with or without a plus-tag."""
    return bare(address) == bare(practice.mailbox.address)


def bare(address: str) -> str:
    """Give the normalised form of an address without its plus-tag."""
    return untagged(normalise_address(address))[0]


def names_around(person: Person, practice: Practice) -> Iterator[str]:
    """Give the names that a mail of a person may be signed with, and the practice greeted by."""
    yield person.name
    yield person.email.partition("@")[0]
    for client in practice.clients.values():
        if contact := client.contact_at(person.email):
            yield contact.name
    yield practice.business.owner
    yield from (colleague.name for colleague in practice.business.people.values())


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
    if not text:  # nearly every mail goes to the address without one
        return None
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


def _add(index: dict[str, tuple[str, ...]], name: str, key: str) -> None:
    known = index.get(name, ())
    if key not in known:
        index[name] = (*known, key)
