"""The original mail inside a forwarded one: who wrote it, when, and under what subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from recado.model.address import Person


@dataclass(frozen=True, slots=True)
class Forwarded:
    """What a forwarded mail says of the original.

    Nobody vouches for it: whoever forwards can write anything here. `date` is UTC; where the programs wrote no zone, it was read
    in the one of the mail that forwards, and can be an hour or a few off. None: not written, or not to be read.
    """

    sender: Person
    subject: str
    date: datetime | None
