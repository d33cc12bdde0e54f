"""What filed mail is called: every name is given by the mail's digest, so that the same mail filed again finds its own files.

Where the digest's first digits are another mail's, the next ones are taken: nobody's file is ever replaced by another's.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from recado.model.kept_picture import pointing
from recado.model.message import Verified
from recado.store.front_matter import front_of
from recado.store.messages import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from recado.model.message import Message

_LONGEST_SLUG = 48
_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Attached:
    """A file to keep with a message: a safe name, without the message's digits, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Named:
    """A message under its name, and its files under theirs."""

    message: Message
    files: tuple[tuple[str, bytes], ...]


def slug_of(title: str) -> str:
    """Make the part of a file name that says what a task is about: small ASCII letters, digits, hyphens; `request` for none."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(words) > _LONGEST_SLUG:
        words = words[: _LONGEST_SLUG + 1].rpartition("-")[0] or words[:_LONGEST_SLUG]
    return words or "request"


def names_for(message: Message, files: Sequence[Attached]) -> Iterator[Named]:
    """Name a message and its files by 8 digits of its digest: the first, then the next ones, for where those are taken."""
    names = [file.name for file in files]
    for digits in digits_of(message.digest):
        kept = tuple((f"{digits}-{file.name}", file.content) for file in files)
        name = name_of(message.received, digits)
        attachments = tuple(file for file, _content in kept)
        text, quoted = (pointing(words, digits, names) for words in (message.text, message.quoted))
        yield Named(replace(message, name=name, attachments=attachments, text=text, quoted=quoted), kept)


def digits_of(digest: str) -> Iterator[str]:
    """Give the digits of a digest eight by eight, beginning at each place in turn.

    Those with a letter come first: a file of the VA's own often begins with a date or an order number, and is a delivery then.
    """
    digits = digest.removeprefix("sha256:")
    eights = [digits[start : start + _DIGITS] for start in range(len(digits) - _DIGITS + 1)]
    return chain((each for each in eights if not each.isdecimal()), (each for each in eights if each.isdecimal()))


def is_taken(named: Named, folder: Path, there: Sequence[Path]) -> bool:
    """Tell whether a name, or one of its files', is another's in a thread's folder; `there` are its message files.

    Files are told apart by their mail's digits, whenever that came. One that is withheld is not the one that is vouched for.
    """
    for file in there:
        if file.stem[-_DIGITS:] == named.message.id:
            front = front_of(file)
            is_withheld = front.get("verified", "") in {Verified.FAIL.value, Verified.REJECTED.value}
            if front.get("digest", "") != named.message.digest or (is_withheld and not named.message.is_withheld):
                return True
    return not all(is_free_for(folder / "files" / name, content) for name, content in named.files)


def is_free_for(path: Path, content: bytes) -> bool:
    """Tell whether a place is empty, or holds these very bytes already: what a run left that died before its end."""
    try:
        return path.read_bytes() == content
    except FileNotFoundError:
        return True
