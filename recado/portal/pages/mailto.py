"""Links that open a mail, already addressed and begun: the way a client answers, approves, corrects and asks."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from recado.model.ref import Ref

_LINE_END = re.compile(r"\r\n|\r|\n")


class Button(NamedTuple):
    """Something to do: its verb and where it leads. `subject` is the mail's, for those whose button opens no mail program."""

    label: str
    href: str
    subject: str = ""


def mailto(address: str, subject: str = "", body: str = "") -> str:
    """Make a `mailto:` link (RFC 6068): percent-encoded UTF-8, lines ended by CRLF."""
    fields = [("subject", " ".join(subject.split())), ("body", "\r\n".join(_LINE_END.split(body)))]
    query = "&".join(f"{name}={_quoted(value)}" for name, value in fields if value)
    return f"mailto:{_quoted(address, '@')}" + (f"?{query}" if query else "")


@lru_cache(maxsize=256)  # but for the ref it is the same on every page
def _quoted(value: str, safe: str = "") -> str:
    return quote(value, safe=safe)


def subject_of(ref: Ref, words: str) -> str:
    """Give a subject that finds its task by the ref in brackets: `[ACME-42] Answer`."""
    return f"[{ref}] {words}"
