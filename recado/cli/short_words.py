"""What a list says of a message in a word or two; `message_words` says the same in a sentence's worth."""

from __future__ import annotations

from recado.cli.message_words import flag_in_words, kind_in_words
from recado.model.message import Kind, Message, Verified
from recado.speech import pgettext


def to_know(message: Message) -> str:
    """Say what sets a message apart: nothing of one that is believed, and from a person, and as mail usually is."""
    said = [_doubt(message.verified)]
    if message.kind in {Kind.NOTE, Kind.COMMAND}:
        said.append(kind_in_words(message.kind))
    said += [flag_in_short(flag) for flag in message.flags]
    return ", ".join(dict.fromkeys(filter(None, said)))


def flag_in_short(flag: str) -> str:
    """Say a flag shortly. One without a short word is said at length."""
    return {
        "after-cancelled": pgettext("short", "to a cancelled task"),
        "bad-date": pgettext("short", "odd date"),
        "bare-cr": pgettext("short", "odd line ends"),
        "broken-structure": pgettext("short", "mended"),
        "deceptive-name": pgettext("short", "deceptive name"),
        "forwarded": pgettext("short", "passed on"),
        "long-text": pgettext("short", "text in a file"),
        "new-subject": pgettext("short", "new subject"),
        "no-date": pgettext("short", "no date"),
        "no-message-id": pgettext("short", "no Message-ID"),
        "not-reopened": pgettext("short", "task stayed closed"),
        "old-thread": pgettext("short", "old thread"),
        "other-client's-ref": pgettext("short", "another client's ref"),
        "other-client-copied": pgettext("short", "another client in copy"),
        "parser-failed": pgettext("short", "mended"),
        "program-left-out": pgettext("short", "program left out"),
        "repeated-header": pgettext("short", "header twice"),
        "reused-message-id": pgettext("short", "Message-ID twice"),
        "secret-masked": pgettext("short", "password or card number"),
        "stray-line": pgettext("short", "stray header line"),
        "third-party": pgettext("short", "not of this client"),
    }.get(flag) or flag_in_words(flag)


def _doubt(verified: Verified) -> str:
    return {
        Verified.FAIL: pgettext("short", "withheld"),
        Verified.NONE: pgettext("short", "sender unchecked"),
        Verified.REJECTED: pgettext("short", "rejected"),
    }.get(verified, "")
