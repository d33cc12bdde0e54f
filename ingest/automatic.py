"""Is a mail written by a machine? RFC 3834's marks and those that programs add: no machine is answered, and none asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.words import decode_value, parameters
from recado.model.address import Person

if TYPE_CHECKING:
    from ingest.headers import Headers
    from ingest.sender import SenderProblem

_BULK: Final = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})
_AUTORESPONDERS: Final = (
    "x-autoreply",
    "x-autorespond",
    "x-autoreply-from",
    "x-auto-reply-from",
    "x-vacation",
    "x-mail-autoreply",
)
_POSTMASTERS: Final = frozenset({"mailer-daemon", "postmaster"})
_REPORTS: Final = frozenset({"multipart/report", "message/delivery-status", "message/disposition-notification"})


def automatic_reason(headers: Headers, sender: Person | SenderProblem) -> str:
    """Say which mark shows that no person wrote this for us (`auto-submitted`, `null-return-path`…), or ''.

    RFC 3834 §2 and §5 (Auto-Submitted, null Return-Path, Precedence, List-*), RFC 3462 (reports), and Microsoft's
    X-Auto-Response-Suppress. A `Precedence` other than the known ones, and `Auto-Submitted: no`, say nothing.
    """
    submitted, _ = parameters(headers.first("auto-submitted"))
    precedence = decode_value(headers.first("precedence")).lower()
    suppressed = decode_value(headers.first("x-auto-response-suppress")).lower()
    kind, _ = parameters(headers.first("content-type"))
    local = sender.email.partition("@")[0].lower() if isinstance(sender, Person) else ""
    marks = (
        ("auto-submitted", bool(submitted) and submitted.split()[0] != "no"),
        ("report", kind in _REPORTS),
        ("null-return-path", any(value.replace(b" ", b"") == b"<>" for value in headers.all("return-path"))),
        ("precedence", precedence in _BULK),
        ("list", bool(headers.all("list-id"))),
        ("auto-response-suppress", bool(suppressed) and suppressed != "none"),
        ("autoresponder", any(_says_yes(headers.first(name)) for name in _AUTORESPONDERS)),
        ("postmaster", local in _POSTMASTERS),
    )
    return next((reason for reason, applies in marks if applies), "")


def _says_yes(value: bytes) -> bool:
    return bool(value) and value.strip().lower() not in {b"no", b"false", b"0"}
