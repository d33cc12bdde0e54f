"""How a portal stands in a place: as it was built, or encrypted."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path


class Form(Protocol):
    """How one portal's files stand in a place."""

    @property
    def folder(self) -> str:
        """The name of the portal's folder in the place."""

    @property
    def identity(self) -> str:
        """A digest of all that this form depends on: where it is another, every file is written anew."""

    def name(self, path: str) -> str:
        """Give the path, below the folder, under which a file of the portal stands; `path` is its own."""

    def put(self, source: Path, path: str, target: Path) -> None:
        """Put the file `source`, whose path in the portal is `path`, at `target`, where nothing stands. Raises OSError."""

    def besides(self, paths: Collection[str]) -> Mapping[str, bytes]:
        """Give what else stands in the folder, by its path below it. `paths` are all that the portal has."""


class Plain(NamedTuple):
    """As it was built."""

    folder: str
    identity: str = "plain"

    def name(self, path: str) -> str:
        """Give the file's own path."""
        return path

    def put(self, source: Path, path: str, target: Path) -> None:
        """Link the file there; copy it where the file system cannot."""
        del path
        try:
            os.link(source, target)
        except OSError:
            shutil.copy2(source, target)

    def besides(self, paths: Collection[str]) -> Mapping[str, bytes]:
        """Give nothing."""
        del paths
        return {}
