"""The page for an address where there is nothing."""

from __future__ import annotations

from typing import NamedTuple


class Missing(NamedTuple):
    """What the page says: its words are all in its shell."""
