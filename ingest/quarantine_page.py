"""The page beside a quarantined mail: what it is, why no one could file it, and what the VA can do, in her language. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.decision import Reason
from ingest.found_words import answered_ref
from ingest.mail import Mail
from recado.model.address import Person
from recado.model.instant import format_instant
from recado.speech import _ as terminal
from recado.speech import catalogue
from recado.store.front_matter import write_front_matter

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.decision import Quarantine
    from ingest.mail import Unreadable
    from recado.model.message import Verified
    from recado.speech import Catalogue


def reason_in_words(reason: Reason, words: Catalogue, detail: str = "") -> tuple[str, str]:
    """Say why a mail was not filed, and what can be done. `detail` is the quarantine's: it may begin with a code."""
    _ = words.gettext
    if reason is Reason.UNREADABLE:
        return _unreadable(_code_in(detail), words)
    if reason is Reason.NO_SENDER:
        return _no_sender(_code_in(detail), words), _(
            "Mail programs do not write such mail. If you know whose it is, accept it for them."
        )
    if ref := answered_ref(reason, detail):
        # Remembered, they could write for the client anywhere: in the thread they can only answer.
        return _strangers_answer(reason, ref, words)
    return {
        Reason.UNKNOWN_SENDER: (
            _("Nobody in clients.yml writes from this address."),
            _("If it is a client's, accept it for them; with --remember their next mails are filed by themselves."),
        ),
        Reason.TWO_CLIENTS: (
            _("This person writes for more than one of your clients, and nothing in the mail says for which."),
            _("Accept it for the right one. In a thread, or to requests+acme@… (the client's key), it is known by itself."),
        ),
        Reason.AUTOMATIC: (
            _("It is an automatic answer (an out-of-office, a receipt, a bounce) that belongs to no thread."),
            _("There is usually nothing to do: reject it, or leave it."),
        ),
        Reason.EXECUTABLE: (
            _("It carries a file that could run as a program on your computer."),
            _(
                "Do not open the file. Ask the sender, by another way, whether they sent it. If you accept the mail, that file "
                "is left out."
            ),
        ),
        Reason.OWN_ADDRESS: (
            _("It comes from an address of your own practice, belongs to no thread, and goes to none of your clients."),
            _("If you wrote it for a client, accept it for them; or make the task with `recado task new`."),
        ),
        Reason.OWN_UNVERIFIED: (
            _(
                "It comes in your practice's own name, and your mail server does not vouch for that: anyone could have written "
                "it."
            ),
            _(
                "If you wrote it, accept it; `recado doctor` says whose word is trusted. If you did not, someone uses your "
                "name: reject it."
            ),
        ),
        Reason.OWN_SEVERAL: (
            _("You wrote it to people of several clients, and no one could say on whose portal it may stand."),
            _("Accept it for one of them, if no other client may mind; else leave it, or reject it."),
        ),
        Reason.OWN_ELSEWHERE: (
            _("You answered in a client's thread, but the mail goes to nobody of that client."),
            _("If the client may read it, accept it into the task; else leave it, or reject it."),
        ),
        Reason.FORWARD_UNKNOWN: (
            _("You passed on a mail whose writer cannot be read, or is no client's."),
            _("Accept it for the client it is about; with --remember its writer is known from then on."),
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
    words = catalogue(language)
    why, what_to_do = reason_in_words(decision.reason, words, decision.detail)
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
    how = words.gettext(
        "`recado quarantine show ID` shows it with the commands that fit; ID is the last 8 digits of this file's name."
    )
    return write_front_matter(values, f"{why}\n\n{what_to_do}\n\n{how}\n")


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
        Reason.OWN_UNVERIFIED: terminal("in your name, unproven"),
        Reason.OWN_SEVERAL: terminal("yours, to several clients"),
        Reason.OWN_ELSEWHERE: terminal("yours, not to the client"),
        Reason.FORWARD_UNKNOWN: terminal("passed on, writer unknown"),
    }
    return words.get(reason, reason)


def _strangers_answer(reason: Reason, ref: str, words: Catalogue) -> tuple[str, str]:
    _ = words.gettext
    why = (
        _("You passed on a mail whose writer is no client's; it answers {ref}.")
        if reason is Reason.FORWARD_UNKNOWN
        else _("Nobody in clients.yml writes from this address, and the mail answers {ref}.")
    )
    what = _("If it belongs there, accept it with --task: it stays in that thread, and they cannot write for the client.")
    return why.format(ref=ref), what


def _code_in(detail: str) -> str:
    return detail.partition(":")[0].strip()


def _unreadable(code: str, words: Catalogue) -> tuple[str, str]:
    """Say what kept a mail from being read, by the code of `ingest.mail.Unreadable`."""
    _ = words.gettext
    too_much = _("It holds more than any letter does, as mail made to stop a program would.")
    whys = {
        "too-large": _("The mail is larger than `mailbox.max_message` in clients.yml allows: only its header was fetched."),
        "header-too-large": _("Its header is longer than that of any letter."),
        "too-deep": _("Parts stand in parts in parts, deeper than any mail program writes."),
        "too-many-parts": too_much,
        "too-many-fields": too_much,
        "too-many-addresses": _("It is addressed to more people than can be looked at safely."),
        "too-many-comments": too_much,
        "too-many-parameters": too_much,
        "no-header": _("It has no header: there is nothing that says who sent what to whom."),
        "too-slow": _("Reading it took too long, and was given up."),
        "too-much-memory": _("Reading it took too much memory, and was given up."),
    }
    again = _("Ask the sender to send it again, with fewer or smaller files.")
    large = _(
        "The whole mail is in the mailbox, in the folder `mailbox.quarantine`. Ask the sender for smaller files or a link, or "
        "raise `max_message` and move the mail back to the inbox."
    )
    return (
        whys.get(code, _("The mail is broken, and could not be read safely.")),
        large if code == "too-large" else again,
    )


def _no_sender(code: str, words: Catalogue) -> str:
    _ = words.gettext
    return {
        "no-from": _("It does not say who sent it."),
        "several-from-headers": _(
            "It says twice who sent it: whom a mail program shows you need not be whom another one believes."
        ),
        "several-addresses": _("It names several senders, and one mail has one."),
        "unreadable-address": _("What it gives as its sender is no address."),
    }.get(code, _("It does not say clearly who sent it: it names several senders, none, or something that is not an address."))
