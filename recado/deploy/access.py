"""What stands in front of the portals in a place: encryption, or a web server that asks for a password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from recado.deploy.form import Form


class Access(Protocol):
    """What stands in front of the portals in one place."""

    def form(self, key: str) -> Form | None:
        """Give the form in which a client's portal stands there; None where it has no key, and none may be made.

        Raises WorkError where its key cannot be had.
        """

    def has_key(self, key: str) -> bool:
        """Tell whether a client has a key; none is made. Raises WorkError where it cannot be had."""

    def root(self) -> Mapping[str, bytes]:
        """Give the files that visitors see beside the portals."""

    def beside(self, keys: Collection[str]) -> Mapping[str, bytes]:
        """Give what stands beside the release of these portals. Raises WorkError where a server would not take it."""

    def notes(self) -> tuple[str, ...]:
        """Give what the VA should know, as sentences: that a key was made, that a check was left out."""
