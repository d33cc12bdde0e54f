"""Links from one page of a portal to another, by their titles."""

from __future__ import annotations

from typing import NamedTuple


class PageLink(NamedTuple):
    """A page of the same portal. `url` is from the portal's root."""

    url: str
    title: str
