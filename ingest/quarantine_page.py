"""The page beside a quarantined mail: what it is, why no one could file it, and what the VA can do, in her language. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.mail import Mail
from ingest.routing import Reason
from recado.model.address import Person
from recado.model.instant import format_instant
from recado.speech import _ as terminal
from recado.speech import catalogue
from recado.store.front_matter import write_front_matter

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.mail import Unreadable
    from ingest.routing import Quarantine
    from recado.model.message import Verified
    from recado.speech import Catalogue


def reason_in_words(reason: Reason, words: Catalogue) -> tuple[str, str]:
    """Say why a mail was not filed, and what can be done."""
    _ = words.gettext
    return {
        Reason.UNREADABLE: (
            _("The mail is broken or too large, and could not be read safely."),
            _("Ask the sender to send it again, with fewer or smaller files."),
        ),
        Reason.NO_SENDER: (
            _("It does not say clearly who sent it: it names several senders, none, or something that is not an address."),
            _("Mail programs do not write such mail. If you expected it, ask the sender to send it again."),
        ),
        Reason.UNKNOWN_SENDER: (
            _("Nobody in clients.yml writes from this address."),
            _("If it is a client, add the address to their `contacts` or `senders` and ask them to send it again."),
        ),
        Reason.TWO_CLIENTS: (
            _("This person writes for more than one of your clients, and nothing in the mail says for which."),
            _("Ask them to answer in a thread, or to write to the request address with the client's key: requests+acme@…"),
        ),
        Reason.AUTOMATIC: (
            _("It is an automatic answer (an out-of-office, a receipt, a bounce) that belongs to no thread."),
            _("There is usually nothing to do."),
        ),
        Reason.EXECUTABLE: (
            _("It carries a file that could run as a program on your computer."),
            _("Do not open the file. Ask the sender, by another way, whether they sent it."),
        ),
        Reason.OWN_ADDRESS: (
            _("It comes from an address of your own practice, and answers no thread that can be found."),
            _("If you wrote it, answer in the client's thread instead, or make the task with `recado task new`."),
        ),
    }[reason]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A mail that goes to the quarantine, and all that is known of it; `received` is UTC."""

    decision: Quarantine
    mail: Mail | Unreadable
    message_id: str
    digest: str
    received: datetime
    verified: Verified


def quarantine_page(quarantined: Quarantined, language: str) -> str:
    """Write the page. What the mail says of itself stands in the front matter, as data, written by a YAML writer."""
    decision, mail = quarantined.decision, quarantined.mail
    why, what_to_do = reason_in_words(decision.reason, catalogue(language))
    sender = subject = ""
    if isinstance(mail, Mail):
        sender = str(mail.from_) if isinstance(mail.from_, Person) else mail.from_.shown
        subject = mail.subject
    values = {
        "reason": decision.reason.value,
        "detail": decision.detail,
        "from": sender,
        "subject": subject,
        "received": format_instant(quarantined.received),
        "verified": quarantined.verified.value,
        "message_id": quarantined.message_id,
        "digest": quarantined.digest,
    }
    return write_front_matter(values, f"{why}\n\n{what_to_do}\n")


def short_reason(reason: str) -> str:
    """Say a reason in a few words, for a list on the terminal. One that is not known is given as it stands."""
    words: dict[str, str] = {
        Reason.UNREADABLE: terminal("broken or too large"),
        Reason.NO_SENDER: terminal("no clear sender"),
        Reason.UNKNOWN_SENDER: terminal("unknown sender"),
        Reason.TWO_CLIENTS: terminal("could be for two clients"),
        Reason.AUTOMATIC: terminal("automatic answer"),
        Reason.EXECUTABLE: terminal("carries a program"),
        Reason.OWN_ADDRESS: terminal("from your own address"),
    }
    return words.get(reason, reason)
