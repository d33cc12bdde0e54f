"""A page of a portal (where it stands, what it is called, the model its parts are rendered from), and the shell of its kind.

The machinery (shells, filling, files) knows no more of either than this.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """One page, ready to be filled into the shell of its kind.

    `kind` names `shells/KIND.md.j2` and `parts/KIND.html.j2`. `url` is relative to the portal's root and ends in `.html`.
    `title` and `subject` are plain text, never HTML; `subject` is what a mail about this page has as its subject: the ref in
    brackets, or the title. `model` is the frozen dataclass of that kind, all of it already in the client's language and zone.
    """

    kind: str
    url: str
    title: str
    subject: str
    model: object

    @property
    def root(self) -> str:
        """Give the way from this page up to the portal's root: '' or '../'."""
        return "../" * self.url.count("/")


@dataclass(frozen=True, slots=True)
class Shell:
    """One kind of page, ready to be filled: between each piece and the next stands the slot of that place."""

    kind: str
    pieces: tuple[str, ...]
    slots: tuple[str, ...]
