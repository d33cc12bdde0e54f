"""A mail as the mailbox gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail's bytes, and its INTERNALDATE in UTC.

    `is_cut`: it is too large, and only its header was fetched. `is_sent`: it was found in the VA's Sent folder.
    """

    raw: bytes
    received: datetime
    is_cut: bool = False
    is_sent: bool = False
