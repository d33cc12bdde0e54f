"""Is a mail written by a machine? RFC 3834's marks, and those that programs add.

What a machine wrote (an out-of-office, a bounce, a newsletter) asks for nothing. What a person wrote through a mailing list,
or from behind an Exchange that suppresses out-of-offices, asks like any mail. That no program should answer it is another
question, for what sends answers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.words import decode_value, parameters
from recado.model.address import Person

if TYPE_CHECKING:
    from ingest.headers import Headers
    from ingest.mail import SenderProblem

# The one mark that a person can write by hand, `Out of office: please set it up`: given where there is no other.
OUT_OF_OFFICE: Final = "out-of-office"
_BULK: Final = frozenset({"bulk", "junk", "auto_reply", "auto-reply"})
_AUTORESPONDERS: Final = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponse",
    "x-autoreply-from",
    "x-auto-reply-from",
    "x-vacation",
    "x-mail-autoreply",
)
_POSTMASTERS: Final = frozenset({"mailer-daemon", "postmaster"})
_REPORTS: Final = frozenset({"multipart/report", "message/delivery-status", "message/disposition-notification"})
# How Outlook and Exchange begin the subject of an out-of-office; some servers send it with no other mark. A person's answer to
# one begins with its own prefix.
_BEGINS_OUT_OF_OFFICE: Final = re.compile(
    r"\s*(?:automatic reply|out of office(?: autoreply)?|auto(?:matic)?[ -]?response|autoreply|respuesta autom[aá]tica|"
    r"fuera de (?:la )?oficina|resposta autom[aá]tica|r[eé]ponse automatique|absence du bureau|automatische antwort|"
    r"abwesenheitsnotiz|risposta automatica|fuori sede|automatisch antwoord|afwezigheidsbericht)\s*[:\uff1a]",
    re.IGNORECASE,
)
_LIST_FIELDS: Final = ("list-id", "list-post", "list-unsubscribe")


def automatic_reason(headers: Headers, sender: Person | SenderProblem) -> str:
    """Say which mark shows that no person wrote this for us (`auto-submitted`, `null-return-path`…), or ''.

    RFC 3834 §5 (Auto-Submitted; `no` says nothing), RFC 5321 §4.5.5 (null Return-Path), RFC 3462 (reports), Precedence as
    autoresponders and newsletters write it. A list that members write to (List-Post, RFC 2369 §3.4) hands on what a person
    wrote, and its `Precedence: list` says no more; one that only sends (List-Unsubscribe or List-Id alone) is a newsletter, if
    it answers nothing: some programs of salespeople put an unsubscribe link on every mail of theirs.
    Microsoft's X-Auto-Response-Suppress forbids answers and tells nothing of the writer: Exchange puts it on people's mail too.
    """
    submitted, _ = parameters(headers.first("auto-submitted"))
    precedence = decode_value(headers.first("precedence")).strip().lower()
    kind, _ = parameters(headers.first("content-type"))
    local = sender.email.partition("@")[0].lower() if isinstance(sender, Person) else ""
    is_list, is_discussion = _is_list(headers), _is_discussion(headers)
    marks = (
        ("auto-submitted", bool(submitted) and submitted.split()[0] != "no"),
        ("report", kind in _REPORTS),
        ("null-return-path", any(value.replace(b" ", b"") == b"<>" for value in headers.all("return-path"))),
        ("precedence", precedence in _BULK and not is_discussion),
        ("list", is_list and not is_discussion and not headers.all("in-reply-to")),
        ("autoresponder", any(_says_yes(headers.first(name)) for name in _AUTORESPONDERS)),
        ("failed-recipients", bool(headers.all("x-failed-recipients"))),
        ("postmaster", local in _POSTMASTERS),
        (OUT_OF_OFFICE, bool(_BEGINS_OUT_OF_OFFICE.match(decode_value(headers.first("subject"))))),
    )
    return next((reason for reason, applies in marks if applies), "")


def _is_list(headers: Headers) -> bool:
    return any(headers.all(name) for name in _LIST_FIELDS)


def _is_discussion(headers: Headers) -> bool:
    """Tell whether a mail came through a list that its members write to."""
    address = decode_value(headers.first("list-post")).strip().lower()
    return bool(address) and address != "no" and not address.startswith("no ")


def _says_yes(value: bytes) -> bool:
    return bool(value) and value.strip().lower() not in {b"no", b"false", b"0"}
