"""Refs: `ACME-42`, the client's code and the task's number, by which people and mails name a task."""

from __future__ import annotations

import re
from typing import NamedTuple

_REF = re.compile(r"(?P<code>[A-Z][A-Z0-9]{1,7})-(?P<number>[1-9]\d{0,8})", re.ASCII | re.IGNORECASE)
_IN_BRACKETS = re.compile(
    rf"\[\s*({_REF.pattern})\s*\]".replace("?P<code>", "").replace("?P<number>", ""), re.ASCII | re.IGNORECASE
)


class Ref(NamedTuple):
    """A task's name. Numbers are given once for each client and never again."""

    code: str
    number: int

    def __str__(self) -> str:
        """Write it as people do: `ACME-42`."""
        return f"{self.code}-{self.number}"


def parse_ref(text: str) -> Ref:
    """Read `ACME-42`, in any case. Raises ValueError."""
    found = _REF.fullmatch(text.strip())
    if not found:
        raise ValueError("expected a ref such as ACME-42")
    return Ref(found["code"].upper(), int(found["number"]))


def refs_in_subject(subject: str) -> tuple[Ref, ...]:
    """Find the refs that stand in square brackets in a subject, in their order: `Re: [ACME-42] Posts`."""
    return tuple(parse_ref(found[1]) for found in _IN_BRACKETS.finditer(subject))
