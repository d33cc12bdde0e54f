"""A page of a portal (where it stands, what it is called, the model its parts are rendered from), and the shell of its kind.

The machinery (shells, filling, files) knows no more of either than this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


class Later(NamedTuple):
    """A model that is made once it is asked for: of a page that stays as it is, it never is."""

    make: Callable[[], object]


class Page(NamedTuple):
    """One page, ready to be filled into the shell of its kind.

    `kind` names `shells/KIND.md.j2` and `parts/KIND.html.j2`. `url` is relative to the portal's root and ends in `.html`.
    `title` and `subject` are plain text, never HTML; `subject` is what a mail about this page has as its subject: the ref in
    brackets, or the title. `given` is the model, or what makes it. `updated` tells what its foot says of when it was last
    changed.

    `inputs` is the digest of all that the model is made from, but for the client's record and what day it is. Where it is '',
    the model is made in any case, and looked at itself. `entry` makes the page's entry for the search; None: it has none.
    """

    kind: str
    url: str
    title: str
    subject: str
    given: object
    inputs: str = ""
    updated: Callable[[], datetime | None] | None = None
    entry: Callable[[], str] | None = None

    @property
    def model(self) -> object:
        """Make the named tuple of the page's kind, all of it already in the client's language and zone. Ask once."""
        return self.given.make() if isinstance(self.given, Later) else self.given

    @property
    def root(self) -> str:
        """Give the way from this page up to the portal's root: '' or '../'."""
        return "../" * self.url.count("/")


class Shell(NamedTuple):
    """One kind of page, ready to be filled: between each piece and the next stands the slot of that place."""

    kind: str
    pieces: tuple[str, ...]
    slots: tuple[str, ...]
