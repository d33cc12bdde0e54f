"""What a place should hold, and what became of it there: the small interface behind which every kind of place stands.

A tree is staged first (`staging`): one folder a portal, as visitors will see it, in a folder that no build touches. A kind of
place knows nothing of clients, keys or builds; it makes what visitors see there become the tree, whole and at one stroke.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from recado.errors import WorkError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

# The folder in which what stands beside goes, next to what visitors see; nothing else is in it.
BESIDE: Final = "server"


class AwayError(WorkError):
    """The place did not answer, or broke off: what was there still stands, and another try may go better."""


@dataclass(frozen=True, slots=True)
class Tree:
    """What a place should hold.

    `root` is a folder with all that visitors may see, and nothing else: a folder a portal, perhaps files beside them. `version`
    is a digest of its names and contents. `beside` are files that stand next to what visitors see, and are never served (a
    server's configuration), by their path from the place's own folder, all below `BESIDE`. `scratch` is a folder in which this
    place may keep what it likes; it may vanish between two runs. `is_last`: no older release may be kept, for a key was rotated
    or a client withdrawn.
    """

    root: Path
    version: str
    scratch: Path
    beside: Mapping[str, bytes] = field(default_factory=dict)
    is_last: bool = False


class Sent(NamedTuple):
    """What was sent to a place, or would be: paths from the tree's root. `altered` were changed there by another hand.

    `beside` are those files that stand next to what visitors see and are other than before.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    size: int = 0  # bytes of the files that were added or changed
    beside: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Tell whether the place already held all of it."""
        return not (self.added or self.changed or self.removed)


class Opened(Protocol):
    """A place, ready to be published to."""

    def publish(self, tree: Tree) -> Sent:
        """Make visitors see the tree, whole: until that they see what was there. Raises WorkError, AwayError, OSError."""

    def compare(self, tree: Tree) -> Sent:
        """Tell what `publish` would do, and do nothing. Raises the same."""


class Publisher(Protocol):
    """One place of one kind."""

    def opened(self) -> AbstractContextManager[Opened]:
        """Give the place, ready; where that takes a while, it goes on while the tree is made ready here."""

    def roll_back(self) -> str:
        """Show the release before this one again; gives its name. Raises WorkError where the place keeps none."""
