"""What can be done about a quarantined mail, as commands that are ready to be typed. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.found_words import answered_ref
from ingest.mail import Mail
from ingest.whose import clients_of, is_own
from recado.model.address import Person
from recado.model.ref import parse_ref, refs_in_subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.mail import Unreadable
    from recado.model.practice import Practice
    from recado.store.quarantine import QuarantinedMail

_REF = re.compile(r"\b[A-Z][A-Z0-9]{1,7}-[1-9]\d{0,8}\b", re.ASCII)


def ready_commands(quarantined: QuarantinedMail, mail: Mail | Unreadable, practice: Practice) -> tuple[str, ...]:
    """Give the commands that fit, the likeliest first. `KEY` stands where nothing says which client it is."""
    accept = f"recado quarantine accept {quarantined.id}"
    found = [f"{accept} --task {ref}" for ref in _refs(quarantined, mail, practice)]
    person = _writer(mail, practice)
    clients = clients_of(person.email, practice) if person else ()
    found += [f"{accept} --client {key}" for key in clients]
    if not clients:
        key = next(iter(practice.clients)) if len(practice.clients) == 1 else "KEY"
        found += [f"{accept} --client {key}"]
        # Who only answers in a thread may be its third party: remembered, they could write for the client everywhere.
        may_remember = person is not None and not is_own(person.email, practice)
        if may_remember and not answered_ref(quarantined.reason, quarantined.detail):
            found += [f"{accept} --client {key} --remember"]
    return (*dict.fromkeys(found), f"recado quarantine reject {quarantined.id}")


def sender_of(mail: Mail | Unreadable, practice: Practice) -> Person | None:
    """Give who is to be remembered for a mail: its one sender, or the writer of what the VA passed on. None: no one can say."""
    person = _writer(mail, practice)
    return None if person is None or is_own(person.email, practice) else person


def _writer(mail: Mail | Unreadable, practice: Practice) -> Person | None:
    if not isinstance(mail, Mail) or not isinstance(mail.from_, Person):
        return None
    if mail.forwarded is not None and is_own(mail.from_.email, practice):
        return mail.forwarded.sender
    return mail.from_


def _refs(quarantined: QuarantinedMail, mail: Mail | Unreadable, practice: Practice) -> Iterator[str]:
    """Give the refs of clients' tasks that the reason or the subject names."""
    named = [parse_ref(found) for found in _REF.findall(quarantined.detail)]
    named += refs_in_subject(mail.subject if isinstance(mail, Mail) else quarantined.subject)
    yield from (str(ref) for ref in named if practice.key_of_code(ref.code))
