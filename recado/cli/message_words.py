"""What a message's kind, its sender's standing and its flags mean, said to the VA in a few words."""

from __future__ import annotations

from recado.model.message import Kind, Verified
from recado.speech import _, pgettext


def kind_in_words(kind: Kind) -> str:
    """Say what a message is in its thread."""
    return {
        Kind.REQUEST: _("request"),
        Kind.REPLY: _("answer"),
        Kind.COMMAND: _("command"),
        Kind.OUTGOING: _("from you"),
        Kind.NOTE: _("automatic answer"),
    }[kind]


def verified_in_words(verified: Verified) -> str:
    """Say how far the sender of a message is believed."""
    return {
        Verified.PASS: pgettext("sender", "believed"),
        Verified.FAIL: pgettext("sender", "withheld: the check failed"),
        Verified.NONE: pgettext("sender", "nobody vouches"),
        Verified.ACCEPTED: pgettext("sender", "accepted by you"),
        Verified.REJECTED: pgettext("sender", "rejected by you"),
    }[verified]


def flag_in_words(flag: str) -> str:
    """Say what a flag means. One that is not known is given as it stands."""
    return {
        "after-cancelled": _("answers a cancelled task"),
        "bad-date": _("its date cannot be read"),
        "bare-cr": _("its lines end as no mail program ends them"),
        "broken-structure": _("broken, and mended as well as it could be"),
        "deceptive-name": _("the sender's name looked like another address"),
        "forwarded": _("passes on what someone else wrote"),
        "long-text": _("the whole text is in a file"),
        "new-subject": _("a new subject in an old thread"),
        "no-date": _("without a date"),
        "no-message-id": _("without a Message-ID"),
        "not-reopened": _("the task stays closed: its file or its history could not be read or changed"),
        "old-thread": _("answers what was done long ago"),
        "other-client's-ref": _("names another client's task"),
        "other-client-copied": _("went to another client's people too"),
        "parser-failed": _("broken, and read as well as it could be"),
        "program-left-out": _("a file that could run was left out"),
        "repeated-header": _("a header that may stand once stands twice"),
        "reused-message-id": _("another mail came under the same Message-ID"),
        "secret-masked": _("holds a password or card number: the portal hides it; ask them to change it"),
        "stray-line": _("a line of its header belongs to no field"),
        "third-party": _("from someone who is not of this client"),
    }.get(flag, flag)
